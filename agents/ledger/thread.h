/*
 * Threads: the projection of each referral (and consent) that we are a side of.  The state moves
 * through one door, thread_move, which checks the state it comes from.
 */
#ifndef AGENTS_LEDGER_THREAD_H
#define AGENTS_LEDGER_THREAD_H

#include "agents/ledger/ledger.h"

/* How letters reach the other side.  Stored: never renumber. */
enum carrier {
	CARRIER_WIRE = 0,               /* a member of the network */
	CARRIER_PAPER = 1,              /* somebody of the address book: printed, and answered by phone,
	                               * WhatsApp or paper, "reported by us" */
	CARRIER_OWN = 2,                /* this agency itself: it records what it did */
};
const char *carrier_name (enum carrier carrier);   /* "wire", "paper", "own" */

#define CODE_TEXT 16                  /* "7KQ4-M2XA" and room */

struct thread {
	uint64_t seq;                 /* its place in lists; of one that was read */
	struct thread_id id;
	char number[24];              /* "R-2026-0007": ours, for people */
	enum carrier carrier;
	char code[CODE_TEXT];         /* on the reply slip of a printed letter; "" = none */
	struct thread_id about;       /* the thread here that gave rise to it; never leaves */
	const char *ladder;           /* agencies to ask next, parted by blanks; NULL or "" = none */
	const char *type;             /* "referral" */
	bool performing;              /* we are the performer */
	struct agency_id partner;     /* the other side */
	struct person_id person;
	const char *state;
	const char *overlay;          /* "", "cancel-requested", "cancelled-unconfirmed" (requester's side only) */
	uint32_t rev;                 /* performer: last sent; requester: last applied */
	struct chain_id chain;
	struct thread_id parent;      /* the referral this one carries onward, at the same agency */
	struct thread_id child;       /* the onward one, at the same agency; none = no onward */
	struct thread_id replaces;    /* the refused referral this one re-routes */
	const char *service, *purpose;
	uint32_t urgency;
	struct clause_id clause;      /* that covers it; none = another basis */
	struct agency_id grantor;     /* whose clause that is */
	struct letter_id request;     /* the letter that opened it */
	struct letter_id last_letter; /* the newest one, to reply to */
	int64_t opened_ms, moved_ms;
	int64_t seen_ms;              /* when a person first opened it; 0 = never */
	int64_t cancel_ms;            /* when cancel was asked; 0 = never */
	int64_t appointment_ms;       /* 0 = none */
	uint32_t no_shows;
	bool data_stopped;            /* consent withdrawn: no letter with personal data may leave */
};

/* Stores a new thread; fills number. */
void thread_add (tx_t *tx, struct thread *thread);

/* The one door: UPDATE ... WHERE state = from.  ERR_WRONG_STATE when it was not in `from`. */
MUST_USE err_t thread_move (tx_t *tx, const struct thread_id *id, const char *from, const char *to,
			    int64_t at_ms);

/* Everything but id, number, type and state. */
void thread_update (tx_t *tx, const struct thread *thread);

MUST_USE err_t thread_get (ledger_t *ledger, const struct thread_id *id, arena_t *arena,
			   struct thread *ret_thread);
/* By number ("R-2026-0007", "7"), the code of a printed letter, or UUID.  ERR_NOT_FOUND,
 * ERR_AMBIGUOUS; ERR_INVALID for a code that was mistyped. */
MUST_USE err_t thread_find (ledger_t *ledger, const char *words, struct thread_id *ret_id);

enum thread_box { BOX_ALL, BOX_IN, BOX_OUT, BOX_NEEDS_ANSWER, BOX_WAITING, BOX_OPEN, BOX_ENDED };

/* Newest first; `person` and `partner` may be NULL.  `after` is the seq of the last one that was
 * listed before, 0 = from the newest: pages stay where they are while new threads come. */
size_t thread_list (ledger_t *ledger, enum thread_box box, const struct person_id *person,
		    const struct agency_id *partner, uint64_t after, size_t max, arena_t *arena,
		    struct thread **ret_threads);
/* Open threads with an appointment from `from_ms` and before `before_ms`, soonest first. */
size_t thread_list_appointments (ledger_t *ledger, int64_t from_ms, int64_t before_ms, size_t max,
				 arena_t *arena, struct thread **ret_threads);
/* Threads that a clause covers, ended ones too. */
size_t thread_list_by_clause (ledger_t *ledger, const struct clause_id *clause,
			      const struct agency_id *grantor, arena_t *arena,
			      struct thread **ret_threads);

#endif
