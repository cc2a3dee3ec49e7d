/*
 * The first frame of a session, judged: who may open a session with which ledger, whose marks
 * count, and who has gone back in time.  Pure: facts in, verdict out.
 */
#ifndef HUB_HELLO_H
#define HUB_HELLO_H

#include "hub/account.h"
#include "jembatan/frame.h"

enum hello_member { HELLO_UNKNOWN, HELLO_ACTIVE, HELLO_SUSPENDED };

struct hello_facts {
	uint32_t protocol_min, protocol_max;
	bool agency_matches;             /* the key that opened the session belongs to that agency */
	enum hello_member member;
	bool ahead;                      /* its directory is newer than the hub's */
	struct store_id store, takes_over, hub_store;    /* as the agent says */
	uint64_t stored[CLASS_COUNT];
	uint64_t next_pseq;
	struct store_id own_store;       /* the hub's */
	struct marks marks;              /* what the hub remembers of the agency */
	uint64_t given[CLASS_COUNT];     /* the highest number that it can have been sent */
	bool retired;                    /* this ledger was taken over by another */
	bool seen_ahead;                 /* it holds a checkpoint that this hub signed and has no more */
	bool draining;
};

enum hello_outcome {
	HELLO_REFUSE,        /* BYE with err */
	HELLO_RESUME,        /* the same pair of stores: the marks count */
	HELLO_RESTART,       /* a new pair: both sides count from 1 */
	HELLO_GONE_BACK,     /* the hub remembers less than the agent: it mints a new id, then RESTART */
};

struct hello_verdict {
	enum hello_outcome outcome;
	err_t err;
	int64_t retry_after_ms;
	const char *check;           /* which check refused */
};

struct hello_verdict hello_judge (const struct hello_facts *facts);

#endif
