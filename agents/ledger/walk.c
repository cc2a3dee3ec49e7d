/* The slices; see walk.h.  The walk over the chain itself is in entry.c. */
#include "agents/ledger/walk.h"

#include "agents/ledger/store.h"

/* ---- letters that entries speak of -------------------------------------------------------------- */

static void read_lost (query_t *query, arena_t *arena, void *ret_row, void *arg)
{
	struct lost_letter *row = ret_row;

	row->n = (uint64_t)sql_int (query);
	SQL_ID (query, &row->letter);
	SQL_AGENCY (query, &row->partner);
}

size_t walk_lost (ledger_t *ledger, const struct agency_id *self, uint64_t after, uint64_t count,
		  arena_t *arena, struct lost_letter **ret_lost)
{
	struct list list = LIST (arena, struct lost_letter);
	size_t found = sql_list (
		QUERY (ledger->sql,
		       "SELECT n, letter, partner FROM entry WHERE n > ?1 AND n <= ?2 AND type IN (1, 2)"
		       " AND length (letter) > 0 AND partner NOT LIKE '@%' AND partner <> ?3"
		       " AND NOT EXISTS (SELECT 1 FROM thread WHERE id = entry.thread AND carrier <> 0)"
		       " AND CASE type WHEN 1 THEN NOT EXISTS (SELECT 1 FROM outbox WHERE id = letter)"
		       " ELSE NOT EXISTS (SELECT 1 FROM inbox WHERE sender = entry.partner"
		       " AND id = entry.letter) END ORDER BY n",
		       INT (after), INT (after + count), AGENCY (*self)),
		&list, 256, read_lost, NULL);

	*ret_lost = (struct lost_letter *)list.items;
	return found;
}

/* ---- rows of letters ---------------------------------------------------------------------------- */

/* Whatever does not open although there is a key for it is broken. */
static bool try_open (ledger_t *ledger, const struct person_id *person, struct place place,
		      struct bytes sealed, arena_t *arena, struct bytes *ret_plain)
{
	const vault_t *key = ID_IS_NONE (*person) ? ledger->own : keyring_get (ledger->keys, person);

	*ret_plain = BYTES_NONE;
	return sealed.len == 0 || key == NULL || opens (key, place, sealed, arena, ret_plain);
}

static void read_both (query_t *query, struct walk_letter *row, struct person_id *ret_person)
{
	row->seq = (uint64_t)sql_int (query);
	SQL_ID (query, &row->id);
	SQL_AGENCY (query, &row->other);
	row->state = (int)sql_int (query);
	row->machine = sql_int (query) != 0;
	row->at_ms = sql_int (query);
	SQL_ID (query, &row->thread);
	SQL_ID (query, ret_person);
	SQL_ID (query, &row->header_hash);
	SQL_ID (query, &row->digest);
	row->has_bytes = sql_int (query) != 0;
}

static void read_sent (query_t *query, arena_t *arena, void *ret_row, void *arg)
{
	struct walk_letter *row = ret_row;
	struct person_id person;
	struct bytes s, draft, unread;

	read_both (query, row, &person);
	row->h = sql_blob (query, arena);
	row->c = sql_blob (query, arena);
	s = sql_blob (query, arena);
	draft = sql_blob (query, arena);
	SQL_ID (query, &row->sig);
	row->opens = try_open (arg, &person,
			       (struct place){ "outbox", ID_BYTES (row->id), bytes_of_text ("s") }, s,
			       arena, &row->s)
		     && try_open (arg, &person,
				  (struct place){ "outbox", ID_BYTES (row->id),
						  bytes_of_text ("draft") },
				  draft, arena, &unread);
}

size_t walk_sent (ledger_t *ledger, uint64_t after, size_t max, arena_t *arena,
		  struct walk_letter **ret_letters)
{
	struct list list = LIST (arena, struct walk_letter);
	size_t count = sql_list (
		QUERY (ledger->sql,
		       "SELECT outbox.seq, id, recipient, state, machine, created_ms, thread, person,"
		       " header_hash, digest, outbox_bytes.seq IS NOT NULL, h, c, s, draft, signature"
		       " FROM outbox LEFT JOIN outbox_bytes USING (seq) WHERE outbox.seq > ?1"
		       " ORDER BY outbox.seq",
		       INT (after)),
		&list, max, read_sent, ledger);

	*ret_letters = (struct walk_letter *)list.items;
	return count;
}

static void read_arrived (query_t *query, arena_t *arena, void *ret_row, void *arg)
{
	struct walk_letter *row = ret_row;
	struct person_id person;
	struct bytes s;

	read_both (query, row, &person);
	row->h = sql_blob (query, arena);
	s = sql_blob (query, arena);
	SQL_ID (query, &row->sig);
	row->opens = try_open (arg, &person,
			       (struct place){ "inbox", ID_BYTES (row->id),
					       bytes_of_text (row->other.text) },
			       s, arena, &row->s);
}

#define ARRIVED                                                                              \
	"SELECT inbox.seq, id, sender, state, 0, arrived_ms, thread, person, header_hash, x'',"    \
	" inbox_bytes.seq IS NOT NULL, h, s, signature FROM inbox LEFT JOIN inbox_bytes USING (seq)"

size_t walk_arrived (ledger_t *ledger, uint64_t after, size_t max, arena_t *arena,
		     struct walk_letter **ret_letters)
{
	struct list list = LIST (arena, struct walk_letter);
	size_t count = sql_list (QUERY (ledger->sql,
					ARRIVED " WHERE inbox.seq > ?1 ORDER BY inbox.seq", INT (after)),
				 &list, max, read_arrived, ledger);

	*ret_letters = (struct walk_letter *)list.items;
	return count;
}

bool walk_one (ledger_t *ledger, const struct agency_id *from, const struct letter_id *id,
	       arena_t *arena, struct walk_letter *ret_letter)
{
	struct list list = LIST (arena, struct walk_letter);

	if (sql_list (QUERY (ledger->sql, ARRIVED " WHERE sender = ?1 AND id = ?2", AGENCY (*from),
			     ID (*id)),
		      &list, 1, read_arrived, ledger) == 0)
		return false;
	*ret_letter = *(struct walk_letter *)list.items;
	return true;
}

/* ---- proofs and checkpoints --------------------------------------------------------------------- */

static void read_id (query_t *query, arena_t *arena, void *ret_row, void *arg)
{
	SQL_ID (query, (struct letter_id *)ret_row);
}

size_t walk_proofs (ledger_t *ledger, const struct letter_id *after, size_t max, arena_t *arena,
		    struct letter_id **ret_letters)
{
	struct list list = LIST (arena, struct letter_id);
	size_t count = sql_list (QUERY (ledger->sql,
					"SELECT letter FROM proof WHERE letter > ?1 ORDER BY letter",
					ID (*after)),
				 &list, max, read_id, NULL);

	*ret_letters = (struct letter_id *)list.items;
	return count;
}

static void read_number (query_t *query, arena_t *arena, void *ret_row, void *arg)
{
	*(uint64_t *)ret_row = (uint64_t)sql_int (query);
}

size_t walk_checkpoints (ledger_t *ledger, uint64_t after, size_t max, arena_t *arena,
			 uint64_t **ret_numbers)
{
	struct list list = LIST (arena, uint64_t);
	size_t count = sql_list (QUERY (ledger->sql,
					"SELECT n FROM checkpoint WHERE n > ?1 ORDER BY n", INT (after)),
				 &list, max, read_number, NULL);

	*ret_numbers = (uint64_t *)list.items;
	return count;
}

uint64_t walk_same_size (ledger_t *ledger, uint64_t checkpoint)
{
	return (uint64_t)NUMBER (ledger->sql, 0,
				 "SELECT other.n FROM checkpoint JOIN checkpoint AS other"
				 " USING (origin, size) WHERE checkpoint.n = ?1 AND other.n < ?1"
				 " ORDER BY other.n LIMIT 1",
				 INT (checkpoint));
}

struct walk_sizes walk_sizes (ledger_t *ledger)
{
	return (struct walk_sizes){
		.entries = ledger->head.n,
		.sent = (uint64_t)NUMBER (ledger->sql, 0, "SELECT count (*) FROM outbox"),
		.arrived = (uint64_t)NUMBER (ledger->sql, 0, "SELECT count (*) FROM inbox"),
		.proofs = (uint64_t)NUMBER (ledger->sql, 0, "SELECT held FROM proof_count"),
		.checkpoints = (uint64_t)NUMBER (ledger->sql, 0, "SELECT count (*) FROM checkpoint"),
	};
}
