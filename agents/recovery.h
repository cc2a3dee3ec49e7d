/*
 * The agency's recovery sheet: writing it, and reading it back.
 */
#ifndef AGENTS_RECOVERY_H
#define AGENTS_RECOVERY_H

#include <stdio.h>

#include "jembatan/config.h"
#include "jembatan/keys.h"
#include "jembatan/vault.h"

/* Writes the sheet of the present ledger and BOX key into a new file (0600, HTML when its name ends in
 * .html, text when it ends in .txt), or as text to standard output for "-".  ERR_INVALID for another
 * ending, ERR_EXISTS, ERR_FILE, ERR_KEY_FILE; with a problem. */
MUST_USE err_t recovery_write (const config_t *config, const char *path, problems_t *problems);

/* Does what somebody types match the keys in use?  ERR_INVALID with a problem for each wrong line,
 * ERR_CONFLICT for a sheet of other keys. */
MUST_USE err_t recovery_check (const config_t *config, FILE *in, problems_t *problems);

/* Reads both keys of a sheet; the caller owns them. */
MUST_USE err_t recovery_type (FILE *in, vault_t **ret_ledger_key, keypair_t **ret_box,
			      problems_t *problems);

#endif
