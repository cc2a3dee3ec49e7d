/*
 * An upload under way: the body of a PUT becomes steps of an attachment, a few at a time, each few in
 * one commit.  Whatever was not committed when the line broke is sent again.
 */
#ifndef AGENTS_API_UPLOAD_H
#define AGENTS_API_UPLOAD_H

#include "agents/json.h"
#include "jembatan/problem.h"

struct upload;

/* The next bytes; a failure is kept for the end. */
void upload_take (struct upload *upload, struct bytes piece);
/* All bytes have come: how far the file is now. */
MUST_USE err_t upload_end (struct upload *upload, json_t **ret_answer, problems_t *problems);
void upload_destroy (struct upload *upload);

#endif
