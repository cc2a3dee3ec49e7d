#include "tests/support/unit.h"

#include <string.h>

#include "jembatan/base.h"

#define X(number, name, lane, http, id, en) ERR_##name,
static const err_t all[] = { ERROR_LIST (X) };
#undef X

static void every_error_name_round_trips (void **state)
{
	for (size_t i = 0; i < COUNT_OF (all); i++) {
		err_t err = ERR_CORRUPT;

		assert_int_equal (err_parse (err_name (all[i]), &err), 0);
		assert_int_equal (err, all[i]);
	}
}

static void no_two_errors_share_a_number (void **state)
{
	for (size_t i = 0; i < COUNT_OF (all); i++)
		for (size_t j = i + 1; j < COUNT_OF (all); j++)
			assert_int_not_equal (all[i], all[j]);
}

static void every_error_says_something_in_both_languages (void **state)
{
	for (size_t i = 0; i < COUNT_OF (all); i++) {
		assert_true (strlen (err_text_id (all[i])) > 3);
		assert_true (strlen (err_text_en (all[i])) > 3);
	}
}

static void an_unknown_name_is_not_taken (void **state)
{
	err_t err = ERR_QUOTA;

	assert_int_equal (err_parse ("NO_SUCH_ERROR", &err), -1);
	assert_int_equal (err_parse ("", &err), -1);
	assert_int_equal (err_parse ("UNKNOWN", &err), -1);
	assert_int_equal (err, ERR_QUOTA);
}

static void a_number_that_is_in_no_list_stops_us (void **state)
{
	assert_int_equal (err_lane ((err_t)9999), LANE_STOP);
	assert_string_equal (err_name ((err_t)9999), "UNKNOWN");
}

static void lanes_and_http_statuses_agree (void **state)
{
	for (size_t i = 0; i < COUNT_OF (all); i++) {
		int http = err_http (all[i]);

		assert_true (http == 200 || (http >= 400 && http < 600));
		assert_int_equal (http == 200, err_lane (all[i]) == LANE_OK);
		if (err_lane (all[i]) == LANE_RETRY)
			assert_true (http >= 500);
	}
}

static void exit_statuses_are_the_documented_ones (void **state)
{
	static const struct { err_t err; int exit; } rows[] = {
		{ ERR_OK, 0 },
		{ ERR_USAGE, 64 },
		{ ERR_INVALID, 65 },
		{ ERR_MALFORMED, 65 },
		{ ERR_WRONG_STATE, 65 },
		{ ERR_NOT_FOUND, 66 },
		{ ERR_NO_ROUTE, 66 },
		{ ERR_OFFLINE, 69 },
		{ ERR_IN_USE, 69 },
		{ ERR_BUSY, 75 },
		{ ERR_LOCKED, 75 },
		{ ERR_NOT_ALLOWED, 77 },
		{ ERR_NO_CONSENT, 77 },
		{ ERR_NOT_SIGNED_IN, 77 },
		{ ERR_CONFIG, 78 },
		{ ERR_KEY_FILE, 78 },
		{ ERR_NEWER_STORE, 78 },
		{ ERR_CORRUPT, 78 },
		{ ERR_IO, 78 },
	};

	for (size_t i = 0; i < COUNT_OF (rows); i++)
		assert_int_equal (err_exit (rows[i].err), rows[i].exit);
	for (size_t i = 1; i < COUNT_OF (all); i++)
		assert_int_not_equal (err_exit (all[i]), 0);
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (every_error_name_round_trips),
		cmocka_unit_test (no_two_errors_share_a_number),
		cmocka_unit_test (every_error_says_something_in_both_languages),
		cmocka_unit_test (an_unknown_name_is_not_taken),
		cmocka_unit_test (a_number_that_is_in_no_list_stops_us),
		cmocka_unit_test (lanes_and_http_statuses_agree),
		cmocka_unit_test (exit_statuses_are_the_documented_ones),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
