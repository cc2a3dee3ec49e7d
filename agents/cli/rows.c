/* Rows of tables; see rows.h. */
#include "agents/cli/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/cli/form.h"
#include "agents/cli/out.h"

static const json_t *columns_of (const json_t *group)
{
	return json_object_get (group, "fields");
}

static const json_t *column_named (const json_t *group, const char *name)
{
	size_t i;
	json_t *column;

	json_array_foreach ((json_t *)columns_of (group), i, column) if (
		strcmp (out_get (column, "name"), name) == 0) return column;
	return NULL;
}

/* ---- one row from its flag
 * -------------------------------------------------------------------- */

/*
 * Splits "code=19554-5,note=\"kering, keruh\"" in place: ret_key and ret_value are the
 * next pair, and what is returned follows it, NULL at the end.  A quote within quotes is
 * written twice.  *ret_key is NULL where a pair has no =.
 */
static char *next_pair (char *at, char **ret_key, char **ret_value)
{
	char *to;
	bool quotes;

	at += strspn (at, " ");
	*ret_key = at;
	at += strcspn (at, "=,");
	if (*at != '=') {
		*ret_key = NULL;
		return NULL;
	}
	*at++ = '\0';
	quotes = *at == '"';
	*ret_value = to = at += quotes ? 1 : 0;
	for (; *at != '\0' && (quotes || *at != ','); *to++ = *at++) {
		if (!quotes || *at != '"')
			continue;
		if (*++at != '"')
			quotes = false;
		if (!quotes)
			break;
	}
	at += strspn (at, " ");
	if (quotes || (*at != '\0' && *at != ','))
		*ret_key = NULL; /* the quote has no end, or something follows it */
	at = *at == ',' ? at + 1 : NULL;
	*to = '\0';
	return at;
}

static void list_columns (const json_t *group, char text[OUT_TEXT])
{
	size_t i, len = 0;
	json_t *column;

	text[0] = '\0';
	json_array_foreach ((json_t *)columns_of (group), i, column) if (len < OUT_TEXT)
		len += (size_t)snprintf (text + len, OUT_TEXT - len, "%s%s",
					 i > 0 ? ", " : "", out_get (column, "name"));
}

static err_t refuse_pair (const struct cli *cli, const json_t *group)
{
	out_complain (cli,
		      "--%s: tulis KOLOM=NILAI dengan koma di antaranya; nilai yang berisi "
		      "koma ditulis dalam tanda kutip: catatan=\"a, b\"",
		      "--%s: write COLUMN=VALUE with commas between them; a value with "
		      "commas goes into quotes: note=\"a, b\"",
		      out_get (group, "name"));
	return ERR_USAGE;
}

static err_t refuse_column (const struct cli *cli, const json_t *group, const char *key)
{
	char columns[OUT_TEXT];

	list_columns (group, columns);
	out_complain (cli, "--%s: tidak ada kolom %s; pilih: %s",
		      "--%s: there is no column %s; choose: %s", out_get (group, "name"),
		      quoted (key), columns);
	return ERR_USAGE;
}

static err_t take_pair (const struct cli *cli, const json_t *group, json_t *row,
			const char *key, const char *value)
{
	const json_t *column = column_named (group, key);

	if (column == NULL)
		return refuse_column (cli, group, key);
	if (json_object_get (row, key) != NULL) {
		out_complain (cli, "--%s: kolom %s diisi dua kali",
			      "--%s: the column %s is given twice",
			      out_get (group, "name"), key);
		return ERR_USAGE;
	}
	json_object_set_new (row, key, form_value (column, value));
	return ERR_OK;
}

static err_t take_row (const struct cli *cli, const json_t *group, const char *text,
		       json_t *rows)
{
	char *copy = must_text (text), *at = copy, *key = NULL, *value = NULL;
	json_t *row = json_object ();
	err_t err = ERR_OK;

	while (err == ERR_OK && at != NULL) {
		at = next_pair (at, &key, &value);
		err = key != NULL ? take_pair (cli, group, row, key, value)
				  : refuse_pair (cli, group);
	}
	if (err == ERR_OK)
		json_array_append (rows, row);
	json_decref (row);
	free (copy);
	return err;
}

err_t rows_take (struct cli *cli, const json_t *group, json_t *answers)
{
	json_t *rows = json_array ();
	err_t err = ERR_OK;

	for (size_t i = 0; i < cli->flag_count && err == ERR_OK; i++) {
		if (strcmp (cli->flags[i].name, out_get (group, "name")) != 0)
			continue;
		cli->flags[i].used = true;
		err = take_row (cli, group, cli->flags[i].value, rows);
	}
	if (json_array_size (rows) > 0)
		json_object_set (answers, out_get (group, "name"), rows);
	json_decref (rows);
	return err;
}

/* ---- questions
 * -------------------------------------------------------------------------------- */

static size_t rows_of (const json_t *group, const json_t *answers)
{
	return json_array_size (json_object_get (answers, out_get (group, "name")));
}

bool rows_missing (const json_t *group, const json_t *answers)
{
	return (int64_t)rows_of (group, answers) < json_get_number (group, "least", 0);
}

static err_t ask_row (const struct cli *cli, const json_t *group, size_t number,
		      json_t *rows)
{
	json_t *row = json_object (), *column;
	char words[OUT_TEXT];
	err_t err = ERR_OK;
	size_t i;

	out_member (cli, group, "words", words);
	fprintf (stderr, "\n%s %zu\n", words, number);
	json_array_foreach ((json_t *)columns_of (group), i, column)
	{
		if (err == ERR_OK && strcmp (out_get (column, "type"), "attachment") != 0)
			err = form_ask_field (cli, column, row);
	}
	if (err == ERR_OK && json_object_size (row) > 0)
		json_array_append (rows, row);
	json_decref (row);
	return err;
}

/* A row that the table may do without is offered, not demanded. */
static bool wants_row (const struct cli *cli, const json_t *group, size_t number)
{
	char question_id[OUT_TEXT], question_en[OUT_TEXT];
	const json_t *words = json_object_get (group, "words");

	if ((int64_t)number <= json_get_number (group, "least", 0))
		return true;
	snprintf (question_id, sizeof question_id, "%.200s %zu: isi? (ya; Enter = selesai)",
		  out_get (words, "id"), number);
	snprintf (question_en, sizeof question_en, "%.200s %zu: fill in? (yes; Enter = done)",
		  out_get (words, "en"), number);
	return form_ask_whether (cli, question_id, question_en);
}

err_t rows_ask (const struct cli *cli, const json_t *group, json_t *answers)
{
	json_t *rows = json_array ();
	int64_t most = json_get_number (group, "most", 1);
	err_t err = ERR_OK;

	for (size_t row = 1; err == ERR_OK && (int64_t)row <= most; row++) {
		if (!wants_row (cli, group, row))
			break;
		err = ask_row (cli, group, row, rows);
	}
	if (err == ERR_OK && json_array_size (rows) > 0)
		json_object_set (answers, out_get (group, "name"), rows);
	json_decref (rows);
	return err;
}

/* ---- describing
 * ------------------------------------------------------------------------------- */

const char *rows_example (const json_t *group, char *text, size_t size)
{
	size_t i, len = 0;
	json_t *column;

	text[0] = '\0';
	json_array_foreach ((json_t *)columns_of (group), i, column)
	{
		if (json_get_flag (column, "required", false) && len < size)
			len += (size_t)snprintf (text + len, size - len, "%s%s=...",
						 len > 0 ? "," : "",
						 out_get (column, "name"));
	}
	return text;
}

void rows_describe (const struct cli *cli, const json_t *group)
{
	char words[OUT_TEXT], example[OUT_TEXT];
	int least = (int)json_get_number (group, "least", 0);
	int most = (int)json_get_number (group, "most", 0);
	size_t i;
	json_t *column;

	printf ("  --%s \"%s\"  %s %s (%d-%d)\n", out_get (group, "name"),
		rows_example (group, example, sizeof example), least > 0 ? "*" : " ",
		out_member (cli, group, "words", words), least, most);
	json_array_foreach ((json_t *)columns_of (group), i, column)
		form_describe_column (cli, column);
}
