/*
 * Idempotency-Key: a POST that is asked for again with the same key gets the answer that it got, and
 * nothing is done twice, also after a restart (agents/ledger/repeat.h).  Requests are answered one at a
 * time, so that none is found half done; one that is held is not repeated by key.
 */
#ifndef AGENTS_API_AGAIN_H
#define AGENTS_API_AGAIN_H

#include "agents/api/call.h"
#include "agents/api/route.h"

/* Before the handler of a POST with a key runs: ERR_OK to go on; or there is an answer already, and
 * call->again_status says that it is to be given.  ERR_INVALID for a key that is none, ERR_KEY_REUSED,
 * ERR_ANSWER_LOST. */
MUST_USE err_t again_begin (struct call *call, const struct route *route);

/* The answer of before into the reply; false when the handler has to speak for itself. */
bool again_give (const struct call *call, struct http_reply *reply);

/* After the reply was written. */
MUST_USE err_t again_end (struct call *call, err_t err, const struct http_reply *reply);

#endif
