/*
 * Ledgers of earlier programs, brought forward: whole, and interrupted at every write, sync and read by a disk
 * that is full, fails, or loses its power.  Whatever happens, nothing that was in the ledger is lost, and
 * the next start goes on.
 */
#include "tests/agents/ledger/office.h"

#include "agents/ledger/entry.h"
#include "agents/ledger/inbox.h"
#include "agents/ledger/migration.h"
#include "agents/ledger/outbox.h"
#include "agents/ledger/proof.h"
#include "agents/ledger/thread.h"
#include "tests/support/disk.h"

/* Turning back keeps what a ledger of this step could hold. */
#define OLDEST 3u

/* ---- a ledger with something in it ----------------------------------------------------------------- */

struct past {
	struct person_id person;
	struct thread thread;
	struct letter_id waiting, in_custody;
	uint64_t entries;
};

static uint64_t add_entry (struct office *office, const char *word)
{
	struct entry entry = { .type = ENTRY_SYSTEM, .at_ms = 1, .kind = "", .state_from = "",
			       .state_to = "", .word = word, .user = "" };
	OWNED (tx) tx = ledger_begin (office->ledger);

	entry_add (tx, &entry);
	assert_ok (tx_commit (tx));
	return entry.n;
}

static struct letter_id add_out (tx_t *tx, const struct past *past)
{
	struct letter letter = { .kind = "referral.request", .kind_version = 1, .created_ms = 1,
				 .sig_key_id = { { 1 } }, .thread = past->thread.id, .from_user = "",
				 .from_role = "", .to_role = "", .purpose = "",
				 .rule = { "", "", "", "" }, .checkpoint = "" };
	struct outbox_row row = { .to = agency ("klinik"), .class = CLASS_ROUTINE,
				  .kind = "referral.request", .thread = past->thread.id,
				  .person = past->person };

	outbox_add (tx, &row, &letter);
	return row.id;
}

static struct past fill (struct office *office)
{
	struct past past = { .person = add_person (office, "Dewi", "1771010101010001") };
	struct inbox_row in = { .id = { { 7 } }, .from = agency ("klinik"), .class = CLASS_ROUTINE,
				.state = INBOX_HELD, .kind = "x", .arrived_ms = 5,
				.h = bytes_of_text ("kepala"), .s = bytes_of_text ("isi surat") };
	OWNED (tx) tx = ledger_begin (office->ledger);

	past.thread = (struct thread){ .type = "referral", .partner = agency ("klinik"),
				       .person = past.person, .state = "requested", .overlay = "",
				       .service = "medical", .purpose = "treatment" };
	thread_add (tx, &past.thread);
	past.waiting = add_out (tx, &past);
	past.in_custody = add_out (tx, &past);
	RUN (tx_sql (tx), "UPDATE outbox SET state = 3, leaf = 9, custody_ms = 77 WHERE id = ?1",
	     ID (past.in_custody));
	inbox_add (tx, &in);
	ledger_set (tx, "network", bytes_of_text ("bengkulu"));
	assert_ok (tx_commit (tx));
	past.entries = add_entry (office, "a");
	return past;
}

static void check (struct office *office, const struct past *past)
{
	struct person_id found;
	struct thread thread;
	struct outbox_row out;
	struct inbox_row *rows;
	uint64_t entries, bad;

	arena_reset (office->arena);
	assert_int_equal (NUMBER (office->ledger->sql, 0, "PRAGMA user_version"), migration_newest ());
	assert_ok (ledger_verify (office->ledger, &entries, &bad));
	assert_int_equal (entries, past->entries);
	assert_ok (person_by_nik (office->ledger, "1771010101010001", &found));
	assert_true (ID_EQUAL (found, past->person));
	assert_ok (thread_get (office->ledger, &past->thread.id, office->arena, &thread));
	assert_string_equal (thread.state, "requested");
	assert_ok (outbox_get (office->ledger, &past->waiting, office->arena, &out));
	assert_true (out.draft.len > 0);
	assert_int_equal (inbox_list (office->ledger, INBOX_HELD, NULL, 0, 9, office->arena, &rows), 1);
	assert_true (bytes_equal (rows[0].s, bytes_of_text ("isi surat")));
	assert_true (bytes_equal (ledger_setting (office->ledger, "network", office->arena),
				  bytes_of_text ("bengkulu")));
	assert_int_equal (add_entry (office, "b"), past->entries + 1);
}

/* ---- whole ----------------------------------------------------------------------------------------- */

static void each_earlier_version_is_brought_forward (void **state)
{
	(void)state;
	for (unsigned version = OLDEST; version <= migration_newest (); version++) {
		void *office;
		struct past past;

		assert_int_equal (office_setup (&office), 0);
		past = fill (office);
		office_turn_back (office, version);
		office_open (office);
		check (office, &past);
		office_teardown (&office);
	}
}

/* Before its ninth step a ledger asked for no proofs: what is at the hub is asked for from then on. */
static void letters_at_the_hub_are_asked_for_from_the_ninth_step_on (void **state)
{
	struct office *office = *state;
	struct past past = fill (office);
	struct proof_wanted *wanted;

	office_turn_back (office, 8);
	office_open (office);
	assert_int_equal (proof_wanted (office->ledger, 78, 9, 9, office->arena, &wanted), 1);
	assert_true (ID_EQUAL (wanted[0].letter, past.in_custody));
	assert_int_equal (wanted[0].leaf, 9);
}

/* ---- interrupted ----------------------------------------------------------------------------------- */

static const struct {
	enum disk_op op;
	enum disk_fault fault;
} faults[] = {
	{ DISK_WRITE, DISK_FULL }, { DISK_WRITE, DISK_IOERR }, { DISK_SYNC, DISK_IOERR },
	{ DISK_READ, DISK_IOERR },
};

static unsigned folders;

typedef disk_t *(take_fn) (disk_t *disk, const char *folder, uint64_t seed);

/* Opens what is on a disk for another folder with the office's key, and looks. */
static void open_and_check (const struct office *office, const struct past *past, take_fn *take,
			    disk_t *disk, uint64_t seed)
{
	struct office other = *office;
	disk_t *taken;

	snprintf (other.folder, sizeof other.folder, "%s/%u", office->root, ++folders);
	assert_int_equal (mkdir (other.folder, 0700), 0);
	taken = take (disk, other.folder, seed);
	office_open (&other);
	check (&other, past);
	ledger_destroy (&other.ledger);
	disk_destroy (&taken);
	remove_folder (other.folder);
}

static disk_t *copy (disk_t *disk, const char *folder, uint64_t seed)
{
	(void)seed;
	return disk_copy (disk, folder);
}

static bool open_on_failing_disk (struct office *office, const struct past *past, disk_t *image,
				  size_t fault, uint64_t n)
{
	struct office other = *office;
	disk_t *disk;
	bool failed;
	err_t err;

	snprintf (other.folder, sizeof other.folder, "%s/%u", office->root, ++folders);
	assert_int_equal (mkdir (other.folder, 0700), 0);
	disk = disk_copy (image, other.folder);
	disk_fail (disk, faults[fault].op, n, faults[fault].fault, true);
	err = ledger_open (other.folder, other.key_file, &other.ledger, NULL);
	failed = disk_failed (disk);
	disk_fail (disk, faults[fault].op, 0, DISK_IOERR, false);
	if (err == ERR_OK)
		ledger_destroy (&other.ledger);
	else
		assert_true (failed && err != ERR_NEWER_STORE);
	if (failed) {
		open_and_check (office, past, copy, disk, 0);
		open_and_check (office, past, disk_cut, disk, 0);
		open_and_check (office, past, disk_cut, disk, n + 10);
	}
	disk_destroy (&disk);
	remove_folder (other.folder);
	return failed;
}

/* An office whose ledger of that version lies on a disk in memory. */
static disk_t *office_on_disk (struct office *office, unsigned version, struct past *ret_past)
{
	disk_t *disk;

	*ret_past = fill (office);
	office_turn_back (office, version);
	disk = disk_new (office->folder, version);
	disk_import (disk, "ledger.db");
	return disk;
}

static void a_step_that_a_failing_disk_interrupts_goes_through_at_the_next_start (void **state)
{
	unsigned runs = 0;

	(void)state;
	for (unsigned version = OLDEST; version < migration_newest (); version += 2) {
		void *office;
		struct past past;
		disk_t *image;

		assert_int_equal (office_setup (&office), 0);
		image = office_on_disk (office, version, &past);
		for (size_t fault = 0; fault < COUNT_OF (faults); fault++)
			for (uint64_t n = 1; open_on_failing_disk (office, &past, image, fault, n);
			     n += n < 8 ? 1 : 5)
				runs++;
		disk_destroy (&image);
		office_teardown (&office);
	}
	assert_true (runs > 20);
}

struct power { const struct office *office; const struct past *past; unsigned cuts; };

static void cut_power (disk_t *disk, void *arg)
{
	struct power *power = arg;

	for (uint64_t seed = 0; seed < 4; seed++, power->cuts++)
		open_and_check (power->office, power->past, disk_cut, disk, seed);
}

static void a_step_that_a_power_cut_interrupts_goes_through_at_the_next_start (void **state)
{
	struct power power = { 0 };

	(void)state;
	for (unsigned version = OLDEST; version < migration_newest (); version += 2) {
		void *office;
		struct past past;
		disk_t *disk;

		assert_int_equal (office_setup (&office), 0);
		disk = office_on_disk (office, version, &past);
		power.office = office;
		power.past = &past;
		disk_on_sync (disk, cut_power, &power);
		office_open (office);
		disk_on_sync (disk, NULL, NULL);
		check (office, &past);
		ledger_destroy (&((struct office *)office)->ledger);
		disk_destroy (&disk);
		office_teardown (&office);
	}
	assert_true (power.cuts > 8);
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (each_earlier_version_is_brought_forward),
		office_test (letters_at_the_hub_are_asked_for_from_the_ninth_step_on),
		cmocka_unit_test (a_step_that_a_failing_disk_interrupts_goes_through_at_the_next_start),
		cmocka_unit_test (a_step_that_a_power_cut_interrupts_goes_through_at_the_next_start),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
