/*
 * What a password may be (NIST SP 800-63B section 5.1.1.2): long enough, not the account's own name, not
 * among those that everybody tries first; nothing about kinds of characters.
 */
#ifndef AGENTS_DOOR_RULES_H
#define AGENTS_DOOR_RULES_H

#include "agents/ledger/account.h"
#include "jembatan/problem.h"

#define PASSWORD_LEAST 10u               /* characters */
#define PASSWORD_MOST 128u
#define PASSWORD_BYTES (4u * PASSWORD_MOST)   /* as UTF-8 */

/* ERR_INVALID with a problem of this field; the sentence never quotes the password. */
MUST_USE err_t rules_password (const char *password, const struct account *account,
			       const char *field, problems_t *problems);

/* ERR_INVALID unless [a-z0-9._-], 2..32, beginning with a letter. */
MUST_USE err_t rules_name (const char *name, problems_t *problems);

#endif
