/*
 * Pages that a command of the agent writes to be printed: into a new file, HTML or text as its name ends,
 * or as text to standard output.
 */
#ifndef AGENTS_PAGE_H
#define AGENTS_PAGE_H

#include <sys/types.h>

#include "agents/paper/paper.h"

/* Of FILE.html, FILE.txt and "-"; ERR_INVALID, with a problem, for another ending. */
MUST_USE err_t page_format (const char *path, enum paper_format *ret_format, problems_t *problems);

/* ERR_EXISTS rather than overwrite, ERR_FILE; with a problem. */
MUST_USE err_t page_write (const char *path, mode_t mode, struct bytes page, problems_t *problems);

#endif
