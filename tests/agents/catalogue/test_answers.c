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
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
