/* What cmocka wants included before itself. */
#ifndef TESTS_SUPPORT_UNIT_H
#define TESTS_SUPPORT_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define UNIT_MEMORY "/dev/shm"
#define UNIT_MEMORY_FREE_BYTES (UINT64_C (1) << 30)

/*
 * A new folder for a test, in memory where the machine has enough of it for files, so that a busy disk
 * does not make every commit of a test wait.  What a disk does to a store is shown on
 * one that fails on purpose (tests/support/disk.h), and by the stories.
 */
static inline void unit_folder (char *ret_folder, size_t size, const char *name)
{
	struct statvfs about;
	bool memory = access (UNIT_MEMORY, W_OK) == 0 && statvfs (UNIT_MEMORY, &about) == 0 &&
		      (uint64_t)about.f_bavail * about.f_frsize >= UNIT_MEMORY_FREE_BYTES;

	snprintf (ret_folder, size, "%s/jembatan-%s-XXXXXX", memory ? UNIT_MEMORY : "/tmp", name);
	assert_non_null (mkdtemp (ret_folder));
}

/* The end of a program whose tests open sockets.  One that failed has left some open, and czmq would
 * wait for them at exit without end. */
static inline int unit_end (int failed)
{
	if (failed == 0)
		return 0;
	fflush (NULL);
	_exit (1);
}

#endif
