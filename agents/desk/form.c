/*
 * Between forms and records: what a form takes from the person's record at the sender,
 * and the record that is made from it at the recipient.
 */
#include "agents/desk/inside.h"

#include <stddef.h>
#include <string.h>

/* The catalogue's names for what stands in a person's record. */
static const struct {
	const char *from;
	size_t at;
} sources[] = {
	/* clang-format off */
	{ "person.name",               offsetof (struct person, name) },
	{ "person.birth-date",         offsetof (struct person, birth_date) },
	{ "person.sex",                offsetof (struct person, sex) },
	{ "person.nik",                offsetof (struct person, nik) },
	{ "person.phone",              offsetof (struct person, phone) },
	{ "person.region",             offsetof (struct person, region) },
	{ "person.guardian",           offsetof (struct person, guardian) },
	{ "person.entry-door",         offsetof (struct person, entry_door) },
	{ "contact.safe-to-call",      offsetof (struct person, safe_to_call) },
	{ "contact.may-leave-message", offsetof (struct person, may_leave_message) },
	{ "contact.who-knows",         offsetof (struct person, who_knows) },
	/* clang-format on */
};

bool field_is_from (const struct field_spec *field, const char *source)
{
	return text_is (field->from, source);
}

static const char **place_in (struct person *person, const struct field_spec *field)
{
	for (size_t i = 0; i < COUNT_OF (sources); i++)
		if (field_is_from (field, sources[i].from))
			return (const char **)((char *)person + sources[i].at);
	return NULL;
}

static const char *known_value (const struct form *form, const struct field_spec *field)
{
	struct person person;
	const char **place;

	if (field_is_from (field, "service"))
		return text_given (form->service) ? form->service : "";
	if (form->person == NULL)
		return "";
	person = *form->person;
	place = place_in (&person, field);
	return place != NULL && *place != NULL ? *place : "";
}

static struct answer answer_with (const struct field_spec *field, const char *value)
{
	return (struct answer){
		.field = field->name,
		.type = field->type,
		.text = value,
		.system = field->type == ANSWER_CODE ? field->system : "",
		.display = "",
		.unit = "",
	};
}

/* Who fills in a form names no code system; a letter names the field's own. */
static struct answer answer_as_written (const struct kind_spec *kind,
					const struct answer *given)
{
	const struct field_spec *field =
		given->field != NULL ? kind_field (kind, given->field) : NULL;
	const char *system =
		field != NULL && given->type == ANSWER_CODE ? field->system : "";

	return (struct answer){
		.field = given->field != NULL ? given->field : "",
		.type = given->type,
		.text = given->text != NULL ? given->text : "",
		.system = text_given (given->system) ? given->system : system,
		.display = given->display != NULL ? given->display : "",
		.unit = given->unit != NULL ? given->unit : "",
		.number = given->number,
	};
}

size_t form_fill (const struct step *step, const struct form *form,
		  const struct answer **ret_answers)
{
	const struct kind_spec *kind = form->kind;
	size_t count = form->answer_count, room = count + kind->field_count + 1;
	struct answer *answers = arena_must (step->arena, room * sizeof *answers);

	for (size_t i = 0; i < count; i++)
		answers[i] = answer_as_written (kind, &form->answers[i]);
	for (size_t i = 0; i < kind->field_count; i++) {
		const struct field_spec *field = &kind->fields[i];
		const char *value = known_value (form, field);

		if (!text_given (value) ||
		    answer_find (form->answers, form->answer_count, field->name) !=
			    NULL ||
		    (!field->required && text_given (field->label) &&
		     !form->may_carry (form->arg, field->label)))
			continue;
		answers[count++] = answer_with (field, value);
	}
	*ret_answers = answers;
	return count;
}

bool kind_asks_service (const struct kind_spec *kind)
{
	for (size_t i = 0; i < kind->field_count; i++)
		if (field_is_from (&kind->fields[i], "service"))
			return true;
	return false;
}

const char *form_service (const struct kind_spec *kind, const struct letter *letter)
{
	for (size_t i = 0; i < kind->field_count; i++) {
		const struct answer *answer;

		if (!field_is_from (&kind->fields[i], "service"))
			continue;
		answer = answer_find (letter->answers, letter->answer_count,
				      kind->fields[i].name);
		if (answer != NULL && answer->type == ANSWER_CODE)
			return answer->text;
	}
	return "";
}

/* ---- at the recipient ----------------------------------------------------------- */

static void read_record (const struct kind_spec *kind, const struct letter *letter,
			 struct person *ret_person)
{
	*ret_person = (struct person){
		.name = "",
		.nik = "",
		.birth_date = "",
		.sex = "unknown",
		.phone = "",
		.region = "",
		.address = "",
		.guardian = "",
		.entry_door = "referral",
		.safe_to_call = "unknown",
		.may_leave_message = "unknown",
		.who_knows = "",
	};
	for (size_t i = 0; i < kind->field_count; i++) {
		const struct field_spec *field = &kind->fields[i];
		const char **place = place_in (ret_person, field);
		const struct answer *answer =
			answer_find (letter->answers, letter->answer_count, field->name);

		/* Whoever comes with a letter came through the door "referral". */
		if (place == NULL || answer == NULL || answer->type == ANSWER_ABSENT ||
		    !text_given (answer->text) ||
		    field_is_from (field, "person.entry-door"))
			continue;
		*place = answer->text;
	}
}

void person_learn (const struct step *step, const struct person_id *id,
		   struct person *told)
{
	struct person person;
	bool changed = false;

	if (person_get (step_ledger (step), id, step->arena, &person) != ERR_OK)
		return;
	for (size_t i = 0; i < COUNT_OF (sources); i++) {
		const char **known = (const char **)((char *)&person + sources[i].at);
		const char **new = (const char **)((char *)told + sources[i].at);

		if (!text_given (*new) || text_is (*new, "unknown") ||
		    (text_given (*known) && !text_is (*known, "unknown")))
			continue;
		*known = *new;
		changed = true;
	}
	if (changed)
		person_update (step->tx, &person);
}

static bool person_known (const struct step *step, const struct agency_id *from,
			  const struct letter *letter, const struct person *told,
			  struct person_id *ret_id)
{
	ledger_t *ledger = step_ledger (step);
	struct person person;

	if (person_by_case (ledger, from, &letter->case_id, ret_id) != ERR_OK &&
	    (!text_given (told->nik) ||
	     person_by_nik (ledger, told->nik, ret_id) != ERR_OK))
		return false;
	return person_get (ledger, ret_id, step->arena, &person) == ERR_OK;
}

static void add_record (const struct step *step, const struct agency_id *from,
			struct person *told)
{
	struct entry entry = step_entry (step, ENTRY_INTAKE);

	told->case_manager = person_manager (step, from);
	person_add (step->tx, told);
	entry.person = told->id;
	entry.partner = *from;
	entry_add (step->tx, &entry);
}

err_t person_from_letter (const struct step *step, const struct agency_id *from,
			  const struct kind_spec *kind, const struct letter *letter,
			  struct person_id *ret_id)
{
	struct person told;
	err_t err;

	read_record (kind, letter, &told);
	if (person_known (step, from, letter, &told, ret_id)) {
		person_learn (step, ret_id, &told);
	} else {
		add_record (step, from, &told);
		*ret_id = told.id;
	}
	/* Two agencies may each have named the same person to the other; both names
	 * stand. */
	err = person_case_set (step->tx, ret_id, from, &letter->case_id);
	return err == ERR_CONFLICT ? ERR_OK : err;
}
