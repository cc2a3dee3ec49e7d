/*
 * An attachment travels beside its letter as one ciphertext, a blob, made and read step by step, so
 * that 64 KiB of memory serve 50 MiB.
 *
 *   key     = crypto_kdf (K, 1000 + i)            K is the letter's, i the place in Header.blobs
 *   padded  = plaintext | zero bytes              up to the end of the last step
 *   blob    = header[24] | step 0 | step 1 ...    crypto_secretstream_xchacha20poly1305
 *
 * Every 65536 bytes of the blob are one message of the stream: 65495 bytes of plaintext behind the
 * header in the first, 65519 in each other; the last, and only it, has the tag FINAL.  The length
 * stands in the signed letter, not in the blob.  The blob's id is the BLAKE2b-256 of all its bytes.
 */
#ifndef JEMBATAN_ATTACHMENT_H
#define JEMBATAN_ATTACHMENT_H

#include "jembatan/ids.h"

#define BLOB_STEP_BYTES LIMIT_BLOB_STEP_BYTES
#define BLOB_STEPS_MAX (LIMIT_BLOB_BYTES / BLOB_STEP_BYTES + 1)

/* K of a letter: draw it before the letter is sealed, so that its attachments can go into H. */
struct letter_key { uint8_t b[32]; };
void letter_key_make (struct letter_key *ret_key);
void letter_key_wipe (struct letter_key *key);

/* How many steps an attachment of this length has; 0 for an empty or a too long one. */
size_t blob_steps (uint64_t length);
/* The plaintext of a step: where it begins, and how much of it there is (the last may have less). */
uint64_t blob_step_begin (size_t step);
size_t blob_step_plain (uint64_t length, size_t step);
static inline uint64_t blob_padded_bytes (uint64_t length)
{
	return (uint64_t)blob_steps (length) * BLOB_STEP_BYTES;
}

/* ---- sealing ---- */

typedef struct blob_sealer blob_sealer_t;

/* Of `length` bytes that blob_steps allows.  Another call for the same letter and place gives another
 * blob.  The caller owns it. */
blob_sealer_t *blob_sealer_new (const struct letter_key *key, size_t place, uint64_t length);
void blob_sealer_destroy (blob_sealer_t **sealer);
/* The next step, of exactly blob_step_plain bytes. */
void blob_sealer_step (blob_sealer_t *sealer, struct bytes plain, uint8_t ret_step[BLOB_STEP_BYTES]);
/* After the last: the blob's name, and the BLAKE2b-256 of the plaintext. */
void blob_sealer_end (blob_sealer_t *sealer, struct blob_id *ret_id, struct hash *ret_digest);

/* ---- opening ---- */

typedef struct blob_opener blob_opener_t;

/* ERR_TOO_LARGE for a length that blob_steps does not allow.  The caller owns it. */
MUST_USE err_t blob_opener_new (const struct letter_key *key, size_t place, uint64_t length,
				blob_opener_t **ret_opener);
void blob_opener_destroy (blob_opener_t **opener);
/* The next step; its plaintext is the opener's, until the next call.  ERR_CANNOT_OPEN, also for ever
 * after, when it was changed, is of another place, key or letter, ends too early or too late, or its
 * padding is not zero. */
MUST_USE err_t blob_opener_step (blob_opener_t *opener, const uint8_t step[BLOB_STEP_BYTES],
				 struct bytes *ret_plain);
/* After the last: ERR_DAMAGED when the bytes were not this blob's, so that it is worth fetching again;
 * ERR_CANNOT_OPEN when a step was missing or did not open, or the plaintext has another digest. */
MUST_USE err_t blob_opener_end (blob_opener_t *opener, const struct blob_id *id,
				const struct hash *digest);

#endif
