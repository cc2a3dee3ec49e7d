/* The catalogue as the agent serves it, looked up by kind and by code. */
#ifndef AGENTS_CLI_CATALOGUE_H
#define AGENTS_CLI_CATALOGUE_H

#include "agents/cli/out.h"

/* The kind's object inside the catalogue, or NULL. */
const json_t *catalogue_kind_of (const json_t *catalogue, const char *kind);

/* The kind that opens a thread of this type; "" when there is none. */
const char *catalogue_opening (const json_t *catalogue, const char *type);

/* "required", "optional" or "none": is a thread that this kind belongs to about a client? */
const char *catalogue_about (const json_t *catalogue, const char *kind);

/* "jembatan accept R-2026-0007 --at ... --place ...": how a person writes this kind, with
 * what its form requires, into the text. */
const char *catalogue_line (const json_t *catalogue, const char *kind, const char *number,
			    char text[OUT_TEXT]);

#endif
