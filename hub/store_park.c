/*
 * Letters set aside, in the store.  A parked letter leaves its lane: its row takes a number below
 * zero, which no lane counts, and a gap takes its place.  It comes back at the end of the lane.  How
 * often it was set aside is remembered beside it until it has ended.
 */
#include "hub/store_sql.h"

#define PARKED_AT_ONCE 16

err_t store_parked_times (store_t *store, int64_t number, unsigned *ret_times)
{
	sqlite3_stmt *stmt = sql (store, SQL_PARKED_TIMES);
	err_t err;

	sqlite3_bind_int64 (stmt, 1, number);
	err = sql_row (store, stmt);
	*ret_times = err == ERR_OK ? (unsigned)sqlite3_column_int (stmt, 0) : 0;
	if (err == ERR_OK)
		sqlite3_reset (stmt);
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static err_t move (store_t *store, int64_t number, int64_t dseq, enum item_state state)
{
	sqlite3_stmt *stmt = sql (store, SQL_ITEM_MOVE);

	sqlite3_bind_int64 (stmt, 1, dseq);
	sqlite3_bind_int64 (stmt, 2, state);
	sqlite3_bind_int64 (stmt, 3, number);
	return sql_run (store, SQL_ITEM_MOVE);
}

static err_t add_gap (store_t *store, const struct item *item, struct bytes from, int64_t now_ms)
{
	struct item gap = { .recipient = item->recipient, .class = item->class, .dseq = item->dseq,
			    .id = item->id, .header_hash = item->header_hash, .kind = ITEM_GAP,
			    .taken_ms = now_ms };

	return store_add (store, &gap, from, BYTES_NONE);
}

err_t store_park (store_t *store, const struct item *item, struct bytes from, unsigned times,
		  int64_t now_ms, int64_t due_ms)
{
	sqlite3_stmt *stmt = sql (store, SQL_PARKED_PUT);
	err_t err = move (store, item->number, -item->number, ITEM_PARKED);

	if (err == ERR_OK)
		err = add_gap (store, item, from, now_ms);
	if (err != ERR_OK)
		return err;
	sqlite3_bind_int64 (stmt, 1, item->number);
	sqlite3_bind_int64 (stmt, 2, due_ms);
	sqlite3_bind_int64 (stmt, 3, times);
	return sql_run (store, SQL_PARKED_PUT);
}

err_t store_unpark (store_t *store, const struct item *item)
{
	return move (store, item->number, (int64_t)item->dseq, ITEM_QUEUED);
}

err_t store_each_parked (store_t *store, int64_t before_ms, store_parked_fn *visit, void *context)
{
	sqlite3_stmt *stmt = sql (store, SQL_PARKED_DUE);
	struct parked parked[PARKED_AT_ONCE];
	size_t count = 0;
	err_t err = ERR_OK;

	sqlite3_bind_int64 (stmt, 1, before_ms);
	sqlite3_bind_int64 (stmt, 2, PARKED_AT_ONCE);
	while (count < PARKED_AT_ONCE && (err = sql_row (store, stmt)) == ERR_OK) {
		struct parked *next = &parked[count++];

		err = store_read_item (stmt, &next->item);
		next->due_ms = sqlite3_column_int64 (stmt, ITEM_COLUMN_COUNT);
		next->times = (unsigned)sqlite3_column_int (stmt, ITEM_COLUMN_COUNT + 1);
		if (err != ERR_OK)
			break;
	}
	sqlite3_reset (stmt);
	err = err == ERR_NOT_FOUND ? ERR_OK : err;
	for (size_t i = 0; i < count && err == ERR_OK; i++)
		err = visit (context, &parked[i]);
	return err;
}

err_t store_parked_count (store_t *store, uint64_t *ret_count)
{
	sqlite3_stmt *stmt = sql (store, SQL_PARKED_COUNT);
	err_t err = sql_row (store, stmt);

	if (err != ERR_OK)
		return err;
	*ret_count = (uint64_t)sqlite3_column_int64 (stmt, 0);
	sqlite3_reset (stmt);
	return ERR_OK;
}
