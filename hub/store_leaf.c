/*
 * The custody log in the store: leaves, and one node above each 256 of them.
 *
 * The leaves of a group have one instant, so they gather here and become one row when the group is
 * committed, or when somebody reads.  With a row for each of the two leaves of a letter the hub
 * spent a fifteenth more on a letter.
 */
#include "hub/store_sql.h"

#include <assert.h>
#include <string.h>

#define HASH_BYTES sizeof (struct hash)

/* ---- leaves ---- */

static bool goes_on (const struct leaf_run *run, uint64_t index, int64_t at_ms)
{
	return run->count < LEAF_RUN_MAX && index == run->first + run->count && at_ms == run->at_ms;
}

err_t leaves_write (store_t *store)
{
	struct leaf_run *run = &store->leaves;
	sqlite3_stmt *stmt;
	err_t err;

	if (run->count == 0)
		return ERR_OK;
	stmt = sql (store, SQL_LEAF_PUT);
	sqlite3_bind_int64 (stmt, 1, (int64_t)run->first);
	sqlite3_bind_int64 (stmt, 2, run->at_ms);
	sql_bytes (stmt, 3, (struct bytes){ run->kind, run->count });
	sql_bytes (stmt, 4, (struct bytes){ run->header_hash->b, run->count * HASH_BYTES });
	sql_bytes (stmt, 5, (struct bytes){ run->hash->b, run->count * HASH_BYTES });
	err = sql_run (store, SQL_LEAF_PUT);
	if (err == ERR_OK)
		run->count = 0;
	return err;
}

err_t store_add_leaf (store_t *store, uint64_t index, const struct hash *leaf,
		      enum leaf_kind kind, const struct hash *header_hash, int64_t at_ms)
{
	struct leaf_run *run = &store->leaves;
	err_t err = ERR_OK;

	assert (store->in_group);
	if (run->count > 0 && !goes_on (run, index, at_ms))
		err = leaves_write (store);
	if (err != ERR_OK)
		return err;
	if (run->count == 0) {
		run->first = index;
		run->at_ms = at_ms;
	}
	run->kind[run->count] = (uint8_t)kind;
	run->header_hash[run->count] = *header_hash;
	run->hash[run->count++] = *leaf;
	return ERR_OK;
}

/* A leaf of the row that begins before it. */
static err_t read_leaf (sqlite3_stmt *stmt, uint64_t index, struct leaf *ret_leaf)
{
	uint64_t at = index - (uint64_t)sqlite3_column_int64 (stmt, 0);
	struct bytes kinds = sql_column (stmt, 2), hashes = sql_column (stmt, 3);

	if (hashes.len != kinds.len * HASH_BYTES)
		return ERR_CORRUPT;
	if (at >= kinds.len)
		return ERR_NOT_FOUND;
	ret_leaf->kind = (enum leaf_kind)kinds.data[at];
	ret_leaf->at_ms = sqlite3_column_int64 (stmt, 1);
	memcpy (ret_leaf->header_hash.b, hashes.data + at * HASH_BYTES, HASH_BYTES);
	return id_is_zero (ret_leaf->header_hash.b, HASH_BYTES) ? ERR_NOT_FOUND : ERR_OK;
}

err_t store_leaf (store_t *store, uint64_t index, struct leaf *ret_leaf)
{
	sqlite3_stmt *stmt = sql (store, SQL_LEAF_GET);
	err_t err = leaves_write (store);

	sqlite3_bind_int64 (stmt, 1, (int64_t)index);
	if (err == ERR_OK)
		err = sql_row (store, stmt);
	if (err == ERR_OK)
		err = read_leaf (stmt, index, ret_leaf);
	sqlite3_reset (stmt);
	return err;
}

/* What one row holds of the hashes from `next` on, at most `most`. */
static err_t read_hashes (sqlite3_stmt *stmt, uint64_t next, size_t most, struct hash *ret_hashes,
			  size_t *ret_count)
{
	uint64_t at = next - (uint64_t)sqlite3_column_int64 (stmt, 0);
	struct bytes hashes = sql_column (stmt, 1);
	size_t count = hashes.len / HASH_BYTES;

	if (at >= count)
		return ERR_CORRUPT;
	count -= (size_t)at;
	*ret_count = count < most ? count : most;
	memcpy (ret_hashes, hashes.data + at * HASH_BYTES, *ret_count * HASH_BYTES);
	return ERR_OK;
}

static err_t leaf_hashes (store_t *store, uint64_t first, size_t count, struct hash *ret_hashes)
{
	sqlite3_stmt *stmt = sql (store, SQL_LEAF_RANGE);
	size_t read = 0, more = 0;
	err_t err = leaves_write (store);

	sqlite3_bind_int64 (stmt, 1, (int64_t)first);
	sqlite3_bind_int64 (stmt, 2, (int64_t)(first + count));
	for (; err == ERR_OK && read < count; read += more) {
		err = sql_row (store, stmt);
		if (err == ERR_OK)
			err = read_hashes (stmt, first + read, count - read, ret_hashes + read, &more);
	}
	sqlite3_reset (stmt);
	return err == ERR_NOT_FOUND ? ERR_CORRUPT : err;
}

/* ---- nodes ---- */

err_t store_add_node (store_t *store, unsigned level, uint64_t position, const struct hash *node)
{
	sqlite3_stmt *stmt = sql (store, SQL_NODE_PUT);

	sqlite3_bind_int64 (stmt, 1, level);
	sqlite3_bind_int64 (stmt, 2, (int64_t)position);
	sql_bytes (stmt, 3, ID_BYTES (*node));
	return sql_run (store, SQL_NODE_PUT);
}

err_t store_node_count (store_t *store, unsigned level, uint64_t *ret_count)
{
	sqlite3_stmt *stmt = sql (store, SQL_NODE_LAST);
	err_t err;

	sqlite3_bind_int64 (stmt, 1, level);
	err = sql_row (store, stmt);
	if (err != ERR_OK)
		return err;
	*ret_count = sqlite3_column_type (stmt, 0) == SQLITE_NULL ?
			     0 : (uint64_t)sqlite3_column_int64 (stmt, 0) + 1;
	sqlite3_reset (stmt);
	return ERR_OK;
}

err_t store_nodes (store_t *store, unsigned level, uint64_t first, size_t count,
		   struct hash *ret_nodes)
{
	sqlite3_stmt *stmt = sql (store, SQL_NODE_RANGE);
	err_t err = ERR_OK;

	if (level == 0)
		return leaf_hashes (store, first, count, ret_nodes);
	sqlite3_bind_int64 (stmt, 1, level);
	sqlite3_bind_int64 (stmt, 2, (int64_t)first);
	sqlite3_bind_int64 (stmt, 3, (int64_t)(first + count));
	for (size_t i = 0; i < count && err == ERR_OK; i++) {
		err = sql_row (store, stmt);
		if (err == ERR_OK)
			err = sql_column_id (stmt, 0, ret_nodes[i].b, sizeof ret_nodes[i].b);
	}
	sqlite3_reset (stmt);
	return err == ERR_NOT_FOUND ? ERR_CORRUPT : err;
}

err_t store_clear_leaves (store_t *store)
{
	err_t err = sql_run (store, SQL_LEAF_CLEAR);

	store->leaves.count = 0;
	if (err == ERR_OK)
		err = sql_run (store, SQL_NODE_CLEAR);
	return err == ERR_OK ? sql_run (store, SQL_LEAF_UNSET) : err;
}
