/* Plain files after a power cut; see power.h. */
#include "tests/torture/power.h"

#include <assert.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "jembatan/base.h"
#include "tests/support/disk.h"

#define SECTOR 512u
#define CHANGES_MOST 4096u

enum what { WROTE, MADE, RENAMED, UNLINKED };

/* One that is uncertain, and how it was before. */
struct change {
	enum what what;
	bool certain;
	/* of a file's content */
	int fd;                      /* of our own, so that a new name changes nothing */
	ino_t file;
	off_t at, size;
	uint8_t *old;
	size_t len;
	/* of names */
	ino_t folder;
	char path[PATH_MAX], from[PATH_MAX], kept[PATH_MAX];   /* kept: "" when nothing was there */
};

static struct {
	bool on;
	char attic[PATH_MAX];
	struct change *change;
	size_t count;
} power;

/* The calls below come back through calls.c; what they do is not to be noted. */
static bool begin_note (void)
{
	bool on = power.on;

	power.on = false;
	return on;
}

void power_watch (const char *attic)
{
	snprintf (power.attic, sizeof power.attic, "%s", attic);
	power.change = must_alloc (CHANGES_MOST * sizeof *power.change);
	power.count = 0;
	power.on = true;
}

static struct change *add (enum what what)
{
	struct change *change = &power.change[power.count++];

	assert (power.count < CHANGES_MOST);
	*change = (struct change){ .what = what, .fd = -1 };
	return change;
}

/* ---- content ------------------------------------------------------------------------------------ */

/* What stands there from `at` on is remembered. */
static void note_content (int fd, off_t at, size_t len)
{
	char path[64];
	struct stat about;
	struct change *change;

	if (fstat (fd, &about) != 0 || !S_ISREG (about.st_mode))
		return;
	change = add (WROTE);
	snprintf (path, sizeof path, "/proc/self/fd/%d", fd);
	change->fd = open (path, O_RDWR | O_CLOEXEC);
	assert (change->fd >= 0);
	change->file = about.st_ino;
	change->size = about.st_size;
	change->at = at;
	change->old = must_alloc (len + 1);
	change->len = len;
	if (at < about.st_size) {
		size_t there = (size_t)(about.st_size - at) < len ? (size_t)(about.st_size - at) : len;

		if (pread (change->fd, change->old, there, at) != (ssize_t)there)
			abort ();
		memset (change->old + there, 0, len - there);
	}
}

void power_write (int fd, off_t at, size_t len)
{
	bool on = begin_note ();

	if (on)
		note_content (fd, at >= 0 ? at : lseek (fd, 0, SEEK_CUR), len);
	power.on = on;
}

void power_truncate (int fd, off_t size)
{
	bool on = begin_note ();
	struct stat about;

	if (on && fstat (fd, &about) == 0)
		note_content (fd, size, about.st_size > size ? (size_t)(about.st_size - size) : 0);
	power.on = on;
}

/* ---- names -------------------------------------------------------------------------------------- */

static ino_t folder_of (const char *path)
{
	char copy[PATH_MAX];
	struct stat about;

	snprintf (copy, sizeof copy, "%s", path);
	return stat (dirname (copy), &about) == 0 ? about.st_ino : 0;
}

/* Another name keeps what a cut may bring back. */
static void keep (struct change *change, const char *path)
{
	if (access (path, F_OK) != 0)
		return;
	snprintf (change->kept, sizeof change->kept, "%.3000s/%zu", power.attic, power.count);
	if (link (path, change->kept) != 0)
		abort ();
}

static void note_name (enum what what, const char *path, const char *from)
{
	struct change *change = add (what);

	snprintf (change->path, sizeof change->path, "%s", path);
	snprintf (change->from, sizeof change->from, "%s", from);
	change->folder = folder_of (path);
	if (what != MADE)
		keep (change, path);
}

void power_make (const char *path, int flags)
{
	bool on = begin_note ();

	if (on && (flags & O_CREAT) != 0 && access (path, F_OK) != 0)
		note_name (MADE, path, "");
	power.on = on;
}

void power_rename (const char *from, const char *to)
{
	bool on = begin_note ();

	if (on)
		note_name (RENAMED, to, from);
	power.on = on;
}

void power_not_renamed (void)
{
	if (power.on)
		power.count--;
}

void power_unlink (const char *path)
{
	bool on = begin_note ();

	if (on && access (path, F_OK) == 0)
		note_name (UNLINKED, path, "");
	power.on = on;
}

void power_synced (int fd)
{
	struct stat about;

	if (!power.on || fstat (fd, &about) != 0)
		return;
	for (size_t i = 0; i < power.count; i++) {
		struct change *change = &power.change[i];

		if (change->what == WROTE ? change->file == about.st_ino
					  : change->folder == about.st_ino)
			change->certain = true;
	}
}

/* ---- the cut ------------------------------------------------------------------------------------ */

static void unwrite (const struct change *change, uint64_t damage, uint64_t *chance)
{
	size_t step = damage > 2 && disk_random (chance) % 2 == 0 ? SECTOR : change->len;

	for (size_t at = 0; at < change->len; at += step) {
		size_t len = change->len - at < step ? change->len - at : step;

		if (step == SECTOR && disk_random (chance) % 2 == 0)
			continue;
		if (pwrite (change->fd, change->old + at, len, change->at + (off_t)at) != (ssize_t)len)
			abort ();
	}
	if (step != SECTOR && ftruncate (change->fd, change->size) != 0)
		abort ();
}

/* What can't be undone any more has been undone with something that came later. */
static void undo (const struct change *change, uint64_t damage, uint64_t *chance)
{
	int done = 0;

	switch (change->what) {
	case WROTE:
		unwrite (change, damage, chance);
		return;
	case MADE:
		done = unlink (change->path);
		break;
	case RENAMED:
		done = rename (change->path, change->from);
		break;
	case UNLINKED:
		break;
	}
	if (change->kept[0] != '\0')
		done = link (change->kept, change->path);
	(void)done;
}

static bool is_lost (uint64_t damage, size_t i, uint64_t *chance)
{
	switch (damage) {
	case 0: return true;
	case 1: return false;
	case 2: return i >= power.count / 2;
	default: return disk_random (chance) % 2 == 0;
	}
}

void power_cut (uint64_t damage)
{
	uint64_t chance = damage * 31337 + power.count;

	power.on = false;
	for (size_t i = power.count; i-- > 0;)
		if (!power.change[i].certain && is_lost (damage, i, &chance))
			undo (&power.change[i], damage, &chance);
}
