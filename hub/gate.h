/*
 * The gate: may this letter come into custody?  An ordered table of pure checks, cheapest first; the
 * first refusal wins and its name goes into the audit log.  The gate touches no socket and no SQL:
 * everything it looks at is gathered in gate_facts before.
 */
#ifndef HUB_GATE_H
#define HUB_GATE_H

#include "hub/life.h"
#include "jembatan/envelope.h"

enum gate_member { GATE_UNKNOWN, GATE_ACTIVE, GATE_SUSPENDED };

struct gate_facts {
	/* the letter */
	err_t header_err;                /* of header_decode; the rest counts only when ERR_OK */
	struct header header;
	size_t h_len, c_len;
	/* the session and the directory */
	struct agency_id session;
	enum gate_member sender, recipient;
	bool sender_ahead;               /* the sender knows a newer directory than the hub */
	/* the hub */
	int64_t now_ms;
	bool time_doubtful;              /* then no letter is called expired for good */
	bool draining;
	bool no_space;                   /* for letters: only small ones may come */
	bool no_reserve;                 /* nor for small ones */
	uint64_t queued_letters, queued_bytes;   /* of this sender */
	uint64_t quota_letters, quota_bytes;
	int64_t rate_wait_ms;            /* until its rate lets another letter come; 0 = now */
	int64_t full_ms;                 /* how long it has been refused for its quota */
	enum item_state known;           /* of the letter under this sender and id */
	enum life_event put;             /* LIFE_PUT, or LIFE_PUT_OTHER: another one than that */
};

struct gate_verdict {
	err_t err;
	const char *check;               /* the name of the check that refused; "" when none did */
	int64_t retry_after_ms;          /* 0: never */
};

/* The share of a quota that is kept for letters of the smallest size: most receipts are such, and a
 * member whose own letters wait must still be able to say what it has stored. */
uint64_t gate_reserve (uint64_t quota);

struct gate_verdict gate_judge (const struct gate_facts *facts);

/* The table, for those who print it; NULL past the end. */
const char *gate_check_name (size_t i);

#endif
