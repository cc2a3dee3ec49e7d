/*
 * Consent withdrawn, by whoever hears it, chased to every copy.
 *
 *   said to us, granted here         -> we sign the withdrawal and chase every holder
 *   said to us, granted elsewhere    -> we stop at once and tell the grantor, unsigned
 *   signed by the grantor, arrived   -> we stop, tell our holders, answer consent.stopped
 *   unsigned, from a holder of ours  -> as if it had been said to us
 */
#include "agents/desk/inside.h"

/* ---- letters about it ----------------------------------------------------------- */

static err_t post_about (const struct step *step, const struct agency_id *to,
			 const struct clause_id *clause, const struct person_id *person,
			 struct letter *letter)
{
	struct post_as as = { .to = *to, .person = *person, .class = CLASS_ROUTINE };
	struct letter_id id;

	if (step_partner (step, to) == NULL) {
		step_alarm (step, "holder-left", NULL, to);
		return ERR_OK;
	}
	letter->thread = thread_of_clause (clause);
	return letter_post (step, letter, &as, &id);
}

static err_t tell_withdrawal (const struct step *step, const struct agency_id *to,
			      const struct clause_id *clause,
			      const struct person_id *person,
			      const struct signed_withdrawal *withdrawal)
{
	struct letter letter;

	letter_begin (step, &letter, KIND_CONSENT_WITHDRAW, 1);
	letter.body = BODY_CONSENT_WITHDRAWAL;
	letter.withdrawal = *withdrawal;
	return post_about (step, to, clause, person, &letter);
}

struct stopped {
	uint32_t threads, passed_on;
};

static err_t tell_stopped (const struct step *step, const struct agency_id *to,
			   const struct clause_id *clause, const struct person_id *person,
			   const struct stopped *stopped)
{
	struct letter letter;

	letter_begin (step, &letter, KIND_CONSENT_STOPPED, 1);
	letter.body = BODY_CONSENT_STOPPED;
	letter.stopped.clause = *clause;
	letter.stopped.stopped_ms = step->now_ms;
	letter.stopped.threads_stopped = stopped->threads;
	letter.stopped.passed_on = stopped->passed_on;
	return post_about (step, to, clause, person, &letter);
}

/* ---- stopping ------------------------------------------------------------------- */

static err_t stop_thread (const struct step *step, const struct thread_id *thread,
			  uint32_t *ret_stopped)
{
	STEP part = step_part (step);
	err_t err = recall_thread (&part, thread);

	return err == ERR_OK ? referral_stop (&part, thread, ret_stopped) : err;
}

/* Ended threads too: a report of one may still be on its way. */
static err_t stop_threads (const struct step *step, const struct clause_row *row,
			   struct stopped *stopped)
{
	struct thread *threads;
	size_t count = thread_list_by_clause (step_ledger (step), &row->clause.id,
					      &row->clause.grantor, step->arena, &threads);
	err_t err = ERR_OK;

	for (size_t i = 0; i < count && err == ERR_OK; i++)
		err = stop_thread (step, &threads[i].id, &stopped->threads);
	return err;
}

/* Nobody but a person here can tell it: by phone, by letter, at the door. */
static void remind_to_tell (const struct step *step, const struct clause_row *row,
			    const struct agency_id *holder)
{
	struct thread *threads;
	size_t count = thread_list_by_clause (step_ledger (step), &row->clause.id,
					      &row->clause.grantor, step->arena, &threads);
	size_t i = 0;

	while (i < count && !agency_id_equal (&threads[i].partner, holder))
		i++;
	step_alarm (step, ALARM_TELL_WITHDRAWAL, i < count ? &threads[i].id : NULL,
		    holder);
}

/* The grantor's signed word goes to everybody who has data from us under the clause. */
static err_t chase_holders (const struct step *step, const struct clause_row *row,
			    const struct signed_withdrawal *withdrawal, int64_t said_ms,
			    struct stopped *stopped)
{
	const struct clause_id *id = &row->clause.id;
	const struct agency_id *grantor = &row->clause.grantor;
	struct thread_id thread = thread_of_clause (id);
	struct holder *holders;
	size_t count =
		holder_list (step_ledger (step), id, grantor, step->arena, &holders);
	err_t err = ERR_OK;

	for (size_t i = 0; i < count && err == ERR_OK; i++) {
		if (holders[i].told_ms != 0)
			continue;
		err = tell_withdrawal (step, &holders[i].agency, id, &row->person,
				       withdrawal);
		if (step_carrier (step, &holders[i].agency) == CARRIER_PAPER)
			remind_to_tell (step, row, &holders[i].agency);
		holder_told (step->tx, id, grantor, &holders[i].agency, step->now_ms);
		clock_start (step, &thread, DUE_CONSENT_STOP, &holders[i].agency,
			     said_ms + CONSENT_STOP_MS);
		stopped->passed_on++;
	}
	return err;
}

static err_t end_clause (const struct step *step, const struct clause_row *row,
			 int64_t said_ms, const struct signed_withdrawal *withdrawal,
			 struct stopped *stopped)
{
	struct entry entry = consent_entry (step, row, "withdrawn");
	err_t err;

	clause_withdraw (step->tx, &row->clause.id, &row->clause.grantor, said_ms,
			 withdrawal);
	entry.body = withdrawal->withdrawal;
	entry_add (step->tx, &entry);
	err = stop_threads (step, row, stopped);
	if (err == ERR_OK && !ID_IS_NONE (withdrawal->sig_key_id))
		err = chase_holders (step, row, withdrawal, said_ms, stopped);
	return err;
}

/* Ours: signed, and chased.  Another agency's: its word is asked for. */
static err_t withdraw_row (const struct step *step, const struct clause_row *row,
			   int64_t said_ms)
{
	struct withdrawal withdrawal = {
		.clause = row->clause.id,
		.grantor = row->clause.grantor,
		.said_ms = said_ms,
		.recorded_ms = step->now_ms,
		.recorded_by = *step_self (step),
	};
	struct signed_withdrawal made;
	struct stopped stopped = { 0 };
	err_t err = withdrawal_sign (&withdrawal,
				     row->granted_here ? step->desk->parts.sig : NULL,
				     step->arena, &made);

	if (err == ERR_OK)
		err = end_clause (step, row, said_ms, &made, &stopped);
	if (err == ERR_OK && !row->granted_here)
		err = tell_withdrawal (step, &row->clause.grantor, &row->clause.id,
				       &row->person, &made);
	return err;
}

static err_t withdraw_all (const struct step *step, const struct person_id *person,
			   const struct clause_id *only, int64_t said_ms,
			   size_t *ret_count)
{
	OWNED (arena) arena = arena_new (LIST_ARENA_BYTES);
	struct clause_row *rows;
	size_t count = clause_list (step_ledger (step), person, arena, &rows), done = 0;
	err_t err = ERR_OK;

	for (size_t i = 0; i < count && err == ERR_OK; i++) {
		if (rows[i].withdrawn_said_ms != 0 ||
		    (only != NULL && !ID_EQUAL (rows[i].clause.id, *only)))
			continue;
		err = withdraw_row (step, &rows[i], said_ms);
		done++;
	}
	*ret_count = done;
	return err == ERR_OK && done == 0 ? ERR_NOT_FOUND : err;
}

err_t desk_consent_withdraw (desk_t *desk, const struct actor *actor,
			     const struct person_id *person,
			     const struct clause_id *clause, int64_t said_ms,
			     size_t *ret_withdrawn, problems_t *problems)
{
	STEP step = step_open (desk, actor);
	size_t count = 0;
	err_t err = permit (actor, USE_CONSENT);

	if (err != ERR_OK)
		return err;
	if (said_ms == 0)
		said_ms = step.now_ms;
	if (said_ms < 0 || said_ms > step.now_ms + CLOCK_TOLERANCE_MS)
		return problems_add (problems, ERR_INVALID, "said",
				     "waktu penarikan tidak boleh di masa depan",
				     "the withdrawal can't have been said in the future");
	err = withdraw_all (&step, person, clause, said_ms, &count);
	if (err == ERR_NOT_FOUND)
		return problems_add (problems, ERR_NOT_FOUND, "clause",
				     "tidak ada persetujuan yang masih berlaku",
				     "no consent is in force");
	if (err == ERR_OK)
		err = step_commit (&step);
	if (err == ERR_OK)
		*ret_withdrawn = count;
	return err;
}

/* ---- arriving ------------------------------------------------------------------- */

static const struct public_key *grantor_key (const struct step *step,
					     const struct agency_id *grantor,
					     const struct key_id *id, int64_t made_ms)
{
	const struct member *member = step_member (step, grantor);
	const struct member_key *key;

	if (member == NULL ||
	    member_key_allows (member, id, KEY_SIG, made_ms, step->now_ms) != ERR_OK)
		return NULL;
	key = member_key_by_id (member, id);
	return key != NULL ? &key->public_key : NULL;
}

/* A clause of its own for us, about a person whom we know by the case between us. */
static err_t grant_received (const struct step *step, const struct received *received)
{
	const struct signed_clause *grant = &received->letter.grant;
	const struct public_key *key;
	struct clause_row row = { 0 };
	struct entry entry;

	if (clause_decode (grant->clause, step->arena, &row.clause) != ERR_OK)
		return ERR_MALFORMED;
	key = grantor_key (step, &row.clause.grantor, &grant->sig_key_id,
			   row.clause.valid_from_ms);
	if (key == NULL || clause_verify (grant, key) != ERR_OK)
		return ERR_BAD_SIGNATURE;
	/* Of somebody whom only a held letter names, the clause is kept with that letter. */
	if (person_by_case (step_ledger (step), &received->header.from,
			    &received->letter.case_id, &row.person) != ERR_OK)
		return held_waits (step, &received->header.from,
				   &received->letter.case_id)
			       ? ERR_OK
			       : ERR_NOT_FOUND;
	clause_add (step->tx, grant, &row.person, false, step->now_ms);
	entry = consent_entry (step, &row, "told");
	entry.partner = received->header.from;
	entry.letter = received->header.id;
	entry.kind = received->letter.kind;
	entry_add (step->tx, &entry);
	return ERR_OK;
}

/* A time of its own, whatever the other clock says: never none, never ahead. */
static int64_t said_by (const struct step *step, const struct withdrawal *withdrawal)
{
	return withdrawal->said_ms > 0 && withdrawal->said_ms < step->now_ms
		       ? withdrawal->said_ms
		       : step->now_ms;
}

/* The grantor's word binds us whoever delivered it; without a clause of that grantor it
 * stays as a tombstone, which binds no other grantor's clause of the same id. */
static err_t obey (const struct step *step, const struct received *received,
		   const struct withdrawal *withdrawal)
{
	const struct signed_withdrawal *made = &received->letter.withdrawal;
	const struct agency_id *from = &received->header.from;
	struct stopped stopped = { 0 };
	struct clause_row row;
	err_t err = clause_get (step_ledger (step), &withdrawal->clause,
				&withdrawal->grantor, step->arena, &row);

	if (err != ERR_OK) {
		row = (struct clause_row){ .clause.id = withdrawal->clause };
		clause_withdraw (step->tx, &withdrawal->clause, &withdrawal->grantor,
				 said_by (step, withdrawal), made);
		err = ERR_OK;
	} else {
		err = end_clause (step, &row, said_by (step, withdrawal), made, &stopped);
	}
	if (err == ERR_OK)
		err = tell_stopped (step, from, &withdrawal->clause, &row.person,
				    &stopped);
	if (err == ERR_OK && !agency_id_equal (from, &withdrawal->grantor))
		err = tell_stopped (step, &withdrawal->grantor, &withdrawal->clause,
				    &row.person, &stopped);
	return err;
}

static bool is_holder (const struct step *step, const struct clause *clause,
		       const struct agency_id *agency)
{
	struct holder *holders;
	size_t count = holder_list (step_ledger (step), &clause->id, &clause->grantor,
				    step->arena, &holders);

	for (size_t i = 0; i < count; i++)
		if (agency_id_equal (&holders[i].agency, agency))
			return true;
	return false;
}

/* A holder heard it from the person: our grant, so ours to sign and to chase. */
static err_t heard_by_holder (const struct step *step, const struct received *received,
			      const struct withdrawal *withdrawal)
{
	struct clause_row row;

	if (!agency_id_equal (&withdrawal->grantor, step_self (step)) ||
	    clause_get (step_ledger (step), &withdrawal->clause, &withdrawal->grantor,
			step->arena, &row) != ERR_OK ||
	    !row.granted_here)
		return ERR_NOT_FOUND;
	if (!is_holder (step, &row.clause, &received->header.from))
		return ERR_NOT_ALLOWED;
	return row.withdrawn_said_ms != 0 ? ERR_OK : withdraw_row (step, &row, said_by (step, withdrawal));
}

static err_t withdrawal_received (const struct step *step,
				  const struct received *received)
{
	const struct signed_withdrawal *made = &received->letter.withdrawal;
	const struct public_key *key;
	struct withdrawal withdrawal;

	if (withdrawal_decode (made->withdrawal, step->arena, &withdrawal) != ERR_OK)
		return ERR_MALFORMED;
	if (ID_IS_NONE (made->sig_key_id))
		return heard_by_holder (step, received, &withdrawal);
	key = grantor_key (step, &withdrawal.grantor, &made->sig_key_id,
			   withdrawal.recorded_ms);
	if (key == NULL || withdrawal_verify (made, key) != ERR_OK)
		return ERR_BAD_SIGNATURE;
	return obey (step, received, &withdrawal);
}

static bool all_stopped (const struct step *step, const struct clause *clause)
{
	struct holder *holders;
	size_t count = holder_list (step_ledger (step), &clause->id, &clause->grantor,
				    step->arena, &holders);

	for (size_t i = 0; i < count; i++)
		if (holders[i].stopped_ms == 0)
			return false;
	return true;
}

/* Whom we told holds the clause of somebody's from us; anybody else speaks of one of ours. */
static err_t clause_stopped (const struct step *step, const struct agency_id *from,
			     const struct clause_id *id, struct clause_row *ret_row)
{
	struct agency_id grantor;
	err_t err = holder_find (step_ledger (step), id, from, &grantor);

	if (err == ERR_NOT_FOUND) {
		grantor = *step_self (step);
		err = ERR_OK;
	}
	if (err == ERR_OK)
		err = clause_get (step_ledger (step), id, &grantor, step->arena, ret_row);
	return err == ERR_OK && ret_row->withdrawn_said_ms == 0 ? ERR_NOT_FOUND : err;
}

err_t consent_stopped_by (const struct step *step, const struct agency_id *from,
			  const struct letter *letter, const struct letter_id *id)
{
	struct thread_id thread = thread_of_clause (&letter->stopped.clause);
	struct clause_row row;
	struct entry entry;
	err_t err = clause_stopped (step, from, &letter->stopped.clause, &row);

	if (err != ERR_OK)
		return err;
	/* Whom a holder told is no holder of ours until it says so itself. */
	if (!is_holder (step, &row.clause, from))
		holder_add (step->tx, &row.clause.id, &row.clause.grantor, from,
			    step->now_ms);
	holder_stopped (step->tx, &row.clause.id, &row.clause.grantor, from,
			letter->stopped.stopped_ms, letter->stopped.threads_stopped,
			letter->stopped.passed_on);
	entry = consent_entry (step, &row, "stopped");
	entry.partner = *from;
	entry.letter = *id;
	entry.kind = letter->kind;
	entry_add (step->tx, &entry);
	if (all_stopped (step, &row.clause))
		deadline_done (step->tx, &thread, DUE_CONSENT_STOP);
	return ERR_OK;
}

static err_t stopped_received (const struct step *step, const struct received *received)
{
	return consent_stopped_by (step, &received->header.from, &received->letter,
				   &received->header.id);
}

static const struct {
	enum letter_body body;
	err_t (*take) (const struct step *step, const struct received *received);
} bodies[] = {
	{ BODY_CONSENT_GRANT, grant_received },
	{ BODY_CONSENT_WITHDRAWAL, withdrawal_received },
	{ BODY_CONSENT_STOPPED, stopped_received },
};

err_t consent_received (const struct step *step, const struct received *received)
{
	for (size_t i = 0; i < COUNT_OF (bodies); i++)
		if (bodies[i].body == received->letter.body)
			return bodies[i].take (step, received);
	return ERR_MALFORMED;
}

bool consent_is_body (enum letter_body body)
{
	for (size_t i = 0; i < COUNT_OF (bodies); i++)
		if (bodies[i].body == body)
			return true;
	return false;
}
