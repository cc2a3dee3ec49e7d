/* Making, opening and refusing a ledger; transactions; the chain. */
#include "tests/agents/ledger/office.h"
#include "tests/support/disk.h"

#include "agents/ledger/deadline.h"
#include "agents/ledger/entry.h"
#include "agents/ledger/inbox.h"
#include "agents/ledger/migration.h"
#include "agents/ledger/outbox.h"
#include "agents/ledger/store.h"
#include "agents/ledger/thread.h"

static uint64_t add_entry (struct office *office, const char *kind)
{
	OWNED (tx) tx = ledger_begin (office->ledger);
	struct entry entry = { .type = ENTRY_SYSTEM, .at_ms = 42, .kind = kind,
			       .body = bytes_of_text ("isi") };

	entry_add (tx, &entry);
	assert_ok (tx_commit (tx));
	return entry.n;
}

static err_t open_again (struct office *office, problems_t *problems)
{
	ledger_destroy (&office->ledger);
	return ledger_open (office->folder, office->key_file, &office->ledger, problems);
}

/* ---- making and opening ------------------------------------------------------------------------- */

static void a_ledger_is_made_once_and_never_overwritten (void **state)
{
	struct office *office = *state;
	struct stat about;
	char path[128];

	assert_ok (ledger_create (office->folder, office->key_file, NULL));
	assert_int_equal (stat (office->folder, &about), 0);
	assert_int_equal (about.st_mode & 0777, 0700);
	snprintf (path, sizeof path, "%s/ledger.db", office->folder);
	assert_int_equal (stat (path, &about), 0);
	assert_int_equal (about.st_mode & 0777, 0600);
	assert_int_equal (ledger_create (office->folder, office->key_file, NULL), ERR_EXISTS);
	office_open (office);
}

static void a_key_that_outlived_its_ledger_serves_the_next_one (void **state)
{
	struct office *office = *state;
	OWNED (problems) problems = problems_new ();
	OWNED (vault) vault = vault_new ();

	assert_ok (vault_save (vault, office->key_file, NULL));
	assert_ok (ledger_create (office->folder, office->key_file, problems));
	assert_ok (ledger_open (office->folder, office->key_file, &office->ledger, problems));
	assert_int_equal (problems_count (problems), 0);
}

static void a_key_file_that_is_none_makes_no_ledger (void **state)
{
	struct office *office = *state;
	OWNED (problems) problems = problems_new ();
	OWNED (vault) vault = vault_new ();

	assert_ok (vault_save (vault, office->key_file, NULL));
	assert_int_equal (truncate (office->key_file, 20), 0);
	assert_int_equal (ledger_create (office->folder, office->key_file, problems), ERR_KEY_FILE);
	assert_int_equal (problems_count (problems), 1);
	unlink (office->key_file);
	assert_ok (vault_save (vault, office->key_file, NULL));
	assert_int_equal (ledger_open (office->folder, office->key_file, &office->ledger, NULL),
			  ERR_NOT_FOUND);
	assert_null (office->ledger);
}

static void every_ledger_has_a_store_id_of_its_own_that_stays (void **state)
{
	struct office *office = *state, *other = office_bare ();
	struct store_id before = ledger_store_id (office->ledger), after, theirs;
	void *others = other;

	assert_ok (ledger_create (other->folder, other->key_file, NULL));
	office_open (other);
	theirs = ledger_store_id (other->ledger);
	office_reopen (office);
	after = ledger_store_id (office->ledger);
	assert_false (ID_IS_NONE (before));
	assert_true (ID_EQUAL (before, after));
	assert_false (ID_EQUAL (before, theirs));
	office_teardown (&others);
}

static void a_locked_folder_is_refused_and_free_again_after_closing (void **state)
{
	struct office *office = *state;
	OWNED (problems) problems = problems_new ();
	ledger_t *second = NULL;

	assert_int_equal (ledger_open (office->folder, office->key_file, &second, problems),
			  ERR_IN_USE);
	assert_null (second);
	assert_non_null (strstr (problems_at (problems, 0)->text_en, office->folder));
	office_reopen (office);
}

static void the_same_file_under_another_folder_is_refused_while_open (void **state)
{
	struct office *office = *state;
	char other[128], from[160], to[160];
	ledger_t *second = NULL;

	add_entry (office, "x");
	snprintf (other, sizeof other, "%s/lain", office->root);
	snprintf (from, sizeof from, "%s/ledger.db", office->folder);
	snprintf (to, sizeof to, "%s/ledger.db", other);
	assert_int_equal (mkdir (other, 0700), 0);
	assert_int_equal (link (from, to), 0);
	assert_int_equal (ledger_open (other, office->key_file, &second, NULL), ERR_IN_USE);
	assert_null (second);
	remove_folder (other);
}

static void the_key_of_another_ledger_is_refused (void **state)
{
	struct office *office = *state;
	OWNED (problems) problems = problems_new ();
	OWNED (vault) vault = vault_new ();

	assert_int_equal (unlink (office->key_file), 0);
	assert_ok (vault_save (vault, office->key_file, NULL));
	assert_int_equal (open_again (office, problems), ERR_KEY_FILE);
	assert_non_null (strstr (problems_at (problems, 0)->text_en, "does not belong"));
}

static void a_key_file_that_others_may_read_is_refused (void **state)
{
	struct office *office = *state;

	assert_int_equal (chmod (office->key_file, 0644), 0);
	assert_int_equal (open_again (office, NULL), ERR_KEY_FILE);
	assert_int_equal (chmod (office->key_file, 0600), 0);
	office_open (office);
}

static void a_ledger_of_a_newer_program_is_refused_unchanged (void **state)
{
	struct office *office = *state;
	OWNED (problems) problems = problems_new ();
	char pragma[64];

	add_entry (office, "x");
	snprintf (pragma, sizeof pragma, "PRAGMA user_version = %u", migration_newest () + 1);
	sql_script (office->ledger->sql, pragma);
	assert_int_equal (open_again (office, problems), ERR_NEWER_STORE);
	assert_non_null (strstr (problems_at (problems, 0)->text_en, "newer"));
	assert_null (office->ledger);
}

static void a_ledger_of_an_older_program_is_brought_forward (void **state)
{
	struct office *office = *state;
	struct alarm *alarms;

	assert_ok (ledger_create_version (office->folder, office->key_file, migration_newest () - 1,
					  NULL));
	office_open (office);
	assert_int_equal (NUMBER (office->ledger->sql, 0, "PRAGMA user_version"),
			  migration_newest ());
	assert_int_equal (alarm_list (office->ledger, 0, 1, office->arena, &alarms), 0);
	assert_ok (sql_err (office->ledger->sql));
	add_person (office, "Dewi", "");
	office_reopen (office);
	assert_int_equal (ledger_size (office->ledger).people, 1);
}

/* One of each that an office of the third step had. */
struct past {
	struct person_id person;
	struct thread thread;
	struct letter_id sent;
	uint64_t entries;
};

static void add_letters (tx_t *tx, struct past *past)
{
	static const enum inbox_state states[] = { INBOX_HELD, INBOX_ORPHAN };
	struct letter letter = { .kind = "referral.request", .kind_version = 1, .created_ms = 1,
				 .sig_key_id = { { 1 } }, .thread = past->thread.id, .from_user = "", .from_role = "",
				 .to_role = "", .purpose = "", .rule = { "", "", "", "" },
				 .checkpoint = "" };
	struct outbox_row out = { .to = agency ("klinik"), .class = CLASS_STAT, .kind = "referral.request",
				  .thread = past->thread.id, .person = past->person };

	outbox_add (tx, &out, &letter);
	past->sent = out.id;
	for (uint8_t i = 0; i < COUNT_OF (states); i++) {
		struct inbox_row in = { .id = { { (uint8_t)(i + 1) } }, .from = agency ("klinik"),
					.class = CLASS_ROUTINE, .state = states[i], .kind = "x",
					.arrived_ms = 5, .h = bytes_of_text ("kepala"),
					.s = bytes_of_text ("isi surat") };

		inbox_add (tx, &in);
	}
}

static struct past fill (struct office *office)
{
	struct past past = { .person = add_person (office, "Dewi", "1771010101010001") };
	struct deadline deadline = { .what = "decision", .owner = agency ("klinik"), .due_ms = 9 };
	OWNED (tx) tx = ledger_begin (office->ledger);

	past.thread = (struct thread){ .type = "referral", .partner = agency ("klinik"),
				       .person = past.person, .state = "requested", .overlay = "",
				       .service = "medical", .purpose = "treatment" };
	thread_add (tx, &past.thread);
	deadline.thread = past.thread.id;
	deadline_set (tx, &deadline);
	alarm_raise (tx, "withheld", NULL, &deadline.owner, 1);
	add_letters (tx, &past);
	ledger_set (tx, "network", bytes_of_text ("bengkulu"));
	assert_ok (tx_commit (tx));
	add_entry (office, "a");
	past.entries = add_entry (office, "b");
	return past;
}

static void what_an_older_program_kept_is_all_there (void **state)
{
	struct office *office = *state;
	struct past past = fill (office);
	struct agency_id clinic = agency ("klinik");
	struct case_id any = { { 3 } };
	struct person_id found;
	struct thread *threads;
	struct deadline *clocks;
	struct inbox_row *rows;
	struct outbox_row out;
	struct alarm *alarms;
	uint64_t entries, bad;

	office_turn_back (office, 3);
	office_open (office);
	assert_int_equal (NUMBER (office->ledger->sql, 0, "PRAGMA user_version"), migration_newest ());
	assert_ok (ledger_verify (office->ledger, &entries, &bad));
	assert_int_equal (entries, past.entries);
	assert_ok (person_find (office->ledger, "dewi", &found));
	assert_ok (person_by_nik (office->ledger, "1771010101010001", &found));
	assert_true (ID_EQUAL (found, past.person));
	for (int box = BOX_OUT; box <= BOX_OPEN; box++)
		assert_int_equal (thread_list (office->ledger, (enum thread_box)box, NULL, NULL, 0, 9,
					       office->arena, &threads), box != BOX_NEEDS_ANSWER);
	assert_string_equal (threads[0].service, "medical");
	assert_string_equal (threads[0].number, past.thread.number);
	assert_int_equal (threads[0].carrier, CARRIER_WIRE);
	assert_int_equal (deadline_page (office->ledger, NULL, 9, office->arena, &clocks), 1);
	assert_int_equal (alarm_list (office->ledger, 0, 9, office->arena, &alarms), 1);
	assert_ok (outbox_get (office->ledger, &past.sent, office->arena, &out));
	assert_true (out.draft.len > 0);
	assert_int_equal (inbox_held (office->ledger, &clinic, &any, 0, 9, office->arena, &rows), 1);
	assert_true (bytes_equal (rows[0].s, bytes_of_text ("isi surat")));
	assert_int_equal (inbox_untold (office->ledger, INBOX_ORPHAN, 9, 9, office->arena, &rows), 1);
	assert_true (bytes_equal (ledger_setting (office->ledger, "network", office->arena),
				  bytes_of_text ("bengkulu")));
	assert_int_equal (add_entry (office, "c"), past.entries + 1);
}

static void what_is_no_database_is_refused (void **state)
{
	struct office *office = *state;
	char path[128];
	FILE *file;

	ledger_destroy (&office->ledger);
	snprintf (path, sizeof path, "%s/ledger.db", office->folder);
	file = fopen (path, "wbe");
	for (int i = 0; i < 5000; i++)
		fputs ("bukan buku besar ", file);
	fclose (file);
	assert_int_equal (ledger_open (office->folder, office->key_file, &office->ledger, NULL),
			  ERR_CORRUPT);
}

static void an_empty_file_is_no_ledger (void **state)
{
	struct office *office = *state;
	char path[128];

	ledger_destroy (&office->ledger);
	snprintf (path, sizeof path, "%s/ledger.db", office->folder);
	assert_int_equal (truncate (path, 0), 0);
	assert_int_equal (ledger_open (office->folder, office->key_file, &office->ledger, NULL),
			  ERR_CORRUPT);
}

/* ---- the chain ---------------------------------------------------------------------------------- */

static void the_chain_holds_over_restarts (void **state)
{
	struct office *office = *state;
	uint64_t count, bad;

	for (uint64_t n = 1; n <= 20; n++) {
		assert_int_equal (add_entry (office, "x"), n);
		if (n % 7 == 0)
			office_reopen (office);
	}
	assert_ok (ledger_verify (office->ledger, &count, &bad));
	assert_int_equal (count, 20);
	assert_int_equal (ledger_size (office->ledger).entries, 20);
}

static void an_empty_chain_holds (void **state)
{
	struct office *office = *state;
	uint64_t count = 99, bad;

	assert_ok (ledger_verify (office->ledger, &count, &bad));
	assert_int_equal (count, 0);
}

static void tampering_is_found_with_its_number (void **state)
{
	struct office *office = *state;
	static const char *const changes[] = {
		"UPDATE entry SET sealed = CAST (sealed || x'00' AS BLOB) WHERE n = 5",
		"UPDATE entry SET at_ms = at_ms + 1 WHERE n = 5",
		"UPDATE entry SET kind = 'y' WHERE n = 5",
		"UPDATE entry SET partner = 'orang-lain' WHERE n = 5",
		"UPDATE entry SET person = x'00112233445566778899aabbccddeeff' WHERE n = 5",
		"UPDATE entry SET word = word || x'0079' WHERE n = 5",   /* reads as it did */
		"UPDATE entry SET letter = zeroblob (16) WHERE n = 5",   /* so does this */
		"UPDATE entry SET thread = x'0011' WHERE n = 5",
		"UPDATE entry SET hash = (SELECT hash FROM entry WHERE n = 4) WHERE n = 5",
		"DELETE FROM entry WHERE n = 5",
	};
	uint64_t count, bad;

	for (int i = 0; i < 10; i++)
		add_entry (office, "x");
	for (size_t i = 0; i < COUNT_OF (changes); i++) {
		sql_script (office->ledger->sql, "BEGIN");
		sql_script (office->ledger->sql, changes[i]);
		bad = 0;
		assert_int_equal (ledger_verify (office->ledger, &count, &bad), ERR_CORRUPT);
		assert_int_equal (bad, 5);
		sql_rollback (office->ledger->sql);
	}
	assert_ok (ledger_verify (office->ledger, &count, &bad));
}

static void a_flipped_byte_of_a_body_is_found_with_its_number (void **state)
{
	struct office *office = *state;
	uint64_t count, bad = 0;

	for (int i = 0; i < 4; i++)
		add_entry (office, "x");
	RUN (office->ledger->sql,
	     "UPDATE entry SET sealed = CAST (substr (sealed, 1, 30) ||"
	     " CASE hex (substr (sealed, 31, 1)) WHEN '00' THEN x'01' ELSE x'00' END ||"
	     " substr (sealed, 32) AS BLOB) WHERE n = 3");
	assert_int_equal (ledger_verify (office->ledger, &count, &bad), ERR_CORRUPT);
	assert_int_equal (bad, 3);
}

static void a_cut_off_end_is_found_when_opening (void **state)
{
	struct office *office = *state;
	uint64_t count, bad = 0;

	for (int i = 0; i < 3; i++)
		add_entry (office, "x");
	RUN (office->ledger->sql, "DELETE FROM entry WHERE n = 3");
	assert_int_equal (ledger_verify (office->ledger, &count, &bad), ERR_CORRUPT);
	assert_int_equal (bad, 3);
	assert_int_equal (open_again (office, NULL), ERR_CORRUPT);
}

static void entries_come_back_opened_by_person_and_thread (void **state)
{
	struct office *office = *state;
	struct person_id person = add_person (office, "Dewi", "");
	struct thread_id thread = { { 7 } };
	struct entry *entries;
	OWNED (tx) tx = ledger_begin (office->ledger);
	struct entry full = { .type = ENTRY_SENT, .at_ms = 1700000000000, .person = person,
			      .thread = thread, .letter = { { 9 } }, .partner = agency ("klinik"),
			      .kind = "referral.request", .state_from = "draft",
			      .state_to = "requested", .word = "STORED", .user = "sari",
			      .body = bytes_of_text ("surat") };

	entry_add (tx, &full);
	full.thread = (struct thread_id){ { 0 } };
	entry_add (tx, &full);
	assert_ok (tx_commit (tx));
	assert_int_equal (entry_list (office->ledger, &person, NULL, 0, 9, office->arena, &entries), 2);
	assert_int_equal (entry_list (office->ledger, NULL, &thread, 0, 9, office->arena, &entries), 1);
	assert_int_equal (entries[0].n, 1);
	assert_int_equal (entries[0].type, ENTRY_SENT);
	assert_int_equal (entries[0].at_ms, 1700000000000);
	assert_string_equal (entries[0].partner.text, "klinik");
	assert_string_equal (entries[0].state_from, "draft");
	assert_string_equal (entries[0].state_to, "requested");
	assert_string_equal (entries[0].word, "STORED");
	assert_string_equal (entries[0].user, "sari");
	assert_true (bytes_equal (entries[0].body, bytes_of_text ("surat")));
	assert_int_equal (entry_list (office->ledger, NULL, NULL, 1, 9, office->arena, &entries), 1);
	assert_int_equal (entries[0].n, 2);
}

/* ---- transactions ------------------------------------------------------------------------------- */

static void a_rollback_takes_the_chain_back_in_memory_too (void **state)
{
	struct office *office = *state;
	struct entry entry = { .type = ENTRY_SYSTEM, .at_ms = 1 };
	uint64_t count, bad;
	tx_t *tx;

	add_entry (office, "x");
	tx = ledger_begin (office->ledger);
	entry_add (tx, &entry);
	assert_int_equal (entry.n, 2);
	tx_destroy (&tx);
	assert_int_equal (ledger_size (office->ledger).entries, 1);
	assert_int_equal (add_entry (office, "x"), 2);
	assert_ok (ledger_verify (office->ledger, &count, &bad));
	assert_int_equal (count, 2);
}

static void an_undone_savepoint_undoes_only_itself (void **state)
{
	struct office *office = *state;
	struct person kept = somebody ("Tinggal", ""), undone = somebody ("Pergi", "");
	struct entry entry = { .type = ENTRY_SYSTEM, .at_ms = 1 };
	struct person_id found;
	uint64_t count, bad;
	OWNED (tx) tx = ledger_begin (office->ledger);

	tx_mark (tx);
	person_add (tx, &kept);
	entry_add (tx, &entry);
	tx_keep (tx);
	tx_mark (tx);
	person_add (tx, &undone);
	entry_add (tx, &entry);
	tx_undo (tx);
	tx_mark (tx);
	entry_add (tx, &entry);
	assert_int_equal (entry.n, 2);
	tx_keep (tx);
	assert_ok (tx_commit (tx));
	assert_ok (person_find (office->ledger, "tinggal", &found));
	assert_int_equal (person_find (office->ledger, "pergi", &found), ERR_NOT_FOUND);
	assert_ok (ledger_verify (office->ledger, &count, &bad));
	assert_int_equal (count, 2);
	office_reopen (office);
	assert_int_equal (person_find (office->ledger, "pergi", &found), ERR_NOT_FOUND);
}

static void a_conflict_is_forgiven_by_undoing_it (void **state)
{
	struct office *office = *state;
	struct alarm *alarms;
	OWNED (tx) tx = ledger_begin (office->ledger);

	alarm_raise (tx, "equivocation", NULL, NULL, 1);
	tx_mark (tx);
	RUN (tx_sql (tx), "INSERT INTO setting (name, sealed) VALUES ('a', x''), ('a', x'')");
	assert_int_equal (tx_err (tx), ERR_CONFLICT);
	tx_undo (tx);
	assert_ok (tx_err (tx));
	assert_ok (tx_commit (tx));
	assert_int_equal (alarm_list (office->ledger, 0, 9, office->arena, &alarms), 1);
}

static void a_full_disk_undoes_the_whole_step_and_the_next_one_may_work (void **state)
{
	struct office *office = *state;
	static uint8_t large[64 * KIB];
	struct entry entry = { .type = ENTRY_SYSTEM, .at_ms = 1, .body = BYTES_OF (large) };
	struct person person = somebody ("Dewi", "");
	struct person_id found;
	uint64_t count, bad;
	tx_t *tx;

	add_entry (office, "x");
	NUMBER (office->ledger->sql, 0, "PRAGMA max_page_count = 60");
	tx = ledger_begin (office->ledger);
	person_add (tx, &person);
	for (int i = 0; i < 10; i++)
		entry_add (tx, &entry);
	assert_int_equal (tx_err (tx), ERR_NO_SPACE);
	assert_int_equal (tx_commit (tx), ERR_NO_SPACE);
	tx_destroy (&tx);
	assert_int_equal (ledger_size (office->ledger).entries, 1);
	assert_int_equal (person_find (office->ledger, "dewi", &found), ERR_NOT_FOUND);
	assert_int_equal (add_entry (office, "x"), 2);
	assert_ok (ledger_verify (office->ledger, &count, &bad));
	office_reopen (office);
	assert_int_equal (add_entry (office, "x"), 3);
}

static void a_savepoint_does_not_forgive_a_full_disk (void **state)
{
	struct office *office = *state;
	static uint8_t large[200 * KIB];
	struct entry entry = { .type = ENTRY_SYSTEM, .at_ms = 1, .body = BYTES_OF (large) };
	OWNED (tx) tx = NULL;

	NUMBER (office->ledger->sql, 0, "PRAGMA max_page_count = 60");
	tx = ledger_begin (office->ledger);
	tx_mark (tx);
	entry_add (tx, &entry);
	assert_int_equal (tx_err (tx), ERR_NO_SPACE);
	tx_undo (tx);
	assert_int_equal (tx_commit (tx), ERR_NO_SPACE);
}

static void settings_come_back_and_are_replaced (void **state)
{
	struct office *office = *state;
	OWNED (tx) tx = ledger_begin (office->ledger);

	assert_null (ledger_setting (office->ledger, "directory", office->arena).data);
	ledger_set (tx, "directory", bytes_of_text ("satu"));
	ledger_set (tx, "directory", bytes_of_text ("dua"));
	ledger_set (tx, "hub_store_id", bytes_of_text ("tiga"));
	assert_ok (tx_commit (tx));
	office_reopen (office);
	assert_true (bytes_equal (ledger_setting (office->ledger, "directory", office->arena),
				  bytes_of_text ("dua")));
	assert_false (folder_has (office, "dua"));
}

static void count_wake (void *arg)
{
	(*(int *)arg)++;
}

static void the_post_wakes_after_a_commit_that_wrote_a_letter (void **state)
{
	struct office *office = *state;
	struct letter letter = { .kind = "referral.request", .kind_version = 1, .from_user = "",
				 .from_role = "", .to_role = "", .purpose = "", .checkpoint = "",
				 .rule = { "", "", "", "" }, .thread = { { 1 } },
				 .case_id = { { 1 } }, .sig_key_id = { { 1 } } };
	struct outbox_row row = { .to = agency ("klinik"), .class = CLASS_ROUTINE,
				  .kind = "referral.request", .expires_at_ms = 9 };
	int woken = 0;
	tx_t *tx;

	ledger_on_outbox (office->ledger, count_wake, &woken);
	add_entry (office, "x");
	assert_int_equal (woken, 0);
	tx = ledger_begin (office->ledger);
	outbox_add (tx, &row, &letter);
	tx_destroy (&tx);
	assert_int_equal (woken, 0);
	tx = ledger_begin (office->ledger);
	outbox_add (tx, &row, &letter);
	assert_int_equal (woken, 0);
	assert_ok (tx_commit (tx));
	assert_int_equal (woken, 1);
	tx_destroy (&tx);
}

/* ---- a disk that fails ---- */

static disk_t *onto_disk (struct office *office)
{
	disk_t *disk;

	ledger_destroy (&office->ledger);
	disk = disk_new (office->folder, 1);
	disk_import (disk, "ledger.db");
	office_open (office);
	return disk;
}

static void after_a_failed_flush_nothing_is_written_any_more (void **state)
{
	struct office *office = *state;
	disk_t *disk = onto_disk (office);
	struct person person = somebody ("Rina Contoh", "1771011403990001");
	tx_t *tx = ledger_begin (office->ledger);

	assert_ok (ledger_failed (office->ledger));
	person_add (tx, &person);
	disk_fail (disk, DISK_SYNC, 1, DISK_IOERR, false);
	assert_int_equal (tx_commit (tx), ERR_IO);
	tx_destroy (&tx);
	assert_int_equal (ledger_failed (office->ledger), ERR_IO);
	ledger_destroy (&office->ledger);
	assert_int_equal (disk_after_bad_sync (disk), 0);
	disk_destroy (&disk);
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		bare_test (a_ledger_is_made_once_and_never_overwritten),
		bare_test (a_key_that_outlived_its_ledger_serves_the_next_one),
		bare_test (a_key_file_that_is_none_makes_no_ledger),
		office_test (every_ledger_has_a_store_id_of_its_own_that_stays),
		office_test (a_locked_folder_is_refused_and_free_again_after_closing),
		office_test (the_same_file_under_another_folder_is_refused_while_open),
		office_test (the_key_of_another_ledger_is_refused),
		office_test (a_key_file_that_others_may_read_is_refused),
		office_test (a_ledger_of_a_newer_program_is_refused_unchanged),
		bare_test (a_ledger_of_an_older_program_is_brought_forward),
		office_test (what_an_older_program_kept_is_all_there),
		office_test (what_is_no_database_is_refused),
		office_test (an_empty_file_is_no_ledger),
		office_test (the_chain_holds_over_restarts),
		office_test (an_empty_chain_holds),
		office_test (tampering_is_found_with_its_number),
		office_test (a_flipped_byte_of_a_body_is_found_with_its_number),
		office_test (a_cut_off_end_is_found_when_opening),
		office_test (entries_come_back_opened_by_person_and_thread),
		office_test (a_rollback_takes_the_chain_back_in_memory_too),
		office_test (an_undone_savepoint_undoes_only_itself),
		office_test (a_conflict_is_forgiven_by_undoing_it),
		office_test (a_full_disk_undoes_the_whole_step_and_the_next_one_may_work),
		office_test (a_savepoint_does_not_forgive_a_full_disk),
		office_test (settings_come_back_and_are_replaced),
		office_test (after_a_failed_flush_nothing_is_written_any_more),
		office_test (the_post_wakes_after_a_commit_that_wrote_a_letter),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
