/* System calls that fail; see calls.h. */
#include "tests/torture/calls.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/torture/power.h"

static struct {
	bool on, for_good;
	int error;
	enum call call;
	uint64_t nth, count[CALLS];
	uint64_t cut, damage;        /* the power fails in so manieth sync; 0 = never */
} watch;

void calls_fail (enum call call, uint64_t nth, bool for_good, int error)
{
	memset (&watch, 0, sizeof watch);
	watch.call = call;
	watch.nth = nth;
	watch.for_good = for_good;
	watch.error = error;
	watch.on = true;
}

void calls_cut (uint64_t nth, uint64_t damage, const char *attic)
{
	calls_fail (CALL_SYNC, 0, false, 0);
	watch.cut = nth;
	watch.damage = damage;
	power_watch (attic);
}

uint64_t calls_end (enum call call)
{
	watch.on = false;
	return watch.count[call];
}

static bool fails (enum call call)
{
	uint64_t count;

	if (!watch.on)
		return false;
	count = ++watch.count[call];
	if (call != watch.call || watch.nth == 0 ||
	    (watch.for_good ? count < watch.nth : count != watch.nth))
		return false;
	errno = watch.error;
	return true;
}

/* The C library's, or the sanitizer's before it. */
#define REAL(type, name) \
	static type *real; \
	if (real == NULL) \
		real = (type *)dlsym (RTLD_NEXT, name)

typedef int open_fn (const char *path, int flags, ...);
typedef ssize_t read_fn (int fd, void *data, size_t len);
typedef ssize_t write_fn (int fd, const void *data, size_t len);
typedef ssize_t pread_fn (int fd, void *data, size_t len, off_t at);
typedef ssize_t pwrite_fn (int fd, const void *data, size_t len, off_t at);
typedef int sync_fn (int fd);
typedef int rename_fn (const char *from, const char *to);
typedef int unlink_fn (const char *path);
typedef int truncate_fn (int fd, off_t size);
typedef int renameat2_fn (int from_fd, const char *from, int to_fd, const char *to, unsigned flags);

static mode_t mode_of (int flags, va_list rest)
{
	return (flags & O_CREAT) != 0 ? va_arg (rest, mode_t) : 0;
}

#define DEFINE_OPEN(name) \
	int name (const char *path, int flags, ...) \
	{ \
		va_list rest; \
		mode_t mode; \
		REAL (open_fn, #name); \
		va_start (rest, flags); \
		mode = mode_of (flags, rest); \
		va_end (rest); \
		if (fails (CALL_OPEN)) \
			return -1; \
		power_make (path, flags); \
		return real (path, flags, mode); \
	}
DEFINE_OPEN (open)
DEFINE_OPEN (open64)

ssize_t read (int fd, void *data, size_t len)
{
	REAL (read_fn, "read");
	return fails (CALL_READ) ? -1 : real (fd, data, len);
}

ssize_t pread64 (int fd, void *data, size_t len, off_t at)
{
	REAL (pread_fn, "pread64");
	return fails (CALL_READ) ? -1 : real (fd, data, len, at);
}

ssize_t write (int fd, const void *data, size_t len)
{
	REAL (write_fn, "write");
	if (fails (CALL_WRITE))
		return -1;
	power_write (fd, -1, len);
	return real (fd, data, len);
}

#define DEFINE_PWRITE(name) \
	ssize_t name (int fd, const void *data, size_t len, off_t at) \
	{ \
		REAL (pwrite_fn, #name); \
		if (fails (CALL_WRITE)) \
			return -1; \
		power_write (fd, at, len); \
		return real (fd, data, len, at); \
	}
DEFINE_PWRITE (pwrite)
DEFINE_PWRITE (pwrite64)

#define DEFINE_TRUNCATE(name) \
	int name (int fd, off_t size) \
	{ \
		REAL (truncate_fn, #name); \
		power_truncate (fd, size); \
		return real (fd, size); \
	}
DEFINE_TRUNCATE (ftruncate)
DEFINE_TRUNCATE (ftruncate64)

/* In the middle of it: nothing of it is certain yet. */
static void cut_power_here (void)
{
	if (!watch.on || watch.cut == 0 || watch.count[CALL_SYNC] != watch.cut)
		return;
	watch.on = false;
	power_cut (watch.damage);
	_exit (CALLS_CUT);
}

#define DEFINE_SYNC(name) \
	int name (int fd) \
	{ \
		int done; \
		REAL (sync_fn, #name); \
		if (fails (CALL_SYNC)) \
			return -1; \
		cut_power_here (); \
		done = real (fd); \
		if (done == 0) \
			power_synced (fd); \
		return done; \
	}
DEFINE_SYNC (fsync)
DEFINE_SYNC (fdatasync)

int unlink (const char *path)
{
	REAL (unlink_fn, "unlink");
	power_unlink (path);
	return real (path);
}

static int renamed (int done)
{
	if (done != 0)
		power_not_renamed ();
	return done;
}

int rename (const char *from, const char *to)
{
	REAL (rename_fn, "rename");
	if (fails (CALL_RENAME))
		return -1;
	power_rename (from, to);
	return renamed (real (from, to));
}

int renameat2 (int from_fd, const char *from, int to_fd, const char *to, unsigned flags)
{
	REAL (renameat2_fn, "renameat2");
	if (fails (CALL_RENAME))
		return -1;
	power_rename (from, to);
	return renamed (real (from_fd, from, to_fd, to, flags));
}
