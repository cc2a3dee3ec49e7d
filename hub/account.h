/*
 * Accounts: what the hub remembers of an agency, as it stands in memory.  The durable part is
 * `now`.  Whoever changes it calls account_touch first, so that a group which can't be committed is
 * taken back whole; the store writes all touched accounts once per group.
 *
 * Within the hub a delivery sequence number counts from 1 for ever.  On the wire it counts from 1
 * for each pair of stores: wire = number - lane.base.
 */
#ifndef HUB_ACCOUNT_H
#define HUB_ACCOUNT_H

#include "hub/quota.h"
#include "jembatan/envelope.h"

struct class_lane {
	uint64_t last;      /* the highest number given to an item for this agency */
	uint64_t stored;    /* everything up to this one is stored there, or gone */
	uint64_t base;      /* where the present pair of stores began to count */
};

struct marks {
	struct store_id store;      /* the agency's ledger; none before its first HELLO */
	uint64_t pseq;              /* every Put up to this one is answered */
	struct class_lane lane[CLASS_COUNT];
	int64_t seen_ms;            /* when its agent was last connected */
	size_t retired_count;       /* ledgers that were taken over and are refused for ever */
	/* not stored: counted from the queue when the hub starts */
	uint64_t queued_letters, queued_bytes;
	uint64_t blob_bytes;        /* of its attachments, from the first byte that is here on */
};

struct session;

struct account {
	int64_t number;             /* from 1; stands for the agency in the store */
	struct agency_id id;
	struct marks now, saved;
	bool touched;
	bool kept;                  /* its row is in the store */
	struct store_id *retired;
	int standing;               /* enum gate_member, as of that version of the directory */
	uint64_t standing_version;
	uint64_t tried[CLASS_COUNT];    /* the highest number ever sent by this process */
	uint64_t given[CLASS_COUNT];    /* the highest that the agent can have been sent at all: by
	                                 * this process, or before it began */
	uint32_t rounds[CLASS_COUNT];   /* how often sending began again below it */
	struct suspect {                /* which letter its agent fails at; see suspect.h */
		uint64_t number;        /* in its lane; 0 = none */
		unsigned points;
		bool guilty;
		bool died;              /* a session ended at it */
	} suspect[CLASS_COUNT];
	bool careful;                   /* items go to it one by one */
	unsigned parked_in_a_row;       /* with no letter stored in between */
	struct letter_id last_id;       /* no letter of this sender has a higher one ... */
	bool last_id_known;             /* ... once it was asked for */
	struct lane_head {              /* of the item that waited longest when last looked at */
		uint64_t number;
		int64_t taken_ms;
	} head[CLASS_COUNT];
	uint64_t looked[CLASS_COUNT];   /* where the look-out for expired letters goes on */
	struct session *session;        /* the live one, or NULL */
	unsigned strikes;               /* offences since the last quiet quarter of an hour */
	int64_t struck_ms, banned_until_ms;
	double rate_tokens;             /* letters that may come now, when there is a rate limit */
	int64_t rate_ms;
	struct quota quota;             /* as of that version of the configuration; see hub_quota */
	uint64_t quota_version;
	int64_t full_since_ms;          /* it is refused for its quota since then; 0 = it is not */
	struct put *fresh[CLASS_COUNT], *fresh_last[CLASS_COUNT]; /* this group's letters for it */
	bool due;                       /* stands on the list of those to be served */
};

typedef struct accounts accounts_t;

accounts_t *accounts_new (void);
void accounts_destroy (accounts_t **accounts);

/* The account of an agency, or NULL. */
struct account *accounts_find (accounts_t *accounts, const struct agency_id *id);

/* The account of an agency, opened (and touched) when there is none yet. */
struct account *accounts_open (accounts_t *accounts, const struct agency_id *id);

/* By number; NULL past the last. */
struct account *accounts_at (accounts_t *accounts, int64_t number);
size_t accounts_count (const accounts_t *accounts);

/* Before any change of `now` that must be durable. */
void account_touch (accounts_t *accounts, struct account *account);

/* A ledger of this agency was taken over. */
void account_retire (accounts_t *accounts, struct account *account, const struct store_id *store);
bool account_retired (const struct account *account, const struct store_id *store);

/* The accounts touched since the last accounts_keep or accounts_undo.  One that was never stored
 * stays touched over an undo, so that the numbers in the store have no holes. */
size_t accounts_touched_count (const accounts_t *accounts);
struct account *accounts_touched_at (const accounts_t *accounts, size_t i);
void accounts_keep (accounts_t *accounts);
void accounts_undo (accounts_t *accounts);

#endif
