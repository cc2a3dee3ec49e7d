/*
 * The caseload; see caseload.h.
 *
 * What is due is found from the clocks and reminders that are open, which are as many as there is work;
 * the rest is walked by the records' ids, which grow with time.
 */
#include "agents/ledger/caseload.h"

#include "agents/ledger/store.h"

/* With min () SQLite gives the other columns of the row that has it. */
#define DUE                                                                                  \
	"WITH due (person, at_ms, thread, what, reminder) AS ("                              \
	" SELECT thread.person, due_ms, deadline.thread, what, 0 FROM deadline"              \
	" JOIN thread ON thread.id = deadline.thread"                                        \
	" WHERE done = 0 AND paused_ms = 0 AND length (thread.person) > 0"                   \
	" UNION ALL SELECT person, due_ms, thread, '', n FROM reminder"                      \
	" WHERE done_ms = 0 AND length (person) > 0)"                                        \
	" SELECT person, min (at_ms) AS soonest, thread, what, reminder FROM due"            \
	" GROUP BY person HAVING (soonest, person) > (?1, ?2) ORDER BY soonest, person LIMIT ?3"

#define REST                                                                                 \
	"SELECT id, 0, x'', '', 0 FROM person WHERE erased = 0 AND id < ?1"                  \
	" AND NOT EXISTS (SELECT 1 FROM reminder WHERE done_ms = 0 AND length (person) > 0"  \
	" AND reminder.person = person.id)"                                                         \
	" AND NOT EXISTS (SELECT 1 FROM thread JOIN deadline ON deadline.thread = thread.id" \
	" WHERE length (thread.person) > 0 AND thread.person = person.id AND done = 0"       \
	" AND paused_ms = 0) ORDER BY id DESC LIMIT ?2"

static void read_case (query_t *query, arena_t *arena, void *ret_row, void *arg)
{
	struct case_row *row = ret_row;

	SQL_ID (query, &row->person);
	row->due_ms = sql_int (query);
	SQL_ID (query, &row->thread);
	SQL_WORD (query, row->what);
	row->reminder = (uint64_t)sql_int (query);
}

static void list_due (ledger_t *ledger, const struct case_row *after, size_t max, struct list *list)
{
	query_t *query = QUERY (ledger->sql, DUE, INT (after != NULL ? after->due_ms : INT64_MIN),
				after != NULL ? ID (after->person) : BLOB (BYTES_NONE), INT (max));

	sql_list (query, list, max, read_case, NULL);
}

static void list_rest (ledger_t *ledger, const struct person_id *before, size_t max,
		       struct list *list)
{
	sql_list (QUERY (ledger->sql, REST, ID (*before), INT (max - list->count)), list, max,
		  read_case, NULL);
}

size_t case_list (ledger_t *ledger, const struct case_row *after, size_t max, arena_t *arena,
		  struct case_row **ret_rows)
{
	static const struct person_id last = { { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
						 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff } };
	struct list list = LIST (arena, struct case_row);
	bool in_rest = after != NULL && after->due_ms == 0;

	if (!in_rest)
		list_due (ledger, after, max, &list);
	if (list.count < max)
		list_rest (ledger, in_rest ? &after->person : &last, max, &list);
	*ret_rows = (struct case_row *)list.items;
	return list.count;
}

uint64_t case_open_threads (ledger_t *ledger, const struct person_id *person)
{
	return (uint64_t)NUMBER (ledger->sql, 0,
				 "SELECT count (*) FROM thread INDEXED BY thread_person WHERE"
				 " length (person) > 0 AND person = ?1 AND ended = 0"
				 " AND overlay <> 'cancelled-unconfirmed'",
				 ID (*person));
}
