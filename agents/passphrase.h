/*
 * The ledger's key as a person at a terminal gives it: read from its file, or opened with the passphrase
 * that guards it; and setting, changing and removing that passphrase.
 *
 * What is typed is read from `in` and nowhere else; see proto/prompt.h.
 */
#ifndef AGENTS_PASSPHRASE_H
#define AGENTS_PASSPHRASE_H

#include <stdio.h>

#include "jembatan/config.h"
#include "jembatan/vault.h"

#define PASSPHRASE_LEAST 16u         /* characters: whoever copies the key file may guess for years */

/* What vault_load gives, after asking when the key is under a passphrase: ERR_WRONG_PASSPHRASE, ERR_BUSY
 * for want of memory; with a problem.  The caller owns it. */
MUST_USE err_t passphrase_key (const config_t *config, FILE *in, vault_t **ret_key,
			       problems_t *problems);

/* Is the key file of this configuration under a passphrase?  False also when there is none. */
bool passphrase_guards (const config_t *config);

/*
 * Seals the key file with a passphrase that is asked for twice; exchanges it for another one, after the
 * present one was given; takes it off again.  With `sheet` the key is typed off the recovery sheet in
 * place of the present passphrase, and has to open the ledger first.  An agent that runs goes on, and
 * asks for it when it starts again.  ERR_CONFLICT (there is one already, or none), ERR_INVALID (too short,
 * or not twice the same), ERR_WRONG_PASSPHRASE, what ledger_open gives; with a problem, and then the file
 * is as before.
 */
MUST_USE err_t passphrase_set (const config_t *config, FILE *in, bool sheet, problems_t *problems);
MUST_USE err_t passphrase_change (const config_t *config, FILE *in, bool sheet, problems_t *problems);
MUST_USE err_t passphrase_remove (const config_t *config, FILE *in, bool sheet, problems_t *problems);

#endif
