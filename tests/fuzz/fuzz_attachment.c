/*
 * The reader of an attachment's stream: bytes that nobody sealed never give plaintext, whatever
 * length the letter claims, and a blob that was sealed and then changed never ends well.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "jembatan/attachment.h"
#include "jembatan/keys.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void check (bool holds)
{
	if (!holds)
		abort ();
}

/* The input, repeated, as if it were a blob. */
static void open_anything (const uint8_t *data, size_t size, uint64_t length)
{
	static const struct letter_key key = { { 7 } };
	static const struct blob_id id = { { 7 } };
	static const struct hash digest = { { 7 } };
	OWNED (blob_opener) opener = NULL;
	uint8_t step[BLOB_STEP_BYTES];

	if (blob_opener_new (&key, 0, length, &opener) != ERR_OK)
		return;
	for (size_t i = 0; i < sizeof step; i++)
		step[i] = data[i % size];
	for (size_t i = 0; i < 3; i++) {
		struct bytes plain = BYTES_NONE;

		check (blob_opener_step (opener, step, &plain) == ERR_CANNOT_OPEN && plain.len == 0);
	}
	check (blob_opener_end (opener, &id, &digest) != ERR_OK);
}

/* The input sealed; then, where `flip` is not 0, one byte of it changed. */
static void seal_and_change (const uint8_t *data, size_t size, size_t at, uint8_t flip)
{
	struct letter_key key = { { 9 } };
	OWNED (blob_sealer) sealer = blob_sealer_new (&key, 1, size);
	OWNED (blob_opener) opener = NULL;
	size_t steps = blob_steps (size);
	uint8_t *blob = must_alloc (steps * BLOB_STEP_BYTES);
	struct blob_id id;
	struct hash digest;

	for (size_t i = 0; i < steps; i++)
		blob_sealer_step (sealer,
				  (struct bytes){ data + blob_step_begin (i), blob_step_plain (size, i) },
				  blob + i * BLOB_STEP_BYTES);
	blob_sealer_end (sealer, &id, &digest);
	blob[at % (steps * BLOB_STEP_BYTES)] ^= flip;
	check (blob_opener_new (&key, 1, size, &opener) == ERR_OK);
	for (size_t i = 0; i < steps; i++) {
		struct bytes plain = BYTES_NONE;

		if (blob_opener_step (opener, blob + i * BLOB_STEP_BYTES, &plain) == ERR_OK)
			check (memcmp (plain.data, data + blob_step_begin (i), plain.len) == 0);
	}
	check ((blob_opener_end (opener, &id, &digest) == ERR_OK) == (flip == 0));
	free (blob);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	uint64_t length = 0;

	if (keys_start () != ERR_OK)
		abort ();
	if (size < 9)
		return 0;
	memcpy (&length, data, 4);
	open_anything (data, size, length);
	seal_and_change (data + 8, size - 8, (size_t)length, data[8]);
	seal_and_change (data + 8, size - 8, 0, 0);
	return 0;
}
