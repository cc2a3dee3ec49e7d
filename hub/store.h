/*
 * The hub's store: the queue, the marks of every agency, the custody leaves.  It is an interface
 * with one implementation, store*.c over SQLite; nothing of SQLite shows here.
 *
 * Invariants:
 *  1. Nothing is acknowledged before store_commit returned ERR_OK.
 *  2. (recipient, class, number) and (sender, letter id) are unique.
 *  3. A body is here exactly while its item is queued.
 *  4. After ERR_IO or ERR_CORRUPT nothing more is written: the caller stops, and store_abandon lets
 *     go without touching the disk.
 *  5. ERR_NO_SPACE leaves the group rolled back or to be rolled back, and the store usable.
 */
#ifndef HUB_STORE_H
#define HUB_STORE_H

#include "hub/account.h"
#include "jembatan/merkle.h"

typedef struct store store_t;

/* Opens or creates folder/hub.db, alone.  ERR_IN_USE, ERR_NEWER_STORE, ERR_CORRUPT, ERR_FILE,
 * ERR_IO, each with a problem. */
MUST_USE err_t store_open (const char *folder, store_t **ret_store, problems_t *problems);
void store_destroy (store_t **store);

/* Forgets an untrustworthy store without writing anything more. */
void store_abandon (store_t **store);

/* ---- groups ---- */

/* Begins a group unless one is open. */
MUST_USE err_t store_begin (store_t *store);
bool store_in_group (const store_t *store);
MUST_USE err_t store_commit (store_t *store);
void store_rollback (store_t *store);

/* Copies committed pages home when enough have gathered; after the acknowledgements, so that
 * nobody waits for it. */
MUST_USE err_t store_tidy (store_t *store);

/* Gives memory back after a busy time. */
void store_relax (store_t *store);

/* Bytes that new letters may still fill: free disk and free pages. */
int64_t store_room_bytes (store_t *store);

/* ---- the store itself ---- */

struct store_self {
	struct store_id id;
	int64_t since_ms;                /* when this id was made */
	struct merkle_edge edge;
	char checkpoint[LIMIT_CHECKPOINT_BYTES];
};

/* ERR_NOT_FOUND before the first store_self_save. */
MUST_USE err_t store_self_load (store_t *store, struct store_self *ret_self);
MUST_USE err_t store_self_save (store_t *store, const struct store_self *self);

/* ---- accounts ---- */

/* Fills the accounts with everything that is stored about them, and counts their queues. */
MUST_USE err_t store_load_accounts (store_t *store, accounts_t *accounts);
MUST_USE err_t store_save_account (store_t *store, const struct account *account,
				   int64_t at_ms);

/* ---- items ---- */

enum item_kind { ITEM_LETTER = 1, ITEM_NOTICE = 2 };
/* ITEM_STORED is never written: it is told from the body that is gone, and only by store_find. */
enum item_state { ITEM_QUEUED = 0, ITEM_STORED = 1, ITEM_EXPIRED = 2, ITEM_RECALLED = 3 };

struct item {
	int64_t number;
	int64_t sender;                  /* account number; 0 = the hub itself */
	int64_t recipient;
	enum letter_class class;
	uint64_t dseq;
	struct letter_id id;
	struct hash header_hash;
	enum item_kind kind;
	enum item_state state;
	bool has_leaf;                   /* false: taken under an earlier id of this store */
	uint64_t leaf;
	uint32_t size;                   /* of both parts of the body */
	int64_t taken_ms, expires_ms;    /* expires_ms 0 = never */
};

/* Adds a queued item and its body in two parts; sets item->number. */
MUST_USE err_t store_add (store_t *store, struct item *item, struct bytes first,
			  struct bytes second);

/* ERR_NOT_FOUND when the sender never put this id, or the hub has forgotten it. */
MUST_USE err_t store_find (store_t *store, int64_t sender, const struct letter_id *id,
			   struct item *ret_item);

/* Forgets the record of a stored item, so that its letter can be added anew. */
MUST_USE err_t store_replace (store_t *store, int64_t number);

/* The highest letter id of a sender that the hub remembers; none when there is none. */
MUST_USE err_t store_last_id (store_t *store, int64_t sender, struct letter_id *ret_id);

/* An item of a lane and its body (empty unless queued), borrowed until the next call or
 * store_tidy.  ERR_NOT_FOUND when there is none. */
MUST_USE err_t store_fetch (store_t *store, int64_t recipient, enum letter_class class,
			    uint64_t dseq, struct item *ret_item, struct bytes *ret_first,
			    struct bytes *ret_second);

/* Called for every item of a walk; anything but ERR_OK ends it. */
typedef err_t (store_visit_fn) (void *context, const struct item *item);

/* Items from..to of a lane are stored at the recipient: bodies go, records stay.  `visit` sees each
 * that was still queued. */
MUST_USE err_t store_done (store_t *store, int64_t recipient, enum letter_class class,
			   uint64_t from, uint64_t to, store_visit_fn *visit, void *context);

/* Drops the bodies of items that the caller still knows: all numbers from first to last. */
MUST_USE err_t store_drop (store_t *store, int64_t first, int64_t last);

/* A queued item ends as expired or recalled: its body goes, its place in the lane stays. */
MUST_USE err_t store_end (store_t *store, int64_t number, enum item_state state);

/* Items of a lane in order, from one number on, at most `limit`. */
MUST_USE err_t store_each_from (store_t *store, int64_t recipient, enum letter_class class,
				uint64_t from, size_t limit, store_visit_fn *visit,
				void *context);

/* Every queued letter, lane by lane. */
MUST_USE err_t store_each_queued (store_t *store, accounts_t *accounts, store_visit_fn *visit,
				  void *context);

MUST_USE err_t store_set_leaf (store_t *store, int64_t number, uint64_t leaf);

/* Forgets records of a lane that were stored on a day before that of `before_ms`, at most about
 * `limit` of them; adds how many. */
MUST_USE err_t store_forget (store_t *store, int64_t recipient, enum letter_class class,
			     int64_t before_ms, size_t limit, size_t *ret_forgotten);

/* ---- custody leaves ---- */

MUST_USE err_t store_add_leaf (store_t *store, uint64_t index, const struct hash *leaf,
			       enum leaf_kind kind, const struct hash *header_hash,
			       int64_t at_ms);

/* What a leaf records, but for its hash.  ERR_NOT_FOUND also when it was erased. */
struct leaf { enum leaf_kind kind; struct hash header_hash; int64_t at_ms; };
MUST_USE err_t store_leaf (store_t *store, uint64_t index, struct leaf *ret_leaf);

/* The root of a whole subtree of 2^level leaves; level is a multiple of MERKLE_STEP, and not 0. */
MUST_USE err_t store_add_node (store_t *store, unsigned level, uint64_t position,
			       const struct hash *node);
/* How many there are of a level. */
MUST_USE err_t store_node_count (store_t *store, unsigned level, uint64_t *ret_count);

/* Reads `count` nodes in a row; level 0 are the leaves.  ERR_CORRUPT when one is missing. */
MUST_USE err_t store_nodes (store_t *store, unsigned level, uint64_t first, size_t count,
			    struct hash *ret_nodes);

/* A new store id begins a new log: forgets all leaves and nodes and which item has which. */
MUST_USE err_t store_clear_leaves (store_t *store);

#endif
