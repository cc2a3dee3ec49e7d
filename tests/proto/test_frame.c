#include "tests/support/unit.h"

#include <string.h>

#include "frame.pb-c.h"
#include "proto/wire_frame_letter.h"
#include "tests/support/bytes.h"
#include "tests/support/samples.h"

#define ARENA_BYTES (2 * MIB)

/* How many fields the message of each type has on the wire when all are filled: so that a field
 * which is neither written nor read is missed. */
static const struct { enum frame_type type; enum deliver_item item; size_t fields; } full[] = {
	{ FRAME_HELLO, 0, 9 + 3 },
	{ FRAME_WELCOME, 0, 10 },
	{ FRAME_PUT, 0, 3 },
	{ FRAME_PUT_OK, 0, 1 + 2 },
	{ FRAME_PUT_ERR, 0, 4 },
	{ FRAME_DELIVER, DELIVER_LETTER, 4 },
	{ FRAME_DELIVER, DELIVER_GAP, 4 },
	{ FRAME_DELIVER, DELIVER_NOTICE, 4 },
	{ FRAME_STORED, 0, 2 },
	{ FRAME_NAK, 0, 4 },
	{ FRAME_RECALL, 0, 1 },
	{ FRAME_RECALLED, 0, 2 },
	{ FRAME_CREDIT, 0, 2 },
	{ FRAME_BLOB_PUT, 0, 4 },
	{ FRAME_BLOB_HAVE, 0, 3 },
	{ FRAME_BLOB_GET, 0, 2 },
	{ FRAME_BLOB_DATA, 0, 4 },
	{ FRAME_DIRECTORY_GET, 0, 2 },
	{ FRAME_DIRECTORY_IS, 0, 4 },
	{ FRAME_PROOF_GET, 0, 2 + 2 + 1 },
	{ FRAME_PROOF, 0, 1 + 2 + 3 + 3 },
	{ FRAME_PING, 0, 1 },
	{ FRAME_PONG, 0, 2 },
	{ FRAME_BYE, 0, 2 },
};

static void every_frame_type_round_trips_with_all_its_fields (void **state)
{
	for (size_t i = 0; i < COUNT_OF (full); i++) {
		OWNED (arena) arena = arena_new (ARENA_BYTES);
		struct frame frame = sample_frame (full[i].type, full[i].item, arena), read;
		struct bytes bytes = frame_encode (&frame, arena), content, last;

		assert_int_equal (fields_of (bytes, &content), 1);
		assert_int_equal (fields_of (content, &last), full[i].fields);
		assert_int_equal (frame_decode (bytes, arena, &read), ERR_OK);
		assert_int_equal (read.type, full[i].type);
		assert_true (bytes_equal (frame_encode (&read, arena), bytes));
	}
	for (unsigned type = 1; type <= FRAME_TYPE_LAST; type++) {
		size_t i = 0;

		while (i < COUNT_OF (full) && full[i].type != type)
			i++;
		assert_in_range (i, 0, COUNT_OF (full) - 1);
	}
}

static void a_put_gives_back_its_letter (void **state)
{
	OWNED (arena) arena = arena_new (ARENA_BYTES);
	struct frame frame = sample_frame (FRAME_PUT, 0, arena), read;

	assert_int_equal (frame_decode (frame_encode (&frame, arena), arena, &read), ERR_OK);
	assert_int_equal (read.put.pseq, frame.put.pseq);
	assert_true (bytes_equal (read.put.h, frame.put.h));
	assert_true (bytes_equal (read.put.c, frame.put.c));
}

static void every_frame_type_has_a_name_of_its_own (void **state)
{
	for (unsigned i = 1; i <= FRAME_TYPE_LAST; i++) {
		assert_string_not_equal (frame_type_name (i), "unknown");
		for (unsigned j = i + 1; j <= FRAME_TYPE_LAST; j++)
			assert_string_not_equal (frame_type_name (i), frame_type_name (j));
	}
	assert_string_equal (frame_type_name (FRAME_TYPE_LAST + 1), "unknown");
	assert_string_equal (frame_type_name (0), "unknown");
}

/* ---- caps ------------------------------------------------------------------------------------- */

static struct bytes big;

static void hello_min (struct frame *f) { f->hello.protocol_min = 0; }
static void hello_max (struct frame *f) { f->hello.protocol_max = 0; }
static void hello_agency (struct frame *f) { f->hello.agency.text[0] = '\0'; }
static void hello_store (struct frame *f) { memset (&f->hello.store_id, 0, 16); }
static void hello_twice (struct frame *f) { f->hello.stored[1].class = CLASS_STAT; }
static void hello_class (struct frame *f) { f->hello.stored[1].class = 4; }
static void hello_seq (struct frame *f) { f->hello.next_pseq = UINT64_MAX; }
static void hello_note (struct frame *f) { f->hello.checkpoint = (const char *)big.data; }
static void hello_control (struct frame *f) { f->hello.checkpoint = "a\x1b"; }
static void welcome_hub (struct frame *f) { f->welcome.hub = ""; }
static void welcome_line (struct frame *f) { f->welcome.hub = "a\nb"; }
static void welcome_long (struct frame *f) { f->welcome.hub = "123456789012345678901234567890123"; }
static void welcome_time (struct frame *f) { f->welcome.hub_time_ms = INT64_MAX; }
static void put_no_h (struct frame *f) { f->put.h = BYTES_NONE; }
static void put_no_c (struct frame *f) { f->put.c = BYTES_NONE; }
static void put_big_h (struct frame *f) { f->put.h.data = big.data, f->put.h.len = LIMIT_HEADER_BYTES + 1; }
static void put_big_c (struct frame *f) { f->put.c.data = big.data, f->put.c.len = LIMIT_CIPHER_BYTES + 1; }
static void deliver_class (struct frame *f) { f->deliver.class = 0; }
static void deliver_seq (struct frame *f) { f->deliver.dseq = (uint64_t)INT64_MAX + 1; }
static void gap_from (struct frame *f) { strcpy (f->deliver.gap.from.text, "a b"); }
static void notice_big (struct frame *f) { f->deliver.notice.statement = (struct bytes){ big.data, LIMIT_HEADER_BYTES + 1 }; }
static void recall_none (struct frame *f) { memset (&f->recall.id, 0, 16); }
static void blob_big (struct frame *f) { f->blob_put.data = (struct bytes){ big.data, LIMIT_BLOB_CHUNK_BYTES + 1 }; }
static void blob_far (struct frame *f) { f->blob_get.offset = LIMIT_BLOB_BYTES + LIMIT_BLOB_STEP_BYTES + 1; }
static void credit_big (struct frame *f) { f->credit.bytes = UINT64_MAX; }

static void each_cap_of_a_frame_is_enforced (void **state)
{
	static const struct {
		enum frame_type type;
		enum deliver_item item;
		void (*change) (struct frame *);
		err_t err;
	} rows[] = {
		{ FRAME_HELLO, 0, hello_min, ERR_MALFORMED },
		{ FRAME_HELLO, 0, hello_max, ERR_MALFORMED },
		{ FRAME_HELLO, 0, hello_agency, ERR_MALFORMED },
		{ FRAME_HELLO, 0, hello_store, ERR_MALFORMED },
		{ FRAME_HELLO, 0, hello_twice, ERR_MALFORMED },
		{ FRAME_HELLO, 0, hello_class, ERR_MALFORMED },
		{ FRAME_HELLO, 0, hello_seq, ERR_MALFORMED },
		{ FRAME_HELLO, 0, hello_note, ERR_TOO_LARGE },
		{ FRAME_HELLO, 0, hello_control, ERR_MALFORMED },
		{ FRAME_WELCOME, 0, welcome_hub, ERR_MALFORMED },
		{ FRAME_WELCOME, 0, welcome_line, ERR_MALFORMED },
		{ FRAME_WELCOME, 0, welcome_long, ERR_TOO_LARGE },
		{ FRAME_WELCOME, 0, welcome_time, ERR_MALFORMED },
		{ FRAME_PUT, 0, put_no_h, ERR_MALFORMED },
		{ FRAME_PUT, 0, put_no_c, ERR_MALFORMED },
		{ FRAME_PUT, 0, put_big_h, ERR_TOO_LARGE },
		{ FRAME_PUT, 0, put_big_c, ERR_TOO_LARGE },
		{ FRAME_DELIVER, DELIVER_LETTER, deliver_class, ERR_MALFORMED },
		{ FRAME_DELIVER, DELIVER_LETTER, deliver_seq, ERR_MALFORMED },
		{ FRAME_DELIVER, DELIVER_GAP, gap_from, ERR_MALFORMED },
		{ FRAME_DELIVER, DELIVER_NOTICE, notice_big, ERR_TOO_LARGE },
		{ FRAME_RECALL, 0, recall_none, ERR_MALFORMED },
		{ FRAME_BLOB_PUT, 0, blob_big, ERR_TOO_LARGE },
		{ FRAME_BLOB_GET, 0, blob_far, ERR_TOO_LARGE },
		{ FRAME_CREDIT, 0, credit_big, ERR_MALFORMED },
	};
	OWNED (arena) keep = arena_new (MIB);

	big = (struct bytes){ memset (arena_must (keep, 300 * KIB + 1), 'x', 300 * KIB), 300 * KIB };
	for (size_t i = 0; i < COUNT_OF (rows); i++) {
		OWNED (arena) arena = arena_new (ARENA_BYTES);
		struct frame frame = sample_frame (rows[i].type, rows[i].item, arena), read;

		rows[i].change (&frame);
		assert_int_equal (frame_decode (frame_encode (&frame, arena), arena, &read),
				  rows[i].err);
	}
}

static void repeated_fields_have_a_ceiling (void **state)
{
	OWNED (arena) arena = arena_new (ARENA_BYTES);
	struct frame frame = { .type = FRAME_PUT_OK }, read;
	struct custody *taken = arena_must (arena, (LIMIT_TAKEN + 1) * sizeof *taken);
	struct hash *hashes = arena_must (arena, (LIMIT_PROOF_HASHES + 1) * sizeof *hashes);
	uint64_t *leaves = arena_must (arena, (LIMIT_PROOF_HASHES + 1) * sizeof *leaves);

	memset (leaves, 0, (LIMIT_PROOF_HASHES + 1) * sizeof *leaves);
	memset (hashes, 1, (LIMIT_PROOF_HASHES + 1) * sizeof *hashes);
	frame.put_ok.taken = taken;
	frame.put_ok.taken_count = LIMIT_TAKEN;
	assert_int_equal (frame_decode (frame_encode (&frame, arena), arena, &read), ERR_OK);
	frame.put_ok.taken_count++;
	assert_int_equal (frame_decode (frame_encode (&frame, arena), arena, &read), ERR_TOO_LARGE);
	frame = (struct frame){ .type = FRAME_PROOF_GET };
	frame.proof_get.hashes = hashes;
	frame.proof_get.leaves = leaves;
	frame.proof_get.hash_count = LIMIT_PROOF_HASHES;
	assert_int_equal (frame_decode (frame_encode (&frame, arena), arena, &read), ERR_OK);
	frame.proof_get.hash_count++;
	assert_int_equal (frame_decode (frame_encode (&frame, arena), arena, &read), ERR_TOO_LARGE);
}

/* ProofGet {header_hashes: one, leaves: none}: field 1, 32 bytes, in field 18 of the frame. */
static void a_hash_without_its_leaf_is_refused (void **state)
{
	OWNED (arena) arena = arena_new (ARENA_BYTES);
	uint8_t bytes[3 + 34] = { 0x92, 0x01, 34, 0x0a, 32 };
	struct frame read;

	assert_int_equal (frame_decode (BYTES_OF (bytes), arena, &read), ERR_MALFORMED);
}

static void two_kinds_in_one_frame_are_refused (void **state)
{
	OWNED (arena) arena = arena_new (ARENA_BYTES);
	struct frame frame = sample_frame (FRAME_PING, 0, arena), read;
	struct bytes bytes = frame_encode (&frame, arena);

	bytes = with_bytes_field (bytes, FRAME_PONG, BYTES_NONE, arena);
	assert_int_equal (frame_decode (bytes, arena, &read), ERR_MALFORMED);
	assert_int_equal (frame_decode (BYTES_NONE, arena, &read), ERR_MALFORMED);
	bytes = with_bytes_field (BYTES_OF ((const uint8_t[]){ 0 }), 50, BYTES_NONE, arena);
	assert_int_equal (frame_decode (bytes, arena, &read), ERR_MALFORMED);
}

static void a_small_frame_can_not_grow_beyond_the_arena (void **state)
{
	OWNED (arena) arena = arena_new (64 * KIB);
	OWNED (arena) keep = arena_new (MIB);
	struct bytes path = BYTES_NONE, proof, frame;
	struct frame read;

	/* Sixty inclusions of a hundred empty hashes each: 12 KiB that ask for more than 200. */
	for (int i = 0; i < 100; i++)
		path = with_bytes_field (path, 3, BYTES_NONE, keep);
	proof = BYTES_NONE;
	for (int i = 0; i < 60; i++)
		proof = with_bytes_field (proof, 2, path, keep);
	frame = with_bytes_field (BYTES_NONE, FRAME_PROOF, proof, keep);
	assert_int_equal (frame_decode (frame, arena, &read), ERR_TOO_LARGE);
}

static void an_unknown_error_name_is_read_by_whether_a_retry_is_offered (void **state)
{
	OWNED (arena) arena = arena_new (ARENA_BYTES);
	struct bytes bye = with_bytes_field (BYTES_NONE, 1, bytes_of_text ("NEWER_ERROR"), arena);
	struct frame read;

	assert_int_equal (frame_decode (with_bytes_field (BYTES_NONE, FRAME_BYE, bye, arena), arena,
					&read),
			  ERR_OK);
	assert_int_equal (read.bye.code, ERR_MALFORMED);
	bye = with_number_field (bye, 2, 500, arena);
	assert_int_equal (frame_decode (with_bytes_field (BYTES_NONE, FRAME_BYE, bye, arena), arena,
					&read),
			  ERR_OK);
	assert_int_equal (read.bye.code, ERR_BUSY);
}

static void decode_only (struct bytes spoiled)
{
	OWNED (arena) arena = arena_new (ARENA_BYTES);
	struct frame read = { .type = 77 };

	if (frame_decode (spoiled, arena, &read) != ERR_OK)
		assert_int_equal (read.type, 77);
}

static void spoiled_frames_are_survived_and_leave_the_result_untouched (void **state)
{
	for (size_t i = 0; i < COUNT_OF (full); i++) {
		OWNED (arena) arena = arena_new (ARENA_BYTES);
		struct frame frame = sample_frame (full[i].type, full[i].item, arena);

		spoil_everywhere (frame_encode (&frame, arena), decode_only);
	}
}

static void a_notice_round_trips (void **state)
{
	OWNED (arena) arena = arena_new (ARENA_BYTES);
	struct non_delivery word = { .reason = ERR_EXPIRED, .at_ms = 5, .leaf = 6, .hub = "hub" };
	struct non_delivery read;
	struct bytes bytes, last;

	memset (&word.id, 1, sizeof word.id);
	memset (&word.header_hash, 2, sizeof word.header_hash);
	strcpy (word.from.text, "bnn-kota");
	strcpy (word.to.text, "ipwl-pesona");
	bytes = non_delivery_encode (&word, arena);
	assert_int_equal (fields_of (bytes, &last), 8);
	assert_int_equal (non_delivery_decode (bytes, arena, &read), ERR_OK);
	assert_int_equal (read.reason, ERR_EXPIRED);
	assert_true (bytes_equal (non_delivery_encode (&read, arena), bytes));
	bytes.len--;
	assert_int_equal (non_delivery_decode (bytes, arena, &read), ERR_MALFORMED);
}

/* ---- the shorter way of Put and Deliver ---- */

static struct frame letter_frame (enum frame_type type, uint64_t number, size_t h_len, size_t c_len)
{
	static uint8_t h[LIMIT_HEADER_BYTES], c[LIMIT_CIPHER_BYTES];
	struct frame frame = { .type = type };

	memset (h, 0x41, sizeof h);
	memset (c, 0x42, sizeof c);
	if (type == FRAME_PUT) {
		frame.put.pseq = number;
		frame.put.h = (struct bytes){ h, h_len };
		frame.put.c = (struct bytes){ c, c_len };
		return frame;
	}
	frame.deliver.item = DELIVER_LETTER;
	frame.deliver.class = (enum letter_class)(1 + number % 3);
	frame.deliver.dseq = number;
	frame.deliver.attempt = (uint32_t)(number % 200 + 1);
	frame.deliver.h = (struct bytes){ h, h_len };
	frame.deliver.c = (struct bytes){ c, c_len };
	return frame;
}

static void assert_same_letter (const struct frame *a, const struct frame *b)
{
	assert_int_equal (a->type, b->type);
	if (a->type == FRAME_PUT) {
		assert_int_equal (a->put.pseq, b->put.pseq);
		assert_true (bytes_equal (a->put.h, b->put.h));
		assert_true (bytes_equal (a->put.c, b->put.c));
		return;
	}
	assert_int_equal (a->deliver.item, b->deliver.item);
	assert_int_equal (a->deliver.class, b->deliver.class);
	assert_int_equal (a->deliver.dseq, b->deliver.dseq);
	assert_int_equal (a->deliver.attempt, b->deliver.attempt);
	assert_true (bytes_equal (a->deliver.h, b->deliver.h));
	assert_true (bytes_equal (a->deliver.c, b->deliver.c));
}

/* What protobuf-c itself writes for the message in these bytes. */
static struct bytes packed_again (struct bytes bytes, arena_t *arena)
{
	Jembatan__Frame *frame = jembatan__frame__unpack (NULL, bytes.len, bytes.data);
	uint8_t *packed;
	size_t len;

	assert_non_null (frame);
	packed = arena_must (arena, jembatan__frame__get_packed_size (frame));
	len = jembatan__frame__pack (frame, packed);
	jembatan__frame__free_unpacked (frame, NULL);
	return (struct bytes){ packed, len };
}

/* The same message with a field behind it that nobody knows, which the shorter way leaves alone. */
static struct bytes with_unknown_field (struct bytes bytes, arena_t *arena)
{
	static const uint8_t field[] = { 0xf8, 0x3f, 0x01 };
	uint8_t *longer = arena_must (arena, bytes.len + sizeof field);

	memcpy (longer, bytes.data, bytes.len);
	memcpy (longer + bytes.len, field, sizeof field);
	return (struct bytes){ longer, bytes.len + sizeof field };
}

static void letters_are_written_and_read_as_the_general_way_does (void **state)
{
	static const uint64_t numbers[] = { 1, 127, 128, 16383, 16384, UINT64_C (1) << 40, INT64_MAX };
	static const size_t lens[][2] = { { 1, 1 }, { 127, 128 }, { 250, 1064 }, { 2048, 16424 },
					  { LIMIT_HEADER_BYTES, LIMIT_CIPHER_BYTES } };
	OWNED (arena) arena = arena_new (8 * MIB);

	for (size_t i = 0; i < COUNT_OF (numbers) * COUNT_OF (lens) * 2; i++) {
		const size_t *len = lens[i / 2 % COUNT_OF (lens)];
		struct frame frame = letter_frame (i % 2 == 0 ? FRAME_PUT : FRAME_DELIVER,
						   numbers[i / 2 / COUNT_OF (lens)], len[0], len[1]);
		struct frame fast, general;
		struct bytes bytes;

		arena_reset (arena);
		bytes = letter_frame_write (&frame, arena);
		assert_true (bytes_equal (bytes, packed_again (bytes, arena)));
		assert_true (letter_frame_read (bytes, &fast));
		assert_same_letter (&frame, &fast);
		bytes = with_unknown_field (bytes, arena);
		assert_false (letter_frame_read (bytes, &fast));
		assert_int_equal (frame_decode (bytes, arena, &general), ERR_OK);
		assert_same_letter (&frame, &general);
	}
}

/* Whatever is cut or changed, the shorter way takes only what protobuf-c would write itself. */
static void spoiled_letter_frames_are_left_to_the_general_way (void **state)
{
	OWNED (arena) arena = arena_new (2 * MIB);

	for (int type = FRAME_PUT; type <= FRAME_DELIVER; type += FRAME_DELIVER - FRAME_PUT) {
		struct frame frame = letter_frame ((enum frame_type)type, 300, 20, 30), got;
		struct bytes bytes = letter_frame_write (&frame, arena);
		uint8_t spoiled[128];

		for (size_t len = 0; len < bytes.len; len++)
			assert_false (letter_frame_read ((struct bytes){ bytes.data, len }, &got));
		for (size_t at = 0; at < bytes.len * 256; at++) {
			struct bytes changed = { spoiled, bytes.len };

			memcpy (spoiled, bytes.data, bytes.len);
			spoiled[at / 256] = (uint8_t)at;
			arena_reset (arena);
			bytes = letter_frame_write (&frame, arena);
			if (letter_frame_read (changed, &got))
				assert_true (bytes_equal (changed, packed_again (changed, arena)));
		}
	}
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (every_frame_type_round_trips_with_all_its_fields),
		cmocka_unit_test (a_put_gives_back_its_letter),
		cmocka_unit_test (every_frame_type_has_a_name_of_its_own),
		cmocka_unit_test (each_cap_of_a_frame_is_enforced),
		cmocka_unit_test (repeated_fields_have_a_ceiling),
		cmocka_unit_test (a_hash_without_its_leaf_is_refused),
		cmocka_unit_test (two_kinds_in_one_frame_are_refused),
		cmocka_unit_test (a_small_frame_can_not_grow_beyond_the_arena),
		cmocka_unit_test (an_unknown_error_name_is_read_by_whether_a_retry_is_offered),
		cmocka_unit_test (spoiled_frames_are_survived_and_leave_the_result_untouched),
		cmocka_unit_test (a_notice_round_trips),
		cmocka_unit_test (letters_are_written_and_read_as_the_general_way_does),
		cmocka_unit_test (spoiled_letter_frames_are_left_to_the_general_way),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
