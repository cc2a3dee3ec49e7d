/*
 * Who may do what: one table, rows are roles, columns are use-cases.  Which kinds of
 * letter a role may send stands in the catalogue besides.
 */
#include "agents/desk/inside.h"

#define MAY(use) (1u << (use))

static const struct {
	const char *role;
	unsigned may;
} roles[] = {
	/* clang-format off */
	{ "caseworker", MAY (USE_LOOK) | MAY (USE_LIST) | MAY (USE_INTAKE) | MAY (USE_CONSENT)
			| MAY (USE_SEND) | MAY (USE_STATUS) },
	{ "clinician",  MAY (USE_LOOK) | MAY (USE_LIST) | MAY (USE_INTAKE) | MAY (USE_CONSENT)
			| MAY (USE_SEND) | MAY (USE_STATUS) },
	{ "supervisor", MAY (USE_LOOK) | MAY (USE_LIST) | MAY (USE_INTAKE) | MAY (USE_CONSENT)
			| MAY (USE_SEND) | MAY (USE_STATUS) | MAY (USE_VERIFY)
			| MAY (USE_ADMIN) | MAY (USE_EVIDENCE) },
	/* An auditor sees that records were opened and by whom, not what they say; what a pack of
	 * evidence says goes to whoever it is given to, and its giving is an entry. */
	{ "auditor",    MAY (USE_LIST) | MAY (USE_STATUS) | MAY (USE_VERIFY)
			| MAY (USE_EVIDENCE) },
	{ "admin",      MAY (USE_STATUS) | MAY (USE_VERIFY) | MAY (USE_ADMIN)
			| MAY (USE_EVIDENCE) },
	/* clang-format on */
};

err_t permit (const struct actor *actor, enum use_case use)
{
	if (!text_given (actor->role))
		return ERR_NOT_SIGNED_IN;
	for (size_t i = 0; i < COUNT_OF (roles); i++)
		if (text_is (actor->role, roles[i].role))
			return (roles[i].may & MAY (use)) != 0 ? ERR_OK : ERR_NOT_ALLOWED;
	return ERR_NOT_ALLOWED;
}

bool role_exists (const char *role)
{
	for (size_t i = 0; i < COUNT_OF (roles); i++)
		if (text_is (role, roles[i].role))
			return true;
	return false;
}
