/*
 * Somebody of the address book has become a member.  An open thread begins anew there:
 * its request is written again, under a clause that covers the member, and this time it
 * goes out on the wire.  What was reported until then stays in the thread's history.
 */
#include "agents/desk/draft.h"

#include "agents/ledger/reminder.h"

static err_t check_thread (const struct step *step, const struct thread *thread,
			   problems_t *problems)
{
	struct agency_id member = step_enrolled (step, &thread->partner);

	if (thread->carrier != CARRIER_PAPER || thread->performing)
		return problems_add (problems, ERR_WRONG_STATE, "thread",
				     "%s tidak berjalan lewat surat cetak",
				     "%s does not go by printed letter",
				     quoted (thread->number));
	if (thread_has_ended (step, thread))
		return problems_add (problems, ERR_WRONG_STATE, "thread",
				     "%s sudah berakhir", "%s has ended",
				     quoted (thread->number));
	if (contact_id_is (&member))
		return problems_add (problems, ERR_NO_ROUTE, "thread",
				     "%s belum terhubung; catat dulu instansinya dengan "
				     "contacts enrolled",
				     "%s is not connected; record its agency first with "
				     "contacts enrolled",
				     quoted (thread->partner.text));
	return ERR_OK;
}

/* The request as it was, for the member. */
static err_t gather (struct draft *draft, const struct thread *thread,
		     struct submission *submission)
{
	struct step *step = draft->step;
	struct answer *answers = NULL;
	struct letter opening;
	const struct kind_spec *kind;
	err_t err = letter_that_opened (step, &thread->id, &opening);

	if (err != ERR_OK)
		return err;
	kind = step_kind (step, opening.kind);
	*submission = (struct submission){
		.kind = opening.kind,
		.person = thread->person,
		.to = thread->partner,
		.service = thread->service,
		.urgency = thread->urgency,
		.basis = opening.basis,
		.rule = opening.rule,
	};
	if (kind != NULL)
		submission->answer_count =
			draft_answers_again (step, &thread->id, kind, &answers);
	submission->answers = answers;
	draft->submission = submission;
	draft->child = !ID_IS_NONE (thread->parent);
	draft_gather (draft);
	return ERR_OK;
}

/* Nothing of what was said on paper holds for the member. */
static err_t begin_anew (const struct step *step, struct thread *thread,
			 const struct draft *draft)
{
	struct entry entry = step_thread_entry (step, ENTRY_SYSTEM, thread);
	err_t err = thread_move (step->tx, &thread->id, thread->state,
				 draft->thread.state, step->now_ms);

	if (err != ERR_OK)
		return err;
	entry.partner = draft->thread.partner;
	entry.state_from = thread->state;
	entry.state_to = draft->thread.state;
	entry.word = "to-wire";
	entry_add (step->tx, &entry);
	thread->state = draft->thread.state;
	thread->partner = draft->thread.partner;
	thread->carrier = CARRIER_WIRE;
	thread->clause = draft->clause_id;
	thread->grantor = draft->grantor;
	thread->overlay = "";
	thread->rev = thread->no_shows = 0;
	thread->last_letter = (struct letter_id){ 0 };
	thread->seen_ms = thread->cancel_ms = thread->appointment_ms = 0;
	thread->data_stopped = false;
	thread_update (step->tx, thread);
	deadline_done_all (step->tx, &thread->id);
	reminder_done_all (step->tx, &thread->id, step->now_ms);
	return ERR_OK;
}

static err_t write_again (struct draft *draft, struct thread *thread,
			  struct outcome *ret_outcome)
{
	struct wording wording = draft_wording (draft);
	err_t err = begin_anew (draft->step, thread, draft);

	if (err != ERR_OK)
		return err;
	wording.opens = true;
	return referral_say (draft->step, thread, &wording, &ret_outcome->letter,
			     &ret_outcome->reply_by_ms);
}

err_t desk_move_to_wire (desk_t *desk, const struct actor *actor,
			 const struct thread_id *id, struct outcome *ret_outcome,
			 problems_t *problems)
{
	STEP step = step_open (desk, actor);
	struct draft draft = { .step = &step, .problems = problems };
	struct submission submission;
	struct outcome outcome = { 0 };
	struct thread thread;
	err_t err = permit (actor, USE_SEND);

	if (err == ERR_OK)
		err = thread_get (desk->parts.ledger, id, step.arena, &thread);
	if (err == ERR_OK)
		err = check_thread (&step, &thread, problems);
	if (err == ERR_OK)
		err = gather (&draft, &thread, &submission);
	if (err == ERR_OK)
		err = draft_judge (&draft);
	if (err == ERR_OK)
		err = write_again (&draft, &thread, &outcome);
	if (err == ERR_OK)
		err = step_commit (&step);
	if (err != ERR_OK)
		return err;
	draft.thread = thread;
	draft_outcome (&draft, &outcome);
	*ret_outcome = outcome;
	return ERR_OK;
}
