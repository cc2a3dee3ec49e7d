/* Going back in time; see resume.h and ledger_restored in ledger.h. */
#include "agents/ledger/resume.h"

#include "agents/ledger/entry.h"
#include "agents/ledger/mark.h"
#include "agents/ledger/outbox.h"
#include "agents/ledger/store.h"
#include "jembatan/clock.h"

/* ---- ledger_restored ---------------------------------------------------------------------------- */

#define RENEW_ARENA_BYTES (8u * LIMIT_PLAIN_BYTES)

/* The hub has never heard of an id that still takes another one over. */
static void forget_hub (tx_t *tx, const struct store_id *old)
{
	OWNED (arena) arena = arena_new (4 * KIB);
	struct marks marks;

	marks_get (tx->ledger, arena, &marks);
	if (ID_IS_NONE (marks.takes_over))
		marks.takes_over = *old;
	marks.hub_store_id = (struct store_id){ { 0 } };
	marks.next_pseq = 1;
	for (enum letter_class class = CLASS_STAT; class < CLASS_COUNT; class++)
		marks.dseq[class] = 0;
	marks_set (tx, &marks);
}

/* Numbers begin anew under the new id; how far the old one came is what partners are told, unless
 * it says nothing: then they give back all of it, and what is here is found as a duplicate. */
static void end_series (tx_t *tx, const struct store_id *old, int64_t at_ms)
{
	RUN (tx_sql (tx),
	     "INSERT OR REPLACE INTO pair_past (recipient, store_id, class, last, at_ms)"
	     " SELECT recipient, ?1, class, last, ?2 FROM pair_out"
	     " WHERE NOT EXISTS (SELECT 1 FROM pair_doubt)",
	     ID (*old), INT (at_ms));
	RUN (tx_sql (tx), "DELETE FROM pair_doubt");
	RUN (tx_sql (tx), "DELETE FROM pair_out");
	RUN (tx_sql (tx), "DELETE FROM pair_letter");
}

static void drop_row (tx_t *tx, const struct letter_id *id)
{
	RUN (tx_sql (tx),
	     "DELETE FROM outbox_bytes WHERE seq = (SELECT seq FROM outbox WHERE id = ?1)", ID (*id));
	RUN (tx_sql (tx), "DELETE FROM outbox WHERE id = ?1", ID (*id));
}

static err_t renew_row (tx_t *tx, const struct letter_id *id)
{
	OWNED (arena) arena = arena_new (RENEW_ARENA_BYTES);
	struct outbox_row row;
	struct letter letter;
	err_t err = outbox_get (tx->ledger, id, arena, &row);

	if (err != ERR_OK)
		return err;
	drop_row (tx, id);
	/* Its person was erased, or it can't be read any more: nobody will miss it. */
	if (letter_decode (row.draft, arena, &letter) != ERR_OK)
		return ERR_OK;
	row.id = (struct letter_id){ { 0 } };
	outbox_add (tx, &row, &letter);
	return ERR_OK;
}

static void read_id (query_t *query, arena_t *arena, void *ret_row, void *arg)
{
	SQL_ID (query, (struct letter_id *)ret_row);
}

/*
 * Nobody gives these back, and under its old id one may have gone out with other bytes: the same is
 * said under a new id.  What an earlier restoration had to tell is told by this one.
 */
static err_t renew_machine_letters (tx_t *tx)
{
	OWNED (arena) arena = arena_new (MIB);
	struct list list = LIST (arena, struct letter_id);
	const struct letter_id *ids;
	size_t count = sql_list (QUERY (tx_sql (tx),
					"SELECT id FROM outbox WHERE state <= 2 AND state = ?1 AND"
					" kind IN ('letter.receipts', 'letter.again',"
					" 'ledger.resume') ORDER BY seq",
					INT (OUTBOX_WRITTEN)),
				 &list, SIZE_MAX, read_id, NULL);
	err_t err = ERR_OK;

	ids = (const struct letter_id *)list.items;
	for (size_t i = 0; i < count && err == ERR_OK; i++)
		err = renew_row (tx, &ids[i]);
	RUN (tx_sql (tx),
	     "UPDATE outbox SET state = ?1, next_try_ms = 0 WHERE kind = 'ledger.resume' AND state < ?1",
	     INT (OUTBOX_RECALLED));
	return err;
}

/* Written, and not sealed when the copy was made: the partner may know it with other bytes. */
static void let_drafts_wait (tx_t *tx, int64_t until_ms)
{
	RUN (tx_sql (tx),
	     "UPDATE outbox SET not_before_ms = ?1, next_try_ms = ?1 WHERE state <= 2 AND state = ?2"
	     " AND kind NOT IN ('letter.receipts', 'letter.again') AND class <> ?3",
	     INT (until_ms), INT (OUTBOX_WRITTEN), INT (CLASS_STAT));
}

static void note_restored (tx_t *tx, const struct store_id *old, int64_t at_ms)
{
	struct entry entry = {
		.type = ENTRY_SYSTEM, .at_ms = at_ms, .kind = "", .state_from = "",
		.state_to = "", .word = "restored", .user = "",
	};

	RUN (tx_sql (tx), "INSERT OR REPLACE INTO restored (one, at_ms, takes_over) VALUES (1, ?1, ?2)",
	     INT (at_ms), ID (*old));
	RUN (tx_sql (tx), "DELETE FROM resume_told");
	entry_add (tx, &entry);
}

err_t ledger_restored (ledger_t *ledger)
{
	OWNED (tx) tx = ledger_begin (ledger);
	OWNED (arena) arena = arena_new (4 * KIB);
	struct store_id old = ledger->store_id, fresh;
	struct marks marks;
	int64_t at_ms;
	err_t err;

	marks_get (ledger, arena, &marks);
	at_ms = clock_now_ms () + marks.hub_offset_ms;
	random16_make (fresh.b);
	RUN (tx_sql (tx), "UPDATE about SET store_id = ?1", ID (fresh));
	forget_hub (tx, &old);
	end_series (tx, &old, at_ms);
	(void)outbox_again (tx);
	err = renew_machine_letters (tx);
	let_drafts_wait (tx, at_ms + RESUME_WAIT_MS);
	note_restored (tx, &old, at_ms);
	if (err == ERR_OK)
		err = tx_commit (tx);
	if (err != ERR_OK)
		return err;
	ledger->store_id = fresh;
	/* A ledger that lost its log must still know whose it is. */
	sql_checkpoint (ledger->sql);
	return sql_err (ledger->sql);
}

/* ---- this ledger was restored ------------------------------------------------------------------- */

struct restored restored_get (ledger_t *ledger)
{
	query_t *query = QUERY (ledger->sql, "SELECT at_ms, takes_over FROM restored");
	struct restored restored = { 0 };

	if (sql_next (query)) {
		restored.at_ms = sql_int (query);
		SQL_ID (query, &restored.takes_over);
	}
	sql_end (query);
	return restored;
}

void restored_is_due (tx_t *tx)
{
	RUN (tx_sql (tx), "INSERT OR IGNORE INTO pair_doubt (one) VALUES (1)");
}

void restored_forget (tx_t *tx)
{
	RUN (tx_sql (tx), "DELETE FROM restored");
	RUN (tx_sql (tx), "DELETE FROM resume_told");
}

bool resume_is_told (ledger_t *ledger, const struct agency_id *partner)
{
	return NUMBER (ledger->sql, 0, "SELECT 1 FROM resume_told WHERE partner = ?1",
		       AGENCY (*partner)) > 0;
}

void resume_told (tx_t *tx, const struct agency_id *partner, int64_t at_ms)
{
	RUN (tx_sql (tx), "INSERT OR IGNORE INTO resume_told (partner, told_ms) VALUES (?1, ?2)",
	     AGENCY (*partner), INT (at_ms));
}

void resume_done (tx_t *tx, const struct agency_id *partner, int64_t now_ms)
{
	RUN (tx_sql (tx), "UPDATE resume_told SET done = 1 WHERE partner = ?1", AGENCY (*partner));
	if (RUN (tx_sql (tx),
		 "UPDATE outbox SET not_before_ms = 0, next_try_ms = ?2 WHERE recipient = ?1"
		 " AND not_before_ms > 0",
		 AGENCY (*partner), INT (now_ms)) > 0)
		tx->outbox = true;
}

bool resume_waits (ledger_t *ledger, const struct agency_id *partner, int64_t now_ms)
{
	struct restored restored = restored_get (ledger);

	return restored.at_ms > 0 && now_ms < restored.at_ms + RESUME_WAIT_MS
	       && NUMBER (ledger->sql, 0, "SELECT 1 FROM resume_told WHERE partner = ?1 AND done = 1",
			  AGENCY (*partner)) == 0;
}

static void read_held (query_t *query, arena_t *arena, void *ret_row, void *arg)
{
	struct held *held = ret_row;

	SQL_ID (query, &held->store_id);
	held->class = (uint32_t)sql_int (query);
	held->n = (uint64_t)sql_int (query);
}

size_t resume_held (ledger_t *ledger, const struct agency_id *partner, arena_t *arena,
		    struct held **ret_held)
{
	struct list list = LIST (arena, struct held);
	size_t count = sql_list (QUERY (ledger->sql,
					"SELECT store_id, class, last FROM pair_past"
					" WHERE recipient = ?1 ORDER BY at_ms DESC",
					AGENCY (*partner)),
				 &list, LIMIT_HELD / 2, read_held, NULL);

	/* Up to the first hole that is still open. */
	count = sql_list (QUERY (ledger->sql,
				 "SELECT store_id, class, up_to FROM (SELECT store_id, class,"
				 " coalesce ((SELECT min (first) - 1 FROM pair_hole WHERE"
				 " pair_hole.sender = pair_in.sender AND pair_hole.class = pair_in.class"
				 " AND pair_hole.store_id = pair_in.store_id), last) AS up_to"
				 " FROM pair_in WHERE sender = ?1) WHERE up_to > 0",
				 AGENCY (*partner)),
			  &list, LIMIT_HELD, read_held, NULL);
	*ret_held = (struct held *)list.items;
	return count;
}

/* ---- a partner was restored --------------------------------------------------------------------- */

static void read_asked (query_t *query, struct resume_asked *asked)
{
	SQL_AGENCY (query, &asked->partner);
	SQL_ID (query, &asked->store_id);
	SQL_ID (query, &asked->letter);
	asked->from_ms = sql_int (query);
	asked->sent_seq = (uint64_t)sql_int (query);
	asked->came_seq = (uint64_t)sql_int (query);
	asked->said = sql_int (query) != 0;
}

void resume_ask (tx_t *tx, const struct agency_id *partner, const struct store_id *store_id,
		 const struct letter_id *letter, int64_t now_ms)
{
	RUN (tx_sql (tx),
	     "INSERT INTO resume_asked (partner, store_id, letter, from_ms, sent_seq, came_seq, open,"
	     " said) VALUES (?1, ?2, ?3, ?4, 0, 0, 1, 0) ON CONFLICT (partner) DO UPDATE SET"
	     " store_id = excluded.store_id, letter = excluded.letter,"
	     " from_ms = max (excluded.from_ms, from_ms + ?5), sent_seq = 0, came_seq = 0, open = 1,"
	     " said = 0 WHERE store_id <> excluded.store_id",
	     AGENCY (*partner), ID (*store_id), ID (*letter), INT (now_ms), INT (RESUME_PAUSE_MS));
}

bool resume_next (ledger_t *ledger, int64_t now_ms, struct resume_asked *ret_asked)
{
	query_t *query = QUERY (ledger->sql,
				"SELECT partner, store_id, letter, from_ms, sent_seq, came_seq, said"
				" FROM resume_asked WHERE open = 1 AND from_ms <= ?1 ORDER BY from_ms"
				" LIMIT 1",
				INT (now_ms));
	bool found = sql_next (query);

	if (found)
		read_asked (query, ret_asked);
	sql_end (query);
	return found;
}

void resume_keep (tx_t *tx, const struct resume_asked *asked, bool open)
{
	RUN (tx_sql (tx),
	     "UPDATE resume_asked SET sent_seq = ?2, came_seq = ?3, open = ?4, said = ?5"
	     " WHERE partner = ?1",
	     AGENCY (asked->partner), INT (asked->sent_seq), INT (asked->came_seq), INT (open),
	     INT (asked->said));
}

struct store_id resume_store (ledger_t *ledger, const struct agency_id *partner)
{
	query_t *query = QUERY (ledger->sql, "SELECT store_id FROM resume_asked WHERE partner = ?1",
				AGENCY (*partner));
	struct store_id store = { { 0 } };

	if (sql_next (query))
		SQL_ID (query, &store);
	sql_end (query);
	return store;
}

void resume_look_on (tx_t *tx, const struct agency_id *partner)
{
	RUN (tx_sql (tx), "UPDATE resume_asked SET open = 1 WHERE partner = ?1", AGENCY (*partner));
}

static void read_place (query_t *query, arena_t *arena, void *ret_row, void *arg)
{
	struct resume_row *row = ret_row;

	row->seq = (uint64_t)sql_int (query);
	SQL_ID (query, &row->id);
	row->at_ms = sql_int (query);
}

/* The places that were looked at end where the list was cut, or `after` + RESUME_LOOK_ROWS. */
static bool look (query_t *query, uint64_t after, uint64_t newest, size_t max, arena_t *arena,
		  struct resume_row **ret_rows, size_t *ret_count, uint64_t *ret_up_to)
{
	struct list list = LIST (arena, struct resume_row);
	size_t count = sql_list (query, &list, max, read_place, NULL);
	uint64_t up_to = after + RESUME_LOOK_ROWS;

	*ret_rows = (struct resume_row *)list.items;
	*ret_count = count;
	if (count == max)
		up_to = (*ret_rows)[count - 1].seq;
	else if (up_to > newest)
		up_to = newest;
	*ret_up_to = up_to;
	return up_to < newest;
}

bool resume_sent (ledger_t *ledger, const struct agency_id *partner, uint64_t after, size_t max,
		  arena_t *arena, struct resume_row **ret_rows, size_t *ret_count,
		  uint64_t *ret_up_to)
{
	uint64_t newest = (uint64_t)NUMBER (ledger->sql, 0, "SELECT coalesce (max (seq), 0) FROM outbox");
	query_t *query = QUERY (ledger->sql,
				"SELECT seq, id, created_ms FROM outbox WHERE seq > ?2 AND seq <= ?3"
				" AND recipient = ?1 AND state = ?4 AND kind NOT IN ('letter.receipts',"
				" 'letter.again', 'ledger.resume') ORDER BY seq",
				AGENCY (*partner), INT (after), INT (after + RESUME_LOOK_ROWS),
				INT (OUTBOX_STORED));

	return look (query, after, newest, max, arena, ret_rows, ret_count, ret_up_to);
}

bool resume_came (ledger_t *ledger, const struct agency_id *partner, uint64_t after, size_t max,
		  arena_t *arena, struct resume_row **ret_rows, size_t *ret_count,
		  uint64_t *ret_up_to)
{
	uint64_t newest = (uint64_t)NUMBER (ledger->sql, 0, "SELECT coalesce (max (seq), 0) FROM inbox");
	query_t *query = QUERY (ledger->sql,
				"SELECT seq, id, arrived_ms FROM inbox WHERE seq > ?2 AND seq <= ?3"
				" AND sender = ?1 AND kind NOT IN ('letter.receipts', 'letter.again',"
				" 'ledger.resume') ORDER BY seq",
				AGENCY (*partner), INT (after), INT (after + RESUME_LOOK_ROWS));

	return look (query, after, newest, max, arena, ret_rows, ret_count, ret_up_to);
}
