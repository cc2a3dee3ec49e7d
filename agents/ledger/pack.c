/* Byte strings behind their lengths; see pack.h. */
#include "agents/ledger/pack.h"

#include <assert.h>
#include <string.h>

#define LENGTH_BYTES 4u

static uint8_t *put (uint8_t *at, struct bytes part)
{
	for (unsigned i = 0; i < LENGTH_BYTES; i++)
		at[i] = (uint8_t)(part.len >> (8 * i));
	at += LENGTH_BYTES;
	if (part.len > 0)
		memcpy (at, part.data, part.len);
	return at + part.len;
}

struct bytes pack (const struct bytes *parts, size_t count, arena_t *arena)
{
	size_t len = 0;
	uint8_t *packed, *at;

	for (size_t i = 0; i < count; i++) {
		assert (parts[i].len <= UINT32_MAX);
		len += LENGTH_BYTES + parts[i].len;
	}
	packed = arena_alloc (arena, len);
	if (packed == NULL)
		return BYTES_NONE;
	at = packed;
	for (size_t i = 0; i < count; i++)
		at = put (at, parts[i]);
	return (struct bytes){ packed, len };
}

bool unpack (struct bytes *packed, struct bytes *ret_part)
{
	size_t len = 0;

	if (packed->len == 0) {
		*ret_part = BYTES_NONE;
		return true;
	}
	if (packed->len < LENGTH_BYTES)
		return false;
	for (unsigned i = 0; i < LENGTH_BYTES; i++)
		len |= (size_t)packed->data[i] << (8 * i);
	if (len > packed->len - LENGTH_BYTES)
		return false;
	*ret_part = (struct bytes){ packed->data + LENGTH_BYTES, len };
	packed->data += LENGTH_BYTES + len;
	packed->len -= LENGTH_BYTES + len;
	return true;
}

const char *unpack_text (struct bytes *packed, arena_t *arena)
{
	struct bytes part = BYTES_NONE;
	char *text;

	if (!unpack (packed, &part))
		return "";
	text = arena_alloc (arena, part.len + 1);
	if (text == NULL)
		return "";
	if (part.len > 0)
		memcpy (text, part.data, part.len);
	return text;
}
