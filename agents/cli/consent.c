/* Consent: given clause by clause, shown with its holders, withdrawn. */
#include <stdio.h>
#include <string.h>

#include "agents/cli/form.h"
#include "agents/cli/out.h"
#include "agents/cli/people.h"

/* ---- giving
 * ----------------------------------------------------------------------------------- */

/* "health,identity" */
static json_t *split (const char *text)
{
	json_t *list = json_array ();

	while (*text != '\0') {
		size_t len = strcspn (text, ",");

		if (len > 0)
			json_array_append_new (list, json_stringn (text, len));
		text += len + (text[len] == ',' ? 1 : 0);
	}
	return list;
}

/* clang-format off */
static const struct { const char *flag, *member; } clause_flags[] = {
	{ "to",      "recipient" },
	{ "to-kind", "recipient_kind" },
	{ "region",  "recipient_region" },
	{ "purpose", "purpose" },
	{ "labels",  "labels" },
	{ "until",   "valid_to" },
};
/* clang-format on */

static const char *clause_member (const char *flag)
{
	for (size_t i = 0; i < COUNT_OF (clause_flags); i++)
		if (strcmp (clause_flags[i].flag, flag) == 0)
			return clause_flags[i].member;
	return NULL;
}

static void set_member (json_t *clause, const char *member, const char *value)
{
	json_object_set_new (clause, member,
			     strcmp (member, "labels") == 0 ? split (value)
							    : json_string (value));
}

/* Each --to (or --to-kind) begins a clause; what was said before the first holds for all.
 */
static json_t *clauses_of (struct cli *cli)
{
	json_t *clauses = json_array (), *common = json_object (), *now = common;

	for (size_t i = 0; i < cli->flag_count; i++) {
		const char *member = clause_member (cli->flags[i].name);

		if (member == NULL)
			continue;
		cli->flags[i].used = true;
		if (strncmp (cli->flags[i].name, "to", 2) == 0) {
			now = json_deep_copy (common);
			json_array_append_new (clauses, now);
		}
		set_member (now, member, cli->flags[i].value);
	}
	json_decref (common);
	return clauses;
}

/* A file has "clauses" itself. */
static err_t read_clauses (struct cli *cli, json_t **ret_body)
{
	err_t err;

	if (args_has (cli, "form"))
		return form_file (cli, ret_body);
	*ret_body = json_pack ("{s:o}", "clauses", clauses_of (cli));
	err = json_array_size (json_object_get (*ret_body, "clauses")) > 0 ? ERR_OK
									   : ERR_USAGE;
	if (err != ERR_OK) {
		out_complain (
			cli,
			"sebutkan penerima dengan --to INSTANSI atau --to-kind JENIS",
			"name the recipient with --to AGENCY or --to-kind KIND");
		json_decref (*ret_body);
	}
	return err;
}

static const char *recipient_text (const struct cli *cli, const json_t *clause,
				   char text[OUT_TEXT])
{
	const json_t *recipient = json_object_get (clause, "recipient");

	if (json_object_get (recipient, "name") != NULL)
		return out_member (cli, recipient, "name", text);
	snprintf (text, OUT_TEXT, "%s %s", out_get (recipient, "kind"),
		  out_get (recipient, "region"));
	return text;
}

static const char *labels_text (const json_t *clause, char text[OUT_TEXT])
{
	size_t i, len = 0;
	json_t *label;

	text[0] = '\0';
	json_array_foreach (json_object_get (clause, "labels"), i,
			    label) if (len < OUT_TEXT) len +=
		(size_t)snprintf (text + len, OUT_TEXT - len, "%s%s", i > 0 ? ", " : "",
				  json_string_value (label));
	return text;
}

static void print_clauses (const struct cli *cli, const json_t *items)
{
	OWNED (table) table = table_new (cli);
	size_t i;
	json_t *clause;

	table_column (table, "Klausul", "Clause");
	table_column (table, "Penerima", "Recipient");
	table_column (table, "Tujuan", "Purpose");
	table_column (table, "Data", "Data");
	table_column (table, "Sampai", "Until");
	table_column (table, "Ditarik", "Withdrawn");
	json_array_foreach ((json_t *)items, i, clause)
	{
		char text[OUT_TEXT];

		table_cell (table, out_get (clause, "id"));
		table_cell (table, recipient_text (cli, clause, text));
		table_cell (table, out_member (cli, clause, "purpose_words", text));
		table_cell (table, labels_text (clause, text));
		table_cell (table, out_time (cli, clause, "valid_to", text));
		table_cell (table, out_time (cli, clause, "withdrawn", text));
	}
	table_print (table);
}

static err_t give (struct cli *cli, const char *path)
{
	json_t *body, *answer;
	err_t err = read_clauses (cli, &body);

	if (err != ERR_OK)
		return err;
	err = args_finish (cli, 1);
	if (err != ERR_OK) {
		json_decref (body);
		return err;
	}
	err = client_ask (cli, "POST", path, body, &answer);
	if (err != ERR_OK)
		return err;
	if (!client_printed (cli, answer)) {
		const json_t *items = json_object_get (answer, "items");

		out_sayf (cli, "Klausul persetujuan dicatat dan ditandatangani: %zu.",
			  "Consent clauses recorded and signed: %zu.",
			  json_array_size (items));
		print_clauses (cli, items);
	}
	json_decref (answer);
	return ERR_OK;
}

/* ---- showing
 * ---------------------------------------------------------------------------------- */

static void print_holder (const struct cli *cli, const json_t *holder)
{
	char name[OUT_TEXT], since[OUT_TEXT], told[OUT_TEXT], stopped[OUT_TEXT];

	printf ("  - %s: ",
		out_member (cli, json_object_get (holder, "agency"), "name", name));
	out_time (cli, holder, "since", since);
	out_time (cli, holder, "told", told);
	out_time (cli, holder, "stopped", stopped);
	if (*stopped != '\0')
		printf ("%s %s\n", cli->language == LANGUAGE_EN ? "stopped" : "berhenti",
			stopped);
	else if (*told != '\0')
		printf ("%s %s\n", cli->language == LANGUAGE_EN ? "told" : "diberi tahu",
			told);
	else
		printf ("%s %s\n", cli->language == LANGUAGE_EN ? "since" : "sejak",
			since);
}

static void print_holders (const struct cli *cli, const json_t *items)
{
	size_t i, j;
	json_t *clause, *holder;

	json_array_foreach ((json_t *)items, i, clause)
	{
		const json_t *holders = json_object_get (clause, "holders");

		if (json_array_size (holders) > 0)
			out_heading (cli, "Pemegang data", "Holders of data");
		json_array_foreach ((json_t *)holders, j, holder)
			print_holder (cli, holder);
	}
}

static err_t show (struct cli *cli, const char *path)
{
	json_t *answer;
	err_t err = args_finish (cli, 1);

	if (err == ERR_OK)
		err = client_ask (cli, "GET", path, NULL, &answer);
	if (err != ERR_OK)
		return err;
	if (!client_printed (cli, answer)) {
		const json_t *items = json_object_get (answer, "items");

		if (json_array_size (items) == 0)
			out_say (cli, "Belum ada persetujuan.", "No consent yet.");
		else
			print_clauses (cli, items);
		print_holders (cli, items);
	}
	json_decref (answer);
	return ERR_OK;
}

/* ---- withdrawing
 * ------------------------------------------------------------------------------ */

static json_t *withdrawal_of (struct cli *cli)
{
	json_t *body = json_object ();
	const char *clause = args_flag (cli, "clause"), *said = args_flag (cli, "said");

	if (clause != NULL)
		json_object_set_new (body, "clause", json_string (clause));
	if (args_has (cli, "all"))
		json_object_set_new (body, "all", json_true ());
	if (said != NULL)
		json_object_set_new (body, "said", json_string (said));
	return body;
}

static void print_withdrawn (const struct cli *cli, const json_t *answer)
{
	struct cli id = out_only (cli, LANGUAGE_ID), en = out_only (cli, LANGUAGE_EN);
	int count = (int)json_get_number (answer, "withdrawn", 0);
	char by_id[OUT_TEXT], by_en[OUT_TEXT], text_id[2 * OUT_TEXT],
		text_en[2 * OUT_TEXT];

	snprintf (text_id, sizeof text_id,
		  "Klausul yang ditarik: %d; semua pemegang data harus berhenti sebelum "
		  "%s.",
		  count, out_due (&id, answer, "stop_by", by_id));
	snprintf (text_en, sizeof text_en,
		  "Clauses withdrawn: %d; every holder must stop before %s.", count,
		  out_due (&en, answer, "stop_by", by_en));
	out_say (cli, text_id, text_en);
}

static err_t withdraw (struct cli *cli, const char *path)
{
	json_t *body = withdrawal_of (cli), *answer;
	char full[160];
	err_t err = args_finish (cli, 1);

	if (err != ERR_OK) {
		json_decref (body);
		return err;
	}
	snprintf (full, sizeof full, "%s/withdraw", path);
	err = client_ask (cli, "POST", full, body, &answer);
	if (err != ERR_OK)
		return err;
	if (!client_printed (cli, answer))
		print_withdrawn (cli, answer);
	json_decref (answer);
	return ERR_OK;
}

/* ---- the command
 * ------------------------------------------------------------------------------ */

/* clang-format off */
static const struct { const char *name; err_t (*run) (struct cli *cli, const char *path); } verbs[] = {
	{ "give",     give },
	{ "show",     show },
	{ "withdraw", withdraw },
};
/* clang-format on */

static err_t run_verb (struct cli *cli, err_t (*run) (struct cli *cli, const char *path))
{
	const char *person = args_flag (cli, "person");
	char id[UUID_TEXT], path[128];
	err_t err;

	if (person == NULL && cli->word_count == 2) {
		person = cli->words[1];
		cli->word_count = 1;
	}
	if (person == NULL) {
		out_complain (cli, "sebutkan klien dengan --person NOMOR",
			      "name the client with --person NUMBER");
		return ERR_USAGE;
	}
	err = people_find (cli, person, id);
	if (err != ERR_OK)
		return err;
	snprintf (path, sizeof path, "/v1/people/%s/consents", id);
	return run (cli, path);
}

err_t run_consent (struct cli *cli)
{
	const char *verb;
	err_t err = args_word (cli, 0, "give, show, atau withdraw",
			       "give, show or withdraw", &verb);

	if (err != ERR_OK)
		return err;
	for (size_t i = 0; i < COUNT_OF (verbs); i++)
		if (strcmp (verbs[i].name, verb) == 0)
			return run_verb (cli, verbs[i].run);
	out_complain (cli, "consent %s tidak dikenal; pilih give, show, atau withdraw",
		      "there is no consent %s; choose give, show or withdraw",
		      quoted (verb));
	return ERR_USAGE;
}
