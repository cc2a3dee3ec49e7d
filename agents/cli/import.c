/* Imports: what a list would change, what is wrong in it, and writing it; staff. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/cli/out.h"
#include "proto/file.h"
#include "proto/text.h"

/* ---- the file ---------------------------------------------------------------- */

static err_t cannot_read (const struct cli *cli, err_t err, const char *path)
{
	if (err == ERR_TOO_LARGE)
		out_complain (
			cli,
			"berkas %s lebih besar dari %u KiB; bagi menjadi beberapa berkas",
			"the file %s is larger than %u KiB; split it into several files",
			file_quoted (path), LIMIT_HTTP_BODY_BYTES / KIB);
	else
		out_complain (cli, "berkas %s tidak dapat dibaca",
			      "the file %s can't be read", file_quoted (path));
	return err == ERR_NOT_FOUND ? ERR_NOT_FOUND : ERR_INVALID;
}

/* What spreadsheet programs save when nobody asks them for CSV in UTF-8. */
static bool is_text (struct bytes bytes)
{
	for (size_t i = 0, step; i < bytes.len; i += step) {
		step = text_char_bytes (bytes.data + i, bytes.len - i);
		if (step == 0 || bytes.data[i] == '\0')
			return false;
	}
	return true;
}

static err_t read_file (const struct cli *cli, const char *path, arena_t *arena,
			struct bytes *ret_text)
{
	err_t err = file_read (path, LIMIT_HTTP_BODY_BYTES, arena, ret_text);

	if (err != ERR_OK)
		return cannot_read (cli, err, path);
	if (is_text (*ret_text))
		return ERR_OK;
	out_complain (cli,
		      "berkas %s bukan teks UTF-8; di lembar kerja, simpan sebagai "
		      "\"CSV UTF-8\"",
		      "the file %s is no UTF-8 text; in the spreadsheet, save it as "
		      "\"CSV UTF-8\"",
		      file_quoted (path));
	return ERR_INVALID;
}

static const char *format_of (struct cli *cli, const char *path)
{
	const char *format = args_flag (cli, "format"), *dot = strrchr (path, '.');

	if (format != NULL)
		return format;
	return dot != NULL && strcmp (dot, ".json") == 0 ? "json" : "csv";
}

/* ---- what the agent says of it ----------------------------------------------- */

/* What is wrong and what to do about it must be read whole, so nothing is cut. */
static void print_lines (const struct cli *cli, const json_t *lines, const char *what_id,
			 const char *what_en)
{
	struct cli whole = *cli;
	OWNED (table) table = NULL;
	size_t i;
	json_t *line;

	if (json_array_size (lines) == 0)
		return;
	whole.width = 0;
	table = table_new (&whole);
	table_column (table, "Baris", "Line");
	table_column (table, "Kolom", "Column");
	table_column (table, what_id, what_en);
	json_array_foreach ((json_t *)lines, i, line)
	{
		char text[OUT_TEXT];

		snprintf (text, sizeof text, "%" PRId64,
			  json_get_number (line, "line", 0));
		table_cell (table, text);
		table_cell (table, out_get (line, "field"));
		table_cell (table, out_words (cli, out_get (line, "message_id"),
					      out_get (line, "message_en"), text));
	}
	table_print (table);
	putchar ('\n');
}

static void print_rest (const struct cli *cli, const json_t *report, const char *name)
{
	int64_t rest = json_get_number (report, name, 0);

	if (rest > 0)
		out_sayf (cli, "... dan %" PRId64 " lagi.", "... and %" PRId64 " more.",
			  rest);
}

static void print_counts (const struct cli *cli, const json_t *report)
{
	int64_t rows = json_get_number (report, "rows", 0),
		good = json_get_number (report, "good", 0);
	int64_t fresh = json_get_number (report, "new", 0),
		changed = json_get_number (report, "changed", 0),
		known = json_get_number (report, "known", 0);

	out_sayf (cli,
		  "%" PRId64 " baris: %" PRId64 " baru, %" PRId64 " berubah, %" PRId64
		  " sudah ada, %" PRId64 " salah.",
		  "%" PRId64 " lines: %" PRId64 " new, %" PRId64 " changed, %" PRId64
		  " already here, %" PRId64 " bad.",
		  rows, fresh, changed, known, rows - good);
}

static void print_next (const struct cli *cli, const json_t *report, bool commit)
{
	bool bad = json_array_size (json_object_get (report, "bad")) > 0;
	bool news = json_get_number (report, "new", 0) +
			    json_get_number (report, "changed", 0) >
		    0;

	if (json_get_flag (report, "written", false))
		out_say (cli, "Daftar telah dicatat.", "The list was recorded.");
	else if (bad)
		out_say (cli,
			 "Tidak ada yang dicatat. Perbaiki baris yang salah, atau "
			 "tambahkan "
			 "--yes --skip-bad untuk mencatat baris lainnya.",
			 "Nothing was recorded. Correct the bad lines, or add --yes "
			 "--skip-bad "
			 "to record the others.");
	else if (!news)
		out_say (cli, "Tidak ada yang baru; tidak ada yang diubah.",
			 "There is nothing new; nothing was changed.");
	else if (!commit)
		out_say (cli,
			 "Belum ada yang dicatat. Tambahkan --yes untuk mencatatnya.",
			 "Nothing was recorded yet. Add --yes to record it.");
}

static void print_report (const struct cli *cli, const json_t *report, bool commit)
{
	print_lines (cli, json_object_get (report, "warnings"), "Peringatan", "Warning");
	print_rest (cli, report, "warnings_rest");
	print_lines (cli, json_object_get (report, "bad"),
		     "Yang salah dan yang perlu dilakukan",
		     "What is wrong and what to do");
	print_rest (cli, report, "bad_rest");
	print_counts (cli, report);
	print_next (cli, report, commit);
}

/* ---- import ------------------------------------------------------------------ */

static err_t ask (struct cli *cli, const char *what, const char *path, bool commit,
		  bool skip_bad, json_t **ret_report)
{
	OWNED (arena) arena = arena_new (LIMIT_HTTP_BODY_BYTES + MIB);
	const char *format = format_of (cli, path);
	char route[96];
	struct bytes text;
	json_t *body;
	err_t err = args_finish (cli, 2);

	if (err == ERR_OK &&
	    strspn (what, "abcdefghijklmnopqrstuvwxyz-") != strlen (what)) {
		out_complain (cli, "tidak ada daftar %s", "there is no list %s",
			      quoted (what));
		err = ERR_USAGE;
	}
	if (err == ERR_OK)
		err = read_file (cli, path, arena, &text);
	if (err != ERR_OK)
		return err;
	body = json_pack ("{s:s, s:s%, s:b, s:b}", "format", format, "text",
			  (const char *)text.data, text.len, "commit", commit, "skip_bad",
			  skip_bad);
	snprintf (route, sizeof route, "/v1/imports/%.60s", what);
	return client_ask (cli, "POST", route, body, ret_report);
}

err_t run_import (struct cli *cli)
{
	bool commit = args_has (cli, "yes"), skip_bad = args_has (cli, "skip-bad"),
	     refused;
	const char *what, *path;
	json_t *report;
	err_t err =
		args_word (cli, 0, "daftarnya: releases, staff, holidays atau contacts",
			   "the list: releases, staff, holidays or contacts", &what);

	if (err == ERR_OK)
		err = args_word (cli, 1, "berkasnya", "the file", &path);
	if (err == ERR_OK)
		err = ask (cli, what, path, commit, skip_bad, &report);
	if (err != ERR_OK)
		return err;
	if (!client_printed (cli, report))
		print_report (cli, report, commit);
	refused = json_array_size (json_object_get (report, "bad")) > 0 &&
		  !json_get_flag (report, "written", false);
	json_decref (report);
	return refused ? ERR_INVALID : ERR_OK;
}

/* ---- staff ------------------------------------------------------------------- */

/* clang-format off */
static const struct { const char *state, *id, *en; } states[] = {
	{ "valid",    "berlaku", "valid" },
	{ "expiring", "segera habis (kurang dari 60 hari)", "runs out soon (in less than 60 days)" },
	{ "expired",  "sudah habis: sesi tidak dihitung", "expired: sessions do not count" },
	{ "none",     "tidak ada", "none" },
};
/* clang-format on */

static const char *state_of (const struct cli *cli, const json_t *item,
			     char text[OUT_TEXT])
{
	const char *state = out_get (item, "certificate_state");

	for (size_t i = 0; i < COUNT_OF (states); i++)
		if (strcmp (states[i].state, state) == 0)
			return out_words (cli, states[i].id, states[i].en, text);
	return state;
}

static void print_staff (const struct cli *cli, const json_t *items)
{
	OWNED (table) table = table_new (cli);
	size_t i;
	json_t *item;

	table_column (table, "Nama", "Name");
	table_column (table, "Jabatan", "Position");
	table_column (table, "SK", "Decree");
	table_column (table, "Sertifikat", "Certificate");
	table_column (table, "Berlaku sampai", "Valid until");
	table_column (table, "Keadaan", "State");
	json_array_foreach ((json_t *)items, i, item)
	{
		char text[OUT_TEXT];

		table_cell (table, out_get (item, "name"));
		table_cell (table, out_get (item, "position"));
		table_cell (table, out_get (item, "decree"));
		table_cell (table, out_get (item, "certificate"));
		table_cell (table, out_get (item, "certificate_until"));
		table_cell (table, state_of (cli, item, text));
	}
	table_print (table);
}

err_t run_staff (struct cli *cli)
{
	json_t *items;
	err_t err = args_finish (cli, 0);

	if (err == ERR_OK)
		err = client_list (cli, "/v1/staff", &items);
	if (err != ERR_OK)
		return err;
	if (client_printed (cli, items))
		;
	else if (json_array_size (items) == 0)
		out_say (cli,
			 "Belum ada petugas yang dicatat; lihat jembatan help import.",
			 "No staff is recorded yet; see jembatan help import.");
	else
		print_staff (cli, items);
	json_decref (items);
	return ERR_OK;
}
