/*
 * The one door to the JSON library: parsing is bounded in size and depth and rejects duplicate keys
 * and bad UTF-8; printing is compact, or indented for people.  The values themselves are jansson's.
 */
#ifndef AGENTS_JSON_H
#define AGENTS_JSON_H

#include <jansson.h>

#include "jembatan/problem.h"

/* The caller owns the value (json_decref).  ERR_MALFORMED with a problem that names the line and
 * column, ERR_TOO_LARGE. */
MUST_USE err_t json_read (struct bytes text, json_t **ret_value, problems_t *problems);
MUST_USE err_t json_read_file (const char *path, json_t **ret_value, problems_t *problems);

/* The caller frees the text. */
char *json_text (const json_t *value, bool indented);

/* Member look-ups; a missing or null member gives NULL, or the fallback. */
const char *json_get_text (const json_t *object, const char *key);
int64_t json_get_number (const json_t *object, const char *key, int64_t fallback);
bool json_get_flag (const json_t *object, const char *key, bool fallback);

#endif
