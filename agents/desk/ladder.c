/*
 * An alert that nobody answers climbs: the same is asked of the next agency on the thread's list,
 * in a thread of its own that comes from the first one.
 *
 *   A does not acknowledge within the hour,
 *   or says that it can't help             -> B is asked, "risk-unanswered" rings with A's phone
 *   B does not either                      -> C ...
 *   nobody is left                         -> "risk-nobody": phone them all
 *   A answers after B was asked            -> "risk-late": both may act, so speak to each other
 *
 * Nothing is taken back: two who come are better than none.  Only a person's letter is an answer;
 * receipts and what a machine writes are not.
 */
#include "agents/desk/inside.h"

#include <stdio.h>
#include <string.h>

#define LADDER_MOST 16   /* agencies on a list, threads of one family */
#define LADDER_NEAREST 8 /* when nobody named a list */

/* ---- the family of an alert ------------------------------------------------------ */

struct family {
	size_t count;
	struct thread threads[LADDER_MOST]; /* the one that ran out, and those before it */
};

static void gather_family (const struct step *step, const struct thread *thread,
			   struct family *ret_family)
{
	struct thread at = *thread;

	ret_family->count = 0;
	do {
		ret_family->threads[ret_family->count++] = at;
	} while (ret_family->count < LADDER_MOST && !ID_IS_NONE (at.about) &&
		 thread_get (step_ledger (step), &at.about, step->arena, &at) == ERR_OK &&
		 text_is (at.type, thread->type));
}

static bool was_asked (const struct family *family, const struct agency_id *agency)
{
	for (size_t i = 0; i < family->count; i++)
		if (agency_id_equal (&family->threads[i].partner, agency))
			return true;
	return false;
}

/* Declined, or tried without success: the next one must be asked. */
static bool was_refused (const struct step *step, const struct thread *thread)
{
	const struct state *state = thread_state_of (step, thread);

	return state != NULL && (text_is (state->task_status, "rejected") ||
				 text_is (state->task_status, "failed"));
}

/* An earlier one was acknowledged, or called off by whoever raised it. */
static bool was_answered (const struct step *step, const struct family *family,
			  const char *clock)
{
	struct deadline deadline;

	for (size_t i = 1; i < family->count; i++)
		if (deadline_get (step_ledger (step), &family->threads[i].id, clock,
				  &deadline) == ERR_OK &&
		    deadline.done && !was_refused (step, &family->threads[i]))
			return true;
	return false;
}

/* ---- the list -------------------------------------------------------------------- */

/* Takes the first agency off the list; false at its end. */
static bool take_next (const char **list, struct agency_id *ret_agency)
{
	const char *at = *list + strspn (*list, " ");
	size_t len = strcspn (at, " ");

	if (len == 0 || len >= sizeof ret_agency->text)
		return false;
	*ret_agency = (struct agency_id){ 0 };
	memcpy (ret_agency->text, at, len);
	*list = at + len;
	return true;
}

/* The nearest partners but the first, as a list. */
static const char *nearest (const struct step *step, const struct kind_spec *kind,
			    const struct agency_id *first, const char *region)
{
	char text[LADDER_NEAREST * sizeof (struct agency_id) + 1] = "";
	struct partner *partners;
	size_t len = 0, count = desk_partners_near (step->desk, kind->name, "", region,
						    LADDER_NEAREST, step->arena, &partners);

	for (size_t i = 0; i < count; i++)
		if (!agency_id_equal (&partners[i].id, first))
			len += (size_t)snprintf (text + len, sizeof text - len, "%s%s",
						 len > 0 ? " " : "", partners[i].id.text);
	return step_text (step, text);
}

const char *ladder_of (const struct step *step, const struct kind_spec *kind,
		       const struct submission *submission, const char *region)
{
	if (!kind->else_next)
		return "";
	return submission->ladder != NULL
		       ? step_text (step, submission->ladder)
		       : nearest (step, kind, &submission->to, region);
}

static err_t judge_one (const struct step *step, const struct kind_spec *kind,
			const struct agency_id *agency, problems_t *problems)
{
	const struct partner *partner = step_partner (step, agency);

	if (partner == NULL)
		return problems_add (problems, ERR_INVALID, "ladder",
				     "instansi %s tidak dikenal; lihat daftar mitra",
				     "the agency %s is not known; see the list of partners",
				     quoted (agency->text));
	if (kind->to_kind_count > 0 &&
	    !word_among (partner->kind, kind->to_kinds, kind->to_kind_count))
		return problems_add (problems, ERR_INVALID, "ladder",
				     "%s tidak menerima surat jenis ini",
				     "%s does not take this kind of letter",
				     quoted (agency->text));
	return ERR_OK;
}

err_t ladder_judge (const struct step *step, const struct kind_spec *kind, const char *ladder,
		    problems_t *problems)
{
	struct agency_id agency;
	err_t err = ERR_OK;
	size_t count = 0;

	while (take_next (&ladder, &agency) && ++count <= LADDER_MOST) {
		err_t one = judge_one (step, kind, &agency, problems);

		err = err == ERR_OK ? one : err;
	}
	if (count <= LADDER_MOST && ladder[strspn (ladder, " ")] == '\0')
		return err;
	return problems_add (problems, ERR_INVALID, "ladder",
			     "sebutkan paling banyak %d kode instansi, dipisah spasi",
			     "name at most %d agencies' ids, parted by blanks", LADDER_MOST);
}

/* What the first alert said, to another agency; on the kind's own basis, for a clause that the
 * first one rested on names the first agency. */
static err_t ask (const struct step *step, const struct thread *thread,
		  const struct kind_spec *kind, const struct agency_id *to,
		  const char *rest, struct thread_id *ret_thread)
{
	struct letter opening;
	struct submission submission = {
		.kind = kind->name,
		.person = thread->person,
		.to = *to,
		.about = thread->id,
		.ladder = rest,
		.service = thread->service,
		.urgency = thread->urgency,
	};
	err_t err = letter_that_opened (step, &thread->id, &opening);

	if (err != ERR_OK)
		return err;
	submission.rule = opening.rule;
	submission.answers = opening.answers;
	submission.answer_count = opening.answer_count;
	return submit_machine (step, &submission, ret_thread);
}

/* The first that can be asked without a person; one that is not connected, or may not read what
 * the alert says, must be phoned. */
static bool ask_first (const struct step *step, const struct thread *thread,
		       const struct kind_spec *kind, const struct family *family)
{
	const char *list = text_given (thread->ladder) ? thread->ladder : "";
	struct agency_id agency;
	struct thread_id asked;

	while (take_next (&list, &agency)) {
		if (was_asked (family, &agency))
			continue;
		if (step_carrier (step, &agency) == CARRIER_WIRE &&
		    ask (step, thread, kind, &agency, list, &asked) == ERR_OK) {
			step_alarm (step, "risk-next", &asked, &agency);
			return true;
		}
		step_alarm (step, "risk-phone", &thread->id, &agency);
	}
	return false;
}

void ladder_next (const struct step *step, const struct thread *thread,
		  const struct kind_spec *kind)
{
	struct family *family = arena_must (step->arena, sizeof *family);

	/* Who was asked answers for itself; only who asks goes on asking. */
	if (thread->performing)
		return;
	gather_family (step, thread, family);
	step_alarm (step, "risk-unanswered", &thread->id, &thread->partner);
	if (!was_answered (step, family, kind->reply_clock) &&
	    !ask_first (step, thread, kind, family))
		step_alarm (step, "risk-nobody", &thread->id, NULL);
}

/* ---- both ends ------------------------------------------------------------------- */

static const struct kind_spec *kind_that_asks_next (const struct thread_type *type)
{
	for (size_t i = 0; i < type->kind_count; i++)
		if (type->kinds[i].else_next)
			return &type->kinds[i];
	return NULL;
}

/* Whoever can't help must not cost the rest of the hour. */
static void pass_on_refused (const struct step *step, const struct move *move)
{
	const struct thread *thread = move->thread;
	const struct kind_spec *kind = kind_that_asks_next (move->kind->thread);
	struct deadline deadline;

	if (kind == NULL || thread->performing || move->ours ||
	    !was_refused (step, thread) ||
	    deadline_get (step_ledger (step), &thread->id, kind->reply_clock, &deadline) !=
		    ERR_OK ||
	    deadline.escalated > 0)
		return;
	ladder_next (step, thread, kind);
	deadline.escalated = 1;
	deadline_set (step->tx, &deadline);
}

void ladder_move (const struct step *step, const struct move *move)
{
	const struct thread *thread = move->thread;

	if (!move->ours && move->opens && move->letter->urgency == URGENCY_STAT)
		step_alarm (step, move->kind->else_next ? "risk-here" : "stat-here",
			    &thread->id, &thread->partner);
	pass_on_refused (step, move);
}

void ladder_answered (const struct step *step, const struct move *move,
		      const struct deadline *deadline)
{
	const struct thread *thread = move->thread;
	const struct kind_spec *kind = kind_that_asks_next (move->kind->thread);

	/* Seen is not answered. */
	if (text_is (deadline->what, "received"))
		return;
	if (move->ours) {
		alarm_settle (step->tx, "risk-here", &thread->id);
		alarm_settle (step->tx, "stat-here", &thread->id);
		return;
	}
	if (kind == NULL || !text_is (kind->reply_clock, deadline->what))
		return;
	alarm_settle (step->tx, "risk-unanswered", &thread->id);
	alarm_settle (step->tx, "risk-next", &thread->id);
	alarm_settle (step->tx, "risk-nobody", &thread->id);
	if (deadline->escalated > 0 && !was_refused (step, thread))
		step_alarm (step, "risk-late", &thread->id, &thread->partner);
}
