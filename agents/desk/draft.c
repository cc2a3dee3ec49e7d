/* Gathers what is known about a letter that a person wants to write; see draft.h. */
#include "agents/desk/draft.h"

#include <string.h>

enum urgency draft_urgency (const struct draft *draft)
{
	if (draft->kind != NULL && draft->kind->urgency != URGENCY_UNSET)
		return draft->kind->urgency;
	if (draft->submission->urgency != URGENCY_UNSET)
		return draft->submission->urgency;
	return draft->thread.urgency != URGENCY_UNSET
		       ? (enum urgency)draft->thread.urgency
		       : URGENCY_ROUTINE;
}

bool draft_needs_consent (const struct draft *draft)
{
	return draft->kind->needs_consent && draft->thread.carrier != CARRIER_OWN &&
	       !ID_IS_NONE (draft->thread.person);
}

struct wording draft_wording (const struct draft *draft)
{
	return (struct wording){
		.kind = draft->kind,
		.urgency = draft_urgency (draft),
		.basis = draft->basis,
		.rule = draft->rule,
		.clause = draft->clause,
		.clause_id = draft->clause_id,
		.grantor = draft->grantor,
		.answer_count = draft->answer_count,
		.answers = draft->answers,
		.attachment_count = draft->attachment_count,
		.attachments = draft->attachments,
	};
}

static const char *service_asked (const struct draft *draft)
{
	const struct submission *submission = draft->submission;
	const struct answer *answer;

	if (!kind_asks_service (draft->kind))
		return "";
	if (text_given (submission->service))
		return submission->service;
	answer = answer_find (submission->answers, submission->answer_count, "service");
	return answer != NULL && answer->type == ANSWER_CODE ? answer->text : "";
}

static void gather_replaced (struct draft *draft)
{
	const struct step *step = draft->step;

	if (ID_IS_NONE (draft->submission->replaces))
		return;
	draft->found = thread_get (step_ledger (step), &draft->submission->replaces,
				   step->arena, &draft->replaced);
	draft->thread.replaces = draft->submission->replaces;
}

void draft_choose_chain (struct draft *draft, const struct chain_id *of)
{
	const struct thread_type *type = draft->kind->thread;

	if (!text_given (type->chained))
		draft->thread.chain = (struct chain_id){ 0 };
	else if (!ID_IS_NONE (*of) && !type->discreet &&
		 !text_is (draft->thread.purpose, PURPOSE_TRAINING))
		draft->thread.chain = *of;
	else
		random16_make (draft->thread.chain.b);
}

static void gather_about (struct draft *draft)
{
	const struct step *step = draft->step;

	if (ID_IS_NONE (draft->submission->about))
		return;
	draft->found = thread_get (step_ledger (step), &draft->submission->about,
				   step->arena, &draft->about);
	draft->thread.about = draft->submission->about;
}

/* The one who was named, else whom the thread is about that gave rise to this one. */
static void gather_person (struct draft *draft)
{
	const struct step *step = draft->step;
	struct person_id id = draft->submission->person;

	if (draft->kind->thread->about == ABOUT_NOBODY)
		return;
	if (ID_IS_NONE (id))
		id = draft->about.person;
	draft->thread.person = id;
	if (draft->found == ERR_OK && !ID_IS_NONE (id))
		draft->found = person_get (step_ledger (step), &id, step->arena,
					   &draft->person);
}

/* A thread's letters serve the purpose that its type has, or that of the service it asks for. */
static const char *purpose_of (const struct draft *draft)
{
	const struct service_spec *service = catalogue_service (
		draft->step->desk->parts.catalogue, draft->thread.service);

	if (text_given (draft->kind->thread->purpose))
		return draft->kind->thread->purpose;
	return service != NULL ? service->purpose : "";
}

static void gather_opening (struct draft *draft)
{
	const struct submission *submission = draft->submission;
	const struct step *step = draft->step;

	draft->row = lifecycle_find (draft->kind->thread, NULL, draft->kind->name,
				     PARTY_REQUESTER);
	draft->opens = draft->row != NULL;
	gather_about (draft);
	gather_person (draft);
	draft->thread.type = draft->kind->thread->name;
	draft->thread.partner = step_enrolled (step, &submission->to);
	draft->thread.carrier = step_carrier (step, &draft->thread.partner);
	draft->thread.overlay = "";
	draft->thread.ladder = ladder_of (
		step, draft->kind, submission,
		text_given (draft->person.region) ? draft->person.region : "");
	draft->thread.state = draft->opens ? draft->row->to->name : "";
	draft->thread.service = service_asked (draft);
	draft->thread.purpose = purpose_of (draft);
	if (draft->found == ERR_OK)
		gather_replaced (draft);
	draft_choose_chain (draft, ID_IS_NONE (draft->submission->replaces)
					   ? &draft->about.chain
					   : &draft->replaced.chain);
}

static void gather_standing (struct draft *draft)
{
	const struct step *step = draft->step;

	draft->found = thread_get (step_ledger (step), &draft->submission->thread,
				   step->arena, &draft->thread);
	if (draft->found != ERR_OK)
		return;
	draft->row = thread_row (step, &draft->thread, draft->kind,
				 draft->reported ? PARTY_PERFORMER
						 : thread_our_party (&draft->thread));
	if (!ID_IS_NONE (draft->thread.person))
		draft->found = person_get (step_ledger (step), &draft->thread.person,
					   step->arena, &draft->person);
}

static bool clause_carries (void *arg, const char *label)
{
	const struct draft *draft = arg;
	const char *const *said;
	size_t said_count = answers_labels (draft->kind, draft->submission->answers,
					    draft->submission->answer_count,
					    draft->step->arena, &said);
	const char **labels =
		arena_must (draft->step->arena, (said_count + 1) * sizeof *labels);
	struct consent_need need;
	struct cover cover;

	if (draft->recipient != NULL &&
	    label_hidden_from (draft->step, draft->recipient->kind, &label, 1) != NULL)
		return false;
	if (draft->basis != BASIS_CONSENT_GIVEN)
		return true;
	if (said_count > 0)
		memcpy (labels, said, said_count * sizeof *labels);
	labels[said_count] = label;
	need = step_need (draft->step, &draft->thread.partner, draft->thread.purpose,
			  labels, said_count + 1);
	cover_find (draft->step, &draft->thread.person, &need, draft->child, &cover);
	return cover.verdict == ERR_OK;
}

/* The agency to which an onward referral goes is said once. */
static const struct answer *name_target (struct draft *draft)
{
	const struct field_spec *field = kind_field (draft->kind, "target");
	const struct submission *submission = draft->submission;
	struct answer *answers;

	if (field == NULL || !text_given (submission->to.text) ||
	    answer_find (submission->answers, submission->answer_count, "target") != NULL)
		return submission->answers;
	answers = arena_must (draft->step->arena,
			      (submission->answer_count + 1) * sizeof *answers);
	if (submission->answer_count > 0)
		memcpy (answers, submission->answers,
			submission->answer_count * sizeof *answers);
	answers[draft->answer_count++] = (struct answer){
		.field = field->name,
		.type = ANSWER_TEXT,
		.text = submission->to.text,
		.system = "",
		.display = "",
		.unit = "",
	};
	return answers;
}

static struct form form_of (struct draft *draft)
{
	return (struct form){
		.kind = draft->kind,
		.person = draft->opens && !ID_IS_NONE (draft->thread.person)
				  ? &draft->person
				  : NULL,
		.service = draft->opens ? draft->thread.service : "",
		.may_carry = clause_carries,
		.arg = draft,
	};
}

static bool carries_all (void *arg, const char *label)
{
	return true;
}

size_t draft_withheld (struct draft *draft, const struct answer **ret_answers)
{
	struct form form = form_of (draft);
	const struct answer *all;
	struct answer *withheld;
	size_t all_count, count = 0;

	form.may_carry = carries_all;
	form.answers = draft->answers;
	form.answer_count = draft->answer_count;
	all_count = form_fill (draft->step, &form, &all);
	withheld = arena_must (draft->step->arena, (all_count + 1) * sizeof *withheld);
	for (size_t i = 0; i < all_count; i++)
		if (answer_find (draft->answers, draft->answer_count, all[i].field) == NULL)
			withheld[count++] = all[i];
	*ret_answers = withheld;
	return count;
}

static void gather_answers (struct draft *draft)
{
	struct form form = form_of (draft);

	draft->answer_count = draft->submission->answer_count;
	form.answers = name_target (draft);
	form.answer_count = draft->answer_count;
	draft->answer_count = form_fill (draft->step, &form, &draft->answers);
	draft->label_count =
		answers_labels (draft->kind, draft->answers, draft->answer_count,
				draft->step->arena, &draft->labels);
	draft_gather_attachments (draft);
	draft->label_count = labels_with_attachments (
		draft->step, draft->labels, draft->label_count, draft->attachments,
		draft->attachment_count, &draft->labels);
}

static void take_cover (struct draft *draft, const struct cover *cover)
{
	struct signed_clause *clause = arena_must (draft->step->arena, sizeof *clause);

	draft->covered = cover->verdict;
	draft->missing = cover->missing;
	if (cover->verdict != ERR_OK)
		return;
	*clause = cover->row.signed_clause;
	draft->clause = clause;
	draft->clause_id = cover->row.clause.id;
	draft->grantor = cover->row.clause.grantor;
}

/* A standing thread goes on as it was opened; only then another clause of the person is
 * sought. */
static void gather_cover (struct draft *draft)
{
	struct step *step = draft->step;
	struct consent_need need =
		step_need (step, &draft->thread.partner, draft->thread.purpose,
			   draft->labels, draft->label_count);
	struct wording wording = {
		.kind = draft->kind,
		.answers = draft->answers,
		.answer_count = draft->answer_count,
		.attachments = draft->attachments,
		.attachment_count = draft->attachment_count,
	};
	struct cover cover, of_thread = { .verdict = ERR_NO_CONSENT };

	if (!draft->opens) {
		draft->covered = wording_rest_on_thread (step, &draft->thread, &wording);
		draft->basis = wording.basis;
		draft->rule = wording.rule;
		draft->clause = wording.clause;
		draft->clause_id = wording.clause_id;
		draft->grantor = wording.grantor;
		if (draft->covered == ERR_OK)
			return;
		cover_thread (step, &draft->thread, draft->thread.purpose, draft->labels,
			      draft->label_count, &of_thread);
		draft->basis = BASIS_CONSENT_GIVEN;
	}
	cover_find (step, &draft->thread.person, &need, draft->child, &cover);
	if (cover.verdict == ERR_NO_CONSENT && !draft->opens)
		cover = of_thread;
	take_cover (draft, &cover);
}

/* A thread that stands goes on as it was opened; gather_cover looks. */
static enum basis default_basis (const struct draft *draft)
{
	const struct kind_spec *kind = draft->kind;

	return ID_IS_NONE (draft->submission->thread) && kind->basis_count > 0
		       ? kind->bases[0]
		       : BASIS_CONSENT_GIVEN;
}

static void gather_basis (struct draft *draft)
{
	const struct kind_spec *kind = draft->kind;

	if (!kind->needs_consent)
		draft->basis = kind->basis_count > 0 ? kind->bases[0] : BASIS_NO_DATA;
	else if (draft->submission->basis == BASIS_NO_DATA)
		draft->basis = default_basis (draft);
	else
		draft->basis = draft->submission->basis;
	draft->rule = draft->submission->rule;
	/* In an emergency nobody looks up an article. */
	if (!rule_is_cited (&draft->rule) && kind->basis_count > 0 &&
	    draft->basis == kind->bases[0])
		draft->rule = kind->rule;
}

static struct rule rule_without_null (const struct rule *rule)
{
	return (struct rule){
		rule->id != NULL ? rule->id : "",
		rule->article != NULL ? rule->article : "",
		rule->version != NULL ? rule->version : "",
		rule->as_of != NULL ? rule->as_of : "",
	};
}

void draft_gather (struct draft *draft)
{
	draft->kind = step_kind (draft->step, draft->submission->kind);
	if (draft->kind == NULL)
		return;
	gather_basis (draft);
	draft->rule = rule_without_null (&draft->rule);
	if (ID_IS_NONE (draft->submission->thread))
		gather_opening (draft);
	else
		gather_standing (draft);
	if (draft->found != ERR_OK)
		return;
	/* What this agency does itself is handed to nobody, and what is about nobody tells of
	 * nobody. */
	if (draft->kind->needs_consent && !draft_needs_consent (draft))
		draft->basis = BASIS_NO_DATA;
	draft->recipient = step_partner (draft->step, &draft->thread.partner);
	gather_answers (draft);
	if (draft_needs_consent (draft) && draft->basis == BASIS_CONSENT_GIVEN)
		gather_cover (draft);
}
