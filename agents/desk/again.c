/*
 * What a partner gives back: evidence {H, S, sig} of a letter that a lost ledger of ours stored or
 * wrote itself, or that we could not open because the key for it is lost.  The envelope is the partner's; the letter
 * inside is judged by its own signature, from step 7 of docs/PROTOCOL.md section 12 on.
 */
#include "agents/desk/arrival.h"

#include "agents/ledger/resume.h"

/* Of somebody whose clock is right, or nobody's word: a letter can't have been stored tomorrow. */
static int64_t first_stored (const struct step *step, const struct letter *outer)
{
	int64_t stored_ms = outer->again.stored_ms;

	if (stored_ms > step->now_ms + CLOCK_DOUBTFUL_MS)
		return 0;
	return stored_ms < step->now_ms ? stored_ms : step->now_ms;
}

static err_t open_inner (const struct step *step, const struct received *outer,
			 struct received *ret_inner)
{
	const struct letter *letter = &outer->letter;
	err_t err = header_decode (letter->again.h, &ret_inner->header);

	if (err != ERR_OK)
		return err;
	ret_inner->again = true;
	ret_inner->first_ms = first_stored (step, letter);
	ret_inner->files = letter->again.files;
	ret_inner->sealed.h = letter->again.h;
	ret_inner->sealed.s = letter->again.s;
	ret_inner->sealed.sig = letter->again.sig;
	ret_inner->sealed.header_hash = header_hash (letter->again.h);
	return letter_decode (letter->again.s, step->arena, &ret_inner->letter);
}

/* Nobody but its two sides may give a letter back. */
static bool is_between_us (const struct step *step, const struct agency_id *partner,
			   const struct header *inner)
{
	const struct agency_id *self = step_self (step);

	return (agency_id_equal (&inner->from, partner) && agency_id_equal (&inner->to, self)) ||
	       (agency_id_equal (&inner->from, self) && agency_id_equal (&inner->to, partner));
}

static err_t forged (const struct step *step, const struct agency_id *from, err_t err)
{
	step_alarm (step, "signer-doubtful", NULL, from);
	return err;
}

/* Whatever its own trust or place is, the partner hears of the inner letter by a receipt of its own. */
static err_t take_theirs (const struct step *step, struct received *inner)
{
	STEP part = step_part (step);

	inner->answered = restored_get (step_ledger (step)).at_ms > 0;
	return arrival_receive (&part, inner);
}

static bool is_machines_own (enum letter_body body)
{
	return body == BODY_RECEIPTS || body == BODY_LEDGER_RESUME || body == BODY_LETTER_AGAIN;
}

static err_t take_all_of (const struct step *step, const struct received *outer)
{
	struct store_id own = ledger_store_id (step_ledger (step));

	/* Of an earlier restoration: this one is not done. */
	if (ID_EQUAL (outer->letter.again.all_of, own))
		resume_done (step->tx, &outer->header.from, step->now_ms);
	return ERR_OK;
}

/* That they have it is their signed word: the envelope that it came in. */
static void keep_word (const struct step *step, const struct received *outer,
		       const struct received *inner)
{
	struct word word = { .letter = inner->header.id,
			     .status = WORD_GIVEN_BACK,
			     .from = outer->header.from,
			     .said_in = outer->header.id };

	word_keep (step->tx, &word);
}

err_t again_received (const struct step *step, const struct received *outer)
{
	const struct agency_id *from = &outer->header.from;
	struct received inner = { 0 };
	err_t err;

	if (!ID_IS_NONE (outer->letter.again.all_of))
		return take_all_of (step, outer);
	err = open_inner (step, outer, &inner);
	if (err != ERR_OK)
		return err;
	if (!is_between_us (step, from, &inner.header) || is_machines_own (inner.letter.body))
		return forged (step, from, ERR_NOT_ALLOWED);
	inner.trust = desk_check_letter (step->desk, &inner);
	if (inner.trust == ERR_BAD_SIGNATURE || inner.trust == ERR_KEY_UNKNOWN)
		return forged (step, from, inner.trust);
	if (agency_id_equal (&inner.header.from, from))
		return take_theirs (step, &inner);
	err = given_back (step, from, &inner);
	if (err == ERR_OK)
		keep_word (step, outer, &inner);
	return err;
}
