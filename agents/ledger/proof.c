/* Custody proofs and checkpoints; see proof.h. */
#include "agents/ledger/proof.h"

#include "agents/ledger/outbox.h"
#include "agents/ledger/store.h"

/* ---- checkpoints ------------------------------------------------------------------------------ */

uint64_t checkpoint_keep (tx_t *tx, const struct checkpoint *checkpoint, const char *note,
			  int64_t seen_ms, uint64_t against)
{
	sql_t *sql = tx_sql (tx);

	RUN (sql,
	     "INSERT INTO checkpoint (origin, size, note, seen_ms, against) VALUES (?1, ?2, ?3, ?4, ?5)"
	     " ON CONFLICT (origin, size, note) DO UPDATE SET against = max (against, excluded.against)",
	     TEXT (checkpoint->origin), INT (checkpoint->size), TEXT (note), INT (seen_ms),
	     INT (against));
	return (uint64_t)NUMBER (sql, 0,
				 "SELECT n FROM checkpoint WHERE origin = ?1 AND size = ?2 AND note = ?3",
				 TEXT (checkpoint->origin), INT (checkpoint->size), TEXT (note));
}

static void read_checkpoint (query_t *query, arena_t *arena, void *ret_row, void *arg)
{
	struct kept_checkpoint *row = ret_row;

	row->n = (uint64_t)sql_int (query);
	row->origin = sql_text (query, arena);
	row->size = (uint64_t)sql_int (query);
	row->note = sql_text (query, arena);
	row->seen_ms = sql_int (query);
	row->against = (uint64_t)sql_int (query);
}

#define CHECKPOINT "SELECT n, origin, size, note, seen_ms, against FROM checkpoint"

err_t checkpoint_get (ledger_t *ledger, uint64_t n, arena_t *arena,
		      struct kept_checkpoint *ret_checkpoint)
{
	struct list list = LIST (arena, struct kept_checkpoint);

	if (sql_list (QUERY (ledger->sql, CHECKPOINT " WHERE n = ?1", INT (n)), &list, 1,
		      read_checkpoint, NULL) == 0)
		return sql_err (ledger->sql) != ERR_OK ? sql_err (ledger->sql) : ERR_NOT_FOUND;
	*ret_checkpoint = *(struct kept_checkpoint *)list.items;
	return ERR_OK;
}

size_t checkpoint_contradictions (ledger_t *ledger, size_t max, arena_t *arena,
				  struct kept_checkpoint **ret_list)
{
	struct list list = LIST (arena, struct kept_checkpoint);
	size_t count = sql_list (QUERY (ledger->sql, CHECKPOINT " WHERE against > 0 ORDER BY n"),
				 &list, max, read_checkpoint, NULL);

	*ret_list = (struct kept_checkpoint *)list.items;
	return count;
}

/* ---- proofs ----------------------------------------------------------------------------------- */

static void want_no_more (tx_t *tx, const struct letter_id *letter)
{
	RUN (tx_sql (tx), "UPDATE outbox SET unproved = 0 WHERE id = ?1", ID (*letter));
}

void proof_keep (tx_t *tx, const struct proof *proof)
{
	struct bytes path = { (const uint8_t *)proof->path, proof->path_count * sizeof *proof->path };

	RUN (tx_sql (tx),
	     "INSERT INTO proof (letter, leaf, at_ms, checkpoint, path) VALUES (?1, ?2, ?3, ?4, ?5)"
	     " ON CONFLICT (letter) DO UPDATE SET leaf = excluded.leaf, at_ms = excluded.at_ms,"
	     " checkpoint = excluded.checkpoint, path = excluded.path",
	     ID (proof->letter), INT (proof->leaf), INT (proof->at_ms), INT (proof->checkpoint),
	     BLOB (path));
	want_no_more (tx, &proof->letter);
}

static void read_proof (query_t *query, arena_t *arena, void *ret_row, void *arg)
{
	struct proof *row = ret_row;
	struct bytes path;

	SQL_ID (query, &row->letter);
	row->leaf = (uint64_t)sql_int (query);
	row->at_ms = sql_int (query);
	row->checkpoint = (uint64_t)sql_int (query);
	path = sql_blob (query, arena);
	row->path = (const struct hash *)path.data;
	row->path_count = path.len / sizeof *row->path;
	*(bool *)arg = path.len % sizeof *row->path == 0;
}

err_t proof_get (ledger_t *ledger, const struct letter_id *letter, arena_t *arena,
		 struct proof *ret_proof)
{
	struct list list = LIST (arena, struct proof);
	bool whole = false;

	if (sql_list (QUERY (ledger->sql,
			     "SELECT letter, leaf, at_ms, checkpoint, path FROM proof WHERE letter = ?1",
			     ID (*letter)),
		      &list, 1, read_proof, &whole) == 0)
		return sql_err (ledger->sql) != ERR_OK ? sql_err (ledger->sql) : ERR_NOT_FOUND;
	if (!whole)
		return ERR_CORRUPT;
	*ret_proof = *(struct proof *)list.items;
	return ERR_OK;
}

static void read_wanted (query_t *query, arena_t *arena, void *ret_row, void *arg)
{
	struct proof_wanted *row = ret_row;

	SQL_ID (query, &row->letter);
	SQL_ID (query, &row->header_hash);
	row->leaf = (uint64_t)sql_int (query);
}

/* The step of the schema that made the row keeps it in step with the tables: nothing is counted. */
struct proof_counts proof_counts (ledger_t *ledger)
{
	sql_t *sql = ledger->sql;

	return (struct proof_counts){
		.held = (uint64_t)NUMBER (sql, 0, "SELECT held FROM proof_count"),
		.wanted = (uint64_t)NUMBER (sql, 0, "SELECT wanted FROM proof_count"),
		.oldest_ms = NUMBER (sql, 0,
				     "SELECT custody_ms FROM outbox WHERE unproved = 1"
				     " ORDER BY custody_ms LIMIT 1"),
	};
}

/* Is it time to ask? */
static bool is_time (ledger_t *ledger, int64_t before_ms, size_t enough)
{
	struct proof_counts counts = proof_counts (ledger);

	return counts.wanted > 0 && (counts.oldest_ms < before_ms || counts.wanted >= enough);
}

size_t proof_wanted (ledger_t *ledger, int64_t before_ms, size_t enough, size_t max, arena_t *arena,
		     struct proof_wanted **ret_wanted)
{
	struct list list = LIST (arena, struct proof_wanted);
	size_t count = 0;

	if (is_time (ledger, before_ms, enough))
		count = sql_list (QUERY (ledger->sql,
					 "SELECT id, header_hash, leaf FROM outbox WHERE unproved = 1"
					 " ORDER BY custody_ms"),
				  &list, max, read_wanted, NULL);
	*ret_wanted = (struct proof_wanted *)list.items;
	return count;
}

bool proof_missing (tx_t *tx, const struct letter_id *letter)
{
	bool again;

	want_no_more (tx, letter);
	again = RUN (tx_sql (tx),
		     "UPDATE outbox SET state = ?2, next_try_ms = 0 WHERE id = ?1 AND state = ?3",
		     ID (*letter), INT (OUTBOX_SEALED), INT (OUTBOX_IN_CUSTODY)) > 0;
	tx->outbox = tx->outbox || again;
	return again;
}

void proof_want_nothing (tx_t *tx)
{
	RUN (tx_sql (tx), "UPDATE outbox SET unproved = 0 WHERE unproved = 1");
}
