/*
 * Reminders that letters set and answer.
 *
 *   date of the letter's field, or the letter's own day
 *     -> days before and after it, or every so many days as often as a field says
 *     -> each at 08:00 of our zone
 *
 * Of dates that are past already, only the latest is kept, and stands due now: who hears of a
 * release 20 days ahead must still act once, not three times.  Not even that one is kept when this
 * letter is itself what the reminder asks for.
 */
#include "agents/desk/inside.h"

#include <string.h>

#include "agents/ledger/reminder.h"

#define REMIND_HOUR 8
#define REMIND_MOST 60 /* whatever a field asks for */

struct plan {
	const struct step *step;
	const struct move *move;
	const struct remind_spec *spec;
	const char *region; /* ours */
	int64_t from_day;
	int64_t past_ms; /* the latest one that is past; 0 = none */
};

/* The day that the reminders count from; false when the letter does not say it. */
static bool find_day (const struct plan *plan, int64_t *ret_day)
{
	const struct letter *letter = plan->move->letter;
	const struct answer *answer;

	if (!text_given (plan->spec->from)) {
		*ret_day = local_day (letter->created_ms, plan->region);
		return true;
	}
	answer = answer_find (letter->answers, letter->answer_count, plan->spec->from);
	if (answer != NULL && answer->type == ANSWER_DATE && date_is_real (answer->text))
		*ret_day = date_day (answer->text);
	else if (answer != NULL && answer->type == ANSWER_INSTANT)
		*ret_day = local_day (answer->number, plan->region);
	else
		return false;
	return true;
}

static size_t how_often (const struct plan *plan)
{
	const struct letter *letter = plan->move->letter;
	const struct answer *times;

	if (plan->spec->every_days <= 0)
		return plan->spec->day_count < REMIND_MOST ? plan->spec->day_count
							   : REMIND_MOST;
	times = answer_find (letter->answers, letter->answer_count, plan->spec->times);
	if (times == NULL || times->type != ANSWER_INTEGER || times->number < 1)
		return 0;
	return times->number < REMIND_MOST ? (size_t)times->number : REMIND_MOST;
}

static void add (const struct plan *plan, int64_t due_ms)
{
	struct reminder reminder = {
		.thread = plan->move->thread->id,
		.person = plan->move->thread->person,
		.cause = plan->move->kind->name,
		.kind = plan->spec->kind,
		.due_ms = due_ms,
	};

	reminder_add (plan->step->tx, &reminder);
}

static void add_day (struct plan *plan, int64_t days)
{
	int64_t due_ms = local_day_ms (plan->from_day + days, REMIND_HOUR, plan->region);

	if (due_ms > plan->step->now_ms)
		add (plan, due_ms);
	else if (due_ms > plan->past_ms || plan->past_ms == 0)
		plan->past_ms = due_ms;
}

static void set_reminders (struct plan *plan)
{
	size_t count = how_often (plan);

	if (!find_day (plan, &plan->from_day))
		return;
	for (size_t i = 0; i < count; i++)
		add_day (plan, plan->spec->every_days > 0
				       ? (int64_t)(i + 1) * plan->spec->every_days
				       : plan->spec->days[i]);
	if (plan->past_ms != 0 && !text_is (plan->spec->kind, plan->move->kind->name))
		add (plan, plan->step->now_ms);
}

/* A list that was imported reminds of a person who has no thread yet. */
static void close_answered (const struct step *step, const struct move *move)
{
	const struct thread *thread = move->thread;

	if (!reminder_done (step->tx, &thread->id, NULL, move->kind->name,
			    step->now_ms) &&
	    move->ours)
		reminder_done (step->tx, NULL, &thread->person, move->kind->name,
			       step->now_ms);
}

static bool is_ours (const struct move *move, const struct remind_spec *spec)
{
	return spec->by == PARTY_EITHER || spec->by == thread_our_party (move->thread);
}

/* New dates take the place of what an earlier letter set for the same. */
static void forget_earlier (const struct step *step, const struct move *move)
{
	const struct kind_spec *kind = move->kind;

	for (size_t i = 0; i < kind->remind_count; i++)
		if (is_ours (move, &kind->reminds[i]))
			reminder_done_kind (step->tx, &move->thread->id,
					    kind->reminds[i].kind, step->now_ms);
}

void reminders_move (const struct step *step, const struct move *move)
{
	const struct member *self = step_member (step, step_self (step));
	const struct kind_spec *kind = move->kind;

	close_answered (step, move);
	if (thread_has_ended (step, move->thread)) {
		reminder_done_all (step->tx, &move->thread->id, step->now_ms);
		return;
	}
	forget_earlier (step, move);
	for (size_t i = 0; i < kind->remind_count; i++) {
		struct plan plan = { .step = step,
				     .move = move,
				     .spec = &kind->reminds[i],
				     .region = self != NULL ? self->region : "" };

		if (is_ours (move, plan.spec))
			set_reminders (&plan);
	}
}

/* ---- done without a letter ------------------------------------------------------- */

static err_t check_reason (const char *reason, problems_t *problems)
{
	if (!text_given (reason))
		return problems_add_texts (problems, ERR_INVALID, "reason",
					   "tulis alasannya: mengapa tidak ada surat",
					   "write the reason: why there is no letter");
	if (strlen (reason) > REASON_MAX)
		return problems_add (problems, ERR_INVALID, "reason",
				     "alasan paling banyak %d huruf",
				     "the reason may have at most %d letters", REASON_MAX);
	return ERR_OK;
}

static err_t find_open (const struct step *step, uint64_t n, struct reminder *ret_reminder,
			problems_t *problems)
{
	err_t err = reminder_get (step_ledger (step), n, step->arena, ret_reminder);

	if (err == ERR_NOT_FOUND)
		return problems_add_texts (problems, err, "n",
					   "tidak ada pengingat dengan nomor ini; lihat "
					   "jembatan reminders",
					   "there is no reminder with this number; see jembatan "
					   "reminders");
	if (err != ERR_OK || ret_reminder->done_ms == 0)
		return err;
	return problems_add_texts (problems, ERR_WRONG_STATE, "n",
				   "pengingat ini sudah selesai",
				   "this reminder is done already");
}

err_t desk_reminder_done (desk_t *desk, const struct actor *actor, uint64_t n,
			  const char *reason, problems_t *problems)
{
	STEP step = step_open (desk, actor);
	struct entry entry = step_entry (&step, ENTRY_REMINDER);
	struct reminder reminder;
	err_t err = permit (actor, USE_SEND);

	if (err == ERR_OK)
		err = check_reason (reason, problems);
	if (err == ERR_OK)
		err = find_open (&step, n, &reminder, problems);
	if (err != ERR_OK)
		return err;
	reminder_done_n (step.tx, n, step.now_ms);
	entry.thread = reminder.thread;
	entry.person = reminder.person;
	entry.kind = reminder.kind;
	entry.word = "done";
	entry.body = (struct bytes){ (const uint8_t *)reason, strlen (reason) };
	entry_add (step.tx, &entry);
	return step_commit (&step);
}
