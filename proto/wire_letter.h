/* What the three files that read and write letters share. */
#ifndef PROTO_WIRE_LETTER_H
#define PROTO_WIRE_LETTER_H

#include "jembatan/letter.h"
#include "letter.pb-c.h"
#include "proto/wire.h"

/* Syntax of answers: "YYYY-MM-DD" of a day that exists in some year; "-?digits[.digits]" of at most
 * 18 digits; "+" and 2 to 15 digits (E.164). */
bool is_date (const char *text);
bool is_decimal (const char *text);
bool is_phone (const char *text);

/* The body, whichever it is; `to` has its attachments already. */
void read_body (struct wire_read *r, const Jembatan__Letter *from, struct letter *to);
void put_body (const struct letter *from, arena_t *arena, Jembatan__Letter *to);

/* A body has the number of its field in the oneof, shifted. */
#define BODY_CASE_OF(body) ((Jembatan__Letter__BodyCase)((int)(body) + 39))
_Static_assert ((int)BODY_CASE_OF (BODY_ANSWERS) == JEMBATAN__LETTER__BODY_ANSWERS, "first");
_Static_assert ((int)BODY_CASE_OF (BODY_LAST) == JEMBATAN__LETTER__BODY_LOG_REPORT,
		"last");

/* So has an answer. */
#define VALUE_CASE_OF(type) ((Jembatan__Answer__ValueCase)((int)(type) + 1))
_Static_assert ((int)VALUE_CASE_OF (ANSWER_TEXT) == JEMBATAN__ANSWER__VALUE_TEXT, "first");
_Static_assert ((int)VALUE_CASE_OF (ANSWER_ABSENT) == JEMBATAN__ANSWER__VALUE_ABSENT, "last");

#endif
