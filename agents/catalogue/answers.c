/*
 * Answers against the form.  Each answer passes its own checks, then the form asks for what is
 * missing; nothing stops at the first problem.
 */
#include "agents/catalogue/inside.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "proto/text.h"

#define EARLIEST_MS INT64_C (946684800000)    /* 2000-01-01 */
#define LATEST_MS INT64_C (4102444800000)     /* 2100-01-01 */

struct checking {
	const struct kind_spec *kind;
	const struct answer *answers;
	size_t count;
	problems_t *problems;
};

/* ---- saying what is wrong --------------------------------------------------------------------- */

/* The value in quotes, or nothing at all of a personal one. */
static const char *shown (const struct field_spec *field, const char *value)
{
	return field->personal ? "" : quoted (value);
}

static void refuse (struct checking *checking, const struct field_spec *field, const char *value,
		    const char *wanted_id, const char *wanted_en)
{
	char text_id[320], text_en[320];
	const char *quote = shown (field, value), *space = *quote != '\0' ? " " : "";

	snprintf (text_id, sizeof text_id, "%s: isian%s%s belum benar; %s", field->words.id, space,
		  quote, wanted_id);
	snprintf (text_en, sizeof text_en, "%s: the answer%s%s is not right; %s", field->words.en,
		  space, quote, wanted_en);
	problems_add_texts (checking->problems, ERR_INVALID, field->name, text_id, text_en);
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

static bool has_code (const struct field_spec *field, const char *code)
{
	for (size_t i = 0; i < field->code_count; i++)
		if (strcmp (field->codes[i].code, code) == 0)
			return true;
	return false;
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

static bool is_explained (const struct checking *checking, const struct field_spec *field)
{
	const struct answer *text = answer_find (checking->answers, checking->count,
						 field->explained_by);

	return *field->explained_by == '\0' || (text != NULL && text->type != ANSWER_ABSENT);
}

static void check_code (struct checking *checking, const struct field_spec *field,
			const struct answer *answer)
{
	/* Who fills in a form names no system; a letter names the field's own. */
	if (answer->system != NULL && *answer->system != '\0' &&
	    strcmp (answer->system, field->system) != 0)
		refuse (checking, field, answer->system, "sistem kode lain tidak dapat dipakai di sini",
			"another code system can't be used here");
	else if (field->code_count > 0 && !has_code (field, answer->text))
		refuse_code (checking, field, answer->text);
	else if (field->code_count == 0 && !has_syntax (checking, field, answer->text))
		return;
	else if (strcmp (answer->text, "other") == 0 && !is_explained (checking, field))
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
			 enum answer_type type)
{
	char id[100], en[100];

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

static void check_answer (struct checking *checking, size_t i)
{
	const struct answer *answer = &checking->answers[i];
	const struct field_spec *field = kind_field (checking->kind, answer->field);

	if (field == NULL)
		problems_add (checking->problems, ERR_INVALID, answer->field,
			      "tidak ada isian bernama %s pada formulir ini",
			      "this form has no field %s", quoted (answer->field));
	else if (!field->many && came_before (checking, i))
		refuse (checking, field, "", "hanya boleh diisi satu kali", "it may be given only once");
	else if (answer->type != field->type && answer->type != ANSWER_ABSENT)
		refuse_type (checking, field, answer->type);
	else
		checks[answer->type](checking, field, answer);
}

static void check_missing (struct checking *checking, const struct field_spec *field)
{
	char text_id[320], text_en[320];

	if (!field->required ||
	    answer_find (checking->answers, checking->count, field->name) != NULL)
		return;
	snprintf (text_id, sizeof text_id, "%s: wajib diisi", field->words.id);
	snprintf (text_en, sizeof text_en, "%s: it must be given", field->words.en);
	problems_add_texts (checking->problems, ERR_INVALID, field->name, text_id, text_en);
}

err_t answers_check (const struct kind_spec *kind, const struct answer *answers, size_t count,
		     problems_t *problems)
{
	OWNED (problems) own = problems_new ();
	struct checking checking = { kind, answers, count, own };

	for (size_t i = 0; i < count; i++)
		check_answer (&checking, i);
	for (size_t i = 0; i < kind->field_count; i++)
		check_missing (&checking, &kind->fields[i]);
	problems_hand_over (own, problems);
	return problems_err (own);
}

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

const struct field_spec *kind_field (const struct kind_spec *kind, const char *field)
{
	for (size_t i = 0; i < kind->field_count; i++)
		if (strcmp (kind->fields[i].name, field) == 0)
			return &kind->fields[i];
	return NULL;
}
