/*
 * The custody log in the store: a row for each leaf, and one for each 256th node above it.
 */
#include "hub/store_sql.h"

err_t store_add_leaf (store_t *store, uint64_t index, const struct hash *leaf,
		      enum leaf_kind kind, const struct hash *header_hash, int64_t at_ms)
{
	sqlite3_stmt *stmt = sql (store, SQL_LEAF_PUT);

	sqlite3_bind_int64 (stmt, 1, (int64_t)index);
	sql_bytes (stmt, 2, ID_BYTES (*leaf));
	sqlite3_bind_int64 (stmt, 3, kind);
	sql_bytes (stmt, 4, ID_BYTES (*header_hash));
	sqlite3_bind_int64 (stmt, 5, at_ms);
	return sql_run (store, SQL_LEAF_PUT);
}

err_t store_leaf (store_t *store, uint64_t index, struct leaf *ret_leaf)
{
	sqlite3_stmt *stmt = sql (store, SQL_LEAF_GET);
	err_t err;

	sqlite3_bind_int64 (stmt, 1, (int64_t)index);
	err = sql_row (store, stmt);
	if (err != ERR_OK)
		return err;
	ret_leaf->kind = (enum leaf_kind)sqlite3_column_int (stmt, 0);
	ret_leaf->at_ms = sqlite3_column_int64 (stmt, 2);
	if (sqlite3_column_type (stmt, 1) == SQLITE_NULL)
		err = ERR_NOT_FOUND;
	else
		err = sql_column_id (stmt, 1, ret_leaf->header_hash.b, sizeof ret_leaf->header_hash.b);
	sqlite3_reset (stmt);
	return err;
}

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

static sqlite3_stmt *node_range (store_t *store, unsigned level, uint64_t first, size_t count)
{
	sqlite3_stmt *stmt = sql (store, level == 0 ? SQL_LEAF_RANGE : SQL_NODE_RANGE);
	int at = 1;

	if (level > 0)
		sqlite3_bind_int64 (stmt, at++, level);
	sqlite3_bind_int64 (stmt, at++, (int64_t)first);
	sqlite3_bind_int64 (stmt, at, (int64_t)(first + count));
	return stmt;
}

err_t store_nodes (store_t *store, unsigned level, uint64_t first, size_t count,
		   struct hash *ret_nodes)
{
	sqlite3_stmt *stmt = node_range (store, level, first, count);
	err_t err = ERR_OK;

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

	if (err == ERR_OK)
		err = sql_run (store, SQL_NODE_CLEAR);
	return err == ERR_OK ? sql_run (store, SQL_LEAF_UNSET) : err;
}
