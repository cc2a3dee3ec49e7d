/*
 * The agent's backups: one at a time, taken in slices between the letters of its loop; how the last
 * ones went, for `status`.
 */
#ifndef AGENTS_BACKUP_H
#define AGENTS_BACKUP_H

#include <czmq.h>

#include "agents/api/api.h"
#include "jembatan/config.h"

typedef struct backups backups_t;

/* Borrows the configuration and the ledger, and removes what an interrupted restore or rehearsal left
 * in the data folder.  The caller owns it, and destroys it before the ledger. */
backups_t *backups_new (const config_t *config, ledger_t *ledger, zloop_t *loop);
void backups_destroy (backups_t **backups);

/* What api.h names: begins one into a folder ("" = the configuration's), and tells how it goes. */
err_t backups_start (void *arg, const char *folder, problems_t *problems);
void backups_status (void *arg, struct api_backup *ret_status);

/* When the last one was made; 0 = never. */
int64_t backups_last_ms (const backups_t *backups);

/* The error of the ledger itself, when reading it failed; ERR_OK otherwise. */
err_t backups_stopped (const backups_t *backups);

#endif
