/*
 * Leases: how much one session may have on the way to the hub.  All leases are charged to one pool,
 * so that what the peers can make us hold has a ceiling.  A lease begins small, grows with use, and
 * shrinks when it is not used; a session always gets at least one letter.
 */
#ifndef HUB_LEASE_H
#define HUB_LEASE_H

#include "jembatan/frame.h"

struct pool { uint64_t size_bytes, free_bytes; };

struct lease {
	struct credit granted;      /* what the peer was told last */
	struct credit allowed;      /* what it may still use of an earlier grant */
	int64_t allowed_until_ms;
	uint64_t charged_bytes;
	int64_t used_ms;            /* when it was last used */
};

void lease_open (struct lease *lease, struct pool *pool, int64_t now_ms);
void lease_close (struct lease *lease, struct pool *pool);

/* May so much of one session be unanswered?  One letter of any size always may. */
bool lease_covers (const struct lease *lease, uint32_t letters, uint64_t bytes);

/* After a group that used so much.  True when the grant has grown and the peer should be told. */
bool lease_grow (struct lease *lease, struct pool *pool, uint32_t letters, uint64_t bytes,
		 int64_t now_ms);

/* Now and then.  True when an idle lease has shrunk and the peer should be told. */
bool lease_shrink (struct lease *lease, struct pool *pool, int64_t now_ms);

#endif
