/* Attachments on the line, against a hub that cuts, forgets, is busy and damages. */
#include "tests/agents/post/world.h"

#include "jembatan/attachment.h"

#define LENGTH 150000u               /* three steps */
#define PADDED (3u * BLOB_STEP_BYTES)

static uint8_t *file_bytes (struct world *w)
{
	uint8_t *plain = arena_must (w->arena, LENGTH);

	for (size_t j = 0; j < LENGTH; j++)
		plain[j] = (uint8_t)(j % 251);
	return plain;
}

/* ---- out: a letter of ours with one file ---------------------------------------------- */

static struct letter_id write_with_file (struct world *w)
{
	struct attachment file = { .title = "hasil.pdf", .media_type = "application/pdf",
				   .label = "", .length = LENGTH };
	struct letter letter = {
		.kind = "referral.info.reply", .kind_version = 1,
		.sig_key_id = keypair_id (w->sig),
		.from_user = "", .from_role = "", .to_role = "", .purpose = "",
		.rule = { "", "", "", "" }, .checkpoint = "", .created_ms = clock_now_ms (),
		.attachments = &file, .attachment_count = 1,
	};
	struct outbox_row row = { .to = w->partner, .class = CLASS_ROUTINE, .kind = letter.kind,
				  .expires_at_ms = clock_now_ms () + DAY_MS };
	struct attachment_row part = { .state = ATTACHMENT_WAITING, .length = LENGTH,
				       .created_ms = clock_now_ms (), .partner = w->partner,
				       .expires_at_ms = clock_now_ms () + DAY_MS,
				       .title = file.title, .media_type = file.media_type,
				       .label = "" };
	uint8_t *plain = file_bytes (w);
	OWNED (tx) tx = ledger_begin (w->ledger);

	random16_make (letter.thread.b);
	random16_make (part.id);
	outbox_add (tx, &row, &letter);
	part.letter = row.id;
	letter_key_make (&part.key);
	attachment_add (tx, &part);
	for (size_t step = 0; step < blob_steps (LENGTH); step++)
		attachment_put_plain (tx, &part, step,
				      (struct bytes){ plain + blob_step_begin (step),
						      blob_step_plain (LENGTH, step) });
	assert_ok (tx_commit (tx));
	return row.id;
}

static struct attachment_row row_of (struct world *w, uint64_t n)
{
	struct attachment_row row;

	assert_ok (attachment_get (w->ledger, n, w->arena, &row));
	return row;
}

static void hub_has (struct world *w, const struct frame *put, uint64_t offset, err_t code)
{
	struct frame frame = { .type = FRAME_BLOB_HAVE };

	frame.blob_have.blob = put->blob_put.blob;
	frame.blob_have.offset = offset;
	frame.blob_have.code = code;
	hub_say (w, &frame);
}

/* Takes pieces into `blob` up to an offset; every piece begins where the last one ended. */
static uint64_t take_pieces (struct world *w, uint8_t *blob, uint64_t from, uint64_t up_to)
{
	struct frame put = hub_hears (w, FRAME_BLOB_PUT);

	assert_int_equal (put.blob_put.data.len, 0);   /* it asks first */
	hub_has (w, &put, from, ERR_OK);
	while (from < up_to) {
		put = hub_hears (w, FRAME_BLOB_PUT);
		assert_int_equal (put.blob_put.offset, from);
		assert_true (put.blob_put.data.len > 0);
		assert_true (put.blob_put.data.len <= LIMIT_BLOB_CHUNK_BYTES);
		memcpy (blob + from, put.blob_put.data.data, put.blob_put.data.len);
		from += put.blob_put.data.len;
		if (from < up_to || from == PADDED)
			hub_has (w, &put, from, ERR_OK);
	}
	turn (w, 20);
	return from;
}

static struct header header_of (const struct frame *put)
{
	struct header header;

	assert_ok (header_decode (put->put.h, &header));
	return header;
}

/* What the partner would read. */
static void check_blob (struct world *w, const struct frame *put, const uint8_t *blob)
{
	struct header header = header_of (put);
	OWNED (blob_opener) opener = NULL;
	struct letter_key key;
	struct sealed opened;
	struct letter letter;
	uint8_t *plain = file_bytes (w);

	assert_int_equal (header.blob_count, 1);
	assert_int_equal (header.blobs[0].padded_length, PADDED);
	assert_ok (envelope_open (&header, put->put.h, put->put.c, &w->partner_box, 1, w->arena,
				  &opened));
	assert_ok (letter_decode (opened.s, w->arena, &letter));
	assert_true (ID_EQUAL (letter.attachments[0].blob, header.blobs[0].id));
	assert_ok (envelope_key (&header, &w->partner_box, 1, &key));
	assert_ok (blob_opener_new (&key, 0, letter.attachments[0].length, &opener));
	for (size_t step = 0; step < blob_steps (LENGTH); step++) {
		struct bytes part;

		assert_ok (blob_opener_step (opener, blob + step * BLOB_STEP_BYTES, &part));
		assert_memory_equal (part.data, plain + blob_step_begin (step), part.len);
	}
	assert_ok (blob_opener_end (opener, &header.blobs[0].id, &letter.attachments[0].digest));
}

static void the_letter_goes_first_and_then_piece_after_piece (void **state)
{
	struct world *w = *state;
	uint8_t *blob = arena_must (w->arena, PADDED);
	struct frame put;

	write_with_file (w);
	hub_meets (w, 0);
	put = hub_hears (w, FRAME_PUT);
	assert_int_equal (hub_hears_within (w, 1200).type, 0);   /* not before custody */
	hub_takes (w, &put);
	assert_int_equal (take_pieces (w, blob, 0, PADDED), PADDED);
	assert_int_equal (row_of (w, 1).state, ATTACHMENT_AT_HUB);
	check_blob (w, &put, blob);
	assert_int_equal (hub_hears_within (w, 1200).type, 0);
}

static void after_a_cut_it_goes_on_from_what_the_hub_has (void **state)
{
	struct world *w = *state;
	uint8_t *blob = arena_must (w->arena, PADDED);
	struct frame put;
	uint64_t had;

	write_with_file (w);
	hub_meets (w, 0);
	put = hub_hears (w, FRAME_PUT);
	hub_takes (w, &put);
	had = take_pieces (w, blob, 0, PADDED / 2);
	hub_hangs_up (w, ERR_BUSY);
	hub_meets (w, 1);
	take_pieces (w, blob, had - 100, PADDED);   /* a hundred bytes were not durable yet */
	check_blob (w, &put, blob);
	assert_int_equal (row_of (w, 1).state, ATTACHMENT_AT_HUB);
}

static void a_letter_overtakes_the_pieces (void **state)
{
	struct world *w = *state;
	struct frame put, piece, letter;

	write_with_file (w);
	hub_meets (w, 0);
	put = hub_hears (w, FRAME_PUT);
	hub_takes (w, &put);
	piece = hub_hears (w, FRAME_BLOB_PUT);
	hub_has (w, &piece, 0, ERR_OK);
	piece = hub_hears (w, FRAME_BLOB_PUT);
	write_letter (w, "Kabar darurat");
	letter = hub_hears (w, FRAME_PUT);   /* before the piece was even answered */
	hub_has (w, &piece, LIMIT_BLOB_CHUNK_BYTES, ERR_OK);
	assert_int_equal (hub_hears_within (w, 1200).type, 0);   /* no piece beside a letter */
	hub_takes (w, &letter);
	assert_int_equal (hub_hears (w, FRAME_BLOB_PUT).blob_put.offset, LIMIT_BLOB_CHUNK_BYTES);
}

static void a_hub_that_is_full_is_asked_again_later (void **state)
{
	struct world *w = *state;
	struct frame put, piece;

	write_with_file (w);
	hub_meets (w, 0);
	put = hub_hears (w, FRAME_PUT);
	hub_takes (w, &put);
	piece = hub_hears (w, FRAME_BLOB_PUT);
	hub_has (w, &piece, 0, ERR_NO_SPACE);
	assert_int_equal (hub_hears_within (w, 600).type, 0);
	clock_turn (MINUTE_MS);
	assert_int_equal (hub_hears (w, FRAME_BLOB_PUT).blob_put.offset, 0);
	assert_int_equal (row_of (w, 1).state, ATTACHMENT_SENDING);
}

static void what_never_can_be_delivered_is_told (void **state)
{
	struct world *w = *state;
	struct frame put, piece;
	struct alarm *alarms;
	size_t count;

	write_with_file (w);
	hub_meets (w, 0);
	put = hub_hears (w, FRAME_PUT);
	hub_takes (w, &put);
	piece = hub_hears (w, FRAME_BLOB_PUT);
	hub_has (w, &piece, 0, ERR_EXPIRED);
	turn (w, 50);
	assert_int_equal (row_of (w, 1).state, ATTACHMENT_LOST);
	count = alarm_list (w->ledger, 0, 9, w->arena, &alarms);
	assert_true (count > 0);
	assert_string_equal (alarms[count - 1].name, "attachment-lost");
	assert_int_equal (hub_hears_within (w, 600).type, 0);
}

static void a_hub_that_lost_its_store_gets_letter_and_blob_again (void **state)
{
	struct world *w = *state;
	uint8_t *blob = arena_must (w->arena, PADDED);
	struct frame put, again;

	write_with_file (w);
	hub_meets (w, 0);
	put = hub_hears (w, FRAME_PUT);
	hub_takes (w, &put);
	take_pieces (w, blob, 0, PADDED);
	random16_make (w->hub_store.b);
	hub_hangs_up (w, ERR_BUSY);
	hub_meets (w, 0);
	again = hub_hears (w, FRAME_PUT);
	assert_true (bytes_equal (again.put.c, put.put.c));
	hub_takes (w, &again);
	memset (blob, 0, PADDED);
	take_pieces (w, blob, 0, PADDED);
	check_blob (w, &again, blob);
}

/* ---- in: a letter of the partner with one file ------------------------------------------ */

struct coming {
	uint8_t *blob;
	struct blob_id id;
	struct frame deliver;
};

static struct coming partner_sends (struct world *w, bool honest)
{
	struct public_key box = keypair_public (w->box);
	struct coming coming = { .blob = arena_must (w->arena, PADDED) };
	struct attachment file = { .title = "hasil.pdf", .media_type = "application/pdf",
				   .label = "", .length = LENGTH };
	struct letter letter = {
		.kind = "future.kind", .kind_version = 1,
		.sig_key_id = keypair_id (w->partner_sig),
		.from_user = "", .from_role = "", .to_role = "", .purpose = "",
		.rule = { "", "", "", "" }, .checkpoint = "", .created_ms = clock_now_ms (),
		.attachments = &file, .attachment_count = 1,
	};
	struct header header = { .from = w->partner, .to = w->self, .class = CLASS_ROUTINE,
				 .expires_at_ms = clock_now_ms () + DAY_MS, .blob_count = 1 };
	struct letter_key key;
	uint8_t *plain = file_bytes (w);
	OWNED (blob_sealer) sealer = NULL;
	struct sealed sealed;
	struct bytes s;

	letter_key_make (&key);
	sealer = blob_sealer_new (&key, 0, LENGTH);
	for (size_t step = 0; step < blob_steps (LENGTH); step++)
		blob_sealer_step (sealer,
				  (struct bytes){ plain + blob_step_begin (step),
						  blob_step_plain (LENGTH, step) },
				  coming.blob + step * BLOB_STEP_BYTES);
	blob_sealer_end (sealer, &coming.id, &file.digest);
	if (!honest)
		file.digest.b[0] ^= 1;
	file.blob = coming.id;
	header.blobs[0] = (struct blob_ref){ coming.id, PADDED };
	uuid7_make (header.id.b);
	assert_ok (letter_encode (&letter, w->arena, &s));
	assert_ok (envelope_seal_with (&key, &header, s, &box, w->partner_sig, w->arena, &sealed));
	coming.deliver.type = FRAME_DELIVER;
	coming.deliver.deliver.class = CLASS_ROUTINE;
	coming.deliver.deliver.dseq = 1;
	coming.deliver.deliver.attempt = 1;
	coming.deliver.deliver.item = DELIVER_LETTER;
	coming.deliver.deliver.h = sealed.h;
	coming.deliver.deliver.c = sealed.c;
	return coming;
}

/* The next frame that is no letter: receipts go on their way meanwhile. */
static struct frame hears_beside_letters (struct world *w, enum frame_type type,
					  struct receipt *ret_receipt)
{
	for (;;) {
		struct frame frame = hub_hears_within (w, WAIT_MS);

		if (frame.type == FRAME_PUT) {
			struct header header = header_of (&frame);
			struct sealed opened;
			struct letter letter;

			assert_ok (envelope_open (&header, frame.put.h, frame.put.c, &w->partner_box,
						  1, w->arena, &opened));
			assert_ok (letter_decode (opened.s, w->arena, &letter));
			for (size_t i = 0; i < letter.receipt_count && ret_receipt != NULL; i++)
				if (!ID_IS_NONE (letter.receipts[i].blob))
					*ret_receipt = letter.receipts[i];
			hub_takes (w, &frame);
			if (type == FRAME_PUT)
				return frame;
			continue;
		}
		assert_string_equal (frame_type_name (frame.type), frame_type_name (type));
		return frame;
	}
}

static void hub_gives (struct world *w, const struct coming *coming, uint64_t offset, size_t len,
		       err_t code)
{
	struct frame frame = { .type = FRAME_BLOB_DATA };

	frame.blob_data.blob = coming->id;
	frame.blob_data.offset = offset;
	frame.blob_data.data = (struct bytes){ coming->blob + offset, len };
	frame.blob_data.code = code;
	hub_say (w, &frame);
}

/* Gives pieces of an odd size up to an offset; none is asked for twice. */
static void give_up_to (struct world *w, const struct coming *coming, uint64_t from, uint64_t up_to)
{
	while (from < up_to) {
		struct frame get = hears_beside_letters (w, FRAME_BLOB_GET, NULL);
		size_t len = PADDED - from < 16001 ? (size_t)(PADDED - from) : 16001;

		assert_int_equal (get.blob_get.offset, from);
		hub_gives (w, coming, from, len, ERR_OK);
		from += len;
	}
}

static struct coming begin_coming (struct world *w, bool honest)
{
	struct coming coming = partner_sends (w, honest);

	hub_meets (w, 0);
	hub_say (w, &coming.deliver);
	assert_int_equal (hub_hears (w, FRAME_STORED).stored.up_to, 1);
	return coming;
}

static void check_file (struct world *w)
{
	struct attachment_row row = row_of (w, 1);
	uint8_t *plain = file_bytes (w);

	assert_int_equal (row.state, ATTACHMENT_HERE);
	for (size_t step = 0; step < blob_steps (LENGTH); step++) {
		struct bytes part;

		assert_ok (attachment_get_plain (w->ledger, &row, step, w->arena, &part));
		assert_int_equal (part.len, blob_step_plain (LENGTH, step));
		assert_memory_equal (part.data, plain + blob_step_begin (step), part.len);
	}
}

static void a_file_is_fetched_opened_acknowledged_and_receipted (void **state)
{
	struct world *w = *state;
	struct coming coming = begin_coming (w, true);
	struct receipt receipt = { .status = 0 };
	struct frame end;

	give_up_to (w, &coming, 0, PADDED);
	end = hears_beside_letters (w, FRAME_BLOB_GET, &receipt);
	assert_int_equal (end.blob_get.offset, PADDED);
	hub_gives (w, &coming, PADDED, 0, ERR_OK);
	while (receipt.status == 0)
		hears_beside_letters (w, FRAME_PUT, &receipt);
	assert_true (ID_EQUAL (receipt.blob, coming.id));
	assert_int_equal (receipt.status, RECEIPT_IS_STORED);
	check_file (w);
	turn (w, 50);
	assert_true (row_of (w, 1).told);
	assert_int_equal (hub_hears_within (w, 1200).type, 0);
}

static void what_is_here_is_not_asked_for_again_after_a_cut (void **state)
{
	struct world *w = *state;
	struct coming coming = begin_coming (w, true);
	uint64_t had;

	give_up_to (w, &coming, 0, PADDED / 2);
	hears_beside_letters (w, FRAME_BLOB_GET, NULL);   /* which is never answered */
	had = row_of (w, 1).done;
	assert_true (had >= PADDED / 2);
	hub_hangs_up (w, ERR_BUSY);
	hub_hears (w, FRAME_HELLO);
	hub_welcomes (w, 1, wide);   /* the receipt of the letter */
	give_up_to (w, &coming, had, PADDED);
	assert_int_equal (hears_beside_letters (w, FRAME_BLOB_GET, NULL).blob_get.offset, PADDED);
	check_file (w);
}

static void a_sender_that_is_not_so_far_is_waited_for (void **state)
{
	struct world *w = *state;
	struct coming coming = begin_coming (w, true);

	hears_beside_letters (w, FRAME_BLOB_GET, NULL);
	hub_gives (w, &coming, 0, 0, ERR_BUSY);
	clock_turn (MINUTE_MS);
	give_up_to (w, &coming, 0, PADDED);
	hears_beside_letters (w, FRAME_BLOB_GET, NULL);
	check_file (w);
}

static void what_was_damaged_on_the_way_is_fetched_again (void **state)
{
	struct world *w = *state;
	struct coming coming = begin_coming (w, true);

	coming.blob[70000] ^= 1;
	give_up_to (w, &coming, 0, PADDED);
	turn (w, 100);
	coming.blob[70000] ^= 1;
	clock_turn (MINUTE_MS);
	give_up_to (w, &coming, 0, PADDED);
	hears_beside_letters (w, FRAME_BLOB_GET, NULL);
	check_file (w);
}

/* Once the whole was opened: here, to be fetched again from its beginning, or given up. */
static enum attachment_state state_after_opening (struct world *w)
{
	int64_t end_ms = clock_monotonic_ms () + WAIT_MS;
	struct attachment_row row = row_of (w, 1);

	while ((row.state == ATTACHMENT_FETCHED || (row.state == ATTACHMENT_EXPECTED && row.done > 0)) &&
	       clock_monotonic_ms () < end_ms) {
		turn (w, 5);
		row = row_of (w, 1);
	}
	return row.state;
}

/* What the hub holds of it has changed: it would come so for ever. */
static void what_comes_damaged_each_time_is_given_up_at_last (void **state)
{
	struct world *w = *state;
	struct coming coming = begin_coming (w, true);

	coming.blob[70000] ^= 1;
	for (int i = 0; i < 3; i++) {
		give_up_to (w, &coming, 0, PADDED);
		assert_int_equal (state_after_opening (w), ATTACHMENT_EXPECTED);
		assert_int_equal (row_of (w, 1).error, ERR_DAMAGED);
		clock_turn (MINUTE_MS);
	}
	give_up_to (w, &coming, 0, PADDED);
	assert_int_equal (state_after_opening (w), ATTACHMENT_BROKEN);
	assert_int_equal (row_of (w, 1).error, ERR_DAMAGED);
}

static void a_file_that_is_not_what_the_letter_says_is_refused (void **state)
{
	struct world *w = *state;
	struct coming coming = begin_coming (w, false);
	struct receipt receipt = { .status = 0 };
	struct bytes part;
	struct attachment_row row;

	give_up_to (w, &coming, 0, PADDED);
	while (receipt.status == 0) {
		struct frame frame = hub_hears_within (w, WAIT_MS);
		struct header header;
		struct sealed opened;
		struct letter letter;

		if (frame.type != FRAME_PUT)
			continue;
		header = header_of (&frame);
		assert_ok (envelope_open (&header, frame.put.h, frame.put.c, &w->partner_box, 1,
					  w->arena, &opened));
		assert_ok (letter_decode (opened.s, w->arena, &letter));
		for (size_t i = 0; i < letter.receipt_count; i++)
			if (!ID_IS_NONE (letter.receipts[i].blob))
				receipt = letter.receipts[i];
		hub_takes (w, &frame);
	}
	assert_int_equal (receipt.status, RECEIPT_IS_REFUSED);
	assert_int_equal (receipt.code, ERR_CANNOT_OPEN);
	row = row_of (w, 1);
	assert_int_equal (row.state, ATTACHMENT_BROKEN);
	assert_int_equal (attachment_get_plain (w->ledger, &row, 0, w->arena, &part), ERR_NOT_FOUND);
}

static void a_letter_whose_header_names_other_blobs_is_malformed (void **state)
{
	struct world *w = *state;
	struct coming coming = partner_sends (w, true);
	struct frame frame = deliver (w, 1, w->partner_sig, 1);
	struct header header = { .from = w->partner, .to = w->self, .class = CLASS_ROUTINE,
				 .expires_at_ms = clock_now_ms () + DAY_MS, .blob_count = 1 };
	struct public_key box = keypair_public (w->box);
	struct attachment_row row;
	struct sealed sealed;

	/* The letter of `deliver` names none. */
	(void)coming;
	header.blobs[0] = (struct blob_ref){ { { 1 } }, PADDED };
	uuid7_make (header.id.b);
	{
		struct header other;
		struct sealed opened;

		assert_ok (header_decode (frame.deliver.h, &other));
		assert_ok (envelope_open (&other, frame.deliver.h, frame.deliver.c, &w->box, 1,
					  w->arena, &opened));
		assert_ok (envelope_seal (&header, opened.s, &box, w->partner_sig, w->arena, &sealed));
	}
	frame.deliver.h = sealed.h;
	frame.deliver.c = sealed.c;
	hub_meets (w, 0);
	hub_say (w, &frame);
	hub_hears (w, FRAME_STORED);
	assert_int_equal (stored_count (w, INBOX_UNKNOWN), 0);
	assert_int_equal (attachment_get (w->ledger, 1, w->arena, &row), ERR_NOT_FOUND);
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		world_test (the_letter_goes_first_and_then_piece_after_piece),
		world_test (after_a_cut_it_goes_on_from_what_the_hub_has),
		world_test (a_letter_overtakes_the_pieces),
		world_test (a_hub_that_is_full_is_asked_again_later),
		world_test (what_never_can_be_delivered_is_told),
		world_test (a_hub_that_lost_its_store_gets_letter_and_blob_again),
		world_test (a_file_is_fetched_opened_acknowledged_and_receipted),
		world_test (what_is_here_is_not_asked_for_again_after_a_cut),
		world_test (a_sender_that_is_not_so_far_is_waited_for),
		world_test (what_was_damaged_on_the_way_is_fetched_again),
		world_test (what_comes_damaged_each_time_is_given_up_at_last),
		world_test (a_file_that_is_not_what_the_letter_says_is_refused),
		world_test (a_letter_whose_header_names_other_blobs_is_malformed),
	};

	return unit_end (cmocka_run_group_tests (tests, NULL, NULL));
}
