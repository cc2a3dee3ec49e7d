/*
 * Numbers for people: a letter, the year in WIB (UTC+7), and a counter that begins anew each year.
 */
#include "agents/ledger/store.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define WIB_OFFSET_MS (7 * HOUR_MS)

static unsigned year_in_wib (int64_t at_ms)
{
	time_t at = (time_t)((at_ms + WIB_OFFSET_MS) / SECOND_MS);
	struct tm tm = { 0 };

	gmtime_r (&at, &tm);
	return (unsigned)tm.tm_year + 1900;
}

struct number number_next (tx_t *tx, char letter, int64_t at_ms)
{
	struct number number = { .letter = letter, .year = year_in_wib (at_ms) };
	char text[2] = { letter, '\0' };

	number.serial = (unsigned)NUMBER (
		tx_sql (tx), 0,
		"INSERT INTO counter (letter, year, last) VALUES (?1, ?2, 1)"
		" ON CONFLICT (letter, year) DO UPDATE SET last = last + 1 RETURNING last",
		TEXT (text), INT (number.year));
	return number;
}

void number_text (const struct number *number, char text[24])
{
	snprintf (text, 24, "%c-%u-%04u", number->letter, number->year, number->serial);
}

/* Digits only, at most nine of them. */
static bool take_digits (const char **at, unsigned *ret)
{
	size_t len = strspn (*at, "0123456789");

	if (len == 0 || len > 9)
		return false;
	*ret = (unsigned)strtoul (*at, NULL, 10);
	*at += len;
	return true;
}

err_t number_parse (const char *words, struct number *ret_number)
{
	struct number number = { 0 };

	if (isalpha ((unsigned char)words[0]) && words[1] == '-') {
		number.letter = (char)toupper ((unsigned char)words[0]);
		words += 2;
	}
	if (!take_digits (&words, &number.serial))
		return ERR_MALFORMED;
	if (*words == '-') {
		words++;
		number.year = number.serial;
		if (!take_digits (&words, &number.serial))
			return ERR_MALFORMED;
	}
	if (*words != '\0')
		return ERR_MALFORMED;
	*ret_number = number;
	return ERR_OK;
}
