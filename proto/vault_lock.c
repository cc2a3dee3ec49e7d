/*
 * A vault's key under a passphrase; see jembatan/vault.h.
 */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "jembatan/vault.h"

#define PLACE_BYTES 80

const struct lock_cost vault_lock_cost = { 16, 256 * 1024 };

/* What the sealed key is bound to, so that neither cost nor salt can be exchanged. */
static struct bytes place_of (const struct locked_key *locked, char buffer[PLACE_BYTES])
{
	char salt[2 * sizeof locked->salt + 1];
	int len;

	sodium_bin2hex (salt, sizeof salt, locked->salt, sizeof locked->salt);
	len = snprintf (buffer, PLACE_BYTES, "ledger-locked argon2id %u %u %s", locked->cost.passes,
			locked->cost.kib, salt);
	return (struct bytes){ (const uint8_t *)buffer, (size_t)len };
}

/* The vault that wraps: Argon2id (RFC 9106) of the passphrase.  NULL when there is no memory for it. */
static vault_t *stretch (const struct locked_key *locked, const char *passphrase)
{
	vault_t *wrapping = NULL;
	uint8_t *key = sodium_malloc (32);

	if (key != NULL &&
	    crypto_pwhash (key, 32, passphrase, strlen (passphrase), locked->salt, locked->cost.passes,
			   (size_t)locked->cost.kib * KIB, crypto_pwhash_ALG_ARGON2ID13) == 0)
		wrapping = vault_of_key (key);
	sodium_free (key);
	return wrapping;
}

err_t vault_lock (const vault_t *vault, const char *passphrase, const struct lock_cost *cost,
		  struct locked_key *ret_locked)
{
	struct locked_key locked = { .cost = *cost };
	OWNED (vault) wrapping = NULL;
	char place[PLACE_BYTES];

	_Static_assert (sizeof locked.salt == crypto_pwhash_SALTBYTES, "salt of Argon2id");
	randombytes_buf (locked.salt, sizeof locked.salt);
	wrapping = stretch (&locked, passphrase);
	if (wrapping == NULL)
		return ERR_BUSY;
	vault_wrap (wrapping, place_of (&locked, place), vault, locked.sealed);
	*ret_locked = locked;
	return ERR_OK;
}

err_t vault_unlock (const struct locked_key *locked, const char *passphrase, vault_t **ret_vault)
{
	OWNED (vault) wrapping = stretch (locked, passphrase);
	vault_t *vault = NULL;
	char place[PLACE_BYTES];

	if (wrapping == NULL)
		return ERR_BUSY;
	if (vault_unwrap (wrapping, place_of (locked, place),
			  (struct bytes){ locked->sealed, sizeof locked->sealed }, &vault) != ERR_OK)
		return ERR_WRONG_PASSPHRASE;
	*ret_vault = vault;
	return ERR_OK;
}
