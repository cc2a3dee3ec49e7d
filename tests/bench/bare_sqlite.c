#include "tests/bench/bare_store.h"

#include <sqlite3.h>
#include <stdio.h>

#include "tests/bench/network.h"

#define WAL_PAGES_MAX 2000

/* clang-format off */

/* As in hub/store.c, so that both pay for the same safety. */
static const char schema[] =
	"PRAGMA page_size = 16384; PRAGMA locking_mode = EXCLUSIVE;"
	"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
	"PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -6144;"
	"PRAGMA journal_size_limit = 33554432; PRAGMA temp_store = MEMORY;"
	"PRAGMA secure_delete = OFF;"
	"CREATE TABLE queue (place INTEGER PRIMARY KEY, lane INTEGER NOT NULL,"
	"  number INTEGER NOT NULL, letter BLOB NOT NULL, UNIQUE (lane, number));";

#define STATEMENT_LIST(X) \
	X (BEGIN, "BEGIN IMMEDIATE") \
	X (COMMIT, "COMMIT") \
	X (PUT, "INSERT INTO queue (lane, number, letter) VALUES (?, ?, ?)") \
	X (DROP, "DELETE FROM queue WHERE lane = ? AND number <= ?") \
	X (GET, "SELECT letter FROM queue WHERE lane = ? AND number = ?")
/* clang-format on */

static const char *const statement_text[] = {
#define X(name, sql) sql,
	STATEMENT_LIST (X)
#undef X
};

#define X(name, sql) name,
enum statement { STATEMENT_LIST (X) STATEMENT_COUNT };
#undef X

static struct {
	sqlite3 *db;
	sqlite3_stmt *statement[STATEMENT_COUNT];
	int wal_pages;
} rows;

static int on_commit (void *context, sqlite3 *db, const char *name, int pages)
{
	rows.wal_pages = pages;
	return SQLITE_OK;
}

static void sqlite_open (const char *folder)
{
	char path[4096];

	MUST ((size_t)snprintf (path, sizeof path, "%s/broker.db", folder) < sizeof path);
	sqlite3_config (SQLITE_CONFIG_MEMSTATUS, 0);
	MUST (sqlite3_open_v2 (path, &rows.db,
			       SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
			       NULL) == SQLITE_OK);
	sqlite3_db_config (rows.db, SQLITE_DBCONFIG_LOOKASIDE, NULL, 1200, 200);
	MUST (sqlite3_exec (rows.db, schema, NULL, NULL, NULL) == SQLITE_OK);
	sqlite3_wal_hook (rows.db, on_commit, NULL);
	for (int i = 0; i < STATEMENT_COUNT; i++)
		MUST (sqlite3_prepare_v2 (rows.db, statement_text[i], -1, &rows.statement[i], NULL) ==
		      SQLITE_OK);
}

static void run (enum statement which)
{
	MUST (sqlite3_step (rows.statement[which]) == SQLITE_DONE);
	sqlite3_reset (rows.statement[which]);
}

static sqlite3_stmt *bind (enum statement which, uint32_t lane, uint64_t number)
{
	sqlite3_bind_int64 (rows.statement[which], 1, lane);
	sqlite3_bind_int64 (rows.statement[which], 2, (int64_t)number);
	return rows.statement[which];
}

static void sqlite_begin (void)
{
	sqlite3_reset (rows.statement[GET]);
	run (BEGIN);
}

static void sqlite_put (uint32_t lane, uint64_t number, struct bytes letter)
{
	sqlite3_bind_blob64 (bind (PUT, lane, number), 3, letter.data, letter.len, SQLITE_STATIC);
	run (PUT);
}

static void sqlite_drop (uint32_t lane, uint64_t up_to)
{
	bind (DROP, lane, up_to);
	run (DROP);
}

static void sqlite_commit (void)
{
	run (COMMIT);
}

static void sqlite_tidy (void)
{
	if (rows.wal_pages < WAL_PAGES_MAX)
		return;
	sqlite3_reset (rows.statement[GET]);
	MUST (sqlite3_wal_checkpoint_v2 (rows.db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL) ==
	      SQLITE_OK);
	rows.wal_pages = 0;
}

static struct bytes sqlite_get (uint32_t lane, uint64_t number)
{
	sqlite3_stmt *get = rows.statement[GET];

	sqlite3_reset (get);
	bind (GET, lane, number);
	MUST (sqlite3_step (get) == SQLITE_ROW);
	return (struct bytes){ sqlite3_column_blob (get, 0), (size_t)sqlite3_column_bytes (get, 0) };
}

const struct bare_store bare_sqlite = { "sqlite",    sqlite_open,   sqlite_begin, sqlite_put,
					sqlite_drop, sqlite_commit, sqlite_tidy,  sqlite_get };
