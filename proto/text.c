/* UTF-8, checked one character at a time. */
#include "proto/text.h"

/* The smallest code point that needs this many bytes: a shorter one written longer is refused. */
static const uint32_t smallest[5] = { 0, 0, 0x80, 0x800, 0x10000 };

static size_t announced_bytes (uint8_t lead)
{
	if (lead < 0x80)
		return 1;
	if ((lead & 0xe0) == 0xc0)
		return 2;
	if ((lead & 0xf0) == 0xe0)
		return 3;
	if ((lead & 0xf8) == 0xf0)
		return 4;
	return 0;
}

size_t text_char_bytes (const uint8_t *at, size_t left)
{
	size_t len = left > 0 ? announced_bytes (at[0]) : 0;
	uint32_t code;

	if (len <= 1 || len > left)
		return len > left ? 0 : len;
	code = at[0] & (0x7fu >> len);
	for (size_t i = 1; i < len; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (at[i] & 0x3f);
	}
	if (code < smallest[len] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
		return 0;
	return len;
}

bool text_is_control (const uint8_t *at, size_t char_bytes)
{
	if (char_bytes == 1)
		return at[0] < 0x20 || at[0] == 0x7f;
	return char_bytes == 2 && at[0] == 0xc2 && at[1] < 0xa0;
}

static bool is_clean (struct bytes text, bool many_lines)
{
	size_t step;

	for (size_t i = 0; i < text.len; i += step) {
		const uint8_t *at = text.data + i;

		step = text_char_bytes (at, text.len - i);
		if (step == 0)
			return false;
		if (many_lines && (*at == '\n' || *at == '\t'))
			continue;
		if (text_is_control (at, step))
			return false;
	}
	return true;
}

bool text_is_clean (struct bytes text)
{
	return is_clean (text, true);
}

bool text_is_line (struct bytes text)
{
	return is_clean (text, false);
}
