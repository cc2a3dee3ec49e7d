/*
 * What a key of software opens: its scopes, each a few rows of the table of routes.  What no row names is
 * closed to software, whatever its role may do.
 */
#ifndef AGENTS_DOOR_SCOPE_H
#define AGENTS_DOOR_SCOPE_H

#include "jembatan/base.h"

/* Words of `text` parted by blanks. */
bool word_in (const char *word, const char *text);

bool scope_exists (const char *name);

/* Whether one of the scopes opens the route.  ret_kind: of the letter that it writes when the body names
 * none; NULL when it writes none. */
bool scope_opens (const char *scopes, const char *method, const char *pattern,
		  const char **ret_kind);

/* The i-th row, for lists and tests; false past the end. */
bool scope_row (size_t i, const char **ret_scope, const char **ret_method,
		const char **ret_pattern);

#endif
