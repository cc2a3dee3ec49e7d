/*
 * The data keys of people: made, wrapped under the ledger key in a table, unwrapped when they are
 * needed and kept for a while in guarded memory, a bounded number of them.
 */
#ifndef AGENTS_LEDGER_KEYRING_H
#define AGENTS_LEDGER_KEYRING_H

#include "agents/ledger/sql.h"
#include "jembatan/vault.h"

typedef struct keyring keyring_t;

/* Borrows the connection; takes the key.  The caller owns it. */
keyring_t *keyring_new (sql_t *sql, vault_t *ledger_key);
void keyring_destroy (keyring_t **keyring);

/* The ledger's key; borrowed. */
const vault_t *keyring_ledger_key (const keyring_t *keyring);

/* Makes and stores the key of a new person. */
void keyring_add (keyring_t *keyring, const struct person_id *person);
/* NULL when the person was erased.  Borrowed until the next call. */
const vault_t *keyring_get (keyring_t *keyring, const struct person_id *person);
/* Unwraps a key that a query has read, for a walk over everybody; the caller owns *key, which is made
 * when it is NULL.  False when it does not open: the ledger contradicts itself. */
bool keyring_unwrap (keyring_t *keyring, const struct person_id *person, struct bytes wrapped,
		     vault_t **key);
/* Deletes it for ever (with the transaction that it is in). */
void keyring_erase (keyring_t *keyring, const struct person_id *person);
/* Forgets what is kept in memory, after a rollback. */
void keyring_forget (keyring_t *keyring);

#endif
