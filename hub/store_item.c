/*
 * Items and bodies in the store.
 */
#include "hub/store_sql.h"

#include <string.h>

err_t store_add (store_t *store, struct item *item, struct bytes first, struct bytes second)
{
	sqlite3_stmt *stmt = sql (store, SQL_ITEM_PUT);
	err_t err;

	if (item->sender > 0)
		sqlite3_bind_int64 (stmt, 1, item->sender);
	else
		sqlite3_bind_null (stmt, 1);
	sqlite3_bind_int64 (stmt, 2, item->recipient);
	sqlite3_bind_int64 (stmt, 3, item->class);
	sqlite3_bind_int64 (stmt, 4, (int64_t)item->dseq);
	sql_bytes (stmt, 5, ID_BYTES (item->id));
	sql_bytes (stmt, 6, ID_BYTES (item->header_hash));
	sqlite3_bind_int64 (stmt, 7, item->kind);
	if (item->has_leaf)
		sqlite3_bind_int64 (stmt, 8, (int64_t)item->leaf);
	else
		sqlite3_bind_null (stmt, 8);
	sqlite3_bind_int64 (stmt, 9, item->size);
	sqlite3_bind_int64 (stmt, 10, item->taken_ms);
	sqlite3_bind_int64 (stmt, 11, item->expires_ms);
	err = sql_run (store, SQL_ITEM_PUT);
	if (err != ERR_OK)
		return err;
	item->number = sqlite3_last_insert_rowid (store->db);
	stmt = sql (store, SQL_BODY_PUT);
	sqlite3_bind_int64 (stmt, 1, item->number);
	sql_bytes (stmt, 2, first);
	sql_bytes (stmt, 3, second);
	return sql_run (store, SQL_BODY_PUT);
}

err_t store_read_item (sqlite3_stmt *stmt, struct item *ret_item)
{
	memset (ret_item, 0, sizeof *ret_item);
	ret_item->number = sqlite3_column_int64 (stmt, 0);
	ret_item->sender = sqlite3_column_int64 (stmt, 1);
	ret_item->recipient = sqlite3_column_int64 (stmt, 2);
	ret_item->class = (enum letter_class)sqlite3_column_int (stmt, 3);
	ret_item->dseq = (uint64_t)sqlite3_column_int64 (stmt, 4);
	ret_item->kind = (enum item_kind)sqlite3_column_int (stmt, 7);
	ret_item->state = (enum item_state)sqlite3_column_int (stmt, 8);
	ret_item->has_leaf = sqlite3_column_type (stmt, 9) != SQLITE_NULL;
	ret_item->leaf = (uint64_t)sqlite3_column_int64 (stmt, 9);
	ret_item->size = (uint32_t)sqlite3_column_int64 (stmt, 10);
	ret_item->taken_ms = sqlite3_column_int64 (stmt, 11);
	ret_item->expires_ms = sqlite3_column_int64 (stmt, 12);
	if (sql_column_id (stmt, 5, ret_item->id.b, sizeof ret_item->id.b) != ERR_OK ||
	    sql_column_id (stmt, 6, ret_item->header_hash.b, sizeof ret_item->header_hash.b) != ERR_OK)
		return ERR_CORRUPT;
	return ERR_OK;
}

err_t store_find (store_t *store, int64_t sender, const struct letter_id *id,
		  struct item *ret_item)
{
	sqlite3_stmt *stmt = sql (store, SQL_ITEM_BY_ID);
	err_t err;

	sqlite3_bind_int64 (stmt, 1, sender);
	sql_bytes (stmt, 2, ID_BYTES (*id));
	err = sql_row (store, stmt);
	if (err != ERR_OK)
		return err;
	err = store_read_item (stmt, ret_item);
	/* Storing touches no record; what is queued has a body. */
	if (ret_item->state == ITEM_QUEUED &&
	    sqlite3_column_type (stmt, ITEM_COLUMN_COUNT) == SQLITE_NULL)
		ret_item->state = ITEM_STORED;
	sqlite3_reset (stmt);
	return err;
}

err_t store_replace (store_t *store, int64_t number)
{
	sqlite3_bind_int64 (sql (store, SQL_ITEM_DROP), 1, number);
	return sql_run (store, SQL_ITEM_DROP);
}

err_t store_last_id (store_t *store, int64_t sender, struct letter_id *ret_id)
{
	sqlite3_stmt *stmt = sql (store, SQL_ITEM_LAST_ID);
	err_t err;

	sqlite3_bind_int64 (stmt, 1, sender);
	err = sql_row (store, stmt);
	if (err != ERR_OK)
		return err;
	err = ID_FROM_BYTES_OR_NONE (ret_id, sql_column (stmt, 0)) == ERR_OK ? ERR_OK : ERR_CORRUPT;
	sqlite3_reset (stmt);
	return err;
}

void store_end_fetch (store_t *store)
{
	sqlite3_reset (sql (store, SQL_ITEM_FETCH));
	store->fetching.next = 0;
}

/* The statement stays where it is, for what is asked next is mostly what comes next in the lane.
 * In a group rows may change under it. */
static err_t fetch_row (store_t *store, int64_t recipient, enum letter_class class, uint64_t dseq)
{
	sqlite3_stmt *stmt = sql (store, SQL_ITEM_FETCH);
	struct fetching *at = &store->fetching;
	err_t err;

	if (at->next != dseq || at->recipient != recipient || at->class != class) {
		store_end_fetch (store);
		sqlite3_bind_int64 (stmt, 1, recipient);
		sqlite3_bind_int64 (stmt, 2, class);
		sqlite3_bind_int64 (stmt, 3, (int64_t)dseq);
	}
	err = sql_row (store, stmt);
	*at = (struct fetching){ recipient, class,
				 err == ERR_OK && !store->in_group ? dseq + 1 : 0 };
	return err;
}

err_t store_fetch (store_t *store, int64_t recipient, enum letter_class class, uint64_t dseq,
		   struct item *ret_item, struct bytes *ret_first, struct bytes *ret_second)
{
	sqlite3_stmt *stmt = sql (store, SQL_ITEM_FETCH);
	err_t err = fetch_row (store, recipient, class, dseq);

	if (err != ERR_OK)
		return err;
	err = store_read_item (stmt, ret_item);
	if (err == ERR_OK && ret_item->dseq != dseq)
		err = ERR_NOT_FOUND;   /* a later one of the lane */
	if (err != ERR_OK) {
		store_end_fetch (store);
		return err;
	}
	*ret_first = sql_column (stmt, ITEM_COLUMN_COUNT);
	*ret_second = sql_column (stmt, ITEM_COLUMN_COUNT + 1);
	return ERR_OK;
}

static void bind_range (sqlite3_stmt *stmt, int64_t recipient, enum letter_class class,
			uint64_t from, uint64_t to)
{
	sqlite3_bind_int64 (stmt, 1, recipient);
	sqlite3_bind_int64 (stmt, 2, class);
	sqlite3_bind_int64 (stmt, 3, (int64_t)from);
	sqlite3_bind_int64 (stmt, 4, (int64_t)to);
}

/* Runs a walk that is bound already. */
static err_t walk (store_t *store, sqlite3_stmt *stmt, store_visit_fn *visit, void *context)
{
	struct item item;
	err_t err;

	while ((err = sql_row (store, stmt)) == ERR_OK) {
		err = store_read_item (stmt, &item);
		if (err == ERR_OK)
			err = visit (context, &item);
		if (err != ERR_OK)
			break;
	}
	sqlite3_reset (stmt);
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

err_t store_drop (store_t *store, int64_t first, int64_t last)
{
	sqlite3_stmt *stmt = sql (store, SQL_BODY_DROP);

	sqlite3_bind_int64 (stmt, 1, first);
	sqlite3_bind_int64 (stmt, 2, last);
	return sql_run (store, SQL_BODY_DROP);
}

struct done { store_t *store; store_visit_fn *visit; void *context; };

static err_t visit_done (void *context, const struct item *item)
{
	struct done *done = context;
	err_t err = store_drop (done->store, item->number, item->number);

	return err == ERR_OK ? done->visit (done->context, item) : err;
}

err_t store_done (store_t *store, int64_t recipient, enum letter_class class, uint64_t from,
		  uint64_t to, store_visit_fn *visit, void *context)
{
	struct done done = { store, visit, context };
	sqlite3_stmt *stmt = sql (store, SQL_ITEM_RANGE);

	bind_range (stmt, recipient, class, from, to);
	return walk (store, stmt, visit_done, &done);
}

err_t store_end (store_t *store, int64_t number, enum item_state state)
{
	sqlite3_stmt *stmt = sql (store, SQL_ITEM_END);
	err_t err;

	sqlite3_bind_int64 (stmt, 1, state);
	sqlite3_bind_int64 (stmt, 2, number);
	err = sql_run (store, SQL_ITEM_END);
	return err == ERR_OK ? store_drop (store, number, number) : err;
}

err_t store_each_from (store_t *store, int64_t recipient, enum letter_class class, uint64_t from,
		       size_t limit, store_visit_fn *visit, void *context)
{
	sqlite3_stmt *stmt = sql (store, SQL_ITEM_FROM);

	bind_range (stmt, recipient, class, from, limit);
	return walk (store, stmt, visit, context);
}

struct queued { store_visit_fn *visit; void *context; };

static err_t visit_queued (void *context, const struct item *item)
{
	struct queued *queued = context;

	if ((item->state != ITEM_QUEUED && item->state != ITEM_PARKED) || item->kind != ITEM_LETTER)
		return ERR_OK;
	return queued->visit (queued->context, item);
}

/* Those that are set aside stand in no lane. */
static err_t each_aside_for (store_t *store, const struct account *account, int class,
			     struct queued *queued)
{
	sqlite3_stmt *stmt = sql (store, SQL_ITEM_ASIDE);

	sqlite3_bind_int64 (stmt, 1, account->number);
	sqlite3_bind_int64 (stmt, 2, class);
	return walk (store, stmt, visit_queued, queued);
}

static err_t each_queued_for (store_t *store, const struct account *account,
			      struct queued *queued)
{
	err_t err = ERR_OK;

	for (int class = CLASS_STAT; class < CLASS_COUNT && err == ERR_OK; class++) {
		const struct class_lane *lane = &account->now.lane[class];

		if (lane->stored < lane->last)
			err = store_each_from (store, account->number, (enum letter_class)class,
					       lane->stored + 1, SIZE_MAX >> 1, visit_queued,
					       queued);
		if (err == ERR_OK)
			err = each_aside_for (store, account, class, queued);
	}
	return err;
}

err_t store_each_queued (store_t *store, accounts_t *accounts, store_visit_fn *visit,
			 void *context)
{
	struct queued queued = { visit, context };
	err_t err = ERR_OK;

	for (size_t i = 1; i <= accounts_count (accounts) && err == ERR_OK; i++)
		err = each_queued_for (store, accounts_at (accounts, (int64_t)i), &queued);
	return err;
}

err_t store_set_leaf (store_t *store, int64_t number, uint64_t leaf)
{
	sqlite3_stmt *stmt = sql (store, SQL_ITEM_LEAF);

	sqlite3_bind_int64 (stmt, 1, (int64_t)leaf);
	sqlite3_bind_int64 (stmt, 2, number);
	return sql_run (store, SQL_ITEM_LEAF);
}

/* The first record of a lane, and how far it was stored before that day; 0 for none. */
static err_t forget_look (store_t *store, int64_t recipient, enum letter_class class, int64_t day,
			  int64_t *ret_first, int64_t *ret_passed)
{
	sqlite3_stmt *stmt = sql (store, SQL_FORGET_LOOK);
	err_t err;

	sqlite3_bind_int64 (stmt, 1, recipient);
	sqlite3_bind_int64 (stmt, 2, class);
	sqlite3_bind_int64 (stmt, 3, day);
	err = sql_row (store, stmt);
	if (err != ERR_OK)
		return err;
	*ret_first = sqlite3_column_int64 (stmt, 0);
	*ret_passed = sqlite3_column_int64 (stmt, 1);
	sqlite3_reset (stmt);
	return ERR_OK;
}

/* The days of a lane that say nothing any more. */
static err_t drop_passed (store_t *store, int64_t recipient, enum letter_class class, int64_t day)
{
	sqlite3_stmt *stmt = sql (store, SQL_PASSED_DROP);

	sqlite3_bind_int64 (stmt, 1, recipient);
	sqlite3_bind_int64 (stmt, 2, class);
	sqlite3_bind_int64 (stmt, 3, day);
	return sql_run (store, SQL_PASSED_DROP);
}

/* Letters that ended while they were set aside. */
static err_t forget_aside (store_t *store, int64_t recipient, enum letter_class class,
			   int64_t before_ms)
{
	sqlite3_stmt *stmt = sql (store, SQL_ASIDE_FORGET);
	err_t err;

	sqlite3_bind_int64 (stmt, 1, recipient);
	sqlite3_bind_int64 (stmt, 2, class);
	sqlite3_bind_int64 (stmt, 3, before_ms);
	err = sql_run (store, SQL_ASIDE_FORGET);
	return err == ERR_OK ? sql_run (store, SQL_PARKED_TIDY) : err;
}

err_t store_forget (store_t *store, int64_t recipient, enum letter_class class, int64_t before_ms,
		    size_t limit, size_t *ret_forgotten)
{
	int64_t day = before_ms / DAY_MS, first, passed;
	err_t err = forget_look (store, recipient, class, day, &first, &passed);

	if (err == ERR_OK && passed > 0)
		err = store_begin (store);
	if (err == ERR_OK && passed > 0)
		err = forget_aside (store, recipient, class, before_ms);
	if (err != ERR_OK || passed == 0)
		return err;
	if (first == 0 || first > passed)
		return drop_passed (store, recipient, class, day);
	if (passed > first + (int64_t)limit)
		passed = first + (int64_t)limit;
	bind_range (sql (store, SQL_FORGET), recipient, class, (uint64_t)first, (uint64_t)passed);
	err = sql_run (store, SQL_FORGET);
	if (err == ERR_OK)
		*ret_forgotten += (size_t)sqlite3_changes (store->db);
	return err;
}
