/*
 * Out: a due row of the outbox is sealed once, and its bytes are put again and again, always the same,
 * until the hub answers.  A row that is on the way gets a lease, so that it is not due meanwhile.
 */
#include "agents/post/session.h"

#include <stdlib.h>
#include <string.h>

#include "jembatan/fault.h"
#include "jembatan/jitter.h"
#include "jembatan/log.h"

#define LEASE_MS (5 * MINUTE_MS)         /* of a row on the way; a new session ends it */
#define BACKOFF_FIRST_MS (2 * SECOND_MS)
#define BACKOFF_MOST_MS (10 * MINUTE_MS)
#define PAUSE_MOST_ASKED_MS (6 * HOUR_MS)   /* of what a hub may ask for one letter */

int64_t post_backoff_ms (uint32_t tries)
{
	int64_t pause = BACKOFF_FIRST_MS << (tries < 9 ? tries : 9);

	if (pause > BACKOFF_MOST_MS)
		pause = BACKOFF_MOST_MS;
	return jitter_at_most (pause);
}

/* ---- sealing ---------------------------------------------------------------------------------- */

/* What is known only now: our key, the pair sequence, what we saw of directory and log. */
static void complete_letter (struct post *post, tx_t *tx, const struct outbox_row *row,
			     struct letter *letter)
{
	const directory_t *directory = desk_parts (post->parts.desk)->directory;

	letter->sig_key_id = keypair_id (post->parts.sig);
	letter->directory_version = directory_data (directory)->version;
	letter->checkpoint = post->marks.checkpoint;
	pair_next (tx, &row->to, row->class, post->arena, &letter->pair);
}

/* One that a clock of the future had dated would be refused. */
static int64_t expiry_of (struct post *post, const struct outbox_row *row)
{
	int64_t now_ms = desk_now_ms (post->parts.desk);

	return row->expires_at_ms <= now_ms + LETTER_EXPIRY_MAX_MS ?
		       row->expires_at_ms : now_ms + LETTER_EXPIRY_DEFAULT_MS;
}

static struct header header_of (struct post *post, const struct outbox_row *row)
{
	return (struct header){
		.id = row->id,
		.from = desk_parts (post->parts.desk)->self,
		.to = row->to,
		.expires_at_ms = expiry_of (post, row),
		.class = row->class,
	};
}

static err_t recipient_key (struct post *post, const struct agency_id *to,
			    const struct public_key **ret_key)
{
	const directory_t *directory = desk_parts (post->parts.desk)->directory;
	const struct member *member = directory_member (directory, to);
	const struct member_key *key;

	if (member == NULL)
		return ERR_NO_ROUTE;
	key = member_key (member, KEY_BOX, desk_now_ms (post->parts.desk));
	if (key == NULL)
		return ERR_KEY_UNKNOWN;
	*ret_key = &key->public_key;
	return ERR_OK;
}

/* Its attachments are sealed by now: H names them, S describes them, and K is theirs. */
static err_t take_attachments (struct post *post, const struct outbox_row *row, struct letter *letter,
			       struct header *header, struct letter_key *ret_key)
{
	ledger_t *ledger = desk_parts (post->parts.desk)->ledger;
	struct attachment *list = arena_must (post->arena, LIMIT_BLOBS * sizeof *list);
	struct attachment_row *rows;
	size_t count = attachment_of_letter (ledger, &row->to, &row->id, post->arena, &rows);

	if (letter->attachment_count == 0) {
		letter_key_make (ret_key);
		return ERR_OK;
	}
	if (count != letter->attachment_count)
		return ERR_RECALLED;
	for (size_t i = 0; i < count; i++) {
		if (rows[i].state != ATTACHMENT_SENDING || rows[i].place != i)
			return ERR_RECALLED;
		list[i] = letter->attachments[i];
		list[i].blob = header->blobs[i].id = rows[i].blob;
		list[i].digest = rows[i].digest;
		header->blobs[i].padded_length = blob_padded_bytes (rows[i].length);
	}
	header->blob_count = count;
	letter->attachments = list;
	*ret_key = rows[0].key;
	return ERR_OK;
}

static err_t seal_row (struct post *post, tx_t *tx, struct outbox_row *row)
{
	struct header header = header_of (post, row);
	struct letter_key letter_key = { { 0 } };
	const struct public_key *key;
	struct sealed sealed;
	struct letter letter;
	struct bytes s;
	err_t err = recipient_key (post, &row->to, &key);

	if (err == ERR_OK)
		err = letter_decode (row->draft, post->arena, &letter);
	if (err == ERR_OK)
		err = take_attachments (post, row, &letter, &header, &letter_key);
	if (err != ERR_OK)
		return err;
	complete_letter (post, tx, row, &letter);
	err = letter_encode (&letter, post->arena, &s);
	if (err == ERR_OK)
		err = envelope_seal_with (&letter_key, &header, s, key, post->parts.sig, post->arena,
					  &sealed);
	letter_key_wipe (&letter_key);
	if (err != ERR_OK)
		return err;
	pair_sent (tx, &row->to, row->class, letter.pair.n, &sealed.header_hash, &row->id);
	outbox_sealed (tx, &row->id, &sealed);
	row->h = sealed.h;
	row->c = sealed.c;
	row->state = OUTBOX_SEALED;
	return ERR_OK;
}

/* ---- the window ------------------------------------------------------------------------------- */

static bool is_on_the_way (const struct post *post, const struct letter_id *id)
{
	for (size_t i = 0; i < post->on_the_way_count; i++) {
		size_t at = (post->on_the_way_first + i) % ON_THE_WAY_MAX;

		if (ID_EQUAL (post->on_the_way[at].id, *id))
			return true;
	}
	return false;
}

static bool window_has_room (const struct post *post, const struct outbox_row *row)
{
	uint64_t bytes = row->h.len + row->c.len;

	if (post->on_the_way_count >= ON_THE_WAY_MAX || post->credit.letters == 0)
		return false;
	if (post->on_the_way_count == 0)
		return true;   /* a letter larger than the window goes alone */
	return post->on_the_way_count < post->credit.letters
	       && post->on_the_way_bytes + bytes <= post->credit.bytes;
}

static void window_add (struct post *post, const struct outbox_row *row, uint64_t pseq)
{
	size_t at = (post->on_the_way_first + post->on_the_way_count++) % ON_THE_WAY_MAX;

	post->on_the_way[at] = (struct on_the_way){
		.pseq = pseq,
		.id = row->id,
		.bytes = row->h.len + row->c.len,
	};
	post->on_the_way_bytes += row->h.len + row->c.len;
}

/* Takes the oldest letter up to that number off the window; false when there is none. */
static bool window_take (struct post *post, uint64_t up_to, struct on_the_way *ret_letter)
{
	struct on_the_way *first = &post->on_the_way[post->on_the_way_first];

	if (post->on_the_way_count == 0 || first->pseq > up_to)
		return false;
	*ret_letter = *first;
	post->on_the_way_first = (post->on_the_way_first + 1) % ON_THE_WAY_MAX;
	post->on_the_way_count--;
	post->on_the_way_bytes -= first->bytes;
	return true;
}

static struct on_the_way *window_find (struct post *post, uint64_t pseq)
{
	for (size_t i = 0; i < post->on_the_way_count; i++) {
		size_t at = (post->on_the_way_first + i) % ON_THE_WAY_MAX;

		if (post->on_the_way[at].pseq == pseq)
			return &post->on_the_way[at];
	}
	return NULL;
}

void sender_forget_window (struct post *post)
{
	post->on_the_way_first = post->on_the_way_count = 0;
	post->on_the_way_bytes = 0;
}

/* ---- putting ---------------------------------------------------------------------------------- */

static void send_put (struct post *post, const struct outbox_row *row, uint64_t pseq)
{
	struct frame frame = { .type = FRAME_PUT };

	frame.put.pseq = pseq;
	frame.put.h = row->h;
	frame.put.c = row->c;
	post_send (post, &frame);
	post->status.sent++;
}

/* Seals the row when it is new.  False when this row can't go now. */
static bool prepare_row (struct post *post, tx_t *tx, struct outbox_row *row, int64_t now_ms)
{
	err_t err = row->state == OUTBOX_WRITTEN ? seal_row (post, tx, row) : ERR_OK;

	if (err == ERR_OK)
		return true;
	LOG (NOTE, "post.unsealable", LOG_U ("letter", row->id), LOG_E (err));
	if (err == ERR_KEY_UNKNOWN) {   /* the next directory may have one */
		outbox_retry (tx, &row->id, err, now_ms + post_backoff_ms (row->tries));
		return false;
	}
	post_stop_on (post, desk_hub_refused (post->parts.desk, tx, &row->id, err));
	return false;
}

/* Chooses the rows of one batch in the transaction; returns how many of rows[] go, in order. */
static size_t choose_rows (struct post *post, tx_t *tx, struct outbox_row *rows, size_t count)
{
	int64_t now_ms = desk_now_ms (post->parts.desk);
	size_t chosen = 0;

	for (size_t i = 0; i < count && post->stopped == ERR_OK; i++) {
		if (is_on_the_way (post, &rows[i].id))
			continue;
		if (!prepare_row (post, tx, &rows[i], now_ms))
			continue;
		if (!window_has_room (post, &rows[i]))
			break;
		window_add (post, &rows[i], post->marks.next_pseq++);
		outbox_retry (tx, &rows[i].id, ERR_OK, now_ms + LEASE_MS);
		rows[chosen++] = rows[i];
	}
	return chosen;
}

/* One batch: seal and number in one commit, only then send.  Returns whether more may follow. */
static bool pump_once (struct post *post)
{
	ledger_t *ledger = desk_parts (post->parts.desk)->ledger;
	struct outbox_row *rows;
	size_t count, chosen;
	uint64_t pseq = post->marks.next_pseq;
	err_t err;

	arena_reset (post->arena);
	count = outbox_due (ledger, desk_now_ms (post->parts.desk), SENDER_BATCH, post->arena,
			    &rows);
	if (count == 0)
		return false;
	OWNED (tx) tx = ledger_begin (ledger);
	chosen = choose_rows (post, tx, rows, count);
	marks_set (tx, &post->marks);
	fault_point ("agent.put.before_commit");
	err = tx_commit (tx);
	if (err != ERR_OK) {
		/* Nothing was sent under these numbers: the session starts anew from the ledger. */
		post_stop_on (post, err);
		post_hang_up (post, err);
		return false;
	}
	fault_point ("agent.put.before_send");
	for (size_t i = 0; i < chosen && post->state == POST_OPEN; i++)
		send_put (post, &rows[i], pseq++);
	fault_point ("agent.put.after_send");
	return chosen == SENDER_BATCH;
}

void sender_pump (struct post *post)
{
	if (post->state != POST_OPEN || post->stopped != ERR_OK)
		return;
	while (post->state == POST_OPEN && post->stopped == ERR_OK
	       && post->on_the_way_count < post->credit.letters && pump_once (post))
		;
}

/* ---- the hub's answers ------------------------------------------------------------------------ */

static void letter_taken (struct post *post, const struct on_the_way *letter,
			  const struct custody *custody)
{
	err_t err = outbox_in_custody (post_step (post), &letter->id, custody->leaf,
				       custody->recipient_seen_ms, desk_now_ms (post->parts.desk));

	if (err != ERR_OK)
		LOG (NOTE, "post.taken-unknown", LOG_U ("letter", letter->id), LOG_E (err));
	else
		desk_in_custody (post->parts.desk, post_step (post), &letter->id, custody->leaf);
}

/* Custody is only what the hub names: a number that it passes over without a word is put again. */
void sender_put_ok (struct post *post, const struct frame *frame)
{
	const struct custody *taken = frame->put_ok.taken;
	size_t count = frame->put_ok.taken_count, at = 0;
	struct on_the_way letter;

	while (window_take (post, frame->put_ok.up_to, &letter)) {
		while (at < count && taken[at].pseq < letter.pseq)
			at++;
		if (letter.answered)
			continue;
		if (at < count && taken[at].pseq == letter.pseq)
			letter_taken (post, &letter, &taken[at]);
		else
			outbox_retry (post_step (post), &letter.id, ERR_OUT_OF_ORDER,
				      desk_now_ms (post->parts.desk) + BACKOFF_FIRST_MS);
	}
}

/* The hub finds fault with a letter's times, and tells its own. */
static void hear_time (struct post *post, int64_t hub_time_ms)
{
	if (hub_time_ms <= 0 ||
	    llabs (hub_time_ms - desk_now_ms (post->parts.desk)) <= CLOCK_TOLERANCE_MS)
		return;
	post->marks.hub_offset_ms =
		desk_hear_time (post->parts.desk, post_step (post), hub_time_ms);
	post->marks_changed = true;
}

static void letter_refused (struct post *post, const struct on_the_way *letter,
			    const struct frame *frame)
{
	err_t code = frame->put_err.code;
	tx_t *tx = post_step (post);
	int64_t pause_ms = frame->put_err.retry_after_ms;

	post->status.last_error = code;
	error_count (&post->refused, code);
	hear_time (post, frame->put_err.hub_time_ms);
	if (pause_ms > 0 || err_lane (code) == LANE_RETRY) {
		if (pause_ms < BACKOFF_FIRST_MS)
			pause_ms = BACKOFF_FIRST_MS + jitter_below (BACKOFF_FIRST_MS);
		if (pause_ms > PAUSE_MOST_ASKED_MS)
			pause_ms = PAUSE_MOST_ASKED_MS;
		outbox_retry (tx, &letter->id, code,
			      desk_now_ms (post->parts.desk) + jitter_at_least (pause_ms));
		return;
	}
	post->status.refused++;
	LOG (NOTE, "post.refused-by-hub", LOG_U ("letter", letter->id), LOG_E (code));
	post_stop_on (post, desk_hub_refused (post->parts.desk, tx, &letter->id, code));
}

void sender_put_err (struct post *post, const struct frame *frame)
{
	struct on_the_way *letter = window_find (post, frame->put_err.pseq);
	struct on_the_way done;

	if (letter == NULL || letter->answered)
		return;
	letter_refused (post, letter, frame);
	letter->answered = true;
	while (post->on_the_way_count > 0 && post->on_the_way[post->on_the_way_first].answered)
		window_take (post, UINT64_MAX, &done);
}
