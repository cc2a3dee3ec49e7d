/*
 * Keys.  An agency has three pairs, each in a file of its own, mode 0600, in a folder that only its
 * owner may read:
 *
 *   sig.key    Ed25519     signs letters and clauses
 *   box.key    X25519      opens letters
 *   link.key   Curve25519  CURVE only; authenticates the session
 *
 * A hub has link.key and log.key (Ed25519, checkpoints and notices).  A registrar has root.key.
 * A key file is one line of text, "jembatan-key-v1 <use> <hex secret> <hex public>", so that a
 * person can tell what it is.  Secrets live in sodium_malloc memory and are wiped.
 *
 * Key id = BLAKE2b-128 ("JMBTN-key-v1\0" | use name in ASCII, "SIG", "BOX", "LINK", "LOG" or
 * "ROOT" | '\0' | public key).
 */
#ifndef JEMBATAN_KEYS_H
#define JEMBATAN_KEYS_H

#include "jembatan/ids.h"
#include "jembatan/problem.h"

enum key_use { KEY_SIG = 1, KEY_BOX = 2, KEY_LINK = 3, KEY_LOG = 4, KEY_ROOT = 5 };

typedef struct keypair keypair_t;

/* Call once before anything else that uses keys or randomness; ERR_SELF_TEST when libsodium can't
 * start. */
MUST_USE err_t keys_start (void);

const char *key_use_name (enum key_use use);
struct key_id key_id_of (enum key_use use, const struct public_key *key);

/* The caller owns the pair. */
keypair_t *keypair_new (enum key_use use);
/* The pair of a BOX or LINK secret that somebody has typed in.  The caller owns it. */
keypair_t *keypair_of_secret (enum key_use use, const uint8_t secret[32]);
void keypair_destroy (keypair_t **pair);

enum key_use keypair_use (const keypair_t *pair);
struct public_key keypair_public (const keypair_t *pair);
struct key_id keypair_id (const keypair_t *pair);

/* Ed25519: 64 bytes seed and public key; X25519 and CURVE: 32 bytes.  Borrowed, in guarded memory. */
struct bytes keypair_secret (const keypair_t *pair);

/* Writes folder/<use>.key, creating the folder (0700).  ERR_EXISTS rather than overwrite. */
MUST_USE err_t keypair_save (const keypair_t *pair, const char *folder, problems_t *problems);

/* Reads folder/<use>.key.  ERR_KEY_FILE, with a problem that names the file and what to do, when it
 * is missing, readable by others, of another use, or its halves don't belong together. */
MUST_USE err_t keypair_load (enum key_use use, const char *folder, keypair_t **ret_pair,
			     problems_t *problems);

/* Ed25519 over a domain string (its closing '\0' included) and up to three parts. */
struct signature sign_parts (const keypair_t *pair, const char *domain, struct bytes a,
			     struct bytes b, struct bytes c);
MUST_USE err_t verify_parts (const struct public_key *key, const struct signature *signature,
			     const char *domain, struct bytes a, struct bytes b, struct bytes c);

/* BLAKE2b-256 of up to two parts. */
struct hash hash_of (struct bytes a, struct bytes b);

/* BLAKE2b-256 of what comes piece by piece: an attachment is never in memory as a whole. */
typedef struct hasher hasher_t;

hasher_t *hasher_new (void);
void hasher_destroy (hasher_t **hasher);
void hasher_add (hasher_t *hasher, struct bytes piece);

/* Once, after the last piece. */
struct hash hasher_end (hasher_t *hasher);

/* BLAKE2b-256 keyed with a 32-byte key: the ledger's blind index. */
struct hash hash_keyed (struct bytes key, struct bytes a);

/* A key or request read over the phone: ten words of the list in proto/words.c (80 bits), joined by
 * spaces. */
#define FINGERPRINT_TEXT 128
char *fingerprint_words (const struct hash *hash, char text[FINGERPRINT_TEXT]);

#endif
