/*
 * What stands on a page, line by line, before it becomes HTML or text.  Both languages of every
 * line stand side by side; where they are the same, the line is said once.
 */
#ifndef AGENTS_PAPER_SHEET_H
#define AGENTS_PAPER_SHEET_H

#include "agents/catalogue/catalogue.h"

enum block_type {
	BLOCK_NAME,              /* the letterhead's first line */
	BLOCK_HEAD,              /* the others: address, phones */
	BLOCK_TITLE,
	BLOCK_HEADING,
	BLOCK_LINE,              /* label and value */
	BLOCK_TEXT,              /* a paragraph */
	BLOCK_CUT,               /* from here on it is the slip */
	BLOCK_BOX,               /* to tick */
	BLOCK_CHOICE,            /* what the small boxes that follow are about */
	BLOCK_SMALL_BOX,         /* one of several beneath a box */
	BLOCK_BLANK,             /* label, and room to write */
};

struct block {
	enum block_type type;
	struct words label, value;
};

struct sheet {
	arena_t *arena;
	const char *title;       /* of the document: the number */
	size_t count, room;
	struct block *blocks;
};

/* Adds a block; both words live as long as the sheet. */
void sheet_add (struct sheet *sheet, enum block_type type, struct words label,
		struct words value);

/* The whole page.  ERR_TOO_LARGE.  (html.c, text.c) */
MUST_USE err_t sheet_html (const struct sheet *sheet, buffer_t *buffer);
MUST_USE err_t sheet_text (const struct sheet *sheet, buffer_t *buffer);

/*
 * The next character of what somebody wrote, as a page may show it: U+FFFD instead of control
 * characters, marks of direction and what is no UTF-8.  Line ends stay.  Returns how many bytes of
 * `text` it stands for; 0 at the end.
 */
size_t sheet_char (const char *text, const char **ret_shown, size_t *ret_len);

#endif
