/*
 * Answers against the form.  Each answer passes its own checks, then the form asks for what is
 * missing, and each table for its rows; nothing stops at the first problem.
 */
#include "agents/catalogue/inside.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/text.h"

#define EARLIEST_MS INT64_C (946684800000)    /* 2000-01-01 */
#define LATEST_MS INT64_C (4102444800000)     /* 2100-01-01 */

struct checking {
	const struct kind_spec *kind;
	const struct answer *answers;
	size_t count;
	problems_t *problems;
	uint32_t row;                /* of the answer that is looked at; 0 = in no table */
};

/* ---- saying what is wrong --------------------------------------------------------------------- */

/* The value in quotes, or nothing at all of a personal one. */
static const char *shown (const struct field_spec *field, const char *value)
{
	return field->personal ? "" : quoted (value);
}

/* "Analyte 2, Result" or "Reason". */
static void title_of (const struct checking *checking, const struct field_spec *field,
		      char id[160], char en[160])
{
	const struct group_spec *group = kind_group (checking->kind, field->group);

	if (group == NULL || checking->row == 0) {
		snprintf (id, 160, "%.150s", field->words.id);
		snprintf (en, 160, "%.150s", field->words.en);
		return;
	}
	snprintf (id, 160, "%.60s %" PRIu32 ", %.80s", group->words.id, checking->row,
		  field->words.id);
	snprintf (en, 160, "%.60s %" PRIu32 ", %.80s", group->words.en, checking->row,
		  field->words.en);
}

static void complain (struct checking *checking, const struct field_spec *field, const char *id,
		      const char *en)
{
	char text_id[320], text_en[320], title_id[160], title_en[160], name[FIELD_BYTES];

	title_of (checking, field, title_id, title_en);
	snprintf (text_id, sizeof text_id, "%s: %s", title_id, id);
	snprintf (text_en, sizeof text_en, "%s: %s", title_en, en);
	problems_add_texts (checking->problems, ERR_INVALID,
			    name_in_row (field, checking->row, name), text_id, text_en);
}

static void refuse (struct checking *checking, const struct field_spec *field, const char *value,
		    const char *wanted_id, const char *wanted_en)
{
	char id[320], en[320];
	const char *quote = shown (field, value), *space = *quote != '\0' ? " " : "";

	snprintf (id, sizeof id, "isian%s%s belum benar; %s", space, quote, wanted_id);
	snprintf (en, sizeof en, "the answer%s%s is not right; %s", space, quote, wanted_en);
	complain (checking, field, id, en);
}

static void refuse_number (struct checking *checking, const struct field_spec *field, int64_t number,
			   const char *wanted_id, const char *wanted_en)
{
	char value[24];

	snprintf (value, sizeof value, "%" PRId64, number);
	refuse (checking, field, value, wanted_id, wanted_en);
}

/* ---- one check per type of answer ------------------------------------------------------------- */

typedef void check_fn (struct checking *checking, const struct field_spec *field,
		       const struct answer *answer);

static bool has_syntax (struct checking *checking, const struct field_spec *field, const char *text)
{
	const struct syntax *syntax = syntax_of (field->system);

	if (syntax == NULL || syntax->is_right (text))
		return true;
	refuse (checking, field, text, syntax->wanted.id, syntax->wanted.en);
	return false;
}

static void check_text (struct checking *checking, const struct field_spec *field,
			const struct answer *answer)
{
	size_t len = strlen (answer->text);
	char id[100], en[100];

	if (len == 0 || answer->text[strspn (answer->text, " \t\n")] == '\0') {
		refuse (checking, field, answer->text, "tidak boleh kosong", "it must not be empty");
	} else if (len > field->max_bytes) {
		snprintf (id, sizeof id, "terlalu panjang: %zu byte, paling banyak %zu", len,
			  field->max_bytes);
		snprintf (en, sizeof en, "too long: %zu bytes, at most %zu", len, field->max_bytes);
		refuse (checking, field, answer->text, id, en);
	} else if (!text_is_clean (bytes_of_text (answer->text))) {
		refuse (checking, field, answer->text, "hapus karakter yang tidak dapat dibaca",
			"remove the characters that can't be read");
	} else {
		(void)has_syntax (checking, field, answer->text);
	}
}

static const struct code_spec *code_of (const struct field_spec *field, const char *code)
{
	for (size_t i = 0; i < field->code_count; i++)
		if (strcmp (field->codes[i].code, code) == 0)
			return &field->codes[i];
	return NULL;
}

static bool asks_why (const struct field_spec *field, const char *code)
{
	const struct code_spec *spec = code_of (field, code);

	return strcmp (code, "other") == 0 || (spec != NULL && spec->explain);
}

/* As many of the allowed codes as fit, so that the person can choose. */
static void list_codes (const struct field_spec *field, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < field->code_count; i++) {
		size_t len = strlen (field->codes[i].code) + 2;

		if (used + len + sizeof "..." > size) {
			strcpy (text + used, "...");
			return;
		}
		used += (size_t)sprintf (text + used, "%s%s", i > 0 ? ", " : "",
					 field->codes[i].code);
	}
}

static void refuse_code (struct checking *checking, const struct field_spec *field, const char *code)
{
	char codes[180], id[200], en[200];

	list_codes (field, codes, sizeof codes);
	snprintf (id, sizeof id, "pilih: %s", codes);
	snprintf (en, sizeof en, "choose: %s", codes);
	refuse (checking, field, code, id, en);
}

/* A column is explained in its own row, or by a field of the form. */
static bool is_explained (const struct checking *checking, const struct field_spec *field)
{
	const struct field_spec *why = kind_field (checking->kind, field->explained_by);
	char name[FIELD_BYTES];
	const struct answer *text;

	if (why == NULL)
		return true;
	text = answer_find (checking->answers, checking->count,
			    name_in_row (why, checking->row, name));
	return text != NULL && text->type != ANSWER_ABSENT;
}

static void check_code (struct checking *checking, const struct field_spec *field,
			const struct answer *answer)
{
	/* Who fills in a form names no system; a letter names the field's own. */
	if (answer->system != NULL && *answer->system != '\0' &&
	    strcmp (answer->system, field->system) != 0)
		refuse (checking, field, answer->system, "sistem kode lain tidak dapat dipakai di sini",
			"another code system can't be used here");
	else if (field->code_count > 0 && code_of (field, answer->text) == NULL)
		refuse_code (checking, field, answer->text);
	else if (field->code_count == 0 && !has_syntax (checking, field, answer->text))
		return;
	else if (asks_why (field, answer->text) && !is_explained (checking, field))
		refuse (checking, field, answer->text, "jelaskan dengan kata-kata",
			"explain it in words");
}

static void check_integer (struct checking *checking, const struct field_spec *field,
			   const struct answer *answer)
{
	char id[80], en[80];

	if (answer->number >= field->min && answer->number <= field->max)
		return;
	snprintf (id, sizeof id, "tulis bilangan %" PRId64 " sampai %" PRId64, field->min,
		  field->max);
	snprintf (en, sizeof en, "write a number from %" PRId64 " to %" PRId64, field->min,
		  field->max);
	refuse_number (checking, field, answer->number, id, en);
}

static void check_decimal (struct checking *checking, const struct field_spec *field,
			   const struct answer *answer)
{
	if (!decimal_is_right (answer->text))
		refuse (checking, field, answer->text, "tulis bilangan seperti 12.5",
			"write a number such as 12.5");
}

static void check_date (struct checking *checking, const struct field_spec *field,
			const struct answer *answer)
{
	if (!date_is_real (answer->text))
		refuse (checking, field, answer->text, "tulis tanggal seperti 2026-11-22",
			"write a date such as 2026-11-22");
}

static void check_instant (struct checking *checking, const struct field_spec *field,
			   const struct answer *answer)
{
	if (answer->number < EARLIEST_MS || answer->number > LATEST_MS)
		refuse_number (checking, field, answer->number,
			       "tulis waktu antara tahun 2000 dan 2100",
			       "write a time between the years 2000 and 2100");
}

static void check_boolean (struct checking *checking, const struct field_spec *field,
			   const struct answer *answer)
{
	if (answer->number != 0 && answer->number != 1)
		refuse_number (checking, field, answer->number, "pilih ya atau tidak",
			       "choose yes or no");
}

static void check_quantity (struct checking *checking, const struct field_spec *field,
			    const struct answer *answer)
{
	char id[100], en[100];

	check_decimal (checking, field, answer);
	if (answer->unit != NULL && strcmp (answer->unit, field->unit) == 0)
		return;
	snprintf (id, sizeof id, "satuannya harus %.40s", quoted (field->unit));
	snprintf (en, sizeof en, "its unit must be %.40s", quoted (field->unit));
	refuse (checking, field, answer->unit != NULL ? answer->unit : "", id, en);
}

static void check_phone (struct checking *checking, const struct field_spec *field,
			 const struct answer *answer)
{
	if (!phone_is_e164 (answer->text))
		refuse (checking, field, answer->text, "tulis nomor lengkap seperti +6281234567890",
			"write the full number such as +6281234567890");
}

static void check_attachment (struct checking *checking, const struct field_spec *field,
			      const struct answer *answer)
{
	if (answer->number < 0 || answer->number >= LIMIT_ATTACHMENTS)
		refuse_number (checking, field, answer->number, "lampiran ini tidak ada",
			       "there is no such attachment");
}

static void check_absent (struct checking *checking, const struct field_spec *field,
			  const struct answer *answer)
{
	if (field->structural)
		refuse (checking, field, "", "wajib diisi; rujukan tidak dapat berjalan tanpanya",
			"it must be given; nothing can go on without it");
	else if (answer->number != ABSENT_DECLINED && answer->number != ABSENT_NOT_ASKED)
		refuse_number (checking, field, answer->number, "pilih declined atau not-asked",
			       "choose declined or not-asked");
}

static check_fn *const checks[] = {
	[ANSWER_TEXT] = check_text,
	[ANSWER_CODE] = check_code,
	[ANSWER_INTEGER] = check_integer,
	[ANSWER_DECIMAL] = check_decimal,
	[ANSWER_DATE] = check_date,
	[ANSWER_INSTANT] = check_instant,
	[ANSWER_BOOLEAN] = check_boolean,
	[ANSWER_QUANTITY] = check_quantity,
	[ANSWER_RUPIAH] = check_integer,
	[ANSWER_PHONE] = check_phone,
	[ANSWER_ATTACHMENT] = check_attachment,
	[ANSWER_ABSENT] = check_absent,
};

/* ---- the form --------------------------------------------------------------------------------- */

static void refuse_type (struct checking *checking, const struct field_spec *field,
			 const struct answer *answer)
{
	const char *value = answer->text != NULL ? answer->text : "";
	enum answer_type type = answer->type;
	char id[100], en[100];

	if (field->type == ANSWER_INTEGER) {
		refuse (checking, field, value, "tulis bilangan bulat", "write a whole number");
		return;
	}
	snprintf (id, sizeof id, "jenisnya harus %s, bukan %s", answer_type_name (field->type),
		  answer_type_name (type));
	snprintf (en, sizeof en, "its type must be %s, not %s", answer_type_name (field->type),
		  answer_type_name (type));
	refuse (checking, field, "", id, en);
}

static bool came_before (const struct checking *checking, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (strcmp (checking->answers[k].field, checking->answers[i].field) == 0)
			return true;
	return false;
}

/* Nobody writes "analyte.code": a column's answer names its row. */
static const struct field_spec *field_of (const struct checking *checking, const char *name)
{
	const struct field_spec *field = kind_field (checking->kind, name);

	return field != NULL && *field->group != '\0' && answer_row (name) == 0 ? NULL : field;
}

static void check_answer (struct checking *checking, size_t i)
{
	const struct answer *answer = &checking->answers[i];
	const struct field_spec *field = field_of (checking, answer->field);

	checking->row = answer_row (answer->field);
	if (field == NULL)
		problems_add (checking->problems, ERR_INVALID, answer->field,
			      "tidak ada isian bernama %s pada formulir ini",
			      "this form has no field %s", quoted (answer->field));
	else if (!field->many && came_before (checking, i))
		refuse (checking, field, "", "hanya boleh diisi satu kali", "it may be given only once");
	else if (answer->type != field->type && answer->type != ANSWER_ABSENT)
		refuse_type (checking, field, answer);
	else
		checks[answer->type](checking, field, answer);
}

static void check_missing (struct checking *checking, const struct field_spec *field)
{
	char name[FIELD_BYTES];

	if (field->required && answer_find (checking->answers, checking->count,
					    name_in_row (field, checking->row, name)) == NULL)
		complain (checking, field, "wajib diisi", "it must be given");
}

/* ---- tables ----------------------------------------------------------------------------------- */

static void refuse_rows (struct checking *checking, const struct group_spec *group, uint32_t rows,
			 const char *id, const char *en, uint32_t wanted)
{
	char text_id[320], text_en[320];

	snprintf (text_id, sizeof text_id, "%.80s: ada %" PRIu32 " baris; %s %" PRIu32,
		  group->words.id, rows, id, wanted);
	snprintf (text_en, sizeof text_en, "%.80s: there are %" PRIu32 " rows; %s %" PRIu32,
		  group->words.en, rows, en, wanted);
	problems_add_texts (checking->problems, ERR_INVALID, group->name, text_id, text_en);
}

static void check_table_row (struct checking *checking, const struct group_spec *group, uint32_t row)
{
	const struct kind_spec *kind = checking->kind;
	char text_id[320], text_en[320];

	if (!answers_have_row (checking->answers, checking->count, group->name, row)) {
		snprintf (text_id, sizeof text_id, "%.80s: baris %" PRIu32 " kosong; isi atau hapus",
			  group->words.id, row);
		snprintf (text_en, sizeof text_en, "%.80s: row %" PRIu32 " is empty; fill it or "
			  "remove it", group->words.en, row);
		problems_add_texts (checking->problems, ERR_INVALID, group->name, text_id, text_en);
		return;
	}
	checking->row = row;
	for (size_t i = 0; i < kind->field_count; i++)
		if (strcmp (kind->fields[i].group, group->name) == 0)
			check_missing (checking, &kind->fields[i]);
}

static void check_table (struct checking *checking, const struct group_spec *group)
{
	uint32_t rows = answers_rows (checking->answers, checking->count, group->name);

	if (rows > group->most) {
		refuse_rows (checking, group, rows, "paling banyak", "at most", group->most);
		return;
	}
	if (rows < group->least)
		refuse_rows (checking, group, rows, "paling sedikit", "at least", group->least);
	for (uint32_t row = 1; row <= rows; row++)
		check_table_row (checking, group, row);
}

err_t answers_check (const struct kind_spec *kind, const struct answer *answers, size_t count,
		     problems_t *problems)
{
	OWNED (problems) own = problems_new ();
	struct checking checking = { kind, answers, count, own, 0 };

	for (size_t i = 0; i < count; i++)
		check_answer (&checking, i);
	checking.row = 0;
	for (size_t i = 0; i < kind->field_count; i++)
		if (*kind->fields[i].group == '\0')
			check_missing (&checking, &kind->fields[i]);
	for (size_t i = 0; i < kind->group_count; i++)
		check_table (&checking, &kind->groups[i]);
	problems_hand_over (own, problems);
	return problems_err (own);
}
