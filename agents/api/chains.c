/*
 * Chains, for coordinators: what the sides of each referral told of it.  Nothing here names a
 * person, because nothing that came in does.
 */
#include "agents/api/handlers.h"
#include "agents/api/view_chain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_AT_ONCE 4096u
#define CHAINS_AT_ONCE 256u

/* ---- whom this agency oversees
 * ----------------------------------------------------------------- */

static size_t overseen_by_us (const struct call *call, const struct agency_id **ret_overseen)
{
	const struct desk_parts *desk = desk_parts (call->parts->desk);
	const struct directory_data *data = directory_data (desk->directory);
	struct agency_id *all;
	size_t most = 0, count = 0;

	for (size_t i = 0; i < data->oversight_count; i++)
		if (agency_id_equal (&data->oversight[i].coordinator, &desk->self))
			most += data->oversight[i].overseen_count;
	all = arena_must (call->arena, (most + 1) * sizeof *all);
	for (size_t i = 0; i < data->oversight_count; i++)
		for (size_t k = 0; k < data->oversight[i].overseen_count; k++)
			if (agency_id_equal (&data->oversight[i].coordinator, &desk->self))
				all[count++] = data->oversight[i].overseen[k];
	*ret_overseen = all;
	return count;
}

/* What has come in since somebody asked last. */
static void read_on (const struct call *call)
{
	OWNED (arena) arena = arena_new (ROWS_AT_ONCE * 4 * KIB);
	struct chain_row *rows;
	size_t count;

	do {
		arena_reset (arena);
		count = chain_events (call->parts->ledger, audit_last (call->audit), ROWS_AT_ONCE,
				      arena, &rows);
		audit_add (call->audit, rows, count);
	} while (count > 0);
}

static err_t open_audit (struct call *call)
{
	const struct agency_id *overseen;
	size_t count = overseen_by_us (call, &overseen);

	if (count == 0)
		return problems_add_texts (
			call->problems, ERR_NOT_FOUND, "",
			"instansi ini tidak mengawasi instansi lain; rangkaian rujukan hanya dapat "
			"dilihat koordinator yang ditetapkan dalam direktori jaringan",
			"this agency oversees no other; chains of referrals are seen by coordinators, "
			"whom the network's directory names");
	read_on (call);
	audit_oversee (call->audit, overseen, count);
	return ERR_OK;
}

/* ---- parameters
 * ------------------------------------------------------------------------------- */

static err_t read_flag (struct call *call, const char *name, bool *ret_flag)
{
	const char *value = call_param (call, name);

	*ret_flag = strcmp (value, "1") == 0;
	if (*ret_flag || *value == '\0' || strcmp (value, "0") == 0)
		return ERR_OK;
	return problems_add (call->problems, ERR_INVALID, name, "%s: tulis 1 atau 0, bukan %s",
			     "%s: write 1 or 0, not %s", name, quoted (value));
}

static err_t read_filter (struct call *call, struct audit_filter *ret_filter)
{
	err_t err = read_flag (call, "late", &ret_filter->late);

	return err != ERR_OK ? err : read_flag (call, "disagree", &ret_filter->disagree);
}

/* The place of a word in a list that ends with NULL; the first when it is not given. */
static err_t read_choice (struct call *call, const char *name, const char *const *words,
			  size_t *ret_choice)
{
	const char *value = call_param (call, name);

	for (size_t i = 0; words[i] != NULL; i++)
		if (strcmp (words[i], *value != '\0' ? value : words[0]) == 0) {
			*ret_choice = i;
			return ERR_OK;
		}
	return problems_add (call->problems, ERR_INVALID, name,
			     "%s tidak dikenal; yang ada: %s, %s, %s",
			     "there is no %s; there are: %s, %s, %s", quoted (value), words[0],
			     words[1], words[2]);
}

/* ---- lists
 * ------------------------------------------------------------------------------------ */

err_t chains_list (struct call *call, json_t **ret_answer)
{
	int64_t now_ms = desk_now_ms (call->parts->desk);
	struct audit_filter filter;
	struct audit_chain *chains;
	struct page page;
	json_t *items;
	size_t count;
	err_t err = read_filter (call, &filter);

	if (call_page (call, &page) != ERR_OK || err != ERR_OK)
		return ERR_INVALID;
	err = open_audit (call);
	if (err != ERR_OK)
		return err;
	count = audit_list (call->audit, &filter, now_ms, page.after, page.limit + 1, call->arena,
			    &chains);
	items = json_array ();
	for (size_t i = 0; i < count && i < page.limit; i++)
		json_array_append_new (items, view_chain (call, &chains[i], now_ms, false));
	*ret_answer = page_json (items, count > page.limit, page.after + page.limit);
	return ERR_OK;
}

err_t chains_summary (struct call *call, json_t **ret_answer)
{
	struct audit_summary summary;
	err_t err = open_audit (call);

	if (err != ERR_OK)
		return err;
	audit_summary (call->audit, desk_now_ms (call->parts->desk), call->arena, &summary);
	*ret_answer = view_summary (call, &summary);
	return ERR_OK;
}

/* ---- one chain
 * -------------------------------------------------------------------------------- */

static err_t find_chain (struct call *call, struct chain_id *ret_id)
{
	err_t err = audit_find (call->audit, call->id, ret_id);

	if (err == ERR_AMBIGUOUS)
		return problems_add (call->problems, err, "chain",
				     "ada beberapa rangkaian yang berawal %s; tulis lebih banyak angka",
				     "several chains begin with %s; write more digits",
				     quoted (call->id));
	if (err != ERR_OK)
		return problems_add (call->problems, err, "chain",
				     "tidak ada rangkaian %s; tulis sedikitnya enam angka pertamanya",
				     "there is no chain %s; write at least its first six digits",
				     quoted (call->id));
	return ERR_OK;
}

static err_t open_chain (struct call *call, int64_t now_ms, struct audit_chain *ret_chain)
{
	struct chain_id id;
	err_t err = open_audit (call);

	if (err == ERR_OK)
		err = find_chain (call, &id);
	return err != ERR_OK ? err
			     : audit_show (call->audit, &id, now_ms, call->arena, ret_chain);
}

err_t chains_show (struct call *call, json_t **ret_answer)
{
	int64_t now_ms = desk_now_ms (call->parts->desk);
	struct audit_chain chain;
	err_t err = open_chain (call, now_ms, &chain);

	if (err == ERR_OK)
		*ret_answer = view_chain (call, &chain, now_ms, true);
	return err;
}

/* ---- for a file
 * ------------------------------------------------------------------------------- */

enum { AS_TEXT, AS_JSON, AS_CSV };
static const char *const formats[] = { "text", "json", "csv", NULL };
static const char *const endings[] = { "txt", "json", "csv" };

/* Takes the text. */
static json_t *file_json (const char *name, size_t format, char *text)
{
	char file[64];
	json_t *json;

	snprintf (file, sizeof file, "%.32s.%s", name, endings[format]);
	json = json_pack ("{s:s, s:s, s:s}", "format", formats[format], "name", file, "text", text);
	free (text);
	return json;
}

err_t chains_export (struct call *call, json_t **ret_answer)
{
	static const char *const languages[] = { "both", "id", "en", NULL };
	int64_t now_ms = desk_now_ms (call->parts->desk);
	char name[32], text[CHAIN_SHORT_TEXT];
	struct audit_chain chain;
	size_t format, language;
	err_t err = read_choice (call, "format", formats, &format);

	if (err == ERR_OK)
		err = read_choice (call, "lang", languages, &language);
	if (err == ERR_OK)
		err = open_chain (call, now_ms, &chain);
	if (err != ERR_OK)
		return err;
	snprintf (name, sizeof name, "chain-%s", chain_short (&chain.id, text));
	if (format == AS_CSV)
		*ret_answer = file_json (name, format, chain_csv (&chain));
	else if (format == AS_TEXT)
		*ret_answer = file_json (name, format,
					 chain_text (call, &chain, now_ms,
						     (enum chain_language)language));
	else
		*ret_answer = json_pack ("{s:s, s:s, s:o}", "format", formats[format], "name",
					 arena_printf (call->arena, "%s.json", name), "chain",
					 view_chain (call, &chain, now_ms, true));
	return ERR_OK;
}

struct rest {
	audit_t *audit;
	struct audit_filter filter;
	int64_t now_ms;
	size_t done;
	arena_t *arena;
};

static size_t rest_of (void *arg, struct audit_chain **ret_chains)
{
	struct rest *rest = arg;
	size_t count;

	arena_reset (rest->arena);
	count = audit_list (rest->audit, &rest->filter, rest->now_ms, rest->done, CHAINS_AT_ONCE,
			    rest->arena, ret_chains);
	rest->done += count;
	return count;
}

/* A list for a spreadsheet; the other forms are one chain's. */
err_t chains_export_all (struct call *call, json_t **ret_answer)
{
	OWNED (arena) arena = arena_new (64u * MIB);
	struct rest rest = { .audit = call->audit,
			     .now_ms = desk_now_ms (call->parts->desk),
			     .arena = arena };
	struct chain_source source = { rest_of, &rest };
	const char *format = call_param (call, "format");
	err_t err = read_filter (call, &rest.filter);

	if (*format != '\0' && strcmp (format, formats[AS_CSV]) != 0)
		err = problems_add (call->problems, ERR_INVALID, "format",
				    "daftar hanya dapat diekspor sebagai csv, bukan %s",
				    "a list can only be exported as csv, not as %s", quoted (format));
	if (err == ERR_OK)
		err = open_audit (call);
	if (err == ERR_OK)
		*ret_answer = file_json ("chains", AS_CSV, chains_csv (&source));
	return err;
}
