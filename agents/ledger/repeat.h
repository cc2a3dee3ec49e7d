/*
 * Writes that may be asked for twice: a client that lost the answer sends the same request with the same
 * key again.  What is kept of one: keyed hashes of caller and key, a hash of the request, and the answer,
 * sealed with the ledger's own key.  It stays REPEAT_KEPT_MS, at most REPEAT_CALLER of one caller (the
 * oldest goes first); all answers go at once when somebody is erased, since one may tell of them.
 *
 * The mark that a request was done is written by the same transaction that did something; its answer
 * follows in the next one.  A crash between the two leaves a mark without an answer: that it was done is
 * known then, what was answered is not.
 */
#ifndef AGENTS_LEDGER_REPEAT_H
#define AGENTS_LEDGER_REPEAT_H

#include "agents/ledger/ledger.h"

#define REPEAT_KEPT_MS DAY_MS
#define REPEAT_CALLER 500u
#define REPEAT_ANSWER_BYTES (64u * KIB)     /* a longer answer is not kept, the mark is */

struct repeat {
	struct hash caller, key;     /* keyed by the ledger */
	struct hash request;
};

struct repeat repeat_of (const ledger_t *ledger, const char *caller, const char *key,
			 const struct hash *request);

enum repeat_found {
	REPEAT_NEW,
	REPEAT_DONE,                 /* status and answer are given */
	REPEAT_LOST,                 /* done, and its answer is not known */
	REPEAT_OTHER                 /* the key was used for another request */
};

/* Looks it up; the answer is copied into the arena. */
enum repeat_found repeat_find (ledger_t *ledger, const struct repeat *repeat, int64_t now_ms,
			       arena_t *arena, int *ret_status, struct bytes *ret_answer);

/* From now until repeat_end, each commit that changes something also writes the mark. */
void repeat_begin (ledger_t *ledger, const struct repeat *repeat, int64_t now_ms);

/* It was answered so; NULL data = this answer is not kept, and a mark that was written goes.  When
 * `keep_always` is false (an error), it is kept only if a mark was written.  Own transaction. */
MUST_USE err_t repeat_end (ledger_t *ledger, bool keep_always, int status, struct bytes answer);

/* Forgets what is too old.  Own transaction, and none when there is nothing. */
MUST_USE err_t repeat_tick (ledger_t *ledger, int64_t now_ms);

#endif
