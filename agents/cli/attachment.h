/* Files that go with letters: what the forms offer the commands that write. */
#ifndef AGENTS_CLI_ATTACHMENT_H
#define AGENTS_CLI_ATTACHMENT_H

#include "agents/cli/cli.h"

/*
 * Uploads every {"file": "[LABEL=]PATH"} among the answers of a body that goes to `path`, and puts
 * {"attachment", "title", "label"} in its place.  ERR_FILE, ERR_INVALID, ERR_TOO_LARGE after saying
 * what is wrong with which file, before anything is uploaded.
 */
MUST_USE err_t attachment_upload_all (struct cli *cli, const char *path, json_t *body);

/* A file to the agent, from an offset on; a file from it.  ERR_OFFLINE when the line broke, which has
 * not been said; every other error has. */
MUST_USE err_t transfer_put (struct cli *cli, const char *path, FILE *from, uint64_t offset,
			     uint64_t length, const char *type, json_t **ret_answer);
MUST_USE err_t transfer_get (struct cli *cli, const char *path, FILE *to);
/* A file that has to be asked for with a body, which stays the caller's. */
MUST_USE err_t transfer_post (struct cli *cli, const char *path, const json_t *body, FILE *to);

/* One line that grows, on a terminal; nothing elsewhere. */
void transfer_bar (const struct cli *cli, uint64_t done, uint64_t whole);
void transfer_bar_end (const struct cli *cli);

#endif
