/*
 * The one thread that computes password hashes and opens keys under a passphrase, so that letters never wait for one.  Jobs are done in
 * order; only a few may wait.  Everything but the computing happens in the loop's thread.
 */
#ifndef AGENTS_DOOR_LOCKSMITH_H
#define AGENTS_DOOR_LOCKSMITH_H

#include <czmq.h>

#include "jembatan/vault.h"
#include "proto/password.h"

#define LOCKSMITH_QUEUE 8u           /* half a second to two of waiting */

typedef struct locksmith locksmith_t;

struct lock_work {
	const char *password;            /* to be held against `hash`; NULL = none */
	const char *hash;                /* "" = no such account: it takes as long */
	const char *next;                /* to be hashed; NULL = none */
	const struct locked_key *locked; /* to be opened with the password, in place of both; or NULL */
};

struct lock_result {
	/* ERR_OK; ERR_BUSY: there was no memory, or we end; ERR_WRONG_PASSPHRASE of a locked key */
	err_t err;
	bool matches;                    /* the password is that of the hash */
	/* of `next`, or of the password when it matches a hash of other parameters; "" = none */
	char fresh[PASSWORD_HASH_TEXT];
	const vault_t *key;              /* of the locked one; borrowed while `done` runs */
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
