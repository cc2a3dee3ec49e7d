/*
 * What a person reads: words in their language, dates with their distance, tables that
 * fit.
 */
#ifndef AGENTS_CLI_OUT_H
#define AGENTS_CLI_OUT_H

#include "agents/cli/cli.h"

#define OUT_TEXT 512

/* The same run in one language: for values inside of a sentence that is said in both. */
struct cli out_only (const struct cli *cli, enum language language);

/* "diterima", "accepted" or "diterima / accepted", into the text, which is returned. */
const char *out_words (const struct cli *cli, const char *id, const char *en,
		       char text[OUT_TEXT]);

/* The same of a member {"id", "en"}; "" when it is missing. */
const char *out_member (const struct cli *cli, const json_t *object, const char *name,
			char text[OUT_TEXT]);

/* Prints a member {"id", "en"} of any length to the end of the line. */
void out_whole (const struct cli *cli, const json_t *object, const char *name);

/* A sentence on a line: with both languages, the English one follows on its own line. */
void out_say (const struct cli *cli, const char *id, const char *en);
void out_sayf (const struct cli *cli, const char *format_id, const char *format_en, ...)
	__attribute__ ((format (printf, 2, 4), format (printf, 3, 4)));

/* The same on standard error; the first with two finished sentences. */
/* The "warnings" beside an answer, to standard error; nothing with --json. */
void out_warnings (const struct cli *cli, const json_t *answer);
void out_complain_texts (const struct cli *cli, const char *id, const char *en);
void out_complain (const struct cli *cli, const char *format_id, const char *format_en,
		   ...) __attribute__ ((format (printf, 2, 4), format (printf, 3, 4)));

/* "25 November 2026 10.15 WIB" of the member `name`; "" when it is null. */
const char *out_time (const struct cli *cli, const json_t *object, const char *name,
		      char text[OUT_TEXT]);

/* As out_time, with the distance behind: "... (3 hari lagi / in 3 days)". */
const char *out_due (const struct cli *cli, const json_t *object, const char *name,
		     char text[OUT_TEXT]);

/* The distance alone, seen from now_ms. */
const char *out_distance (const struct cli *cli, int64_t at_ms, int64_t now_ms,
			  char text[OUT_TEXT]);

/* "  Batas waktu / Deadline: ..." unless the value is empty. */
void out_line (const struct cli *cli, const char *id, const char *en, const char *value);
void out_heading (const struct cli *cli, const char *id, const char *en);

/* A JSON value as a person reads it; never NULL. */
const char *out_get (const json_t *object, const char *name);

/* ---- table.c ---- */

#define TABLE_COLUMNS 16

typedef struct table table_t;

/* Headings come as pairs id, en; the columns in order. */
table_t *table_new (const struct cli *cli);
void table_destroy (table_t **table);
void table_column (table_t *table, const char *id, const char *en);
/* Copies one cell; a row is full after one cell per column. */
void table_cell (table_t *table, const char *text);
/* A line under the row that was filled last, never cut. */
void table_note (table_t *table, const char *text);
/* Every line begins with so many blanks. */
void table_indent (table_t *table, size_t indent);
/* Prints it, cut to the terminal's width: the widest column gives way first. */
void table_print (const table_t *table);

#endif
