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

/* Reads the directory kept by the configuration.  The caller owns it. */
MUST_USE err_t setup_directory (const config_t *config, directory_t **ret_directory,
				problems_t *problems);

#endif
