/*
 * Who looked at whom, when and why, for the auditor: a person is shown by case number alone.  And what
 * happened at the door.
 */
#include "agents/api/handlers.h"
#include "agents/api/times.h"
#include "agents/api/view.h"

#include <stdlib.h>


static const char *body_of (const struct call *call, const struct entry *entry)
{
	return arena_printf (call->arena, "%.*s", (int)entry->body.len,
			     entry->body.len > 0 ? (const char *)entry->body.data : "");
}

static json_t *look_json (const struct call *call, const struct entry *entry)
{
	json_t *json = json_pack (
		"{s:I, s:s, s:o, s:o, s:s?}", "n", (json_int_t)entry->n, "who", entry->user, "person",
		ID_IS_NONE (entry->person) ? json_null ()
					   : view_person_number (call, &entry->person),
		"referral", view_number (call, &entry->thread), "why",
		entry->body.len > 0 ? body_of (call, entry) : NULL);

	times_set (json, "at", entry->at_ms, call->region);
	return json;
}

static json_t *door_json (const struct call *call, const struct entry *entry)
{
	json_t *json = json_pack ("{s:I, s:s, s:s, s:s}", "n", (json_int_t)entry->n, "who", entry->user,
				  "what", entry->word, "about", body_of (call, entry));

	times_set (json, "at", entry->at_ms, call->region);
	return json;
}

static json_t *page_of (const struct call *call, const struct page *page,
			const struct entry *entries, size_t count,
			json_t *(*show) (const struct call *call, const struct entry *entry))
{
	json_t *items = json_array ();

	for (size_t i = 0; i < count && i < page->limit; i++)
		json_array_append_new (items, show (call, &entries[i]));
	return page_json (items, count > page->limit,
			  count > page->limit ? entries[page->limit - 1].n : 0);
}

err_t looks_list (struct call *call, json_t **ret_answer)
{
	struct entry *entries;
	struct page page;
	size_t count;

	if (call_page (call, &page) != ERR_OK)
		return ERR_INVALID;
	count = entry_looks (call->parts->ledger, NULL, page.after, page.limit + 1, call->arena,
			     &entries);
	*ret_answer = page_of (call, &page, entries, count, look_json);
	return ERR_OK;
}

err_t people_looks (struct call *call, json_t **ret_answer)
{
	struct person_id id;
	struct person person;
	struct entry *entries;
	struct page page;
	size_t count;
	err_t err = call_uuid (call, id.b);

	if (err == ERR_OK)
		err = person_get (call->parts->ledger, &id, call->arena, &person);
	if (err != ERR_OK && err != ERR_ERASED)
		return err;
	if (call_page (call, &page) != ERR_OK)
		return ERR_INVALID;
	count = entry_looks (call->parts->ledger, &id, page.after, page.limit + 1, call->arena,
			     &entries);
	*ret_answer = page_of (call, &page, entries, count, look_json);
	return ERR_OK;
}

err_t people_look_reason (struct call *call, json_t **ret_answer)
{
	static const char *const names[] = { "reason", NULL };
	const char *reason = body_text (call, call->body, "reason", true);
	struct person_id id;
	err_t err = call_uuid (call, id.b);

	body_only (call, call->body, names);
	if (err != ERR_OK || problems_count (call->problems) > 0)
		return err != ERR_OK ? err : ERR_INVALID;
	err = desk_look_reason (call->parts->desk, &call->actor, &id, reason, call->problems);
	if (err == ERR_OK)
		*ret_answer = json_pack ("{s:i}", "hours", (int)(LOOK_REASON_MS / HOUR_MS));
	return err;
}

err_t door_list (struct call *call, json_t **ret_answer)
{
	struct entry *entries;
	struct page page;
	size_t count;

	if (call_page (call, &page) != ERR_OK)
		return ERR_INVALID;
	count = entry_doors (call->parts->ledger, page.after, page.limit + 1, call->arena, &entries);
	*ret_answer = page_of (call, &page, entries, count, door_json);
	return ERR_OK;
}
