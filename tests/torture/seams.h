/*
 * Time and chance of a town (town.h), which stand still until it moves them.  Programs that link
 * seams.c run on a clock, on timers and on random numbers that follow from a seed alone; the linker
 * puts it in the place of proto/clock.c, of czmq's timers and of libsodium's source of chance.
 */
#ifndef TESTS_TORTURE_SEAMS_H
#define TESTS_TORTURE_SEAMS_H

#include <stdint.h>

/* All that is to be put back when another town was run in between. */
struct moment {
	int64_t now_ms, monotonic_ms;
	uint64_t chance;
};

struct moment moment_get (void);
void moment_set (struct moment moment);
void moment_pass (int64_t ms);

/* Before anything of libsodium is used. */
void chance_begin (uint64_t seed);

/* Calls the timers of this loop that are due.  A loop is only a name here: any address. */
void timers_run (void *loop);
void timers_forget (void *loop);

#endif
