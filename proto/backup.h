/*
 * Taking a backup in slices: a database is read through its own connection, written as an archive
 * under a temporary name, flushed, read back, and only then given its name.  Older ones beyond a
 * number are removed.  Whoever runs it (agent or hub) calls backup_step from its loop; the file is
 * "<who>-<date>T<time>-<first 8 of the store id>.jbk" and its name tells nothing else.
 *
 * What fails here is the disk that the backup goes to, which is never a reason to stop; only a
 * source that fails gives its own error.
 */
#ifndef PROTO_BACKUP_H
#define PROTO_BACKUP_H

#include "proto/archive.h"

#define BACKUP_PATH 1024

/* What is to be copied.  It stays the same from the beginning until `release`, which is called once:
 * when all of it has been read, or when the backup is given up. */
struct backup_source {
	uint64_t bytes;
	err_t (*read) (void *arg, uint64_t offset, uint8_t *data, size_t len);
	void (*release) (void *arg);
	void *arg;
};

struct backup_target {
	const char *folder;
	const char *data;        /* folder of the database: the backup may not lie inside */
	bool mounted;            /* refuse a folder on the system's own disk: its disk is absent */
	unsigned keep;           /* how many of this agency or hub stay; at least 1 */
};

enum backup_phase { BACKUP_COPYING = 1, BACKUP_CHECKING, BACKUP_DONE };

typedef struct backup backup_t;

/* Says what is wrong with a folder: not there, not a folder, not mounted, not writable, inside the
 * data folder, too small for `bytes`.  ERR_FILE, ERR_NO_SPACE, ERR_INVALID with a problem. */
MUST_USE err_t backup_check (const struct backup_target *target, uint64_t bytes,
			     problems_t *problems);

/* Whether the folder stands on the same disk as the data: it would be lost with it. */
bool backup_same_disk (const struct backup_target *target);

/* Begins; removes what an interrupted one left in the folder.  The head's `bytes` is the source's.
 * On an error the source is released. */
MUST_USE err_t backup_begin (const struct backup_target *target, const struct archive_head *head,
			     const vault_t *key, const struct backup_source *source,
			     backup_t **ret_backup, problems_t *problems);

/* A slice of a quarter of a MiB.  On an error the temporary file is gone. */
MUST_USE err_t backup_step (backup_t *backup, problems_t *problems);

enum backup_phase backup_phase (const backup_t *backup);
/* Bytes of the source that were copied, or checked, of head.bytes. */
uint64_t backup_progress (const backup_t *backup);
const struct archive_head *backup_head (const backup_t *backup);
const char *backup_path (const backup_t *backup);   /* its final name */

/* Gives up one that is not done. */
void backup_destroy (backup_t **backup);

/* ---- what was done last ---- */

/* A line in the data folder: that a backup was made, or one was rehearsed.  It holds no more than the
 * name of the file and times. */
struct backup_note {
	int64_t at_ms;           /* 0 = never */
	int64_t made_ms;         /* of the archive */
	uint64_t bytes;          /* of its file */
	char path[BACKUP_PATH];
};

#define BACKUP_NOTE "last-backup"
#define REHEARSAL_NOTE "last-rehearsal"

MUST_USE err_t backup_note_write (const char *data, const char *name,
				  const struct backup_note *note);
/* at_ms 0 when there is none that can be read. */
void backup_note_read (const char *data, const char *name, struct backup_note *ret_note);

/* ---- taking one out ---- */

/* Writes the database of a whole archive to `path` (0600), which must not be there; nothing is left
 * of it on an error.  Fails as archive_open and archive_next do, and with ERR_NO_SPACE, ERR_FILE. */
MUST_USE err_t archive_extract (const char *file, enum archive_kind kind, const vault_t *key,
				const char *path, struct archive_head *ret_head,
				problems_t *problems);

#endif
