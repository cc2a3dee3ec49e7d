/*
 * The committed golden vectors (tests/vectors): each is described anew from its bytes and held
 * against its golden fields, decoded and encoded back to the same bytes, and verified.
 *
 * VECTORS names another folder of the same form, such as one that another implementation made.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <sodium.h>
#include <string.h>

#include "jembatan/directory.h"
#include "jembatan/frame.h"
#include "jembatan/merkle.h"
#include "proto/wire.h"
#include "proto/wire_directory.h"
#include "tests/vectors/describe.h"

static arena_t *arena;

static int set_up (void **state)
{
	arena = arena_new (64 * MIB);
	return 0;
}

static int tear_down (void **state)
{
	arena_destroy (&arena);
	return 0;
}

static json_t *load (const char *name)
{
	const char *folder = getenv ("VECTORS");
	char path[1024];
	json_t *vector;

	snprintf (path, sizeof path, "%s/%s.json",
		  folder != NULL ? folder : SOURCE_DIR "/tests/vectors", name);
	vector = json_load_file (path, JSON_REJECT_DUPLICATES, NULL);
	if (vector == NULL)
		fail_msg ("%s can't be read", path);
	return vector;
}

static const char *text_of (const json_t *vector, const char *name)
{
	const char *text = json_string_value (json_object_get (vector, name));

	assert_non_null (text);
	return text;
}

static struct bytes bytes_of (const json_t *vector, const char *name)
{
	return hex_bytes (json_object_get (vector, name), arena);
}

static struct public_key key_in (const json_t *vector, const char *name)
{
	struct public_key key;

	assert_int_equal (ID_FROM_BYTES (&key, bytes_of (vector, name)), ERR_OK);
	return key;
}

static struct signature signature_in (const json_t *vector, const char *name)
{
	struct signature signature;

	assert_int_equal (ID_FROM_BYTES (&signature, bytes_of (vector, name)), ERR_OK);
	return signature;
}

static struct hash hash_in (const json_t *vector, const char *name)
{
	struct hash hash;

	assert_int_equal (ID_FROM_BYTES (&hash, bytes_of (vector, name)), ERR_OK);
	return hash;
}

#define assert_same_hash(made, vector, name)                                \
	do {                                                                \
		struct hash made_ = (made), golden_ = hash_in (vector, name); \
		assert_true (ID_EQUAL (made_, golden_));                    \
	} while (0)

/* The bytes say what the golden fields say. */
static struct bytes golden (const json_t *vector)
{
	struct bytes from = bytes_of (vector, "bytes");
	json_t *fields = describe (text_of (vector, "message"), from);

	assert_non_null (fields);
	assert_true (json_equal (fields, json_object_get (vector, "fields")));
	json_decref (fields);
	return from;
}

static void assert_again (struct bytes made, struct bytes from)
{
	assert_true (bytes_equal (made, from));
}

/* ---- keys and words --------------------------------------------------------------------------- */

static void keys_have_the_golden_ids (void **state)
{
	json_t *list = load ("keys");

	assert_int_equal (json_array_size (list), 5);
	for (size_t i = 0; i < json_array_size (list); i++) {
		const json_t *vector = json_array_get (list, i);
		enum key_use use = (enum key_use)(KEY_SIG + i);
		OWNED (keypair) pair = fixed_pair (
			use, (uint8_t)json_integer_value (json_object_get (vector, "fill")));
		struct public_key key = key_in (vector, "public"), made = keypair_public (pair);
		struct key_id id = key_id_of (use, &key);

		assert_string_equal (text_of (vector, "use"), key_use_name (use));
		assert_true (ID_EQUAL (key, made));
		assert_again (keypair_secret (pair), bytes_of (vector, "secret"));
		assert_again (BYTES_OF (id.b), bytes_of (vector, "id"));
	}
	json_decref (list);
}

static void fingerprints_have_the_golden_words (void **state)
{
	json_t *list = load ("fingerprints");
	char text[FINGERPRINT_TEXT];

	assert_int_equal (json_array_size (list), 26);
	for (size_t i = 0; i < json_array_size (list); i++) {
		struct hash hash = hash_in (json_array_get (list, i), "hash");

		assert_string_equal (fingerprint_words (&hash, text),
				     text_of (json_array_get (list, i), "words"));
	}
	json_decref (list);
}

/* ---- envelope, letters, consent, frames ------------------------------------------------------- */

static void the_header_is_golden (void **state)
{
	json_t *vector = load ("header");
	struct bytes h = golden (vector);
	struct header header;

	assert_int_equal (header_decode (h, &header), ERR_OK);
	assert_again (header_encode (&header, arena), h);
	assert_same_hash (header_hash (h), vector, "header_hash");
	json_decref (vector);
}

static void every_letter_body_is_golden (void **state)
{
	json_t *list = load ("letters");

	assert_int_equal (json_array_size (list), BODY_LAST + 1);
	for (size_t i = 0; i < json_array_size (list); i++) {
		struct bytes s = golden (json_array_get (list, i)), again;
		struct letter letter;

		assert_int_equal (letter_decode (s, arena, &letter), ERR_OK);
		assert_int_equal (letter.body, i);
		assert_int_equal (letter_encode (&letter, arena, &again), ERR_OK);
		assert_again (again, s);
	}
	json_decref (list);
}

static void the_clause_is_golden_and_signed (void **state)
{
	json_t *vector = load ("clause");
	struct public_key key = key_in (vector, "key");
	struct signed_clause from = { .clause = golden (vector),
				      .signature = signature_in (vector, "signature") };
	struct clause clause;
	struct bytes again;

	assert_int_equal (ID_FROM_BYTES (&from.sig_key_id, bytes_of (vector, "key_id")), ERR_OK);
	assert_int_equal (clause_verify (&from, &key), ERR_OK);
	assert_int_equal (clause_decode (from.clause, arena, &clause), ERR_OK);
	assert_int_equal (wire_clause_encode (&clause, arena, &again), ERR_OK);
	assert_again (again, from.clause);
	json_decref (vector);
}

static void the_withdrawal_is_golden_and_signed (void **state)
{
	json_t *vector = load ("withdrawal");
	struct public_key key = key_in (vector, "key");
	struct signed_withdrawal from = { .withdrawal = golden (vector),
					  .signature = signature_in (vector, "signature") };
	struct withdrawal withdrawal;
	struct bytes again;

	assert_int_equal (ID_FROM_BYTES (&from.sig_key_id, bytes_of (vector, "key_id")), ERR_OK);
	assert_int_equal (withdrawal_verify (&from, &key), ERR_OK);
	assert_int_equal (withdrawal_decode (from.withdrawal, arena, &withdrawal), ERR_OK);
	assert_int_equal (wire_withdrawal_encode (&withdrawal, arena, &again), ERR_OK);
	assert_again (again, from.withdrawal);
	json_decref (vector);
}

static void the_envelope_opens_to_the_golden_letter (void **state)
{
	json_t *vector = load ("envelope");
	OWNED (keypair) box = fixed_pair (KEY_BOX, KEY_BOX);
	struct public_key sig = key_in (vector, "sig_public");
	struct bytes h = bytes_of (vector, "h"), c = bytes_of (vector, "c");
	struct signature signature = signature_in (vector, "sig");
	struct sealed opened;
	struct header header;

	assert_again (keypair_secret (box), bytes_of (vector, "box_secret"));
	assert_int_equal (header_decode (h, &header), ERR_OK);
	assert_int_equal (envelope_open (&header, h, c, &box, 1, arena, &opened), ERR_OK);
	assert_again (opened.s, bytes_of (vector, "s"));
	assert_true (ID_EQUAL (opened.sig, signature));
	assert_int_equal (envelope_verify (&opened, &sig), ERR_OK);
	assert_same_hash (opened.header_hash, vector, "header_hash");
	assert_same_hash (envelope_digest (h, c), vector, "digest");
	json_decref (vector);
}

static void every_frame_is_golden (void **state)
{
	json_t *list = load ("frames");
	bool seen[FRAME_TYPE_LAST + 1] = { false };

	for (size_t i = 0; i < json_array_size (list); i++) {
		struct bytes from = golden (json_array_get (list, i));
		struct frame frame;

		assert_int_equal (frame_decode (from, arena, &frame), ERR_OK);
		seen[frame.type] = true;
		assert_again (frame_encode (&frame, arena), from);
	}
	for (unsigned type = 1; type <= FRAME_TYPE_LAST; type++)
		assert_true (seen[type]);
	json_decref (list);
}

static void the_notice_is_golden_and_signed (void **state)
{
	json_t *vector = load ("notice");
	struct public_key key = key_in (vector, "key");
	struct signature signature = signature_in (vector, "signature");
	struct bytes from = golden (vector);
	struct non_delivery word;

	assert_int_equal (verify_parts (&key, &signature, NOTICE_DOMAIN, from, BYTES_NONE,
					BYTES_NONE),
			  ERR_OK);
	assert_int_equal (non_delivery_decode (from, arena, &word), ERR_OK);
	assert_again (non_delivery_encode (&word, arena), from);
	json_decref (vector);
}

/* ---- the directory and its files -------------------------------------------------------------- */

static void requests_are_golden_and_proved (void **state)
{
	static const enum key_use proofs[] = { KEY_SIG, KEY_LOG };
	json_t *list = load ("requests");
	char words[FINGERPRINT_TEXT];

	assert_int_equal (json_array_size (list), COUNT_OF (proofs));
	for (size_t i = 0; i < json_array_size (list); i++) {
		const json_t *vector = json_array_get (list, i);
		OWNED (keypair) proof = fixed_pair (proofs[i], (uint8_t)proofs[i]);
		struct bytes from = golden (vector), again;
		struct request request;
		struct hash fingerprint;

		assert_int_equal (request_read (from, arena, &request, &fingerprint), ERR_OK);
		assert_same_hash (fingerprint, vector, "fingerprint");
		assert_string_equal (fingerprint_words (&fingerprint, words),
				     text_of (vector, "words"));
		assert_int_equal (request_make (&request, proof, arena, &again), ERR_OK);
		assert_again (again, from);
	}
	json_decref (list);
}

static void the_directory_is_golden_and_signed_again_to_the_same_bytes (void **state)
{
	json_t *vector = load ("directory"), *content;
	OWNED (keypair) root = fixed_pair (KEY_ROOT, KEY_ROOT);
	OWNED (keypair) second = fixed_pair (KEY_ROOT, 0x55);
	keypair_t *roots[] = { root, second };
	OWNED (directory) directory = NULL;
	struct bytes from = golden (vector), again;
	struct signed_directory parts;

	assert_int_equal (directory_read (from, NULL, &directory), ERR_OK);
	assert_int_equal (wire_signed_directory_decode (from, arena, &parts), ERR_OK);
	content = describe ("Directory", parts.directory);
	assert_true (json_equal (content, json_object_get (vector, "directory")));
	assert_int_equal (directory_sign (directory_data (directory), roots, 2, arena, &again),
			  ERR_OK);
	assert_again (again, from);
	json_decref (content);
	json_decref (vector);
}

static void the_welcome_file_is_golden (void **state)
{
	json_t *vector = load ("welcome");
	OWNED (directory) directory = NULL;
	struct bytes from = golden (vector), again;

	assert_int_equal (welcome_read (from, &directory), ERR_OK);
	assert_string_equal (directory_data (directory)->network, "uji");
	assert_int_equal (welcome_make (directory, arena, &again), ERR_OK);
	assert_again (again, from);
	json_decref (vector);
}

/* ---- the custody log -------------------------------------------------------------------------- */

static err_t judge_proof (const json_t *proof)
{
	const json_t *nodes = json_object_get (proof, "path"), *index = json_object_get (proof, "index");
	uint64_t size = (uint64_t)json_integer_value (json_object_get (proof, "size"));
	struct hash root = hash_in (proof, "root"), path[MERKLE_PATH_MAX], first;
	size_t count = json_array_size (nodes);

	assert_true (count < COUNT_OF (path));
	for (size_t i = 0; i < count; i++)
		memcpy (path[i].b, hex_bytes (json_array_get (nodes, i), arena).data, sizeof path[i].b);
	first = hash_in (proof, index != NULL ? "leaf" : "old_root");
	if (index != NULL)
		return merkle_verify_inclusion ((uint64_t)json_integer_value (index), size, &first,
						path, count, &root);
	return merkle_verify_consistency (
		(uint64_t)json_integer_value (json_object_get (proof, "old_size")), size, path, count,
		&first, &root);
}

static void proofs_hold_or_not_as_they_should (void **state)
{
	json_t *list = load ("proofs"), *proof;
	size_t i;

	assert_true (json_array_size (list) > 0);
	json_array_foreach (list, i, proof)
		assert_int_equal (judge_proof (proof) == ERR_OK,
				  json_is_true (json_object_get (proof, "holds")));
	json_decref (list);
}

static void leaves_and_roots_are_golden (void **state)
{
	json_t *vector = load ("tree");
	const json_t *leaves = json_object_get (vector, "leaves");
	const json_t *roots = json_object_get (vector, "roots");
	struct merkle_edge edge = { 0 };

	assert_int_equal (json_array_size (roots), json_array_size (leaves) + 1);
	for (size_t i = 0;; i++) {
		const json_t *one = json_array_get (leaves, i);
		struct hash root = merkle_root (&edge), leaf, hH;

		assert_again (BYTES_OF (root.b), hex_bytes (json_array_get (roots, i), arena));
		if (one == NULL)
			break;
		hH = hash_in (one, "header_hash");
		leaf = leaf_hash ((enum leaf_kind)json_integer_value (json_object_get (one, "kind")),
				  &hH, json_integer_value (json_object_get (one, "at_ms")));
		assert_same_hash (leaf, one, "hash");
		merkle_append (&edge, &leaf);
	}
	assert_int_equal (edge.size, 16);
	json_decref (vector);
}

static void the_checkpoint_is_golden (void **state)
{
	json_t *vector = load ("checkpoint");
	OWNED (keypair) log = fixed_pair (KEY_LOG, KEY_LOG);
	struct public_key key = key_in (vector, "key");
	const char *signer = text_of (vector, "signer"), *note = text_of (vector, "note");
	struct checkpoint read;

	assert_int_equal (checkpoint_read (note, signer, &key, arena, &read), ERR_OK);
	assert_string_equal (read.origin, text_of (vector, "origin"));
	assert_int_equal (read.size, json_integer_value (json_object_get (vector, "size")));
	assert_same_hash (read.root, vector, "root");
	assert_string_equal (checkpoint_sign (&read, signer, log, arena), note);
	json_decref (vector);
}

/* The blob again, from K, place and header: what the vector does not spell out. */
static uint8_t *blob_again (const json_t *vector, struct bytes plain, size_t padded)
{
	uint8_t *blob = arena_must (arena, padded), *from = arena_must (arena, padded);
	int64_t place = json_integer_value (json_object_get (vector, "place"));
	crypto_secretstream_xchacha20poly1305_state stream;
	size_t at = 24, read = 0;
	uint8_t subkey[32];

	memcpy (from, plain.data, plain.len);   /* the rest is zero: the padding */
	memcpy (blob, bytes_of (vector, "header").data, 24);
	crypto_kdf_derive_from_key (subkey, sizeof subkey, 1000u + (uint64_t)place, "JMBTN_v1",
				    bytes_of (vector, "key").data);
	crypto_secretstream_xchacha20poly1305_init_pull (&stream, blob, subkey);
	for (size_t room = 65495; at < padded; room = 65519) {
		bool last = at + room + 17 == padded;

		crypto_secretstream_xchacha20poly1305_push (&stream, blob + at, NULL, from + read, room,
							    NULL, 0, last ? 3 : 0);
		read += room;
		at += room + 17;
	}
	return blob;
}

static void check_attachment (const json_t *vector)
{
	uint64_t length = (uint64_t)json_integer_value (json_object_get (vector, "length"));
	size_t padded = (size_t)json_integer_value (json_object_get (vector, "padded_length"));
	size_t place = (size_t)json_integer_value (json_object_get (vector, "place"));
	struct hash name = hash_in (vector, "blob"), digest = hash_in (vector, "digest");
	uint8_t *plain = arena_must (arena, length), *blob;
	OWNED (blob_opener) opener = NULL;
	struct letter_key key;
	struct blob_id id;
	uint64_t at = 0;

	for (uint64_t j = 0; j < length; j++)
		plain[j] = (uint8_t)(j % 251);
	assert_int_equal (blob_padded_bytes (length), padded);
	blob = blob_again (vector, (struct bytes){ plain, length }, padded);
	memcpy (id.b, name.b, sizeof id.b);
	assert_int_equal (ID_FROM_BYTES (&key, bytes_of (vector, "key")), ERR_OK);
	assert_int_equal (blob_opener_new (&key, place, length, &opener), ERR_OK);
	for (size_t step = 0; step < blob_steps (length); step++) {
		struct bytes opened;

		assert_int_equal (blob_opener_step (opener, blob + step * BLOB_STEP_BYTES, &opened),
				  ERR_OK);
		assert_memory_equal (opened.data, plain + at, opened.len);
		at += opened.len;
	}
	assert_int_equal (at, length);
	assert_int_equal (blob_opener_end (opener, &id, &digest), ERR_OK);
}

static void every_attachment_is_golden (void **state)
{
	json_t *list = load ("attachments"), *vector;
	size_t i;

	assert_true (json_array_size (list) > 0);
	json_array_foreach (list, i, vector)
		check_attachment (vector);
	json_decref (list);
}

int main (void)
{
#define WITH_ARENA(test) cmocka_unit_test_setup_teardown (test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		WITH_ARENA (keys_have_the_golden_ids),
		WITH_ARENA (fingerprints_have_the_golden_words),
		WITH_ARENA (the_header_is_golden),
		WITH_ARENA (every_letter_body_is_golden),
		WITH_ARENA (the_clause_is_golden_and_signed),
		WITH_ARENA (the_withdrawal_is_golden_and_signed),
		WITH_ARENA (the_envelope_opens_to_the_golden_letter),
		WITH_ARENA (every_attachment_is_golden),
		WITH_ARENA (every_frame_is_golden),
		WITH_ARENA (the_notice_is_golden_and_signed),
		WITH_ARENA (requests_are_golden_and_proved),
		WITH_ARENA (the_directory_is_golden_and_signed_again_to_the_same_bytes),
		WITH_ARENA (the_welcome_file_is_golden),
		WITH_ARENA (leaves_and_roots_are_golden),
		WITH_ARENA (proofs_hold_or_not_as_they_should),
		WITH_ARENA (the_checkpoint_is_golden),
	};

	if (keys_start () != ERR_OK)
		return 1;
	return cmocka_run_group_tests (tests, NULL, NULL);
}
