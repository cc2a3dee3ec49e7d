/* Which clock the hub goes by, and what it does not do while it can't tell. */
#include "tests/support/unit.h"

#include "hub/time.h"
#include "jembatan/limits.h"

#define NOON (1795348800000)         /* 2026-11-22T12:00:00Z */
#define YEAR_MS (365 * DAY_MS)

/* A hub whose newest leaf is of NOON starts a minute later; its monotonic clock stands at 1000. */
static struct hub_time started (int64_t wall_ms, int64_t *ret_now)
{
	struct hub_time time;

	hub_time_begin (&time, NOON, 1000, true);
	*ret_now = hub_time_look (&time, wall_ms, 1000);
	return time;
}

static void test_time_goes_on (void **state)
{
	int64_t now;
	struct hub_time time = started (NOON + MINUTE_MS, &now);

	assert_int_equal (now, NOON + MINUTE_MS);
	now = hub_time_look (&time, NOON + HOUR_MS, 1000 + HOUR_MS);
	assert_int_equal (now, NOON + HOUR_MS);
	assert_false (time.doubtful);
}

static void test_small_corrections_are_followed (void **state)
{
	static const int64_t by[] = { 10 * MINUTE_MS, -10 * MINUTE_MS, 23 * HOUR_MS, -23 * HOUR_MS };
	int64_t now;

	for (size_t i = 0; i < sizeof by / sizeof *by; i++) {
		struct hub_time time = started (NOON, &now);

		assert_int_equal (hub_time_look (&time, NOON + by[i], 1000), NOON + by[i]);
		assert_false (time.doubtful);
	}
}

static void test_a_leap_while_running_is_not_believed (void **state)
{
	static const int64_t by[] = { YEAR_MS, -YEAR_MS, 2 * DAY_MS, -2 * DAY_MS };
	int64_t now;

	for (size_t i = 0; i < sizeof by / sizeof *by; i++) {
		struct hub_time time = started (NOON, &now);

		now = hub_time_look (&time, NOON + 500 + by[i], 1500);
		assert_int_equal (now, NOON + 500);
		assert_true (time.doubtful);
		now = hub_time_look (&time, NOON + DAY_MS, 1000 + DAY_MS);   /* it came back */
		assert_int_equal (now, NOON + DAY_MS);
		assert_false (time.doubtful);
	}
}

static void test_a_start_far_behind_goes_by_the_newest_leaf (void **state)
{
	int64_t now;
	struct hub_time time = started (0, &now);

	assert_int_equal (now, NOON);
	assert_true (time.doubtful);
	now = hub_time_look (&time, NOON + 3 * DAY_MS, 1000 + MINUTE_MS);    /* the clock is set */
	assert_int_equal (now, NOON + 3 * DAY_MS);
	assert_false (time.doubtful);
}

static void test_a_start_far_ahead_is_in_doubt_until_it_is_confirmed (void **state)
{
	int64_t now;
	struct hub_time time = started (NOON + YEAR_MS, &now);

	assert_int_equal (now, NOON + YEAR_MS);
	assert_true (time.doubtful);
	hub_time_confirm (&time, NOON + YEAR_MS, 1000);
	assert_int_equal (hub_time_look (&time, NOON + YEAR_MS, 1000), NOON + YEAR_MS);
	assert_false (time.doubtful);
}

static void test_a_hub_without_letters_believes_any_later_time (void **state)
{
	struct hub_time time;

	hub_time_begin (&time, NOON, 1000, false);
	assert_int_equal (hub_time_look (&time, NOON + YEAR_MS, 1000), NOON + YEAR_MS);
	assert_false (time.doubtful);
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (test_time_goes_on),
		cmocka_unit_test (test_small_corrections_are_followed),
		cmocka_unit_test (test_a_leap_while_running_is_not_believed),
		cmocka_unit_test (test_a_start_far_behind_goes_by_the_newest_leaf),
		cmocka_unit_test (test_a_start_far_ahead_is_in_doubt_until_it_is_confirmed),
		cmocka_unit_test (test_a_hub_without_letters_believes_any_later_time),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
