/*
 * Backups in slices; see backup.h.
 */
#include "proto/backup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "jembatan/clock.h"
#include "jembatan/fault.h"
#include "proto/file.h"
#include "proto/os_error.h"

#define SLICE_PIECES 4u
#define PART ".part"
/* behind "<who>-"; d is a digit, x a digit of hex */
#define NAME_PATTERN "dddd-dd-ddTddddddZ-xxxxxxxx.jbk"
#define SPARE_BYTES (64u * KIB)          /* for the folder's own growth */

struct backup {
	struct backup_source source;
	struct archive_head head;
	char folder[BACKUP_PATH], path[BACKUP_PATH], part[BACKUP_PATH];
	unsigned keep;
	vault_t *key;
	archive_t *archive;
	enum backup_phase phase;
	bool released;
	uint8_t piece[ARCHIVE_PIECE_BYTES];
};

/* ---- the folder --------------------------------------------------------------------------------- */

/* clang-format off */
enum flaw { FLAW_RELATIVE, FLAW_GONE, FLAW_NO_FOLDER, FLAW_INSIDE, FLAW_NOT_MOUNTED, FLAW_READ_ONLY };
static const struct { err_t err; const char *id, *en; } flaws[] = {
	[FLAW_RELATIVE] = { ERR_INVALID,
		"folder cadangan %s harus ditulis lengkap, mulai dengan /",
		"the backup folder %s must be written in full, beginning with /" },
	[FLAW_GONE] = { ERR_FILE,
		"folder cadangan %s tidak ada; pasang disknya, atau buat folder itu",
		"the backup folder %s is not there; plug in its disk, or make the folder" },
	[FLAW_NO_FOLDER] = { ERR_FILE,
		"%s bukan folder; sebutkan folder cadangan",
		"%s is no folder; name a folder for backups" },
	[FLAW_INSIDE] = { ERR_INVALID,
		"folder cadangan %s berada di dalam folder data dan akan hilang bersamanya; pilih yang lain",
		"the backup folder %s is inside the data folder and would be lost with it; choose another" },
	[FLAW_NOT_MOUNTED] = { ERR_FILE,
		"tidak ada disk terpasang di %s; pasang disk cadangan lalu ulangi",
		"no disk is mounted at %s; plug in the backup disk and try again" },
	[FLAW_READ_ONLY] = { ERR_FILE,
		"folder cadangan %s tidak dapat ditulisi; periksa izinnya, dan ReadWritePaths di unit systemd",
		"the backup folder %s can't be written to; check its permissions, and ReadWritePaths of the systemd unit" },
};
/* clang-format on */

static err_t complain (problems_t *problems, enum flaw flaw, const char *folder)
{
	return problems_add (problems, flaws[flaw].err, "folder", flaws[flaw].id, flaws[flaw].en,
			     file_quoted (folder));
}

static bool is_inside (const char *folder, const char *data)
{
	char real_folder[PATH_MAX], real_data[PATH_MAX];
	size_t len;

	if (realpath (folder, real_folder) == NULL || realpath (data, real_data) == NULL)
		return false;
	len = strlen (real_data);
	return strncmp (real_folder, real_data, len) == 0 &&
	       (real_folder[len] == '/' || real_folder[len] == '\0');
}

static bool same_device (const char *a, const char *b)
{
	struct stat of_a, of_b;

	return stat (a, &of_a) == 0 && stat (b, &of_b) == 0 && of_a.st_dev == of_b.st_dev;
}

bool backup_same_disk (const struct backup_target *target)
{
	return same_device (target->folder, target->data);
}

static err_t check_room (const char *folder, uint64_t bytes, problems_t *problems)
{
	uint64_t needed = archive_file_bytes (bytes) + SPARE_BYTES, free_bytes;
	struct statvfs disk;

	if (statvfs (folder, &disk) != 0)
		return complain (problems, FLAW_READ_ONLY, folder);
	free_bytes = (uint64_t)disk.f_bavail * disk.f_frsize;
	if (free_bytes >= needed)
		return ERR_OK;
	return problems_add (problems, ERR_NO_SPACE, "folder",
			     "ruang di %s kurang: perlu %llu KiB, tersisa %llu KiB; kosongkan disk "
			     "cadangan atau pakai yang lebih besar",
			     "there is too little room in %s: %llu KiB needed, %llu KiB left; free "
			     "some of the backup disk or use a larger one",
			     file_quoted (folder), (unsigned long long)(needed / KIB + 1),
			     (unsigned long long)(free_bytes / KIB));
}

err_t backup_check (const struct backup_target *target, uint64_t bytes, problems_t *problems)
{
	const char *folder = target->folder;
	struct stat about;

	if (*folder != '/')
		return complain (problems, FLAW_RELATIVE, folder);
	if (stat (folder, &about) != 0)
		return complain (problems, FLAW_GONE, folder);
	if (!S_ISDIR (about.st_mode))
		return complain (problems, FLAW_NO_FOLDER, folder);
	if (is_inside (folder, target->data))
		return complain (problems, FLAW_INSIDE, folder);
	if (target->mounted && (same_device (folder, "/") || backup_same_disk (target)))
		return complain (problems, FLAW_NOT_MOUNTED, folder);
	if (access (folder, W_OK | X_OK) != 0)
		return complain (problems, FLAW_READ_ONLY, folder);
	return check_room (folder, bytes, problems);
}

/* ---- names -------------------------------------------------------------------------------------- */

static bool fits (const char *pattern, const char *text)
{
	for (; *pattern != '\0'; pattern++, text++) {
		bool digit = *text >= '0' && *text <= '9';
		bool hex = digit || (*text >= 'a' && *text <= 'f');

		if (*pattern == 'd' ? !digit : *pattern == 'x' ? !hex : *pattern != *text)
			return false;
	}
	return *text == '\0';
}

/* Whether a file is a backup of this agency or hub, of whichever store. */
static bool is_ours (const struct backup *backup, const char *name)
{
	size_t len = strlen (backup->head.who);

	return strncmp (name, backup->head.who, len) == 0 && name[len] == '-' &&
	       fits (NAME_PATTERN, name + len + 1);
}

static bool is_left_over (const struct backup *backup, const char *name)
{
	size_t len = strlen (name), part = strlen (PART);
	char whole[NAME_MAX + 1];

	if (len <= part || len > NAME_MAX || strcmp (name + len - part, PART) != 0)
		return false;
	memcpy (whole, name, len - part);
	whole[len - part] = '\0';
	return is_ours (backup, whole);
}

static bool name_files (struct backup *backup)
{
	time_t made = (time_t)(backup->head.made_ms / 1000);
	char store[UUID_TEXT], stamp[24];
	struct tm utc;

	gmtime_r (&made, &utc);
	strftime (stamp, sizeof stamp, "%Y-%m-%dT%H%M%SZ", &utc);
	uuid_text (backup->head.store.b, store);
	return (size_t)snprintf (backup->path, sizeof backup->path, "%s/%s-%s-%.8s.jbk",
				 backup->folder, backup->head.who, stamp, store) <
		       sizeof backup->path - strlen (PART) &&
	       snprintf (backup->part, sizeof backup->part, "%s" PART, backup->path) > 0;
}

/* ---- beginning and end -------------------------------------------------------------------------- */

static void release (struct backup *backup)
{
	if (!backup->released && backup->source.release != NULL)
		backup->source.release (backup->source.arg);
	backup->released = true;
}

void backup_destroy (backup_t **backup)
{
	backup_t *self = *backup;

	if (self == NULL)
		return;
	release (self);
	archive_destroy (&self->archive);
	if (self->phase != 0 && self->phase != BACKUP_DONE)
		unlink (self->part);
	vault_destroy (&self->key);
	free (self);
	*backup = NULL;
}

static void remove_named (const struct backup *backup, const char *name)
{
	char path[BACKUP_PATH + NAME_MAX + 2];

	snprintf (path, sizeof path, "%s/%s", backup->folder, name);
	unlink (path);
}

static void remove_left_overs (const struct backup *backup)
{
	DIR *folder = opendir (backup->folder);
	struct dirent *entry;

	while (folder != NULL && (entry = readdir (folder)) != NULL)
		if (is_left_over (backup, entry->d_name))
			remove_named (backup, entry->d_name);
	if (folder != NULL)
		closedir (folder);
}

static err_t begin (struct backup *backup, const struct backup_target *target,
		    problems_t *problems)
{
	err_t err;

	if (strlen (target->folder) >= sizeof backup->folder)
		return complain (problems, FLAW_GONE, target->folder);
	strcpy (backup->folder, target->folder);
	if (!name_files (backup))
		return complain (problems, FLAW_GONE, target->folder);
	remove_left_overs (backup);
	err = backup_check (target, backup->head.bytes, problems);
	if (err == ERR_OK)
		err = archive_create (backup->part, &backup->head, backup->key, &backup->archive,
				      problems);
	if (err == ERR_OK)
		backup->phase = BACKUP_COPYING;
	else
		unlink (backup->part);
	return err;
}

err_t backup_begin (const struct backup_target *target, const struct archive_head *head,
		    const vault_t *key, const struct backup_source *source, backup_t **ret_backup,
		    problems_t *problems)
{
	backup_t *backup = must_alloc (sizeof *backup);
	err_t err;

	memset (backup, 0, sizeof *backup);
	backup->source = *source;
	backup->head = *head;
	backup->head.bytes = source->bytes;
	backup->keep = target->keep > 0 ? target->keep : 1;
	backup->key = vault_of_key (vault_key (key).data);
	err = begin (backup, target, problems);
	if (err != ERR_OK) {
		backup_destroy (&backup);
		return err;
	}
	*ret_backup = backup;
	return ERR_OK;
}

/* ---- slices ------------------------------------------------------------------------------------- */

static err_t copy_piece (struct backup *backup, problems_t *problems)
{
	uint64_t at = archive_done (backup->archive), left = backup->head.bytes - at;
	size_t len = left < sizeof backup->piece ? (size_t)left : sizeof backup->piece;
	err_t err = backup->source.read (backup->source.arg, at, backup->piece, len);

	if (err != ERR_OK)
		return problems_add_texts (problems, err, "", err_text_id (err), err_text_en (err));
	return archive_add (backup->archive, (struct bytes){ backup->piece, len }, problems);
}

/* From here on the source may change again. */
static err_t end_copying (struct backup *backup, problems_t *problems)
{
	err_t err;

	release (backup);
	fault_point ("backup.flush.before");
	err = archive_finish (backup->archive, problems);
	if (err != ERR_OK)
		return err;
	archive_destroy (&backup->archive);
	backup->phase = BACKUP_CHECKING;
	return archive_open (backup->part, backup->head.kind, backup->key, &backup->archive,
			     problems);
}

static err_t copy_slice (struct backup *backup, problems_t *problems)
{
	err_t err = ERR_OK;

	for (unsigned i = 0; i < SLICE_PIECES && err == ERR_OK; i++) {
		err = copy_piece (backup, problems);
		if (err == ERR_OK && archive_done (backup->archive) == backup->head.bytes)
			return end_copying (backup, problems);
	}
	fault_point ("backup.copy.after");
	return err;
}

static int newest_first (const struct dirent **a, const struct dirent **b)
{
	return strcmp ((*b)->d_name, (*a)->d_name);
}

/* Our own, by name, which is by time.  What was just made stays even when a clock went back. */
static void remove_older (const struct backup *backup)
{
	const char *fresh = strrchr (backup->path, '/') + 1;
	struct dirent **list;
	int count = scandir (backup->folder, &list, NULL, newest_first);
	unsigned kept = 1;

	for (int i = 0; i < count; i++) {
		const char *name = list[i]->d_name;

		if (is_ours (backup, name) && strcmp (name, fresh) != 0 && kept++ >= backup->keep)
			remove_named (backup, name);
		free (list[i]);
	}
	if (count >= 0)
		free (list);
}

static err_t flush_folder (const struct backup *backup, problems_t *problems)
{
	int fd = open (backup->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool flushed = fd >= 0 && fsync (fd) == 0;
	int number = errno;

	if (fd >= 0)
		close (fd);
	if (flushed)
		return ERR_OK;
	return problems_add_os (problems, ERR_FILE, "folder", number,
				"folder cadangan %s tidak dapat disimpan",
				"the backup folder %s can't be flushed",
				file_quoted (backup->folder));
}

static err_t put_in_place (struct backup *backup, problems_t *problems)
{
	err_t err;

	archive_destroy (&backup->archive);
	fault_point ("backup.rename.before");
	if (rename (backup->part, backup->path) != 0)
		return problems_add_os (problems, ERR_FILE, "", errno,
					"cadangan %s tidak dapat diberi nama",
					"the backup %s can't be given its name",
					file_quoted (backup->path));
	err = flush_folder (backup, problems);
	if (err != ERR_OK)
		return err;
	backup->phase = BACKUP_DONE;
	remove_older (backup);
	return ERR_OK;
}

static err_t check_slice (struct backup *backup, problems_t *problems)
{
	struct bytes piece;

	for (unsigned i = 0; i < SLICE_PIECES; i++) {
		err_t err = archive_next (backup->archive, &piece, problems);

		if (err != ERR_OK)
			return err;
		if (archive_done (backup->archive) == backup->head.bytes)
			return put_in_place (backup, problems);
	}
	return ERR_OK;
}

err_t backup_step (backup_t *backup, problems_t *problems)
{
	err_t err = ERR_OK;

	switch (backup->phase) {
	case BACKUP_COPYING:
		err = copy_slice (backup, problems);
		break;
	case BACKUP_CHECKING:
		err = check_slice (backup, problems);
		break;
	case BACKUP_DONE:
		break;
	}
	if (err != ERR_OK) {
		release (backup);
		unlink (backup->part);
	}
	return err;
}

enum backup_phase backup_phase (const backup_t *backup)
{
	return backup->phase;
}

uint64_t backup_progress (const backup_t *backup)
{
	return backup->archive != NULL ? archive_done (backup->archive) : backup->head.bytes;
}

const struct archive_head *backup_head (const backup_t *backup)
{
	return &backup->head;
}

const char *backup_path (const backup_t *backup)
{
	return backup->path;
}

/* ---- notes -------------------------------------------------------------------------------------- */

#define NOTE_START "jembatan-note-v1"

err_t backup_note_write (const char *data, const char *name, const struct backup_note *note)
{
	char path[PATH_MAX], text[BACKUP_PATH + 128];
	int len = snprintf (text, sizeof text, NOTE_START " %lld %lld %llu %s\n",
			    (long long)note->at_ms, (long long)note->made_ms,
			    (unsigned long long)note->bytes, note->path);

	if (snprintf (path, sizeof path, "%s/%s", data, name) >= (int)sizeof path)
		return ERR_FILE;
	return file_replace (path, 0600, (struct bytes){ (uint8_t *)text, (size_t)len });
}

void backup_note_read (const char *data, const char *name, struct backup_note *ret_note)
{
	OWNED (arena) arena = arena_new (8 * KIB);
	struct backup_note note = { .at_ms = 0 };
	struct bytes text;
	char path[PATH_MAX];
	long long at, made;
	unsigned long long bytes;
	int from = 0;

	memset (ret_note, 0, sizeof *ret_note);
	if (snprintf (path, sizeof path, "%s/%s", data, name) >= (int)sizeof path ||
	    file_read (path, 4 * KIB, arena, &text) != ERR_OK)
		return;
	if (sscanf ((const char *)text.data, NOTE_START " %lld %lld %llu %n", &at, &made, &bytes,
		    &from) != 3 || from == 0)
		return;
	note.at_ms = at;
	note.made_ms = made;
	note.bytes = bytes;
	snprintf (note.path, sizeof note.path, "%.*s",
		  (int)strcspn ((const char *)text.data + from, "\n"),
		  (const char *)text.data + from);
	*ret_note = note;
}

/* ---- taking one out ----------------------------------------------------------------------------- */

static err_t extract_failed (const char *path, problems_t *problems)
{
	err_t err = errno == ENOSPC || errno == EDQUOT ? ERR_NO_SPACE : ERR_FILE;

	return problems_add_os (problems, err, "", errno, "%s tidak dapat ditulis",
				"%s can't be written", file_quoted (path));
}

static err_t write_piece (int fd, struct bytes piece)
{
	while (piece.len > 0) {
		ssize_t n = write (fd, piece.data, piece.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return ERR_FILE;
		piece.data += n;
		piece.len -= (size_t)n;
	}
	return ERR_OK;
}

static err_t extract_to (archive_t *archive, int fd, const char *path, problems_t *problems)
{
	struct bytes piece;
	err_t err;

	do {
		err = archive_next (archive, &piece, problems);
		if (err == ERR_OK && write_piece (fd, piece) != ERR_OK)
			err = extract_failed (path, problems);
	} while (err == ERR_OK && piece.len > 0);
	if (err == ERR_OK && fsync (fd) != 0)
		err = extract_failed (path, problems);
	return err;
}

err_t archive_extract (const char *file, enum archive_kind kind, const vault_t *key,
		       const char *path, struct archive_head *ret_head, problems_t *problems)
{
	OWNED (archive) archive = NULL;
	err_t err = archive_open (file, kind, key, &archive, problems);
	int fd;

	if (err != ERR_OK)
		return err;
	fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return extract_failed (path, problems);
	err = extract_to (archive, fd, path, problems);
	if (close (fd) != 0 && err == ERR_OK)
		err = extract_failed (path, problems);
	if (err != ERR_OK)
		unlink (path);
	else
		*ret_head = *archive_head (archive);
	return err;
}
