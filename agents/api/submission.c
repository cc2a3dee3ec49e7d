/* Reading a letter that a person wants to write; see submission.h.  All kinds of letters go through this
 * one reading, so that a new kind needs no code here. */
#include "agents/api/submission.h"

#include <string.h>

#include "agents/api/answer.h"

/* ---- members -------------------------------------------------------------------- */

static void read_agency (struct call *call, const char *name, bool required,
			 struct agency_id *ret_id)
{
	const char *text = body_text (call, call->body, name, required);

	if (*text != '\0' && partner_id_parse (text, ret_id) != ERR_OK)
		problems_add (call->problems, ERR_INVALID, name,
			      "%s bukan kode instansi; lihat daftar mitra",
			      "%s is no agency id; see the list of partners",
			      quoted (text));
}

void submission_urgency (struct call *call, enum urgency *ret_urgency)
{
	const char *text = body_text (call, call->body, "urgency", false);

	if (*text != '\0' && urgency_parse (text, ret_urgency) != ERR_OK)
		problems_add (
			call->problems, ERR_INVALID, "urgency",
			"%s bukan tingkat urgensi; pilih routine, urgent, asap atau stat",
			"%s is no urgency; choose routine, urgent, asap or stat",
			quoted (text));
}

static void read_basis (struct call *call, enum basis *ret_basis)
{
	const char *text = body_text (call, call->body, "basis", false);

	*ret_basis = BASIS_NO_DATA;   /* the kind's own */
	if (*text != '\0' && basis_parse (text, ret_basis) != ERR_OK)
		problems_add (call->problems, ERR_INVALID, "basis",
			      "%s bukan dasar pemrosesan; biasanya consent",
			      "%s is no basis; usually consent", quoted (text));
}

static void read_rule (struct call *call, struct rule *ret_rule)
{
	static const char *const names[] = { "id", "article", "version", "as_of", NULL };
	const json_t *rule = json_object_get (call->body, "rule");

	if (rule != NULL && !json_is_object (rule))
		problems_add_texts (
			call->problems, ERR_INVALID, "rule",
			"dasar hukum harus berupa objek id, article, version, as_of",
			"the rule must be an object of id, article, version, as_of");
	body_only (call, rule, names);
	*ret_rule = (struct rule){
		.id = body_text (call, rule, "id", false),
		.article = body_text (call, rule, "article", false),
		.version = body_text (call, rule, "version", false),
		.as_of = body_text (call, rule, "as_of", false),
	};
}

/* Replaced referrals are named as people name them: by number or UUID. */
static void read_thread (struct call *call, const char *name, struct thread_id *ret_id)
{
	const char *words = body_text (call, call->body, name, false);

	if (*words != '\0' && thread_find (call->parts->ledger, words, ret_id) != ERR_OK)
		problems_add (call->problems, ERR_NOT_FOUND, name, "tidak ada rujukan %s",
			      "there is no referral %s", quoted (words));
}

/* The desk stops at its first refusal; whom, to whom and for what are looked up here, so
 * that each that is unknown is named. */
static void check_openings (struct call *call, const struct submission *submission)
{
	struct person person;
	struct partner partner;

	if (permit (&call->actor, USE_SEND) != ERR_OK)
		return;   /* which the desk will say; nobody else learns who is known here */
	if (!ID_IS_NONE (submission->person) &&
	    person_get (call->parts->ledger, &submission->person, call->arena, &person) ==
		    ERR_NOT_FOUND)
		problems_add_texts (call->problems, ERR_NOT_FOUND, "person",
				    "tidak ada klien dengan nomor ini",
				    "there is no client of this id");
	if (submission->to.text[0] != '\0' &&
	    desk_partner (call->parts->desk, &submission->to, call->arena, &partner) !=
		    ERR_OK)
		problems_add (call->problems, ERR_NO_ROUTE, "to",
			      "instansi %s tidak ada di direktori atau buku alamat",
			      "the agency %s is not in the directory or the address book",
			      quoted (submission->to.text));
	if (*submission->service != '\0' &&
	    catalogue_service (call->parts->catalogue, submission->service) == NULL)
		problems_add (call->problems, ERR_INVALID, "service",
			      "layanan %s tidak dikenal katalog",
			      "the service %s is not in the catalogue",
			      quoted (submission->service));
}

/* A client by id.  What a person called somebody whom nobody here knows is not repeated. */
static void read_person (struct call *call, enum about about, struct person_id *ret_id)
{
	const char *text =
		body_text (call, call->body, "person", about == ABOUT_PERSON);

	if (*text != '\0' && uuid_parse (text, ret_id->b) != ERR_OK)
		problems_add_texts (call->problems, ERR_NOT_FOUND, "person",
				    "tidak ada klien yang cocok",
				    "no client matches");
}

static void read_common (struct call *call, bool opens, struct submission *submission)
{
	submission->service = body_text (call, call->body, "service", false);
	read_agency (call, "to", opens, &submission->to);
	submission_urgency (call, &submission->urgency);
	read_basis (call, &submission->basis);
	read_rule (call, &submission->rule);
}

/*
 * With other mistakes in the request the desk is not asked, and the form is checked here,
 * so that all mistakes are named at once.  What the desk would fill in from the record is
 * not missing yet.
 */
static void check_rest (struct call *call, const struct kind_spec *kind,
			const struct answers *answers)
{
	OWNED (problems) found = problems_new ();
	const struct problem *problem;

	if (answers_check (kind, answers->list, answers->count, found) == ERR_OK)
		return;
	for (size_t i = 0; (problem = problems_at (found, i)) != NULL; i++) {
		const struct field_spec *field = kind_field (kind, problem->field);

		if (field == NULL || *field->from == '\0')
			problems_add_texts (call->problems, problem->err, problem->field,
					    problem->text_id, problem->text_en);
	}
}

err_t submission_answers (struct call *call, const struct kind_spec *kind,
			  struct submission *submission)
{
	struct answers answers;
	err_t err = answers_read (kind, json_object_get (call->body, "answers"),
				  call->region, call->arena, &answers, call->problems);

	submission->answer_count = answers.count;
	submission->answers = answers.list;
	submission->attachment_count = answers.attachment_count;
	submission->attachments = answers.attachments;
	if (problems_count (call->problems) == 0)
		return err;
	check_rest (call, kind, &answers);
	return problems_count (call->problems) > 1 ? ERR_INVALID
						   : problems_err (call->problems);
}

err_t submission_kind (struct call *call, const char *name,
			const struct kind_spec **ret_kind)
{
	*ret_kind = catalogue_kind (call->parts->catalogue, name, 0);
	if (*ret_kind != NULL)
		return ERR_OK;
	return problems_add (call->problems, ERR_UNKNOWN_KIND, "kind",
			     "jenis surat %s tidak ada di katalog",
			     "the kind of letter %s is not in the catalogue",
			     quoted (name));
}

/* ---- the whole ------------------------------------------------------------------ */

/* The kind that opens a referral, when the request names none. */
static const char *opening_kind (const struct call *call)
{
	const struct thread_type *type =
		catalogue_thread (call->parts->catalogue, "referral");

	for (size_t i = 0; type != NULL && i < type->kind_count; i++)
		if (lifecycle_find (type, NULL, type->kinds[i].name, PARTY_REQUESTER) !=
		    NULL)
			return type->kinds[i].name;
	return "";
}

#define NEAREST "nearest"

/* The region that was named, else the client's own. */
static const char *region_wanted (struct call *call, const struct submission *submission)
{
	const char *region = body_text (call, call->body, "region", false);
	struct person person;

	if (*region != '\0' || ID_IS_NONE (submission->person) ||
	    permit (&call->actor, USE_SEND) != ERR_OK ||
	    person_get (call->parts->ledger, &submission->person, call->arena, &person) !=
		    ERR_OK)
		return region;
	return person.region;
}

/* "nearest" stands for the partner whose region is closest, among those that may get the
 * letter and offer the service. */
static void find_nearest (struct call *call, const struct kind_spec *kind,
			  struct submission *submission)
{
	const char *region = region_wanted (call, submission);
	struct partner *near;

	if (strcmp (submission->to.text, NEAREST) != 0)
		return;
	if (!region_is_kemendagri (region)) {
		problems_add_texts (call->problems, ERR_INVALID, "region",
				    "wilayah tidak diketahui; sebutkan kode wilayah "
				    "Kemendagri, misalnya 17.71",
				    "the region is not known; name a Kemendagri region "
				    "code, for example 17.71");
		submission->to = (struct agency_id){ "" };
	} else if (desk_partners_near (call->parts->desk, kind->name, submission->service,
				       region, 1, call->arena, &near) > 0) {
		submission->to = near[0].id;
	} else {
		problems_add (call->problems, ERR_NO_ROUTE, "to",
			      "tidak ada mitra di dekat %s yang menerima surat ini",
			      "no partner near %s takes this letter", quoted (region));
		submission->to = (struct agency_id){ "" };
	}
}

err_t submission_to_open (struct call *call, const struct kind_spec **ret_kind,
			  struct submission *ret_submission)
{
	static const char *const names[] = { "kind",   "person",   "to",    "service",
					     "urgency", "basis",   "rule",  "replaces",
					     "about",  "ladder",   "answers", "region",
					     NULL };
	struct submission submission = { 0 };
	const char *name = body_text (call, call->body, "kind", false);
	err_t err = submission_kind (call, *name != '\0' ? name : opening_kind (call), ret_kind);

	if (err != ERR_OK)
		return err;
	body_only (call, call->body, names);
	read_person (call, (*ret_kind)->thread->about, &submission.person);
	read_common (call, true, &submission);
	find_nearest (call, *ret_kind, &submission);
	check_openings (call, &submission);
	read_thread (call, "replaces", &submission.replaces);
	read_thread (call, "about", &submission.about);
	if (json_object_get (call->body, "ladder") != NULL)
		submission.ladder = body_text (call, call->body, "ladder", false);
	*ret_submission = submission;
	return ERR_OK;
}

err_t submission_to_write (struct call *call, const struct kind_spec **ret_kind,
			   struct submission *ret_submission)
{
	static const char *const names[] = { "kind",  "to",   "service", "urgency",
					     "basis", "rule", "answers", NULL };
	struct submission submission = { 0 };
	err_t err = call_thread (call, &submission.thread);

	if (err == ERR_OK)
		err = submission_kind (call, body_text (call, call->body, "kind", true),
				       ret_kind);
	if (err != ERR_OK)
		return err;
	body_only (call, call->body, names);
	read_common (call, false, &submission);
	*ret_submission = submission;
	return ERR_OK;
}
