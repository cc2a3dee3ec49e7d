/*
 * Attachments; see attachment.h.
 *
 * A row of bytes is found by one number, which holds that of its attachment and its offset: an
 * attachment's bytes lie together and go with one range.
 */
#include "agents/ledger/attachment.h"

#include <string.h>
#include "agents/ledger/outbox.h"
#include "agents/ledger/store.h"

#define OFFSET_BITS 26u              /* 64 MiB, more than the longest blob */
#define KEPT_FREE_BYTES (64u * MIB)  /* for letters, and for the log that a commit writes */
#define LET_GO_MAX 256               /* of one tick */
#define DISCARD_ROWS 16              /* a MiB at a time */
#define ROW_ARENA_BYTES (4u * BLOB_STEP_BYTES)

_Static_assert (BLOB_STEPS_MAX * BLOB_STEP_BYTES < (1u << OFFSET_BITS), "an offset fits");

/* clang-format off */
static const char *const state_names[] = {
	[ATTACHMENT_STAGED]    = "staged",
	[ATTACHMENT_WAITING]   = "waiting",
	[ATTACHMENT_SENDING]   = "sending",
	[ATTACHMENT_AT_HUB]    = "at-hub",
	[ATTACHMENT_DELIVERED] = "delivered",
	[ATTACHMENT_REFUSED]   = "refused",
	[ATTACHMENT_LOST]      = "lost",
	[ATTACHMENT_EXPECTED]  = "expected",
	[ATTACHMENT_FETCHED]   = "fetched",
	[ATTACHMENT_HERE]      = "here",
	[ATTACHMENT_BROKEN]    = "broken",
	[ATTACHMENT_MISSED]    = "missed",
	[ATTACHMENT_ERASED]    = "erased",
};
/* clang-format on */

const char *attachment_state_name (enum attachment_state state)
{
	return (size_t)state < COUNT_OF (state_names) && state_names[state] != NULL
		       ? state_names[state]
		       : "none";
}

static int64_t key_of (uint64_t n, uint64_t offset)
{
	return (int64_t)(n << OFFSET_BITS | offset);
}

/* The place of a sealed string: table, and the number of its row. */
struct row_place {
	uint8_t key[8];
};

static struct place place_of (const char *table, int64_t key, struct row_place *ret)
{
	for (size_t i = 0; i < sizeof ret->key; i++)
		ret->key[i] = (uint8_t)((uint64_t)key >> (8 * i));
	return (struct place){ table, BYTES_OF (ret->key), BYTES_NONE };
}

/* ---- rows: writing ------------------------------------------------------------------------------ */

static struct bytes seal_row (tx_t *tx, const struct attachment_row *row, arena_t *arena)
{
	struct bytes parts[] = {
		bytes_of_text (row->title), bytes_of_text (row->media_type), bytes_of_text (row->label),
		BYTES_OF (row->digest.b), BYTES_OF (row->key.b),
	};
	struct row_place place;

	return seal (tx->ledger, &row->person, place_of ("attachment", (int64_t)row->n, &place),
		     pack (parts, COUNT_OF (parts), arena), arena);
}

void attachment_add (tx_t *tx, struct attachment_row *row)
{
	sql_t *sql = tx_sql (tx);

	RUN (sql,
	     "INSERT INTO attachment (id, state, person, partner, thread, letter, place, blob, length,"
	     " done, created_ms, expires_at_ms, next_try_ms, tries, error, told, sealed)"
	     " VALUES (?1, ?2, ?3, '', x'', x'', 0, x'', ?4, 0, ?5, 0, 0, 0, 0, 0, x'')",
	     BLOB (((struct bytes){ row->id, sizeof row->id })), INT (row->state), ID (row->person),
	     INT (row->length), INT (row->created_ms));
	row->n = (uint64_t)NUMBER (sql, 0, "SELECT last_insert_rowid ()");
	attachment_update (tx, row);
}

void attachment_moved (tx_t *tx, const struct attachment_row *row)
{
	RUN (tx_sql (tx),
	     "UPDATE attachment SET state = ?2, done = ?3, next_try_ms = ?4, tries = ?5, error = ?6,"
	     " told = ?7, kept_until_ms = ?8 WHERE n = ?1",
	     INT (row->n), INT (row->state), INT (row->done), INT (row->next_try_ms),
	     INT (row->tries), INT (row->error), INT (row->told), INT (row->kept_until_ms));
}

void attachment_update (tx_t *tx, const struct attachment_row *row)
{
	OWNED (arena) arena = arena_new (ROW_ARENA_BYTES);

	RUN (tx_sql (tx),
	     "UPDATE attachment SET person = ?2, partner = ?3, thread = ?4, letter = ?5, place = ?6,"
	     " blob = ?7, length = ?8, expires_at_ms = ?9, sealed = ?10 WHERE n = ?1",
	     INT (row->n), ID (row->person), AGENCY (row->partner), ID (row->thread),
	     ID (row->letter), INT (row->place), ID (row->blob), INT (row->length),
	     INT (row->expires_at_ms), BLOB (seal_row (tx, row, arena)));
	attachment_moved (tx, row);
	/* To be sealed, or to be fetched: the post's work. */
	if (row->state == ATTACHMENT_WAITING || row->state == ATTACHMENT_EXPECTED)
		tx->outbox = true;
}

/* ---- rows: reading ------------------------------------------------------------------------------ */

#define COLUMNS                                                                              \
	"attachment.n, attachment.id, attachment.state, attachment.person,"                  \
	" attachment.partner, attachment.thread, attachment.letter, attachment.place,"       \
	" attachment.blob, attachment.length, attachment.done, attachment.created_ms,"       \
	" attachment.expires_at_ms, attachment.next_try_ms, attachment.tries,"               \
	" attachment.error, attachment.told, attachment.kept_until_ms, attachment.sealed"

static void unpack_id (struct bytes *packed, uint8_t *ret, size_t len)
{
	struct bytes part;

	if (unpack (packed, &part) && part.len == len)
		memcpy (ret, part.data, len);
}

static void read_sealed (query_t *query, ledger_t *ledger, arena_t *arena,
			 struct attachment_row *row)
{
	struct bytes sealed = sql_blob (query, arena), plain;
	struct row_place place;

	if (!unseal (ledger, &row->person, place_of ("attachment", (int64_t)row->n, &place), sealed,
		     arena, &plain))
		sql_starve (query);
	row->title = unpack_text (&plain, arena);
	row->media_type = unpack_text (&plain, arena);
	row->label = unpack_text (&plain, arena);
	unpack_id (&plain, row->digest.b, sizeof row->digest.b);
	unpack_id (&plain, row->key.b, sizeof row->key.b);
}

static void read_row (query_t *query, arena_t *arena, void *ret_row, void *arg)
{
	struct attachment_row *row = ret_row;

	row->n = (uint64_t)sql_int (query);
	sql_id (query, row->id, sizeof row->id);
	row->state = (enum attachment_state)sql_int (query);
	SQL_ID (query, &row->person);
	SQL_AGENCY (query, &row->partner);
	SQL_ID (query, &row->thread);
	SQL_ID (query, &row->letter);
	row->place = (uint32_t)sql_int (query);
	SQL_ID (query, &row->blob);
	row->length = (uint64_t)sql_int (query);
	row->done = (uint64_t)sql_int (query);
	row->created_ms = sql_int (query);
	row->expires_at_ms = sql_int (query);
	row->next_try_ms = sql_int (query);
	row->tries = (uint32_t)sql_int (query);
	row->error = (err_t)sql_int (query);
	row->told = sql_int (query) != 0;
	row->kept_until_ms = sql_int (query);
	read_sealed (query, arg, arena, row);
}

static err_t read_one (ledger_t *ledger, query_t *query, arena_t *arena,
		       struct attachment_row *ret_row)
{
	struct list list = LIST (arena, struct attachment_row);
	size_t count = sql_list (query, &list, 1, read_row, ledger);

	if (sql_err (ledger->sql) != ERR_OK)
		return sql_err (ledger->sql);
	if (count == 0)
		return sql_starved (query) ? ERR_TOO_LARGE : ERR_NOT_FOUND;
	*ret_row = *(struct attachment_row *)list.items;
	return ERR_OK;
}

err_t attachment_get (ledger_t *ledger, uint64_t n, arena_t *arena, struct attachment_row *ret_row)
{
	return read_one (ledger,
			 QUERY (ledger->sql, "SELECT " COLUMNS " FROM attachment WHERE n = ?1", INT (n)),
			 arena, ret_row);
}

err_t attachment_find (ledger_t *ledger, const uint8_t id[16], arena_t *arena,
		       struct attachment_row *ret_row)
{
	return read_one (ledger,
			 QUERY (ledger->sql, "SELECT " COLUMNS " FROM attachment WHERE id = ?1",
				BLOB (((struct bytes){ id, 16 }))),
			 arena, ret_row);
}

static size_t read_many (ledger_t *ledger, query_t *query, arena_t *arena,
			 struct attachment_row **ret_rows)
{
	struct list list = LIST (arena, struct attachment_row);
	size_t count = sql_list (query, &list, SIZE_MAX, read_row, ledger);

	*ret_rows = (struct attachment_row *)list.items;
	return count;
}

size_t attachment_of_letter (ledger_t *ledger, const struct agency_id *partner,
			     const struct letter_id *letter, arena_t *arena,
			     struct attachment_row **ret_rows)
{
	return read_many (ledger,
			  QUERY (ledger->sql,
				 "SELECT " COLUMNS " FROM attachment WHERE length (letter) > 0"
				 " AND letter = ?1 AND partner = ?2 ORDER BY place",
				 ID (*letter), AGENCY (*partner)),
			  arena, ret_rows);
}

size_t attachment_of_thread (ledger_t *ledger, const struct thread_id *thread, arena_t *arena,
			     struct attachment_row **ret_rows)
{
	return read_many (ledger,
			  QUERY (ledger->sql,
				 "SELECT " COLUMNS " FROM attachment WHERE length (thread) > 0"
				 " AND thread = ?1 ORDER BY n",
				 ID (*thread)),
			  arena, ret_rows);
}

size_t attachment_of_person (ledger_t *ledger, const struct person_id *person, arena_t *arena,
			     struct attachment_row **ret_rows)
{
	return read_many (ledger,
			  QUERY (ledger->sql,
				 "SELECT " COLUMNS " FROM attachment WHERE length (person) > 0"
				 " AND person = ?1 AND state > ?2 ORDER BY n DESC",
				 ID (*person), INT (ATTACHMENT_STAGED)),
			  arena, ret_rows);
}

err_t attachment_by_blob (ledger_t *ledger, const struct blob_id *blob, bool coming, arena_t *arena,
			  struct attachment_row *ret_row)
{
	return read_one (ledger,
			 QUERY (ledger->sql,
				"SELECT " COLUMNS " FROM attachment WHERE length (blob) > 0"
				" AND blob = ?1 AND (state >= ?2) = ?3 ORDER BY n LIMIT 1",
				ID (*blob), INT (ATTACHMENT_EXPECTED), INT (coming)),
			 arena, ret_row);
}

/* Sealed and fetched ones have their letter; one to be put follows it. */
err_t attachment_next (ledger_t *ledger, enum attachment_state state, int64_t now_ms, arena_t *arena,
		       struct attachment_row *ret_row)
{
	query_t *query =
		state == ATTACHMENT_SENDING
			? QUERY (ledger->sql,
				 "SELECT " COLUMNS " FROM attachment JOIN outbox ON outbox.id = letter"
				 " WHERE attachment.state = ?1 AND attachment.next_try_ms <= ?2"
				 " AND outbox.state IN (?3, ?4) ORDER BY class, n LIMIT 1",
				 INT (state), INT (now_ms), INT (OUTBOX_IN_CUSTODY),
				 INT (OUTBOX_STORED))
			: QUERY (ledger->sql,
				 "SELECT " COLUMNS " FROM attachment WHERE state = ?1"
				 " AND next_try_ms <= ?2 ORDER BY n LIMIT 1",
				 INT (state), INT (now_ms));

	return read_one (ledger, query, arena, ret_row);
}

err_t attachment_untold (ledger_t *ledger, int64_t now_ms, arena_t *arena,
			 struct attachment_row *ret_row)
{
	return read_one (ledger,
			 QUERY (ledger->sql,
				"SELECT " COLUMNS " FROM attachment WHERE told = 0"
				" AND state IN (?1, ?2, ?3) AND next_try_ms <= ?4 ORDER BY n LIMIT 1",
				INT (ATTACHMENT_HERE), INT (ATTACHMENT_BROKEN),
				INT (ATTACHMENT_ERASED), INT (now_ms)),
			 arena, ret_row);
}

bool attachment_pending (ledger_t *ledger, const struct letter_id *letter)
{
	return NUMBER (ledger->sql, 0,
		       "SELECT count (*) FROM attachment WHERE length (letter) > 0 AND letter = ?1"
		       " AND state BETWEEN ?2 AND ?3",
		       ID (*letter), INT (ATTACHMENT_WAITING), INT (ATTACHMENT_AT_HUB)) > 0;
}

bool attachment_kept (ledger_t *ledger, const struct letter_id *letter)
{
	return NUMBER (ledger->sql, 0,
		       "SELECT count (*) FROM attachment WHERE length (letter) > 0 AND letter = ?1"
		       " AND (state BETWEEN ?2 AND ?3 OR (state = ?4 AND kept_until_ms > 0))",
		       ID (*letter), INT (ATTACHMENT_WAITING), INT (ATTACHMENT_AT_HUB),
		       INT (ATTACHMENT_DELIVERED)) > 0;
}

/* ---- bytes -------------------------------------------------------------------------------------- */

static struct bytes seal_bytes (tx_t *tx, const struct attachment_row *row, const char *table,
				int64_t key, struct bytes plain, arena_t *arena)
{
	struct row_place place;
	struct bytes sealed = seal (tx->ledger, &row->person, place_of (table, key, &place), plain,
				    arena);

	if (sealed.len == 0)
		sql_fail (tx_sql (tx), ERR_ERASED);
	return sealed;
}

static err_t open_bytes (ledger_t *ledger, const struct attachment_row *row, const char *table,
			 int64_t key, query_t *query, arena_t *arena, struct bytes *ret_plain)
{
	struct row_place place;
	struct bytes sealed = BYTES_NONE, plain = BYTES_NONE;
	bool found = sql_next (query), fits = true;

	if (found)
		sealed = sql_blob (query, arena);
	sql_end (query);
	if (found)
		fits = unseal (ledger, &row->person, place_of (table, key, &place), sealed, arena,
			       &plain);
	if (sql_err (ledger->sql) != ERR_OK)
		return sql_err (ledger->sql);
	if (!found)
		return ERR_NOT_FOUND;
	if (!fits || sealed.len == 0)
		return ERR_TOO_LARGE;
	if (plain.len == 0)
		return ERR_ERASED;
	*ret_plain = plain;
	return ERR_OK;
}

void attachment_put_plain (tx_t *tx, const struct attachment_row *row, size_t step,
			   struct bytes plain)
{
	OWNED (arena) arena = arena_new (ROW_ARENA_BYTES);
	int64_t key = key_of (row->n, blob_step_begin (step));

	RUN (tx_sql (tx), "INSERT OR REPLACE INTO attachment_plain (key, sealed) VALUES (?1, ?2)",
	     INT (key), BLOB (seal_bytes (tx, row, "attachment_plain", key, plain, arena)));
}

err_t attachment_get_plain (ledger_t *ledger, const struct attachment_row *row, size_t step,
			    arena_t *arena, struct bytes *ret_plain)
{
	int64_t key = key_of (row->n, blob_step_begin (step));

	return open_bytes (ledger, row, "attachment_plain", key,
			   QUERY (ledger->sql, "SELECT sealed FROM attachment_plain WHERE key = ?1",
				  INT (key)),
			   arena, ret_plain);
}

void attachment_put_wire (tx_t *tx, const struct attachment_row *row, uint64_t offset,
			  struct bytes piece)
{
	OWNED (arena) arena = arena_new (ROW_ARENA_BYTES);
	int64_t key = key_of (row->n, offset);

	RUN (tx_sql (tx), "INSERT OR REPLACE INTO attachment_wire (key, sealed) VALUES (?1, ?2)",
	     INT (key), BLOB (seal_bytes (tx, row, "attachment_wire", key, piece, arena)));
}

err_t attachment_get_wire (ledger_t *ledger, const struct attachment_row *row, uint64_t offset,
			   arena_t *arena, struct bytes *ret_piece)
{
	int64_t key = key_of (row->n, offset);

	return open_bytes (ledger, row, "attachment_wire", key,
			   QUERY (ledger->sql, "SELECT sealed FROM attachment_wire WHERE key = ?1",
				  INT (key)),
			   arena, ret_piece);
}

static void drop (tx_t *tx, uint64_t n, bool wire)
{
	RUN (tx_sql (tx), "INSERT OR IGNORE INTO attachment_over (n, wire) VALUES (?1, ?2)", INT (n),
	     INT (wire));
	tx->outbox = true;   /* the post's work */
}

void attachment_drop_plain (tx_t *tx, uint64_t n)
{
	drop (tx, n, false);
}

void attachment_drop_wire (tx_t *tx, uint64_t n)
{
	drop (tx, n, true);
}

bool attachment_has_dropped (ledger_t *ledger)
{
	return NUMBER (ledger->sql, 0, "SELECT count (*) FROM (SELECT 1 FROM attachment_over LIMIT 1)")
	       > 0;
}

/* Some rows of one range; how many there were. */
static uint64_t delete_some (tx_t *tx, uint64_t n, bool wire)
{
	sql_t *sql = tx_sql (tx);

	return wire ? RUN (sql,
			   "DELETE FROM attachment_wire WHERE key IN (SELECT key FROM attachment_wire"
			   " WHERE key >= ?1 AND key < ?2 LIMIT ?3)",
			   INT (key_of (n, 0)), INT (key_of (n + 1, 0)), INT (DISCARD_ROWS))
		    : RUN (sql,
			   "DELETE FROM attachment_plain WHERE key IN (SELECT key FROM attachment_plain"
			   " WHERE key >= ?1 AND key < ?2 LIMIT ?3)",
			   INT (key_of (n, 0)), INT (key_of (n + 1, 0)), INT (DISCARD_ROWS));
}

void attachment_discard (tx_t *tx)
{
	sql_t *sql = tx_sql (tx);
	int64_t n = NUMBER (sql, -1, "SELECT n FROM attachment_over ORDER BY n, wire LIMIT 1");
	int64_t wire = NUMBER (sql, 0, "SELECT wire FROM attachment_over ORDER BY n, wire LIMIT 1");

	if (n >= 0 && delete_some (tx, (uint64_t)n, wire != 0) == 0)
		RUN (sql, "DELETE FROM attachment_over WHERE n = ?1 AND wire = ?2", INT (n), INT (wire));
}

void attachment_clear (tx_t *tx, uint64_t n)
{
	RUN (tx_sql (tx), "DELETE FROM attachment_plain WHERE key >= ?1 AND key < ?2",
	     INT (key_of (n, 0)), INT (key_of (n + 1, 0)));
	RUN (tx_sql (tx), "DELETE FROM attachment_wire WHERE key >= ?1 AND key < ?2",
	     INT (key_of (n, 0)), INT (key_of (n + 1, 0)));
}

void attachment_remove (tx_t *tx, uint64_t n)
{
	attachment_drop_plain (tx, n);
	attachment_drop_wire (tx, n);
	RUN (tx_sql (tx), "DELETE FROM attachment WHERE n = ?1", INT (n));
}

bool attachment_fits (ledger_t *ledger, uint64_t length)
{
	return (uint64_t)ledger_room_bytes (ledger) >= 2 * length + KEPT_FREE_BYTES;
}

/* ---- all of them -------------------------------------------------------------------------------- */

void attachment_due_now (tx_t *tx, int64_t now_ms)
{
	RUN (tx_sql (tx),
	     "UPDATE attachment SET next_try_ms = ?1 WHERE next_try_ms > ?1 AND state IN (?2, ?3, ?4)",
	     INT (now_ms), INT (ATTACHMENT_SENDING), INT (ATTACHMENT_AT_HUB),
	     INT (ATTACHMENT_EXPECTED));
}

void attachment_again (tx_t *tx)
{
	RUN (tx_sql (tx),
	     "UPDATE attachment SET state = ?1, done = 0, next_try_ms = 0 WHERE state IN (?1, ?2)",
	     INT (ATTACHMENT_SENDING), INT (ATTACHMENT_AT_HUB));
}

size_t attachment_give_again (tx_t *tx, const struct letter_id *letter)
{
	return (size_t)RUN (tx_sql (tx),
			    "UPDATE attachment SET state = ?2, done = 0, next_try_ms = 0, tries = 0,"
			    " kept_until_ms = 0 WHERE length (letter) > 0 AND letter = ?1"
			    " AND (state IN (?2, ?3) OR (state = ?4 AND kept_until_ms > 0))",
			    ID (*letter), INT (ATTACHMENT_SENDING), INT (ATTACHMENT_AT_HUB),
			    INT (ATTACHMENT_DELIVERED));
}

static void drop_bytes (tx_t *tx, const uint64_t *numbers, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		attachment_drop_plain (tx, numbers[i]);
		attachment_drop_wire (tx, numbers[i]);
	}
}

static void read_number (query_t *query, arena_t *arena, void *ret_row, void *arg)
{
	*(uint64_t *)ret_row = (uint64_t)sql_int (query);
}

static size_t numbers_of (query_t *query, arena_t *arena, uint64_t **ret_numbers)
{
	struct list list = LIST (arena, uint64_t);
	size_t count = sql_list (query, &list, SIZE_MAX, read_number, NULL);

	*ret_numbers = (uint64_t *)list.items;
	return count;
}

struct over {
	uint64_t n;
	struct letter_id letter;
};

static void read_over (query_t *query, arena_t *arena, void *ret_row, void *arg)
{
	struct over *over = ret_row;

	over->n = (uint64_t)sql_int (query);
	SQL_ID (query, &over->letter);
}

void attachment_let_go (tx_t *tx, int64_t before_ms)
{
	OWNED (arena) arena = arena_new (ROW_ARENA_BYTES);
	struct list list = LIST (arena, struct over);
	size_t count = sql_list (QUERY (tx_sql (tx),
					"SELECT n, letter FROM attachment WHERE kept_until_ms > 0"
					" AND kept_until_ms < ?1",
					INT (before_ms)),
				 &list, LET_GO_MAX, read_over, NULL);
	const struct over *over = (const struct over *)list.items;

	for (size_t i = 0; i < count; i++) {
		RUN (tx_sql (tx), "UPDATE attachment SET kept_until_ms = 0 WHERE n = ?1",
		     INT (over[i].n));
		attachment_drop_wire (tx, over[i].n);
		outbox_release (tx, &over[i].letter);
	}
}

size_t attachment_sweep (tx_t *tx, int64_t before_ms)
{
	OWNED (arena) arena = arena_new (ROW_ARENA_BYTES);
	uint64_t *numbers;
	size_t count = numbers_of (QUERY (tx_sql (tx),
					  "SELECT n FROM attachment WHERE state = ?1 AND created_ms < ?2",
					  INT (ATTACHMENT_STAGED), INT (before_ms)),
				   arena, &numbers);

	drop_bytes (tx, numbers, count);
	for (size_t i = 0; i < count; i++)
		RUN (tx_sql (tx), "DELETE FROM attachment WHERE n = ?1", INT (numbers[i]));
	return count;
}

size_t attachment_end_letter (tx_t *tx, const struct agency_id *partner,
			      const struct letter_id *letter, enum attachment_state state, err_t why)
{
	OWNED (arena) arena = arena_new (ROW_ARENA_BYTES);
	uint64_t *numbers;
	size_t count = numbers_of (
		QUERY (tx_sql (tx),
		       "SELECT n FROM attachment WHERE length (letter) > 0 AND letter = ?1"
		       " AND partner = ?2 AND state NOT IN (?3, ?4, ?5, ?6, ?7)",
		       ID (*letter), AGENCY (*partner), INT (ATTACHMENT_DELIVERED),
		       INT (ATTACHMENT_REFUSED), INT (ATTACHMENT_LOST), INT (ATTACHMENT_MISSED),
		       INT (ATTACHMENT_ERASED)),
		arena, &numbers);

	drop_bytes (tx, numbers, count);
	for (size_t i = 0; i < count; i++)
		RUN (tx_sql (tx), "UPDATE attachment SET state = ?2, error = ?3 WHERE n = ?1",
		     INT (numbers[i]), INT (state), INT (why));
	return count;
}

void attachment_erase_person (tx_t *tx, const struct person_id *person)
{
	OWNED (arena) arena = arena_new (LIMIT_DECODE_ARENA_BYTES);
	uint64_t *numbers;
	size_t count = numbers_of (QUERY (tx_sql (tx),
					  "SELECT n FROM attachment WHERE length (person) > 0"
					  " AND person = ?1",
					  ID (*person)),
				   arena, &numbers);

	for (size_t i = 0; i < count; i++)
		attachment_clear (tx, numbers[i]);
	for (size_t i = 0; i < count; i++)
		RUN (tx_sql (tx),
		     "UPDATE attachment SET sealed = x'', error = ?2, kept_until_ms = 0,"
		     " state = CASE WHEN state >= ?3 THEN ?4 WHEN state < ?5 THEN ?6 ELSE state END"
		     " WHERE n = ?1",
		     INT (numbers[i]), INT (ERR_ERASED), INT (ATTACHMENT_EXPECTED),
		     INT (ATTACHMENT_ERASED), INT (ATTACHMENT_DELIVERED), INT (ATTACHMENT_LOST));
}

struct attachment_sum attachment_sum (ledger_t *ledger, enum attachment_state state)
{
	sql_t *sql = ledger->sql;

	return (struct attachment_sum){
		.count = (uint64_t)NUMBER (sql, 0, "SELECT count (*) FROM attachment WHERE state = ?1",
					   INT (state)),
		.bytes = (uint64_t)NUMBER (sql, 0,
					   "SELECT coalesce (sum (length), 0) FROM attachment"
					   " WHERE state = ?1",
					   INT (state)),
	};
}
