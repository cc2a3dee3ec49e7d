/* What gates, reminders and remarks can get wrong: they speak of kinds, fields and codes by name. */
#include "agents/catalogue/checker.h"

#include <string.h>

static bool is_value_of (const struct field_spec *field, const char *value)
{
	if (field->type == ANSWER_BOOLEAN)
		return strcmp (value, "true") == 0 || strcmp (value, "false") == 0;
	if (field->code_count > 0)
		return has_code (field->codes, field->code_count, value);
	return field->type == ANSWER_CODE && syntax_of (field->system) != NULL &&
	       syntax_of (field->system)->is_right (value);
}

/* The fields of `kind`; of those in `group` ("" = none) and of the form itself. */
static void check_matches (struct checker *checker, const char *place, const struct kind_spec *kind,
			   const struct answer_match *matches, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct field_spec *field = kind_field (kind, matches[i].field);

		if (field == NULL) {
			complain (checker, place, matches[i].field, "bukan isian surat itu",
				  "is no field of that kind");
			continue;
		}
		for (size_t k = 0; k < matches[i].value_count; k++)
			if (!is_value_of (field, matches[i].values[k]))
				complain (checker, place, matches[i].values[k],
					  "tidak mungkin menjadi jawaban isian itu",
					  "can't be an answer to that field");
	}
}

static void check_letters (struct checker *checker, const char *gate,
			   const struct letter_match *letters, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct kind_spec *kind =
			catalogue_kind (checker->catalogue, letters[i].kind, 0);

		if (kind == NULL)
			complain (checker, gate, letters[i].kind, "bukan jenis surat",
				  "is no kind of letter");
		else
			check_matches (checker, gate, kind, letters[i].matches,
				       letters[i].match_count);
	}
}

static const struct {
	const char *name;
	bool asked, any;             /* the lists that it looks at */
} gates[] = {
	{ "needs", false, true },
	{ "answered", true, true },
	{ "guardian", false, false },
	{ "case-manager", false, false },
};

static void check_gate (struct checker *checker, const struct gate_spec *gate)
{
	size_t i = 0;

	while (i < COUNT_OF (gates) && strcmp (gates[i].name, gate->gate) != 0)
		i++;
	if (i == COUNT_OF (gates))
		complain (checker, "gates", gate->gate, "tidak dikenal", "is not known");
	else if (gates[i].asked != (gate->asked_count > 0) || gates[i].any != (gate->any_count > 0))
		complain (checker, "gates", gate->gate,
			  gates[i].asked ? "memerlukan \"asked\" dan \"any\""
			  : gates[i].any ? "memerlukan \"any\" saja"
					 : "tidak melihat surat",
			  gates[i].asked ? "needs \"asked\" and \"any\""
			  : gates[i].any ? "needs \"any\" alone"
					 : "looks at no letters");
	for (size_t k = 0; k < gate->service_count; k++)
		if (catalogue_service (checker->catalogue, gate->services[k]) == NULL)
			complain (checker, gate->gate, gate->services[k], "bukan layanan",
				  "is no service");
	check_letters (checker, gate->gate, gate->asked, gate->asked_count);
	check_letters (checker, gate->gate, gate->any, gate->any_count);
}

/* A field of the form itself, of the type that the reminder counts with. */
static void check_counted (struct checker *checker, const char *name, enum answer_type type,
			   enum answer_type or_type)
{
	const struct field_spec *field = kind_field (checker->kind, name);

	if (*name == '\0')
		return;
	if (field == NULL || *field->group != '\0' ||
	    (field->type != type && field->type != or_type))
		complain (checker, "reminds", name, "bukan isian yang dapat dihitung",
			  "is no field that can be counted from");
}

static void check_remind (struct checker *checker, const struct remind_spec *remind)
{
	const struct thread_type *thread = checker->thread;
	bool listed = remind->day_count > 0, repeats = remind->every_days > 0;
	bool sent = false;

	for (size_t i = 0; i < thread->transition_count; i++)
		sent = sent || (strcmp (thread->transitions[i].kind, remind->kind) == 0 &&
				thread->transitions[i].by == remind->by);
	if (!sent)
		complain (checker, "reminds", remind->kind,
			  "tidak boleh dikirim pihak itu dalam rangkaian ini",
			  "may not be sent by that party in this thread");
	if (listed == repeats || repeats != (*remind->times != '\0'))
		complain (checker, "reminds", remind->kind,
			  "memerlukan \"days\", atau \"every_days\" dan \"times\"",
			  "needs \"days\", or \"every_days\" and \"times\"");
	check_counted (checker, remind->from, ANSWER_DATE, ANSWER_INSTANT);
	check_counted (checker, remind->times, ANSWER_INTEGER, ANSWER_INTEGER);
}

static void check_remark (struct checker *checker, const struct remark_spec *remark)
{
	const struct kind_spec *kind = checker->kind;

	if (*remark->group != '\0' && kind_group (kind, remark->group) == NULL)
		complain (checker, "remarks", remark->group, "tidak ada di \"groups\" surat ini",
			  "is not in this kind's \"groups\"");
	check_matches (checker, "remarks", kind, remark->matches, remark->match_count);
	for (size_t i = 0; i < remark->match_count; i++) {
		const struct field_spec *field = kind_field (kind, remark->matches[i].field);

		if (field != NULL && *field->group != '\0' &&
		    strcmp (field->group, remark->group) != 0)
			complain (checker, "remarks", field->name, "bukan kolom tabel itu",
				  "is no column of that table");
	}
}

void check_conditions (struct checker *checker)
{
	const struct kind_spec *kind = checker->kind;

	for (size_t i = 0; i < kind->gate_count; i++)
		check_gate (checker, &kind->gates[i]);
	for (size_t i = 0; i < kind->remind_count; i++)
		check_remind (checker, &kind->reminds[i]);
	for (size_t i = 0; i < kind->remark_count; i++)
		check_remark (checker, &kind->remarks[i]);
}
