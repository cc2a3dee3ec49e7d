/* Argon2id by libsodium; see password.h. */
#include "proto/password.h"

#include <sodium.h>
#include <string.h>

_Static_assert (PASSWORD_HASH_TEXT == crypto_pwhash_STRBYTES, "libsodium's text form");

const struct password_cost password_cost = { crypto_pwhash_OPSLIMIT_INTERACTIVE,
					     crypto_pwhash_MEMLIMIT_INTERACTIVE };

err_t password_hash (const char *password, const struct password_cost *cost,
		     char ret_hash[PASSWORD_HASH_TEXT])
{
	char hash[PASSWORD_HASH_TEXT];

	if (crypto_pwhash_str_alg (hash, password, strlen (password), cost->passes, cost->bytes,
				   crypto_pwhash_ALG_ARGON2ID13) != 0)
		return ERR_BUSY;
	memcpy (ret_hash, hash, sizeof hash);
	return ERR_OK;
}

err_t password_check (const char *password, const char *hash)
{
	return crypto_pwhash_str_verify (hash, password, strlen (password)) == 0
		       ? ERR_OK : ERR_NOT_SIGNED_IN;
}

bool password_is_outdated (const char *hash, const struct password_cost *cost)
{
	return crypto_pwhash_str_needs_rehash (hash, cost->passes, cost->bytes) != 0;
}
