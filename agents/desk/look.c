/*
 * A person looks.  Every look at a person's record is an entry; the performer's first
 * look at a referral tells its requester, and letters whose kind asks for it get an
 * opened-receipt.
 */
#include "agents/desk/inside.h"

#include <string.h>

#include <string.h>

#define WORD_NIK "nik" /* of the entry of a look at the whole number */

static void owe_opened (const struct step *step, const struct inbox_row *row)
{
	struct receipt receipt = {
		.id = row->id,
		.header_hash = row->header_hash,
		.status = RECEIPT_IS_OPENED,
		.at_ms = step->now_ms,
	};

	receipt_owe (step->tx, &row->from, &receipt);
}

/* Of letters that came since somebody looked last. */
static void tell_opened (const struct step *step, const struct thread *thread)
{
	OWNED (arena) arena = arena_new (LIST_ARENA_BYTES);
	int64_t last_ms = entry_last_ms (step_ledger (step), ENTRY_LOOKED, &thread->id);
	struct inbox_row *rows;
	size_t count = inbox_arrived (step_ledger (step), &thread->id, last_ms, 1024,
				      arena, &rows);

	for (size_t i = 0; i < count; i++) {
		const struct kind_spec *kind = step_kind (step, rows[i].kind);

		if (kind != NULL && kind->tells_opened)
			owe_opened (step, &rows[i]);
	}
}

static void end_own_clock (const struct step *step, const struct thread *thread)
{
	struct deadline deadline;

	if (deadline_get (step_ledger (step), &thread->id, "received", &deadline) ==
		    ERR_OK &&
	    agency_id_equal (&deadline.owner, step_self (step)))
		deadline_done (step->tx, &thread->id, "received");
}

static err_t see_first (const struct step *step, struct thread *thread)
{
	err_t err;

	if (thread->seen_ms != 0)
		return ERR_OK;
	thread->seen_ms = step->now_ms;
	thread_update (step->tx, thread);
	if (!thread->performing)
		return ERR_OK;
	err = referral_say_machine (step, thread, KIND_RECEIVED, "");
	return err == ERR_WRONG_STATE ? ERR_OK : err;
}

/* ---- why ---- */

static struct bytes reason_of (const struct step *step, const struct person_id *person)
{
	if (ID_IS_NONE (*person))
		return BYTES_NONE;
	return entry_look_reason (step_ledger (step), person, step->actor->user,
				  step->now_ms - LOOK_REASON_MS, step->arena);
}

err_t desk_look_reason (desk_t *desk, const struct actor *actor, const struct person_id *person,
			const char *reason, problems_t *problems)
{
	STEP step = step_open (desk, actor);
	struct entry entry = step_entry (&step, ENTRY_LOOKED);
	struct person found;
	err_t err = permit (actor, USE_LOOK);

	if (err == ERR_OK)
		err = person_get (desk->parts.ledger, person, step.arena, &found);
	if (err != ERR_OK)
		return err;
	if (!text_given (reason) || strlen (reason) > REASON_MAX)
		return problems_add (problems, ERR_INVALID, "reason",
				     "tulis alasannya, paling banyak %d bita",
				     "say why, in %d bytes at most", REASON_MAX);
	entry.person = *person;
	entry.word = "reason";
	entry.body = bytes_of_text (reason);
	entry_add (step.tx, &entry);
	return step_commit (&step);
}

bool desk_look_wants_reason (desk_t *desk, const struct actor *actor,
			     const struct person_id *person)
{
	OWNED (arena) arena = arena_new (LIST_ARENA_BYTES);
	ledger_t *ledger = desk->parts.ledger;

	return !entry_by_worker (ledger, person, actor->user) &&
	       entry_look_reason (ledger, person, actor->user, desk_now_ms (desk) - LOOK_REASON_MS,
				  arena)
			       .len == 0;
}

err_t desk_look_thread (desk_t *desk, const struct actor *actor,
			const struct thread_id *thread)
{
	STEP step = step_open (desk, actor);
	struct thread found;
	struct entry entry;
	err_t err = permit (actor, USE_LOOK);

	if (err == ERR_OK)
		err = thread_get (desk->parts.ledger, thread, step.arena, &found);
	if (err != ERR_OK)
		return err;
	tell_opened (&step, &found);
	end_own_clock (&step, &found);
	err = see_first (&step, &found);
	if (err != ERR_OK)
		return err;
	entry = step_thread_entry (&step, ENTRY_LOOKED, &found);
	entry.state_from = entry.state_to = found.state;
	entry.body = reason_of (&step, &found.person);
	entry_add (step.tx, &entry);
	desk_write_receipts (desk, step.tx);
	return step_commit (&step);
}

err_t desk_look_person (desk_t *desk, const struct actor *actor,
			const struct person_id *person)
{
	STEP step = step_open (desk, actor);
	struct entry entry = step_entry (&step, ENTRY_LOOKED);
	struct person found;
	err_t err = permit (actor, USE_LOOK);

	if (err == ERR_OK)
		err = person_get (desk->parts.ledger, person, step.arena, &found);
	if (err != ERR_OK)
		return err;
	entry.person = *person;
	entry.body = reason_of (&step, person);
	entry_add (step.tx, &entry);
	return step_commit (&step);
}

static err_t check_reason (const char *reason, problems_t *problems)
{
	if (text_given (reason) && strlen (reason) <= REASON_MAX)
		return ERR_OK;
	return problems_add (problems, ERR_INVALID, "reason",
			     "tulis untuk apa NIK lengkap diperlukan, paling banyak %u bita",
			     "write what the whole NIK is needed for, in at most %u bytes",
			     REASON_MAX);
}

err_t desk_reveal_nik (desk_t *desk, const struct actor *actor, const struct person_id *person,
		       const char *reason, arena_t *arena, const char **ret_nik,
		       problems_t *problems)
{
	STEP step = step_open (desk, actor);
	struct entry entry = step_entry (&step, ENTRY_LOOKED);
	struct person found;
	err_t err = permit (actor, USE_LOOK);

	if (err == ERR_OK)
		err = check_reason (reason, problems);
	if (err == ERR_OK)
		err = person_get (desk->parts.ledger, person, step.arena, &found);
	if (err != ERR_OK)
		return err;
	entry.person = *person;
	entry.word = WORD_NIK;
	entry.body = bytes_of_text (reason);
	entry_add (step.tx, &entry);
	err = step_commit (&step);
	if (err == ERR_OK)
		*ret_nik = arena_text (arena, found.nik);
	return err;
}
