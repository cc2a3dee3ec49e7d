/* Idempotency-Key; see again.h. */
#include "agents/api/again.h"

#include <stdlib.h>
#include <string.h>

#include "agents/ledger/repeat.h"
#include "jembatan/clock.h"
#include "jembatan/keys.h"

/* Method, path, query and body, each behind a byte that none of the others holds. */
static struct hash request_hash (const struct http_request *request)
{
	hasher_t *hasher = hasher_new ();
	struct hash hash;

	hasher_add (hasher, bytes_of_text (request->method));
	hasher_add (hasher, bytes_of_text ("\n"));
	hasher_add (hasher, bytes_of_text (request->path));
	for (size_t i = 0; i < request->param_count; i++) {
		hasher_add (hasher, bytes_of_text ("\n"));
		hasher_add (hasher, bytes_of_text (request->params[i].name));
		hasher_add (hasher, bytes_of_text ("\n="));
		hasher_add (hasher, bytes_of_text (request->params[i].value));
	}
	hasher_add (hasher, bytes_of_text ("\n\n"));
	hasher_add (hasher, request->body);
	hash = hasher_end (hasher);
	hasher_destroy (&hasher);
	return hash;
}

static err_t judge (struct call *call, enum repeat_found found)
{
	switch (found) {
	case REPEAT_NEW:
	case REPEAT_DONE:
		return ERR_OK;
	case REPEAT_LOST:
		return ERR_ANSWER_LOST;
	case REPEAT_OTHER:
		return problems_add_texts (call->problems, ERR_KEY_REUSED, "Idempotency-Key",
					   "kunci ini sudah dipakai untuk permintaan lain; buat kunci baru",
					   "this key was used for another request; make a new one");
	}
	return ERR_CORRUPT;
}

err_t again_begin (struct call *call, const struct route *route)
{
	const char *key = call->request->idempotency_key;
	const char *who = call->caller.kind == CALLER_BOX ? call->actor.user : call->caller.who;
	struct repeat repeat;
	struct hash request;
	enum repeat_found found;

	if (*key == '\0' || !route_takes_body (route))
		return ERR_OK;
	if (strchr (key, ' ') != NULL)
		return problems_add_texts (call->problems, ERR_INVALID, "Idempotency-Key",
					   "kunci berisi 1 sampai 64 huruf, angka atau tanda tanpa spasi",
					   "a key has 1 to 64 letters, digits or marks without blanks");
	request = request_hash (call->request);
	repeat = repeat_of (call->parts->ledger, who, key, &request);
	found = repeat_find (call->parts->ledger, &repeat, clock_now_ms (), call->arena,
			     &call->again_status, &call->again_answer);
	if (found == REPEAT_NEW)
		repeat_begin (call->parts->ledger, &repeat, clock_now_ms ());
	if (found != REPEAT_DONE)
		call->again_status = 0;
	return judge (call, found);
}

bool again_give (const struct call *call, struct http_reply *reply)
{
	if (call->again_status == 0)
		return false;
	reply->status = call->again_status;
	reply->body = must_alloc (call->again_answer.len + 1);
	memcpy (reply->body, call->again_answer.data, call->again_answer.len);
	reply->body[call->again_answer.len] = '\0';
	return true;
}

/* What opens a door, or is no text, is not kept. */
static bool may_keep (const struct http_reply *reply)
{
	return reply->body != NULL && *reply->set_cookie == '\0' && reply->stream.read == NULL;
}

err_t again_end (struct call *call, err_t err, const struct http_reply *reply)
{
	struct bytes answer = BYTES_NONE;

	if (call->parts->ledger == NULL)     /* it waits for its passphrase */
		return ERR_OK;
	if (may_keep (reply))
		answer = bytes_of_text (reply->body);
	return repeat_end (call->parts->ledger, err == ERR_OK && answer.data != NULL, reply->status,
			   answer);
}
