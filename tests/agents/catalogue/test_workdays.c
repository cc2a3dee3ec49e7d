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

static void days_begin_in_the_regions_own_zone (void **state)
{
	int month;
	int64_t at_ms;

	assert_int_equal (instant_parse ("2026-11-22T16:30:00Z", &at_ms), 0);
	assert_int_equal (local_day (at_ms, "17.71"), date_day ("2026-11-22"));
	assert_int_equal (local_day (at_ms, "51.71"), date_day ("2026-11-23"));
	assert_int_equal (local_day_ms (date_day ("2026-11-23"), 0, "91"),
			  at_ms - 90 * MINUTE_MS);
	assert_int_equal (day_year (date_day ("2026-12-01"), &month), 2026);
	assert_int_equal (month, 12);
}

/* ---- a year's decree that came later ---- */

static void due_after (const catalogue_t *catalogue, const char *from, const char *due)
{
	const struct within one = { 0, 1 };
	char text[INSTANT_TEXT];
	int64_t from_ms;

	assert_int_equal (instant_parse (from, &from_ms), 0);
	assert_string_equal (instant_text (catalogue_due (catalogue, &one, "17.71", from_ms), text),
			     due);
}

static void a_years_decree_takes_the_place_of_what_the_file_says (void **state)
{
	OWNED (catalogue) catalogue = shipped ();
	struct holiday days[HOLIDAYS_LEAST];
	char dates[HOLIDAYS_LEAST][16];

	for (size_t i = 0; i < HOLIDAYS_LEAST; i++) {
		snprintf (dates[i], sizeof dates[i], "2027-03-%02zu", i + 1);
		days[i] = (struct holiday){ dates[i], { "Libur", "Holiday" } };
	}
	due_after (catalogue, "2027-02-28T03:00:00Z", "2027-03-01T10:00:00Z");
	due_after (catalogue, "2027-05-31T03:00:00Z", "2027-06-02T10:00:00Z");
	assert_false (catalogue_has_holidays (catalogue, 2027));
	assert_int_equal (catalogue_add_holidays (catalogue, 2027, "SKB 2027", days,
						  HOLIDAYS_LEAST, NULL), ERR_OK);
	memset (dates, 'x', sizeof dates);   /* it kept its own */
	due_after (catalogue, "2027-02-28T03:00:00Z", "2027-03-11T10:00:00Z");
	due_after (catalogue, "2027-05-31T03:00:00Z", "2027-06-01T10:00:00Z");
	assert_true (catalogue_has_holidays (catalogue, 2027));
	assert_true (catalogue_has_holidays (catalogue, 2026));
	assert_false (catalogue_has_holidays (catalogue, 2028));
}

static void a_decree_with_wrong_days_changes_nothing (void **state)
{
	OWNED (catalogue) catalogue = shipped ();
	OWNED (problems) problems = problems_new ();
	const struct holiday days[] = {
		{ "2026-02-30", { "a", "a" } },
		{ "2027-01-01", { "b", "b" } },
		{ "2026-12-28", { "c", "c" } },
		{ "2026-12-28", { "d", "d" } },
	};

	assert_int_equal (catalogue_add_holidays (catalogue, 2026, "x", days, COUNT_OF (days),
						  problems), ERR_INVALID);
	assert_int_equal (problems_count (problems), 3);
	assert_non_null (strstr (problems_at (problems, 0)->text_en, "2026-02-30"));
	assert_int_equal (catalogue_add_holidays (catalogue, 1999, "x", days, 0, problems),
			  ERR_INVALID);
	assert_int_equal (catalogue_add_holidays (catalogue, 2026, "x", days, HOLIDAYS_MAX + 1,
						  problems), ERR_TOO_LARGE);
	due_after (catalogue, "2026-12-23T03:00:00Z", "2026-12-28T10:00:00Z");
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (answers_are_due_at_the_end_of_a_working_day_of_the_region),
		cmocka_unit_test (zones_follow_the_province),
		cmocka_unit_test (local_times_are_written_in_both_languages),
		cmocka_unit_test (a_year_of_holidays_does_not_hang_the_clock),
		cmocka_unit_test (days_begin_in_the_regions_own_zone),
		cmocka_unit_test (a_years_decree_takes_the_place_of_what_the_file_says),
		cmocka_unit_test (a_decree_with_wrong_days_changes_nothing),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
