/* Checking an evidence pack without an agent. */
#ifndef AGENTS_CLI_EVIDENCE_H
#define AGENTS_CLI_EVIDENCE_H

#include "agents/cli/cli.h"

/* Prints what a pack shows, letter by letter, and the verdict.  ERR_OK; ERR_MALFORMED (exit 65) when
 * anything in it does not hold; ERR_NOT_FOUND for a file that can't be read. */
MUST_USE err_t evidence_verify_file (struct cli *cli, const char *path);

#endif
