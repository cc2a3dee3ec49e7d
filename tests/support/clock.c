/*
 * A clock that a test turns.  Units call clock_turn; a daemon in a story reads the offset in
 * milliseconds from the file that JEMBATAN_TEST_CLOCK names, anew at each look, so that a story can
 * let weeks pass by writing a number.
 */
#include "jembatan/clock.h"
#include "tests/support/clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static int64_t turned_ms;

void clock_turn (int64_t by_ms)
{
	turned_ms += by_ms;
}

static int64_t file_offset_ms (void)
{
	const char *path = getenv ("JEMBATAN_TEST_CLOCK");
	FILE *file = path != NULL ? fopen (path, "re") : NULL;
	int64_t offset = 0;

	if (file == NULL)
		return 0;
	if (fscanf (file, "%" SCNd64, &offset) != 1)
		offset = 0;
	fclose (file);
	return offset;
}

static int64_t read_ms (clockid_t which)
{
	struct timespec at;

	clock_gettime (which, &at);
	return (int64_t)at.tv_sec * 1000 + at.tv_nsec / 1000000;
}

int64_t clock_now_ms (void)
{
	return read_ms (CLOCK_REALTIME) + turned_ms + file_offset_ms ();
}

int64_t clock_monotonic_ms (void)
{
	return read_ms (CLOCK_MONOTONIC) + (turned_ms > 0 ? turned_ms : 0);
}
