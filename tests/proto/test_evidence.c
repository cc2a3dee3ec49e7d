/* Evidence packs: what holds, and that each thing which does not is noticed, whoever signed the whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "jembatan/evidence.h"
#include "jembatan/frame.h"

#define NOW INT64_C (1800000000000)

/* A sends one letter to B, B stores it, the hub logs it; a second one expires. */
struct scene {
	arena_t *arena;
	keypair_t *root, *log, *sig[2];
	struct member_key keys[2];
	directory_t *directory;
	struct evidence_letter letters[2], receipts[1];
	struct evidence_notice notice;
	const char *note;
	struct evidence pack;
};

static struct agency_id agency (const char *text)
{
	struct agency_id id;

	assert_int_equal (agency_id_parse (text, &id), ERR_OK);
	return id;
}

static void make_directory (struct scene *x, enum key_state state_of_a, int64_t since_ms)
{
	static const char *endpoint = "tcp://127.0.0.1:7000";
	struct hub_entry hub = { .id = "hub-uji", .endpoint_count = 1, .endpoints = &endpoint,
				 .link_key = { { 9 } }, .log_key = keypair_public (x->log) };
	struct registrar_key root = { keypair_public (x->root), "Pendaftar" };
	struct member members[2];
	struct directory_data data = { .version = 3, .issued_ms = NOW, .expires_ms = NOW + DAY_MS,
				       .network = "uji", .hub_count = 1, .hubs = &hub,
				       .registrar_key_count = 1, .registrar_keys = &root,
				       .threshold = 1, .member_count = 2, .members = members };
	struct bytes made;

	for (int i = 0; i < 2; i++) {
		x->keys[i] = (struct member_key){ .use = KEY_SIG,
						  .public_key = keypair_public (x->sig[i]),
						  .valid_from_ms = NOW - DAY_MS };
		members[i] = (struct member){ .id = agency (i == 0 ? "agency-a" : "agency-b"),
					      .name_id = "A", .name_en = "A", .kind = "clinic",
					      .region = "17.71", .address = "", .phone = "",
					      .whatsapp = "", .office_hours = "", .key_count = 1,
					      .keys = &x->keys[i] };
	}
	x->keys[0].state = state_of_a;
	x->keys[0].since_ms = since_ms;
	directory_destroy (&x->directory);
	assert_int_equal (directory_sign (&data, &x->root, 1, x->arena, &made), ERR_OK);
	assert_int_equal (directory_read (made, NULL, &x->directory), ERR_OK);
}

static struct sealed seal_letter (struct scene *x, int from, uint8_t id, struct letter *letter)
{
	struct header header = { .id = { { id } }, .from = agency (from == 0 ? "agency-a" : "agency-b"),
				 .to = agency (from == 0 ? "agency-b" : "agency-a"),
				 .expires_at_ms = NOW + DAY_MS, .class = CLASS_ROUTINE };
	OWNED (keypair) box = keypair_new (KEY_BOX);
	struct public_key box_key = keypair_public (box);
	struct sealed sealed;
	struct bytes s;

	letter->kind_version = 1;
	letter->sig_key_id = keypair_id (x->sig[from]);
	letter->from_user = letter->from_role = letter->to_role = letter->purpose = "";
	letter->rule = (struct rule){ "", "", "", "" };
	letter->checkpoint = "";
	letter->created_ms = NOW - HOUR_MS;
	assert_int_equal (letter_encode (letter, x->arena, &s), ERR_OK);
	assert_int_equal (envelope_seal (&header, s, &box_key, x->sig[from], x->arena, &sealed), ERR_OK);
	return sealed;
}

static void make_log (struct scene *x)
{
	struct merkle_edge edge = { .size = 0 };
	struct checkpoint checkpoint = { .origin = "uji/hub-uji/0123" };
	struct hash leaf = leaf_hash (LEAF_TAKEN, &x->letters[0].sealed.header_hash, NOW - HOUR_MS);
	struct hash *other = arena_alloc (x->arena, sizeof *other);

	other->b[0] = 7;
	merkle_append (&edge, &leaf);
	merkle_append (&edge, other);
	checkpoint.size = edge.size;
	checkpoint.root = merkle_root (&edge);
	x->note = checkpoint_sign (&checkpoint, "hub-uji", x->log, x->arena);
	x->letters[0].proved = true;
	x->letters[0].proof = (struct evidence_proof){ 0, NOW - HOUR_MS, 0, 1, other };
}

static void make_notice (struct scene *x)
{
	struct non_delivery word = { .id = { { 2 } }, .header_hash = x->letters[1].sealed.header_hash,
				     .from = agency ("agency-a"), .to = agency ("agency-b"),
				     .reason = ERR_EXPIRED, .at_ms = NOW - 1, .hub = "hub-uji" };

	x->notice.statement = non_delivery_encode (&word, x->arena);
	x->notice.signature = sign_parts (x->log, NOTICE_DOMAIN, x->notice.statement, BYTES_NONE,
					  BYTES_NONE);
}

static int set_up (void **state)
{
	static struct scene x;
	struct letter plain = { .kind = "service.note", .thread = { { 5 } } };
	struct letter receipts = { .kind = "letter.receipts", .body = BODY_RECEIPTS };
	struct receipt receipt = { .id = { { 1 } }, .status = RECEIPT_IS_STORED, .at_ms = NOW - 5 };

	assert_int_equal (keys_start (), ERR_OK);
	x = (struct scene){ .arena = arena_new (256 * MIB) };
	x.root = keypair_new (KEY_ROOT);
	x.log = keypair_new (KEY_LOG);
	x.sig[0] = keypair_new (KEY_SIG);
	x.sig[1] = keypair_new (KEY_SIG);
	make_directory (&x, KEY_STATE_ACTIVE, 0);
	x.letters[0].sealed = seal_letter (&x, 0, 1, &plain);
	x.letters[1].sealed = seal_letter (&x, 0, 2, &plain);
	receipt.header_hash = x.letters[0].sealed.header_hash;
	receipts.receipts = &receipt;
	receipts.receipt_count = 1;
	x.receipts[0].sealed = seal_letter (&x, 1, 3, &receipts);
	make_log (&x);
	make_notice (&x);
	x.pack = (struct evidence){ .by = agency ("agency-a"), .made_ms = NOW, .network = "uji",
				    .thread = { { 5 } }, .number = "R-2026-0007", .letter_count = 2,
				    .letters = x.letters, .receipt_count = 1, .receipts = x.receipts,
				    .checkpoint_count = 1, .checkpoints = &x.note, .notice_count = 1,
				    .notices = &x.notice };
	*state = &x;
	return 0;
}

static int tear_down (void **state)
{
	struct scene *x = *state;

	keypair_destroy (&x->root);
	keypair_destroy (&x->log);
	keypair_destroy (&x->sig[0]);
	keypair_destroy (&x->sig[1]);
	directory_destroy (&x->directory);
	arena_destroy (&x->arena);
	return 0;
}

static struct bytes file_of (struct scene *x)
{
	struct bytes file;

	assert_int_equal (evidence_make (&x->pack, x->sig[0], x->arena, &file), ERR_OK);
	return file;
}

static struct evidence_verdict judge (struct scene *x)
{
	struct evidence_file file;
	struct evidence_verdict verdict;

	assert_int_equal (evidence_read (file_of (x), x->arena, &file), ERR_OK);
	evidence_judge (&file, x->directory, NOW, x->arena, &verdict);
	return verdict;
}

static struct bytes flipped (struct scene *x, struct bytes from)
{
	uint8_t *copy = (uint8_t *)arena_bytes (x->arena, from).data;

	copy[from.len / 2] ^= 1;
	return (struct bytes){ copy, from.len };
}

/* ---- what holds ---- */

static void a_pack_shows_who_signed_what_who_stored_it_and_where_the_hub_has_it (void **state)
{
	struct evidence_verdict verdict = judge (*state);
	const struct evidence_finding *one = &verdict.letters[0], *two = &verdict.letters[1];

	assert_int_equal (verdict.pack, ERR_OK);
	assert_int_equal (verdict.worst, ERR_OK);
	assert_int_equal (verdict.letter_count, 2);
	assert_int_equal (one->signature, ERR_OK);
	assert_string_equal (one->kind, "service.note");
	assert_int_equal (one->stored, ERR_OK);
	assert_int_equal (one->stored_ms, NOW - 5);
	assert_int_equal (one->logged, ERR_OK);
	assert_int_equal (one->size, 2);
	assert_int_equal (two->stored, ERR_NOT_FOUND);
	assert_int_equal (two->logged, ERR_NOT_FOUND);
	assert_int_equal (two->expired, ERR_OK);
	assert_int_equal (two->expired_ms, NOW - 1);
}

static void every_flipped_bit_of_the_file_is_noticed (void **state)
{
	struct scene *x = *state;
	struct bytes file = file_of (x);
	uint8_t *damaged = (uint8_t *)arena_bytes (x->arena, file).data;
	struct evidence_verdict verdict;
	struct evidence_file read;

	for (size_t at = 0; at < file.len; at++) {
		OWNED (arena) arena = arena_new (8 * MIB);
		struct bytes bytes = { damaged, file.len };

		damaged[at] ^= (uint8_t)(1 << at % 8);
		if (evidence_read (bytes, arena, &read) == ERR_OK) {
			evidence_judge (&read, x->directory, NOW, arena, &verdict);
			assert_int_not_equal (verdict.worst, ERR_OK);
		}
		damaged[at] ^= (uint8_t)(1 << at % 8);
	}
}

static void nothing_hides_beside_the_signed_bytes (void **state)
{
	struct scene *x = *state;
	struct bytes file = file_of (x);
	uint8_t *longer = arena_alloc (x->arena, file.len + 2);
	struct evidence_file read;

	memcpy (longer, file.data, file.len);
	longer[file.len] = 0x18;       /* field 3, which nobody knows */
	longer[file.len + 1] = 1;
	assert_int_equal (evidence_read ((struct bytes){ longer, file.len + 2 }, x->arena, &read),
			  ERR_MALFORMED);
}

/* ---- what its own maker changed ---- */

static void a_body_that_its_sender_did_not_sign_is_named (void **state)
{
	struct scene *x = *state;
	struct evidence_verdict verdict;

	x->letters[0].sealed.s = flipped (x, x->letters[0].sealed.s);
	verdict = judge (x);
	assert_int_equal (verdict.pack, ERR_OK);
	assert_int_not_equal (verdict.letters[0].signature, ERR_OK);
	assert_int_equal (verdict.letters[1].signature, ERR_OK);
	assert_int_not_equal (verdict.worst, ERR_OK);
}

static void a_receipt_that_the_recipient_did_not_sign_proves_nothing (void **state)
{
	struct scene *x = *state;
	struct evidence_verdict verdict;

	x->receipts[0].sealed.sig.b[0] ^= 1;
	verdict = judge (x);
	assert_int_equal (verdict.receipts_bad, 1);
	assert_int_equal (verdict.letters[0].stored, ERR_NOT_FOUND);
	assert_int_equal (verdict.worst, ERR_BAD_SIGNATURE);
}

static void a_receipt_that_we_wrote_ourselves_proves_nothing (void **state)
{
	struct scene *x = *state;
	struct letter receipts = { .kind = "letter.receipts", .body = BODY_RECEIPTS };
	struct receipt receipt = { .id = { { 1 } }, .status = RECEIPT_IS_STORED, .at_ms = NOW,
				   .header_hash = x->letters[0].sealed.header_hash };

	receipts.receipts = &receipt;
	receipts.receipt_count = 1;
	x->receipts[0].sealed = seal_letter (x, 0, 4, &receipts);
	assert_int_equal (judge (x).letters[0].stored, ERR_NOT_FOUND);
}

static void a_proof_of_another_time_or_tree_does_not_hold (void **state)
{
	struct scene *x = *state;

	x->letters[0].proof.at_ms++;
	assert_int_equal (judge (x).letters[0].logged, ERR_BAD_SIGNATURE);
	x->letters[0].proof.at_ms--;
	x->letters[0].proof.checkpoint = 1;
	assert_int_equal (judge (x).letters[0].logged, ERR_MALFORMED);
	x->letters[0].proof.checkpoint = 0;
	x->note = checkpoint_sign (&(struct checkpoint){ .origin = "uji/hub-uji/0123", .size = 2 },
				   "hub-uji", x->log, x->arena);
	assert_int_equal (judge (x).letters[0].logged, ERR_BAD_SIGNATURE);
	x->note = checkpoint_sign (&(struct checkpoint){ .origin = "uji/hub-lain/0123", .size = 2 },
				   "hub-uji", x->log, x->arena);
	assert_int_equal (judge (x).letters[0].logged, ERR_KEY_UNKNOWN);
	assert_int_equal (judge (x).checkpoints_bad, 1);
}

static void a_notice_that_the_hub_did_not_sign_is_named (void **state)
{
	struct scene *x = *state;
	struct evidence_verdict verdict;

	x->notice.signature.b[5] ^= 1;
	verdict = judge (x);
	assert_int_equal (verdict.notices_bad, 1);
	assert_int_equal (verdict.letters[1].expired, ERR_NOT_FOUND);
}

static void a_letter_of_another_thread_does_not_belong (void **state)
{
	struct scene *x = *state;

	x->pack.thread.b[0] = 6;
	assert_int_equal (judge (x).letters[0].signature, ERR_CONFLICT);
}

static void an_erased_body_says_nothing_and_spoils_nothing (void **state)
{
	struct scene *x = *state;
	struct evidence_verdict verdict;

	x->letters[1].sealed.s = BYTES_NONE;
	verdict = judge (x);
	assert_int_equal (verdict.letters[1].signature, ERR_ERASED);
	assert_int_equal (verdict.worst, ERR_OK);
}

/* ---- keys ---- */

static void the_log_dates_a_letter_before_its_key_was_compromised (void **state)
{
	struct scene *x = *state;
	struct evidence_verdict verdict;

	make_directory (x, KEY_STATE_COMPROMISED, NOW - MINUTE_MS);
	verdict = judge (x);
	assert_int_equal (verdict.letters[0].signature, ERR_OK);            /* taken an hour before */
	assert_int_equal (verdict.letters[1].signature, ERR_KEY_REVOKED);   /* who knows when */
	assert_int_equal (verdict.pack, ERR_KEY_REVOKED);
}

static void a_retired_key_still_counts_for_what_it_signed (void **state)
{
	struct scene *x = *state;
	struct evidence_verdict verdict;

	make_directory (x, KEY_STATE_RETIRED, NOW - MINUTE_MS);
	x->pack.made_ms = NOW - 2 * MINUTE_MS;
	verdict = judge (x);
	assert_int_equal (verdict.worst, ERR_OK);
}

static void a_stranger_or_another_network_is_refused (void **state)
{
	struct scene *x = *state;

	x->pack.by = agency ("agency-c");
	assert_int_equal (judge (x).pack, ERR_NOT_MEMBER);
	x->pack.by = agency ("agency-a");
	x->pack.network = "lain";
	assert_int_equal (judge (x).pack, ERR_CONFLICT);
}

#define evidence_test(f) cmocka_unit_test_setup_teardown (f, set_up, tear_down)

int main (void)
{
	const struct CMUnitTest tests[] = {
		evidence_test (a_pack_shows_who_signed_what_who_stored_it_and_where_the_hub_has_it),
		evidence_test (every_flipped_bit_of_the_file_is_noticed),
		evidence_test (nothing_hides_beside_the_signed_bytes),
		evidence_test (a_body_that_its_sender_did_not_sign_is_named),
		evidence_test (a_receipt_that_the_recipient_did_not_sign_proves_nothing),
		evidence_test (a_receipt_that_we_wrote_ourselves_proves_nothing),
		evidence_test (a_proof_of_another_time_or_tree_does_not_hold),
		evidence_test (a_notice_that_the_hub_did_not_sign_is_named),
		evidence_test (a_letter_of_another_thread_does_not_belong),
		evidence_test (an_erased_body_says_nothing_and_spoils_nothing),
		evidence_test (the_log_dates_a_letter_before_its_key_was_compromised),
		evidence_test (a_retired_key_still_counts_for_what_it_signed),
		evidence_test (a_stranger_or_another_network_is_refused),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
