/* The address book: partners that are not connected. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/cli/form.h"
#include "agents/cli/out.h"

/* clang-format off */
static const struct { const char *flag, *member, *id, *en; bool asked; } members[] = {
	{ "name",           "name",         "Nama", "Name", true },
	{ "kind",           "kind",         "Jenis instansi", "Kind of agency", true },
	{ "region",         "region",       "Kode wilayah Kemendagri", "Kemendagri region code", true },
	{ "contact-person", "person",       "Untuk perhatian", "Whom to ask for", false },
	{ "phone",          "phone",        "Telepon", "Phone", false },
	{ "whatsapp",       "whatsapp",     "WhatsApp", "WhatsApp", false },
	{ "address",        "address",      "Alamat", "Address", false },
	{ "hours",          "office_hours", "Jam kerja", "Office hours", false },
	{ "services",       "services",     "Layanan", "Services", false },
	{ "note",           "note",         "Catatan", "Note", false },
};
/* clang-format on */

/* It goes into an address, so it may only hold what such ids hold. */
static err_t check_id (const struct cli *cli, const char *id)
{
	size_t len = strlen (id);

	if (id[0] == '@' && len < 64 &&
	    strspn (id + 1, "abcdefghijklmnopqrstuvwxyz0123456789-") == len - 1)
		return ERR_OK;
	out_complain (cli, "%s bukan kode kontak; contoh: @puskesmas-ratu",
		      "%s is no contact's id; an example: @puskesmas-ratu", quoted (id));
	return ERR_NOT_FOUND;
}

/* ---- showing -------------------------------------------------------------------- */

static void print_contact (const struct cli *cli, const json_t *contact)
{
	const json_t *agency = json_object_get (contact, "agency");

	out_heading (cli, out_get (contact, "id"), out_get (contact, "id"));
	for (size_t i = 0; i < COUNT_OF (members); i++)
		out_line (cli, members[i].id, members[i].en,
			  out_get (contact, members[i].member));
	if (json_is_object (agency))
		out_line (cli, "Terhubung sebagai", "Connected as", out_get (agency, "id"));
}

static void print_contacts (const struct cli *cli, const json_t *items)
{
	OWNED (table) table = table_new (cli);
	size_t i;
	json_t *item;

	table_column (table, "Kode", "Id");
	table_column (table, "Nama", "Name");
	table_column (table, "Jenis", "Kind");
	table_column (table, "Wilayah", "Region");
	table_column (table, "Telepon", "Phone");
	table_column (table, "Terhubung", "Connected");
	json_array_foreach ((json_t *)items, i, item)
	{
		table_cell (table, out_get (item, "id"));
		table_cell (table, out_get (item, "name"));
		table_cell (table, out_get (item, "kind"));
		table_cell (table, out_get (item, "region"));
		table_cell (table, out_get (item, "phone"));
		table_cell (table, out_get (json_object_get (item, "agency"), "id"));
	}
	table_print (table);
}

static err_t list (struct cli *cli)
{
	json_t *items;
	err_t err = args_finish (cli, 0);

	if (err == ERR_OK)
		err = client_list (cli, "/v1/contacts", &items);
	if (err != ERR_OK)
		return err;
	if (client_printed (cli, items))
		;
	else if (json_array_size (items) == 0)
		out_say (cli, "Buku alamat masih kosong; lihat jembatan help contacts.",
			 "The address book is empty; see jembatan help contacts.");
	else
		print_contacts (cli, items);
	json_decref (items);
	return ERR_OK;
}

static err_t show (struct cli *cli)
{
	char path[128];
	const char *id;
	json_t *contact;
	err_t err = args_word (cli, 1, "kode kontak", "the contact's id", &id);

	if (err == ERR_OK)
		err = args_finish (cli, 2);
	if (err == ERR_OK)
		err = check_id (cli, id);
	if (err != ERR_OK)
		return err;
	snprintf (path, sizeof path, "/v1/contacts/%s", id);
	err = client_ask (cli, "GET", path, NULL, &contact);
	if (err != ERR_OK)
		return err;
	if (!client_printed (cli, contact))
		print_contact (cli, contact);
	json_decref (contact);
	return ERR_OK;
}

/* ---- adding --------------------------------------------------------------------- */

static err_t ask_member (const struct cli *cli, size_t i, json_t *body)
{
	char *line;

	if (!cli->asks || !members[i].asked ||
	    json_object_get (body, members[i].member) != NULL)
		return ERR_OK;
	line = form_ask (cli, members[i].id, members[i].en);
	if (line == NULL)
		return ERR_USAGE;
	json_object_set_new (body, members[i].member, json_string (line));
	free (line);
	return ERR_OK;
}

static err_t fill (struct cli *cli, const char *id, json_t *body)
{
	err_t err = ERR_OK;

	json_object_set_new (body, "id", json_string (id));
	for (size_t i = 0; i < COUNT_OF (members) && err == ERR_OK; i++) {
		const char *value = args_flag (cli, members[i].flag);

		if (value != NULL)
			json_object_set_new (body, members[i].member, json_string (value));
		err = ask_member (cli, i, body);
	}
	return err == ERR_OK ? args_finish (cli, 2) : err;
}

static err_t add (struct cli *cli)
{
	const char *id;
	json_t *body, *contact;
	err_t err = args_word (cli, 1, "kode kontak, misalnya @puskesmas-ratu",
			       "the contact's id, for example @puskesmas-ratu", &id);

	if (err == ERR_OK)
		err = form_file (cli, &body);
	if (err != ERR_OK)
		return err;
	err = fill (cli, id, body);
	if (err != ERR_OK) {
		json_decref (body);
		return err;
	}
	err = client_ask (cli, "POST", "/v1/contacts", body, &contact);
	if (err != ERR_OK)
		return err;
	if (!client_printed (cli, contact))
		out_sayf (cli, "%s tercatat di buku alamat.",
			  "%s is in the address book.", out_get (contact, "id"));
	out_warnings (cli, contact);
	json_decref (contact);
	return ERR_OK;
}

/* ---- enrolled ------------------------------------------------------------------- */

static void print_enrolled (const struct cli *cli, const json_t *contact)
{
	const json_t *open = json_object_get (contact, "open");
	size_t i;
	json_t *thread;

	out_sayf (cli, "%s kini terhubung; surat baru dikirim lewat jaringan.",
		  "%s is connected now; new letters go over the network.",
		  out_get (contact, "id"));
	if (json_array_size (open) == 0)
		return;
	out_say (cli, "Rujukan ini masih berjalan lewat surat cetak dan dapat dipindahkan:",
		 "These still go by printed letter and can be moved:");
	json_array_foreach ((json_t *)open, i, thread)
		printf ("  jembatan move %s\n", out_get (thread, "number"));
}

static err_t enrolled (struct cli *cli)
{
	char path[128];
	const char *id, *agency;
	json_t *contact;
	err_t err = args_word (cli, 1, "kode kontak", "the contact's id", &id);

	if (err == ERR_OK)
		err = args_word (cli, 2, "kode instansinya dari jembatan partners",
				 "its agency id, from jembatan partners", &agency);
	if (err == ERR_OK)
		err = args_finish (cli, 3);
	if (err == ERR_OK)
		err = check_id (cli, id);
	if (err != ERR_OK)
		return err;
	snprintf (path, sizeof path, "/v1/contacts/%s/enrolled", id);
	err = client_ask (cli, "POST", path, json_pack ("{s:s}", "agency", agency),
			  &contact);
	if (err != ERR_OK)
		return err;
	if (!client_printed (cli, contact))
		print_enrolled (cli, contact);
	json_decref (contact);
	return ERR_OK;
}

static const struct {
	const char *word;
	err_t (*run) (struct cli *cli);
} actions[] = {
	{ "add", add },
	{ "show", show },
	{ "enrolled", enrolled },
};

err_t run_contacts (struct cli *cli)
{
	if (cli->word_count == 0)
		return list (cli);
	for (size_t i = 0; i < COUNT_OF (actions); i++)
		if (strcmp (actions[i].word, cli->words[0]) == 0)
			return actions[i].run (cli);
	out_complain (cli, "contacts %s tidak dikenal; pilih add, show atau enrolled",
		      "there is no contacts %s; choose add, show or enrolled",
		      quoted (cli->words[0]));
	return ERR_USAGE;
}
