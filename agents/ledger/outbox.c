/*
 * The outbox; see outbox.h.
 *
 * The row is small and changes often; its bytes are in a table of their own and are written twice:
 * as a draft, and sealed.
 */
#include "agents/ledger/outbox.h"

#include "agents/ledger/attachment.h"
#include "agents/ledger/pair.h"
#include "agents/ledger/store.h"
#include "jembatan/clock.h"

#define OUTBOX_ARENA_BYTES (4u * LIMIT_PLAIN_BYTES)

/* clang-format off */
static const struct { const char *name; int rank; } states[] = {
	[OUTBOX_WRITTEN]    = { "written",    0 },
	[OUTBOX_SEALED]     = { "sealed",     0 },
	[OUTBOX_IN_CUSTODY] = { "in-custody", 0 },
	[OUTBOX_EXPIRED]    = { "expired",    1 },
	[OUTBOX_RECALLED]   = { "recalled",   2 },
	[OUTBOX_REFUSED]    = { "refused",    3 },
	[OUTBOX_STORED]     = { "stored",     4 },
};
/* clang-format on */

const char *outbox_state_name (enum outbox_state state)
{
	return (size_t)state < COUNT_OF (states) && states[state].name != NULL ? states[state].name
									       : "none";
}

static int rank_of (enum outbox_state state)
{
	return (size_t)state < COUNT_OF (states) ? states[state].rank : 0;
}

static struct place outbox_place (const struct letter_id *id, const char *column)
{
	return (struct place){ "outbox", ID_BYTES (*id), bytes_of_text (column) };
}

/* ---- writing ------------------------------------------------------------------------------------ */

static void insert_row (tx_t *tx, const struct outbox_row *row)
{
	RUN (tx_sql (tx),
	     "INSERT INTO outbox (id, recipient, class, state, kind, thread, person, machine,"
	     " created_ms, expires_at_ms, next_try_ms, tries, last_error, custody_ms, stored_ms,"
	     " opened_ms, leaf, recipient_seen_ms, header_hash, digest) VALUES (?1, ?2, ?3, ?4, ?5,"
	     " ?6, ?7, ?8, ?9, ?10, ?11, 0, 0, 0, 0, 0, 0, 0, x'', x'')",
	     ID (row->id), AGENCY (row->to), INT (row->class), INT (row->state), TEXT (row->kind),
	     ID (row->thread), ID (row->person), INT (row->machine), INT (row->created_ms),
	     INT (row->expires_at_ms), INT (row->next_try_ms));
}

static void insert_draft (tx_t *tx, const struct outbox_row *row, struct bytes draft)
{
	RUN (tx_sql (tx),
	     "INSERT INTO outbox_bytes (seq, draft, h, c, s, signature)"
	     " SELECT seq, ?2, x'', x'', x'', x'' FROM outbox WHERE id = ?1",
	     ID (row->id), BLOB (draft));
}

static struct bytes seal_draft (tx_t *tx, const struct outbox_row *row, const struct letter *letter,
				arena_t *arena)
{
	struct bytes s = BYTES_NONE, draft = BYTES_NONE;
	err_t err = letter_encode (letter, arena, &s);

	if (err == ERR_OK) {
		draft = seal (tx->ledger, &row->person, outbox_place (&row->id, "draft"), s, arena);
		/* There is no key to keep it under: the person was erased. */
		err = draft.len > 0 ? ERR_OK : ERR_ERASED;
	}
	if (err != ERR_OK)
		sql_fail (tx_sql (tx), err);
	return draft;
}

void outbox_add (tx_t *tx, struct outbox_row *row, const struct letter *letter)
{
	OWNED (arena) arena = arena_new (OUTBOX_ARENA_BYTES);

	if (ID_IS_NONE (row->id))
		uuid7_make (row->id.b);
	if (row->created_ms == 0)
		row->created_ms = clock_now_ms ();
	row->state = OUTBOX_WRITTEN;
	row->draft = BYTES_NONE;
	insert_row (tx, row);
	insert_draft (tx, row, seal_draft (tx, row, letter, arena));
	tx->outbox = true;
}

static uint64_t set_bytes (tx_t *tx, const struct letter_id *id, const struct sealed *sealed,
			   struct bytes s)
{
	return RUN (tx_sql (tx),
		    "UPDATE outbox_bytes SET draft = x'', h = ?2, c = ?3, s = ?4, signature = ?5"
		    " WHERE seq = (SELECT seq FROM outbox WHERE id = ?1)",
		    ID (*id), BLOB (sealed->h), BLOB (sealed->c), BLOB (s), ID (sealed->sig));
}

static bool written_for (tx_t *tx, const struct letter_id *id, struct person_id *ret_person)
{
	query_t *query = QUERY (tx_sql (tx), "SELECT person FROM outbox WHERE id = ?1 AND state = ?2",
				ID (*id), INT (OUTBOX_WRITTEN));
	bool found = sql_next (query);

	if (found)
		SQL_ID (query, ret_person);
	sql_end (query);
	return found;
}

void outbox_sealed (tx_t *tx, const struct letter_id *id, const struct sealed *sealed)
{
	OWNED (arena) arena = arena_new (OUTBOX_ARENA_BYTES);
	struct hash digest = envelope_digest (sealed->h, sealed->c);
	struct person_id person;

	if (!written_for (tx, id, &person))
		return;
	set_bytes (tx, id, sealed,
		   seal (tx->ledger, &person, outbox_place (id, "s"), sealed->s, arena));
	RUN (tx_sql (tx), "UPDATE outbox SET state = ?2, header_hash = ?3, digest = ?4 WHERE id = ?1",
	     ID (*id), INT (OUTBOX_SEALED), ID (sealed->header_hash), ID (digest));
}

void outbox_retry (tx_t *tx, const struct letter_id *id, err_t why, int64_t next_try_ms)
{
	if (RUN (tx_sql (tx),
		 "UPDATE outbox SET tries = tries + 1, last_error = ?2, next_try_ms = ?3,"
		 " state = min (state, ?4) WHERE id = ?1 AND state <= ?5",
		 ID (*id), INT (why), INT (next_try_ms), INT (OUTBOX_SEALED),
		 INT (OUTBOX_IN_CUSTODY)) > 0)
		tx->outbox = true;
}

_Static_assert (OUTBOX_IN_CUSTODY == 3 && ERR_WRONG_KEY == 73, "the index outbox_unopened has both");
#define IS_UNOPENED "state = 3 AND last_error = 73"

void outbox_unopened (tx_t *tx, const struct letter_id *id, int64_t until_ms)
{
	RUN (tx_sql (tx),
	     "UPDATE outbox SET state = ?2, last_error = ?3, next_try_ms = ?4 WHERE id = ?1"
	     " AND state <= ?2",
	     ID (*id), INT (OUTBOX_IN_CUSTODY), INT (ERR_WRONG_KEY), INT (until_ms));
}

void outbox_given_again (tx_t *tx, const struct letter_id *id)
{
	RUN (tx_sql (tx), "UPDATE outbox SET last_error = ?2 WHERE id = ?1 AND " IS_UNOPENED, ID (*id),
	     INT (ERR_OK));
}

static void read_unopened (query_t *query, arena_t *arena, void *ret_row, void *arg)
{
	SQL_ID (query, (struct letter_id *)ret_row);
}

size_t outbox_list_unopened (ledger_t *ledger, size_t max, arena_t *arena, struct letter_id **ret_ids)
{
	struct list list = LIST (arena, struct letter_id);
	size_t count = sql_list (QUERY (ledger->sql,
					"SELECT id FROM outbox WHERE " IS_UNOPENED
					" ORDER BY seq"),
				 &list, max, read_unopened, NULL);

	*ret_ids = (struct letter_id *)list.items;
	return count;
}

#define ASK_AGAIN_MS (10 * MINUTE_MS)

void outbox_ask_again (tx_t *tx, const struct agency_id *to, int64_t now_ms)
{
	uint64_t again = RUN (tx_sql (tx),
			      "UPDATE outbox SET state = ?2, next_try_ms = max (?3, custody_ms + ?4)"
			      " WHERE state <= 3 AND state = ?5 AND recipient = ?1"
			      " AND last_error <> ?6",
			      AGENCY (*to), INT (OUTBOX_SEALED), INT (now_ms), INT (ASK_AGAIN_MS),
			      INT (OUTBOX_IN_CUSTODY), INT (ERR_WRONG_KEY));

	again += RUN (tx_sql (tx),
		      "UPDATE outbox SET state = ?2, next_try_ms = max (?3, custody_ms + ?4)"
		      " WHERE id IN (SELECT letter FROM attachment WHERE state BETWEEN ?6 AND ?7"
		      " AND partner = ?1) AND state = ?5 AND expires_at_ms > ?3",
		      AGENCY (*to), INT (OUTBOX_SEALED), INT (now_ms), INT (ASK_AGAIN_MS),
		      INT (OUTBOX_STORED), INT (ATTACHMENT_WAITING), INT (ATTACHMENT_AT_HUB));
	if (again > 0)
		tx->outbox = true;
}

void outbox_due_now (tx_t *tx, int64_t now_ms)
{
	RUN (tx_sql (tx),
	     "UPDATE outbox SET next_try_ms = max (?1, not_before_ms) WHERE state <= ?2"
	     " AND next_try_ms > ?1",
	     INT (now_ms), INT (OUTBOX_SEALED));
}

/* Not the evidence: h, S and signature stay. */
static void drop_bodies (tx_t *tx, const struct letter_id *id)
{
	RUN (tx_sql (tx),
	     "UPDATE outbox_bytes SET draft = x'', c = x'' WHERE seq ="
	     " (SELECT seq FROM outbox WHERE id = ?1)",
	     ID (*id));
}

/* Nobody will ask for a receipt letter again. */
static void close_machine (tx_t *tx, const struct letter_id *id)
{
	if (RUN (tx_sql (tx),
		 "UPDATE outbox SET state = ?2 WHERE id = ?1 AND machine = 1 AND state = ?3", ID (*id),
		 INT (OUTBOX_STORED), INT (OUTBOX_IN_CUSTODY)) == 0)
		return;
	pair_stored (tx, id);
	RUN (tx_sql (tx),
	     "UPDATE outbox_bytes SET draft = x'', h = x'', c = x'', s = x'', signature = x''"
	     " WHERE seq = (SELECT seq FROM outbox WHERE id = ?1)",
	     ID (*id));
}

err_t outbox_in_custody (tx_t *tx, const struct letter_id *id, uint64_t leaf,
			 int64_t recipient_seen_ms, int64_t at_ms)
{
	/* A word that ended it may have come first; then only the custody is noted. */
	uint64_t found = RUN (tx_sql (tx),
			      "UPDATE outbox SET custody_ms = ?2, leaf = ?3, recipient_seen_ms = ?4,"
			      " state = max (state, ?5), unproved = machine = 0 WHERE id = ?1",
			      ID (*id), INT (at_ms), INT (leaf), INT (recipient_seen_ms),
			      INT (OUTBOX_IN_CUSTODY));

	tx->touched.any = tx->touched.any || found > 0;
	if (found > 0)
		close_machine (tx, id);
	if (tx_err (tx) != ERR_OK)
		return tx_err (tx);
	return found > 0 ? ERR_OK : ERR_NOT_FOUND;
}

static void end_row (tx_t *tx, const struct letter_id *id, enum outbox_state state, err_t why,
		     int64_t at_ms)
{
	RUN (tx_sql (tx),
	     "UPDATE outbox SET state = ?2, last_error = ?3, stored_ms = ?4 WHERE id = ?1", ID (*id),
	     INT (state), INT (why), INT (state == OUTBOX_STORED ? at_ms : 0));
	/* A new hub store would have to get the letter again before its attachments. */
	if (state != OUTBOX_STORED || !attachment_kept (tx->ledger, id))
		drop_bodies (tx, id);
	if (state == OUTBOX_STORED)
		pair_stored (tx, id);
	else
		pair_voided (tx, id);
}

void outbox_release (tx_t *tx, const struct letter_id *id)
{
	if (NUMBER (tx_sql (tx), 0, "SELECT count (*) FROM outbox WHERE id = ?1 AND state = ?2",
		    ID (*id), INT (OUTBOX_STORED)) > 0
	    && !attachment_kept (tx->ledger, id))
		drop_bodies (tx, id);
}

err_t outbox_end (tx_t *tx, const struct letter_id *id, enum outbox_state state, err_t why,
		  int64_t at_ms, arena_t *arena, struct outbox_row *ret_row)
{
	struct outbox_row row;
	err_t err = outbox_get (tx->ledger, id, arena, &row);

	if (err != ERR_OK)
		return err;
	/* What was stored unseen may come to be seen. */
	if (rank_of (state) > rank_of (row.state)
	    || (state == OUTBOX_STORED && why == ERR_OK && row.last_error != ERR_OK)) {
		end_row (tx, id, state, why, at_ms);
		err = outbox_get (tx->ledger, id, arena, &row);
	}
	if (err == ERR_OK)
		*ret_row = row;
	return err;
}

bool outbox_give_files_again (tx_t *tx, const struct letter_id *id, int64_t now_ms)
{
	if (RUN (tx_sql (tx),
		 "UPDATE outbox SET state = ?2, next_try_ms = ?3 WHERE id = ?1 AND state = ?4"
		 " AND expires_at_ms > ?5 AND EXISTS (SELECT 1 FROM outbox_bytes"
		 " WHERE outbox_bytes.seq = outbox.seq AND length (c) > 0)",
		 ID (*id), INT (OUTBOX_SEALED), INT (now_ms), INT (OUTBOX_STORED),
		 INT (now_ms + DAY_MS)) == 0)
		return false;
	tx->outbox = true;
	return attachment_give_again (tx, id) > 0;
}

void outbox_given_back (tx_t *tx, struct outbox_row *row, const struct sealed *sealed, int64_t at_ms)
{
	OWNED (arena) arena = arena_new (OUTBOX_ARENA_BYTES);
	struct sealed evidence = *sealed;

	RUN (tx_sql (tx),
	     "DELETE FROM outbox_bytes WHERE seq = (SELECT seq FROM outbox WHERE id = ?1)",
	     ID (row->id));
	RUN (tx_sql (tx), "DELETE FROM outbox WHERE id = ?1", ID (row->id));
	row->state = OUTBOX_STORED;
	evidence.c = BYTES_NONE;
	insert_row (tx, row);
	insert_draft (tx, row, BYTES_NONE);
	set_bytes (tx, &row->id, &evidence,
		   seal (tx->ledger, &row->person, outbox_place (&row->id, "s"), sealed->s, arena));
	RUN (tx_sql (tx), "UPDATE outbox SET header_hash = ?2, custody_ms = ?3, stored_ms = ?3 WHERE id = ?1",
	     ID (row->id), ID (sealed->header_hash), INT (at_ms));
}

void outbox_opened (tx_t *tx, const struct letter_id *id, int64_t at_ms)
{
	RUN (tx_sql (tx), "UPDATE outbox SET opened_ms = ?2 WHERE id = ?1 AND opened_ms = 0", ID (*id),
	     INT (at_ms));
}

size_t outbox_again (tx_t *tx)
{
	uint64_t again = RUN (tx_sql (tx),
			      "UPDATE outbox SET state = ?2, next_try_ms = 0"
			      " WHERE state <= 3 AND state = ?1",
			      INT (OUTBOX_IN_CUSTODY), INT (OUTBOX_SEALED));

	again += RUN (tx_sql (tx),
		      "UPDATE outbox SET state = ?2, next_try_ms = 0 WHERE state = ?1"
		      " AND expires_at_ms > ?5 AND id IN (SELECT letter FROM attachment"
		      " WHERE state BETWEEN ?3 AND ?4)",
		      INT (OUTBOX_STORED), INT (OUTBOX_SEALED), INT (ATTACHMENT_WAITING),
		      INT (ATTACHMENT_AT_HUB), INT (clock_now_ms ()));
	if (again > 0)
		tx->outbox = true;
	return (size_t)again;
}

/* ---- reading ------------------------------------------------------------------------------------ */

#define COLUMNS                                                                             \
	"id, recipient, class, state, kind, thread, person, machine, created_ms,"           \
	" expires_at_ms, next_try_ms, tries, last_error, custody_ms, stored_ms, opened_ms," \
	" leaf, recipient_seen_ms, header_hash, digest"
#define ALL COLUMNS ", draft, h, c"
#define TABLES "outbox JOIN outbox_bytes USING (seq)"

static void read_progress (query_t *query, struct outbox_row *row)
{
	row->created_ms = sql_int (query);
	row->expires_at_ms = sql_int (query);
	row->next_try_ms = sql_int (query);
	row->tries = (uint32_t)sql_int (query);
	row->last_error = (err_t)sql_int (query);
	row->custody_ms = sql_int (query);
	row->stored_ms = sql_int (query);
	row->opened_ms = sql_int (query);
	row->leaf = (uint64_t)sql_int (query);
	row->recipient_seen_ms = sql_int (query);
	SQL_ID (query, &row->header_hash);
	SQL_ID (query, &row->digest);
}

static void read_row (query_t *query, arena_t *arena, void *ret_row, void *arg)
{
	struct outbox_row *row = ret_row;

	SQL_ID (query, &row->id);
	SQL_AGENCY (query, &row->to);
	row->class = (enum letter_class)sql_int (query);
	row->state = (enum outbox_state)sql_int (query);
	row->kind = sql_text (query, arena);
	SQL_ID (query, &row->thread);
	SQL_ID (query, &row->person);
	row->machine = sql_int (query) != 0;
	read_progress (query, row);
}

static void read_all (query_t *query, arena_t *arena, void *ret_row, void *arg)
{
	struct outbox_row *row = ret_row;
	struct bytes draft;

	read_row (query, arena, row, arg);
	draft = sql_blob (query, arena);
	row->h = sql_blob (query, arena);
	row->c = sql_blob (query, arena);
	if (!unseal (arg, &row->person, outbox_place (&row->id, "draft"), draft, arena,
		     &row->draft))
		sql_starve (query);
}

/* One whose attachments are not sealed yet waits for them. */
#define IS_WHOLE                                                                \
	" AND NOT EXISTS (SELECT 1 FROM attachment WHERE length (letter) > 0"   \
	" AND letter = outbox.id AND attachment.state = 2)"
_Static_assert (ATTACHMENT_WAITING == 2, "the condition names it");

size_t outbox_due (ledger_t *ledger, int64_t now_ms, size_t max, arena_t *arena,
		   struct outbox_row **ret_rows)
{
	struct list list = LIST (arena, struct outbox_row);
	size_t count = sql_list (QUERY (ledger->sql,
					"SELECT " ALL " FROM " TABLES " WHERE state <= 2"
					" AND next_try_ms <= ?1" IS_WHOLE " ORDER BY class, outbox.seq",
					INT (now_ms)),
				 &list, max, read_all, ledger);

	*ret_rows = (struct outbox_row *)list.items;
	return count;
}

int64_t outbox_next_due (ledger_t *ledger)
{
	return NUMBER (ledger->sql, INT64_MAX,
		       "SELECT next_try_ms FROM outbox WHERE state <= 2" IS_WHOLE
		       " ORDER BY next_try_ms LIMIT 1");
}

err_t outbox_get (ledger_t *ledger, const struct letter_id *id, arena_t *arena,
		  struct outbox_row *ret_row)
{
	struct list list = LIST (arena, struct outbox_row);
	query_t *query = QUERY (ledger->sql, "SELECT " ALL " FROM " TABLES " WHERE id = ?1",
				ID (*id));
	size_t count = sql_list (query, &list, 1, read_all, ledger);

	if (sql_err (ledger->sql) != ERR_OK)
		return sql_err (ledger->sql);
	if (count == 0)
		return sql_starved (query) ? ERR_TOO_LARGE : ERR_NOT_FOUND;
	*ret_row = *(struct outbox_row *)list.items;
	return ERR_OK;
}

bool outbox_knows (ledger_t *ledger, const struct letter_id *id, const struct agency_id *to)
{
	return NUMBER (ledger->sql, 0, "SELECT 1 FROM outbox WHERE id = ?1 AND recipient = ?2", ID (*id),
		       AGENCY (*to)) > 0;
}

static void read_evidence (ledger_t *ledger, query_t *query, const struct letter_id *id,
			   arena_t *arena, struct sealed *ret_sealed)
{
	struct person_id person = { { 0 } };
	struct bytes s;

	SQL_ID (query, &person);
	SQL_ID (query, &ret_sealed->header_hash);
	ret_sealed->h = sql_blob (query, arena);
	s = sql_blob (query, arena);
	SQL_ID (query, &ret_sealed->sig);
	if (!unseal (ledger, &person, outbox_place (id, "s"), s, arena, &ret_sealed->s))
		sql_starve (query);
}

err_t outbox_evidence (ledger_t *ledger, const struct letter_id *id, arena_t *arena,
		       struct sealed *ret_sealed)
{
	query_t *query = QUERY (ledger->sql,
				"SELECT person, header_hash, h, s, signature FROM " TABLES
				" WHERE id = ?1",
				ID (*id));
	struct sealed sealed = { 0 };
	bool found = sql_next (query);

	if (found)
		read_evidence (ledger, query, id, arena, &sealed);
	sql_end (query);
	if (sql_err (ledger->sql) != ERR_OK)
		return sql_err (ledger->sql);
	if (sql_starved (query))
		return ERR_TOO_LARGE;
	if (!found || sealed.h.len == 0)
		return ERR_NOT_FOUND;
	*ret_sealed = sealed;
	return ERR_OK;
}

size_t outbox_by_thread (ledger_t *ledger, const struct thread_id *thread, arena_t *arena,
			 struct outbox_row **ret_rows)
{
	struct list list = LIST (arena, struct outbox_row);
	size_t count = sql_list (QUERY (ledger->sql,
					"SELECT " COLUMNS " FROM outbox WHERE length (thread) > 0"
					" AND thread = ?1 ORDER BY seq",
					ID (*thread)),
				 &list, SIZE_MAX, read_row, ledger);

	*ret_rows = (struct outbox_row *)list.items;
	return count;
}

_Static_assert (CLASS_STAT == 1, "the index names it");

/* A letter whose alarm is still open, or was raised after it was written, has been heard of. */
size_t outbox_silent_stat (ledger_t *ledger, int64_t before_ms, arena_t *arena,
			   struct outbox_row **ret_rows)
{
	struct list list = LIST (arena, struct outbox_row);
	size_t count = sql_list (
		QUERY (ledger->sql,
		       "SELECT " COLUMNS " FROM outbox INDEXED BY outbox_stat WHERE state <= 3"
		       " AND class = 1 AND machine = 0 AND created_ms < ?1 AND NOT EXISTS (SELECT 1 FROM alarm"
		       " WHERE name = 'stat-silent' AND alarm.thread = outbox.thread"
		       " AND partner = recipient AND (closed = 0 OR raised_ms >= created_ms))"
		       " ORDER BY seq",
		       INT (before_ms)),
		&list, SIZE_MAX, read_row, ledger);

	*ret_rows = (struct outbox_row *)list.items;
	return count;
}

/* ---- counts ------------------------------------------------------------------------------------- */

/* One query for each, because the open ones and the lost ones have indexes of their own and what
 * was stored grows for ever. */
struct outbox_counts outbox_counts (ledger_t *ledger)
{
	sql_t *sql = ledger->sql;

	return (struct outbox_counts){
		.written = (uint64_t)NUMBER (
			sql, 0, "SELECT count (*) FROM outbox WHERE state <= 3 AND state = 1"),
		.sealed = (uint64_t)NUMBER (
			sql, 0, "SELECT count (*) FROM outbox WHERE state <= 3 AND state = 2"),
		.in_custody = (uint64_t)NUMBER (
			sql, 0, "SELECT count (*) FROM outbox WHERE state <= 3 AND state = 3"),
		.refused = (uint64_t)NUMBER (
			sql, 0, "SELECT count (*) FROM outbox WHERE state IN (5, 6) AND state = 5"),
		.expired = (uint64_t)NUMBER (
			sql, 0, "SELECT count (*) FROM outbox WHERE state IN (5, 6) AND state = 6"),
		.oldest_ms = NUMBER (
			sql, 0, "SELECT coalesce (min (created_ms), 0) FROM outbox WHERE state <= 3"),
		.quota_ms = NUMBER (sql, 0,
				    "SELECT coalesce (min (next_try_ms), 0) FROM outbox"
				    " WHERE state <= 3 AND state = 2 AND last_error = ?1",
				    INT (ERR_QUOTA)),
	};
}

static void count_row (struct outbox_queue *queue, query_t *query, int64_t now_ms)
{
	static const int64_t below_ms[] = { HOUR_MS, DAY_MS, 7 * DAY_MS };
	enum outbox_state state = (enum outbox_state)sql_int (query);
	bool machine = sql_int (query) != 0;
	int64_t created_ms = sql_int (query);
	size_t age = 0;

	while (age < COUNT_OF (below_ms) && now_ms - created_ms >= below_ms[age])
		age++;
	queue->ages[age]++;
	queue->machine += machine;
	if (state == OUTBOX_IN_CUSTODY)
		queue->at_hub++;
	else
		queue->waiting++;
	if (queue->oldest_ms == 0 || created_ms < queue->oldest_ms)
		queue->oldest_ms = created_ms;
}

struct outbox_queue outbox_queue (ledger_t *ledger, enum letter_class class, int64_t now_ms)
{
	struct outbox_queue queue = { 0 };
	query_t *query = QUERY (ledger->sql,
				"SELECT state, machine, created_ms FROM outbox INDEXED BY outbox_open"
				" WHERE state <= 3 AND class = ?1",
				INT (class));

	while (sql_next (query))
		count_row (&queue, query, now_ms);
	sql_end (query);
	return queue;
}
