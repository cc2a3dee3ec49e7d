/* Chains as JSON, and the words that both forms for people share; see view_chain.h. */
#include "agents/api/view_chain.h"

#include <stdio.h>
#include <string.h>

#include "agents/api/times.h"
#include "agents/api/view.h"

char *chain_short (const struct chain_id *id, char text[CHAIN_SHORT_TEXT])
{
	return hex_text ((struct bytes){ id->b, 4 }, text, CHAIN_SHORT_TEXT);
}

/* ---- words
 * ------------------------------------------------------------------------------------ */

/* clang-format off */
static const struct { const char *state; struct words words; } told_instead[] = {
	{ AUDIT_INFO_ASKED,            { "Keterangan diminta", "Information asked for" } },
	{ AUDIT_CANCEL_REQUESTED,      { "Pembatalan diminta", "Cancellation asked for" } },
	{ AUDIT_CANCELLED_UNCONFIRMED, { "Dibatalkan, belum dikonfirmasi", "Cancelled, unconfirmed" } },
};

/* Several thread types may be told as one of these. */
static const struct { const char *kind; struct words words; } coarse_kinds[] = {
	{ "referral",  { "Rujukan", "Referral" } },
	{ "transfer",  { "Pengalihan", "Transfer" } },
	{ "aftercare", { "Bina lanjut", "Aftercare" } },
};

static const struct words doubts[DOUBT_COUNT] = {
	[DOUBT_AT_STATES] = { "kedua pihak melaporkan keadaan yang berbeda lebih dari sehari",
			      "the two sides have told different states for over a day" },
	[DOUBT_AT_SILENT] = { "hanya satu pihak yang melapor", "only one side reports" },
	[DOUBT_AT_SIDES]  = { "kedua pihak menyebut instansi atau induk yang berbeda",
			      "the two sides name different agencies or parents" },
	[DOUBT_AT_LETTER] = { "kedua pihak menyebut surat yang berbeda untuk langkah yang sama",
			      "the two sides name different letters for the same step" },
	[DOUBT_AT_LOG]    = { "satu nomor catatan hub disebut untuk dua surat",
			      "one entry of the hub's log is named for two letters" },
	[DOUBT_AT_ORDER]  = { "urutan langkahnya tidak mungkin", "the order of steps is impossible" },
};
/* clang-format on */

struct words chain_doubt_words (size_t i)
{
	return doubts[i];
}

struct words chain_state_words (const struct audit_referral *referral, const char *name)
{
	const struct state *state =
		referral->type != NULL ? thread_state (referral->type, name) : NULL;

	for (size_t i = 0; i < COUNT_OF (told_instead); i++)
		if (strcmp (told_instead[i].state, name) == 0)
			return told_instead[i].words;
	return state != NULL ? state->words : (struct words){ name, name };
}

static const struct code_spec *find_code (const struct thread_type *type, const char *code)
{
	for (size_t k = 0; type != NULL && k < type->kind_count; k++) {
		const struct field_spec *field = kind_field (&type->kinds[k], "reason-code");

		for (size_t i = 0; field != NULL && i < field->code_count; i++)
			if (strcmp (field->codes[i].code, code) == 0)
				return &field->codes[i];
	}
	return NULL;
}

struct words chain_reason_words (const struct audit_referral *referral, const char *reason)
{
	const struct code_spec *code = find_code (referral->type, reason);

	return code != NULL ? code->words : (struct words){ reason, reason };
}

struct words chain_kind_words (const struct audit_referral *referral)
{
	for (size_t i = 0; i < COUNT_OF (coarse_kinds); i++)
		if (strcmp (coarse_kinds[i].kind, referral->kind) == 0)
			return coarse_kinds[i].words;
	return (struct words){ referral->kind, referral->kind };
}

static struct words outside_words (const struct call *call, const char *kind)
{
	const struct code_spec *kinds;
	size_t count = catalogue_agency_kinds (call->parts->catalogue, &kinds);
	struct words words = { kind, kind };

	for (size_t i = 0; i < count; i++)
		if (strcmp (kinds[i].code, kind) == 0)
			words = kinds[i].words;
	return (struct words){
		arena_printf (call->arena, "%s di luar jaringan", words.id),
		arena_printf (call->arena, "%s outside of the network", words.en),
	};
}

struct words chain_agency_words (const struct call *call, const struct agency_id *id)
{
	const directory_t *directory = desk_parts (call->parts->desk)->directory;
	const struct member *member = directory_member (directory, id);
	const char *text;

	if (member != NULL)
		return (struct words){ member->name_id, member->name_en };
	if (id->text[0] == '@')
		return outside_words (call, id->text + 1);
	text = arena_text (call->arena, id->text);
	return (struct words){ text, text };
}

/* clang-format off */
static const struct { int64_t ms; const char *id, *en; } units[] = {
	{ DAY_MS,    "hari",  "day" },
	{ HOUR_MS,   "jam",   "hour" },
	{ MINUTE_MS, "menit", "minute" },
};
/* clang-format on */

struct words chain_span_words (const struct call *call, int64_t ms)
{
	for (size_t i = 0; i < COUNT_OF (units); i++) {
		long long count = ms / units[i].ms;

		if (count > 0)
			return (struct words){
				arena_printf (call->arena, "%lld %s", count, units[i].id),
				arena_printf (call->arena, "%lld %s%s", count, units[i].en,
					      count == 1 ? "" : "s"),
			};
	}
	return (struct words){ "kurang dari semenit", "less than a minute" };
}

/* ---- JSON
 * ------------------------------------------------------------------------------------- */

static json_t *agency_json (const struct call *call, const struct agency_id *id)
{
	return json_pack ("{s:s, s:o}", "id", id->text, "name",
			  view_words (chain_agency_words (call, id)));
}

static json_t *named (const char *name, struct words words)
{
	return json_pack ("{s:s, s:o}", "name", name, "words", view_words (words));
}

static json_t *doubts_json (unsigned bits)
{
	json_t *list = json_array ();

	for (size_t i = 0; i < DOUBT_COUNT; i++)
		if (bits >> i & 1)
			json_array_append_new (list, named (audit_doubt_name (i), doubts[i]));
	return list;
}

static json_t *waiting_json (const struct call *call, const struct audit_waiting *waiting,
			     int64_t now_ms)
{
	bool told = waiting->told_by.text[0] != '\0';
	json_t *json;

	if (waiting->agency.text[0] == '\0')
		return json_null ();
	json = json_pack ("{s:o, s:o, s:b, s:o}", "agency", agency_json (call, &waiting->agency),
			  "for", view_words (chain_span_words (call, now_ms - waiting->since_ms)),
			  "late", waiting->late, "told_by",
			  told ? agency_json (call, &waiting->told_by) : json_null ());
	times_set (json, "since", waiting->since_ms, call->region);
	times_set (json, "due", waiting->due_ms, call->region);
	return json;
}

static json_t *step_json (const struct call *call, const struct audit_referral *referral,
			  const struct audit_step *step)
{
	char hash[HEX32_TEXT];
	json_t *json = json_pack (
		"{s:s, s:o, s:o, s:s, s:o}", "reporter", step->reporter.text, "state",
		named (step->state, chain_state_words (referral, step->state)), "reason",
		*step->reason != '\0'
			? named (step->reason, chain_reason_words (referral, step->reason))
			: json_null (),
		"header_hash",
		ID_IS_NONE (step->header_hash)
			? ""
			: hex_text (ID_BYTES (step->header_hash), hash, sizeof hash),
		"leaf", step->leaf != 0 ? json_integer ((json_int_t)step->leaf) : json_null ());

	times_set (json, "at", step->at_ms, call->region);
	times_set (json, "due", step->due_ms, call->region);
	times_set (json, "told", step->told_ms, call->region);
	return json;
}

static json_t *side_json (const struct call *call, const struct audit_referral *referral, size_t i)
{
	const struct audit_side *side = &referral->side[i];
	json_t *json = json_pack (
		"{s:b, s:o}", "overseen", side->overseen, "state",
		*side->state != '\0' ? named (side->state, chain_state_words (referral, side->state))
				     : json_null ());

	times_set (json, "at", side->at_ms, call->region);
	times_set (json, "told", side->told_ms, call->region);
	return json;
}

static json_t *referral_json (const struct call *call, const struct audit_referral *referral,
			      int64_t now_ms)
{
	json_t *steps = json_array ();
	json_t *json = json_pack (
		"{s:o, s:o, s:i, s:o, s:o, s:o, s:o, s:b, s:o, s:o, s:o, s:o}", "id",
		view_uuid (referral->id.b), "parent", view_uuid (referral->parent.b), "depth",
		(int)referral->depth, "from", agency_json (call, &referral->from), "to",
		agency_json (call, &referral->to), "kind",
		named (referral->kind, chain_kind_words (referral)), "state",
		named (referral->state, chain_state_words (referral, referral->state)), "open",
		!referral->ended, "waiting", waiting_json (call, &referral->waiting, now_ms),
		"doubts", doubts_json (referral->doubts), "requester",
		side_json (call, referral, SIDE_REQUESTER), "performer",
		side_json (call, referral, SIDE_PERFORMER));

	times_set (json, "opened", referral->opened_ms, call->region);
	times_set (json, "answered", referral->answered_ms, call->region);
	times_set (json, "accepted", referral->accepted_ms, call->region);
	times_set (json, "arrived", referral->arrived_ms, call->region);
	times_set (json, "ended", referral->ended_ms, call->region);
	for (size_t i = 0; i < referral->step_count; i++)
		json_array_append_new (steps, step_json (call, referral, &referral->steps[i]));
	json_object_set_new (json, "steps", steps);
	return json;
}

json_t *view_chain (const struct call *call, const struct audit_chain *chain, int64_t now_ms,
		    bool whole)
{
	const struct audit_referral *root = &chain->referrals[0],
				    *current = &chain->referrals[chain->current];
	char text[CHAIN_SHORT_TEXT];
	json_t *tree = json_array ();
	json_t *json = json_pack (
		"{s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:i, s:b, s:b, s:o, s:o}", "id",
		view_uuid (chain->id.b), "short", chain_short (&chain->id, text), "kind",
		named (root->kind, chain_kind_words (root)), "from",
		agency_json (call, &root->from), "to", agency_json (call, &root->to), "at",
		agency_json (call, &current->to), "state",
		named (current->state, chain_state_words (current, current->state)), "referrals",
		(int)chain->referral_count, "open", !chain->ended, "late", chain->late, "doubts",
		doubts_json (chain->doubts), "waiting",
		waiting_json (call, &current->waiting, now_ms));

	times_set (json, "opened", chain->opened_ms, call->region);
	times_set (json, "moved", chain->moved_ms, call->region);
	for (size_t i = 0; whole && i < chain->referral_count; i++)
		json_array_append_new (tree, referral_json (call, &chain->referrals[i], now_ms));
	if (whole)
		json_object_set (json, "tree", tree);
	json_decref (tree);
	return json;
}

/* ---- counts
 * ----------------------------------------------------------------------------------- */

static json_t *median_json (const struct call *call, const struct audit_median *median)
{
	if (median->count == 0)
		return json_null ();
	return json_pack ("{s:I, s:I, s:o}", "count", (json_int_t)median->count, "ms",
			  (json_int_t)median->ms, "words",
			  view_words (chain_span_words (call, median->ms)));
}

static json_t *pair_json (const struct call *call, const struct audit_pair *pair)
{
	return json_pack (
		"{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:o, s:o}", "sent",
		(json_int_t)pair->sent, "open", (json_int_t)pair->open, "accepted",
		(json_int_t)pair->accepted, "rejected", (json_int_t)pair->rejected, "completed",
		(json_int_t)pair->completed, "failed", (json_int_t)pair->failed, "cancelled",
		(json_int_t)pair->cancelled, "in_time", (json_int_t)pair->in_time, "late",
		(json_int_t)pair->late, "disagree", (json_int_t)pair->doubted, "accept",
		median_json (call, &pair->accept), "arrival", median_json (call, &pair->arrival),
		"outcome", median_json (call, &pair->outcome));
}

json_t *view_summary (const struct call *call, const struct audit_summary *summary)
{
	json_t *pairs = json_array ();

	for (size_t i = 0; i < summary->pair_count; i++) {
		json_t *pair = pair_json (call, &summary->pairs[i]);

		json_object_set_new (pair, "from", agency_json (call, &summary->pairs[i].from));
		json_object_set_new (pair, "to", agency_json (call, &summary->pairs[i].to));
		json_array_append_new (pairs, pair);
	}
	return json_pack ("{s:I, s:o, s:o}", "chains", (json_int_t)summary->chains, "total",
			  pair_json (call, &summary->total), "pairs", pairs);
}
