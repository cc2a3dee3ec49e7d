/* Sessions; see session.h. */
#include "agents/ledger/session.h"

#include "agents/ledger/store.h"

#define COLUMNS "hash, account, begun_ms, seen_ms, must_change, sealed"

static const struct person_id nobody;

static struct place session_place (const struct hash *hash)
{
	return (struct place){ "session", ID_BYTES (*hash), BYTES_NONE };
}

void session_add (tx_t *tx, const struct session *session)
{
	OWNED (arena) arena = arena_new (4 * KIB);
	struct bytes sealed = seal (tx->ledger, &nobody, session_place (&session->hash),
				    bytes_of_text (session->peer), arena);

	RUN (tx_sql (tx), "INSERT INTO session (" COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
	     ID (session->hash), ID (session->account), INT (session->begun_ms),
	     INT (session->seen_ms), INT (session->must_change), BLOB (sealed));
}

void session_seen (tx_t *tx, const struct session *session, int64_t at_ms)
{
	RUN (tx_sql (tx), "UPDATE session SET seen_ms = ?2 WHERE hash = ?1", ID (session->hash),
	     INT (at_ms));
}

void session_end (tx_t *tx, const struct hash *hash)
{
	RUN (tx_sql (tx), "DELETE FROM session WHERE hash = ?1", ID (*hash));
}

uint64_t session_end_others (tx_t *tx, const struct account_id *account, const struct hash *keep)
{
	static const struct hash none;

	return RUN (tx_sql (tx), "DELETE FROM session WHERE account = ?1 AND hash <> ?2", ID (*account),
		    ID (keep != NULL ? *keep : none));
}

void session_end_old (tx_t *tx, int64_t begun_before_ms, int64_t seen_before_ms)
{
	RUN (tx_sql (tx), "DELETE FROM session WHERE begun_ms < ?1 OR seen_ms < ?2",
	     INT (begun_before_ms), INT (seen_before_ms));
}

static void read_session (query_t *query, arena_t *arena, void *ret_row, void *arg)
{
	struct session *session = ret_row;
	struct bytes sealed, plain;

	SQL_ID (query, &session->hash);
	SQL_ID (query, &session->account);
	session->begun_ms = sql_int (query);
	session->seen_ms = sql_int (query);
	session->must_change = sql_int (query) != 0;
	sealed = sql_blob (query, arena);
	session->peer = "";
	if (unseal (arg, &nobody, session_place (&session->hash), sealed, arena, &plain))
		session->peer = (const char *)plain.data;   /* ends with a zero, see vault_open */
	else
		sql_starve (query);
}

err_t session_get (ledger_t *ledger, const struct hash *hash, arena_t *arena,
		   struct session *ret_session)
{
	struct list list = LIST (arena, struct session);
	query_t *query = QUERY (ledger->sql, "SELECT " COLUMNS " FROM session WHERE hash = ?1",
				ID (*hash));
	size_t count = sql_list (query, &list, 1, read_session, ledger);

	if (sql_err (ledger->sql) != ERR_OK)
		return sql_err (ledger->sql);
	if (count == 0)
		return sql_starved (query) ? ERR_TOO_LARGE : ERR_NOT_FOUND;
	*ret_session = *(struct session *)list.items;
	return ERR_OK;
}

size_t session_list (ledger_t *ledger, const struct account_id *account, size_t max, arena_t *arena,
		     struct session **ret_sessions)
{
	struct list list = LIST (arena, struct session);
	size_t count = sql_list (QUERY (ledger->sql,
					"SELECT " COLUMNS " FROM session WHERE account = ?1"
					" ORDER BY begun_ms DESC, hash",
					ID (*account)),
				 &list, max, read_session, ledger);

	*ret_sessions = (struct session *)list.items;
	return count;
}
