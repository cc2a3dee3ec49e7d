/*
 * Statements by their text, values in, columns out; see sql.h.
 */
#include "agents/ledger/sql.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#define AUTOCHECKPOINT_PAGES 1000   /* SQLite's own default */
#define CACHE_SLOTS 512u   /* a power of two, well above the number of texts in this folder */

struct query {
	sql_t *sql;
	const char *text;
	sqlite3_stmt *stmt;    /* NULL when it could not be prepared */
	int column;
	bool busy, starved;
};

struct sql {
	sqlite3 *db;
	err_t err;             /* the first failure */
	err_t stop;            /* the first of the STOP lane: stays */
	bool held;             /* the database file is being copied */
	bool checkpoint_owed;  /* one was asked for meanwhile */
	struct query cache[CACHE_SLOTS];
};

/* clang-format off */
static const struct { int code; err_t err; } codes[] = {
	{ SQLITE_FULL,       ERR_NO_SPACE },
	{ SQLITE_IOERR,      ERR_IO },
	{ SQLITE_CANTOPEN,   ERR_IO },
	{ SQLITE_READONLY,   ERR_IO },
	{ SQLITE_PERM,       ERR_IO },
	{ SQLITE_BUSY,       ERR_IN_USE },
	{ SQLITE_LOCKED,     ERR_IN_USE },
	{ SQLITE_CONSTRAINT, ERR_CONFLICT },
	{ SQLITE_TOOBIG,     ERR_TOO_LARGE },
};
/* clang-format on */

/* Whatever is not listed (no database, a table that is not there, another type) can only come from
 * a file that is not as we left it. */
static err_t err_of (int code)
{
	for (size_t i = 0; i < COUNT_OF (codes); i++)
		if (codes[i].code == (code & 0xff))
			return codes[i].err;
	return ERR_CORRUPT;
}

static void fail_code (sql_t *sql, int code)
{
	assert (code != SQLITE_MISUSE);
	sql_fail (sql, err_of (code));
}

err_t sql_err (const sql_t *sql)
{
	return sql->err;
}

err_t sql_stopped (const sql_t *sql)
{
	return sql->stop;
}

void sql_fail (sql_t *sql, err_t err)
{
	if (sql->stop == ERR_OK && err_lane (err) == LANE_STOP)
		sql->stop = err;
	if (sql->err == ERR_OK)
		sql->err = err;
}

void sql_forgive (sql_t *sql)
{
	sql->err = sql->stop;
}

/* ---- the connection ----------------------------------------------------------------------------- */

/* EXCLUSIVE keeps the WAL index in memory and any other process out.  secure_delete overwrites what
 * is erased.  The page size counts only while the file is made. */
static const char settings[] =
	"PRAGMA locking_mode = EXCLUSIVE;"
	"PRAGMA page_size = 4096;"
	"PRAGMA journal_mode = WAL;"
	"PRAGMA synchronous = FULL;"
	"PRAGMA foreign_keys = ON;"
	"PRAGMA secure_delete = ON;"
	"PRAGMA trusted_schema = OFF;"
	"PRAGMA cell_size_check = ON;"
	"PRAGMA temp_store = MEMORY;";

static int set_up (sqlite3 *db)
{
	int code = sqlite3_db_config (db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);

	if (code == SQLITE_OK)
		code = sqlite3_exec (db, settings, NULL, NULL, NULL);
	return code;
}

err_t sql_open (const char *path, bool create, sql_t **ret_sql)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW;
	sql_t *sql = must_alloc (sizeof *sql);
	int code;

	code = sqlite3_open_v2 (path, &sql->db, flags | (create ? SQLITE_OPEN_CREATE : 0), NULL);
	if (code == SQLITE_OK)
		code = set_up (sql->db);
	if (code == SQLITE_OK) {
		*ret_sql = sql;
		return ERR_OK;
	}
	sql_destroy (&sql);
	return code == SQLITE_CANTOPEN && !create ? ERR_NOT_FOUND : err_of (code);
}

void sql_destroy (sql_t **sql)
{
	if (*sql == NULL)
		return;
	for (size_t i = 0; i < CACHE_SLOTS; i++)
		sqlite3_finalize ((*sql)->cache[i].stmt);
	/* Closing moves the log into the database, which is writing and flushing: never again on a disk
	 * that has failed, because a flush that is tried anew succeeds without having done anything. */
	if ((*sql)->stop != ERR_OK)
		sqlite3_db_config ((*sql)->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	sqlite3_close ((*sql)->db);
	free (*sql);
	*sql = NULL;
}

void sql_rollback (sql_t *sql)
{
	for (size_t i = 0; i < CACHE_SLOTS; i++)
		if (sql->cache[i].busy)
			sql_end (&sql->cache[i]);
	/* SQLite itself may have rolled back already. */
	if (!sqlite3_get_autocommit (sql->db))
		sqlite3_exec (sql->db, "ROLLBACK", NULL, NULL, NULL);
}

void sql_checkpoint (sql_t *sql)
{
	int code;

	if (sql->held) {
		sql->checkpoint_owed = true;
		return;
	}
	code = sqlite3_wal_checkpoint_v2 (sql->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	if (code != SQLITE_OK)
		fail_code (sql, code);
}

/* ---- a copy while it is in use ------------------------------------------------------------------ */

/* The file is read through SQLite's own handle: opening and closing it beside SQLite would drop the
 * locks that SQLite holds on it (fcntl locks belong to the process). */
static sqlite3_file *file_of (sql_t *sql)
{
	sqlite3_file *file = NULL;

	sqlite3_file_control (sql->db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
	return file;
}

err_t sql_hold (sql_t *sql, uint64_t *ret_bytes)
{
	sqlite3_int64 bytes = 0;
	int code;

	assert (!sql->held && sqlite3_get_autocommit (sql->db));
	sql_forgive (sql);
	sql_checkpoint (sql);
	if (sql->err != ERR_OK)
		return sql->err;
	code = file_of (sql)->pMethods->xFileSize (file_of (sql), &bytes);
	if (code != SQLITE_OK) {
		fail_code (sql, code);
		return sql->err;
	}
	sqlite3_wal_autocheckpoint (sql->db, 0);
	sql->held = true;
	*ret_bytes = (uint64_t)bytes;
	return ERR_OK;
}

err_t sql_read_held (sql_t *sql, uint64_t offset, uint8_t *data, size_t len)
{
	sqlite3_file *file = file_of (sql);
	int code;

	assert (sql->held);
	code = file->pMethods->xRead (file, data, (int)len, (sqlite3_int64)offset);
	return code == SQLITE_OK ? ERR_OK : err_of (code);
}

void sql_let_go (sql_t *sql)
{
	if (!sql->held)
		return;
	sql->held = false;
	sqlite3_wal_autocheckpoint (sql->db, AUTOCHECKPOINT_PAGES);
	if (sql->checkpoint_owed)
		sql_checkpoint (sql);
	sql->checkpoint_owed = false;
}

err_t sql_check_whole (sql_t *sql)
{
	query_t *query = QUERY (sql, "PRAGMA integrity_check (1)");
	char word[8] = "";
	struct bytes said = BYTES_NONE;

	if (sql_next (query)) {
		said = sql_view (query);
		if (said.len < sizeof word)
			memcpy (word, said.data, said.len);
	}
	sql_end (query);
	if (sql_err (sql) != ERR_OK)
		return sql_err (sql);
	return strcmp (word, "ok") == 0 ? ERR_OK : ERR_CORRUPT;
}

void sql_script (sql_t *sql, const char *script)
{
	int code;

	if (sql->err != ERR_OK)
		return;
	code = sqlite3_exec (sql->db, script, NULL, NULL, NULL);
	if (code != SQLITE_OK)
		fail_code (sql, code);
}

/* ---- values ------------------------------------------------------------------------------------- */

struct value value_int (int64_t number)
{
	return (struct value){ .type = VALUE_INT, .number = number };
}

struct value value_text (const char *text)
{
	return (struct value){ .type = VALUE_TEXT,
			       .bytes = text != NULL ? bytes_of_text (text) : BYTES_NONE };
}

struct value value_blob (struct bytes bytes)
{
	return (struct value){ .type = VALUE_BLOB, .bytes = bytes };
}

struct value value_id (struct bytes id)
{
	return value_blob (id_is_zero (id.data, id.len) ? BYTES_NONE : id);
}

static int bind (sqlite3_stmt *stmt, int at, const struct value *value)
{
	/* A NULL pointer would bind NULL where an empty string is meant. */
	const void *data = value->bytes.len > 0 ? (const void *)value->bytes.data : "";

	switch (value->type) {
	case VALUE_NULL:
		return sqlite3_bind_null (stmt, at);
	case VALUE_INT:
		return sqlite3_bind_int64 (stmt, at, value->number);
	case VALUE_TEXT:
		return sqlite3_bind_text64 (stmt, at, data, value->bytes.len, SQLITE_STATIC,
					    SQLITE_UTF8);
	case VALUE_BLOB:
		return sqlite3_bind_blob64 (stmt, at, data, value->bytes.len, SQLITE_STATIC);
	}
	return SQLITE_MISUSE;
}

/* ---- statements --------------------------------------------------------------------------------- */

/* Texts are constants, so their addresses tell them apart; the same text at two addresses is only
 * prepared twice. */
static struct query *slot_of (sql_t *sql, const char *text)
{
	size_t at = ((uintptr_t)text * UINT64_C (0x9e3779b97f4a7c15)) >> 48;

	for (size_t tried = 0; tried < CACHE_SLOTS; tried++) {
		struct query *query = &sql->cache[(at + tried) & (CACHE_SLOTS - 1)];

		if (query->text == text || query->text == NULL)
			return query;
	}
	assert (!"more statements than slots");
	return NULL;
}

static struct query *prepared (sql_t *sql, const char *text)
{
	struct query *query = slot_of (sql, text);
	int code;

	assert (!query->busy);
	query->sql = sql;
	query->text = text;
	if (query->stmt != NULL || sql->err != ERR_OK)
		return query;
	code = sqlite3_prepare_v3 (sql->db, text, -1, SQLITE_PREPARE_PERSISTENT, &query->stmt, NULL);
	if (code != SQLITE_OK)
		fail_code (sql, code);
	return query;
}

query_t *sql_query (sql_t *sql, const char *text, const struct value *values, size_t count)
{
	struct query *query = prepared (sql, text);

	query->busy = true;
	query->starved = false;
	if (query->stmt == NULL)
		return query;
	assert ((size_t)sqlite3_bind_parameter_count (query->stmt) == count);
	for (size_t i = 0; i < count && sql->err == ERR_OK; i++) {
		int code = bind (query->stmt, (int)i + 1, &values[i]);

		if (code != SQLITE_OK)
			fail_code (sql, code);
	}
	return query;
}

bool sql_next (query_t *query)
{
	int code;

	if (query->sql->err != ERR_OK || !query->busy) {
		sql_end (query);
		return false;
	}
	query->column = 0;
	code = sqlite3_step (query->stmt);
	if (code == SQLITE_ROW)
		return true;
	if (code != SQLITE_DONE)
		fail_code (query->sql, code);
	sql_end (query);
	return false;
}

void sql_end (query_t *query)
{
	query->busy = false;
	if (query->stmt == NULL)
		return;
	sqlite3_reset (query->stmt);
	sqlite3_clear_bindings (query->stmt);
}

uint64_t sql_run (sql_t *sql, const char *text, const struct value *values, size_t count)
{
	query_t *query = sql_query (sql, text, values, count);

	while (sql_next (query))
		;
	return sql->err == ERR_OK ? (uint64_t)sqlite3_changes64 (sql->db) : 0;
}

uint64_t sql_changes (const sql_t *sql)
{
	return (uint64_t)sqlite3_total_changes64 (sql->db);
}

int64_t sql_number (sql_t *sql, const char *text, const struct value *values, size_t count,
		    int64_t otherwise)
{
	query_t *query = sql_query (sql, text, values, count);
	int64_t number = otherwise;

	if (sql_next (query))
		number = sql_int (query);
	sql_end (query);
	return number;
}

/* ---- columns ------------------------------------------------------------------------------------ */

struct bytes sql_view (query_t *query)
{
	const void *data = sqlite3_column_blob (query->stmt, query->column);
	int len = sqlite3_column_bytes (query->stmt, query->column);

	query->column++;
	return (struct bytes){ data, data != NULL ? (size_t)len : 0 };
}

int64_t sql_int (query_t *query)
{
	return sqlite3_column_int64 (query->stmt, query->column++);
}

const char *sql_text (query_t *query, arena_t *arena)
{
	struct bytes from = sql_view (query);
	char *text = arena_alloc (arena, from.len + 1);

	if (text == NULL) {
		query->starved = true;
		return "";
	}
	if (from.len > 0)
		memcpy (text, from.data, from.len);
	return text;
}

struct bytes sql_blob (query_t *query, arena_t *arena)
{
	struct bytes from = sql_view (query);
	struct bytes copy = from.len > 0 ? arena_bytes (arena, from) : BYTES_NONE;

	if (copy.len < from.len)
		query->starved = true;
	return copy;
}

void sql_id (query_t *query, uint8_t *ret, size_t len)
{
	if (id_from_bytes (ret, len, sql_view (query), true) != ERR_OK)
		sql_fail (query->sql, ERR_CORRUPT);
}

void sql_word (query_t *query, char *ret, size_t size)
{
	struct bytes from = sql_view (query);

	if (from.len >= size) {
		sql_fail (query->sql, ERR_CORRUPT);
		return;
	}
	if (from.len > 0)
		memcpy (ret, from.data, from.len);
	ret[from.len] = '\0';
}

bool sql_starved (const query_t *query)
{
	return query->starved;
}

void sql_starve (query_t *query)
{
	query->starved = true;
}

/* ---- lists -------------------------------------------------------------------------------------- */

void *list_room (struct list *list)
{
	if (list->count == list->room) {
		size_t room = list->room > 0 ? 2 * list->room : 8;
		uint8_t *items = arena_alloc (list->arena, room * list->size);

		if (items == NULL)
			return NULL;
		if (list->count > 0)
			memcpy (items, list->items, list->count * list->size);
		list->items = items;
		list->room = room;
	}
	return memset (list->items + list->count * list->size, 0, list->size);
}

size_t sql_list (query_t *query, struct list *list, size_t max, read_row_fn *read, void *arg)
{
	while (list->count < max && sql_next (query)) {
		void *row = list_room (list);

		if (row == NULL)
			break;
		read (query, list->arena, row, arg);
		if (query->starved || query->sql->err != ERR_OK)
			break;
		list->count++;
	}
	sql_end (query);
	return list->count;
}
