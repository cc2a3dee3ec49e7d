/* Accounts; see account.h. */
#include "agents/ledger/account.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/ledger/store.h"
#include "jembatan/clock.h"

#define NUMBER_TEXT 24

static const struct person_id nobody;

static struct place account_place (const struct account_id *id)
{
	return (struct place){ "account", ID_BYTES (*id), BYTES_NONE };
}

struct hash account_blind (ledger_t *ledger, const char *purpose, const char *text)
{
	struct bytes parts[] = { bytes_of_text (purpose), bytes_of_text (text) };
	OWNED (arena) arena = arena_new (ACCOUNT_ARENA_BYTES);

	return vault_blind (ledger->blind, pack (parts, COUNT_OF (parts), arena));
}

static struct hash name_hash (ledger_t *ledger, const char *name)
{
	return account_blind (ledger, "account", name);
}

static struct bytes text_part (const char *text)
{
	return text != NULL ? bytes_of_text (text) : BYTES_NONE;
}

static struct bytes number_part (int64_t number, char text[NUMBER_TEXT])
{
	snprintf (text, NUMBER_TEXT, "%lld", (long long)number);
	return bytes_of_text (text);
}

/* In this order; what a later program adds goes to the end. */
static struct bytes seal_account (ledger_t *ledger, const struct account *account, arena_t *arena)
{
	char code_until[NUMBER_TEXT], step[NUMBER_TEXT], reset[NUMBER_TEXT], at[NUMBER_TEXT];
	struct bytes parts[] = {
		text_part (account->name),
		text_part (account->display),
		text_part (account->role),
		text_part (account->password),
		account->code,
		number_part (account->code_until_ms, code_until),
		account->factor,
		account->factor_new,
		number_part ((int64_t)account->factor_step, step),
		account->recovery,
		number_part (account->reset, reset),
		text_part (account->reset_by),
		number_part (account->reset_ms, at),
	};

	return seal (ledger, &nobody, account_place (&account->id),
		     pack (parts, COUNT_OF (parts), arena), arena);
}

void account_add (tx_t *tx, struct account *account)
{
	OWNED (arena) arena = arena_new (ACCOUNT_ARENA_BYTES);
	struct hash hash = name_hash (tx->ledger, account->name);

	uuid7_make (account->id.b);
	account->created_ms = clock_now_ms ();
	RUN (tx_sql (tx),
	     "INSERT INTO account (id, name_hash, created_ms, from_ms, until_ms, sealed)"
	     " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
	     ID (account->id), ID (hash), INT (account->created_ms), INT (account->from_ms),
	     INT (account->until_ms), BLOB (seal_account (tx->ledger, account, arena)));
}

void account_update (tx_t *tx, const struct account *account)
{
	OWNED (arena) arena = arena_new (ACCOUNT_ARENA_BYTES);

	RUN (tx_sql (tx),
	     "UPDATE account SET from_ms = ?2, until_ms = ?3, sealed = ?4 WHERE id = ?1",
	     ID (account->id), INT (account->from_ms), INT (account->until_ms),
	     BLOB (seal_account (tx->ledger, account, arena)));
}

/* ---- reading ------------------------------------------------------------------------------------ */

#define COLUMNS "id, created_ms, from_ms, until_ms, sealed"

static struct bytes take_bytes (struct bytes *packed)
{
	struct bytes part;

	return unpack (packed, &part) ? part : BYTES_NONE;
}

static int64_t take_number (struct bytes *packed, arena_t *arena)
{
	return strtoll (unpack_text (packed, arena), NULL, 10);
}

static void read_sealed (struct bytes plain, arena_t *arena, struct account *account)
{
	account->name = unpack_text (&plain, arena);
	account->display = unpack_text (&plain, arena);
	account->role = unpack_text (&plain, arena);
	account->password = unpack_text (&plain, arena);
	account->code = take_bytes (&plain);
	account->code_until_ms = take_number (&plain, arena);
	account->factor = take_bytes (&plain);
	account->factor_new = take_bytes (&plain);
	account->factor_step = (uint64_t)take_number (&plain, arena);
	account->recovery = take_bytes (&plain);
	account->reset = (enum reset_what)take_number (&plain, arena);
	account->reset_by = unpack_text (&plain, arena);
	account->reset_ms = take_number (&plain, arena);
}

static void read_account (query_t *query, arena_t *arena, void *ret_row, void *arg)
{
	struct account *account = ret_row;
	struct bytes sealed, plain;

	SQL_ID (query, &account->id);
	account->created_ms = sql_int (query);
	account->from_ms = sql_int (query);
	account->until_ms = sql_int (query);
	sealed = sql_blob (query, arena);
	if (!unseal (arg, &nobody, account_place (&account->id), sealed, arena, &plain)) {
		plain = BYTES_NONE;
		sql_starve (query);
	}
	read_sealed (plain, arena, account);
}

static err_t one_account (ledger_t *ledger, query_t *query, arena_t *arena,
			  struct account *ret_account)
{
	struct list list = LIST (arena, struct account);
	size_t count = sql_list (query, &list, 1, read_account, ledger);

	if (sql_err (ledger->sql) != ERR_OK)
		return sql_err (ledger->sql);
	if (count == 0)
		return sql_starved (query) ? ERR_TOO_LARGE : ERR_NOT_FOUND;
	*ret_account = *(struct account *)list.items;
	return ERR_OK;
}

err_t account_get (ledger_t *ledger, const struct account_id *id, arena_t *arena,
		   struct account *ret_account)
{
	return one_account (ledger,
			    QUERY (ledger->sql, "SELECT " COLUMNS " FROM account WHERE id = ?1",
				   ID (*id)),
			    arena, ret_account);
}

err_t account_by_name (ledger_t *ledger, const char *name, arena_t *arena,
		       struct account *ret_account)
{
	struct hash hash = name_hash (ledger, name);

	return one_account (ledger,
			    QUERY (ledger->sql,
				   "SELECT " COLUMNS " FROM account WHERE name_hash = ?1", ID (hash)),
			    arena, ret_account);
}

size_t account_list (ledger_t *ledger, size_t skip, size_t max, arena_t *arena,
		     struct account **ret_accounts)
{
	struct list list = LIST (arena, struct account);
	size_t count = sql_list (QUERY (ledger->sql,
					"SELECT " COLUMNS " FROM account ORDER BY id LIMIT -1 OFFSET ?1",
					INT (skip)),
				 &list, max, read_account, ledger);

	*ret_accounts = (struct account *)list.items;
	return count;
}

/* ---- failed sign-ins ---------------------------------------------------------------------------- */

struct attempts attempts_get (ledger_t *ledger, const char *name)
{
	struct hash hash = account_blind (ledger, "attempt", name);
	query_t *query = QUERY (ledger->sql,
				"SELECT failures, failed_ms, until_ms FROM attempt WHERE name_hash = ?1",
				ID (hash));
	struct attempts attempts = { 0 };

	if (sql_next (query)) {
		attempts.failures = (uint32_t)sql_int (query);
		attempts.failed_ms = sql_int (query);
		attempts.until_ms = sql_int (query);
	}
	sql_end (query);
	return attempts;
}

void attempts_set (tx_t *tx, const char *name, const struct attempts *attempts, int64_t forget_ms)
{
	struct hash hash = account_blind (tx->ledger, "attempt", name);

	RUN (tx_sql (tx), "DELETE FROM attempt WHERE failed_ms < ?1", INT (forget_ms));
	if (attempts->failures == 0)
		RUN (tx_sql (tx), "DELETE FROM attempt WHERE name_hash = ?1", ID (hash));
	else
		RUN (tx_sql (tx),
		     "INSERT INTO attempt (name_hash, failures, failed_ms, until_ms)"
		     " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (name_hash) DO UPDATE SET failures = ?2,"
		     " failed_ms = ?3, until_ms = ?4",
		     ID (hash), INT (attempts->failures), INT (attempts->failed_ms),
		     INT (attempts->until_ms));
}
