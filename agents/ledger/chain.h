/*
 * Chains: at a coordinator, what the sides of each referral told of it; at the sides, what is still
 * to be told.  Random ids, agencies, states and times only: all of it stands in clear.
 */
#ifndef AGENTS_LEDGER_CHAIN_H
#define AGENTS_LEDGER_CHAIN_H

#include "agents/ledger/ledger.h"
#include "jembatan/letter.h"

/* ---- at the coordinator ---- */

struct chain_row {
	uint64_t n;
	struct agency_id reporter;
	struct chain_event event;
	int64_t told_ms;             /* when it came in */
};

/* One that is here already is not added twice. */
void chain_event_add (tx_t *tx, const struct agency_id *reporter, const struct chain_event *event,
		      int64_t told_ms);
/* Events by rising n, of a chain or all (NULL), from `after`. */
size_t chain_events (ledger_t *ledger, const struct chain_id *chain, uint64_t after, size_t max,
		     arena_t *arena, struct chain_row **ret_rows);
/* Chains, the one of which something was told last first. */
size_t chain_ids (ledger_t *ledger, size_t skip, size_t max, arena_t *arena,
		  struct chain_id **ret_ids);

/* ---- at the sides ---- */

/* Queues an event for a coordinator.  `letter` is the letter of ours that moved the referral: the
 * event waits until the hub has taken it, for its header hash and leaf; none = it can go at once. */
void chain_tell (tx_t *tx, const struct agency_id *coordinator, const struct letter_id *letter,
		 const struct chain_event *event);
/* The hub has the letter. */
void chain_tell_leaf (tx_t *tx, const struct letter_id *letter, const struct hash *header_hash,
		      uint64_t leaf);
/* Takes what can go to one coordinator, at most LIMIT_CHAIN_EVENTS; 0 = nothing for anybody. */
size_t chain_tell_take (tx_t *tx, arena_t *arena, struct agency_id *ret_to,
			struct chain_event **ret_events);

#endif
