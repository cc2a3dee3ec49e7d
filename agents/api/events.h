/*
 * GET /v1/events: server-sent events (HTML Living Standard, 9.2) that say what changed and nothing of it.
 * What the ledger committed is collected for EVENTS_MS and told to all listeners at once; who shows data
 * asks again for it, and is then judged by its role as ever.  Looks at records change nothing, so that
 * looking again because of an event causes no event.
 *
 *   id: 6f1c...-12
 *   event: changed
 *   data: {"what": ["today", "referral:R-2026-0007", "person:<uuid>"]}
 *
 * A listener that was away, or too slow to be told everything, gets `event: all`.
 */
#ifndef AGENTS_API_EVENTS_H
#define AGENTS_API_EVENTS_H

#include "agents/api/call.h"

#define EVENTS_MS 1000u
#define EVENTS_HEARTBEAT_MS (20 * SECOND_MS)
#define EVENTS_LIFE_MS (5 * MINUTE_MS)   /* then a listener comes anew, and is asked who it is */
#define EVENTS_LISTENERS 64u
#define EVENTS_OF_ONE 4u            /* of one session, key or user */
#define EVENTS_WHAT 32u             /* things of one event; more is told as `all` */

typedef struct events events_t;

/* The caller owns it.  Nothing is told before there is a ledger. */
events_t *events_new (zloop_t *loop);
void events_open (events_t *events, ledger_t *ledger);
void events_destroy (events_t **events);

/* Takes the call as a listener: fills call->stream.  ERR_BUSY when there are too many. */
MUST_USE err_t events_listen (events_t *events, struct call *call);

#endif
