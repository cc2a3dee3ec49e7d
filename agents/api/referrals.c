/* Referrals (and every other thread): opened, listed, shown, moved. */
#include "agents/api/handlers.h"
#include "agents/api/submission.h"
#include "agents/api/times.h"
#include "agents/api/view.h"
#include "agents/api/warn.h"

#include <string.h>

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
	err_t err = submission_answers (call, kind, submission);

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

err_t referrals_open (struct call *call, json_t **ret_answer)
{
	struct submission submission;
	const struct kind_spec *kind;
	err_t err = submission_to_open (call, &kind, &submission);

	return err == ERR_OK ? submit (call, kind, &submission, ret_answer) : err;
}

err_t referrals_write (struct call *call, json_t **ret_answer)
{
	struct submission submission;
	const struct kind_spec *kind;
	err_t err = submission_to_write (call, &kind, &submission);

	return err == ERR_OK ? submit (call, kind, &submission, ret_answer) : err;
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
		err = submission_kind (call, body_text (call, call->body, "kind", true), &kind);
	if (err != ERR_OK)
		return err;
	body_only (call, call->body, names);
	submission_urgency (call, &submission.urgency);
	hearsay = (struct hearsay){
		.via = body_text (call, call->body, "via", false),
		.said_by = body_text (call, call->body, "said_by", false),
		.said_ms = body_instant (call, call->body, "said_at", false),
	};
	submission.kind = kind->name;
	err = submission_answers (call, kind, &submission);
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
/* Asked before the look, which makes whoever answers a new referral one of the person's workers. */
static bool wants_reason (const struct call *call, const struct thread_id *id)
{
	struct thread thread;

	return thread_get (call->parts->ledger, id, call->arena, &thread) == ERR_OK &&
	       !ID_IS_NONE (thread.person) &&
	       desk_look_wants_reason (call->parts->desk, &call->actor, &thread.person);
}

err_t referrals_show (struct call *call, json_t **ret_answer)
{
	struct thread_id id;
	struct thread thread;
	bool wants = false;
	err_t err = call_thread (call, &id);

	if (err == ERR_OK)
		wants = wants_reason (call, &id);
	if (err == ERR_OK)
		err = desk_look_thread (call->parts->desk, &call->actor, &id);
	if (err == ERR_OK)
		err = thread_get (call->parts->ledger, &id, call->arena, &thread);
	if (err != ERR_OK)
		return err;
	*ret_answer = view_thread_whole (call, &thread);
	json_object_set_new (*ret_answer, "reason_wanted", json_boolean (wants));
	return ERR_OK;
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
