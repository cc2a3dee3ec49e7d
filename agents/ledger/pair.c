/*
 * Pair sequences, both ways; see outbox.h and inbox.h.
 *
 * Out: a number is voided when its letter ended without being stored.  Later letters name it until
 * one of them is known to be stored: voided_at is the first number that could name it.
 *
 * In: of each series the newest letter is kept, so that its sender hears what it must know of; and
 * holes as ranges, so that a partner who jumps ahead makes us keep one row and not a billion.
 */
#include "agents/ledger/pair.h"

#include "agents/ledger/inbox.h"
#include "agents/ledger/outbox.h"
#include "agents/ledger/store.h"

/* ---- out ---------------------------------------------------------------------------------------- */

static void read_voided (query_t *query, arena_t *arena, void *ret_row, void *arg)
{
	*(uint64_t *)ret_row = (uint64_t)sql_int (query);
}

static void read_last (tx_t *tx, const struct agency_id *to, enum letter_class class,
		       struct pair_sequence *sequence)
{
	query_t *query = QUERY (tx_sql (tx),
				"SELECT last, last_hash FROM pair_out WHERE recipient = ?1"
				" AND class = ?2",
				AGENCY (*to), INT (class));

	sequence->n = 1;
	if (sql_next (query)) {
		sequence->n = (uint64_t)sql_int (query) + 1;
		SQL_ID (query, &sequence->previous);
	}
	sql_end (query);
}

/* Of the series of which a letter came last: a restored partner counts in another than before. */
static void read_newest (tx_t *tx, const struct agency_id *from, struct pair_sequence *sequence)
{
	query_t *query = QUERY (tx_sql (tx),
				"SELECT store_id, newest FROM pair_in WHERE sender = ?1"
				" AND newest <> x'' ORDER BY at_ms DESC LIMIT 1",
				AGENCY (*from));

	if (sql_next (query)) {
		SQL_ID (query, &sequence->newest_store);
		SQL_ID (query, &sequence->newest);
	}
	sql_end (query);
}

void pair_next (tx_t *tx, const struct agency_id *to, enum letter_class class, arena_t *arena,
		struct pair_sequence *ret_sequence)
{
	struct pair_sequence sequence = { .store_id = ledger_store_id (tx->ledger) };
	struct list voided = LIST (arena, uint64_t);

	read_last (tx, to, class, &sequence);
	read_newest (tx, to, &sequence);
	sequence.voided_count = sql_list (
		QUERY (tx_sql (tx),
		       "SELECT n FROM pair_letter WHERE recipient = ?1 AND class = ?2"
		       " AND voided_at IS NOT NULL ORDER BY n",
		       AGENCY (*to), INT (class)),
		&voided, LIMIT_VOIDED, read_voided, NULL);
	sequence.voided = (const uint64_t *)voided.items;
	*ret_sequence = sequence;
}

void pair_sent (tx_t *tx, const struct agency_id *to, enum letter_class class, uint64_t n,
		const struct hash *header_hash, const struct letter_id *id)
{
	RUN (tx_sql (tx),
	     "INSERT INTO pair_out (recipient, class, last, last_hash) VALUES (?1, ?2, ?3, ?4)"
	     " ON CONFLICT (recipient, class) DO UPDATE SET last = excluded.last,"
	     " last_hash = excluded.last_hash",
	     AGENCY (*to), INT (class), INT (n), ID (*header_hash));
	RUN (tx_sql (tx),
	     "INSERT INTO pair_letter (letter, recipient, class, n) VALUES (?1, ?2, ?3, ?4)", ID (*id),
	     AGENCY (*to), INT (class), INT (n));
}

void pair_voided (tx_t *tx, const struct letter_id *id)
{
	RUN (tx_sql (tx),
	     "UPDATE pair_letter SET voided_at = (SELECT last + 1 FROM pair_out"
	     " WHERE pair_out.recipient = pair_letter.recipient"
	     " AND pair_out.class = pair_letter.class) WHERE letter = ?1 AND voided_at IS NULL",
	     ID (*id));
}

/* Numbers that were void when letter n of the pair was sealed. */
static void forget_voided (tx_t *tx, const struct agency_id *to, enum letter_class class, uint64_t n)
{
	RUN (tx_sql (tx),
	     "DELETE FROM pair_letter WHERE recipient = ?1 AND class = ?2 AND voided_at IS NOT NULL"
	     " AND voided_at <= ?3",
	     AGENCY (*to), INT (class), INT (n));
}

/* A stored letter has told its recipient of every number that was void when it was sealed. */
void pair_stored (tx_t *tx, const struct letter_id *id)
{
	query_t *query = QUERY (tx_sql (tx),
				"SELECT recipient, class, n FROM pair_letter WHERE letter = ?1",
				ID (*id));
	bool found = sql_next (query);
	struct agency_id to = { "" };
	enum letter_class class = CLASS_ROUTINE;
	uint64_t n = 0;

	if (found) {
		SQL_AGENCY (query, &to);
		class = (enum letter_class)sql_int (query);
		n = (uint64_t)sql_int (query);
	}
	sql_end (query);
	if (!found)
		return;
	forget_voided (tx, &to, class, n);
	RUN (tx_sql (tx), "DELETE FROM pair_letter WHERE letter = ?1", ID (*id));
}

/* ---- in ----------------------------------------------------------------------------------------- */

/* One sender's letters of one class from one life of its ledger. */
struct series {
	const struct agency_id *from;
	enum letter_class class;
	const struct store_id *store_id;
};

static void add_hole (tx_t *tx, const struct series *series, uint64_t first, uint64_t last,
		      int64_t since_ms, bool reported)
{
	if (first > last)
		return;
	RUN (tx_sql (tx),
	     "INSERT INTO pair_hole (sender, class, store_id, first, last, since_ms, reported)"
	     " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
	     AGENCY (*series->from), INT (series->class), ID (*series->store_id), INT (first), INT (last),
	     INT (since_ms), INT (reported));
}

/* Takes n out of the hole that it is in, if any.  True when people were told of that one. */
static bool fill_hole (tx_t *tx, const struct series *series, uint64_t n)
{
	query_t *query = QUERY (tx_sql (tx),
				"SELECT first, last, since_ms, reported FROM pair_hole"
				" WHERE sender = ?1 AND class = ?2 AND store_id = ?3"
				" AND first <= ?4 AND last >= ?4",
				AGENCY (*series->from), INT (series->class), ID (*series->store_id),
				INT (n));
	bool found = sql_next (query);
	uint64_t first = 0, last = 0;
	int64_t since_ms = 0;
	bool reported = false;

	if (found) {
		first = (uint64_t)sql_int (query);
		last = (uint64_t)sql_int (query);
		since_ms = sql_int (query);
		reported = sql_int (query) != 0;
	}
	sql_end (query);
	if (!found)
		return false;
	RUN (tx_sql (tx),
	     "DELETE FROM pair_hole WHERE sender = ?1 AND class = ?2 AND store_id = ?3 AND first = ?4",
	     AGENCY (*series->from), INT (series->class), ID (*series->store_id), INT (first));
	add_hole (tx, series, first, n - 1, since_ms, reported);
	add_hole (tx, series, n + 1, last, since_ms, reported);
	return reported;
}

/* What is known of a series; all zero before its first letter. */
struct reach {
	uint64_t last;
	struct letter_id newest;
	struct hash newest_hash;
};

static struct reach read_head (tx_t *tx, const struct series *series)
{
	query_t *query = QUERY (tx_sql (tx),
				"SELECT last, newest, newest_hash FROM pair_in WHERE sender = ?1"
				" AND class = ?2 AND store_id = ?3",
				AGENCY (*series->from), INT (series->class), ID (*series->store_id));
	struct reach head = { 0 };

	if (sql_next (query)) {
		head.last = (uint64_t)sql_int (query);
		SQL_ID (query, &head.newest);
		SQL_ID (query, &head.newest_hash);
	}
	sql_end (query);
	return head;
}

static void write_head (tx_t *tx, const struct series *series, const struct reach *head, int64_t at_ms)
{
	RUN (tx_sql (tx),
	     "INSERT INTO pair_in (sender, class, store_id, last, newest, newest_hash, at_ms)"
	     " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (sender, class, store_id) DO UPDATE SET"
	     " last = excluded.last, newest = excluded.newest, newest_hash = excluded.newest_hash,"
	     " at_ms = excluded.at_ms",
	     AGENCY (*series->from), INT (series->class), ID (*series->store_id), INT (head->last),
	     ID (head->newest), ID (head->newest_hash), INT (at_ms));
}

/* Behind a hole nobody can tell. */
static bool follows (const struct reach *head, const struct pair_sequence *sequence)
{
	return sequence->n > head->last + 1 || ID_IS_NONE (head->newest_hash) ||
	       ID_IS_NONE (sequence->previous) || ID_EQUAL (sequence->previous, head->newest_hash);
}

static bool has_told_hole (tx_t *tx, const struct agency_id *from)
{
	return NUMBER (tx_sql (tx), 0,
		       "SELECT 1 FROM pair_hole WHERE sender = ?1 AND reported = 1 LIMIT 1",
		       AGENCY (*from)) > 0;
}

bool pair_arrived (tx_t *tx, const struct header *header, const struct hash *header_hash,
		   const struct pair_sequence *sequence, int64_t at_ms)
{
	struct series series = { &header->from, header->class, &sequence->store_id };
	struct reach head = read_head (tx, &series);
	uint64_t n = sequence->n;
	bool filled = false;

	/* No sequence, or a number that no ledger counts up to. */
	if (n == 0 || n >= INT64_MAX || ID_IS_NONE (sequence->store_id))
		return false;
	if (n > head.last) {
		add_hole (tx, &series, head.last + 1, n - 1, at_ms, false);
		if (follows (&head, sequence)) {
			head.newest = header->id;
			head.newest_hash = *header_hash;
		}
		head.last = n;
	} else {
		filled = fill_hole (tx, &series, n);
	}
	write_head (tx, &series, &head, at_ms);
	for (size_t i = 0; i < sequence->voided_count; i++)
		if (sequence->voided[i] > 0 && sequence->voided[i] < INT64_MAX)
			filled = fill_hole (tx, &series, sequence->voided[i]) || filled;
	return filled && !has_told_hole (tx, series.from);
}

static void read_gap (query_t *query, arena_t *arena, void *ret_row, void *arg)
{
	struct pair_gap *gap = ret_row;

	SQL_AGENCY (query, &gap->from);
	gap->class = (enum letter_class)sql_int (query);
	gap->n = (uint64_t)sql_int (query);
	gap->since_ms = sql_int (query);
}

size_t pair_gaps (ledger_t *ledger, int64_t before_ms, arena_t *arena, struct pair_gap **ret_gaps)
{
	struct list list = LIST (arena, struct pair_gap);
	size_t count = sql_list (QUERY (ledger->sql,
					"SELECT sender, class, first, since_ms FROM pair_hole"
					" WHERE reported = 0 AND since_ms < ?1 ORDER BY since_ms",
					INT (before_ms)),
				 &list, SIZE_MAX, read_gap, NULL);

	*ret_gaps = (struct pair_gap *)list.items;
	return count;
}

static void read_missing (query_t *query, arena_t *arena, void *ret_row, void *arg)
{
	struct pair_missing *row = ret_row;

	SQL_AGENCY (query, &row->from);
	row->class = (enum letter_class)sql_int (query);
	row->first = (uint64_t)sql_int (query);
	row->last = (uint64_t)sql_int (query);
	row->since_ms = sql_int (query);
}

size_t pair_missing (ledger_t *ledger, size_t max, arena_t *arena, struct pair_missing **ret_missing)
{
	struct list list = LIST (arena, struct pair_missing);
	size_t count = sql_list (QUERY (ledger->sql,
					"SELECT sender, class, first, last, since_ms FROM pair_hole"
					" ORDER BY since_ms"),
				 &list, max, read_missing, NULL);

	*ret_missing = (struct pair_missing *)list.items;
	return count;
}

void pair_gap_reported (tx_t *tx, const struct pair_gap *gap)
{
	RUN (tx_sql (tx),
	     "UPDATE pair_hole SET reported = 1 WHERE sender = ?1 AND class = ?2 AND first = ?3"
	     " AND since_ms = ?4",
	     AGENCY (gap->from), INT (gap->class), INT (gap->n), INT (gap->since_ms));
}
