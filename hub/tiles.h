/*
 * The log's tree as its proofs need it.  The store keeps every eighth level; a tile is 256 nodes of
 * one of those levels and the seven levels above them, which are made when a proof asks.  The tiles
 * that were asked for last stay in memory.  Only what is committed is read, so that nothing of a
 * group that is taken back can stay behind.
 */
#ifndef HUB_TILES_H
#define HUB_TILES_H

#include "hub/store.h"

typedef struct tiles tiles_t;

/* The store is borrowed. */
tiles_t *tiles_new (store_t *store);
void tiles_destroy (tiles_t **tiles);

/* A new log has begun. */
void tiles_forget (tiles_t *tiles);

/* Of the first `size` leaves, which must be committed: index < size; 0 < from_size <= size. */
MUST_USE err_t tiles_inclusion (tiles_t *tiles, uint64_t index, uint64_t size,
				struct merkle_path *ret_path);
MUST_USE err_t tiles_consistency (tiles_t *tiles, uint64_t from_size, uint64_t size,
				  struct merkle_path *ret_path);

/* Rows read from the store since tiles_new: what proofs have cost. */
uint64_t tiles_rows (const tiles_t *tiles);

#endif
