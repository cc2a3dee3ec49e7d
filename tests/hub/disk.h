/*
 * A disk that fails when a test says so: wraps the file methods of SQLite's own VFS.
 */
#ifndef TESTS_HUB_DISK_H
#define TESTS_HUB_DISK_H

#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdlib.h>

static volatile int disk_full_writes;   /* so many next writes find the disk full */
static volatile int disk_bad_syncs;     /* so many next flushes fail */
static struct { sqlite3_io_methods ours; const sqlite3_io_methods *real; } disk_kind[4];
static sqlite3_vfs disk_vfs;
static sqlite3_vfs *disk_vfs_real;

/* The database and its WAL have different methods. */
static const sqlite3_io_methods *disk_real (const sqlite3_file *file)
{
	for (size_t i = 0; i < 4; i++) {
		if (file->pMethods == &disk_kind[i].ours)
			return disk_kind[i].real;
	}
	abort ();
}

static int disk_write (sqlite3_file *file, const void *data, int len, sqlite3_int64 at)
{
	if (disk_full_writes > 0) {
		disk_full_writes--;
		return SQLITE_FULL;
	}
	return disk_real (file)->xWrite (file, data, len, at);
}

/* While the disk is held, whoever flushes waits. */
static pthread_mutex_t disk_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t disk_moved = PTHREAD_COND_INITIALIZER;
static bool disk_held;

static inline void disk_hold (bool held)
{
	pthread_mutex_lock (&disk_lock);
	disk_held = held;
	pthread_cond_broadcast (&disk_moved);
	pthread_mutex_unlock (&disk_lock);
}

static void disk_wait (void)
{
	pthread_mutex_lock (&disk_lock);
	while (disk_held)
		pthread_cond_wait (&disk_moved, &disk_lock);
	pthread_mutex_unlock (&disk_lock);
}

static int disk_sync (sqlite3_file *file, int flags)
{
	disk_wait ();
	if (disk_bad_syncs > 0) {
		disk_bad_syncs--;
		return SQLITE_IOERR_FSYNC;
	}
	return disk_real (file)->xSync (file, flags);
}

static void disk_wrap (sqlite3_file *file)
{
	size_t i = 0;

	while (disk_kind[i].real != NULL && disk_kind[i].real != file->pMethods)
		i++;
	disk_kind[i].real = file->pMethods;
	disk_kind[i].ours = *file->pMethods;
	disk_kind[i].ours.xWrite = disk_write;
	disk_kind[i].ours.xSync = disk_sync;
	file->pMethods = &disk_kind[i].ours;
}

static int disk_open (sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
		      int *ret_flags)
{
	int code = disk_vfs_real->xOpen (disk_vfs_real, name, file, flags, ret_flags);

	if (code != SQLITE_OK || file->pMethods == NULL)
		return code;
	disk_wrap (file);
	return code;
}

/* Before the first store of the program. */
static inline void disk_install (void)
{
	disk_vfs_real = sqlite3_vfs_find (NULL);
	disk_vfs = *disk_vfs_real;
	disk_vfs.zName = "failing-disk";
	disk_vfs.xOpen = disk_open;
	sqlite3_vfs_register (&disk_vfs, 1);
}

#endif
