/* People as other commands need them. */
#ifndef AGENTS_CLI_PEOPLE_H
#define AGENTS_CLI_PEOPLE_H

#include "agents/cli/cli.h"
#include "jembatan/ids.h"

/* The id of the one person that these words find; says what is wrong otherwise.  Words
 * travel in a body, never in an address. */
MUST_USE err_t people_find (struct cli *cli, const char *words, char ret_id[UUID_TEXT]);

/* The same, but says nothing when they find nobody: the caller does. */
MUST_USE err_t people_try (struct cli *cli, const char *words, char ret_id[UUID_TEXT]);

/* The lines of a record: who the person is and how they may be reached. */
void people_print (const struct cli *cli, const json_t *person);

#endif
