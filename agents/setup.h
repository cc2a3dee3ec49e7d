/*
 * Setting an agency up: keys, ledger and request; then the welcome file that comes back.
 */
#ifndef AGENTS_SETUP_H
#define AGENTS_SETUP_H

#include "jembatan/config.h"
#include "jembatan/directory.h"

/* Makes three key pairs and an empty ledger, writes the request for the registrar, and gives the
 * fingerprint words to read over the phone.  What is already there stays: a second run writes the
 * request again. */
MUST_USE err_t setup_init (const config_t *config, const char *request_path,
			   char words[FINGERPRINT_TEXT], problems_t *problems);

/* Takes a welcome file in: our own keys must stand in its directory.  The caller owns the directory. */
MUST_USE err_t setup_join (const config_t *config, const char *welcome_path,
			   directory_t **ret_directory, problems_t *problems);

/* Reads the directory kept by the configuration, in which our keys must stand.  The caller owns it. */
MUST_USE err_t setup_directory (const config_t *config, directory_t **ret_directory,
				problems_t *problems);

/*
 * The BOX pairs that open letters: the present one first, then those kept in folders below
 * keys/old, for letters that were sealed before a change and are still on their way (up to
 * LETTER_EXPIRY_MAX_MS).  ret_boxes has room for SETUP_BOXES; the caller owns each.
 */
#define SETUP_BOXES 8u
MUST_USE err_t setup_boxes (const config_t *config, keypair_t *ret_boxes[SETUP_BOXES],
			    size_t *ret_count, problems_t *problems);

#endif
