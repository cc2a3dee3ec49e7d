/*
 * Asking for a secret: at a terminal without showing what is typed, otherwise as a line of the input, so
 * that a script may hand it over.  Never on a command line, where every user of the box reads it.
 */
#ifndef PROTO_PROMPT_H
#define PROTO_PROMPT_H

#include <stdio.h>

#include "jembatan/problem.h"

#define PROMPT_SECRET_BYTES 1024u

/* A line without its end, in guarded memory, which the caller gives back with prompt_forget; what is
 * asked goes to standard error.  ERR_MALFORMED, with a problem, at the end of the input and for a line
 * that is too long or holds a zero byte. */
MUST_USE err_t prompt_secret (FILE *in, const char *ask_id, const char *ask_en, char **ret_secret,
			      problems_t *problems);

/* Wipes it. */
void prompt_forget (char **secret);

#endif
