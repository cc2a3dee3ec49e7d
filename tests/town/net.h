/*
 * The network of a simulated run.  This file takes the place of hub/link.c, hub/zap.c and
 * agents/post/link.c: frames of a connection arrive in order, after the time that its road takes, or
 * never when the connection is cut.  As with TCP, what one side has sent may be lost with the
 * connection, and neither side can know how much.
 */
#ifndef TESTS_TOWN_NET_H
#define TESTS_TOWN_NET_H

#include "agents/post/link.h"
#include "hub/link.h"
#include "hub/zap.h"

/* The road between one agency's machine and the hub; found by the agent's LINK key. */
struct road {
	struct public_key key;
	int64_t latency_ms, jitter_ms;   /* one way */
	int64_t bytes_per_s;             /* 0 = no limit */
	bool closed;                     /* nothing moves; frames wait, and new connections hang */
	int64_t closed_since_ms;
	bool deaf_hub, deaf_agent;       /* frames in this direction wait */
};

void net_start (void);

/* In a fork: the parent's connections are no more; the roads are as they were. */
void net_forget (void);

/* The road of the agency with this LINK key; it lives as long as the run. */
struct road *net_road (const struct public_key *link_key);

/* Cuts every connection of a road; both sides lose what is on the way. */
void net_cut (const struct public_key *link_key);

/* The agent's process died: what it sent is still on its way, and then the hub sees the end. */
void net_orphan (const struct public_key *link_key);

/* How many frames have arrived so far, of all runs. */
uint64_t net_carried (void);

/* When something arrives next; INT64_MAX when nothing is on the way. */
int64_t net_next_ms (void);

/* Hands over what is due by now. */
void net_deliver (zloop_t *hub_loop);

#endif
