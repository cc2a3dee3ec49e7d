/*
 * Answers of a form: JSON from a person's program to struct answer, and back with words
 * for people. What the catalogue can judge (missing, wrong type, bad code) is left to
 * answers_check, so that each mistake is named once and in one place.
 */
#ifndef AGENTS_API_ANSWER_H
#define AGENTS_API_ANSWER_H

#include "agents/catalogue/catalogue.h"
#include "agents/desk/desk.h"
#include "agents/json.h"

struct answers {
	size_t count;
	struct answer *list;
	size_t attachment_count;          /* files that answers name, by their places here */
	struct attached *attachments;
};

/*
 * Reads {"field": value, ...} into the arena.  A field that may be given many times takes
 * an array, a table an array of rows {"column": value, ...}; {"absent": "declined"} or {"absent": "not-asked"} stands for no answer; an
 * instant is read as times_parse does, in the zone of `region`; a phone may begin with 0
 * for +62; a file is {"attachment": "<UUID of its upload>", "title", "label"}.  Shapes that no field has are problems.  ERR_INVALID when there was one;
 * ret_answers holds the others even then.
 */
MUST_USE err_t answers_read (const struct kind_spec *kind, const json_t *object,
			     const char *region, arena_t *arena,
			     struct answers *ret_answers, problems_t *problems);

/* "************0001": whoever needs the whole says why, and that is recorded. */
#define NIK_TEXT 17
#define NIK_SHOWN 4u
char *nik_masked (const char *nik, char text[NIK_TEXT]);

/* {"field", "type", "value", "words", "text"}, a NIK masked; `spec` NULL for a field that this
 * catalogue does not know. */
json_t *answer_json (const struct field_spec *spec, const struct answer *answer,
		     const char *region);

#endif
