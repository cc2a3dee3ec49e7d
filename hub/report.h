/*
 * What hubctl shows, as text for people (Indonesian, English beside it) or as JSON.  A report is an
 * object of fields and lists of rows; it knows nothing of where the values come from.
 */
#ifndef HUB_REPORT_H
#define HUB_REPORT_H

#include "jembatan/base.h"

#define REPORT_BYTES_MAX (8u * 1024 * 1024)  /* 20,000 members */

typedef struct report report_t;

report_t *report_new (bool json);
void report_destroy (report_t **report);

/* A field: its key in JSON, its label for people. */
void report_text (report_t *report, const char *key, const char *label, const char *value);
void report_number (report_t *report, const char *key, const char *label, int64_t value);
void report_instant (report_t *report, const char *key, const char *label, int64_t at_ms);

/* A list of rows; fields between report_row calls are its columns.  An empty list is said to be
 * empty. */
void report_list (report_t *report, const char *key, const char *label);
void report_row (report_t *report);
void report_list_end (report_t *report);

/* Ends the report.  Borrowed; without more fields afterwards. */
struct bytes report_bytes (report_t *report);

#endif
