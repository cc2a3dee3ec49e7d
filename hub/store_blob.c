/*
 * Attachments in the store: one row for each that a letter names, and its bytes as rows of the size
 * in which they came.  A piece lies at (number << 26 | offset), so that one tree holds all of them,
 * and those of one attachment stand together.
 *
 * Invariants:
 *  1. The pieces of an attachment cover exactly its first `held` bytes, at every commit: they are
 *     added at the end and cut from the end.
 *  2. What has ended is freed bit by bit: it is due for that as long as it holds anything.
 */
#include "hub/store_sql.h"

#define OFFSET_BITS 26          /* 64 MiB, more than the largest attachment with its padding */

_Static_assert (LIMIT_BLOB_BYTES + LIMIT_BLOB_STEP_BYTES < 1u << OFFSET_BITS, "an offset fits");

static int64_t place_of (int64_t number, uint64_t offset)
{
	return number << OFFSET_BITS | (int64_t)offset;
}

/* ---- rows ---- */

/* The columns of BLOB_COLUMNS. */
static err_t read_blob (sqlite3_stmt *stmt, struct blob *ret_blob)
{
	*ret_blob = (struct blob){
		.number = sqlite3_column_int64 (stmt, 0),
		.sender = sqlite3_column_int64 (stmt, 1),
		.recipient = sqlite3_column_int64 (stmt, 2),
		.size = (uint64_t)sqlite3_column_int64 (stmt, 5),
		.held = (uint64_t)sqlite3_column_int64 (stmt, 6),
		.state = (enum blob_state)sqlite3_column_int (stmt, 7),
		.due_ms = sqlite3_column_int64 (stmt, 8),
	};
	if (sql_column_id (stmt, 3, ret_blob->letter.b, sizeof ret_blob->letter.b) != ERR_OK ||
	    sql_column_id (stmt, 4, ret_blob->id.b, sizeof ret_blob->id.b) != ERR_OK ||
	    ret_blob->held > ret_blob->size || ret_blob->state > BLOB_RECALLED)
		return ERR_CORRUPT;
	return ERR_OK;
}

/* The one row of a statement that is bound already. */
static err_t one_blob (store_t *store, sqlite3_stmt *stmt, struct blob *ret_blob)
{
	err_t err = sql_row (store, stmt);

	if (err != ERR_OK)
		return err;
	err = read_blob (stmt, ret_blob);
	sqlite3_reset (stmt);
	return err;
}

err_t store_blob_add (store_t *store, struct blob *blob)
{
	sqlite3_stmt *stmt = sql (store, SQL_BLOB_PUT);
	err_t err;

	sqlite3_bind_int64 (stmt, 1, blob->sender);
	sqlite3_bind_int64 (stmt, 2, blob->recipient);
	sql_bytes (stmt, 3, ID_BYTES (blob->letter));
	sql_bytes (stmt, 4, ID_BYTES (blob->id));
	sqlite3_bind_int64 (stmt, 5, (int64_t)blob->size);
	sqlite3_bind_int64 (stmt, 6, blob->due_ms);
	err = sql_run (store, SQL_BLOB_PUT);
	if (err == ERR_OK)
		blob->number = sqlite3_last_insert_rowid (store->db);
	return err;
}

err_t store_blob_find (store_t *store, int64_t sender, const struct letter_id *letter,
		       const struct blob_id *id, struct blob *ret_blob)
{
	sqlite3_stmt *stmt = sql (store, SQL_BLOB_OF);

	sqlite3_bind_int64 (stmt, 1, sender);
	sql_bytes (stmt, 2, ID_BYTES (*letter));
	sql_bytes (stmt, 3, ID_BYTES (*id));
	return one_blob (store, stmt, ret_blob);
}

err_t store_blob_for (store_t *store, int64_t recipient, const struct blob_id *id,
		      struct blob *ret_blob)
{
	sqlite3_stmt *stmt = sql (store, SQL_BLOB_FOR);

	sqlite3_bind_int64 (stmt, 1, recipient);
	sql_bytes (stmt, 2, ID_BYTES (*id));
	return one_blob (store, stmt, ret_blob);
}

err_t store_blob_next (store_t *store, int64_t sender, const struct letter_id *letter,
		       int64_t after, struct blob *ret_blob)
{
	sqlite3_stmt *stmt = sql (store, SQL_BLOB_NEXT);

	sqlite3_bind_int64 (stmt, 1, sender);
	sql_bytes (stmt, 2, ID_BYTES (*letter));
	sqlite3_bind_int64 (stmt, 3, after);
	return one_blob (store, stmt, ret_blob);
}

err_t store_blob_due (store_t *store, int64_t now_ms, struct blob *ret_blob)
{
	sqlite3_stmt *stmt = sql (store, SQL_BLOB_DUE);

	sqlite3_bind_int64 (stmt, 1, now_ms);
	return one_blob (store, stmt, ret_blob);
}

err_t store_blob_save (store_t *store, const struct blob *blob)
{
	sqlite3_stmt *stmt = sql (store, SQL_BLOB_SET);

	sqlite3_bind_int64 (stmt, 1, (int64_t)blob->held);
	sqlite3_bind_int64 (stmt, 2, blob->state);
	sqlite3_bind_int64 (stmt, 3, blob->due_ms);
	sqlite3_bind_int64 (stmt, 4, blob->number);
	return sql_run (store, SQL_BLOB_SET);
}

err_t store_blob_forget (store_t *store, int64_t number)
{
	sqlite3_bind_int64 (sql (store, SQL_BLOB_DROP), 1, number);
	return sql_run (store, SQL_BLOB_DROP);
}

/* ---- bytes ---- */

err_t store_blob_grow (store_t *store, struct blob *blob, struct bytes piece)
{
	sqlite3_stmt *stmt = sql (store, SQL_PIECE_PUT);
	err_t err;

	sqlite3_bind_int64 (stmt, 1, place_of (blob->number, blob->held));
	sql_bytes (stmt, 2, piece);
	err = sql_run (store, SQL_PIECE_PUT);
	if (err != ERR_OK)
		return err;
	blob->held += piece.len;
	return store_blob_save (store, blob);
}

/* The piece that begins at this offset or last before it: where it ends, and its bytes from the
 * offset on. */
static err_t last_piece (store_t *store, const struct blob *blob, uint64_t offset,
			 sqlite3_stmt **ret_stmt, uint64_t *ret_end, struct bytes *ret_bytes)
{
	sqlite3_stmt *stmt = sql (store, SQL_PIECE_AT);
	struct bytes piece;
	uint64_t begin;
	err_t err;

	sqlite3_bind_int64 (stmt, 1, place_of (blob->number, 0));
	sqlite3_bind_int64 (stmt, 2, place_of (blob->number, offset));
	err = sql_row (store, stmt);
	if (err != ERR_OK)
		return err;
	begin = (uint64_t)(sqlite3_column_int64 (stmt, 0) - place_of (blob->number, 0));
	piece = sql_column (stmt, 1);
	*ret_stmt = stmt;
	*ret_end = begin + piece.len;
	*ret_bytes = offset < *ret_end ? (struct bytes){ piece.data + (offset - begin),
							 (size_t)(*ret_end - offset) } : BYTES_NONE;
	return ERR_OK;
}

err_t store_blob_read (store_t *store, const struct blob *blob, uint64_t offset, arena_t *arena,
		       struct bytes *ret_piece)
{
	sqlite3_stmt *stmt;
	struct bytes piece;
	uint64_t end;
	err_t err = last_piece (store, blob, offset, &stmt, &end, &piece);

	if (err != ERR_OK)
		return err == ERR_NOT_FOUND ? ERR_CORRUPT : err;
	*ret_piece = arena_bytes (arena, piece);
	sqlite3_reset (stmt);
	return ret_piece->len > 0 ? ERR_OK : ERR_CORRUPT;
}

/* Where what is left ends. */
static err_t end_of (store_t *store, const struct blob *blob, uint64_t *ret_end)
{
	sqlite3_stmt *stmt;
	struct bytes piece;
	err_t err = last_piece (store, blob, blob->size, &stmt, ret_end, &piece);

	if (err == ERR_OK)
		sqlite3_reset (stmt);
	if (err == ERR_NOT_FOUND)
		*ret_end = 0;
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

err_t store_blob_cut (store_t *store, struct blob *blob, uint64_t from)
{
	sqlite3_stmt *stmt = sql (store, SQL_PIECE_CUT);
	err_t err;

	sqlite3_bind_int64 (stmt, 1, place_of (blob->number, from));
	sqlite3_bind_int64 (stmt, 2, place_of (blob->number, blob->size));
	err = sql_run (store, SQL_PIECE_CUT);
	if (err == ERR_OK)
		err = end_of (store, blob, &blob->held);
	return err == ERR_OK ? store_blob_save (store, blob) : err;
}

/* ---- sums ---- */

err_t store_blob_sums (store_t *store, store_blob_sum_fn *visit, void *context)
{
	sqlite3_stmt *stmt = sql (store, SQL_BLOB_SUMS);
	err_t err;

	while ((err = sql_row (store, stmt)) == ERR_OK) {
		const struct blob_sum sum = {
			.sender = sqlite3_column_int64 (stmt, 0),
			.recipient = sqlite3_column_int64 (stmt, 1),
			.waiting = (uint64_t)sqlite3_column_int64 (stmt, 2),
			.held_bytes = (uint64_t)sqlite3_column_int64 (stmt, 3),
			.charged_bytes = (uint64_t)sqlite3_column_int64 (stmt, 4),
		};

		err = visit (context, &sum);
		if (err != ERR_OK)
			break;
	}
	sqlite3_reset (stmt);
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}
