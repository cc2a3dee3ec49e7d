/*
 * Sealing and opening letters; the formulas stand in jembatan/envelope.h.
 *
 * Nothing here trusts a length or a key that a peer chose: whatever does not fit exactly is an error
 * and gives nothing back.
 */
#include "jembatan/envelope.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

#define LETTER_DOMAIN "JMBTN-letter-v1"
#define LETTER_VERSION 1u
#define LETTER_SUITE 1u
#define KDF_CONTEXT "JMBTN_v1"
#define KDF_LETTER 1u
#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_BYTES crypto_aead_xchacha20poly1305_ietf_ABYTES
#define LENGTH_BYTES 4u
#define SIGNATURE_BYTES sizeof ((struct signature *)0)->b
#define FRAME_OF_S (LENGTH_BYTES + SIGNATURE_BYTES)   /* what goes with S into the bucket */

_Static_assert (NONCE_BYTES + TAG_BYTES + LIMIT_PLAIN_BYTES == LIMIT_CIPHER_BYTES,
		"limits.h knows the suite's nonce and tag");
_Static_assert (sizeof ((struct header *)0)->wrapped
			== crypto_kdf_KEYBYTES + crypto_box_SEALBYTES,
		"a wrapped key is one sealed key");

const uint32_t bucket_bytes[BUCKET_COUNT] = { 1 * KIB, 4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB };

struct hash header_hash (struct bytes h)
{
	return hash_of (h, BYTES_NONE);
}

struct hash envelope_digest (struct bytes h, struct bytes c)
{
	return hash_of (h, c);
}

size_t cipher_bytes (uint32_t bucket)
{
	assert (bucket < BUCKET_COUNT);
	return NONCE_BYTES + bucket_bytes[bucket] + TAG_BYTES;
}

err_t bucket_for (size_t letter_len, uint32_t *ret_bucket)
{
	for (uint32_t bucket = 0; bucket < BUCKET_COUNT; bucket++)
		if (letter_len <= bucket_bytes[bucket] - FRAME_OF_S) {
			*ret_bucket = bucket;
			return ERR_OK;
		}
	return ERR_TOO_LARGE;
}

/* BLAKE2b-512, used for S under a signature and nowhere else. */
struct wide_hash { uint8_t b[64]; };

static struct wide_hash letter_hash (struct bytes s)
{
	struct wide_hash hash;

	crypto_generichash (hash.b, sizeof hash.b, s.data, s.len, NULL, 0);
	return hash;
}

static struct signature letter_sign (const keypair_t *sig, const struct hash *hH, struct bytes s)
{
	struct wide_hash hS = letter_hash (s);

	return sign_parts (sig, LETTER_DOMAIN, ID_BYTES (*hH), BYTES_OF (hS.b), BYTES_NONE);
}

err_t envelope_verify (const struct sealed *sealed, const struct public_key *key)
{
	/* The hash is taken anew: a signature must bind the bytes, not what somebody noted. */
	struct hash hH = header_hash (sealed->h);
	struct wide_hash hS = letter_hash (sealed->s);

	return verify_parts (key, &sealed->sig, LETTER_DOMAIN, BYTES_OF (hH.b), BYTES_OF (hS.b),
			     BYTES_NONE);
}

/* ---- the content key --------------------------------------------------------------- */

struct content_key { uint8_t b[crypto_aead_xchacha20poly1305_ietf_KEYBYTES]; };

/* K1, which the body is sealed with; K itself stays free for attachments' subkeys. */
static struct content_key body_key (const struct letter_key *key)
{
	struct content_key body;

	crypto_kdf_derive_from_key (body.b, sizeof body.b, KDF_LETTER, KDF_CONTEXT, key->b);
	return body;
}

/* Fails only for a public key that no secret key belongs to. */
static err_t wrap (const struct letter_key *key, const struct public_key *box_key,
		   uint8_t wrapped[80])
{
	return crypto_box_seal (wrapped, key->b, sizeof key->b, box_key->b) == 0 ? ERR_OK
										 : ERR_WRONG_KEY;
}

static err_t unwrap (const struct header *header, const keypair_t *box, struct letter_key *ret_key)
{
	struct public_key public_key = keypair_public (box);

	return crypto_box_seal_open (ret_key->b, header->wrapped, sizeof header->wrapped,
				     public_key.b, keypair_secret (box).data) == 0
		       ? ERR_OK
		       : ERR_CANNOT_OPEN;
}

/* ---- the body ---------------------------------------------------------------------- */

static void put_length (uint8_t *to, size_t len)
{
	for (size_t i = 0; i < LENGTH_BYTES; i++)
		to[i] = (uint8_t)(len >> (8 * i));
}

static size_t get_length (const uint8_t *from)
{
	size_t len = 0;

	for (size_t i = 0; i < LENGTH_BYTES; i++)
		len |= (size_t)from[i] << (8 * i);
	return len;
}

/* Writes nonce, sealed body and tag into C, sealing in place.  C comes zeroed, which is the padding. */
static void body_seal (uint8_t *c, uint32_t bucket, const struct sealed *sealed,
		       const struct content_key *body)
{
	uint8_t *plain = c + NONCE_BYTES;

	randombytes_buf (c, NONCE_BYTES);
	put_length (plain, sealed->s.len);
	if (sealed->s.len > 0)
		memcpy (plain + LENGTH_BYTES, sealed->s.data, sealed->s.len);
	memcpy (plain + LENGTH_BYTES + sealed->s.len, sealed->sig.b, SIGNATURE_BYTES);
	crypto_aead_xchacha20poly1305_ietf_encrypt (plain, NULL, plain, bucket_bytes[bucket],
						    sealed->header_hash.b,
						    sizeof sealed->header_hash.b, NULL, c,
						    body->b);
}

static err_t body_open (struct bytes c, uint8_t *plain, const struct hash *hH,
			const struct content_key *body)
{
	int result = crypto_aead_xchacha20poly1305_ietf_decrypt (
		plain, NULL, NULL, c.data + NONCE_BYTES, c.len - NONCE_BYTES, hH->b,
		sizeof hH->b, c.data, body->b);

	return result == 0 ? ERR_OK : ERR_CANNOT_OPEN;
}

/* Takes S and sig out of a bucket.  Padding that is not zero could carry something that nobody
 * signed, so it is as bad as a broken seal. */
static err_t body_split (const uint8_t *plain, size_t bucket, struct sealed *opened)
{
	size_t len = get_length (plain);
	size_t used;

	if (len > bucket - FRAME_OF_S)
		return ERR_CANNOT_OPEN;
	used = len + FRAME_OF_S;
	if (!sodium_is_zero (plain + used, bucket - used))
		return ERR_CANNOT_OPEN;
	opened->s = (struct bytes){ plain + LENGTH_BYTES, len };
	memcpy (opened->sig.b, plain + LENGTH_BYTES + len, SIGNATURE_BYTES);
	return ERR_OK;
}

/* ---- whole letters ----------------------------------------------------------------- */

err_t envelope_seal_with (const struct letter_key *letter_key, struct header *header,
			  struct bytes s, const struct public_key *box_key, const keypair_t *sig,
			  arena_t *arena, struct sealed *ret_sealed)
{
	struct sealed sealed = { .s = s };
	struct content_key body;
	uint8_t *c;
	err_t err = bucket_for (s.len, &header->bucket);

	if (err != ERR_OK)
		return err;
	c = arena_alloc (arena, cipher_bytes (header->bucket));
	if (c == NULL)
		return ERR_TOO_LARGE;
	header->version = LETTER_VERSION;
	header->suite = LETTER_SUITE;
	header->box_key_id = key_id_of (KEY_BOX, box_key);
	err = wrap (letter_key, box_key, header->wrapped);
	body = body_key (letter_key);
	if (err == ERR_OK) {
		sealed.h = header_encode (header, arena);
		sealed.header_hash = header_hash (sealed.h);
		sealed.sig = letter_sign (sig, &sealed.header_hash, s);
		body_seal (c, header->bucket, &sealed, &body);
		sealed.c = (struct bytes){ c, cipher_bytes (header->bucket) };
		*ret_sealed = sealed;
	}
	sodium_memzero (&body, sizeof body);
	return err;
}

err_t envelope_seal (struct header *header, struct bytes s, const struct public_key *box_key,
		     const keypair_t *sig, arena_t *arena, struct sealed *ret_sealed)
{
	struct letter_key key;
	err_t err;

	letter_key_make (&key);
	err = envelope_seal_with (&key, header, s, box_key, sig, arena, ret_sealed);
	letter_key_wipe (&key);
	return err;
}

static const keypair_t *box_meant (const struct header *header, keypair_t *const *boxes,
				   size_t box_count)
{
	for (size_t i = 0; i < box_count; i++) {
		struct key_id id = keypair_id (boxes[i]);

		if (ID_EQUAL (id, header->box_key_id))
			return boxes[i];
	}
	return NULL;
}

static err_t open_with (const keypair_t *box, const struct header *header, uint8_t *plain,
			struct sealed *opened)
{
	struct letter_key key = { { 0 } };
	err_t err = unwrap (header, box, &key);
	struct content_key body = body_key (&key);

	letter_key_wipe (&key);
	if (err == ERR_OK)
		err = body_open (opened->c, plain, &opened->header_hash, &body);
	if (err == ERR_OK)
		err = body_split (plain, bucket_bytes[header->bucket], opened);
	sodium_memzero (&body, sizeof body);
	return err;
}

err_t envelope_key (const struct header *header, keypair_t *const *boxes, size_t box_count,
		    struct letter_key *ret_key)
{
	const keypair_t *box = box_meant (header, boxes, box_count);

	return box != NULL ? unwrap (header, box, ret_key) : ERR_WRONG_KEY;
}

err_t envelope_open (const struct header *header, struct bytes h, struct bytes c,
		     keypair_t *const *boxes, size_t box_count, arena_t *arena,
		     struct sealed *ret_opened)
{
	struct sealed opened = { .h = h, .c = c, .header_hash = header_hash (h) };
	const keypair_t *box = box_meant (header, boxes, box_count);
	uint8_t *plain;
	err_t err;

	if (box == NULL)
		return ERR_WRONG_KEY;
	if (header->bucket >= BUCKET_COUNT || c.len != cipher_bytes (header->bucket))
		return ERR_CANNOT_OPEN;
	plain = arena_alloc (arena, bucket_bytes[header->bucket]);
	if (plain == NULL)
		return ERR_TOO_LARGE;
	err = open_with (box, header, plain, &opened);
	if (err == ERR_OK)
		*ret_opened = opened;
	return err;
}
