/*
 * What waits for somebody, as JSON: deadlines, alarms, reminders, each with the thread that it is
 * about.  Case numbers, never names: these are lists.
 */
#ifndef AGENTS_API_WORK_H
#define AGENTS_API_WORK_H

#include "agents/api/call.h"
#include "agents/ledger/reminder.h"

/* {"id", "number", "type", "type_words", "state", "partner", "person"}, or null. */
json_t *work_thread (const struct call *call, const struct thread_id *id);

/* The deadline with "days" to go (negative = days late), "late", who was told last, and "thread". */
json_t *work_deadline (const struct call *call, const struct deadline *deadline);
json_t *work_alarm (const struct call *call, const struct alarm *alarm);
json_t *work_reminder (const struct call *call, const struct reminder *reminder);

/* Sets "days" between today and the day of an instant in the agency's zone, and "late". */
void work_set_days (const struct call *call, json_t *json, int64_t at_ms);

/* The number in the path; ERR_NOT_FOUND when it is none. */
MUST_USE err_t work_number (const struct call *call, uint64_t *ret_n);

/* Trouble with the hub's log whose alarm is open (trouble.c): what, which log, both sizes, who was shown the
 * other checkpoint, who reported it, and a sentence. */
json_t *troubles_ringing (const struct call *call);
/* The sentence of the one that such an alarm tells of, or NULL. */
json_t *trouble_words (const struct call *call, const struct alarm *alarm);

/* Connection and queue, as GET /v1/status shows them (status.c). */
json_t *status_hub (const struct call *call);
json_t *status_queue (const struct call *call);

#endif
