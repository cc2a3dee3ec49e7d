/*
 * What the checks of a catalogue share.  Each looks at one noun (a list of words, a thread, a state, a
 * kind, a field, a table) and complains with file, place and value; all of them run.
 */
#ifndef AGENTS_CATALOGUE_CHECKER_H
#define AGENTS_CATALOGUE_CHECKER_H

#include "agents/catalogue/inside.h"

struct checker {
	const catalogue_t *catalogue;
	const struct thread_type *thread;
	const struct kind_spec *kind;
	problems_t *problems;
	const char *file;            /* of words that belong to no thread: "words" */
};

/* "referral.json: referral.accept, fee: "x" is not known" */
void complain (struct checker *checker, const char *place, const char *value, const char *why_id,
	       const char *why_en);

bool is_in (const char *const *names, size_t count, const char *name);
bool has_code (const struct code_spec *codes, size_t count, const char *code);

/* Each name must be a code of the list, and none may stand twice. */
void check_known (struct checker *checker, const char *place, const char *const *names,
		  size_t count, const struct code_spec *codes, size_t code_count);

bool sends (const struct kind_spec *kind, enum party party);

void check_words (struct checker *checker);       /* words.json (check_words.c) */
void check_holidays (struct checker *checker);
void check_case (struct checker *checker);        /* case.json (check_case.c) */
void check_lane (struct checker *checker, const char *lane);
void check_form (struct checker *checker);        /* a kind's fields and tables (check_form.c) */
void check_conditions (struct checker *checker);  /* its gates, reminders, remarks (check_gates.c) */
void check_sight (struct checker *checker);       /* labels and their readers (check_sight.c) */
void check_discreet_thread (struct checker *checker);   /* its own words */

#endif
