/*
 * Proofs of the custody log's tree, made as RFC 6962 section 2.1.1 and 2.1.2 define them.  Left
 * halves are always whole subtrees, so that only the right edge has to be put together.
 */
#include "jembatan/merkle.h"

#include <assert.h>

struct maker {
	merkle_node_fn *node;
	void *log;
	struct merkle_path *path;
};

/* The largest power of two smaller than n, which is at least 2. */
static uint64_t split (uint64_t n)
{
	return UINT64_C (1) << (63 - __builtin_clzll (n - 1));
}

/* MTH of `n` leaves from `first` on. */
static err_t root_of (const struct maker *maker, uint64_t first, uint64_t n, struct hash *ret_root)
{
	struct hash left, right;
	uint64_t k;
	err_t err;

	if ((n & (n - 1)) == 0) {
		unsigned level = (unsigned)__builtin_ctzll (n);

		return maker->node (maker->log, level, first >> level, ret_root);
	}
	k = split (n);
	err = root_of (maker, first, k, &left);
	if (err == ERR_OK)
		err = root_of (maker, first + k, n - k, &right);
	if (err == ERR_OK)
		*ret_root = merkle_node (&left, &right);
	return err;
}

static err_t add_root (const struct maker *maker, uint64_t first, uint64_t n)
{
	struct merkle_path *path = maker->path;
	err_t err;

	assert (path->count < MERKLE_PATH_MAX);
	err = root_of (maker, first, n, &path->node[path->count]);
	if (err == ERR_OK)
		path->count++;
	return err;
}

/* PATH(m, D[n]) */
static err_t walk_path (const struct maker *maker, uint64_t m, uint64_t first, uint64_t n)
{
	uint64_t k;
	err_t err;

	if (n == 1)
		return ERR_OK;
	k = split (n);
	if (m < k) {
		err = walk_path (maker, m, first, k);
		return err == ERR_OK ? add_root (maker, first + k, n - k) : err;
	}
	err = walk_path (maker, m - k, first + k, n - k);
	return err == ERR_OK ? add_root (maker, first, k) : err;
}

/* SUBPROOF(m, D[n], b) */
static err_t walk_subproof (const struct maker *maker, uint64_t m, uint64_t first, uint64_t n,
			    bool whole)
{
	uint64_t k;
	err_t err;

	if (m == n)
		return whole ? ERR_OK : add_root (maker, first, n);
	k = split (n);
	if (m <= k) {
		err = walk_subproof (maker, m, first, k, whole);
		return err == ERR_OK ? add_root (maker, first + k, n - k) : err;
	}
	err = walk_subproof (maker, m - k, first + k, n - k, false);
	return err == ERR_OK ? add_root (maker, first, k) : err;
}

err_t merkle_inclusion (merkle_node_fn *node, void *log, uint64_t index, uint64_t size,
			struct merkle_path *ret_path)
{
	struct maker maker = { node, log, ret_path };

	assert (index < size && size <= INT64_MAX);
	ret_path->count = 0;
	return walk_path (&maker, index, 0, size);
}

err_t merkle_consistency (merkle_node_fn *node, void *log, uint64_t from_size, uint64_t to_size,
			  struct merkle_path *ret_path)
{
	struct maker maker = { node, log, ret_path };

	assert (from_size > 0 && from_size <= to_size && to_size <= INT64_MAX);
	ret_path->count = 0;
	return walk_subproof (&maker, from_size, 0, to_size, true);
}
