/* Marks of the conversation with the hub; see mark.h. */
#include "agents/ledger/mark.h"

#include "agents/ledger/store.h"

void marks_get (ledger_t *ledger, arena_t *arena, struct marks *ret_marks)
{
	query_t *query = QUERY (ledger->sql,
				"SELECT hub_store_id, takes_over, next_pseq, dseq_stat, dseq_urgent,"
				" dseq_routine, checkpoint, hub_offset_ms FROM marks");
	struct marks marks = { .next_pseq = 1, .checkpoint = "" };

	if (sql_next (query)) {
		SQL_ID (query, &marks.hub_store_id);
		SQL_ID (query, &marks.takes_over);
		marks.next_pseq = (uint64_t)sql_int (query);
		for (size_t class = CLASS_STAT; class < CLASS_COUNT; class++)
			marks.dseq[class] = (uint64_t)sql_int (query);
		marks.checkpoint = sql_text (query, arena);
		marks.hub_offset_ms = sql_int (query);
	}
	sql_end (query);
	*ret_marks = marks;
}

void marks_set (tx_t *tx, const struct marks *marks)
{
	RUN (tx_sql (tx),
	     "INSERT OR REPLACE INTO marks (one, hub_store_id, takes_over, next_pseq, dseq_stat,"
	     " dseq_urgent, dseq_routine, checkpoint, hub_offset_ms)"
	     " VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
	     ID (marks->hub_store_id), ID (marks->takes_over), INT (marks->next_pseq),
	     INT (marks->dseq[CLASS_STAT]), INT (marks->dseq[CLASS_URGENT]),
	     INT (marks->dseq[CLASS_ROUTINE]), TEXT (marks->checkpoint), INT (marks->hub_offset_ms));
}
