/*
 * The caseload: everybody whose record is here, those with something due first, the soonest before the
 * others; then the rest, the newest record first.
 */
#ifndef AGENTS_LEDGER_CASELOAD_H
#define AGENTS_LEDGER_CASELOAD_H

#include "agents/ledger/ledger.h"

struct case_row {
	struct person_id person;
	int64_t due_ms;                  /* the soonest clock that runs, or reminder; 0 = nothing is due */
	struct thread_id thread;         /* of that; none for a reminder without one */
	char what[LIMIT_ID_TEXT + 1];    /* the clock; "" = it is a reminder */
	uint64_t reminder;               /* its number, or 0 */
};

/* At most `max` behind `after`, of which person and due_ms count; NULL = from the first. */
size_t case_list (ledger_t *ledger, const struct case_row *after, size_t max, arena_t *arena,
		  struct case_row **ret_rows);
/* Threads about a person that are open. */
uint64_t case_open_threads (ledger_t *ledger, const struct person_id *person);

#endif
