/*
 * `jembatan-hub init`: makes a new hub's keys and the request that the registrar signs.
 */
#ifndef HUB_INIT_H
#define HUB_INIT_H

#include "jembatan/keys.h"

struct hub_init {
	const char *id, *endpoint, *keys, *request;
};

/* Writes keys/link.key, keys/log.key and the request file, and gives the fingerprint that the two
 * read to each other over the phone.  Never overwrites.  Fails with problems. */
MUST_USE err_t hub_init (const struct hub_init *init, char ret_words[FINGERPRINT_TEXT],
			 problems_t *problems);

#endif
