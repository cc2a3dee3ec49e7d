/* What was written as it was given, and may still be a slip: "warnings" beside an answer. */
#ifndef AGENTS_API_WARN_H
#define AGENTS_API_WARN_H

#include "agents/api/call.h"

/* A region code whose province the list in force does not have: an older or a newer one is kept as
 * it is.  "" warns of nothing. */
void warn_region (json_t *answer, const char *field, const char *code);

/* The same for every region that a form was given. */
void warn_answers (json_t *answer, const struct kind_spec *kind,
		   const struct submission *submission);

#endif
