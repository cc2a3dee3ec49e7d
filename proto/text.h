/* What counts as text: valid UTF-8 (RFC 3629) without control characters. */
#ifndef PROTO_TEXT_H
#define PROTO_TEXT_H

#include "jembatan/base.h"

/* The length of the UTF-8 character that starts here, 1..4, or 0 when it is not valid: cut short,
 * overlong, a surrogate, or beyond U+10FFFF. */
size_t text_char_bytes (const uint8_t *at, size_t left);

/* True for U+0000..U+001F, U+007F and U+0080..U+009F. */
bool text_is_control (const uint8_t *at, size_t char_bytes);

/* Valid UTF-8 whose only control characters are newline and tab. */
bool text_is_clean (struct bytes text);

/* As text_is_clean, and on one line without tabs. */
bool text_is_line (struct bytes text);

/* The folded form, to be freed: lower-case Latin without accents and apostrophes, words parted by
 * one space; other scripts stay as they are. */
char *text_fold (const char *text);

#endif
