/*
 * Stores of earlier programs, brought forward: whole, and interrupted at every write, sync and read by a disk
 * that is full, fails, or loses its power.  Whatever happens, nothing that was in the store is lost, and the
 * next start goes on.
 */
#include "tests/support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hub/store_sql.h"
#include "tests/support/disk.h"

#define ID_16 "x'01020304050607080910111213141516'"
#define HASH_32 "zeroblob (31) || x'07'"

/* What each version brought: one of it is in the store from then on. */
static const struct {
	unsigned from, to;       /* 0 = until now */
	const char *sql;
} contents[] = {
	{ 1, 0, "INSERT INTO agency VALUES (1, 'ipwl', " ID_16 ", 2, 5), (2, 'klinik', " ID_16 ", 0, 6);"
		"INSERT INTO lane VALUES (2, 3, 2, 1, 0);"
		"INSERT INTO retired VALUES (1, zeroblob (16));"
		"INSERT INTO item VALUES"
		" (1, 1, 2, 3, 1, zeroblob (16), zeroblob (32), 1, 0, 0, 9, 5, 99),"
		" (2, 1, 2, 3, 2, " ID_16 ", " HASH_32 ", 1, 0, 1, 9, 5, 99);"
		"INSERT INTO body VALUES (2, CAST ('kepala' AS BLOB), CAST ('isi' AS BLOB));"
		"INSERT INTO passed VALUES (2, 3, 1, 1);" },
	{ 1, 3, "INSERT INTO leaf VALUES (0, " HASH_32 ", 1, " HASH_32 ", 5), (1, " HASH_32 ", 1, NULL, 5);" },
	{ 4, 0, "INSERT INTO leaf_run VALUES (0, 5, x'0101', " HASH_32 " || zeroblob (32),"
		" " HASH_32 " || " HASH_32 ");" },
	{ 2, 0, "INSERT INTO node VALUES (8, 0, " HASH_32 ");" },
	{ 3, 0, "INSERT INTO blob VALUES (1, 1, 2, " ID_16 ", " HASH_32 ", 65536, 0, 0, 99);" },
};

/* ---- a store of a version ------------------------------------------------------------------------ */

static char root[64];
static unsigned folders;

static const char *new_folder (char folder[96])
{
	snprintf (folder, 96, "%s/%u", root, ++folders);
	assert_int_equal (mkdir (folder, 0700), 0);
	return folder;
}

static void make_version (const char *folder, unsigned version)
{
	store_t store = { 0 };
	char path[128];

	snprintf (path, sizeof path, "%s/hub.db", folder);
	assert_int_equal (sqlite3_open (path, &store.db), SQLITE_OK);
	assert_int_equal (sqlite3_exec (store.db, "PRAGMA page_size = 16384; PRAGMA journal_mode = WAL",
					NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal (store_migrate (&store, version), ERR_OK);
	for (size_t i = 0; i < COUNT_OF (contents); i++)
		if (version >= contents[i].from && (contents[i].to == 0 || version <= contents[i].to))
			assert_int_equal (sqlite3_exec (store.db, contents[i].sql, NULL, NULL, NULL),
					  SQLITE_OK);
	assert_int_equal (sqlite3_close (store.db), SQLITE_OK);
}

static unsigned version_of (store_t *store)
{
	sqlite3_stmt *stmt;
	unsigned version;

	assert_int_equal (sqlite3_prepare_v2 (store->db, "PRAGMA user_version", -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal (sqlite3_step (stmt), SQLITE_ROW);
	version = (unsigned)sqlite3_column_int (stmt, 0);
	sqlite3_finalize (stmt);
	return version;
}

static void check_letters (store_t *store)
{
	const struct letter_id id = { { 1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 17, 18, 19, 20, 21, 22 } };
	struct bytes first, second;
	struct item item;

	assert_int_equal (store_fetch (store, 2, CLASS_ROUTINE, 2, &item, &first, &second), ERR_OK);
	assert_true (bytes_equal (first, bytes_of_text ("kepala")));
	assert_true (bytes_equal (second, bytes_of_text ("isi")));
	assert_int_equal (store_find (store, 1, &id, &item), ERR_OK);
	assert_int_equal (item.state, ITEM_QUEUED);
	assert_int_equal (item.header_hash.b[31], 7);
	assert_int_equal (item.leaf, 1);
	assert_int_equal (store_find (store, 1, &(struct letter_id){ { 0 } }, &item), ERR_OK);
	assert_int_equal (item.state, ITEM_STORED);
}

static void check_leaves (store_t *store)
{
	struct hash hashes[2];
	struct leaf leaf;

	assert_int_equal (store_leaf (store, 0, &leaf), ERR_OK);
	assert_int_equal (leaf.kind, LEAF_TAKEN);
	assert_int_equal (leaf.header_hash.b[31], 7);
	assert_int_equal (leaf.at_ms, 5);
	assert_int_equal (store_leaf (store, 1, &leaf), ERR_NOT_FOUND);   /* erased */
	assert_int_equal (store_nodes (store, 0, 0, 2, hashes), ERR_OK);
	assert_int_equal (hashes[1].b[31], 7);
}

/* Everything is there, and the store can be written. */
static void check (store_t *store, unsigned version)
{
	accounts_t *accounts = accounts_new ();
	struct item item = { .sender = 1, .recipient = 2, .class = CLASS_ROUTINE, .dseq = 3,
			     .kind = ITEM_LETTER, .id = { { 9 } }, .expires_ms = 99 };
	struct blob blob;
	struct hash node;

	assert_int_equal (version_of (store), store_newest ());
	assert_int_equal (store_load_accounts (store, accounts), ERR_OK);
	assert_int_equal (accounts_count (accounts), 2);
	assert_int_equal (accounts_at (accounts, 1)->now.pseq, 2);
	assert_int_equal (accounts_at (accounts, 2)->now.lane[CLASS_ROUTINE].stored, 1);
	assert_true (account_retired (accounts_at (accounts, 1), &(struct store_id){ { 0 } }));
	check_letters (store);
	check_leaves (store);
	if (version >= 2)
		assert_int_equal (store_nodes (store, 8, 0, 1, &node), ERR_OK);
	if (version >= 3)
		assert_int_equal (store_blob_due (store, 100, &blob), ERR_OK);
	assert_int_equal (store_begin (store), ERR_OK);
	assert_int_equal (store_add (store, &item, bytes_of_text ("a"), bytes_of_text ("b")), ERR_OK);
	assert_int_equal (store_commit (store), ERR_OK);
	accounts_destroy (&accounts);
}

static void open_and_check (const char *folder, unsigned version)
{
	store_t *store;

	assert_int_equal (store_open (folder, &store, NULL), ERR_OK);
	check (store, version);
	store_destroy (&store);
}

/* ---- whole --------------------------------------------------------------------------------------- */

static void each_earlier_version_is_brought_forward (void **state)
{
	(void)state;
	for (unsigned version = 1; version <= store_newest (); version++) {
		char folder[96];

		make_version (new_folder (folder), version);
		open_and_check (folder, version);
	}
}

/* ---- interrupted --------------------------------------------------------------------------------- */

static const struct {
	enum disk_op op;
	enum disk_fault fault;
} faults[] = {
	{ DISK_WRITE, DISK_FULL }, { DISK_WRITE, DISK_IOERR }, { DISK_SYNC, DISK_IOERR },
	{ DISK_READ, DISK_IOERR },
};

static void copy_and_check (disk_t *disk, unsigned version)
{
	char folder[96];
	disk_t *copy = disk_copy (disk, new_folder (folder));

	open_and_check (folder, version);
	disk_destroy (&copy);
}

static void cut_and_check (disk_t *disk, unsigned version, uint64_t seed)
{
	char folder[96];
	disk_t *cut = disk_cut (disk, new_folder (folder), seed);

	open_and_check (folder, version);
	disk_destroy (&cut);
}

/* Opens with the nth operation failing.  False when there is no nth. */
static bool open_on_failing_disk (disk_t *image, unsigned version, size_t fault, uint64_t n)
{
	char folder[96];
	disk_t *disk = disk_copy (image, new_folder (folder));
	store_t *store = NULL;
	bool failed;
	err_t err;

	disk_fail (disk, faults[fault].op, n, faults[fault].fault, true);
	err = store_open (folder, &store, NULL);
	failed = disk_failed (disk);
	disk_fail (disk, faults[fault].op, 0, DISK_IOERR, false);
	if (err == ERR_OK)
		store_destroy (&store);
	else
		assert_true (failed && err != ERR_NEWER_STORE && store == NULL);
	if (failed) {
		copy_and_check (disk, version);
		cut_and_check (disk, version, 0);
		cut_and_check (disk, version, n + 10);
	}
	disk_destroy (&disk);
	return failed;
}

static void a_step_that_a_failing_disk_interrupts_goes_through_at_the_next_start (void **state)
{
	unsigned runs = 0;

	(void)state;
	for (unsigned version = 1; version < store_newest (); version++) {
		char folder[96];
		disk_t *image = disk_new (new_folder (folder), version);

		make_version (folder, version);
		for (size_t fault = 0; fault < COUNT_OF (faults); fault++)
			for (uint64_t n = 1; open_on_failing_disk (image, version, fault, n); n++)
				runs++;
		disk_destroy (&image);
	}
	assert_true (runs > 20);
}

struct power { unsigned version, cuts; };

static void cut_power (disk_t *disk, void *arg)
{
	struct power *power = arg;

	for (uint64_t seed = 0; seed < 6; seed++, power->cuts++)
		cut_and_check (disk, power->version, seed);
}

static void a_step_that_a_power_cut_interrupts_goes_through_at_the_next_start (void **state)
{
	struct power power = { 0 };

	(void)state;
	for (power.version = 1; power.version < store_newest (); power.version++) {
		char folder[96];
		disk_t *disk = disk_new (new_folder (folder), power.version);
		store_t *store;

		make_version (folder, power.version);
		disk_on_sync (disk, cut_power, &power);
		assert_int_equal (store_open (folder, &store, NULL), ERR_OK);
		disk_on_sync (disk, NULL, NULL);
		check (store, power.version);
		store_destroy (&store);
		disk_destroy (&disk);
	}
	assert_true (power.cuts > 20);
}

static int setup (void **state)
{
	(void)state;
	unit_folder (root, sizeof root, "migration");
	return keys_start () == ERR_OK ? 0 : -1;
}

static int teardown (void **state)
{
	char command[96];

	(void)state;
	snprintf (command, sizeof command, "rm -rf %s", root);
	return system (command);
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (each_earlier_version_is_brought_forward),
		cmocka_unit_test (a_step_that_a_failing_disk_interrupts_goes_through_at_the_next_start),
		cmocka_unit_test (a_step_that_a_power_cut_interrupts_goes_through_at_the_next_start),
	};

	return unit_end (cmocka_run_group_tests (tests, setup, teardown));
}
