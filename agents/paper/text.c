/* A page as plain text of 72 columns, for any printer and any screen. */
#include "agents/paper/sheet.h"

#include <string.h>

#include "proto/text.h"

#define COLUMNS 72
#define INDENT 4
#define SMALL_INDENT 8
#define ROOM_TO_WRITE 12 /* at least so many columns */

struct pen {
	buffer_t *buffer;
	size_t column, indent;
	err_t err;
};

static void put_bytes (struct pen *pen, const char *text, size_t len)
{
	if (pen->err == ERR_OK)
		pen->err = buffer_add (pen->buffer,
				       (struct bytes){ (const uint8_t *)text, len });
}

static void put_times (struct pen *pen, char c, size_t count)
{
	for (size_t i = 0; i < count; i++)
		put_bytes (pen, &c, 1);
	pen->column += count;
}

static void end_line (struct pen *pen)
{
	put_bytes (pen, "\n", 1);
	pen->column = 0;
}

static void begin_line (struct pen *pen)
{
	if (pen->column == 0)
		put_times (pen, ' ', pen->indent);
}

/* ---- words that wrap ------------------------------------------------------------ */

/* Columns of a character: two for what East Asian terminals draw wide, pictures among them, none
 * for what joins the one before. */
static size_t char_columns (const char *at, size_t len)
{
	const uint8_t *b = (const uint8_t *)at;
	uint32_t code = len == 1 ? b[0] : b[0] & (0x7fu >> len);

	for (size_t i = 1; i < len; i++)
		code = code << 6 | (b[i] & 0x3f);
	if ((code >= 0x300 && code <= 0x36f) || code == 0x200c || code == 0x200d ||
	    (code >= 0xfe00 && code <= 0xfe0f))
		return 0;
	if ((code >= 0x1100 && code <= 0x115f) || (code >= 0x2e80 && code <= 0xa4cf) ||
	    (code >= 0xac00 && code <= 0xd7a3) || (code >= 0xf900 && code <= 0xfaff) ||
	    (code >= 0xfe30 && code <= 0xfe6f) || (code >= 0xff00 && code <= 0xff60) ||
	    code >= 0x1f000)
		return 2;
	return 1;
}

static bool ends_word (char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\0';
}

/* Columns of the word that begins here. */
static size_t word_columns (const char *text)
{
	const char *shown;
	size_t len, step, columns = 0;

	for (; !ends_word (*text) && (step = sheet_char (text, &shown, &len)) > 0; text += step)
		columns += char_columns (shown, len);
	return columns;
}

/* One word; what is longer than a line is cut where the line ends. */
static const char *put_word (struct pen *pen, const char *text)
{
	const char *shown;
	size_t len, step;

	for (; !ends_word (*text) && (step = sheet_char (text, &shown, &len)) > 0; text += step) {
		size_t columns = char_columns (shown, len);

		if (pen->column + columns > COLUMNS)
			end_line (pen);
		begin_line (pen);
		put_bytes (pen, shown, len);
		pen->column += columns;
	}
	return text;
}

static void put_text (struct pen *pen, const char *text)
{
	bool first = pen->column <= pen->indent;

	while (*text != '\0') {
		if (*text == '\n') {
			end_line (pen);
			first = true;
			text++;
			continue;
		}
		if (ends_word (*text)) {
			text++;
			continue;
		}
		if (!first && pen->column + 1 + word_columns (text) > COLUMNS)
			end_line (pen);
		else if (!first && pen->column > pen->indent)
			put_times (pen, ' ', 1);
		text = put_word (pen, text);
		first = false;
	}
}

/* Short words stand on one line, long ones one language below the other. */
static void put_words (struct pen *pen, struct words words)
{
	put_text (pen, words.id);
	if (strcmp (words.id, words.en) == 0)
		return;
	if (strlen (words.id) + strlen (words.en) < COLUMNS) {
		put_text (pen, "/");
	} else {
		end_line (pen);
	}
	put_text (pen, words.en);
}

/* ---- blocks --------------------------------------------------------------------- */

static void put_rule (struct pen *pen, char c)
{
	put_times (pen, c, COLUMNS);
	end_line (pen);
}

static void put_cut (struct pen *pen, const struct block *block)
{
	end_line (pen);
	for (size_t i = 0; i < COLUMNS / 2; i++)
		put_bytes (pen, "- ", 2);
	end_line (pen);
	put_words (pen, block->label);
	end_line (pen);
}

static size_t words_bytes (struct words words)
{
	bool once = strcmp (words.id, words.en) == 0;

	return strlen (words.id) + (once ? 0 : strlen (" / ") + strlen (words.en));
}

/* A short value stands behind its label, a long one beneath it. */
static void put_line (struct pen *pen, const struct block *block)
{
	bool is_short = words_bytes (block->label) + strlen (": ") +
				words_bytes (block->value) <= COLUMNS &&
			strchr (block->value.id, '\n') == NULL;

	put_words (pen, block->label);
	if (pen->column < COLUMNS) {
		put_bytes (pen, ":", 1);
		pen->column++;
	}
	if (!is_short)
		end_line (pen);
	pen->indent = INDENT;
	put_words (pen, block->value);
	end_line (pen);
}

static void put_box (struct pen *pen, const struct block *block, size_t indent)
{
	put_times (pen, ' ', indent);
	put_bytes (pen, "[ ] ", 4);
	pen->column += 4;
	pen->indent = indent + 4;
	put_words (pen, block->label);
	end_line (pen);
}

static void put_choice (struct pen *pen, const struct block *block)
{
	pen->indent = INDENT;
	begin_line (pen);
	put_words (pen, block->label);
	put_bytes (pen, ":", 1);
	end_line (pen);
}

static void put_blank (struct pen *pen, const struct block *block)
{
	pen->indent = INDENT;
	begin_line (pen);
	put_words (pen, block->label);
	if (pen->column + 2 <= COLUMNS) {
		put_bytes (pen, ": ", 2);
		pen->column += 2;
	}
	if (pen->column + ROOM_TO_WRITE > COLUMNS) {
		end_line (pen);
		begin_line (pen);
	}
	put_times (pen, '_', COLUMNS - pen->column);
	end_line (pen);
}

static void put_block (struct pen *pen, const struct block *block)
{
	pen->indent = 0;
	switch (block->type) {
	case BLOCK_TITLE:
		put_rule (pen, '=');
		put_words (pen, block->label);
		end_line (pen);
		break;
	case BLOCK_HEADING:
	case BLOCK_TEXT: end_line (pen); put_words (pen, block->label); end_line (pen); break;
	case BLOCK_NAME:
	case BLOCK_HEAD: put_words (pen, block->label); end_line (pen); break;
	case BLOCK_LINE: put_line (pen, block); break;
	case BLOCK_CUT: put_cut (pen, block); break;
	case BLOCK_BOX: put_box (pen, block, 0); break;
	case BLOCK_CHOICE: put_choice (pen, block); break;
	case BLOCK_SMALL_BOX: put_box (pen, block, SMALL_INDENT); break;
	case BLOCK_BLANK: put_blank (pen, block); break;
	}
}

err_t sheet_text (const struct sheet *sheet, buffer_t *buffer)
{
	struct pen pen = { .buffer = buffer };

	for (size_t i = 0; i < sheet->count; i++)
		put_block (&pen, &sheet->blocks[i]);
	return pen.err;
}
