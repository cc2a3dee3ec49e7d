#include "hub/report.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jembatan/clock.h"

struct report {
	buffer_t *out;
	bool json;
	bool in_list, in_row;
	size_t fields, rows;         /* of the innermost object, of the list */
};

__attribute__ ((format (printf, 2, 3)))
static void add (report_t *report, const char *format, ...)
{
	char text[1024];
	va_list args;
	err_t err;

	va_start (args, format);
	vsnprintf (text, sizeof text, format, args);
	va_end (args);
	err = buffer_add (report->out, bytes_of_text (text));
	(void)err;   /* beyond the ceiling the report ends early; a person sees that */
}

report_t *report_new (bool json)
{
	report_t *report = must_alloc (sizeof *report);

	*report = (struct report){ .out = buffer_new (REPORT_BYTES_MAX), .json = json };
	if (json)
		add (report, "{");
	return report;
}

void report_destroy (report_t **report)
{
	if (*report == NULL)
		return;
	buffer_destroy (&(*report)->out);
	free (*report);
	*report = NULL;
}

static void begin_field (report_t *report, const char *key, const char *label)
{
	const char *comma = report->fields++ > 0 ? "," : "";

	if (report->json)
		add (report, "%s\"%s\":", comma, key);
	else if (report->in_list)
		add (report, "  %s=", key);
	else
		add (report, "%-46s ", label);
}

static void end_field (report_t *report)
{
	if (!report->json && !report->in_list)
		add (report, "\n");
}

/* Values come from the configuration, the directory and this program; quotes and control characters
 * in them are escaped all the same. */
static void add_quoted (report_t *report, const char *value)
{
	add (report, "\"");
	for (; *value != '\0'; value++) {
		unsigned char c = (unsigned char)*value;

		if (c == '"' || c == '\\' || c < 0x20)
			add (report, "\\u%04x", c);
		else
			add (report, "%c", c);
	}
	add (report, "\"");
}

void report_text (report_t *report, const char *key, const char *label, const char *value)
{
	begin_field (report, key, label);
	if (report->json)
		add_quoted (report, value);
	else
		add (report, "%s", *value != '\0' ? value : "-");
	end_field (report);
}

void report_number (report_t *report, const char *key, const char *label, int64_t value)
{
	begin_field (report, key, label);
	add (report, "%" PRId64, value);
	end_field (report);
}

void report_instant (report_t *report, const char *key, const char *label, int64_t at_ms)
{
	char text[INSTANT_TEXT] = "";

	report_text (report, key, label, at_ms != 0 ? instant_text (at_ms, text) : "");
}

void report_list (report_t *report, const char *key, const char *label)
{
	if (report->json)
		add (report, "%s\"%s\":[", report->fields > 0 ? "," : "", key);
	else
		add (report, "%s\n", label);
	report->in_list = true;
	report->rows = 0;
}

static void close_row (report_t *report)
{
	if (report->in_row)
		add (report, report->json ? "}" : "\n");
	report->in_row = false;
}

void report_row (report_t *report)
{
	close_row (report);
	if (report->json)
		add (report, "%s{", report->rows > 0 ? "," : "");
	report->in_row = true;
	report->rows++;
	report->fields = 0;
}

void report_list_end (report_t *report)
{
	close_row (report);
	if (report->json)
		add (report, "]");
	else if (report->rows == 0)
		add (report, "  (kosong / empty)\n");
	report->in_list = false;
	report->fields = 1;
}

struct bytes report_bytes (report_t *report)
{
	if (report->json)
		add (report, "}\n");
	return buffer_bytes (report->out);
}
