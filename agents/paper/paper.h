/*
 * Letters on paper, for partners who are not connected: letterhead, number, short code, what the
 * letter says, and a reply slip with the answers that the catalogue allows.  A pure function from a
 * letter to the bytes of a page; it reads no ledger, so that nothing of the record can slip in.
 *
 * The page holds what its letters hold and no more.  It asks for nothing from elsewhere (no images,
 * fonts or scripts), whatever somebody wrote stands in it as plain text, and marks that turn the
 * direction of writing are shown as U+FFFD.
 */
#ifndef AGENTS_PAPER_PAPER_H
#define AGENTS_PAPER_PAPER_H

#include "agents/desk/desk.h"

enum paper_format { PAPER_HTML, PAPER_TEXT };
/* "html", "text"; ERR_INVALID. */
MUST_USE err_t paper_format_parse (const char *text, enum paper_format *ret_format);

#define PAPER_BYTES (4u * MIB)       /* of one page; a letter has 256 KiB, escaped six times that */
#define PAPER_ARENA_BYTES (16u * MIB)

struct paper {
	const catalogue_t *catalogue;
	const struct partner *from, *to;
	const char *attention;       /* whom to ask for there, or "" */
	const struct thread *thread;
	size_t letter_count;
	const struct letter *letters;    /* ours, oldest first: the one that opened it, and later ones */
};

/*
 * The caller owns the buffer.  ERR_NOT_ALLOWED: a discreet thread, and our own name or kind would
 * tell its reader what it may not know.  ERR_TOO_LARGE.
 */
MUST_USE err_t paper_print (const struct paper *paper, enum paper_format format,
			    buffer_t *buffer);

/* "R-2026-0007.html": the number and nothing else. */
#define PAPER_NAME 40
char *paper_file_name (const struct thread *thread, enum paper_format format,
		       char name[PAPER_NAME]);

#endif
