/* Answers from flags, files and questions. */
#include "agents/cli/form.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "agents/cli/out.h"
#include "agents/cli/rows.h"

/* ---- values
 * ----------------------------------------------------------------------------------- */

/* "5.000.000", "Rp5.000.000" and "5000000" are one amount; dots group only in amounts. */
static json_t *whole_number (const char *text, bool amount)
{
	char digits[32], *end, *at = digits;
	long long number;

	if (amount && strncasecmp (text, "Rp", 2) == 0)
		text += 2;
	for (; *text != '\0' && at < digits + sizeof digits - 1; text++)
		if (!amount || strchr (". ", *text) == NULL)
			*at++ = *text;
	*at = '\0';
	number = strtoll (digits, &end, 10);
	return digits[0] != '\0' && *end == '\0' && *text == '\0' ? json_integer (number)
								  : NULL;
}

static json_t *yes_or_no (const char *text)
{
	static const char *const yes[] = { "ya", "y", "yes", "true", NULL };
	static const char *const no[] = { "tidak", "t", "no", "n", "false", NULL };

	for (size_t i = 0; yes[i] != NULL; i++)
		if (strcasecmp (yes[i], text) == 0)
			return json_true ();
	for (size_t i = 0; no[i] != NULL; i++)
		if (strcasecmp (no[i], text) == 0)
			return json_false ();
	return NULL;
}

static json_t *typed_value (const char *type, const char *text)
{
	if (strcmp (type, "attachment") == 0)
		return json_pack ("{s:s}", "file", text);
	if (strcmp (type, "integer") == 0)
		return whole_number (text, false);
	if (strcmp (type, "rupiah") == 0)
		return whole_number (text, true);
	if (strcmp (type, "boolean") == 0)
		return yes_or_no (text);
	return json_string (text);
}

json_t *form_value (const json_t *field, const char *text)
{
	json_t *value;

	if (strcmp (text, "@declined") == 0 || strcmp (text, "@not-asked") == 0)
		return json_pack ("{s:s}", "absent", text + 1);
	value = typed_value (out_get (field, "type"), text);
	return value != NULL ? value : json_string (text);
}

/* ---- does it fit: for asking again, the agent has the last word
 * ------------------------------- */

static bool is_code_of (const json_t *field, const char *text)
{
	const json_t *codes = json_object_get (field, "codes"), *code;
	size_t i;

	if (json_array_size (codes) == 0)
		return true;
	json_array_foreach ((json_t *)codes, i, code) if (strcmp (out_get (code, "code"),
								  text) == 0) return true;
	return false;
}

static bool has_shape (const char *text, const char *shape)
{
	for (; *shape != '\0'; shape++, text++)
		if (*shape == '9' ? *text < '0' || *text > '9' : *shape != *text)
			return false;
	return true;
}

static bool fits (const json_t *field, const char *text)
{
	const char *type = out_get (field, "type");
	json_t *value;
	bool typed;

	if (text[0] == '@')
		return strcmp (text, "@declined") == 0 ||
		       strcmp (text, "@not-asked") == 0;
	if (strcmp (type, "code") == 0)
		return is_code_of (field, text);
	if (strcmp (type, "date") == 0)
		return has_shape (text, "9999-99-99") && text[10] == '\0';
	if (strcmp (type, "instant") == 0)
		return has_shape (text, "9999-99-99");
	value = typed_value (type, text);
	typed = value != NULL;
	json_decref (value);
	return typed;
}

/* ---- questions
 * -------------------------------------------------------------------------------- */

static char *read_line (void)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t len = getline (&line, &room, stdin);

	if (len < 0 || (size_t)len > LIMIT_TEXT_BYTES) {
		free (line);
		return NULL;
	}
	while (len > 0 && strchr ("\r\n ", line[len - 1]) != NULL)
		line[--len] = '\0';
	return line;
}

char *form_ask (const struct cli *cli, const char *id, const char *en)
{
	for (;;) {
		char text[OUT_TEXT], *line;

		fprintf (stderr, "%s: ", out_words (cli, id, en, text));
		line = read_line ();
		if (line == NULL || *line != '\0')
			return line;
		free (line);
	}
}

bool form_ask_whether (const struct cli *cli, const char *id, const char *en)
{
	char text[OUT_TEXT], *line;
	json_t *answer;
	bool yes;

	fprintf (stderr, "%s: ", out_words (cli, id, en, text));
	line = read_line ();
	answer = line != NULL ? yes_or_no (line) : NULL;
	yes = json_is_true (answer);
	json_decref (answer);
	free (line);
	return yes;
}

static void print_choices (const struct cli *cli, const json_t *field)
{
	char text[OUT_TEXT];
	size_t i;
	json_t *code;

	json_array_foreach (json_object_get (field, "codes"), i, code)
		fprintf (stderr, "  %2zu  %-20s %s\n", i + 1, out_get (code, "code"),
			 out_member (cli, code, "words", text));
}

static void print_question (const struct cli *cli, const json_t *field)
{
	const json_t *hint = json_object_get (field, "hint");
	bool required = json_get_flag (field, "required", false);
	char text[OUT_TEXT];

	print_choices (cli, field);
	fprintf (stderr, "%s%s", out_member (cli, field, "words", text),
		 required ? " *" : "");
	if (*out_get (hint, "id") != '\0')
		fprintf (stderr, " [%s]", out_member (cli, field, "hint", text));
	fputs (": ", stderr);
}

/* A choice may be answered by its number. */
static const char *chosen (const json_t *field, const char *line)
{
	const json_t *codes = json_object_get (field, "codes");
	char *end;
	unsigned long n = strtoul (line, &end, 10);

	if (*end == '\0' && n >= 1 && n <= json_array_size (codes))
		return out_get (json_array_get (codes, n - 1), "code");
	return line;
}

err_t form_ask_field (const struct cli *cli, const json_t *field, json_t *answers)
{
	for (;;) {
		char *line;
		const char *text;

		print_question (cli, field);
		line = read_line ();
		if (line == NULL)
			return ERR_USAGE;
		text = chosen (field, line);
		if (*text != '\0' && fits (field, text))
			json_object_set_new (answers, out_get (field, "name"),
					     form_value (field, text));
		if ((*text != '\0' && fits (field, text)) ||
		    (*text == '\0' && !json_get_flag (field, "required", false))) {
			free (line);
			return ERR_OK;
		}
		out_complain (cli, "jawaban %s belum sesuai; coba lagi",
			      "the answer %s does not fit; try again", quoted (text));
		free (line);
	}
}

/* ---- flags
 * ------------------------------------------------------------------------------------ */

static bool is_many (const json_t *field)
{
	return json_get_flag (field, "many", false);
}

static void take_flags (struct cli *cli, const json_t *field, json_t *answers)
{
	const char *flag = out_get (field, "flag"), *name = out_get (field, "name");
	json_t *many = is_many (field) ? json_array () : NULL;

	for (size_t i = 0; i < cli->flag_count; i++) {
		if (*flag == '\0' || strcmp (cli->flags[i].name, flag) != 0)
			continue;
		cli->flags[i].used = true;
		if (many != NULL)
			json_array_append_new (many,
					       form_value (field, cli->flags[i].value));
		else
			json_object_set_new (answers, name,
					     form_value (field, cli->flags[i].value));
	}
	if (json_array_size (many) > 0)
		json_object_set (answers, name, many);
	json_decref (many);
}

/* ---- the whole form
 * --------------------------------------------------------------------------- */

/* A field without a flag is filled by the agent, from the person's record. */
static bool is_asked (const json_t *field)
{
	return *out_get (field, "flag") != '\0' &&
	       strcmp (out_get (field, "type"), "attachment") != 0;
}

static bool is_missing (const json_t *field, const json_t *answers)
{
	return is_asked (field) && json_get_flag (field, "required", false) &&
	       json_object_get (answers, out_get (field, "name")) == NULL;
}

static bool any_missing (const json_t *fields, const json_t *groups,
			 const json_t *answers)
{
	size_t i;
	json_t *one;

	json_array_foreach ((json_t *)fields, i,
			    one) if (is_missing (one, answers)) return true;
	json_array_foreach ((json_t *)groups, i,
			    one) if (rows_missing (one, answers)) return true;
	return false;
}

static err_t ask_fields (const struct cli *cli, const json_t *fields, json_t *answers)
{
	err_t err = ERR_OK;
	size_t i;
	json_t *field;

	json_array_foreach ((json_t *)fields, i, field)
	{
		if (err == ERR_OK && is_asked (field) &&
		    json_object_get (answers, out_get (field, "name")) == NULL)
			err = form_ask_field (cli, field, answers);
	}
	return err;
}

static err_t ask_tables (const struct cli *cli, const json_t *groups, json_t *answers)
{
	err_t err = ERR_OK;
	size_t i;
	json_t *group;

	json_array_foreach ((json_t *)groups, i, group)
	{
		if (err == ERR_OK &&
		    json_object_get (answers, out_get (group, "name")) == NULL)
			err = rows_ask (cli, group, answers);
	}
	return err;
}

static err_t ask_rest (const struct cli *cli, const json_t *fields, const json_t *groups,
		       json_t *answers)
{
	err_t err;

	out_complain (
		cli,
		"Isian bertanda * wajib; Enter melewati yang lain, Ctrl-D membatalkan.",
		"Fields with * are required; Enter skips others, Ctrl-D cancels.");
	err = ask_fields (cli, fields, answers);
	if (err == ERR_OK)
		err = ask_tables (cli, groups, answers);
	if (err != ERR_OK)
		out_complain (cli, "\ndibatalkan; tidak ada yang dikirim",
			      "\ncancelled; nothing was sent");
	return err;
}

err_t form_fill (struct cli *cli, const json_t *fields, const json_t *groups,
		 const json_t *given, json_t **ret_answers)
{
	json_t *answers = given != NULL ? json_deep_copy (given) : json_object ();
	err_t err = ERR_OK;
	size_t i;
	json_t *one;

	json_decref (cli->fields);
	cli->fields = json_incref ((json_t *)fields);
	json_array_foreach ((json_t *)fields, i, one) take_flags (cli, one, answers);
	json_array_foreach ((json_t *)groups, i, one)
	{
		if (err == ERR_OK)
			err = rows_take (cli, one, answers);
	}
	if (err == ERR_OK && cli->asks && any_missing (fields, groups, answers))
		err = ask_rest (cli, fields, groups, answers);
	if (err == ERR_OK)
		*ret_answers = answers;
	else
		json_decref (answers);
	return err;
}

/* ---- files
 * ------------------------------------------------------------------------------------ */

static err_t read_input (json_t **ret_object, problems_t *problems)
{
	buffer_t *buffer = buffer_new (LIMIT_HTTP_BODY_BYTES);
	uint8_t chunk[4096];
	size_t len;
	err_t err = ERR_OK;

	while (err == ERR_OK && (len = fread (chunk, 1, sizeof chunk, stdin)) > 0)
		err = buffer_add (buffer, (struct bytes){ chunk, len });
	if (err == ERR_OK)
		err = json_read (buffer_bytes (buffer), ret_object, problems);
	buffer_destroy (&buffer);
	return err;
}

static err_t not_readable (const struct cli *cli, const char *path, err_t err,
			   const problems_t *problems)
{
	const struct problem *problem;

	out_complain (cli, "formulir %s tidak dapat dipakai", "the form %s can't be used",
		      path);
	for (size_t i = 0; (problem = problems_at (problems, i)) != NULL; i++)
		out_complain_texts (cli, problem->text_id, problem->text_en);
	return err;
}

err_t form_file (struct cli *cli, json_t **ret_object)
{
	OWNED (problems) problems = problems_new ();
	const char *path = args_flag (cli, "form");
	json_t *object = NULL;
	err_t err;

	if (path == NULL) {
		*ret_object = json_object ();
		return ERR_OK;
	}
	if (strcmp (path, "-") == 0)
		err = read_input (&object, problems);
	else
		err = json_read_file (path, &object, problems);
	if (err != ERR_OK)
		return not_readable (cli, path, err, problems);
	if (json_is_object (object)) {
		*ret_object = object;
		return ERR_OK;
	}
	json_decref (object);
	return not_readable (cli, path, ERR_INVALID, problems);
}

/* ---- describing
 * ------------------------------------------------------------------------------- */

static void describe_codes (const struct cli *cli, const json_t *field)
{
	size_t i;
	json_t *code;
	char text[OUT_TEXT];

	json_array_foreach (json_object_get (field, "codes"), i, code)
		printf ("        %-22s %s\n", out_get (code, "code"),
			out_member (cli, code, "words", text));
}

static void describe_field (const struct cli *cli, const json_t *field, const char *name)
{
	char words[OUT_TEXT];

	printf ("  %-24s%s %s%s\n", name, json_get_flag (field, "required", false) ? "*" : " ",
		out_member (cli, field, "words", words), is_many (field) ? " ..." : "");
	describe_codes (cli, field);
}

void form_describe_column (const struct cli *cli, const json_t *column)
{
	char name[64];

	snprintf (name, sizeof name, "    %s= %s", out_get (column, "name"),
		  out_get (column, "type"));
	describe_field (cli, column, name);
}

void form_describe (const struct cli *cli, const json_t *fields, const json_t *groups)
{
	size_t i;
	json_t *one;

	json_array_foreach ((json_t *)fields, i, one)
	{
		char flag[64];

		if (*out_get (one, "flag") == '\0')
			continue;
		snprintf (flag, sizeof flag, "--%s %s", out_get (one, "flag"),
			  is_asked (one) ? out_get (one, "type") : "[LABEL=]FILE");
		describe_field (cli, one, flag);
	}
	json_array_foreach ((json_t *)groups, i, one) rows_describe (cli, one);
}
