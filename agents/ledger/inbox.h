/*
 * The inbox: one row per letter that arrived, by (sender, id), with its evidence (H, S, sig).
 */
#ifndef AGENTS_LEDGER_INBOX_H
#define AGENTS_LEDGER_INBOX_H

#include "agents/ledger/ledger.h"
#include "jembatan/envelope.h"
#include "jembatan/letter.h"

enum inbox_state {               /* stored: never renumber */
	INBOX_APPLIED = 1,       /* it moved its thread, or needed none */
	INBOX_PARKED = 2,        /* ahead of its turn: an earlier rev is missing */
	INBOX_ORPHAN = 3,        /* its request has not come */
	INBOX_HELD = 4,          /* no consent covers it: unseen */
	INBOX_LATE = 5,          /* over 24 h past its expiry: shown, moves nothing */
	INBOX_OLD = 6,           /* an older rev: ignored */
	INBOX_UNKNOWN = 7,       /* a kind this catalogue does not know: shown generically */
	INBOX_QUARANTINED = 8,   /* signed by a compromised key, or not openable */
	INBOX_REFUSED = 9,
	INBOX_ERASED = 10,       /* body deleted: held too long, or the consent was withdrawn */
};
const char *inbox_state_name (enum inbox_state state);

struct inbox_row {
	uint64_t seq;                /* its place in lists; of one that was read */
	struct letter_id id;
	struct agency_id from;
	struct hash header_hash;
	enum letter_class class;
	enum inbox_state state;
	const char *kind;
	uint32_t rev;
	struct thread_id thread;
	struct person_id person;
	struct case_id case_id;      /* as the sender wrote it; none in rows from before it was kept */
	int64_t arrived_ms;
	err_t code;                  /* of a held or refused one */
	bool late, time_doubtful;
	struct receipt receipt;      /* what was answered; a duplicate gets the same again */
	struct bytes h, s;           /* when asked for; empty after erasure */
	struct signature sig;
};

enum inbox_seen { INBOX_NEW, INBOX_DUPLICATE, INBOX_EQUIVOCATION };

/* Duplicate rule: same (from, id, hH).  For a duplicate ret_row is what was stored. */
enum inbox_seen inbox_seen (ledger_t *ledger, const struct agency_id *from,
			    const struct letter_id *id, const struct hash *header_hash,
			    arena_t *arena, struct inbox_row *ret_row);

/* S is sealed with the person's key (the ledger's own when none). */
void inbox_add (tx_t *tx, const struct inbox_row *row);
void inbox_set_state (tx_t *tx, const struct agency_id *from, const struct letter_id *id,
		      enum inbox_state state, err_t code);
/* What a duplicate gets from now on. */
void inbox_set_receipt (tx_t *tx, const struct agency_id *from, const struct receipt *receipt);
/* Gives a letter that was stored before its person was known to that person. */
void inbox_set_person (tx_t *tx, const struct agency_id *from, const struct letter_id *id,
		       const struct person_id *person);
void inbox_erase_body (tx_t *tx, const struct agency_id *from, const struct letter_id *id);

MUST_USE err_t inbox_get (ledger_t *ledger, const struct agency_id *from,
			  const struct letter_id *id, arena_t *arena, struct inbox_row *ret_row);
/* Rows of a state, oldest first, opened with h and s; `thread` may be NULL, before_ms 0 = all. */
size_t inbox_list (ledger_t *ledger, enum inbox_state state, const struct thread_id *thread,
		   int64_t before_ms, size_t max, arena_t *arena, struct inbox_row **ret_rows);

/* Rows of a state that arrived before, oldest first, without h and s. */
size_t inbox_heads (ledger_t *ledger, enum inbox_state state, int64_t before_ms, size_t max,
		    arena_t *arena, struct inbox_row **ret_rows);
/* Of a thread those that were applied and came after `after_ms`, oldest first, without h and s. */
size_t inbox_arrived (ledger_t *ledger, const struct thread_id *thread, int64_t after_ms, size_t max,
		      arena_t *arena, struct inbox_row **ret_rows);
/* Of a thread all, whatever their state, oldest first, without h and s. */
size_t inbox_by_thread (ledger_t *ledger, const struct thread_id *thread, size_t max, arena_t *arena,
			struct inbox_row **ret_rows);
/* Without h and s also parked ones or orphans that arrived before and of which no alarm has told yet; and
 * that one has. */
size_t inbox_untold (ledger_t *ledger, enum inbox_state state, int64_t before_ms, size_t max,
		     arena_t *arena, struct inbox_row **ret_rows);
void inbox_told (tx_t *tx, const struct agency_id *from, const struct letter_id *id);

/* The held ones of one sender that may be about the case, oldest first, opened with h and s; those
 * behind `after`, a seq. */
size_t inbox_held (ledger_t *ledger, const struct agency_id *from, const struct case_id *case_id,
		   uint64_t after, size_t max, arena_t *arena, struct inbox_row **ret_rows);
/* Those of unknown kinds behind `after`, a seq, oldest first, opened with h and s. */
size_t inbox_unknown (ledger_t *ledger, uint64_t after, size_t max, arena_t *arena,
		      struct inbox_row **ret_rows);
/* How many are in a state; for states that few are in. */
uint64_t inbox_waiting (ledger_t *ledger, enum inbox_state state);

/* Is there one of the thread in this state? */
bool inbox_has (ledger_t *ledger, enum inbox_state state, const struct thread_id *thread);
/* The sender's letter of this rev that waits in the thread (parked, or of an unknown kind, held,
 * late), opened.  ERR_NOT_FOUND. */
MUST_USE err_t inbox_next (ledger_t *ledger, const struct agency_id *from,
			   const struct thread_id *thread, uint32_t rev, arena_t *arena,
			   struct inbox_row *ret_row);
/* Did a later event of this sender move the thread already? */
bool inbox_moved_past (ledger_t *ledger, const struct agency_id *from,
		       const struct thread_id *thread, uint32_t rev);

/* ---- receipts that are owed ---- */

void receipt_owe (tx_t *tx, const struct agency_id *to, const struct receipt *receipt);
/* Takes what is owed to one sender, at most LIMIT_RECEIPTS; 0 = nothing owed to anybody. */
size_t receipt_take (tx_t *tx, arena_t *arena, struct agency_id *ret_to,
		     struct receipt **ret_receipts);

/* ---- pair sequences, in ---- */

/*
 * Notes that n of (sender, its store, class) arrived; a hole below it is remembered unless voided
 * names it.  True when it filled a hole that people were told of, and none such of this sender is left.
 *
 * The newest letter of a series is what pair_next tells its sender of.  One that does not follow on it
 * (its `previous` is another) was numbered by a copy of the ledger from before: then the newest stays.
 */
bool pair_arrived (tx_t *tx, const struct header *header, const struct hash *header_hash,
		   const struct pair_sequence *sequence, int64_t at_ms);
struct pair_gap { struct agency_id from; enum letter_class class; uint64_t n; int64_t since_ms; };
/* Holes known since before `before_ms` and not reported yet. */
size_t pair_gaps (ledger_t *ledger, int64_t before_ms, arena_t *arena, struct pair_gap **ret_gaps);
/* Holes that are open, reported or not, oldest first: what its sender counted and we never got. */
struct pair_missing { struct agency_id from; enum letter_class class; uint64_t first, last; int64_t since_ms; };
size_t pair_missing (ledger_t *ledger, size_t max, arena_t *arena, struct pair_missing **ret_missing);
void pair_gap_reported (tx_t *tx, const struct pair_gap *gap);

#endif
