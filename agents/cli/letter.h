/* Writing letters from the command line: what refer.c offers its neighbours. */
#ifndef AGENTS_CLI_LETTER_H
#define AGENTS_CLI_LETTER_H

#include "agents/cli/cli.h"

/* Fills the form of a kind from flags, file and questions, adds the members of `more` and posts it;
 * says what became of it.  `words` is how many words the command has.  Takes `more`. */
MUST_USE err_t letter_write (struct cli *cli, const char *kind, const char *path, json_t *more,
			     size_t words);

/* Posts a finished body and says what became of it.  Takes the body. */
MUST_USE err_t letter_post (struct cli *cli, const char *path, json_t *body, size_t words);

#endif
