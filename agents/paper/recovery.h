/*
 * The recovery sheet: the two keys without which no backup and no letter can be opened, on a page to
 * print.  A pure function; whoever calls it sees to it that the page is written where nobody else
 * reads, and wipes the buffer.
 */
#ifndef AGENTS_PAPER_RECOVERY_H
#define AGENTS_PAPER_RECOVERY_H

#include "agents/paper/paper.h"

struct recovery_page {
	const char *agency, *name_id, *name_en;
	struct bytes ledger_key, box_key;        /* 32 bytes each */
	struct key_id box_id;
	int64_t made_ms;
};

/* ERR_TOO_LARGE. */
MUST_USE err_t recovery_print (const struct recovery_page *page, enum paper_format format,
			       buffer_t *buffer);

#endif
