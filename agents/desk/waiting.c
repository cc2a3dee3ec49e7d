/*
 * Letters that waited in their thread: orphans for their request, events for their turn.
 * They pass the later stages again; their receipt has gone.
 */
#include "agents/desk/arrival.h"

static err_t judge_again (const struct step *step, const struct inbox_row *row,
			  const char *from)
{
	STEP part = step_part (step);
	struct received received;
	struct arrival arrival;

	if (!arrival_again (&part, row, &received, &arrival))
		return ERR_OK;
	arrival_pass_again (&arrival, from);
	return arrival.err;
}

/* Nothing in this thread waits like that any more. */
static void settle_if_none (const struct step *step, enum inbox_state state, const char *alarm,
			    const struct thread_id *id)
{
	OWNED (arena) arena = arena_new (LIST_ARENA_BYTES);
	struct inbox_row *rows;

	if (inbox_list (step_ledger (step), state, id, 0, 1, arena, &rows) == 0)
		alarm_settle (step->tx, alarm, id);
}

static err_t judge_orphans (const struct step *step, const struct thread_id *id)
{
	OWNED (arena) arena = arena_new (LIST_ARENA_BYTES);
	uint64_t seen = 0;
	struct inbox_row *rows;
	err_t err = ERR_OK;

	/* Each is an orphan no longer when it was judged; one that stays (its body is gone) ends
	 * this. */
	while (err == ERR_OK && inbox_list (step_ledger (step), INBOX_ORPHAN, id,
					    0, 1, arena, &rows) > 0 &&
	       rows[0].seq > seen) {
		seen = rows[0].seq;
		err = judge_again (step, &rows[0], "thread");
		arena_reset (arena);
	}
	if (seen > 0)
		settle_if_none (step, INBOX_ORPHAN, "orphan", id);
	return err;
}

/* The letter of the next rev, wherever it stands. */
static bool find_next (const struct step *step, const struct thread *thread,
		       arena_t *arena, struct inbox_row *ret_row)
{
	arena_reset (arena);
	return inbox_next (step_ledger (step), &thread->partner, &thread->id,
			   thread->rev + 1, arena, ret_row) == ERR_OK;
}

/* An event that can't be applied still takes its turn, or all later ones would wait for
 * ever. */
static err_t take_turns (const struct step *step, const struct thread_id *id)
{
	OWNED (arena) arena = arena_new (LIST_ARENA_BYTES);
	struct inbox_row row;
	struct thread thread;
	bool judged = false;
	err_t err = ERR_OK;

	while (err == ERR_OK &&
	       thread_get (step_ledger (step), id, step->arena, &thread) == ERR_OK &&
	       !thread.performing && find_next (step, &thread, arena, &row)) {
		if (row.state == INBOX_PARKED) {
			err = judge_again (step, &row, "turn");
			judged = true;
		}
		if (err != ERR_OK ||
		    thread_get (step_ledger (step), id, step->arena, &thread) != ERR_OK)
			break;
		/* It was its turn, whether it could be applied or not. */
		if (thread.rev + 1 == row.rev) {
			thread.rev = row.rev;
			thread_update (step->tx, &thread);
		}
	}
	if (judged)
		settle_if_none (step, INBOX_PARKED, "event-missing", id);
	return err;
}

/* One that was refused or stands beside has had its turn as well. */
static void count_turn (struct arrival *arrival)
{
	struct thread thread;

	if (arrival->moved || !arrival_is_event (arrival) ||
	    letter_of (arrival)->rev != arrival->thread.rev + 1 ||
	    thread_get (step_ledger (&arrival->step), &arrival->thread.id,
			arrival->step.arena, &thread) != ERR_OK)
		return;
	thread.rev = letter_of (arrival)->rev;
	thread_update (arrival->step.tx, &thread);
}

err_t waiting_begin (const struct step *step, const struct thread_id *id)
{
	err_t err = judge_orphans (step, id);

	return err == ERR_OK ? take_turns (step, id) : err;
}

void waiting_follow (struct arrival *arrival)
{
	if (arrival->err != ERR_OK || !arrival->known)
		return;
	count_turn (arrival);
	if (arrival->opens && arrival->moved)
		arrival->err = judge_orphans (&arrival->step, &arrival->thread.id);
	if (arrival->err == ERR_OK && arrival_is_event (arrival))
		arrival->err = take_turns (&arrival->step, &arrival->thread.id);
}
