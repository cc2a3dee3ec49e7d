/*
 * Distinct id types: one-member structs, so that a mix-up does not compile.  Text forms are
 * lower-case UUID (8-4-4-4-12) for the 16-byte ids and lower-case hex for hashes and key ids.
 */
#ifndef JEMBATAN_IDS_H
#define JEMBATAN_IDS_H

#include "jembatan/base.h"
#include "jembatan/limits.h"

struct agency_id { char text[LIMIT_ID_TEXT + 1]; };  /* "ipwl-pesona": [a-z0-9-], 2..32 */
struct letter_id { uint8_t b[16]; };   /* UUIDv7; with its sender it names a letter for ever */
struct thread_id { uint8_t b[16]; };   /* UUIDv7: a referral or a consent */
struct case_id { uint8_t b[16]; };     /* random, per person and pair of agencies */
struct chain_id { uint8_t b[16]; };    /* random */
struct clause_id { uint8_t b[16]; };   /* UUIDv7 */
struct person_id { uint8_t b[16]; };   /* UUIDv7, never leaves its agency */
struct store_id { uint8_t b[16]; };    /* random: one life of one ledger or hub store */
struct key_id { uint8_t b[16]; };      /* BLAKE2b-128 of domain, algorithm and public key */
struct hash { uint8_t b[32]; };        /* BLAKE2b-256, or SHA-256 in the custody log */
struct blob_id { uint8_t b[32]; };     /* BLAKE2b-256 of an attachment's ciphertext */
struct signature { uint8_t b[64]; };   /* Ed25519 */
struct public_key { uint8_t b[32]; };

#define UUID_TEXT 37   /* with the end */
#define HEX16_TEXT 33
#define HEX32_TEXT 65

/* All-zero means "none" for every binary id. */
#define ID_IS_NONE(id) id_is_zero ((id).b, sizeof (id).b)
#define ID_EQUAL(x, y) \
	(sizeof (x).b == sizeof (y).b && id_same ((x).b, (y).b, sizeof (x).b))
#define ID_BYTES(id) ((struct bytes){ (id).b, sizeof (id).b })

bool id_is_zero (const uint8_t *b, size_t len);
bool id_same (const uint8_t *a, const uint8_t *b, size_t len);

/* Copies exactly `len` bytes; ERR_MALFORMED when `from` has another length.  An empty `from` gives
 * the none id when `may_be_empty`. */
MUST_USE err_t id_from_bytes (uint8_t *ret, size_t len, struct bytes from, bool may_be_empty);
#define ID_FROM_BYTES(id, from) id_from_bytes ((id)->b, sizeof (id)->b, (from), false)
#define ID_FROM_BYTES_OR_NONE(id, from) id_from_bytes ((id)->b, sizeof (id)->b, (from), true)

/* ERR_MALFORMED unless 2..32 characters of [a-z0-9-], starting with a letter. */
MUST_USE err_t agency_id_parse (const char *text, struct agency_id *ret_id);
bool agency_id_equal (const struct agency_id *a, const struct agency_id *b);

/* Text forms; the text is written with its end and returned. */
char *uuid_text (const uint8_t b[16], char text[UUID_TEXT]);
MUST_USE err_t uuid_parse (const char *text, uint8_t ret_b[16]);
char *hex_text (struct bytes from, char *text, size_t text_size);
MUST_USE err_t hex_parse (const char *text, uint8_t *ret, size_t len);

/* Fresh ids.  uuid7_make writes RFC 9562 version 7 from clock_now_ms and random bytes; ids made by
 * one process rise.  random16_make fills 16 random bytes. */
void uuid7_make (uint8_t ret_b[16]);
/* The same with another time than ours when they differ by over CLOCK_TOLERANCE_MS: the hub puts off a
 * letter whose id is from another year. */
void uuid7_make_at (int64_t at_ms, uint8_t ret_b[16]);
void random16_make (uint8_t ret_b[16]);

#endif
