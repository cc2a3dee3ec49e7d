/* Spoiling bytes, and looking into encoded messages without the generated code. */
#ifndef TESTS_SUPPORT_BYTES_H
#define TESTS_SUPPORT_BYTES_H

#include "jembatan/base.h"

/* How many fields the encoded message has, and the content of its last delimited one. */
size_t fields_of (struct bytes message, struct bytes *ret_last);

/* Decodes every shorter input and every input with one bit flipped; what it gives is up to the
 * decoder, but it must return. */
void spoil_everywhere (struct bytes good, void (*decode) (struct bytes spoiled));

/* The message and one more field: number, then `len` bytes of content (or a number). */
struct bytes with_bytes_field (struct bytes message, unsigned number, struct bytes content,
			       arena_t *arena);
struct bytes with_number_field (struct bytes message, unsigned number, uint64_t value,
				arena_t *arena);

#endif
