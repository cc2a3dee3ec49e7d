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
#include "hub/life.h"
#include "proto/backup.h"

typedef struct store store_t;

/* Opens or creates folder/hub.db, alone.  ERR_IN_USE, ERR_NEWER_STORE, ERR_CORRUPT, ERR_FILE,
 * ERR_IO, each with a problem; ERR_GONE_BACK when the database has lost what was committed in it. */
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

/* ---- copies (store_copy.c) ---- */

/* Gives the store as it was committed last as the source of a backup.  Until that is released, what is
 * committed stays in SQLite's log.  Outside a group, once at a time. */
MUST_USE err_t store_copy (store_t *store, struct backup_source *ret_source);

/* Reads every page and index.  ERR_CORRUPT. */
MUST_USE err_t store_check_whole (store_t *store);

/* This is a copy of an earlier time: it forgets its id and its log, so that the next custody_open
 * begins both anew.  In a group of its own. */
MUST_USE err_t store_restored (store_t *store);

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

enum item_kind { ITEM_LETTER = 1, ITEM_NOTICE = 2, ITEM_GAP = 3 };

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

/* An item of a lane and its body (empty unless queued), borrowed until the next call, the next group
 * or store_tidy.  ERR_NOT_FOUND when there is none.  One after the other costs no search. */
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

/* Every letter that is queued or set aside, lane by lane. */
MUST_USE err_t store_each_queued (store_t *store, accounts_t *accounts, store_visit_fn *visit,
				  void *context);

MUST_USE err_t store_set_leaf (store_t *store, int64_t number, uint64_t leaf);

/* Forgets records of a lane that were stored on a day before that of `before_ms`, at most about
 * `limit` of them; adds how many. */
MUST_USE err_t store_forget (store_t *store, int64_t recipient, enum letter_class class,
			     int64_t before_ms, size_t limit, size_t *ret_forgotten);

/* ---- letters set aside ---- */

struct parked {
	struct item item;
	int64_t due_ms;                  /* when it comes again */
	unsigned times;                  /* that it was set aside */
};

/* How often before; 0 for the first time. */
MUST_USE err_t store_parked_times (store_t *store, int64_t number, unsigned *ret_times);

/* Takes a queued letter out of its lane; a gap with its sender's name takes its place. */
MUST_USE err_t store_park (store_t *store, const struct item *item, struct bytes from,
			   unsigned times, int64_t now_ms, int64_t due_ms);

/* Puts it back, at item->dseq. */
MUST_USE err_t store_unpark (store_t *store, const struct item *item);

/* Those that come again, or expire, up to a time; a few of them at a call. */
typedef err_t (store_parked_fn) (void *context, const struct parked *parked);
MUST_USE err_t store_each_parked (store_t *store, int64_t before_ms, store_parked_fn *visit,
				  void *context);
MUST_USE err_t store_parked_count (store_t *store, uint64_t *ret_count);

/* ---- attachments ---- */

/* Stored numbers.  From BLOB_STORED on it has ended, and its bytes go.  COMING: not all of it is here,
 * or nobody has held its bytes against its name yet. */
enum blob_state { BLOB_COMING = 0, BLOB_WHOLE = 1, BLOB_STORED = 2, BLOB_EXPIRED = 3,
		  BLOB_RECALLED = 4 };

struct blob {
	int64_t number;
	int64_t sender, recipient;       /* account numbers */
	struct letter_id letter;         /* whose header names it */
	struct blob_id id;
	uint64_t size;                   /* padded, as that header says */
	uint64_t held;                   /* its first bytes, which are here */
	enum blob_state state;
	int64_t due_ms;                  /* expires; of an ended one: is freed, then forgotten */
};

/* A row for one that a letter names; nothing of it is here yet.  Sets blob->number. */
MUST_USE err_t store_blob_add (store_t *store, struct blob *blob);

/* ERR_NOT_FOUND when no letter of this sender with this id names it. */
MUST_USE err_t store_blob_find (store_t *store, int64_t sender, const struct letter_id *letter,
				const struct blob_id *id, struct blob *ret_blob);

/* What a recipient asks for: of several, one that has not ended and of which most is here. */
MUST_USE err_t store_blob_for (store_t *store, int64_t recipient, const struct blob_id *id,
			       struct blob *ret_blob);

/* Those of a letter, one by one, in the order of their numbers; ERR_NOT_FOUND after the last. */
MUST_USE err_t store_blob_next (store_t *store, int64_t sender, const struct letter_id *letter,
				int64_t after, struct blob *ret_blob);

/* One whose time has come; ERR_NOT_FOUND when there is none. */
MUST_USE err_t store_blob_due (store_t *store, int64_t now_ms, struct blob *ret_blob);

/* Writes held, state and due_ms. */
MUST_USE err_t store_blob_save (store_t *store, const struct blob *blob);
MUST_USE err_t store_blob_forget (store_t *store, int64_t number);

/* Adds a piece behind what is here. */
MUST_USE err_t store_blob_grow (store_t *store, struct blob *blob, struct bytes piece);

/* The bytes from an offset that is here, to the end of the piece it lies in. */
MUST_USE err_t store_blob_read (store_t *store, const struct blob *blob, uint64_t offset,
				arena_t *arena, struct bytes *ret_piece);

/* Drops the pieces that begin at an offset or behind it. */
MUST_USE err_t store_blob_cut (store_t *store, struct blob *blob, uint64_t from);

/* What has not ended, of each pair of agencies. */
struct blob_sum {
	int64_t sender, recipient;
	uint64_t waiting;
	uint64_t held_bytes;
	uint64_t charged_bytes;          /* whole sizes of those of which anything is here */
};
typedef err_t (store_blob_sum_fn) (void *context, const struct blob_sum *sum);
MUST_USE err_t store_blob_sums (store_t *store, store_blob_sum_fn *visit, void *context);

/* ---- custody leaves ---- */

/* The next leaf, in the open group; reading finds it at once. */
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
