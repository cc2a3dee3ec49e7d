/* Is the ledger whole?  Asks for the check, watches it, and says what was found. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "agents/cli/evidence.h"
#include "agents/cli/out.h"

#define LOOK_AGAIN_MS 100
#define BAR_COLUMNS 30

/* One line that is written over: all parts together, and the present one by name. */
static void draw_bar (const struct cli *cli, const json_t *answer)
{
	const json_t *parts = json_object_get (answer, "parts");
	int64_t done = 0, whole = 0;
	json_t *part;
	size_t i;

	if (!cli->terminal || cli->json)
		return;
	json_array_foreach ((json_t *)(uintptr_t)parts, i, part)
	{
		done += json_get_number (part, "done", 0);
		whole += json_get_number (part, "whole", 0);
	}
	if (done > whole)
		whole = done;
	fprintf (stderr, "\r[%.*s%*s] %3d %% %s\033[K", whole > 0 ? (int)(done * BAR_COLUMNS / whole) : 0,
		 "##############################",
		 BAR_COLUMNS - (whole > 0 ? (int)(done * BAR_COLUMNS / whole) : 0), "",
		 whole > 0 ? (int)(done * 100 / whole) : 0, out_get (answer, "part"));
}

static err_t watch (struct cli *cli, json_t **answer)
{
	const struct timespec pause = { 0, LOOK_AGAIN_MS * 1000000L };
	err_t err = ERR_OK;

	while (err == ERR_OK && json_get_flag (*answer, "running", false)) {
		draw_bar (cli, *answer);
		nanosleep (&pause, NULL);
		json_decref (*answer);
		*answer = NULL;
		err = client_ask (cli, "GET", "/v1/verify", NULL, answer);
	}
	if (cli->terminal && !cli->json)
		fputs ("\r\033[K", stderr);
	return err;
}

static void print_parts (const struct cli *cli, const json_t *answer)
{
	static const struct { const char *name, *id, *en; } words[] = {
		{ "entries", "Catatan, rantai", "Entries, chain" },
		{ "written", "Catatan, suratnya", "Entries, their letters" },
		{ "sent", "Surat keluar", "Letters sent" },
		{ "arrived", "Surat masuk", "Letters received" },
		{ "proofs", "Bukti hub", "Proofs of the hub" },
		{ "checkpoints", "Titik periksa", "Checkpoints" },
	};
	const json_t *parts = json_object_get (answer, "parts");
	char line[OUT_TEXT];
	json_t *part;
	size_t i;

	json_array_foreach ((json_t *)(uintptr_t)parts, i, part)
	{
		int64_t done = json_get_number (part, "done", 0), ms = json_get_number (part, "ms", 0);

		if (ms > 0)
			snprintf (line, sizeof line, "%" PRId64 " (%" PRId64 "/s)", done,
				  done * 1000 / ms);
		else
			snprintf (line, sizeof line, "%" PRId64, done);
		if (i < COUNT_OF (words) && (done > 0 || i == 0))
			out_line (cli, words[i].id, words[i].en, line);
	}
}

static void print_missing (const struct cli *cli, const json_t *answer)
{
	const json_t *missing = json_object_get (answer, "missing");
	char when[OUT_TEXT];
	json_t *one;
	size_t i;

	json_array_foreach ((json_t *)(uintptr_t)missing, i, one)
		out_sayf (cli,
			  "Belum datang dari %s: surat %s nomor %" PRId64 " sampai %" PRId64 ", sejak %s.",
			  "Not received from %s: %s letters number %" PRId64 " to %" PRId64 ", since %s.",
			  out_get (one, "from"), out_get (one, "class"),
			  json_get_number (one, "first", 0), json_get_number (one, "last", 0),
			  out_time (cli, one, "since", when));
}

static void print_findings (const struct cli *cli, const json_t *answer)
{
	const json_t *findings = json_object_get (answer, "findings");
	int64_t more = json_get_number (answer, "more", 0);
	json_t *one;
	size_t i;

	json_array_foreach ((json_t *)(uintptr_t)findings, i, one)
		out_complain_texts (cli, out_get (one, "message_id"), out_get (one, "message_en"));
	if (more > 0)
		out_complain (cli, "dan %" PRId64 " kerusakan lagi", "and %" PRId64 " more damages", more);
}

static void print_answer (const struct cli *cli, const json_t *answer, bool quick)
{
	int64_t unjudged = json_get_number (answer, "unjudged", 0);

	print_parts (cli, answer);
	print_missing (cli, answer);
	if (unjudged > 0)
		out_sayf (cli,
			  "%" PRId64 " tanda tangan dibuat dengan kunci yang tidak dijamin direktori sekarang.",
			  "%" PRId64 " signatures are by keys that the present directory does not vouch for.",
			  unjudged);
	print_findings (cli, answer);
	if (!json_get_flag (answer, "ok", false))
		out_complain (cli, "Buku besar TIDAK utuh.", "The ledger is NOT whole.");
	else if (quick)
		out_sayf (cli, "Rantai utuh: %" PRId64 " catatan, rantainya tidak terputus.",
			  "The chain is whole: %" PRId64 " entries in an unbroken chain.",
			  json_get_number (answer, "entries", 0));
	else
		out_sayf (cli, "Buku besar utuh: %" PRId64 " catatan, rantainya tidak terputus.",
			  "The ledger is whole: %" PRId64 " entries in an unbroken chain.",
			  json_get_number (answer, "entries", 0));
}

static err_t verify_ledger (struct cli *cli)
{
	bool quick = args_has (cli, "quick"), ok;
	json_t *answer = NULL;
	err_t err = args_finish (cli, 0);

	if (err == ERR_OK)
		err = client_ask (cli, "POST", "/v1/verify", json_pack ("{s:b}", "quick", quick), &answer);
	if (err == ERR_OK)
		err = watch (cli, &answer);
	if (err != ERR_OK)
		return err;
	ok = json_get_flag (answer, "ok", false);
	if (!client_printed (cli, answer))
		print_answer (cli, answer, quick);
	json_decref (answer);
	return ok ? ERR_OK : ERR_CORRUPT;
}

err_t run_verify (struct cli *cli)
{
	return cli->word_count > 0 ? evidence_verify_file (cli, cli->words[0]) : verify_ledger (cli);
}
