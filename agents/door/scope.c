/* Scopes; see scope.h. */
#include "agents/door/scope.h"

#include <string.h>

/* clang-format off */
static const struct {
	const char *scope, *method, *pattern;
	const char *kind;                /* "" = the body names it */
} rows[] = {
	{ "status",    "GET",  "/v1/status", NULL },
	{ "status",    "GET",  "/v1/alarms", NULL },
	{ "inbox",     "GET",  "/v1/catalogue", NULL },
	{ "inbox",     "GET",  "/v1/referrals", NULL },
	{ "inbox",     "GET",  "/v1/referrals/{id}", NULL },
	{ "inbox",     "GET",  "/v1/referrals/{id}/timeline", NULL },
	{ "inbox",     "GET",  "/v1/attachments/{id}", NULL },
	{ "inbox",     "GET",  "/v1/attachments/{id}/content", NULL },
	{ "findings",  "GET",  "/v1/catalogue", NULL },
	{ "findings",  "GET",  "/v1/referrals", NULL },
	{ "findings",  "POST", "/v1/referrals/{id}/letters", "" },
	{ "findings",  "PUT",  "/v1/attachments/{id}", NULL },
	{ "findings",  "GET",  "/v1/attachments/{id}", NULL },
	{ "referrals", "GET",  "/v1/catalogue", NULL },
	{ "referrals", "GET",  "/v1/partners", NULL },
	{ "referrals", "GET",  "/v1/referrals", NULL },
	{ "referrals", "GET",  "/v1/referrals/{id}/timeline", NULL },
	{ "referrals", "POST", "/v1/referrals", "referral.request" },
	{ "referrals", "PUT",  "/v1/attachments/{id}", NULL },
	{ "referrals", "GET",  "/v1/attachments/{id}", NULL },
};
/* clang-format on */

bool word_in (const char *word, const char *text)
{
	size_t len = strlen (word);

	for (const char *at = text; len > 0 && (at = strstr (at, word)) != NULL; at += len)
		if ((at == text || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
			return true;
	return false;
}

bool scope_exists (const char *name)
{
	for (size_t i = 0; i < COUNT_OF (rows); i++)
		if (strcmp (rows[i].scope, name) == 0)
			return true;
	return false;
}

bool scope_opens (const char *scopes, const char *method, const char *pattern,
		  const char **ret_kind)
{
	for (size_t i = 0; i < COUNT_OF (rows); i++)
		if (word_in (rows[i].scope, scopes) && strcmp (rows[i].method, method) == 0 &&
		    strcmp (rows[i].pattern, pattern) == 0) {
			*ret_kind = rows[i].kind;
			return true;
		}
	return false;
}

bool scope_row (size_t i, const char **ret_scope, const char **ret_method,
		const char **ret_pattern)
{
	if (i >= COUNT_OF (rows))
		return false;
	*ret_scope = rows[i].scope;
	*ret_method = rows[i].method;
	*ret_pattern = rows[i].pattern;
	return true;
}
