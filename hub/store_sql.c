/*
 * Statements and result codes.
 */
#include "hub/store_sql.h"

#include <assert.h>
#include <string.h>

static const char *const statement_text[] = {
#define X(name, sql) sql,
	STATEMENT_LIST (X)
#undef X
};

sqlite3_stmt *sql (store_t *store, enum statement which)
{
	sqlite3_stmt **stmt = &store->prepared[which];

	if (*stmt == NULL) {
		int code = sqlite3_prepare_v3 (store->db, statement_text[which], -1,
					       SQLITE_PREPARE_PERSISTENT, stmt, NULL);
		assert (code == SQLITE_OK);
	}
	return *stmt;
}

err_t sql_error (store_t *store, int code)
{
	switch (code & 0xff) {
	case SQLITE_FULL:
		return ERR_NO_SPACE;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return ERR_IN_USE;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_CONSTRAINT:
	case SQLITE_FORMAT:
		store->broken = true;
		return ERR_CORRUPT;
	default:
		store->broken = true;
		return ERR_IO;
	}
}

err_t sql_row (store_t *store, sqlite3_stmt *stmt)
{
	int code = sqlite3_step (stmt);

	if (code == SQLITE_ROW)
		return ERR_OK;
	sqlite3_reset (stmt);
	return code == SQLITE_DONE ? ERR_NOT_FOUND : sql_error (store, code);
}

err_t sql_run (store_t *store, enum statement which)
{
	sqlite3_stmt *stmt = sql (store, which);
	int code = sqlite3_step (stmt);

	sqlite3_reset (stmt);
	return code == SQLITE_DONE || code == SQLITE_ROW ? ERR_OK : sql_error (store, code);
}

void sql_bytes (sqlite3_stmt *stmt, int at, struct bytes bytes)
{
	static const uint8_t nothing[1];

	sqlite3_bind_blob64 (stmt, at, bytes.len > 0 ? bytes.data : nothing, bytes.len,
			     SQLITE_STATIC);
}

struct bytes sql_column (sqlite3_stmt *stmt, int at)
{
	const uint8_t *data = sqlite3_column_blob (stmt, at);

	return (struct bytes){ data, (size_t)sqlite3_column_bytes (stmt, at) };
}

err_t sql_column_id (sqlite3_stmt *stmt, int at, uint8_t *ret, size_t len)
{
	struct bytes column = sql_column (stmt, at);

	if (column.len != len)
		return ERR_CORRUPT;
	memcpy (ret, column.data, len);
	return ERR_OK;
}
