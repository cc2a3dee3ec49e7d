/*
 * The agent's backups: of its ledger, with the ledger's key, as the configuration says.
 */
#ifndef AGENTS_BACKUP_H
#define AGENTS_BACKUP_H

#include "agents/ledger/ledger.h"
#include "jembatan/config.h"
#include "proto/backups.h"

/* What ledger_backups needs to begin one; lives as long as the backups. */
struct ledger_backups {
	const config_t *config;
	ledger_t *ledger;
};

/* Removes what an interrupted restore or rehearsal left in the data folder, and gives the backups, which
 * the caller owns. */
backups_t *ledger_backups_new (const struct ledger_backups *from, zloop_t *loop);

#endif
