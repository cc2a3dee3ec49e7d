/*
 * A letter on its way through the stages (receive.c), and those that waited: for their request
 * or their turn (waiting.c), for a clause that covers them (held.c), or for a catalogue that knows
 * them (unknown.c).
 */
#ifndef AGENTS_DESK_ARRIVAL_H
#define AGENTS_DESK_ARRIVAL_H

#include "agents/desk/inside.h"

struct arrival {
	struct step step;
	const struct received *received;
	const struct kind_spec *kind;
	struct thread thread;
	bool known;   /* thread is, and the sender is its other side */
	bool foreign; /* the thread is somebody else's */
	bool opens;   /* the kind opens a thread */
	bool waited;  /* it is in the inbox already */
	bool released; /* it was held, and a clause has come that covers it */
	bool hidden;   /* it has what this agency may never see: its text is not kept */
	bool anew;   /* it was shown as unknown, and its kind is known now */
	int64_t covered_ms; /* consent is judged as of then; 0 = now */
	bool refused, moved;
	err_t err; /* of the ledger */
};

static inline const struct letter *letter_of (const struct arrival *arrival)
{
	return &arrival->received->letter;
}

static inline const struct agency_id *sender_of (const struct arrival *arrival)
{
	return &arrival->received->header.from;
}

/* When it came, or came first: as of then it is judged. */
static inline int64_t came_ms (const struct arrival *arrival)
{
	return arrival->received->first_ms != 0 ? arrival->received->first_ms
						: arrival->step.now_ms;
}

/* A letter of the performer, which has its turn in the thread. */
bool arrival_is_event (const struct arrival *arrival);

/* The kind in this catalogue, or NULL. */
void arrival_find_kind (struct arrival *arrival);
/* ERR_OK, or why the letter is held. */
MUST_USE err_t arrival_find_cover (const struct arrival *arrival);

/* A letter from the inbox, as if it came now; false when its body is gone. */
bool arrival_again (const struct step *step, const struct inbox_row *row,
		    struct received *received, struct arrival *ret_arrival);

/* A letter through all stages, and what waited for it. */
MUST_USE err_t arrival_receive (const struct step *step, const struct received *received);

/* Through the stages, from the named one on; the first that has an answer ends it. */
void arrival_pass (struct arrival *arrival, const char *from);
/* The same of one that waited, whose kind may have become known meanwhile. */
void arrival_pass_again (struct arrival *arrival, const char *from);

/* One that was shown as it is passes as if it came now; false when its kind is still unknown. */
bool arrival_pass_anew (struct arrival *arrival);

/* ---- those that waited in its thread (waiting.c) --------------------------------- */

/* Orphans whose request this was, and events whose turn it is now. */
void waiting_follow (struct arrival *arrival);

/* The same for a thread that came about here otherwise: its request was given back. */
MUST_USE err_t waiting_begin (const struct step *step, const struct thread_id *id);

/* ---- those that were held (held.c) ----------------------------------------------- */

/* A clause has come, by itself or with a letter that it covers: what its sender wrote
 * about the same person before is seen now, in the order in which it came. */
MUST_USE err_t held_release (struct arrival *arrival);

#endif
