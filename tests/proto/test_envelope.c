/* Sealing: what one side seals only the other opens, and nothing that was touched passes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "jembatan/envelope.h"

/* One letter from ipwl to klinik, and the keys of both. */
struct letterbox {
	arena_t *arena;
	keypair_t *sig, *box;
	struct public_key sig_key, box_key;
	struct header header;
	struct sealed sealed;
};

static struct header header_of (const char *from, const char *to)
{
	struct header header = { .expires_at_ms = 1800000000000, .class = CLASS_ROUTINE };

	uuid7_make (header.id.b);
	assert_int_equal (agency_id_parse (from, &header.from), ERR_OK);
	assert_int_equal (agency_id_parse (to, &header.to), ERR_OK);
	return header;
}

static int set_up (void **state)
{
	struct letterbox *x = must_alloc (sizeof *x);

	memset (x, 0, sizeof *x);
	x->arena = arena_new (64 * MIB);
	x->sig = keypair_new (KEY_SIG);
	x->box = keypair_new (KEY_BOX);
	x->sig_key = keypair_public (x->sig);
	x->box_key = keypair_public (x->box);
	x->header = header_of ("ipwl", "klinik");
	assert_int_equal (envelope_seal (&x->header, bytes_of_text ("isi surat"), &x->box_key, x->sig,
					 x->arena, &x->sealed),
			  ERR_OK);
	*state = x;
	return 0;
}

static int tear_down (void **state)
{
	struct letterbox *x = *state;

	keypair_destroy (&x->sig);
	keypair_destroy (&x->box);
	arena_destroy (&x->arena);
	free (x);
	return 0;
}

static err_t open_with (struct letterbox *x, struct bytes h, struct bytes c, struct sealed *ret)
{
	struct header header;
	err_t err = header_decode (h, &header);

	return err == ERR_OK ? envelope_open (&header, h, c, &x->box, 1, x->arena, ret) : err;
}

/* As a receiver does it: decode, open, verify. */
static err_t receive (struct letterbox *x, struct bytes h, struct bytes c)
{
	struct sealed opened;
	err_t err = open_with (x, h, c, &opened);

	return err == ERR_OK ? envelope_verify (&opened, &x->sig_key) : err;
}

static void what_is_sealed_opens_and_verifies (void **state)
{
	struct letterbox *x = *state;
	struct sealed opened;

	assert_int_equal (open_with (x, x->sealed.h, x->sealed.c, &opened), ERR_OK);
	assert_true (bytes_equal (opened.s, bytes_of_text ("isi surat")));
	assert_true (ID_EQUAL (opened.sig, x->sealed.sig));
	assert_int_equal (envelope_verify (&opened, &x->sig_key), ERR_OK);
}

static void the_letter_is_not_in_what_the_hub_sees (void **state)
{
	struct letterbox *x = *state;

	assert_null (memmem (x->sealed.h.data, x->sealed.h.len, "isi surat", 9));
	assert_null (memmem (x->sealed.c.data, x->sealed.c.len, "isi surat", 9));
}

static void every_bucket_is_filled_to_its_last_byte_and_no_further (void **state)
{
	for (uint32_t bucket = 0; bucket < BUCKET_COUNT; bucket++) {
		size_t most = bucket_bytes[bucket] - 68;
		uint32_t found;

		assert_int_equal (bucket_for (most, &found), ERR_OK);
		assert_int_equal (found, bucket);
		if (bucket + 1 < BUCKET_COUNT) {
			assert_int_equal (bucket_for (most + 1, &found), ERR_OK);
			assert_int_equal (found, bucket + 1);
		} else {
			assert_int_equal (bucket_for (most + 1, &found), ERR_TOO_LARGE);
		}
	}
}

static void letters_of_every_bucket_edge_travel (void **state)
{
	struct letterbox *x = *state;
	static uint8_t big[LIMIT_LETTER_BYTES + 1];

	memset (big, 'x', sizeof big);
	for (uint32_t bucket = 0; bucket < BUCKET_COUNT; bucket++) {
		struct header header = header_of ("ipwl", "klinik");
		struct bytes s = { big, bucket_bytes[bucket] - 68 };
		struct sealed sealed, opened;

		assert_int_equal (envelope_seal (&header, s, &x->box_key, x->sig, x->arena, &sealed),
				  ERR_OK);
		assert_int_equal (sealed.c.len, cipher_bytes (bucket));
		assert_int_equal (open_with (x, sealed.h, sealed.c, &opened), ERR_OK);
		assert_true (bytes_equal (opened.s, s));
	}
}

static void a_letter_beyond_the_largest_bucket_is_not_sealed (void **state)
{
	struct letterbox *x = *state;
	static uint8_t big[LIMIT_LETTER_BYTES + 1];
	struct sealed sealed;

	assert_int_equal (envelope_seal (&x->header, BYTES_OF (big), &x->box_key, x->sig, x->arena,
					 &sealed),
			  ERR_TOO_LARGE);
}

static void an_empty_letter_is_sealed_too (void **state)
{
	struct letterbox *x = *state;
	struct sealed sealed, opened;

	assert_int_equal (envelope_seal (&x->header, BYTES_NONE, &x->box_key, x->sig, x->arena,
					 &sealed),
			  ERR_OK);
	assert_int_equal (open_with (x, sealed.h, sealed.c, &opened), ERR_OK);
	assert_int_equal (opened.s.len, 0);
	assert_int_equal (envelope_verify (&opened, &x->sig_key), ERR_OK);
}

static void two_sealings_of_one_letter_share_nothing (void **state)
{
	struct letterbox *x = *state;
	struct header again = x->header;
	struct sealed second;

	assert_int_equal (envelope_seal (&again, x->sealed.s, &x->box_key, x->sig, x->arena, &second),
			  ERR_OK);
	assert_false (bytes_equal (second.h, x->sealed.h));
	assert_false (bytes_equal (second.c, x->sealed.c));
	assert_int_equal (receive (x, second.h, x->sealed.c), ERR_CANNOT_OPEN);
}

static void an_older_key_of_ours_still_opens (void **state)
{
	struct letterbox *x = *state;
	OWNED (keypair) newer = keypair_new (KEY_BOX);
	keypair_t *both[] = { newer, x->box };
	struct sealed opened;

	assert_int_equal (envelope_open (&x->header, x->sealed.h, x->sealed.c, both, 2, x->arena,
					 &opened),
			  ERR_OK);
}

static void a_stranger_has_no_key_for_it (void **state)
{
	struct letterbox *x = *state;
	OWNED (keypair) stranger = keypair_new (KEY_BOX);
	keypair_t *boxes[] = { stranger };
	struct sealed opened;

	assert_int_equal (envelope_open (&x->header, x->sealed.h, x->sealed.c, boxes, 1, x->arena,
					 &opened),
			  ERR_WRONG_KEY);
	assert_int_equal (envelope_open (&x->header, x->sealed.h, x->sealed.c, NULL, 0, x->arena,
					 &opened),
			  ERR_WRONG_KEY);
}

static void naming_our_key_is_not_sealing_to_it (void **state)
{
	struct letterbox *x = *state;
	OWNED (keypair) stranger = keypair_new (KEY_BOX);
	struct public_key key = keypair_public (stranger);
	struct header header = header_of ("ipwl", "klinik");
	struct sealed sealed, opened;

	assert_int_equal (envelope_seal (&header, bytes_of_text ("x"), &key, x->sig, x->arena,
					 &sealed),
			  ERR_OK);
	header.box_key_id = keypair_id (x->box);
	assert_int_equal (envelope_open (&header, header_encode (&header, x->arena), sealed.c,
					 &x->box, 1, x->arena, &opened),
			  ERR_CANNOT_OPEN);
}

static void the_wrong_signer_does_not_verify (void **state)
{
	struct letterbox *x = *state;
	OWNED (keypair) other = keypair_new (KEY_SIG);
	struct public_key key = keypair_public (other);
	struct sealed opened;

	assert_int_equal (open_with (x, x->sealed.h, x->sealed.c, &opened), ERR_OK);
	assert_int_equal (envelope_verify (&opened, &key), ERR_BAD_SIGNATURE);
}

static void any_bit_flipped_in_the_body_is_refused (void **state)
{
	struct letterbox *x = *state;
	struct bytes copy = arena_bytes (x->arena, x->sealed.c);
	uint8_t *c = (uint8_t *)(uintptr_t)copy.data;
	arena_t *arena = x->arena;

	for (size_t bit = 0; bit < 8 * copy.len; bit++) {
		x->arena = arena_new (MIB);
		c[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_int_equal (receive (x, x->sealed.h, copy), ERR_CANNOT_OPEN);
		c[bit / 8] ^= (uint8_t)(1u << bit % 8);
		arena_destroy (&x->arena);
	}
	x->arena = arena;
}

static void any_bit_flipped_in_the_header_is_refused (void **state)
{
	struct letterbox *x = *state;
	struct bytes copy = arena_bytes (x->arena, x->sealed.h);
	uint8_t *h = (uint8_t *)(uintptr_t)copy.data;

	for (size_t bit = 0; bit < 8 * copy.len; bit++) {
		h[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_int_not_equal (receive (x, copy, x->sealed.c), ERR_OK);
		h[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
}

static void a_body_cut_or_lengthened_is_refused (void **state)
{
	struct letterbox *x = *state;
	uint8_t longer[2048] = { 0 };

	for (size_t len = 0; len < x->sealed.c.len; len++)
		assert_int_equal (receive (x, x->sealed.h, (struct bytes){ x->sealed.c.data, len }),
				  ERR_CANNOT_OPEN);
	memcpy (longer, x->sealed.c.data, x->sealed.c.len);
	assert_int_equal (receive (x, x->sealed.h, (struct bytes){ longer, x->sealed.c.len + 1 }),
			  ERR_CANNOT_OPEN);
}

/* ---- a sealer that breaks the rules ----------------------------------------------------------- */

/* Seals these 1024 bytes to the box key, as a malicious member could. */
static struct sealed seal_plain (struct letterbox *x, struct header *header,
				 const uint8_t plain[1024])
{
	uint8_t key[32], body[32];
	uint8_t *c = arena_must (x->arena, cipher_bytes (0));
	struct sealed sealed;

	header->version = header->suite = 1;
	header->bucket = 0;
	header->box_key_id = key_id_of (KEY_BOX, &x->box_key);
	randombytes_buf (key, sizeof key);
	assert_int_equal (crypto_box_seal (header->wrapped, key, sizeof key, x->box_key.b), 0);
	crypto_kdf_derive_from_key (body, sizeof body, 1, "JMBTN_v1", key);
	sealed.h = header_encode (header, x->arena);
	sealed.header_hash = header_hash (sealed.h);
	randombytes_buf (c, 24);
	crypto_aead_xchacha20poly1305_ietf_encrypt (c + 24, NULL, plain, 1024,
						    sealed.header_hash.b, 32, NULL, c, body);
	sealed.c = (struct bytes){ c, cipher_bytes (0) };
	return sealed;
}

static void padding_that_is_not_zero_is_refused (void **state)
{
	struct letterbox *x = *state;

	for (size_t at = 4 + 5 + 64; at < 1024; at += 50) {
		uint8_t plain[1024] = { 5, 0, 0, 0, 'h', 'a', 'l', 'l', 'o' };
		struct header header = header_of ("ipwl", "klinik");
		struct sealed sealed, opened;

		sealed = seal_plain (x, &header, plain);
		assert_int_equal (open_with (x, sealed.h, sealed.c, &opened), ERR_OK);
		plain[at] = 1;
		sealed = seal_plain (x, &header, plain);
		assert_int_equal (open_with (x, sealed.h, sealed.c, &opened), ERR_CANNOT_OPEN);
	}
}

static void a_length_beyond_the_bucket_is_refused (void **state)
{
	struct letterbox *x = *state;
	static const uint32_t lengths[] = { 1024 - 67, 1024, 0x7fffffff, 0xffffffff };

	for (size_t i = 0; i < COUNT_OF (lengths); i++) {
		uint8_t plain[1024] = { lengths[i] & 0xff, lengths[i] >> 8 & 0xff,
					lengths[i] >> 16 & 0xff, lengths[i] >> 24 };
		struct header header = header_of ("ipwl", "klinik");
		struct sealed sealed = seal_plain (x, &header, plain), opened;

		assert_int_equal (open_with (x, sealed.h, sealed.c, &opened), ERR_CANNOT_OPEN);
	}
}

/* The clinic, who may read the letter, seals it on to the prison as if the first sender had written
 * to it.  It opens, but the signature names the header that it was written under. */
static void a_letter_passed_on_under_another_header_does_not_verify (void **state)
{
	struct letterbox *prison = *state;
	struct letterbox *clinic;
	struct sealed read, passed, opened;
	struct header forged = header_of ("ipwl", "lapas");
	uint8_t plain[1024] = { 0 };
	void *other;

	set_up (&other);
	clinic = other;
	assert_int_equal (open_with (clinic, clinic->sealed.h, clinic->sealed.c, &read), ERR_OK);
	plain[0] = (uint8_t)read.s.len;
	memcpy (plain + 4, read.s.data, read.s.len);
	memcpy (plain + 4 + read.s.len, read.sig.b, 64);
	passed = seal_plain (prison, &forged, plain);
	assert_int_equal (open_with (prison, passed.h, passed.c, &opened), ERR_OK);
	assert_true (bytes_equal (opened.s, read.s));
	assert_int_equal (envelope_verify (&opened, &clinic->sig_key), ERR_BAD_SIGNATURE);
	tear_down (&other);
}

static void verifying_binds_the_bytes_and_not_a_noted_hash (void **state)
{
	struct letterbox *x = *state;
	struct sealed forged = x->sealed;
	struct header header = x->header;

	header.expires_at_ms++;
	forged.h = header_encode (&header, x->arena);
	assert_int_equal (envelope_verify (&forged, &x->sig_key), ERR_BAD_SIGNATURE);
}

static void the_digest_covers_header_and_body (void **state)
{
	struct letterbox *x = *state;
	struct hash a = envelope_digest (x->sealed.h, x->sealed.c);
	struct hash b = envelope_digest (x->sealed.h, (struct bytes){ x->sealed.c.data, 100 });
	struct hash joined;
	buffer_t *buffer = buffer_new (MIB);

	assert_int_equal (buffer_add (buffer, x->sealed.h), ERR_OK);
	assert_int_equal (buffer_add (buffer, x->sealed.c), ERR_OK);
	joined = hash_of (buffer_bytes (buffer), BYTES_NONE);
	assert_true (ID_EQUAL (a, joined));
	assert_false (ID_EQUAL (a, b));
	buffer_destroy (&buffer);
}

static void a_key_that_no_secret_belongs_to_is_not_sealed_to (void **state)
{
	struct letterbox *x = *state;
	struct public_key weak = { { 0 } };
	struct sealed sealed;

	assert_int_equal (envelope_seal (&x->header, bytes_of_text ("x"), &weak, x->sig, x->arena,
					 &sealed),
			  ERR_WRONG_KEY);
}

int main (void)
{
#define WITH_LETTER(test) cmocka_unit_test_setup_teardown (test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		WITH_LETTER (what_is_sealed_opens_and_verifies),
		WITH_LETTER (the_letter_is_not_in_what_the_hub_sees),
		cmocka_unit_test (every_bucket_is_filled_to_its_last_byte_and_no_further),
		WITH_LETTER (letters_of_every_bucket_edge_travel),
		WITH_LETTER (a_letter_beyond_the_largest_bucket_is_not_sealed),
		WITH_LETTER (an_empty_letter_is_sealed_too),
		WITH_LETTER (two_sealings_of_one_letter_share_nothing),
		WITH_LETTER (an_older_key_of_ours_still_opens),
		WITH_LETTER (a_stranger_has_no_key_for_it),
		WITH_LETTER (naming_our_key_is_not_sealing_to_it),
		WITH_LETTER (the_wrong_signer_does_not_verify),
		WITH_LETTER (any_bit_flipped_in_the_body_is_refused),
		WITH_LETTER (any_bit_flipped_in_the_header_is_refused),
		WITH_LETTER (a_body_cut_or_lengthened_is_refused),
		WITH_LETTER (padding_that_is_not_zero_is_refused),
		WITH_LETTER (a_length_beyond_the_bucket_is_refused),
		WITH_LETTER (a_letter_passed_on_under_another_header_does_not_verify),
		WITH_LETTER (verifying_binds_the_bytes_and_not_a_noted_hash),
		WITH_LETTER (the_digest_covers_header_and_body),
		WITH_LETTER (a_key_that_no_secret_belongs_to_is_not_sealed_to),
	};

	if (keys_start () != ERR_OK)
		return 1;
	return cmocka_run_group_tests (tests, NULL, NULL);
}
