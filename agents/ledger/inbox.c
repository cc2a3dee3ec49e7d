/* The inbox, and the receipts that it owes; see inbox.h. */
#include "agents/ledger/inbox.h"

#include <string.h>

#include "agents/ledger/attachment.h"
#include "agents/ledger/store.h"

#define INBOX_ARENA_BYTES (4u * LIMIT_PLAIN_BYTES)

/* clang-format off */
static const char *const names[] = {
	[INBOX_APPLIED]     = "applied",
	[INBOX_PARKED]      = "parked",
	[INBOX_ORPHAN]      = "orphan",
	[INBOX_HELD]        = "held",
	[INBOX_LATE]        = "late",
	[INBOX_OLD]         = "old",
	[INBOX_UNKNOWN]     = "unknown",
	[INBOX_QUARANTINED] = "quarantined",
	[INBOX_REFUSED]     = "refused",
	[INBOX_ERASED]      = "erased",
};
/* clang-format on */

const char *inbox_state_name (enum inbox_state state)
{
	return (size_t)state < COUNT_OF (names) && names[state] != NULL ? names[state] : "none";
}

static struct place inbox_place (const struct agency_id *from, const struct letter_id *id)
{
	return (struct place){ "inbox", ID_BYTES (*id), bytes_of_text (from->text) };
}

/* ---- writing ------------------------------------------------------------------------------------ */

static void insert_row (tx_t *tx, const struct inbox_row *row)
{
	const struct receipt *receipt = &row->receipt;

	RUN (tx_sql (tx),
	     "INSERT INTO inbox (sender, id, header_hash, class, state, kind, rev, thread, person,"
	     " arrived_ms, code, late, time_doubtful, receipt_status, receipt_code, receipt_at_ms,"
	     " receipt_digest, receipt_late, receipt_doubtful, case_id)"
	     " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,"
	     " ?18, ?19, ?20)",
	     AGENCY (row->from), ID (row->id), ID (row->header_hash), INT (row->class),
	     INT (row->state), TEXT (row->kind), INT (row->rev), ID (row->thread), ID (row->person),
	     INT (row->arrived_ms), INT (row->code), INT (row->late), INT (row->time_doubtful),
	     INT (receipt->status), INT (receipt->code), INT (receipt->at_ms),
	     ID (receipt->digest), INT (receipt->late), INT (receipt->time_doubtful),
	     ID (row->case_id));
}

static struct bytes seal_s (ledger_t *ledger, const struct inbox_row *row, arena_t *arena)
{
	if (row->s.len == 0)
		return BYTES_NONE;
	return seal (ledger, &row->person, inbox_place (&row->from, &row->id), row->s, arena);
}

void inbox_add (tx_t *tx, const struct inbox_row *row)
{
	OWNED (arena) arena = arena_new (INBOX_ARENA_BYTES);

	insert_row (tx, row);
	RUN (tx_sql (tx),
	     "INSERT INTO inbox_bytes (seq, h, s, signature) SELECT seq, ?3, ?4, ?5 FROM inbox"
	     " WHERE sender = ?1 AND id = ?2",
	     AGENCY (row->from), ID (row->id), BLOB (row->h),
	     BLOB (seal_s (tx->ledger, row, arena)), ID (row->sig));
}

void inbox_set_state (tx_t *tx, const struct agency_id *from, const struct letter_id *id,
		      enum inbox_state state, err_t code)
{
	RUN (tx_sql (tx),
	     "UPDATE inbox SET state = ?3, code = ?4, told = 0 WHERE sender = ?1 AND id = ?2",
	     AGENCY (*from), ID (*id), INT (state), INT (code));
}

void inbox_told (tx_t *tx, const struct agency_id *from, const struct letter_id *id)
{
	RUN (tx_sql (tx), "UPDATE inbox SET told = 1 WHERE sender = ?1 AND id = ?2", AGENCY (*from),
	     ID (*id));
}

void inbox_set_receipt (tx_t *tx, const struct agency_id *from, const struct receipt *receipt)
{
	RUN (tx_sql (tx),
	     "UPDATE inbox SET receipt_status = ?3, receipt_code = ?4, receipt_at_ms = ?5,"
	     " receipt_digest = ?6 WHERE sender = ?1 AND id = ?2",
	     AGENCY (*from), ID (receipt->id), INT (receipt->status), INT (receipt->code),
	     INT (receipt->at_ms), ID (receipt->digest));
}

static void set_s (tx_t *tx, const struct agency_id *from, const struct letter_id *id,
		   struct bytes sealed)
{
	RUN (tx_sql (tx),
	     "UPDATE inbox_bytes SET s = ?3 WHERE seq ="
	     " (SELECT seq FROM inbox WHERE sender = ?1 AND id = ?2)",
	     AGENCY (*from), ID (*id), BLOB (sealed));
}

void inbox_set_person (tx_t *tx, const struct agency_id *from, const struct letter_id *id,
		       const struct person_id *person)
{
	OWNED (arena) arena = arena_new (INBOX_ARENA_BYTES);
	struct inbox_row row;
	err_t err = inbox_get (tx->ledger, from, id, arena, &row);

	if (err != ERR_OK) {
		sql_fail (tx_sql (tx), err);
		return;
	}
	row.person = *person;
	RUN (tx_sql (tx), "UPDATE inbox SET person = ?3 WHERE sender = ?1 AND id = ?2",
	     AGENCY (*from), ID (*id), ID (*person));
	set_s (tx, from, id, seal_s (tx->ledger, &row, arena));
}

void inbox_erase_body (tx_t *tx, const struct agency_id *from, const struct letter_id *id)
{
	set_s (tx, from, id, BYTES_NONE);
	inbox_set_state (tx, from, id, INBOX_ERASED, ERR_OK);
	attachment_end_letter (tx, from, id, ATTACHMENT_ERASED, ERR_OK);
}

/* ---- reading ------------------------------------------------------------------------------------ */

#define HEAD                                                                                 \
	"inbox.seq, sender, id, header_hash, class, state, kind, rev, thread, person, case_id," \
	" arrived_ms, inbox.code, late, time_doubtful, receipt_status, receipt_code,"        \
	" receipt_at_ms, receipt_digest, receipt_late, receipt_doubtful"
#define COLUMNS HEAD ", h, s, signature"
#define TABLES "inbox JOIN inbox_bytes USING (seq)"

static void read_receipt_answered (query_t *query, struct inbox_row *row)
{
	struct receipt *receipt = &row->receipt;

	receipt->id = row->id;
	receipt->header_hash = row->header_hash;
	receipt->status = (enum receipt_status)sql_int (query);
	receipt->code = (err_t)sql_int (query);
	receipt->at_ms = sql_int (query);
	SQL_ID (query, &receipt->digest);
	receipt->late = sql_int (query) != 0;
	receipt->time_doubtful = sql_int (query) != 0;
}

static void read_bytes (ledger_t *ledger, query_t *query, arena_t *arena, struct inbox_row *row)
{
	struct bytes sealed;

	row->h = sql_blob (query, arena);
	sealed = sql_blob (query, arena);
	SQL_ID (query, &row->sig);
	if (!unseal (ledger, &row->person, inbox_place (&row->from, &row->id), sealed, arena,
		     &row->s))
		sql_starve (query);
}

static void read_head (query_t *query, arena_t *arena, void *ret_row, void *arg)
{
	struct inbox_row *row = ret_row;

	row->seq = (uint64_t)sql_int (query);
	SQL_AGENCY (query, &row->from);
	SQL_ID (query, &row->id);
	SQL_ID (query, &row->header_hash);
	row->class = (enum letter_class)sql_int (query);
	row->state = (enum inbox_state)sql_int (query);
	row->kind = sql_text (query, arena);
	row->rev = (uint32_t)sql_int (query);
	SQL_ID (query, &row->thread);
	SQL_ID (query, &row->person);
	SQL_ID (query, &row->case_id);
	row->arrived_ms = sql_int (query);
	row->code = (err_t)sql_int (query);
	row->late = sql_int (query) != 0;
	row->time_doubtful = sql_int (query) != 0;
	read_receipt_answered (query, row);
}

static void read_row (query_t *query, arena_t *arena, void *ret_row, void *arg)
{
	read_head (query, arena, ret_row, arg);
	read_bytes (arg, query, arena, ret_row);
}

/* The one row of a query. */
static err_t read_one (ledger_t *ledger, query_t *query, arena_t *arena, struct inbox_row *ret_row)
{
	struct list list = LIST (arena, struct inbox_row);
	size_t count = sql_list (query, &list, 1, read_row, ledger);

	if (sql_err (ledger->sql) != ERR_OK)
		return sql_err (ledger->sql);
	if (count == 0)
		return sql_starved (query) ? ERR_TOO_LARGE : ERR_NOT_FOUND;
	*ret_row = *(struct inbox_row *)list.items;
	return ERR_OK;
}

err_t inbox_get (ledger_t *ledger, const struct agency_id *from, const struct letter_id *id,
		 arena_t *arena, struct inbox_row *ret_row)
{
	return read_one (ledger,
			 QUERY (ledger->sql,
				"SELECT " COLUMNS " FROM " TABLES " WHERE sender = ?1 AND id = ?2",
				AGENCY (*from), ID (*id)),
			 arena, ret_row);
}

enum inbox_seen inbox_seen (ledger_t *ledger, const struct agency_id *from,
			    const struct letter_id *id, const struct hash *header_hash,
			    arena_t *arena, struct inbox_row *ret_row)
{
	if (inbox_get (ledger, from, id, arena, ret_row) != ERR_OK)
		return INBOX_NEW;
	return ID_EQUAL (ret_row->header_hash, *header_hash) ? INBOX_DUPLICATE
							     : INBOX_EQUIVOCATION;
}

static query_t *select_state (ledger_t *ledger, enum inbox_state state,
			      const struct thread_id *thread, int64_t before_ms)
{
	int64_t before = before_ms != 0 ? before_ms : INT64_MAX;

	if (thread == NULL)
		return QUERY (ledger->sql,
			      "SELECT " COLUMNS " FROM " TABLES " WHERE state = ?1"
			      " AND arrived_ms < ?2 ORDER BY inbox.seq",
			      INT (state), INT (before));
	return QUERY (ledger->sql,
		      "SELECT " COLUMNS " FROM " TABLES " WHERE length (thread) > 0 AND thread = ?3"
		      " AND state = ?1 AND arrived_ms < ?2 ORDER BY inbox.seq",
		      INT (state), INT (before), ID (*thread));
}

size_t inbox_list (ledger_t *ledger, enum inbox_state state, const struct thread_id *thread,
		   int64_t before_ms, size_t max, arena_t *arena, struct inbox_row **ret_rows)
{
	struct list list = LIST (arena, struct inbox_row);
	size_t count = sql_list (select_state (ledger, state, thread, before_ms), &list, max,
				 read_row, ledger);

	*ret_rows = (struct inbox_row *)list.items;
	return count;
}

static size_t list_heads (query_t *query, size_t max, arena_t *arena, struct inbox_row **ret_rows)
{
	struct list list = LIST (arena, struct inbox_row);
	size_t count = sql_list (query, &list, max, read_head, NULL);

	*ret_rows = (struct inbox_row *)list.items;
	return count;
}

size_t inbox_heads (ledger_t *ledger, enum inbox_state state, int64_t before_ms, size_t max,
		    arena_t *arena, struct inbox_row **ret_rows)
{
	return list_heads (QUERY (ledger->sql,
				  "SELECT " HEAD " FROM inbox WHERE state = ?1 AND arrived_ms < ?2"
				  " ORDER BY seq",
				  INT (state), INT (before_ms)),
			   max, arena, ret_rows);
}

size_t inbox_arrived (ledger_t *ledger, const struct thread_id *thread, int64_t after_ms, size_t max,
		      arena_t *arena, struct inbox_row **ret_rows)
{
	return list_heads (QUERY (ledger->sql,
				  "SELECT " HEAD " FROM inbox WHERE length (thread) > 0 AND thread = ?1"
				  " AND state = ?2 AND arrived_ms > ?3 ORDER BY seq",
				  ID (*thread), INT (INBOX_APPLIED), INT (after_ms)),
			   max, arena, ret_rows);
}

size_t inbox_by_thread (ledger_t *ledger, const struct thread_id *thread, size_t max, arena_t *arena,
			struct inbox_row **ret_rows)
{
	return list_heads (QUERY (ledger->sql,
				  "SELECT " HEAD " FROM inbox WHERE length (thread) > 0 AND thread = ?1"
				  " ORDER BY seq",
				  ID (*thread)),
			   max, arena, ret_rows);
}

/* The indexes name the states by number. */
_Static_assert (INBOX_PARKED == 2 && INBOX_ORPHAN == 3 && INBOX_HELD == 4, "as in the indexes");

size_t inbox_untold (ledger_t *ledger, enum inbox_state state, int64_t before_ms, size_t max,
		     arena_t *arena, struct inbox_row **ret_rows)
{
	return list_heads (QUERY (ledger->sql,
				  "SELECT " HEAD " FROM inbox INDEXED BY inbox_untold WHERE told = 0"
				  " AND state IN (2, 3) AND state = ?1 AND arrived_ms < ?2"
				  " ORDER BY arrived_ms",
				  INT (state), INT (before_ms)),
			   max, arena, ret_rows);
}

size_t inbox_held (ledger_t *ledger, const struct agency_id *from, const struct case_id *case_id,
		   uint64_t after, size_t max, arena_t *arena, struct inbox_row **ret_rows)
{
	struct list list = LIST (arena, struct inbox_row);
	query_t *query = QUERY (ledger->sql,
				"SELECT " COLUMNS " FROM inbox INDEXED BY inbox_held JOIN inbox_bytes"
				" USING (seq) WHERE state = 4 AND sender = ?1 AND case_id IN (?2, x'')"
				" AND inbox.seq > ?3 ORDER BY inbox.seq",
				AGENCY (*from), ID (*case_id), INT (after));
	size_t count = sql_list (query, &list, max, read_row, ledger);

	*ret_rows = (struct inbox_row *)list.items;
	return count;
}

size_t inbox_unknown (ledger_t *ledger, uint64_t after, size_t max, arena_t *arena,
		      struct inbox_row **ret_rows)
{
	struct list list = LIST (arena, struct inbox_row);
	query_t *query = QUERY (ledger->sql,
				"SELECT " COLUMNS " FROM " TABLES " WHERE state = ?1"
				" AND inbox.seq > ?2 ORDER BY inbox.seq",
				INT (INBOX_UNKNOWN), INT (after));
	size_t count = sql_list (query, &list, max, read_row, ledger);

	*ret_rows = (struct inbox_row *)list.items;
	return count;
}

uint64_t inbox_waiting (ledger_t *ledger, enum inbox_state state)
{
	return (uint64_t)NUMBER (ledger->sql, 0, "SELECT count (*) FROM inbox WHERE state = ?1",
				 INT (state));
}

bool inbox_has (ledger_t *ledger, enum inbox_state state, const struct thread_id *thread)
{
	return NUMBER (ledger->sql, 0,
		       "SELECT 1 FROM inbox WHERE length (thread) > 0 AND thread = ?1 AND state = ?2"
		       " LIMIT 1",
		       ID (*thread), INT (state)) > 0;
}

err_t inbox_next (ledger_t *ledger, const struct agency_id *from, const struct thread_id *thread,
		  uint32_t rev, arena_t *arena, struct inbox_row *ret_row)
{
	return read_one (ledger,
			 QUERY (ledger->sql,
				"SELECT " COLUMNS " FROM " TABLES " WHERE length (thread) > 0"
				" AND thread = ?1 AND state IN (?2, ?3, ?4, ?5) AND sender = ?6"
				" AND rev = ?7 ORDER BY state <> ?2, state <> ?3, state <> ?4, inbox.seq"
				" LIMIT 1",
				ID (*thread), INT (INBOX_PARKED), INT (INBOX_UNKNOWN), INT (INBOX_HELD),
				INT (INBOX_LATE), AGENCY (*from), INT (rev)),
			 arena, ret_row);
}

bool inbox_moved_past (ledger_t *ledger, const struct agency_id *from,
		       const struct thread_id *thread, uint32_t rev)
{
	return NUMBER (ledger->sql, 0,
		       "SELECT count (*) FROM inbox WHERE length (thread) > 0 AND thread = ?1"
		       " AND state = ?2 AND sender = ?3 AND rev > ?4",
		       ID (*thread), INT (INBOX_APPLIED), AGENCY (*from), INT (rev)) > 0;
}

/* ---- receipts that are owed --------------------------------------------------------------------- */

void receipt_owe (tx_t *tx, const struct agency_id *to, const struct receipt *receipt)
{
	RUN (tx_sql (tx),
	     "INSERT INTO receipt_owed (recipient, id, header_hash, status, code, at_ms, digest, late,"
	     " time_doubtful, blob) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
	     AGENCY (*to), ID (receipt->id), ID (receipt->header_hash), INT (receipt->status),
	     INT (receipt->code), INT (receipt->at_ms), ID (receipt->digest), INT (receipt->late),
	     INT (receipt->time_doubtful), ID (receipt->blob));
}

static bool next_owed (tx_t *tx, struct agency_id *ret_to)
{
	query_t *query = QUERY (tx_sql (tx),
				"SELECT recipient FROM receipt_owed ORDER BY seq LIMIT 1");
	bool found = sql_next (query);

	if (found)
		SQL_AGENCY (query, ret_to);
	sql_end (query);
	return found;
}

/* The number of the last row that was read is left in `arg`. */
static void read_owed (query_t *query, arena_t *arena, void *ret_row, void *arg)
{
	struct receipt *receipt = ret_row;

	SQL_ID (query, &receipt->id);
	SQL_ID (query, &receipt->header_hash);
	receipt->status = (enum receipt_status)sql_int (query);
	receipt->code = (err_t)sql_int (query);
	receipt->at_ms = sql_int (query);
	SQL_ID (query, &receipt->digest);
	receipt->late = sql_int (query) != 0;
	receipt->time_doubtful = sql_int (query) != 0;
	SQL_ID (query, &receipt->blob);
	*(int64_t *)arg = sql_int (query);
}

size_t receipt_take (tx_t *tx, arena_t *arena, struct agency_id *ret_to,
		     struct receipt **ret_receipts)
{
	struct list list = LIST (arena, struct receipt);
	struct agency_id to;
	int64_t last = 0;
	size_t count;

	if (!next_owed (tx, &to))
		return 0;
	count = sql_list (QUERY (tx_sql (tx),
				 "SELECT id, header_hash, status, code, at_ms, digest, late,"
				 " time_doubtful, blob, seq FROM receipt_owed WHERE recipient = ?1"
				 " ORDER BY seq",
				 AGENCY (to)),
			  &list, LIMIT_RECEIPTS, read_owed, &last);
	if (count == 0)
		return 0;
	RUN (tx_sql (tx), "DELETE FROM receipt_owed WHERE recipient = ?1 AND seq <= ?2", AGENCY (to),
	     INT (last));
	*ret_to = to;
	*ret_receipts = (struct receipt *)list.items;
	return count;
}
