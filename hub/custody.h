/*
 * The custody log: a leaf for every letter taken, stored, expired or recalled, and one signed
 * checkpoint per group.  A new store id begins a new log under a new origin.
 */
#ifndef HUB_CUSTODY_H
#define HUB_CUSTODY_H

#include "hub/store.h"
#include "jembatan/frame.h"

typedef struct custody_log custody_log_t;

/* Loads the log of the store, or begins one with a fresh store id when there is none.  The pair and
 * the store are borrowed.  Leaves a group open that must be committed. */
MUST_USE err_t custody_open (store_t *store, const keypair_t *log_key, const char *network,
			     const char *hub, custody_log_t **ret_log);
void custody_log_destroy (custody_log_t **log);

const struct store_id *custody_store_id (const custody_log_t *log);
int64_t custody_since_ms (const custody_log_t *log);
uint64_t custody_size (const custody_log_t *log);

/* When the newest leaf was added; 0 when there is none. */
MUST_USE err_t custody_newest_ms (custody_log_t *log, int64_t *ret_ms);

const char *custody_checkpoint (const custody_log_t *log);

/* Is this a checkpoint of the present log, signed by us, over more leaves than we know?  Then this
 * store has gone back in time.  Any text may be asked. */
bool custody_is_behind (custody_log_t *log, const char *checkpoint);

/* Adds a leaf in the open group. */
MUST_USE err_t custody_add (custody_log_t *log, enum leaf_kind kind,
			    const struct hash *header_hash, int64_t at_ms, uint64_t *ret_index);

/* Before a commit: signs the checkpoint when leaves were added.  Then keep or undo. */
MUST_USE err_t custody_sign (custody_log_t *log);
void custody_keep (custody_log_t *log);
void custody_undo (custody_log_t *log);

/* This store has gone back: a fresh id and an empty log, in the open group. */
MUST_USE err_t custody_renew (custody_log_t *log);

/* ---- proofs, of what is committed ---- */

/* The newest tree that was committed; 0 = none, and then there is nothing to prove. */
uint64_t custody_proved_size (const custody_log_t *log);
const char *custody_proved_checkpoint (const custody_log_t *log);

/* That a letter was taken: its leaf's path in the tree of `size` leaves.  ERR_NOT_FOUND when the
 * leaf at that index is not this letter's, so that only who has H learns anything.  The path is in
 * the arena. */
MUST_USE err_t custody_inclusion (custody_log_t *log, uint64_t index,
				  const struct hash *header_hash, uint64_t size, arena_t *arena,
				  struct inclusion *ret_inclusion);

/* ERR_NOT_FOUND unless 0 < from_size <= size. */
MUST_USE err_t custody_consistency (custody_log_t *log, uint64_t from_size, uint64_t size,
				    arena_t *arena, size_t *ret_count,
				    const struct hash **ret_path);

/* Rows that proofs have read so far: what they cost. */
uint64_t custody_rows (const custody_log_t *log);

#endif
