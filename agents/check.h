/*
 * What a configuration says of the agency and its people, held against the catalogue, the roles and
 * the users of this machine.  Everything that is wrong is named at once.
 */
#ifndef AGENTS_CHECK_H
#define AGENTS_CHECK_H

#include "agents/catalogue/catalogue.h"
#include "jembatan/config.h"

#define USERS_MAX 64u

/* Kind, region, services and users.  ERR_CONFIG with a problem for each mistake. */
MUST_USE err_t settings_check (const config_t *config, const catalogue_t *catalogue,
			       problems_t *problems);

/* One entry of `users`: a user of this machine or a number, and a role. */
MUST_USE err_t user_check (const char *name, const char *role, uint32_t *ret_uid,
			   problems_t *problems);

#endif
