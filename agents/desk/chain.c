/*
 * Chains.  A side tells the coordinators that oversee it what moved in its chained threads: random
 * ids, agencies, a coarse kind, a state, times and a reason's code; nothing of the person and no
 * word that anybody wrote.  A coordinator keeps what it is told by those whom it oversees.
 *
 *   move -> chain_tell per coordinator -> (our letter: the hub has it) -> chain.events -> chain_event
 */
#include "agents/desk/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jembatan/log.h"

#define TOKEN_LETTERS "abcdefghijklmnopqrstuvwxyz0123456789-."

/* ---- who oversees us --------------------------------------------------------------------------- */

void coordinators_find (desk_t *desk)
{
	const directory_t *directory = desk->parts.directory;
	const struct directory_data *data = directory != NULL ? directory_data (directory) : NULL;
	size_t most = data != NULL ? data->oversight_count : 0;

	free (desk->coordinators);
	desk->coordinators = most > 0 ? must_alloc (most * sizeof *desk->coordinators) : NULL;
	desk->coordinator_count = 0;
	for (size_t i = 0; i < most; i++) {
		const struct agency_id *coordinator = &data->oversight[i].coordinator;

		if (oversight_is_first (data, i) &&
		    directory_oversees (directory, coordinator, &desk->parts.self))
			desk->coordinators[desk->coordinator_count++] = *coordinator;
	}
}

/* ---- what is told ------------------------------------------------------------------------------ */

static bool is_token (const char *text)
{
	size_t len = strlen (text);

	return len > 0 && len <= LIMIT_ID_TEXT && strspn (text, TOKEN_LETTERS) == len;
}

/* Somebody of the address book is told by kind alone: a name would say where a client lives. */
static struct agency_id side_told (const struct step *step, const struct agency_id *side)
{
	struct agency_id told = *side;
	struct contact contact;

	if (!contact_id_is (side))
		return told;
	if (contact_get (step_ledger (step), side, step->arena, &contact) == ERR_OK &&
	    is_token (contact.kind))
		snprintf (told.text, sizeof told.text, "@%.31s", contact.kind);
	else
		snprintf (told.text, sizeof told.text, "@other");
	return told;
}

static struct chain_event event_of (const struct step *step, const struct thread *thread,
				    const struct thread_type *type)
{
	struct agency_id partner = side_told (step, &thread->partner);

	return (struct chain_event){
		.chain = thread->chain,
		.referral = thread->id,
		.parent = thread->parent,
		.from = thread->performing ? partner : *step_self (step),
		.to = thread->performing ? *step_self (step) : partner,
		.kind = type->chained,
		.state = thread->state,
		.reason = "",
		.at_ms = step->now_ms,
	};
}

/* A letter that moves no state may still turn who is waited for.  It alone decides what is told, not
 * what else stands open: the other side may not know of that yet. */
static const char *state_told (const struct move *move)
{
	if (text_given (move->kind->pauses))
		return STATE_INFO_ASKED;
	return text_is (move->kind->name, KIND_CANCEL) ? OVERLAY_CANCEL : move->thread->state;
}

/* A code without a data label: one with a label says something about the person. */
static const char *reason_told (const struct move *move)
{
	const struct letter *letter = move->letter;
	const struct field_spec *field = kind_field (move->kind, FIELD_REASON);
	const struct answer *reason =
		answer_find (letter->answers, letter->answer_count, FIELD_REASON);

	if (reason == NULL || field == NULL || reason->type != ANSWER_CODE ||
	    text_given (field->label) || !is_token (reason->text))
		return "";
	return reason->text;
}

static const struct thread_type *type_told (const struct step *step, const struct thread *thread)
{
	const struct thread_type *type;

	if (step->desk->coordinator_count == 0 || ID_IS_NONE (thread->chain))
		return NULL;
	type = thread_type_of (step, thread);
	return type != NULL && text_given (type->chained) ? type : NULL;
}

static void tell (const struct step *step, const struct letter_id *letter,
		  const struct chain_event *event)
{
	for (size_t i = 0; i < step->desk->coordinator_count; i++)
		chain_tell (step->tx, &step->desk->coordinators[i], letter, event);
}

void chain_told (const struct step *step, const struct thread *thread, const char *state,
		 const char *reason)
{
	static const struct letter_id at_once;
	const struct thread_type *type = type_told (step, thread);
	struct chain_event event;

	if (type == NULL)
		return;
	event = event_of (step, thread, type);
	event.state = state;
	event.reason = reason;
	tell (step, &at_once, &event);
}

/* Both sides name the same letter and its time, so that their reports can be laid side by side. */
static void tell_move (const struct step *step, const struct move *move,
		       const struct thread_type *type)
{
	struct chain_event event = event_of (step, move->thread, type);
	bool leaves = move->ours && move->thread->carrier == CARRIER_WIRE;

	event.state = state_told (move);
	event.reason = reason_told (move);
	event.due_ms = move->letter->reply_by_ms;
	event.at_ms = text_is (move->word, "time-doubtful") ? move_ms (step, move)
							    : move->letter->created_ms;
	event.header_hash = move->header_hash;
	tell (step, leaves ? &move->id : &(struct letter_id){ { 0 } }, &event);
}

/* ---- a side says that somebody is late ---------------------------------------------------------- */

static const char *said_in (const struct letter *letter, const char *field)
{
	const struct answer *answer = answer_find (letter->answers, letter->answer_count, field);

	return answer != NULL && answer->text != NULL ? answer->text : "";
}

static void keep_overdue (const struct step *step, const struct move *move)
{
	const struct letter *letter = move->letter;
	const struct answer *due = answer_find (letter->answers, letter->answer_count, "due");
	const struct agency_id *from = &move->thread->partner;
	struct chain_event event = {
		.from = *from,
		.kind = CHAIN_OVERDUE,
		.state = said_in (letter, "state"),
		.reason = said_in (letter, "step"),
		.at_ms = text_is (move->word, "time-doubtful") ? step->now_ms : letter->created_ms,
		.due_ms = due != NULL ? due->number : 0,
		.header_hash = move->header_hash,
	};

	if (directory_oversees (step->desk->parts.directory, step_self (step), from) &&
	    uuid_parse (said_in (letter, "chain"), event.chain.b) == ERR_OK &&
	    uuid_parse (said_in (letter, "referral"), event.referral.b) == ERR_OK &&
	    agency_id_parse (said_in (letter, "owner"), &event.to) == ERR_OK &&
	    is_token (event.state) && is_token (event.reason))
		chain_event_add (step->tx, from, &event, step->now_ms);
}

void chain_move (const struct step *step, const struct move *move)
{
	const struct thread_type *type = type_told (step, move->thread);

	if (type != NULL)
		tell_move (step, move, type);
	else if (!move->ours && text_is (move->kind->name, KIND_OVERDUE))
		keep_overdue (step, move);
}

/* ---- letters to coordinators -------------------------------------------------------------------- */

void desk_in_custody (desk_t *desk, tx_t *tx, const struct letter_id *id, uint64_t leaf)
{
	if (desk->coordinator_count > 0)
		chain_tell_leaf (tx, id, leaf);
}

static void write_events (const struct step *step, const struct agency_id *to,
			  const struct chain_event *events, size_t count)
{
	struct post_as as = { .to = *to, .class = CLASS_ROUTINE };
	struct letter letter;
	struct letter_id id;

	if (step_member (step, to) == NULL)
		return;
	letter_begin (step, &letter, KIND_CHAIN_EVENTS, 1);
	uuid7_make_at (step->now_ms, letter.thread.b);
	letter.body = BODY_CHAIN_EVENTS;
	letter.chain_events = events;
	letter.chain_event_count = count;
	if (letter_post (step, &letter, &as, &id) != ERR_OK)
		LOG (FAIL, "desk.chain-events-too-large", LOG_A ("to", to),
		     LOG_N ("count", count));
}

/* As receipts: what one commit owes one coordinator travels as one letter. */
void desk_write_chain_events (desk_t *desk, tx_t *tx)
{
	while (desk->coordinator_count > 0) {
		STEP step = step_inside (desk, tx);
		struct agency_id to;
		struct chain_event *events;
		size_t count = chain_tell_take (tx, step.arena, &to, &events);

		if (count == 0)
			return;
		write_events (&step, &to, events, count);
	}
}

/* ---- at the coordinator ------------------------------------------------------------------------- */

/* Words are held against the syntax of codes, so that nothing else can be told here. */
static bool is_plausible (const struct step *step, const struct agency_id *reporter,
			  const struct chain_event *event)
{
	return (agency_id_equal (reporter, &event->from) ||
		agency_id_equal (reporter, &event->to)) &&
	       is_token (event->kind) && !text_is (event->kind, CHAIN_OVERDUE) &&
	       is_token (event->state) &&
	       (!text_given (event->reason) || is_token (event->reason)) &&
	       event->at_ms <= step->now_ms + CLOCK_DOUBTFUL_MS;
}

err_t chain_events_received (const struct step *step, const struct received *received)
{
	const struct agency_id *from = &received->header.from;
	const struct letter *letter = &received->letter;

	if (!directory_oversees (step->desk->parts.directory, step_self (step), from)) {
		step_alarm (step, "chain-uninvited", NULL, from);
		return ERR_NOT_ALLOWED;
	}
	for (size_t i = 0; i < letter->chain_event_count; i++) {
		const struct chain_event *event = &letter->chain_events[i];

		if (is_plausible (step, from, event))
			chain_event_add (step->tx, from, event, step->now_ms);
		else
			step_alarm (step, "chain-doubtful", NULL, from);
	}
	return tx_err (step->tx);
}
