/*
 * The caseload as a list: who, how far, what is due next and how much is open.  Names are for those who
 * may open a record; others see case numbers.
 */
#include "agents/api/handlers.h"
#include "agents/api/view.h"
#include "agents/api/view_case.h"
#include "agents/api/work.h"

#include <stdio.h>
#include <string.h>

#include "agents/api/times.h"
#include "agents/ledger/caseload.h"

/* Stages are worked out, not kept, so a page that filters by them looks at so many at most and may come
 * short; "next" goes on from there. */
#define CASES_WALKED 2000u

struct filters {
	const char *stage;   /* "" = any */
	bool mine, open, names;
};

/* ---- the place where a page ends: "<due_ms>.<person>" --------------------------- */

#define PLACE_TEXT (24 + UUID_TEXT)

static void place_text (const struct case_row *row, char text[PLACE_TEXT])
{
	char person[UUID_TEXT];

	snprintf (text, PLACE_TEXT, "%lld.%s", (long long)row->due_ms,
		  uuid_text (row->person.b, person));
}

static bool place_parse (const char *text, struct case_row *ret_row)
{
	char person[UUID_TEXT] = "";
	long long due_ms;
	int end = 0;

	_Static_assert (UUID_TEXT == 37, "as scanned");
	if (sscanf (text, "%lld.%36[0-9a-f-]%n", &due_ms, person, &end) != 2 ||
	    text[end] != '\0' || uuid_parse (person, ret_row->person.b) != ERR_OK)
		return false;
	ret_row->due_ms = due_ms;
	return true;
}

static err_t read_place (struct call *call, struct case_row *place,
			 const struct case_row **ret_after)
{
	const char *after = call_param (call, "after");

	*ret_after = NULL;
	if (*after == '\0')
		return ERR_OK;
	if (!place_parse (after, place))
		return call_no_place (call);
	*ret_after = place;
	return ERR_OK;
}

/* ---- filters -------------------------------------------------------------------- */

static bool has_stage (const struct stage_scheme *scheme, const char *name)
{
	for (size_t i = 0; scheme != NULL && i < scheme->stage_count; i++)
		if (strcmp (scheme->stages[i].stage, name) == 0)
			return true;
	return false;
}

static const struct stage_scheme *own_scheme (const struct call *call)
{
	const struct desk_parts *parts = desk_parts (call->parts->desk);
	const struct member *self = directory_member (parts->directory, &parts->self);

	return catalogue_scheme (call->parts->catalogue, self != NULL ? self->kind : "");
}

static void read_filters (struct call *call, struct filters *filters)
{
	filters->stage = call_param (call, "stage");
	filters->mine = call_switch (call, "mine");
	filters->open = call_switch (call, "open");
	filters->names = permit (&call->actor, USE_LOOK) == ERR_OK;
	if (*filters->stage != '\0' && !has_stage (own_scheme (call), filters->stage))
		problems_add (call->problems, ERR_INVALID, "stage",
			      "%s bukan tahap yang dipakai di sini; lihat katalog",
			      "%s is no stage that is used here; see the catalogue",
			      quoted (filters->stage));
}

static bool is_mine (const struct call *call, const struct person *person)
{
	return strcmp (person->case_manager,
		       desk_parts (call->parts->desk)->self.text) == 0;
}

/* ---- one line ------------------------------------------------------------------- */

static json_t *due_words (const struct call *call, const struct case_row *row,
			  const struct reminder *reminder)
{
	const struct kind_spec *kind;

	if (reminder == NULL)
		return view_clock (call, row->what);
	kind = catalogue_kind (call->parts->catalogue, reminder->kind, 0);
	return kind != NULL ? view_words (kind->words)
			    : view_both (reminder->kind, reminder->kind);
}

static bool is_ours (const struct call *call, const struct case_row *row)
{
	struct deadline deadline;

	return row->reminder != 0 ||
	       (deadline_get (call->parts->ledger, &row->thread, row->what, &deadline) ==
			ERR_OK &&
		agency_id_equal (&deadline.owner, &desk_parts (call->parts->desk)->self));
}

static json_t *next_due_json (const struct call *call, const struct case_row *row)
{
	struct reminder reminder;
	bool is_reminder = row->reminder != 0 &&
			   reminder_get (call->parts->ledger, row->reminder, call->arena,
					 &reminder) == ERR_OK;
	json_t *json;

	if (row->due_ms == 0)
		return json_null ();
	json = json_pack ("{s:s, s:o, s:b, s:o}", "what",
			  is_reminder ? reminder.kind : row->what, "words",
			  due_words (call, row, is_reminder ? &reminder : NULL), "ours",
			  is_ours (call, row), "thread", view_number (call, &row->thread));
	times_set (json, "due", row->due_ms, call->region);
	work_set_days (call, json, row->due_ms);
	return json;
}

static json_t *case_json (const struct call *call, const struct case_row *row,
			  const struct person *person, const struct way *way,
			  const struct filters *filters)
{
	return json_pack (
		"{s:o, s:s, s:s?, s:o, s:o, s:o, s:I, s:b}", "id", view_uuid (person->id.b),
		"number", person->number, "name", filters->names ? person->name : NULL, "age",
		filters->names && way->age >= 0 ? json_integer (way->age) : json_null (),
		"stage", view_stage (call, way), "next_due", next_due_json (call, row),
		"open_loops", (json_int_t)case_open_threads (call->parts->ledger, &person->id),
		"mine", is_mine (call, person));
}

/* The line, or NULL when it is not wanted. */
static json_t *wanted_json (const struct call *call, const struct case_row *row,
			    const struct filters *filters)
{
	struct person person;
	struct way way;

	if (person_get (call->parts->ledger, &row->person, call->arena, &person) != ERR_OK ||
	    (filters->mine && !is_mine (call, &person)) ||
	    (filters->open &&
	     case_open_threads (call->parts->ledger, &person.id) == 0))
		return NULL;
	desk_way (call->parts->desk, &person, &way);
	if (*filters->stage != '\0' &&
	    (way.scheme == NULL ||
	     strcmp (way.scheme->stages[way.stage].stage, filters->stage) != 0))
		return NULL;
	return case_json (call, row, &person, &way, filters);
}

err_t people_list (struct call *call, json_t **ret_answer)
{
	struct filters filters;
	struct case_row place = { 0 }, *rows;
	const struct case_row *after;
	char next[PLACE_TEXT];
	json_t *items, *item;
	size_t limit, count, walked = 0;

	read_filters (call, &filters);
	if (call_limit (call, &limit) != ERR_OK || read_place (call, &place, &after) != ERR_OK ||
	    problems_count (call->problems) > 0)
		return ERR_INVALID;
	count = case_list (call->parts->ledger, after, CASES_WALKED, call->arena, &rows);
	items = json_array ();
	while (walked < count && json_array_size (items) < limit) {
		item = wanted_json (call, &rows[walked++], &filters);
		if (item != NULL)
			json_array_append_new (items, item);
	}
	if (walked > 0)
		place_text (&rows[walked - 1], next);
	*ret_answer = page_json_at (items,
				    walked < count || count == CASES_WALKED ? next : NULL);
	return ERR_OK;
}
