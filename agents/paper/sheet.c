/* Pages as lists of blocks; see sheet.h. */
#include "agents/paper/sheet.h"

#include <string.h>

#include "proto/text.h"

#define UNSHOWN "\xef\xbf\xbd"       /* U+FFFD */

void sheet_add (struct sheet *sheet, enum block_type type, struct words label,
		struct words value)
{
	if (sheet->count == sheet->room) {
		size_t room = sheet->room > 0 ? 2 * sheet->room : 64;
		struct block *blocks = arena_must (sheet->arena, room * sizeof *blocks);

		if (sheet->count > 0)
			memcpy (blocks, sheet->blocks, sheet->count * sizeof *blocks);
		sheet->blocks = blocks;
		sheet->room = room;
	}
	sheet->blocks[sheet->count++] = (struct block){ type, label, value };
}

/* What turns the direction of what follows, or hides (Unicode 15, UAX #9): U+061C, U+200B, U+200E,
 * U+200F, U+2028..U+202E, U+2060..U+206F, U+FEFF, and the tags of U+E0000. */
static bool turns_or_hides (const uint8_t *at, size_t len)
{
	if (len == 2)
		return at[0] == 0xd8 && at[1] == 0x9c;
	if (len == 4)
		return at[0] == 0xf3 && at[1] == 0xa0;
	if (len != 3)
		return false;
	if (at[0] == 0xef)
		return at[1] == 0xbb && at[2] == 0xbf;
	if (at[0] != 0xe2)
		return false;
	if (at[1] == 0x80)
		return at[2] == 0x8b || at[2] == 0x8e || at[2] == 0x8f ||
		       (at[2] >= 0xa8 && at[2] <= 0xae);
	return at[1] == 0x81 && at[2] >= 0xa0 && at[2] <= 0xaf;
}

size_t sheet_char (const char *text, const char **ret_shown, size_t *ret_len)
{
	const uint8_t *at = (const uint8_t *)text;
	size_t len;

	if (*text == '\0')
		return 0;
	len = text_char_bytes (at, strnlen (text, 4));
	*ret_shown = text;
	*ret_len = len;
	if (*text == '\n')
		return 1;
	if (*text == '\t') {
		*ret_shown = " ";
		*ret_len = 1;
		return 1;
	}
	if (len == 0 || text_is_control (at, len) || turns_or_hides (at, len)) {
		*ret_shown = UNSHOWN;
		*ret_len = strlen (UNSHOWN);
	}
	return len > 0 ? len : 1;
}
