/* What was wrong with the hub's log; see trouble.h. */
#include "agents/ledger/trouble.h"

#include "agents/ledger/store.h"

#define COLUMNS                                                                            \
	"n, what, state, origin, size, other_size, checkpoint, other, shown, reporter, at_ms," \
	" alarm, partner"

static void read_row (query_t *query, arena_t *arena, void *ret_row, void *arg)
{
	struct trouble *row = ret_row;

	row->n = (uint64_t)sql_int (query);
	row->what = (enum log_trouble)sql_int (query);
	row->state = (enum trouble_state)sql_int (query);
	row->origin = sql_text (query, arena);
	row->size = (uint64_t)sql_int (query);
	row->other_size = (uint64_t)sql_int (query);
	row->checkpoint = sql_text (query, arena);
	row->other = sql_text (query, arena);
	SQL_AGENCY (query, &row->shown);
	SQL_AGENCY (query, &row->reporter);
	row->at_ms = sql_int (query);
	row->alarm = sql_text (query, arena);
	SQL_AGENCY (query, &row->partner);
}

static bool is_known (tx_t *tx, const struct trouble *trouble)
{
	return NUMBER (tx_sql (tx), 0,
		       "SELECT 1 FROM trouble WHERE what = ?1 AND origin = ?2 AND shown = ?3"
		       " AND reporter = ?4 AND state <> ?5",
		       INT (trouble->what), TEXT (trouble->origin), AGENCY (trouble->shown),
		       AGENCY (trouble->reporter), INT (TROUBLE_DOUBTFUL)) > 0;
}

bool trouble_add (tx_t *tx, struct trouble *trouble)
{
	sql_t *sql = tx_sql (tx);

	if (is_known (tx, trouble))
		return false;
	RUN (sql,
	     "INSERT INTO trouble (what, state, origin, size, other_size, checkpoint, other, shown,"
	     " reporter, at_ms, alarm, partner)"
	     " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
	     INT (trouble->what), INT (trouble->state), TEXT (trouble->origin), INT (trouble->size),
	     INT (trouble->other_size), TEXT (trouble->checkpoint), TEXT (trouble->other),
	     AGENCY (trouble->shown), AGENCY (trouble->reporter), INT (trouble->at_ms),
	     TEXT (trouble->alarm), AGENCY (trouble->partner));
	trouble->n = (uint64_t)NUMBER (sql, 0, "SELECT last_insert_rowid ()");
	return true;
}

void trouble_judged (tx_t *tx, uint64_t n, enum trouble_state state, const char *alarm)
{
	RUN (tx_sql (tx), "UPDATE trouble SET state = ?2, alarm = ?3 WHERE n = ?1", INT (n), INT (state),
	     TEXT (alarm));
}

bool trouble_found_here (ledger_t *ledger, enum log_trouble what, const char *origin)
{
	return NUMBER (ledger->sql, 0,
		       "SELECT 1 FROM trouble WHERE what = ?1 AND origin = ?2 AND reporter = ''",
		       INT (what), TEXT (origin)) > 0;
}

static err_t read_one (ledger_t *ledger, query_t *query, arena_t *arena, struct trouble *ret_trouble)
{
	struct list list = LIST (arena, struct trouble);

	if (sql_list (query, &list, 1, read_row, NULL) == 0)
		return sql_err (ledger->sql) != ERR_OK ? sql_err (ledger->sql) : ERR_NOT_FOUND;
	*ret_trouble = *(struct trouble *)list.items;
	return ERR_OK;
}

err_t trouble_unjudged (ledger_t *ledger, arena_t *arena, struct trouble *ret_trouble)
{
	return read_one (ledger,
			 QUERY (ledger->sql,
				"SELECT " COLUMNS " FROM trouble WHERE state = 1 ORDER BY n LIMIT 1"),
			 arena, ret_trouble);
}

err_t trouble_of_alarm (ledger_t *ledger, const char *alarm, const struct agency_id *partner,
			arena_t *arena, struct trouble *ret_trouble)
{
	return read_one (ledger,
			 QUERY (ledger->sql,
				"SELECT " COLUMNS " FROM trouble WHERE alarm = ?1 AND partner = ?2"
				" ORDER BY n DESC LIMIT 1",
				TEXT (alarm), AGENCY (*partner)),
			 arena, ret_trouble);
}

size_t trouble_ringing (ledger_t *ledger, size_t max, arena_t *arena, struct trouble **ret_troubles)
{
	struct list list = LIST (arena, struct trouble);
	size_t count = sql_list (QUERY (ledger->sql,
					"SELECT " COLUMNS " FROM trouble WHERE EXISTS (SELECT 1 FROM alarm"
					" WHERE name = trouble.alarm AND alarm.partner = trouble.partner"
					" AND thread = x'' AND closed = 0) ORDER BY n DESC"),
				 &list, max, read_row, NULL);

	*ret_troubles = (struct trouble *)list.items;
	return count;
}
