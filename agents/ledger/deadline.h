/*
 * Clocks: what is due, when, by whom, and how far it has been escalated.
 */
#ifndef AGENTS_LEDGER_DEADLINE_H
#define AGENTS_LEDGER_DEADLINE_H

#include "agents/ledger/ledger.h"

struct deadline {
	struct thread_id thread;
	char what[LIMIT_ID_TEXT + 1];  /* "received", "decision", "cancel", "consent-stop", ... */
	struct agency_id owner;        /* who has to move; us or the partner */
	int64_t due_ms;
	int64_t paused_ms;             /* since when it stands still; 0 = it runs */
	bool paused_once;
	uint32_t escalated;            /* steps of escalation done */
	bool done;
};

/* One per (thread, what); setting it again replaces it. */
void deadline_set (tx_t *tx, const struct deadline *deadline);
void deadline_done (tx_t *tx, const struct thread_id *thread, const char *what);
void deadline_done_all (tx_t *tx, const struct thread_id *thread);

MUST_USE err_t deadline_get (ledger_t *ledger, const struct thread_id *thread, const char *what,
			     struct deadline *ret_deadline);
/* Open ones due before `before_ms`, soonest first; thread may be NULL.  One that stands still is not
 * due and is listed only when all are asked for (INT64_MAX). */
size_t deadline_list (ledger_t *ledger, const struct thread_id *thread, int64_t before_ms,
		      size_t max, arena_t *arena, struct deadline **ret_deadlines);

/* A page of all open ones, soonest first: those behind `after`, of which thread, what and due_ms
 * count; NULL = from the soonest. */
size_t deadline_page (ledger_t *ledger, const struct deadline *after, size_t max, arena_t *arena,
		      struct deadline **ret_deadlines);

/* The same of those that run and are due within a time: which we own (`self`), which others own, or
 * all. */
enum whose { WHOSE_ALL, WHOSE_OURS, WHOSE_THEIRS };
size_t deadline_list_between (ledger_t *ledger, const struct agency_id *self, enum whose whose,
			      int64_t from_ms, int64_t before_ms, const struct deadline *after,
			      size_t max, arena_t *arena, struct deadline **ret_deadlines);

/* ---- alarms: what a person must know now ---- */

struct alarm {
	uint64_t n;
	char name[LIMIT_ID_TEXT + 1];  /* "stat-silent", "equivocation", "withheld", "refusal-unknown", ... */
	struct thread_id thread;
	struct agency_id partner;
	int64_t raised_ms;
	bool closed;
};
/* Raises it once per (name, thread, partner) while open; returns whether it is new. */
bool alarm_raise (tx_t *tx, const char *name, const struct thread_id *thread,
		  const struct agency_id *partner, int64_t at_ms);
MUST_USE err_t alarm_close (tx_t *tx, uint64_t n);
/* What it warned of is no more; of a thread, or of none (NULL). */
void alarm_settle (tx_t *tx, const char *name, const struct thread_id *thread);
/* Open ones, newest first; `after` is the n of the last one that was listed before, 0 = from the
 * newest. */
size_t alarm_list (ledger_t *ledger, uint64_t after, size_t max, arena_t *arena,
		   struct alarm **ret_alarms);

#endif
