/* The note of how far a store had come. */
#include "tests/support/unit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "jembatan/keys.h"
#include "proto/highwater.h"

static const struct store_id ours = { { 1, 2, 3 } }, other = { { 4, 5, 6 } };
static char path[64];

static int setup (void **state)
{
	int fd;

	assert_int_equal (keys_start (), ERR_OK);
	strcpy (path, "/tmp/jembatan-mark-XXXXXX");
	fd = mkstemp (path);
	assert_true (fd >= 0);
	close (fd);
	return 0;
}

static int teardown (void **state)
{
	return unlink (path);
}

static void note (uint64_t commits)
{
	highwater_t *highwater = highwater_open (path);

	highwater_note (highwater, &ours, commits);
	highwater_close (&highwater);
}

static bool is_above (const struct store_id *store, uint64_t commits)
{
	highwater_t *highwater = highwater_open (path);
	bool above = highwater_is_above (highwater, store, commits);

	highwater_close (&highwater);
	return above;
}

static void a_store_that_lost_commits_is_below_its_note (void **state)
{
	note (UINT64_C (0x100000007));
	assert_true (is_above (&ours, 7));
	assert_true (is_above (&ours, UINT64_C (0x100000006)));
	assert_false (is_above (&ours, UINT64_C (0x100000007)));
	note (3);
	assert_false (is_above (&ours, 3));
}

static void a_note_of_another_store_says_nothing (void **state)
{
	note (9);
	assert_false (is_above (&other, 1));
}

static void a_note_that_is_damaged_or_not_there_says_nothing (void **state)
{
	assert_false (is_above (&ours, 0));
	for (off_t at = 0; at < 32; at++) {
		uint8_t byte;
		int fd;

		note (9);
		fd = open (path, O_RDWR);
		assert_int_equal (pread (fd, &byte, 1, at), 1);
		byte ^= 1;
		assert_int_equal (pwrite (fd, &byte, 1, at), 1);
		close (fd);
		assert_false (is_above (&ours, 1));
	}
	assert_int_equal (truncate (path, 20), 0);
	assert_false (is_above (&ours, 1));
}

static void a_note_that_cannot_be_made_says_nothing_and_harms_nobody (void **state)
{
	highwater_t *highwater = highwater_open ("/nowhere/at/all");

	highwater_note (highwater, &ours, 1);
	assert_false (highwater_is_above (highwater, &ours, 0));
	highwater_close (&highwater);
}

int main (void)
{
#define T(name) cmocka_unit_test_setup_teardown (name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T (a_store_that_lost_commits_is_below_its_note),
		T (a_note_of_another_store_says_nothing),
		T (a_note_that_is_damaged_or_not_there_says_nothing),
		T (a_note_that_cannot_be_made_says_nothing_and_harms_nobody),
	};
#undef T
	return cmocka_run_group_tests (tests, NULL, NULL);
}
