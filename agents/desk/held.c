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

/* One after another, each in the arena alone; `seen` is the last one's seq. */
static bool next_held (const struct step *step, const struct agency_id *from,
		       const struct case_id *case_id, uint64_t *seen, arena_t *arena,
		       struct inbox_row *ret_row)
{
	struct inbox_row *rows;

	arena_reset (arena);
	if (ID_IS_NONE (*case_id) ||
	    inbox_held (step_ledger (step), from, case_id, *seen, 1, arena, &rows) == 0)
		return false;
	*ret_row = rows[0];
	*seen = rows[0].seq;
	return true;
}

bool held_waits (const struct step *step, const struct agency_id *from,
		 const struct case_id *case_id)
{
	OWNED (arena) arena = arena_new (LIST_ARENA_BYTES);
	struct inbox_row row;
	struct letter letter;
	uint64_t seen = 0;

	while (next_held (step, from, case_id, &seen, arena, &row)) {
		STEP part = step_part (step);

		if (letter_decode (row.s, part.arena, &letter) == ERR_OK &&
		    ID_EQUAL (letter.case_id, *case_id))
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
	struct inbox_row row;
	uint64_t seen = 0;
	err_t err = ERR_OK;

	if ((!granted && !arrival->moved) || arrival->refused ||
	    clause->clause.len == 0 || ID_IS_NONE (letter->case_id))
		return ERR_OK;
	while (err == ERR_OK && next_held (&arrival->step, sender_of (arrival),
					   &letter->case_id, &seen, arena, &row))
		err = release (&arrival->step, &row, &letter->case_id, clause);
	return err;
}
