#include "hub/roster.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "jembatan/log.h"
#include "proto/file.h"

struct roster {
	char *file, *kept;
	directory_t *directory;
	bool kept_now;               /* `kept` holds the directory in force */
	struct stat seen;            /* of the file when it was last read */
};

static err_t complain (err_t err, const char *file, problems_t *problems)
{
#define X(name, id, en)                                                              \
	if (err == ERR_##name)                                                       \
		return problems_add (problems, err, "hub/directory", id, en, quoted (file));
	X (NOT_FOUND, "berkas direktori %s tidak ada; minta dari pendaftar jaringan",
	   "the directory file %s is missing; ask the registrar for it")
	X (TOO_LARGE, "direktori %s melebihi 16 MiB",
	   "the directory %s is larger than 16 MiB")
	X (MALFORMED, "%s bukan berkas direktori jaringan",
	   "%s is not a directory file of a network")
	X (BAD_SIGNATURE, "direktori %s tidak ditandatangani oleh pendaftar yang dipercaya",
	   "the directory %s is not signed by the registrar that is trusted")
	X (BAD_VERSION, "direktori %s lebih lama daripada yang sudah diterima",
	   "the directory %s is older than the one accepted before")
#undef X
	return problems_add (problems, err, "hub/directory", "%s tidak dapat dibaca",
			     "%s can't be read", quoted (file));
}

static err_t read_directory (const char *file, const directory_t *trusted,
			     directory_t **ret_directory)
{
	OWNED (arena) arena = arena_new (LIMIT_DIRECTORY_BYTES + 4 * KIB);
	struct bytes content;
	err_t err = file_read (file, LIMIT_DIRECTORY_BYTES, arena, &content);

	return err == ERR_OK ? directory_read (content, trusted, ret_directory) : err;
}

/* What was accepted before this start.  A kept copy that can't be read counts as none, or a damaged disk
 * would stop the hub; the operator hears of it, because an older directory is then believed once. */
static directory_t *read_kept (const char *kept)
{
	directory_t *directory = NULL;
	err_t err = read_directory (kept, NULL, &directory);

	if (err != ERR_OK && err != ERR_NOT_FOUND)
		LOG (WARN, "directory.forgotten", LOG_E (err), LOG_P ("file", kept));
	return err == ERR_OK ? directory : NULL;
}

static void accept (roster_t *roster, directory_t *directory)
{
	directory_destroy (&roster->directory);
	roster->directory = directory;
	roster->kept_now = false;
	roster_keep (roster);
}

void roster_keep (roster_t *roster)
{
	if (!roster->kept_now)
		roster->kept_now = file_replace (roster->kept, 0600,
						 directory_signed_bytes (roster->directory)) ==
				   ERR_OK;
}

err_t roster_open (const char *file, const char *data_folder, roster_t **ret_roster,
		   problems_t *problems)
{
	roster_t *roster = must_alloc (sizeof *roster);
	char kept[4096];
	bool changed;
	err_t err;

	memset (roster, 0, sizeof *roster);
	snprintf (kept, sizeof kept, "%s/directory.accepted", data_folder);
	roster->file = must_text (file);
	roster->kept = must_text (kept);
	roster->directory = read_kept (kept);
	err = roster_reload (roster, &changed, problems);
	if (err != ERR_OK) {
		roster_destroy (&roster);
		return err;
	}
	*ret_roster = roster;
	return ERR_OK;
}

void roster_destroy (roster_t **roster)
{
	if (*roster == NULL)
		return;
	directory_destroy (&(*roster)->directory);
	free ((*roster)->file);
	free ((*roster)->kept);
	free (*roster);
	*roster = NULL;
}

err_t roster_reload (roster_t *roster, bool *ret_changed, problems_t *problems)
{
	directory_t *directory = NULL;
	bool changed;
	err_t err;

	if (stat (roster->file, &roster->seen) != 0)
		return complain (ERR_NOT_FOUND, roster->file, problems);
	err = read_directory (roster->file, roster->directory, &directory);
	if (err != ERR_OK)
		return complain (err, roster->file, problems);
	changed = roster->directory == NULL ||
		  !bytes_equal (directory_signed_bytes (directory),
				directory_signed_bytes (roster->directory));
	accept (roster, directory);
	*ret_changed = changed;
	return ERR_OK;
}

bool roster_stale (const roster_t *roster)
{
	struct stat is;

	return stat (roster->file, &is) == 0 &&
	       (is.st_ino != roster->seen.st_ino || is.st_size != roster->seen.st_size ||
		is.st_mtim.tv_sec != roster->seen.st_mtim.tv_sec ||
		is.st_mtim.tv_nsec != roster->seen.st_mtim.tv_nsec);
}

const directory_t *roster_directory (const roster_t *roster)
{
	return roster->directory;
}

uint64_t roster_version (const roster_t *roster)
{
	return directory_data (roster->directory)->version;
}
