/* Errors, words, agencies, people, clauses and deadlines as JSON. */
#include "agents/api/view.h"

#include <string.h>

#include "agents/api/answer.h"
#include "agents/api/times.h"

json_t *view_both (const char *id, const char *en)
{
	return json_pack ("{s:s, s:s}", "id", id, "en", en);
}

json_t *view_words (struct words words)
{
	return view_both (words.id, words.en);
}

/* ---- errors
 * ----------------------------------------------------------------------------------- */

static json_t *problem_json (const struct problem *problem)
{
	return json_pack ("{s:s, s:s, s:s, s:s}", "field", problem->field, "code",
			  err_name (problem->err), "message_id", problem->text_id,
			  "message_en", problem->text_en);
}

json_t *view_problems (const problems_t *problems)
{
	json_t *list = json_array ();
	const struct problem *problem;

	for (size_t i = 0;
	     problems != NULL && (problem = problems_at (problems, i)) != NULL; i++)
		json_array_append_new (list, problem_json (problem));
	return list;
}

json_t *view_error (err_t err, const problems_t *problems)
{
	return json_pack ("{s:s, s:s, s:s, s:o}", "code", err_name (err), "message_id",
			  err_text_id (err), "message_en", err_text_en (err), "fields",
			  view_problems (problems));
}

/* ---- forms
 * ------------------------------------------------------------------------------------ */

static json_t *codes_json (const struct field_spec *field)
{
	json_t *codes = json_array ();

	for (size_t i = 0; i < field->code_count; i++)
		json_array_append_new (
			codes, json_pack ("{s:s, s:o}", "code", field->codes[i].code,
					  "words", view_words (field->codes[i].words)));
	return codes;
}

static const char *or_empty (const char *text)
{
	return text != NULL ? text : "";
}

/* A column's name is its key in a row: "code" of "analyte.code". */
static const char *key_of (const struct field_spec *field)
{
	size_t len = strlen (or_empty (field->group));

	return len > 0 ? field->name + len + 1 : field->name;
}

static json_t *field_json (const struct field_spec *field)
{
	json_t *json = json_pack (
		"{s:s, s:s, s:s, s:b, s:b, s:b, s:o, s:o, s:o}", "name", key_of (field),
		"type", answer_type_name (field->type), "flag", or_empty (field->flag),
		"required", field->required, "many", field->many, "personal",
		field->personal, "codes", codes_json (field), "words",
		view_words (field->words), "hint",
		view_both (or_empty (field->hint.id), or_empty (field->hint.en)));

	json_object_set_new (json, "max_bytes",
			     json_integer ((json_int_t)field->max_bytes));
	json_object_set_new (json, "min", json_integer (field->min));
	json_object_set_new (json, "max", json_integer (field->max));
	json_object_set_new (json, "system", json_string (or_empty (field->system)));
	json_object_set_new (json, "unit", json_string (or_empty (field->unit)));
	json_object_set_new (json, "label", json_string (or_empty (field->label)));
	json_object_set_new (json, "from", json_string (or_empty (field->from)));
	return json;
}

static json_t *fields_of (const struct field_spec *fields, size_t count,
			  const char *group)
{
	json_t *list = json_array ();

	for (size_t i = 0; i < count; i++)
		if (strcmp (or_empty (fields[i].group), group) == 0)
			json_array_append_new (list, field_json (&fields[i]));
	return list;
}

json_t *view_fields (const struct field_spec *fields, size_t count)
{
	return fields_of (fields, count, "");
}

json_t *view_groups (const struct kind_spec *kind)
{
	json_t *list = json_array ();

	for (size_t i = 0; i < kind->group_count; i++) {
		const struct group_spec *group = &kind->groups[i];

		json_array_append_new (
			list, json_pack ("{s:s, s:i, s:i, s:o, s:o}", "name", group->name,
					 "least", (int)group->least, "most",
					 (int)group->most, "words",
					 view_words (group->words), "fields",
					 fields_of (kind->fields, kind->field_count,
						    group->name)));
	}
	return list;
}

/* ---- agencies
 * --------------------------------------------------------------------------------- */

json_t *view_agency (const struct call *call, const struct agency_id *id)
{
	struct partner partner;

	if (desk_partner (call->parts->desk, id, call->arena, &partner) != ERR_OK)
		return json_pack ("{s:s, s:o}", "id", id->text, "name",
				  view_both (id->text, id->text));
	return json_pack ("{s:s, s:o, s:s, s:s, s:s, s:s}", "id", id->text, "name",
			  view_both (partner.name_id, partner.name_en), "kind",
			  partner.kind, "region", partner.region, "phone", partner.phone,
			  "whatsapp", partner.whatsapp);
}

json_t *view_state (const struct thread_type *type, const char *name)
{
	const struct state *state = type != NULL ? thread_state (type, name) : NULL;

	if (state == NULL)
		return json_pack ("{s:s, s:o}", "name", name, "words",
				  view_both (name, name));
	return json_pack ("{s:s, s:o, s:s, s:s, s:b}", "name", name, "words",
			  view_words (state->words), "task_status", state->task_status,
			  "business_status", or_empty (state->business_status), "ended",
			  state->ended);
}

json_t *view_uuid (const uint8_t id[16])
{
	char text[UUID_TEXT];

	return id_is_zero (id, 16) ? json_null () : json_string (uuid_text (id, text));
}

/* ---- people
 * ----------------------------------------------------------------------------------- */

json_t *view_person (const struct call *call, const struct person *person)
{
	char nik[NIK_TEXT];
	json_t *json = json_pack (
		"{s:o, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}",
		"id", view_uuid (person->id.b), "number", person->number, "name",
		person->name, "nik", nik_masked (person->nik, nik), "birth_date", person->birth_date, "sex",
		person->sex, "phone", person->phone, "region", person->region, "address",
		person->address, "guardian", person->guardian, "entry_door",
		person->entry_door, "safe_to_call", person->safe_to_call,
		"may_leave_message", person->may_leave_message, "who_knows",
		person->who_knows, "case_manager",
		person->case_manager != NULL ? person->case_manager : "");

	times_set (json, "created", person->created_ms, call->region);
	return json;
}

json_t *view_person_number (const struct call *call, const struct person_id *id)
{
	struct person person;

	if (person_get (call->parts->ledger, id, call->arena, &person) != ERR_OK)
		return json_pack ("{s:o, s:n}", "id", view_uuid (id->b), "number");
	return json_pack ("{s:o, s:s}", "id", view_uuid (id->b), "number", person.number);
}

/* ---- clauses
 * ---------------------------------------------------------------------------------- */

static json_t *labels_json (const struct clause *clause)
{
	json_t *labels = json_array ();

	for (size_t i = 0; i < clause->label_count; i++)
		json_array_append_new (labels, json_string (clause->labels[i]));
	return labels;
}

static json_t *holder_json (const struct call *call, const struct holder *holder)
{
	json_t *json = json_pack ("{s:o, s:i, s:i}", "agency",
				  view_agency (call, &holder->agency), "threads_stopped",
				  (int)holder->threads_stopped, "passed_on",
				  (int)holder->passed_on);

	times_set (json, "since", holder->since_ms, call->region);
	times_set (json, "told", holder->told_ms, call->region);
	times_set (json, "stopped", holder->stopped_ms, call->region);
	return json;
}

static json_t *holders_json (const struct call *call, const struct clause *clause)
{
	struct holder *holders;
	size_t count = holder_list (call->parts->ledger, &clause->id, &clause->grantor,
				    call->arena, &holders);
	json_t *list = json_array ();

	for (size_t i = 0; i < count; i++)
		json_array_append_new (list, holder_json (call, &holders[i]));
	return list;
}

static json_t *recipient_json (const struct call *call, const struct clause *clause)
{
	if (clause->recipient.text[0] != '\0')
		return view_agency (call, &clause->recipient);
	return json_pack ("{s:n, s:s, s:s}", "id", "kind", clause->recipient_kind,
			  "region", clause->recipient_region);
}

json_t *view_purpose (const struct call *call, const char *purpose)
{
	const struct purpose_spec *purposes;
	size_t count = catalogue_purposes (call->parts->catalogue, &purposes);

	for (size_t i = 0; i < count; i++)
		if (strcmp (purposes[i].purpose, purpose) == 0)
			return view_words (purposes[i].words);
	return view_both (purpose, purpose);
}

json_t *view_clause (const struct call *call, const struct clause_row *row)
{
	const struct clause *clause = &row->clause;
	json_t *json = json_pack (
		"{s:o, s:o, s:o, s:s, s:o, s:b, s:o}", "id", view_uuid (clause->id.b),
		"grantor", view_agency (call, &clause->grantor), "recipient",
		recipient_json (call, clause), "purpose", clause->purpose, "labels",
		labels_json (clause), "granted_here", row->granted_here, "holders",
		holders_json (call, clause));

	json_object_set_new (json, "purpose_words",
			     view_purpose (call, clause->purpose));
	times_set (json, "valid_from", clause->valid_from_ms, call->region);
	times_set (json, "valid_to", clause->valid_to_ms, call->region);
	times_set (json, "recorded", row->recorded_ms, call->region);
	times_set (json, "withdrawn", row->withdrawn_said_ms, call->region);
	return json;
}

/* ---- deadlines
 * -------------------------------------------------------------------------------- */

/* clang-format off */
static const struct { const char *what; struct words words; } clocks[] = {
	{ "received",      { "dibuka petugas", "to be opened by a person" } },
	{ "decision",      { "keputusan menerima atau menolak", "to be accepted or rejected" } },
	{ "info",          { "jawaban atas permintaan keterangan", "a question to be answered" } },
	{ "contact",       { "menghubungi klien yang tidak hadir", "the client to be reached" } },
	{ "cancel",        { "jawaban atas pembatalan", "the cancellation to be answered" } },
	{ "cancel-silent", { "pembatalan tanpa jawaban", "the cancellation left unanswered" } },
	{ "consent-stop",  { "penghentian karena persetujuan ditarik", "to stop: consent was withdrawn" } },
};
/* clang-format on */

json_t *view_clock (const struct call *call, const char *what)
{
	for (size_t i = 0; i < COUNT_OF (clocks); i++)
		if (strcmp (clocks[i].what, what) == 0)
			return view_words (clocks[i].words);
	return view_words (catalogue_clock (call->parts->catalogue, what));
}

json_t *view_deadline (const struct call *call, const struct deadline *deadline)
{
	int64_t now_ms = desk_now_ms (call->parts->desk);
	bool ours =
		agency_id_equal (&deadline->owner, &desk_parts (call->parts->desk)->self);
	json_t *json = json_pack (
		"{s:s, s:o, s:o, s:b, s:b, s:b, s:i}", "what", deadline->what, "words",
		view_clock (call, deadline->what), "owner",
		view_agency (call, &deadline->owner), "ours", ours, "overdue",
		deadline->due_ms < now_ms && deadline->paused_ms == 0, "paused",
		deadline->paused_ms != 0, "escalated", (int)deadline->escalated);

	times_set (json, "due", deadline->due_ms, call->region);
	return json;
}
