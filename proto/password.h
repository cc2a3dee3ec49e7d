/*
 * Passwords at rest: Argon2id (RFC 9106) in libsodium's text form, which holds salt and parameters, so
 * that what was hashed with less can be told and hashed again.  Takes its time on purpose: never in the
 * loop.
 */
#ifndef PROTO_PASSWORD_H
#define PROTO_PASSWORD_H

#include "jembatan/base.h"

#define PASSWORD_HASH_TEXT 128   /* with the end */

struct password_cost {
	unsigned long long passes;
	size_t bytes;                /* of memory */
};

/* Two passes over 64 MiB: libsodium's "interactive", above RFC 9106's second choice for memory. */
extern const struct password_cost password_cost;

/* ERR_BUSY when there is not so much memory now. */
MUST_USE err_t password_hash (const char *password, const struct password_cost *cost,
			      char ret_hash[PASSWORD_HASH_TEXT]);

/* ERR_NOT_SIGNED_IN when it is another one. */
MUST_USE err_t password_check (const char *password, const char *hash);

/* Whether the hash was made with other parameters than these. */
bool password_is_outdated (const char *hash, const struct password_cost *cost);

#endif
