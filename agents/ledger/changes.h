/*
 * What a commit changed, for whoever shows it: threads and people by id, whether there is an alarm.  It is
 * collected from the entries of a transaction, and from the steps of letters that write none.  A look at a
 * record changes nothing.
 */
#ifndef AGENTS_LEDGER_CHANGES_H
#define AGENTS_LEDGER_CHANGES_H

#include "agents/ledger/entry.h"

#define CHANGES_OF_ONE 32u

struct ledger_changes {
	bool any, alarms;
	bool more;                   /* than have room here */
	size_t thread_count, person_count;
	struct thread_id threads[CHANGES_OF_ONE];
	struct person_id people[CHANGES_OF_ONE];
};

/* Adds what is not there yet. */
void changes_add (struct ledger_changes *changes, const struct ledger_changes *more);
void changes_entry (struct ledger_changes *changes, const struct entry *entry);

/* Called after each commit that changed something of this; one listener, NULL = none. */
void ledger_on_changes (ledger_t *ledger,
			void (*changed) (void *arg, const struct ledger_changes *changes), void *arg);

#endif
