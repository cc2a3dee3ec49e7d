/*
 * Chains: at a coordinator, what the sides of each referral told of it; at the sides, what is still
 * to be told.  Random ids, agencies, states and times only: all of it stands in clear.
 */
#ifndef AGENTS_LEDGER_CHAIN_H
#define AGENTS_LEDGER_CHAIN_H

#include "agents/ledger/ledger.h"
#include "jembatan/letter.h"

/* ---- at the coordinator ---- */

/* The kind of a row that was a loop.overdue letter instead of a step: `to` is waited for, `from` is
 * who says so, `reason` names the clock. */
#define CHAIN_OVERDUE "overdue"

struct chain_row {
	uint64_t n;
	struct agency_id reporter;
	struct chain_event event;
	int64_t told_ms;             /* when it came in */
};

/* One that is here already is not added twice. */
void chain_event_add (tx_t *tx, const struct agency_id *reporter, const struct chain_event *event,
		      int64_t told_ms);
/* Events by rising n, those behind `after`. */
size_t chain_events (ledger_t *ledger, uint64_t after, size_t max, arena_t *arena,
		     struct chain_row **ret_rows);

/* ---- at the sides ---- */

/* Queues an event for a coordinator.  `letter` is the letter of ours that moved the referral: the
 * event waits until the hub has taken it, for its header hash and leaf; none = it can go at once. */
void chain_tell (tx_t *tx, const struct agency_id *coordinator, const struct letter_id *letter,
		 const struct chain_event *event);
/* The hub has the letter, which is sealed in the outbox. */
void chain_tell_leaf (tx_t *tx, const struct letter_id *letter, uint64_t leaf);
/* The hub will never have it: forgets what waits for it.  True when something did. */
bool chain_untell (tx_t *tx, const struct letter_id *letter);
/* Takes what can go to one coordinator, at most LIMIT_CHAIN_EVENTS; 0 = nothing for anybody. */
size_t chain_tell_take (tx_t *tx, arena_t *arena, struct agency_id *ret_to,
			struct chain_event **ret_events);

#endif
