/*
 * The envelope: the header that a hub reads, and the sealing of the letter that it can't.
 *
 *   hH  = BLAKE2b-256 (H)
 *   sig = Ed25519 ("JMBTN-letter-v1\0" | hH | BLAKE2b-512 (S))
 *   C   = nonce[24] | XChaCha20-Poly1305-IETF (K1, pad (len u32le | S | sig[64]), ad = hH)
 *
 * H, S and C are hashed and verified exactly as received.  One envelope has one recipient, and the
 * signature covers the header, so a letter can't be passed on as if written to somebody else.
 */
#ifndef JEMBATAN_ENVELOPE_H
#define JEMBATAN_ENVELOPE_H

#include "jembatan/attachment.h"
#include "jembatan/keys.h"

enum letter_class { CLASS_STAT = 1, CLASS_URGENT = 2, CLASS_ROUTINE = 3 };
#define CLASS_COUNT 4   /* arrays are indexed by class; 0 is unused */

const char *class_name (enum letter_class class);   /* "stat" */

#define BUCKET_COUNT 5
extern const uint32_t bucket_bytes[BUCKET_COUNT];   /* 1, 4, 16, 64, 256 KiB */

struct blob_ref {
	struct blob_id id;
	uint64_t padded_length;
};

struct header {
	uint32_t version;               /* 1 */
	uint32_t suite;                 /* 1 */
	struct letter_id id;
	struct agency_id from, to;
	struct key_id box_key_id;
	int64_t expires_at_ms;
	enum letter_class class;
	uint32_t bucket;                /* index of bucket_bytes */
	size_t blob_count;
	struct blob_ref blobs[LIMIT_BLOBS];
	uint8_t wrapped[80];
};

/* Reads H.  ERR_MALFORMED, ERR_TOO_LARGE or ERR_BAD_VERSION; allocates nothing that outlives it. */
MUST_USE err_t header_decode (struct bytes h, struct header *ret_header);

/* Writes H into the arena. */
struct bytes header_encode (const struct header *header, arena_t *arena);

/* hH. */
struct hash header_hash (struct bytes h);

/* The length that C has for a bucket. */
size_t cipher_bytes (uint32_t bucket);

/* The smallest bucket that holds a letter of letter_len bytes; ERR_TOO_LARGE when none does. */
MUST_USE err_t bucket_for (size_t letter_len, uint32_t *ret_bucket);

/* A sealed letter.  h, c, s and sig live in the arena that it was made in. */
struct sealed {
	struct bytes h, c;
	struct bytes s;
	struct signature sig;
	struct hash header_hash;
};

/*
 * Seals S for one recipient.  `header` has everything but version, suite, bucket, box_key_id and
 * wrapped, which are filled in here.  ERR_TOO_LARGE when S fits no bucket.
 */
MUST_USE err_t envelope_seal (struct header *header, struct bytes s,
			      const struct public_key *box_key, const keypair_t *sig,
			      arena_t *arena, struct sealed *ret_sealed);

/* The same with a K that was drawn before, under which the attachments named in the header are sealed
 * already.  A K serves one letter. */
MUST_USE err_t envelope_seal_with (const struct letter_key *letter_key, struct header *header,
				   struct bytes s, const struct public_key *box_key,
				   const keypair_t *sig, arena_t *arena,
				   struct sealed *ret_sealed);

/* K, for the attachments of a letter that was opened; the caller wipes it.  ERR_WRONG_KEY,
 * ERR_CANNOT_OPEN. */
MUST_USE err_t envelope_key (const struct header *header, keypair_t *const *boxes, size_t box_count,
			     struct letter_key *ret_key);

/*
 * Opens C with one of our BOX keys and gives S and sig, still unverified.  ERR_WRONG_KEY when no
 * key of ours is meant, ERR_CANNOT_OPEN when the seal or the padding is broken.  The header has
 * been decoded from h.
 */
MUST_USE err_t envelope_open (const struct header *header, struct bytes h, struct bytes c,
			      keypair_t *const *boxes, size_t box_count, arena_t *arena,
			      struct sealed *ret_opened);

/* ERR_BAD_SIGNATURE unless `key` signed this H and S. */
MUST_USE err_t envelope_verify (const struct sealed *sealed, const struct public_key *key);

/* BLAKE2b-256 (H | C): what a refusal quotes. */
struct hash envelope_digest (struct bytes h, struct bytes c);

#endif
