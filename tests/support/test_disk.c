/* The disk in memory: what it keeps, fails, loses and tears. */
#include "tests/support/unit.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/disk.h"

#define HERE "/nowhere/here"
#define AFTER "/nowhere/after"

static int do_sql (sqlite3 *db, const char *text)
{
	return sqlite3_exec (db, text, NULL, NULL, NULL);
}

static sqlite3 *db_open (const char *folder, const char *pragmas)
{
	char path[64];
	sqlite3 *db;

	snprintf (path, sizeof path, "%s/test.db", folder);
	assert_int_equal (sqlite3_open (path, &db), SQLITE_OK);
	assert_int_equal (do_sql (db, pragmas), SQLITE_OK);
	return db;
}

#define WAL "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
#define CARELESS "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;"
/* FULL does not sync the folder after the journal was deleted, which is the commit. */
#define JOURNAL "PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA;"
#define TABLE "CREATE TABLE IF NOT EXISTS t (n INTEGER PRIMARY KEY, x BLOB);"
#define INSERT "INSERT INTO t (x) VALUES (randomblob (3000))"

static int number (sqlite3 *db, const char *text)
{
	sqlite3_stmt *stmt;
	int value = -1;

	if (sqlite3_prepare_v2 (db, text, -1, &stmt, NULL) == SQLITE_OK
	    && sqlite3_step (stmt) == SQLITE_ROW)
		value = sqlite3_column_int (stmt, 0);
	sqlite3_finalize (stmt);
	return value;
}

static bool whole (sqlite3 *db)
{
	return number (db, "SELECT group_concat (integrity_check) = 'ok' FROM pragma_integrity_check")
	       == 1;
}

/* ---- what is kept ---- */

static void what_was_committed_is_read_by_the_next_connection (void **state)
{
	disk_t *disk = disk_new (HERE, 1);
	sqlite3 *db = db_open (HERE, WAL TABLE INSERT);

	sqlite3_close (db);
	db = db_open (HERE, WAL);
	assert_int_equal (number (db, "SELECT count (*) FROM t"), 1);
	assert_true (whole (db));
	sqlite3_close (db);
	assert_true (disk_size (disk, "test.db") > 0);
	assert_true (disk_count (disk, DISK_SYNC) > 0);
	disk_destroy (&disk);
}

static void two_connections_share_a_wal_and_exclude_each_other (void **state)
{
	static const char shared[] = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;";
	disk_t *disk = disk_new (HERE, 1);
	sqlite3 *one = db_open (HERE, shared), *two;

	assert_int_equal (do_sql (one, TABLE), SQLITE_OK);
	two = db_open (HERE, shared);
	assert_int_equal (do_sql (one, "BEGIN IMMEDIATE;" INSERT), SQLITE_OK);
	assert_int_equal (do_sql (two, INSERT), SQLITE_BUSY);
	assert_int_equal (number (two, "SELECT count (*) FROM t"), 0);
	assert_int_equal (do_sql (one, "COMMIT"), SQLITE_OK);
	assert_int_equal (number (two, "SELECT count (*) FROM t"), 1);
	sqlite3_close (one);
	sqlite3_close (two);
	disk_destroy (&disk);
}

/* ---- power cuts ---- */

struct cut_watch {
	int committed, begun, damages;
	bool lost, broken;
};

static void look_after (disk_t *disk, void *arg)
{
	struct cut_watch *watch = arg;

	for (uint64_t seed = 0; seed < 20; seed++) {
		disk_t *after = disk_cut (disk, AFTER, seed);
		sqlite3 *db = db_open (AFTER, "PRAGMA locking_mode = EXCLUSIVE;");
		int rows = number (db, "SELECT count (*) FROM t");

		watch->damages++;
		watch->lost |= rows < watch->committed && watch->committed > 0;
		watch->broken |= !whole (db) || rows > watch->begun;
		sqlite3_close (db);
		disk_destroy (&after);
	}
}

static struct cut_watch cut_through (const char *pragmas)
{
	struct cut_watch watch = { 0 };
	disk_t *disk = disk_new (HERE, 7);
	sqlite3 *db = db_open (HERE, pragmas);

	assert_int_equal (do_sql (db, TABLE), SQLITE_OK);
	disk_on_sync (disk, look_after, &watch);
	for (int i = 0; i < 12; i++) {
		watch.begun++;
		assert_int_equal (do_sql (db, INSERT), SQLITE_OK);
		watch.committed++;
	}
	look_after (disk, &watch);
	sqlite3_close (db);
	disk_destroy (&disk);
	return watch;
}

static void a_power_cut_at_any_sync_loses_nothing_committed (void **state)
{
	struct cut_watch wal = cut_through (WAL), journal = cut_through (JOURNAL);

	assert_true (wal.damages >= 13 * 20 && journal.damages >= 13 * 20);
	assert_false (wal.lost || wal.broken);
	assert_false (journal.lost || journal.broken);
}

static void without_syncs_a_power_cut_loses_what_was_committed (void **state)
{
	assert_true (cut_through (CARELESS).lost);
}

static void the_same_seed_cuts_alike (void **state)
{
	disk_t *disk = disk_new (HERE, 3), *one, *two;
	sqlite3 *db = db_open (HERE, CARELESS TABLE);

	for (int i = 0; i < 20; i++)
		assert_int_equal (do_sql (db, INSERT), SQLITE_OK);
	for (uint64_t seed = 0; seed < 20; seed++) {
		one = disk_cut (disk, AFTER, seed);
		two = disk_cut (disk, AFTER "2", seed);
		assert_int_equal (disk_size (one, "test.db"), disk_size (two, "test.db"));
		assert_int_equal (disk_size (one, "test.db-wal"), disk_size (two, "test.db-wal"));
		disk_destroy (&one);
		disk_destroy (&two);
	}
	sqlite3_close (db);
	disk_destroy (&disk);
}

/* ---- faults ---- */

static void the_nth_write_fails_once_or_for_good (void **state)
{
	disk_t *disk = disk_new (HERE, 1);
	sqlite3 *db = db_open (HERE, WAL TABLE);

	disk_fail (disk, DISK_WRITE, 1, DISK_FULL, false);
	assert_int_equal (do_sql (db, INSERT) & 0xff, SQLITE_FULL);
	assert_true (disk_failed (disk));
	assert_int_equal (do_sql (db, INSERT), SQLITE_OK);
	disk_fail (disk, DISK_WRITE, 2, DISK_FULL, true);
	for (int i = 0; i < 3; i++)
		assert_int_equal (do_sql (db, INSERT) & 0xff, SQLITE_FULL);
	disk_fail (disk, DISK_WRITE, 0, DISK_FULL, false);
	assert_int_equal (do_sql (db, INSERT), SQLITE_OK);
	assert_int_equal (number (db, "SELECT count (*) FROM t"), 2);
	disk_fail (disk, DISK_WRITE, 1, DISK_IOERR, false);
	assert_int_equal (do_sql (db, INSERT) & 0xff, SQLITE_IOERR);
	sqlite3_close (db);
	disk_destroy (&disk);
}

static void what_a_failed_sync_gave_up_no_later_one_brings_back (void **state)
{
	disk_t *disk = disk_new (HERE, 1), *after;
	sqlite3 *db = db_open (HERE, WAL TABLE);

	disk_fail (disk, DISK_SYNC, 1, DISK_IOERR, false);
	assert_int_equal (do_sql (db, INSERT) & 0xff, SQLITE_IOERR);
	assert_int_equal (do_sql (db, INSERT), SQLITE_OK);
	assert_true (disk_after_bad_sync (disk) > 0);
	after = disk_cut (disk, AFTER, 0);
	sqlite3_close (db);
	db = db_open (AFTER, WAL);
	assert_int_equal (number (db, "SELECT count (*) FROM t"), 0);
	sqlite3_close (db);
	disk_destroy (&after);
	disk_destroy (&disk);
}

static void a_flipped_bit_and_a_shortened_file_are_read_so (void **state)
{
	disk_t *disk = disk_new (HERE, 1), *copy;
	sqlite3 *db = db_open (HERE, WAL TABLE INSERT);

	sqlite3_close (db);
	copy = disk_copy (disk, AFTER);
	disk_flip (copy, "test.db", 3);
	db = NULL;
	assert_int_equal (sqlite3_open (AFTER "/test.db", &db), SQLITE_OK);
	assert_int_equal (do_sql (db, "SELECT * FROM t"), SQLITE_NOTADB);
	sqlite3_close (db);
	disk_shorten (copy, "test.db", 100);
	assert_int_equal (disk_size (copy, "test.db"), 100);
	assert_int_equal (disk_size (copy, "other"), -1);
	disk_destroy (&copy);
	disk_destroy (&disk);
}

int main (void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test (what_was_committed_is_read_by_the_next_connection),
		cmocka_unit_test (two_connections_share_a_wal_and_exclude_each_other),
		cmocka_unit_test (a_power_cut_at_any_sync_loses_nothing_committed),
		cmocka_unit_test (without_syncs_a_power_cut_loses_what_was_committed),
		cmocka_unit_test (the_same_seed_cuts_alike),
		cmocka_unit_test (the_nth_write_fails_once_or_for_good),
		cmocka_unit_test (what_a_failed_sync_gave_up_no_later_one_brings_back),
		cmocka_unit_test (a_flipped_bit_and_a_shortened_file_are_read_so),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
