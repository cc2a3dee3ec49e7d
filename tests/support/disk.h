/*
 * A disk in memory under SQLite, which fails or loses its power where a test says so.
 *
 * A disk holds the databases, WALs and journals below one folder; the VFS that disk_new registers as
 * the default sends every other path to SQLite's own.  So the ledger and the hub's store open on it
 * unchanged, several disks stand side by side (a hub's, each agency's, one after a power cut), and
 * only what is no database (locks, keys) is in the real folder, which the caller makes.
 *
 * What a disk does follows from its seed and the calls made, and from nothing else.  A disk may be
 * used by several threads; one process sees it, and locks hold among its connections.
 *
 * Durability is that of POSIX at its weakest:
 *   - a write or truncation is certain once a later sync of its file returned SQLITE_OK;
 *   - a name made or deleted is certain once its folder was synced, which happens, as with SQLite's
 *     own VFS, by the first sync of a new journal or WAL and by a deletion that asks for it;
 *   - what a failed sync should have made certain stays uncertain for good, whatever a later sync
 *     says: the kernel forgets that those pages were dirty.
 */
#ifndef TESTS_SUPPORT_DISK_H
#define TESTS_SUPPORT_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct disk disk_t;

/* ---- life ---- */

/* An empty disk for everything below `folder` (an absolute path without links; it exists).  SQLite's
 * random numbers begin anew with the seed. */
disk_t *disk_new (const char *folder, uint64_t seed);

/* Frees all that is on it.  A connection that is still open to it may be closed no more. */
void disk_destroy (disk_t **disk);

/* Takes up a file of the real folder as durable content: a ledger is made on the real disk, by
 * rename and all, and then brought here.  The real file stays. */
void disk_import (disk_t *disk, const char *name);

/* The disk as it is now, with all that was written, for another folder. */
disk_t *disk_copy (disk_t *disk, const char *folder);

/*
 * What is there after the power failed now, for another folder.  Each write, truncation and name
 * that is not certain is kept, dropped, torn (only some of its sectors of 512 bytes arrived) or
 * applied out of order, by the seed: 0 drops all, 1 keeps all, 2 keeps an ordered beginning whose
 * last write is torn, and every other one decides for each by itself.  The disk cut goes on
 * unharmed.
 */
disk_t *disk_cut (disk_t *disk, const char *folder, uint64_t seed);

/* Carries a disk that nobody uses to another folder: what a kill leaves is cut first, to nowhere, and
 * put back when the connections that died have been closed. */
void disk_move (disk_t *disk, const char *folder);

/* ---- what it was asked ---- */

enum disk_op { DISK_OPEN, DISK_READ, DISK_WRITE, DISK_SYNC, DISK_TRUNCATE, DISK_DELETE, DISK_OPS };

/* How often since disk_new; failed ones count. */
uint64_t disk_count (disk_t *disk, enum disk_op op);

/* ---- faults ---- */

enum disk_fault {
	DISK_IOERR,        /* the operation's own SQLITE_IOERR_...; of a write half may have arrived */
	DISK_FULL,         /* SQLITE_FULL; a full disk still syncs, reads and deletes */
	DISK_SHORT,        /* a read finds the file ended: zeros, SQLITE_IOERR_SHORT_READ */
};

/* The nth operation of this kind from now on (1 = the next) fails; then that one alone, or all of
 * its kind for good.  One fault at a time: a new one replaces it; nth 0 heals the disk. */
void disk_fail (disk_t *disk, enum disk_op op, uint64_t nth, enum disk_fault fault, bool for_good);

/* Whether the fault that was set has happened. */
bool disk_failed (disk_t *disk);

/* Writes and syncs that were tried after a sync had failed: who trusts such a disk is wrong. */
uint64_t disk_after_bad_sync (disk_t *disk);

/* Called in the middle of every sync, when all was written and nothing of it is certain yet; the
 * callback may cut, copy, open other disks, and fork.  NULL ends it. */
typedef void (disk_sync_fn) (disk_t *disk, void *arg);
void disk_on_sync (disk_t *disk, disk_sync_fn *called, void *arg);

/* Every sync takes so much longer. */
void disk_slow (disk_t *disk, unsigned ms);

/* ---- damage ---- */

/* Names are below the folder ("hub.db", "ledger.db-wal").  -1 when there is no such file. */
int64_t disk_size (disk_t *disk, const char *name);

/* One bit of the file is the other one; what was written before is then durable as it is now. */
void disk_flip (disk_t *disk, const char *name, uint64_t bit);
void disk_shorten (disk_t *disk, const char *name, uint64_t size);

/* The same pseudo-random numbers for the same state, for tests that draw their own. */
uint64_t disk_random (uint64_t *state);

#endif
