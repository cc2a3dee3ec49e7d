/*
 * The post: the letterbox between ledger and hub.  Out: due outbox row -> sealed once -> Put.  In:
 * Deliver -> opened, verified -> desk -> commit -> Stored.  It meets the api only in the ledger.
 */
#ifndef AGENTS_POST_POST_H
#define AGENTS_POST_POST_H

#include <czmq.h>

#include "agents/desk/desk.h"
#include "jembatan/frame.h"

typedef struct post post_t;

struct post_parts {
	desk_t *desk;
	const keypair_t *sig, *link;
	keypair_t *const *boxes;         /* the present BOX key first, then older ones */
	size_t box_count;
	const char *endpoint;            /* overrides the directory's; "" = the directory's */
	const char *socks_proxy;         /* "host:port" or "" */
	const char *directory_file;      /* where a newer directory is kept */
};

/* Joins the loop.  The caller owns it. */
post_t *post_new (const struct post_parts *parts, zloop_t *loop);
void post_destroy (post_t **post);

/* Something may be due: looked at on the next turn of the loop. */
void post_wake (post_t *post);

/* For `status`. */
struct post_status {
	bool connected;                  /* WELCOME has come */
	char hub[LIMIT_ID_TEXT + 1];
	char endpoint[128];
	int64_t since_ms;                /* connected or disconnected since */
	int64_t hub_offset_ms;
	err_t last_error;                /* of the last refusal or BYE */
	uint64_t sent, received, refused;   /* letters of this run */
	uint32_t unanswered;             /* Puts on the way */
	uint64_t sessions;               /* how often the hub has welcomed us in this run */
	struct credit credit;            /* the hub's window; none while not connected */
};
void post_status (const post_t *post, struct post_status *ret_status);
/* Letters that the hub refused or put off in this run, by error. */
const struct error_counts *post_refused (const post_t *post);

/* Set when the post met an error of the STOP lane: the daemon leaves the loop and exits with it. */
err_t post_stopped (const post_t *post);

/* A newer directory arrived and was verified; the daemon hands it to the desk. */
void post_on_directory (post_t *post, void (*take) (void *arg, directory_t *directory), void *arg);

/* The desk was given another directory by somebody else than the post: its hub is looked up anew. */
void post_directory_is_new (post_t *post);

#endif
