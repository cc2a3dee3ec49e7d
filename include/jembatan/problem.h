/*
 * Complaints about an input: all of them, not only the first.  Each names the field, quotes the
 * offending value unless the field is personal, and says what to do, in Indonesian and English.
 * They go to the person who gave the input and never to a log.
 */
#ifndef JEMBATAN_PROBLEM_H
#define JEMBATAN_PROBLEM_H

#include <stdarg.h>

#include "jembatan/base.h"
#include "jembatan/limits.h"

struct problem {
	err_t err;
	char field[64];      /* "appointment.start", a configuration key, "line 12"; may be empty */
	char text_id[320];
	char text_en[320];
};

typedef struct problems problems_t;

problems_t *problems_new (void);
void problems_destroy (problems_t **problems);

/* Adds one; beyond LIMIT_PROBLEMS they are only counted.  Returns `err`, so that a check can end
 * with `return problems_add (...)`.  `problems` may be NULL.  The two formats take the same
 * arguments, which are given once. */
err_t problems_add (problems_t *problems, err_t err, const char *field, const char *format_id,
		    const char *format_en, ...)
	__attribute__ ((format (printf, 4, 6), format (printf, 5, 6)));

/* The same with two finished sentences, such as the catalogue's. */
err_t problems_add_texts (problems_t *problems, err_t err, const char *field, const char *text_id,
			  const char *text_en);

size_t problems_count (const problems_t *problems);
const struct problem *problems_at (const problems_t *problems, size_t i);

/* ERR_OK when there is none, else the first one's error. */
err_t problems_err (const problems_t *problems);

/* `text` in double quotes, cut at 60 characters, control characters shown as \xNN; for use in the
 * formats above.  The result lives in a ring of eight and is good until the eighth next call. */
const char *quoted (const char *text);

#endif
