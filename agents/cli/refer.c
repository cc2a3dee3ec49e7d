/*
 * Writing letters: a referral that opens, and every kind that follows.  What a form asks
 * comes from the catalogue; around it stand the few flags that every letter knows.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/cli/attachment.h"
#include "agents/cli/catalogue.h"
#include "agents/cli/form.h"
#include "agents/cli/letter.h"
#include "agents/cli/people.h"

/* clang-format off */
static const char *const envelope_flags[] = {
	"to", "service", "urgency", "basis", "replaces", "about", "ladder",
};
static const struct { const char *flag, *member; } rule_flags[] = {
	{ "rule",         "id" },
	{ "article",      "article" },
	{ "rule-version", "version" },
	{ "as-of",        "as_of" },
};
/* clang-format on */

/* ---- the members around the form
 * -------------------------------------------------------------- */

static bool form_has (const json_t *fields, const char *flag)
{
	size_t i;
	json_t *field;

	json_array_foreach ((json_t *)fields, i,
			    field) if (strcmp (out_get (field, "flag"), flag) ==
				       0) return true;
	return false;
}

static void take_flag (struct cli *cli, const json_t *fields, const char *flag,
		       json_t *object, const char *member)
{
	const char *value = form_has (fields, flag) ? NULL : args_flag (cli, flag);

	if (value != NULL)
		json_object_set_new (object, member, json_string (value));
}

static void take_envelope (struct cli *cli, const json_t *fields, json_t *body)
{
	json_t *rule = json_object ();

	for (size_t i = 0; i < COUNT_OF (envelope_flags); i++)
		take_flag (cli, fields, envelope_flags[i], body, envelope_flags[i]);
	for (size_t i = 0; i < COUNT_OF (rule_flags); i++)
		take_flag (cli, fields, rule_flags[i].flag, rule, rule_flags[i].member);
	if (json_object_size (rule) > 0)
		json_object_set (body, "rule", rule);
	json_decref (rule);
}

/* A file holds the whole request with "answers" inside, or the answers alone. */
static err_t begin_body (struct cli *cli, json_t **ret_body, json_t **ret_given)
{
	json_t *file;
	err_t err = form_file (cli, &file);

	if (err != ERR_OK)
		return err;
	if (json_is_object (json_object_get (file, "answers"))) {
		*ret_given = json_incref (json_object_get (file, "answers"));
		*ret_body = file;
	} else {
		*ret_given = file;
		*ret_body = json_object ();
	}
	return ERR_OK;
}

/* Fills the form of a kind into a body. */
static err_t fill_body (struct cli *cli, const json_t *kind, json_t *body,
			const json_t *given)
{
	const json_t *fields = json_object_get (kind, "fields");
	json_t *answers;
	err_t err = form_fill (cli, fields, json_object_get (kind, "groups"), given,
			       &answers);

	if (err != ERR_OK)
		return err;
	take_envelope (cli, fields, body);
	json_object_set_new (body, "answers", answers);
	json_object_set (body, "kind", json_object_get (kind, "kind"));
	return ERR_OK;
}

/* ---- after writing
 * ---------------------------------------------------------------------------- */

/* clang-format off */
static const struct { const char *way, *id, *en; } ways[] = {
	{ "reported", "Jawaban untuk %s dicatat. Keadaan: %s.",
	  "The answer for %s is written down. State: %s." },
	{ "paper",    "Surat untuk %s siap dicetak. Keadaan: %s.",
	  "The letter for %s is ready to be printed. State: %s." },
	{ "own",      "Catatan untuk %s disimpan. Keadaan: %s.",
	  "The record for %s is kept. State: %s." },
	{ "wire",     "Surat untuk %s ditulis dan sedang dikirim. Keadaan: %s.",
	  "The letter for %s is written and on its way. State: %s." },
};
/* clang-format on */

static const char *way_of (const json_t *outcome)
{
	const char *carrier = json_get_text (outcome, "carrier");

	if (json_get_flag (outcome, "reported", false))
		return "reported";
	return carrier != NULL ? carrier : "wire";
}

static void print_state (const struct cli *cli, const json_t *outcome)
{
	const json_t *words =
		json_object_get (json_object_get (outcome, "state"), "words");
	const char *number = out_get (outcome, "number"), *way = way_of (outcome);
	char id[OUT_TEXT], en[OUT_TEXT];
	size_t i = 0;

	while (i + 1 < COUNT_OF (ways) && strcmp (ways[i].way, way) != 0)
		i++;
	snprintf (id, sizeof id, ways[i].id, number, out_get (words, "id"));
	snprintf (en, sizeof en, ways[i].en, number, out_get (words, "en"));
	out_say (cli, id, en);
}

static void print_code (const struct cli *cli, const json_t *outcome)
{
	if (strcmp (way_of (outcome), "paper") != 0)
		return;
	out_sayf (cli, "Kode jawaban: %s", "Answer code: %s", out_get (outcome, "code"));
	out_sayf (cli, "Cetak: jembatan print %s", "Print: jembatan print %s",
		  out_get (outcome, "number"));
}

static void print_reply_by (const struct cli *cli, const json_t *outcome)
{
	struct cli only_id = out_only (cli, LANGUAGE_ID),
		   only_en = out_only (cli, LANGUAGE_EN);
	char by_id[OUT_TEXT], by_en[OUT_TEXT], id[2 * OUT_TEXT], en[2 * OUT_TEXT];

	if (*out_due (&only_id, outcome, "reply_by", by_id) == '\0')
		return;
	snprintf (id, sizeof id, "Jawaban ditunggu sampai %s.", by_id);
	snprintf (en, sizeof en, "An answer is due by %s.",
		  out_due (&only_en, outcome, "reply_by", by_en));
	out_say (cli, id, en);
}

static void print_written (const struct cli *cli, const json_t *outcome)
{
	const char *number = out_get (outcome, "number");

	print_state (cli, outcome);
	print_reply_by (cli, outcome);
	print_code (cli, outcome);
	out_warnings (cli, outcome);
	out_sayf (cli, "Lihat: jembatan show %s", "See: jembatan show %s", number);
}

err_t letter_post (struct cli *cli, const char *path, json_t *body, size_t words)
{
	json_t *outcome;
	err_t err = args_finish (cli, words);

	if (err != ERR_OK) {
		json_decref (body);
		return err;
	}
	err = attachment_upload_all (cli, path, body);
	if (err != ERR_OK) {
		json_decref (body);
		return err;
	}
	err = client_ask (cli, "POST", path, body, &outcome);
	if (err != ERR_OK)
		return err;
	if (!client_printed (cli, outcome))
		print_written (cli, outcome);
	json_decref (outcome);
	return ERR_OK;
}

/* ---- opening a referral
 * ----------------------------------------------------------------------- */

static bool form_takes_service (const json_t *fields)
{
	size_t i;
	json_t *field;

	json_array_foreach ((json_t *)fields, i, field) if (
		strcmp (out_get (field, "from"), "service") == 0) return true;
	return false;
}

/* clang-format off */
static const struct { const char *name, *id, *en, *list; } openings[] = {
	{ "person",  "Klien (nomor, NIK, atau nama)", "Client (number, NIK or name)", NULL },
	{ "to",      "Kode instansi penerima", "Recipient agency's id", NULL },
	{ "service", "Layanan yang diminta", "Service that is asked for", "services" },
};
/* clang-format on */

static void list_codes (const struct cli *cli, const json_t *list)
{
	char text[OUT_TEXT];
	size_t i;
	json_t *item;

	json_array_foreach ((json_t *)list, i, item)
		fprintf (stderr, "  %-20s %s\n", out_get (item, "code"),
			 out_member (cli, item, "words", text));
}

static err_t find_kind (const struct cli *cli, const json_t *catalogue, const char *name,
			const json_t **ret_kind)
{
	*ret_kind = catalogue_kind_of (catalogue, name);
	if (*ret_kind != NULL)
		return ERR_OK;
	out_complain (cli, "jenis surat %s tidak ada di katalog; lihat jembatan kinds",
		      "the kind of letter %s is not in the catalogue; see jembatan kinds",
		      quoted (name));
	return ERR_UNKNOWN_KIND;
}

/* Nobody's thread has no client, and only some forms ask for a service. */
static bool opens_with (const json_t *catalogue, const json_t *kind, const char *name)
{
	if (strcmp (name, "person") == 0)
		return strcmp (catalogue_about (catalogue, out_get (kind, "kind")),
			       "required") == 0;
	if (strcmp (name, "service") == 0)
		return form_takes_service (json_object_get (kind, "fields"));
	return true;
}

/* Asks for the members that open a thread and were not given. */
static err_t ask_openings (struct cli *cli, const json_t *catalogue, const json_t *kind,
			   json_t *body)
{
	for (size_t i = 0; cli->asks && i < COUNT_OF (openings); i++) {
		char *line;

		if (json_object_get (body, openings[i].name) != NULL ||
		    !opens_with (catalogue, kind, openings[i].name))
			continue;
		if (openings[i].list != NULL)
			list_codes (cli, json_object_get (catalogue, openings[i].list));
		line = form_ask (cli, openings[i].id, openings[i].en);
		if (line == NULL)
			return ERR_USAGE;
		json_object_set_new (body, openings[i].name, json_string (line));
		free (line);
	}
	return ERR_OK;
}

/* What a person calls the client becomes the id.  At a terminal words that find nobody are told
 * before the form is asked; else the agent is told them too, and names all mistakes at once. */
static err_t resolve_person (struct cli *cli, json_t *body)
{
	const char *words = json_get_text (body, "person");
	char id[UUID_TEXT];
	err_t err;

	if (words == NULL)
		return ERR_OK;
	err = cli->asks ? people_find (cli, words, id) : people_try (cli, words, id);
	if (err == ERR_OK)
		json_object_set_new (body, "person", json_string (id));
	return err == ERR_NOT_FOUND && !cli->asks ? ERR_OK : err;
}

static err_t fill_opening (struct cli *cli, const json_t *catalogue, const json_t *kind,
			   json_t *body, const json_t *given)
{
	const char *person = args_flag (cli, "person");
	err_t err;

	if (person != NULL)
		json_object_set_new (body, "person", json_string (person));
	take_envelope (cli, json_object_get (kind, "fields"), body);
	err = ask_openings (cli, catalogue, kind, body);
	if (err == ERR_OK)
		err = resolve_person (cli, body);
	return err == ERR_OK ? fill_body (cli, kind, body, given) : err;
}

/* The kind that the command, a word or the file names; else the one that opens a referral. */
static const char *opening_name (const json_t *catalogue, const char *named, const json_t *body)
{
	if (named != NULL)
		return named;
	if (json_get_text (body, "kind") != NULL)
		return json_get_text (body, "kind");
	return catalogue_opening (catalogue, "referral");
}

static err_t open_thread (struct cli *cli, const char *named, size_t words)
{
	json_t *catalogue, *body, *given;
	const json_t *kind;
	err_t err = begin_body (cli, &body, &given);

	if (err != ERR_OK)
		return err;
	err = client_ask (cli, "GET", "/v1/catalogue", NULL, &catalogue);
	if (err == ERR_OK) {
		err = find_kind (cli, catalogue, opening_name (catalogue, named, body),
				 &kind);
		if (err == ERR_OK)
			err = fill_opening (cli, catalogue, kind, body, given);
		json_decref (catalogue);
	}
	json_decref (given);
	if (err == ERR_OK)
		return letter_post (cli, "/v1/referrals", body, words);
	json_decref (body);
	return err;
}

err_t run_refer (struct cli *cli)
{
	return open_thread (cli, cli->command->kind, 0);
}

err_t run_open (struct cli *cli)
{
	const char *kind;
	err_t err = args_word (cli, 0, "jenis surat", "the kind of letter", &kind);

	return err == ERR_OK ? open_thread (cli, kind, 1) : err;
}

/* ---- the next letter
 * -------------------------------------------------------------------------- */

static err_t fill_letter (struct cli *cli, const char *name, json_t *body,
			  const json_t *given)
{
	json_t *catalogue;
	const json_t *kind;
	err_t err = client_ask (cli, "GET", "/v1/catalogue", NULL, &catalogue);

	if (err != ERR_OK)
		return err;
	err = find_kind (cli, catalogue, name, &kind);
	if (err == ERR_OK)
		err = fill_body (cli, kind, body, given);
	json_decref (catalogue);
	return err;
}

err_t letter_write (struct cli *cli, const char *kind, const char *path, json_t *more,
		    size_t words)
{
	json_t *body, *given;
	err_t err = begin_body (cli, &body, &given);

	if (err != ERR_OK) {
		json_decref (more);
		return err;
	}
	json_object_update (body, more);
	json_decref (more);
	err = fill_letter (cli, kind, body, given);
	json_decref (given);
	if (err == ERR_OK)
		return letter_post (cli, path, body, words);
	json_decref (body);
	return err;
}

static err_t write_letter (struct cli *cli, const char *kind, const char *number,
			   size_t words)
{
	char path[160];
	err_t err = args_number (cli, number);

	if (err != ERR_OK)
		return err;
	snprintf (path, sizeof path, "/v1/referrals/%s/letters", number);
	return letter_write (cli, kind, path, json_object (), words);
}

err_t run_kind (struct cli *cli)
{
	const char *number;
	err_t err = args_word (cli, 0, "nomor rujukan", "the referral's number", &number);

	return err == ERR_OK ? write_letter (cli, cli->command->kind, number, 1) : err;
}

err_t run_send (struct cli *cli)
{
	const char *kind, *number;
	err_t err = args_word (cli, 0, "jenis surat", "the kind of letter", &kind);

	if (err == ERR_OK)
		err = args_word (cli, 1, "nomor rujukan", "the referral's number",
				 &number);
	return err == ERR_OK ? write_letter (cli, kind, number, 2) : err;
}
