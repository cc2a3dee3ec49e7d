/*
 * A clock that a test turns.  Units call clock_turn; a daemon in a story reads two offsets in
 * milliseconds from the file that JEMBATAN_TEST_CLOCK names, anew at each look: of the time of day
 * and of the monotonic clock.  A story lets weeks pass by writing both, and sets the clock wrong by
 * writing the first alone.
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

struct offsets { int64_t wall_ms, mono_ms; };

static struct offsets file_offsets (void)
{
	const char *path = getenv ("JEMBATAN_TEST_CLOCK");
	FILE *file = path != NULL ? fopen (path, "re") : NULL;
	struct offsets offsets = { 0 };

	if (file == NULL)
		return offsets;
	if (fscanf (file, "%" SCNd64 " %" SCNd64, &offsets.wall_ms, &offsets.mono_ms) < 1)
		offsets = (struct offsets){ 0 };
	fclose (file);
	return offsets;
}

static int64_t read_ms (clockid_t which)
{
	struct timespec at;

	clock_gettime (which, &at);
	return (int64_t)at.tv_sec * 1000 + at.tv_nsec / 1000000;
}

int64_t clock_now_ms (void)
{
	return read_ms (CLOCK_REALTIME) + turned_ms + file_offsets ().wall_ms;
}

int64_t clock_monotonic_ms (void)
{
	return read_ms (CLOCK_MONOTONIC) + (turned_ms > 0 ? turned_ms : 0) + file_offsets ().mono_ms;
}
