/*
 * The door to the hub: ZeroMQ asks a handler (ZAP, RFC 27) whether a CURVE key may connect.  Ours is
 * a thread with one hash table of LINK keys, which is replaced whole.  It must be up before the
 * first socket is bound: CURVE lets everybody in when nobody answers.
 */
#ifndef HUB_ZAP_H
#define HUB_ZAP_H

#include "jembatan/keys.h"

#define ZAP_DOMAIN "jembatan"

typedef struct zap zap_t;

/* One per process, on the context that czmq holds.  Refuses everybody until zap_allow.
 * ERR_IN_USE when another handler is bound. */
MUST_USE err_t zap_new (zap_t **ret_zap);
void zap_destroy (zap_t **zap);

/* From now on exactly these keys may connect; the User-Id of a connection is the hex of its key id.
 * Connections that exist are not touched. */
void zap_allow (zap_t *zap, const struct public_key *keys, size_t count);

/* Handshakes answered so far. */
void zap_counts (zap_t *zap, uint64_t *ret_allowed, uint64_t *ret_refused);

#endif
