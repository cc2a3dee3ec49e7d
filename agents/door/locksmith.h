/*
 * The one thread that computes password hashes, so that letters never wait for one.  Jobs are done in
 * order; only a few may wait.  Everything but the computing happens in the loop's thread.
 */
#ifndef AGENTS_DOOR_LOCKSMITH_H
#define AGENTS_DOOR_LOCKSMITH_H

#include <czmq.h>

#include "proto/password.h"

#define LOCKSMITH_QUEUE 8u           /* half a second to two of waiting */

typedef struct locksmith locksmith_t;

struct lock_work {
	const char *password;            /* to be held against `hash`; NULL = none */
	const char *hash;                /* "" = no such account: it takes as long */
	const char *next;                /* to be hashed; NULL = none */
};

struct lock_result {
	err_t err;                       /* ERR_OK, or ERR_BUSY: there was no memory, or we end */
	bool matches;                    /* the password is that of the hash */
	/* of `next`, or of the password when it matches a hash of other parameters; "" = none */
	char fresh[PASSWORD_HASH_TEXT];
};

typedef void lock_done_fn (void *arg, const struct lock_result *result);

/* Borrows the cost.  The caller owns it. */
locksmith_t *locksmith_new (const struct password_cost *cost, zloop_t *loop);

/* Ends the thread after the job it is at; those that wait are done with ERR_BUSY. */
void locksmith_destroy (locksmith_t **locksmith);

/* Copies what it needs into guarded memory.  `done` is called once, from the loop or from
 * locksmith_destroy.  ERR_BUSY when too many wait; then it is not called. */
MUST_USE err_t locksmith_ask (locksmith_t *locksmith, const struct lock_work *work,
			      lock_done_fn *done, void *arg);

#endif
