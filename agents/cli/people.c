/* Intake, and finding people. */
#include "agents/cli/people.h"

#include <stdio.h>
#include <string.h>

#include "agents/cli/form.h"
#include "agents/cli/out.h"

/* ---- finding
 * ---------------------------------------------------------------------------------- */

static err_t search (struct cli *cli, const char *words, json_t **ret_answer)
{
	return client_ask (cli, "POST", "/v1/people/search?limit=200",
			   json_pack ("{s:s}", "words", words), ret_answer);
}

static void print_people (const struct cli *cli, const json_t *items)
{
	OWNED (table) table = table_new (cli);
	size_t i;
	json_t *item;

	table_column (table, "Nomor", "Number");
	table_column (table, "Nama", "Name");
	table_column (table, "Tanggal lahir", "Birth date");
	json_array_foreach ((json_t *)items, i, item)
	{
		table_cell (table, out_get (item, "number"));
		table_cell (table, out_get (item, "name"));
		table_cell (table, out_get (item, "birth_date"));
	}
	table_print (table);
}

/* A case number names one person even when it is part of another's. */
static const json_t *only_one (const json_t *items, const char *words)
{
	size_t i;
	json_t *item;

	if (json_array_size (items) == 1)
		return json_array_get (items, 0);
	json_array_foreach ((json_t *)items, i,
			    item) if (strcmp (out_get (item, "number"), words) ==
				      0) return item;
	return NULL;
}

static err_t none_or_many (const struct cli *cli, const json_t *items, const char *words)
{
	if (json_array_size (items) == 0) {
		out_complain (cli, "tidak ada klien yang cocok dengan %s",
			      "no client matches %s", quoted (words));
		return ERR_NOT_FOUND;
	}
	out_complain (cli, "lebih dari satu klien cocok dengan %s; pakai nomornya",
		      "more than one client matches %s; use the number", quoted (words));
	print_people (cli, items);
	return ERR_AMBIGUOUS;
}

static err_t find (struct cli *cli, const char *words, bool quiet, char ret_id[UUID_TEXT])
{
	json_t *answer;
	const json_t *items, *person;
	err_t err = search (cli, words, &answer);

	if (err != ERR_OK)
		return err;
	items = json_object_get (answer, "items");
	person = only_one (items, words);
	if (person == NULL && quiet && json_array_size (items) == 0)
		err = ERR_NOT_FOUND;
	else if (person == NULL)
		err = none_or_many (cli, items, words);
	else
		snprintf (ret_id, UUID_TEXT, "%s", out_get (person, "id"));
	json_decref (answer);
	return err;
}

err_t people_find (struct cli *cli, const char *words, char ret_id[UUID_TEXT])
{
	return find (cli, words, false, ret_id);
}

err_t people_try (struct cli *cli, const char *words, char ret_id[UUID_TEXT])
{
	return find (cli, words, true, ret_id);
}

/* ---- one person
 * ------------------------------------------------------------------------------- */

/* clang-format off */
static const struct { const char *name, *id, *en; } lines[] = {
	{ "name",              "Nama", "Name" },
	{ "nik",               "NIK", "NIK" },
	{ "birth_date",        "Tanggal lahir", "Birth date" },
	{ "sex",               "Jenis kelamin", "Sex" },
	{ "phone",             "Telepon", "Phone" },
	{ "region",            "Wilayah", "Region" },
	{ "address",           "Alamat", "Address" },
	{ "guardian",          "Wali", "Guardian" },
	{ "entry_door",        "Pintu masuk", "Entry door" },
	{ "safe_to_call",      "Aman ditelepon", "Safe to call" },
	{ "may_leave_message", "Boleh meninggalkan pesan", "May leave a message" },
	{ "who_knows",         "Yang mengetahui", "Who knows" },
	{ "case_manager",      "Manajer kasus", "Case manager" },
};
static const struct { const char *code, *id, *en; } codes[] = {
	{ "female", "perempuan", "female" },      { "male", "laki-laki", "male" },
	{ "yes", "ya", "yes" },                   { "no", "tidak", "no" },
	{ "unknown", "belum diketahui", "not known" },
	{ "self", "datang sendiri", "came alone" }, { "family", "keluarga", "family" },
	{ "community", "masyarakat", "community" }, { "outreach", "penjangkauan", "outreach" },
	{ "justice", "penegak hukum", "justice" }, { "dinsos", "Dinas Sosial", "social services" },
	{ "referral", "rujukan", "referral" },
};
/* clang-format on */

/* The code of a field that has codes in words; anything else as it stands. */
static const char *in_words (const struct cli *cli, const char *field, const char *value,
			     char text[OUT_TEXT])
{
	static const char *const coded[] = { "sex", "entry_door", "safe_to_call",
					     "may_leave_message" };

	for (size_t i = 0; i < COUNT_OF (coded); i++) {
		if (strcmp (coded[i], field) != 0)
			continue;
		for (size_t j = 0; j < COUNT_OF (codes); j++)
			if (strcmp (codes[j].code, value) == 0)
				return out_words (cli, codes[j].id, codes[j].en, text);
	}
	return value;
}

void people_print (const struct cli *cli, const json_t *person)
{
	char text[OUT_TEXT];

	if (json_get_flag (person, "erased", false)) {
		out_say (cli, "  data klien ini sudah dihapus",
			 "  this client's data was erased");
		return;
	}
	out_line (cli, "Nomor", "Number", out_get (person, "number"));
	for (size_t i = 0; i < COUNT_OF (lines); i++)
		out_line (cli, lines[i].id, lines[i].en,
			  in_words (cli, lines[i].name, out_get (person, lines[i].name),
				    text));
}

static err_t show_one (struct cli *cli, const char *words)
{
	char id[UUID_TEXT], path[128];
	json_t *person;
	err_t err = people_find (cli, words, id);

	if (err != ERR_OK)
		return err;
	snprintf (path, sizeof path, "/v1/people/%s", id);
	err = client_ask (cli, "GET", path, NULL, &person);
	if (err != ERR_OK)
		return err;
	if (!client_printed (cli, person)) {
		out_heading (cli, "Klien", "Client");
		people_print (cli, person);
	}
	json_decref (person);
	return ERR_OK;
}

static err_t show_found (struct cli *cli, const char *words)
{
	json_t *answer;
	err_t err = search (cli, words, &answer);

	if (err != ERR_OK)
		return err;
	if (!client_printed (cli, answer)) {
		const json_t *items = json_object_get (answer, "items");

		if (json_array_size (items) == 0)
			err = none_or_many (cli, items, words);
		else
			print_people (cli, items);
	}
	json_decref (answer);
	return err;
}

/* "people show WORDS" opens a record, which is an entry; "people WORDS" only looks for
 * it. */
err_t run_people (struct cli *cli)
{
	bool show = cli->word_count == 2 && strcmp (cli->words[0], "show") == 0;
	const char *words;
	err_t err = args_word (cli, show ? 1 : 0, "nomor, NIK, atau nama",
			       "a number, NIK or name", &words);

	if (err == ERR_OK)
		err = args_finish (cli, show ? 2 : 1);
	if (err != ERR_OK)
		return err;
	return show ? show_one (cli, words) : show_found (cli, words);
}

/* ---- intake
 * ----------------------------------------------------------------------------------- */

static err_t fill_intake (struct cli *cli, json_t **ret_person)
{
	json_t *catalogue, *given;
	const json_t *fields;
	err_t err = form_file (cli, &given);

	if (err != ERR_OK)
		return err;
	err = client_ask (cli, "GET", "/v1/catalogue", NULL, &catalogue);
	if (err == ERR_OK) {
		fields = json_object_get (json_object_get (catalogue, "forms"), "intake");
		err = form_fill (cli, fields, NULL, given, ret_person);
		json_decref (catalogue);
	}
	json_decref (given);
	return err;
}

static void print_taken_in (const struct cli *cli, const json_t *person)
{
	const char *number = out_get (person, "number");

	if (client_printed (cli, person))
		return;
	out_sayf (cli, "Klien dicatat dengan nomor %s.", "The client was recorded as %s.",
		  number);
	out_sayf (cli,
		  "Berikutnya: jembatan consent give --person %s --to INSTANSI --purpose "
		  "TUJUAN",
		  "Next: jembatan consent give --person %s --to AGENCY --purpose PURPOSE",
		  number);
}

err_t run_intake (struct cli *cli)
{
	json_t *person = NULL, *answer;
	err_t err = fill_intake (cli, &person);

	if (err != ERR_OK)
		return err;
	err = args_finish (cli, 0);
	if (err != ERR_OK) {
		json_decref (person);
		return err;
	}
	err = client_ask (cli, "POST", "/v1/people", person, &answer);
	if (err != ERR_OK)
		return err;
	print_taken_in (cli, answer);
	out_warnings (cli, answer);
	json_decref (answer);
	return ERR_OK;
}
