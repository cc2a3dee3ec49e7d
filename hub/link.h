/*
 * The hub's socket: a ROUTER under CURVE.  It hands over what has arrived, each frame with the
 * member's key as the handshake proved it, sends without ever blocking, and can cut one peer off.
 * A routing id is no identity; it is only where an answer goes.
 */
#ifndef HUB_LINK_H
#define HUB_LINK_H

#include <sys/socket.h>

#include "jembatan/keys.h"

typedef struct link link_t;

/* The TCP connection behind a frame, for cutting it off. */
struct connection {
	int fd;
	struct sockaddr_storage peer;
	socklen_t peer_len;          /* 0: unknown, and then it is never cut */
};

struct arrival {
	uint32_t peer;               /* where answers go */
	struct key_id key;           /* of the LINK key that opened the connection */
	int fd;
	struct bytes body;           /* until link_release */
};

/*
 * One context serves the process; more I/O threads help beyond about a hundred agents.  Call before
 * any socket, and before anything else that starts threads.
 */
void link_start (int io_threads);

/* Binds.  A ZAP handler must be up.  ERR_CONFIG when the endpoint can't be bound. */
MUST_USE err_t link_open (const char *endpoint, const keypair_t *link_key, link_t **ret_link,
			  problems_t *problems);
void link_destroy (link_t **link);

/* The endpoint as bound (a port given as * is known now). */
const char *link_endpoint (const link_t *link);

/*
 * Descriptors are not endless, and a listener that can't accept makes libzmq spin.  Called now and then:
 * closes the listener while an eighth or less of the descriptors is free, so that newcomers are turned
 * away by the kernel, and listens again when a quarter is.  Connections stay.
 */
void link_guard (link_t *link);
bool link_listening (const link_t *link);

/* For the poller; readable when something has arrived. */
void *link_socket (link_t *link);

/* Of one turn, but for the last frame; the rest waits in the kernel. */
#define LINK_GROUP_BYTES (8u * MIB)

/* Takes what has arrived, at most HUB_GROUP_MAX frames and LINK_GROUP_BYTES. */
size_t link_receive (link_t *link);
const struct arrival *link_arrival (const link_t *link, size_t i);
void link_release (link_t *link);

/* Frames without a member's key or with a foreign routing id, which were dropped. */
uint64_t link_dropped (const link_t *link);

/* ERR_OFFLINE when the peer is gone, ERR_BUSY when it does not read what it was sent. */
MUST_USE err_t link_send (link_t *link, uint32_t peer, struct bytes frame);

/* Who is at the other end of an arrival's connection. */
struct connection link_connection (const struct arrival *arrival);

/* Shuts the connection down unless its descriptor serves another peer by now. */
void link_cut (const struct connection *connection);

/* Opens another socket like this one on loopback and tries to connect to it with a client's key.
 * ERR_SELF_TEST when the handshake came to no end. */
MUST_USE err_t link_knock (const keypair_t *server_key, const keypair_t *client_key,
			   bool *ret_let_in);

#endif
