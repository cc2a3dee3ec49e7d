/*
 * A disk in memory; see disk.h.  A file has its content as written, its content as it would surely
 * survive, and between the two a list of changes.  The folder's names are kept in the same way.
 */
#include "tests/support/disk.h"

#include <assert.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "jembatan/base.h"

#define SECTOR 512u
#define SHM_LOCKS 8

struct content {
	uint8_t *data;
	size_t len, room;
};

enum change_kind { CHANGE_WRITE, CHANGE_SIZE };

struct change {
	enum change_kind kind;
	size_t at, len;           /* of CHANGE_SIZE: at is the size */
	uint8_t *data;
};

struct handle;

/* A file, whatever its names; lives as long as its disk. */
struct node {
	struct node *next;
	struct content now, safe;
	struct change *changes;
	size_t count, room;
	size_t doomed;            /* the first so many were in a sync that failed */
	int readers;              /* handles with SHARED or more */
	struct handle *writer;
	uint8_t **shm;
	int shm_count, shm_users;
	int shm_shared[SHM_LOCKS];
	struct handle *shm_owner[SHM_LOCKS];
};

/* Which file a name leads to, now and surely. */
struct name {
	struct name *next;
	char *text;
	struct node *now, *safe;
};

struct disk {
	disk_t *next;
	char *folder;
	uint64_t seed, random;
	struct node *nodes;
	struct name *names;
	uint64_t counts[DISK_OPS];
	enum disk_op fault_op;
	enum disk_fault fault;
	uint64_t fault_at;        /* 0 = none */
	bool for_good, failed, bad_sync;
	uint64_t after_bad_sync;
	disk_sync_fn *on_sync;
	void *on_sync_arg;
	unsigned slow_ms;
};

/* What SQLite holds of an open file. */
struct handle {
	sqlite3_file base;
	disk_t *disk;
	struct node *node;
	struct name *vanishes;    /* deleted when it is closed */
	int lock;
	bool new_name;            /* its first sync is also the folder's */
	bool shm;
};

static disk_t *disks;
static sqlite3_vfs ours, *real;
static pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

static void enter (void)
{
	pthread_mutex_lock (&lock);
}

static void leave (void)
{
	pthread_mutex_unlock (&lock);
}

uint64_t disk_random (uint64_t *state)
{
	uint64_t z = *state += UINT64_C (0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C (0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C (0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* ---- contents ----------------------------------------------------------------------------------- */

static void content_resize (struct content *content, size_t len)
{
	if (len > content->room) {
		content->room = len + len / 2 + 4096;
		content->data = must_realloc (content->data, content->room);
	}
	if (len > content->len)
		memset (content->data + content->len, 0, len - content->len);
	content->len = len;
}

static void content_write (struct content *content, size_t at, const uint8_t *data, size_t len)
{
	if (at + len > content->len)
		content_resize (content, at + len);
	if (len > 0)
		memcpy (content->data + at, data, len);
}

static void content_set (struct content *content, const struct content *from)
{
	content_resize (content, 0);
	content_write (content, 0, from->data, from->len);
}

static void content_change (struct content *content, const struct change *change)
{
	switch (change->kind) {
	case CHANGE_WRITE:
		content_write (content, change->at, change->data, change->len);
		break;
	case CHANGE_SIZE:
		content_resize (content, change->at);
		break;
	}
}

/* Each sector of a write arrives or doesn't. */
static void content_tear (struct content *content, const struct change *change, uint64_t *random)
{
	size_t end = change->at + change->len;

	for (size_t at = change->at; at < end; at = (at / SECTOR + 1) * SECTOR) {
		size_t stop = (at / SECTOR + 1) * SECTOR;

		if ((disk_random (random) & 1) != 0)
			content_write (content, at, change->data + (at - change->at),
				       (stop < end ? stop : end) - at);
	}
}

/* ---- files -------------------------------------------------------------------------------------- */

static struct node *node_new (disk_t *disk)
{
	struct node *node = must_alloc (sizeof *node);

	memset (node, 0, sizeof *node);
	node->next = disk->nodes;
	return disk->nodes = node;
}

static void node_forget_changes (struct node *node)
{
	for (size_t i = 0; i < node->count; i++)
		free (node->changes[i].data);
	node->count = node->doomed = 0;
}

static void node_shm_free (struct node *node)
{
	for (int i = 0; i < node->shm_count; i++)
		free (node->shm[i]);
	free (node->shm);
	node->shm = NULL;
	node->shm_count = 0;
}

static void node_free (struct node *node)
{
	node_forget_changes (node);
	node_shm_free (node);
	free (node->changes);
	free (node->now.data);
	free (node->safe.data);
	free (node);
}

static struct change *node_note (struct node *node, enum change_kind kind, size_t at)
{
	struct change *change;

	if (node->count == node->room) {
		node->room = 2 * node->room + 16;
		node->changes = must_realloc (node->changes, node->room * sizeof *node->changes);
	}
	change = &node->changes[node->count++];
	*change = (struct change){ .kind = kind, .at = at };
	return change;
}

static void node_write (struct node *node, size_t at, const void *data, size_t len)
{
	struct change *change = node_note (node, CHANGE_WRITE, at);

	change->data = must_alloc (len > 0 ? len : 1);
	memcpy (change->data, data, len);
	change->len = len;
	content_change (&node->now, change);
}

static void node_resize (struct node *node, size_t size)
{
	content_change (&node->now, node_note (node, CHANGE_SIZE, size));
}

/* What a failed sync gave up stays on the list, and whatever overlaps it is certain nowhere. */
static void node_sync (struct node *node)
{
	if (node->doomed > 0) {
		node->doomed = node->count;
		return;
	}
	for (size_t i = 0; i < node->count; i++)
		content_change (&node->safe, &node->changes[i]);
	node_forget_changes (node);
}

static void node_settle (struct node *node)
{
	content_set (&node->safe, &node->now);
	node_forget_changes (node);
}

/* ---- names -------------------------------------------------------------------------------------- */

static struct name *name_find (disk_t *disk, const char *text, bool make)
{
	struct name *name;

	for (name = disk->names; name != NULL; name = name->next)
		if (strcmp (name->text, text) == 0)
			return name;
	if (!make)
		return NULL;
	name = must_alloc (sizeof *name);
	*name = (struct name){ .next = disk->names, .text = must_text (text) };
	return disk->names = name;
}

static void folder_sync (disk_t *disk)
{
	for (struct name *name = disk->names; name != NULL; name = name->next)
		name->safe = name->now;
}

/* The disk of a path and the name below its folder; NULL for a path of the real one. */
static disk_t *disk_of (const char *path, const char **ret_name)
{
	for (disk_t *disk = disks; path != NULL && disk != NULL; disk = disk->next) {
		size_t len = strlen (disk->folder);

		if (strncmp (path, disk->folder, len) == 0 && path[len] == '/') {
			*ret_name = path + len + 1;
			return disk;
		}
	}
	return NULL;
}

/* ---- faults ------------------------------------------------------------------------------------- */

static const int io_codes[DISK_OPS] = {
	[DISK_OPEN] = SQLITE_CANTOPEN,       [DISK_READ] = SQLITE_IOERR_READ,
	[DISK_WRITE] = SQLITE_IOERR_WRITE,   [DISK_SYNC] = SQLITE_IOERR_FSYNC,
	[DISK_TRUNCATE] = SQLITE_IOERR_TRUNCATE, [DISK_DELETE] = SQLITE_IOERR_DELETE,
};

/* Counts, and says whether this one fails and how. */
static int asked (disk_t *disk, enum disk_op op)
{
	disk->counts[op]++;
	if (disk->bad_sync && (op == DISK_WRITE || op == DISK_SYNC))
		disk->after_bad_sync++;
	if (disk->fault_at == 0 || op != disk->fault_op || disk->counts[op] < disk->fault_at
	    || (disk->counts[op] > disk->fault_at && !disk->for_good))
		return SQLITE_OK;
	disk->failed = true;
	switch (disk->fault) {
	case DISK_FULL: return SQLITE_FULL;
	case DISK_SHORT: return SQLITE_IOERR_SHORT_READ;
	case DISK_IOERR: break;
	}
	return io_codes[op];
}

void disk_fail (disk_t *disk, enum disk_op op, uint64_t nth, enum disk_fault fault, bool for_good)
{
	enter ();
	disk->fault_op = op;
	disk->fault = fault;
	disk->fault_at = nth > 0 ? disk->counts[op] + nth : 0;
	disk->for_good = for_good;
	disk->failed = false;
	leave ();
}

bool disk_failed (disk_t *disk)
{
	return disk->failed;
}

uint64_t disk_after_bad_sync (disk_t *disk)
{
	return disk->after_bad_sync;
}

uint64_t disk_count (disk_t *disk, enum disk_op op)
{
	return disk->counts[op];
}

void disk_on_sync (disk_t *disk, disk_sync_fn *called, void *arg)
{
	disk->on_sync = called;
	disk->on_sync_arg = arg;
}

void disk_slow (disk_t *disk, unsigned ms)
{
	disk->slow_ms = ms;
}

/* ---- SQLite's file methods ---------------------------------------------------------------------- */

static int file_unlock (sqlite3_file *file, int level);

static int file_close (sqlite3_file *file)
{
	struct handle *handle = (struct handle *)file;

	enter ();
	file_unlock (file, SQLITE_LOCK_NONE);
	if (handle->vanishes != NULL)
		handle->vanishes->now = handle->vanishes->safe = NULL;
	leave ();
	return SQLITE_OK;
}

static int file_read (sqlite3_file *file, void *ret, int len, sqlite3_int64 at)
{
	struct handle *handle = (struct handle *)file;
	struct content *now = &handle->node->now;
	size_t have;
	int code;

	enter ();
	code = asked (handle->disk, DISK_READ);
	have = (size_t)at < now->len ? now->len - (size_t)at : 0;
	if (code == SQLITE_IOERR_SHORT_READ)
		have = 0;
	if (have > (size_t)len)
		have = (size_t)len;
	if (have > 0)
		memcpy (ret, now->data + at, have);
	memset ((uint8_t *)ret + have, 0, (size_t)len - have);
	leave ();
	if (code != SQLITE_OK)
		return code;
	return have == (size_t)len ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int file_write (sqlite3_file *file, const void *data, int len, sqlite3_int64 at)
{
	struct handle *handle = (struct handle *)file;
	int code;

	enter ();
	code = asked (handle->disk, DISK_WRITE);
	if (code == SQLITE_OK)
		node_write (handle->node, (size_t)at, data, (size_t)len);
	else if ((disk_random (&handle->disk->random) & 1) != 0)
		node_write (handle->node, (size_t)at, data, (size_t)len / 2);
	leave ();
	return code;
}

static int file_truncate (sqlite3_file *file, sqlite3_int64 size)
{
	struct handle *handle = (struct handle *)file;
	int code;

	enter ();
	code = asked (handle->disk, DISK_TRUNCATE);
	if (code == SQLITE_OK)
		node_resize (handle->node, (size_t)size);
	leave ();
	return code;
}

static void wait_ms (unsigned ms)
{
	struct timespec time = { .tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000 };

	if (ms > 0)
		nanosleep (&time, NULL);
}

static void sync_fails (struct handle *handle)
{
	handle->disk->bad_sync = true;
	handle->node->doomed = handle->node->count;
}

static int file_sync (sqlite3_file *file, int flags)
{
	struct handle *handle = (struct handle *)file;
	int code;

	wait_ms (handle->disk->slow_ms);
	if (handle->disk->on_sync != NULL)
		handle->disk->on_sync (handle->disk, handle->disk->on_sync_arg);
	enter ();
	code = asked (handle->disk, DISK_SYNC);
	if (code != SQLITE_OK) {
		sync_fails (handle);
	} else {
		node_sync (handle->node);
		if (handle->new_name)
			folder_sync (handle->disk);
		handle->new_name = false;
	}
	leave ();
	return code;
}

static int file_size (sqlite3_file *file, sqlite3_int64 *ret_size)
{
	enter ();
	*ret_size = (sqlite3_int64)((struct handle *)file)->node->now.len;
	leave ();
	return SQLITE_OK;
}

static int take_lock (struct handle *handle, int level)
{
	struct node *node = handle->node;
	struct handle *writer = node->writer;

	if (writer != NULL && writer != handle
	    && (level > SQLITE_LOCK_SHARED || writer->lock >= SQLITE_LOCK_PENDING))
		return SQLITE_BUSY;
	if (handle->lock == SQLITE_LOCK_NONE)
		node->readers++;
	if (level > SQLITE_LOCK_SHARED)
		node->writer = handle;
	if (level == SQLITE_LOCK_EXCLUSIVE && node->readers > 1) {
		handle->lock = SQLITE_LOCK_PENDING;
		return SQLITE_BUSY;
	}
	handle->lock = level;
	return SQLITE_OK;
}

static int file_lock (sqlite3_file *file, int level)
{
	struct handle *handle = (struct handle *)file;
	int code = SQLITE_OK;

	enter ();
	if (handle->lock < level)
		code = take_lock (handle, level);
	leave ();
	return code;
}

static int file_unlock (sqlite3_file *file, int level)
{
	struct handle *handle = (struct handle *)file;

	enter ();
	if (handle->lock > level) {
		if (handle->node->writer == handle)
			handle->node->writer = NULL;
		if (level == SQLITE_LOCK_NONE)
			handle->node->readers--;
		handle->lock = level;
	}
	leave ();
	return SQLITE_OK;
}

static int file_reserved (sqlite3_file *file, int *ret_reserved)
{
	*ret_reserved = ((struct handle *)file)->node->writer != NULL;
	return SQLITE_OK;
}

static int file_control (sqlite3_file *file, int op, void *arg)
{
	return op == SQLITE_FCNTL_SIZE_HINT ? SQLITE_OK : SQLITE_NOTFOUND;
}

/* As SQLite's own for Unix say by default. */
static int file_sector (sqlite3_file *file)
{
	return 4096;
}

static int file_character (sqlite3_file *file)
{
	return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static int shm_map (sqlite3_file *file, int region, int size, int extend, void volatile **ret)
{
	struct handle *handle = (struct handle *)file;
	struct node *node = handle->node;

	enter ();
	*ret = NULL;
	if (!handle->shm)
		node->shm_users++;
	handle->shm = true;
	while (extend && node->shm_count <= region) {
		node->shm = must_realloc (node->shm, ((size_t)node->shm_count + 1)
						 * sizeof *node->shm);
		node->shm[node->shm_count] = must_alloc ((size_t)size);
		memset (node->shm[node->shm_count++], 0, (size_t)size);
	}
	if (region < node->shm_count)
		*ret = node->shm[region];
	leave ();
	return SQLITE_OK;
}

static bool shm_free_for (const struct node *node, const struct handle *handle, int at, int flags)
{
	const struct handle *owner = node->shm_owner[at];

	if (owner != NULL && owner != handle)
		return false;
	return (flags & SQLITE_SHM_SHARED) != 0 || node->shm_shared[at] == 0;
}

static void shm_set (struct node *node, struct handle *handle, int at, int flags)
{
	if ((flags & SQLITE_SHM_SHARED) != 0)
		node->shm_shared[at] += (flags & SQLITE_SHM_LOCK) != 0 ? 1 : -1;
	else
		node->shm_owner[at] = (flags & SQLITE_SHM_LOCK) != 0 ? handle : NULL;
}

static int shm_lock (sqlite3_file *file, int first, int count, int flags)
{
	struct handle *handle = (struct handle *)file;
	int code = SQLITE_OK;

	enter ();
	for (int at = first; at < first + count; at++)
		if ((flags & SQLITE_SHM_LOCK) != 0
		    && !shm_free_for (handle->node, handle, at, flags))
			code = SQLITE_BUSY;
	for (int at = first; code == SQLITE_OK && at < first + count; at++)
		shm_set (handle->node, handle, at, flags);
	leave ();
	return code;
}

static void shm_barrier (sqlite3_file *file)
{
	enter ();
	leave ();
}

static int shm_unmap (sqlite3_file *file, int delete)
{
	struct handle *handle = (struct handle *)file;

	enter ();
	if (handle->shm && --handle->node->shm_users == 0)
		node_shm_free (handle->node);
	handle->shm = false;
	leave ();
	return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
	.iVersion = 2,
	.xClose = file_close,
	.xRead = file_read,
	.xWrite = file_write,
	.xTruncate = file_truncate,
	.xSync = file_sync,
	.xFileSize = file_size,
	.xLock = file_lock,
	.xUnlock = file_unlock,
	.xCheckReservedLock = file_reserved,
	.xFileControl = file_control,
	.xSectorSize = file_sector,
	.xDeviceCharacteristics = file_character,
	.xShmMap = shm_map,
	.xShmLock = shm_lock,
	.xShmBarrier = shm_barrier,
	.xShmUnmap = shm_unmap,
};

/* ---- SQLite's VFS methods ----------------------------------------------------------------------- */

static int open_here (disk_t *disk, const char *text, struct handle *handle, int flags)
{
	struct name *name = name_find (disk, text, (flags & SQLITE_OPEN_CREATE) != 0);
	int code = asked (disk, DISK_OPEN);

	if (code != SQLITE_OK)
		return code;
	if (name == NULL || (name->now == NULL && (flags & SQLITE_OPEN_CREATE) == 0))
		return SQLITE_CANTOPEN;
	memset (handle, 0, sizeof *handle);
	if (name->now == NULL) {
		name->now = node_new (disk);
		handle->new_name = (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL
					     | SQLITE_OPEN_SUPER_JOURNAL)) != 0;
	}
	handle->base.pMethods = &methods;
	handle->disk = disk;
	handle->node = name->now;
	handle->vanishes = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0 ? name : NULL;
	return SQLITE_OK;
}

static int vfs_open (sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags,
		     int *ret_flags)
{
	const char *name;
	disk_t *disk;
	int code;

	file->pMethods = NULL;
	enter ();
	disk = disk_of (path, &name);
	if (disk == NULL)
		code = real->xOpen (real, path, file, flags, ret_flags);
	else
		code = open_here (disk, name, (struct handle *)file, flags);
	leave ();
	if (disk != NULL && ret_flags != NULL)
		*ret_flags = flags;
	return code;
}

static int delete_here (disk_t *disk, const char *text, bool sync)
{
	struct name *name = name_find (disk, text, false);
	int code = asked (disk, DISK_DELETE);

	if (code != SQLITE_OK)
		return code;
	if (name == NULL || name->now == NULL)
		return SQLITE_IOERR_DELETE_NOENT;
	name->now = NULL;
	if (sync)
		folder_sync (disk);
	return SQLITE_OK;
}

static int vfs_delete (sqlite3_vfs *vfs, const char *path, int sync)
{
	const char *name;
	disk_t *disk;
	int code;

	enter ();
	disk = disk_of (path, &name);
	code = disk != NULL ? delete_here (disk, name, sync != 0)
			    : real->xDelete (real, path, sync);
	leave ();
	return code;
}

static int vfs_access (sqlite3_vfs *vfs, const char *path, int flags, int *ret_there)
{
	const char *text;
	disk_t *disk;
	int code = SQLITE_OK;

	enter ();
	disk = disk_of (path, &text);
	if (disk != NULL) {
		struct name *name = name_find (disk, text, false);

		*ret_there = name != NULL && name->now != NULL
			     && (flags != SQLITE_ACCESS_EXISTS || name->now->now.len > 0);
	} else {
		code = real->xAccess (real, path, flags, ret_there);
	}
	leave ();
	return code;
}

static int vfs_randomness (sqlite3_vfs *vfs, int len, char *ret)
{
	uint64_t state = disks != NULL ? disks->seed : 0;

	for (int i = 0; i < len; i++)
		ret[i] = (char)disk_random (&state);
	return len;
}

static void install (void)
{
	if (real != NULL)
		return;
	real = sqlite3_vfs_find (NULL);
	ours = *real;
	ours.zName = "disk-in-memory";
	if (ours.szOsFile < (int)sizeof (struct handle))
		ours.szOsFile = sizeof (struct handle);
	ours.xOpen = vfs_open;
	ours.xDelete = vfs_delete;
	ours.xAccess = vfs_access;
	ours.xRandomness = vfs_randomness;
	sqlite3_vfs_register (&ours, 1);
}

/* ---- life --------------------------------------------------------------------------------------- */

disk_t *disk_new (const char *folder, uint64_t seed)
{
	disk_t *disk = must_alloc (sizeof *disk);

	memset (disk, 0, sizeof *disk);
	disk->folder = must_text (folder);
	disk->seed = disk->random = seed;
	enter ();
	install ();
	disk->next = disks;
	disks = disk;
	leave ();
	sqlite3_randomness (0, NULL);
	return disk;
}

static void take_off (disk_t *disk)
{
	disk_t **at = &disks;

	while (*at != disk)
		at = &(*at)->next;
	*at = disk->next;
}

void disk_destroy (disk_t **disk)
{
	disk_t *self = *disk;

	if (self == NULL)
		return;
	enter ();
	take_off (self);
	leave ();
	for (struct node *next, *node = self->nodes; node != NULL; node = next) {
		next = node->next;
		node_free (node);
	}
	for (struct name *next, *name = self->names; name != NULL; name = next) {
		next = name->next;
		free (name->text);
		free (name);
	}
	free (self->folder);
	free (self);
	*disk = NULL;
}

static struct node *node_named (disk_t *disk, const char *text)
{
	struct name *name = name_find (disk, text, true);

	if (name->now == NULL)
		name->now = node_new (disk);
	name->safe = name->now;
	return name->now;
}

void disk_import (disk_t *disk, const char *name)
{
	char path[4096];
	uint8_t block[4096];
	struct node *node;
	FILE *file;
	size_t got;

	snprintf (path, sizeof path, "%s/%s", disk->folder, name);
	file = fopen (path, "rb");
	assert (file != NULL);
	enter ();
	node = node_named (disk, name);
	content_resize (&node->now, 0);
	while ((got = fread (block, 1, sizeof block, file)) > 0)
		content_write (&node->now, node->now.len, block, got);
	node_settle (node);
	leave ();
	fclose (file);
}

disk_t *disk_copy (disk_t *disk, const char *folder)
{
	disk_t *copy = disk_new (folder, disk->seed);

	enter ();
	for (struct name *name = disk->names; name != NULL; name = name->next) {
		struct node *node;

		if (name->now == NULL)
			continue;
		node = node_named (copy, name->text);
		content_set (&node->now, &name->now->now);
		node_settle (node);
	}
	leave ();
	return copy;
}

void disk_move (disk_t *disk, const char *folder)
{
	enter ();
	free (disk->folder);
	disk->folder = must_text (folder);
	leave ();
}

/* ---- a power cut -------------------------------------------------------------------------------- */

#define CUT_DROPS 0u
#define CUT_KEEPS 1u
#define CUT_ENDS 2u     /* an ordered beginning */

/* Which change comes when: mostly in order, sometimes not. */
static void order_changes (size_t *order, size_t count, uint64_t cut, uint64_t *random)
{
	for (size_t i = 0; i < count; i++)
		order[i] = i;
	if (cut <= CUT_ENDS || (disk_random (random) & 1) == 0)
		return;
	for (size_t i = count; i > 1; i--) {
		size_t with = disk_random (random) % i, swap = order[i - 1];

		order[i - 1] = order[with];
		order[with] = swap;
	}
}

static void cut_change (struct content *content, const struct change *change, uint64_t *random)
{
	switch (disk_random (random) % 4) {
	case 0:
		break;
	case 1:
		if (change->kind == CHANGE_WRITE) {
			content_tear (content, change, random);
			break;
		}
		/* fall through */
	default:
		content_change (content, change);
	}
}

static void cut_node (struct content *content, const struct node *node, uint64_t cut,
		      uint64_t *random)
{
	size_t *order = must_alloc ((node->count + 1) * sizeof *order);
	size_t end = cut == CUT_DROPS ? 0 : node->count;

	content_set (content, &node->safe);
	if (cut == CUT_ENDS)
		end = disk_random (random) % (node->count + 1);
	order_changes (order, node->count, cut, random);
	for (size_t i = 0; i < end; i++) {
		const struct change *change = &node->changes[order[i]];

		if (cut > CUT_ENDS)
			cut_change (content, change, random);
		else if (cut == CUT_ENDS && i + 1 == end && change->kind == CHANGE_WRITE)
			content_tear (content, change, random);
		else
			content_change (content, change);
	}
	free (order);
}

/* A name that changed leads to what it did before or after. */
static struct node *cut_name (const struct name *name, uint64_t cut, uint64_t *random)
{
	if (name->now == name->safe || cut == CUT_KEEPS)
		return name->now;
	if (cut == CUT_DROPS)
		return name->safe;
	return (disk_random (random) & 1) != 0 ? name->now : name->safe;
}

disk_t *disk_cut (disk_t *disk, const char *folder, uint64_t seed)
{
	disk_t *after = disk_new (folder, disk->seed);
	uint64_t random = disk->seed ^ (seed * UINT64_C (0xd1342543de82ef95));

	enter ();
	for (struct name *name = disk->names; name != NULL; name = name->next) {
		struct node *from = cut_name (name, seed, &random), *node;

		if (from == NULL)
			continue;
		node = node_named (after, name->text);
		cut_node (&node->now, from, seed, &random);
		node_settle (node);
	}
	leave ();
	return after;
}

/* ---- damage ------------------------------------------------------------------------------------- */

static struct node *node_there (disk_t *disk, const char *text)
{
	struct name *name = name_find (disk, text, false);

	return name != NULL ? name->now : NULL;
}

int64_t disk_size (disk_t *disk, const char *name)
{
	struct node *node;
	int64_t size;

	enter ();
	node = node_there (disk, name);
	size = node != NULL ? (int64_t)node->now.len : -1;
	leave ();
	return size;
}

void disk_flip (disk_t *disk, const char *name, uint64_t bit)
{
	struct node *node;

	enter ();
	node = node_there (disk, name);
	assert (node != NULL && bit / 8 < node->now.len);
	node->now.data[bit / 8] ^= (uint8_t)(1u << (bit % 8));
	node_settle (node);
	leave ();
}

void disk_shorten (disk_t *disk, const char *name, uint64_t size)
{
	struct node *node;

	enter ();
	node = node_there (disk, name);
	assert (node != NULL && size <= node->now.len);
	content_resize (&node->now, (size_t)size);
	node_settle (node);
	leave ();
}
