/* What is due, and whose move it is. */
#include "agents/api/handlers.h"
#include "agents/api/work.h"

#include <stdio.h>
#include <string.h>

/* Where a page of deadlines ends: "<due_ms>.<thread>.<what>".  Deadlines come and go in the middle of
 * their list, so a count would lead astray. */
#define PLACE_TEXT (24 + UUID_TEXT + LIMIT_ID_TEXT)

static void place_text (const struct deadline *deadline, char text[PLACE_TEXT])
{
	char thread[UUID_TEXT];

	snprintf (text, PLACE_TEXT, "%lld.%s.%s", (long long)deadline->due_ms,
		  uuid_text (deadline->thread.b, thread), deadline->what);
}

static bool place_parse (const char *text, struct deadline *ret_place)
{
	char thread[UUID_TEXT] = "";
	long long due_ms;
	int end = 0;

	_Static_assert (UUID_TEXT == 37 && LIMIT_ID_TEXT == 32, "as scanned");
	if (sscanf (text, "%lld.%36[0-9a-f-].%32[a-z0-9.-]%n", &due_ms, thread,
		    ret_place->what, &end) != 3 ||
	    text[end] != '\0' || uuid_parse (thread, ret_place->thread.b) != ERR_OK)
		return false;
	ret_place->due_ms = due_ms;
	return true;
}

/* *ret_after is NULL for the first page. */
static err_t read_place (struct call *call, struct deadline *place,
			 const struct deadline **ret_after)
{
	const char *after = call_param (call, "after");

	*ret_after = NULL;
	if (*after == '\0' || strcmp (after, "0") == 0)
		return ERR_OK;
	if (!place_parse (after, place))
		return call_no_place (call);
	*ret_after = place;
	return ERR_OK;
}

/* All of them, and with a filter only those that run. */
static size_t list (const struct call *call, bool late, bool mine,
		    const struct deadline *after, size_t max,
		    struct deadline **ret_deadlines)
{
	if (!late && !mine)
		return deadline_page (call->parts->ledger, after, max, call->arena,
				      ret_deadlines);
	return deadline_list_between (
		call->parts->ledger, &desk_parts (call->parts->desk)->self,
		mine ? WHOSE_OURS : WHOSE_ALL, 0,
		late ? desk_now_ms (call->parts->desk) : INT64_MAX, after, max,
		call->arena, ret_deadlines);
}

err_t due_list (struct call *call, json_t **ret_answer)
{
	bool late = call_switch (call, "late"), mine = call_switch (call, "mine");
	struct deadline place = { 0 }, *deadlines;
	const struct deadline *after;
	json_t *items;
	char next[PLACE_TEXT];
	size_t limit, count;

	if (call_limit (call, &limit) != ERR_OK || read_place (call, &place, &after) != ERR_OK ||
	    problems_count (call->problems) > 0)
		return ERR_INVALID;
	count = list (call, late, mine, after, limit + 1, &deadlines);
	items = json_array ();
	for (size_t i = 0; i < count && i < limit; i++)
		json_array_append_new (items, work_deadline (call, &deadlines[i]));
	if (count > limit)
		place_text (&deadlines[limit - 1], next);
	*ret_answer = page_json_at (items, count > limit ? next : NULL);
	return ERR_OK;
}
