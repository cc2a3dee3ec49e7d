/*
 * The custody log's tree (RFC 6962 section 2.1, SHA-256) and its signed checkpoints (C2SP
 * tlog-checkpoint: a signed note).
 *
 * Appending needs only the right edge of the tree, which a store keeps as 32 bytes per set bit of
 * the size.
 */
#ifndef JEMBATAN_MERKLE_H
#define JEMBATAN_MERKLE_H

#include "jembatan/keys.h"

struct merkle_edge {
	uint64_t size;
	struct hash node[64];            /* complete subtrees from left (largest) to right */
};

/* What a leaf records. */
enum leaf_kind { LEAF_TAKEN = 1, LEAF_STORED = 2, LEAF_EXPIRED = 3, LEAF_RECALLED = 4 };

/* SHA-256 (0x00 | kind u8 | hH[32] | time u64be). */
struct hash leaf_hash (enum leaf_kind kind, const struct hash *header_hash, int64_t at_ms);

void merkle_append (struct merkle_edge *edge, const struct hash *leaf);

/* The same, and keeps for the makers of proofs the roots of the whole subtrees of 256, 65536, ... leaves
 * that this leaf completed: ret_whole[i] has MERKLE_STEP * (i + 1) levels.  How many; mostly 0. */
#define MERKLE_STEP 8u
#define MERKLE_STEPS (64u / MERKLE_STEP)
size_t merkle_append_whole (struct merkle_edge *edge, const struct hash *leaf,
			    struct hash ret_whole[MERKLE_STEPS]);
struct hash merkle_root (const struct merkle_edge *edge);   /* of an empty tree: SHA-256 ("") */

/* The edge as bytes for a store, 8 bytes size (big-endian) and the nodes; and back. */
struct bytes merkle_edge_encode (const struct merkle_edge *edge, arena_t *arena);
MUST_USE err_t merkle_edge_decode (struct bytes from, struct merkle_edge *ret_edge);

/* RFC 6962 section 2.1.1 and 2.1.2, as in RFC 9162 section 2.1.3.2 and 2.1.4.2; ERR_BAD_SIGNATURE
 * when the proof does not hold; nothing is consistent with an empty tree. */
MUST_USE err_t merkle_verify_inclusion (uint64_t index, uint64_t size, const struct hash *leaf,
					const struct hash *path, size_t path_count,
					const struct hash *root);
MUST_USE err_t merkle_verify_consistency (uint64_t from_size, uint64_t to_size,
					  const struct hash *path, size_t path_count,
					  const struct hash *from_root, const struct hash *to_root);

/*
 * Making proofs.  Whoever keeps a log gives the root of any whole subtree: 2^level leaves, the first of
 * them at position * 2^level.  Sizes are those of the log or smaller, and below 2^63.
 */
typedef err_t (merkle_node_fn) (void *log, unsigned level, uint64_t position, struct hash *ret_node);

#define MERKLE_PATH_MAX 64u
struct merkle_path { size_t count; struct hash node[MERKLE_PATH_MAX]; };

/* Needs index < size, and 0 < from_size <= to_size.  Otherwise, errors are those of `node`. */
MUST_USE err_t merkle_inclusion (merkle_node_fn *node, void *log, uint64_t index, uint64_t size,
				 struct merkle_path *ret_path);
MUST_USE err_t merkle_consistency (merkle_node_fn *node, void *log, uint64_t from_size,
				   uint64_t to_size, struct merkle_path *ret_path);
struct hash merkle_node (const struct hash *left, const struct hash *right);

struct checkpoint {
	const char *origin;              /* "<network>/<hub>/<store id>" */
	uint64_t size;
	struct hash root;
};

/* The note: "<origin>\n<size>\n<base64 root>\n\n— <hub> <base64 (keyhash[4] | sig[64])>\n". */
const char *checkpoint_sign (const struct checkpoint *checkpoint, const char *signer,
			     const keypair_t *log, arena_t *arena);
/* ERR_MALFORMED or ERR_BAD_SIGNATURE. */
MUST_USE err_t checkpoint_read (const char *note, const char *signer,
				const struct public_key *log_key, arena_t *arena,
				struct checkpoint *ret_checkpoint);

#endif
