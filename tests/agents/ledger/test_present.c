/* A ledger in use, seen from beside it and held against an earlier state of itself. */
#include "tests/agents/ledger/office.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "agents/ledger/copy.h"
#include "agents/ledger/entry.h"
#include "agents/ledger/present.h"
#include "jembatan/clock.h"

static void write_down (struct office *office, enum entry_type type)
{
	OWNED (tx) tx = ledger_begin (office->ledger);
	struct entry entry = { .type = type, .at_ms = 1, .kind = "", .state_from = "",
			       .state_to = "", .word = "", .user = "" };

	entry_add (tx, &entry);
	assert_ok (tx_commit (tx));
}

static void shell (const struct office *office, const char *what)
{
	char command[512];

	snprintf (command, sizeof command, "cd %s && %s", office->root, what);
	assert_int_equal (system (command), 0);
}

static err_t look (struct office *office, ledger_t **ret_present)
{
	OWNED (vault) key = NULL;

	if (vault_load (office->key_file, &key, NULL) != ERR_OK)
		key = vault_new ();          /* where there is no ledger there is no key */
	return ledger_present (office->folder, key, ret_present, NULL);
}

/* What stands there now, in a file of its own. */
static ledger_t *see (struct office *office, int *ret_lock)
{
	ledger_t *present;

	assert_ok (ledger_restore_begin (office->folder, ret_lock));
	assert_ok (look (office, &present));
	return present;
}

static void leave (struct office *office, ledger_t *present, int lock)
{
	ledger_destroy (&present);
	close (lock);
	ledger_sweep (office->folder);
	shell (office, "test ! -e data/" LEDGER_RESTORE_FOLDER);
}

/* An earlier state is kept beside the folder and opened from there. */
static void keep (struct office *office)
{
	ledger_destroy (&office->ledger);
	shell (office, "rm -rf kept && cp -r data kept");
	office_open (office);
}

static struct ledger_growth growth_since_kept (struct office *office)
{
	struct ledger_growth growth;
	ledger_t *kept, *present;
	char folder[96];
	int lock;

	snprintf (folder, sizeof folder, "%s/kept", office->root);
	assert_ok (ledger_open (folder, office->key_file, &kept, NULL));
	present = see (office, &lock);
	assert_ok (ledger_grown (kept, present, &growth));
	leave (office, present, lock);
	ledger_destroy (&kept);
	shell (office, "rm -rf kept");
	return growth;
}

static void what_is_committed_is_seen_and_what_is_not_is_not (void **state)
{
	struct office *office = *state;
	struct ledger_head there, here;
	ledger_t *present;
	int lock;

	write_down (office, ENTRY_SENT);
	{
		OWNED (tx) tx = ledger_begin (office->ledger);
		struct person person = somebody ("Dimas Verdana", "1771011403990001");

		ledger_head (office->ledger, &here);
		person_add (tx, &person);
		present = see (office, &lock);
	}
	ledger_head (present, &there);
	assert_int_equal (there.entries, here.entries);
	assert_true (ID_EQUAL (there.hash, here.hash));
	assert_int_equal (ledger_size (present).people, 0);
	leave (office, present, lock);
	/* the ledger itself goes on */
	write_down (office, ENTRY_SENT);
}

static void what_came_since_is_counted_by_its_sort (void **state)
{
	struct office *office = *state;
	struct ledger_growth growth;

	write_down (office, ENTRY_SENT);
	keep (office);
	write_down (office, ENTRY_SENT);
	write_down (office, ENTRY_ARRIVED);
	write_down (office, ENTRY_ARRIVED);
	write_down (office, ENTRY_RECEIPT);
	write_down (office, ENTRY_SYSTEM);
	growth = growth_since_kept (office);
	assert_false (growth.forked || growth.shrunk);
	assert_int_equal (growth.entries, 5);
	assert_int_equal (growth.sent, 1);
	assert_int_equal (growth.came, 2);
	assert_int_equal (growth.receipts, 1);
}

/* Entry by entry as long, and from some entry on another history. */
static void two_histories_are_told_apart_and_where_they_part (void **state)
{
	struct office *office = *state;
	struct ledger_growth growth;

	for (int i = 0; i < 7; i++)
		write_down (office, ENTRY_SENT);
	keep (office);
	shell (office, "mv kept first");
	for (int i = 0; i < 5; i++)
		write_down (office, ENTRY_SENT);
	keep (office);
	ledger_destroy (&office->ledger);
	shell (office, "rm -rf data && mv first data");
	office_open (office);
	for (int i = 0; i < 9; i++)
		write_down (office, ENTRY_ARRIVED);
	growth = growth_since_kept (office);
	assert_true (growth.forked);
	assert_int_equal (growth.common, 7);
	assert_int_equal (growth.entries, 9);
}

static void a_ledger_that_is_older_than_its_backup_is_known (void **state)
{
	struct office *office = *state;
	struct ledger_growth growth;

	write_down (office, ENTRY_SENT);
	keep (office);
	shell (office, "mv kept first");
	write_down (office, ENTRY_SENT);
	keep (office);
	ledger_destroy (&office->ledger);
	shell (office, "rm -rf data && mv first data");
	office_open (office);
	growth = growth_since_kept (office);
	assert_true (growth.shrunk);
	assert_false (growth.forked);
}

static void without_a_ledger_there_is_nothing_to_see (void **state)
{
	struct office *office = *state;
	ledger_t *present;
	int lock;

	mkdir (office->folder, 0700);
	assert_ok (ledger_restore_begin (office->folder, &lock));
	assert_int_equal (look (office, &present),
			  ERR_NOT_FOUND);
	close (lock);
	ledger_sweep (office->folder);
}

/* ---- beside somebody who writes ---------------------------------------------------------------- */

/* Another process, as the agent is: small commits, and now and then the log is put away. */
static pid_t start_writer (struct office *office)
{
	pid_t writer;

	ledger_destroy (&office->ledger);
	writer = fork ();
	assert_true (writer >= 0);
	if (writer > 0)
		return writer;
	prctl (PR_SET_PDEATHSIG, SIGKILL);
	office_open (office);
	for (unsigned i = 0;; i++) {
		write_down (office, ENTRY_SENT);
		if (i % 40 == 39)
			sql_checkpoint (office->ledger->sql);
	}
}

static void every_copy_beside_a_writer_is_whole_or_none (void **state)
{
	struct office *office = *state;
	pid_t writer = start_writer (office);
	int64_t end_ms = clock_now_ms () + 1500;
	unsigned whole = 0;

	for (unsigned i = 0; i < 1000 && (clock_now_ms () < end_ms || whole == 0); i++) {
		uint64_t entries, bad;
		ledger_t *present;
		int lock;
		err_t err;

		assert_ok (ledger_restore_begin (office->folder, &lock));
		err = look (office, &present);
		if (err != ERR_OK) {
			assert_true (err == ERR_BUSY || err == ERR_NOT_FOUND);
			close (lock);
			continue;
		}
		assert_ok (ledger_check_whole (present));
		assert_ok (ledger_verify (present, &entries, &bad));
		whole++;
		leave (office, present, lock);
	}
	assert_true (whole > 0);
	kill (writer, SIGKILL);
	assert_int_equal (waitpid (writer, NULL, 0), writer);
	ledger_sweep (office->folder);
	office_open (office);
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		office_test (what_is_committed_is_seen_and_what_is_not_is_not),
		office_test (what_came_since_is_counted_by_its_sort),
		office_test (two_histories_are_told_apart_and_where_they_part),
		office_test (a_ledger_that_is_older_than_its_backup_is_known),
		bare_test (without_a_ledger_there_is_nothing_to_see),
		office_test (every_copy_beside_a_writer_is_whole_or_none),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
