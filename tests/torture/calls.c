/* System calls that fail; see calls.h. */
#include "tests/torture/calls.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct {
	bool on, for_good;
	enum call call;
	uint64_t nth, count[CALLS];
} watch;

void calls_fail (enum call call, uint64_t nth, bool for_good)
{
	memset (&watch, 0, sizeof watch);
	watch.call = call;
	watch.nth = nth;
	watch.for_good = for_good;
	watch.on = true;
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
	errno = EIO;
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
		return fails (CALL_OPEN) ? -1 : real (path, flags, mode); \
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
	return fails (CALL_WRITE) ? -1 : real (fd, data, len);
}

ssize_t pwrite64 (int fd, const void *data, size_t len, off_t at)
{
	REAL (pwrite_fn, "pwrite64");
	return fails (CALL_WRITE) ? -1 : real (fd, data, len, at);
}

int fsync (int fd)
{
	REAL (sync_fn, "fsync");
	return fails (CALL_SYNC) ? -1 : real (fd);
}

int fdatasync (int fd)
{
	REAL (sync_fn, "fdatasync");
	return fails (CALL_SYNC) ? -1 : real (fd);
}

int rename (const char *from, const char *to)
{
	REAL (rename_fn, "rename");
	return fails (CALL_RENAME) ? -1 : real (from, to);
}

int renameat2 (int from_fd, const char *from, int to_fd, const char *to, unsigned flags)
{
	REAL (renameat2_fn, "renameat2");
	return fails (CALL_RENAME) ? -1 : real (from_fd, from, to_fd, to, flags);
}
