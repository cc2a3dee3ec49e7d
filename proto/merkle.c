/*
 * The custody log's tree (RFC 6962 section 2.1) kept as its right edge.
 *
 * The edge holds one root per set bit of the size, largest subtree first.  Appending a leaf carries
 * like adding one to a binary number: each trailing one-bit merges a subtree into its neighbour.
 */
#include "jembatan/merkle.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

#define SIZE_BYTES 8u

static struct hash sha256 (struct bytes a, struct bytes b, struct bytes c)
{
	crypto_hash_sha256_state state;
	struct hash hash;

	crypto_hash_sha256_init (&state);
	crypto_hash_sha256_update (&state, a.data, a.len);
	crypto_hash_sha256_update (&state, b.data, b.len);
	crypto_hash_sha256_update (&state, c.data, c.len);
	crypto_hash_sha256_final (&state, hash.b);
	return hash;
}

struct hash merkle_node (const struct hash *left, const struct hash *right)
{
	static const uint8_t mark[] = { 0x01 };

	return sha256 (BYTES_OF (mark), ID_BYTES (*left), ID_BYTES (*right));
}

static void put_u64be (uint8_t to[8], uint64_t value)
{
	for (int i = 0; i < 8; i++)
		to[i] = (uint8_t)(value >> (56 - 8 * i));
}

static uint64_t get_u64be (const uint8_t from[8])
{
	uint64_t value = 0;

	for (int i = 0; i < 8; i++)
		value = value << 8 | from[i];
	return value;
}

struct hash leaf_hash (enum leaf_kind kind, const struct hash *hH, int64_t at_ms)
{
	uint8_t mark[] = { 0x00, (uint8_t)kind };
	uint8_t at[8];

	put_u64be (at, (uint64_t)at_ms);
	return sha256 (BYTES_OF (mark), ID_BYTES (*hH), BYTES_OF (at));
}

static size_t edge_count (uint64_t size)
{
	return (size_t)__builtin_popcountll (size);
}

size_t merkle_append_whole (struct merkle_edge *edge, const struct hash *leaf,
			    struct hash ret_whole[MERKLE_STEPS])
{
	size_t count = edge_count (edge->size), steps = 0;
	struct hash carried = *leaf;
	unsigned level = 0;

	assert (edge->size < UINT64_MAX);
	for (uint64_t size = edge->size; (size & 1) != 0; size >>= 1) {
		carried = merkle_node (&edge->node[--count], &carried);
		if (++level % MERKLE_STEP == 0)
			ret_whole[steps++] = carried;
	}
	edge->node[count] = carried;
	edge->size++;
	return steps;
}

void merkle_append (struct merkle_edge *edge, const struct hash *leaf)
{
	struct hash unused[MERKLE_STEPS];

	merkle_append_whole (edge, leaf, unused);
}

struct hash merkle_root (const struct merkle_edge *edge)
{
	size_t count = edge_count (edge->size);
	struct hash root;

	if (count == 0)
		return sha256 (BYTES_NONE, BYTES_NONE, BYTES_NONE);
	root = edge->node[--count];
	while (count > 0)
		root = merkle_node (&edge->node[--count], &root);
	return root;
}

struct bytes merkle_edge_encode (const struct merkle_edge *edge, arena_t *arena)
{
	size_t nodes = edge_count (edge->size) * sizeof edge->node[0];
	uint8_t *data = arena_must (arena, SIZE_BYTES + nodes);

	put_u64be (data, edge->size);
	memcpy (data + SIZE_BYTES, edge->node, nodes);
	return (struct bytes){ data, SIZE_BYTES + nodes };
}

err_t merkle_edge_decode (struct bytes from, struct merkle_edge *ret_edge)
{
	struct merkle_edge edge = { 0 };
	size_t nodes;

	if (from.len < SIZE_BYTES)
		return ERR_MALFORMED;
	edge.size = get_u64be (from.data);
	nodes = edge_count (edge.size) * sizeof edge.node[0];
	if (from.len != SIZE_BYTES + nodes)
		return ERR_MALFORMED;
	memcpy (edge.node, from.data + SIZE_BYTES, nodes);
	*ret_edge = edge;
	return ERR_OK;
}

/* ---- proofs ------------------------------------------------------------------------ */

static err_t same_root (const struct hash *computed, const struct hash *claimed)
{
	return ID_EQUAL (*computed, *claimed) ? ERR_OK : ERR_BAD_SIGNATURE;
}

/* RFC 9162 section 2.1.3.2; fn and sn are its names. */
err_t merkle_verify_inclusion (uint64_t index, uint64_t size, const struct hash *leaf,
			       const struct hash *path, size_t path_count, const struct hash *root)
{
	uint64_t fn = index, sn = size - 1;
	struct hash r = *leaf;

	if (index >= size)
		return ERR_BAD_SIGNATURE;
	for (size_t i = 0; i < path_count; i++) {
		if (sn == 0)
			return ERR_BAD_SIGNATURE;
		if ((fn & 1) == 0 && fn != sn) {
			r = merkle_node (&r, &path[i]);
		} else {
			r = merkle_node (&path[i], &r);
			for (; (fn & 1) == 0 && fn != 0; fn >>= 1)
				sn >>= 1;
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 ? same_root (&r, root) : ERR_BAD_SIGNATURE;
}

/* The loop of RFC 9162 section 2.1.4.2: walks from the last node of the smaller tree to both roots;
 * fn, sn, fr and sr are its names. */
static err_t walk_both (uint64_t fn, uint64_t sn, struct hash start, const struct hash *path,
			size_t path_count, const struct hash *from_root,
			const struct hash *to_root)
{
	struct hash fr = start, sr = start;

	for (size_t i = 0; i < path_count; i++) {
		if (sn == 0)
			return ERR_BAD_SIGNATURE;
		if ((fn & 1) != 0 || fn == sn) {
			fr = merkle_node (&path[i], &fr);
			sr = merkle_node (&path[i], &sr);
			for (; (fn & 1) == 0 && fn != 0; fn >>= 1)
				sn >>= 1;
		} else {
			sr = merkle_node (&sr, &path[i]);
		}
		fn >>= 1;
		sn >>= 1;
	}
	if (sn != 0 || same_root (&fr, from_root) != ERR_OK)
		return ERR_BAD_SIGNATURE;
	return same_root (&sr, to_root);
}

err_t merkle_verify_consistency (uint64_t from_size, uint64_t to_size, const struct hash *path,
				 size_t path_count, const struct hash *from_root,
				 const struct hash *to_root)
{
	uint64_t fn = from_size - 1, sn = to_size - 1;

	/* An empty tree says nothing, so nothing follows from it. */
	if (from_size == 0 || from_size > to_size)
		return ERR_BAD_SIGNATURE;
	if (from_size == to_size)
		return path_count == 0 ? same_root (from_root, to_root) : ERR_BAD_SIGNATURE;
	for (; (fn & 1) != 0; fn >>= 1)
		sn >>= 1;
	/* A whole subtree proves itself with its own root; otherwise the path brings the start. */
	if ((from_size & (from_size - 1)) == 0)
		return walk_both (fn, sn, *from_root, path, path_count, from_root, to_root);
	if (path_count == 0)
		return ERR_BAD_SIGNATURE;
	return walk_both (fn, sn, path[0], path + 1, path_count - 1, from_root, to_root);
}
