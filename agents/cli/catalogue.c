/* Kinds and forms: looked up, and printed for who wants to know what can be said. */
#include "agents/cli/catalogue.h"

#include <stdio.h>
#include <string.h>

#include "agents/cli/form.h"
#include "agents/cli/out.h"
#include "agents/cli/rows.h"

const json_t *catalogue_kind_of (const json_t *catalogue, const char *kind)
{
	size_t i, j;
	json_t *thread, *row;

	json_array_foreach (json_object_get (catalogue, "threads"), i, thread)
		json_array_foreach (json_object_get (thread, "kinds"), j,
				    row) if (strcmp (out_get (row, "kind"), kind) ==
					     0) return row;
	return NULL;
}

const char *catalogue_opening (const json_t *catalogue, const char *type)
{
	size_t i, j;
	json_t *thread, *row;

	json_array_foreach (json_object_get (catalogue, "threads"), i, thread)
	{
		if (strcmp (out_get (thread, "type"), type) != 0)
			continue;
		json_array_foreach (json_object_get (thread, "transitions"), j, row) if (
			json_is_null (json_object_get (
				row, "from"))) return out_get (row, "kind");
	}
	return "";
}

const char *catalogue_about (const json_t *catalogue, const char *kind)
{
	size_t i, j;
	json_t *thread, *row;

	json_array_foreach (json_object_get (catalogue, "threads"), i, thread)
		json_array_foreach (json_object_get (thread, "kinds"), j,
				    row) if (strcmp (out_get (row, "kind"), kind) ==
					     0) return out_get (thread, "person");
	return "";
}

/* Required flags of the form, with "..." for their values. */
static void add_required (const json_t *fields, char text[OUT_TEXT])
{
	size_t i, len = strlen (text);
	json_t *field;

	json_array_foreach ((json_t *)fields, i, field)
	{
		if (!json_get_flag (field, "required", false) ||
		    *out_get (field, "flag") == '\0')
			continue;
		if (len < OUT_TEXT)
			len += (size_t)snprintf (text + len, OUT_TEXT - len, " --%s ...",
						 out_get (field, "flag"));
	}
}

static void add_required_rows (const json_t *groups, char text[OUT_TEXT])
{
	size_t i, len = strlen (text);
	json_t *group;

	json_array_foreach ((json_t *)groups, i, group)
	{
		char example[OUT_TEXT];

		if (json_get_number (group, "least", 0) > 0 && len < OUT_TEXT)
			len += (size_t)snprintf (
				text + len, OUT_TEXT - len, " --%s \"%s\"",
				out_get (group, "name"),
				rows_example (group, example, sizeof example));
	}
}

const char *catalogue_line (const json_t *catalogue, const char *kind, const char *number,
			    char text[OUT_TEXT])
{
	const struct command *command = command_of_kind (kind);
	const json_t *spec = catalogue_kind_of (catalogue, kind);

	if (command != NULL)
		snprintf (text, OUT_TEXT, "jembatan %s %s", command->name, number);
	else
		snprintf (text, OUT_TEXT, "jembatan send %s %s", kind, number);
	add_required (json_object_get (spec, "fields"), text);
	add_required_rows (json_object_get (spec, "groups"), text);
	return text;
}

/* ---- the command
 * ------------------------------------------------------------------------------ */

static void print_words (const struct cli *cli, const json_t *list, const char *id,
			 const char *en)
{
	char text[OUT_TEXT];
	size_t i;
	json_t *item;

	out_heading (cli, id, en);
	json_array_foreach ((json_t *)list, i, item)
		printf ("  %-22s %s\n", out_get (item, "code"),
			out_member (cli, item, "words", text));
}

/* Kinds that a person writes; the machine's own have no roles. */
static void print_kinds (const struct cli *cli, const json_t *thread)
{
	char text[OUT_TEXT];
	size_t i;
	json_t *kind;

	json_array_foreach (json_object_get (thread, "kinds"), i,
			    kind) if (json_array_size (json_object_get (kind, "roles")) >
				      0) printf ("  %-22s %s\n", out_get (kind, "kind"),
						 out_member (cli, kind, "words", text));
}

static void print_all (const struct cli *cli, const json_t *catalogue)
{
	size_t i;
	json_t *thread;

	json_array_foreach (json_object_get (catalogue, "threads"), i, thread)
	{
		const json_t *words = json_object_get (thread, "words");

		out_heading (cli, out_get (words, "id"), out_get (words, "en"));
		print_kinds (cli, thread);
	}
	print_words (cli, json_object_get (catalogue, "services"), "Layanan", "Services");
	print_words (cli, json_object_get (catalogue, "purposes"), "Tujuan", "Purposes");
	print_words (cli, json_object_get (catalogue, "labels"), "Jenis data",
		     "Data labels");
	out_say (cli, "Formulir satu jenis: jembatan kinds JENIS",
		 "The form of one kind: jembatan kinds KIND");
}

static err_t print_one (const struct cli *cli, const json_t *catalogue, const char *name)
{
	const json_t *kind = catalogue_kind_of (catalogue, name);
	const json_t *words = json_object_get (kind, "words");
	char text[OUT_TEXT];

	if (kind == NULL) {
		out_complain (cli,
			      "jenis surat %s tidak ada di katalog; lihat jembatan kinds",
			      "the kind of letter %s is not in the catalogue; see "
			      "jembatan kinds",
			      quoted (name));
		return ERR_UNKNOWN_KIND;
	}
	if (client_printed (cli, kind))
		return ERR_OK;
	out_heading (cli, out_get (words, "id"), out_get (words, "en"));
	printf ("  %s\n", catalogue_line (catalogue, name, "R-...", text));
	form_describe (cli, json_object_get (kind, "fields"),
		       json_object_get (kind, "groups"));
	return ERR_OK;
}

err_t run_kinds (struct cli *cli)
{
	json_t *catalogue;
	err_t err = args_finish (cli, 1);

	if (err == ERR_OK)
		err = client_ask (cli, "GET", "/v1/catalogue", NULL, &catalogue);
	if (err != ERR_OK)
		return err;
	if (cli->word_count == 1)
		err = print_one (cli, catalogue, cli->words[0]);
	else if (!client_printed (cli, catalogue))
		print_all (cli, catalogue);
	json_decref (catalogue);
	return err;
}

/* ---- for who keeps the catalogue
 * -------------------------------------------------------------- */

static err_t show_check (struct cli *cli, const json_t *answer)
{
	const json_t *problems = json_object_get (answer, "problems");
	int threads = (int)json_get_number (answer, "threads", 0);
	int kinds = (int)json_get_number (answer, "kinds", 0);
	size_t i;
	json_t *problem;

	json_array_foreach ((json_t *)problems, i, problem)
		out_complain_texts (cli, out_get (problem, "message_id"),
				    out_get (problem, "message_en"));
	if (json_array_size (problems) > 0)
		return ERR_CONFIG;
	out_sayf (cli, "%d jenis rangkaian, %d jenis surat, tidak ada yang salah.",
		  "%d thread types, %d kinds, nothing wrong.", threads, kinds);
	return ERR_OK;
}

static err_t show_text (struct cli *cli, const json_t *answer)
{
	fputs (out_get (answer, "text"), stdout);
	return ERR_OK;
}

static const struct view {
	const char *name, *path;
	size_t words; /* with its name */
	err_t (*show) (struct cli *cli, const json_t *answer);
} views[] = {
	{ "check", "/v1/catalogue/check", 1, show_check },
	{ "print", "/v1/catalogue/print", 1, show_text },
	{ "diagram", "/v1/catalogue/diagram", 2, show_text },
};

/* A thread's name needs no escapes in an address; anything else is no name. */
static err_t path_of (const struct cli *cli, const struct view *view, char path[128])
{
	const char *thread = cli->word_count > 1 ? cli->words[1] : "";

	if (strlen (thread) > 64 ||
	    strspn (thread, "abcdefghijklmnopqrstuvwxyz0123456789.-") != strlen (thread)) {
		out_complain (cli, "katalog ini tidak mempunyai rangkaian %s",
			      "this catalogue has no thread %s", quoted (thread));
		return ERR_NOT_FOUND;
	}
	snprintf (path, 128, "%s%s%s", view->path, *thread != '\0' ? "?thread=" : "", thread);
	return ERR_OK;
}

static err_t run_view (struct cli *cli, const struct view *view)
{
	json_t *answer;
	char path[128];
	err_t err = args_finish (cli, view->words);

	if (err == ERR_OK)
		err = path_of (cli, view, path);
	if (err == ERR_OK)
		err = client_ask (cli, "GET", path, NULL, &answer);
	if (err != ERR_OK)
		return err;
	if (!client_printed (cli, answer))
		err = view->show (cli, answer);
	json_decref (answer);
	return err;
}

err_t run_catalogue (struct cli *cli)
{
	for (size_t i = 0; cli->word_count > 0 && i < COUNT_OF (views); i++)
		if (strcmp (views[i].name, cli->words[0]) == 0)
			return run_view (cli, &views[i]);
	return run_kinds (cli);
}
