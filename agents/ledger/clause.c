/* Consent clauses, their withdrawal, and who holds data under them; see clause.h. */
#include "agents/ledger/clause.h"

#include "agents/ledger/store.h"

#define CLAUSE_ARENA_BYTES (64u * KIB)

static const struct person_id nobody;

static struct place clause_place (const struct clause_id *id)
{
	return (struct place){ "clause", ID_BYTES (*id), BYTES_NONE };
}

static struct place withdrawn_place (const struct clause_id *id)
{
	return (struct place){ "withdrawn", ID_BYTES (*id), BYTES_NONE };
}

/* ---- a signed thing in one piece ---------------------------------------------------------------- */

static struct bytes pack_signed (struct bytes what, const struct key_id *key,
				 const struct signature *signature, arena_t *arena)
{
	struct bytes parts[] = { what, ID_BYTES (*key), ID_BYTES (*signature) };

	return pack (parts, COUNT_OF (parts), arena);
}

static err_t unpack_signed (struct bytes packed, struct bytes *ret_what, struct key_id *ret_key,
			    struct signature *ret_signature)
{
	struct bytes what, key, signature;
	err_t err;

	if (!unpack (&packed, &what) || !unpack (&packed, &key) || !unpack (&packed, &signature))
		return ERR_CORRUPT;
	err = ID_FROM_BYTES_OR_NONE (ret_key, key);
	if (err == ERR_OK)
		err = ID_FROM_BYTES_OR_NONE (ret_signature, signature);
	*ret_what = what;
	return err == ERR_OK ? ERR_OK : ERR_CORRUPT;
}

/* ---- clauses ------------------------------------------------------------------------------------ */

void clause_add (tx_t *tx, const struct signed_clause *signed_clause,
		 const struct person_id *person, bool granted_here, int64_t at_ms)
{
	OWNED (arena) arena = arena_new (CLAUSE_ARENA_BYTES);
	struct clause clause;
	struct bytes packed;
	err_t err = clause_decode (signed_clause->clause, arena, &clause);

	if (err != ERR_OK) {
		sql_fail (tx_sql (tx), err);
		return;
	}
	packed = pack_signed (signed_clause->clause, &signed_clause->sig_key_id,
			      &signed_clause->signature, arena);
	RUN (tx_sql (tx),
	     "INSERT INTO clause (id, person, granted_here, recorded_ms, sealed)"
	     " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (id) DO NOTHING",
	     ID (clause.id), ID (*person), INT (granted_here), INT (at_ms),
	     BLOB (seal (tx->ledger, person, clause_place (&clause.id), packed, arena)));
}

#define COLUMNS                                                                        \
	"clause.id, person, granted_here, recorded_ms, clause.sealed, "                \
	"coalesce (said_ms, 0), withdrawn.sealed"
#define TABLES "clause LEFT JOIN withdrawn ON withdrawn.clause = clause.id"

static void read_withdrawal (ledger_t *ledger, query_t *query, arena_t *arena,
			     const struct clause_id *id, struct clause_row *row)
{
	struct signed_withdrawal *signed_one = &row->withdrawal;
	struct bytes sealed, plain;

	row->withdrawn_said_ms = sql_int (query);
	sealed = sql_blob (query, arena);
	if (!unseal (ledger, &nobody, withdrawn_place (id), sealed, arena, &plain))
		sql_starve (query);
	else if (plain.len > 0
		 && unpack_signed (plain, &signed_one->withdrawal, &signed_one->sig_key_id,
				   &signed_one->signature) != ERR_OK)
		sql_fail (ledger->sql, ERR_CORRUPT);
}

/* An erased person's clause keeps its id and nothing else. */
static void read_signed (ledger_t *ledger, query_t *query, arena_t *arena,
			 const struct clause_id *id, struct clause_row *row)
{
	struct signed_clause *signed_one = &row->signed_clause;
	struct bytes sealed = sql_blob (query, arena), plain;
	err_t err = ERR_OK;

	row->clause = (struct clause){ .id = *id, .recipient_kind = "", .recipient_region = "",
				       .purpose = "" };
	if (!unseal (ledger, &row->person, clause_place (id), sealed, arena, &plain)) {
		sql_starve (query);
		return;
	}
	if (plain.len > 0)
		err = unpack_signed (plain, &signed_one->clause, &signed_one->sig_key_id,
				     &signed_one->signature);
	if (err == ERR_OK && plain.len > 0)
		err = clause_decode (signed_one->clause, arena, &row->clause);
	if (err != ERR_OK)
		sql_fail (ledger->sql, ERR_CORRUPT);
}

static void read_clause (query_t *query, arena_t *arena, void *ret_row, void *arg)
{
	struct clause_row *row = ret_row;
	struct clause_id id = { { 0 } };

	SQL_ID (query, &id);
	SQL_ID (query, &row->person);
	row->granted_here = sql_int (query) != 0;
	row->recorded_ms = sql_int (query);
	read_signed (arg, query, arena, &id, row);
	read_withdrawal (arg, query, arena, &id, row);
}

err_t clause_get (ledger_t *ledger, const struct clause_id *id, arena_t *arena,
		  struct clause_row *ret_row)
{
	struct list list = LIST (arena, struct clause_row);
	query_t *query = QUERY (ledger->sql,
				"SELECT " COLUMNS " FROM " TABLES " WHERE clause.id = ?1", ID (*id));
	size_t count = sql_list (query, &list, 1, read_clause, ledger);

	if (sql_err (ledger->sql) != ERR_OK)
		return sql_err (ledger->sql);
	if (count == 0)
		return sql_starved (query) ? ERR_TOO_LARGE : ERR_NOT_FOUND;
	*ret_row = *(struct clause_row *)list.items;
	return ERR_OK;
}

size_t clause_list (ledger_t *ledger, const struct person_id *person, arena_t *arena,
		    struct clause_row **ret_rows)
{
	struct list list = LIST (arena, struct clause_row);
	query_t *query = QUERY (ledger->sql,
				"SELECT " COLUMNS " FROM " TABLES " WHERE person = ?1"
				" ORDER BY recorded_ms, clause.id",
				ID (*person));
	size_t count = sql_list (query, &list, SIZE_MAX, read_clause, ledger);

	*ret_rows = (struct clause_row *)list.items;
	return count;
}

/* The earliest word counts, and a signed one is never replaced by an unsigned one. */
void clause_withdraw (tx_t *tx, const struct clause_id *id, int64_t said_ms,
		      const struct signed_withdrawal *withdrawal)
{
	OWNED (arena) arena = arena_new (CLAUSE_ARENA_BYTES);
	bool is_signed = withdrawal != NULL && withdrawal->withdrawal.len > 0
			 && !ID_IS_NONE (withdrawal->sig_key_id);
	struct bytes sealed = BYTES_NONE;

	if (is_signed)
		sealed = seal (tx->ledger, &nobody, withdrawn_place (id),
			       pack_signed (withdrawal->withdrawal, &withdrawal->sig_key_id,
					    &withdrawal->signature, arena),
			       arena);
	RUN (tx_sql (tx),
	     "INSERT INTO withdrawn (clause, said_ms, sealed) VALUES (?1, ?2, ?3)"
	     " ON CONFLICT (clause) DO UPDATE SET said_ms = min (said_ms, excluded.said_ms),"
	     " sealed = CASE length (excluded.sealed) WHEN 0 THEN sealed ELSE excluded.sealed END",
	     ID (*id), INT (said_ms), BLOB (sealed));
}

int64_t clause_withdrawn (ledger_t *ledger, const struct clause_id *id)
{
	return NUMBER (ledger->sql, 0, "SELECT said_ms FROM withdrawn WHERE clause = ?1", ID (*id));
}

/* ---- holders ------------------------------------------------------------------------------------ */

void holder_add (tx_t *tx, const struct clause_id *id, const struct agency_id *agency, int64_t at_ms)
{
	RUN (tx_sql (tx),
	     "INSERT INTO holder (clause, agency, since_ms) VALUES (?1, ?2, ?3)"
	     " ON CONFLICT (clause, agency) DO NOTHING",
	     ID (*id), AGENCY (*agency), INT (at_ms));
}

void holder_told (tx_t *tx, const struct clause_id *id, const struct agency_id *agency, int64_t at_ms)
{
	RUN (tx_sql (tx),
	     "UPDATE holder SET told_ms = ?3 WHERE clause = ?1 AND agency = ?2 AND told_ms = 0",
	     ID (*id), AGENCY (*agency), INT (at_ms));
}

void holder_stopped (tx_t *tx, const struct clause_id *id, const struct agency_id *agency,
		     int64_t stopped_ms, uint32_t threads_stopped, uint32_t passed_on)
{
	RUN (tx_sql (tx),
	     "UPDATE holder SET stopped_ms = ?3, threads_stopped = ?4, passed_on = ?5"
	     " WHERE clause = ?1 AND agency = ?2",
	     ID (*id), AGENCY (*agency), INT (stopped_ms), INT (threads_stopped), INT (passed_on));
}

static void read_holder (query_t *query, arena_t *arena, void *ret_row, void *arg)
{
	struct holder *holder = ret_row;

	SQL_AGENCY (query, &holder->agency);
	holder->since_ms = sql_int (query);
	holder->told_ms = sql_int (query);
	holder->stopped_ms = sql_int (query);
	holder->threads_stopped = (uint32_t)sql_int (query);
	holder->passed_on = (uint32_t)sql_int (query);
}

size_t holder_list (ledger_t *ledger, const struct clause_id *id, arena_t *arena,
		    struct holder **ret_holders)
{
	struct list list = LIST (arena, struct holder);
	query_t *query = QUERY (ledger->sql,
				"SELECT agency, since_ms, told_ms, stopped_ms, threads_stopped,"
				" passed_on FROM holder WHERE clause = ?1 ORDER BY since_ms, agency",
				ID (*id));
	size_t count = sql_list (query, &list, SIZE_MAX, read_holder, NULL);

	*ret_holders = (struct holder *)list.items;
	return count;
}
