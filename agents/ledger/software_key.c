/* Keys of software; see software_key.h. */
#include "agents/ledger/software_key.h"

#include "agents/ledger/store.h"
#include "jembatan/clock.h"

#define COLUMNS "id, hash, created_ms, until_ms, used_ms, ended_ms, sealed"
#define KEY_ARENA_BYTES (32u * KIB)

static const struct person_id nobody;

static struct place key_place (const struct software_key_id *id)
{
	return (struct place){ "software_key", ID_BYTES (*id), BYTES_NONE };
}

static struct bytes seal_key (ledger_t *ledger, const struct software_key *key, arena_t *arena)
{
	struct bytes parts[] = {
		bytes_of_text (key->name),  bytes_of_text (key->role), bytes_of_text (key->scopes),
		bytes_of_text (key->kinds), bytes_of_text (key->by),
	};

	return seal (ledger, &nobody, key_place (&key->id), pack (parts, COUNT_OF (parts), arena),
		     arena);
}

void software_key_add (tx_t *tx, struct software_key *key)
{
	OWNED (arena) arena = arena_new (KEY_ARENA_BYTES);

	uuid7_make (key->id.b);
	key->created_ms = clock_now_ms ();
	RUN (tx_sql (tx), "INSERT INTO software_key (" COLUMNS ") VALUES (?1, ?2, ?3, ?4, 0, 0, ?5)",
	     ID (key->id), ID (key->hash), INT (key->created_ms), INT (key->until_ms),
	     BLOB (seal_key (tx->ledger, key, arena)));
}

void software_key_used (tx_t *tx, const struct software_key_id *id, int64_t at_ms)
{
	RUN (tx_sql (tx), "UPDATE software_key SET used_ms = ?2 WHERE id = ?1", ID (*id), INT (at_ms));
}

void software_key_end (tx_t *tx, const struct software_key_id *id, int64_t at_ms)
{
	RUN (tx_sql (tx), "UPDATE software_key SET ended_ms = ?2 WHERE id = ?1 AND ended_ms = 0",
	     ID (*id), INT (at_ms));
}

static void read_key (query_t *query, arena_t *arena, void *ret_row, void *arg)
{
	struct software_key *key = ret_row;
	struct bytes sealed, plain;

	SQL_ID (query, &key->id);
	SQL_ID (query, &key->hash);
	key->created_ms = sql_int (query);
	key->until_ms = sql_int (query);
	key->used_ms = sql_int (query);
	key->ended_ms = sql_int (query);
	sealed = sql_blob (query, arena);
	if (!unseal (arg, &nobody, key_place (&key->id), sealed, arena, &plain)) {
		plain = BYTES_NONE;
		sql_starve (query);
	}
	key->name = unpack_text (&plain, arena);
	key->role = unpack_text (&plain, arena);
	key->scopes = unpack_text (&plain, arena);
	key->kinds = unpack_text (&plain, arena);
	key->by = unpack_text (&plain, arena);
}

static err_t one_key (ledger_t *ledger, query_t *query, arena_t *arena, struct software_key *ret_key)
{
	struct list list = LIST (arena, struct software_key);
	size_t count = sql_list (query, &list, 1, read_key, ledger);

	if (sql_err (ledger->sql) != ERR_OK)
		return sql_err (ledger->sql);
	if (count == 0)
		return sql_starved (query) ? ERR_TOO_LARGE : ERR_NOT_FOUND;
	*ret_key = *(struct software_key *)list.items;
	return ERR_OK;
}

err_t software_key_get (ledger_t *ledger, const struct software_key_id *id, arena_t *arena,
			struct software_key *ret_key)
{
	return one_key (ledger,
			QUERY (ledger->sql, "SELECT " COLUMNS " FROM software_key WHERE id = ?1",
			       ID (*id)),
			arena, ret_key);
}

err_t software_key_by_hash (ledger_t *ledger, const struct hash *hash, arena_t *arena,
			    struct software_key *ret_key)
{
	return one_key (ledger,
			QUERY (ledger->sql, "SELECT " COLUMNS " FROM software_key WHERE hash = ?1",
			       ID (*hash)),
			arena, ret_key);
}

size_t software_key_list (ledger_t *ledger, size_t skip, size_t max, arena_t *arena,
			  struct software_key **ret_keys)
{
	struct list list = LIST (arena, struct software_key);
	size_t count = sql_list (QUERY (ledger->sql,
					"SELECT " COLUMNS " FROM software_key ORDER BY id"
					" LIMIT -1 OFFSET ?1",
					INT (skip)),
				 &list, max, read_key, ledger);

	*ret_keys = (struct software_key *)list.items;
	return count;
}
