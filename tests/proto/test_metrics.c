#include "tests/support/unit.h"

#include <string.h>

#include "proto/metrics.h"

static const struct metric letters = { "x_letters", METRIC_COUNTER, "", "error", "Letters." };
static const struct metric age = { "x_age_seconds", METRIC_GAUGE, "seconds", "", "Age." };
static const struct metric size = { "x_size", METRIC_HISTOGRAM, "", "", "Sizes." };

static const double bounds[HISTOGRAM_BOUNDS] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14.5 };

static void text_is (metrics_t *metrics, const char *expected)
{
	struct bytes text = metrics_end (metrics);

	assert_int_equal (text.len, strlen (expected));
	assert_memory_equal (text.data, expected, text.len);
}

static void families_have_type_unit_help_and_the_text_an_end (void **state)
{
	OWNED (metrics) metrics = metrics_new ();

	metrics_family (metrics, &letters);
	metrics_value (metrics, "QUOTA", 3);
	metrics_family (metrics, &age);
	metrics_value (metrics, "", 0.25);
	text_is (metrics, "# TYPE x_letters counter\n# HELP x_letters Letters.\n"
			  "x_letters_total{error=\"QUOTA\"} 3\n"
			  "# TYPE x_age_seconds gauge\n# UNIT x_age_seconds seconds\n"
			  "# HELP x_age_seconds Age.\nx_age_seconds 0.25\n# EOF\n");
}

static void a_word_that_is_none_cannot_say_more_than_that (void **state)
{
	OWNED (metrics) metrics = metrics_new ();

	metrics_family (metrics, &letters);
	metrics_value (metrics, "a\"} 1\n", 1);
	text_is (metrics, "# TYPE x_letters counter\n# HELP x_letters Letters.\n"
			  "x_letters_total{error=\"a??\?1?\"} 1\n# EOF\n");
}

static void errors_are_counted_by_the_names_of_their_table_alone (void **state)
{
	OWNED (metrics) metrics = metrics_new ();
	struct error_counts counts = { { 0 } };

	error_count (&counts, ERR_QUOTA);
	error_count (&counts, ERR_BAD_SIGNATURE);
	error_count (&counts, ERR_QUOTA);
	error_count (&counts, (err_t)ERROR_NUMBERS);
	error_count (&counts, (err_t)-1);
	metrics_family (metrics, &letters);
	metrics_errors (metrics, &counts);
	text_is (metrics, "# TYPE x_letters counter\n# HELP x_letters Letters.\n"
			  "x_letters_total{error=\"QUOTA\"} 2\n"
			  "x_letters_total{error=\"BAD_SIGNATURE\"} 1\n# EOF\n");
}

static void large_counts_are_written_whole (void **state)
{
	OWNED (metrics) metrics = metrics_new ();

	metrics_family (metrics, &age);
	metrics_value (metrics, "", 123456789012345.0);
	text_is (metrics, "# TYPE x_age_seconds gauge\n# UNIT x_age_seconds seconds\n"
			  "# HELP x_age_seconds Age.\nx_age_seconds 123456789012345\n# EOF\n");
}

static void buckets_add_up_and_a_bound_belongs_to_its_bucket (void **state)
{
	OWNED (metrics) metrics = metrics_new ();
	struct histogram histogram = { .bounds = bounds };
	struct bytes text;

	histogram_add (&histogram, 1);
	histogram_add (&histogram, 1.5);
	histogram_add (&histogram, 100);
	metrics_family (metrics, &size);
	metrics_histogram (metrics, &histogram);
	text = metrics_end (metrics);
	assert_non_null (memmem (text.data, text.len, "x_size_bucket{le=\"1.0\"} 1\n", 26));
	assert_non_null (memmem (text.data, text.len, "x_size_bucket{le=\"2.0\"} 2\n", 26));
	assert_non_null (memmem (text.data, text.len, "x_size_bucket{le=\"14.5\"} 2\n", 27));
	assert_non_null (memmem (text.data, text.len, "x_size_bucket{le=\"+Inf\"} 3\n", 27));
	assert_non_null (memmem (text.data, text.len, "x_size_count 3\nx_size_sum 102.5\n", 32));
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (families_have_type_unit_help_and_the_text_an_end),
		cmocka_unit_test (a_word_that_is_none_cannot_say_more_than_that),
		cmocka_unit_test (errors_are_counted_by_the_names_of_their_table_alone),
		cmocka_unit_test (large_counts_are_written_whole),
		cmocka_unit_test (buckets_add_up_and_a_bound_belongs_to_its_bucket),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
