/* How the agency stands: its hub, its queue, its ledger. */
#include "agents/api/handlers.h"

#include <string.h>

#include "agents/api/times.h"
#include "agents/api/view.h"
#include "agents/api/work.h"
#include "agents/ledger/mark.h"
#include "agents/ledger/proof.h"

#define ALARMS_COUNTED 1000

json_t *status_hub (const struct call *call)
{
	struct api_hub hub = { .id = "", .endpoint = "" };
	json_t *json;

	if (call->parts->hub_status != NULL)
		call->parts->hub_status (call->parts->hub_status_arg, &hub);
	json = json_pack ("{s:b, s:s, s:s, s:I, s:I, s:I, s:I, s:i}", "connected",
			  hub.connected, "id", hub.id, "endpoint", hub.endpoint,
			  "offset_ms", (json_int_t)hub.offset_ms, "sent",
			  (json_int_t)hub.sent, "received", (json_int_t)hub.received,
			  "refused", (json_int_t)hub.refused, "unanswered",
			  (int)hub.unanswered);
	times_set (json, "since", hub.since_ms, call->region);
	json_object_set_new (json, "last_error",
			     hub.last_error == ERR_OK
				     ? json_null ()
				     : view_error (hub.last_error, call->problems));
	return json;
}

json_t *status_queue (const struct call *call)
{
	struct outbox_counts counts = outbox_counts (call->parts->ledger);
	json_t *json = json_pack (
		"{s:I, s:I, s:I, s:I, s:I}", "written", (json_int_t)counts.written,
		"sealed", (json_int_t)counts.sealed, "in_custody",
		(json_int_t)counts.in_custody, "refused", (json_int_t)counts.refused,
		"expired", (json_int_t)counts.expired);

	times_set (json, "oldest", counts.oldest_ms, call->region);
	times_set (json, "quota_until", counts.quota_ms, call->region);
	return json;
}

static json_t *ledger_json (const struct call *call)
{
	struct ledger_size size = ledger_size (call->parts->ledger);
	struct store_id id = ledger_store_id (call->parts->ledger);

	return json_pack ("{s:o, s:I, s:I, s:I}", "store_id", view_uuid (id.b), "bytes",
			  (json_int_t)size.bytes, "entries", (json_int_t)size.entries,
			  "people", (json_int_t)size.people);
}

static json_t *directory_json (const struct call *call)
{
	static const char *const ages[] = {
		[DIRECTORY_FRESH] = "fresh",
		[DIRECTORY_ENDING] = "ending",
		[DIRECTORY_PAST] = "past",
		[DIRECTORY_DEGRADED] = "degraded",
	};
	const struct desk_parts *parts = desk_parts (call->parts->desk);
	const struct directory_data *data = directory_data (parts->directory);
	int64_t now_ms = desk_now_ms (call->parts->desk);
	json_t *json = json_pack ("{s:s, s:I, s:I, s:s}", "network", data->network,
				  "version", (json_int_t)data->version, "members",
				  (json_int_t)data->member_count, "age",
				  ages[directory_age (parts->directory, now_ms)]);

	times_set (json, "expires", data->expires_ms, call->region);
	return json;
}

/* What the hub's log says of our letters, as far as it was proved. */
static json_t *log_json (const struct call *call)
{
	struct proof_counts counts = proof_counts (call->parts->ledger);
	struct marks marks;
	json_t *json;

	marks_get (call->parts->ledger, call->arena, &marks);
	json = json_pack ("{s:s, s:I, s:I}", "checkpoint", marks.checkpoint, "proved",
			  (json_int_t)counts.held, "unproved", (json_int_t)counts.wanted);
	times_set (json, "unproved_since", counts.oldest_ms, call->region);
	json_object_set_new (json, "troubles", troubles_ringing (call));
	return json;
}

/* Which version the network asks for; 0 = it names none. */
static uint32_t wanted_version (const struct directory_data *data, const char *thread)
{
	for (size_t i = 0; i < data->catalogue_count; i++)
		if (strcmp (data->catalogue[i].thread, thread) == 0)
			return data->catalogue[i].version;
	return 0;
}

static json_t *catalogue_json (const struct call *call)
{
	const struct directory_data *data =
		directory_data (desk_parts (call->parts->desk)->directory);
	json_t *list = json_array ();

	for (size_t i = 0; i < catalogue_thread_count (call->parts->catalogue); i++) {
		const struct thread_type *type = catalogue_thread_at (call->parts->catalogue, i);
		uint32_t wanted = wanted_version (data, type->name);

		json_array_append_new (
			list, json_pack ("{s:s, s:i, s:o}", "thread", type->name, "version",
					 (int)type->version, "network",
					 wanted > 0 ? json_integer (wanted) : json_null ()));
	}
	return list;
}

static size_t count_alarms (const struct call *call)
{
	struct alarm *alarms;

	return alarm_list (call->parts->ledger, 0, ALARMS_COUNTED, call->arena, &alarms);
}

/* The words of the monitor's /ready. */
static json_t *ready_json (const struct call *call)
{
	struct conditions conditions = { .count = 0 };
	json_t *json = json_object ();

	if (call->parts->conditions != NULL)
		call->parts->conditions (call->parts->hub_status_arg, &conditions);
	json_object_set_new (json, "all", json_boolean (conditions_ready (&conditions)));
	for (size_t i = 0; i < conditions.count; i++)
		json_object_set_new (json, conditions.of[i].name,
				     json_boolean (conditions.of[i].holds));
	return json;
}

err_t status_show (struct call *call, json_t **ret_answer)
{
	struct zone zone = region_zone (call->region);
	json_t *json;

	if (call->parts->ledger == NULL) {
		*ret_answer = status_locked (call);
		return ERR_OK;
	}
	json = json_pack (
		"{s:o, s:s, s:s, s:{s:s, s:s}, s:{s:s, s:i}, s:o, s:o, s:o, s:o, s:I}",
		"agency", view_agency (call, &desk_parts (call->parts->desk)->self),
		"version", JEMBATAN_VERSION, "region", call->region, "user", "name",
		call->actor.user, "role", call->actor.role, "zone", "name", zone.name,
		"offset_minutes", (int)zone.offset_minutes, "hub", status_hub (call),
		"queue", status_queue (call), "ledger", ledger_json (call), "directory",
		directory_json (call), "alarms", (json_int_t)count_alarms (call));

	json_object_set_new (json, "locked", json_false ());
	json_object_set_new (json, "catalogue", catalogue_json (call));
	json_object_set_new (json, "backup", status_backup (call));
	json_object_set_new (json, "log", log_json (call));
	json_object_set_new (json, "ready", ready_json (call));
	times_set (json, "now", desk_now_ms (call->parts->desk), call->region);
	*ret_answer = json;
	return ERR_OK;
}
