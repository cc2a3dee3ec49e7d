/*
 * The audit: chains of referrals as a coordinator sees them, built from what the sides told.  It
 * knows referrals by random ids, agencies, states and times, and nobody by name.
 *
 * Rows are added once, in the order in which they came; everything that depends on the present
 * (who is waited for, what is late, on what the sides disagree) is judged when it is asked, from the
 * catalogue's lifecycles and reply times.  Pure: no SQL, no JSON, no clock.
 */
#ifndef AGENTS_AUDIT_AUDIT_H
#define AGENTS_AUDIT_AUDIT_H

#include "agents/catalogue/catalogue.h"
#include "agents/ledger/chain.h"

/* How long two reports may differ, or one be missing, before it is called a disagreement. */
#define AUDIT_PATIENCE_MS (24 * HOUR_MS)

/* Told instead of a state (agents/desk/chain.c). */
#define AUDIT_INFO_ASKED "info-asked"
#define AUDIT_CANCEL_REQUESTED "cancel-requested"
#define AUDIT_CANCELLED_UNCONFIRMED "cancelled-unconfirmed"

/* clang-format off */
#define AUDIT_DOUBTS(X) \
	X (STATES, "states-differ")      /* the sides name different states for over a day */ \
	X (SILENT, "one-side-silent")    /* only one reports, though both are overseen */ \
	X (SIDES,  "sides-differ")       /* the sides name other agencies, parents or chains */ \
	X (LETTER, "letters-differ")     /* the same step by other letters, or other steps by one */ \
	X (LOG,    "log-differs")        /* one leaf of the hub's log told for two letters */ \
	X (ORDER,  "impossible-order")   /* no lifecycle leads from one told state to the next */
/* clang-format on */

#define X(name, text) DOUBT_AT_##name,
enum { AUDIT_DOUBTS (X) DOUBT_COUNT };
#undef X
#define X(name, text) DOUBT_##name = 1u << DOUBT_AT_##name,
enum audit_doubt { AUDIT_DOUBTS (X) };
#undef X
/* The i-th of DOUBT_COUNT, for the bit 1 << i. */
const char *audit_doubt_name (size_t i);

struct audit_step {
	struct agency_id reporter;
	const char *state, *reason;
	int64_t at_ms, due_ms, told_ms;
	struct hash header_hash;
	uint64_t leaf;               /* 0 = not told */
};

enum { SIDE_REQUESTER, SIDE_PERFORMER, SIDE_COUNT };

struct audit_side {
	bool overseen;
	const char *state;           /* the newest it told; "" = nothing told */
	int64_t at_ms, told_ms;
};

/* Who is waited for; an empty agency = nobody. */
struct audit_waiting {
	struct agency_id agency;
	int64_t since_ms;
	int64_t due_ms;              /* 0 = no answer was asked by a time */
	bool late;
	struct agency_id told_by;    /* who says by loop.overdue that it is late; empty = nobody */
};

struct audit_referral {
	struct thread_id id, parent;
	size_t depth;                /* in the tree; roots are 0 */
	struct agency_id from, to;
	const char *kind, *state, *reason;
	const struct thread_type *type;   /* NULL when the catalogue has none of this kind */
	bool ended;
	struct audit_side side[SIDE_COUNT];
	int64_t opened_ms, answered_ms, accepted_ms, arrived_ms, ended_ms;   /* 0 = not (yet) */
	int64_t moved_ms;            /* the newest step */
	bool answered_in_time;       /* by the first time that was asked */
	struct audit_waiting waiting;
	unsigned doubts;             /* enum audit_doubt, or-ed */
	size_t step_count;           /* of audit_show: by time, both sides' */
	const struct audit_step *steps;
};

struct audit_chain {
	struct chain_id id;
	size_t referral_count;       /* parents before their children, siblings by time */
	const struct audit_referral *referrals;
	size_t current;              /* the referral that it depends on now, or that moved last */
	bool ended;
	int64_t opened_ms, moved_ms;
	bool late;
	unsigned doubts;
};

typedef struct audit audit_t;

/* Borrows the catalogue. */
audit_t *audit_new (const catalogue_t *catalogue);
void audit_destroy (audit_t **audit);

/* Rows by rising n; one that is not newer than the last is left out. */
void audit_add (audit_t *audit, const struct chain_row *rows, size_t count);
/* The n of the newest row. */
uint64_t audit_last (const audit_t *audit);

/* The agencies that this coordinator oversees: only they can be silent. */
void audit_oversee (audit_t *audit, const struct agency_id *agencies, size_t count);

/* ---- asking: everything lives in the arena, or as long as the audit ---- */

struct audit_filter {
	bool late, disagree;         /* only such */
};

/* Chains of which something was told last come first.  Without steps. */
size_t audit_list (audit_t *audit, const struct audit_filter *filter, int64_t now_ms, size_t skip,
		   size_t max, arena_t *arena, struct audit_chain **ret_chains);

/* By its UUID, or by at least six of the hex digits that it begins with.  ERR_NOT_FOUND,
 * ERR_AMBIGUOUS. */
MUST_USE err_t audit_find (const audit_t *audit, const char *words, struct chain_id *ret_id);

/* One chain with the steps of its referrals; ERR_NOT_FOUND. */
MUST_USE err_t audit_show (audit_t *audit, const struct chain_id *id, int64_t now_ms,
			   arena_t *arena, struct audit_chain *ret_chain);

struct audit_median {
	size_t count;
	int64_t ms;                  /* of a count of 0: 0 */
};

/* Referrals from one agency to another, or of all of them. */
struct audit_pair {
	struct agency_id from, to;
	size_t sent, open, accepted, rejected, completed, failed, cancelled;
	size_t in_time;              /* answered by the time that was asked */
	size_t late, doubted;
	struct audit_median accept, arrival, outcome;   /* from the opening */
};

struct audit_summary {
	size_t chains;
	struct audit_pair total;
	size_t pair_count;           /* by agency ids */
	struct audit_pair *pairs;
};
void audit_summary (audit_t *audit, int64_t now_ms, arena_t *arena,
		    struct audit_summary *ret_summary);

#endif
