/*
 * Custody proofs: for each letter of ours the path from its leaf to a checkpoint that the hub signed,
 * so that a third party sees from the directory alone that the hub took it.  And the checkpoints that
 * matter: those of proofs, the last one of a log that has ended, and two that contradict each other.
 *
 * A letter is *wanted* from the moment the hub says that it took it until its proof is here or is known
 * to be missing; so each is asked for once, unless it is put again.  Receipt letters are not wanted.
 */
#ifndef AGENTS_LEDGER_PROOF_H
#define AGENTS_LEDGER_PROOF_H

#include "agents/ledger/ledger.h"
#include "jembatan/envelope.h"
#include "jembatan/merkle.h"

/* ---- checkpoints ---- */

struct kept_checkpoint {
	uint64_t n;
	const char *origin;          /* "<network>/<hub>/<hub store id>" */
	uint64_t size;
	const char *note;            /* the signed note as it came; checkpoint_read () verifies it */
	int64_t seen_ms;
	uint64_t against;            /* n of the one that it contradicts; 0 = none */
};

/* Keeps a verified checkpoint; one that is here already is not kept twice.  Its n. */
uint64_t checkpoint_keep (tx_t *tx, const struct checkpoint *checkpoint, const char *note,
			  int64_t seen_ms, uint64_t against);
/* ERR_NOT_FOUND. */
MUST_USE err_t checkpoint_get (ledger_t *ledger, uint64_t n, arena_t *arena,
			       struct kept_checkpoint *ret_checkpoint);
/* Those that contradict another, oldest first. */
size_t checkpoint_contradictions (ledger_t *ledger, size_t max, arena_t *arena,
				  struct kept_checkpoint **ret_list);

/* ---- proofs ---- */

/* Holds by merkle_verify_inclusion (leaf, size of the checkpoint, leaf_hash (LEAF_TAKEN, hH, at_ms),
 * path, path_count, root of the checkpoint), where hH is the header hash of the letter's evidence. */
struct proof {
	struct letter_id letter;
	uint64_t leaf;               /* its index */
	int64_t at_ms;               /* when the hub took it, by the hub's clock */
	size_t path_count;
	const struct hash *path;
	uint64_t checkpoint;         /* n */
};

/* The letter is wanted no more.  A later proof of the same letter (it was put again) replaces it. */
void proof_keep (tx_t *tx, const struct proof *proof);
/* ERR_NOT_FOUND; ERR_CORRUPT for a path that is none. */
MUST_USE err_t proof_get (ledger_t *ledger, const struct letter_id *letter, arena_t *arena,
			  struct proof *ret_proof);

struct proof_wanted {
	struct letter_id letter;
	struct hash header_hash;
	uint64_t leaf;
};
/* The oldest that are wanted, at most `max`, when one is in custody since before `before_ms` or there
 * are `enough`; otherwise 0. */
size_t proof_wanted (ledger_t *ledger, int64_t before_ms, size_t enough, size_t max, arena_t *arena,
		     struct proof_wanted **ret_wanted);
/* The hub can't prove it: wanted no more, and put again when no word of the recipient has come.
 * Whether it is. */
bool proof_missing (tx_t *tx, const struct letter_id *letter);
/* The log has ended: nothing of it can be proved any more. */
void proof_want_nothing (tx_t *tx);

/* Costs the same however many there are. */
struct proof_counts { uint64_t held, wanted; int64_t oldest_ms; };   /* in custody since; 0 = none */
struct proof_counts proof_counts (ledger_t *ledger);

#endif
