/*
 * A letter of ours that its recipient could not open, because the BOX key that it was sealed to is
 * lost there.  It is not refused for what it says: as soon as the directory names another key, the
 * same evidence goes in a letter.again that is sealed to that one, and the recipient's receipt is
 * for the letter inside.
 *
 *   in custody --WRONG_KEY--> unopened --another key--> given again --receipt--> stored
 *                                      \--none in a day, or nothing may go any more--> refused
 */
#include "agents/desk/inside.h"

#define LOOK_MAX 64            /* letters of one tick */
#define WAIT_FOR_KEY_MS DAY_MS /* then the letter goes back to the person who wrote it */

/* Letters about letters are never inside another one: they are written anew. */
static bool is_about_letters (const struct outbox_row *row)
{
	return text_is (row->kind, KIND_AGAIN) || text_is (row->kind, KIND_RESUME);
}

bool unopened_wait (const struct step *step, const struct outbox_row *row)
{
	if (row->machine || row->state > OUTBOX_IN_CUSTODY)
		return false;
	if (row->last_error != ERR_WRONG_KEY)
		outbox_unopened (step->tx, &row->id, step->now_ms + WAIT_FOR_KEY_MS);
	return true;
}

/* Has the recipient a key that this letter was not sealed to? */
static bool has_other_key (const struct step *step, const struct outbox_row *row)
{
	const struct member *member = step_member (step, &row->to);
	const struct member_key *key =
		member != NULL ? member_key (member, KEY_BOX, step->now_ms) : NULL;
	struct header header;

	return key != NULL && header_decode (row->h, &header) == ERR_OK &&
	       !ID_EQUAL (key->id, header.box_key_id);
}

/* ERR_OK, or why it may not leave a second time. */
static err_t may_leave (const struct step *step, const struct outbox_row *row)
{
	struct thread thread;

	if (step->now_ms > row->expires_at_ms)
		return ERR_EXPIRED;
	if (!ID_IS_NONE (row->thread) &&
	    thread_get (step_ledger (step), &row->thread, step->arena, &thread) == ERR_OK &&
	    thread.data_stopped)
		return ERR_CONSENT_WITHDRAWN;
	return ERR_OK;
}

static err_t give_again (const struct step *step, const struct outbox_row *row)
{
	err_t err = resume_give_one (step, row, is_about_letters (row));
	struct outbox_row after;

	if (err != ERR_OK)
		return err;
	/* The hub has ended the letter, and with it its files. */
	if (attachment_end_letter (step->tx, &row->to, &row->id, ATTACHMENT_LOST, ERR_WRONG_KEY) > 0)
		step_alarm (step, "attachment-lost", &row->thread, &row->to);
	if (!is_about_letters (row)) {
		outbox_given_again (step->tx, &row->id);
		return ERR_OK;
	}
	return outbox_end (step->tx, &row->id, OUTBOX_REFUSED, ERR_WRONG_KEY, step->now_ms,
			   step->arena, &after);
}

static err_t look_at (const struct step *step, const struct letter_id *id)
{
	STEP part = step_part (step);
	struct outbox_row row;
	err_t err = outbox_get (step_ledger (step), id, part.arena, &row), why;

	if (err != ERR_OK)
		return err;
	why = may_leave (&part, &row);
	if (why == ERR_OK && has_other_key (&part, &row))
		why = give_again (&part, &row);
	else if (why == ERR_OK && step->now_ms >= row.next_try_ms)
		why = ERR_WRONG_KEY;
	return err_lane (why) == LANE_REFUSE ? letter_refused (&part, &row, why, step->now_ms) : why;
}

err_t unopened_look (const struct step *step)
{
	struct letter_id *ids;
	size_t count = outbox_list_unopened (step_ledger (step), LOOK_MAX, step->arena, &ids);
	err_t err = ERR_OK;

	for (size_t i = 0; i < count && err == ERR_OK; i++)
		err = look_at (step, &ids[i]);
	return err;
}

err_t unopened_lost (const struct step *step, const struct outbox_row *again, err_t why)
{
	struct outbox_row row;
	struct header header;
	struct sealed sealed;
	struct letter letter;

	if (!text_is (again->kind, KIND_AGAIN) ||
	    outbox_evidence (step_ledger (step), &again->id, step->arena, &sealed) != ERR_OK ||
	    letter_decode (sealed.s, step->arena, &letter) != ERR_OK ||
	    header_decode (letter.again.h, &header) != ERR_OK ||
	    !agency_id_equal (&header.from, step_self (step)) ||
	    outbox_get (step_ledger (step), &header.id, step->arena, &row) != ERR_OK ||
	    row.state > OUTBOX_IN_CUSTODY)
		return ERR_OK;
	return letter_refused (step, &row, why, step->now_ms);
}
