/*
 * Every form of the shipped catalogue can be filled in: with the least that it asks for, with
 * everything that it has, and with a refusal to answer wherever that is allowed.
 */
#include "tests/agents/catalogue/folder.h"

struct form {
	const struct kind_spec *kind;
	struct answer answers[LIMIT_ANSWERS];
	char names[LIMIT_ANSWERS][2 * LIMIT_ID_TEXT];
	size_t count;
};

static const struct {
	const char *system, *text;
} samples[] = {
	{ "https://fhir.kemkes.go.id/id/nik", "1771011403990001" },
	{ "urn:kemendagri:wilayah", "17.71.01.1001" },
	{ "http://hl7.org/fhir/sid/icd-10", "F15.2" },
	{ "http://loinc.org", "19554-5" },
	{ "urn:jembatan:agency", "rskjo" },
	{ "urn:ietf:rfc:4122", "0194f3a1-7c2b-7d3e-8f40-112233445566" },
};

static const char *sample_text (const struct field_spec *field)
{
	for (size_t i = 0; i < COUNT_OF (samples); i++)
		if (strcmp (field->system, samples[i].system) == 0)
			return samples[i].text;
	return field->type == ANSWER_DATE ? "2026-11-22"
	       : field->type == ANSWER_PHONE ? "+6281234567890"
	       : field->type == ANSWER_DECIMAL || field->type == ANSWER_QUANTITY ? "12.5"
	       : "ya";
}

static const char *code_without_reason (const struct field_spec *field)
{
	for (size_t i = 0; i < field->code_count; i++)
		if (!field->codes[i].explain && strcmp (field->codes[i].code, "other") != 0)
			return field->codes[i].code;
	fail_msg ("%s has no code that needs no explanation", field->name);
	return "";
}

static void put (struct form *form, const struct field_spec *field, bool absent)
{
	struct answer *answer = &form->answers[form->count];
	char *name = form->names[form->count];

	assert_true (form->count < LIMIT_ANSWERS);
	if (*field->group == '\0')
		snprintf (name, sizeof form->names[0], "%s", field->name);
	else
		snprintf (name, sizeof form->names[0], "%s[1]%s", field->group,
			  field->name + strlen (field->group));
	*answer = (struct answer){ .field = name, .type = field->type, .system = "",
				   .display = "", .unit = field->unit,
				   .text = sample_text (field), .number = field->min };
	if (field->code_count > 0)
		answer->text = code_without_reason (field);
	if (field->type == ANSWER_INSTANT)
		answer->number = INT64_C (1795312800000);
	if (absent)
		*answer = (struct answer){ .field = name, .type = ANSWER_ABSENT, .text = "",
					   .system = "", .display = "", .unit = "",
					   .number = ABSENT_DECLINED };
	form->count++;
}

static bool is_asked (const struct kind_spec *kind, const struct field_spec *field)
{
	for (size_t i = 0; i < kind->group_count; i++)
		if (strcmp (kind->groups[i].name, field->group) == 0 && kind->groups[i].least == 0)
			return false;
	return field->required;
}

static void assert_passes (const struct form *form, const char *how)
{
	OWNED (problems) problems = problems_new ();
	err_t err = answers_check (form->kind, form->answers, form->count, problems);

	if (err != ERR_OK) {
		print_message ("%s, %s:\n", form->kind->name, how);
		show_complaints (problems);
	}
	assert_int_equal (err, ERR_OK);
}

static void fill_in (const struct kind_spec *kind)
{
	struct form least = { .kind = kind }, whole = { .kind = kind }, declined = { .kind = kind };

	for (size_t i = 0; i < kind->field_count; i++) {
		const struct field_spec *field = &kind->fields[i];

		put (&whole, field, false);
		if (!is_asked (kind, field))
			continue;
		put (&least, field, false);
		put (&declined, field, !field->structural);
	}
	assert_passes (&least, "the least");
	assert_passes (&whole, "everything");
	assert_passes (&declined, "declined");
}

static void every_form_can_be_filled_in (void **state)
{
	OWNED (catalogue) catalogue = shipped ();

	for (size_t i = 0; i < catalogue_thread_count (catalogue); i++) {
		const struct thread_type *thread = catalogue_thread_at (catalogue, i);

		for (size_t k = 0; k < thread->kind_count; k++)
			if (thread->kinds[k].body == BODY_ANSWERS)
				fill_in (&thread->kinds[k]);
	}
}

/* A client's name stands in every form that begins something about a person, and nothing that tells
 * who it is in one that is about nobody. */
static void forms_name_a_person_where_there_is_one_and_nobody_else (void **state)
{
	OWNED (catalogue) catalogue = shipped ();

	for (size_t i = 0; i < catalogue_thread_count (catalogue); i++) {
		const struct thread_type *thread = catalogue_thread_at (catalogue, i);

		for (size_t k = 0; k < thread->kind_count; k++) {
			const struct kind_spec *kind = &thread->kinds[k];
			bool opens = lifecycle_find (thread, NULL, kind->name, PARTY_REQUESTER) != NULL;
			const struct field_spec *name = kind_field (kind, "person.name");

			if (thread->about == ABOUT_PERSON && opens && kind->needs_consent)
				assert_true (name != NULL && name->structural);
			if (thread->about != ABOUT_NOBODY)
				continue;
			assert_false (kind->needs_consent);
			for (size_t f = 0; f < kind->field_count; f++)
				assert_false (kind->fields[f].personal);
		}
	}
}

/* Whoever is asked can always say no, with a reason, or that it was not done because. */
static bool can_say_no (const struct thread_type *thread, const struct kind_spec *opening)
{
	for (size_t i = 0; i < opening->reply_count; i++)
		for (size_t k = 0; k < thread->kind_count; k++) {
			const struct field_spec *reason;

			if (strcmp (thread->kinds[k].name, opening->replies[i]) != 0)
				continue;
			reason = kind_field (&thread->kinds[k], "reason-code");
			if (reason != NULL && reason->structural)
				return true;
		}
	return false;
}

static void every_request_can_be_declined_with_a_reason (void **state)
{
	OWNED (catalogue) catalogue = shipped ();

	for (size_t i = 0; i < catalogue_thread_count (catalogue); i++) {
		const struct thread_type *thread = catalogue_thread_at (catalogue, i);

		for (size_t k = 0; k < thread->kind_count; k++) {
			const struct kind_spec *kind = &thread->kinds[k];

			if (strcmp (thread->resource, "Task") != 0 || kind->reply_count == 0 ||
			    lifecycle_find (thread, NULL, kind->name, PARTY_REQUESTER) == NULL)
				continue;
			if (!can_say_no (thread, kind))
				fail_msg ("%s can't be declined", kind->name);
		}
	}
}

static void every_deadline_and_gate_says_where_it_comes_from (void **state)
{
	OWNED (catalogue) catalogue = shipped ();

	for (size_t i = 0; i < catalogue_thread_count (catalogue); i++) {
		const struct thread_type *thread = catalogue_thread_at (catalogue, i);

		for (size_t k = 0; k < thread->kind_count; k++) {
			const struct kind_spec *kind = &thread->kinds[k];
			bool waits = *kind->reply_clock != '\0' || *kind->seen_clock != '\0' ||
				     kind->remind_count > 0;

			if (waits && *kind->comment == '\0')
				fail_msg ("%s has no \"comment\"", kind->name);
			for (size_t g = 0; g < kind->gate_count; g++)
				assert_string_not_equal (kind->gates[g].comment, "");
		}
	}
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (every_form_can_be_filled_in),
		cmocka_unit_test (forms_name_a_person_where_there_is_one_and_nobody_else),
		cmocka_unit_test (every_request_can_be_declined_with_a_reason),
		cmocka_unit_test (every_deadline_and_gate_says_where_it_comes_from),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
