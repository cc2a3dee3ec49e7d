/*
 * What the bare brokers and the load say to each other: one fixed struct in front of H and C, in one
 * frame.  Nothing is checked, because a bare broker stands for the least that one can do.
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
	uint16_t h_len;  /* of Hello: not 0 from the recipient of the lane */
	uint32_t lane;
	uint64_t number; /* of Put and Deliver; of Taken and Stored: up to */
};

#define BARE_LANES_MAX 512
#define BARE_WINDOW 1000  /* letters of a backlog on the way to one recipient */

#endif
