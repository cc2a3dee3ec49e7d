/*
 * Letters of kinds that this catalogue did not know: stored, receipted, and shown as they are.  Once a
 * newer catalogue counts, after a reload or a start, they are judged anew in the order in which they
 * came, and move what they would have moved.
 */
#include "agents/desk/arrival.h"
#include "jembatan/log.h"

#define LOOK_MAX 64 /* letters that one tick opens */

static bool next_unknown (const struct step *step, uint64_t *seen, arena_t *arena,
			  struct inbox_row *ret_row)
{
	struct inbox_row *rows;

	arena_reset (arena);
	if (inbox_unknown (step_ledger (step), *seen, 1, arena, &rows) == 0)
		return false;
	*ret_row = rows[0];
	*seen = rows[0].seq;
	return true;
}

static err_t pass (struct arrival *arrival)
{
	if (!arrival_pass_anew (arrival))
		return ERR_OK;
	waiting_follow (arrival);
	return arrival->err == ERR_OK ? held_release (arrival) : arrival->err;
}

/* One that can't be applied undoes only itself, and stays as it was. */
static err_t judge_anew (const struct step *step, const struct inbox_row *row)
{
	STEP part = step_part (step);
	struct received received;
	struct arrival arrival;
	err_t err;

	if (!arrival_again (&part, row, &received, &arrival))
		return ERR_OK;
	arrival.covered_ms = row->arrived_ms;
	tx_mark (step->tx);
	err = pass (&arrival);
	if (err_lane (err) != LANE_REFUSE) {
		tx_keep (step->tx);
		return err;
	}
	tx_undo (step->tx);
	LOG (WARN, "desk.not_judged_anew", LOG_E (err), LOG_A ("partner", &row->from));
	return ERR_OK;
}

err_t unknown_look (const struct step *step, uint64_t *seen)
{
	OWNED (arena) arena = arena_new (LIST_ARENA_BYTES);
	struct inbox_row row;
	err_t err = ERR_OK;

	if (*seen == UNKNOWN_ALL_SEEN)
		return ERR_OK;
	for (size_t i = 0; i < LOOK_MAX && err == ERR_OK; i++) {
		if (!next_unknown (step, seen, arena, &row)) {
			*seen = UNKNOWN_ALL_SEEN;
			if (inbox_waiting (step_ledger (step), INBOX_UNKNOWN) == 0)
				alarm_settle (step->tx, "update-needed", NULL);
			break;
		}
		err = judge_anew (step, &row);
	}
	return err;
}
