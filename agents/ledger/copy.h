/*
 * The whole ledger for a backup: copied while it is in use, and put in place by a restore.
 */
#ifndef AGENTS_LEDGER_COPY_H
#define AGENTS_LEDGER_COPY_H

#include "agents/ledger/ledger.h"
#include "proto/backup.h"

/*
 * Holds the ledger's file still and gives it as the source of a backup: exactly what is committed now.
 * What is committed later goes into SQLite's log, which is put away when the source is released; an
 * erasure's last traces wait in it as long.  Not inside a transaction, and once at a time.
 */
MUST_USE err_t ledger_copy (ledger_t *ledger, struct backup_source *ret_source);

/* Reads every page and walks every index of the file.  ERR_CORRUPT. */
MUST_USE err_t ledger_check_whole (ledger_t *ledger);

/* Number, hash and time of the newest entry: how far a ledger holds.  All zero without entries. */
struct ledger_head {
	uint64_t entries;
	struct hash hash;
	int64_t at_ms;
};
void ledger_head (ledger_t *ledger, struct ledger_head *ret_head);

/* When the first entry was made; 0 when there is none. */
int64_t ledger_since_ms (ledger_t *ledger);

/* A folder inside the data folder for a ledger that is being restored or rehearsed.  A plain copy
 * lies nowhere else. */
#define LEDGER_RESTORE_FOLDER "restore"

/* Makes it anew and locks it against a second one and against ledger_sweep: ERR_IN_USE, ERR_FILE.
 * Closing the descriptor unlocks it. */
MUST_USE err_t ledger_restore_begin (const char *folder, int *ret_lock);

/* Removes what a restore or a rehearsal left there, unless one is running. */
void ledger_sweep (const char *folder);

/* The ledger that was restored there becomes that of the data folder, durably.  ERR_EXISTS, ERR_FILE,
 * ERR_IO. */
MUST_USE err_t ledger_restore_end (const char *folder);

#endif
