/* The page about one person; see view_case.h. */
#include "agents/api/view_case.h"

#include <stdlib.h>
#include <string.h>

#include "agents/api/times.h"
#include "agents/api/view.h"

#define OPEN_SHOWN 50u
#define LETTERS_OF_KIND 20u    /* of findings and plans, the newest */
#define LETTERS_SHOWN 30u
#define DOCUMENTS_SHOWN 100u
#define MONTH_DAYS 30          /* aftercare reminds every 30 days */
#define MONTHS_MAX 36
#define ENTRIES_ARENA_BYTES (64u * MIB)

/* ---- stages --------------------------------------------------------------------- */

static int64_t days_since (const struct call *call, int64_t at_ms)
{
	return local_day (desk_now_ms (call->parts->desk), call->region) -
	       local_day (at_ms, call->region);
}

json_t *view_stage (const struct call *call, const struct way *way)
{
	const struct stage_spec *stage;
	json_t *json;

	if (way->scheme == NULL)
		return json_null ();
	stage = &way->scheme->stages[way->stage];
	json = json_pack ("{s:s, s:o, s:i, s:i, s:I}", "stage", stage->stage, "words",
			  view_words (stage->words), "place", (int)way->stage + 1, "of",
			  (int)way->scheme->stage_count, "days",
			  (json_int_t)days_since (call, way->since_ms));
	times_set (json, "since", way->since_ms, call->region);
	return json;
}

/* "passed": a later stage was reached, and nothing is known of this one. */
static const char *stage_state (const struct way *way, size_t i)
{
	if (i == way->stage)
		return "now";
	if (way->reached_ms[i] != 0)
		return "reached";
	return i < way->stage ? "passed" : "ahead";
}

static json_t *stages_json (const struct call *call, const struct way *way)
{
	json_t *list = json_array ();

	for (size_t i = 0; way->scheme != NULL && i < way->scheme->stage_count; i++) {
		const struct stage_spec *stage = &way->scheme->stages[i];
		json_t *json = json_pack ("{s:s, s:o, s:s}", "stage", stage->stage, "words",
					  view_words (stage->words), "state",
					  stage_state (way, i));

		times_set (json, "reached", way->reached_ms[i], call->region);
		json_array_append_new (list, json);
	}
	return list;
}

static json_t *scheme_json (const struct way *way)
{
	return way->scheme == NULL ? json_null ()
				   : json_pack ("{s:s, s:o}", "scheme", way->scheme->scheme,
						"words", view_words (way->scheme->words));
}

/* ---- consent -------------------------------------------------------------------- */

/* clang-format off */
enum chip { CHIP_IN_FORCE, CHIP_AHEAD, CHIP_EXPIRED, CHIP_WITHDRAWN };
static const struct { const char *name; struct words words; } chips[] = {
	[CHIP_IN_FORCE]  = { "in-force",  { "berlaku", "in force" } },
	[CHIP_AHEAD]     = { "ahead",     { "belum berlaku", "not yet in force" } },
	[CHIP_EXPIRED]   = { "expired",   { "sudah lewat", "run out" } },
	[CHIP_WITHDRAWN] = { "withdrawn", { "ditarik", "withdrawn" } },
};
/* clang-format on */

static enum chip chip_of (const struct clause_row *row, int64_t now_ms)
{
	if (row->withdrawn_said_ms != 0)
		return CHIP_WITHDRAWN;
	if (row->clause.valid_to_ms <= now_ms)
		return CHIP_EXPIRED;
	return row->clause.valid_from_ms > now_ms ? CHIP_AHEAD : CHIP_IN_FORCE;
}

static json_t *consents_json (const struct call *call, const struct person *person)
{
	int64_t now_ms = desk_now_ms (call->parts->desk);
	json_t *list = json_array ();
	struct clause_row *rows;
	size_t count = clause_list (call->parts->ledger, &person->id, call->arena, &rows);

	for (size_t i = 0; i < count; i++) {
		enum chip chip = chip_of (&rows[i], now_ms);
		json_t *json = view_clause (call, &rows[i]);

		json_object_set_new (json, "state", json_string (chips[chip].name));
		json_object_set_new (json, "state_words", view_words (chips[chip].words));
		json_array_append_new (list, json);
	}
	return list;
}

/* ---- referrals and documents ---------------------------------------------------- */

static json_t *referrals_json (const struct call *call, const struct person *person)
{
	json_t *list = json_array ();
	struct thread *threads;
	size_t count = thread_list (call->parts->ledger, BOX_OPEN, &person->id, NULL, 0,
				    OPEN_SHOWN, call->arena, &threads);

	for (size_t i = 0; i < count; i++)
		json_array_append_new (list, view_thread (call, &threads[i]));
	return list;
}

static json_t *documents_json (const struct call *call, const struct person *person)
{
	json_t *list = json_array ();
	struct attachment_row *rows;
	size_t count = attachment_of_person (call->parts->ledger, &person->id, call->arena,
					     &rows);

	for (size_t i = 0; i < count && i < DOCUMENTS_SHOWN; i++) {
		json_t *json = view_attachment (&rows[i]);

		json_object_set_new (json, "thread", view_number (call, &rows[i].thread));
		json_object_set_new (json, "partner", view_agency (call, &rows[i].partner));
		times_set (json, "created", rows[i].created_ms, call->region);
		json_array_append_new (list, json);
	}
	return list;
}

/* ---- findings and plans --------------------------------------------------------- */

static int newer_first (const void *a, const void *b)
{
	const struct entry *left = a, *right = b;

	return left->n < right->n ? 1 : left->n > right->n ? -1 : 0;
}

/* The newest letters of these kinds, whoever wrote them. */
static json_t *letters_json (const struct call *call, const struct person *person,
			     const char *const *kinds, size_t kind_count)
{
	OWNED (arena) arena = arena_new (ENTRIES_ARENA_BYTES);
	struct entry *all = arena_must (arena, (kind_count * LETTERS_OF_KIND + 1) * sizeof *all);
	json_t *list = json_array ();
	size_t count = 0;

	for (size_t i = 0; i < kind_count; i++) {
		struct entry *entries;
		size_t found = entry_find (call->parts->ledger, &person->id, kinds[i],
					   LETTERS_OF_KIND, arena, &entries);

		if (found > 0)
			memcpy (all + count, entries, found * sizeof *all);
		count += found;
	}
	qsort (all, count, sizeof *all, newer_first);
	for (size_t i = 0; i < count && i < LETTERS_SHOWN; i++) {
		json_t *json = view_letter (call, &all[i]);

		json_object_set_new (json, "thread", view_number (call, &all[i].thread));
		json_object_set_new (json, "partner", view_agency (call, &all[i].partner));
		json_array_append_new (list, json);
	}
	return list;
}

/* ---- aftercare ------------------------------------------------------------------ */

struct months {
	const char *start;
	size_t count;
	struct { const char *on; bool told, reached; } month[MONTHS_MAX];
};

static bool read_letter (const struct entry *entry, arena_t *arena, struct letter *ret_letter)
{
	return entry->body.len > 0 &&
	       letter_decode (entry->body, arena, ret_letter) == ERR_OK;
}

static bool read_schedule (const struct aftercare_spec *spec, const struct letter *letter,
			   struct months *months)
{
	const struct answer *start =
		answer_find (letter->answers, letter->answer_count, spec->start);
	const struct answer *count =
		answer_find (letter->answers, letter->answer_count, spec->months);

	if (start == NULL || !date_is_real (start->text) || count == NULL ||
	    count->type != ANSWER_INTEGER || count->number < 1)
		return false;
	months->start = start->text;
	months->count = count->number < MONTHS_MAX ? (size_t)count->number : MONTHS_MAX;
	return true;
}

/* A check-in belongs to the month whose reminder is nearest. */
static void take_checkin (const struct aftercare_spec *spec, const struct letter *letter,
			  struct months *months)
{
	const struct answer *on = answer_find (letter->answers, letter->answer_count, spec->on);
	const struct answer *reached =
		answer_find (letter->answers, letter->answer_count, spec->reached);
	int64_t days, place;

	if (on == NULL || !date_is_real (on->text))
		return;
	days = date_day (on->text) - date_day (months->start);
	place = days < 0 ? 0 : (days + MONTH_DAYS / 2) / MONTH_DAYS - 1;
	place = place < 0 ? 0 : place;
	if (place >= (int64_t)months->count)
		place = (int64_t)months->count - 1;
	months->month[place].told = true;
	months->month[place].on = on->text;
	if (reached != NULL && reached->type == ANSWER_BOOLEAN && reached->number != 0)
		months->month[place].reached = true;
}

static void take_checkins (const struct call *call, const struct person *person,
			   const struct aftercare_spec *spec, arena_t *arena,
			   struct months *months)
{
	struct entry *entries;
	size_t count = entry_find (call->parts->ledger, &person->id, spec->checkin,
				   2 * MONTHS_MAX, arena, &entries);

	for (size_t i = count; i > 0; i--) {
		struct letter letter;

		if (read_letter (&entries[i - 1], arena, &letter))
			take_checkin (spec, &letter, months);
	}
}

static json_t *months_json (const struct months *months)
{
	json_t *list = json_array ();

	for (size_t i = 0; i < months->count; i++)
		json_array_append_new (
			list, json_pack ("{s:i, s:o, s:s?}", "month", (int)i + 1, "reached",
					 months->month[i].told
						 ? json_boolean (months->month[i].reached)
						 : json_null (),
					 "on", months->month[i].on));
	return list;
}

static json_t *aftercare_json (const struct call *call, const struct person *person)
{
	const struct aftercare_spec *spec =
		&catalogue_case (call->parts->catalogue)->aftercare;
	OWNED (arena) arena = arena_new (ENTRIES_ARENA_BYTES);
	struct months months = { 0 };
	struct letter letter;
	struct entry *entries;

	if (spec->kind == NULL ||
	    entry_find (call->parts->ledger, &person->id, spec->kind, 1, arena, &entries) == 0 ||
	    !read_letter (&entries[0], arena, &letter) ||
	    !read_schedule (spec, &letter, &months))
		return json_null ();
	take_checkins (call, person, spec, arena, &months);
	return json_pack ("{s:s, s:o, s:o, s:o}", "start", months.start, "months",
			  months_json (&months), "thread",
			  view_number (call, &entries[0].thread), "partner",
			  view_agency (call, &entries[0].partner));
}

/* ---- who may be called ---------------------------------------------------------- */

/* clang-format off */
static const struct { const char *safe, *message; struct words words; } calls[] = {
	{ "no",  "no",  { "Jangan ditelepon dan jangan tinggalkan pesan", "Do not call and leave no message" } },
	{ "no",  "yes", { "Jangan ditelepon; pesan boleh ditinggalkan", "Do not call; a message may be left" } },
	{ "no",  "",    { "Jangan ditelepon", "Do not call" } },
	{ "yes", "yes", { "Boleh ditelepon; pesan boleh ditinggalkan", "May be called; a message may be left" } },
	{ "yes", "no",  { "Boleh ditelepon; jangan tinggalkan pesan", "May be called; leave no message" } },
	{ "yes", "",    { "Boleh ditelepon; belum diketahui apakah pesan boleh ditinggalkan",
	                  "May be called; whether a message may be left is not known" } },
	{ "",    "",    { "Belum diketahui apakah aman ditelepon: tanyakan lebih dahulu",
	                  "Whether a call is safe is not known: ask first" } },
};
/* clang-format on */

static bool fits (const char *wanted, const char *said)
{
	return *wanted == '\0' || strcmp (wanted, said) == 0;
}

static json_t *call_words (const struct person *person)
{
	size_t i = 0;

	while (!fits (calls[i].safe, person->safe_to_call) ||
	       !fits (calls[i].message, person->may_leave_message))
		i++;
	return view_words (calls[i].words);
}

static json_t *contact_json (const struct person *person)
{
	return json_pack ("{s:s, s:s, s:s, s:s, s:s, s:o}", "phone", person->phone,
			  "safe_to_call", person->safe_to_call, "may_leave_message",
			  person->may_leave_message, "who_knows", person->who_knows,
			  "guardian", person->guardian, "words", call_words (person));
}

/* ---- the page ------------------------------------------------------------------- */

void view_case (const struct call *call, json_t *json, const struct person *person)
{
	const struct case_spec *cases = catalogue_case (call->parts->catalogue);
	struct way way;

	desk_way (call->parts->desk, person, &way);
	json_object_set_new (json, "age", way.age >= 0 ? json_integer (way.age) : json_null ());
	json_object_set_new (json, "scheme", scheme_json (&way));
	json_object_set_new (json, "stage", view_stage (call, &way));
	json_object_set_new (json, "stages", stages_json (call, &way));
	json_object_set_new (json, "consents", consents_json (call, person));
	json_object_set_new (json, "referrals", referrals_json (call, person));
	json_object_set_new (json, "findings", letters_json (call, person, cases->findings,
							     cases->finding_count));
	json_object_set_new (json, "plan",
			     letters_json (call, person, cases->plans, cases->plan_count));
	json_object_set_new (json, "documents", documents_json (call, person));
	json_object_set_new (json, "aftercare", aftercare_json (call, person));
	json_object_set_new (json, "contact", contact_json (person));
}
