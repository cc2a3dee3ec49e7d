/*
 * Finding answers: by field, by row of a table, by what they say.  An answer in a table is named after
 * table, row and column: "analyte[3].code" is the column "analyte.code" of row 3.
 */
#include "agents/catalogue/inside.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- rows ------------------------------------------------------------------------------------- */

uint32_t answer_row (const char *field)
{
	const char *at = strchr (field, '[');
	size_t digits = at != NULL ? strspn (at + 1, "0123456789") : 0;

	if (at == NULL || at == field || digits == 0 || digits > 3 || at[1] == '0' ||
	    at[1 + digits] != ']' || at[2 + digits] != '.' || at[3 + digits] == '\0')
		return 0;
	return (uint32_t)strtoul (at + 1, NULL, 10);
}

const char *name_in_row (const struct field_spec *field, uint32_t row, char name[FIELD_BYTES])
{
	const char *column = field->name + strlen (field->group);

	if (*field->group == '\0' || row == 0)
		return field->name;
	snprintf (name, FIELD_BYTES, "%.32s[%" PRIu32 "]%.33s", field->group, row, column);
	return name;
}

static bool is_in_group (const char *field, const char *group)
{
	size_t len = strlen (group);

	return strncmp (field, group, len) == 0 && field[len] == '[';
}

uint32_t answers_rows (const struct answer *answers, size_t count, const char *group)
{
	uint32_t last = 0;

	for (size_t i = 0; i < count; i++) {
		uint32_t row = answer_row (answers[i].field);

		if (row > last && is_in_group (answers[i].field, group))
			last = row;
	}
	return last;
}

bool answers_have_row (const struct answer *answers, size_t count, const char *group, uint32_t row)
{
	for (size_t i = 0; i < count; i++)
		if (answer_row (answers[i].field) == row && is_in_group (answers[i].field, group))
			return true;
	return false;
}

/* ---- what answers say ------------------------------------------------------------------------- */

static bool has_label (const char *const *labels, size_t count, const char *label)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp (labels[i], label) == 0)
			return true;
	return false;
}

size_t answers_labels (const struct kind_spec *kind, const struct answer *answers, size_t count,
		       arena_t *arena, const char *const **ret_labels)
{
	const char **labels = arena_must (arena, (kind->field_count + 1) * sizeof *labels);
	size_t found = 0;

	for (size_t i = 0; i < count; i++) {
		const struct field_spec *field = kind_field (kind, answers[i].field);

		if (field == NULL || *field->label == '\0' || answers[i].type == ANSWER_ABSENT ||
		    has_label (labels, found, field->label))
			continue;
		labels[found++] = field->label;
	}
	*ret_labels = labels;
	return found;
}

const struct answer *answer_find (const struct answer *answers, size_t count, const char *field)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp (answers[i].field, field) == 0)
			return &answers[i];
	return NULL;
}

static const struct field_spec *field_named (const struct kind_spec *kind, const char *name)
{
	for (size_t i = 0; i < kind->field_count; i++)
		if (strcmp (kind->fields[i].name, name) == 0)
			return &kind->fields[i];
	return NULL;
}

/* "analyte[3].code" is the column "analyte.code" of the table "analyte". */
const struct field_spec *kind_field (const struct kind_spec *kind, const char *field)
{
	const struct field_spec *column;
	char name[FIELD_BYTES];
	int len;

	if (strchr (field, '[') == NULL)
		return field_named (kind, field);
	if (answer_row (field) == 0)
		return NULL;
	len = snprintf (name, sizeof name, "%.*s%s", (int)strcspn (field, "["), field,
			strchr (field, ']') + 1);
	if (len < 0 || (size_t)len >= sizeof name)
		return NULL;
	column = field_named (kind, name);
	return column != NULL && is_in_group (field, column->group) ? column : NULL;
}

const struct group_spec *kind_group (const struct kind_spec *kind, const char *name)
{
	for (size_t i = 0; i < kind->group_count; i++)
		if (strcmp (kind->groups[i].name, name) == 0)
			return &kind->groups[i];
	return NULL;
}

static bool has_value (const struct answer *answer, const struct answer_match *match)
{
	const char *value = answer->type == ANSWER_CODE      ? answer->text
			    : answer->type != ANSWER_BOOLEAN ? NULL
			    : answer->number != 0            ? "true"
							     : "false";

	for (size_t i = 0; value != NULL && i < match->value_count; i++)
		if (strcmp (match->values[i], value) == 0)
			return true;
	return false;
}

/* Is this answer the one that the match names, in that row of that table or in the form? */
static bool is_named (const struct answer *answer, const char *group, uint32_t row,
		      const struct answer_match *match)
{
	size_t len = strlen (group);
	bool is_column = row > 0 && strncmp (match->field, group, len) == 0 &&
			 match->field[len] == '.';

	if (!is_column)
		return strcmp (answer->field, match->field) == 0;
	return answer_row (answer->field) == row && is_in_group (answer->field, group) &&
	       strcmp (strchr (answer->field, ']') + 1, match->field + len) == 0;
}

static bool holds (const struct answer *answers, size_t count, const char *group, uint32_t row,
		   const struct answer_match *match)
{
	for (size_t i = 0; i < count; i++)
		if (is_named (&answers[i], group, row, match) && has_value (&answers[i], match))
			return true;
	return false;
}

static bool row_matches (const struct answer *answers, size_t count, const char *group, uint32_t row,
			 const struct answer_match *matches, size_t match_count)
{
	for (size_t i = 0; i < match_count; i++)
		if (!holds (answers, count, group, row, &matches[i]))
			return false;
	return true;
}

/* Some row of the table whose column this match names. */
static bool some_row_matches (const struct answer *answers, size_t count,
			      const struct answer_match *match, const struct answer_match *matches,
			      size_t match_count)
{
	char group[LIMIT_ID_TEXT + 1];
	uint32_t last;

	snprintf (group, sizeof group, "%.*s", (int)strcspn (match->field, "."), match->field);
	last = answers_rows (answers, count, group);
	for (uint32_t row = 1; row <= last; row++)
		if (row_matches (answers, count, group, row, matches, match_count))
			return true;
	return false;
}

bool answers_match (const struct answer *answers, size_t count, const char *group, uint32_t row,
		    const struct answer_match *matches, size_t match_count)
{
	if (row_matches (answers, count, group, row, matches, match_count))
		return true;
	for (size_t i = 0; row == 0 && i < match_count; i++)
		if (some_row_matches (answers, count, &matches[i], matches, match_count))
			return true;
	return false;
}
