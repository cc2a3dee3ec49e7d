/* See lock.h. */
#include "agents/door/lock.h"

#include <stdlib.h>
#include <string.h>

#include "agents/door/lockout.h"
#include "agents/door/locksmith.h"
#include "jembatan/clock.h"
#include "jembatan/log.h"

#define BUSY_S 5u                    /* about what an attempt takes on an old computer */

struct lock {
	struct lock_parts parts;
	locksmith_t *locksmith;
	struct locked_key key;           /* of the attempt under way */
	struct attempts attempts;
	bool busy, open;
	lock_tried_fn *done;
	void *done_arg;
};

lock_t *lock_new (const struct lock_parts *parts)
{
	lock_t *lock = must_alloc (sizeof *lock);

	*lock = (struct lock){ .parts = *parts,
			       .locksmith = locksmith_new (&password_cost, parts->loop) };
	return lock;
}

void lock_destroy (lock_t **lock)
{
	if (*lock == NULL)
		return;
	locksmith_destroy (&(*lock)->locksmith);
	free (*lock);
	*lock = NULL;
}

bool lock_is_open (const lock_t *lock)
{
	return lock->open;
}

/* By the clock that nobody sets: an attempt lasts in memory only. */
unsigned lock_wait_s (const lock_t *lock)
{
	int64_t wait_ms = lockout_wait_ms (&lock->attempts, clock_monotonic_ms ());

	return (unsigned)((wait_ms + SECOND_MS - 1) / SECOND_MS);
}

static err_t judge (lock_t *lock, const struct lock_result *result)
{
	err_t err = result->err;

	if (err == ERR_OK)
		err = lock->parts.open (lock->parts.arg, result->key);
	if (err != ERR_WRONG_PASSPHRASE)
		lock->attempts = lockout_undo (&lock->attempts);
	lock->open = err == ERR_OK;
	if (err == ERR_OK)
		LOG (NOTE, "ledger.unlocked");
	else
		LOG (WARN, "ledger.not_unlocked", LOG_E (err));
	return err;
}

static void on_tried (void *arg, const struct lock_result *result)
{
	lock_t *lock = arg;
	err_t err = judge (lock, result);

	lock->busy = false;
	lock->done (lock->done_arg, err);
}

static err_t begin (lock_t *lock, const char *passphrase, problems_t *problems)
{
	const struct lock_work work = { .password = passphrase, .locked = &lock->key };
	err_t err = vault_load_locked (lock->parts.key_file, &lock->key, problems);

	if (err == ERR_OK)
		err = locksmith_ask (lock->locksmith, &work, on_tried, lock);
	if (err != ERR_OK)
		return err;
	lock->busy = true;
	lock->attempts = lockout_fail (&lock->attempts, clock_monotonic_ms ());
	return ERR_OK;
}

err_t lock_try (lock_t *lock, const char *passphrase, lock_tried_fn *done, void *arg,
		unsigned *ret_retry_s, problems_t *problems)
{
	*ret_retry_s = lock_wait_s (lock);
	if (*ret_retry_s > 0)
		return problems_add (problems, ERR_LOCKED_OUT, "passphrase",
				     "terlalu sering salah; coba lagi dalam %u detik",
				     "wrong too often; try again in %u seconds", *ret_retry_s);
	if (lock->busy) {
		*ret_retry_s = BUSY_S;
		return problems_add (problems, ERR_BUSY, "passphrase",
				     "frasa sandi lain sedang diperiksa; coba lagi dalam %u detik",
				     "another passphrase is being looked at; try again in %u seconds",
				     BUSY_S);
	}
	lock->done = done;
	lock->done_arg = arg;
	return begin (lock, passphrase, problems);
}
