/*
 * A referral's moves: what each kind of letter does beyond the state that the catalogue
 * names.
 *
 *   letter (ours or theirs) -> state, through thread_move
 *                           -> note:   what the thread remembers of it
 *                           -> clocks: answered ones end, its own begins
 *                           -> follow: letters that the agent itself must write now
 *
 * The performer's ledger is authoritative: a requester's cancel is a wish and moves no
 * state.
 */
#include "agents/desk/inside.h"

#include <string.h>

#include "agents/ledger/reminder.h"

#define NO_SHOWS_TO_FAIL 2 /* one appointment may be missed and booked again */
#define REASON_OTHER "other"
#define OTHER_TEXT                                    \
	"Rujukan lanjutan berakhir tanpa layanan. / " \
	"The onward referral ended without a service."

static err_t say_as_machine (const struct step *step, struct thread *thread,
			     const char *name, const char *reason,
			     const struct letter *like);

enum party thread_our_party (const struct thread *thread)
{
	return thread->performing ? PARTY_PERFORMER : PARTY_REQUESTER;
}

const struct thread_type *thread_type_of (const struct step *step,
					  const struct thread *thread)
{
	return catalogue_thread (step->desk->parts.catalogue, thread->type);
}

const struct state *thread_state_of (const struct step *step, const struct thread *thread)
{
	const struct thread_type *type = thread_type_of (step, thread);

	return type != NULL ? thread_state (type, thread->state) : NULL;
}

bool thread_has_ended (const struct step *step, const struct thread *thread)
{
	const struct state *state = thread_state_of (step, thread);

	return state != NULL && state->ended;
}

const struct transition *thread_row (const struct step *step, const struct thread *thread,
				     const struct kind_spec *kind, enum party by)
{
	const struct thread_type *type = thread_type_of (step, thread);
	const struct state *state = thread_state_of (step, thread);

	if (type == NULL || state == NULL)
		return NULL;
	return lifecycle_find (type, state, kind->name, by);
}

/* ---- what a thread remembers ---------------------------------------------------- */

static void note_received (const struct step *step, struct move *move)
{
	if (move->thread->seen_ms == 0)
		move->thread->seen_ms = move_ms (step, move);
}

static void note_appointment (const struct move *move)
{
	const struct answer *start = answer_find (move->letter->answers,
						  move->letter->answer_count, FIELD_APPOINTMENT);

	if (start != NULL && start->type == ANSWER_INSTANT)
		move->thread->appointment_ms = start->number;
}

static void note_cancel (const struct step *step, struct move *move)
{
	struct thread *thread = move->thread;

	if (thread->cancel_ms == 0)
		thread->cancel_ms = move_ms (step, move);
	thread->overlay = OVERLAY_CANCEL;
	if (move->ours)
		clock_start (step, &thread->id, DUE_SILENT_CANCEL, &thread->partner,
			     move_ms (step, move) + CANCEL_SILENT_MS);
}

/* The performer decided that the service goes on. */
static void note_continue (const struct step *step, struct move *move)
{
	move->thread->overlay = "";
	move->thread->cancel_ms = 0;
	deadline_done (step->tx, &move->thread->id, DUE_SILENT_CANCEL);
}

static bool is_no_show (const struct step *step, const struct move *move)
{
	const struct state *state = thread_state_of (step, move->thread);

	return move->row != NULL && move->row->to != NULL && state == move->row->to &&
	       text_is (state->business_status, BUSINESS_NO_SHOW);
}

static void note_no_show (const struct step *step, const struct move *move)
{
	if (!is_no_show (step, move))
		return;
	move->thread->no_shows++;
	move->thread->appointment_ms = 0;
}

/* The duty passes in the moment in which the other agency takes it, and not before. */
static void note_transfer (const struct step *step, struct move *move)
{
	const struct agency_id *performer =
		move->thread->performing ? step_self (step) : &move->thread->partner;
	struct person person;

	if (ID_IS_NONE (move->thread->person) ||
	    person_get (step_ledger (step), &move->thread->person, step->arena,
			&person) != ERR_OK)
		return;
	person.case_manager = performer->text;
	person_update (step->tx, &person);
}

/* ---- what follows --------------------------------------------------------------- */

static err_t cancel_child (const struct step *step, const struct thread *thread,
			   const struct letter *wish, bool *ret_asked)
{
	struct thread child;
	err_t err = thread_get (step_ledger (step), &thread->child, step->arena, &child);

	*ret_asked = false;
	if (err != ERR_OK || thread_has_ended (step, &child))
		return ERR_OK;
	*ret_asked = true;
	return text_given (child.overlay)
		       ? ERR_OK
		       : say_as_machine (step, &child, KIND_CANCEL, "", wish);
}

/* What was passed on ends only by the child's end, so the wish goes on to the third
 * party. */
static err_t follow_cancel (const struct step *step, struct move *move)
{
	struct thread *thread = move->thread;
	const struct state *state = thread_state_of (step, thread);
	bool asked = false;
	err_t err;

	if (move->ours || !text_is (state->business_status, "referred-onward"))
		return ERR_OK;
	err = cancel_child (step, thread, move->letter, &asked);
	if (err != ERR_OK || asked)
		return err;
	return referral_say_machine (step, thread, KIND_CANCELLED, "");
}

static err_t follow_no_show (const struct step *step, struct move *move)
{
	const struct kind_spec *fail;

	if (!move->ours || !is_no_show (step, move) ||
	    move->thread->no_shows < NO_SHOWS_TO_FAIL)
		return ERR_OK;
	fail = ending_kind (step, move->thread, "failed");
	return fail == NULL ? ERR_OK
			    : referral_say_machine (step, move->thread, fail->name, REASON_NO_SHOW);
}

static const struct effect {
	const char *kind;
	void (*note) (const struct step *step, struct move *move);
	err_t (*follow) (const struct step *step, struct move *move);
} effects[] = {
	/* clang-format off */
	{ KIND_RECEIVED, note_received,    NULL },
	{ KIND_CONTINUE, note_continue,    NULL },
	{ KIND_TRANSFER, note_transfer,    NULL },
	/* clang-format on */
};

/* A wish to cancel has its effect in threads of every type. */
static const struct effect cancel_effect = { NULL, note_cancel, follow_cancel };

static const struct effect *effect_of (const struct kind_spec *kind)
{
	if (kind_is_cancel_wish (kind))
		return &cancel_effect;
	for (size_t i = 0; i < COUNT_OF (effects); i++)
		if (text_is (effects[i].kind, kind->name))
			return &effects[i];
	return NULL;
}

/* ---- the child's end closes the parent ------------------------------------------ */

static const char *reason_of (const struct letter *letter)
{
	const struct answer *reason =
		answer_find (letter->answers, letter->answer_count, FIELD_REASON);

	return reason != NULL && reason->type == ANSWER_CODE ? reason->text : "";
}

static bool label_covered (const struct step *step, const struct thread *thread,
			   const char *label)
{
	struct cover cover;

	const struct partner *reader = step_partner (step, &thread->partner);

	if (text_given (label) && reader != NULL &&
	    label_hidden_from (step, reader->kind, &label, 1) != NULL)
		return false;
	/* A thread on another basis than consent has no clause that could lack it. */
	if (!text_given (label) || ID_IS_NONE (thread->clause))
		return true;
	cover_thread (step, thread, thread->purpose, &label, 1, &cover);
	return cover.verdict == ERR_OK;
}

/* Answers of one form that fit another, without those whose label the thread's clause
 * lacks. */
static size_t answers_carried (const struct step *step, const struct thread *thread,
			       const struct kind_spec *kind, const struct letter *letter,
			       struct answer *answers)
{
	size_t count = 0;

	for (size_t i = 0; i < letter->answer_count && count < LIMIT_ANSWERS; i++) {
		const struct answer *answer = &letter->answers[i];
		const struct field_spec *field = kind_field (kind, answer->field);

		if (field == NULL ||
		    (answer->type != field->type && answer->type != ANSWER_ABSENT) ||
		    answer->type == ANSWER_ATTACHMENT ||
		    (thread->data_stopped && answer_is_free (answer)) ||
		    !label_covered (step, thread, field->label))
			continue;
		answers[count++] = *answer;
	}
	return count;
}

static struct answer answer_of (const struct field_spec *field, enum answer_type type,
				const char *text)
{
	return (struct answer){
		.field = field->name,
		.type = type,
		.text = text,
		.system = type == ANSWER_CODE ? field->system : "",
		.display = "",
		.unit = "",
		.number = type == ANSWER_ABSENT ? ABSENT_NOT_ASKED : 0,
	};
}

/* A reason that nobody gave is "other", which its form wants explained. */
static size_t answer_reason (const struct kind_spec *kind, const struct field_spec *field,
			     const char *reason, struct answer *answers, size_t count)
{
	const struct field_spec *explained = kind_field (kind, field->explained_by);

	if (text_given (reason)) {
		answers[count++] = answer_of (field, ANSWER_CODE, reason);
	} else if (field->required) {
		answers[count++] = answer_of (field, ANSWER_CODE, REASON_OTHER);
		if (explained != NULL &&
		    answer_find (answers, count, explained->name) == NULL)
			answers[count++] = answer_of (explained, ANSWER_TEXT, OTHER_TEXT);
	}
	return count;
}

/* Completes a form for the agent itself: the reason, and "not asked" for the rest.  Tables stay
 * empty. */
static size_t answers_complete (const struct kind_spec *kind, const char *reason,
				struct answer *answers, size_t count)
{
	for (size_t i = 0; i < kind->field_count && count + 2 <= LIMIT_ANSWERS; i++) {
		const struct field_spec *field = &kind->fields[i];

		if (text_given (field->group) ||
		    answer_find (answers, count, field->name) != NULL)
			continue;
		if (text_is (field->name, FIELD_REASON) && field->type == ANSWER_CODE)
			count = answer_reason (kind, field, reason, answers, count);
		else if (field->required)
			answers[count++] = answer_of (field, ANSWER_ABSENT, "");
	}
	return count;
}

/* `like` lends its answers where they fit; NULL = none. */
static err_t say_as_machine (const struct step *step, struct thread *thread,
			     const char *name, const char *reason,
			     const struct letter *like)
{
	const struct kind_spec *kind = step_kind (step, name);
	struct answer *answers =
		arena_must (step->arena, LIMIT_ANSWERS * sizeof *answers);
	struct wording wording = { .kind = kind,
				   .answers = answers,
				   .urgency = thread->urgency };
	struct letter_id id;
	err_t err;

	if (kind == NULL ||
	    thread_row (step, thread, kind, thread_our_party (thread)) == NULL)
		return ERR_WRONG_STATE;
	if (like != NULL)
		wording.answer_count =
			answers_carried (step, thread, kind, like, answers);
	wording.answer_count =
		answers_complete (kind, reason, answers, wording.answer_count);
	if (answers_check (kind, answers, wording.answer_count, NULL) != ERR_OK)
		wording.answer_count = answers_complete (kind, "", answers, 0);
	err = wording_rest_on_thread (step, thread, &wording);
	if (err == ERR_NO_CONSENT || err == ERR_CONSENT_EXPIRED ||
	    err == ERR_CONSENT_WITHDRAWN) {
		/* An end must reach the other side; without consent it says only that
		 * much. */
		wording.answer_count =
			answers_complete (kind, REASON_WITHDRAWN, answers, 0);
		err = wording_rest_on_thread (step, thread, &wording);
	}
	return err != ERR_OK ? err : referral_say (step, thread, &wording, &id, NULL);
}

err_t referral_say_machine (const struct step *step, struct thread *thread,
			    const char *kind, const char *reason)
{
	return say_as_machine (step, thread, kind, reason, NULL);
}

/* The kind that ends the parent as the child ended: the first that its state allows. */
static err_t end_parent (const struct step *step, struct thread *parent,
			 const struct thread *child, const struct letter *letter)
{
	const struct state *end = thread_state_of (step, child);
	bool completed = text_is (end->task_status, "completed");
	bool cancelled = text_is (end->task_status, "cancelled");
	bool wished = text_given (parent->overlay);
	const char *kinds[] = {
		completed             ? KIND_COMPLETE
		: cancelled && wished ? KIND_CANCELLED
				      : KIND_FAIL,
		KIND_FAIL,
		KIND_CANCELLED,
	};
	err_t err = ERR_WRONG_STATE;

	for (size_t i = 0; i < COUNT_OF (kinds) && err == ERR_WRONG_STATE; i++)
		err = say_as_machine (step, parent, kinds[i], reason_of (letter), letter);
	return err;
}

static err_t close_parent (const struct step *step, const struct move *move)
{
	const struct thread *child = move->thread;
	struct thread parent;

	if (child->performing || ID_IS_NONE (child->parent) ||
	    thread_get (step_ledger (step), &child->parent, step->arena, &parent) !=
		    ERR_OK ||
	    !parent.performing || !ID_EQUAL (parent.child, child->id) ||
	    thread_has_ended (step, &parent))
		return ERR_OK;
	if (end_parent (step, &parent, child, move->letter) == ERR_WRONG_STATE)
		step_alarm (step, "onward-open", &parent.id, &parent.partner);
	return ERR_OK;
}

/* ---- the move ------------------------------------------------------------------- */

int64_t move_ms (const struct step *step, const struct move *move)
{
	return move->at_ms != 0 ? move->at_ms : step->now_ms;
}

static const char *move_target (const struct move *move)
{
	if (move->row == NULL || move->row->to == NULL ||
	    kind_is_cancel_wish (move->kind))
		return move->thread->state;
	return move->row->to->name;
}

static void write_arrival (const struct step *step, const struct move *move,
			   const char *from)
{
	struct entry entry = step_thread_entry (step, ENTRY_ARRIVED, move->thread);

	entry.letter = move->id;
	entry.kind = move->kind->name;
	entry.state_from = from;
	entry.state_to = move->thread->state;
	entry.word = move->word != NULL ? move->word : "";
	entry.user = move->user != NULL ? move->user : move->letter->from_user;
	entry.body = move->s;
	entry_add (step->tx, &entry);
}

static err_t change_state (const struct step *step, struct move *move, const char *to)
{
	struct thread *thread = move->thread;
	err_t err;

	if (move->opens || text_is (thread->state, to))
		return ERR_OK;
	err = thread_move (step->tx, &thread->id, thread->state, to, move_ms (step, move));
	if (err == ERR_OK)
		thread->state = to;
	return err;
}

/* The letter that the catalogue lets the machine answer by itself. */
static err_t answer_by_itself (const struct step *step, struct move *move)
{
	if (move->ours || move->row == NULL || move->row->then == NULL)
		return ERR_OK;
	return referral_say_machine (step, move->thread, move->row->then, "");
}

static err_t follow (const struct step *step, struct move *move, const struct effect *effect)
{
	err_t err;

	if (move->again)
		return ERR_OK;
	err = answer_by_itself (step, move);
	if (err == ERR_OK && thread_has_ended (step, move->thread))
		err = close_parent (step, move);
	if (err == ERR_OK)
		err = follow_no_show (step, move);
	if (err == ERR_OK && effect != NULL && effect->follow != NULL)
		err = effect->follow (step, move);
	return err;
}

err_t referral_move (const struct step *step, struct move *move)
{
	struct thread *thread = move->thread;
	const char *from = move->opens ? "" : thread->state;
	const struct effect *effect = effect_of (move->kind);
	err_t err = change_state (step, move, move_target (move));

	if (err != ERR_OK)
		return err;
	thread->moved_ms = move_ms (step, move);
	thread->last_letter = move->id;
	clocks_move (step, move);
	note_appointment (move);
	note_no_show (step, move);
	if (effect != NULL)
		effect->note (step, move);
	if (thread_has_ended (step, thread))
		thread->overlay = "";
	thread_update (step->tx, thread);
	reminders_move (step, move);
	capacity_move (step, move);
	chain_move (step, move);
	if (!move->ours)
		write_arrival (step, move, from);
	return follow (step, move, effect);
}

/* Whoever gets a person's data from us under a clause must hear of its withdrawal. */
static void remember_holder (const struct step *step, const struct thread *thread,
			     const struct wording *wording)
{
	if (!thread->performing && !ID_IS_NONE (wording->clause_id))
		holder_add (step->tx, &wording->clause_id, &wording->grantor,
			    &thread->partner, step->now_ms);
}

err_t referral_say (const struct step *step, struct thread *thread,
		    const struct wording *wording, struct letter_id *ret_id,
		    int64_t *ret_reply_by_ms)
{
	const struct kind_spec *kind = wording->kind;
	struct letter letter;
	struct move move = {
		.thread = thread,
		.kind = kind,
		.letter = &letter,
		.ours = true,
		.opens = wording->opens,
	};
	struct post_as as = {
		.to = thread->partner,
		.person = thread->person,
		.class = urgency_class (wording->urgency),
		.state_from = wording->opens ? "" : thread->state,
	};
	err_t err;

	move.row = wording->opens
			   ? NULL
			   : thread_row (step, thread, kind, thread_our_party (thread));
	if (move.row == NULL && !wording->opens)
		return ERR_WRONG_STATE;
	letter_of_thread (step, thread, wording, &letter);
	if (thread->performing)
		letter.rev = ++thread->rev;
	as.state_to = move_target (&move);
	err = letter_post (step, &letter, &as, &move.id);
	if (err != ERR_OK)
		return err;
	if (wording->opens)
		thread->request = move.id;
	remember_holder (step, thread, wording);
	*ret_id = move.id;
	if (ret_reply_by_ms != NULL)
		*ret_reply_by_ms = letter.reply_by_ms;
	return referral_move (step, &move);
}

/* ---- withdrawn consent and letters that came back ------------------------------- */

/* The requester's own view only: the performer never heard of this referral. */
static err_t end_unheard (const struct step *step, struct thread *thread)
{
	const struct thread_type *type = thread_type_of (step, thread);
	bool withdrawn = thread->data_stopped;
	struct entry entry = step_thread_entry (step, withdrawn ? ENTRY_CONSENT : ENTRY_RECALL,
						thread);
	const struct state *end = NULL;
	err_t err;

	for (size_t i = 0; end == NULL && type != NULL && i < type->state_count; i++)
		if (text_is (type->states[i].task_status, "cancelled"))
			end = &type->states[i];
	if (end == NULL || thread_has_ended (step, thread))
		return ERR_OK;
	err = thread_move (step->tx, &thread->id, thread->state, end->name, step->now_ms);
	if (err != ERR_OK)
		return err;
	entry.state_from = thread->state;
	entry.state_to = thread->state = end->name;
	entry.word = withdrawn ? REASON_WITHDRAWN : "";
	entry.letter = thread->request;
	entry_add (step->tx, &entry);
	thread->overlay = "";
	thread_update (step->tx, thread);
	deadline_done_all (step->tx, &thread->id);
	reminder_done_all (step->tx, &thread->id, step->now_ms);
	if (!chain_untell (step->tx, &thread->request))
		chain_told (step, thread, thread->state, withdrawn ? REASON_WITHDRAWN : "");
	return ERR_OK;
}

/* Some threads have nothing to cancel: what was told is told. */
static err_t wish_to_cancel (const struct step *step, struct thread *thread)
{
	const struct kind_spec *wish = cancel_wish (step, thread);

	return wish == NULL ? ERR_OK
			    : referral_say_machine (step, thread, wish->name, REASON_WITHDRAWN);
}

static err_t stop_requesting (const struct step *step, struct thread *thread)
{
	struct outbox_row row;
	err_t err = outbox_get (step_ledger (step), &thread->request, step->arena, &row);

	if (err == ERR_OK && row.state == OUTBOX_RECALLED && row.custody_ms == 0)
		return end_unheard (step, thread);
	/* The hub's word on the recall decides whether the performer must be told. */
	if (err == ERR_OK &&
	    (row.state == OUTBOX_RECALLED || row.state == OUTBOX_IN_CUSTODY))
		return ERR_OK;
	if (text_given (thread->overlay))
		return ERR_OK;
	return wish_to_cancel (step, thread);
}

static err_t stop_performing (const struct step *step, struct thread *thread)
{
	static const char *const ends[] = { "failed", "rejected", "cancelled" };
	err_t err = ERR_WRONG_STATE;

	for (size_t i = 0; i < COUNT_OF (ends) && err == ERR_WRONG_STATE; i++) {
		const struct kind_spec *kind = ending_kind (step, thread, ends[i]);

		if (kind != NULL)
			err = referral_say_machine (step, thread, kind->name, REASON_WITHDRAWN);
	}
	return err == ERR_WRONG_STATE ? ERR_OK : err;
}

err_t referral_stop (const struct step *step, const struct thread_id *id,
		     uint32_t *ret_stopped)
{
	struct thread thread;
	err_t err = thread_get (step_ledger (step), id, step->arena, &thread);
	bool stopped_before = err == ERR_OK && thread.data_stopped;

	if (err != ERR_OK)
		return err;
	thread.data_stopped = true;
	attachments_stop (step, &thread.id);
	thread_update (step->tx, &thread);
	if (stopped_before || thread_has_ended (step, &thread))
		return ERR_OK;
	(*ret_stopped)++;
	return thread.performing ? stop_performing (step, &thread)
				 : stop_requesting (step, &thread);
}

err_t referral_recalled (const struct step *step, const struct outbox_row *row, bool done)
{
	struct thread thread;

	if (ID_IS_NONE (row->thread) ||
	    thread_get (step_ledger (step), &row->thread, step->arena, &thread) !=
		    ERR_OK)
		return ERR_OK;
	/* Whoever wanted it back decides what to do now that it is there. */
	if (!done && !thread.data_stopped)
		step_alarm (step, ALARM_RECALL_LATE, &thread.id, &thread.partner);
	if (!ID_EQUAL (thread.request, row->id) || thread_has_ended (step, &thread))
		return ERR_OK;
	if (done)
		return end_unheard (step, &thread);
	if (!thread.data_stopped || text_given (thread.overlay))
		return ERR_OK;
	return wish_to_cancel (step, &thread);
}
