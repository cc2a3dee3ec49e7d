/* Answers between JSON and the catalogue. */
#include "agents/api/answer.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/api/times.h"
#include "proto/text.h"

#define NIK_SYSTEM "https://fhir.kemkes.go.id/id/nik"

/* ---- reading
 * ---------------------------------------------------------------------------------- */

#define VALUE_ARENA_BYTES (16u * KIB)

/* What reading one value needs. */
struct reader {
	const struct kind_spec *kind;
	const char *region;
	arena_t *arena;
	problems_t *problems;
	struct answers *answers;   /* which the files are added to */
};

static const char *const absents[] = {
	[ABSENT_DECLINED] = "declined",
	[ABSENT_NOT_ASKED] = "not-asked",
};

static err_t bad_shape (const struct reader *reader, const char *field)
{
	return problems_add (reader->problems, ERR_INVALID, field,
			     "isian %s tidak berbentuk jawaban yang dikenal",
			     "the field %s does not have the shape of an answer",
			     quoted (field));
}

static err_t take_text (const struct reader *reader, const json_t *value,
			const char **ret_text)
{
	const char *text = json_string_value (value);

	if (text == NULL || json_string_length (value) > LIMIT_TEXT_BYTES ||
	    !text_is_clean (bytes_of_text (text)))
		return ERR_INVALID;
	*ret_text = arena_text (reader->arena, text);
	return *ret_text != NULL ? ERR_OK : ERR_INVALID;
}

/* What a text means in its field; one that does not fit stays a text, for answers_check
 * to complain about. */
static void give_meaning (const struct reader *reader, const struct field_spec *spec,
			  struct answer *answer)
{
	switch (spec->type) {
	case ANSWER_INSTANT:
		if (times_parse (answer->text, reader->region, false, &answer->number) !=
		    ERR_OK)
			return;
		answer->text = "";
		break;
	case ANSWER_PHONE: answer->text = phone_tidy (answer->text, reader->arena); break;
	case ANSWER_QUANTITY: answer->unit = spec->unit; break;
	case ANSWER_CODE: answer->system = spec->system; break;
	case ANSWER_TEXT:
	case ANSWER_DECIMAL:
	case ANSWER_DATE: break;
	case ANSWER_INTEGER:
	case ANSWER_BOOLEAN:
	case ANSWER_RUPIAH:
	case ANSWER_ATTACHMENT:
	case ANSWER_ABSENT:
	case ANSWER_UNKNOWN: return;
	}
	answer->type = spec->type;
}

static err_t read_string (const struct reader *reader, const struct field_spec *spec,
			  const json_t *value, struct answer *answer)
{
	if (take_text (reader, value, &answer->text) != ERR_OK)
		return problems_add (
			reader->problems, ERR_INVALID, answer->field,
			"isian %s terlalu panjang atau berisi karakter kendali",
			"the field %s is too long or has control characters",
			answer->field);
	answer->type = ANSWER_TEXT;
	give_meaning (reader, spec, answer);
	return ERR_OK;
}

/* A number is what its field says; a field that takes no number gets an integer, for
 * answers_check to complain about. */
static err_t read_number (const struct reader *reader, const struct field_spec *spec,
			  const json_t *value, struct answer *answer)
{
	bool whole = json_is_integer (value);

	answer->number = whole ? (int64_t)json_integer_value (value) : 0;
	if (spec->type == ANSWER_DECIMAL || spec->type == ANSWER_QUANTITY || !whole) {
		answer->text =
			whole ? arena_printf (reader->arena, "%" PRId64, answer->number)
			      : arena_printf (reader->arena, "%.12g",
					      json_real_value (value));
		answer->unit = spec->type == ANSWER_QUANTITY ? spec->unit : "";
		answer->type =
			spec->type == ANSWER_QUANTITY ? ANSWER_QUANTITY : ANSWER_DECIMAL;
		return ERR_OK;
	}
	answer->type = spec->type == ANSWER_RUPIAH || spec->type == ANSWER_ATTACHMENT
			       ? spec->type
			       : ANSWER_INTEGER;
	return ERR_OK;
}

static err_t read_absent (const char *why, struct answer *answer)
{
	for (size_t i = 1; i < COUNT_OF (absents); i++) {
		if (strcmp (absents[i], why) == 0) {
			answer->type = ANSWER_ABSENT;
			answer->number = (int64_t)i;
			return ERR_OK;
		}
	}
	return ERR_INVALID;
}

/* The text of a member: "" when absent, ERR_INVALID when it is no clean text. */
static err_t member_text (const struct reader *reader, const json_t *object,
			  const char *name, const char **ret_text)
{
	const json_t *value = json_object_get (object, name);

	return value == NULL ? ERR_OK : take_text (reader, value, ret_text);
}

/* A file that was uploaded: its answer is its place in the list of those. */
static err_t read_attachment (const struct reader *reader, const json_t *value,
			      struct answer *answer)
{
	struct answers *answers = reader->answers;
	const char *id = json_get_text (value, "attachment");
	const char *title = "", *label = NULL;
	struct attached *one;

	if (answers->attachment_count == LIMIT_ATTACHMENTS)
		return problems_add (reader->problems, ERR_INVALID, answer->field,
				     "paling banyak %u berkas dalam satu surat",
				     "a letter takes at most %u files", LIMIT_ATTACHMENTS);
	one = &answers->attachments[answers->attachment_count];
	if (uuid_parse (id, one->id) != ERR_OK
	    || member_text (reader, value, "title", &title) != ERR_OK
	    || member_text (reader, value, "label", &label) != ERR_OK
	    || strlen (title) > LIMIT_NAME_BYTES || strpbrk (title, "\n\t") != NULL
	    || (label != NULL && strlen (label) > LIMIT_ID_TEXT))
		return ERR_INVALID;
	one->title = title;
	one->label = label;
	answer->type = ANSWER_ATTACHMENT;
	answer->number = (int64_t)answers->attachment_count++;
	return ERR_OK;
}

/* {"absent"}, {"attachment"}, {"code", "system", "display"} or {"value", "unit"}. */
static err_t read_object (const struct reader *reader, const json_t *value,
			  struct answer *answer)
{
	const char *absent = json_get_text (value, "absent");
	const char *first = json_object_get (value, "code") != NULL ? "code" : "value";

	if (absent != NULL)
		return read_absent (absent, answer);
	if (json_get_text (value, "attachment") != NULL)
		return read_attachment (reader, value, answer);
	if (member_text (reader, value, first, &answer->text) != ERR_OK ||
	    member_text (reader, value, "system", &answer->system) != ERR_OK ||
	    member_text (reader, value, "display", &answer->display) != ERR_OK ||
	    member_text (reader, value, "unit", &answer->unit) != ERR_OK)
		return ERR_INVALID;
	answer->type = first[0] == 'c' ? ANSWER_CODE : ANSWER_QUANTITY;
	return *answer->text != '\0' ? ERR_OK : ERR_INVALID;
}

static err_t read_value (const struct reader *reader, const struct field_spec *spec,
			 const char *name, const json_t *value, struct answer *answer)
{
	*answer = (struct answer){
		.field = name, .text = "", .system = "", .display = "", .unit = ""
	};
	if (json_is_string (value))
		return read_string (reader, spec, value, answer);
	if (json_is_number (value))
		return read_number (reader, spec, value, answer);
	if (json_is_boolean (value)) {
		answer->type = ANSWER_BOOLEAN;
		answer->number = json_is_true (value);
		return ERR_OK;
	}
	if (json_is_object (value) && read_object (reader, value, answer) == ERR_OK)
		return ERR_OK;
	return bad_shape (reader, name);
}

static void add_value (const struct reader *reader, const struct field_spec *spec,
		       const char *name, const json_t *value, struct answers *answers)
{
	if (read_value (reader, spec, name, value, &answers->list[answers->count]) ==
	    ERR_OK)
		answers->count++;
}

static void read_field (const struct reader *reader, const struct field_spec *spec,
			const char *name, const json_t *value, struct answers *answers)
{
	size_t i;
	json_t *one;

	if (json_is_null (value))
		return;
	if (!json_is_array (value)) {
		add_value (reader, spec, name, value, answers);
		return;
	}
	if (!spec->many) {
		bad_shape (reader, name);
		return;
	}
	json_array_foreach ((json_t *)value, i, one)
		add_value (reader, spec, name, one, answers);
}

/* ---- tables
 * ----------------------------------------------------------------------------------- */

static void refuse_column (const struct reader *reader, const struct group_spec *group,
			   size_t row, const char *column)
{
	problems_add (reader->problems, ERR_INVALID, group->name,
		      "tabel %s, baris %zu: tidak ada kolom %s",
		      "the table %s, row %zu: there is no column %s", group->name, row,
		      quoted (column));
}

/* "code" in row 2 of "analyte" becomes the answer "analyte[2].code". */
static void read_column (const struct reader *reader, const struct group_spec *group,
			 size_t row, const char *column, const json_t *value,
			 struct answers *answers)
{
	const struct field_spec *spec;
	char *name;

	if (strlen (column) > LIMIT_ID_TEXT) {
		refuse_column (reader, group, row, column);
		return;
	}
	name = arena_printf (reader->arena, "%s[%zu].%s", group->name, row, column);
	spec = kind_field (reader->kind, name);
	if (spec == NULL)
		refuse_column (reader, group, row, column);
	else
		read_field (reader, spec, name, value, answers);
}

static void read_row (const struct reader *reader, const struct group_spec *group,
		      size_t row, const json_t *object, struct answers *answers)
{
	const char *column;
	json_t *value;

	if (!json_is_object (object) || json_object_size (object) == 0)
		problems_add (reader->problems, ERR_INVALID, group->name,
			      "tabel %s, baris %zu harus berupa objek {...} yang berisi",
			      "the table %s, row %zu must be an object {...} with columns",
			      group->name, row);
	json_object_foreach ((json_t *)object, column, value)
		read_column (reader, group, row, column, value, answers);
}

static void read_table (const struct reader *reader, const struct group_spec *group,
			const json_t *rows, struct answers *answers)
{
	size_t i;
	json_t *row;

	if (!json_is_array (rows) && !json_is_null (rows))
		problems_add (reader->problems, ERR_INVALID, group->name,
			      "tabel %s harus berupa daftar baris [{...}, ...]",
			      "the table %s must be a list of rows [{...}, ...]",
			      group->name);
	json_array_foreach ((json_t *)rows, i, row)
		read_row (reader, group, i + 1, row, answers);
}

/* ---- the whole form
 * --------------------------------------------------------------------------- */

static size_t count_columns (const json_t *rows)
{
	size_t count = 0, i;
	json_t *row;

	json_array_foreach ((json_t *)rows, i, row) count += json_object_size (row);
	return count;
}

/* How many values the object holds, arrays and tables counted out. */
static size_t count_values (const struct kind_spec *kind, const json_t *object)
{
	size_t count = 0;
	const char *name;
	json_t *value;

	json_object_foreach ((json_t *)object, name, value)
	{
		if (kind_group (kind, name) != NULL)
			count += count_columns (value);
		else
			count += json_is_array (value) ? json_array_size (value) : 1;
	}
	return count;
}

static void read_member (const struct reader *reader, const char *name,
			 const json_t *value, struct answers *answers)
{
	const struct group_spec *group = kind_group (reader->kind, name);
	const struct field_spec *spec = kind_field (reader->kind, name);

	if (group != NULL)
		read_table (reader, group, value, answers);
	else if (spec == NULL || (*spec->group != '\0' && answer_row (name) == 0))
		problems_add (reader->problems, ERR_INVALID, name,
			      "isian %s tidak ada pada formulir %s",
			      "there is no field %s in the form %s", quoted (name),
			      reader->kind->name);
	else
		read_field (reader, spec,
			    *spec->group != '\0' ? arena_text (reader->arena, name)
						 : spec->name,
			    value, answers);
}

err_t answers_read (const struct kind_spec *kind, const json_t *object,
		    const char *region, arena_t *arena, struct answers *ret_answers,
		    problems_t *problems)
{
	struct reader reader = { kind, region, arena, problems, ret_answers };
	size_t before = problems_count (problems), count = count_values (kind, object);
	const char *name;
	json_t *value;

	*ret_answers = (struct answers){ 0 };
	if (object == NULL)
		return ERR_OK;
	if (!json_is_object (object) || count > LIMIT_ANSWERS)
		return problems_add (
			problems, ERR_INVALID, "answers",
			"jawaban harus berupa objek dengan paling banyak %u isian",
			"answers must be an object of at most %u fields", LIMIT_ANSWERS);
	ret_answers->attachments =
		arena_must (arena, LIMIT_ATTACHMENTS * sizeof *ret_answers->attachments);
	ret_answers->list = arena_must (arena, (count + 1) * sizeof *ret_answers->list);
	json_object_foreach ((json_t *)object, name, value)
		read_member (&reader, name, value, ret_answers);
	return problems_count (problems) > before ? ERR_INVALID : ERR_OK;
}

/* ---- showing
 * ---------------------------------------------------------------------------------- */

static const struct code_spec *code_of (const struct field_spec *spec, const char *code)
{
	for (size_t i = 0; spec != NULL && i < spec->code_count; i++)
		if (strcmp (spec->codes[i].code, code) == 0)
			return &spec->codes[i];
	return NULL;
}

static json_t *both (const char *id, const char *en)
{
	return json_pack ("{s:s, s:s}", "id", id, "en", en);
}

/* The sentence for people. */
static json_t *text_json (const struct field_spec *spec, const struct answer *answer,
			  const char *region)
{
	OWNED (arena) arena = arena_new (VALUE_ARENA_BYTES);
	struct words words = value_words (spec, answer, region, arena);

	return both (words.id, words.en);
}

static json_t *instant_value (int64_t at_ms)
{
	json_t *object = json_object (), *value;

	times_set (object, "at", at_ms, "");
	value = json_incref (json_object_get (object, "at"));
	json_decref (object);
	return value;
}

static json_t *code_value (const struct field_spec *spec, const struct answer *answer)
{
	if (code_of (spec, answer->text) != NULL)
		return json_string (answer->text);
	return json_pack ("{s:s, s:s, s:s}", "code", answer->text, "system",
			  answer->system, "display", answer->display);
}

/* The value for programs: what answers_read would take back. */
static json_t *value_json (const struct field_spec *spec, const struct answer *answer)
{
	switch (answer->type) {
	case ANSWER_CODE: return code_value (spec, answer);
	case ANSWER_INTEGER:
	case ANSWER_RUPIAH:
	case ANSWER_ATTACHMENT: return json_integer (answer->number);
	case ANSWER_BOOLEAN: return json_boolean (answer->number != 0);
	case ANSWER_INSTANT: return instant_value (answer->number);
	case ANSWER_QUANTITY:
		return json_pack ("{s:s, s:s}", "value", answer->text, "unit",
				  answer->unit);
	case ANSWER_ABSENT:
		return json_pack (
			"{s:s}", "absent",
			absents[answer->number == ABSENT_DECLINED ? ABSENT_DECLINED
								  : ABSENT_NOT_ASKED]);
	case ANSWER_UNKNOWN: return json_null ();
	case ANSWER_TEXT:
	case ANSWER_DECIMAL:
	case ANSWER_DATE:
	case ANSWER_PHONE: break;
	}
	return json_string (answer->text);
}

char *nik_masked (const char *nik, char text[NIK_TEXT])
{
	size_t len = strnlen (nik, NIK_TEXT - 1);

	memset (text, '*', len);
	text[len] = '\0';
	if (len > NIK_SHOWN)
		memcpy (text + len - NIK_SHOWN, nik + len - NIK_SHOWN, NIK_SHOWN);
	return text;
}

json_t *answer_json (const struct field_spec *spec, const struct answer *given,
		     const char *region)
{
	const char *id = spec != NULL ? spec->words.id : given->field;
	const char *en = spec != NULL ? spec->words.en : given->field;
	struct answer masked = *given;
	const struct answer *answer = &masked;
	char nik[NIK_TEXT];

	if (spec != NULL && given->type == ANSWER_TEXT && strcmp (spec->system, NIK_SYSTEM) == 0)
		masked.text = nik_masked (given->text, nik);

	return json_pack ("{s:s, s:s, s:o, s:o, s:o}", "field", answer->field, "type",
			  answer_type_name (answer->type), "value",
			  value_json (spec, answer), "words", both (id, en), "text",
			  text_json (spec, answer, region));
}
