/*
 * The guide for opening the console from the other computers of the office: one page on which stands where
 * it is, how its certificate authority is installed, and by which fingerprint it is told from another.
 * A pure function; there is no secret in it.
 */
#ifndef AGENTS_PAPER_GUIDE_H
#define AGENTS_PAPER_GUIDE_H

#include "agents/paper/paper.h"

struct guide_page {
	const char *agency, *name_id, *name_en;
	const char *address;                     /* "https://jembatan.local:8443" */
	const char *by_number;                   /* the same with the box's address; "" = none */
	struct hash fingerprint;                 /* SHA-256 of the authority's certificate */
	int64_t until_ms;                        /* its end */
};

/* ERR_TOO_LARGE. */
MUST_USE err_t guide_print (const struct guide_page *page, enum paper_format format, buffer_t *buffer);

#endif
