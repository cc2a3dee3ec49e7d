/*
 * The schema, as a list of numbered steps that only grows: what was published never changes.  The
 * number of steps that a ledger has taken stands in its file (user_version).
 */
#ifndef AGENTS_LEDGER_MIGRATION_H
#define AGENTS_LEDGER_MIGRATION_H

#include "agents/ledger/sql.h"

unsigned migration_newest (void);

/* Takes the steps up to `version` that were not taken yet, each in one transaction.
 * ERR_NEWER_STORE when the ledger has taken steps that this program does not know. */
MUST_USE err_t migration_run (sql_t *sql, unsigned version);

#endif
