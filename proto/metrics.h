/*
 * Figures as OpenMetrics 1.0 text (https://prometheus.io/docs/specs/om/open_metrics_spec/), pure:
 * values in, text out.  A family has one label at most, and its values are words of the program (a
 * class, a state, an error's name): there is no way to say whose letter was counted.
 */
#ifndef PROTO_METRICS_H
#define PROTO_METRICS_H

#include "jembatan/base.h"
#include "jembatan/error.h"

#define METRICS_CONTENT_TYPE "application/openmetrics-text; version=1.0.0; charset=utf-8"

enum metric_type { METRIC_COUNTER, METRIC_GAUGE, METRIC_HISTOGRAM, METRIC_INFO };

struct metric {
	const char *name;            /* without "_total"; ends with its unit */
	enum metric_type type;
	const char *unit;            /* "seconds", "bytes" or "" */
	const char *label;           /* "" = none */
	const char *about;           /* a sentence; no quotes, no line ends */
};

/* How often a value lay at or below each bound; kept by whoever measures. */
#define HISTOGRAM_BOUNDS 14u

struct histogram {
	const double *bounds;        /* rising, HISTOGRAM_BOUNDS of them */
	uint64_t in[HISTOGRAM_BOUNDS + 1];   /* the last one: above all bounds */
	double sum;
};
void histogram_add (struct histogram *histogram, double value);

/* How often each error happened; kept by whoever refuses. */
#define ERROR_NUMBERS 256u           /* all are below it */

struct error_counts { uint64_t of[ERROR_NUMBERS]; };
void error_count (struct error_counts *counts, err_t err);

typedef struct metrics metrics_t;

metrics_t *metrics_new (void);
void metrics_destroy (metrics_t **metrics);

/* Begins a family; then come its samples, `word` being the label's value ("" without a label).
 * Anything but [A-Za-z0-9._-] in a word is shown as '?'. */
void metrics_family (metrics_t *metrics, const struct metric *metric);
void metrics_value (metrics_t *metrics, const char *word, double value);
void metrics_histogram (metrics_t *metrics, const struct histogram *histogram);
/* A sample for each error that has happened, labelled with its name (jembatan/error.h). */
void metrics_errors (metrics_t *metrics, const struct error_counts *counts);

/* Ends the text.  Borrowed. */
struct bytes metrics_end (metrics_t *metrics);

#endif
