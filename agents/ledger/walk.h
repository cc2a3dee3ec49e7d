/*
 * Reading the whole ledger in slices, to find out whether it is whole.  Everybody else trusts what is here,
 * and a sealed string that does not open stops the agent; here it is an answer.
 */
#ifndef AGENTS_LEDGER_WALK_H
#define AGENTS_LEDGER_WALK_H

#include "agents/ledger/ledger.h"
#include "jembatan/envelope.h"

/* Where the walk over the chain of entries is: the last one that fitted. */
struct chain_place {
	uint64_t n;
	struct hash hash;
};
/* The next entries, at most `max`.  ERR_CORRUPT: number place->n + 1 is missing, changed, or (at the end)
 * one that should be there is not. */
MUST_USE err_t chain_walk (ledger_t *ledger, struct chain_place *place, size_t max, bool *ret_done);

/* A letter that an entry says was written or stored here, without its row. */
struct lost_letter {
	uint64_t n;                  /* of the entry */
	struct letter_id letter;
	struct agency_id partner;
};
/* Among `count` entries behind `after`.  Letters to and from partners off the wire have no row. */
size_t walk_lost (ledger_t *ledger, const struct agency_id *self, uint64_t after, uint64_t count,
		  arena_t *arena, struct lost_letter **ret_lost);

/* A row of the outbox or the inbox, as it is. */
struct walk_letter {
	uint64_t seq;
	struct letter_id id;
	struct agency_id other;      /* to or from whom */
	int state;                   /* enum outbox_state or inbox_state */
	bool machine;
	int64_t at_ms;               /* written or arrived */
	struct thread_id thread;
	struct hash header_hash, digest;
	bool has_bytes;              /* its bytes have a row */
	bool opens;                  /* S (or the draft) is there, gone for good, or erased; never broken */
	struct bytes h, c, s;
	struct signature sig;
};
size_t walk_sent (ledger_t *ledger, uint64_t after, size_t max, arena_t *arena,
		  struct walk_letter **ret_letters);
size_t walk_arrived (ledger_t *ledger, uint64_t after, size_t max, arena_t *arena,
		     struct walk_letter **ret_letters);
/* One of the inbox; false when it is not there. */
bool walk_one (ledger_t *ledger, const struct agency_id *from, const struct letter_id *id,
	       arena_t *arena, struct walk_letter *ret_letter);

/* Letters with a proof, by rising id. */
size_t walk_proofs (ledger_t *ledger, const struct letter_id *after, size_t max, arena_t *arena,
		    struct letter_id **ret_letters);
/* Numbers of checkpoints, rising. */
size_t walk_checkpoints (ledger_t *ledger, uint64_t after, size_t max, arena_t *arena,
			 uint64_t **ret_numbers);
/* An older one of the same log and size, 0 = none. */
uint64_t walk_same_size (ledger_t *ledger, uint64_t checkpoint);

/* How many rows there are of each kind. */
struct walk_sizes { uint64_t entries, sent, arrived, proofs, checkpoints; };
struct walk_sizes walk_sizes (ledger_t *ledger);

#endif
