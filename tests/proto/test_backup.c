/* Backups in slices: nothing under a final name that was not read back, and nothing half left. */
#include "tests/support/unit.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "jembatan/keys.h"
#include "proto/backup.h"

#define assert_ok(expression) assert_int_equal ((expression), ERR_OK)
#define DATABASE_BYTES (2u * MIB + 4096u)

struct place {
	char root[32], folder[64], data[64];
	vault_t *key;
	uint64_t fails_at;           /* the offset whose reading fails; 0 = none */
	unsigned released;
};

static int set_up (void **state)
{
	struct place *place = calloc (1, sizeof *place);

	strcpy (place->root, "/tmp/jbt-backup-XXXXXX");
	assert_non_null (mkdtemp (place->root));
	snprintf (place->folder, sizeof place->folder, "%s/disk", place->root);
	snprintf (place->data, sizeof place->data, "%s/data", place->root);
	mkdir (place->folder, 0700);
	mkdir (place->data, 0700);
	place->key = vault_new ();
	*state = place;
	return 0;
}

/* Counts what is there, and removes it when asked. */
static size_t files_in (const char *folder, bool remove)
{
	DIR *list = opendir (folder);
	struct dirent *entry;
	size_t count = 0;

	while ((entry = readdir (list)) != NULL)
		if (entry->d_name[0] != '.') {
			count++;
			if (remove)
				unlinkat (dirfd (list), entry->d_name, 0);
		}
	closedir (list);
	return count;
}

static int tear_down (void **state)
{
	struct place *place = *state;

	files_in (place->folder, true);
	files_in (place->data, true);
	rmdir (place->folder);
	rmdir (place->data);
	rmdir (place->root);
	vault_destroy (&place->key);
	free (place);
	return 0;
}

static err_t read_source (void *arg, uint64_t offset, uint8_t *data, size_t len)
{
	struct place *place = arg;

	if (place->fails_at > 0 && offset >= place->fails_at)
		return ERR_IO;
	for (size_t i = 0; i < len; i++)
		data[i] = (uint8_t)((offset + i) >> 3);
	return ERR_OK;
}

static void release_source (void *arg)
{
	struct place *place = arg;

	place->released++;
}

static err_t begin (struct place *place, int64_t made_ms, unsigned keep, backup_t **ret_backup,
		    problems_t *problems)
{
	struct backup_target target = { .folder = place->folder, .data = place->data, .keep = keep };
	struct archive_head head = { .kind = ARCHIVE_HUB, .who = "hub-uji", .made_ms = made_ms,
				     .store = { { 0xab, 0xcd } } };
	struct backup_source source = { DATABASE_BYTES, read_source, release_source, place };

	return backup_begin (&target, &head, place->key, &source, ret_backup, problems);
}

static err_t run (backup_t *backup, problems_t *problems)
{
	err_t err = ERR_OK;

	while (err == ERR_OK && backup_phase (backup) != BACKUP_DONE)
		err = backup_step (backup, problems);
	return err;
}

static void take (struct place *place, int64_t made_ms, unsigned keep, char path[BACKUP_PATH])
{
	OWNED (backup) backup = NULL;

	assert_ok (begin (place, made_ms, keep, &backup, NULL));
	assert_ok (run (backup, NULL));
	strcpy (path, backup_path (backup));
}

static void what_was_backed_up_comes_out_again (void **state)
{
	struct place *place = *state;
	char path[BACKUP_PATH], out[128];
	struct archive_head head;
	struct stat about;

	take (place, 1763780000000, 3, path);
	assert_string_equal (strrchr (path, '/') + 1, "hub-uji-2025-11-22T025320Z-abcd0000.jbk");
	assert_int_equal (place->released, 1);
	snprintf (out, sizeof out, "%s/hub.db", place->data);
	assert_ok (archive_extract (path, ARCHIVE_HUB, place->key, out, &head, NULL));
	assert_int_equal (stat (out, &about), 0);
	assert_int_equal (about.st_size, DATABASE_BYTES);
	assert_int_equal (archive_extract (path, ARCHIVE_HUB, place->key, out, &head, NULL), ERR_FILE);
}

static void a_source_that_fails_leaves_nothing_and_is_told_apart_from_the_disk (void **state)
{
	struct place *place = *state;
	OWNED (problems) problems = problems_new ();
	OWNED (backup) backup = NULL;

	place->fails_at = MIB;
	assert_ok (begin (place, 1763780000000, 3, &backup, problems));
	assert_int_equal (run (backup, problems), ERR_IO);
	assert_int_equal (files_in (place->folder, false), 0);
	backup_destroy (&backup);
	assert_int_equal (place->released, 1);
}

static void one_that_is_given_up_leaves_nothing (void **state)
{
	struct place *place = *state;
	OWNED (backup) backup = NULL;

	assert_ok (begin (place, 1763780000000, 3, &backup, NULL));
	assert_ok (backup_step (backup, NULL));
	assert_int_equal (files_in (place->folder, false), 1);
	backup_destroy (&backup);
	assert_int_equal (files_in (place->folder, false), 0);
	assert_int_equal (place->released, 1);
}

/* A disk of its own in a mount namespace of this test; needs root. */
static bool mount_small_disk (const struct place *place, size_t bytes)
{
	char options[32];

	snprintf (options, sizeof options, "size=%zu", bytes);
	return unshare (CLONE_NEWNS) == 0 && mount ("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0
	       && mount ("tmpfs", place->folder, "tmpfs", 0, options) == 0;
}

static void fill_disk (const char *path)
{
	static const uint8_t zeros[4096];
	int fd = open (path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	assert_true (fd >= 0);
	while (write (fd, zeros, sizeof zeros) == sizeof zeros) {}
	assert_int_equal (errno, ENOSPC);
	close (fd);
}

/* There was room when it began; somebody else takes it while slices are written. */
static void a_disk_that_fills_midway_keeps_nothing_half_and_serves_again (void **state)
{
	struct place *place = *state;
	OWNED (problems) problems = problems_new ();
	OWNED (backup) backup = NULL;
	char other[128], path[BACKUP_PATH];

	if (!mount_small_disk (place, archive_file_bytes (DATABASE_BYTES) + MIB))
		skip ();
	snprintf (other, sizeof other, "%s/milik-orang-lain", place->folder);
	assert_ok (begin (place, 1763780000000, 3, &backup, problems));
	for (unsigned i = 0; i < 4; i++)
		assert_ok (backup_step (backup, problems));
	assert_int_equal (backup_phase (backup), BACKUP_COPYING);
	fill_disk (other);
	assert_int_equal (run (backup, problems), ERR_NO_SPACE);
	backup_destroy (&backup);
	assert_int_equal (place->released, 1);
	assert_int_equal (files_in (place->folder, false), 1);
	assert_int_equal (unlink (other), 0);
	take (place, 1763780000000, 3, path);
	assert_int_equal (files_in (place->folder, true), 1);
	assert_int_equal (umount (place->folder), 0);
}

/* What was written is read back before it gets its name. */
static void what_the_disk_changed_never_gets_its_name (void **state)
{
	struct place *place = *state;
	OWNED (problems) problems = problems_new ();
	OWNED (backup) backup = NULL;
	char part[BACKUP_PATH + 8];
	FILE *file;

	assert_ok (begin (place, 1763780000000, 3, &backup, NULL));
	while (backup_phase (backup) == BACKUP_COPYING)
		assert_ok (backup_step (backup, NULL));
	snprintf (part, sizeof part, "%s.part", backup_path (backup));
	file = fopen (part, "r+");
	fseek (file, MIB, SEEK_SET);
	fputc ('x', file);
	fputc ('y', file);
	fclose (file);
	assert_int_equal (run (backup, problems), ERR_MALFORMED);
	assert_int_equal (files_in (place->folder, false), 0);
}

static void the_newest_stay_and_the_one_just_made_even_when_the_clock_went_back (void **state)
{
	struct place *place = *state;
	char path[5][BACKUP_PATH];

	for (int i = 0; i < 4; i++)
		take (place, 1763780000000 + i * DAY_MS, 2, path[i]);
	assert_int_equal (files_in (place->folder, false), 2);
	assert_int_equal (access (path[2], F_OK), 0);
	take (place, 1700000000000, 2, path[4]);
	assert_int_equal (access (path[4], F_OK), 0);
	assert_int_equal (access (path[3], F_OK), 0);
	assert_int_equal (files_in (place->folder, false), 2);
}

static void a_note_reads_back_and_a_strange_one_counts_as_none (void **state)
{
	struct place *place = *state;
	struct backup_note note = { 5, 4, 3, "/media/disk satu/a.jbk" }, got;
	char path[128];
	FILE *file;

	backup_note_read (place->data, BACKUP_NOTE, &got);
	assert_int_equal (got.at_ms, 0);
	assert_ok (backup_note_write (place->data, BACKUP_NOTE, &note));
	backup_note_read (place->data, BACKUP_NOTE, &got);
	assert_int_equal (got.at_ms, 5);
	assert_int_equal (got.made_ms, 4);
	assert_int_equal (got.bytes, 3);
	assert_string_equal (got.path, note.path);
	snprintf (path, sizeof path, "%s/" BACKUP_NOTE, place->data);
	file = fopen (path, "w");
	fputs ("jembatan-note-v1 lima 4 3 x\n", file);
	fclose (file);
	backup_note_read (place->data, BACKUP_NOTE, &got);
	assert_int_equal (got.at_ms, 0);
}

#define T(name) cmocka_unit_test_setup_teardown (name, set_up, tear_down)

int main (void)
{
	const struct CMUnitTest tests[] = {
		T (what_was_backed_up_comes_out_again),
		T (a_source_that_fails_leaves_nothing_and_is_told_apart_from_the_disk),
		T (one_that_is_given_up_leaves_nothing),
		T (a_disk_that_fills_midway_keeps_nothing_half_and_serves_again),
		T (what_the_disk_changed_never_gets_its_name),
		T (the_newest_stay_and_the_one_just_made_even_when_the_clock_went_back),
		T (a_note_reads_back_and_a_strange_one_counts_as_none),
	};

	assert_ok (keys_start ());
	return cmocka_run_group_tests (tests, NULL, NULL);
}
