/*
 * What the bare broker and the load generator say to each other: one fixed struct in
 * front of H and C, in one frame.  Nothing is checked, because the broker stands for the
 * least that a durable broker can do.
 */
#ifndef TESTS_BENCH_BARE_H
#define TESTS_BENCH_BARE_H

#include <stdint.h>

enum bare_type {
	BARE_HELLO = 1,
	BARE_WELCOME,
	BARE_PUT,
	BARE_TAKEN,
	BARE_DELIVER,
	BARE_STORED
};

struct bare {
	uint8_t type;
	uint8_t reserved;
	uint16_t h_len;
	uint32_t pair;   /* a sender writes to the recipient of the same number */
	uint64_t number; /* of Put and Deliver; of Taken and Stored: up to */
};

#define BARE_PAIRS_MAX 256

#endif
