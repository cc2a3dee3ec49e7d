/* Waits with jitter: within their bounds, and not all the same. */
#include "tests/support/unit.h"

#include "jembatan/base.h"
#include "jembatan/jitter.h"
#include "jembatan/keys.h"

#define DRAWS 2000

struct span { int64_t least, most; };

static struct span span_of (int64_t (*draw) (int64_t ms), int64_t ms)
{
	struct span span = { INT64_MAX, INT64_MIN };

	for (int i = 0; i < DRAWS; i++) {
		int64_t drawn = draw (ms);

		span.least = drawn < span.least ? drawn : span.least;
		span.most = drawn > span.most ? drawn : span.most;
	}
	return span;
}

/* Of 2000 draws none leaves the bounds, and some come near to both: that all miss the outer tenth
 * has a chance of 0.9^2000. */
static void expect_span (int64_t (*draw) (int64_t ms), int64_t ms, int64_t from, int64_t to)
{
	struct span span = span_of (draw, ms);

	assert_in_range (span.least, from, from + (to - from) / 10);
	assert_in_range (span.most, to - (to - from) / 10, to);
}

static void a_backoff_lasts_half_of_it_to_all_of_it (void **state)
{
	(void)state;
	expect_span (jitter_at_most, 60000, 30000, 60000);
}

static void what_was_asked_for_lasts_that_to_a_quarter_more (void **state)
{
	(void)state;
	expect_span (jitter_at_least, 60000, 60000, 75000);
}

static void below_is_below (void **state)
{
	(void)state;
	expect_span (jitter_below, 1000, 0, 999);
	assert_int_equal (jitter_below (1), 0);
}

static void no_wait_stays_none (void **state)
{
	static int64_t (*const draws[]) (int64_t ms) = { jitter_below, jitter_at_most,
							 jitter_at_least };

	(void)state;
	for (size_t i = 0; i < COUNT_OF (draws); i++) {
		assert_int_equal (draws[i](0), 0);
		assert_int_equal (draws[i](-5), 0);
	}
}

static int setup (void **state)
{
	(void)state;
	return keys_start () == ERR_OK ? 0 : -1;
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (a_backoff_lasts_half_of_it_to_all_of_it),
		cmocka_unit_test (what_was_asked_for_lasts_that_to_a_quarter_more),
		cmocka_unit_test (below_is_below),
		cmocka_unit_test (no_wait_stays_none),
	};

	return cmocka_run_group_tests (tests, setup, NULL);
}
