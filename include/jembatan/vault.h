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

/* ERR_KEY_FILE, with a problem, when the file is missing, readable by others, in a folder that
 * others may write to, not exactly one key, or damaged. */
MUST_USE err_t vault_load (const char *path, vault_t **ret_vault, problems_t *problems);

/* The same two for the key of a hub's backups, whose file says so. */
MUST_USE err_t vault_save_backup (const vault_t *vault, const char *path, problems_t *problems);
MUST_USE err_t vault_load_backup (const char *path, vault_t **ret_vault, problems_t *problems);

#endif
