/*
 * Reminders: what a person here has to write, and when: a check-in, a release notice.  They are set
 * by letters ("reminds" of the catalogue) and by imported lists, and run beside deadlines, which
 * somebody waits for.
 */
#ifndef AGENTS_LEDGER_REMINDER_H
#define AGENTS_LEDGER_REMINDER_H

#include "agents/ledger/ledger.h"

struct reminder {
	uint64_t n;                  /* given by reminder_add */
	struct thread_id thread;     /* none = no thread yet */
	struct person_id person;     /* none = nobody's */
	const char *cause;           /* kind of the letter that set it, or "import" */
	const char *kind;            /* the letter to write: "aftercare.checkin" */
	int64_t due_ms;
	int64_t done_ms;             /* 0 = open */
};

void reminder_add (tx_t *tx, struct reminder *reminder);
/* Closes the earliest open one of that kind in the thread (or, without a thread, of the person). */
bool reminder_done (tx_t *tx, const struct thread_id *thread, const struct person_id *person,
		    const char *kind, int64_t at_ms);
/* False when there is no such open one. */
bool reminder_done_n (tx_t *tx, uint64_t n, int64_t at_ms);
void reminder_done_all (tx_t *tx, const struct thread_id *thread, int64_t at_ms);
/* All of one kind in a thread: new dates replace them. */
void reminder_done_kind (tx_t *tx, const struct thread_id *thread, const char *kind, int64_t at_ms);

/* Open ones due before `before_ms`, soonest first; thread and person may be NULL. */
size_t reminder_list (ledger_t *ledger, const struct thread_id *thread,
		      const struct person_id *person, int64_t before_ms, size_t max,
		      arena_t *arena, struct reminder **ret_reminders);
/* Open or done. */
MUST_USE err_t reminder_get (ledger_t *ledger, uint64_t n, arena_t *arena,
			     struct reminder *ret_reminder);

#endif
