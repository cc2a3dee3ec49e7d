/* Short codes; see code.h. */
#include "agents/ledger/code.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "agents/ledger/store.h"

#define SIGNS 8
#define HALF (SIGNS / 2)

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* ---- the check ---------------------------------------------------------------------------------- */

/* Times x in GF(32), modulo x^5 + x^2 + 1. */
static uint8_t times_x (uint8_t a)
{
	return (uint8_t)(a & 16 ? ((a << 1) ^ 0x25) & 31 : a << 1);
}

/* The sum of c[i] * x^(7-i) over the first seven, so that each place weighs differently. */
static uint8_t check_of (const uint8_t signs[SIGNS])
{
	uint8_t sum = 0;

	for (int i = 0; i < SIGNS - 1; i++)
		sum = times_x (sum ^ signs[i]);
	return sum;
}

static void write_code (const uint8_t signs[SIGNS], char code[CODE_TEXT])
{
	char *at = code;

	for (int i = 0; i < SIGNS; i++) {
		if (i == HALF)
			*at++ = '-';
		*at++ = alphabet[signs[i]];
	}
	*at = '\0';
}

/* ---- making ------------------------------------------------------------------------------------- */

static bool has_letter (const uint8_t *signs)
{
	for (int i = 0; i < HALF; i++)
		if (signs[i] >= 10)
			return true;
	return false;
}

static bool is_taken (ledger_t *ledger, const char *code)
{
	return NUMBER (ledger->sql, 0, "SELECT 1 FROM thread WHERE code = ?1", TEXT (code)) != 0;
}

/* With a letter in both halves none is read as the number of a referral. */
void code_make (ledger_t *ledger, char ret_code[CODE_TEXT])
{
	uint8_t random[16], signs[SIGNS];

	do {
		random16_make (random);
		for (int i = 0; i < SIGNS - 1; i++)
			signs[i] = random[i] & 31;
		signs[SIGNS - 1] = check_of (signs);
		write_code (signs, ret_code);
	} while (!has_letter (signs) || !has_letter (signs + HALF) ||
		 is_taken (ledger, ret_code));
}

/* ---- reading ------------------------------------------------------------------------------------ */

static int sign_of (char c)
{
	char upper = (char)toupper ((unsigned char)c);
	const char *at;

	if (upper == 'O')
		return 0;
	if (upper == 'I' || upper == 'L')
		return 1;
	at = upper != '\0' ? strchr (alphabet, upper) : NULL;
	return at != NULL ? (int)(at - alphabet) : -1;
}

err_t code_parse (const char *words, char ret_code[CODE_TEXT])
{
	uint8_t signs[SIGNS];
	size_t count = 0;

	for (; *words != '\0'; words++) {
		int sign = sign_of (*words);

		if (*words == '-' || *words == ' ')
			continue;
		if (sign < 0 || count == SIGNS)
			return ERR_MALFORMED;
		signs[count++] = (uint8_t)sign;
	}
	if (count != SIGNS)
		return ERR_MALFORMED;
	if (signs[SIGNS - 1] != check_of (signs))
		return ERR_INVALID;
	write_code (signs, ret_code);
	return ERR_OK;
}
