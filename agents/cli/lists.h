/* A list that the api gives in pages, shown by whoever knows its rows. */
#ifndef AGENTS_CLI_LISTS_H
#define AGENTS_CLI_LISTS_H

#include "agents/cli/out.h"

typedef void (list_print_fn) (const struct cli *cli, const json_t *items);

/* Asks for one page, or with --all for every page, and shows it; the sentences stand for an empty
 * one.  `words` is how many words the command has used. */
MUST_USE err_t list_run (struct cli *cli, size_t words, const char *path, list_print_fn *print,
			 const char *none_id, const char *none_en);

#endif
