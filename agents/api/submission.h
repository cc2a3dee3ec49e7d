/*
 * A letter that a person wants to write, read from the body of a request: for the routes that send one and
 * for those that only show what it would be.
 */
#ifndef AGENTS_API_SUBMISSION_H
#define AGENTS_API_SUBMISSION_H

#include "agents/api/call.h"

/* A letter that opens a thread of any type; one of the thread in the path.  Of an error the call's
 * problems say more, and mistakes of single members are among them on success too: submission_answers
 * asks for them. */
MUST_USE err_t submission_to_open (struct call *call, const struct kind_spec **ret_kind,
				   struct submission *ret_submission);
MUST_USE err_t submission_to_write (struct call *call, const struct kind_spec **ret_kind,
				    struct submission *ret_submission);

/* Its answers and files, and the verdict on all that was read. */
MUST_USE err_t submission_answers (struct call *call, const struct kind_spec *kind,
				   struct submission *submission);

/* What the desk and several routes share of it. */
void submission_urgency (struct call *call, enum urgency *ret_urgency);
MUST_USE err_t submission_kind (struct call *call, const char *name,
				const struct kind_spec **ret_kind);

#endif
