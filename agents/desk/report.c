/*
 * What comes back by phone, WhatsApp or paper.  A person here writes down the performer's
 * letter, and from then on it is as if it had come: the same form, the same state, the
 * same clocks.  It differs in its entry, which says who wrote it down and how it was
 * heard; in the sealed letter stand who said it and when.
 */
#include "agents/desk/draft.h"

#include <stdio.h>
#include <string.h>

#include "proto/text.h"

#define VIA_OWN "own"

static const char *const ways[] = { "phone", "whatsapp", "paper", "visit" };

/* ---- how it was heard ----------------------------------------------------------- */

static err_t check_way (const struct draft *draft, const char *via)
{
	if (draft->thread.carrier == CARRIER_OWN)
		return text_is (via, VIA_OWN)
			       ? ERR_OK
			       : problems_add (draft->problems, ERR_INVALID, "via",
					       "yang dikerjakan sendiri dicatat dengan "
					       "own, bukan %s",
					       "what this agency does itself is recorded "
					       "with own, not %s",
					       quoted (via));
	if (word_among (via, ways, COUNT_OF (ways)))
		return ERR_OK;
	if (*via == '\0')
		return problems_add_texts (draft->problems, ERR_INVALID, "via",
					   "tulis lewat apa jawabannya datang: phone, whatsapp, "
					   "paper atau visit",
					   "write how the answer came: phone, whatsapp, paper or "
					   "visit");
	return problems_add (draft->problems, ERR_INVALID, "via",
			     "%s bukan cara menjawab; pilih phone, whatsapp, paper atau "
			     "visit",
			     "%s is no way to answer; choose phone, whatsapp, paper or "
			     "visit",
			     quoted (via));
}

/* Before the day on which it was asked nobody can have answered it. */
static err_t check_time (const struct draft *draft, int64_t said_ms)
{
	if (said_ms > draft->step->now_ms + CLOCK_TOLERANCE_MS)
		return problems_add (draft->problems, ERR_INVALID, "said_at",
				     "waktu jawaban tidak boleh di masa depan",
				     "the answer can't have been said in the future");
	if (said_ms != 0 && said_ms < draft->thread.opened_ms - DAY_MS)
		return problems_add (draft->problems, ERR_INVALID, "said_at",
				     "waktu jawaban lebih awal daripada suratnya",
				     "the answer was said before the letter was written");
	return ERR_OK;
}

static err_t check_speaker (const struct draft *draft, const char *said_by)
{
	if (strlen (said_by) <= LIMIT_NAME_BYTES && strpbrk (said_by, "\n\t") == NULL &&
	    text_is_clean (bytes_of_text (said_by)))
		return ERR_OK;
	return problems_add (draft->problems, ERR_INVALID, "said_by",
			     "nama penjawab harus satu baris, paling banyak %u bita",
			     "who said it must be one line of at most %u bytes",
			     LIMIT_NAME_BYTES);
}

/* On the wire the performer answers itself, and its own word alone counts. */
static err_t check_carrier (const struct draft *draft)
{
	if (draft->thread.carrier != CARRIER_WIRE)
		return ERR_OK;
	return problems_add (draft->problems, ERR_WRONG_STATE, "thread",
			     "mitra ini terhubung dan menjawab sendiri",
			     "this partner is connected and answers itself");
}

static err_t check_hearsay (const struct draft *draft, const struct hearsay *hearsay)
{
	err_t err = check_carrier (draft), way, time, speaker;

	if (err != ERR_OK)
		return err;
	way = check_way (draft, hearsay->via);
	time = check_time (draft, hearsay->said_ms);
	speaker = check_speaker (draft, hearsay->said_by);
	return way != ERR_OK ? way : time != ERR_OK ? time : speaker;
}

/* ---- writing it down ------------------------------------------------------------ */

/* Who said it and when stand in the letter; of our own doing, who did it. */
static void take_speaker (const struct step *step, const struct hearsay *hearsay,
			  bool own, struct letter *letter)
{
	letter->from_user = own && !text_given (hearsay->said_by) ? step->actor->user
								   : hearsay->said_by;
	letter->from_role = own ? step->actor->role : "";
	letter->created_ms = hearsay->said_ms != 0 ? hearsay->said_ms : step->now_ms;
	letter->created_local_ms = 0;
}

static err_t write_down (struct draft *draft, const struct hearsay *hearsay,
			 struct outcome *ret_outcome)
{
	struct step *step = draft->step;
	struct thread *thread = &draft->thread;
	struct wording wording = draft_wording (draft);
	struct letter letter;
	struct move move = {
		.thread = thread,
		.kind = draft->kind,
		.row = draft->row,
		.letter = &letter,
		.word = hearsay->via,
		.user = step->actor->user,
	};
	err_t err;

	letter_of_thread (step, thread, &wording, &letter);
	take_speaker (step, hearsay, thread->carrier == CARRIER_OWN, &letter);
	letter.rev = ++thread->rev;
	err = letter_encode (&letter, step->arena, &move.s);
	if (err != ERR_OK)
		return err;
	uuid7_make_at (step->now_ms, move.id.b);
	ret_outcome->letter = move.id;
	ret_outcome->reply_by_ms = letter.reply_by_ms;
	return referral_move (step, &move);
}

/* ---- the word that processing has stopped ---------------------------------------- */

static err_t none_withdrawn (const struct draft *draft)
{
	return problems_add (draft->problems, ERR_WRONG_STATE, "kind",
			     "tidak ada persetujuan yang ditarik untuk %s",
			     "no consent was withdrawn for %s",
			     quoted (draft->thread.number));
}

/* A holder's own letter, whose thread is the clause; it moves no referral. */
static err_t write_stopped (struct draft *draft, const struct hearsay *hearsay,
			    struct outcome *ret_outcome)
{
	struct step *step = draft->step;
	struct thread *thread = &draft->thread;
	struct entry entry = step_thread_entry (step, ENTRY_ARRIVED, thread);
	struct letter letter;
	err_t err;

	if (ID_IS_NONE (thread->clause))
		return none_withdrawn (draft);
	letter_begin (step, &letter, draft->kind->name, draft->kind->version);
	take_speaker (step, hearsay, false, &letter);
	letter.thread = thread_of_clause (&thread->clause);
	letter.body = BODY_CONSENT_STOPPED;
	letter.stopped.clause = thread->clause;
	letter.stopped.stopped_ms = letter.created_ms;
	err = letter_encode (&letter, step->arena, &entry.body);
	if (err != ERR_OK)
		return err;
	uuid7_make_at (step->now_ms, entry.letter.b);
	entry.kind = draft->kind->name;
	entry.state_from = entry.state_to = thread->state;
	entry.word = hearsay->via;
	entry_add (step->tx, &entry);
	err = consent_stopped_by (step, &thread->partner, &letter, &entry.letter);
	if (err == ERR_NOT_FOUND)
		return none_withdrawn (draft);
	step_alarm_done (step, ALARM_TELL_WITHDRAWAL, &thread->partner);
	ret_outcome->letter = entry.letter;
	return err;
}

/* ---- the whole ------------------------------------------------------------------ */

static struct hearsay hearsay_full (const struct draft *draft,
				    const struct hearsay *hearsay)
{
	bool own = draft->thread.carrier == CARRIER_OWN;
	const char *otherwise = own ? VIA_OWN : "";

	return (struct hearsay){
		.via = text_given (hearsay->via) ? hearsay->via : otherwise,
		.said_by = hearsay->said_by != NULL ? hearsay->said_by : "",
		.said_ms = hearsay->said_ms,
	};
}

static err_t report (struct draft *draft, const struct hearsay *hearsay,
		     struct outcome *ret_outcome)
{
	struct hearsay full;
	bool stops;
	err_t err;

	draft_gather (draft);
	if (draft->kind == NULL || draft->found != ERR_OK)
		return draft_judge (draft);
	full = hearsay_full (draft, hearsay);
	stops = draft->kind->body == BODY_CONSENT_STOPPED &&
		draft->thread.carrier == CARRIER_PAPER;
	err = check_hearsay (draft, &full);
	if (err == ERR_OK && stops)
		err = permit (draft->step->actor, USE_SEND);
	else if (err == ERR_OK || err == ERR_INVALID) {
		err_t judged = draft_judge (draft);

		err = err != ERR_OK ? err : judged;
	}
	if (err != ERR_OK)
		return err;
	return stops ? write_stopped (draft, &full, ret_outcome)
		     : write_down (draft, &full, ret_outcome);
}

err_t desk_report (desk_t *desk, const struct actor *actor,
		   const struct submission *submission, const struct hearsay *hearsay,
		   struct outcome *ret_outcome, problems_t *problems)
{
	STEP step = step_open (desk, actor);
	struct draft draft = { .step = &step,
			       .submission = submission,
			       .problems = problems,
			       .reported = true };
	struct outcome outcome = { 0 };
	err_t err = permit (actor, USE_SEND);

	if (err == ERR_OK && ID_IS_NONE (submission->thread))
		err = ERR_NOT_FOUND;
	if (err == ERR_OK)
		err = report (&draft, hearsay, &outcome);
	if (err == ERR_OK)
		err = step_commit (&step);
	if (err != ERR_OK)
		return err;
	draft_outcome (&draft, &outcome);
	*ret_outcome = outcome;
	return ERR_OK;
}
