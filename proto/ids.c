/* Ids: comparing, their text forms, and making fresh ones. */
#include "jembatan/ids.h"

#include <sodium.h>
#include <stdatomic.h>
#include <string.h>

#include "jembatan/clock.h"
#include "jembatan/limits.h"

bool id_is_zero (const uint8_t *b, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (b[i] != 0)
			return false;
	return true;
}

bool id_same (const uint8_t *a, const uint8_t *b, size_t len)
{
	return memcmp (a, b, len) == 0;
}

err_t id_from_bytes (uint8_t *ret, size_t len, struct bytes from, bool may_be_empty)
{
	if (from.len == 0 && may_be_empty) {
		memset (ret, 0, len);
		return ERR_OK;
	}
	if (from.len != len)
		return ERR_MALFORMED;
	memcpy (ret, from.data, len);
	return ERR_OK;
}

/* ---- agency ids ------------------------------------------------------------------------------- */

static bool is_lower (char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_agency_char (char c)
{
	return is_lower (c) || (c >= '0' && c <= '9') || c == '-';
}

err_t agency_id_parse (const char *text, struct agency_id *ret_id)
{
	struct agency_id id = { "" };
	size_t len = strnlen (text, sizeof id.text);

	if (len < 2 || len > LIMIT_ID_TEXT || !is_lower (text[0]))
		return ERR_MALFORMED;
	for (size_t i = 0; i < len; i++)
		if (!is_agency_char (text[i]))
			return ERR_MALFORMED;
	memcpy (id.text, text, len);
	*ret_id = id;
	return ERR_OK;
}

bool agency_id_equal (const struct agency_id *a, const struct agency_id *b)
{
	return strcmp (a->text, b->text) == 0;
}

/* ---- text forms ------------------------------------------------------------------------------- */

static int hex_digit (char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static char *put_hex (char *at, const uint8_t *b, size_t len)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		*at++ = digits[b[i] >> 4];
		*at++ = digits[b[i] & 15];
	}
	return at;
}

/* Reads 2 * len digits; NULL at the first that is none (the end of the text among them). */
static const char *take_hex (const char *at, uint8_t *ret, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		int high = hex_digit (at[0]);
		int low = high >= 0 ? hex_digit (at[1]) : -1;

		if (low < 0)
			return NULL;
		ret[i] = (uint8_t)(high << 4 | low);
		at += 2;
	}
	return at;
}

static const uint8_t uuid_groups[] = { 4, 2, 2, 2, 6 };

char *uuid_text (const uint8_t b[16], char text[UUID_TEXT])
{
	char *at = text;

	for (size_t i = 0; i < COUNT_OF (uuid_groups); i++) {
		if (i > 0)
			*at++ = '-';
		at = put_hex (at, b, uuid_groups[i]);
		b += uuid_groups[i];
	}
	*at = '\0';
	return text;
}

err_t uuid_parse (const char *text, uint8_t ret_b[16])
{
	uint8_t b[16], *to = b;
	const char *at = text;

	for (size_t i = 0; i < COUNT_OF (uuid_groups); i++) {
		if (i > 0 && *at++ != '-')
			return ERR_MALFORMED;
		at = take_hex (at, to, uuid_groups[i]);
		if (at == NULL)
			return ERR_MALFORMED;
		to += uuid_groups[i];
	}
	if (*at != '\0')
		return ERR_MALFORMED;
	memcpy (ret_b, b, sizeof b);
	return ERR_OK;
}

char *hex_text (struct bytes from, char *text, size_t text_size)
{
	size_t room = text_size > 0 ? (text_size - 1) / 2 : 0;

	if (text_size > 0)
		*put_hex (text, from.data, from.len < room ? from.len : room) = '\0';
	return text;
}

err_t hex_parse (const char *text, uint8_t *ret, size_t len)
{
	const char *end;

	/* Looked at before anything is written, so that ret stays untouched on failure. */
	if (strlen (text) != 2 * len || strspn (text, "0123456789abcdefABCDEF") != 2 * len)
		return ERR_MALFORMED;
	end = take_hex (text, ret, len);
	return end != NULL ? ERR_OK : ERR_MALFORMED;
}

/* ---- fresh ids -------------------------------------------------------------------------------- */

#define UUID7_COUNTER_BITS 12

/*
 * Milliseconds and a counter in one number that only rises (RFC 9562 section 6.2, method 1).  The
 * counter starts at random in its lower half; when it runs over, or the clock goes back, the time
 * in the id runs a little ahead instead.
 */
static uint64_t next_uuid7_tick (void)
{
	static _Atomic uint64_t last;
	uint64_t now = (uint64_t)clock_now_ms () << UUID7_COUNTER_BITS | randombytes_uniform (2048);
	uint64_t seen = atomic_load (&last), next;

	do
		next = now > seen ? now : seen + 1;
	while (!atomic_compare_exchange_weak (&last, &seen, next));
	return next;
}

static void put_ms (uint8_t *to, uint64_t ms)
{
	for (int i = 0; i < 6; i++)
		to[i] = (uint8_t)(ms >> (40 - 8 * i));
}

void uuid7_make (uint8_t ret_b[16])
{
	uint64_t tick = next_uuid7_tick ();
	uint64_t ms = tick >> UUID7_COUNTER_BITS;

	randombytes_buf (ret_b, 16);
	put_ms (ret_b, ms);
	ret_b[6] = (uint8_t)(0x70 | (tick >> 8 & 0x0f));
	ret_b[7] = (uint8_t)tick;
	ret_b[8] = (uint8_t)(0x80 | (ret_b[8] & 0x3f));
}

void uuid7_make_at (int64_t at_ms, uint8_t ret_b[16])
{
	int64_t ahead_ms = at_ms - clock_now_ms ();

	uuid7_make (ret_b);
	if (ahead_ms > CLOCK_TOLERANCE_MS || ahead_ms < -CLOCK_TOLERANCE_MS)
		put_ms (ret_b, (uint64_t)at_ms);
}

void random16_make (uint8_t ret_b[16])
{
	randombytes_buf (ret_b, 16);
}
