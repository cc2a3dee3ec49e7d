/* When an answer is due, in the performer's zone and working days. */
#include "tests/agents/catalogue/folder.h"

#include "jembatan/clock.h"

struct due_case {
	const char *from, *region;
	struct within within;
	const char *due;
};

/* clang-format off */
static const struct due_case cases[] = {
	/* Monday 23 November 2026, 10:00 WIB: one working day is Tuesday 17:00 WIB */
	{ "2026-11-23T03:00:00Z", "17.71", { 0, 1 }, "2026-11-24T10:00:00Z" },
	/* the same in WITA and WIT ends one and two hours earlier */
	{ "2026-11-23T03:00:00Z", "51.71", { 0, 1 }, "2026-11-24T09:00:00Z" },
	{ "2026-11-23T03:00:00Z", "91.71", { 0, 1 }, "2026-11-24T08:00:00Z" },
	/* over a weekend: Thursday and three working days is Tuesday */
	{ "2026-11-26T03:00:00Z", "17.71", { 0, 3 }, "2026-12-01T10:00:00Z" },
	/* a letter of Saturday is due on Monday */
	{ "2026-11-28T03:00:00Z", "17.71", { 0, 1 }, "2026-11-30T10:00:00Z" },
	/* late on Monday in UTC is already Tuesday in Jayapura */
	{ "2026-11-23T16:00:00Z", "91.71", { 0, 1 }, "2026-11-25T08:00:00Z" },
	/* over Christmas with its collective leave, and the weekend behind it */
	{ "2026-12-23T03:00:00Z", "17.71", { 0, 1 }, "2026-12-28T10:00:00Z" },
	/* over New Year, into the next year's list */
	{ "2026-12-31T03:00:00Z", "17.71", { 0, 1 }, "2027-01-04T10:00:00Z" },
	/* over Eid: Nyepi, leave, Eid, leave, from Tuesday 17 March to Wednesday 25 March */
	{ "2026-03-17T03:00:00Z", "17.71", { 0, 1 }, "2026-03-25T10:00:00Z" },
	/* hours run through nights and holidays */
	{ "2026-12-24T20:30:00Z", "17.71", { 24, 0 }, "2026-12-25T20:30:00Z" },
	{ "2026-12-24T20:30:00Z", "17.71", { 1, 0 }, "2026-12-24T21:30:00Z" },
	{ "2026-11-23T03:00:00Z", "17.71", { 0, 0 }, "2026-11-23T03:00:00Z" },
};
/* clang-format on */

static void answers_are_due_at_the_end_of_a_working_day_of_the_region (void **state)
{
	OWNED (catalogue) catalogue = shipped ();

	for (size_t i = 0; i < COUNT_OF (cases); i++) {
		char text[INSTANT_TEXT];
		int64_t from_ms;

		assert_int_equal (instant_parse (cases[i].from, &from_ms), 0);
		instant_text (catalogue_due (catalogue, &cases[i].within, cases[i].region, from_ms),
			      text);
		assert_string_equal (text, cases[i].due);
	}
}

static void zones_follow_the_province (void **state)
{
	assert_string_equal (region_zone ("17.71").name, "WIB");
	assert_string_equal (region_zone ("61").name, "WIB");
	assert_string_equal (region_zone ("62.71").name, "WIB");
	assert_string_equal (region_zone ("63.71").name, "WITA");
	assert_string_equal (region_zone ("73.71.01.1001").name, "WITA");
	assert_string_equal (region_zone ("81").name, "WIT");
	assert_string_equal (region_zone ("96").name, "WIT");
	assert_string_equal (region_zone ("").name, "WIB");
	assert_int_equal (region_zone ("91").offset_minutes, 540);
}

static void local_times_are_written_in_both_languages (void **state)
{
	char text[LOCAL_INSTANT_TEXT];
	int64_t at_ms;

	assert_int_equal (instant_parse ("2026-11-22T03:15:00Z", &at_ms), 0);
	assert_string_equal (local_instant_text (at_ms, "17.71", false, text),
			     "22 November 2026 10.15 WIB");
	assert_string_equal (local_instant_text (at_ms, "17.71", true, text),
			     "22 November 2026 10:15 WIB");
	assert_string_equal (local_instant_text (at_ms, "51", false, text),
			     "22 November 2026 11.15 WITA");
	assert_int_equal (instant_parse ("2027-12-31T20:00:00Z", &at_ms), 0);
	assert_string_equal (local_instant_text (at_ms, "91", false, text),
			     "1 Januari 2028 05.00 WIT");
	assert_int_equal (instant_parse ("2028-02-29T01:00:00Z", &at_ms), 0);
	assert_string_equal (local_instant_text (at_ms, "17", true, text),
			     "29 February 2028 08:00 WIB");
}

static void a_year_of_holidays_does_not_hang_the_clock (void **state)
{
	OWNED (catalogue) catalogue = shipped ();
	const struct within far = { 0, 1000 };
	int64_t from_ms;

	assert_int_equal (instant_parse ("2026-11-22T03:15:00Z", &from_ms), 0);
	assert_true (catalogue_due (catalogue, &far, "17.71", from_ms) > from_ms + 1000 * DAY_MS);
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (answers_are_due_at_the_end_of_a_working_day_of_the_region),
		cmocka_unit_test (zones_follow_the_province),
		cmocka_unit_test (local_times_are_written_in_both_languages),
		cmocka_unit_test (a_year_of_holidays_does_not_hang_the_clock),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
