/* Consent clauses, their withdrawal, and who holds data under them; see clause.h. */
#include "agents/ledger/clause.h"

#include "agents/ledger/store.h"

#define CLAUSE_ARENA_BYTES (64u * KIB)

static const struct person_id nobody;

static struct place clause_place (const struct clause_id *id)
{
	return (struct place){ "clause", ID_BYTES (*id), BYTES_NONE };
}

static struct place withdrawn_place (const struct clause_id *id, const struct agency_id *grantor)
{
	return (struct place){ "withdrawn", ID_BYTES (*id), bytes_of_text (grantor->text) };
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
	     "INSERT INTO clause (id, grantor, person, granted_here, recorded_ms, sealed)"
	     " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (id, grantor) DO NOTHING",
	     ID (clause.id), AGENCY (clause.grantor), ID (*person), INT (granted_here), INT (at_ms),
	     BLOB (seal (tx->ledger, person, clause_place (&clause.id), packed, arena)));
}

#define COLUMNS "id, grantor, person, granted_here, recorded_ms, sealed"

/* ---- withdrawals -------------------------------------------------------------------------------- */

struct tombstone {
	struct agency_id grantor;    /* empty: it was said about the clause that was here */
	int64_t said_ms;
	struct signed_withdrawal withdrawal;
};

/* Whom it binds: the column says it, or, of one from before there was the column, its signed bytes. */
static err_t read_word (struct bytes plain, arena_t *arena, struct tombstone *tombstone)
{
	struct signed_withdrawal *signed_one = &tombstone->withdrawal;
	struct withdrawal withdrawal;
	err_t err = unpack_signed (plain, &signed_one->withdrawal, &signed_one->sig_key_id,
				   &signed_one->signature);

	if (err == ERR_OK)
		err = withdrawal_decode (signed_one->withdrawal, arena, &withdrawal);
	if (err == ERR_OK && tombstone->grantor.text[0] == '\0')
		tombstone->grantor = withdrawal.grantor;
	return err;
}

struct graveyard {
	ledger_t *ledger;
	const struct clause_id *id;
};

static void read_tombstone (query_t *query, arena_t *arena, void *ret_row, void *arg)
{
	const struct graveyard *graveyard = arg;
	struct tombstone *tombstone = ret_row;
	struct bytes sealed, plain;

	*tombstone = (struct tombstone){ 0 };
	SQL_AGENCY (query, &tombstone->grantor);
	tombstone->said_ms = sql_int (query);
	sealed = sql_blob (query, arena);
	if (!unseal (graveyard->ledger, &nobody,
		     withdrawn_place (graveyard->id, &tombstone->grantor), sealed, arena, &plain))
		sql_starve (query);
	else if (plain.len > 0 && read_word (plain, arena, tombstone) != ERR_OK)
		sql_fail (graveyard->ledger->sql, ERR_CORRUPT);
}

/* The earliest word counts, and the signed one fills in. */
static void bury (struct clause_row *row, const struct tombstone *tombstone)
{
	if (row->withdrawn_said_ms == 0 || tombstone->said_ms < row->withdrawn_said_ms)
		row->withdrawn_said_ms = tombstone->said_ms;
	if (tombstone->withdrawal.withdrawal.len > 0)
		row->withdrawal = tombstone->withdrawal;
}

/*
 * What the row's grantor said about its clause.  One from before of an erased person does not name its
 * grantor any more and nothing rests on it: anybody's word is taken.  ERR_TOO_LARGE when the arena is
 * full.
 */
static err_t fill_withdrawal (ledger_t *ledger, arena_t *arena, struct clause_row *row)
{
	const struct agency_id *grantor = &row->clause.grantor;
	struct graveyard graveyard = { ledger, &row->clause.id };
	struct list list = LIST (arena, struct tombstone);
	query_t *query = QUERY (ledger->sql,
				"SELECT grantor, said_ms, sealed FROM withdrawal"
				" WHERE clause = ?1 AND (?2 = '' OR grantor IN (?2, ''))",
				ID (row->clause.id), AGENCY (*grantor));
	size_t count = sql_list (query, &list, SIZE_MAX, read_tombstone, &graveyard);
	const struct tombstone *found;

	if (sql_err (ledger->sql) != ERR_OK)
		return sql_err (ledger->sql);
	if (sql_starved (query))
		return ERR_TOO_LARGE;
	found = (const struct tombstone *)list.items;
	for (size_t i = 0; i < count; i++)
		if (grantor->text[0] == '\0' || found[i].grantor.text[0] == '\0'
		    || agency_id_equal (grantor, &found[i].grantor))
			bury (row, &found[i]);
	return ERR_OK;
}

/* ---- reading ------------------------------------------------------------------------------------ */

/* ERR_CORRUPT when it is not what its row says; `grantor` empty: the row does not say whose it is. */
static err_t decode_signed (struct bytes plain, const struct agency_id *grantor, arena_t *arena,
			    struct clause_row *row)
{
	struct signed_clause *signed_one = &row->signed_clause;
	err_t err = unpack_signed (plain, &signed_one->clause, &signed_one->sig_key_id,
				   &signed_one->signature);

	if (err == ERR_OK)
		err = clause_decode (signed_one->clause, arena, &row->clause);
	if (err != ERR_OK)
		return ERR_CORRUPT;
	return grantor->text[0] == '\0' || agency_id_equal (grantor, &row->clause.grantor)
		       ? ERR_OK
		       : ERR_CORRUPT;
}

/* An erased person's clause keeps its id, its grantor and nothing else. */
static void read_signed (ledger_t *ledger, query_t *query, arena_t *arena,
			 const struct clause_id *id, const struct agency_id *grantor,
			 struct clause_row *row)
{
	struct bytes sealed = sql_blob (query, arena), plain;

	row->clause = (struct clause){ .id = *id, .grantor = *grantor, .recipient_kind = "",
				       .recipient_region = "", .purpose = "" };
	if (!unseal (ledger, &row->person, clause_place (id), sealed, arena, &plain))
		sql_starve (query);
	else if (plain.len > 0 && decode_signed (plain, grantor, arena, row) != ERR_OK)
		sql_fail (ledger->sql, ERR_CORRUPT);
}

static void read_clause (query_t *query, arena_t *arena, void *ret_row, void *arg)
{
	struct clause_row *row = ret_row;
	struct clause_id id = { { 0 } };
	struct agency_id grantor = { "" };

	SQL_ID (query, &id);
	SQL_AGENCY (query, &grantor);
	SQL_ID (query, &row->person);
	row->granted_here = sql_int (query) != 0;
	row->recorded_ms = sql_int (query);
	row->withdrawn_said_ms = 0;
	row->withdrawal = (struct signed_withdrawal){ 0 };
	read_signed (arg, query, arena, &id, &grantor, row);
}

err_t clause_get (ledger_t *ledger, const struct clause_id *id, const struct agency_id *grantor,
		  arena_t *arena, struct clause_row *ret_row)
{
	struct list list = LIST (arena, struct clause_row);
	query_t *query = QUERY (ledger->sql,
				"SELECT " COLUMNS " FROM clause WHERE id = ?1 AND grantor = ?2",
				ID (*id), AGENCY (*grantor));
	size_t count = sql_list (query, &list, 1, read_clause, ledger);

	if (sql_err (ledger->sql) != ERR_OK)
		return sql_err (ledger->sql);
	if (count == 0)
		return sql_starved (query) ? ERR_TOO_LARGE : ERR_NOT_FOUND;
	*ret_row = *(struct clause_row *)list.items;
	return fill_withdrawal (ledger, arena, ret_row);
}

size_t clause_list (ledger_t *ledger, const struct person_id *person, arena_t *arena,
		    struct clause_row **ret_rows)
{
	struct list list = LIST (arena, struct clause_row);
	query_t *query = QUERY (ledger->sql,
				"SELECT " COLUMNS " FROM clause WHERE person = ?1"
				" ORDER BY recorded_ms, id, grantor",
				ID (*person));
	size_t count = sql_list (query, &list, SIZE_MAX, read_clause, ledger), filled = 0;

	*ret_rows = (struct clause_row *)list.items;
	while (filled < count && fill_withdrawal (ledger, arena, &(*ret_rows)[filled]) == ERR_OK)
		filled++;
	return filled;
}

/* The earliest word counts, and a signed one is never replaced by an unsigned one. */
void clause_withdraw (tx_t *tx, const struct clause_id *id, const struct agency_id *grantor,
		      int64_t said_ms, const struct signed_withdrawal *withdrawal)
{
	OWNED (arena) arena = arena_new (CLAUSE_ARENA_BYTES);
	bool is_signed = withdrawal != NULL && withdrawal->withdrawal.len > 0
			 && !ID_IS_NONE (withdrawal->sig_key_id);
	struct bytes sealed = BYTES_NONE;

	if (is_signed)
		sealed = seal (tx->ledger, &nobody, withdrawn_place (id, grantor),
			       pack_signed (withdrawal->withdrawal, &withdrawal->sig_key_id,
					    &withdrawal->signature, arena),
			       arena);
	RUN (tx_sql (tx),
	     "INSERT INTO withdrawal (clause, grantor, said_ms, sealed) VALUES (?1, ?2, ?3, ?4)"
	     " ON CONFLICT (clause, grantor)"
	     " DO UPDATE SET said_ms = min (said_ms, excluded.said_ms),"
	     " sealed = CASE length (excluded.sealed) WHEN 0 THEN sealed ELSE excluded.sealed END",
	     ID (*id), AGENCY (*grantor), INT (said_ms), BLOB (sealed));
}

int64_t clause_withdrawn (ledger_t *ledger, const struct clause_id *id,
			  const struct agency_id *grantor)
{
	OWNED (arena) arena = arena_new (CLAUSE_ARENA_BYTES);
	struct clause_row row = { .clause = { .id = *id, .grantor = *grantor } };

	/* What cannot be read is taken for withdrawn at once: the ledger keeps the error. */
	return fill_withdrawal (ledger, arena, &row) == ERR_OK ? row.withdrawn_said_ms : 1;
}

/* ---- holders ------------------------------------------------------------------------------------ */

void holder_add (tx_t *tx, const struct clause_id *id, const struct agency_id *grantor,
		 const struct agency_id *agency, int64_t at_ms)
{
	RUN (tx_sql (tx),
	     "INSERT INTO holder (clause, grantor, agency, since_ms) VALUES (?1, ?2, ?3, ?4)"
	     " ON CONFLICT (clause, grantor, agency) DO NOTHING",
	     ID (*id), AGENCY (*grantor), AGENCY (*agency), INT (at_ms));
}

#define THE_HOLDER " WHERE clause = ?1 AND grantor = ?2 AND agency = ?3"

void holder_told (tx_t *tx, const struct clause_id *id, const struct agency_id *grantor,
		  const struct agency_id *agency, int64_t at_ms)
{
	RUN (tx_sql (tx), "UPDATE holder SET told_ms = ?4" THE_HOLDER " AND told_ms = 0", ID (*id),
	     AGENCY (*grantor), AGENCY (*agency), INT (at_ms));
}

void holder_stopped (tx_t *tx, const struct clause_id *id, const struct agency_id *grantor,
		     const struct agency_id *agency, int64_t stopped_ms, uint32_t threads_stopped,
		     uint32_t passed_on)
{
	RUN (tx_sql (tx),
	     "UPDATE holder SET stopped_ms = ?4, threads_stopped = ?5, passed_on = ?6" THE_HOLDER,
	     ID (*id), AGENCY (*grantor), AGENCY (*agency), INT (stopped_ms), INT (threads_stopped),
	     INT (passed_on));
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

size_t holder_list (ledger_t *ledger, const struct clause_id *id, const struct agency_id *grantor,
		    arena_t *arena, struct holder **ret_holders)
{
	struct list list = LIST (arena, struct holder);
	query_t *query = QUERY (ledger->sql,
				"SELECT agency, since_ms, told_ms, stopped_ms, threads_stopped,"
				" passed_on FROM holder WHERE clause = ?1 AND grantor = ?2"
				" ORDER BY since_ms, agency",
				ID (*id), AGENCY (*grantor));
	size_t count = sql_list (query, &list, SIZE_MAX, read_holder, NULL);

	*ret_holders = (struct holder *)list.items;
	return count;
}

err_t holder_find (ledger_t *ledger, const struct clause_id *id, const struct agency_id *agency,
		   struct agency_id *ret_grantor)
{
	query_t *query = QUERY (ledger->sql,
				"SELECT grantor FROM holder WHERE clause = ?1 AND agency = ?2"
				" ORDER BY since_ms LIMIT 1",
				ID (*id), AGENCY (*agency));
	struct agency_id grantor = { "" };
	bool found = sql_next (query);

	if (found)
		SQL_AGENCY (query, &grantor);
	sql_end (query);
	if (sql_err (ledger->sql) != ERR_OK)
		return sql_err (ledger->sql);
	if (found)
		*ret_grantor = grantor;
	return found ? ERR_OK : ERR_NOT_FOUND;
}

/* ---- clauses from before ------------------------------------------------------------------------ */

#define UNNAMED_AT_ONCE 1000u

static void name_grantor (sql_t *sql, const struct clause *clause)
{
	RUN (sql, "UPDATE clause SET grantor = ?2 WHERE id = ?1 AND grantor = ''", ID (clause->id),
	     AGENCY (clause->grantor));
	RUN (sql, "UPDATE holder SET grantor = ?2 WHERE clause = ?1 AND grantor = ''",
	     ID (clause->id), AGENCY (clause->grantor));
	RUN (sql,
	     "UPDATE thread SET grantor = ?2 WHERE length (clause) > 0 AND clause = ?1"
	     " AND grantor = ''",
	     ID (clause->id), AGENCY (clause->grantor));
}

/* Some of them; how many there were.  An erased person's stays as it is: nobody can say whose it was. */
static size_t name_some (ledger_t *ledger)
{
	OWNED (arena) arena = arena_new (UNNAMED_AT_ONCE * CLAUSE_ARENA_BYTES);
	struct list list = LIST (arena, struct clause_row);
	query_t *query = QUERY (ledger->sql,
				"SELECT " COLUMNS " FROM clause WHERE grantor = ''"
				" AND length (sealed) > 0");
	size_t count = sql_list (query, &list, UNNAMED_AT_ONCE, read_clause, ledger);
	const struct clause_row *rows = (const struct clause_row *)list.items;

	for (size_t i = 0; i < count; i++)
		name_grantor (ledger->sql, &rows[i].clause);
	return count;
}

void clause_name_grantors (ledger_t *ledger)
{
	size_t count = UNNAMED_AT_ONCE;

	sql_script (ledger->sql, "BEGIN IMMEDIATE");
	while (count == UNNAMED_AT_ONCE && sql_err (ledger->sql) == ERR_OK)
		count = name_some (ledger);
	sql_script (ledger->sql, "COMMIT");
	if (sql_err (ledger->sql) != ERR_OK)
		sql_rollback (ledger->sql);
}
