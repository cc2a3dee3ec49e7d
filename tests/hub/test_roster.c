/* The directory as the hub holds it, and what it remembers of it over a restart. */
#include "tests/hub/world.h"

#include "hub/roster.h"

static int setup (void **state)
{
	*state = world_new ();
	return 0;
}

static int teardown (void **state)
{
	world_destroy (*state);
	return 0;
}

/* Opens and closes the roster; what that wrote to the log. */
static err_t open_roster (struct world *w, char *said, size_t size)
{
	OWNED (roster) roster = NULL;
	int saved = dup (STDERR_FILENO), ends[2];
	ssize_t len;
	err_t err;

	assert_int_equal (pipe (ends), 0);
	log_set_level (LOG_LEVEL_WARN);
	dup2 (ends[1], STDERR_FILENO);
	close (ends[1]);
	err = roster_open (w->directory, w->folder, &roster, NULL);
	dup2 (saved, STDERR_FILENO);
	close (saved);
	log_set_level (LOG_LEVEL_FAIL);
	len = read (ends[0], said, size - 1);
	said[len > 0 ? len : 0] = '\0';
	close (ends[0]);
	return err;
}

/* The directory that was published before. */
static void put_older (struct world *w)
{
	w->version -= 2;
	world_publish (w);
}

static void an_older_directory_is_refused_over_a_restart (void **state)
{
	struct world *w = *state;
	char said[1024];

	world_publish (w);
	assert_int_equal (open_roster (w, said, sizeof said), ERR_OK);
	assert_string_equal (said, "");      /* the first start has nothing to remember */
	put_older (w);
	assert_int_equal (open_roster (w, said, sizeof said), ERR_BAD_VERSION);
	assert_string_equal (said, "");
}

/* It would be worse to stop; but whoever damaged it could have an older directory believed. */
static void a_note_that_cannot_be_read_is_told_of_and_written_anew (void **state)
{
	struct world *w = *state;
	char said[1024], kept[160];

	world_publish (w);
	assert_int_equal (open_roster (w, said, sizeof said), ERR_OK);
	world_path (w, kept, "directory.accepted");
	assert_int_equal (truncate (kept, 100), 0);
	put_older (w);
	assert_int_equal (open_roster (w, said, sizeof said), ERR_OK);
	assert_non_null (strstr (said, "warn directory.forgotten error="));
	assert_non_null (strstr (said, "file="));
	assert_non_null (strstr (said, "/directory.accepted"));
	assert_int_equal (open_roster (w, said, sizeof said), ERR_OK);
	assert_string_equal (said, "");
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown (an_older_directory_is_refused_over_a_restart, setup,
						 teardown),
		cmocka_unit_test_setup_teardown (a_note_that_cannot_be_read_is_told_of_and_written_anew,
						 setup, teardown),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
