/*
 * Entries and their chain; see entry.h.
 *
 * Number and hash of the newest entry are kept in memory, and sealed in the ledger's own row with
 * each commit: cutting off the end of the chain is seen, not only a change in the middle.
 */
#include "agents/ledger/entry.h"

#include <string.h>

#include "agents/ledger/outbox.h"
#include "agents/ledger/store.h"
#include "agents/ledger/walk.h"
#include "jembatan/keys.h"

#define HASH_DOMAIN "JMBTN-entry-v1"
#define ENTRY_ARENA_BYTES (4u * LIMIT_PLAIN_BYTES)
#define COLUMNS                                                                          \
	"n, type, at_ms, person, thread, letter, partner, kind, state_from, state_to, "  \
	"word, sealed"

/* clang-format off */
static const char *const names[] = {
	[ENTRY_SENT]       = "sent",
	[ENTRY_ARRIVED]    = "arrived",
	[ENTRY_RECEIPT]    = "receipt",
	[ENTRY_INTAKE]     = "intake",
	[ENTRY_CONSENT]    = "consent",
	[ENTRY_LOOKED]     = "looked",
	[ENTRY_DEADLINE]   = "deadline",
	[ENTRY_ALARM]      = "alarm",
	[ENTRY_QUARANTINE] = "quarantine",
	[ENTRY_HELD]       = "held",
	[ENTRY_SYSTEM]     = "system",
	[ENTRY_RELEASE]    = "release",
	[ENTRY_REMINDER]   = "reminder",
	[ENTRY_DISCLOSED]  = "disclosed",
	[ENTRY_RECALL]     = "recall",
	[ENTRY_DOOR]       = "door",
};
/* clang-format on */

bool entry_type_changes (enum entry_type type)
{
	return type != ENTRY_LOOKED && type != ENTRY_DISCLOSED && type != ENTRY_DOOR;
}

const char *entry_type_name (enum entry_type type)
{
	return (size_t)type < COUNT_OF (names) && names[type] != NULL ? names[type] : "unknown";
}

struct u64 {
	uint8_t b[8];
};

static struct u64 u64_of (uint64_t number)
{
	struct u64 u64;

	for (unsigned i = 0; i < sizeof u64.b; i++)
		u64.b[i] = (uint8_t)(number >> (8 * i));
	return u64;
}

static uint64_t number_of (const uint8_t b[8])
{
	uint64_t number = 0;

	for (unsigned i = 0; i < 8; i++)
		number |= (uint64_t)b[i] << (8 * i);
	return number;
}

static struct bytes id_or_none (struct bytes id)
{
	return id_is_zero (id.data, id.len) ? BYTES_NONE : id;
}

#define PART(id) id_or_none (ID_BYTES (id))

static struct place body_place (const struct u64 *n)
{
	return (struct place){ "entry", BYTES_OF (n->b), BYTES_NONE };
}

/* ---- the chain ---------------------------------------------------------------------------------- */

/* What an entry's hash is over, in the order of COLUMNS: numbers first. */
enum { PART_N, PART_TYPE, PART_AT, PART_PERSON, PART_THREAD, PART_LETTER, PART_PARTNER, PART_KIND,
       PART_STATE_FROM, PART_STATE_TO, PART_WORD, PART_SEALED, PARTS };

static struct hash hash_parts (const struct hash *previous, const struct bytes parts[PARTS],
			       arena_t *arena)
{
	uint8_t start[sizeof HASH_DOMAIN + sizeof previous->b];

	memcpy (start, HASH_DOMAIN, sizeof HASH_DOMAIN);
	memcpy (start + sizeof HASH_DOMAIN, previous->b, sizeof previous->b);
	return hash_of (BYTES_OF (start), pack (parts, PARTS, arena));
}

/* The hash of an entry whose body is the sealed one. */
static struct hash entry_hash (const struct hash *previous, const struct entry *entry,
			       struct bytes sealed, arena_t *arena)
{
	struct u64 n = u64_of (entry->n), type = u64_of (entry->type);
	struct u64 at = u64_of ((uint64_t)entry->at_ms);
	struct bytes parts[PARTS] = {
		[PART_N] = BYTES_OF (n.b),
		[PART_TYPE] = BYTES_OF (type.b),
		[PART_AT] = BYTES_OF (at.b),
		[PART_PERSON] = PART (entry->person),
		[PART_THREAD] = PART (entry->thread),
		[PART_LETTER] = PART (entry->letter),
		[PART_PARTNER] = bytes_of_text (entry->partner.text),
		[PART_KIND] = bytes_of_text (entry->kind),
		[PART_STATE_FROM] = bytes_of_text (entry->state_from),
		[PART_STATE_TO] = bytes_of_text (entry->state_to),
		[PART_WORD] = bytes_of_text (entry->word),
		[PART_SEALED] = sealed,
	};

	return hash_parts (previous, parts, arena);
}

static const struct person_id nobody;
static const struct place head_place = { "about", { (const uint8_t *)"head", 4 }, { NULL, 0 } };

void entry_save_head (tx_t *tx)
{
	const struct head *head = &tx->ledger->head;
	OWNED (arena) arena = arena_new (4 * KIB);
	struct u64 n = u64_of (head->n);
	struct bytes parts[] = { BYTES_OF (n.b), BYTES_OF (head->hash.b) };

	if (head->n == tx->start.head.n)
		return;
	RUN (tx_sql (tx), "UPDATE about SET head = ?1",
	     BLOB (seal (tx->ledger, &nobody, head_place, pack (parts, 2, arena), arena)));
}

static err_t read_saved_head (ledger_t *ledger, struct head *ret_head)
{
	OWNED (arena) arena = arena_new (4 * KIB);
	query_t *query = QUERY (ledger->sql, "SELECT head FROM about");
	struct bytes plain = BYTES_NONE, n, hash;
	struct head head = { 0 };

	if (sql_next (query))
		unseal (ledger, &nobody, head_place, sql_blob (query, arena), arena, &plain);
	sql_end (query);
	if (sql_err (ledger->sql) != ERR_OK)
		return sql_err (ledger->sql);
	if (plain.len > 0) {
		if (!unpack (&plain, &n) || !unpack (&plain, &hash) || n.len != 8
		    || ID_FROM_BYTES (&head.hash, hash) != ERR_OK)
			return ERR_CORRUPT;
		head.n = number_of (n.data);
	}
	*ret_head = head;
	return ERR_OK;
}

static err_t read_last (ledger_t *ledger, struct head *ret_last)
{
	query_t *query = QUERY (ledger->sql, "SELECT n, hash FROM entry ORDER BY n DESC LIMIT 1");

	*ret_last = (struct head){ 0 };
	if (sql_next (query)) {
		ret_last->n = (uint64_t)sql_int (query);
		SQL_ID (query, &ret_last->hash);
	}
	sql_end (query);
	return sql_err (ledger->sql);
}

err_t entry_load_head (ledger_t *ledger)
{
	struct head saved, last;
	err_t err = read_saved_head (ledger, &saved);

	if (err == ERR_OK)
		err = read_last (ledger, &last);
	if (err != ERR_OK)
		return err;
	if (saved.n != last.n || !ID_EQUAL (saved.hash, last.hash))
		return ERR_CORRUPT;
	ledger->head = last;
	return ERR_OK;
}

/* ---- rows --------------------------------------------------------------------------------------- */

/* Everything but the body, which comes as it is kept. */
static struct bytes read_row (query_t *query, arena_t *arena, struct entry *ret_entry)
{
	ret_entry->n = (uint64_t)sql_int (query);
	ret_entry->type = (enum entry_type)sql_int (query);
	ret_entry->at_ms = sql_int (query);
	SQL_ID (query, &ret_entry->person);
	SQL_ID (query, &ret_entry->thread);
	SQL_ID (query, &ret_entry->letter);
	SQL_AGENCY (query, &ret_entry->partner);
	ret_entry->kind = sql_text (query, arena);
	ret_entry->state_from = sql_text (query, arena);
	ret_entry->state_to = sql_text (query, arena);
	ret_entry->word = sql_text (query, arena);
	return sql_blob (query, arena);
}

static const char *text_or_none (const char *text)
{
	return text != NULL ? text : "";
}

/* The texts that a caller left out are empty ones. */
static struct entry filled (const struct entry *entry)
{
	struct entry copy = *entry;

	copy.kind = text_or_none (entry->kind);
	copy.state_from = text_or_none (entry->state_from);
	copy.state_to = text_or_none (entry->state_to);
	copy.word = text_or_none (entry->word);
	copy.user = text_or_none (entry->user);
	return copy;
}

static struct bytes seal_body (ledger_t *ledger, const struct entry *entry, arena_t *arena)
{
	struct u64 n = u64_of (entry->n);
	struct bytes parts[] = { bytes_of_text (entry->user), entry->body };

	return seal (ledger, &entry->person, body_place (&n), pack (parts, 2, arena), arena);
}

static void insert (tx_t *tx, const struct entry *e, struct bytes sealed, const struct hash *hash)
{
	RUN (tx_sql (tx),
	     "INSERT INTO entry (" COLUMNS ", hash)"
	     " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
	     INT (e->n), INT (e->type), INT (e->at_ms), ID (e->person), ID (e->thread),
	     ID (e->letter), AGENCY (e->partner), TEXT (e->kind), TEXT (e->state_from),
	     TEXT (e->state_to), TEXT (e->word), BLOB (sealed), ID (*hash));
}

void entry_add (tx_t *tx, struct entry *entry)
{
	OWNED (arena) arena = arena_new (ENTRY_ARENA_BYTES);
	struct head *head = &tx->ledger->head;
	struct entry full;
	struct bytes sealed;
	struct hash hash;

	entry->n = head->n + 1;
	full = filled (entry);
	sealed = seal_body (tx->ledger, &full, arena);
	hash = entry_hash (&head->hash, &full, sealed, arena);
	insert (tx, &full, sealed, &hash);
	*head = (struct head){ entry->n, hash };
	changes_entry (&tx->touched, entry);
}

/* ---- lists -------------------------------------------------------------------------------------- */

static void read_entry (query_t *query, arena_t *arena, void *ret_row, void *arg)
{
	struct entry *entry = ret_row;
	struct bytes sealed = read_row (query, arena, entry), plain, user = BYTES_NONE;
	struct u64 n = u64_of (entry->n);

	if (!unseal (arg, &entry->person, body_place (&n), sealed, arena, &plain))
		sql_starve (query);
	entry->user = unpack_text (&plain, arena);
	if (!unpack (&plain, &entry->body))
		entry->body = user;
}

static query_t *select_entries (ledger_t *ledger, const struct person_id *person,
				const struct thread_id *thread, uint64_t after)
{
	if (person != NULL && !ID_IS_NONE (*person))
		return QUERY (ledger->sql,
			      "SELECT " COLUMNS " FROM entry WHERE length (person) > 0 AND person = ?1"
			      " AND n > ?2 AND (?3 IS NULL OR thread = ?3) ORDER BY n",
			      ID (*person), INT (after),
			      thread != NULL && !ID_IS_NONE (*thread) ? ID (*thread) : NONE);
	if (thread != NULL && !ID_IS_NONE (*thread))
		return QUERY (ledger->sql,
			      "SELECT " COLUMNS " FROM entry WHERE length (thread) > 0 AND thread = ?1"
			      " AND n > ?2 ORDER BY n",
			      ID (*thread), INT (after));
	return QUERY (ledger->sql, "SELECT " COLUMNS " FROM entry WHERE n > ?1 ORDER BY n",
		      INT (after));
}

size_t entry_list (ledger_t *ledger, const struct person_id *person, const struct thread_id *thread,
		   uint64_t after, size_t max, arena_t *arena, struct entry **ret_entries)
{
	struct list list = LIST (arena, struct entry);
	size_t count = sql_list (select_entries (ledger, person, thread, after), &list, max,
				 read_entry, ledger);

	*ret_entries = (struct entry *)list.items;
	return count;
}

err_t entry_newest (ledger_t *ledger, const struct person_id *person, enum entry_type type,
		    arena_t *arena, struct entry *ret_entry)
{
	struct list list = LIST (arena, struct entry);
	query_t *query = QUERY (ledger->sql,
				"SELECT " COLUMNS " FROM entry WHERE length (person) > 0"
				" AND person = ?1 AND type = ?2 ORDER BY n DESC LIMIT 1",
				ID (*person), INT (type));
	size_t count = sql_list (query, &list, 1, read_entry, ledger);

	if (sql_err (ledger->sql) != ERR_OK)
		return sql_err (ledger->sql);
	if (count == 0)
		return sql_starved (query) ? ERR_TOO_LARGE : ERR_NOT_FOUND;
	*ret_entry = *(struct entry *)list.items;
	return ERR_OK;
}

size_t entry_find (ledger_t *ledger, const struct person_id *person, const char *kind, size_t max,
		   arena_t *arena, struct entry **ret_entries)
{
	struct list list = LIST (arena, struct entry);
	query_t *query = QUERY (ledger->sql,
				"SELECT " COLUMNS " FROM entry WHERE length (person) > 0 AND person = ?1"
				" AND kind = ?2 AND type IN (?3, ?4) ORDER BY n DESC",
				ID (*person), TEXT (kind), INT (ENTRY_SENT), INT (ENTRY_ARRIVED));
	size_t count = sql_list (query, &list, max, read_entry, ledger);

	*ret_entries = (struct entry *)list.items;
	return count;
}

static void read_sum (query_t *query, arena_t *arena, void *ret_row, void *arg)
{
	struct entry_sum *sum = ret_row;

	sum->kind = sql_text (query, arena);
	sum->count = (uint64_t)sql_int (query);
	sum->first_ms = sql_int (query);
	sum->last_ms = sql_int (query);
}

size_t entry_sums (ledger_t *ledger, const struct person_id *person, arena_t *arena,
		   struct entry_sum **ret_sums)
{
	struct list list = LIST (arena, struct entry_sum);
	query_t *query = QUERY (ledger->sql,
				"SELECT kind, count (*), min (at_ms), max (at_ms) FROM entry"
				" WHERE length (person) > 0 AND person = ?1 AND type IN (?2, ?3)"
				" AND kind <> '' AND NOT EXISTS (SELECT 1 FROM outbox WHERE"
				" outbox.id = entry.letter AND outbox.state IN (?4, ?5, ?6))"
				" GROUP BY kind",
				ID (*person), INT (ENTRY_SENT), INT (ENTRY_ARRIVED),
				INT (OUTBOX_REFUSED), INT (OUTBOX_EXPIRED), INT (OUTBOX_RECALLED));
	size_t count = sql_list (query, &list, SIZE_MAX, read_sum, NULL);

	*ret_sums = (struct entry_sum *)list.items;
	return count;
}

static query_t *select_looks (ledger_t *ledger, const struct person_id *person, uint64_t before)
{
	uint64_t below = before > 0 ? before : INT64_MAX;

	if (person == NULL)
		return QUERY (ledger->sql,
			      "SELECT " COLUMNS " FROM entry WHERE type = 6 AND n < ?1 ORDER BY n DESC",
			      INT (below));
	return QUERY (ledger->sql,
		      "SELECT " COLUMNS " FROM entry WHERE length (person) > 0 AND person = ?1"
		      " AND type = 6 AND n < ?2 ORDER BY n DESC",
		      ID (*person), INT (below));
}

size_t entry_looks (ledger_t *ledger, const struct person_id *person, uint64_t before, size_t max,
		    arena_t *arena, struct entry **ret_entries)
{
	struct list list = LIST (arena, struct entry);
	size_t count = sql_list (select_looks (ledger, person, before), &list, max, read_entry,
				 ledger);

	*ret_entries = (struct entry *)list.items;
	return count;
}

#define NEWEST_SEEN 400

static bool read_one (ledger_t *ledger, query_t *query, arena_t *arena, struct entry *entry)
{
	arena_reset (arena);
	if (!sql_next (query))
		return false;
	read_entry (query, arena, entry, ledger);
	return true;
}

struct bytes entry_look_reason (ledger_t *ledger, const struct person_id *person, const char *user,
				int64_t since_ms, arena_t *arena)
{
	OWNED (arena) scratch = arena_new (ENTRY_ARENA_BYTES);
	query_t *query = QUERY (ledger->sql,
				"SELECT " COLUMNS " FROM entry WHERE length (person) > 0 AND person = ?1"
				" AND type = 6 AND word = 'reason' AND at_ms >= ?2 ORDER BY n DESC"
				" LIMIT ?3",
				ID (*person), INT (since_ms), INT (NEWEST_SEEN));
	struct bytes reason = BYTES_NONE;
	struct entry entry;

	while (reason.len == 0 && read_one (ledger, query, scratch, &entry))
		if (strcmp (entry.user, user) == 0)
			reason = arena_bytes (arena, entry.body);
	sql_end (query);
	return reason;
}

bool entry_by_worker (ledger_t *ledger, const struct person_id *person, const char *user)
{
	OWNED (arena) scratch = arena_new (ENTRY_ARENA_BYTES);
	query_t *query = QUERY (ledger->sql,
				"SELECT " COLUMNS " FROM entry WHERE length (person) > 0 AND person = ?1"
				" AND type IN (1, 4, 5, 13) ORDER BY n DESC LIMIT ?2",
				ID (*person), INT (NEWEST_SEEN));
	struct entry entry;
	bool found = false;

	while (!found && read_one (ledger, query, scratch, &entry))
		found = strcmp (entry.user, user) == 0;
	sql_end (query);
	return found;
}

size_t entry_doors (ledger_t *ledger, uint64_t before, size_t max, arena_t *arena,
		    struct entry **ret_entries)
{
	struct list list = LIST (arena, struct entry);
	query_t *query = QUERY (ledger->sql,
				"SELECT " COLUMNS " FROM entry WHERE type = 16 AND n < ?1"
				" ORDER BY n DESC",
				INT (before > 0 ? before : INT64_MAX));
	size_t count = sql_list (query, &list, max, read_entry, ledger);

	*ret_entries = (struct entry *)list.items;
	return count;
}

size_t entry_releases (ledger_t *ledger, const char *from, const char *before,
		       const char *after_date, uint64_t after_n, size_t max, arena_t *arena,
		       struct entry **ret_entries)
{
	struct list list = LIST (arena, struct entry);
	query_t *query = QUERY (ledger->sql,
				"SELECT " COLUMNS " FROM entry INDEXED BY entry_release WHERE type = 12"
				" AND word >= ?1 AND word < ?2 AND (word, n) > (?3, ?4)"
				" AND NOT EXISTS (SELECT 1 FROM entry AS later INDEXED BY entry_person"
				" WHERE length (later.person) > 0 AND later.person = entry.person"
				" AND later.type = 12 AND later.n > entry.n) ORDER BY word, n",
				TEXT (from), TEXT (before), TEXT (after_date), INT (after_n));
	size_t count = sql_list (query, &list, max, read_entry, ledger);

	*ret_entries = (struct entry *)list.items;
	return count;
}

int64_t entry_last_ms (ledger_t *ledger, enum entry_type type, const struct thread_id *thread)
{
	return NUMBER (ledger->sql, 0,
		       "SELECT at_ms FROM entry INDEXED BY entry_thread WHERE length (thread) > 0"
		       " AND thread = ?1 AND type = ?2 ORDER BY n DESC LIMIT 1",
		       ID (*thread), INT (type));
}

/* ---- verifying ---------------------------------------------------------------------------------- */

/*
 * One row of the walk: its number follows, and its hash is what it should be.  Texts and ids go into
 * the hash as they lie in the file, so that one which was changed and still reads the same is seen.
 */
static bool row_fits (query_t *query, struct chain_place *place, arena_t *arena)
{
	struct u64 numbers[PART_PERSON];
	struct bytes parts[PARTS];
	struct hash hash;

	for (size_t i = 0; i < PART_PERSON; i++) {
		numbers[i] = u64_of ((uint64_t)sql_int (query));
		parts[i] = BYTES_OF (numbers[i].b);
	}
	for (size_t i = PART_PERSON; i < PARTS; i++)
		parts[i] = sql_view (query);
	hash = hash_parts (&place->hash, parts, arena);
	if (number_of (numbers[PART_N].b) != place->n + 1
	    || !bytes_equal (sql_view (query), ID_BYTES (hash)))
		return false;
	*place = (struct chain_place){ place->n + 1, hash };
	return true;
}

/* The newest entry is the one that the ledger remembers: nothing was cut off the end. */
static err_t check_end (const ledger_t *ledger, const struct chain_place *place)
{
	return place->n == ledger->head.n && ID_EQUAL (place->hash, ledger->head.hash)
		       ? ERR_OK
		       : ERR_CORRUPT;
}

err_t chain_walk (ledger_t *ledger, struct chain_place *place, size_t max, bool *ret_done)
{
	OWNED (arena) arena = arena_new (ENTRY_ARENA_BYTES);
	query_t *query = QUERY (ledger->sql,
				"SELECT " COLUMNS ", hash FROM entry WHERE n > ?1 ORDER BY n",
				INT (place->n));
	bool fits = true, more = true;

	for (size_t i = 0; i < max && fits && (more = sql_next (query)); i++) {
		arena_reset (arena);
		fits = row_fits (query, place, arena);
	}
	sql_end (query);
	if (sql_err (ledger->sql) != ERR_OK)
		return sql_err (ledger->sql);
	*ret_done = !more;
	if (!fits)
		return ERR_CORRUPT;
	return more ? ERR_OK : check_end (ledger, place);
}

err_t ledger_verify (ledger_t *ledger, uint64_t *ret_entries, uint64_t *ret_bad)
{
	struct chain_place place = { .n = 0 };
	bool done = false;
	err_t err = chain_walk (ledger, &place, SIZE_MAX, &done);

	if (err == ERR_OK)
		*ret_entries = place.n;
	else
		*ret_bad = place.n + 1;
	return err;
}
