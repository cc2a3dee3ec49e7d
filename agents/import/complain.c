/* Complaints about lines: bounded, in order, in both languages. */
#include "agents/import/inside.h"

#include <stdarg.h>
#include <stdio.h>

/* NULL when there are so many that the rest is only counted. */
static struct complaint *next (struct import *import, struct complaints *complaints,
			       uint32_t line, const char *field, err_t err)
{
	struct complaint *complaint;
	size_t order = complaints->count++;

	if (complaints->kept == LIMIT_IMPORT_COMPLAINTS)
		return NULL;
	complaints->list = array_grow (import->arena, complaints->list, complaints->kept,
				       &complaints->room, sizeof *complaints->list);
	complaint = &complaints->list[complaints->kept++];
	complaint->line = line;
	complaint->order = order;
	complaint->problem.err = err;
	snprintf (complaint->problem.field, sizeof complaint->problem.field, "%s",
		  field != NULL ? field : "");
	return complaint;
}

static void say (struct complaint *complaint, const char *format_id,
		 const char *format_en, va_list args)
{
	va_list again;

	if (complaint == NULL)
		return;
	va_copy (again, args);
	vsnprintf (complaint->problem.text_id, sizeof complaint->problem.text_id,
		   format_id, args);
	vsnprintf (complaint->problem.text_en, sizeof complaint->problem.text_en,
		   format_en, again);
	va_end (again);
}

void import_complain (struct import *import, struct row *row, const char *field,
		      err_t err, const char *format_id, const char *format_en, ...)
{
	va_list args;

	row->fate = FATE_BAD;
	va_start (args, format_en);
	say (next (import, &import->report->problems, row->line, field, err), format_id,
	     format_en, args);
	va_end (args);
}

void import_complain_texts (struct import *import, struct row *row, const char *field,
			    err_t err, const char *text_id, const char *text_en)
{
	struct complaint *complaint =
		next (import, &import->report->problems, row->line, field, err);

	row->fate = FATE_BAD;
	if (complaint == NULL)
		return;
	snprintf (complaint->problem.text_id, sizeof complaint->problem.text_id, "%s",
		  text_id);
	snprintf (complaint->problem.text_en, sizeof complaint->problem.text_en, "%s",
		  text_en);
}

void import_complain_all (struct import *import, struct row *row,
			  const problems_t *problems)
{
	for (size_t i = 0; i < problems_count (problems); i++) {
		const struct problem *problem = problems_at (problems, i);

		import_complain_texts (import, row, problem->field, problem->err,
				       problem->text_id, problem->text_en);
	}
}

void import_warn (struct import *import, uint32_t line, const char *field,
		  const char *format_id, const char *format_en, ...)
{
	va_list args;

	va_start (args, format_en);
	say (next (import, &import->report->warnings, line, field, ERR_OK), format_id,
	     format_en, args);
	va_end (args);
}
