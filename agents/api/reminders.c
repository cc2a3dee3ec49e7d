/* Reminders: what a person here has to write, and when. */
#include "agents/api/handlers.h"
#include "agents/api/work.h"

err_t reminders_list (struct call *call, json_t **ret_answer)
{
	struct reminder *reminders;
	struct page page;
	json_t *items;
	size_t count;

	if (call_page (call, &page) != ERR_OK)
		return ERR_INVALID;
	count = reminder_list (call->parts->ledger, NULL, NULL, INT64_MAX,
			       page.after + page.limit + 1, call->arena, &reminders);
	items = json_array ();
	for (size_t i = page.after; i < count && i < page.after + page.limit; i++)
		json_array_append_new (items, work_reminder (call, &reminders[i]));
	*ret_answer = page_json (items, count > page.after + page.limit,
				 page.after + page.limit);
	return ERR_OK;
}

err_t reminders_done (struct call *call, json_t **ret_answer)
{
	static const char *const names[] = { "reason", NULL };
	const char *reason = body_text (call, call->body, "reason", true);
	uint64_t n;
	err_t err = work_number (call, &n);

	body_only (call, call->body, names);
	if (err != ERR_OK || problems_count (call->problems) > 0)
		return err != ERR_OK ? err : ERR_INVALID;
	err = desk_reminder_done (call->parts->desk, &call->actor, n, reason,
				  call->problems);
	if (err == ERR_OK)
		*ret_answer = json_pack ("{s:I, s:b}", "n", (json_int_t)n, "done", 1);
	return err;
}
