/*
 * A letter arrives.  It passes an ordered table of stages; the first that has an answer
 * ends it, and every answer leaves a row in the inbox or an entry, and a receipt that is
 * owed.
 *
 *   trust -> duplicate -> sight -> late -> machine's own -> kind -> thread -> consent ->
 *         form -> orphan -> turn -> move -> then those that waited for it
 *
 * Letters that waited (parked ones, orphans) pass the later stages again; their receipt
 * has gone.  Held ones do when a clause comes that covers them, and their sender hears
 * of it; unknown ones when a newer catalogue knows them.
 */
#include "agents/desk/arrival.h"

#include "agents/ledger/resume.h"

static bool is_doubtful (const struct arrival *arrival)
{
	return letter_of (arrival)->created_ms > came_ms (arrival) + CLOCK_DOUBTFUL_MS;
}

/* ---- answers -------------------------------------------------------------------- */

static struct entry arrival_entry (const struct arrival *arrival, enum entry_type type)
{
	struct entry entry = step_entry (&arrival->step, type);
	const struct letter *letter = letter_of (arrival);

	entry.letter = arrival->received->header.id;
	entry.partner = *sender_of (arrival);
	entry.kind = letter->kind;
	if (!arrival->foreign)
		entry.thread = letter->thread;
	if (arrival->known) {
		entry.person = arrival->thread.person;
		entry.state_from = entry.state_to = arrival->thread.state;
	}
	return entry;
}

/* Files come after the letter that names them was seen, and not before somebody may see them. */
static void expect_files (const struct arrival *arrival, enum inbox_state state)
{
	if (state == INBOX_APPLIED || state == INBOX_PARKED || state == INBOX_LATE ||
	    state == INBOX_OLD || state == INBOX_UNKNOWN)
		attachments_expect (&arrival->step, arrival->received,
				    arrival->known ? &arrival->thread : NULL);
}

/* Into the inbox, with the receipt that it owes.  One that waited only changes its state.
 */
static bool store (struct arrival *arrival, enum inbox_state state,
		   enum receipt_status status, err_t code)
{
	const struct received *received = arrival->received;
	struct inbox_row row = {
		.id = received->header.id,
		.from = received->header.from,
		.header_hash = received->sealed.header_hash,
		.class = received->header.class,
		.state = state,
		.kind = received->letter.kind,
		.rev = received->letter.rev,
		.case_id = received->letter.case_id,
		.arrived_ms = came_ms (arrival),
		.code = code,
		.late = state == INBOX_LATE,
		.time_doubtful = is_doubtful (arrival),
		.h = received->sealed.h,
		.s = received->letter.body == BODY_LETTER_AGAIN ? BYTES_NONE : received->sealed.s,
		.sig = received->sealed.sig,
	};

	if (!arrival->foreign)
		row.thread = received->letter.thread;
	if (arrival->known)
		row.person = arrival->thread.person;
	expect_files (arrival, state);
	if (arrival->released) {
		receipt_for (&arrival->step, received, status, code, &row.receipt);
		inbox_set_receipt (arrival->step.tx, &row.from, &row.receipt);
		receipt_owe (arrival->step.tx, &row.from, &row.receipt);
	}
	if (arrival->waited) {
		inbox_set_state (arrival->step.tx, &row.from, &row.id, state, code);
		if (arrival->known && !ID_IS_NONE (row.person))
			inbox_set_person (arrival->step.tx, &row.from, &row.id,
					  &row.person);
		return true;
	}
	receipt_for (&arrival->step, received, status, code, &row.receipt);
	row.receipt.late = row.late;
	row.receipt.time_doubtful = row.time_doubtful;
	inbox_add (arrival->step.tx, &row);
	if (received->letter.body != BODY_RECEIPTS)
		receipt_owe (arrival->step.tx, &row.from, &row.receipt);
	return true;
}

/* Refused for ever.  It is not known afterwards: if it comes again, it is judged anew. */
static bool refuse (struct arrival *arrival, err_t code, enum entry_type type)
{
	struct entry entry = arrival_entry (arrival, type);
	struct receipt receipt;

	error_count (&arrival->step.desk->refused, code);
	entry.word = err_name (code);
	if (!arrival->hidden)
		entry.body = arrival->received->sealed.s;
	entry.person = (struct person_id){ 0 };
	entry_add (arrival->step.tx, &entry);
	receipt_for (&arrival->step, arrival->received, RECEIPT_IS_REFUSED, code,
		     &receipt);
	arrival->refused = true;
	if (arrival->waited) {
		if (arrival->hidden)
			inbox_erase_body (arrival->step.tx, sender_of (arrival), &receipt.id);
		inbox_set_state (arrival->step.tx, sender_of (arrival), &receipt.id,
				 INBOX_REFUSED, code);
		inbox_set_receipt (arrival->step.tx, sender_of (arrival), &receipt);
	}
	if (step_member (&arrival->step, sender_of (arrival)) != NULL)
		receipt_owe (arrival->step.tx, sender_of (arrival), &receipt);
	return true;
}

static bool alarm_and_refuse (struct arrival *arrival, const char *alarm, err_t code)
{
	step_alarm (&arrival->step, alarm, NULL, sender_of (arrival));
	return refuse (arrival, code, ENTRY_QUARANTINE);
}

/* Stored, and shown as it is. */
static bool store_shown (struct arrival *arrival, enum inbox_state state, err_t code)
{
	struct entry entry = arrival_entry (arrival, ENTRY_ARRIVED);

	entry.word = state == INBOX_LATE ? "late" : err_name (code);
	entry.user = letter_of (arrival)->from_user;
	entry.body = arrival->received->sealed.s;
	entry_add (arrival->step.tx, &entry);
	return store (arrival, state, RECEIPT_IS_STORED, code);
}

/* ---- stages --------------------------------------------------------------------- */

/* What could not be opened may only have been damaged on its way; a signature that does
 * not hold or a key that may not sign is somebody's doing. */
static const struct {
	err_t trust;
	const char *alarm;
} trust_alarms[] = {
	{ ERR_KEY_REVOKED, "quarantined" },
	{ ERR_BAD_SIGNATURE, "signer-doubtful" },
	{ ERR_KEY_UNKNOWN, "signer-doubtful" },
	{ ERR_NOT_MEMBER, "signer-doubtful" },
};

static bool judge_trust (struct arrival *arrival)
{
	err_t trust = arrival->received->trust;

	if (trust == ERR_OK)
		return false;
	/* Nobody can say what was in it; it may have been the word on letters of ours. */
	if (trust == ERR_WRONG_KEY)
		outbox_ask_again (arrival->step.tx, sender_of (arrival), arrival->step.now_ms);
	for (size_t i = 0; i < COUNT_OF (trust_alarms); i++)
		if (trust_alarms[i].trust == trust)
			return alarm_and_refuse (arrival, trust_alarms[i].alarm, trust);
	return refuse (arrival, trust, ENTRY_QUARANTINE);
}

/* What the sender counted, and what it has of ours: a letter that was counted by this very store and
 * is not here was written by a later state of this ledger. */
static void note_pair (const struct arrival *arrival)
{
	const struct step *step = &arrival->step;
	const struct received *received = arrival->received;
	const struct pair_sequence *pair = &letter_of (arrival)->pair;

	if (pair_arrived (step->tx, &received->header, &received->sealed.header_hash, pair,
			  step->now_ms))
		step_alarm_done (step, "withheld", sender_of (arrival));
	if (ID_EQUAL (pair->newest_store, ledger_store_id (step_ledger (step))) &&
	    !ID_IS_NONE (pair->newest) &&
	    !outbox_knows (step_ledger (step), &pair->newest, sender_of (arrival))) {
		step_alarm (step, ALARM_BEHIND, NULL, sender_of (arrival));
		restored_is_due (step->tx);
	}
}

static bool judge_duplicate (struct arrival *arrival)
{
	const struct received *received = arrival->received;
	struct inbox_row row;

	switch (inbox_seen (step_ledger (&arrival->step), sender_of (arrival),
			    &received->header.id, &received->sealed.header_hash,
			    arrival->step.arena, &row)) {
	case INBOX_NEW:
		if (letter_of (arrival)->pair.n > 0)
			note_pair (arrival);
		resume_notice (&arrival->step, sender_of (arrival), &letter_of (arrival)->pair);
		return false;
	case INBOX_DUPLICATE:
		if (letter_of (arrival)->body != BODY_RECEIPTS)
			receipt_owe (arrival->step.tx, sender_of (arrival), &row.receipt);
		attachments_say_again (&arrival->step, sender_of (arrival), &row.id);
		return true;
	case INBOX_EQUIVOCATION: break;
	}
	return alarm_and_refuse (arrival, "equivocation", ERR_EQUIVOCATION);
}

/* A performer's own words in a discreet thread go to somebody who may know. */
static bool is_discreet_answer (const struct kind_spec *kind)
{
	return kind->thread->discreet && kind->by == PARTY_PERFORMER;
}

/* Data and words that this agency may never see, whatever a clause says, are not even kept. */
static bool judge_sight (struct arrival *arrival)
{
	const struct step *step = &arrival->step;
	const struct member *self = step_member (step, step_self (step));
	const struct letter *letter = letter_of (arrival);
	err_t err = ERR_OK;

	arrival_find_kind (arrival);
	if (self == NULL)
		return false;
	if (arrival->kind != NULL && !is_discreet_answer (arrival->kind))
		err = discretion_judge (step, arrival->kind, self->kind, letter->answers,
					letter->answer_count, NULL);
	if (err == ERR_OK && arrival->kind != NULL && !is_discreet_answer (arrival->kind))
		err = discretion_judge_files (step, arrival->kind, self->kind,
					      letter->attachments, letter->attachment_count, NULL);
	if (err == ERR_OK &&
	    label_hidden_from (step, self->kind, letter->labels, letter->label_count) == NULL)
		return false;
	arrival->hidden = true;
	return refuse (arrival, ERR_INVALID, ENTRY_QUARANTINE);
}

/* A word that ends a letter of ours, a withdrawal, and what moved elsewhere hold good however late
 * they come. */
static bool judge_machine (struct arrival *arrival)
{
	enum letter_body body = letter_of (arrival)->body;

	if (body == BODY_RECEIPTS)
		arrival->err = receipts_received (&arrival->step, arrival->received);
	else if (consent_is_body (body))
		arrival->err = consent_received (&arrival->step, arrival->received);
	else if (body == BODY_CHAIN_EVENTS)
		arrival->err = chain_events_received (&arrival->step, arrival->received);
	else if (body == BODY_LEDGER_RESUME)
		arrival->err = resume_received (&arrival->step, arrival->received);
	else if (body == BODY_LETTER_AGAIN)
		arrival->err = again_received (&arrival->step, arrival->received);
	else if (body == BODY_LOG_REPORT)
		arrival->err = log_report_received (&arrival->step, arrival->received);
	else
		return false;
	if (err_lane (arrival->err) == LANE_REFUSE) {
		err_t why = arrival->err;

		arrival->err = ERR_OK;
		return refuse (arrival, why, ENTRY_QUARANTINE);
	}
	return arrival->err != ERR_OK ||
	       store (arrival, INBOX_APPLIED, RECEIPT_IS_STORED, ERR_OK);
}

/* A value newer than this program: no form that it knows was meant. */
static bool has_unknown_answer (const struct letter *letter)
{
	for (size_t i = 0; i < letter->answer_count; i++)
		if (letter->answers[i].type == ANSWER_UNKNOWN)
			return true;
	return false;
}

/* Of this catalogue, with answers that its form can have. */
static bool is_understood (const struct arrival *arrival)
{
	return arrival->kind != NULL && !has_unknown_answer (letter_of (arrival));
}

void arrival_find_kind (struct arrival *arrival)
{
	const struct letter *letter = letter_of (arrival);

	arrival->kind = catalogue_kind (arrival->step.desk->parts.catalogue, letter->kind,
					letter->kind_version);
}

err_t arrival_find_cover (const struct arrival *arrival)
{
	const struct thread *thread = arrival->known ? &arrival->thread : NULL;
	struct step then = arrival->step;

	then.now_ms = arrival->covered_ms != 0 ? arrival->covered_ms : came_ms (arrival);
	return is_understood (arrival)
		       ? cover_received (&then, arrival->received, arrival->kind, thread)
		       : cover_unknown (&then, arrival->received, arrival->kind, thread);
}

static bool judge_consent (struct arrival *arrival)
{
	err_t verdict = arrival_find_cover (arrival);
	struct entry entry = arrival_entry (arrival, ENTRY_HELD);

	if (verdict == ERR_OK)
		return false;
	entry.word = err_name (verdict);
	entry_add (arrival->step.tx, &entry);
	step_alarm (&arrival->step, "held", arrival->known ? &arrival->thread.id : NULL,
		    sender_of (arrival));
	return store (arrival, INBOX_HELD, RECEIPT_IS_HELD, verdict);
}

/* Shown, so only when it is covered; it moves nothing. */
static bool judge_late (struct arrival *arrival)
{
	enum letter_body body = letter_of (arrival)->body;

	if ((arrival->received->again && arrival->received->first_ms == 0) ||
	    came_ms (arrival) <= arrival->received->header.expires_at_ms + LETTER_LATE_MS ||
	    body == BODY_RECEIPTS || body == BODY_CHAIN_EVENTS || body == BODY_LEDGER_RESUME ||
	    body == BODY_LETTER_AGAIN || body == BODY_LOG_REPORT || consent_is_body (body))
		return false;
	arrival_find_kind (arrival);
	return judge_consent (arrival) || store_shown (arrival, INBOX_LATE, ERR_EXPIRED);
}

/* Looks up what the next stages need; a kind that this catalogue does not know is shown
 * as it is, when it is covered. */
static bool judge_kind (struct arrival *arrival)
{
	arrival_find_kind (arrival);
	if (is_understood (arrival)) {
		arrival->opens =
			lifecycle_find (arrival->kind->thread, NULL, arrival->kind->name,
					PARTY_REQUESTER) != NULL;
		return false;
	}
	if (judge_consent (arrival))
		return true;
	step_alarm (&arrival->step, "update-needed", NULL, sender_of (arrival));
	return store_shown (arrival, INBOX_UNKNOWN, ERR_UNKNOWN_KIND);
}

static bool kinds_allow (const char *const *kinds, size_t count,
			 const struct member *member)
{
	return count == 0 || (member != NULL && word_among (member->kind, kinds, count));
}

static bool sender_may (const struct arrival *arrival)
{
	const struct kind_spec *kind = arrival->kind;
	const struct step *step = &arrival->step;

	if (!kinds_allow (kind->from_kinds, kind->from_kind_count,
			  step_member (step, sender_of (arrival))) ||
	    !kinds_allow (kind->to_kinds, kind->to_kind_count,
			  step_member (step, step_self (step))))
		return false;
	/* One of a thread that we don't know yet is judged when its request has come. */
	return !arrival->known || kind->by != thread_our_party (&arrival->thread);
}

static bool judge_thread (struct arrival *arrival)
{
	/* Nobody learns here whether a thread of somebody else exists. */
	if (arrival->foreign)
		return alarm_and_refuse (arrival, "foreign-thread", ERR_NOT_FOUND);
	if (ID_IS_NONE (letter_of (arrival)->thread))
		return refuse (arrival, ERR_MALFORMED, ENTRY_QUARANTINE);
	if (arrival->known && arrival->opens)
		return refuse (arrival, ERR_WRONG_STATE, ENTRY_QUARANTINE);
	return sender_may (arrival) ? false
				    : refuse (arrival, ERR_NOT_ALLOWED, ENTRY_QUARANTINE);
}

/* What opens a thread says whom it is about and what for, as its type asks. */
static err_t check_opening (const struct arrival *arrival)
{
	const struct thread_type *type = arrival->kind->thread;
	const struct letter *letter = letter_of (arrival);

	if (!arrival->opens)
		return ERR_OK;
	if (type->about == ABOUT_PERSON && ID_IS_NONE (letter->case_id))
		return ERR_INVALID;
	return text_given (type->purpose) && !text_is (letter->purpose, type->purpose)
		       ? ERR_INVALID
		       : ERR_OK;
}

static bool judge_form (struct arrival *arrival)
{
	const struct letter *letter = letter_of (arrival);
	err_t err = answers_check (arrival->kind, letter->answers, letter->answer_count,
				   NULL);

	if (err == ERR_OK)
		err = attachments_check (arrival->kind, letter);
	/* Labelled data has no place where no consent is asked for. */
	if (!arrival->kind->needs_consent && letter->label_count > 0)
		err = ERR_INVALID;
	if (err == ERR_OK)
		err = check_opening (arrival);
	return err == ERR_OK ? false : refuse (arrival, err, ENTRY_QUARANTINE);
}

static bool judge_orphan (struct arrival *arrival)
{
	if (arrival->known || arrival->opens)
		return false;
	return store (arrival, INBOX_ORPHAN, RECEIPT_IS_STORED, ERR_OK);
}

bool arrival_is_event (const struct arrival *arrival)
{
	return letter_of (arrival)->rev > 0 && arrival->known &&
	       !arrival->thread.performing;
}

static bool judge_turn (struct arrival *arrival)
{
	uint32_t rev = letter_of (arrival)->rev;

	if (!arrival_is_event (arrival) || rev == arrival->thread.rev + 1)
		return false;
	if (rev > arrival->thread.rev)
		return store (arrival, INBOX_PARKED, RECEIPT_IS_STORED, ERR_OUT_OF_ORDER);
	/* It had its turn unseen, and nothing that came after it has moved the thread. */
	if ((arrival->released || arrival->anew) &&
	    !inbox_moved_past (step_ledger (&arrival->step), sender_of (arrival),
			       &arrival->thread.id, rev))
		return false;
	return store_shown (arrival, INBOX_OLD, ERR_OUT_OF_ORDER);
}

/* ---- the move ------------------------------------------------------------------- */

static bool has_waiting (const struct arrival *arrival, enum inbox_state state)
{
	return inbox_has (step_ledger (&arrival->step), state, &arrival->thread.id);
}

/*
 * The performer's ledger is authoritative.  If an event came between that could not be
 * applied here (an unknown kind, held, late), ours stands behind, and follows by the
 * kind's own row.
 */
static const struct transition *row_behind (const struct arrival *arrival)
{
	const struct thread_type *type = arrival->kind->thread;

	if (!arrival_is_event (arrival) ||
	    thread_has_ended (&arrival->step, &arrival->thread) ||
	    (!has_waiting (arrival, INBOX_UNKNOWN) &&
	     !has_waiting (arrival, INBOX_HELD) && !has_waiting (arrival, INBOX_LATE)))
		return NULL;
	for (size_t i = 0; i < type->transition_count; i++)
		if (type->transitions[i].by == PARTY_PERFORMER &&
		    text_is (type->transitions[i].kind, arrival->kind->name))
			return &type->transitions[i];
	return NULL;
}

/* The clause that came with a letter is kept with the person whom it is about. */
static bool keep_clause (const struct step *step, const struct letter *letter,
			 const struct person_id *person, struct clause *ret_clause)
{
	if (letter->basis != BASIS_CONSENT_GIVEN || letter->clause.clause.len == 0 ||
	    clause_decode (letter->clause.clause, step->arena, ret_clause) != ERR_OK)
		return false;
	clause_add (step->tx, &letter->clause, person, false, step->now_ms);
	return true;
}

/* Stands in its thread, but no row of the lifecycle fits: letters may have crossed. */
static bool store_beside (struct arrival *arrival)
{
	if (!thread_has_ended (&arrival->step, &arrival->thread))
		step_alarm (&arrival->step, "out-of-step", &arrival->thread.id,
			    sender_of (arrival));
	return store_shown (arrival, INBOX_APPLIED, ERR_WRONG_STATE);
}

static err_t open_thread (struct arrival *arrival, const struct transition *row)
{
	const struct letter *letter = letter_of (arrival);
	const struct step *step = &arrival->step;
	struct inbox_row replaced;
	struct clause clause;

	arrival->thread = (struct thread){
		.id = letter->thread,
		.type = arrival->kind->thread->name,
		.performing = true,
		.partner = *sender_of (arrival),
		.state = row->to->name,
		.overlay = "",
		.chain = letter->chain,
		.parent = letter->parent,
		.service = form_service (arrival->kind, letter),
		.purpose = letter->purpose,
		.urgency = letter->urgency,
		.request = arrival->received->header.id,
		.opened_ms = came_ms (arrival),
		.moved_ms = came_ms (arrival),
	};
	if (!ID_IS_NONE (letter->case_id) &&
	    arrival->kind->thread->about != ABOUT_NOBODY) {
		err_t err = person_from_letter (step, sender_of (arrival), arrival->kind,
						letter, &arrival->thread.person);

		if (err != ERR_OK)
			return err;
	}
	if (!ID_IS_NONE (letter->replaces) &&
	    inbox_get (step_ledger (step), sender_of (arrival), &letter->replaces,
		       step->arena, &replaced) == ERR_OK)
		arrival->thread.replaces = replaced.thread;
	if (keep_clause (step, letter, &arrival->thread.person, &clause)) {
		arrival->thread.clause = clause.id;
		arrival->thread.grantor = clause.grantor;
	}
	thread_add (step->tx, &arrival->thread);
	arrival->known = true;
	return ERR_OK;
}

static bool judge_move (struct arrival *arrival)
{
	struct move move = {
		.thread = &arrival->thread,
		.kind = arrival->kind,
		.letter = letter_of (arrival),
		.id = arrival->received->header.id,
		.s = arrival->received->sealed.s,
		.header_hash = arrival->received->sealed.header_hash,
		.opens = arrival->opens,
		.word = is_doubtful (arrival) ? "time-doubtful" : NULL,
		.again = arrival->received->answered,
		.at_ms = came_ms (arrival),
	};
	struct clause clause;

	if (arrival->opens)
		move.row = lifecycle_find (arrival->kind->thread, NULL,
					   arrival->kind->name, PARTY_REQUESTER);
	else
		move.row = thread_row (&arrival->step, &arrival->thread, arrival->kind,
				       arrival->thread.performing ? PARTY_REQUESTER
								  : PARTY_PERFORMER);
	if (move.row == NULL)
		move.row = row_behind (arrival);
	if (move.row == NULL)
		return store_beside (arrival);
	if (arrival->opens)
		arrival->err = open_thread (arrival, move.row);
	else
		(void)keep_clause (&arrival->step, letter_of (arrival),
				   &arrival->thread.person, &clause);
	if (arrival->err != ERR_OK)
		return true;
	if (arrival_is_event (arrival) && letter_of (arrival)->rev > arrival->thread.rev)
		arrival->thread.rev = letter_of (arrival)->rev;
	arrival->moved = true;
	store (arrival, INBOX_APPLIED, RECEIPT_IS_STORED, ERR_OK);
	arrival->err = referral_move (&arrival->step, &move);
	return true;
}

static const struct stage {
	const char *name;
	bool (*ends) (struct arrival *arrival);
} stages[] = {
	/* clang-format off */
	{ "trust",     judge_trust },
	{ "duplicate", judge_duplicate },
	{ "sight",     judge_sight },
	{ "late",      judge_late },
	{ "machine",   judge_machine },
	{ "kind",      judge_kind },
	{ "thread",    judge_thread },
	{ "consent",   judge_consent },
	{ "form",      judge_form },
	{ "orphan",    judge_orphan },
	{ "turn",      judge_turn },
	{ "move",      judge_move },
	/* clang-format on */
};

void arrival_pass (struct arrival *arrival, const char *from)
{
	size_t i = 0;

	while (!text_is (stages[i].name, from))
		i++;
	while (!stages[i].ends (arrival))
		i++;
}

void arrival_pass_again (struct arrival *arrival, const char *from)
{
	if (!judge_kind (arrival))
		arrival_pass (arrival, from);
}

bool arrival_pass_anew (struct arrival *arrival)
{
	arrival_find_kind (arrival);
	if (!is_understood (arrival))
		return false;
	arrival->anew = true;
	if (!judge_sight (arrival))
		arrival_pass (arrival, "kind");
	return true;
}

static void find_thread (struct arrival *arrival)
{
	const struct step *step = &arrival->step;

	if (arrival->received->trust != ERR_OK ||
	    thread_get (step_ledger (step), &letter_of (arrival)->thread, step->arena,
			&arrival->thread) != ERR_OK)
		return;
	arrival->known = agency_id_equal (&arrival->thread.partner, sender_of (arrival));
	arrival->foreign = !arrival->known;
}

/* A letter from the inbox, as if it came now; false when its body is gone. */
bool arrival_again (const struct step *step, const struct inbox_row *row,
		    struct received *received, struct arrival *ret_arrival)
{
	*received = (struct received){ .trust = ERR_OK };
	if (row->s.len == 0 ||
	    letter_decode (row->s, step->arena, &received->letter) != ERR_OK)
		return false;
	received->header.from = row->from;
	received->header.id = row->id;
	received->header.class = row->class;
	received->sealed.h = row->h;
	received->sealed.s = row->s;
	received->sealed.sig = row->sig;
	received->sealed.header_hash = row->header_hash;
	*ret_arrival =
		(struct arrival){ .step = *step, .received = received, .waited = true };
	find_thread (ret_arrival);
	return true;
}

/* ---- the whole ------------------------------------------------------------------ */

err_t arrival_receive (const struct step *step, const struct received *received)
{
	struct arrival arrival = { .step = *step, .received = received };

	find_thread (&arrival);
	arrival_pass (&arrival, "trust");
	waiting_follow (&arrival);
	if (arrival.err == ERR_OK && received->trust == ERR_OK)
		arrival.err = held_release (&arrival);
	return arrival.err != ERR_OK ? arrival.err : tx_err (step->tx);
}

/*
 * What a letter made us stumble over, whatever it was, undoes only that letter: it is
 * refused and kept in quarantine, or it would come again and again and hold up all that
 * follow it.
 */
err_t desk_receive (desk_t *desk, tx_t *tx, const struct received *received)
{
	STEP step = step_inside (desk, tx);
	struct received doubtful = *received;
	err_t err;

	tx_mark (tx);
	err = arrival_receive (&step, received);
	if (err_lane (err) != LANE_REFUSE) {
		tx_keep (tx);
		return err;
	}
	tx_undo (tx);
	step_alarm (&step, "not-applied", NULL, &received->header.from);
	doubtful.trust = err;
	return arrival_receive (&step, &doubtful);
}
