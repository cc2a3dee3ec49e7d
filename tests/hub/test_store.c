/* The hub's store: groups, restarts, duplicates, what is forgotten, and disks that fail. */
#include "tests/support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hub/custody.h"
#include "hub/store.h"
#include "jembatan/clock.h"
#include "tests/hub/disk.h"

#define NOW INT64_C (1800000000000)

struct fixture {
	char folder[64];
	store_t *store;
	accounts_t *accounts;
};

static void open_store (struct fixture *x)
{
	OWNED (problems) problems = problems_new ();

	assert_int_equal (store_open (x->folder, &x->store, problems), ERR_OK);
	x->accounts = accounts_new ();
	assert_int_equal (store_load_accounts (x->store, x->accounts), ERR_OK);
}

static void close_store (struct fixture *x)
{
	store_destroy (&x->store);
	accounts_destroy (&x->accounts);
}

static void reopen (struct fixture *x)
{
	close_store (x);
	open_store (x);
}

static int setup (void **state)
{
	struct fixture *x = must_alloc (sizeof *x);

	assert_int_equal (keys_start (), ERR_OK);
	unit_folder (x->folder, sizeof x->folder, "store");
	open_store (x);
	*state = x;
	return 0;
}

static int teardown (void **state)
{
	struct fixture *x = *state;
	char command[128];

	disk_full_writes = disk_bad_syncs = 0;
	close_store (x);
	snprintf (command, sizeof command, "rm -rf '%s'", x->folder);
	assert_int_equal (system (command), 0);
	free (x);
	return 0;
}

static struct account *account (struct fixture *x, const char *name)
{
	struct agency_id id;

	assert_int_equal (agency_id_parse (name, &id), ERR_OK);
	return accounts_open (x->accounts, &id);
}

static void save_touched (struct fixture *x)
{
	for (size_t i = 0; i < accounts_touched_count (x->accounts); i++)
		assert_int_equal (store_save_account (x->store,
						      accounts_touched_at (x->accounts, i), NOW),
				  ERR_OK);
}

static void commit (struct fixture *x)
{
	assert_int_equal (store_begin (x->store), ERR_OK);
	save_touched (x);
	assert_int_equal (store_commit (x->store), ERR_OK);
	accounts_keep (x->accounts);
}

/* The next letter of one agency to another, in the open group. */
static struct item add_letter (struct fixture *x, enum letter_class class, int64_t expires_ms)
{
	struct account *from = account (x, "ipwl-pesona"), *to = account (x, "klinik-melati");
	struct item item = { .sender = from->number, .recipient = to->number, .class = class,
			     .kind = ITEM_LETTER, .has_leaf = true, .leaf = 4, .size = 9,
			     .taken_ms = NOW, .expires_ms = expires_ms };

	assert_int_equal (store_begin (x->store), ERR_OK);
	account_touch (x->accounts, from);
	account_touch (x->accounts, to);
	item.dseq = ++to->now.lane[class].last;
	uuid7_make (item.id.b);
	item.header_hash = hash_of (ID_BYTES (item.id), BYTES_NONE);
	assert_int_equal (store_add (x->store, &item, bytes_of_text ("head"), bytes_of_text ("body5")),
			  ERR_OK);
	return item;
}

static err_t count_visit (void *context, const struct item *item)
{
	++*(unsigned *)context;
	return ERR_OK;
}

/* ---- groups ---- */

static void a_committed_group_is_there_after_a_restart (void **state)
{
	struct fixture *x = *state;
	struct item item = add_letter (x, CLASS_URGENT, NOW + DAY_MS), found;
	struct bytes first, second;

	commit (x);
	reopen (x);
	assert_int_equal (store_fetch (x->store, item.recipient, CLASS_URGENT, 1, &found, &first,
				       &second), ERR_OK);
	assert_true (bytes_equal (first, bytes_of_text ("head")));
	assert_true (bytes_equal (second, bytes_of_text ("body5")));
	assert_int_equal (found.sender, item.sender);
	assert_int_equal (found.leaf, 4);
	assert_true (ID_EQUAL (found.header_hash, item.header_hash));
	assert_int_equal (account (x, "klinik-melati")->now.lane[CLASS_URGENT].last, 1);
	assert_int_equal (account (x, "ipwl-pesona")->now.queued_letters, 1);
	assert_int_equal (account (x, "ipwl-pesona")->now.queued_bytes, 9);
}

static void a_group_that_was_rolled_back_left_nothing (void **state)
{
	struct fixture *x = *state;
	struct item item = add_letter (x, CLASS_STAT, NOW + DAY_MS), found;

	store_rollback (x->store);
	assert_int_equal (store_find (x->store, item.sender, &item.id, &found), ERR_NOT_FOUND);
}

static void a_letter_is_found_by_sender_and_id_even_after_it_was_stored (void **state)
{
	struct fixture *x = *state;
	struct item item = add_letter (x, CLASS_ROUTINE, NOW + DAY_MS), found;
	unsigned visits = 0;

	assert_int_equal (store_done (x->store, item.recipient, CLASS_ROUTINE, 1, 1,
				      count_visit, &visits), ERR_OK);
	commit (x);
	assert_int_equal (visits, 1);
	assert_int_equal (store_find (x->store, item.sender, &item.id, &found), ERR_OK);
	assert_int_equal (found.state, ITEM_STORED);
	assert_true (ID_EQUAL (found.header_hash, item.header_hash));
	assert_int_equal (store_find (x->store, item.recipient, &item.id, &found), ERR_NOT_FOUND);
}

static void the_body_is_gone_once_it_was_stored (void **state)
{
	struct fixture *x = *state;
	struct item item = add_letter (x, CLASS_ROUTINE, NOW + DAY_MS), found;
	struct bytes first, second;
	unsigned visits = 0;

	commit (x);
	assert_int_equal (store_begin (x->store), ERR_OK);
	assert_int_equal (store_done (x->store, item.recipient, CLASS_ROUTINE, 1, 1,
				      count_visit, &visits), ERR_OK);
	commit (x);
	assert_int_equal (store_fetch (x->store, item.recipient, CLASS_ROUTINE, 1, &found, &first,
				       &second), ERR_OK);
	assert_int_equal (first.len + second.len, 0);
}

/* Fetches from the lane of an item; what is found must be that item. */
static err_t fetch (struct fixture *x, enum letter_class class, uint64_t dseq,
		    const struct item *expected)
{
	struct item found;
	struct bytes first, second;
	err_t err = store_fetch (x->store, expected->recipient, class, dseq, &found, &first, &second);

	if (err == ERR_OK)
		assert_true (ID_EQUAL (found.id, expected->id) && found.dseq == dseq);
	return err;
}

static void letters_of_a_lane_are_fetched_in_a_row_and_out_of_it (void **state)
{
	struct fixture *x = *state;
	struct item routine[4], urgent = add_letter (x, CLASS_URGENT, NOW + DAY_MS);

	for (size_t i = 0; i < COUNT_OF (routine); i++)
		routine[i] = add_letter (x, CLASS_ROUTINE, NOW + DAY_MS);
	assert_int_equal (store_replace (x->store, routine[2].number), ERR_OK);
	commit (x);
	assert_int_equal (fetch (x, CLASS_ROUTINE, 1, &routine[0]), ERR_OK);
	assert_int_equal (fetch (x, CLASS_ROUTINE, 2, &routine[1]), ERR_OK);
	assert_int_equal (fetch (x, CLASS_ROUTINE, 3, &routine[2]), ERR_NOT_FOUND);
	assert_int_equal (fetch (x, CLASS_ROUTINE, 4, &routine[3]), ERR_OK);
	assert_int_equal (fetch (x, CLASS_ROUTINE, 5, &routine[3]), ERR_NOT_FOUND);
	assert_int_equal (fetch (x, CLASS_ROUTINE, 1, &routine[0]), ERR_OK);
	assert_int_equal (fetch (x, CLASS_URGENT, 1, &urgent), ERR_OK);
	assert_int_equal (fetch (x, CLASS_URGENT, 2, &urgent), ERR_NOT_FOUND);
	assert_int_equal (fetch (x, CLASS_ROUTINE, 2, &routine[1]), ERR_OK);
}

static void a_letter_added_or_taken_away_between_two_fetches_is_seen (void **state)
{
	struct fixture *x = *state;
	struct item item[4];

	for (size_t i = 0; i < 3; i++)
		item[i] = add_letter (x, CLASS_ROUTINE, NOW + DAY_MS);
	assert_int_equal (fetch (x, CLASS_ROUTINE, 1, &item[0]), ERR_OK);
	assert_int_equal (store_replace (x->store, item[1].number), ERR_OK);
	assert_int_equal (fetch (x, CLASS_ROUTINE, 2, &item[1]), ERR_NOT_FOUND);
	commit (x);
	assert_int_equal (fetch (x, CLASS_ROUTINE, 3, &item[2]), ERR_OK);
	item[3] = add_letter (x, CLASS_ROUTINE, NOW + DAY_MS);
	assert_int_equal (fetch (x, CLASS_ROUTINE, 4, &item[3]), ERR_OK);
	store_rollback (x->store);
	assert_int_equal (fetch (x, CLASS_ROUTINE, 3, &item[2]), ERR_OK);
	assert_int_equal (fetch (x, CLASS_ROUTINE, 4, &item[3]), ERR_NOT_FOUND);
}

static void the_same_place_or_id_is_never_given_twice (void **state)
{
	struct fixture *x = *state;
	struct item item = add_letter (x, CLASS_ROUTINE, NOW + DAY_MS);

	item.dseq = 2;
	assert_int_equal (store_add (x->store, &item, BYTES_NONE, BYTES_NONE), ERR_CORRUPT);
}

/* ---- accounts ---- */

static void marks_and_retired_ledgers_survive_a_restart (void **state)
{
	struct fixture *x = *state;
	struct account *a = account (x, "rsk-soeprapto");
	struct store_id old = { { 3 } };

	account_touch (x->accounts, a);
	a->now.store = (struct store_id){ { 4 } };
	a->now.pseq = 77;
	a->now.seen_ms = NOW;
	a->now.lane[CLASS_STAT] = (struct class_lane){ .last = 9, .stored = 8, .base = 7 };
	account_retire (x->accounts, a, &old);
	commit (x);
	reopen (x);
	a = account (x, "rsk-soeprapto");
	assert_int_equal (a->now.pseq, 77);
	assert_int_equal (a->now.seen_ms, NOW);
	assert_int_equal (a->now.store.b[0], 4);
	assert_int_equal (a->now.lane[CLASS_STAT].last, 9);
	assert_int_equal (a->now.lane[CLASS_STAT].stored, 8);
	assert_int_equal (a->now.lane[CLASS_STAT].base, 7);
	assert_true (account_retired (a, &old));
}

/* ---- expiry, recall, forgetting ---- */

static void a_lane_is_walked_in_order_from_any_number (void **state)
{
	struct fixture *x = *state;
	unsigned visits = 0;

	for (int i = 0; i < 5; i++)
		add_letter (x, CLASS_ROUTINE, NOW + i);
	add_letter (x, CLASS_STAT, NOW);
	assert_int_equal (store_each_from (x->store, account (x, "klinik-melati")->number,
					   CLASS_ROUTINE, 2, 3, count_visit, &visits), ERR_OK);
	assert_int_equal (visits, 3);
	assert_int_equal (store_each_from (x->store, account (x, "klinik-melati")->number,
					   CLASS_ROUTINE, 5, 9, count_visit, &visits), ERR_OK);
	assert_int_equal (visits, 4);
	commit (x);
}

static void the_highest_id_of_a_sender_is_known_after_a_restart (void **state)
{
	struct fixture *x = *state;
	struct item last;
	struct letter_id id;

	assert_int_equal (store_last_id (x->store, account (x, "ipwl-pesona")->number, &id), ERR_OK);
	assert_true (ID_IS_NONE (id));
	add_letter (x, CLASS_ROUTINE, NOW);
	last = add_letter (x, CLASS_STAT, NOW);
	commit (x);
	reopen (x);
	assert_int_equal (store_last_id (x->store, account (x, "ipwl-pesona")->number, &id), ERR_OK);
	assert_true (ID_EQUAL (id, last.id));
}

static void a_recalled_letter_keeps_its_place_without_a_body (void **state)
{
	struct fixture *x = *state;
	struct item item = add_letter (x, CLASS_URGENT, NOW + DAY_MS), found;
	struct bytes first, second;

	assert_int_equal (store_end (x->store, item.number, ITEM_RECALLED), ERR_OK);
	commit (x);
	assert_int_equal (store_fetch (x->store, item.recipient, CLASS_URGENT, 1, &found, &first,
				       &second), ERR_OK);
	assert_int_equal (found.state, ITEM_RECALLED);
	assert_int_equal (first.len + second.len, 0);
}

static void records_are_forgotten_after_their_time_and_queued_ones_never (void **state)
{
	struct fixture *x = *state;
	struct item stored = add_letter (x, CLASS_ROUTINE, NOW + DAY_MS), found;
	struct item queued = add_letter (x, CLASS_ROUTINE, NOW + DAY_MS);
	unsigned visits = 0;
	size_t forgotten = 0;

	assert_int_equal (store_done (x->store, stored.recipient, CLASS_ROUTINE, 1, 1,
				      count_visit, &visits), ERR_OK);
	account (x, "klinik-melati")->now.lane[CLASS_ROUTINE].stored = 1;
	commit (x);
	assert_int_equal (store_forget (x->store, stored.recipient, CLASS_ROUTINE, NOW, 100,
					&forgotten), ERR_OK);
	assert_int_equal (forgotten, 0);
	assert_int_equal (store_forget (x->store, stored.recipient, CLASS_ROUTINE, NOW + DAY_MS, 100,
					&forgotten), ERR_OK);
	assert_int_equal (forgotten, 1);
	commit (x);
	assert_int_equal (store_find (x->store, stored.sender, &stored.id, &found), ERR_NOT_FOUND);
	assert_int_equal (store_find (x->store, queued.sender, &queued.id, &found), ERR_OK);
	assert_int_equal (store_forget (x->store, stored.recipient, CLASS_ROUTINE,
					NOW + 100 * DAY_MS, 100, &forgotten), ERR_OK);
	assert_int_equal (forgotten, 1);
	commit (x);
}

/* ---- the log ---- */

static void the_log_goes_on_after_a_restart_and_anew_with_a_new_id (void **state)
{
	struct fixture *x = *state;
	OWNED (keypair) key = keypair_new (KEY_LOG);
	custody_log_t *log;
	struct hash hash = { { 1 } };
	struct store_id id;
	uint64_t index;

	assert_int_equal (custody_open (x->store, key, "uji", "hub-satu", &log), ERR_OK);
	assert_int_equal (custody_add (log, LEAF_TAKEN, &hash, NOW, &index), ERR_OK);
	assert_int_equal (custody_sign (log), ERR_OK);
	id = *custody_store_id (log);
	commit (x);
	custody_log_destroy (&log);
	reopen (x);
	assert_int_equal (custody_open (x->store, key, "uji", "hub-satu", &log), ERR_OK);
	assert_true (ID_EQUAL (*custody_store_id (log), id));
	assert_int_equal (custody_size (log), 1);
	assert_int_equal (store_begin (x->store), ERR_OK);
	assert_int_equal (custody_renew (log), ERR_OK);
	assert_false (ID_EQUAL (*custody_store_id (log), id));
	assert_int_equal (custody_add (log, LEAF_TAKEN, &hash, NOW, &index), ERR_OK);
	assert_int_equal (index, 0);
	commit (x);
	custody_log_destroy (&log);
}

static struct hash leaf_header (size_t i)
{
	struct hash hash = { { 7 } };

	memcpy (hash.b + 8, &i, sizeof i);
	return hash;
}

/* Two instants, so that a row ends between them. */
static int64_t leaf_time (size_t i)
{
	return NOW + (i >= 1500);
}

static void add_leaves (struct fixture *x, size_t from, size_t to)
{
	assert_int_equal (store_begin (x->store), ERR_OK);
	for (size_t i = from; i < to; i++) {
		struct hash header = leaf_header (i);
		struct hash hash = leaf_hash (LEAF_STORED, &header, leaf_time (i));

		assert_int_equal (store_add_leaf (x->store, i, &hash, LEAF_STORED, &header,
						  leaf_time (i)), ERR_OK);
	}
}

static void assert_leaves (struct fixture *x, size_t from, size_t count)
{
	struct hash *hashes = must_alloc (count * sizeof *hashes);
	struct leaf leaf;

	assert_int_equal (store_nodes (x->store, 0, from, count, hashes), ERR_OK);
	for (size_t i = 0; i < count; i++) {
		struct hash header = leaf_header (from + i), hash;

		assert_int_equal (store_leaf (x->store, from + i, &leaf), ERR_OK);
		assert_true (ID_EQUAL (leaf.header_hash, header));
		hash = leaf_hash (leaf.kind, &leaf.header_hash, leaf.at_ms);
		assert_true (ID_EQUAL (hashes[i], hash));
		assert_int_equal (leaf.at_ms, leaf_time (from + i));
	}
	free (hashes);
}

static void assert_no_leaf (struct fixture *x, size_t index)
{
	struct leaf leaf;
	struct hash hash;

	assert_int_equal (store_leaf (x->store, index, &leaf), ERR_NOT_FOUND);
	assert_int_equal (store_nodes (x->store, 0, index, 1, &hash), ERR_CORRUPT);
}

static void leaves_are_read_across_groups_and_from_the_open_one (void **state)
{
	struct fixture *x = *state;

	add_leaves (x, 0, 3000);
	commit (x);
	add_leaves (x, 3000, 3001);
	commit (x);
	reopen (x);
	assert_leaves (x, 0, 3001);
	assert_leaves (x, 255, 3);
	assert_leaves (x, 1499, 1502);
	add_leaves (x, 3001, 3010);
	assert_leaves (x, 2999, 11);
	assert_no_leaf (x, 3010);
	store_rollback (x->store);
	assert_no_leaf (x, 3001);
	add_leaves (x, 3001, 3002);
	commit (x);
	assert_leaves (x, 3000, 2);
}

/* A store of the first schema, in which each leaf had a row of its own. */
static const char first_schema[] =
	"CREATE TABLE self (one INTEGER PRIMARY KEY, id BLOB, since_ms INTEGER, edge BLOB,"
	"  checkpoint TEXT);"
	"CREATE TABLE agency (number INTEGER PRIMARY KEY, id TEXT UNIQUE, store BLOB, pseq INTEGER,"
	"  seen_ms INTEGER);"
	"CREATE TABLE retired (agency INTEGER, store BLOB, PRIMARY KEY (agency, store)) WITHOUT ROWID;"
	"CREATE TABLE lane (agency INTEGER, class INTEGER, last INTEGER, stored INTEGER, base INTEGER,"
	"  PRIMARY KEY (agency, class)) WITHOUT ROWID;"
	"CREATE TABLE item (number INTEGER PRIMARY KEY, sender INTEGER, recipient INTEGER,"
	"  class INTEGER, dseq INTEGER, id BLOB, header_hash BLOB, kind INTEGER, state INTEGER,"
	"  leaf INTEGER, size INTEGER, taken_ms INTEGER, expires_ms INTEGER,"
	"  UNIQUE (recipient, class, dseq), UNIQUE (sender, id));"
	"CREATE TABLE passed (agency INTEGER, class INTEGER, day INTEGER, stored INTEGER,"
	"  PRIMARY KEY (agency, class, day)) WITHOUT ROWID;"
	"CREATE TABLE body (item INTEGER PRIMARY KEY, first BLOB, second BLOB);"
	"CREATE TABLE leaf (position INTEGER PRIMARY KEY, hash BLOB, kind INTEGER, header_hash BLOB,"
	"  at_ms INTEGER);"
	"INSERT INTO leaf VALUES (0, randomblob (32), 1, randomblob (32), 5),"
	"  (1, randomblob (32), 4, NULL, 6);"
	"PRAGMA user_version = 1;";

static void leaves_of_an_older_store_are_kept (void **state)
{
	struct fixture *x = *state;
	struct leaf leaf;
	struct hash hash[2];
	sqlite3 *db;
	char path[128];

	close_store (x);
	snprintf (path, sizeof path, "%s/hub.db", x->folder);
	assert_int_equal (unlink (path), 0);
	assert_int_equal (sqlite3_open (path, &db), SQLITE_OK);
	assert_int_equal (sqlite3_exec (db, first_schema, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close (db);
	open_store (x);
	assert_int_equal (store_leaf (x->store, 0, &leaf), ERR_OK);
	assert_int_equal (leaf.kind, LEAF_TAKEN);
	assert_int_equal (leaf.at_ms, 5);
	assert_int_equal (store_leaf (x->store, 1, &leaf), ERR_NOT_FOUND);   /* erased */
	assert_int_equal (store_nodes (x->store, 0, 0, 2, hash), ERR_OK);
}

static void a_checkpoint_from_the_future_shows_that_the_store_went_back (void **state)
{
	struct fixture *x = *state;
	OWNED (keypair) key = keypair_new (KEY_LOG);
	custody_log_t *log;
	char before[LIMIT_CHECKPOINT_BYTES], after[LIMIT_CHECKPOINT_BYTES];
	struct hash hash = { { 1 } };
	uint64_t index;

	assert_int_equal (custody_open (x->store, key, "uji", "hub-satu", &log), ERR_OK);
	strcpy (before, custody_checkpoint (log));
	custody_keep (log);
	assert_int_equal (custody_add (log, LEAF_TAKEN, &hash, NOW, &index), ERR_OK);
	assert_int_equal (custody_sign (log), ERR_OK);
	strcpy (after, custody_checkpoint (log));
	assert_false (custody_is_behind (log, after));
	custody_undo (log);
	assert_true (custody_is_behind (log, after));
	assert_false (custody_is_behind (log, before));
	assert_false (custody_is_behind (log, ""));
	assert_false (custody_is_behind (log, "uji/hub-satu/x\n9\n\n"));
	store_rollback (x->store);
	custody_log_destroy (&log);
}

/* ---- trouble ---- */

static void a_store_in_use_is_refused (void **state)
{
	struct fixture *x = *state;
	OWNED (problems) problems = problems_new ();
	store_t *second = NULL;

	commit (x);
	assert_int_equal (store_open (x->folder, &second, problems), ERR_IN_USE);
	assert_int_equal (problems_count (problems), 1);
}

static int schema_version (sqlite3 *db)
{
	sqlite3_stmt *stmt;
	int version;

	assert_int_equal (sqlite3_prepare_v2 (db, "PRAGMA user_version", -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal (sqlite3_step (stmt), SQLITE_ROW);
	version = sqlite3_column_int (stmt, 0);
	sqlite3_finalize (stmt);
	return version;
}

static void a_store_of_a_newer_program_is_refused (void **state)
{
	struct fixture *x = *state;
	OWNED (problems) problems = problems_new ();
	char path[128];
	sqlite3 *db;
	int version;

	close_store (x);
	snprintf (path, sizeof path, "%s/hub.db", x->folder);
	assert_int_equal (sqlite3_open (path, &db), SQLITE_OK);
	version = schema_version (db);
	assert_int_equal (sqlite3_exec (db, "PRAGMA user_version = 999", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close (db);
	assert_int_equal (store_open (x->folder, &x->store, problems), ERR_NEWER_STORE);
	assert_non_null (strstr (problems_at (problems, 0)->text_en, "newer"));
	assert_int_equal (sqlite3_open (path, &db), SQLITE_OK);
	snprintf (path, sizeof path, "PRAGMA user_version = %d", version);
	assert_int_equal (sqlite3_exec (db, path, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close (db);
	open_store (x);
}

static void a_file_that_is_no_store_is_refused (void **state)
{
	struct fixture *x = *state;
	OWNED (problems) problems = problems_new ();
	char path[128];
	FILE *file;

	close_store (x);
	snprintf (path, sizeof path, "%s/hub.db", x->folder);
	file = fopen (path, "w");
	for (int i = 0; i < 5000; i++)
		fputs ("not a database ", file);
	fclose (file);
	assert_int_equal (store_open (x->folder, &x->store, problems), ERR_CORRUPT);
	remove (path);
	open_store (x);
}

static void a_full_disk_takes_back_the_group_and_the_next_one_works (void **state)
{
	struct fixture *x = *state;
	struct item item, found;
	err_t err;

	commit (x);
	item = add_letter (x, CLASS_ROUTINE, NOW + DAY_MS);
	save_touched (x);
	disk_full_writes = 1;
	err = store_commit (x->store);
	assert_string_equal (err_name (err), "NO_SPACE");
	store_rollback (x->store);
	accounts_undo (x->accounts);
	assert_int_equal (store_find (x->store, item.sender, &item.id, &found), ERR_NOT_FOUND);
	item = add_letter (x, CLASS_ROUTINE, NOW + DAY_MS);
	commit (x);
	assert_int_equal (store_find (x->store, item.sender, &item.id, &found), ERR_OK);
	assert_int_equal (found.dseq, 1);
}

static void a_flush_that_fails_is_the_end_of_this_store (void **state)
{
	struct fixture *x = *state;

	commit (x);
	add_letter (x, CLASS_ROUTINE, NOW + DAY_MS);
	save_touched (x);
	disk_bad_syncs = 1;
	assert_string_equal (err_name (store_commit (x->store)), "IO");
	close_store (x);
	disk_bad_syncs = 0;
	x->accounts = accounts_new ();
}

int main (void)
{
#define T(name) cmocka_unit_test_setup_teardown (name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T (a_committed_group_is_there_after_a_restart),
		T (a_group_that_was_rolled_back_left_nothing),
		T (a_letter_is_found_by_sender_and_id_even_after_it_was_stored),
		T (the_body_is_gone_once_it_was_stored),
		T (letters_of_a_lane_are_fetched_in_a_row_and_out_of_it),
		T (a_letter_added_or_taken_away_between_two_fetches_is_seen),
		T (the_same_place_or_id_is_never_given_twice),
		T (marks_and_retired_ledgers_survive_a_restart),
		T (a_lane_is_walked_in_order_from_any_number),
		T (the_highest_id_of_a_sender_is_known_after_a_restart),
		T (a_recalled_letter_keeps_its_place_without_a_body),
		T (records_are_forgotten_after_their_time_and_queued_ones_never),
		T (the_log_goes_on_after_a_restart_and_anew_with_a_new_id),
		T (leaves_are_read_across_groups_and_from_the_open_one),
		T (leaves_of_an_older_store_are_kept),
		T (a_checkpoint_from_the_future_shows_that_the_store_went_back),
		T (a_store_in_use_is_refused),
		T (a_store_of_a_newer_program_is_refused),
		T (a_file_that_is_no_store_is_refused),
		T (a_full_disk_takes_back_the_group_and_the_next_one_works),
		T (a_flush_that_fails_is_the_end_of_this_store),
	};
#undef T
	disk_install ();
	return cmocka_run_group_tests (tests, NULL, NULL);
}
