/* Answers as lines and tables; see answers.h. */
#include "agents/cli/answers.h"

#include <stdio.h>
#include <string.h>

#include "agents/cli/out.h"

#define INDENT 6

/* A date reads the same in both languages, so it is not said twice. */
static bool is_date (const json_t *answer)
{
	const char *type = out_get (answer, "type");

	return strcmp (type, "date") == 0 || strcmp (type, "instant") == 0;
}

static void print_lines (const struct cli *cli, const json_t *letter)
{
	char words[OUT_TEXT];
	size_t i;
	json_t *answer;

	json_array_foreach (json_object_get (letter, "answers"), i, answer)
	{
		printf ("%*s%s: ", INDENT, "", out_member (cli, answer, "words", words));
		if (is_date (answer) && cli->language == LANGUAGE_BOTH)
			puts (out_get (json_object_get (answer, "text"), "id"));
		else
			out_whole (cli, answer, "text");
	}
}

/* ---- remarks
 * ---------------------------------------------------------------------------------- */

/* The i-th remark about a row; row 0 of "" is the form itself.  NULL behind the last. */
static const json_t *remark_at (const json_t *letter, const char *group, size_t row,
				size_t which)
{
	size_t i;
	json_t *remark;

	json_array_foreach (
		json_object_get (letter, "remarks"), i,
		remark) if (strcmp (out_get (remark, "group"), group) == 0 &&
			    json_get_number (remark, "row", 0) == (int64_t)row &&
			    which-- == 0) return remark;
	return NULL;
}

static void print_remarks (const struct cli *cli, const json_t *letter)
{
	const json_t *remark;
	char text[OUT_TEXT];

	for (size_t i = 0; (remark = remark_at (letter, "", 0, i)) != NULL; i++)
		printf ("%*s* %s\n", INDENT, "", out_member (cli, remark, "words", text));
}

/* ---- tables
 * ----------------------------------------------------------------------------------- */

/* "analyte.code" of "analyte[2].code"; columns are told apart by what follows the row. */
static const char *column_of (const json_t *answer)
{
	const char *at = strchr (out_get (answer, "field"), ']');

	return at != NULL ? at + 1 : "";
}

static const json_t *cell_of (const json_t *row, const char *column)
{
	size_t i;
	json_t *answer;

	json_array_foreach ((json_t *)row, i, answer) if (
		strcmp (column_of (answer), column) == 0) return answer;
	return NULL;
}

struct columns {
	size_t count;
	const json_t *answers[TABLE_COLUMNS]; /* one of each, for its name and words */
};

static bool has_column (const struct columns *columns, const json_t *answer)
{
	for (size_t i = 0; i < columns->count; i++)
		if (strcmp (column_of (columns->answers[i]), column_of (answer)) == 0)
			return true;
	return false;
}

/* Columns that some row fills, in the order in which they come; one place is the row's
 * number. */
static void find_columns (const json_t *rows, struct columns *ret_columns)
{
	size_t i, k;
	json_t *row, *answer;

	ret_columns->count = 0;
	json_array_foreach ((json_t *)rows, i, row) json_array_foreach (row, k, answer)
	{
		if (ret_columns->count < TABLE_COLUMNS - 1 &&
		    !has_column (ret_columns, answer))
			ret_columns->answers[ret_columns->count++] = answer;
	}
}

static void add_cell (const struct cli *cli, table_t *table, const json_t *answer)
{
	const json_t *text = json_object_get (answer, "text");
	char words[OUT_TEXT];

	if (answer != NULL && is_date (answer))
		table_cell (table, out_get (text, cli->language == LANGUAGE_EN ? "en" : "id"));
	else
		table_cell (table,
			    answer != NULL ? out_member (cli, answer, "text", words) : "");
}

static void add_row (const struct cli *cli, table_t *table, const struct columns *columns,
		     const json_t *row, size_t number)
{
	char text[24];

	snprintf (text, sizeof text, "%zu", number);
	table_cell (table, text);
	for (size_t i = 0; i < columns->count; i++)
		add_cell (cli, table, cell_of (row, column_of (columns->answers[i])));
}

static void print_table (const struct cli *cli, const json_t *letter, const json_t *group)
{
	OWNED (table) table = table_new (cli);
	const json_t *rows = json_object_get (group, "rows"), *remark;
	struct columns columns;
	char text[OUT_TEXT];
	size_t i;
	json_t *row;

	if (json_array_size (rows) == 0)
		return;
	find_columns (rows, &columns);
	table_indent (table, INDENT + 2);
	table_column (table, "No", "No");
	for (i = 0; i < columns.count; i++) {
		const json_t *words = json_object_get (columns.answers[i], "words");

		table_column (table, out_get (words, "id"), out_get (words, "en"));
	}
	json_array_foreach (rows, i, row)
	{
		add_row (cli, table, &columns, row, i + 1);
		for (size_t k = 0; (remark = remark_at (letter, out_get (group, "group"),
							i + 1, k)) != NULL;
		     k++)
			table_note (table, out_member (cli, remark, "words", text));
	}
	printf ("%*s%s:\n", INDENT, "", out_member (cli, group, "words", text));
	table_print (table);
}

void answers_print (const struct cli *cli, const json_t *letter)
{
	size_t i;
	json_t *group;

	print_lines (cli, letter);
	json_array_foreach (json_object_get (letter, "tables"), i, group)
		print_table (cli, letter, group);
	print_remarks (cli, letter);
}
