/*
 * Sessions: one per connection that has said HELLO, found by the peer it answers to, and through
 * its account.  An account has at most one live session.  An ended one stays until its connection
 * is cut, so that what still comes from there is dropped in silence.
 */
#ifndef HUB_SESSION_H
#define HUB_SESSION_H

#include "hub/account.h"
#include "hub/courier.h"
#include "hub/lease.h"
#include "hub/link.h"

/* What may be spent now; it fills again with time.  All zero is a full one. */
struct allowance { int64_t spent, at_ms; };

/* Of attachments: one chunk of a session is on the way in either direction. */
struct session_blobs {
	bool unanswered;             /* a BlobPut waits for its BlobHave ... */
	bool checking;               /* ... until all of this one was read again: */
	struct letter_id letter;
	struct blob_id blob;
	bool asked;                  /* a BlobGet waits for its BlobData ... */
	bool wanted;                 /* ... until no letter waits: */
	struct blob_id want;
	uint64_t want_offset;
};

struct session {
	uint32_t peer;
	struct key_id key;           /* every frame must come from this key */
	struct account *account;     /* NULL: it never got as far as WELCOME */
	bool ended;
	bool left;                   /* it said farewell */
	struct connection connection;
	int64_t cut_ms;              /* monotonic; of an ended one */
	uint64_t directory_version;  /* as its HELLO said */
	uint64_t fetched_version, fetched_bytes;   /* of the directory, since that version came */
	struct allowance proving;    /* rows that its proofs may read */
	int64_t since_ms;
	int64_t heard_ms;            /* monotonic */
	struct lease lease;          /* what it may put */
	uint32_t group_letters;      /* what it put in this group */
	uint64_t group_bytes;
	struct courier courier;      /* what goes to it */
	struct session_blobs blobs;
	bool welcomed;               /* WELCOME is on its way or sent */
	size_t first_reply, last_reply;    /* in the group, 1-based; 0 = none */
	uint32_t lines_left;         /* audit lines it may still cause this second */
};

/* May the log have one more line of what it asked for?  A peer can't fill the disk with them. */
bool session_may_log (struct session *session);

typedef struct sessions sessions_t;

sessions_t *sessions_new (void);
void sessions_destroy (sessions_t **sessions);

struct session *sessions_find (sessions_t *sessions, uint32_t peer);

/* The caller fills it in; `peer` must be new.  sessions_remove frees it. */
struct session *sessions_add (sessions_t *sessions, uint32_t peer);
void sessions_remove (sessions_t *sessions, struct session *session);

/* Dense, in no order; removing one puts the last in its place, so walk backwards. */
size_t sessions_count (const sessions_t *sessions);
struct session *sessions_at (const sessions_t *sessions, size_t i);

#endif
