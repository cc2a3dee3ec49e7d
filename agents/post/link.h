/*
 * One connection to the hub: a DEALER socket under CURVE, its monitor, and both in the loop.  The
 * agent only dials out.  A link lives for one session: when the connection ends, or the hub refuses
 * our key (after which a socket never retries by itself), the owner destroys it and makes another.
 */
#ifndef AGENTS_POST_LINK_H
#define AGENTS_POST_LINK_H

#include <czmq.h>

#include "jembatan/keys.h"

typedef struct agent_link agent_link_t;

enum link_event {
	LINK_UP,        /* the handshake is done: say HELLO */
	LINK_DOWN,      /* the connection ended or never came about */
	LINK_REFUSED,   /* the hub does not know our key, or we not its */
	LINK_FRAMES,    /* frames wait to be received */
};

struct link_parts {
	const char *endpoint;                /* tcp://host:port */
	const char *socks_proxy;             /* host:port, or "" */
	const struct public_key *hub_key;    /* the hub's LINK key */
	const keypair_t *own;                /* our LINK pair */
	/* Called from the loop, as the last thing that the link does there: may destroy it. */
	void (*tell) (void *arg, enum link_event event);
	void *arg;
};

/* Starts to connect.  NULL when the endpoint makes no sense to ZeroMQ. */
agent_link_t *agent_link_new (const struct link_parts *parts, zloop_t *loop);
void agent_link_destroy (agent_link_t **link);

/* Sends one frame; false when there is no room or no connection, and the session is lost. */
bool agent_link_send (agent_link_t *link, struct bytes frame);

/* The next frame that has arrived, borrowed until the next call; false when there is none. */
bool agent_link_receive (agent_link_t *link, struct bytes *ret_frame);

#endif
