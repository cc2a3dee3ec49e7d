/*
 * One request on its way through a handler: who asks, for what, with which body; and the
 * parts that the handler may use.
 */
#ifndef AGENTS_API_CALL_H
#define AGENTS_API_CALL_H

#include "agents/api/api.h"
#include "agents/audit/audit.h"
#include "agents/door/door.h"
#include "agents/json.h"
#include "proto/http.h"

struct upload;
struct route;

struct call {
	const struct api_parts *parts;
	struct verifier *verifier;   /* of the ledger; see verify.h */
	audit_t *audit;     /* what the ledger held of chains when somebody asked last */
	struct door *door;
	struct caller caller;        /* who asks; the actor is its */
	struct actor actor;
	void *api;                   /* for later.h */
	const struct route *route;
	struct http_reply *reply;    /* for what is not JSON: cookie, Retry-After, ETag */
	bool held;                   /* the handler answers later */
	char id[64]; /* what stands for {id} or {n} in the path; "" = nothing */
	const struct http_request *request;
	const json_t *body; /* an object, or NULL when the route takes none */
	int64_t announced;       /* of a PUT: how many bytes will come; -1 = not said */
	const char *media_type;  /* and of what type */
	size_t *uploads;         /* how many are under way */
	struct upload *upload;   /* which the handler of a PUT makes; the door takes it */
	struct http_stream stream;   /* what a handler gives to be read in place of JSON */
	struct events *events;       /* who listens for changes */
	int again_status;            /* of an answer that was given before; 0 = none */
	struct bytes again_answer;
	arena_t *arena;     /* everything a handler reads; freed with the call */
	problems_t *problems;
	const char
		*region; /* of the agency: its zone; "" when it is not in the directory */
};

/* A parameter of the query, or "". */
const char *call_param (const struct call *call, const char *name);

/* A parameter that stands for yes: "1".  Anything else but nothing is a problem of the call. */
bool call_switch (struct call *call, const char *name);

/* The UUID in the path; ERR_NOT_FOUND when it is none. */
MUST_USE err_t call_uuid (const struct call *call, uint8_t ret_id[16]);

/* The referral in the path, by number, code or UUID.  ERR_NOT_FOUND, ERR_AMBIGUOUS; ERR_INVALID
 * for a code that was mistyped. */
MUST_USE err_t call_thread (struct call *call, struct thread_id *ret_id);

/* ---- lists come in pages ---- */

#define PAGE_DEFAULT 50
#define PAGE_MAX 200

/* `after` is a place in the list (an entry's number, a thread's seq) or counts what the pages before
 * have shown: whoever reads pages passes on what `next` said and need not know. */
struct page {
	size_t limit;
	uint64_t after;
};

/* Reads `limit` and `after`; ERR_INVALID with problems. */
MUST_USE err_t call_page (struct call *call, struct page *ret_page);

/* `limit` alone, for a list whose `after` is no number. */
MUST_USE err_t call_limit (struct call *call, size_t *ret_limit);
/* ERR_INVALID with a problem: what stands in `after` is nothing that this list gave as `next`. */
MUST_USE err_t call_no_place (struct call *call);

/* {"items": [...], "next": "50" or null}.  Takes the items. */
json_t *page_json (json_t *items, bool more, uint64_t next);
json_t *page_json_at (json_t *items, const char *next);   /* NULL = no more */

/* ---- members of the body: each wrong one adds a problem to the call ---- */

/* Adds a problem for each member that is not named; the list ends with NULL. */
void body_only (struct call *call, const json_t *object, const char *const *names);

/* Clean text of at most LIMIT_TEXT_BYTES into the arena; "" when absent. */
const char *body_text (struct call *call, const json_t *object, const char *name,
		       bool required);

/* A UUID into ret_id, untouched when absent. */
void body_uuid (struct call *call, const json_t *object, const char *name, bool required,
		uint8_t ret_id[16]);

/* An instant as times_parse reads it; 0 when absent. */
int64_t body_instant (struct call *call, const json_t *object, const char *name,
		      bool end_of_day);

/* An array of texts into the arena; NULL and 0 when absent. */
size_t body_texts (struct call *call, const json_t *object, const char *name, size_t most,
		   const char *const **ret_texts);

#endif
