/* The store copies its pages home while the bytes of a fetched letter may still be looked at. */
#include "tests/support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "hub/store.h"

#define LETTERS 150u                 /* of a quarter megabyte: more than a full log of pages */

static void add_letter (store_t *store, uint64_t dseq, struct bytes body)
{
	struct item item = { .sender = 1, .recipient = 2, .class = CLASS_ROUTINE, .dseq = dseq,
			     .kind = ITEM_LETTER, .size = (uint32_t)body.len, .expires_ms = 1 };

	memcpy (item.id.b, &dseq, sizeof dseq);
	assert_int_equal (store_begin (store), ERR_OK);
	assert_int_equal (store_add (store, &item, body, body), ERR_OK);
	assert_int_equal (store_commit (store), ERR_OK);
}

static void a_fetched_letter_does_not_hold_up_the_copying_home (void **state)
{
	static uint8_t letter[256 * KIB];
	char folder[] = "/tmp/jembatan-store-XXXXXX", command[64];
	OWNED (problems) problems = problems_new ();
	OWNED (store) store = NULL;
	struct bytes first, second;
	struct item item;

	assert_non_null (mkdtemp (folder));
	assert_int_equal (store_open (folder, &store, problems), ERR_OK);
	for (uint64_t dseq = 1; dseq <= LETTERS; dseq++) {
		add_letter (store, dseq, BYTES_OF (letter));
		assert_int_equal (store_fetch (store, 2, CLASS_ROUTINE, dseq, &item, &first, &second),
				  ERR_OK);
		assert_int_equal (second.len, sizeof letter);
		assert_int_equal (store_tidy (store), ERR_OK);
	}
	store_destroy (&store);
	snprintf (command, sizeof command, "rm -r %s", folder);
	assert_int_equal (system (command), 0);
}

static int64_t log_bytes (const char *folder)
{
	struct stat is;
	char path[96];

	snprintf (path, sizeof path, "%s/hub.db-wal", folder);
	assert_int_equal (stat (path, &is), 0);
	return is.st_size;
}

/* A flush that must write the new length of a file takes twice as long. */
static void a_commit_makes_no_file_longer (void **state)
{
	static uint8_t letter[64 * KIB];
	char folder[] = "/tmp/jembatan-store-XXXXXX", command[64];
	OWNED (problems) problems = problems_new ();
	OWNED (store) store = NULL;

	assert_non_null (mkdtemp (folder));
	assert_int_equal (store_open (folder, &store, problems), ERR_OK);
	for (uint64_t dseq = 1; dseq <= LETTERS; dseq++) {
		int64_t before = log_bytes (folder);

		add_letter (store, dseq, BYTES_OF (letter));
		assert_int_equal (log_bytes (folder), before);
		assert_int_equal (store_tidy (store), ERR_OK);
	}
	assert_true (log_bytes (folder) > (int64_t)(8 * MIB));
	assert_true (log_bytes (folder) < (int64_t)(40 * MIB));
	store_destroy (&store);
	snprintf (command, sizeof command, "rm -r %s", folder);
	assert_int_equal (system (command), 0);
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (a_fetched_letter_does_not_hold_up_the_copying_home),
		cmocka_unit_test (a_commit_makes_no_file_longer),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
