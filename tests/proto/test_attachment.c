/* The stream of an attachment: what was sealed opens in the same steps, and nothing else does. */
#include "tests/support/unit.h"

#include <stdlib.h>
#include <string.h>

#include "jembatan/attachment.h"
#include "jembatan/keys.h"

#define FIRST 65495u
#define EACH 65519u

/* A blob of `length` bytes, byte j being j mod 251. */
struct blob {
	struct letter_key key;
	uint64_t length;
	size_t steps;
	uint8_t *plain, *bytes;
	struct blob_id id;
	struct hash digest;
};

static struct blob make_blob (uint64_t length, size_t place)
{
	struct blob blob = { .length = length, .steps = blob_steps (length) };
	OWNED (blob_sealer) sealer = NULL;

	letter_key_make (&blob.key);
	blob.plain = must_alloc (length);
	for (uint64_t j = 0; j < length; j++)
		blob.plain[j] = (uint8_t)(j % 251);
	blob.bytes = must_alloc (blob.steps * BLOB_STEP_BYTES);
	sealer = blob_sealer_new (&blob.key, place, length);
	for (size_t i = 0; i < blob.steps; i++)
		blob_sealer_step (sealer,
				  (struct bytes){ blob.plain + blob_step_begin (i),
						  blob_step_plain (length, i) },
				  blob.bytes + i * BLOB_STEP_BYTES);
	blob_sealer_end (sealer, &blob.id, &blob.digest);
	return blob;
}

static void free_blob (struct blob *blob)
{
	free (blob->plain);
	free (blob->bytes);
}

/* Opens the first `steps` of the blob; says whether the plaintext that came was the right one. */
static err_t open_blob (const struct blob *blob, size_t place, size_t steps)
{
	OWNED (blob_opener) opener = NULL;
	uint64_t at = 0;
	err_t err = blob_opener_new (&blob->key, place, blob->length, &opener);

	assert_int_equal (err, ERR_OK);
	for (size_t i = 0; i < steps; i++) {
		struct bytes plain = BYTES_NONE;

		if (blob_opener_step (opener, blob->bytes + i * BLOB_STEP_BYTES, &plain) != ERR_OK)
			continue;
		assert_true (at + plain.len <= blob->length);
		assert_memory_equal (plain.data, blob->plain + at, plain.len);
		at += plain.len;
	}
	err = blob_opener_end (opener, &blob->id, &blob->digest);
	if (err == ERR_OK)
		assert_int_equal (at, blob->length);
	return err;
}

static void steps_are_64_kib_whatever_the_length (void **state)
{
	static const struct { uint64_t length; size_t steps; } rows[] = {
		{ 0, 0 }, { 1, 1 }, { FIRST, 1 }, { FIRST + 1, 2 }, { FIRST + EACH, 2 },
		{ FIRST + EACH + 1, 3 }, { LIMIT_BLOB_BYTES, BLOB_STEPS_MAX },
		{ LIMIT_BLOB_BYTES + 1ull, 0 },
	};

	for (size_t i = 0; i < COUNT_OF (rows); i++) {
		uint64_t sum = 0;

		assert_int_equal (blob_steps (rows[i].length), rows[i].steps);
		for (size_t step = 0; step < rows[i].steps; step++) {
			assert_int_equal (blob_step_begin (step), sum);
			sum += blob_step_plain (rows[i].length, step);
		}
		if (rows[i].steps > 0)
			assert_int_equal (sum, rows[i].length);
	}
}

static void what_was_sealed_opens (void **state)
{
	static const uint64_t lengths[] = { 1, 2, FIRST - 1, FIRST, FIRST + 1, FIRST + EACH,
					    FIRST + EACH + 1, 1000000 };

	for (size_t i = 0; i < COUNT_OF (lengths); i++) {
		struct blob blob = make_blob (lengths[i], i);

		assert_int_equal (open_blob (&blob, i, blob.steps), ERR_OK);
		free_blob (&blob);
	}
}

static void sealing_twice_gives_two_blobs (void **state)
{
	struct blob a = make_blob (10, 0), b = make_blob (10, 0);

	assert_false (ID_EQUAL (a.id, b.id));
	assert_true (ID_EQUAL (a.digest, b.digest));
	free_blob (&a);
	free_blob (&b);
}

static void a_blob_that_is_cut_off_does_not_end (void **state)
{
	struct blob blob = make_blob (3 * EACH, 0);

	for (size_t steps = 0; steps < blob.steps; steps++)
		assert_int_not_equal (open_blob (&blob, 0, steps), ERR_OK);
	free_blob (&blob);
}

/* The hash of the whole differs, so the bytes may be worth fetching again. */
static void a_flipped_bit_is_damage_wherever_it_is (void **state)
{
	struct blob blob = make_blob (FIRST + 100, 0);
	static const size_t places[] = { 0, 23, 24, 65535, 65536, 65536 + 50, 65536 + 70000 % 65536,
					 2 * 65536 - 1 };

	for (size_t i = 0; i < COUNT_OF (places); i++) {
		blob.bytes[places[i]] ^= 1;
		assert_int_equal (open_blob (&blob, 0, blob.steps), ERR_DAMAGED);
		blob.bytes[places[i]] ^= 1;
	}
	assert_int_equal (open_blob (&blob, 0, blob.steps), ERR_OK);
	free_blob (&blob);
}

static void steps_in_another_order_don_t_open (void **state)
{
	struct blob blob = make_blob (4 * EACH, 0);
	uint8_t *one = must_alloc (BLOB_STEP_BYTES);

	memcpy (one, blob.bytes + BLOB_STEP_BYTES, BLOB_STEP_BYTES);
	memcpy (blob.bytes + BLOB_STEP_BYTES, blob.bytes + 2 * BLOB_STEP_BYTES, BLOB_STEP_BYTES);
	memcpy (blob.bytes + 2 * BLOB_STEP_BYTES, one, BLOB_STEP_BYTES);
	assert_int_not_equal (open_blob (&blob, 0, blob.steps), ERR_OK);
	free (one);
	free_blob (&blob);
}

/* Its name fits, so fetching it again would be useless: its sender sealed something else. */
static void another_key_place_length_or_digest_can_t_open (void **state)
{
	struct blob blob = make_blob (FIRST + 100, 3), other;

	assert_int_equal (open_blob (&blob, 2, blob.steps), ERR_CANNOT_OPEN);
	other = blob;
	other.key.b[0] ^= 1;
	assert_int_equal (open_blob (&other, 3, blob.steps), ERR_CANNOT_OPEN);
	other = blob;
	other.digest.b[31] ^= 1;
	assert_int_equal (open_blob (&other, 3, blob.steps), ERR_CANNOT_OPEN);
	other = blob;
	other.length--;   /* then the last byte is no padding */
	assert_int_equal (open_blob (&other, 3, blob.steps), ERR_CANNOT_OPEN);
	other = blob;
	other.length = FIRST;   /* then the first step should have been the last */
	assert_int_equal (open_blob (&other, 3, 1), ERR_DAMAGED);
	free_blob (&blob);
}

static void what_follows_the_end_is_refused (void **state)
{
	struct blob blob = make_blob (10, 0);
	OWNED (blob_opener) opener = NULL;
	struct bytes plain;

	assert_int_equal (blob_opener_new (&blob.key, 0, blob.length, &opener), ERR_OK);
	assert_int_equal (blob_opener_step (opener, blob.bytes, &plain), ERR_OK);
	assert_int_equal (blob_opener_step (opener, blob.bytes, &plain), ERR_CANNOT_OPEN);
	assert_int_not_equal (blob_opener_end (opener, &blob.id, &blob.digest), ERR_OK);
	free_blob (&blob);
}

static void an_empty_or_too_long_one_is_refused_before_anything_is_read (void **state)
{
	struct letter_key key = { { 1 } };
	blob_opener_t *opener = NULL;

	assert_int_equal (blob_opener_new (&key, 0, 0, &opener), ERR_TOO_LARGE);
	assert_int_equal (blob_opener_new (&key, 0, LIMIT_BLOB_BYTES + 1ull, &opener), ERR_TOO_LARGE);
	assert_int_equal (blob_opener_new (&key, LIMIT_BLOBS, 1, &opener), ERR_TOO_LARGE);
	assert_null (opener);
}

static int start (void **state)
{
	return keys_start () == ERR_OK ? 0 : 1;
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (steps_are_64_kib_whatever_the_length),
		cmocka_unit_test (what_was_sealed_opens),
		cmocka_unit_test (sealing_twice_gives_two_blobs),
		cmocka_unit_test (a_blob_that_is_cut_off_does_not_end),
		cmocka_unit_test (a_flipped_bit_is_damage_wherever_it_is),
		cmocka_unit_test (steps_in_another_order_don_t_open),
		cmocka_unit_test (another_key_place_length_or_digest_can_t_open),
		cmocka_unit_test (what_follows_the_end_is_refused),
		cmocka_unit_test (an_empty_or_too_long_one_is_refused_before_anything_is_read),
	};

	return cmocka_run_group_tests (tests, start, NULL);
}
