/* Published capacity; see capacity.h. */
#include "agents/ledger/capacity.h"

#include "agents/ledger/store.h"

void capacity_set (tx_t *tx, const struct capacity *c)
{
	RUN (tx_sql (tx),
	     "INSERT INTO capacity (agency, service, level, total, free, waiting, next_free, at_ms)"
	     " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (agency, service, level) DO UPDATE"
	     " SET total = excluded.total, free = excluded.free, waiting = excluded.waiting,"
	     " next_free = excluded.next_free, at_ms = excluded.at_ms"
	     " WHERE excluded.at_ms >= capacity.at_ms",
	     AGENCY (c->agency), TEXT (c->service), TEXT (c->level), INT (c->total), INT (c->free),
	     INT (c->waiting), TEXT (c->next_free), INT (c->at_ms));
}

#define COLUMNS "agency, service, level, total, free, waiting, next_free, at_ms"

static void read_capacity (query_t *query, arena_t *arena, void *ret_row, void *arg)
{
	struct capacity *capacity = ret_row;

	SQL_AGENCY (query, &capacity->agency);
	capacity->service = sql_text (query, arena);
	capacity->level = sql_text (query, arena);
	capacity->total = (uint32_t)sql_int (query);
	capacity->free = (uint32_t)sql_int (query);
	capacity->waiting = (uint32_t)sql_int (query);
	capacity->next_free = sql_text (query, arena);
	capacity->at_ms = sql_int (query);
}

size_t capacity_list (ledger_t *ledger, const struct agency_id *agency, const char *service,
		      size_t max, arena_t *arena, struct capacity **ret_capacities)
{
	struct list list = LIST (arena, struct capacity);
	query_t *query = QUERY (ledger->sql,
				"SELECT " COLUMNS " FROM capacity WHERE (?1 = '' OR agency = ?1)"
				" AND (?2 = '' OR service = ?2) ORDER BY at_ms DESC, agency, service, level",
				TEXT (agency != NULL ? agency->text : ""),
				TEXT (service != NULL ? service : ""));
	size_t count = sql_list (query, &list, max, read_capacity, NULL);

	*ret_capacities = (struct capacity *)list.items;
	return count;
}
