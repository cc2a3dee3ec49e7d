/* Threads; see thread.h. */
#include "agents/ledger/thread.h"

#include <string.h>

#include "agents/ledger/code.h"
#include "agents/ledger/store.h"
#include "jembatan/clock.h"

#define THREAD_ARENA_BYTES (64u * KIB)

/* clang-format off */
/* States that nothing leaves: those of FHIR R4 Task.status, and of a consent and a notice.  A test
 * holds them against the catalogue. */
static const char *const ended_states[] = {
	"rejected", "cancelled", "completed", "failed", "entered-in-error", "stopped", "told",
};

/* The letter that people see; any other type of thread is a T. */
static const struct { const char *type; char letter; } letters[] = {
	{ "referral", 'R' },
	{ "consent",  'P' },   /* persetujuan */
};
/* clang-format on */

const char *carrier_name (enum carrier carrier)
{
	switch (carrier) {
	case CARRIER_WIRE: return "wire";
	case CARRIER_PAPER: return "paper";
	case CARRIER_OWN: return "own";
	}
	return "unknown";
}

static bool has_ended (const char *state)
{
	for (size_t i = 0; i < COUNT_OF (ended_states); i++)
		if (strcmp (ended_states[i], state) == 0)
			return true;
	return false;
}

static char letter_of (const char *type)
{
	for (size_t i = 0; i < COUNT_OF (letters); i++)
		if (strcmp (letters[i].type, type) == 0)
			return letters[i].letter;
	return 'T';
}

static const char *text_or_none (const char *text)
{
	return text != NULL ? text : "";
}

/* What is asked for, and why, says something about the person. */
static struct place thread_place (const struct thread_id *id)
{
	return (struct place){ "thread", ID_BYTES (*id), BYTES_NONE };
}

static struct bytes seal_thread (ledger_t *ledger, const struct thread *thread, arena_t *arena)
{
	struct bytes parts[] = {
		bytes_of_text (text_or_none (thread->service)),
		bytes_of_text (text_or_none (thread->purpose)),
	};

	return seal (ledger, &thread->person, thread_place (&thread->id),
		     pack (parts, COUNT_OF (parts), arena), arena);
}

/* ---- writing ------------------------------------------------------------------------------------ */

static void insert (tx_t *tx, const struct thread *thread, const struct number *number)
{
	char letter[2] = { number->letter, '\0' };

	RUN (tx_sql (tx),
	     "INSERT INTO thread (id, letter, year, serial, type, state, ended, performing, partner,"
	     " person, overlay, rev, chain, parent, child, replaces, urgency, clause, request,"
	     " last_letter, opened_ms, moved_ms, seen_ms, cancel_ms, appointment_ms, no_shows,"
	     " data_stopped, sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, '', x'', '', 0, x'', x'',"
	     " x'', x'', 0, x'', x'', x'', 0, 0, 0, 0, 0, 0, 0, x'')",
	     ID (thread->id), TEXT (letter), INT (number->year), INT (number->serial),
	     TEXT (thread->type), TEXT (thread->state), INT (has_ended (thread->state)));
}

void thread_add (tx_t *tx, struct thread *thread)
{
	int64_t at_ms = thread->opened_ms != 0 ? thread->opened_ms : clock_now_ms ();
	struct number number = number_next (tx, letter_of (thread->type), at_ms);

	if (ID_IS_NONE (thread->id))
		uuid7_make (thread->id.b);
	number_text (&number, thread->number);
	insert (tx, thread, &number);
	thread_update (tx, thread);
}

err_t thread_move (tx_t *tx, const struct thread_id *id, const char *from, const char *to,
		   int64_t at_ms)
{
	uint64_t moved = RUN (
		tx_sql (tx),
		"UPDATE thread SET state = ?3, ended = ?4, moved_ms = ?5 WHERE id = ?1 AND state = ?2",
		ID (*id), TEXT (from), TEXT (to), INT (has_ended (to)), INT (at_ms));

	if (tx_err (tx) != ERR_OK)
		return tx_err (tx);
	return moved == 1 ? ERR_OK : ERR_WRONG_STATE;
}

void thread_update (tx_t *tx, const struct thread *t)
{
	OWNED (arena) arena = arena_new (THREAD_ARENA_BYTES);

	RUN (tx_sql (tx),
	     "UPDATE thread SET performing = ?2, partner = ?3, person = ?4, overlay = ?5, rev = ?6,"
	     " chain = ?7, parent = ?8, child = ?9, replaces = ?10, urgency = ?11, clause = ?12,"
	     " request = ?13, last_letter = ?14, opened_ms = ?15, moved_ms = ?16, seen_ms = ?17,"
	     " cancel_ms = ?18, appointment_ms = ?19, no_shows = ?20, data_stopped = ?21, sealed = ?22,"
	     " carrier = ?23, code = ?24, about = ?25, ladder = ?26, grantor = ?27 WHERE id = ?1",
	     ID (t->id), INT (t->performing), AGENCY (t->partner), ID (t->person),
	     TEXT (t->overlay), INT (t->rev), ID (t->chain), ID (t->parent), ID (t->child),
	     ID (t->replaces), INT (t->urgency), ID (t->clause), ID (t->request),
	     ID (t->last_letter), INT (t->opened_ms), INT (t->moved_ms), INT (t->seen_ms),
	     INT (t->cancel_ms), INT (t->appointment_ms), INT (t->no_shows), INT (t->data_stopped),
	     BLOB (seal_thread (tx->ledger, t, arena)), INT (t->carrier), TEXT (t->code), ID (t->about),
	     TEXT (text_or_none (t->ladder)), AGENCY (t->grantor));
}

/* ---- reading ------------------------------------------------------------------------------------ */

#define COLUMNS                                                                             \
	"seq, id, letter, year, serial, type, state, performing, partner, person, overlay, rev," \
	" chain, parent, child, replaces, urgency, clause, request, last_letter, opened_ms," \
	" moved_ms, seen_ms, cancel_ms, appointment_ms, no_shows, data_stopped, carrier, code," \
	" about, ladder, grantor, sealed"

static void read_number (query_t *query, char text[24])
{
	struct number number = { 0 };
	char letter[2] = "";

	SQL_WORD (query, letter);
	number.letter = letter[0];
	number.year = (unsigned)sql_int (query);
	number.serial = (unsigned)sql_int (query);
	number_text (&number, text);
}

static void read_ids (query_t *query, struct thread *thread)
{
	SQL_ID (query, &thread->chain);
	SQL_ID (query, &thread->parent);
	SQL_ID (query, &thread->child);
	SQL_ID (query, &thread->replaces);
	thread->urgency = (uint32_t)sql_int (query);
	SQL_ID (query, &thread->clause);
	SQL_ID (query, &thread->request);
	SQL_ID (query, &thread->last_letter);
}

static void read_times (query_t *query, struct thread *thread)
{
	thread->opened_ms = sql_int (query);
	thread->moved_ms = sql_int (query);
	thread->seen_ms = sql_int (query);
	thread->cancel_ms = sql_int (query);
	thread->appointment_ms = sql_int (query);
	thread->no_shows = (uint32_t)sql_int (query);
	thread->data_stopped = sql_int (query) != 0;
}

static void read_sealed (ledger_t *ledger, query_t *query, arena_t *arena, struct thread *thread)
{
	struct bytes sealed = sql_blob (query, arena), plain;

	if (!unseal (ledger, &thread->person, thread_place (&thread->id), sealed, arena, &plain))
		sql_starve (query);
	thread->service = unpack_text (&plain, arena);
	thread->purpose = unpack_text (&plain, arena);
}

static void read_thread (query_t *query, arena_t *arena, void *ret_row, void *arg)
{
	struct thread *thread = ret_row;

	thread->seq = (uint64_t)sql_int (query);
	SQL_ID (query, &thread->id);
	read_number (query, thread->number);
	thread->type = sql_text (query, arena);
	thread->state = sql_text (query, arena);
	thread->performing = sql_int (query) != 0;
	SQL_AGENCY (query, &thread->partner);
	SQL_ID (query, &thread->person);
	thread->overlay = sql_text (query, arena);
	thread->rev = (uint32_t)sql_int (query);
	read_ids (query, thread);
	read_times (query, thread);
	thread->carrier = (enum carrier)sql_int (query);
	SQL_WORD (query, thread->code);
	SQL_ID (query, &thread->about);
	thread->ladder = sql_text (query, arena);
	SQL_AGENCY (query, &thread->grantor);
	read_sealed (arg, query, arena, thread);
}

err_t thread_get (ledger_t *ledger, const struct thread_id *id, arena_t *arena,
		  struct thread *ret_thread)
{
	query_t *query = QUERY (ledger->sql, "SELECT " COLUMNS " FROM thread WHERE id = ?1",
				ID (*id));
	struct list list = LIST (arena, struct thread);
	size_t count = sql_list (query, &list, 1, read_thread, ledger);

	if (sql_err (ledger->sql) != ERR_OK)
		return sql_err (ledger->sql);
	if (count == 0)
		return sql_starved (query) ? ERR_TOO_LARGE : ERR_NOT_FOUND;
	*ret_thread = *(struct thread *)list.items;
	return ERR_OK;
}

/* ---- finding ------------------------------------------------------------------------------------ */

/* How many have this number, and one of them.  Letter "" and year 0 stand for any. */
static uint64_t count_numbered (ledger_t *ledger, const char *letter, const struct number *number,
				struct thread_id *ret_id)
{
	query_t *query = QUERY (ledger->sql,
				"SELECT id FROM thread WHERE serial = ?1 AND (?2 = 0 OR year = ?2)"
				" AND (?3 = '' OR letter = ?3) LIMIT 2",
				INT (number->serial), INT (number->year), TEXT (letter));
	uint64_t count = 0;

	for (; sql_next (query); count++)
		SQL_ID (query, ret_id);
	return count;
}

static err_t find_numbered (ledger_t *ledger, const struct number *number, struct thread_id *ret_id)
{
	char letter[2] = { number->letter, '\0' };
	struct thread_id id = { { 0 } };
	uint64_t count = count_numbered (ledger, letter, number, &id);

	/* A bare number means a referral when there is one. */
	if (count > 1 && number->letter == '\0')
		count = count_numbered (ledger, "R", number, &id);
	if (sql_err (ledger->sql) != ERR_OK)
		return sql_err (ledger->sql);
	if (count == 1)
		*ret_id = id;
	return count == 1 ? ERR_OK : count == 0 ? ERR_NOT_FOUND : ERR_AMBIGUOUS;
}

static err_t find_coded (ledger_t *ledger, const char *code, struct thread_id *ret_id)
{
	query_t *query = QUERY (ledger->sql, "SELECT id FROM thread WHERE code <> '' AND code = ?1", TEXT (code));
	bool found = sql_next (query);

	if (found)
		SQL_ID (query, ret_id);
	sql_end (query);
	if (sql_err (ledger->sql) != ERR_OK)
		return sql_err (ledger->sql);
	return found ? ERR_OK : ERR_NOT_FOUND;
}

err_t thread_find (ledger_t *ledger, const char *words, struct thread_id *ret_id)
{
	char code[CODE_TEXT];
	struct number number;
	struct thread_id id;
	int64_t known;
	err_t err;

	if (number_parse (words, &number) == ERR_OK)
		return find_numbered (ledger, &number, ret_id);
	err = code_parse (words, code);
	if (err != ERR_MALFORMED)
		return err == ERR_OK ? find_coded (ledger, code, ret_id) : err;
	if (uuid_parse (words, id.b) != ERR_OK)
		return ERR_NOT_FOUND;
	known = NUMBER (ledger->sql, 0, "SELECT 1 FROM thread WHERE id = ?1", ID (id));
	if (sql_err (ledger->sql) != ERR_OK)
		return sql_err (ledger->sql);
	if (known == 0)
		return ERR_NOT_FOUND;
	*ret_id = id;
	return ERR_OK;
}

/* ---- lists -------------------------------------------------------------------------------------- */

/*
 * Each box has its own statement for everybody's threads, a partner's and a person's, which names
 * the index that holds all that it asks: a page costs the same wherever it stands, and what ended
 * long ago is not read.
 */
#define DUE(whose)                                                                          \
	"EXISTS (SELECT 1 FROM deadline INDEXED BY deadline_open WHERE deadline.thread ="   \
	" thread.id AND done = 0 AND owner " whose " thread.partner)"
#define OPEN "(ended = 0 AND overlay <> 'cancelled-unconfirmed')"
#define UNDECIDED "state IN ('requested', 'received')"

#define OURS "(performing = 1 OR carrier = 2)"

/* An answer is needed from whoever owns an open clock, or has not decided yet; what we do ourselves
 * nobody else answers. */
#define WHERE_ALL "1"
#define WHERE_IN "performing = 1"
#define WHERE_OUT "performing = 0"
#define WHERE_NEEDS                                                                         \
	OPEN " AND ((" OURS " AND " UNDECIDED ") OR " DUE ("<>") " OR (carrier = 2 AND " DUE ( \
		"=") "))"
#define WHERE_WAITING                                                                       \
	OPEN " AND carrier <> 2 AND ((performing = 0 AND " UNDECIDED ") OR " DUE ("=") ")"
#define WHERE_OPEN OPEN
#define WHERE_ENDED "NOT " OPEN

#define SELECT(how, whose, where)                                                           \
	"SELECT " COLUMNS " FROM thread " how " WHERE " whose " AND " where                 \
	" AND seq < ?3 ORDER BY seq DESC LIMIT ?4"
#define BY(index) "INDEXED BY thread_" index
#define OF_ANYBODY "?1 IS NULL AND ?2 IS NULL"
#define OF_PARTNER "?1 IS NULL AND partner = ?2"
#define OF_PERSON "length (person) > 0 AND person = ?1 AND (?2 IS NULL OR partner = ?2)"
#define BOX(everybodys, partners, where)                                                    \
	{ SELECT (everybodys, OF_ANYBODY, where), SELECT (BY (partners), OF_PARTNER, where),  \
	  SELECT (BY ("person"), OF_PERSON, where) }

enum whose { ANYBODYS, PARTNERS, PERSONS, WHOSE_COUNT };

/* clang-format off */
static const char *const boxes[][WHOSE_COUNT] = {
	[BOX_ALL]          = BOX ("NOT INDEXED",     "partner", WHERE_ALL),
	[BOX_IN]           = BOX (BY ("performing"), "partner", WHERE_IN),
	[BOX_OUT]          = BOX (BY ("performing"), "partner", WHERE_OUT),
	[BOX_NEEDS_ANSWER] = BOX (BY ("open"),       "open",    WHERE_NEEDS),
	[BOX_WAITING]      = BOX (BY ("open"),       "open",    WHERE_WAITING),
	[BOX_OPEN]         = BOX (BY ("open"),       "open",    WHERE_OPEN),
	[BOX_ENDED]        = BOX ("NOT INDEXED",     "partner", WHERE_ENDED),
};
/* clang-format on */

size_t thread_list (ledger_t *ledger, enum thread_box box, const struct person_id *person,
		    const struct agency_id *partner, uint64_t after, size_t max, arena_t *arena,
		    struct thread **ret_threads)
{
	enum whose whose = person != NULL ? PERSONS : partner != NULL ? PARTNERS : ANYBODYS;
	struct list list = LIST (arena, struct thread);
	query_t *query = QUERY (ledger->sql, boxes[box][whose],
				person != NULL ? ID (*person) : NONE,
				partner != NULL ? AGENCY (*partner) : NONE,
				INT (after > 0 ? after : INT64_MAX),
				INT (max < INT64_MAX ? max : INT64_MAX));
	size_t count = sql_list (query, &list, max, read_thread, ledger);

	*ret_threads = (struct thread *)list.items;
	return count;
}

size_t thread_list_appointments (ledger_t *ledger, int64_t from_ms, int64_t before_ms, size_t max,
				 arena_t *arena, struct thread **ret_threads)
{
	struct list list = LIST (arena, struct thread);
	query_t *query = QUERY (ledger->sql,
				"SELECT " COLUMNS " FROM thread WHERE ended = 0 AND appointment_ms > 0"
				" AND appointment_ms >= ?1 AND appointment_ms < ?2 ORDER BY appointment_ms, seq",
				INT (from_ms), INT (before_ms));
	size_t count = sql_list (query, &list, max, read_thread, ledger);

	*ret_threads = (struct thread *)list.items;
	return count;
}

size_t thread_list_by_clause (ledger_t *ledger, const struct clause_id *clause,
			      const struct agency_id *grantor, arena_t *arena,
			      struct thread **ret_threads)
{
	struct list list = LIST (arena, struct thread);
	query_t *query = QUERY (ledger->sql,
				"SELECT " COLUMNS " FROM thread WHERE length (clause) > 0"
				" AND clause = ?1 AND grantor = ?2 ORDER BY seq",
				ID (*clause), AGENCY (*grantor));
	size_t count = sql_list (query, &list, SIZE_MAX, read_thread, ledger);

	*ret_threads = (struct thread *)list.items;
	return count;
}
