/*
 * A request that is answered later, from the loop: a handler makes one, starts something that will call
 * back, and says that the call is held; the callback answers.  Whoever asked may be gone by then.
 */
#ifndef AGENTS_API_LATER_H
#define AGENTS_API_LATER_H

#include "agents/api/call.h"

struct later;

/* Of the call under way, which is not held yet. */
struct later *later_new (struct call *call);
/* Nothing was started: the handler answers by itself. */
void later_drop (struct later *later);
/* From now on the request waits; the handler returns ERR_OK without an answer. */
void later_go (struct later *later, struct call *call);

typedef err_t later_fn (struct call *call, const void *arg, json_t **ret_answer);

/* Answers with what `show` gives, or with the error and its problems; ends it.  `show` gets a call of
 * its own, without body or caller, and may set what stands in call->reply. */
void later_answer (struct later *later, err_t err, const problems_t *problems, unsigned retry_after_s,
		  later_fn *show, const void *arg);

#endif
