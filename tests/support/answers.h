/* Answers to the fields of a form, as people give them. */
#ifndef TESTS_SUPPORT_ANSWERS_H
#define TESTS_SUPPORT_ANSWERS_H

#include "agents/catalogue/catalogue.h"
#include "jembatan/clock.h"
#include "jembatan/letter.h"

static inline struct answer text_answer (const char *field, const char *text)
{
	return (struct answer){ .field = field, .type = ANSWER_TEXT, .text = text, .system = "",
				.display = "", .unit = "" };
}

/* One that the field takes. */
static inline struct answer plausible_answer (const struct field_spec *field)
{
	struct answer answer = text_answer (field->name, "seperti biasa");

	answer.type = field->type;
	if (field->type == ANSWER_CODE)
		answer.text = field->code_count > 0 ? field->codes[0].code : "F15.2";
	if (field->type == ANSWER_DATE)
		answer.text = "2026-11-20";
	if (field->type == ANSWER_INSTANT)
		answer.number = clock_now_ms () + DAY_MS;
	if (field->type == ANSWER_INTEGER)
		answer.number = field->min;
	return answer;
}

#endif
