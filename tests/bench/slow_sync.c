/*
 * Preloaded into a broker: every fsync and fdatasync takes SLOW_SYNC_US microseconds more, as on a
 * disk whose flush really waits.
 */
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

static int then_wait (int result)
{
	const char *us = getenv ("SLOW_SYNC_US");

	if (us != NULL)
		usleep ((useconds_t)strtoul (us, NULL, 10));
	return result;
}

int fsync (int fd)
{
	static int (*real) (int);

	if (real == NULL)
		*(void **)&real = dlsym (RTLD_NEXT, "fsync");
	return then_wait (real (fd));
}

int fdatasync (int fd)
{
	static int (*real) (int);

	if (real == NULL)
		*(void **)&real = dlsym (RTLD_NEXT, "fdatasync");
	return then_wait (real (fd));
}
