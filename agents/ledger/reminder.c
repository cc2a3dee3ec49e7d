/* Reminders; see reminder.h. */
#include "agents/ledger/reminder.h"

#include "agents/ledger/store.h"

void reminder_add (tx_t *tx, struct reminder *reminder)
{
	sql_t *sql = tx_sql (tx);

	RUN (sql,
	     "INSERT INTO reminder (thread, person, cause, kind, due_ms, done_ms)"
	     " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
	     ID (reminder->thread), ID (reminder->person), TEXT (reminder->cause),
	     TEXT (reminder->kind), INT (reminder->due_ms), INT (reminder->done_ms));
	reminder->n = (uint64_t)NUMBER (sql, 0, "SELECT last_insert_rowid ()");
}

/* A person's own reminder must not be taken for one of a thread, nor the other way round. */
bool reminder_done (tx_t *tx, const struct thread_id *thread, const struct person_id *person,
		    const char *kind, int64_t at_ms)
{
	static const struct thread_id no_thread;

	if (thread != NULL && !ID_IS_NONE (*thread))
		return RUN (tx_sql (tx),
			    "UPDATE reminder SET done_ms = ?3 WHERE n = (SELECT n FROM reminder"
			    " WHERE thread = ?1 AND length (thread) > 0 AND kind = ?2 AND done_ms = 0"
			    " ORDER BY due_ms, n LIMIT 1)",
			    ID (*thread), TEXT (kind), INT (at_ms)) > 0;
	if (person == NULL || ID_IS_NONE (*person))
		return false;
	return RUN (tx_sql (tx),
		    "UPDATE reminder SET done_ms = ?4 WHERE n = (SELECT n FROM reminder"
		    " WHERE person = ?1 AND length (person) > 0 AND thread = ?2 AND kind = ?3"
		    " AND done_ms = 0 ORDER BY due_ms, n LIMIT 1)",
		    ID (*person), ID (no_thread), TEXT (kind), INT (at_ms)) > 0;
}

bool reminder_done_n (tx_t *tx, uint64_t n, int64_t at_ms)
{
	return RUN (tx_sql (tx), "UPDATE reminder SET done_ms = ?2 WHERE n = ?1 AND done_ms = 0",
		    INT (n), INT (at_ms)) > 0;
}

void reminder_done_all (tx_t *tx, const struct thread_id *thread, int64_t at_ms)
{
	RUN (tx_sql (tx), "UPDATE reminder SET done_ms = ?2 WHERE thread = ?1 AND length (thread) > 0"
	     " AND done_ms = 0",
	     ID (*thread), INT (at_ms));
}

void reminder_done_kind (tx_t *tx, const struct thread_id *thread, const char *kind, int64_t at_ms)
{
	RUN (tx_sql (tx),
	     "UPDATE reminder SET done_ms = ?3 WHERE thread = ?1 AND length (thread) > 0"
	     " AND kind = ?2 AND done_ms = 0",
	     ID (*thread), TEXT (kind), INT (at_ms));
}

#define COLUMNS "n, thread, person, cause, kind, due_ms, done_ms"

static void read_reminder (query_t *query, arena_t *arena, void *ret_row, void *arg)
{
	struct reminder *reminder = ret_row;

	reminder->n = (uint64_t)sql_int (query);
	SQL_ID (query, &reminder->thread);
	SQL_ID (query, &reminder->person);
	reminder->cause = sql_text (query, arena);
	reminder->kind = sql_text (query, arena);
	reminder->due_ms = sql_int (query);
	reminder->done_ms = sql_int (query);
}

static query_t *select_open (ledger_t *ledger, const struct thread_id *thread,
			     const struct person_id *person, int64_t before_ms)
{
	if (thread != NULL)
		return QUERY (ledger->sql,
			      "SELECT " COLUMNS " FROM reminder WHERE thread = ?1 AND length (thread) > 0"
			      " AND done_ms = 0 AND due_ms < ?2 ORDER BY due_ms, n",
			      ID (*thread), INT (before_ms));
	if (person != NULL)
		return QUERY (ledger->sql,
			      "SELECT " COLUMNS " FROM reminder WHERE person = ?1 AND length (person) > 0"
			      " AND done_ms = 0 AND due_ms < ?2 ORDER BY due_ms, n",
			      ID (*person), INT (before_ms));
	return QUERY (ledger->sql,
		      "SELECT " COLUMNS " FROM reminder WHERE done_ms = 0 AND due_ms < ?1"
		      " ORDER BY due_ms, n",
		      INT (before_ms));
}

size_t reminder_list (ledger_t *ledger, const struct thread_id *thread,
		      const struct person_id *person, int64_t before_ms, size_t max,
		      arena_t *arena, struct reminder **ret_reminders)
{
	struct list list = LIST (arena, struct reminder);
	size_t count = sql_list (select_open (ledger, thread, person, before_ms), &list, max,
				 read_reminder, NULL);

	*ret_reminders = (struct reminder *)list.items;
	return count;
}

err_t reminder_get (ledger_t *ledger, uint64_t n, arena_t *arena, struct reminder *ret_reminder)
{
	struct list list = LIST (arena, struct reminder);
	size_t count = sql_list (QUERY (ledger->sql, "SELECT " COLUMNS " FROM reminder WHERE n = ?1",
					INT (n)),
				 &list, 1, read_reminder, NULL);

	if (sql_err (ledger->sql) != ERR_OK)
		return sql_err (ledger->sql);
	if (count == 0)
		return ERR_NOT_FOUND;
	*ret_reminder = *(struct reminder *)list.items;
	return ERR_OK;
}
