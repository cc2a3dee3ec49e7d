/*
 * The schema, as a list of steps that is only ever appended to.  PRAGMA user_version counts the
 * steps that a store has taken.
 */
#include "hub/store_sql.h"

#include "jembatan/fault.h"

static const char *const migrations[] = {
	/* 1 */
	"CREATE TABLE self (one INTEGER PRIMARY KEY CHECK (one = 1), id BLOB NOT NULL,"
	"  since_ms INTEGER NOT NULL, edge BLOB NOT NULL, checkpoint TEXT NOT NULL);"
	"CREATE TABLE agency (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,"
	"  store BLOB NOT NULL, pseq INTEGER NOT NULL, seen_ms INTEGER NOT NULL);"
	"CREATE TABLE retired (agency INTEGER NOT NULL, store BLOB NOT NULL,"
	"  PRIMARY KEY (agency, store)) WITHOUT ROWID;"
	"CREATE TABLE lane (agency INTEGER NOT NULL, class INTEGER NOT NULL,"
	"  last INTEGER NOT NULL, stored INTEGER NOT NULL, base INTEGER NOT NULL,"
	"  PRIMARY KEY (agency, class)) WITHOUT ROWID;"
	/* sender is NULL for the hub's own notices, so that they don't count as its letters */
	"CREATE TABLE item (number INTEGER PRIMARY KEY, sender INTEGER, recipient INTEGER NOT NULL,"
	"  class INTEGER NOT NULL, dseq INTEGER NOT NULL, id BLOB NOT NULL,"
	"  header_hash BLOB NOT NULL, kind INTEGER NOT NULL, state INTEGER NOT NULL, leaf INTEGER,"
	"  size INTEGER NOT NULL, taken_ms INTEGER NOT NULL, expires_ms INTEGER NOT NULL,"
	"  UNIQUE (recipient, class, dseq), UNIQUE (sender, id));"
	/* how far a lane was stored at the end of each day: what may be forgotten, without touching a
	 * record when it is stored */
	"CREATE TABLE passed (agency INTEGER NOT NULL, class INTEGER NOT NULL, day INTEGER NOT NULL,"
	"  stored INTEGER NOT NULL, PRIMARY KEY (agency, class, day)) WITHOUT ROWID;"
	/* the bodies stand apart, so that forgetting one leaves the records densely packed */
	"CREATE TABLE body (item INTEGER PRIMARY KEY, first BLOB NOT NULL, second BLOB NOT NULL);"
	"CREATE TABLE leaf (position INTEGER PRIMARY KEY, hash BLOB NOT NULL, kind INTEGER NOT NULL,"
	"  header_hash BLOB, at_ms INTEGER NOT NULL);",
	/* 2: roots of the log's whole subtrees of 256, 65536, ... leaves, for its proofs; those of an
	 * older log are added when it is opened */
	"CREATE TABLE node (level INTEGER NOT NULL, position INTEGER NOT NULL, hash BLOB NOT NULL,"
	"  PRIMARY KEY (level, position)) WITHOUT ROWID;",
	/* 3: attachments.  Only a letter that names some has rows here; they outlive its body.  due_ms:
	 * when a living one expires, when an ended one is freed and at last forgotten */
	"CREATE TABLE blob (number INTEGER PRIMARY KEY, sender INTEGER NOT NULL,"
	"  recipient INTEGER NOT NULL, letter BLOB NOT NULL, id BLOB NOT NULL, size INTEGER NOT NULL,"
	"  held INTEGER NOT NULL, state INTEGER NOT NULL, due_ms INTEGER NOT NULL,"
	"  UNIQUE (sender, letter, id));"
	"CREATE INDEX blob_for ON blob (recipient, id);"
	"CREATE INDEX blob_due ON blob (due_ms);"
	"CREATE TABLE piece (place INTEGER PRIMARY KEY, data BLOB NOT NULL);",
	/* 4: leaves that follow each other and share their instant are one row: a byte of kind, 32 of
	 * header hash (zeros: erased) and 32 of hash for each */
	"CREATE TABLE leaf_run (first INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL,"
	"  kinds BLOB NOT NULL, header_hashes BLOB NOT NULL, hashes BLOB NOT NULL);"
	"INSERT INTO leaf_run SELECT position, at_ms, CAST (char (kind) AS BLOB),"
	"  ifnull (header_hash, zeroblob (32)), hash FROM leaf;"
	"DROP TABLE leaf;",
	/* 5: letters that were set aside, when they come again, and how often */
	"CREATE TABLE parked (item INTEGER PRIMARY KEY, due_ms INTEGER NOT NULL,"
	"  times INTEGER NOT NULL);",
	/* 6: how many groups were committed; noted beside the database too (proto/highwater.h) */
	"ALTER TABLE self ADD COLUMN commits INTEGER NOT NULL DEFAULT 0;",
};

static err_t schema_version (store_t *store, int64_t *ret_version)
{
	sqlite3_stmt *stmt;
	int code = sqlite3_prepare_v2 (store->db, "PRAGMA user_version", -1, &stmt, NULL);

	if (code != SQLITE_OK)
		return sql_error (store, code);
	code = sqlite3_step (stmt);
	*ret_version = sqlite3_column_int64 (stmt, 0);
	sqlite3_finalize (stmt);
	return code == SQLITE_ROW ? ERR_OK : sql_error (store, code);
}

static err_t take_step (store_t *store, size_t step)
{
	char *text = sqlite3_mprintf ("BEGIN IMMEDIATE; %s PRAGMA user_version = %d;",
				      migrations[step], (int)step + 1);
	int code = sqlite3_exec (store->db, text, NULL, NULL, NULL);

	sqlite3_free (text);
	fault_point ("store.step.before_commit");
	if (code == SQLITE_OK)
		code = sqlite3_exec (store->db, "COMMIT", NULL, NULL, NULL);
	return code == SQLITE_OK ? ERR_OK : sql_error (store, code);
}

unsigned store_newest (void)
{
	return COUNT_OF (migrations);
}

err_t store_migrate (store_t *store, unsigned newest)
{
	int64_t version = 0;
	err_t err = schema_version (store, &version);

	if (err != ERR_OK)
		return err;
	if (version < 0 || version > (int64_t)COUNT_OF (migrations))
		return ERR_NEWER_STORE;
	for (size_t step = (size_t)version; step < newest && err == ERR_OK; step++)
		err = take_step (store, step);
	return err;
}
