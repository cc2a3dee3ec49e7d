/* What the files of the catalogue share among themselves and with nobody else. */
#ifndef AGENTS_CATALOGUE_INSIDE_H
#define AGENTS_CATALOGUE_INSIDE_H

#include "agents/catalogue/catalogue.h"
#include "agents/catalogue/shape.h"

#define LIMIT_CATALOGUE_BYTES (8u * MIB)   /* all of it in memory */
#define LIMIT_THREAD_TYPES 32u

struct code_list {
	const char *name;            /* "reason" */
	size_t code_count;
	const struct code_spec *codes;
};

struct sight {
	const char *agency_kind;     /* "prison" */
	size_t label_count;
	const char *const *labels;   /* it may ever see these and no others */
};

struct words_file {
	size_t purpose_count, service_count, label_count, agency_kind_count, list_count;
	size_t sight_count, telling_kind_count, discreet_word_count;
	const struct purpose_spec *purposes;
	const struct service_spec *services;
	const struct code_spec *labels, *agency_kinds;
	const struct code_list *lists;
	const struct sight *sights;
	const char *const *telling_kinds;
	const char *const *discreet_words;   /* folded (text_fold), perhaps with a * at the end */
};

struct holidays_file {
	size_t year_count;
	const struct holiday_year *years;
	const char *note;
};

struct catalogue {
	arena_t *arena;
	const char *folder;
	struct words_file words;
	struct holidays_file holidays;
	struct case_spec cases;
	size_t thread_count;
	struct thread_type threads[LIMIT_THREAD_TYPES];
};

extern const struct shape words_shape;      /* {"id", "en"} into a struct words */
extern const struct shape words_file_shape;
extern const struct shape holidays_shape;
extern const struct shape case_shape;
extern const struct shape code_shape;       /* {"code", "words"} into a struct code_spec */

/* The list of that name, "services" included; false when there is none. */
bool words_code_list (const struct words_file *words, const char *name,
		      const struct code_spec **ret_codes, size_t *ret_count);

/* ---- syntax.c ---- */

struct syntax {
	const char *system;          /* the URI that a field names */
	bool (*is_right) (const char *text);
	struct words wanted;         /* what to write instead */
};
const struct syntax *syntax_of (const char *system);   /* NULL: nothing is known of it */

bool decimal_is_right (const char *text);   /* -?digits[.digits], at most 18 digits */
bool unit_is_ucum (const char *unit);

/* ---- match.c ---- */

#define FIELD_BYTES 80u   /* "analyte[256].code", as long as names may be */

/* The name of a column in one row; of any other field, its own. */
const char *name_in_row (const struct field_spec *field, uint32_t row, char name[FIELD_BYTES]);

bool answers_have_row (const struct answer *answers, size_t count, const char *group, uint32_t row);

/* Adds all problems of one list to another, which may be NULL. */
void problems_hand_over (const problems_t *from, problems_t *to);

#endif
