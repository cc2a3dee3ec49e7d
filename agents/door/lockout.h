/*
 * How long a name stays shut after wrong passwords.  Pure.  Four failures in a row cost nothing; each
 * further one shuts the name for twice as long, up to LOCKOUT_MOST_MS, and a day without one forgets
 * them all: guessing is slow, and nobody is shut out for good.
 *
 * An attempt counts as failed from the moment it is made until it has succeeded, so that many at the
 * same time are no more worth than one after the other.
 */
#ifndef AGENTS_DOOR_LOCKOUT_H
#define AGENTS_DOOR_LOCKOUT_H

#include "agents/ledger/account.h"

#define LOCKOUT_FREE 4u
#define LOCKOUT_FIRST_MS MINUTE_MS
#define LOCKOUT_MOST_MS (15 * MINUTE_MS)
#define LOCKOUT_FORGET_MS DAY_MS

/* How long until the next attempt is looked at; 0 = now.  A clock that has gone back opens it. */
int64_t lockout_wait_ms (const struct attempts *attempts, int64_t now_ms);

/* After one more. */
struct attempts lockout_fail (const struct attempts *attempts, int64_t now_ms);

/* As if the last one had not been made. */
struct attempts lockout_undo (const struct attempts *attempts);

#endif
