/*
 * A copy of the store while it is in use, and what a copy becomes when it is put back.
 */
#include "hub/store_sql.h"

#include <assert.h>
#include <string.h>

/* Through SQLite's own handle: opening and closing the file beside it would drop SQLite's locks, for
 * fcntl locks belong to the process. */
static sqlite3_file *file_of (store_t *store)
{
	sqlite3_file *file = NULL;

	sqlite3_file_control (store->db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
	return file;
}

static err_t read_held (void *arg, uint64_t offset, uint8_t *data, size_t len)
{
	store_t *store = arg;
	sqlite3_file *file = file_of (store);
	int code = file->pMethods->xRead (file, data, (int)len, (sqlite3_int64)offset);

	return code == SQLITE_OK ? ERR_OK : sql_error (store, code);
}

static void let_go (void *arg)
{
	store_t *store = arg;

	store->held = false;
}

err_t store_copy (store_t *store, struct backup_source *ret_source)
{
	sqlite3_int64 bytes = 0;
	int code;

	assert (!store->held && !store->in_group);
	store_end_fetch (store);   /* an open reader would keep pages in the log */
	code = sqlite3_wal_checkpoint_v2 (store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	if (code == SQLITE_OK)
		code = file_of (store)->pMethods->xFileSize (file_of (store), &bytes);
	if (code != SQLITE_OK)
		return sql_error (store, code);
	store->wal_pages = store->wal_pages_ahead = 0;
	store->held = true;
	*ret_source = (struct backup_source){ (uint64_t)bytes, read_held, let_go, store };
	return ERR_OK;
}

err_t store_check_whole (store_t *store)
{
	sqlite3_stmt *stmt;
	int code = sqlite3_prepare_v2 (store->db, "PRAGMA integrity_check (1)", -1, &stmt, NULL);
	err_t err = ERR_CORRUPT;

	if (code != SQLITE_OK)
		return sql_error (store, code);
	if (sqlite3_step (stmt) == SQLITE_ROW &&
	    strcmp ((const char *)sqlite3_column_text (stmt, 0), "ok") == 0)
		err = ERR_OK;
	sqlite3_finalize (stmt);
	return err;
}

err_t store_restored (store_t *store)
{
	err_t err = store_begin (store);

	if (err == ERR_OK)
		err = store_clear_leaves (store);
	if (err == ERR_OK)
		err = sql_run (store, SQL_SELF_CLEAR);
	if (err == ERR_OK)
		err = store_commit (store);
	return err;
}
