/*
 * Who may do what: one table, rows are roles, columns are use-cases.  Which kinds of
 * letter a role may send stands in the catalogue besides.
 */
#include "agents/desk/inside.h"

#define MAY(use) (1u << (use))

/* Whoever has a role at all. */
#define MAY_ALL (MAY (USE_SIGN_IN) | MAY (USE_SESSION))

static const struct {
	const char *role;
	unsigned may;
} roles[] = {
	/* clang-format off */
	{ "caseworker", MAY (USE_LOOK) | MAY (USE_LIST) | MAY (USE_INTAKE) | MAY (USE_CONSENT)
			| MAY (USE_SEND) | MAY (USE_STATUS) | MAY_ALL },
	{ "clinician",  MAY (USE_LOOK) | MAY (USE_LIST) | MAY (USE_INTAKE) | MAY (USE_CONSENT)
			| MAY (USE_SEND) | MAY (USE_STATUS) | MAY_ALL },
	{ "supervisor", MAY (USE_LOOK) | MAY (USE_LIST) | MAY (USE_INTAKE) | MAY (USE_CONSENT)
			| MAY (USE_SEND) | MAY (USE_STATUS) | MAY (USE_VERIFY)
			| MAY (USE_ADMIN) | MAY (USE_EVIDENCE) | MAY (USE_RESET)
			| MAY (USE_LOOKS) | MAY_ALL },
	/* An auditor sees that records were opened and by whom, not what they say; what a pack of
	 * evidence says goes to whoever it is given to, and its giving is an entry. */
	{ "auditor",    MAY (USE_LIST) | MAY (USE_STATUS) | MAY (USE_VERIFY)
			| MAY (USE_EVIDENCE) | MAY (USE_LOOKS) | MAY_ALL },
	{ "admin",      MAY (USE_STATUS) | MAY (USE_VERIFY) | MAY (USE_ADMIN)
			| MAY (USE_EVIDENCE) | MAY (USE_ACCOUNTS) | MAY (USE_RESET)
			| MAY (USE_KEYS) | MAY_ALL },
	/* clang-format on */
};

static const char *const names[] = {
	[USE_LOOK] = "look",         [USE_LIST] = "list",       [USE_INTAKE] = "intake",
	[USE_CONSENT] = "consent",   [USE_SEND] = "send",       [USE_STATUS] = "status",
	[USE_VERIFY] = "verify",     [USE_ADMIN] = "admin",     [USE_EVIDENCE] = "evidence",
	[USE_SIGN_IN] = "sign-in",   [USE_SESSION] = "session", [USE_ACCOUNTS] = "accounts",
	[USE_RESET] = "reset",       [USE_KEYS] = "keys",       [USE_LOOKS] = "looks",
};
_Static_assert (COUNT_OF (names) == USE_COUNT, "each use-case has its name");

const char *use_case_name (enum use_case use)
{
	return use < USE_COUNT ? names[use] : "unknown";
}

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
