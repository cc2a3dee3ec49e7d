/* Secrets as they pass through memory: random, compared in constant time, kept in guarded pages. */
#ifndef PROTO_SECRET_H
#define PROTO_SECRET_H

#include "jembatan/base.h"

void secret_random (uint8_t *ret, size_t len);

/* Takes as long for any two of this length. */
bool secret_equal (const uint8_t *a, const uint8_t *b, size_t len);

/* A copy of a text in guarded memory; letting it go wipes it.  NULL stays NULL. */
char *secret_copy (const char *text);
void secret_free (char **secret);

/* "7KQ4-M2XA-...": random groups of four characters of Crockford's base 32, 20 bits each; and the same
 * as somebody typed it, in any case, with blanks and dashes, O for 0 and I or L for 1. */
#define SECRET_CODE_TEXT 40
char *secret_code (size_t groups, char ret_code[SECRET_CODE_TEXT]);
void secret_code_read (const char *words, char ret_code[SECRET_CODE_TEXT]);

#endif
