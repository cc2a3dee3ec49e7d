/*
 * What was wrong with the hub's custody log: found by this agency, or reported to it, a coordinator, by
 * another one.  Each keeps the two checkpoints that are its evidence.  Of one log one kind of trouble is
 * told once for each agency that was shown the other checkpoint.
 *
 *   found here --------------------------------------> holds
 *   reported --(by the two checkpoints, or the hub)--> holds, or is doubtful
 */
#ifndef AGENTS_LEDGER_TROUBLE_H
#define AGENTS_LEDGER_TROUBLE_H

#include "agents/ledger/ledger.h"
#include "jembatan/letter.h"

/* Stored: never renumber. */
enum trouble_state { TROUBLE_UNJUDGED = 1, TROUBLE_HOLDS, TROUBLE_DOUBTFUL };

struct trouble {
	uint64_t n;
	enum log_trouble what;
	enum trouble_state state;
	const char *origin;          /* of the log that the finder held; "" = it held none */
	uint64_t size, other_size;
	const char *checkpoint, *other;
	struct agency_id shown;      /* whose letter brought `other`; none = the hub showed it to the finder */
	struct agency_id reporter;   /* none = this agency found it */
	int64_t at_ms;               /* found or reported */
	const char *alarm;           /* the one that tells of it; "" while it is unjudged ... */
	struct agency_id partner;    /* ... and whom it names */
};

/* Sets n.  False, and nothing is kept, when the same was told before and has not turned out doubtful. */
bool trouble_add (tx_t *tx, struct trouble *trouble);
void trouble_judged (tx_t *tx, uint64_t n, enum trouble_state state, const char *alarm);

/* Has this agency itself found such trouble with this log? */
bool trouble_found_here (ledger_t *ledger, enum log_trouble what, const char *origin);
/* The oldest that was not judged.  ERR_NOT_FOUND. */
MUST_USE err_t trouble_unjudged (ledger_t *ledger, arena_t *arena, struct trouble *ret_trouble);
/* The newest that this alarm tells of.  ERR_NOT_FOUND. */
MUST_USE err_t trouble_of_alarm (ledger_t *ledger, const char *alarm, const struct agency_id *partner,
				 arena_t *arena, struct trouble *ret_trouble);
/* Those whose alarm is open, newest first. */
size_t trouble_ringing (ledger_t *ledger, size_t max, arena_t *arena, struct trouble **ret_troubles);

#endif
