/*
 * The stream of an attachment; its form stands in jembatan/attachment.h.
 *
 * The opener keeps its first failure: after a step that did not open, nothing of what follows is
 * given out, and the end says so again.  It goes on hashing all the same, because only the hash of
 * the whole tells whether the line or the sender is to blame.
 */
#include "jembatan/attachment.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define KDF_CONTEXT "JMBTN_v1"
#define KDF_FIRST_BLOB 1000u
#define HEADER_BYTES crypto_secretstream_xchacha20poly1305_HEADERBYTES
#define TAG_BYTES crypto_secretstream_xchacha20poly1305_ABYTES
#define FIRST_PLAIN_BYTES (STEP_PLAIN_BYTES - HEADER_BYTES)
#define STEP_PLAIN_BYTES (BLOB_STEP_BYTES - TAG_BYTES)

_Static_assert (sizeof ((struct letter_key *)0)->b == crypto_kdf_KEYBYTES, "K derives keys");

void letter_key_make (struct letter_key *ret_key)
{
	crypto_kdf_keygen (ret_key->b);
}

void letter_key_wipe (struct letter_key *key)
{
	sodium_memzero (key, sizeof *key);
}

/* ---- steps ------------------------------------------------------------------------- */

size_t blob_steps (uint64_t length)
{
	if (length == 0 || length > LIMIT_BLOB_BYTES)
		return 0;
	return (size_t)((length + HEADER_BYTES + STEP_PLAIN_BYTES - 1) / STEP_PLAIN_BYTES);
}

/* What a step holds, padding included. */
static size_t step_room (size_t step)
{
	return step == 0 ? FIRST_PLAIN_BYTES : STEP_PLAIN_BYTES;
}

uint64_t blob_step_begin (size_t step)
{
	return step == 0 ? 0 : (uint64_t)step * STEP_PLAIN_BYTES - HEADER_BYTES;
}

size_t blob_step_plain (uint64_t length, size_t step)
{
	uint64_t begin = blob_step_begin (step);

	if (begin >= length)
		return 0;
	return length - begin < step_room (step) ? (size_t)(length - begin) : step_room (step);
}

static bool is_last (uint64_t length, size_t step)
{
	return step + 1 == blob_steps (length);
}

/* ---- what both ways share ------------------------------------------------------------ */

struct stream_key { uint8_t b[crypto_secretstream_xchacha20poly1305_KEYBYTES]; };

static struct stream_key stream_key (const struct letter_key *key, size_t place)
{
	struct stream_key derived;

	crypto_kdf_derive_from_key (derived.b, sizeof derived.b, KDF_FIRST_BLOB + place, KDF_CONTEXT,
				    key->b);
	return derived;
}

struct progress {
	uint64_t length;
	size_t step;                         /* the next one */
	crypto_generichash_state blob, plain;
};

static void progress_begin (struct progress *progress, uint64_t length)
{
	progress->length = length;
	progress->step = 0;
	crypto_generichash_init (&progress->blob, NULL, 0, sizeof (struct blob_id));
	crypto_generichash_init (&progress->plain, NULL, 0, sizeof (struct hash));
}

static void progress_step (struct progress *progress, const uint8_t *step, struct bytes plain)
{
	crypto_generichash_update (&progress->blob, step, BLOB_STEP_BYTES);
	if (plain.len > 0)
		crypto_generichash_update (&progress->plain, plain.data, plain.len);
	progress->step++;
}

static void progress_end (struct progress *progress, struct blob_id *ret_id,
			  struct hash *ret_digest)
{
	crypto_generichash_final (&progress->blob, ret_id->b, sizeof ret_id->b);
	crypto_generichash_final (&progress->plain, ret_digest->b, sizeof ret_digest->b);
}

/* ---- sealing ----------------------------------------------------------------------- */

struct blob_sealer {
	crypto_secretstream_xchacha20poly1305_state stream;
	struct progress progress;
	uint8_t header[HEADER_BYTES];
	uint8_t padded[STEP_PLAIN_BYTES];
};

blob_sealer_t *blob_sealer_new (const struct letter_key *key, size_t place, uint64_t length)
{
	blob_sealer_t *sealer = must_alloc (sizeof *sealer);
	struct stream_key derived = stream_key (key, place);

	assert (blob_steps (length) > 0 && place < LIMIT_BLOBS);
	crypto_secretstream_xchacha20poly1305_init_push (&sealer->stream, sealer->header, derived.b);
	sodium_memzero (&derived, sizeof derived);
	progress_begin (&sealer->progress, length);
	return sealer;
}

void blob_sealer_destroy (blob_sealer_t **sealer)
{
	if (*sealer == NULL)
		return;
	sodium_memzero (*sealer, sizeof **sealer);
	free (*sealer);
	*sealer = NULL;
}

void blob_sealer_step (blob_sealer_t *sealer, struct bytes plain, uint8_t ret_step[BLOB_STEP_BYTES])
{
	size_t step = sealer->progress.step, room = step_room (step);
	uint8_t *at = ret_step;
	uint8_t tag = is_last (sealer->progress.length, step)
			      ? crypto_secretstream_xchacha20poly1305_TAG_FINAL
			      : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;

	assert (step < blob_steps (sealer->progress.length));
	assert (plain.len == blob_step_plain (sealer->progress.length, step));
	if (plain.len > 0)
		memcpy (sealer->padded, plain.data, plain.len);
	memset (sealer->padded + plain.len, 0, room - plain.len);
	if (step == 0) {
		memcpy (at, sealer->header, HEADER_BYTES);
		at += HEADER_BYTES;
	}
	crypto_secretstream_xchacha20poly1305_push (&sealer->stream, at, NULL, sealer->padded, room,
						    NULL, 0, tag);
	progress_step (&sealer->progress, ret_step, plain);
}

void blob_sealer_end (blob_sealer_t *sealer, struct blob_id *ret_id, struct hash *ret_digest)
{
	assert (sealer->progress.step == blob_steps (sealer->progress.length));
	progress_end (&sealer->progress, ret_id, ret_digest);
}

/* ---- opening ----------------------------------------------------------------------- */

struct blob_opener {
	crypto_secretstream_xchacha20poly1305_state stream;
	struct stream_key key;
	struct progress progress;
	bool failed;
	uint8_t padded[STEP_PLAIN_BYTES];
};

err_t blob_opener_new (const struct letter_key *key, size_t place, uint64_t length,
		       blob_opener_t **ret_opener)
{
	blob_opener_t *opener;

	if (blob_steps (length) == 0 || place >= LIMIT_BLOBS)
		return ERR_TOO_LARGE;
	opener = must_alloc (sizeof *opener);
	opener->key = stream_key (key, place);
	opener->failed = false;
	progress_begin (&opener->progress, length);
	*ret_opener = opener;
	return ERR_OK;
}

void blob_opener_destroy (blob_opener_t **opener)
{
	if (*opener == NULL)
		return;
	sodium_memzero (*opener, sizeof **opener);
	free (*opener);
	*opener = NULL;
}

static bool pull (blob_opener_t *opener, const uint8_t *sealed)
{
	size_t step = opener->progress.step, room = step_room (step);
	size_t plain = blob_step_plain (opener->progress.length, step);
	uint8_t tag = 0, wanted = is_last (opener->progress.length, step)
					  ? crypto_secretstream_xchacha20poly1305_TAG_FINAL
					  : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;

	if (step == 0) {
		crypto_secretstream_xchacha20poly1305_init_pull (&opener->stream, sealed,
								 opener->key.b);
		sealed += HEADER_BYTES;
	}
	return crypto_secretstream_xchacha20poly1305_pull (&opener->stream, opener->padded, NULL, &tag,
							   sealed, room + TAG_BYTES, NULL, 0) == 0
	       && tag == wanted && sodium_is_zero (opener->padded + plain, room - plain);
}

err_t blob_opener_step (blob_opener_t *opener, const uint8_t step[BLOB_STEP_BYTES],
			struct bytes *ret_plain)
{
	struct bytes plain = BYTES_NONE;

	if (opener->progress.step >= blob_steps (opener->progress.length))
		opener->failed = true;
	if (!opener->failed && !pull (opener, step))
		opener->failed = true;
	if (!opener->failed)
		plain = (struct bytes){ opener->padded, blob_step_plain (opener->progress.length,
									 opener->progress.step) };
	progress_step (&opener->progress, step, plain);
	if (opener->failed)
		return ERR_CANNOT_OPEN;
	*ret_plain = plain;
	return ERR_OK;
}

err_t blob_opener_end (blob_opener_t *opener, const struct blob_id *id, const struct hash *digest)
{
	struct blob_id found;
	struct hash found_digest;
	bool whole = opener->progress.step == blob_steps (opener->progress.length);

	progress_end (&opener->progress, &found, &found_digest);
	if (!ID_EQUAL (found, *id))
		return ERR_DAMAGED;
	return whole && !opener->failed && ID_EQUAL (found_digest, *digest) ? ERR_OK
									     : ERR_CANNOT_OPEN;
}
