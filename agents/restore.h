/*
 * Going on with a ledger of an earlier time.
 */
#ifndef AGENTS_RESTORE_H
#define AGENTS_RESTORE_H

#include "jembatan/config.h"

/*
 * The ledger that stands in the data folder (a copy put back by hand, or just unpacked from a backup)
 * goes on as a restored one: see ledger_restored.  The agent must not run.  ERR_IN_USE,
 * ERR_NOT_FOUND, and whatever opening the ledger gives.
 */
MUST_USE err_t restore_here (const config_t *config, problems_t *problems);

#endif
