/*
 * The lock of a ledger whose key is under a passphrase.  It takes what people offer, one at a time and more
 * slowly after each failure (lockout.h), holds it against the key file in a thread of its own, and hands the
 * key over once.  The file is read at each attempt: it may have been exchanged meanwhile.
 */
#ifndef AGENTS_DOOR_LOCK_H
#define AGENTS_DOOR_LOCK_H

#include <czmq.h>

#include "jembatan/problem.h"
#include "jembatan/vault.h"

typedef struct lock lock_t;

struct lock_parts {
	const char *key_file;
	zloop_t *loop;
	/* The key is right: opens the ledger with it.  An error is what the attempt ends with. */
	err_t (*open) (void *arg, const vault_t *key);
	void *arg;
};

/* Borrows the parts.  The caller owns it. */
lock_t *lock_new (const struct lock_parts *parts);

/* After the attempt that is under way, which takes seconds; it ends with ERR_BUSY. */
void lock_destroy (lock_t **lock);

bool lock_is_open (const lock_t *lock);

/* How long until the next attempt is looked at, in whole seconds; 0 = now. */
unsigned lock_wait_s (const lock_t *lock);

/* ERR_OK, ERR_WRONG_PASSPHRASE, ERR_BUSY (no memory, or we end), what `open` gave. */
typedef void lock_tried_fn (void *arg, err_t err);

/* ERR_OK: `done` will be called once, from the loop or from lock_destroy.  ERR_LOCKED_OUT and ERR_BUSY
 * (somebody else's attempt is under way) with the seconds to wait, ERR_KEY_FILE, ERR_CONFLICT; then it is
 * not called. */
MUST_USE err_t lock_try (lock_t *lock, const char *passphrase, lock_tried_fn *done, void *arg,
			 unsigned *ret_retry_s, problems_t *problems);

#endif
