/* A letter's answers as a person reads them: lines, tables, and remarks under what they are about. */
#ifndef AGENTS_CLI_ANSWERS_H
#define AGENTS_CLI_ANSWERS_H

#include "agents/cli/cli.h"

void answers_print (const struct cli *cli, const json_t *letter);

#endif
