/*
 * Going back in time, both ways (docs/PROTOCOL.md, "Going back").  A ledger that was restored
 * remembers whom it must tell of it and who has given back everything; a ledger whose partner was
 * restored remembers how far it has looked for what that partner lacks.
 */
#ifndef AGENTS_LEDGER_RESUME_H
#define AGENTS_LEDGER_RESUME_H

#include "agents/ledger/ledger.h"
#include "jembatan/letter.h"

/* ---- this ledger was restored ---- */

struct restored {
	int64_t at_ms;               /* 0 = it never was, or everybody was told long ago */
	struct store_id takes_over;  /* the id that it had before */
};
struct restored restored_get (ledger_t *ledger);
/* This ledger went back in time and nobody told it: numbers of its own that a partner has seen may be
 * those of other letters, so the next ledger_restored asks for all of its letters. */
void restored_is_due (tx_t *tx);
/* Nobody else needs to hear of it. */
void restored_forget (tx_t *tx);

bool resume_is_told (ledger_t *ledger, const struct agency_id *partner);
void resume_told (tx_t *tx, const struct agency_id *partner, int64_t at_ms);
/* The partner has given back everything: letters to it that waited for that are due. */
void resume_done (tx_t *tx, const struct agency_id *partner, int64_t now_ms);
/* May the partner still give something back?  No longer RESUME_WAIT_MS after the restoration. */
bool resume_waits (ledger_t *ledger, const struct agency_id *partner, int64_t now_ms);

/* What a partner is told: the number up to which everything of each of its series is held, and how
 * far this ledger knows that it counted itself under earlier ids.  At most LIMIT_HELD, the newest of
 * our own first. */
size_t resume_held (ledger_t *ledger, const struct agency_id *partner, arena_t *arena,
		    struct held **ret_held);

/* ---- a partner was restored ---- */

struct resume_asked {
	struct agency_id partner;
	struct store_id store_id;    /* its new one */
	struct letter_id letter;     /* its ledger.resume, which is in the inbox */
	int64_t from_ms;             /* not before: a partner may ask once in RESUME_PAUSE_MS */
	uint64_t sent_seq, came_seq; /* up to here outbox and inbox have been looked through */
	bool said;                   /* it was told that this was all */
};
#define RESUME_PAUSE_MS (10 * MINUTE_MS)

/* A new question begins at the beginning; the same one again changes nothing. */
void resume_ask (tx_t *tx, const struct agency_id *partner, const struct store_id *store_id,
		 const struct letter_id *letter, int64_t now_ms);
/* The next partner to whom something may have to be given; false when there is none. */
bool resume_next (ledger_t *ledger, int64_t now_ms, struct resume_asked *ret_asked);
/* Keeps how far it was looked; `open` while there may be more. */
void resume_keep (tx_t *tx, const struct resume_asked *asked, bool open);
/* The new store id that this partner told of; none = it never was restored. */
struct store_id resume_store (ledger_t *ledger, const struct agency_id *partner);
/* Something of the partner's lost ledger came only now: look on. */
void resume_look_on (tx_t *tx, const struct agency_id *partner);

/* Letters of one partner, by place: ours in the outbox that it stored, or its own in the inbox.
 * Reads at most RESUME_LOOK_ROWS places behind `after` and says up to which; false = to the end. */
#define RESUME_LOOK_ROWS 4096u
struct resume_row {
	uint64_t seq;
	struct letter_id id;
	int64_t at_ms;               /* when it was written, or came */
};
bool resume_sent (ledger_t *ledger, const struct agency_id *partner, uint64_t after, size_t max,
		  arena_t *arena, struct resume_row **ret_rows, size_t *ret_count,
		  uint64_t *ret_up_to);
bool resume_came (ledger_t *ledger, const struct agency_id *partner, uint64_t after, size_t max,
		  arena_t *arena, struct resume_row **ret_rows, size_t *ret_count,
		  uint64_t *ret_up_to);

#endif
