/*
 * What the agent's monitor is shown (proto/monitor.h): figures of post and ledger, and whether the
 * agency can work.  No agency, person, thread or user has a place in them.
 */
#ifndef AGENTS_METRICS_H
#define AGENTS_METRICS_H

#include "agents/api/api.h"
#include "agents/door/door.h"
#include "agents/post/post.h"
#include "proto/monitor.h"

/* Borrows all of it. */
struct agent_watch {
	const desk_t *desk;              /* NULL: the ledger is locked, and there is nothing but that */
	const post_t *post;
	const api_t *api;
	const door_t *door;
	const char *folder;              /* of the ledger */
};

void agent_metrics (const struct agent_watch *watch, metrics_t *metrics);

/* "connected" is told and not needed: without the hub the agency works on, and letters wait. */
void agent_conditions (const struct agent_watch *watch, struct conditions *ret_conditions);

#endif
