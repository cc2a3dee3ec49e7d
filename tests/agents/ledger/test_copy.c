/* A copy of the ledger while it is in use: one moment of it, whatever is committed meanwhile. */
#include "tests/agents/ledger/office.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "agents/ledger/copy.h"
#include "agents/ledger/entry.h"

#define SLICE 4096u

static void add_entries (struct office *office, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct entry entry = { .type = ENTRY_SYSTEM, .at_ms = 1763780000000 + (int64_t)i,
				       .kind = "", .state_from = "", .state_to = "", .word = "tried",
				       .user = "" };
		OWNED (tx) tx = ledger_begin (office->ledger);

		entry_add (tx, &entry);
		assert_ok (tx_commit (tx));
	}
}

/* Reads the source to its end, with `between` done after every slice, and writes it into a data folder
 * of its own. */
static void copy_to (struct office *office, const char *folder, size_t between)
{
	struct backup_source source;
	uint8_t slice[SLICE];
	char path[256];
	int fd;

	snprintf (path, sizeof path, "%s/ledger.db", folder);
	fd = open (path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	assert_ok (ledger_copy (office->ledger, &source));
	for (uint64_t at = 0; at < source.bytes; at += SLICE) {
		assert_ok (source.read (source.arg, at, slice, SLICE));
		assert_int_equal (write (fd, slice, SLICE), SLICE);
		add_entries (office, between);
	}
	source.release (source.arg);
	close (fd);
}

static void a_copy_is_the_moment_at_which_it_began (void **state)
{
	struct office *office = *state;
	char folder[] = "/tmp/jbt-copy-XXXXXX";
	struct ledger_head before, copied, after;
	OWNED (ledger) copy = NULL;
	uint64_t entries, bad;

	assert_non_null (mkdtemp (folder));
	add_entries (office, 100);
	ledger_head (office->ledger, &before);
	copy_to (office, folder, 20);
	ledger_head (office->ledger, &after);
	assert_ok (ledger_open (folder, office->key_file, &copy, NULL));
	assert_ok (ledger_check_whole (copy));
	assert_ok (ledger_verify (copy, &entries, &bad));
	ledger_head (copy, &copied);
	assert_int_equal (copied.entries, before.entries);
	assert_true (ID_EQUAL (copied.hash, before.hash));
	assert_true (after.entries > before.entries + 1000);
	assert_ok (ledger_verify (office->ledger, &entries, &bad));
	assert_int_equal (entries, after.entries);
	ledger_destroy (&copy);
	remove_folder (folder);
}

/* While the file is held, an erasure leaves its last traces in the log; afterwards they are gone. */
static void an_erasure_during_a_copy_is_finished_when_the_copy_is (void **state)
{
	struct office *office = *state;
	struct person_id person = add_person (office, "Cendana Kanarirani", "1771045203990007");
	struct backup_source source;
	struct stat log;
	char path[256];

	snprintf (path, sizeof path, "%s/ledger.db-wal", office->folder);
	assert_ok (ledger_copy (office->ledger, &source));
	{
		OWNED (tx) tx = ledger_begin (office->ledger);

		person_erase (tx, &person);
		assert_ok (tx_commit (tx));
	}
	assert_int_equal (stat (path, &log), 0);
	assert_true (log.st_size > 0);
	source.release (source.arg);
	assert_int_equal (stat (path, &log), 0);
	assert_int_equal (log.st_size, 0);
}

static void what_a_broken_off_restore_left_is_swept (void **state)
{
	struct office *office = *state;
	char path[320], folder[256];
	int lock = -1, again = -1;

	snprintf (folder, sizeof folder, "%s/" LEDGER_RESTORE_FOLDER, office->folder);
	snprintf (path, sizeof path, "%s/ledger.db", folder);
	assert_ok (ledger_restore_begin (office->folder, &lock));
	close (open (path, O_WRONLY | O_CREAT, 0600));
	ledger_sweep (office->folder);                      /* one is running: nothing is touched */
	assert_int_equal (access (path, F_OK), 0);
	assert_int_equal (ledger_restore_begin (office->folder, &again), ERR_IN_USE);
	close (lock);                                     /* as a crash does */
	ledger_sweep (office->folder);
	assert_int_not_equal (access (folder, F_OK), 0);
}

#define T(name) cmocka_unit_test_setup_teardown (name, office_setup, office_teardown)

int main (void)
{
	const struct CMUnitTest tests[] = {
		T (a_copy_is_the_moment_at_which_it_began),
		T (an_erasure_during_a_copy_is_finished_when_the_copy_is),
		T (what_a_broken_off_restore_left_is_swept),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
