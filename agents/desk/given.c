/*
 * A letter of our own that a partner gave back: it was written by the ledger that was lost.  It is
 * written down as it was (outbox, thread, revision, clocks, clauses), and nothing is said anew: what
 * followed from it was written at the time, and comes back as well.
 */
#include "agents/desk/arrival.h"

/* ---- in the outbox ---------------------------------------------------------------- */

/* When its recipient stored it; without its word, as far as we know, now. */
static int64_t stored_ms (const struct step *step, const struct received *inner)
{
	return inner->first_ms != 0 ? inner->first_ms : step->now_ms;
}

/* It came too late to move anything there, and still has. */
static void tell_late (const struct step *step, const struct received *inner,
		       const struct outbox_row *row)
{
	if (inner->first_ms > inner->header.expires_at_ms + LETTER_LATE_MS)
		step_alarm (step, "late-there", &row->thread, &row->to);
}

static void keep_row (const struct step *step, const struct received *inner,
		      const struct thread *thread, const struct person_id *person)
{
	struct outbox_row row = {
		.id = inner->header.id,
		.to = inner->header.to,
		.class = inner->header.class,
		.kind = inner->letter.kind,
		.person = *person,
		.created_ms = inner->letter.created_ms,
		.expires_at_ms = inner->header.expires_at_ms,
	};

	if (thread != NULL)
		row.thread = thread->id;
	outbox_given_back (step->tx, &row, &inner->sealed, stored_ms (step, inner));
	tell_late (step, inner, &row);
	attachments_given_back (step, inner, thread);
}

static bool find_thread (const struct step *step, const struct received *inner,
			 struct thread *ret_thread)
{
	return thread_get (step_ledger (step), &inner->letter.thread, step->arena, ret_thread) == ERR_OK;
}

/* It is here; the partner's copy says that it arrived, and with which bytes. */
static err_t confirm_row (const struct step *step, const struct outbox_row *row,
			  const struct received *inner)
{
	struct outbox_row known = *row;
	struct thread thread;

	if (!ID_EQUAL (row->header_hash, inner->sealed.header_hash)) {
		outbox_given_back (step->tx, &known, &inner->sealed, stored_ms (step, inner));
		if (inner->letter.attachment_count > 0)
			attachments_given_back (step, inner,
						find_thread (step, inner, &thread) ? &thread : NULL);
		return ERR_OK;
	}
	return outbox_end (step->tx, &row->id, OUTBOX_STORED, ERR_OK, stored_ms (step, inner),
			   step->arena, &known);
}

static void write_entry (const struct step *step, const struct received *inner,
			 const struct person_id *person, const struct thread *thread,
			 const char *state_from)
{
	struct entry entry = step_entry (step, ENTRY_SENT);

	entry.person = *person;
	entry.letter = inner->header.id;
	entry.partner = inner->header.to;
	entry.kind = inner->letter.kind;
	entry.user = inner->letter.from_user;
	entry.word = "given-back";
	entry.body = inner->sealed.s;
	if (thread != NULL) {
		entry.thread = thread->id;
		entry.state_from = state_from;
		entry.state_to = thread->state;
	}
	entry_add (step->tx, &entry);
}

/* ---- of a thread ------------------------------------------------------------------ */

/* As the partner saw it: by the present state, or else by any row of ours for this kind. */
static const struct transition *find_row (const struct step *step, const struct thread *thread,
					  const struct kind_spec *kind)
{
	const struct thread_type *type = kind->thread;
	enum party by = thread_our_party (thread);
	const struct transition *row = thread_row (step, thread, kind, by);

	for (size_t i = 0; row == NULL && !thread_has_ended (step, thread) &&
			   i < type->transition_count;
	     i++)
		if (type->transitions[i].by == by && text_is (type->transitions[i].kind, kind->name))
			row = &type->transitions[i];
	return row;
}

/* Since the restoration a letter with the same number was written here: the partner has taken this
 * one and passes over that one. */
static void count_rev (const struct step *step, struct thread *thread, const struct letter *letter)
{
	if (!thread->performing || letter->rev == 0)
		return;
	if (letter->rev <= thread->rev)
		step_alarm (step, "two-histories", &thread->id, &thread->partner);
	else
		thread->rev = letter->rev;
}

static void keep_clause (const struct step *step, const struct letter *letter,
			 const struct person_id *person, const struct agency_id *holder,
			 struct thread *thread)
{
	struct clause clause;

	if (letter->basis != BASIS_CONSENT_GIVEN || letter->clause.clause.len == 0 ||
	    clause_decode (letter->clause.clause, step->arena, &clause) != ERR_OK)
		return;
	clause_add (step->tx, &letter->clause, person,
		    agency_id_equal (&clause.grantor, step_self (step)), step->now_ms);
	if (ID_IS_NONE (thread->clause)) {
		thread->clause = clause.id;
		thread->grantor = clause.grantor;
	}
	if (!thread->performing)
		holder_add (step->tx, &clause.id, &clause.grantor, holder, step->now_ms);
}

static void tie_parent (const struct step *step, const struct thread *child)
{
	struct thread parent;

	if (ID_IS_NONE (child->parent) ||
	    thread_get (step_ledger (step), &child->parent, step->arena, &parent) != ERR_OK ||
	    !ID_IS_NONE (parent.child))
		return;
	parent.child = child->id;
	thread_update (step->tx, &parent);
}

/* The person's record is what the letter says; the rest of it is lost, and a person is told. */
static err_t open_thread (const struct step *step, const struct agency_id *to,
			  const struct kind_spec *kind, const struct received *inner,
			  const struct transition *row, struct thread *ret_thread)
{
	const struct letter *letter = &inner->letter;
	struct thread thread = {
		.id = letter->thread,
		.type = kind->thread->name,
		.partner = *to,
		.state = row->to->name,
		.overlay = "",
		.chain = letter->chain,
		.parent = letter->parent,
		.service = form_service (kind, letter),
		.purpose = letter->purpose,
		.urgency = letter->urgency,
		.request = inner->header.id,
		.opened_ms = letter->created_ms,
		.moved_ms = letter->created_ms,
	};
	struct person_id known;
	bool rebuilt = false;

	if (!ID_IS_NONE (letter->case_id) && kind->thread->about != ABOUT_NOBODY) {
		err_t err;

		rebuilt = person_by_case (step_ledger (step), to, &letter->case_id, &known) !=
			  ERR_OK;
		err = person_from_letter (step, to, kind, letter, &thread.person);
		if (err != ERR_OK)
			return err;
	}
	keep_clause (step, letter, &thread.person, to, &thread);
	thread_add (step->tx, &thread);
	tie_parent (step, &thread);
	if (rebuilt)
		step_alarm (step, "record-rebuilt", &thread.id, to);
	*ret_thread = thread;
	return ERR_OK;
}

/* When it moved the thread here: the lost ledger's clock may have been ahead. */
static int64_t written_ms (const struct step *step, const struct letter *letter)
{
	return letter->created_ms < step->now_ms ? letter->created_ms : step->now_ms;
}

static err_t move_thread (const struct step *step, const struct kind_spec *kind,
			  const struct received *inner, const struct transition *row,
			  struct thread *thread, bool opens)
{
	struct move move = {
		.thread = thread,
		.kind = kind,
		.row = row,
		.letter = &inner->letter,
		.id = inner->header.id,
		.ours = true,
		.opens = opens,
		.again = true,
		.at_ms = written_ms (step, &inner->letter),
	};
	const char *from = opens ? "" : thread->state;
	err_t err;

	count_rev (step, thread, &inner->letter);
	if (!opens)
		keep_clause (step, &inner->letter, &thread->person, &thread->partner, thread);
	err = referral_move (step, &move);
	if (err == ERR_OK)
		write_entry (step, inner, &thread->person, thread, from);
	return err;
}

/* Stands in its thread and moves nothing: letters crossed, or the kind is not known here. */
static void write_beside (const struct step *step, const struct received *inner,
			  struct thread *thread)
{
	static const struct person_id nobody;

	if (thread != NULL) {
		count_rev (step, thread, &inner->letter);
		thread_update (step->tx, thread);
	}
	write_entry (step, inner, thread != NULL ? &thread->person : &nobody, thread,
		     thread != NULL ? thread->state : "");
	step_alarm (step, "given-back-apart", thread != NULL ? &thread->id : NULL,
		    &inner->header.to);
}

static err_t take_of_thread (const struct step *step, const struct agency_id *to,
			     const struct received *inner)
{
	static const struct person_id nobody;
	const struct letter *letter = &inner->letter;
	const struct kind_spec *kind = catalogue_kind (step->desk->parts.catalogue, letter->kind,
						       letter->kind_version);
	const struct transition *row = NULL;
	struct thread thread;
	bool known = thread_get (step_ledger (step), &letter->thread, step->arena, &thread) ==
			     ERR_OK &&
		     agency_id_equal (&thread.partner, to);
	bool opens = false;
	err_t err = ERR_OK;

	if (known && kind != NULL)
		row = find_row (step, &thread, kind);
	else if (kind != NULL) {
		row = lifecycle_find (kind->thread, NULL, kind->name, PARTY_REQUESTER);
		opens = row != NULL;
		if (opens)
			err = open_thread (step, to, kind, inner, row, &thread);
	}
	if (err != ERR_OK)
		return err;
	known = known || opens;
	keep_row (step, inner, known ? &thread : NULL, known ? &thread.person : &nobody);
	if (row != NULL) {
		err = move_thread (step, kind, inner, row, &thread, opens);
		/* The partner's answers may have come before what they answer. */
		return err == ERR_OK && opens ? waiting_begin (step, &thread.id) : err;
	}
	write_beside (step, inner, known ? &thread : NULL);
	return ERR_OK;
}

/* ---- of a consent ----------------------------------------------------------------- */

static void take_grant (const struct step *step, const struct received *inner,
			const struct person_id *person)
{
	const struct letter *letter = &inner->letter;
	struct clause clause;

	if (clause_decode (letter->grant.clause, step->arena, &clause) != ERR_OK)
		return;
	clause_add (step->tx, &letter->grant, person,
		    agency_id_equal (&clause.grantor, step_self (step)), step->now_ms);
	holder_add (step->tx, &clause.id, &clause.grantor, &inner->header.to, step->now_ms);
}

/* It was withdrawn: nothing more may leave under it, and whoever it was told has heard. */
static void take_withdrawal (const struct step *step, const struct received *inner)
{
	const struct signed_withdrawal *signed_withdrawal = &inner->letter.withdrawal;
	struct withdrawal withdrawal;
	struct thread *threads;
	size_t count;

	if (withdrawal_decode (signed_withdrawal->withdrawal, step->arena, &withdrawal) != ERR_OK)
		return;
	clause_withdraw (step->tx, &withdrawal.clause, &withdrawal.grantor, withdrawal.said_ms,
			 ID_IS_NONE (signed_withdrawal->sig_key_id) ? NULL : signed_withdrawal);
	holder_told (step->tx, &withdrawal.clause, &withdrawal.grantor, &inner->header.to,
		     inner->letter.created_ms);
	count = thread_list_by_clause (step_ledger (step), &withdrawal.clause, &withdrawal.grantor,
				       step->arena, &threads);
	for (size_t i = 0; i < count; i++) {
		threads[i].data_stopped = true;
		thread_update (step->tx, &threads[i]);
	}
}

static err_t take_consent (const struct step *step, const struct received *inner)
{
	const struct letter *letter = &inner->letter;
	struct person_id person = { { 0 } };

	if (person_by_case (step_ledger (step), &inner->header.to, &letter->case_id, &person) !=
	    ERR_OK)
		person = (struct person_id){ { 0 } };
	keep_row (step, inner, NULL, &person);
	if (letter->body == BODY_CONSENT_GRANT)
		take_grant (step, inner, &person);
	else if (letter->body == BODY_CONSENT_WITHDRAWAL)
		take_withdrawal (step, inner);
	write_entry (step, inner, &person, NULL, "");
	return ERR_OK;
}

/* ---- the whole -------------------------------------------------------------------- */

err_t given_back (const struct step *step, const struct agency_id *from,
		  const struct received *inner)
{
	static const struct person_id nobody;
	enum letter_body body = inner->letter.body;
	struct outbox_row row;
	err_t err = outbox_get (step_ledger (step), &inner->header.id, step->arena, &row);

	if (err == ERR_OK)
		return confirm_row (step, &row, inner);
	if (err != ERR_NOT_FOUND)
		return err;
	if (consent_is_body (body))
		return take_consent (step, inner);
	if (body == BODY_CHAIN_EVENTS || ID_IS_NONE (inner->letter.thread)) {
		keep_row (step, inner, NULL, &nobody);
		return ERR_OK;
	}
	return take_of_thread (step, from, inner);
}
