/*
 * Packing and unpacking: what a worker uploaded becomes the blob that travels, and a blob that is here
 * becomes the file again.  A slice at a time from the loop, so that a large one holds up nothing; what
 * a crash interrupts begins anew from the bytes that are in the ledger.
 */
#include "agents/post/session.h"

#include <string.h>

#include "jembatan/clock.h"
#include "jembatan/log.h"

#define SLICE_STEPS 8u               /* half a MiB */
#define FULL_PAUSE_MS (30 * SECOND_MS)   /* the disk has no room */
#define FETCHES_MOST 3u              /* of a blob that comes damaged each time */

static ledger_t *ledger_of (const struct post *post)
{
	return desk_parts (post->parts.desk)->ledger;
}

void pack_forget (struct post *post)
{
	blob_sealer_destroy (&post->work.sealer);
	blob_opener_destroy (&post->work.opener);
	post->work = (struct pack_work){ .pause_ms = post->work.pause_ms };
}

/* ---- packing ---------------------------------------------------------------------------------- */

static err_t seal_steps (struct post *post, tx_t *tx, struct attachment_row *row)
{
	struct pack_work *work = &post->work;
	uint8_t *sealed = arena_must (post->arena, BLOB_STEP_BYTES);
	size_t steps = blob_steps (row->length);
	err_t err = ERR_OK;

	for (size_t i = 0; i < SLICE_STEPS && work->step < steps && err == ERR_OK; i++) {
		struct bytes plain;

		err = attachment_get_plain (ledger_of (post), row, work->step, post->arena, &plain);
		if (err == ERR_OK && plain.len != blob_step_plain (row->length, work->step))
			err = ERR_CORRUPT;
		if (err != ERR_OK)
			break;
		blob_sealer_step (work->sealer, plain, sealed);
		attachment_put_wire (tx, row, (uint64_t)work->step * BLOB_STEP_BYTES,
				     (struct bytes){ sealed, BLOB_STEP_BYTES });
		work->step++;
	}
	return err;
}

static err_t pack_slice (struct post *post, tx_t *tx, struct attachment_row *row, bool *ret_done)
{
	struct pack_work *work = &post->work;
	err_t err;

	if (work->sealer == NULL)
		work->sealer = blob_sealer_new (&row->key, row->place, row->length);
	err = seal_steps (post, tx, row);
	if (err != ERR_OK || work->step < blob_steps (row->length))
		return err;
	blob_sealer_end (work->sealer, &row->blob, &row->digest);
	row->state = ATTACHMENT_SENDING;
	row->done = 0;
	attachment_update (tx, row);
	attachment_drop_plain (tx, row->n);
	*ret_done = true;
	return ERR_OK;
}

/* ---- unpacking -------------------------------------------------------------------------------- */

/* K, from the header that is kept with the letter, and the blob's place there. */
static err_t find_key (struct post *post, const struct attachment_row *row,
		       struct letter_key *ret_key, size_t *ret_place)
{
	struct inbox_row letter;
	struct header header;
	size_t place = 0;
	err_t err = inbox_get (ledger_of (post), &row->partner, &row->letter, post->arena, &letter);

	if (err == ERR_OK)
		err = header_decode (letter.h, &header);
	if (err != ERR_OK)
		return err;
	while (place < header.blob_count && !ID_EQUAL (header.blobs[place].id, row->blob))
		place++;
	*ret_place = place;
	return place < header.blob_count ? envelope_key (&header, post->parts.boxes,
							 post->parts.box_count, ret_key)
					 : ERR_CANNOT_OPEN;
}

static err_t begin_opening (struct post *post, const struct attachment_row *row)
{
	struct letter_key key = { { 0 } };
	size_t place;
	err_t err = find_key (post, row, &key, &place);

	if (err == ERR_OK)
		err = blob_opener_new (&key, place, row->length, &post->work.opener);
	letter_key_wipe (&key);
	return err;
}

/* Pieces came as the hub cut them; a step is made of several. */
static err_t gather_step (struct post *post, const struct attachment_row *row,
			  uint8_t step[BLOB_STEP_BYTES])
{
	size_t have = post->work.rest.len;

	if (have > 0)
		memmove (step, post->work.rest.data, have);
	while (have < BLOB_STEP_BYTES) {
		struct bytes piece;
		size_t room = BLOB_STEP_BYTES - have, used;
		err_t err = attachment_get_wire (ledger_of (post), row, post->work.offset, post->arena,
						 &piece);

		if (err != ERR_OK)
			return err;
		used = piece.len < room ? piece.len : room;
		memcpy (step + have, piece.data, used);
		have += used;
		post->work.offset += piece.len;
		/* What is over of this piece begins the next step. */
		memcpy (post->work.over, piece.data + used, piece.len - used);
		post->work.rest = (struct bytes){ post->work.over, piece.len - used };
	}
	return ERR_OK;
}

static err_t open_steps (struct post *post, tx_t *tx, struct attachment_row *row)
{
	struct pack_work *work = &post->work;
	uint8_t *step = arena_must (post->arena, BLOB_STEP_BYTES);
	size_t steps = blob_steps (row->length);
	err_t err = ERR_OK;

	for (size_t i = 0; i < SLICE_STEPS && work->step < steps && err == ERR_OK; i++) {
		struct bytes plain;

		err = gather_step (post, row, step);
		if (err != ERR_OK)
			break;
		/* One that does not open is followed to the end, to know whose fault it is. */
		if (blob_opener_step (work->opener, step, &plain) == ERR_OK)
			attachment_put_plain (tx, row, work->step, plain);
		work->step++;
	}
	return err;
}

static void fetch_again (struct post *post, tx_t *tx, struct attachment_row *row)
{
	row->state = ATTACHMENT_EXPECTED;
	row->done = 0;
	row->error = ERR_DAMAGED;
	row->tries++;
	row->next_try_ms = desk_now_ms (post->parts.desk) + post_backoff_ms (row->tries);
	attachment_moved (tx, row);
	attachment_clear (tx, row->n);
}

static err_t unpack_slice (struct post *post, tx_t *tx, struct attachment_row *row, bool *ret_done)
{
	struct pack_work *work = &post->work;
	err_t verdict = work->opener == NULL ? begin_opening (post, row) : ERR_OK;
	err_t err;

	if (verdict == ERR_OK) {
		err = open_steps (post, tx, row);
		if (err != ERR_OK || work->step < blob_steps (row->length))
			return err;
		verdict = blob_opener_end (work->opener, &row->blob, &row->digest);
	}
	if (err_lane (verdict) == LANE_STOP)
		return verdict;
	*ret_done = true;
	if (verdict == ERR_DAMAGED && row->tries < FETCHES_MOST)
		fetch_again (post, tx, row);
	else
		desk_attachment_here (post->parts.desk, tx, row, verdict);
	desk_write_receipts (post->parts.desk, tx);
	return ERR_OK;
}

/* ---- the work --------------------------------------------------------------------------------- */

static bool find_work (struct post *post, struct attachment_row *row)
{
	ledger_t *ledger = ledger_of (post);
	int64_t now_ms = desk_now_ms (post->parts.desk);

	return attachment_next (ledger, ATTACHMENT_WAITING, now_ms, post->arena, row) == ERR_OK
	       || attachment_next (ledger, ATTACHMENT_FETCHED, now_ms, post->arena, row) == ERR_OK;
}

/* A disk that is full takes it later; anything that is wrong with this one must not hold up the rest. */
static void slice_failed (struct post *post, struct attachment_row *row, err_t err)
{
	OWNED (tx) tx = NULL;
	err_t ended;

	pack_forget (post);
	post_stop_on (post, err);
	if (err_lane (err) == LANE_RETRY)
		post->work.pause_ms = clock_monotonic_ms () + FULL_PAUSE_MS;
	if (err_lane (err) != LANE_REFUSE)
		return;
	LOG (WARN, "post.attachment-unsealable", LOG_N ("attachment", row->n), LOG_E (err));
	tx = ledger_begin (ledger_of (post));
	desk_attachment_ended (post->parts.desk, tx, row, err);
	ended = tx_commit (tx);
	post_stop_on (post, ended);
}

static err_t run_slice (struct post *post, struct attachment_row *row, bool *ret_done)
{
	OWNED (tx) tx = ledger_begin (ledger_of (post));
	err_t err = row->state == ATTACHMENT_WAITING ? pack_slice (post, tx, row, ret_done)
						     : unpack_slice (post, tx, row, ret_done);

	return err == ERR_OK ? tx_commit (tx) : err;
}

/* Bytes that nobody needs any more go first: they make room. */
static void discard_slice (struct post *post)
{
	OWNED (tx) tx = ledger_begin (ledger_of (post));
	err_t err;

	attachment_discard (tx);
	err = tx_commit (tx);
	post_stop_on (post, err);
	if (err != ERR_OK)
		post->work.pause_ms = clock_monotonic_ms () + FULL_PAUSE_MS;
	post_wake (post);
}

void pack_work (struct post *post)
{
	struct attachment_row row;
	bool done = false;
	err_t err;

	if (post->stopped != ERR_OK || clock_monotonic_ms () < post->work.pause_ms)
		return;
	arena_reset (post->arena);
	if (attachment_has_dropped (ledger_of (post))) {
		discard_slice (post);
		return;
	}
	if (!find_work (post, &row)) {
		pack_forget (post);
		return;
	}
	if (!attachment_fits (ledger_of (post), row.length)) {
		post->work.pause_ms = clock_monotonic_ms () + FULL_PAUSE_MS;
		return;
	}
	/* Another one, or this one in another state: whatever was begun is of no use. */
	if (row.n != post->work.n || row.state != post->work.state) {
		pack_forget (post);
		post->work.n = row.n;
		post->work.state = row.state;
	}
	err = run_slice (post, &row, &done);
	if (err != ERR_OK) {
		slice_failed (post, &row, err);
		return;
	}
	if (done)
		pack_forget (post);
	post_wake (post);   /* there may be more */
}
