/* What coordinators are told of chains, and what they were told; see chain.h. */
#include "agents/ledger/chain.h"

#include "agents/ledger/store.h"

#define EVENT                                                                               \
	"chain, referral, parent, requester, performer, kind, state, reason, at_ms, due_ms," \
	" header_hash, leaf"

static void read_event (query_t *query, arena_t *arena, struct chain_event *event)
{
	SQL_ID (query, &event->chain);
	SQL_ID (query, &event->referral);
	SQL_ID (query, &event->parent);
	SQL_AGENCY (query, &event->from);
	SQL_AGENCY (query, &event->to);
	event->kind = sql_text (query, arena);
	event->state = sql_text (query, arena);
	event->reason = sql_text (query, arena);
	event->at_ms = sql_int (query);
	event->due_ms = sql_int (query);
	SQL_ID (query, &event->header_hash);
	event->leaf = (uint64_t)sql_int (query);
}

/* ---- at the coordinator -------------------------------------------------------------------------- */

void chain_event_add (tx_t *tx, const struct agency_id *reporter, const struct chain_event *event,
		      int64_t told_ms)
{
	RUN (tx_sql (tx),
	     "INSERT OR IGNORE INTO chain_event (" EVENT ", reporter, told_ms)"
	     " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
	     ID (event->chain), ID (event->referral), ID (event->parent), AGENCY (event->from),
	     AGENCY (event->to), TEXT (event->kind), TEXT (event->state), TEXT (event->reason),
	     INT (event->at_ms), INT (event->due_ms), ID (event->header_hash), INT (event->leaf),
	     AGENCY (*reporter), INT (told_ms));
}

static void read_row (query_t *query, arena_t *arena, void *ret_row, void *arg)
{
	struct chain_row *row = ret_row;

	read_event (query, arena, &row->event);
	row->n = (uint64_t)sql_int (query);
	SQL_AGENCY (query, &row->reporter);
	row->told_ms = sql_int (query);
}

size_t chain_events (ledger_t *ledger, uint64_t after, size_t max, arena_t *arena,
		     struct chain_row **ret_rows)
{
	struct list list = LIST (arena, struct chain_row);
	size_t count = sql_list (QUERY (ledger->sql,
					"SELECT " EVENT ", n, reporter, told_ms FROM chain_event"
					" WHERE n > ?1 ORDER BY n",
					INT (after)),
				 &list, max, read_row, NULL);

	*ret_rows = (struct chain_row *)list.items;
	return count;
}

/* ---- at the sides -------------------------------------------------------------------------------- */

void chain_tell (tx_t *tx, const struct agency_id *coordinator, const struct letter_id *letter,
		 const struct chain_event *event)
{
	RUN (tx_sql (tx),
	     "INSERT INTO chain_telling (" EVENT ", coordinator, letter, ready)"
	     " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
	     ID (event->chain), ID (event->referral), ID (event->parent), AGENCY (event->from),
	     AGENCY (event->to), TEXT (event->kind), TEXT (event->state), TEXT (event->reason),
	     INT (event->at_ms), INT (event->due_ms), ID (event->header_hash), INT (event->leaf),
	     AGENCY (*coordinator), ID (*letter), INT (ID_IS_NONE (*letter)));
}

void chain_tell_leaf (tx_t *tx, const struct letter_id *letter, uint64_t leaf)
{
	RUN (tx_sql (tx),
	     "UPDATE chain_telling SET ready = 1, leaf = ?2,"
	     " header_hash = (SELECT header_hash FROM outbox WHERE id = ?1)"
	     " WHERE length (letter) > 0 AND letter = ?1 AND ready = 0",
	     ID (*letter), INT (leaf));
}

bool chain_untell (tx_t *tx, const struct letter_id *letter)
{
	return RUN (tx_sql (tx),
		    "DELETE FROM chain_telling WHERE length (letter) > 0 AND letter = ?1 AND ready = 0",
		    ID (*letter)) > 0;
}

static bool next_coordinator (tx_t *tx, struct agency_id *ret_to)
{
	query_t *query = QUERY (tx_sql (tx), "SELECT coordinator FROM chain_telling WHERE ready = 1"
					     " ORDER BY coordinator LIMIT 1");
	bool found = sql_next (query);

	if (found)
		SQL_AGENCY (query, ret_to);
	sql_end (query);
	return found;
}

/* The number of the last row that was read is left in `arg`. */
static void read_telling (query_t *query, arena_t *arena, void *ret_row, void *arg)
{
	read_event (query, arena, ret_row);
	*(int64_t *)arg = sql_int (query);
}

size_t chain_tell_take (tx_t *tx, arena_t *arena, struct agency_id *ret_to,
			struct chain_event **ret_events)
{
	struct list list = LIST (arena, struct chain_event);
	struct agency_id to;
	int64_t last = 0;
	size_t count;

	if (!next_coordinator (tx, &to))
		return 0;
	count = sql_list (QUERY (tx_sql (tx),
				 "SELECT " EVENT ", seq FROM chain_telling WHERE ready = 1"
				 " AND coordinator = ?1 ORDER BY seq",
				 AGENCY (to)),
			  &list, LIMIT_CHAIN_EVENTS, read_telling, &last);
	if (count == 0)
		return 0;
	RUN (tx_sql (tx),
	     "DELETE FROM chain_telling WHERE ready = 1 AND coordinator = ?1 AND seq <= ?2",
	     AGENCY (to), INT (last));
	*ret_to = to;
	*ret_events = (struct chain_event *)list.items;
	return count;
}
