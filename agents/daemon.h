/*
 * The running agent: it wires ledger, desk, post and api into one loop and steps aside.
 */
#ifndef AGENTS_DAEMON_H
#define AGENTS_DAEMON_H

#include "jembatan/config.h"

/* Runs until SIGTERM or SIGINT (ERR_OK), or until the ledger or disk can't be trusted (STOP lane). */
MUST_USE err_t daemon_run (const config_t *config, problems_t *problems);

#endif
