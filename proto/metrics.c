#include "proto/metrics.h"

#include <assert.h>
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jembatan/limits.h"

#define METRICS_BYTES_MAX (256u * KIB)   /* a few hundred samples of a line each */

struct metrics {
	buffer_t *text;
	const struct metric *metric;
};

/* clang-format off */
static const struct { const char *name, *suffix; } types[] = {
	[METRIC_COUNTER]   = { "counter",   "_total" },
	[METRIC_GAUGE]     = { "gauge",     "" },
	[METRIC_HISTOGRAM] = { "histogram", "_bucket" },
	[METRIC_INFO]      = { "info",      "_info" },
};
/* clang-format on */

void histogram_add (struct histogram *histogram, double value)
{
	size_t i = 0;

	while (i < HISTOGRAM_BOUNDS && value > histogram->bounds[i])
		i++;
	histogram->in[i]++;
	histogram->sum += value;
}

metrics_t *metrics_new (void)
{
	metrics_t *metrics = must_alloc (sizeof *metrics);

	*metrics = (metrics_t){ .text = buffer_new (METRICS_BYTES_MAX) };
	return metrics;
}

void metrics_destroy (metrics_t **metrics)
{
	if (*metrics == NULL)
		return;
	buffer_destroy (&(*metrics)->text);
	free (*metrics);
	*metrics = NULL;
}

/* Every sample is a row of a table of ours, so the ceiling is passed by a mistake only. */
static void __attribute__ ((format (printf, 2, 3))) write_line (metrics_t *metrics,
								const char *format, ...)
{
	char line[512];
	va_list args;
	int len;
	err_t err;

	va_start (args, format);
	len = vsnprintf (line, sizeof line, format, args);
	va_end (args);
	assert (len >= 0 && (size_t)len < sizeof line);
	err = buffer_add (metrics->text, bytes_of_text (line));
	assert (err == ERR_OK);
}

void metrics_family (metrics_t *metrics, const struct metric *metric)
{
	metrics->metric = metric;
	write_line (metrics, "# TYPE %s %s\n", metric->name, types[metric->type].name);
	if (metric->unit[0] != '\0')
		write_line (metrics, "# UNIT %s %s\n", metric->name, metric->unit);
	write_line (metrics, "# HELP %s %s\n", metric->name, metric->about);
}

static const char *word_text (const char *word, char ret_text[65])
{
	size_t i;

	for (i = 0; i < 64 && word[i] != '\0'; i++)
		ret_text[i] = isalnum ((unsigned char)word[i]) || strchr ("._-", word[i]) ? word[i] : '?';
	ret_text[i] = '\0';
	return ret_text;
}

void metrics_value (metrics_t *metrics, const char *word, double value)
{
	const struct metric *metric = metrics->metric;
	const char *suffix = types[metric->type].suffix;
	char text[65];

	if (metric->label[0] == '\0')
		write_line (metrics, "%s%s %.15g\n", metric->name, suffix, value);
	else
		write_line (metrics, "%s%s{%s=\"%s\"} %.15g\n", metric->name, suffix, metric->label,
			    word_text (word, text), value);
}

/* A bound is written as a float, as the standard asks ("1.0", not "1"). */
static const char *bound_text (double bound, char ret_text[32])
{
	snprintf (ret_text, 30, "%.15g", bound);
	return strpbrk (ret_text, ".e") != NULL ? ret_text : strcat (ret_text, ".0");
}

void metrics_histogram (metrics_t *metrics, const struct histogram *histogram)
{
	const char *name = metrics->metric->name;
	uint64_t below = 0;
	char bound[32];

	for (size_t i = 0; i < HISTOGRAM_BOUNDS; i++) {
		below += histogram->in[i];
		write_line (metrics, "%s_bucket{le=\"%s\"} %llu\n", name,
			    bound_text (histogram->bounds[i], bound), (unsigned long long)below);
	}
	below += histogram->in[HISTOGRAM_BOUNDS];
	write_line (metrics, "%s_bucket{le=\"+Inf\"} %llu\n", name, (unsigned long long)below);
	write_line (metrics, "%s_count %llu\n", name, (unsigned long long)below);
	write_line (metrics, "%s_sum %.15g\n", name, histogram->sum);
}

void error_count (struct error_counts *counts, err_t err)
{
	if ((unsigned)err < ERROR_NUMBERS)
		counts->of[err]++;
}

void metrics_errors (metrics_t *metrics, const struct error_counts *counts)
{
	for (size_t i = 0; i < ERROR_NUMBERS; i++)
		if (counts->of[i] > 0)
			metrics_value (metrics, err_name ((err_t)i), (double)counts->of[i]);
}

struct bytes metrics_end (metrics_t *metrics)
{
	write_line (metrics, "# EOF\n");
	return buffer_bytes (metrics->text);
}
