/*
 * A vault is one 32-byte key for what rests on our own disk: it seals byte strings with
 * XChaCha20-Poly1305-IETF under random nonces, wraps other vaults, and derives keys from itself.
 *
 *   sealed  = nonce[24] | ciphertext | tag[16]
 *   derived = BLAKE2b-256 keyed with the vault's key, over "JMBTN-vault-v1\0" | purpose
 *
 * Associated data names the place where a sealed string belongs, so that two of them can't be
 * swapped unnoticed.  Keys live in guarded memory and are wiped.  A key file is one line,
 * "jembatan-key-v1 LEDGER <64 hex digits> <8 hex digits>"; that of a hub's backups says BACKUP.  The
 * check at its end is the beginning of BLAKE2b-256 ("JMBTN-key-check-v1" | key): every key opens
 * something, so a damaged one would go on sealing what nobody opens again.  Older files lack it.
 */
#ifndef JEMBATAN_VAULT_H
#define JEMBATAN_VAULT_H

#include "jembatan/ids.h"
#include "jembatan/problem.h"

#define VAULT_OVERHEAD (24u + 16u)
#define VAULT_WRAPPED_BYTES (32u + VAULT_OVERHEAD)

typedef struct vault vault_t;

/* A fresh random key.  The caller owns it. */
vault_t *vault_new (void);
void vault_destroy (vault_t **vault);

/* Room for the keys of a walk over many, one unwrapped after the other: as guarded as any, but it
 * stays writable, because changing that costs more than the unwrapping.  The caller owns it. */
vault_t *vault_scratch (void);

/* The key for one purpose, which tells nothing about the key that it was derived from. */
vault_t *vault_derive (const vault_t *vault, const char *purpose);

/* Seals into the arena; none beyond its ceiling. */
struct bytes vault_seal (const vault_t *vault, struct bytes place, struct bytes plain,
			 arena_t *arena);
/* ERR_CANNOT_OPEN when it was sealed by another key or for another place, or was changed;
 * ERR_TOO_LARGE beyond the arena's ceiling. */
MUST_USE err_t vault_open (const vault_t *vault, struct bytes place, struct bytes sealed,
			   arena_t *arena, struct bytes *ret_plain);

/* Seals the key of `inner`; the plain key never leaves guarded memory. */
void vault_wrap (const vault_t *vault, struct bytes place, const vault_t *inner,
		 uint8_t ret_wrapped[VAULT_WRAPPED_BYTES]);
/*
 * Opens a wrapped key into *inner: a new vault, which the caller owns, when that is NULL; else the
 * vault that is there forgets its key for this one, which saves the making of guarded memory.
 * ERR_CANNOT_OPEN; then *inner is destroyed and NULL.
 */
MUST_USE err_t vault_unwrap (const vault_t *vault, struct bytes place, struct bytes wrapped,
			     vault_t **inner);

/* BLAKE2b-256 keyed with the vault's key: equal values are found, and nothing else is told. */
struct hash vault_blind (const vault_t *vault, struct bytes value);

/* The key itself, 32 bytes, borrowed: for archives and for the sheet on which it is printed. */
struct bytes vault_key (const vault_t *vault);
/* The vault of a key that somebody has typed in.  The caller owns it. */
vault_t *vault_of_key (const uint8_t key[32]);

/* Writes the key file (0600), making its folder (0700).  ERR_EXISTS rather than overwrite, ERR_FILE;
 * each with a problem that says what to do. */
MUST_USE err_t vault_save (const vault_t *vault, const char *path, problems_t *problems);

/* The same in the place of a file that is there.  ERR_FILE, with a problem. */
MUST_USE err_t vault_replace (const vault_t *vault, const char *path, problems_t *problems);

/* ERR_KEY_FILE, with a problem, when the file is missing, readable by others, in a folder that
 * others may write to, not exactly one key, or damaged; ERR_LEDGER_LOCKED when the key in it is under a
 * passphrase. */
MUST_USE err_t vault_load (const char *path, vault_t **ret_vault, problems_t *problems);

/* Writing and reading for the key of a hub's backups, whose file says so. */
MUST_USE err_t vault_save_backup (const vault_t *vault, const char *path, problems_t *problems);
MUST_USE err_t vault_load_backup (const char *path, vault_t **ret_vault, problems_t *problems);

/* ---- under a passphrase ------------------------------------------------------------------------- */

/*
 * A ledger's key may rest sealed by a passphrase.  Its file is one line again,
 *
 *   jembatan-key-v1 LEDGER-LOCKED argon2id PASSES KIB SALT SEALED CHECK
 *
 *   sealed = the key, wrapped by a vault whose key is Argon2id (RFC 9106, version 1.3, one lane) of the
 *            passphrase with this salt, so many passes and so much memory; these are its place
 *   check  = the beginning of BLAKE2b-256 ("JMBTN-key-check-v1" | the line up to here), so that a
 *            damaged file is told from a wrong passphrase
 */
struct lock_cost { uint32_t passes, kib; };

struct locked_key {
	struct lock_cost cost;
	uint8_t salt[16];
	uint8_t sealed[VAULT_WRAPPED_BYTES];
};

/* As many block computations as libsodium's "sensitive" (four passes over 1 GiB), in as much memory as
 * an agent may have: sixteen passes over 256 MiB, seconds of work. */
extern const struct lock_cost vault_lock_cost;

/* What a file may ask of us. */
#define VAULT_PASSES_MOST 64u
#define VAULT_KIB_LEAST 8u
#define VAULT_KIB_MOST (1024u * 1024u)

/* Both take their time on purpose: never in a loop.  ERR_BUSY when there is not so much memory now;
 * ERR_WRONG_PASSPHRASE. */
MUST_USE err_t vault_lock (const vault_t *vault, const char *passphrase, const struct lock_cost *cost,
			   struct locked_key *ret_locked);
MUST_USE err_t vault_unlock (const struct locked_key *locked, const char *passphrase,
			     vault_t **ret_vault);

/* Writes the file, or puts it in the place of one that is there.  ERR_FILE, with a problem. */
MUST_USE err_t vault_replace_locked (const struct locked_key *locked, const char *path,
				     problems_t *problems);

/* ERR_KEY_FILE as vault_load; ERR_CONFLICT when the key in it is not under a passphrase; each with a
 * problem. */
MUST_USE err_t vault_load_locked (const char *path, struct locked_key *ret_locked,
				  problems_t *problems);

#endif
