/* Letters that nothing covered: kept unseen until a clause comes that does. */
#include "agents/desk/arrival.h"

/* The same letter under another clause; it stays held when that does not cover it. */
static err_t release (const struct step *step, const struct inbox_row *row,
		      const struct case_id *case_id, const struct signed_clause *clause)
{
	STEP part = step_part (step);
	struct received received;
	struct arrival arrival;

	if (!arrival_again (&part, row, &received, &arrival) ||
	    !ID_EQUAL (received.letter.case_id, *case_id))
		return ERR_OK;
	received.letter.basis = BASIS_CONSENT_GIVEN;
	received.letter.clause = *clause;
	arrival_find_kind (&arrival);
	if (arrival_find_cover (&arrival) != ERR_OK)
		return ERR_OK;
	arrival.released = true;
	arrival_pass (&arrival, "kind");
	waiting_follow (&arrival);
	return arrival.err;
}

bool held_waits (const struct step *step, const struct agency_id *from,
		 const struct case_id *case_id)
{
	OWNED (arena) arena = arena_new (LIST_ARENA_BYTES);
	struct inbox_row *rows;
	size_t count = inbox_held (step_ledger (step), from, WAITING_MAX, arena, &rows);
	struct letter letter;

	for (size_t i = 0; i < count; i++) {
		STEP part = step_part (step);

		if (letter_decode (rows[i].s, part.arena, &letter) == ERR_OK &&
		    !ID_IS_NONE (*case_id) && ID_EQUAL (letter.case_id, *case_id))
			return true;
	}
	return false;
}

err_t held_release (struct arrival *arrival)
{
	OWNED (arena) arena = arena_new (LIST_ARENA_BYTES);
	const struct letter *letter = letter_of (arrival);
	bool granted = letter->body == BODY_CONSENT_GRANT;
	const struct signed_clause *clause = granted ? &letter->grant : &letter->clause;
	struct inbox_row *rows;
	size_t count;
	err_t err = ERR_OK;

	if ((!granted && !arrival->moved) || arrival->refused ||
	    clause->clause.len == 0 || ID_IS_NONE (letter->case_id))
		return ERR_OK;
	count = inbox_held (step_ledger (&arrival->step), sender_of (arrival),
			    WAITING_MAX, arena, &rows);
	for (size_t i = 0; i < count && err == ERR_OK; i++)
		err = release (&arrival->step, &rows[i], &letter->case_id, clause);
	return err;
}
