/*
 * Accounts in the store.
 */
#include "hub/store_sql.h"

typedef err_t (row_fn) (sqlite3_stmt *stmt, accounts_t *accounts);

static err_t read_agency (sqlite3_stmt *stmt, accounts_t *accounts)
{
	struct agency_id id;
	struct account *account;
	const char *text = (const char *)sqlite3_column_text (stmt, 1);

	if (text == NULL || agency_id_parse (text, &id) != ERR_OK)
		return ERR_CORRUPT;
	account = accounts_open (accounts, &id);
	if (account->number != sqlite3_column_int64 (stmt, 0))
		return ERR_CORRUPT;
	account->now.pseq = (uint64_t)sqlite3_column_int64 (stmt, 3);
	account->now.seen_ms = sqlite3_column_int64 (stmt, 4);
	return sql_column_id (stmt, 2, account->now.store.b, sizeof account->now.store.b);
}

static err_t read_retired (sqlite3_stmt *stmt, accounts_t *accounts)
{
	struct account *account = accounts_at (accounts, sqlite3_column_int64 (stmt, 0));
	struct store_id store;

	if (account == NULL || sql_column_id (stmt, 1, store.b, sizeof store.b) != ERR_OK)
		return ERR_CORRUPT;
	account_retire (accounts, account, &store);
	return ERR_OK;
}

static err_t read_lane (sqlite3_stmt *stmt, accounts_t *accounts)
{
	struct account *account = accounts_at (accounts, sqlite3_column_int64 (stmt, 0));
	int64_t class = sqlite3_column_int64 (stmt, 1);
	struct class_lane lane = { .last = (uint64_t)sqlite3_column_int64 (stmt, 2),
			     .stored = (uint64_t)sqlite3_column_int64 (stmt, 3),
			     .base = (uint64_t)sqlite3_column_int64 (stmt, 4) };

	if (account == NULL || class < 1 || class >= CLASS_COUNT || lane.stored > lane.last ||
	    lane.base > lane.stored)
		return ERR_CORRUPT;
	account->now.lane[class] = lane;
	account->given[class] = lane.last;
	return ERR_OK;
}

static err_t each_row (store_t *store, enum statement which, row_fn *read, accounts_t *accounts)
{
	sqlite3_stmt *stmt = sql (store, which);
	err_t err;

	while ((err = sql_row (store, stmt)) == ERR_OK) {
		err = read (stmt, accounts);
		if (err != ERR_OK)
			break;
	}
	sqlite3_reset (stmt);
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static err_t count_queued (void *context, const struct item *item)
{
	struct account *sender = accounts_at (context, item->sender);

	if (sender == NULL)
		return ERR_CORRUPT;
	sender->now.queued_letters++;
	sender->now.queued_bytes += item->size;
	return ERR_OK;
}

static err_t count_blobs (void *context, const struct blob_sum *sum)
{
	struct account *sender = accounts_at (context, sum->sender);

	if (sender == NULL)
		return ERR_CORRUPT;
	sender->now.blob_bytes += sum->charged_bytes;
	return ERR_OK;
}

err_t store_load_accounts (store_t *store, accounts_t *accounts)
{
	static const struct { enum statement which; row_fn *read; } steps[] = {
		{ SQL_AGENCY_ALL, read_agency },
		{ SQL_RETIRED_ALL, read_retired },
		{ SQL_LANE_ALL, read_lane },
	};
	err_t err = ERR_OK;

	for (size_t i = 0; i < COUNT_OF (steps) && err == ERR_OK; i++)
		err = each_row (store, steps[i].which, steps[i].read, accounts);
	if (err == ERR_OK)
		err = store_each_queued (store, accounts, count_queued, accounts);
	if (err == ERR_OK)
		err = store_blob_sums (store, count_blobs, accounts);
	accounts_keep (accounts);
	return err;
}

static err_t save_passed (store_t *store, const struct account *account, int class, int64_t at_ms)
{
	sqlite3_stmt *stmt = sql (store, SQL_PASSED_PUT);

	sqlite3_bind_int64 (stmt, 1, account->number);
	sqlite3_bind_int64 (stmt, 2, class);
	sqlite3_bind_int64 (stmt, 3, at_ms / DAY_MS);
	sqlite3_bind_int64 (stmt, 4, (int64_t)account->now.lane[class].stored);
	return sql_run (store, SQL_PASSED_PUT);
}

static err_t save_lane (store_t *store, const struct account *account, int class, int64_t at_ms)
{
	const struct class_lane *lane = &account->now.lane[class];
	sqlite3_stmt *stmt = sql (store, SQL_LANE_PUT);
	err_t err = ERR_OK;

	if (lane->stored != account->saved.lane[class].stored)
		err = save_passed (store, account, class, at_ms);
	if (err != ERR_OK)
		return err;

	sqlite3_bind_int64 (stmt, 1, account->number);
	sqlite3_bind_int64 (stmt, 2, class);
	sqlite3_bind_int64 (stmt, 3, (int64_t)lane->last);
	sqlite3_bind_int64 (stmt, 4, (int64_t)lane->stored);
	sqlite3_bind_int64 (stmt, 5, (int64_t)lane->base);
	return sql_run (store, SQL_LANE_PUT);
}

static bool lane_same (const struct class_lane *a, const struct class_lane *b)
{
	return a->last == b->last && a->stored == b->stored && a->base == b->base;
}

static err_t save_retired (store_t *store, const struct account *account)
{
	err_t err = ERR_OK;

	for (size_t i = account->saved.retired_count;
	     i < account->now.retired_count && err == ERR_OK; i++) {
		sqlite3_stmt *stmt = sql (store, SQL_RETIRED_PUT);

		sqlite3_bind_int64 (stmt, 1, account->number);
		sql_bytes (stmt, 2, ID_BYTES (account->retired[i]));
		err = sql_run (store, SQL_RETIRED_PUT);
	}
	return err;
}

err_t store_save_account (store_t *store, const struct account *account, int64_t at_ms)
{
	sqlite3_stmt *stmt = sql (store, SQL_AGENCY_PUT);
	err_t err;

	sqlite3_bind_int64 (stmt, 1, account->number);
	sqlite3_bind_text (stmt, 2, account->id.text, -1, SQLITE_STATIC);
	sql_bytes (stmt, 3, ID_BYTES (account->now.store));
	sqlite3_bind_int64 (stmt, 4, (int64_t)account->now.pseq);
	sqlite3_bind_int64 (stmt, 5, account->now.seen_ms);
	err = sql_run (store, SQL_AGENCY_PUT);
	for (int class = CLASS_STAT; class < CLASS_COUNT && err == ERR_OK; class++) {
		if (!lane_same (&account->now.lane[class], &account->saved.lane[class]))
			err = save_lane (store, account, class, at_ms);
	}
	return err == ERR_OK ? save_retired (store, account) : err;
}
