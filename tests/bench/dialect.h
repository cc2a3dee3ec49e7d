/*
 * The two languages of the workload frame: the hub's frames, and the bare brokers' fixed struct.
 */
#ifndef TESTS_BENCH_DIALECT_H
#define TESTS_BENCH_DIALECT_H

#include "jembatan/frame.h"

/* What a broker said, in either dialect. */
enum event_kind { EVENT_NOTHING, EVENT_WELCOME, EVENT_CREDIT, EVENT_TAKEN, EVENT_LETTER };

struct event {
	enum event_kind kind;
	uint64_t up_to;              /* of EVENT_TAKEN and EVENT_LETTER: number in its lane */
	struct credit credit;
	struct bytes h, c;           /* of EVENT_LETTER; borrowed from the frame */
};

/* A lane is a pair of agencies in one direction; the bare brokers know nothing else. */
struct dialect {
	const char *name;
	struct bytes (*hello) (const struct agency_id *who, const struct store_id *store,
			       uint32_t lane, bool receives, arena_t *arena);
	struct bytes (*put) (uint32_t lane, uint64_t number, struct bytes h, struct bytes c,
			     arena_t *arena);
	struct bytes (*stored) (uint32_t lane, enum letter_class class, uint64_t up_to,
				arena_t *arena);
	struct bytes (*credit) (arena_t *arena);    /* a recipient's; NULL: this broker has none */
	struct event (*read) (struct bytes frame, arena_t *arena);
};

/* "hub" or "bare", otherwise NULL. */
const struct dialect *dialect_find (const char *name);

#endif
