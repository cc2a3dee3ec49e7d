/*
 * Attachments on the line, both ways, one piece at a time: the next leaves only when the hub has
 * answered for the last, and no piece leaves while a letter is due.  Whatever the hub holds, or this
 * ledger, is asked first and never sent again.
 */
#include "agents/post/session.h"

#include "jembatan/log.h"

/* How far the hub is known to be is kept this often; after a cut it is asked anyway. */
#define NOTE_EVERY_BYTES BLOB_STEP_BYTES

static ledger_t *ledger_of (const struct post *post)
{
	return desk_parts (post->parts.desk)->ledger;
}

void parcel_forget (struct post *post)
{
	post->out = post->in = (struct parcel_way){ 0 };
}

/* ---- out -------------------------------------------------------------------------------------- */

/* At most one piece is ahead of a letter. */
static bool letters_are_out (const struct post *post)
{
	return post->on_the_way_count == 0
	       && outbox_next_due (ledger_of (post)) > desk_now_ms (post->parts.desk);
}

/* The piece at that offset, or as much of it as its row holds. */
static err_t piece_at (struct post *post, const struct attachment_row *row, uint64_t offset,
		       struct bytes *ret_piece)
{
	uint64_t begin = offset - offset % BLOB_STEP_BYTES;
	struct bytes step;
	err_t err = attachment_get_wire (ledger_of (post), row, begin, post->arena, &step);

	if (err != ERR_OK)
		return err;
	if (offset - begin >= step.len)
		return ERR_CORRUPT;
	step.data += offset - begin;
	step.len -= offset - begin;
	if (step.len > LIMIT_BLOB_CHUNK_BYTES)
		step.len = LIMIT_BLOB_CHUNK_BYTES;
	*ret_piece = step;
	return ERR_OK;
}

static void send_put (struct post *post, const struct attachment_row *row, struct bytes piece)
{
	struct frame frame = { .type = FRAME_BLOB_PUT };

	frame.blob_put.blob = row->blob;
	frame.blob_put.letter = row->letter;
	frame.blob_put.offset = piece.len > 0 ? post->out.offset : 0;
	frame.blob_put.data = piece;
	post->out.flying = true;
	post_send (post, &frame);
}

static void pump_out (struct post *post)
{
	struct attachment_row row;
	struct bytes piece = BYTES_NONE;
	err_t err;

	if (post->out.flying || !letters_are_out (post))
		return;
	err = attachment_next (ledger_of (post), ATTACHMENT_SENDING, desk_now_ms (post->parts.desk),
			       post->arena, &row);
	if (err != ERR_OK) {
		post_stop_on (post, err);
		return;
	}
	/* A new one is offered first: the hub says how much of it is there. */
	if (!ID_EQUAL (post->out.blob, row.blob))
		post->out = (struct parcel_way){ .blob = row.blob };
	else if ((err = piece_at (post, &row, post->out.offset, &piece)) != ERR_OK) {
		post_stop_on (post, err);
		return;
	}
	send_put (post, &row, piece);
}

static void try_later (struct post *post, struct attachment_row *row, err_t why)
{
	int64_t now_ms = desk_now_ms (post->parts.desk);

	/* What never comes must not be waited for without end. */
	if (row->expires_at_ms > 0 && now_ms > row->expires_at_ms) {
		desk_attachment_ended (post->parts.desk, post_step (post), row, ERR_EXPIRED);
		return;
	}
	row->error = why;
	row->next_try_ms = now_ms + post_backoff_ms (row->tries++);
	attachment_moved (post_step (post), row);
}

static void hub_has (struct post *post, struct attachment_row *row, uint64_t offset, err_t code)
{
	uint64_t padded = blob_padded_bytes (row->length);
	bool whole = offset >= padded && code == ERR_OK;

	post->out.offset = offset < padded ? offset : 0;
	if (!whole && offset % NOTE_EVERY_BYTES != 0 && row->tries == 0)
		return;
	row->done = offset < padded ? offset : padded;
	row->tries = 0;
	row->error = code == ERR_OUT_OF_ORDER ? ERR_OK : code;
	if (whole) {
		row->state = ATTACHMENT_AT_HUB;
		post->out = (struct parcel_way){ 0 };
	}
	attachment_moved (post_step (post), row);
}

void parcel_have (struct post *post, const struct frame *frame)
{
	struct attachment_row row;
	err_t code = frame->blob_have.code;

	if (!post->out.flying || !ID_EQUAL (frame->blob_have.blob, post->out.blob))
		return;   /* of one that has ended meanwhile */
	post->out.flying = false;
	if (attachment_by_blob (ledger_of (post), &post->out.blob, false, post->arena, &row) != ERR_OK
	    || row.state != ATTACHMENT_SENDING) {
		post->out = (struct parcel_way){ 0 };
		return;
	}
	if (code == ERR_OK || code == ERR_OUT_OF_ORDER) {
		hub_has (post, &row, frame->blob_have.offset, code);
		return;
	}
	if (code == ERR_DAMAGED)
		row.done = 0;   /* and from the beginning, but not in a hurry */
	if (code == ERR_EXPIRED || code == ERR_TOO_LARGE)
		desk_attachment_ended (post->parts.desk, post_step (post), &row, code);
	else
		try_later (post, &row, code);
	post->out = (struct parcel_way){ 0 };
}

/* ---- in --------------------------------------------------------------------------------------- */

static void send_get (struct post *post, const struct attachment_row *row, uint64_t offset)
{
	struct frame frame = { .type = FRAME_BLOB_GET };

	frame.blob_get.blob = row->blob;
	frame.blob_get.offset = offset;
	post->in = (struct parcel_way){ .blob = row->blob, .offset = offset, .flying = true };
	post_send (post, &frame);
}

/* First the hub hears of what is here, so that it can let go of it. */
static void pump_in (struct post *post)
{
	int64_t now_ms = desk_now_ms (post->parts.desk);
	struct attachment_row row;
	err_t err;

	if (post->in.flying)
		return;
	err = attachment_untold (ledger_of (post), now_ms, post->arena, &row);
	if (err == ERR_OK) {
		send_get (post, &row, blob_padded_bytes (row.length));
		return;
	}
	if (err == ERR_NOT_FOUND)
		err = attachment_next (ledger_of (post), ATTACHMENT_EXPECTED, now_ms, post->arena,
				       &row);
	/* Files wait for room; letters need none of theirs. */
	if (err == ERR_OK && attachment_fits (ledger_of (post), row.length))
		send_get (post, &row, row.done);
	else if (err != ERR_OK)
		post_stop_on (post, err);
}

static void told (struct post *post, struct attachment_row *row, err_t code)
{
	if (err_lane (code) == LANE_RETRY) {
		row->next_try_ms = desk_now_ms (post->parts.desk) + post_backoff_ms (row->tries++);
	} else {
		row->told = true;   /* it has let go of it, or never had it */
	}
	attachment_moved (post_step (post), row);
}

static void store_piece (struct post *post, struct attachment_row *row, struct bytes piece)
{
	uint64_t padded = blob_padded_bytes (row->length);

	if (piece.len == 0 || piece.len > padded - row->done) {
		try_later (post, row, ERR_OUT_OF_ORDER);
		return;
	}
	attachment_put_wire (post_step (post), row, row->done, piece);
	row->done += piece.len;
	if (row->error != ERR_DAMAGED) {   /* else it is known by the whole alone whether it is now */
		row->tries = 0;
		row->error = ERR_OK;
	}
	if (row->done == padded)
		row->state = ATTACHMENT_FETCHED;
	attachment_moved (post_step (post), row);
}

void parcel_data (struct post *post, const struct frame *frame)
{
	struct parcel_way asked = post->in;
	struct attachment_row row;
	err_t code = frame->blob_data.code;

	if (!asked.flying || !ID_EQUAL (frame->blob_data.blob, asked.blob))
		return;
	post->in = (struct parcel_way){ 0 };
	if (attachment_by_blob (ledger_of (post), &asked.blob, true, post->arena, &row) != ERR_OK)
		return;
	if (row.state != ATTACHMENT_EXPECTED) {
		if (asked.offset == blob_padded_bytes (row.length))
			told (post, &row, code);
		return;
	}
	if (code == ERR_EXPIRED)
		desk_attachment_ended (post->parts.desk, post_step (post), &row, code);
	else if (code != ERR_OK)
		try_later (post, &row, code);
	else if (frame->blob_data.offset == row.done)
		store_piece (post, &row, frame->blob_data.data);
}

/* ---- both ------------------------------------------------------------------------------------- */

void parcel_pump (struct post *post)
{
	if (post->state != POST_OPEN || post->stopped != ERR_OK)
		return;
	arena_reset (post->arena);
	pump_out (post);
	if (post->state == POST_OPEN)
		pump_in (post);
}
