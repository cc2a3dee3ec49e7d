/* The lines of a ZPL file, looked at before czmq reads them: czmq stops at the first mistake and
 * forgets line numbers. */
#ifndef PROTO_CONFIG_LINES_H
#define PROTO_CONFIG_LINES_H

#include "jembatan/problem.h"

struct config_lines {
	size_t count, room;
	size_t *number;      /* line numbers of the items, in file order, counted from 1 */
};

/* Reports each broken line.  The caller frees with config_lines_clear, after errors too. */
MUST_USE err_t config_lines_read (struct config_lines *lines, const char *text,
				  problems_t *problems);
void config_lines_clear (struct config_lines *lines);

#endif
