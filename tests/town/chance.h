/*
 * Everything random in a simulated run comes from one seed: what the scenario draws, and what
 * libsodium hands to keys, ids, nonces and back-offs.  Both have a stream of their own, so that a
 * change of the one does not shuffle the other.
 */
#ifndef TESTS_TOWN_CHANCE_H
#define TESTS_TOWN_CHANCE_H

#include <stdbool.h>
#include <stdint.h>

/* Before keys_start, and again for each run. */
void chance_start (uint64_t seed);

/* 0 .. n-1; n is not 0. */
uint64_t chance_below (uint64_t n);
int64_t chance_between (int64_t least, int64_t most);
bool chance_percent (unsigned percent);

#endif
