/*
 * Sealing at rest; see jembatan/vault.h.
 */
#include "jembatan/vault.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "jembatan/keys.h"

#define KEY_BYTES crypto_aead_xchacha20poly1305_ietf_KEYBYTES
#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_BYTES crypto_aead_xchacha20poly1305_ietf_ABYTES
#define DERIVE_DOMAIN "JMBTN-vault-v1"

_Static_assert (NONCE_BYTES + TAG_BYTES == VAULT_OVERHEAD, "what sealing adds");

struct vault {
	uint8_t *key;   /* sodium_malloc, read-only once filled */
	bool scratch;   /* filled again and again, so never read-only */
};

static void *guarded (size_t size)
{
	void *memory = sodium_malloc (size);

	if (memory == NULL)
		abort ();
	return memory;
}

static vault_t *vault_alloc (void)
{
	vault_t *vault = must_alloc (sizeof *vault);

	vault->key = guarded (KEY_BYTES);
	return vault;
}

vault_t *vault_scratch (void)
{
	vault_t *vault = vault_alloc ();

	vault->scratch = true;
	return vault;
}

vault_t *vault_new (void)
{
	vault_t *vault = vault_alloc ();

	randombytes_buf (vault->key, KEY_BYTES);
	sodium_mprotect_readonly (vault->key);
	return vault;
}

void vault_destroy (vault_t **vault)
{
	if (*vault == NULL)
		return;
	sodium_free ((*vault)->key);   /* wipes it */
	free (*vault);
	*vault = NULL;
}

vault_t *vault_derive (const vault_t *vault, const char *purpose)
{
	vault_t *derived = vault_alloc ();
	crypto_generichash_state state;

	crypto_generichash_init (&state, vault->key, KEY_BYTES, KEY_BYTES);
	crypto_generichash_update (&state, (const uint8_t *)DERIVE_DOMAIN, sizeof DERIVE_DOMAIN);
	crypto_generichash_update (&state, (const uint8_t *)purpose, strlen (purpose));
	crypto_generichash_final (&state, derived->key, KEY_BYTES);
	sodium_memzero (&state, sizeof state);
	sodium_mprotect_readonly (derived->key);
	return derived;
}

struct bytes vault_key (const vault_t *vault)
{
	return (struct bytes){ vault->key, KEY_BYTES };
}

vault_t *vault_of_key (const uint8_t key[32])
{
	vault_t *vault = vault_alloc ();

	memcpy (vault->key, key, KEY_BYTES);
	sodium_mprotect_readonly (vault->key);
	return vault;
}

/* ---- sealing ------------------------------------------------------------------------------------ */

static void seal_into (const vault_t *vault, struct bytes place, struct bytes plain, uint8_t *ret)
{
	randombytes_buf (ret, NONCE_BYTES);
	crypto_aead_xchacha20poly1305_ietf_encrypt (ret + NONCE_BYTES, NULL, plain.data, plain.len,
						    place.data, place.len, NULL, ret, vault->key);
}

static bool open_into (const vault_t *vault, struct bytes place, struct bytes sealed, uint8_t *ret)
{
	return crypto_aead_xchacha20poly1305_ietf_decrypt (
		       ret, NULL, NULL, sealed.data + NONCE_BYTES, sealed.len - NONCE_BYTES,
		       place.data, place.len, sealed.data, vault->key) == 0;
}

struct bytes vault_seal (const vault_t *vault, struct bytes place, struct bytes plain,
			 arena_t *arena)
{
	uint8_t *sealed = arena_alloc (arena, plain.len + VAULT_OVERHEAD);

	if (sealed == NULL)
		return BYTES_NONE;
	seal_into (vault, place, plain, sealed);
	return (struct bytes){ sealed, plain.len + VAULT_OVERHEAD };
}

err_t vault_open (const vault_t *vault, struct bytes place, struct bytes sealed, arena_t *arena,
		  struct bytes *ret_plain)
{
	uint8_t *plain;

	if (sealed.len < VAULT_OVERHEAD)
		return ERR_CANNOT_OPEN;
	/* One byte more than the plain text: an end for those who know it to be text. */
	plain = arena_alloc (arena, sealed.len - VAULT_OVERHEAD + 1);
	if (plain == NULL)
		return ERR_TOO_LARGE;
	if (!open_into (vault, place, sealed, plain))
		return ERR_CANNOT_OPEN;
	*ret_plain = (struct bytes){ plain, sealed.len - VAULT_OVERHEAD };
	return ERR_OK;
}

void vault_wrap (const vault_t *vault, struct bytes place, const vault_t *inner,
		 uint8_t ret_wrapped[VAULT_WRAPPED_BYTES])
{
	seal_into (vault, place, (struct bytes){ inner->key, KEY_BYTES }, ret_wrapped);
}

err_t vault_unwrap (const vault_t *vault, struct bytes place, struct bytes wrapped, vault_t **inner)
{
	if (*inner == NULL)
		*inner = vault_alloc ();
	else if (!(*inner)->scratch)
		sodium_mprotect_readwrite ((*inner)->key);
	if (wrapped.len != VAULT_WRAPPED_BYTES
	    || !open_into (vault, place, wrapped, (*inner)->key)) {
		vault_destroy (inner);
		return ERR_CANNOT_OPEN;
	}
	if (!(*inner)->scratch)
		sodium_mprotect_readonly ((*inner)->key);
	return ERR_OK;
}

struct hash vault_blind (const vault_t *vault, struct bytes value)
{
	return hash_keyed ((struct bytes){ vault->key, KEY_BYTES }, value);
}
