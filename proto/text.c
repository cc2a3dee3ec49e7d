/* UTF-8, checked and folded one character at a time. */
#include "proto/text.h"

#include <string.h>

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

/* ---- folding ------------------------------------------------------------------------------------ */

/* clang-format off */
/* U+00C0..U+017F, the letters of Latin-1 and Latin Extended-A: one base letter each, '.' for what is
 * no letter. */
static const char latin[] =
	"aaaaaaaceeeeiiii" "dnooooo.ouuuuyts" "aaaaaaaceeeeiiii" "dnooooo.ouuuuyty"
	"aaaaaaccccccccdd" "ddeeeeeeeeeegggg" "gggghhhhiiiiiiii" "iiiijjkkklllllll"
	"lllnnnnnnnnnoooo" "oooorrrrrrssssss" "ssttttttuuuuuuuu" "uuuuwwyyyzzzzzzs";
/* clang-format on */
_Static_assert (sizeof latin == 0x180 - 0xc0 + 1, "one letter for each");

static uint32_t code_of (const uint8_t *at, size_t len)
{
	uint32_t code = len == 1 ? at[0] : at[0] & (0x7fu >> len);

	for (size_t i = 1; i < len; i++)
		code = code << 6 | (at[i] & 0x3f);
	return code;
}

static bool is_mark (uint32_t code)
{
	return code >= 0x300 && code <= 0x36f;
}

/* Seen by nobody: soft hyphen, zero-width characters, byte-order mark. */
static bool is_invisible (uint32_t code)
{
	return code == 0xad || (code >= 0x200b && code <= 0x200f) || code == 0x2060 || code == 0xfeff;
}

/* The letter that an ASCII or Latin character stands for; ' ' between words, '\0' for nothing. */
static char base_of (uint32_t code)
{
	if (code >= 'A' && code <= 'Z')
		return (char)(code - 'A' + 'a');
	if ((code >= 'a' && code <= 'z') || (code >= '0' && code <= '9'))
		return (char)code;
	/* Nur'aini, Nuraini and Nur’aini are one name. */
	if (code == '\'' || code == '`' || code == 0x2018 || code == 0x2019 || is_mark (code) ||
	    is_invisible (code))
		return '\0';
	if (code >= 0xc0 && code < 0x180 && latin[code - 0xc0] != '.')
		return latin[code - 0xc0];
	return ' ';
}

static bool is_other_script (uint32_t code)
{
	bool is_punctuation = code >= 0x2000 && code <= 0x206f;

	return code >= 0x180 && !is_mark (code) && !is_punctuation && !is_invisible (code);
}

static char *fold_one (char *to, const uint8_t *at, size_t len, const char *start)
{
	uint32_t code = code_of (at, len);
	char base;

	if (is_other_script (code)) {
		memcpy (to, at, len);
		return to + len;
	}
	base = base_of (code);
	if (base == '\0' || (base == ' ' && (to == start || to[-1] == ' ')))
		return to;
	*to++ = base;
	return to;
}

char *text_fold (const char *text)
{
	size_t left = strlen (text), len;
	const uint8_t *at = (const uint8_t *)text;
	char *folded = must_alloc (left + 1), *to = folded;

	for (; left > 0; at += len, left -= len) {
		len = text_char_bytes (at, left);
		if (len == 0)
			len = 1;   /* not text: passed over */
		else
			to = fold_one (to, at, len, folded);
	}
	if (to > folded && to[-1] == ' ')
		to--;
	*to = '\0';
	return folded;
}
