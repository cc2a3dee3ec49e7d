/* A form with three mistakes names three; each check refuses alone; personal values stay unquoted. */
#include "tests/agents/catalogue/folder.h"

#define TEXT(name, value) { .field = name, .type = ANSWER_TEXT, .text = value, .system = "" }
#define CODE(name, value) { .field = name, .type = ANSWER_CODE, .text = value, .system = "" }
#define DATE(name, value) { .field = name, .type = ANSWER_DATE, .text = value, .system = "" }
#define PHONE(name, value) { .field = name, .type = ANSWER_PHONE, .text = value, .system = "" }
#define NUMBER(name, its_type, value) { .field = name, .type = its_type, .number = value, .text = "" }
#define ABSENT(name, why) { .field = name, .type = ANSWER_ABSENT, .number = why, .text = "" }

static const struct answer good_request[] = {
	CODE ("service", "medical"),
	TEXT ("person.name", "Budi Canary"),
	DATE ("person.birth-date", "1999-02-28"),
	CODE ("person.sex", "male"),
	TEXT ("person.nik", "1771012802990001"),
	PHONE ("person.phone", "+6281234567890"),
	TEXT ("person.region", "17.71.04.1001"),
	CODE ("contact.safe-to-call", "yes"),
	TEXT ("reason", "Perlu pemeriksaan sebelum rehabilitasi sosial"),
	CODE ("diagnosis", "F15.2"),
	CODE ("diagnosis", "B20"),
	NUMBER ("preferred-slot", ANSWER_INSTANT, INT64_C (1795662900000)),
	NUMBER ("documents", ANSWER_ATTACHMENT, 0),
	ABSENT ("goal", ABSENT_NOT_ASKED),
};

static void a_complete_referral_passes_and_tells_its_labels (void **state)
{
	OWNED (catalogue) catalogue = shipped ();
	OWNED (problems) problems = problems_new ();
	OWNED (arena) arena = arena_new (64 * KIB);
	const struct kind_spec *kind = catalogue_kind (catalogue, "referral.request", 0);
	const char *const *labels;

	if (answers_check (kind, good_request, COUNT_OF (good_request), problems) != ERR_OK)
		show_complaints (problems);
	assert_int_equal (problems_count (problems), 0);
	assert_int_equal (answers_labels (kind, good_request, COUNT_OF (good_request), arena,
					  &labels), 2);
	assert_string_equal (labels[0], "identity");
	assert_string_equal (labels[1], "health");
}

static void a_form_with_three_mistakes_names_three (void **state)
{
	OWNED (catalogue) catalogue = shipped ();
	OWNED (problems) problems = problems_new ();
	const struct answer answers[] = {
		TEXT ("appointment.place", "Poli NAPZA"),
		NUMBER ("fee", ANSWER_RUPIAH, -5000),
		TEXT ("colour", "red"),
	};

	assert_int_equal (answers_check (catalogue_kind (catalogue, "referral.accept", 0), answers,
					 COUNT_OF (answers), problems), ERR_INVALID);
	assert_int_equal (problems_count (problems), 3);
	assert_true (complains (problems, "\"-5000\""));
	assert_true (complains (problems, "no field \"colour\""));
	assert_true (complains (problems, "Appointment: it must be given"));
	assert_string_equal (problems_at (problems, 0)->field, "fee");
	assert_non_null (strstr (problems_at (problems, 0)->text_id, "Biaya"));
}

struct wrong {
	const char *kind;
	struct answer answer;
	const char *complaint;
};

/* clang-format off */
static const struct wrong wrongs[] = {
	{ "referral.request", TEXT ("person.nik", "1771013202990001"), "National identity number (NIK): the answer is not right" },
	{ "referral.request", TEXT ("person.nik", "1771012813990001"), "16 digits" },
	{ "referral.request", TEXT ("person.nik", "1771012802990000"), "16 digits" },
	{ "referral.request", TEXT ("person.nik", "177101280299001"), "16 digits" },
	{ "referral.request", PHONE ("person.phone", "081234567890"), "+6281234567890" },
	{ "referral.request", PHONE ("person.phone", "+62812x"), "+6281234567890" },
	{ "referral.request", DATE ("person.birth-date", "1999-02-29"), "write a date" },
	{ "referral.request", TEXT ("person.region", "1771"), "Kemendagri" },
	{ "referral.request", CODE ("diagnosis", "F1"), "ICD-10" },
	{ "referral.request", CODE ("diagnosis", "f15.2"), "ICD-10" },
	{ "referral.request", CODE ("service", "massage"), "the answer \"massage\" is not right; choose: medical" },
	{ "referral.request", TEXT ("service", "medical"), "its type must be code, not text" },
	{ "waitlist.update", TEXT ("position", "third"), "the answer \"third\" is not right; write a whole number" },
	{ "referral.request", TEXT ("reason", "   "), "must not be empty" },
	{ "referral.request", TEXT ("reason", "bad \x01 byte"), "can't be read" },
	{ "referral.request", ABSENT ("reason", ABSENT_DECLINED), "nothing can go on without it" },
	{ "referral.request", ABSENT ("goal", 9), "choose declined or not-asked" },
	{ "referral.request", NUMBER ("person.age", ANSWER_INTEGER, 121), "from 0 to 120" },
	{ "referral.request", NUMBER ("preferred-slot", ANSWER_INSTANT, 5), "the answer \"5\" is not right; write a time" },
	{ "referral.request", NUMBER ("documents", ANSWER_ATTACHMENT, 16), "no such attachment" },
	{ "referral.reject", CODE ("reason-code", "other"), "explain it in words" },
	{ "referral.reject", CODE ("reason-code", "because"), "the answer \"because\"" },
	{ "referral.reject", TEXT ("suggestion", "RSKJO!"), "the answer \"RSKJO!\"" },
	{ "service.report", { .field = "lab.test", .type = ANSWER_CODE, .text = "19554-6", .system = "http://loinc.org" }, "check digit" },
	{ "service.report", { .field = "lab.test", .type = ANSWER_CODE, .text = "19554-5", .system = "http://loink.org" }, "another code system" },
	{ "service.report", { .field = "attendance", .type = ANSWER_QUANTITY, .text = "80", .unit = "kg" }, "its unit must be \"%\"" },
	{ "service.report", { .field = "attendance", .type = ANSWER_QUANTITY, .text = "eighty", .unit = "%" }, "the answer \"eighty\"" },
	{ "service.report", NUMBER ("goal-progress", ANSWER_INTEGER, 5), "from 0 to 4" },
	{ "loop.overdue", TEXT ("referral", "R-7"), "write a UUID" },
};
/* clang-format on */

static void each_check_refuses_alone (void **state)
{
	OWNED (catalogue) catalogue = shipped ();

	for (size_t i = 0; i < COUNT_OF (wrongs); i++) {
		OWNED (problems) problems = problems_new ();
		const struct kind_spec *kind = catalogue_kind (catalogue, wrongs[i].kind, 0);

		assert_int_equal (answers_check (kind, &wrongs[i].answer, 1, problems), ERR_INVALID);
		if (!complains (problems, wrongs[i].complaint)) {
			print_message ("%s was not said but:\n", wrongs[i].complaint);
			show_complaints (problems);
		}
		assert_true (complains (problems, wrongs[i].complaint));
	}
}

static void a_personal_value_is_never_quoted_back (void **state)
{
	OWNED (catalogue) catalogue = shipped ();
	OWNED (problems) problems = problems_new ();
	const struct answer answers[] = {
		TEXT ("person.nik", "99canary"), PHONE ("person.phone", "canary"),
		DATE ("person.birth-date", "canary"), CODE ("person.sex", "canary"),
		TEXT ("person.region", "canary"), CODE ("diagnosis", "canary"),
		TEXT ("person.name", "canary"), TEXT ("person.name", "canary"),
	};

	assert_int_equal (answers_check (catalogue_kind (catalogue, "referral.request", 0), answers,
					 COUNT_OF (answers), problems), ERR_INVALID);
	assert_true (problems_count (problems) >= 7);
	for (size_t i = 0; i < problems_count (problems); i++) {
		assert_null (strstr (problems_at (problems, i)->text_id, "canary"));
		assert_null (strstr (problems_at (problems, i)->text_en, "canary"));
	}
}

static void a_text_beyond_its_ceiling_is_refused_with_both_sizes (void **state)
{
	OWNED (catalogue) catalogue = shipped ();
	OWNED (problems) problems = problems_new ();
	char long_text[502];
	struct answer answer = TEXT ("reason", long_text);

	memset (long_text, 'a', 501);
	long_text[501] = '\0';
	assert_int_equal (answers_check (catalogue_kind (catalogue, "referral.request", 0), &answer,
					 1, problems), ERR_INVALID);
	assert_true (complains (problems, "too long: 501 bytes, at most 500"));
}

static void a_second_answer_is_refused_unless_many_are_allowed (void **state)
{
	OWNED (catalogue) catalogue = shipped ();
	OWNED (problems) problems = problems_new ();
	const struct answer answers[] = {
		CODE ("reason-code", "no-capacity"), CODE ("reason-code", "safety"),
		TEXT ("suggestion", "rskjo"), TEXT ("suggestion", "bnn-kota"),
	};

	assert_int_equal (answers_check (catalogue_kind (catalogue, "referral.reject", 0), answers,
					 COUNT_OF (answers), problems), ERR_INVALID);
	assert_int_equal (problems_count (problems), 1);
	assert_true (complains (problems, "only once"));
}

static void identifiers_are_held_against_their_syntax (void **state)
{
	assert_true (nik_is_plausible ("1771016802990001"));   /* a woman: day 28 + 40 */
	assert_true (nik_is_plausible ("1771017102990001"));
	assert_false (nik_is_plausible ("1771017202990001"));
	assert_false (nik_is_plausible ("1771014002990001"));
	assert_false (nik_is_plausible ("17710168029900011"));
	assert_false (nik_is_plausible (""));
	assert_true (phone_is_e164 ("+62811234567"));
	assert_false (phone_is_e164 ("+0811234567"));
	assert_false (phone_is_e164 ("+1234567890123456"));
	assert_false (phone_is_e164 ("+6281"));
	assert_true (date_is_real ("2028-02-29"));
	assert_false (date_is_real ("2100-02-29"));
	assert_false (date_is_real ("2026-4-1"));
	assert_false (date_is_real ("2026-13-01"));
	assert_true (region_is_known ("17.71"));
	assert_true (region_is_known ("96"));
	assert_false (region_is_known ("97.01"));
	assert_false (region_is_known ("54"));
	assert_false (region_is_known (""));
	assert_true (region_is_kemendagri ("17"));
	assert_true (region_is_kemendagri ("33.73.04.1001"));
	assert_false (region_is_kemendagri ("33.73.04.10"));
	assert_false (region_is_kemendagri ("07"));
}

/* ---- tables ---- */

#define LOINC(name, value) \
	{ .field = name, .type = ANSWER_CODE, .text = value, .system = "http://loinc.org" }
#define QUANTITY(name, value, its_unit) \
	{ .field = name, .type = ANSWER_QUANTITY, .text = value, .unit = its_unit, .system = "" }

static const struct answer good_panel[] = {
	NUMBER ("exit", ANSWER_BOOLEAN, 1),
	LOINC ("analyte[1].code", "19554-5"),
	CODE ("analyte[1].value", "POS"),
	CODE ("analyte[1].method", "screen"),
	QUANTITY ("analyte[1].cutoff", "500", "ng/mL"),
	LOINC ("analyte[2].code", "18282-4"),
	CODE ("analyte[2].value", "NEG"),
	CODE ("analyte[2].method", "other"),
	LOINC ("analyte[3].code", "14314-9"),
	CODE ("analyte[3].value", "not-done"),
	TEXT ("analyte[3].note", "Sampel kurang"),
	TEXT ("note", "Alat baru"),
};

static void a_table_with_its_rows_passes (void **state)
{
	OWNED (catalogue) catalogue = loaded (NETWORK);
	OWNED (problems) problems = problems_new ();
	OWNED (arena) arena = arena_new (64 * KIB);
	const struct kind_spec *kind = catalogue_kind (catalogue, "lab.result", 0);
	const char *const *labels;

	if (answers_check (kind, good_panel, COUNT_OF (good_panel), problems) != ERR_OK)
		show_complaints (problems);
	assert_int_equal (problems_count (problems), 0);
	assert_int_equal (answers_rows (good_panel, COUNT_OF (good_panel), "analyte"), 3);
	assert_int_equal (answers_labels (kind, good_panel, COUNT_OF (good_panel), arena, &labels), 1);
	assert_string_equal (labels[0], "health");
}

/* The good panel with one answer in another's place; without it when its field is NULL. */
struct changed {
	const char *field;
	struct answer answer;
	const char *place, *complaint;
};

/* clang-format off */
static const struct changed changes[] = {
	{ "analyte[2].value", CODE ("analyte[2].value", "MAYBE"), "analyte[2].value", "Analyte 2, Result: the answer \"MAYBE\" is not right; choose: POS, NEG, not-done" },
	{ "analyte[2].code", LOINC ("analyte[2].code", "18282-5"), "analyte[2].code", "Analyte 2, Code: the answer \"18282-5\" is not right; write a LOINC code" },
	{ "analyte[2].value", { .field = NULL }, "analyte[2].value", "Analyte 2, Result: it must be given" },
	{ "analyte[1].code", ABSENT ("analyte[1].code", ABSENT_DECLINED), "analyte[1].code", "nothing can go on without it" },
	{ "analyte[1].cutoff", QUANTITY ("analyte[1].cutoff", "500", "mg/dL"), "analyte[1].cutoff", "Analyte 1, Cut-off: the answer \"mg/dL\" is not right; its unit must be \"ng/mL\"" },
	{ "analyte[3].note", { .field = NULL }, "analyte[3].value", "Analyte 3, Result: the answer \"not-done\" is not right; explain it" },
	{ "analyte[3].note", TEXT ("analyte[2].note", "In the wrong row"), "analyte[3].value", "Analyte 3, Result: the answer \"not-done\" is not right; explain it" },
	{ "note", { .field = NULL }, "analyte[2].method", "Analyte 2, Method: the answer \"other\" is not right; explain it" },
	{ "analyte[1].method", CODE ("analyte[1].value", "NEG"), "analyte[1].value", "Analyte 1, Result: the answer \"\" is not right; it may be given only once" },
	{ "analyte[1].method", CODE ("analyte.method", "screen"), "analyte.method", "no field \"analyte.method\"" },
	{ "analyte[1].method", CODE ("analyte[0].method", "screen"), "analyte[0].method", "no field \"analyte[0].method\"" },
	{ "analyte[1].method", CODE ("analyte[01].method", "screen"), "analyte[01].method", "no field \"analyte[01].method\"" },
	{ "analyte[1].method", CODE ("analyte[1]method", "screen"), "analyte[1]method", "no field \"analyte[1]method\"" },
	{ "analyte[1].method", CODE ("analyte[1].method.x", "screen"), "analyte[1].method.x", "no field" },
	{ "analyte[1].method", CODE ("analyte[-1].method", "screen"), "analyte[-1].method", "no field" },
	{ "analyte[1].method", CODE ("[1].method", "screen"), "[1].method", "no field" },
	{ "analyte[1].method", CODE ("exit[1].method", "screen"), "exit[1].method", "no field" },
	{ "analyte[1].method", CODE ("analyte[4294967297].method", "screen"), "analyte[4294967297].method", "no field" },
	{ "analyte[1].method", CODE ("analyte[4].method", "screen"), "analyte[4].code", "Analyte 4, Code: it must be given" },
	{ "analyte[1].method", CODE ("analyte[5].method", "screen"), "analyte", "Analyte: there are 5 rows; at most 4" },
};
/* clang-format on */

static const struct problem *problem_in (const problems_t *problems, const char *place)
{
	for (size_t i = 0; i < problems_count (problems); i++)
		if (strcmp (problems_at (problems, i)->field, place) == 0)
			return problems_at (problems, i);
	return NULL;
}

static void a_mistake_in_a_table_is_refused_with_row_and_column (void **state)
{
	OWNED (catalogue) catalogue = loaded (NETWORK);
	const struct kind_spec *kind = catalogue_kind (catalogue, "lab.result", 0);

	for (size_t i = 0; i < COUNT_OF (changes); i++) {
		OWNED (problems) problems = problems_new ();
		struct answer answers[COUNT_OF (good_panel)];
		const struct problem *problem;
		size_t count = 0;

		for (size_t k = 0; k < COUNT_OF (good_panel); k++) {
			if (strcmp (good_panel[k].field, changes[i].field) != 0)
				answers[count++] = good_panel[k];
			else if (changes[i].answer.field != NULL)
				answers[count++] = changes[i].answer;
		}
		assert_int_equal (answers_check (kind, answers, count, problems), ERR_INVALID);
		problem = problem_in (problems, changes[i].place);
		if (problem == NULL || strstr (problem->text_en, changes[i].complaint) == NULL) {
			print_message ("%s was not said but:\n", changes[i].complaint);
			show_complaints (problems);
		}
		assert_non_null (problem);
		assert_non_null (strstr (problem->text_en, changes[i].complaint));
	}
}

static void a_table_has_neither_holes_nor_too_few_rows (void **state)
{
	OWNED (catalogue) catalogue = loaded (NETWORK);
	OWNED (problems) holes = problems_new ();
	OWNED (problems) few = problems_new ();
	const struct kind_spec *kind = catalogue_kind (catalogue, "lab.result", 0);
	const struct answer answers[] = {
		NUMBER ("exit", ANSWER_BOOLEAN, 0), LOINC ("analyte[1].code", "19554-5"),
		CODE ("analyte[1].value", "POS"), LOINC ("analyte[3].code", "18282-4"),
		CODE ("analyte[3].value", "NEG"),
	};

	assert_int_equal (answers_check (kind, answers, COUNT_OF (answers), holes), ERR_INVALID);
	assert_int_equal (problems_count (holes), 1);
	assert_true (complains (holes, "Analyte: row 2 is empty"));
	assert_int_equal (answers_check (kind, answers, 1, few), ERR_INVALID);
	assert_int_equal (problems_count (few), 1);
	assert_true (complains (few, "Analyte: there are 0 rows; at least 1"));
}

static void a_column_is_found_by_row_and_a_personal_one_stays_unquoted (void **state)
{
	OWNED (catalogue) catalogue = loaded (NETWORK);
	OWNED (problems) problems = problems_new ();
	const struct kind_spec *kind = catalogue_kind (catalogue, "lab.result", 0);
	const struct answer note = TEXT ("analyte[1].note", "canary \x01");

	assert_string_equal (kind_field (kind, "analyte[12].code")->name, "analyte.code");
	assert_null (kind_field (kind, "analyte[0].code"));
	assert_int_equal (answer_row ("analyte[12].code"), 12);
	assert_int_equal (answer_row ("analyte.code"), 0);
	assert_int_equal (answer_row ("analyte[1]"), 0);
	assert_int_equal (answers_check (kind, &note, 1, problems), ERR_INVALID);
	for (size_t i = 0; i < problems_count (problems); i++)
		assert_null (strstr (problems_at (problems, i)->text_en, "canary"));
}

static bool panel_has (const char *group, uint32_t row, const struct kind_spec *kind, size_t remark)
{
	return answers_match (good_panel, COUNT_OF (good_panel), group, row,
			      kind->remarks[remark].matches, kind->remarks[remark].match_count);
}

static void all_matches_must_hold_in_one_row (void **state)
{
	OWNED (catalogue) catalogue = loaded (NETWORK);
	const struct kind_spec *kind = catalogue_kind (catalogue, "lab.result", 0);
	const char *negative[] = { "NEG" }, *screen[] = { "screen" }, *yes[] = { "true" };
	const struct answer_match mixed[] = { { "exit", 1, yes }, { "analyte.value", 1, negative } };
	const struct answer_match split[] = { { "analyte.value", 1, negative },
					      { "analyte.method", 1, screen } };

	assert_true (panel_has ("analyte", 1, kind, 0));    /* a positive screen */
	assert_false (panel_has ("analyte", 2, kind, 0));
	assert_false (panel_has ("analyte", 4, kind, 0));
	assert_true (panel_has ("", 0, kind, 1));           /* the exit test */
	assert_true (panel_has ("", 0, kind, 0));           /* some row is a positive screen */
	assert_true (answers_match (good_panel, COUNT_OF (good_panel), "", 0, mixed, 2));
	assert_true (answers_match (good_panel, COUNT_OF (good_panel), "analyte", 2, mixed, 2));
	assert_false (answers_match (good_panel, COUNT_OF (good_panel), "analyte", 1, mixed, 2));
	/* Row 1 has the method and row 2 the value: no row has both. */
	assert_false (answers_match (good_panel, COUNT_OF (good_panel), "", 0, split, 2));
	assert_true (answers_match (good_panel, COUNT_OF (good_panel), "", 0, NULL, 0));
}

/* ---- code systems ---- */

/* Drug tests in urine: screening, confirmation, without method; then panels. */
static const char *const loincs[] = {
	"19261-7", "16369-1", "3349-8",  "19343-3", "19344-1", "19554-5", "19555-2", "3779-6",
	"19568-5", "19569-3", "14267-9", "18282-4", "19289-8", "3427-2",  "19295-5", "70151-6",
	"21431-2", "18390-5", "3879-4",  "19597-4", "16196-8", "3830-7",  "14316-4", "16195-0",
	"3390-2",  "14314-9", "14315-6", "3393-6",  "19550-3", "16199-2", "3773-9",  "93494-3",
	"16208-1", "3414-0",  "19270-8", "16429-3", "3377-9",  "19659-2", "18392-1", "3936-2",
	"19710-3", "17718-8", "43219-5", "58370-8", "58426-8", "21142-5", "42242-8", "34180-0",
	"5644-0",  "67126-3", "65750-2", "69739-1", "87428-9", "24349-3",
};

static bool is_code_of (const struct kind_spec *kind, const char *field, const char *system,
			const char *code)
{
	OWNED (problems) problems = problems_new ();
	const struct answer answer = { .field = field, .type = ANSWER_CODE, .text = code,
				       .system = system };

	(void)!answers_check (kind, &answer, 1, problems);
	return !complains (problems, "is not right");
}

static void loinc_codes_pass_and_an_altered_digit_does_not (void **state)
{
	OWNED (catalogue) catalogue = loaded (NETWORK);
	const struct kind_spec *kind = catalogue_kind (catalogue, "lab.result", 0);

	for (size_t i = 0; i < COUNT_OF (loincs); i++) {
		char code[16];

		assert_true (is_code_of (kind, "analyte[1].code", "http://loinc.org", loincs[i]));
		for (size_t k = 0; loincs[i][k] != '\0'; k++) {
			if (loincs[i][k] == '-')
				continue;
			strcpy (code, loincs[i]);
			for (char digit = '0'; digit <= '9'; digit++) {
				code[k] = digit;
				assert_int_equal (is_code_of (kind, "analyte[1].code",
							      "http://loinc.org", code),
						  digit == loincs[i][k]);
			}
		}
	}
}

static void icd_10_codes_are_held_against_their_syntax_alone (void **state)
{
	static const char *const right[] = { "F15", "F15.2", "F10.21", "B20", "U07.1", "Z99.9999" };
	static const char *const wrong[] = { "f15.2", "F1", "F15.", "F15.22222", "15.2", "F15,2", "" };
	OWNED (catalogue) catalogue = shipped ();
	const struct kind_spec *kind = catalogue_kind (catalogue, "referral.request", 0);
	const char *system = kind_field (kind, "diagnosis")->system;

	for (size_t i = 0; i < COUNT_OF (right); i++)
		assert_true (is_code_of (kind, "diagnosis", system, right[i]));
	for (size_t i = 0; i < COUNT_OF (wrong); i++)
		assert_false (is_code_of (kind, "diagnosis", system, wrong[i]));
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (a_complete_referral_passes_and_tells_its_labels),
		cmocka_unit_test (a_form_with_three_mistakes_names_three),
		cmocka_unit_test (each_check_refuses_alone),
		cmocka_unit_test (a_personal_value_is_never_quoted_back),
		cmocka_unit_test (a_text_beyond_its_ceiling_is_refused_with_both_sizes),
		cmocka_unit_test (a_second_answer_is_refused_unless_many_are_allowed),
		cmocka_unit_test (identifiers_are_held_against_their_syntax),
		cmocka_unit_test (a_table_with_its_rows_passes),
		cmocka_unit_test (a_mistake_in_a_table_is_refused_with_row_and_column),
		cmocka_unit_test (a_table_has_neither_holes_nor_too_few_rows),
		cmocka_unit_test (a_column_is_found_by_row_and_a_personal_one_stays_unquoted),
		cmocka_unit_test (all_matches_must_hold_in_one_row),
		cmocka_unit_test (loinc_codes_pass_and_an_altered_digit_does_not),
		cmocka_unit_test (icd_10_codes_are_held_against_their_syntax_alone),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
