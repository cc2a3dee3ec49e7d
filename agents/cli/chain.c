/* Chains of referrals, for coordinators: lists, one as a tree, counts, files. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "agents/cli/lists.h"
#include "agents/cli/out.h"
#include "jembatan/ids.h"

/* ---- lists
 * ------------------------------------------------------------------------------------ */

/* "terlambat, tidak cocok" */
static const char *notes_of (const struct cli *cli, const json_t *chain, char text[OUT_TEXT])
{
	bool late = json_get_flag (chain, "late", false);
	bool doubted = json_array_size (json_object_get (chain, "doubts")) > 0;
	char late_words[OUT_TEXT], doubt_words[OUT_TEXT];

	out_words (cli, "terlambat", "late", late_words);
	out_words (cli, "tidak cocok", "disagreement", doubt_words);
	snprintf (text, OUT_TEXT, "%.200s%s%.200s", late ? late_words : "",
		  late && doubted ? ", " : "", doubted ? doubt_words : "");
	return text;
}

static void add_chain (const struct cli *cli, table_t *table, const json_t *chain)
{
	const json_t *waiting = json_object_get (chain, "waiting");
	char text[OUT_TEXT];

	table_cell (table, out_get (chain, "short"));
	snprintf (text, sizeof text, "%s → %s", out_get (json_object_get (chain, "from"), "id"),
		  out_get (json_object_get (chain, "to"), "id"));
	table_cell (table, text);
	table_cell (table, out_member (cli, json_object_get (chain, "state"), "words", text));
	table_cell (table, out_member (cli, json_object_get (waiting, "agency"), "name", text));
	table_cell (table, out_member (cli, waiting, "for", text));
	table_cell (table, notes_of (cli, chain, text));
}

static void print_chains (const struct cli *cli, const json_t *items)
{
	OWNED (table) table = table_new (cli);
	size_t i;
	json_t *item;

	table_column (table, "Rangkaian", "Chain");
	table_column (table, "Dari → kepada", "From → to");
	table_column (table, "Keadaan", "State");
	table_column (table, "Menunggu", "Waiting for");
	table_column (table, "Sejak", "For");
	table_column (table, "Catatan", "Notes");
	json_array_foreach ((json_t *)items, i, item) add_chain (cli, table, item);
	table_print (table);
}

static err_t chain_list (struct cli *cli)
{
	return list_run (cli, 1, "/v1/chains", print_chains, "Belum ada rangkaian rujukan.",
			  "There are no chains of referrals yet.");
}

static err_t chain_late (struct cli *cli)
{
	return list_run (cli, 1, "/v1/chains?late=1", print_chains, "Tidak ada yang terlambat.", "Nothing is late.");
}

static err_t chain_disagree (struct cli *cli)
{
	return list_run (cli, 1, "/v1/chains?disagree=1", print_chains, "Laporan kedua pihak cocok semuanya.",
			  "What the two sides report agrees everywhere.");
}

/* ---- counts
 * ----------------------------------------------------------------------------------- */

static void count_cell (table_t *table, const json_t *pair, const char *name)
{
	char number[24];

	snprintf (number, sizeof number, "%" PRId64, json_get_number (pair, name, 0));
	table_cell (table, number);
}

static void add_pair (const struct cli *cli, table_t *table, const char *name, const json_t *pair)
{
	char text[OUT_TEXT];

	table_cell (table, name);
	count_cell (table, pair, "sent");
	count_cell (table, pair, "in_time");
	count_cell (table, pair, "rejected");
	count_cell (table, pair, "late");
	count_cell (table, pair, "disagree");
	table_cell (table, out_member (cli, json_object_get (pair, "accept"), "words", text));
	table_cell (table, out_member (cli, json_object_get (pair, "outcome"), "words", text));
}

static void print_summary (const struct cli *cli, const json_t *summary)
{
	OWNED (table) table = table_new (cli);
	char text[OUT_TEXT];
	size_t i;
	json_t *pair;

	table_column (table, "Dari → kepada", "From → to");
	table_column (table, "Dikirim", "Sent");
	table_column (table, "Dijawab tepat waktu", "Answered in time");
	table_column (table, "Ditolak", "Rejected");
	table_column (table, "Terlambat", "Late");
	table_column (table, "Tidak cocok", "Disagree");
	table_column (table, "Sampai diterima", "To acceptance");
	table_column (table, "Sampai hasil", "To outcome");
	json_array_foreach (json_object_get (summary, "pairs"), i, pair)
	{
		snprintf (text, sizeof text, "%s → %s",
			  out_get (json_object_get (pair, "from"), "id"),
			  out_get (json_object_get (pair, "to"), "id"));
		add_pair (cli, table, text, pair);
	}
	add_pair (cli, table, out_words (cli, "Semua", "All", text),
		  json_object_get (summary, "total"));
	table_print (table);
	out_say (cli, "Waktu adalah median.", "Times are medians.");
}

static err_t chain_summary (struct cli *cli)
{
	json_t *summary;
	err_t err = args_finish (cli, 1);

	if (err == ERR_OK)
		err = client_ask (cli, "GET", "/v1/chains/summary", NULL, &summary);
	if (err != ERR_OK)
		return err;
	if (!client_printed (cli, summary))
		print_summary (cli, summary);
	json_decref (summary);
	return ERR_OK;
}

/* ---- one chain
 * -------------------------------------------------------------------------------- */

static err_t chain_word (struct cli *cli, const char **ret_word)
{
	err_t err = args_word (cli, 1, "nomor rangkaian", "the chain's number", ret_word);

	if (err != ERR_OK)
		return err;
	if (strspn (*ret_word, "0123456789abcdefABCDEF-") == strlen (*ret_word)
	    && strlen (*ret_word) < UUID_TEXT)
		return ERR_OK;
	out_complain (cli, "%s bukan nomor rangkaian; contoh: 3f2a91bc",
		      "%s is no chain's number; an example: 3f2a91bc", quoted (*ret_word));
	return ERR_NOT_FOUND;
}

static const char *language_word (const struct cli *cli)
{
	switch (cli->language) {
	case LANGUAGE_BOTH: return "both";
	case LANGUAGE_ID: return "id";
	case LANGUAGE_EN: return "en";
	}
	return "both";
}

/* The agent draws the tree, so that a screen shows what a file holds. */
static err_t chain_show (struct cli *cli)
{
	const char *word;
	char path[128];
	json_t *answer;
	err_t err = chain_word (cli, &word);

	if (err == ERR_OK)
		err = args_finish (cli, 2);
	if (err != ERR_OK)
		return err;
	snprintf (path, sizeof path, "/v1/chains/%s", word);
	if (!cli->json)
		snprintf (path, sizeof path, "/v1/chains/%s/export?format=text&lang=%s", word,
			  language_word (cli));
	err = client_ask (cli, "GET", path, NULL, &answer);
	if (err != ERR_OK)
		return err;
	if (!client_printed (cli, answer))
		fputs (out_get (answer, "text"), stdout);
	json_decref (answer);
	return ERR_OK;
}

/* ---- files
 * ------------------------------------------------------------------------------------ */

static err_t save (const struct cli *cli, const char *path, const char *text)
{
	FILE *file = fopen (path, "we");
	bool failed = file == NULL || fputs (text, file) == EOF;

	if (file != NULL)
		failed = fclose (file) != 0 || failed;
	if (failed) {
		out_complain (cli, "berkas %s tidak dapat ditulis",
			      "the file %s can't be written", quoted (path));
		return ERR_FILE;
	}
	out_sayf (cli, "Disimpan: %s", "Saved: %s", path);
	return ERR_OK;
}

static err_t write_out (const struct cli *cli, const char *output, const json_t *answer)
{
	const json_t *chain = json_object_get (answer, "chain");
	char *text = chain != NULL ? json_text (chain, true) : must_text (out_get (answer, "text"));
	err_t err = ERR_OK;

	if (output != NULL)
		err = save (cli, output, text);
	else
		fputs (text, stdout);
	free (text);
	return err;
}

/* Without a chain: all of them, for a spreadsheet. */
static err_t export_path (struct cli *cli, char path[160])
{
	const char *format = args_flag (cli, "format"), *word;
	err_t err;

	if (format != NULL && strspn (format, "abcdefghijklmnopqrstuvwxyz") != strlen (format)) {
		out_complain (cli, "format %s tidak ada; yang ada: text, json, csv",
			      "there is no format %s; there are: text, json, csv", quoted (format));
		return ERR_USAGE;
	}
	if (cli->word_count == 1) {
		snprintf (path, 160, "/v1/chains/export?format=%.20s",
			  format != NULL ? format : "csv");
		return args_finish (cli, 1);
	}
	err = chain_word (cli, &word);
	if (err == ERR_OK)
		err = args_finish (cli, 2);
	if (err == ERR_OK)
		snprintf (path, 160, "/v1/chains/%.40s/export?format=%.20s&lang=%s", word,
			  format != NULL ? format : "text", language_word (cli));
	return err;
}

static err_t chain_export (struct cli *cli)
{
	const char *output = args_flag (cli, "output");
	char path[160];
	json_t *answer;
	err_t err = export_path (cli, path);

	if (err == ERR_OK)
		err = client_ask (cli, "GET", path, NULL, &answer);
	if (err != ERR_OK)
		return err;
	if (!client_printed (cli, answer))
		err = write_out (cli, output, answer);
	json_decref (answer);
	return err;
}

/* ---- the command
 * ------------------------------------------------------------------------------ */

static const struct {
	const char *word;
	err_t (*run) (struct cli *cli);
} parts[] = {
	{ "list", chain_list },         { "show", chain_show },
	{ "late", chain_late },         { "disagree", chain_disagree },
	{ "summary", chain_summary },   { "export", chain_export },
};

err_t run_chain (struct cli *cli)
{
	const char *word;
	err_t err = args_word (cli, 0, "list, show, late, disagree, summary atau export",
			       "list, show, late, disagree, summary or export", &word);

	if (err != ERR_OK)
		return err;
	for (size_t i = 0; i < COUNT_OF (parts); i++)
		if (strcmp (parts[i].word, word) == 0)
			return parts[i].run (cli);
	out_complain (cli, "tulis chain list, show, late, disagree, summary atau export, bukan %s",
		      "write chain list, show, late, disagree, summary or export, not %s",
		      quoted (word));
	return ERR_USAGE;
}
