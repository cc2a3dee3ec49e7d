/* Deadlines and reminders as JSON; see work.h. */
#include "agents/api/work.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agents/api/times.h"
#include "agents/api/view.h"

json_t *work_thread (const struct call *call, const struct thread_id *id)
{
	const struct thread_type *type;
	struct thread thread;

	if (thread_get (call->parts->ledger, id, call->arena, &thread) != ERR_OK)
		return json_null ();
	type = catalogue_thread (call->parts->catalogue, thread.type);
	return json_pack ("{s:o, s:s, s:s, s:o, s:s, s:o, s:o}", "id", view_uuid (id->b),
			  "number", thread.number, "type", thread.type, "type_words",
			  type != NULL ? view_words (type->words)
				       : view_both (thread.type, thread.type),
			  "state", thread.state, "partner",
			  view_agency (call, &thread.partner), "person",
			  view_person_number (call, &thread.person));
}

void work_set_days (const struct call *call, json_t *json, int64_t at_ms)
{
	int64_t now_ms = desk_now_ms (call->parts->desk);

	json_object_set_new (json, "days",
			     json_integer (local_day (at_ms, call->region) -
					   local_day (now_ms, call->region)));
	json_object_set_new (json, "late", json_boolean (at_ms < now_ms));
}

/* clang-format off */
static const struct { const char *role; struct words words; } told[] = {
	{ "",            { "", "" } },
	{ "next",        { "instansi berikutnya ditanya", "the next agency was asked" } },
	{ "owner",       { "petugas diberi tahu", "the owner was told" } },
	{ "supervisor",  { "penyelia diberi tahu", "the supervisor was told" } },
	{ "coordinator", { "koordinator diberi tahu", "the coordinator was told" } },
};
/* clang-format on */

static json_t *told_words (const char *role)
{
	for (size_t i = 0; i < COUNT_OF (told); i++)
		if (strcmp (told[i].role, role) == 0)
			return view_words (told[i].words);
	return view_both (role, role);
}

json_t *work_deadline (const struct call *call, const struct deadline *deadline)
{
	const char *role = desk_escalated (call->parts->desk, deadline);
	json_t *json = view_deadline (call, deadline);

	work_set_days (call, json, deadline->due_ms);
	if (deadline->paused_ms != 0)
		json_object_set_new (json, "late", json_false ());
	json_object_set_new (json, "told", json_string (role));
	json_object_set_new (json, "told_words", told_words (role));
	json_object_set_new (json, "thread", work_thread (call, &deadline->thread));
	return json;
}

json_t *work_reminder (const struct call *call, const struct reminder *reminder)
{
	const struct kind_spec *kind =
		catalogue_kind (call->parts->catalogue, reminder->kind, 0);
	bool opens = kind != NULL && lifecycle_find (kind->thread, NULL, kind->name,
						     PARTY_REQUESTER) != NULL;
	json_t *json = json_pack (
		"{s:I, s:s, s:o, s:b, s:s, s:o, s:o}", "n", (json_int_t)reminder->n,
		"kind", reminder->kind, "words",
		kind != NULL ? view_words (kind->words)
			     : view_both (reminder->kind, reminder->kind),
		"opens", opens, "cause", reminder->cause, "thread",
		work_thread (call, &reminder->thread), "person",
		view_person_number (call, &reminder->person));

	times_set (json, "due", reminder->due_ms, call->region);
	work_set_days (call, json, reminder->due_ms);
	return json;
}

err_t work_number (const struct call *call, uint64_t *ret_n)
{
	char *end;

	errno = 0;
	*ret_n = strtoull (call->id, &end, 10);
	return errno == 0 && *end == '\0' && call->id[0] >= '0' && call->id[0] <= '9' &&
			       *ret_n <= INT64_MAX
		       ? ERR_OK
		       : ERR_NOT_FOUND;
}
