/* The list of complaints, and quoting what was wrong. */
#include "jembatan/problem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/text.h"

struct problems {
	struct problem *list;
	size_t kept, room;   /* kept <= LIMIT_PROBLEMS */
	size_t count;        /* those beyond the limit too */
	err_t first;
};

problems_t *problems_new (void)
{
	return must_alloc (sizeof (problems_t));
}

void problems_destroy (problems_t **problems)
{
	if (*problems == NULL)
		return;
	free ((*problems)->list);
	free (*problems);
	*problems = NULL;
}

/* Counts one more; NULL when it is not kept. */
static struct problem *next_problem (problems_t *problems, err_t err, const char *field)
{
	struct problem *problem;

	if (problems == NULL)
		return NULL;
	if (problems->count++ == 0)
		problems->first = err;
	if (problems->kept == LIMIT_PROBLEMS)
		return NULL;
	if (problems->kept == problems->room) {
		problems->room = problems->room > 0 ? 2 * problems->room : 4;
		problems->list = must_realloc (problems->list,
					       problems->room * sizeof *problems->list);
	}
	problem = &problems->list[problems->kept++];
	problem->err = err;
	snprintf (problem->field, sizeof problem->field, "%s", field != NULL ? field : "");
	return problem;
}

/* A text that was cut must not end in half a character. */
static void drop_half_character (char *text)
{
	size_t len = strlen (text), i = 0;

	while (i < len) {
		size_t step = text_char_bytes ((const uint8_t *)text + i, len - i);

		if (step == 0 && len - i < 4 && (text[i] & 0xc0) == 0xc0) {
			text[i] = '\0';
			return;
		}
		i += step > 0 ? step : 1;
	}
}

static void format_text (char *text, size_t size, const char *format, va_list args)
	__attribute__ ((format (printf, 3, 0)));

static void format_text (char *text, size_t size, const char *format, va_list args)
{
	vsnprintf (text, size, format, args);
	drop_half_character (text);
}

err_t problems_add (problems_t *problems, err_t err, const char *field, const char *format_id,
		    const char *format_en, ...)
{
	struct problem *problem = next_problem (problems, err, field);
	va_list args;

	if (problem == NULL)
		return err;
	va_start (args, format_en);
	format_text (problem->text_id, sizeof problem->text_id, format_id, args);
	va_end (args);
	va_start (args, format_en);
	format_text (problem->text_en, sizeof problem->text_en, format_en, args);
	va_end (args);
	return err;
}

err_t problems_add_texts (problems_t *problems, err_t err, const char *field, const char *text_id,
			  const char *text_en)
{
	struct problem *problem = next_problem (problems, err, field);

	if (problem == NULL)
		return err;
	snprintf (problem->text_id, sizeof problem->text_id, "%s", text_id);
	snprintf (problem->text_en, sizeof problem->text_en, "%s", text_en);
	drop_half_character (problem->text_id);
	drop_half_character (problem->text_en);
	return err;
}

size_t problems_count (const problems_t *problems)
{
	return problems->count;
}

const struct problem *problems_at (const problems_t *problems, size_t i)
{
	return i < problems->kept ? &problems->list[i] : NULL;
}

err_t problems_err (const problems_t *problems)
{
	return problems->count > 0 ? problems->first : ERR_OK;
}

/* ---- quoting ---------------------------------------------------------------------------------- */

#define QUOTED_CHARS 60
#define QUOTED_RING 8
/* A character takes at most four bytes, or \xNN for each of its bytes. */
#define QUOTED_SIZE (QUOTED_CHARS * 16 + sizeof "\"\"...")

static char *put_escaped (char *at, const uint8_t *from, size_t len)
{
	for (size_t i = 0; i < len; i++)
		at += sprintf (at, "\\x%02X", from[i]);
	return at;
}

static char *put_char (char *at, const uint8_t *from, size_t len)
{
	if (len == 0 || text_is_control (from, len))
		return put_escaped (at, from, len > 0 ? len : 1);
	if (*from == '"' || *from == '\\')
		*at++ = '\\';
	memcpy (at, from, len);
	return at + len;
}

const char *quoted (const char *text)
{
	static _Thread_local char ring[QUOTED_RING][QUOTED_SIZE];
	static _Thread_local unsigned next;
	char *start = ring[next++ % QUOTED_RING], *at = start;
	const uint8_t *from = (const uint8_t *)text;
	size_t left = strnlen (text, QUOTED_CHARS * 4 + 4);

	*at++ = '"';
	for (int chars = 0; left > 0 && chars < QUOTED_CHARS; chars++) {
		size_t len = text_char_bytes (from, left);
		size_t step = len > 0 ? len : 1;

		at = put_char (at, from, len);
		from += step;
		left -= step;
	}
	strcpy (at, left > 0 ? "...\"" : "\"");
	return start;
}
