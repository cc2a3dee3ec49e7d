/* Words and notices; see word.h. */
#include "agents/ledger/word.h"

#include "agents/ledger/inbox.h"
#include "agents/ledger/store.h"

#define WORD_ARENA_BYTES (2u * LIMIT_DECODE_ARENA_BYTES)

void word_keep (tx_t *tx, const struct word *word)
{
	RUN (tx_sql (tx),
	     "INSERT OR REPLACE INTO word (letter, status, blob, sender, said_in)"
	     " VALUES (?1, ?2, ?3, ?4, ?5)",
	     ID (word->letter), INT (word->status), ID (word->blob), AGENCY (word->from),
	     ID (word->said_in));
}

static void read_word (query_t *query, arena_t *arena, void *ret_row, void *arg)
{
	struct word *row = ret_row;

	row->letter = *(const struct letter_id *)arg;
	row->status = (unsigned)sql_int (query);
	SQL_AGENCY (query, &row->from);
	SQL_ID (query, &row->said_in);
}

size_t word_list (ledger_t *ledger, const struct letter_id *letter, arena_t *arena,
		  struct word **ret_words)
{
	struct list list = LIST (arena, struct word);
	size_t count = sql_list (QUERY (ledger->sql,
					"SELECT status, sender, said_in FROM word WHERE letter = ?1"
					" AND blob = x'' ORDER BY status",
					ID (*letter)),
				 &list, SIZE_MAX, read_word, (void *)(uintptr_t)letter);

	*ret_words = (struct word *)list.items;
	return count;
}

/* ---- ledgers from before words were kept -------------------------------------------------------- */

static bool next_unread (ledger_t *ledger, uint64_t *ret_seq, struct agency_id *ret_from,
			 struct letter_id *ret_id)
{
	query_t *query = QUERY (ledger->sql, "SELECT seq, sender, id FROM word_unread JOIN inbox"
					     " USING (seq) ORDER BY seq LIMIT 1");
	bool found = sql_next (query);

	if (found) {
		*ret_seq = (uint64_t)sql_int (query);
		SQL_AGENCY (query, ret_from);
		SQL_ID (query, ret_id);
	}
	sql_end (query);
	return found;
}

static bool is_ours (tx_t *tx, const struct receipt *receipt, const struct agency_id *to)
{
	return NUMBER (tx_sql (tx), 0,
		       "SELECT 1 FROM outbox WHERE id = ?1 AND recipient = ?2 AND header_hash = ?3",
		       ID (receipt->id), AGENCY (*to), ID (receipt->header_hash)) > 0;
}

static void read_receipts (tx_t *tx, const struct agency_id *from, const struct letter_id *id)
{
	OWNED (arena) arena = arena_new (WORD_ARENA_BYTES);
	struct inbox_row row;
	struct letter letter;

	if (inbox_get (tx->ledger, from, id, arena, &row) != ERR_OK
	    || letter_decode (row.s, arena, &letter) != ERR_OK || letter.body != BODY_RECEIPTS)
		return;
	for (size_t i = 0; i < letter.receipt_count; i++) {
		const struct receipt *receipt = &letter.receipts[i];
		struct word word = { receipt->id, receipt->blob, receipt->status, *from, *id };

		if (is_ours (tx, receipt, from))
			word_keep (tx, &word);
	}
}

void word_read_older (ledger_t *ledger)
{
	struct agency_id from;
	struct letter_id id;
	uint64_t seq;
	OWNED (tx) tx = NULL;

	if (!next_unread (ledger, &seq, &from, &id))
		return;
	tx = ledger_begin (ledger);
	do {
		read_receipts (tx, &from, &id);
		RUN (tx_sql (tx), "DELETE FROM word_unread WHERE seq = ?1", INT (seq));
	} while (next_unread (ledger, &seq, &from, &id));
	if (tx_commit (tx) != ERR_OK)
		return;   /* the connection keeps why, and opening asks it */
}

/* ---- non-delivery ------------------------------------------------------------------------------- */

void notice_keep (tx_t *tx, const struct letter_id *letter, const struct notice *notice)
{
	RUN (tx_sql (tx),
	     "INSERT OR REPLACE INTO notice (letter, statement, signature) VALUES (?1, ?2, ?3)",
	     ID (*letter), BLOB (notice->statement), ID (notice->signature));
}

err_t notice_get (ledger_t *ledger, const struct letter_id *letter, arena_t *arena,
		  struct notice *ret_notice)
{
	query_t *query = QUERY (ledger->sql,
				"SELECT statement, signature FROM notice WHERE letter = ?1",
				ID (*letter));
	struct notice notice = { .statement = BYTES_NONE };
	bool found = sql_next (query);

	if (found) {
		notice.statement = sql_blob (query, arena);
		SQL_ID (query, &notice.signature);
	}
	sql_end (query);
	if (sql_err (ledger->sql) != ERR_OK)
		return sql_err (ledger->sql);
	if (!found)
		return ERR_NOT_FOUND;
	*ret_notice = notice;
	return ERR_OK;
}
