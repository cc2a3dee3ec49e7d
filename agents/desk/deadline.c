/*
 * Clocks.  A letter ends those that it answers, may pause one, and starts its own; the
 * tick looks at what has run out and tells whoever has to move: owner, then supervisor,
 * then coordinator.  Before them, where the kind says so, the next agency is asked.
 */
#include "agents/desk/inside.h"

#include "agents/ledger/resume.h"

#include <stdio.h>
#include <string.h>

#define CLOCKS_MAX 32 /* open clocks of one thread */

void clock_start (const struct step *step, const struct thread_id *thread,
		  const char *what, const struct agency_id *owner, int64_t due_ms)
{
	struct deadline deadline = { .thread = *thread,
				     .owner = *owner,
				     .due_ms = due_ms };

	snprintf (deadline.what, sizeof deadline.what, "%s", what);
	deadline_set (step->tx, &deadline);
}

/* ---- of a letter ---------------------------------------------------------------- */

static const struct within *within_for (const struct within *within, enum urgency urgency)
{
	const struct within *chosen = &within[urgency];

	if (chosen->hours == 0 && chosen->working_days == 0)
		chosen = &within[URGENCY_ROUTINE];
	return chosen->hours == 0 && chosen->working_days == 0 ? NULL : chosen;
}

int64_t clock_asked (const struct step *step, const struct thread *thread,
		     const struct kind_spec *kind, enum urgency urgency)
{
	const struct within *within = within_for (kind->reply_within, urgency);

	if (kind->reply_count == 0 || within == NULL)
		return 0;
	return catalogue_due (step->desk->parts.catalogue, within,
			      performer_region (step, thread), step->now_ms);
}

/* The side that may write the first of the kinds that answer; where both may, the one that
 * was asked. */
static const struct agency_id *answering (const struct step *step,
					  const struct move *move)
{
	const struct kind_spec *reply = step_kind (step, move->kind->replies[0]);
	bool ours = reply != NULL && (reply->by == PARTY_EITHER
					      ? !move->ours
					      : reply->by == thread_our_party (move->thread));

	return ours ? step_self (step) : &move->thread->partner;
}

static const struct agency_id *author_of (const struct step *step,
					  const struct move *move)
{
	return move->ours ? step_self (step) : &move->thread->partner;
}

static bool answers_clock (const struct kind_spec *asking, const char *clock,
			   const char *kind)
{
	return text_is (asking->reply_clock, clock) &&
	       word_among (kind, asking->replies, asking->reply_count);
}

static bool is_answered (const struct step *step, const struct move *move,
			 const struct deadline *deadline)
{
	const struct thread_type *type = move->kind->thread;
	bool by_owner = agency_id_equal (&deadline->owner, author_of (step, move));

	/* Nobody answers himself with a kind that both sides write. */
	for (size_t i = 0; i < type->kind_count; i++)
		if (answers_clock (&type->kinds[i], deadline->what, move->kind->name) &&
		    (by_owner || move->kind->by != PARTY_EITHER))
			return true;
	/* Whoever answers anything has seen what was sent. */
	return text_is (deadline->what, "received") && by_owner;
}

static void end_answered (const struct step *step, const struct move *move)
{
	struct deadline *deadlines;
	size_t count = deadline_list (step_ledger (step), &move->thread->id, INT64_MAX,
				      CLOCKS_MAX, step->arena, &deadlines);

	for (size_t i = 0; i < count; i++) {
		if (!is_answered (step, move, &deadlines[i]))
			continue;
		deadline_done (step->tx, &move->thread->id, deadlines[i].what);
		ladder_answered (step, move, &deadlines[i]);
	}
}

/* A question stops the asked side's clock, but only the first question does. */
static void pause (const struct step *step, const struct move *move)
{
	struct deadline deadline;

	if (!text_given (move->kind->pauses) ||
	    deadline_get (step_ledger (step), &move->thread->id, move->kind->pauses,
			  &deadline) != ERR_OK ||
	    deadline.done || deadline.paused_once)
		return;
	deadline.paused_ms = move_ms (step, move);
	deadline.paused_once = true;
	deadline_set (step->tx, &deadline);
}

static bool ends_pause (const struct kind_spec *kind)
{
	const struct thread_type *type = kind->thread;

	for (size_t i = 0; i < type->kind_count; i++)
		if (text_given (type->kinds[i].pauses) &&
		    word_among (kind->name, type->kinds[i].replies,
				type->kinds[i].reply_count))
			return true;
	return false;
}

bool kind_resumes (const struct kind_spec *kind)
{
	return kind->reply_count == 0 && ends_pause (kind);
}

/* Letters that are given back may come in another order than the one in which they were stored. */
static int64_t paused_for (const struct deadline *deadline, int64_t until_ms)
{
	return until_ms > deadline->paused_ms ? until_ms - deadline->paused_ms : 0;
}

static void resume (const struct step *step, const struct move *move)
{
	struct deadline *deadlines;
	size_t count;

	if (!ends_pause (move->kind))
		return;
	count = deadline_list (step_ledger (step), &move->thread->id, INT64_MAX,
			       CLOCKS_MAX, step->arena, &deadlines);
	for (size_t i = 0; i < count; i++) {
		if (deadlines[i].paused_ms == 0)
			continue;
		if (kind_resumes (move->kind) && move->letter->reply_by_ms != 0)
			deadlines[i].due_ms = move->letter->reply_by_ms;
		else
			deadlines[i].due_ms += paused_for (&deadlines[i], move_ms (step, move));
		deadlines[i].paused_ms = 0;
		deadline_set (step->tx, &deadlines[i]);
	}
}

static void start_own (const struct step *step, const struct move *move)
{
	const struct kind_spec *kind = move->kind;
	const struct thread *thread = move->thread;
	const struct agency_id *reader = move->ours ? &thread->partner : step_self (step);
	const struct partner *partner = step_partner (step, reader);
	const struct within *seen = within_for (kind->seen_within, move->letter->urgency);

	/* Nobody tells us when a printed letter was opened; only its answer is waited for. */
	if (thread->carrier != CARRIER_WIRE)
		seen = NULL;
	if (kind->reply_count > 0 && move->letter->reply_by_ms != 0 &&
	    text_given (kind->reply_clock))
		clock_start (step, &thread->id, kind->reply_clock, answering (step, move),
			     move->letter->reply_by_ms);
	if (seen != NULL && text_given (kind->seen_clock))
		clock_start (step, &thread->id, kind->seen_clock, reader,
			     catalogue_due (step->desk->parts.catalogue, seen,
					    partner != NULL ? partner->region : "",
					    move->letter->created_ms));
}

void clocks_move (const struct step *step, const struct move *move)
{
	end_answered (step, move);
	if (thread_has_ended (step, move->thread))
		deadline_done_all (step->tx, &move->thread->id);
	pause (step, move);
	resume (step, move);
	start_own (step, move);
	ladder_move (step, move);
}

/* ---- overdue -------------------------------------------------------------------- */

static bool has_clock (const struct kind_spec *kind, const char *clock)
{
	return text_is (kind->reply_clock, clock) || text_is (kind->seen_clock, clock);
}

/* The kind whose answer is late; its escalation decides who hears of it.  The same clock
 * may stand in other types of threads, with other steps. */
static const struct kind_spec *kind_behind (const struct thread_type *type,
					    const char *clock)
{
	for (size_t i = 0; type != NULL && i < type->kind_count; i++)
		if (has_clock (&type->kinds[i], clock))
			return &type->kinds[i];
	return NULL;
}

/* Unanswered, the next on the list is asked before anybody is told. */
static const struct escalation ask_next = { 0, ROLE_NEXT };

/* The n-th step of escalation of a clock, or NULL behind the last. */
static const struct escalation *step_at (const struct kind_spec *kind, const char *clock,
					 uint32_t n)
{
	bool asks = kind->else_next && text_is (kind->reply_clock, clock);

	if (asks && n == 0)
		return &ask_next;
	n -= asks ? 1 : 0;
	return n < kind->escalation_count ? &kind->escalation[n] : NULL;
}

/* The next step of escalation, when it is due. */
static const struct escalation *next_step (const struct step *step,
					   const struct kind_spec *kind,
					   const struct deadline *deadline)
{
	const struct escalation *next =
		kind != NULL ? step_at (kind, deadline->what, deadline->escalated) : NULL;

	return next != NULL && step->now_ms >= deadline->due_ms + next->days * DAY_MS
		       ? next
		       : NULL;
}

/* Most of what is overdue has been told already, which the catalogue alone can say: a
 * thread is read only when some kind with such a clock has a step left. */
static bool may_have_step (const struct step *step, const struct deadline *deadline)
{
	const catalogue_t *catalogue = step->desk->parts.catalogue;

	for (size_t i = 0; i < catalogue_thread_count (catalogue); i++) {
		const struct thread_type *type = catalogue_thread_at (catalogue, i);

		for (size_t k = 0; k < type->kind_count; k++)
			if (has_clock (&type->kinds[k], deadline->what) &&
			    next_step (step, &type->kinds[k], deadline) != NULL)
				return true;
	}
	return false;
}

static const struct thread_type *type_behind (const struct step *step,
					      const struct deadline *deadline,
					      struct thread *ret_thread)
{
	if (thread_get (step_ledger (step), &deadline->thread, step->arena, ret_thread) ==
	    ERR_OK)
		return thread_type_of (step, ret_thread);
	/* The thread of a consent is named after its clause and has no row of its own. */
	*ret_thread = (struct thread){ .id = deadline->thread,
				       .partner = deadline->owner,
				       .state = "" };
	return catalogue_thread (step->desk->parts.catalogue, "consent");
}

static struct answer said (const struct kind_spec *kind, const char *field,
			   const char *text, int64_t number)
{
	const struct field_spec *spec = kind_field (kind, field);

	return (struct answer){
		.field = field,
		.type = spec != NULL ? spec->type : ANSWER_TEXT,
		.text = text,
		.system = spec != NULL && spec->type == ANSWER_CODE ? spec->system : "",
		.display = "",
		.unit = "",
		.number = number,
	};
}

/* Somebody of the address book has no name in the network: whoever wrote to it acts. */
static const struct agency_id *acting (const struct step *step,
				       const struct thread *thread,
				       const struct deadline *deadline)
{
	return thread->carrier == CARRIER_WIRE ? &deadline->owner : step_self (step);
}

/* States and dates only: a coordinator never learns who it is. */
static void tell_coordinator (const struct step *step,
			      const struct agency_id *coordinator,
			      const struct thread *thread,
			      const struct deadline *deadline)
{
	const struct kind_spec *kind = step_kind (step, KIND_OVERDUE);
	struct post_as as = { .to = *coordinator, .class = CLASS_ROUTINE };
	char referral[UUID_TEXT], chain[UUID_TEXT];
	int64_t days = (step->now_ms - deadline->due_ms) / DAY_MS;
	struct letter letter;
	struct letter_id id;

	if (kind == NULL)
		return;
	letter_begin (step, &letter, kind->name, kind->version);
	uuid7_make (letter.thread.b);
	letter.basis = kind->basis_count > 0 ? kind->bases[0] : BASIS_NO_DATA;
	letter.body = BODY_ANSWERS;
	letter.answers = (struct answer[]){
		said (kind, "referral", uuid_text (thread->id.b, referral), 0),
		said (kind, "chain", uuid_text (thread->chain.b, chain), 0),
		said (kind, "owner", acting (step, thread, deadline)->text, 0),
		said (kind, "state", thread->state, 0),
		said (kind, "step", deadline->what, 0),
		said (kind, "due", "", deadline->due_ms),
		said (kind, "days-late", "", days < 3660 ? days : 3660),
	};
	letter.answer_count = 7;
	if (answers_check (kind, letter.answers, letter.answer_count, NULL) != ERR_OK ||
	    letter_post (step, &letter, &as, &id) != ERR_OK)
		step_alarm (step, "overdue-untold", &thread->id, coordinator);
}

/* Only the side that waits tells: it can't be late itself. */
static bool coordinators_hear (const struct step *step, const struct thread_type *type,
			       const struct deadline *deadline)
{
	return !agency_id_equal (&deadline->owner, step_self (step)) &&
	       text_given (type->chained) && step->desk->coordinator_count > 0;
}

static void tell_coordinators (const struct step *step, const struct thread *thread,
			       const struct deadline *deadline)
{
	for (size_t i = 0; i < step->desk->coordinator_count; i++)
		tell_coordinator (step, &step->desk->coordinators[i], thread, deadline);
}

static const struct {
	const char *role, *alarm;
} overdue_alarms[] = {
	{ "owner", "overdue" },
	{ "supervisor", "overdue-supervisor" },
	{ "coordinator", "overdue-coordinator" },
};

static void escalate_to (const struct step *step, const char *role,
			 const struct thread_type *type, const struct thread *thread,
			 const struct deadline *deadline)
{
	struct entry entry = step_thread_entry (step, ENTRY_DEADLINE, thread);

	if (text_is (role, "coordinator")) {
		if (!coordinators_hear (step, type, deadline))
			return;
		tell_coordinators (step, thread, deadline);
	}
	entry.word = deadline->what;
	entry.state_from = entry.state_to = thread->state;
	entry.partner = deadline->owner;
	entry_add (step->tx, &entry);
	for (size_t i = 0; i < COUNT_OF (overdue_alarms); i++)
		if (text_is (overdue_alarms[i].role, role))
			step_alarm (step, overdue_alarms[i].alarm, &thread->id,
				    &deadline->owner);
}

static void escalate (const struct step *step, struct deadline *deadline)
{
	const struct escalation *next;
	const struct kind_spec *kind;
	const struct thread_type *type;
	struct thread thread;

	if (!may_have_step (step, deadline))
		return;
	type = type_behind (step, deadline, &thread);
	kind = kind_behind (type, deadline->what);
	next = next_step (step, kind, deadline);
	if (next == NULL)
		return;
	for (; next != NULL; next = next_step (step, kind, deadline)) {
		if (next == &ask_next)
			ladder_next (step, &thread, kind);
		else
			escalate_to (step, next->role, type, &thread, deadline);
		deadline->escalated++;
	}
	deadline_set (step->tx, deadline);
}

const char *desk_escalated (desk_t *desk, const struct deadline *deadline)
{
	STEP step = step_look (desk);
	struct thread thread;
	const struct thread_type *type = type_behind (&step, deadline, &thread);
	const struct kind_spec *kind = kind_behind (type, deadline->what);

	for (size_t i = kind != NULL ? deadline->escalated : 0; i > 0; i--) {
		const struct escalation *taken = step_at (kind, deadline->what, i - 1);

		if (taken != NULL && (!text_is (taken->role, "coordinator") ||
				      coordinators_hear (&step, type, deadline)))
			return taken->role;
	}
	return "";
}

/* Nobody confirmed the cancel: on our side it counts as cancelled, unconfirmed. */
static void give_up_cancel (const struct step *step, const struct deadline *deadline)
{
	struct thread thread;
	struct entry entry;

	deadline_done (step->tx, &deadline->thread, deadline->what);
	if (thread_get (step_ledger (step), &deadline->thread, step->arena, &thread) !=
		    ERR_OK ||
	    !text_is (thread.overlay, OVERLAY_CANCEL))
		return;
	thread.overlay = OVERLAY_UNCONFIRMED;
	thread_update (step->tx, &thread);
	entry = step_thread_entry (step, ENTRY_DEADLINE, &thread);
	entry.word = OVERLAY_UNCONFIRMED;
	entry.state_from = entry.state_to = thread.state;
	entry_add (step->tx, &entry);
	chain_told (step, &thread, OVERLAY_UNCONFIRMED, "");
	step_alarm (step, OVERLAY_UNCONFIRMED, &thread.id, &thread.partner);
}

static void look_at_deadline (const struct step *step, struct deadline *deadline)
{
	STEP part = step_part (step);

	if (text_is (deadline->what, DUE_SILENT_CANCEL))
		give_up_cancel (&part, deadline);
	else
		escalate (&part, deadline);
}

/* The answer may have come to the ledger that was lost: its partner gives it back. */
static bool may_be_answered (const struct step *step, const struct deadline *deadline)
{
	struct thread thread;

	return restored_get (step_ledger (step)).at_ms > 0 &&
	       thread_get (step_ledger (step), &deadline->thread, step->arena, &thread) ==
		       ERR_OK &&
	       thread.carrier == CARRIER_WIRE &&
	       resume_waits (step_ledger (step), &thread.partner, step->now_ms);
}

/* All of them: those that were escalated to the end stay open and come first. */
void deadlines_look (const struct step *step)
{
	OWNED (arena) arena = arena_new (LIST_ARENA_BYTES);
	struct deadline *deadlines;
	size_t count = deadline_list (step_ledger (step), NULL, step->now_ms, SIZE_MAX,
				      arena, &deadlines);

	for (size_t i = 0; i < count; i++)
		if (!may_be_answered (step, &deadlines[i]))
			look_at_deadline (step, &deadlines[i]);
}
