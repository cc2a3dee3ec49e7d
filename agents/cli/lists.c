/* Lists: referrals and partners; and how every list is asked for. */
#include <stdio.h>
#include <string.h>

#include "agents/cli/lists.h"
#include "jembatan/clock.h"

/* One page, or with --all every page, as an array of items; says when there is more. */
static err_t items_of (struct cli *cli, size_t words, const char *path, json_t **ret_items)
{
	bool all = args_has (cli, "all");
	json_t *page;
	err_t err = args_finish (cli, words);

	if (err != ERR_OK)
		return err;
	if (all)
		return client_list (cli, path, ret_items);
	err = client_ask (cli, "GET", path, NULL, &page);
	if (err != ERR_OK)
		return err;
	*ret_items = json_incref (json_object_get (page, "items"));
	if (!cli->json && json_is_string (json_object_get (page, "next")))
		out_complain (cli, "masih ada lagi; --all menampilkan semua",
			      "there are more; --all shows all of them");
	json_decref (page);
	return ERR_OK;
}

err_t list_run (struct cli *cli, size_t words, const char *path, list_print_fn *print,
		const char *none_id, const char *none_en)
{
	json_t *items;
	err_t err = items_of (cli, words, path, &items);

	if (err != ERR_OK)
		return err;
	if (client_printed (cli, items))
		;
	else if (json_array_size (items) == 0)
		out_say (cli, none_id, none_en);
	else
		print (cli, items);
	json_decref (items);
	return ERR_OK;
}

/* ---- referrals
 * -------------------------------------------------------------------------------- */

static const char *distance_of (const struct cli *cli, const json_t *deadline,
				char text[OUT_TEXT])
{
	int64_t due_ms;

	text[0] = '\0';
	if (instant_parse (out_get (deadline, "due"), &due_ms) == 0)
		out_distance (cli, due_ms, clock_now_ms (), text);
	return text;
}

/* The code of a printed letter; nothing for what goes by the network. */
static const char *by_of (const struct cli *cli, const json_t *item, char text[OUT_TEXT])
{
	if (strcmp (out_get (item, "carrier"), "own") == 0)
		return out_words (cli, "sendiri", "own", text);
	return out_get (item, "code");
}

/* "Pemeriksaan laboratorium", "Rujukan: Rehabilitasi medis" */
static const char *about_of (const struct cli *cli, const json_t *item, char text[OUT_TEXT])
{
	char type[OUT_TEXT], service[OUT_TEXT];

	out_member (cli, item, "type_words", type);
	out_member (cli, json_object_get (item, "service"), "words", service);
	snprintf (text, OUT_TEXT, "%.200s%s%.200s", type, *service != '\0' ? ": " : "", service);
	return text;
}

static bool any_off_wire (const json_t *items)
{
	size_t i;
	json_t *item;

	json_array_foreach ((json_t *)items, i, item) if (
		strcmp (out_get (item, "carrier"), "wire") != 0) return true;
	return false;
}

/* Where everything goes by the network, no column tells otherwise. */
static void add_referral (const struct cli *cli, table_t *table, const json_t *item,
			  bool with_code)
{
	char text[OUT_TEXT];

	table_cell (table, out_get (item, "number"));
	table_cell (table, out_get (json_object_get (item, "person"), "number"));
	table_cell (table, out_get (json_object_get (item, "partner"), "id"));
	table_cell (table, about_of (cli, item, text));
	table_cell (table,
		    out_member (cli, json_object_get (item, "state"), "words", text));
	table_cell (table, distance_of (cli, json_object_get (item, "deadline"), text));
	if (with_code)
		table_cell (table, by_of (cli, item, text));
}

static void print_referrals (const struct cli *cli, const json_t *items)
{
	OWNED (table) table = table_new (cli);
	bool with_code = any_off_wire (items);
	size_t i;
	json_t *item;

	table_column (table, "Nomor", "Number");
	table_column (table, "Klien", "Client");
	table_column (table, "Mitra", "Partner");
	table_column (table, "Surat", "Letters");
	table_column (table, "Keadaan", "State");
	table_column (table, "Batas", "Due");
	if (with_code)
		table_column (table, "Kode", "Code");
	json_array_foreach ((json_t *)items, i, item)
		add_referral (cli, table, item, with_code);
	table_print (table);
}

static err_t run_box (struct cli *cli, const char *fallback, const char *none_id,
		      const char *none_en)
{
	const char *box = args_flag (cli, "box");
	char path[96];

	if (box != NULL && strspn (box, "abcdefghijklmnopqrstuvwxyz-") != strlen (box)) {
		out_complain (cli, "tidak ada kotak %s", "there is no box %s",
			      quoted (box));
		return ERR_USAGE;
	}
	snprintf (path, sizeof path, "/v1/referrals?box=%.40s",
		  box != NULL ? box : fallback);
	return list_run (cli, 0, path, print_referrals, none_id, none_en);
}

err_t run_inbox (struct cli *cli)
{
	return run_box (cli, "in", "Kotak masuk kosong.", "The inbox is empty.");
}

err_t run_outbox (struct cli *cli)
{
	return run_box (cli, "out", "Kotak keluar kosong.", "The outbox is empty.");
}

/* ---- partners
 * --------------------------------------------------------------------------------- */

static const char *services_of (const json_t *partner, char text[OUT_TEXT])
{
	size_t i, len = 0;
	json_t *service;

	text[0] = '\0';
	json_array_foreach (json_object_get (partner, "services"), i,
			    service) if (len < OUT_TEXT) len +=
		(size_t)snprintf (text + len, OUT_TEXT - len, "%s%s", i > 0 ? " " : "",
				  json_string_value (service));
	return text;
}

static void print_partners (const struct cli *cli, const json_t *items)
{
	OWNED (table) table = table_new (cli);
	size_t i;
	json_t *item;

	table_column (table, "Kode", "Id");
	table_column (table, "Nama", "Name");
	table_column (table, "Jenis", "Kind");
	table_column (table, "Telepon", "Phone");
	table_column (table, "Layanan", "Services");
	table_column (table, "Keanggotaan", "Membership");
	json_array_foreach ((json_t *)items, i, item)
	{
		bool active = json_get_flag (item, "active", true);
		bool paper = strcmp (out_get (item, "carrier"), "paper") == 0;
		char text[OUT_TEXT];

		table_cell (table, out_get (item, "id"));
		table_cell (table, out_member (cli, item, "name", text));
		table_cell (table, out_get (item, "kind"));
		table_cell (table, out_get (item, "phone"));
		table_cell (table, services_of (item, text));
		table_cell (table,
			    paper    ? out_words (cli, "buku alamat", "address book", text)
			    : active ? out_words (cli, "aktif", "active", text)
				     : out_words (cli, "dibekukan", "suspended", text));
	}
	table_print (table);
}

err_t run_partners (struct cli *cli)
{
	const char *near = args_flag (cli, "near");
	char path[96] = "/v1/partners";

	if (near != NULL && strspn (near, "0123456789.") != strlen (near)) {
		out_complain (cli, "%s bukan kode wilayah; contoh: 17.71",
			      "%s is no region code; an example: 17.71", quoted (near));
		return ERR_USAGE;
	}
	if (near != NULL)
		snprintf (path, sizeof path, "/v1/partners?near=%.40s", near);
	return list_run (cli, 0, path, print_partners, "Belum ada mitra di direktori.",
			   "There are no partners in the directory.");
}
