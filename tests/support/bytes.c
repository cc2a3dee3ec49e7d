#include "tests/support/bytes.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static uint64_t varint (const uint8_t **at)
{
	uint64_t value = 0;

	for (unsigned shift = 0;; shift += 7) {
		value |= (uint64_t)(**at & 0x7f) << shift;
		if (*(*at)++ < 0x80)
			return value;
	}
}

size_t fields_of (struct bytes message, struct bytes *ret_last)
{
	const uint8_t *at = message.data, *end = message.data + message.len;
	size_t count = 0;

	for (; at < end; count++) {
		uint64_t tag = varint (&at), value = varint (&at);

		assert ((tag & 7) == 0 || (tag & 7) == 2);
		if ((tag & 7) == 2) {
			*ret_last = (struct bytes){ at, (size_t)value };
			at += value;
		}
	}
	assert (at == end);
	return count;
}

static uint8_t *put (uint8_t *at, struct bytes content)
{
	if (content.len > 0)
		memcpy (at, content.data, content.len);
	return at + content.len;
}

void spoil_everywhere (struct bytes good, void (*decode) (struct bytes spoiled))
{
	/* An allocation of the exact size, so that reading past the end is seen. */
	for (size_t len = 0; len <= good.len; len++) {
		uint8_t *copy = malloc (len > 0 ? len : 1);

		put (copy, (struct bytes){ good.data, len });
		decode ((struct bytes){ copy, len });
		for (size_t bit = 0; len == good.len && bit < 8 * len; bit++) {
			copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
			decode ((struct bytes){ copy, len });
			copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
		}
		free (copy);
	}
}

static uint8_t *put_varint (uint8_t *at, uint64_t value)
{
	for (; value >= 0x80; value >>= 7)
		*at++ = (uint8_t)(value | 0x80);
	*at++ = (uint8_t)value;
	return at;
}

struct bytes with_bytes_field (struct bytes message, unsigned number, struct bytes content,
			       arena_t *arena)
{
	uint8_t *start = arena_must (arena, message.len + content.len + 20), *at = start;

	at = put_varint (put (at, message), number << 3 | 2);
	at = put (put_varint (at, content.len), content);
	return (struct bytes){ start, (size_t)(at - start) };
}

struct bytes with_number_field (struct bytes message, unsigned number, uint64_t value,
				arena_t *arena)
{
	uint8_t *start = arena_must (arena, message.len + 20), *at = start;

	at = put_varint (put (at, message), number << 3);
	at = put_varint (at, value);
	return (struct bytes){ start, (size_t)(at - start) };
}
