/* Clocks; see deadline.h. */
#include "agents/ledger/deadline.h"

#include "agents/ledger/store.h"

void deadline_set (tx_t *tx, const struct deadline *d)
{
	RUN (tx_sql (tx),
	     "INSERT INTO deadline (thread, what, owner, due_ms, paused_ms, paused_once, escalated,"
	     " done) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (thread, what) DO UPDATE SET"
	     " owner = excluded.owner, due_ms = excluded.due_ms, paused_ms = excluded.paused_ms,"
	     " paused_once = excluded.paused_once, escalated = excluded.escalated,"
	     " done = excluded.done",
	     ID (d->thread), TEXT (d->what), AGENCY (d->owner), INT (d->due_ms), INT (d->paused_ms),
	     INT (d->paused_once), INT (d->escalated), INT (d->done));
}

void deadline_done (tx_t *tx, const struct thread_id *thread, const char *what)
{
	RUN (tx_sql (tx), "UPDATE deadline SET done = 1 WHERE thread = ?1 AND what = ?2",
	     ID (*thread), TEXT (what));
}

void deadline_done_all (tx_t *tx, const struct thread_id *thread)
{
	RUN (tx_sql (tx), "UPDATE deadline SET done = 1 WHERE thread = ?1 AND done = 0",
	     ID (*thread));
}

#define COLUMNS "thread, what, owner, due_ms, paused_ms, paused_once, escalated, done"

static void read_deadline (query_t *query, arena_t *arena, void *ret_row, void *arg)
{
	struct deadline *deadline = ret_row;

	SQL_ID (query, &deadline->thread);
	SQL_WORD (query, deadline->what);
	SQL_AGENCY (query, &deadline->owner);
	deadline->due_ms = sql_int (query);
	deadline->paused_ms = sql_int (query);
	deadline->paused_once = sql_int (query) != 0;
	deadline->escalated = (uint32_t)sql_int (query);
	deadline->done = sql_int (query) != 0;
}

err_t deadline_get (ledger_t *ledger, const struct thread_id *thread, const char *what,
		    struct deadline *ret_deadline)
{
	query_t *query = QUERY (ledger->sql,
				"SELECT " COLUMNS " FROM deadline WHERE thread = ?1 AND what = ?2",
				ID (*thread), TEXT (what));
	struct deadline deadline = { 0 };
	bool found = sql_next (query);

	if (found)
		read_deadline (query, NULL, &deadline, NULL);
	sql_end (query);
	if (sql_err (ledger->sql) != ERR_OK)
		return sql_err (ledger->sql);
	if (!found)
		return ERR_NOT_FOUND;
	*ret_deadline = deadline;
	return ERR_OK;
}

/* A clock that stands still is not due; it is listed only when all are asked for. */
static query_t *select_open (ledger_t *ledger, const struct thread_id *thread, int64_t before_ms)
{
	if (thread != NULL)
		return QUERY (ledger->sql,
			      "SELECT " COLUMNS " FROM deadline WHERE thread = ?1 AND done = 0"
			      " AND (?2 = ?3 OR (due_ms < ?2 AND paused_ms = 0)) ORDER BY due_ms",
			      ID (*thread), INT (before_ms), INT (INT64_MAX));
	if (before_ms == INT64_MAX)
		return QUERY (ledger->sql,
			      "SELECT " COLUMNS " FROM deadline WHERE done = 0 ORDER BY due_ms");
	return QUERY (ledger->sql,
		      "SELECT " COLUMNS " FROM deadline WHERE done = 0 AND due_ms < ?1"
		      " AND paused_ms = 0 ORDER BY due_ms",
		      INT (before_ms));
}

size_t deadline_list (ledger_t *ledger, const struct thread_id *thread, int64_t before_ms,
		      size_t max, arena_t *arena, struct deadline **ret_deadlines)
{
	struct list list = LIST (arena, struct deadline);
	size_t count = sql_list (select_open (ledger, thread, before_ms), &list, max,
				 read_deadline, NULL);

	*ret_deadlines = (struct deadline *)list.items;
	return count;
}

size_t deadline_page (ledger_t *ledger, const struct deadline *after, size_t max, arena_t *arena,
		      struct deadline **ret_deadlines)
{
	static const struct deadline first = { .due_ms = INT64_MIN };
	const struct deadline *from = after != NULL ? after : &first;
	struct list list = LIST (arena, struct deadline);
	query_t *query = QUERY (ledger->sql,
				"SELECT " COLUMNS " FROM deadline INDEXED BY deadline_due WHERE done = 0"
				" AND (due_ms, thread, what) > (?1, ?2, ?3)"
				" ORDER BY due_ms, thread, what",
				INT (from->due_ms), ID (from->thread), TEXT (from->what));
	size_t count = sql_list (query, &list, max, read_deadline, NULL);

	*ret_deadlines = (struct deadline *)list.items;
	return count;
}

size_t deadline_list_between (ledger_t *ledger, const struct agency_id *self, enum whose whose,
			      int64_t from_ms, int64_t before_ms, const struct deadline *after,
			      size_t max, arena_t *arena, struct deadline **ret_deadlines)
{
	static const struct deadline first = { .due_ms = INT64_MIN };
	const struct deadline *place = after != NULL ? after : &first;
	struct list list = LIST (arena, struct deadline);
	query_t *query = QUERY (ledger->sql,
				"SELECT " COLUMNS " FROM deadline INDEXED BY deadline_due WHERE done = 0"
				" AND paused_ms = 0 AND due_ms >= ?1 AND due_ms < ?2"
				" AND (?4 = 0 OR (owner = ?3) = (?4 = 1))"
				" AND (due_ms, thread, what) > (?5, ?6, ?7)"
				" ORDER BY due_ms, thread, what",
				INT (from_ms), INT (before_ms), AGENCY (*self), INT (whose),
				INT (place->due_ms), ID (place->thread), TEXT (place->what));
	size_t count = sql_list (query, &list, max, read_deadline, NULL);

	*ret_deadlines = (struct deadline *)list.items;
	return count;
}

/* ---- alarms ------------------------------------------------------------------------------------- */

bool alarm_raise (tx_t *tx, const char *name, const struct thread_id *thread,
		  const struct agency_id *partner, int64_t at_ms)
{
	static const struct thread_id no_thread;
	static const struct agency_id no_partner;

	return RUN (tx_sql (tx),
		    "INSERT INTO alarm (name, thread, partner, raised_ms) VALUES (?1, ?2, ?3, ?4)"
		    " ON CONFLICT (name, thread, partner) WHERE closed = 0 DO NOTHING",
		    TEXT (name), ID (*(thread != NULL ? thread : &no_thread)),
		    AGENCY (*(partner != NULL ? partner : &no_partner)), INT (at_ms)) > 0;
}

err_t alarm_close (tx_t *tx, uint64_t n)
{
	uint64_t closed = RUN (tx_sql (tx), "UPDATE alarm SET closed = 1 WHERE n = ?1 AND closed = 0",
			       INT (n));

	if (tx_err (tx) != ERR_OK)
		return tx_err (tx);
	return closed > 0 ? ERR_OK : ERR_NOT_FOUND;
}

void alarm_settle (tx_t *tx, const char *name, const struct thread_id *thread)
{
	static const struct thread_id no_thread;

	RUN (tx_sql (tx), "UPDATE alarm SET closed = 1 WHERE name = ?1 AND thread = ?2 AND closed = 0",
	     TEXT (name), ID (*(thread != NULL ? thread : &no_thread)));
}

static void read_alarm (query_t *query, arena_t *arena, void *ret_row, void *arg)
{
	struct alarm *alarm = ret_row;

	alarm->n = (uint64_t)sql_int (query);
	SQL_WORD (query, alarm->name);
	SQL_ID (query, &alarm->thread);
	SQL_AGENCY (query, &alarm->partner);
	alarm->raised_ms = sql_int (query);
	alarm->closed = sql_int (query) != 0;
}

size_t alarm_list (ledger_t *ledger, uint64_t after, size_t max, arena_t *arena,
		   struct alarm **ret_alarms)
{
	struct list list = LIST (arena, struct alarm);
	query_t *query = QUERY (ledger->sql,
				"SELECT n, name, thread, partner, raised_ms, closed FROM alarm"
				" INDEXED BY alarm_ringing WHERE closed = 0 AND n < ?1 ORDER BY n DESC",
				INT (after > 0 ? after : INT64_MAX));
	size_t count = sql_list (query, &list, max, read_alarm, NULL);

	*ret_alarms = (struct alarm *)list.items;
	return count;
}
