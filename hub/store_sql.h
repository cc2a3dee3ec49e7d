/*
 * What the store*.c files share: the handle, the prepared statements, and one way to run them.
 */
#ifndef HUB_STORE_SQL_H
#define HUB_STORE_SQL_H

#include <sqlite3.h>

#include "hub/store.h"
#include "proto/highwater.h"

/* Every statement the store runs, prepared at its first use and kept. */
/* clang-format off */
#define STATEMENT_LIST(X) \
	X (BEGIN, "BEGIN IMMEDIATE") \
	X (COMMIT, "COMMIT") \
	X (SELF_GET, "SELECT id, since_ms, edge, checkpoint FROM self") \
	X (SELF_CLEAR, "DELETE FROM self") \
	X (SELF_PUT, "INSERT INTO self (one, id, since_ms, edge, checkpoint) VALUES (1, ?, ?, ?, ?)" \
		" ON CONFLICT (one) DO UPDATE SET id = excluded.id, since_ms = excluded.since_ms," \
		" edge = excluded.edge, checkpoint = excluded.checkpoint") \
	X (SELF_COMMITS, "SELECT id, commits FROM self") \
	X (SELF_COUNT, "UPDATE self SET commits = commits + 1 RETURNING id, commits") \
	X (AGENCY_ALL, "SELECT number, id, store, pseq, seen_ms FROM agency ORDER BY number") \
	X (AGENCY_PUT, "INSERT INTO agency (number, id, store, pseq, seen_ms) VALUES (?, ?, ?, ?, ?)" \
		" ON CONFLICT (number) DO UPDATE SET store = excluded.store, pseq = excluded.pseq," \
		" seen_ms = excluded.seen_ms") \
	X (RETIRED_ALL, "SELECT agency, store FROM retired") \
	X (RETIRED_PUT, "INSERT OR IGNORE INTO retired (agency, store) VALUES (?, ?)") \
	X (LANE_ALL, "SELECT agency, class, last, stored, base FROM lane") \
	X (LANE_PUT, "INSERT OR REPLACE INTO lane (agency, class, last, stored, base)" \
		" VALUES (?, ?, ?, ?, ?)") \
	X (PASSED_PUT, "INSERT OR REPLACE INTO passed (agency, class, day, stored)" \
		" VALUES (?, ?, ?, ?)") \
	X (ITEM_PUT, "INSERT INTO item (number, sender, recipient, class, dseq, id, header_hash, kind," \
		" state, leaf, size, taken_ms, expires_ms)" \
		" VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?)") \
	X (BODY_PUT, "INSERT INTO body (item, first, second) VALUES (?, ?, ?)") \
	X (ITEM_BY_ID, "SELECT " ITEM_COLUMNS ", body.item FROM item LEFT JOIN body" \
		" ON body.item = item.number WHERE sender = ? AND id = ?") \
	X (ITEM_LAST_ID, "SELECT max (id) FROM item WHERE sender = ?") \
	X (ITEM_FETCH, "SELECT " ITEM_COLUMNS ", first, second FROM item LEFT JOIN body" \
		" ON body.item = item.number WHERE recipient = ? AND class = ? AND dseq >= ?" \
		" ORDER BY dseq") \
	X (ITEM_RANGE, "SELECT " ITEM_COLUMNS " FROM item JOIN body ON body.item = item.number" \
		" WHERE recipient = ? AND class = ? AND dseq BETWEEN ? AND ?") \
	X (ITEM_END, "UPDATE item SET state = ? WHERE number = ?") \
	X (ITEM_DROP, "DELETE FROM item WHERE number = ?") \
	X (BODY_DROP, "DELETE FROM body WHERE item BETWEEN ? AND ?") \
	X (ITEM_FROM, "SELECT " ITEM_COLUMNS " FROM item" \
		" WHERE recipient = ? AND class = ? AND dseq >= ? ORDER BY dseq LIMIT ?") \
	X (ITEM_LEAF, "UPDATE item SET leaf = ? WHERE number = ?") \
	X (FORGET_LOOK, "SELECT (SELECT min (dseq) FROM item WHERE recipient = ?1 AND class = ?2" \
		" AND dseq > 0)," \
		" (SELECT max (stored) FROM passed WHERE agency = ?1 AND class = ?2 AND day < ?3)") \
	X (FORGET, "DELETE FROM item WHERE recipient = ? AND class = ? AND dseq BETWEEN ? AND ?") \
	X (PASSED_DROP, "DELETE FROM passed WHERE agency = ? AND class = ? AND day < ?") \
	X (LEAF_PUT, "INSERT INTO leaf_run (first, at_ms, kinds, header_hashes, hashes)" \
		" VALUES (?, ?, ?, ?, ?)") \
	X (LEAF_GET, "SELECT first, at_ms, kinds, header_hashes FROM leaf_run WHERE first <= ?" \
		" ORDER BY first DESC LIMIT 1") \
	X (LEAF_RANGE, "SELECT first, hashes FROM leaf_run WHERE first < ?2 AND first >=" \
		" (SELECT max (first) FROM leaf_run WHERE first <= ?1) ORDER BY first") \
	X (LEAF_CLEAR, "DELETE FROM leaf_run") \
	X (NODE_PUT, "INSERT INTO node (level, position, hash) VALUES (?, ?, ?)") \
	X (NODE_LAST, "SELECT max (position) FROM node WHERE level = ?") \
	X (NODE_RANGE, "SELECT hash FROM node WHERE level = ? AND position >= ? AND position < ?" \
		" ORDER BY position") \
	X (NODE_CLEAR, "DELETE FROM node") \
	X (LEAF_UNSET, "UPDATE item SET leaf = NULL WHERE leaf IS NOT NULL") \
	X (ITEM_ASIDE, "SELECT " ITEM_COLUMNS " FROM item WHERE recipient = ? AND class = ? AND dseq < 0") \
	X (ITEM_MOVE, "UPDATE item SET dseq = ?, state = ? WHERE number = ?") \
	X (ASIDE_FORGET, "DELETE FROM item WHERE recipient = ? AND class = ? AND dseq < 0" \
		" AND state IN (2, 3) AND expires_ms < ?") \
	X (PARKED_TIMES, "SELECT times FROM parked WHERE item = ?") \
	X (PARKED_PUT, "INSERT OR REPLACE INTO parked (item, due_ms, times) VALUES (?, ?, ?)") \
	X (PARKED_DUE, "SELECT " ITEM_COLUMNS ", due_ms, times FROM parked JOIN item" \
		" ON item.number = parked.item WHERE state = 4 AND min (due_ms, expires_ms) <= ?" \
		" LIMIT ?") \
	X (PARKED_COUNT, "SELECT count (*) FROM parked JOIN item ON item.number = parked.item" \
		" WHERE state = 4") \
	X (PARKED_TIDY, "DELETE FROM parked WHERE item NOT IN (SELECT item FROM body)") \
	X (BLOB_PUT, "INSERT INTO blob (number, sender, recipient, letter, id, size, held, state, due_ms)" \
		" VALUES (NULL, ?, ?, ?, ?, ?, 0, 0, ?)") \
	X (BLOB_OF, "SELECT " BLOB_COLUMNS " FROM blob WHERE sender = ? AND letter = ? AND id = ?") \
	X (BLOB_FOR, "SELECT " BLOB_COLUMNS " FROM blob WHERE recipient = ? AND id = ?" \
		" ORDER BY state >= 2, held DESC LIMIT 1") \
	X (BLOB_NEXT, "SELECT " BLOB_COLUMNS " FROM blob WHERE sender = ? AND letter = ?" \
		" AND number > ? ORDER BY number LIMIT 1") \
	X (BLOB_DUE, "SELECT " BLOB_COLUMNS " FROM blob WHERE due_ms <= ? ORDER BY due_ms LIMIT 1") \
	X (BLOB_SET, "UPDATE blob SET held = ?, state = ?, due_ms = ? WHERE number = ?") \
	X (BLOB_DROP, "DELETE FROM blob WHERE number = ?") \
	X (BLOB_SUMS, "SELECT sender, recipient, count (*), sum (held)," \
		" sum (CASE WHEN held > 0 THEN size ELSE 0 END) FROM blob WHERE state < 2" \
		" GROUP BY sender, recipient") \
	X (PIECE_PUT, "INSERT INTO piece (place, data) VALUES (?, ?)") \
	X (PIECE_AT, "SELECT place, data FROM piece WHERE place BETWEEN ? AND ?" \
		" ORDER BY place DESC LIMIT 1") \
	X (PIECE_CUT, "DELETE FROM piece WHERE place BETWEEN ? AND ?") \
	X (FREE_PAGES, "PRAGMA freelist_count")

#define ITEM_COLUMNS "number, sender, recipient, class, dseq, id, header_hash, kind, state, leaf," \
	" size, taken_ms, expires_ms"
#define ITEM_COLUMN_COUNT 13
#define BLOB_COLUMNS "number, sender, recipient, letter, id, size, held, state, due_ms"
/* clang-format on */

#define X(name, sql) SQL_##name,
enum statement { STATEMENT_LIST (X) SQL_COUNT };
#undef X

#define LEAF_RUN_MAX 256u

/* Leaves of the open group that are not in their row yet. */
struct leaf_run {
	uint64_t first;
	int64_t at_ms;
	size_t count;
	uint8_t kind[LEAF_RUN_MAX];
	struct hash header_hash[LEAF_RUN_MAX], hash[LEAF_RUN_MAX];
};

/* Where SQL_ITEM_FETCH stands: the item of the lane that its next step gives. */
struct fetching {
	int64_t recipient;
	enum letter_class class;
	uint64_t next;            /* 0: it stands nowhere */
};

struct store {
	sqlite3 *db;
	highwater_t *highwater;
	struct store_id noted;    /* whose number was noted last */
	bool renamed;             /* the WAL holds a new id, the database does not yet */
	sqlite3_stmt *prepared[SQL_COUNT];
	char *folder;
	bool in_group;
	bool held;                /* the database file is being copied: nothing goes into it */
	bool broken;              /* an error of the STOP lane was met */
	int64_t changes;          /* rows that were changed before the open group */
	int wal_pages;            /* as of the last commit */
	int wal_pages_ahead;      /* room was looked for when there were so many */
	struct fetching fetching;
	int wal_pages_most;       /* then they are copied home */
	struct leaf_run leaves;
	store_t *next_abandoned;
};

/* A statement ready to bind; aborts when its text is wrong, which is our own bug. */
sqlite3_stmt *sql (store_t *store, enum statement which);

/* One step: ERR_OK for a row, ERR_NOT_FOUND at the end, or what the failure means. */
MUST_USE err_t sql_row (store_t *store, sqlite3_stmt *stmt);

/* Runs to the end and resets. */
MUST_USE err_t sql_run (store_t *store, enum statement which);

/* What a result code of SQLite means here; remembers when the store can't be trusted any more. */
err_t sql_error (store_t *store, int code);

void sql_bytes (sqlite3_stmt *stmt, int at, struct bytes bytes);
struct bytes sql_column (sqlite3_stmt *stmt, int at);

/* ERR_CORRUPT unless the column is exactly `len` bytes. */
MUST_USE err_t sql_column_id (sqlite3_stmt *stmt, int at, uint8_t *ret, size_t len);

/* Writes the leaves that wait for their row. */
MUST_USE err_t leaves_write (store_t *store);

/* What was fetched last is no longer borrowed, and its statement reads no more. */
void store_end_fetch (store_t *store);

/* The columns of ITEM_COLUMNS, from the first on. */
MUST_USE err_t store_read_item (sqlite3_stmt *stmt, struct item *ret_item);

/* How many steps the schema has. */
unsigned store_newest (void);
/* Takes the steps that an older schema lacks, each in a transaction of its own, up to `newest`;
 * ERR_NEWER_STORE for one from the future. */
MUST_USE err_t store_migrate (store_t *store, unsigned newest);

#endif
