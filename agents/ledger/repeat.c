/* Writes that may be asked for twice; see repeat.h. */
#include "agents/ledger/repeat.h"

#include "agents/ledger/store.h"
#include "jembatan/keys.h"

static const struct person_id nobody;

static struct place place_of (const struct repeat *repeat)
{
	return (struct place){ "repeat", ID_BYTES (repeat->caller), ID_BYTES (repeat->key) };
}

struct repeat repeat_of (const ledger_t *ledger, const char *caller, const char *key,
			 const struct hash *request)
{
	return (struct repeat){ vault_blind (ledger->blind, bytes_of_text (caller)),
				vault_blind (ledger->blind, bytes_of_text (key)), *request };
}

/* ---- finding ---- */

static enum repeat_found read_found (ledger_t *ledger, const struct repeat *repeat, query_t *query,
				     arena_t *arena, int *ret_status, struct bytes *ret_answer)
{
	OWNED (arena) scratch = arena_new (2 * REPEAT_ANSWER_BYTES);
	struct hash request;

	SQL_ID (query, &request);
	*ret_status = (int)sql_int (query);
	if (!ID_EQUAL (request, repeat->request))
		return REPEAT_OTHER;
	if (*ret_status == 0 ||
	    !unseal (ledger, &nobody, place_of (repeat), sql_blob (query, scratch), arena, ret_answer))
		return REPEAT_LOST;
	return REPEAT_DONE;
}

enum repeat_found repeat_find (ledger_t *ledger, const struct repeat *repeat, int64_t now_ms,
			       arena_t *arena, int *ret_status, struct bytes *ret_answer)
{
	query_t *query = QUERY (ledger->sql,
				"SELECT request, status, sealed FROM repeat"
				" WHERE caller = ?1 AND key = ?2 AND at_ms > ?3",
				ID (repeat->caller), ID (repeat->key), INT (now_ms - REPEAT_KEPT_MS));
	enum repeat_found found = REPEAT_NEW;

	if (sql_next (query))
		found = read_found (ledger, repeat, query, arena, ret_status, ret_answer);
	sql_end (query);
	return found;
}

/* ---- marking ---- */

void repeat_begin (ledger_t *ledger, const struct repeat *repeat, int64_t now_ms)
{
	ledger->repeating = (struct repeating){ .on = true, .repeat = *repeat, .at_ms = now_ms };
}

static void write_row (tx_t *tx, const struct repeating *repeating, int status, struct bytes sealed)
{
	RUN (tx_sql (tx),
	     "INSERT OR REPLACE INTO repeat (caller, key, request, at_ms, status, sealed)"
	     " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
	     ID (repeating->repeat.caller), ID (repeating->repeat.key), ID (repeating->repeat.request),
	     INT (repeating->at_ms), INT (status), BLOB (sealed));
}

static void make_room (tx_t *tx, const struct repeating *repeating)
{
	RUN (tx_sql (tx), "DELETE FROM repeat WHERE at_ms <= ?1", INT (repeating->at_ms - REPEAT_KEPT_MS));
	RUN (tx_sql (tx),
	     "DELETE FROM repeat WHERE caller = ?1 AND key IN (SELECT key FROM repeat WHERE caller = ?1"
	     " ORDER BY at_ms DESC, key LIMIT -1 OFFSET ?2)",
	     ID (repeating->repeat.caller), INT (REPEAT_CALLER - 1));
}

void repeat_mark (tx_t *tx)
{
	const struct repeating *repeating = &tx->ledger->repeating;

	if (tx->erased)
		RUN (tx_sql (tx), "UPDATE repeat SET status = 0, sealed = x''");
	if (!repeating->on)
		return;
	make_room (tx, repeating);
	write_row (tx, repeating, 0, BYTES_NONE);
}

err_t repeat_end (ledger_t *ledger, bool keep_always, int status, struct bytes answer)
{
	OWNED (arena) arena = arena_new (2 * REPEAT_ANSWER_BYTES);
	struct repeating repeating = ledger->repeating;
	tx_t *begun;

	ledger->repeating = (struct repeating){ .on = false };
	if (!repeating.on || (!repeating.marked && !keep_always) ||
	    (answer.data != NULL && answer.len > REPEAT_ANSWER_BYTES))
		return ERR_OK;
	begun = ledger_begin (ledger);
	{
		OWNED (tx) tx = begun;

		if (!repeating.marked)
			make_room (tx, &repeating);
		if (answer.data != NULL)
			write_row (tx, &repeating, status,
				   seal (ledger, &nobody, place_of (&repeating.repeat), answer, arena));
		else
			RUN (tx_sql (tx), "DELETE FROM repeat WHERE caller = ?1 AND key = ?2",
			     ID (repeating.repeat.caller), ID (repeating.repeat.key));
		return tx_commit (tx);
	}
}

err_t repeat_tick (ledger_t *ledger, int64_t now_ms)
{
	OWNED (tx) tx = NULL;

	if (NUMBER (ledger->sql, 0, "SELECT count (*) FROM repeat WHERE at_ms <= ?1",
		    INT (now_ms - REPEAT_KEPT_MS)) == 0)
		return ERR_OK;
	tx = ledger_begin (ledger);
	RUN (tx_sql (tx), "DELETE FROM repeat WHERE at_ms <= ?1", INT (now_ms - REPEAT_KEPT_MS));
	return tx_commit (tx);
}
