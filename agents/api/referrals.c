/*
 * Referrals (and every other thread): opened, listed, shown, moved.  All kinds of letters
 * go through one reading, so that a new kind needs no code here.
 */
#include "agents/api/handlers.h"
#include "agents/api/answer.h"
#include "agents/api/times.h"
#include "agents/api/view.h"
#include "agents/api/warn.h"

#include <string.h>

/* ---- reading a submission
 * --------------------------------------------------------------------- */

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

static void read_urgency (struct call *call, enum urgency *ret_urgency)
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
	read_urgency (call, &submission->urgency);
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

static err_t read_answers (struct call *call, const struct kind_spec *kind,
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

static err_t find_kind (struct call *call, const char *name,
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

/* The clause under which a letter went, and where it left the thread. */
static json_t *outcome_json (const struct call *call, const struct kind_spec *kind,
			     const struct outcome *outcome)
{
	struct thread thread;
	json_t *json = json_pack (
		"{s:o, s:s, s:o, s:o, s:s, s:o, s:o}", "id",
		view_uuid (outcome->thread.b), "number", outcome->number, "letter",
		view_uuid (outcome->letter.b), "child", view_uuid (outcome->child.b),
		"kind", kind->name, "state", view_state (kind->thread, outcome->state),
		"clause", view_uuid (outcome->clause.b));

	times_set (json, "reply_by", outcome->reply_by_ms, call->region);
	if (thread_get (call->parts->ledger, &outcome->thread, call->arena, &thread) ==
	    ERR_OK) {
		json_object_set_new (json, "carrier",
				     json_string (carrier_name (thread.carrier)));
		json_object_set_new (json, "code", json_string (thread.code));
	}
	return json;
}

static err_t submit (struct call *call, const struct kind_spec *kind,
		     struct submission *submission, json_t **ret_answer)
{
	struct outcome outcome = { 0 };
	err_t err = read_answers (call, kind, submission);

	submission->kind = kind->name;
	if (err == ERR_OK)
		err = desk_submit (call->parts->desk, &call->actor, submission, &outcome,
				   call->problems);
	if (err != ERR_OK)
		return err;
	*ret_answer = outcome_json (call, kind, &outcome);
	warn_answers (*ret_answer, kind, submission);
	return ERR_OK;
}

/* ---- opening and writing
 * ---------------------------------------------------------------------- */

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

err_t referrals_open (struct call *call, json_t **ret_answer)
{
	static const char *const names[] = { "kind",   "person",   "to",    "service",
					     "urgency", "basis",   "rule",  "replaces",
					     "about",  "ladder",   "answers", "region",
					     NULL };
	struct submission submission = { 0 };
	const struct kind_spec *kind;
	const char *name = body_text (call, call->body, "kind", false);
	err_t err = find_kind (call, *name != '\0' ? name : opening_kind (call), &kind);

	if (err != ERR_OK)
		return err;
	body_only (call, call->body, names);
	read_person (call, kind->thread->about, &submission.person);
	read_common (call, true, &submission);
	find_nearest (call, kind, &submission);
	check_openings (call, &submission);
	read_thread (call, "replaces", &submission.replaces);
	read_thread (call, "about", &submission.about);
	if (json_object_get (call->body, "ladder") != NULL)
		submission.ladder = body_text (call, call->body, "ladder", false);
	return submit (call, kind, &submission, ret_answer);
}

err_t referrals_write (struct call *call, json_t **ret_answer)
{
	static const char *const names[] = { "kind",  "to",   "service", "urgency",
					     "basis", "rule", "answers", NULL };
	struct submission submission = { 0 };
	const struct kind_spec *kind;
	err_t err = call_thread (call, &submission.thread);

	if (err == ERR_OK)
		err = find_kind (call, body_text (call, call->body, "kind", true), &kind);
	if (err != ERR_OK)
		return err;
	body_only (call, call->body, names);
	read_common (call, false, &submission);
	return submit (call, kind, &submission, ret_answer);
}

/* ---- off the wire --------------------------------------------------------------- */

/* The performer's letter as somebody heard it: its form, and how, from whom and when. */
err_t referrals_report (struct call *call, json_t **ret_answer)
{
	static const char *const names[] = { "kind",	"answers", "urgency", "via",
					     "said_by", "said_at", NULL };
	struct submission submission = { .basis = BASIS_CONSENT_GIVEN };
	struct hearsay hearsay;
	struct outcome outcome = { 0 };
	const struct kind_spec *kind;
	err_t err = call_thread (call, &submission.thread);

	if (err == ERR_OK)
		err = find_kind (call, body_text (call, call->body, "kind", true), &kind);
	if (err != ERR_OK)
		return err;
	body_only (call, call->body, names);
	read_urgency (call, &submission.urgency);
	hearsay = (struct hearsay){
		.via = body_text (call, call->body, "via", false),
		.said_by = body_text (call, call->body, "said_by", false),
		.said_ms = body_instant (call, call->body, "said_at", false),
	};
	submission.kind = kind->name;
	err = read_answers (call, kind, &submission);
	if (err == ERR_OK)
		err = desk_report (call->parts->desk, &call->actor, &submission, &hearsay,
				   &outcome, call->problems);
	if (err != ERR_OK)
		return err;
	*ret_answer = outcome_json (call, kind, &outcome);
	json_object_set_new (*ret_answer, "reported", json_true ());
	return ERR_OK;
}

/* The kind that opened a thread of this type, for what is told of it. */
static const struct kind_spec *kind_that_opens (const struct thread_type *type)
{
	for (size_t i = 0; type != NULL && i < type->kind_count; i++)
		if (lifecycle_find (type, NULL, type->kinds[i].name, PARTY_REQUESTER) !=
		    NULL)
			return &type->kinds[i];
	return NULL;
}

err_t referrals_to_wire (struct call *call, json_t **ret_answer)
{
	static const char *const names[] = { NULL };
	const struct kind_spec *kind;
	struct outcome outcome = { 0 };
	struct thread_id id;
	struct thread thread;
	err_t err = call_thread (call, &id);

	body_only (call, call->body, names);
	if (err == ERR_OK && problems_count (call->problems) > 0)
		err = ERR_INVALID;
	if (err == ERR_OK)
		err = thread_get (call->parts->ledger, &id, call->arena, &thread);
	if (err == ERR_OK)
		err = desk_move_to_wire (call->parts->desk, &call->actor, &id, &outcome,
					 call->problems);
	if (err != ERR_OK)
		return err;
	kind = kind_that_opens (catalogue_thread (call->parts->catalogue, thread.type));
	*ret_answer = outcome_json (call, kind, &outcome);
	return ERR_OK;
}

/* The letter by its id; left out, it is the newest. */
static void read_letter (struct call *call, struct letter_id *ret_id)
{
	const char *text = body_text (call, call->body, "letter", false);

	if (*text != '\0' && uuid_parse (text, ret_id->b) != ERR_OK)
		problems_add (call->problems, ERR_INVALID, "letter",
			      "%s bukan nomor surat; lihat jembatan show --json",
			      "%s is no letter's id; see jembatan show --json",
			      quoted (text));
}

err_t referrals_recall (struct call *call, json_t **ret_answer)
{
	static const char *const names[] = { "letter", NULL };
	struct letter_id letter = { { 0 } };
	struct thread_id id;
	struct thread thread;
	bool taken = false;
	err_t err = call_thread (call, &id);

	body_only (call, call->body, names);
	read_letter (call, &letter);
	if (err == ERR_OK && problems_count (call->problems) > 0)
		err = ERR_INVALID;
	if (err == ERR_OK)
		err = desk_recall (call->parts->desk, &call->actor, &id, &letter, &letter, &taken,
				   call->problems);
	if (err == ERR_OK)
		err = thread_get (call->parts->ledger, &id, call->arena, &thread);
	if (err == ERR_OK)
		*ret_answer = json_pack ("{s:s, s:o, s:b, s:s}", "number", thread.number, "letter",
					 view_uuid (letter.b), "taken", taken, "state",
					 thread.state);
	return err;
}

/* ---- reading
 * ---------------------------------------------------------------------------------- */

/* clang-format off */
static const struct { const char *name; enum thread_box box; } boxes[] = {
	{ "all",          BOX_ALL },
	{ "in",           BOX_IN },
	{ "out",          BOX_OUT },
	{ "needs-answer", BOX_NEEDS_ANSWER },
	{ "waiting",      BOX_WAITING },
	{ "open",         BOX_OPEN },
	{ "ended",        BOX_ENDED },
};
/* clang-format on */

static err_t read_box (struct call *call, enum thread_box *ret_box)
{
	const char *name = call_param (call, "box");

	for (size_t i = 0; i < COUNT_OF (boxes); i++) {
		if (strcmp (*name != '\0' ? name : "all", boxes[i].name) == 0) {
			*ret_box = boxes[i].box;
			return ERR_OK;
		}
	}
	return problems_add (
		call->problems, ERR_INVALID, "box",
		"%s bukan kotak; pilih all, in, out, needs-answer, waiting, open atau "
		"ended",
		"%s is no box; choose all, in, out, needs-answer, waiting, open or ended",
		quoted (name));
}

/* The person and the partner that a list is narrowed to; NULL when the query names none.
 */
struct narrowed {
	struct person_id person_id, *person;
	struct agency_id partner_id, *partner;
};

static err_t read_narrowed (struct call *call, struct narrowed *ret)
{
	const char *person = call_param (call, "person"),
		   *partner = call_param (call, "partner");

	*ret = (struct narrowed){ 0 };
	if (*person != '\0' && uuid_parse (person, ret->person_id.b) != ERR_OK)
		problems_add (call->problems, ERR_INVALID, "person",
			      "%s bukan nomor UUID", "%s is no UUID", quoted (person));
	if (*partner != '\0' && partner_id_parse (partner, &ret->partner_id) != ERR_OK)
		problems_add (call->problems, ERR_INVALID, "partner",
			      "%s bukan kode instansi", "%s is no agency id",
			      quoted (partner));
	ret->person = *person != '\0' ? &ret->person_id : NULL;
	ret->partner = *partner != '\0' ? &ret->partner_id : NULL;
	return problems_err (call->problems);
}

err_t referrals_list (struct call *call, json_t **ret_answer)
{
	enum thread_box box = BOX_ALL;
	struct narrowed only;
	struct thread *threads;
	struct page page;
	json_t *items;
	size_t count;
	err_t err = read_box (call, &box);

	if (read_narrowed (call, &only) != ERR_OK || call_page (call, &page) != ERR_OK)
		err = ERR_INVALID;
	if (err != ERR_OK)
		return err;
	count = thread_list (call->parts->ledger, box, only.person, only.partner,
			     page.after, page.limit + 1, call->arena, &threads);
	items = json_array ();
	for (size_t i = 0; i < count && i < page.limit; i++)
		json_array_append_new (items, view_thread (call, &threads[i]));
	*ret_answer = page_json (items, count > page.limit,
				 count > page.limit ? threads[page.limit - 1].seq : 0);
	return ERR_OK;
}

/* The look comes first: it is an entry, and it may move the referral to received. */
err_t referrals_show (struct call *call, json_t **ret_answer)
{
	struct thread_id id;
	struct thread thread;
	err_t err = call_thread (call, &id);

	if (err == ERR_OK)
		err = desk_look_thread (call->parts->desk, &call->actor, &id);
	if (err == ERR_OK)
		err = thread_get (call->parts->ledger, &id, call->arena, &thread);
	if (err == ERR_OK)
		*ret_answer = view_thread_whole (call, &thread);
	return err;
}

err_t referrals_timeline (struct call *call, json_t **ret_answer)
{
	struct thread_id id;
	struct page page;
	err_t err = call_thread (call, &id);

	if (err == ERR_OK)
		err = call_page (call, &page);
	if (err == ERR_OK)
		*ret_answer = view_timeline (call, NULL, &id, &page);
	return err;
}
