/*
 * What a worker opens in the morning: alarms, then what waits for us, who comes, what there is to
 * write, whom we wait for, what ends today, and whether letters leave at all.
 *
 * Each section says how many there are and shows the first; deadlines of one thread are one item,
 * by the soonest.
 */
#include "agents/api/handlers.h"
#include "agents/api/times.h"
#include "agents/api/view.h"
#include "agents/api/work.h"

#include <string.h>

#define COUNTED 1000u        /* of one section; nobody's morning is longer */
#define SHOWN 20u
#define REMIND_AHEAD_DAYS 7

struct morning {
	const struct call *call;
	int64_t now_ms, today;
};

static ledger_t *ledger_of (const struct morning *morning)
{
	return morning->call->parts->ledger;
}

static int64_t begins (const struct morning *morning, int64_t days_ahead)
{
	return local_day_ms (morning->today + days_ahead, 0, morning->call->region);
}

static json_t *section (size_t count, json_t *items)
{
	return json_pack ("{s:I, s:b, s:o}", "count", (json_int_t)count, "more",
			  count > json_array_size (items), "items", items);
}

/* ---- deadlines ---- */

static bool seen_before (const struct deadline *deadlines, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (ID_EQUAL (deadlines[i].thread, deadlines[at].thread))
			return true;
	return false;
}

static json_t *deadlines_section (const struct morning *morning, enum whose whose,
				  int64_t from_ms, int64_t before_ms)
{
	const struct call *call = morning->call;
	json_t *items = json_array ();
	struct deadline *deadlines;
	size_t found = deadline_list_between (ledger_of (morning),
					      &desk_parts (call->parts->desk)->self, whose,
					      from_ms, before_ms, NULL, COUNTED, call->arena,
					      &deadlines);
	size_t count = 0;

	for (size_t i = 0; i < found; i++) {
		if (seen_before (deadlines, i))
			continue;
		if (count++ < SHOWN)
			json_array_append_new (items, work_deadline (call, &deadlines[i]));
	}
	return section (count, items);
}

static json_t *answer_section (const struct morning *morning)
{
	return deadlines_section (morning, WHOSE_OURS, 0, INT64_MAX);
}

static json_t *late_section (const struct morning *morning)
{
	return deadlines_section (morning, WHOSE_THEIRS, 0, morning->now_ms);
}

static json_t *today_section (const struct morning *morning)
{
	return deadlines_section (morning, WHOSE_THEIRS, morning->now_ms,
				  begins (morning, 1));
}

/* ---- the rest ---- */

static json_t *alarms_section (const struct morning *morning)
{
	const struct call *call = morning->call;
	json_t *items = json_array ();
	struct alarm *alarms;
	size_t count = alarm_list (ledger_of (morning), 0, COUNTED, call->arena, &alarms);

	for (size_t i = 0; i < count && i < SHOWN; i++)
		json_array_append_new (items, work_alarm (call, &alarms[i]));
	return section (count, items);
}

/* Who came already is not awaited. */
static bool is_awaited (const struct morning *morning, const struct thread *thread)
{
	const struct thread_type *type =
		catalogue_thread (morning->call->parts->catalogue, thread->type);
	const struct state *state =
		type != NULL ? thread_state (type, thread->state) : NULL;

	return state != NULL && strcmp (state->task_status, "in-progress") != 0 &&
	       strcmp (state->task_status, "on-hold") != 0;
}

static json_t *appointment_json (const struct morning *morning, const struct thread *thread)
{
	const struct call *call = morning->call;
	const struct service_spec *service =
		catalogue_service (call->parts->catalogue, thread->service);
	json_t *json = json_pack ("{s:s, s:b, s:o, s:o}", "side",
				  party_name (thread->performing ? PARTY_PERFORMER
								 : PARTY_REQUESTER),
				  "here", thread->performing, "service_words",
				  service != NULL ? view_words (service->words)
						  : view_both ("", ""),
				  "thread", work_thread (call, &thread->id));

	times_set (json, "appointment", thread->appointment_ms, call->region);
	work_set_days (call, json, thread->appointment_ms);
	return json;
}

static json_t *arriving_section (const struct morning *morning)
{
	json_t *items = json_array ();
	struct thread *threads;
	size_t found = thread_list_appointments (ledger_of (morning), begins (morning, 0),
						 begins (morning, 2), COUNTED,
						 morning->call->arena, &threads);
	size_t count = 0;

	for (size_t i = 0; i < found; i++)
		if (is_awaited (morning, &threads[i]) && count++ < SHOWN)
			json_array_append_new (items,
					       appointment_json (morning, &threads[i]));
	return section (count, items);
}

static json_t *reminders_section (const struct morning *morning)
{
	const struct call *call = morning->call;
	json_t *items = json_array ();
	struct reminder *reminders;
	size_t count = reminder_list (ledger_of (morning), NULL, NULL,
				      begins (morning, REMIND_AHEAD_DAYS + 1), COUNTED,
				      call->arena, &reminders);

	for (size_t i = 0; i < count && i < SHOWN; i++)
		json_array_append_new (items, work_reminder (call, &reminders[i]));
	return section (count, items);
}

static const struct {
	const char *name;
	json_t *(*show) (const struct morning *morning);
} sections[] = {
	/* clang-format off */
	{ "alarms",    alarms_section },
	{ "answer",    answer_section },
	{ "arriving",  arriving_section },
	{ "reminders", reminders_section },
	{ "late",      late_section },
	{ "today",     today_section },
	/* clang-format on */
};

err_t today_show (struct call *call, json_t **ret_answer)
{
	int64_t now_ms = desk_now_ms (call->parts->desk);
	struct morning morning = { .call = call,
				   .now_ms = now_ms,
				   .today = local_day (now_ms, call->region) };
	json_t *json = json_object ();

	times_set (json, "now", now_ms, call->region);
	for (size_t i = 0; i < COUNT_OF (sections); i++)
		json_object_set_new (json, sections[i].name, sections[i].show (&morning));
	json_object_set_new (json, "hub", status_hub (call));
	json_object_set_new (json, "queue", status_queue (call));
	*ret_answer = json;
	return ERR_OK;
}
