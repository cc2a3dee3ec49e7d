/*
 * A person writes a letter.  Facts are gathered once (draft.c), then an ordered table of
 * pure checks judges them, and only then anything is written.
 *
 *   role -> kind -> person -> state -> recipient -> agency kinds -> service -> ladder ->
 *   form -> attachments -> discretion -> gates -> basis -> consent -> directory
 *
 * Mistakes in what was filled in are collected, so that a form with three of them names
 * all three; any other refusal ends the checks.
 */
#include "agents/desk/draft.h"

#include <stdio.h>
#include <string.h>

#include "agents/ledger/code.h"

/* ---- checks: facts in, verdict out ---------------------------------------------- */

/* A partner's word, not ours. */
static bool is_heard (const struct draft *draft)
{
	return draft->reported && draft->thread.carrier != CARRIER_OWN;
}

/* A life may depend on a stat letter; everything else can wait until there is room. */
static err_t check_room (const struct draft *draft)
{
	if (draft->machine || draft->kind == NULL || draft_urgency (draft) == URGENCY_STAT)
		return ERR_OK;
	return step_room (draft->step, draft->problems);
}

static err_t check_role (const struct draft *draft)
{
	err_t err = draft->machine ? ERR_OK : permit (draft->step->actor, USE_SEND);

	if (err != ERR_OK || draft->kind == NULL)
		return err;
	/* A kind without roles is the machine's; a child goes with its parent's onward.
	 * Whoever picks up the phone may write down what a partner said. */
	if (draft->child || draft->machine || is_heard (draft) ||
	    word_among (draft->step->actor->role, draft->kind->roles,
			draft->kind->role_count))
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

static err_t person_problem (const struct draft *draft, const char *id, const char *en)
{
	return problems_add_texts (draft->problems, ERR_INVALID, "person", id, en);
}

/* Without a person nobody has consented to anything, so nothing labelled may be said. */
static err_t check_labels_of_nobody (const struct draft *draft)
{
	err_t err = ERR_OK;

	for (size_t i = 0; i < draft->answer_count; i++) {
		const struct answer *answer = &draft->answers[i];
		const struct field_spec *field = kind_field (draft->kind, answer->field);

		if (field != NULL && text_given (field->label) &&
		    answer->type != ANSWER_ABSENT)
			err = problems_add (draft->problems, ERR_INVALID, answer->field,
					    "isian %s bercerita tentang seseorang; sebutkan "
					    "kliennya atau kosongkan isian ini",
					    "the field %s tells about somebody; name the client "
					    "or leave it empty",
					    quoted (answer->field));
	}
	return err;
}

static err_t check_person (const struct draft *draft)
{
	const struct person_id *person = &draft->thread.person;
	enum about about = draft->kind->thread->about;

	if (!draft->opens)
		return ERR_OK;
	if (about == ABOUT_NOBODY && !ID_IS_NONE (draft->submission->person))
		return person_problem (draft,
				       "surat ini tidak menyebut siapa pun; kirim tanpa klien",
				       "this letter is about nobody; send it without a client");
	if (about == ABOUT_PERSON && ID_IS_NONE (*person))
		return person_problem (draft, "surat ini tentang seseorang; sebutkan kliennya",
				       "this letter is about a person; name the client");
	if (!ID_IS_NONE (*person) && !ID_IS_NONE (draft->about.person) &&
	    !ID_EQUAL (*person, draft->about.person))
		return problems_add (draft->problems, ERR_INVALID, "about",
				     "%s tentang klien lain", "%s is about another client",
				     quoted (draft->about.number));
	return ID_IS_NONE (*person) ? check_labels_of_nobody (draft) : ERR_OK;
}

static err_t wrong_state (const struct draft *draft)
{
	if (*draft->thread.state == '\0')
		return problems_add (draft->problems, ERR_WRONG_STATE, "thread",
				     "%s tidak dapat membuka surat-menyurat",
				     "%s can't open a thread", quoted (draft->kind->name));
	return problems_add (draft->problems, ERR_WRONG_STATE, "thread",
			     "%s tidak berlaku pada keadaan %s; langkah yang dapat diambil: "
			     "jembatan show %s",
			     "%s does not apply in the state %s; what can come next: "
			     "jembatan show %s",
			     quoted (draft->kind->name), quoted (draft->thread.state),
			     draft->thread.number);
}

static bool may_go_out_again (const struct draft *draft)
{
	const struct thread *replaced = &draft->replaced;

	return !replaced->performing &&
	       ID_EQUAL (replaced->person, draft->submission->person) &&
	       (thread_has_ended (draft->step, replaced) ||
		text_is (replaced->overlay, OVERLAY_UNDELIVERED) ||
		text_is (replaced->overlay, OVERLAY_UNCONFIRMED));
}

static err_t check_state (const struct draft *draft)
{
	if (draft->row == NULL)
		return wrong_state (draft);
	if (draft->row->at_most > 0 && draft->thread.no_shows > draft->row->at_most)
		return wrong_state (draft);
	if (kind_is_cancel_wish (draft->kind) &&
	    text_is (draft->thread.overlay, OVERLAY_CANCEL))
		return wrong_state (draft);
	if (!ID_IS_NONE (draft->submission->replaces) &&
	    !text_is (draft->replaced.type, draft->thread.type))
		return problems_add (draft->problems, ERR_INVALID, "replaces",
				     "%s bukan urusan jenis ini",
				     "%s is not of this type", quoted (draft->replaced.number));
	if (!ID_IS_NONE (draft->submission->replaces) && !may_go_out_again (draft))
		return problems_add (draft->problems, ERR_WRONG_STATE, "replaces",
				     "rujukan %s belum berakhir",
				     "the referral %s has not ended",
				     quoted (draft->replaced.number));
	return ERR_OK;
}

static err_t check_recipient (const struct draft *draft)
{
	const char *to = draft->thread.partner.text;

	if (draft->recipient == NULL)
		return problems_add (draft->problems, ERR_NO_ROUTE, "to",
				     "instansi %s tidak ada di direktori atau buku alamat",
				     "the agency %s is not in the directory or the address "
				     "book",
				     quoted (to));
	if (draft->recipient->suspended)
		return problems_add (draft->problems, ERR_RECIPIENT_SUSPENDED, "to",
				     "instansi %s sedang dibekukan",
				     "the agency %s is suspended", quoted (to));
	return ERR_OK;
}

static err_t check_agency_kinds (const struct draft *draft)
{
	const struct kind_spec *kind = draft->kind;
	const struct member *self = step_member (draft->step, step_self (draft->step));
	err_t err = ERR_OK;

	/* The thread was opened with whoever may answer in it. */
	if (draft->reported)
		return ERR_OK;
	if (draft->opens)
		err = discretion_judge_sender (draft->step, kind, draft->problems);
	if (err != ERR_OK)
		return err;
	if (kind->from_kind_count > 0 &&
	    (self == NULL ||
	     !word_among (self->kind, kind->from_kinds, kind->from_kind_count)))
		err = problems_add (draft->problems, ERR_NOT_ALLOWED, "kind",
				    "instansi ini tidak mengirim %s",
				    "this agency does not send %s", quoted (kind->name));
	if (err == ERR_OK && kind->to_kind_count > 0 &&
	    !word_among (draft->recipient->kind, kind->to_kinds, kind->to_kind_count))
		err = problems_add (draft->problems, ERR_INVALID, "to",
				    "%s tidak menerima surat jenis ini",
				    "%s does not take this kind of letter",
				    quoted (draft->thread.partner.text));
	return err;
}

static err_t check_service (const struct draft *draft)
{
	const char *service = draft->thread.service;

	if (!draft->opens || !kind_asks_service (draft->kind) || !text_given (service) ||
	    catalogue_service (draft->step->desk->parts.catalogue, service) != NULL)
		return ERR_OK;
	return problems_add (draft->problems, ERR_INVALID, "service",
			     "layanan %s tidak dikenal katalog",
			     "the service %s is not in the catalogue", quoted (service));
}

static err_t check_ladder (const struct draft *draft)
{
	return draft->opens ? ladder_judge (draft->step, draft->kind, draft->thread.ladder,
					    draft->problems)
			    : ERR_OK;
}

/* What has happened can't lie ahead; a day more than now, for clocks that differ. */
static bool lies_ahead (const struct draft *draft, const struct answer *answer)
{
	const struct member *self = step_member (draft->step, step_self (draft->step));

	if (answer->type == ANSWER_INSTANT)
		return answer->number > draft->step->now_ms + DAY_MS;
	return answer->type == ANSWER_DATE && date_is_real (answer->text) &&
	       date_day (answer->text) >
		       local_day (draft->step->now_ms, self != NULL ? self->region : "");
}

static err_t say_ahead (const struct draft *draft, const struct field_spec *field)
{
	char id[320], en[320];

	snprintf (id, sizeof id, "%s: belum terjadi; tulis kapan hal itu terjadi", field->words.id);
	snprintf (en, sizeof en, "%s: it lies ahead; write when it happened", field->words.en);
	return problems_add_texts (draft->problems, ERR_INVALID, field->name, id, en);
}

static err_t check_past (const struct draft *draft)
{
	err_t err = ERR_OK;

	for (size_t i = 0; i < draft->answer_count; i++) {
		const struct answer *answer = &draft->answers[i];
		const struct field_spec *field = kind_field (draft->kind, answer->field);

		if (field != NULL && field->past && lies_ahead (draft, answer))
			err = say_ahead (draft, field);
	}
	return err;
}

static err_t check_form (const struct draft *draft)
{
	err_t err = answers_check (draft->kind, draft->answers, draft->answer_count,
				   draft->problems);
	err_t past = check_past (draft);

	return err != ERR_OK ? err : past;
}

static err_t check_basis (const struct draft *draft)
{
	if (!draft_needs_consent (draft))
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
			     "there is no consent for %s with the purpose %s",
			     quoted (to), quoted (purpose));
}

/* A letter that needs no consent still reaches the other side after a withdrawal, so it
 * may then say nothing in free words: nobody can tell what they give away. */
static err_t check_words (const struct draft *draft)
{
	err_t err = ERR_OK;

	if (!draft->thread.data_stopped)
		return ERR_OK;
	for (size_t i = 0; i < draft->answer_count; i++)
		if (answer_is_free (&draft->answers[i]))
			err = problems_add (
				draft->problems, ERR_CONSENT_WITHDRAWN,
				draft->answers[i].field,
				"persetujuan telah ditarik; kosongkan isian %s",
				"the consent was withdrawn; leave the field %s empty",
				quoted (draft->answers[i].field));
	return err;
}

static err_t check_consent (const struct draft *draft)
{
	if (!draft_needs_consent (draft))
		return check_words (draft);
	if (draft->thread.data_stopped && draft->basis == BASIS_CONSENT_GIVEN)
		return problems_add_texts (draft->problems, ERR_CONSENT_WITHDRAWN,
					   "consent", err_text_id (ERR_CONSENT_WITHDRAWN),
					   err_text_en (ERR_CONSENT_WITHDRAWN));
	if (draft->basis != BASIS_CONSENT_GIVEN || draft->covered == ERR_OK)
		return ERR_OK;
	/* Without purpose nothing can be covered; a form that asks for the service has
	 * complained about it. */
	if (!text_given (draft->thread.purpose) &&
	    problems_err (draft->problems) != ERR_OK)
		return ERR_OK;
	if (draft->covered == ERR_NO_CONSENT)
		return explain_no_consent (draft);
	return problems_add_texts (draft->problems, draft->covered, "consent",
				   err_text_id (draft->covered),
				   err_text_en (draft->covered));
}

static err_t check_discretion (const struct draft *draft)
{
	err_t err, files, rest;

	/* It comes from there, or goes nowhere. */
	if (is_heard (draft) || draft->thread.carrier == CARRIER_OWN)
		return ERR_OK;
	err = discretion_judge (draft->step, draft->kind,
				draft->recipient != NULL ? draft->recipient->kind : "",
				draft->answers, draft->answer_count, draft->problems);
	files = discretion_judge_files (draft->step, draft->kind,
					draft->recipient != NULL ? draft->recipient->kind : "",
					draft->attachments, draft->attachment_count,
					draft->problems);
	rest = discretion_judge_rest (draft->step, draft->kind, draft->clause,
				      &draft->rule, draft->problems);
	if (err == ERR_OK)
		err = files;
	return err != ERR_OK ? err : rest;
}

static err_t check_gates (const struct draft *draft)
{
	/* What a partner did, it did, whatever is known here. */
	if (is_heard (draft))
		return ERR_OK;
	return gates_judge (draft->step, draft->kind, &draft->thread, &draft->person,
			    draft->problems);
}

/* 30 days after its end the directory still serves what is open and what is urgent. */
static err_t check_directory (const struct draft *draft)
{
	if (draft->thread.carrier != CARRIER_WIRE ||
	    directory_age (draft->step->desk->parts.directory, draft->step->now_ms) !=
		    DIRECTORY_DEGRADED ||
	    !draft->opens || draft_urgency (draft) == URGENCY_URGENT ||
	    draft_urgency (draft) == URGENCY_ASAP ||
	    draft_urgency (draft) == URGENCY_STAT)
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
	{ "room",         check_room },
	{ "kind",         check_kind },
	{ "person",       check_person },
	{ "state",        check_state },
	{ "recipient",    check_recipient },
	{ "agency-kinds", check_agency_kinds },
	{ "service",      check_service },
	{ "ladder",       check_ladder },
	{ "form",         check_form },
	{ "attachments",  draft_judge_attachments },
	{ "discretion",   check_discretion },
	{ "gates",        check_gates },
	{ "basis",        check_basis },
	{ "consent",      check_consent },
	{ "directory",    check_directory },
	/* clang-format on */
};

err_t draft_judge (const struct draft *draft)
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

/* ---- writing -------------------------------------------------------------------- */

/* Where a pause ends, the asker names the new time. */
static int64_t resumed_reply_by (const struct draft *draft)
{
	struct deadline *deadlines;
	size_t count;

	if (!kind_resumes (draft->kind))
		return 0;
	count = deadline_list (step_ledger (draft->step), &draft->thread.id, INT64_MAX,
			       16, draft->step->arena, &deadlines);
	for (size_t i = 0; i < count; i++)
		if (deadlines[i].paused_ms != 0)
			return deadlines[i].due_ms + draft->step->now_ms -
			       deadlines[i].paused_ms;
	return 0;
}

static err_t write_draft (struct draft *draft, struct letter_id *ret_id,
			  int64_t *ret_reply_by_ms)
{
	struct wording wording = draft_wording (draft);
	err_t err;

	wording.opens = draft->opens;
	wording.reply_by_ms = resumed_reply_by (draft);
	if (!draft->kind->thread->discreet)
		wording.replaces = draft->replaced.request;
	if (draft->opens) {
		uuid7_make (draft->thread.id.b);
		draft->thread.urgency = wording.urgency;
		draft->thread.clause = draft->clause_id;
		draft->thread.grantor = draft->grantor;
		draft->thread.opened_ms = draft->thread.moved_ms = draft->step->now_ms;
		if (draft->thread.carrier == CARRIER_PAPER)
			code_make (step_ledger (draft->step), draft->thread.code);
		thread_add (draft->step->tx, &draft->thread);
	}
	err = referral_say (draft->step, &draft->thread, &wording, ret_id, ret_reply_by_ms);
	if (err == ERR_OK)
		draft_claim_attachments (draft, ret_id);
	return err;
}

void draft_outcome (const struct draft *draft, struct outcome *ret_outcome)
{
	ret_outcome->thread = draft->thread.id;
	ret_outcome->clause = draft->clause_id;
	snprintf (ret_outcome->number, sizeof ret_outcome->number, "%s",
		  draft->thread.number);
	snprintf (ret_outcome->state, sizeof ret_outcome->state, "%s",
		  draft->thread.state);
}

/* ---- onward --------------------------------------------------------------------- */

size_t draft_answers_again (const struct step *step, const struct thread_id *thread,
			    const struct kind_spec *kind, struct answer **ret_answers)
{
	struct letter opening;
	size_t count = 0;

	*ret_answers = NULL;
	if (letter_that_opened (step, thread, &opening) != ERR_OK)
		return 0;
	*ret_answers = arena_must (step->arena,
				   (opening.answer_count + 1) * sizeof **ret_answers);
	for (size_t i = 0; i < opening.answer_count; i++) {
		const struct field_spec *field =
			kind_field (kind, opening.answers[i].field);

		if (field != NULL && !text_given (field->from) &&
		    opening.answers[i].type != ANSWER_ATTACHMENT)
			(*ret_answers)[count++] = opening.answers[i];
	}
	return count;
}

static struct agency_id target_of (const struct draft *parent)
{
	const struct answer *target =
		answer_find (parent->answers, parent->answer_count, "target");
	struct agency_id id = parent->submission->to;

	if (!text_given (id.text) && target != NULL && target->type == ANSWER_TEXT &&
	    agency_id_parse (target->text, &id) != ERR_OK)
		snprintf (id.text, sizeof id.text, "%s", target->text);
	return id;
}

/* The third party gets a referral of its own, with us as the requester, in the same
 * chain. */
static void gather_child (struct draft *parent, struct submission *submission,
			  struct draft *child)
{
	const struct kind_spec *kind = step_kind (parent->step, KIND_REQUEST);
	struct answer *answers = NULL;

	*submission = (struct submission){
		.kind = KIND_REQUEST,
		.person = parent->thread.person,
		.to = target_of (parent),
		.service = parent->thread.service,
		.urgency = draft_urgency (parent),
		.basis = parent->submission->basis,
		.rule = parent->submission->rule,
	};
	if (kind != NULL)
		submission->answer_count = draft_answers_again (
			parent->step, &parent->thread.id, kind, &answers);
	submission->answers = answers;
	*child = (struct draft){
		.step = parent->step,
		.submission = submission,
		.problems = parent->problems,
		.child = true,
	};
	draft_gather (child);
	if (child->kind == NULL)
		return;
	child->thread.parent = parent->thread.id;
	draft_choose_chain (child, &parent->thread.chain);
}

static err_t write_both (struct draft *parent, struct draft *child,
			 struct outcome *ret_outcome)
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
	struct submission *submission = arena_must (parent->step->arena, sizeof *submission);
	struct draft *child = arena_must (parent->step->arena, sizeof *child);
	err_t err = draft_judge (parent);
	err_t err_child;

	if (err != ERR_OK && err != ERR_INVALID)
		return err;
	gather_child (parent, submission, child);
	parent->onward = child;
	err_child = draft_judge (child);
	if (err != ERR_OK || err_child != ERR_OK)
		return err != ERR_OK ? err : err_child;
	return write_both (parent, child, ret_outcome);
}

err_t submit_machine (const struct step *step, const struct submission *submission,
		      struct thread_id *ret_thread)
{
	STEP part = step_part (step);
	struct draft draft = { .step = &part,
			       .submission = submission,
			       .machine = true };
	struct letter_id id;
	err_t err;

	draft_gather (&draft);
	err = draft_judge (&draft);
	if (err == ERR_OK)
		err = write_draft (&draft, &id, NULL);
	if (err == ERR_OK)
		*ret_thread = draft.thread.id;
	return err;
}

err_t draft_submit (struct draft *draft, struct outcome *ret_outcome)
{
	err_t err;

	draft_gather (draft);
	if (draft->kind != NULL && text_is (draft->kind->name, KIND_ONWARD))
		return submit_onward (draft, ret_outcome);
	err = draft_judge (draft);
	return err == ERR_OK ? write_draft (draft, &ret_outcome->letter,
					    &ret_outcome->reply_by_ms)
			     : err;
}

err_t desk_submit (desk_t *desk, const struct actor *actor,
		   const struct submission *submission, struct outcome *ret_outcome,
		   problems_t *problems)
{
	STEP step = step_open (desk, actor);
	struct draft draft = { .step = &step,
			       .submission = submission,
			       .problems = problems };
	struct outcome outcome = { 0 };
	err_t err = draft_submit (&draft, &outcome);

	if (err == ERR_OK)
		err = step_commit (&step);
	if (err != ERR_OK)
		return err;
	draft_outcome (&draft, &outcome);
	*ret_outcome = outcome;
	return ERR_OK;
}
