/*
 * A person writes a letter.  Facts are gathered once, then an ordered table of pure checks judges
 * them, and only then anything is written.
 *
 *   role -> kind -> state -> recipient -> agency kinds -> form -> basis -> consent -> directory
 *
 * Mistakes in what was filled in are collected, so that a form with three of them names all three;
 * any other refusal ends the checks.
 */
#include "agents/desk/inside.h"

#include <stdio.h>
#include <string.h>

struct draft {
	struct step *step;
	const struct submission *submission;
	problems_t *problems;
	bool child;                  /* the onward half of a referral.onward */
	/* facts */
	const struct kind_spec *kind;
	bool opens;
	err_t found;                 /* of thread or person */
	struct thread thread;        /* as it stands, or as it will be opened */
	struct thread replaced;
	struct person person;
	const struct transition *row;
	const struct member *recipient;
	size_t answer_count;
	const struct answer *answers;
	size_t label_count;
	const char *const *labels;
	enum basis basis;
	struct rule rule;
	err_t covered;
	const char *missing;         /* a label that no clause covers */
	struct clause_id clause_id;
	const struct signed_clause *clause;
};

/* ---- facts ------------------------------------------------------------------------------------ */

static enum urgency urgency_of (const struct draft *draft)
{
	if (draft->submission->urgency != URGENCY_UNSET)
		return draft->submission->urgency;
	return draft->thread.urgency != URGENCY_UNSET ? (enum urgency)draft->thread.urgency
						      : URGENCY_ROUTINE;
}

static const char *service_asked (const struct draft *draft)
{
	const struct submission *submission = draft->submission;
	const struct answer *answer;

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
	draft->found = thread_get (step_ledger (step), &draft->submission->replaces, step->arena,
				   &draft->replaced);
	draft->thread.replaces = draft->submission->replaces;
}

/* Training and work may not be linked to what was treated before. */
static void choose_chain (struct draft *draft, const struct chain_id *of)
{
	if (of != NULL && !ID_IS_NONE (*of) && !text_is (draft->thread.purpose, "training"))
		draft->thread.chain = *of;
	else
		random16_make (draft->thread.chain.b);
}

static void gather_opening (struct draft *draft)
{
	const struct submission *submission = draft->submission;
	const struct step *step = draft->step;
	const struct service_spec *service = catalogue_service (step->desk->parts.catalogue,
								service_asked (draft));

	draft->row = lifecycle_find (draft->kind->thread, NULL, draft->kind->name, PARTY_REQUESTER);
	draft->opens = draft->row != NULL;
	draft->found = person_get (step_ledger (step), &submission->person, step->arena,
				   &draft->person);
	draft->thread.type = draft->kind->thread->name;
	draft->thread.partner = submission->to;
	draft->thread.person = submission->person;
	draft->thread.overlay = "";
	draft->thread.state = draft->opens ? draft->row->to->name : "";
	draft->thread.service = service_asked (draft);
	draft->thread.purpose = service != NULL ? service->purpose : "";
	if (draft->found == ERR_OK)
		gather_replaced (draft);
	choose_chain (draft, &draft->replaced.chain);
}

static void gather_standing (struct draft *draft)
{
	const struct step *step = draft->step;

	draft->found = thread_get (step_ledger (step), &draft->submission->thread, step->arena,
				   &draft->thread);
	if (draft->found != ERR_OK)
		return;
	draft->row = thread_row (step, &draft->thread, draft->kind,
				 thread_our_party (&draft->thread));
	if (!ID_IS_NONE (draft->thread.person))
		draft->found = person_get (step_ledger (step), &draft->thread.person, step->arena,
					   &draft->person);
}

static bool clause_carries (void *arg, const char *label)
{
	const struct draft *draft = arg;
	const char *const *said;
	size_t said_count = answers_labels (draft->kind, draft->submission->answers,
					    draft->submission->answer_count, draft->step->arena, &said);
	const char **labels = arena_must (draft->step->arena, (said_count + 1) * sizeof *labels);
	struct consent_need need;
	struct cover cover;

	if (draft->basis != BASIS_CONSENT_GIVEN)
		return true;
	if (said_count > 0)
		memcpy (labels, said, said_count * sizeof *labels);
	labels[said_count] = label;
	need = step_need (draft->step, &draft->thread.partner, draft->thread.purpose, labels,
			  said_count + 1);
	cover_find (draft->step, &draft->thread.person, &need, draft->child, &cover);
	return cover.verdict == ERR_OK;
}

/* The agency to which an onward referral goes is said once. */
static const struct answer *name_target (struct draft *draft)
{
	const struct field_spec *field = kind_field (draft->kind, "target");
	const struct submission *submission = draft->submission;
	struct answer *answers;

	if (field == NULL || !text_given (submission->to.text)
	    || answer_find (submission->answers, submission->answer_count, "target") != NULL)
		return submission->answers;
	answers = arena_must (draft->step->arena,
			      (submission->answer_count + 1) * sizeof *answers);
	if (submission->answer_count > 0)
		memcpy (answers, submission->answers, submission->answer_count * sizeof *answers);
	answers[draft->answer_count++] = (struct answer){
		.field = field->name, .type = ANSWER_TEXT, .text = submission->to.text,
		.system = "", .display = "", .unit = "",
	};
	return answers;
}

static void gather_answers (struct draft *draft)
{
	struct form form = {
		.kind = draft->kind,
		.person = draft->opens ? &draft->person : NULL,
		.service = draft->opens ? draft->thread.service : "",
		.may_carry = clause_carries,
		.arg = draft,
	};

	draft->answer_count = draft->submission->answer_count;
	form.answers = name_target (draft);
	form.answer_count = draft->answer_count;
	draft->answer_count = form_fill (draft->step, &form, &draft->answers);
	draft->label_count = answers_labels (draft->kind, draft->answers, draft->answer_count,
					     draft->step->arena, &draft->labels);
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
}

/* A standing thread goes on as it was opened; only then another clause of the person is sought. */
static void gather_cover (struct draft *draft)
{
	struct step *step = draft->step;
	struct consent_need need = step_need (step, &draft->thread.partner, draft->thread.purpose,
					      draft->labels, draft->label_count);
	struct wording wording = {
		.kind = draft->kind, .answers = draft->answers, .answer_count = draft->answer_count,
	};
	struct cover cover, of_thread = { .verdict = ERR_NO_CONSENT };

	if (!draft->opens) {
		draft->covered = wording_rest_on_thread (step, &draft->thread, &wording);
		draft->basis = wording.basis;
		draft->rule = wording.rule;
		draft->clause = wording.clause;
		draft->clause_id = wording.clause_id;
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

static void gather_basis (struct draft *draft)
{
	const struct kind_spec *kind = draft->kind;

	if (!kind->needs_consent)
		draft->basis = kind->basis_count > 0 ? kind->bases[0] : BASIS_NO_DATA;
	else if (draft->submission->basis == BASIS_NO_DATA)
		draft->basis = BASIS_CONSENT_GIVEN;
	else
		draft->basis = draft->submission->basis;
	draft->rule = draft->submission->rule;
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

static void gather (struct draft *draft)
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
	draft->recipient = step_member (draft->step, &draft->thread.partner);
	gather_answers (draft);
	if (draft->kind->needs_consent && draft->basis == BASIS_CONSENT_GIVEN)
		gather_cover (draft);
}

/* ---- checks: facts in, verdict out ------------------------------------------------------------- */

static err_t check_role (const struct draft *draft)
{
	err_t err = permit (draft->step->actor, USE_SEND);

	if (err != ERR_OK || draft->kind == NULL)
		return err;
	/* A kind without roles is the machine's; a child goes with its parent's onward. */
	if (draft->child
	    || word_among (draft->step->actor->role, draft->kind->roles, draft->kind->role_count))
		return ERR_OK;
	return ERR_NOT_ALLOWED;
}

static err_t check_kind (const struct draft *draft)
{
	if (draft->kind != NULL)
		return draft->found;
	return problems_add (draft->problems, ERR_UNKNOWN_KIND, "kind",
			     "jenis surat %s tidak ada di katalog",
			     "the kind of letter %s is not in the catalogue",
			     quoted (draft->submission->kind));
}

static err_t wrong_state (const struct draft *draft)
{
	return problems_add (draft->problems, ERR_WRONG_STATE, "thread",
			     "%s tidak berlaku pada keadaan %s",
			     "%s does not apply in the state %s", quoted (draft->kind->name),
			     quoted (draft->thread.state));
}

static bool may_go_out_again (const struct draft *draft)
{
	const struct thread *replaced = &draft->replaced;

	return !replaced->performing && ID_EQUAL (replaced->person, draft->submission->person)
	       && (thread_has_ended (draft->step, replaced)
		   || text_is (replaced->overlay, OVERLAY_UNDELIVERED)
		   || text_is (replaced->overlay, OVERLAY_UNCONFIRMED));
}

static err_t check_state (const struct draft *draft)
{
	if (draft->row == NULL)
		return wrong_state (draft);
	if (draft->row->at_most > 0 && draft->thread.no_shows > draft->row->at_most)
		return wrong_state (draft);
	if (text_is (draft->kind->name, KIND_CANCEL)
	    && text_is (draft->thread.overlay, OVERLAY_CANCEL))
		return wrong_state (draft);
	if (!ID_IS_NONE (draft->submission->replaces) && !may_go_out_again (draft))
		return problems_add (draft->problems, ERR_WRONG_STATE, "replaces",
				     "rujukan %s belum berakhir", "the referral %s has not ended",
				     quoted (draft->replaced.number));
	return ERR_OK;
}

static err_t check_recipient (const struct draft *draft)
{
	const char *to = draft->thread.partner.text;

	if (draft->recipient == NULL)
		return problems_add (draft->problems, ERR_NO_ROUTE, "to",
				     "instansi %s tidak ada di direktori",
				     "the agency %s is not in the directory", quoted (to));
	if (draft->recipient->status == MEMBER_IS_SUSPENDED)
		return problems_add (draft->problems, ERR_RECIPIENT_SUSPENDED, "to",
				     "instansi %s sedang dibekukan", "the agency %s is suspended",
				     quoted (to));
	if (agency_id_equal (&draft->thread.partner, step_self (draft->step)))
		return problems_add (draft->problems, ERR_INVALID, "to",
				     "%s adalah instansi ini sendiri", "%s is this agency itself",
				     quoted (to));
	return ERR_OK;
}

static err_t check_agency_kinds (const struct draft *draft)
{
	const struct kind_spec *kind = draft->kind;
	const struct member *self = step_member (draft->step, step_self (draft->step));
	err_t err = ERR_OK;

	if (kind->from_kind_count > 0
	    && (self == NULL || !word_among (self->kind, kind->from_kinds, kind->from_kind_count)))
		err = problems_add (draft->problems, ERR_NOT_ALLOWED, "kind",
				    "instansi ini tidak mengirim %s", "this agency does not send %s",
				    quoted (kind->name));
	if (err == ERR_OK && kind->to_kind_count > 0
	    && !word_among (draft->recipient->kind, kind->to_kinds, kind->to_kind_count))
		err = problems_add (draft->problems, ERR_INVALID, "to",
				    "%s tidak menerima surat jenis ini",
				    "%s does not take this kind of letter",
				    quoted (draft->thread.partner.text));
	return err;
}

static bool asks_service (const struct kind_spec *kind)
{
	for (size_t i = 0; i < kind->field_count; i++)
		if (field_is_from (&kind->fields[i], "service"))
			return true;
	return false;
}

static err_t check_service (const struct draft *draft)
{
	const char *service = draft->thread.service;

	if (!draft->opens || !asks_service (draft->kind) || !text_given (service)
	    || catalogue_service (draft->step->desk->parts.catalogue, service) != NULL)
		return ERR_OK;
	return problems_add (draft->problems, ERR_INVALID, "service",
			     "layanan %s tidak dikenal katalog",
			     "the service %s is not in the catalogue", quoted (service));
}

static err_t check_form (const struct draft *draft)
{
	return answers_check (draft->kind, draft->answers, draft->answer_count, draft->problems);
}

static err_t check_basis (const struct draft *draft)
{
	if (!draft->kind->needs_consent)
		return ERR_OK;
	if (!basis_allowed (draft->kind, draft->basis))
		return problems_add (draft->problems, ERR_INVALID, "basis",
				     "dasar %s tidak berlaku bagi surat ini",
				     "the basis %s does not hold for this letter",
				     quoted (basis_name (draft->basis)));
	if (basis_needs_rule (draft->basis) && !rule_is_cited (&draft->rule))
		return problems_add (draft->problems, ERR_NO_RULE, "rule",
				     "sebutkan aturan dan pasal yang menjadi dasar %s",
				     "cite the rule and article for the basis %s",
				     quoted (basis_name (draft->basis)));
	return ERR_OK;
}

static err_t explain_no_consent (const struct draft *draft)
{
	const char *to = draft->thread.partner.text, *purpose = draft->thread.purpose;

	if (draft->missing != NULL)
		return problems_add (draft->problems, ERR_NO_CONSENT, "consent",
				     "persetujuan untuk %s tidak mencakup data %s",
				     "the consent for %s does not cover data labelled %s",
				     quoted (to), quoted (draft->missing));
	return problems_add (draft->problems, ERR_NO_CONSENT, "consent",
			     "belum ada persetujuan bagi %s untuk tujuan %s",
			     "there is no consent for %s with the purpose %s", quoted (to),
			     quoted (purpose));
}

static err_t check_consent (const struct draft *draft)
{
	if (!draft->kind->needs_consent)
		return ERR_OK;
	if (draft->thread.data_stopped && draft->basis == BASIS_CONSENT_GIVEN)
		return problems_add_texts (draft->problems, ERR_CONSENT_WITHDRAWN, "consent",
					   err_text_id (ERR_CONSENT_WITHDRAWN),
					   err_text_en (ERR_CONSENT_WITHDRAWN));
	/* Without purpose nothing can be covered; the form has complained about the service. */
	if (draft->basis != BASIS_CONSENT_GIVEN || draft->covered == ERR_OK
	    || !text_given (draft->thread.purpose))
		return ERR_OK;
	if (draft->covered == ERR_NO_CONSENT)
		return explain_no_consent (draft);
	return problems_add_texts (draft->problems, draft->covered, "consent",
				   err_text_id (draft->covered), err_text_en (draft->covered));
}

/* 30 days after its end the directory still serves what is open and what is urgent. */
static err_t check_directory (const struct draft *draft)
{
	if (directory_age (draft->step->desk->parts.directory, draft->step->now_ms)
		    != DIRECTORY_DEGRADED
	    || !draft->opens || urgency_of (draft) == URGENCY_URGENT
	    || urgency_of (draft) == URGENCY_ASAP || urgency_of (draft) == URGENCY_STAT)
		return ERR_OK;
	return problems_add_texts (draft->problems, ERR_DIRECTORY_EXPIRED, "",
				   err_text_id (ERR_DIRECTORY_EXPIRED),
				   err_text_en (ERR_DIRECTORY_EXPIRED));
}

static const struct {
	const char *name;
	err_t (*judge) (const struct draft *draft);
} checks[] = {
	/* clang-format off */
	{ "role",         check_role },
	{ "kind",         check_kind },
	{ "state",        check_state },
	{ "recipient",    check_recipient },
	{ "agency-kinds", check_agency_kinds },
	{ "service",      check_service },
	{ "form",         check_form },
	{ "basis",        check_basis },
	{ "consent",      check_consent },
	{ "directory",    check_directory },
	/* clang-format on */
};

static err_t judge (const struct draft *draft)
{
	err_t first = ERR_OK;

	for (size_t i = 0; i < COUNT_OF (checks); i++) {
		err_t err = checks[i].judge (draft);

		if (first == ERR_OK)
			first = err;
		if (err != ERR_OK && err != ERR_INVALID)
			break;
	}
	return first;
}

/* ---- writing ---------------------------------------------------------------------------------- */

/* Where a pause ends, the asker names the new time. */
static int64_t resumed_reply_by (const struct draft *draft)
{
	struct deadline *deadlines;
	size_t count;

	if (!text_is (draft->kind->name, KIND_INFO_REPLY))
		return 0;
	count = deadline_list (step_ledger (draft->step), &draft->thread.id, INT64_MAX, 16,
			       draft->step->arena, &deadlines);
	for (size_t i = 0; i < count; i++)
		if (deadlines[i].paused_ms != 0)
			return deadlines[i].due_ms + draft->step->now_ms - deadlines[i].paused_ms;
	return 0;
}

static err_t write_draft (struct draft *draft, struct letter_id *ret_id, int64_t *ret_reply_by_ms)
{
	struct wording wording = {
		.kind = draft->kind,
		.urgency = urgency_of (draft),
		.basis = draft->basis,
		.rule = draft->rule,
		.clause = draft->clause,
		.clause_id = draft->clause_id,
		.answer_count = draft->answer_count,
		.answers = draft->answers,
		.replaces = draft->replaced.request,
		.reply_by_ms = resumed_reply_by (draft),
		.opens = draft->opens,
	};

	if (draft->opens) {
		uuid7_make (draft->thread.id.b);
		draft->thread.urgency = wording.urgency;
		draft->thread.clause = draft->clause_id;
		draft->thread.opened_ms = draft->thread.moved_ms = draft->step->now_ms;
		thread_add (draft->step->tx, &draft->thread);
	}
	return referral_say (draft->step, &draft->thread, &wording, ret_id, ret_reply_by_ms);
}

static void report (const struct draft *draft, struct outcome *ret_outcome)
{
	ret_outcome->thread = draft->thread.id;
	ret_outcome->clause = draft->clause_id;
	snprintf (ret_outcome->number, sizeof ret_outcome->number, "%s", draft->thread.number);
	snprintf (ret_outcome->state, sizeof ret_outcome->state, "%s", draft->thread.state);
}

/* ---- onward ----------------------------------------------------------------------------------- */

/* What the first letter said, without what is filled in from the record here. */
static size_t answers_of_opening (struct draft *parent, const struct kind_spec *kind,
				  struct answer **ret_answers)
{
	struct step *step = parent->step;
	struct letter opening;
	size_t count = 0;

	*ret_answers = NULL;
	if (letter_that_opened (step, &parent->thread.id, &opening) != ERR_OK)
		return 0;
	*ret_answers = arena_must (step->arena, (opening.answer_count + 1) * sizeof **ret_answers);
	for (size_t i = 0; i < opening.answer_count; i++) {
		const struct field_spec *field = kind_field (kind, opening.answers[i].field);

		if (field != NULL && !text_given (field->from)
		    && opening.answers[i].type != ANSWER_ATTACHMENT)
			(*ret_answers)[count++] = opening.answers[i];
	}
	return count;
}

static struct agency_id target_of (const struct draft *parent)
{
	const struct answer *target = answer_find (parent->answers, parent->answer_count, "target");
	struct agency_id id = parent->submission->to;

	if (!text_given (id.text) && target != NULL && target->type == ANSWER_TEXT
	    && agency_id_parse (target->text, &id) != ERR_OK)
		snprintf (id.text, sizeof id.text, "%s", target->text);
	return id;
}

/* The third party gets a referral of its own, with us as the requester, in the same chain. */
static void gather_child (struct draft *parent, struct submission *submission, struct draft *child)
{
	const struct kind_spec *kind = step_kind (parent->step, KIND_REQUEST);
	struct answer *answers = NULL;

	*submission = (struct submission){
		.kind = KIND_REQUEST,
		.person = parent->thread.person,
		.to = target_of (parent),
		.service = parent->thread.service,
		.urgency = urgency_of (parent),
		.basis = parent->submission->basis,
		.rule = parent->submission->rule,
	};
	if (kind != NULL)
		submission->answer_count = answers_of_opening (parent, kind, &answers);
	submission->answers = answers;
	*child = (struct draft){
		.step = parent->step,
		.submission = submission,
		.problems = parent->problems,
		.child = true,
	};
	gather (child);
	if (child->kind == NULL)
		return;
	child->thread.parent = parent->thread.id;
	choose_chain (child, &parent->thread.chain);
}

static err_t write_both (struct draft *parent, struct draft *child, struct outcome *ret_outcome)
{
	struct letter_id child_letter;
	err_t err = write_draft (child, &child_letter, NULL);

	if (err != ERR_OK)
		return err;
	parent->thread.child = child->thread.id;
	ret_outcome->child = child->thread.id;
	return write_draft (parent, &ret_outcome->letter, &ret_outcome->reply_by_ms);
}

static err_t submit_onward (struct draft *parent, struct outcome *ret_outcome)
{
	struct submission submission;
	struct draft child;
	err_t err = judge (parent);
	err_t err_child;

	if (err != ERR_OK && err != ERR_INVALID)
		return err;
	gather_child (parent, &submission, &child);
	err_child = judge (&child);
	if (err != ERR_OK || err_child != ERR_OK)
		return err != ERR_OK ? err : err_child;
	return write_both (parent, &child, ret_outcome);
}

err_t desk_submit (desk_t *desk, const struct actor *actor, const struct submission *submission,
		   struct outcome *ret_outcome, problems_t *problems)
{
	STEP step = step_open (desk, actor);
	struct draft draft = { .step = &step, .submission = submission, .problems = problems };
	struct outcome outcome = { 0 };
	err_t err;

	gather (&draft);
	if (draft.kind != NULL && text_is (draft.kind->name, KIND_ONWARD)) {
		err = submit_onward (&draft, &outcome);
	} else {
		err = judge (&draft);
		if (err == ERR_OK)
			err = write_draft (&draft, &outcome.letter, &outcome.reply_by_ms);
	}
	if (err == ERR_OK)
		err = step_commit (&step);
	if (err != ERR_OK)
		return err;
	report (&draft, &outcome);
	*ret_outcome = outcome;
	return ERR_OK;
}
