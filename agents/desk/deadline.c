/*
 * Clocks.  A letter ends those that it answers, may pause one, and starts its own; the
 * tick looks at what has run out and tells whoever has to move: owner, then supervisor,
 * then coordinator.
 */
#include "agents/desk/inside.h"

#include <stdio.h>
#include <string.h>

#define TICK_MAX 256  /* of each sort in one tick; the next tick takes the rest */
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

/* The side that may write the first of the kinds that answer. */
static const struct agency_id *answering (const struct step *step,
					  const struct move *move)
{
	const struct kind_spec *reply = step_kind (step, move->kind->replies[0]);
	bool ours = reply != NULL && reply->by == thread_our_party (move->thread);

	return ours ? step_self (step) : &move->thread->partner;
}

static bool answers_clock (const struct kind_spec *asking, const char *clock,
			   const char *kind)
{
	return text_is (asking->reply_clock, clock) &&
	       word_among (kind, asking->replies, asking->reply_count);
}

static bool is_answered (const struct move *move, const struct deadline *deadline)
{
	const struct thread_type *type = move->kind->thread;
	const struct agency_id *author = &deadline->owner;

	for (size_t i = 0; i < type->kind_count; i++)
		if (answers_clock (&type->kinds[i], deadline->what, move->kind->name))
			return true;
	/* Whoever answers anything has seen what was sent. */
	return text_is (deadline->what, "received") &&
	       move->ours != agency_id_equal (author, &move->thread->partner);
}

static void end_answered (const struct step *step, const struct move *move)
{
	struct deadline *deadlines;
	size_t count = deadline_list (step_ledger (step), &move->thread->id, INT64_MAX,
				      CLOCKS_MAX, step->arena, &deadlines);

	for (size_t i = 0; i < count; i++)
		if (is_answered (move, &deadlines[i]))
			deadline_done (step->tx, &move->thread->id, deadlines[i].what);
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
	deadline.paused_ms = step->now_ms;
	deadline.paused_once = true;
	deadline_set (step->tx, &deadline);
}

static bool ends_pause (const struct move *move)
{
	const struct thread_type *type = move->kind->thread;

	for (size_t i = 0; i < type->kind_count; i++)
		if (text_given (type->kinds[i].pauses) &&
		    word_among (move->kind->name, type->kinds[i].replies,
				type->kinds[i].reply_count))
			return true;
	return false;
}

static void resume (const struct step *step, const struct move *move)
{
	struct deadline *deadlines;
	size_t count;

	if (!ends_pause (move))
		return;
	count = deadline_list (step_ledger (step), &move->thread->id, INT64_MAX,
			       CLOCKS_MAX, step->arena, &deadlines);
	for (size_t i = 0; i < count; i++) {
		if (deadlines[i].paused_ms == 0)
			continue;
		if (move->letter->reply_by_ms != 0)
			deadlines[i].due_ms = move->letter->reply_by_ms;
		else
			deadlines[i].due_ms += step->now_ms - deadlines[i].paused_ms;
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
}

/* ---- overdue -------------------------------------------------------------------- */

static const struct kind_spec *kind_in (const struct thread_type *type, const char *clock)
{
	for (size_t i = 0; i < type->kind_count; i++)
		if (text_is (type->kinds[i].reply_clock, clock) ||
		    text_is (type->kinds[i].seen_clock, clock))
			return &type->kinds[i];
	return NULL;
}

/* The kind whose answer is late; its escalation decides who hears of it. */
static const struct kind_spec *kind_behind (const struct step *step, const char *clock)
{
	const catalogue_t *catalogue = step->desk->parts.catalogue;
	const struct kind_spec *kind = NULL;

	for (size_t i = 0; kind == NULL && i < catalogue_thread_count (catalogue); i++)
		kind = kind_in (catalogue_thread_at (catalogue, i), clock);
	return kind;
}

/* The next step of escalation, when it is due. */
static const struct escalation *next_step (const struct step *step,
					   const struct kind_spec *kind,
					   const struct deadline *deadline)
{
	const struct escalation *next;

	if (kind == NULL || deadline->escalated >= kind->escalation_count)
		return NULL;
	next = &kind->escalation[deadline->escalated];
	return step->now_ms >= deadline->due_ms + next->days * DAY_MS ? next : NULL;
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
		said (kind, "owner", deadline->owner.text, 0),
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
static void tell_coordinators (const struct step *step, const struct thread *thread,
			       const struct deadline *deadline)
{
	const struct directory_data *data = directory_data (step->desk->parts.directory);

	if (agency_id_equal (&deadline->owner, step_self (step)))
		return;
	for (size_t i = 0; i < data->oversight_count; i++)
		if (directory_oversees (step->desk->parts.directory,
					&data->oversight[i].coordinator,
					step_self (step)))
			tell_coordinator (step, &data->oversight[i].coordinator, thread,
					  deadline);
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

	entry.word = deadline->what;
	entry.state_from = entry.state_to = thread->state;
	entry.partner = deadline->owner;
	entry_add (step->tx, &entry);
	for (size_t i = 0; i < COUNT_OF (overdue_alarms); i++)
		if (text_is (overdue_alarms[i].role, role))
			step_alarm (step, overdue_alarms[i].alarm, &thread->id,
				    &deadline->owner);
	if (text_is (role, "coordinator") && text_given (type->chained))
		tell_coordinators (step, thread, deadline);
}

static void escalate (const struct step *step, struct deadline *deadline)
{
	const struct kind_spec *kind = kind_behind (step, deadline->what);
	const struct escalation *next = next_step (step, kind, deadline);
	const struct thread_type *type;
	struct thread thread;

	/* Most of what is overdue has been told already. */
	if (next == NULL)
		return;
	type = type_behind (step, deadline, &thread);
	while (next != NULL && type != NULL) {
		escalate_to (step, next->role, type, &thread, deadline);
		deadline->escalated++;
		next = next_step (step, kind, deadline);
	}
	deadline_set (step->tx, deadline);
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

/* All of them: those that were escalated to the end stay open and come first. */
static void look_at_deadlines (const struct step *step)
{
	OWNED (arena) arena = arena_new (LIST_ARENA_BYTES);
	struct deadline *deadlines;
	size_t count = deadline_list (step_ledger (step), NULL, step->now_ms, SIZE_MAX,
				      arena, &deadlines);

	for (size_t i = 0; i < count; i++)
		look_at_deadline (step, &deadlines[i]);
}

/* ---- other things that time brings ---------------------------------------------- */

static void look_at_stat (const struct step *step)
{
	struct outbox_row *rows;
	size_t count = outbox_silent_stat (
		step_ledger (step), step->now_ms - STAT_ALARM_MS, step->arena, &rows);

	for (size_t i = 0; i < count; i++)
		step_alarm (step, "stat-silent", &rows[i].thread, &rows[i].to);
}

static void look_at_waiting (const struct step *step, enum inbox_state state,
			     const char *alarm)
{
	OWNED (arena) arena = arena_new (LIST_ARENA_BYTES);
	struct inbox_row *rows;
	size_t count = inbox_list (step_ledger (step), state, NULL,
				   step->now_ms - ORPHAN_WAIT_MS, TICK_MAX, arena, &rows);

	for (size_t i = 0; i < count; i++)
		step_alarm (step, alarm, &rows[i].thread, &rows[i].from);
}

/* Nobody consented in time: the body goes, the hash stays, and the sender hears of it. */
static void look_at_held (const struct step *step)
{
	OWNED (arena) arena = arena_new (LIST_ARENA_BYTES);
	struct inbox_row *rows;
	size_t count = inbox_list (step_ledger (step), INBOX_HELD, NULL,
				   step->now_ms - HELD_DELETE_MS, TICK_MAX, arena, &rows);

	for (size_t i = 0; i < count; i++) {
		struct receipt receipt = rows[i].receipt;
		struct entry entry = step_entry (step, ENTRY_HELD);

		inbox_erase_body (step->tx, &rows[i].from, &rows[i].id);
		inbox_set_state (step->tx, &rows[i].from, &rows[i].id, INBOX_ERASED,
				 rows[i].code);
		receipt.status = RECEIPT_IS_REFUSED;
		receipt.code = rows[i].code;
		receipt.at_ms = step->now_ms;
		receipt_owe (step->tx, &rows[i].from, &receipt);
		inbox_set_receipt (step->tx, &rows[i].from, &receipt);
		entry.letter = rows[i].id;
		entry.partner = rows[i].from;
		entry.kind = rows[i].kind;
		entry.word = "erased";
		entry_add (step->tx, &entry);
	}
}

static void look_at_gaps (const struct step *step)
{
	struct pair_gap *gaps;
	size_t count = pair_gaps (step_ledger (step), step->now_ms - GAP_REPORT_MS,
				  step->arena, &gaps);

	for (size_t i = 0; i < count; i++) {
		step_alarm (step, "withheld", NULL, &gaps[i].from);
		pair_gap_reported (step->tx, &gaps[i]);
	}
}

static void look_at_directory (const struct step *step)
{
	switch (directory_age (step->desk->parts.directory, step->now_ms)) {
	case DIRECTORY_FRESH: return;
	case DIRECTORY_ENDING: step_alarm (step, "directory-ending", NULL, NULL); return;
	case DIRECTORY_PAST: step_alarm (step, "directory-past", NULL, NULL); return;
	case DIRECTORY_DEGRADED:
		step_alarm (step, "directory-degraded", NULL, NULL);
		return;
	}
}

err_t desk_tick (desk_t *desk)
{
	STEP step = step_open (desk, &machine_actor);

	look_at_deadlines (&step);
	look_at_stat (&step);
	look_at_waiting (&step, INBOX_ORPHAN, "orphan");
	look_at_waiting (&step, INBOX_PARKED, "event-missing");
	look_at_held (&step);
	look_at_gaps (&step);
	look_at_directory (&step);
	desk_write_receipts (desk, step.tx);
	return step_commit (&step);
}
