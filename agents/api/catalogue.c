/*
 * The catalogue for whoever draws forms: threads with their states, transitions and
 * kinds; the words for purposes, services and labels; and the one form that no letter
 * carries, the intake.
 */
#include <stdlib.h>
#include <string.h>

#include "agents/api/handlers.h"
#include "agents/api/people.h"
#include "agents/api/view.h"

static json_t *texts_json (const char *const *texts, size_t count)
{
	json_t *list = json_array ();

	for (size_t i = 0; i < count; i++)
		json_array_append_new (list, json_string (texts[i]));
	return list;
}

static json_t *bases_json (const struct kind_spec *kind)
{
	json_t *list = json_array ();

	for (size_t i = 0; i < kind->basis_count; i++)
		json_array_append_new (list, json_string (basis_name (kind->bases[i])));
	return list;
}

static json_t *kind_json (const struct kind_spec *kind)
{
	return json_pack (
		"{s:s, s:i, s:s, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
		"kind", kind->name, "version", (int)kind->version, "by",
		party_name (kind->by), "needs_consent", kind->needs_consent, "words",
		view_words (kind->words), "sentence", view_words (kind->sentence),
		"roles", texts_json (kind->roles, kind->role_count), "from_kinds",
		texts_json (kind->from_kinds, kind->from_kind_count), "to_kinds",
		texts_json (kind->to_kinds, kind->to_kind_count), "bases",
		bases_json (kind), "labels", texts_json (kind->labels, kind->label_count),
		"replies", texts_json (kind->replies, kind->reply_count), "fields",
		view_fields (kind->fields, kind->field_count), "groups",
		view_groups (kind));
}

static json_t *kinds_json (const struct thread_type *type)
{
	json_t *list = json_array ();

	for (size_t i = 0; i < type->kind_count; i++)
		json_array_append_new (list, kind_json (&type->kinds[i]));
	return list;
}

static json_t *states_json (const struct thread_type *type)
{
	json_t *list = json_array ();

	for (size_t i = 0; i < type->state_count; i++)
		json_array_append_new (list, view_state (type, type->states[i].name));
	return list;
}

static json_t *transitions_json (const struct thread_type *type)
{
	json_t *list = json_array ();

	for (size_t i = 0; i < type->transition_count; i++) {
		const struct transition *row = &type->transitions[i];

		json_array_append_new (
			list, json_pack ("{s:s?, s:s, s:s, s:s?}", "from",
					 row->from != NULL ? row->from->name : NULL,
					 "kind", row->kind, "by", party_name (row->by),
					 "to", row->to != NULL ? row->to->name : NULL));
	}
	return list;
}

static const char *about_name (enum about about)
{
	switch (about) {
	case ABOUT_PERSON: return "required";
	case ABOUT_ANYBODY: return "optional";
	case ABOUT_NOBODY: return "none";
	}
	return "";
}

/* What a type is asked for by: its own name, or that of one of its kinds; "" asks for all. */
static bool is_wanted (const struct thread_type *type, const char *thread, const char *kind)
{
	if (*thread != '\0' && strcmp (type->name, thread) != 0)
		return false;
	for (size_t i = 0; *kind != '\0' && i < type->kind_count; i++)
		if (strcmp (type->kinds[i].name, kind) == 0)
			return true;
	return *kind == '\0';
}

static json_t *threads_json (const struct call *call)
{
	const catalogue_t *catalogue = call->parts->catalogue;
	json_t *list = json_array ();

	for (size_t i = 0; i < catalogue_thread_count (catalogue); i++) {
		const struct thread_type *type = catalogue_thread_at (catalogue, i);

		if (!is_wanted (type, call_param (call, "thread"), call_param (call, "kind")))
			continue;
		json_array_append_new (
			list,
			json_pack ("{s:s, s:i, s:s, s:s, s:o, s:o, s:o, s:o}", "type", type->name,
				   "version", (int)type->version, "person",
				   about_name (type->about), "lane", type->lane, "words",
				   view_words (type->words), "states", states_json (type),
				   "transitions", transitions_json (type), "kinds",
				   kinds_json (type)));
	}
	return list;
}

static json_t *purposes_json (const catalogue_t *catalogue)
{
	const struct purpose_spec *purposes;
	size_t count = catalogue_purposes (catalogue, &purposes);
	json_t *list = json_array ();

	for (size_t i = 0; i < count; i++)
		json_array_append_new (list, json_pack ("{s:s, s:o}", "code",
							purposes[i].purpose, "words",
							view_words (purposes[i].words)));
	return list;
}

static json_t *services_json (const catalogue_t *catalogue)
{
	const struct service_spec *services;
	size_t count = catalogue_services (catalogue, &services);
	json_t *list = json_array ();

	for (size_t i = 0; i < count; i++)
		json_array_append_new (list, json_pack ("{s:s, s:s, s:o}", "code",
							services[i].code, "purpose",
							services[i].purpose, "words",
							view_words (services[i].words)));
	return list;
}

static json_t *codes_json (const struct code_spec *codes, size_t count)
{
	json_t *list = json_array ();

	for (size_t i = 0; i < count; i++)
		json_array_append_new (list,
				       json_pack ("{s:s, s:o}", "code", codes[i].code,
						  "words", view_words (codes[i].words)));
	return list;
}

static json_t *labels_json (const catalogue_t *catalogue)
{
	const struct code_spec *labels;
	size_t count = catalogue_labels (catalogue, &labels);

	return codes_json (labels, count);
}

static json_t *agency_kinds_json (const catalogue_t *catalogue)
{
	const struct code_spec *kinds;
	size_t count = catalogue_agency_kinds (catalogue, &kinds);

	return codes_json (kinds, count);
}

static json_t *stages_json (const struct stage_scheme *scheme)
{
	json_t *list = json_array ();

	for (size_t i = 0; i < scheme->stage_count; i++)
		json_array_append_new (list, json_pack ("{s:s, s:o}", "stage",
							scheme->stages[i].stage, "words",
							view_words (scheme->stages[i].words)));
	return list;
}

/* The stages in which this agency counts. */
static json_t *scheme_json (const struct call *call)
{
	const struct desk_parts *parts = desk_parts (call->parts->desk);
	const struct member *self = directory_member (parts->directory, &parts->self);
	const struct stage_scheme *scheme = catalogue_scheme (
		call->parts->catalogue, self != NULL ? self->kind : "");

	return scheme == NULL ? json_null ()
			      : json_pack ("{s:s, s:o, s:o}", "scheme", scheme->scheme, "words",
					   view_words (scheme->words), "stages",
					   stages_json (scheme));
}

err_t catalogue_show (struct call *call, json_t **ret_answer)
{
	const catalogue_t *catalogue = call->parts->catalogue;
	const struct case_spec *cases = catalogue_case (catalogue);
	size_t count;
	const struct field_spec *intake = people_form (&count);

	*ret_answer = json_pack (
		"{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:{s:o}}", "threads", threads_json (call),
		"purposes", purposes_json (catalogue), "services",
		services_json (catalogue), "labels", labels_json (catalogue),
		"agency_kinds", agency_kinds_json (catalogue), "lanes",
		codes_json (cases->lanes, cases->lane_count), "scheme", scheme_json (call),
		"forms", "intake",
		view_fields (intake, count));
	return ERR_OK;
}

/* ---- for who keeps the catalogue
 * -------------------------------------------------------------- */

/* The files as they are now: what an office has edited is in force after the next start
 * of the agent. */
err_t catalogue_examine (struct call *call, json_t **ret_answer)
{
	OWNED (problems) problems = problems_new ();
	OWNED (catalogue) catalogue = NULL;
	size_t threads = 0, kinds = 0;

	if (catalogue_load (catalogue_folder (call->parts->catalogue), &catalogue,
			    problems) == ERR_OK) {
		threads = catalogue_thread_count (catalogue);
		kinds = catalogue_kind_count (catalogue);
	}
	*ret_answer = json_pack ("{s:i, s:i, s:o}", "threads", (int)threads, "kinds",
				 (int)kinds, "problems", view_problems (problems));
	return ERR_OK;
}

/* Written into memory, which like any other is either there or the end. */
static FILE *text_open (char **text, size_t *size)
{
	FILE *out = open_memstream (text, size);

	if (out == NULL)
		abort ();
	return out;
}

/* Takes the text. */
static json_t *text_json (char *text)
{
	json_t *json = json_pack ("{s:s}", "text", text);

	free (text);
	return json;
}

err_t catalogue_page (struct call *call, json_t **ret_answer)
{
	char *text = NULL;
	size_t size;
	FILE *out = text_open (&text, &size);

	catalogue_print (call->parts->catalogue, out);
	fclose (out);
	*ret_answer = text_json (text);
	return ERR_OK;
}

err_t catalogue_draw (struct call *call, json_t **ret_answer)
{
	const char *name = call_param (call, "thread");
	const struct thread_type *type = catalogue_thread (call->parts->catalogue, name);
	char *text = NULL;
	size_t size;
	FILE *out;

	if (*name != '\0' && type == NULL)
		return problems_add (call->problems, ERR_NOT_FOUND, "thread",
				     "katalog ini tidak mempunyai rangkaian %s",
				     "this catalogue has no thread %s", quoted (name));
	out = text_open (&text, &size);
	catalogue_diagram (call->parts->catalogue, type, out);
	fclose (out);
	*ret_answer = text_json (text);
	return ERR_OK;
}
