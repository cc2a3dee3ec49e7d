/*
 * Waits that come apart: whoever was put off at the same moment must not come back at one.  Drawn from
 * the same source as ids and keys, which a test may seed.  All in milliseconds; none for 0 or less.
 */
#ifndef JEMBATAN_JITTER_H
#define JEMBATAN_JITTER_H

#include <stdint.h>

/* Evenly from 0 to below this. */
int64_t jitter_below (int64_t ms);

/* A wait that one's own backoff allows at most: no less than half of it. */
int64_t jitter_at_most (int64_t ms);

/* A wait that somebody asked for at least: up to a quarter more. */
int64_t jitter_at_least (int64_t ms);

#endif
