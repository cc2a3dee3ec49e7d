/* What waits to leave, counted by class and age: no recipient, no kind, nobody. */
#include "agents/api/handlers.h"
#include "agents/api/times.h"
#include "agents/api/view.h"

#include "agents/ledger/outbox.h"

/* clang-format off */
static const struct { enum letter_class class; const char *name; struct words words; } classes[] = {
	{ CLASS_STAT,    "stat",    { "darurat", "stat" } },
	{ CLASS_URGENT,  "urgent",  { "segera", "urgent" } },
	{ CLASS_ROUTINE, "routine", { "biasa", "routine" } },
};
/* clang-format on */

static json_t *queue_json (const struct call *call, size_t i, const struct outbox_queue *queue)
{
	json_t *json = json_pack (
		"{s:s, s:o, s:I, s:I, s:I, s:{s:I, s:I, s:I, s:I}}", "class", classes[i].name,
		"words", view_words (classes[i].words), "waiting", (json_int_t)queue->waiting,
		"at_hub", (json_int_t)queue->at_hub, "machine", (json_int_t)queue->machine, "ages",
		"hour", (json_int_t)queue->ages[0], "day", (json_int_t)queue->ages[1], "week",
		(json_int_t)queue->ages[2], "older", (json_int_t)queue->ages[3]);

	times_set (json, "oldest", queue->oldest_ms, call->region);
	return json;
}

static json_t *files_json (const struct call *call)
{
	struct attachment_sum waiting = attachment_sum (call->parts->ledger, ATTACHMENT_WAITING);
	struct attachment_sum sending = attachment_sum (call->parts->ledger, ATTACHMENT_SENDING);
	struct attachment_sum at_hub = attachment_sum (call->parts->ledger, ATTACHMENT_AT_HUB);

	return json_pack ("{s:I, s:I, s:I, s:I}", "waiting",
			  (json_int_t)(waiting.count + sending.count), "waiting_bytes",
			  (json_int_t)(waiting.bytes + sending.bytes), "at_hub",
			  (json_int_t)at_hub.count, "at_hub_bytes", (json_int_t)at_hub.bytes);
}

err_t queue_show (struct call *call, json_t **ret_answer)
{
	json_t *items = json_array (), *json;

	for (size_t i = 0; i < COUNT_OF (classes); i++) {
		struct outbox_queue queue = outbox_queue (call->parts->ledger, classes[i].class,
							  desk_now_ms (call->parts->desk));

		json_array_append_new (items, queue_json (call, i, &queue));
	}
	json = page_json (items, false, 0);
	json_object_set_new (json, "files", files_json (call));
	*ret_answer = json;
	return ERR_OK;
}
