#include "tests/support/unit.h"

#include <string.h>

#include "jembatan/clock.h"
#include "jembatan/ids.h"
#include "tests/support/clock.h"

static void agency_ids_are_short_lower_case_words (void **state)
{
	static const char *const good[] = { "bn", "ipwl-pesona", "a2", "lapas-2-bengkulu",
					    "abcdefghijklmnopqrstuvwxyz012345" };
	static const char *const bad[] = { "", "a", "Ipwl", "1bnn", "-bnn", "bnn kota", "bnn_kota",
					   "bnn\n", "abcdefghijklmnopqrstuvwxyz0123456" };
	struct agency_id id;

	for (size_t i = 0; i < COUNT_OF (good); i++) {
		assert_int_equal (agency_id_parse (good[i], &id), ERR_OK);
		assert_string_equal (id.text, good[i]);
	}
	for (size_t i = 0; i < COUNT_OF (bad); i++)
		assert_int_equal (agency_id_parse (bad[i], &id), ERR_MALFORMED);
}

static void a_uuid_round_trips_through_its_text (void **state)
{
	uint8_t b[16], again[16];
	char text[UUID_TEXT];

	for (int i = 0; i < 100; i++) {
		random16_make (b);
		assert_int_equal (uuid_parse (uuid_text (b, text), again), ERR_OK);
		assert_memory_equal (b, again, 16);
	}
	assert_int_equal (uuid_parse ("0192f3A4-5b6c-7d8e-9f01-23456789abcd", again), ERR_OK);
	assert_string_equal (uuid_text (again, text), "0192f3a4-5b6c-7d8e-9f01-23456789abcd");
}

static void broken_uuids_are_refused_and_change_nothing (void **state)
{
	static const char *const bad[] = {
		"", "0192f3a4", "0192f3a45b6c7d8e9f0123456789abcd",
		"0192f3a4-5b6c-7d8e-9f01-23456789abc", "0192f3a4-5b6c-7d8e-9f01-23456789abcde",
		"0192f3a4-5b6c-7d8e-9f01-23456789abcg", "0192f3a4+5b6c-7d8e-9f01-23456789abcd",
	};
	uint8_t b[16] = { 1 }, same[16] = { 1 };

	for (size_t i = 0; i < COUNT_OF (bad); i++)
		assert_int_equal (uuid_parse (bad[i], b), ERR_MALFORMED);
	assert_memory_equal (b, same, 16);
}

static void hex_round_trips_and_wants_its_exact_length (void **state)
{
	struct hash hash, again;
	char text[HEX32_TEXT];

	memset (hash.b, 0xa7, sizeof hash.b);
	hex_text (ID_BYTES (hash), text, sizeof text);
	assert_int_equal (strlen (text), 64);
	assert_int_equal (hex_parse (text, again.b, sizeof again.b), ERR_OK);
	assert_true (ID_EQUAL (hash, again));
	assert_int_equal (hex_parse (text, again.b, 31), ERR_MALFORMED);
	text[5] = 'x';
	assert_int_equal (hex_parse (text, again.b, sizeof again.b), ERR_MALFORMED);
	assert_string_equal (hex_text (ID_BYTES (hash), text, 6), "a7a7");
}

static void fresh_letter_ids_rise_even_when_the_clock_goes_back (void **state)
{
	uint8_t last[16] = { 0 }, now[16];

	for (int i = 0; i < 20000; i++) {
		if (i == 10000)
			clock_turn (-HOUR_MS);
		uuid7_make (now);
		assert_true (memcmp (last, now, 8) < 0);
		assert_int_equal (now[6] >> 4, 7);
		assert_int_equal (now[8] >> 6, 2);
		memcpy (last, now, 16);
	}
	clock_turn (HOUR_MS);
}

static void a_fresh_letter_id_carries_the_time (void **state)
{
	int64_t before, ms = 0;
	uint8_t b[16];

	clock_turn (DAY_MS);
	before = clock_now_ms ();
	uuid7_make (b);
	for (int i = 0; i < 6; i++)
		ms = ms << 8 | b[i];
	assert_in_range (ms, before, before + 10000);
}

static void ids_take_their_exact_length_or_nothing (void **state)
{
	uint8_t b[17] = { 1, 2, 3 };
	struct letter_id id = { { 9 } };

	assert_int_equal (ID_FROM_BYTES (&id, ((struct bytes){ b, 15 })), ERR_MALFORMED);
	assert_int_equal (ID_FROM_BYTES (&id, ((struct bytes){ b, 17 })), ERR_MALFORMED);
	assert_int_equal (ID_FROM_BYTES (&id, BYTES_NONE), ERR_MALFORMED);
	assert_int_equal (id.b[0], 9);
	assert_int_equal (ID_FROM_BYTES (&id, ((struct bytes){ b, 16 })), ERR_OK);
	assert_int_equal (id.b[2], 3);
	assert_int_equal (ID_FROM_BYTES_OR_NONE (&id, BYTES_NONE), ERR_OK);
	assert_true (ID_IS_NONE (id));
}

static void instants_round_trip_and_offsets_are_understood (void **state)
{
	static const struct { const char *text; int64_t ms; } good[] = {
		{ "1970-01-01T00:00:00Z", 0 },
		{ "2026-11-22T03:15:00Z", INT64_C (1795317300000) },
		{ "2026-11-22T10:15:00+07:00", INT64_C (1795317300000) },
		{ "2026-11-22T03:15:00.25Z", INT64_C (1795317300250) },
		{ "2024-02-29T23:59:59Z", INT64_C (1709251199000) },
	};
	static const char *const bad[] = {
		"", "2026-11-22", "2026-11-22T03:15:00", "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z",
		"2026-11-22T24:00:00Z", "2026-11-22T03:60:00Z", "2026-11-22 03:15:00Z",
		"2026-11-22T03:15:00Zx", "2026-11-22T03:15:00+7:00", "2026-11-22T03:15:00.Z", "x",
	};
	char text[INSTANT_TEXT];
	int64_t ms = 5;

	for (size_t i = 0; i < COUNT_OF (good); i++) {
		assert_int_equal (instant_parse (good[i].text, &ms), 0);
		assert_int_equal (ms, good[i].ms);
	}
	for (size_t i = 0; i < COUNT_OF (bad); i++)
		assert_int_equal (instant_parse (bad[i], &ms), -1);
	assert_string_equal (instant_text (INT64_C (1795317300999), text), "2026-11-22T03:15:00Z");
	assert_string_equal (instant_text (-1, text), "1969-12-31T23:59:59Z");
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (agency_ids_are_short_lower_case_words),
		cmocka_unit_test (a_uuid_round_trips_through_its_text),
		cmocka_unit_test (broken_uuids_are_refused_and_change_nothing),
		cmocka_unit_test (hex_round_trips_and_wants_its_exact_length),
		cmocka_unit_test (fresh_letter_ids_rise_even_when_the_clock_goes_back),
		cmocka_unit_test (a_fresh_letter_id_carries_the_time),
		cmocka_unit_test (ids_take_their_exact_length_or_nothing),
		cmocka_unit_test (instants_round_trip_and_offsets_are_understood),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
