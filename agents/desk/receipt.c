/*
 * Receipts, both ways.  Out: what one commit owes one sender travels as one letter that
 * is never receipted itself.  In: a partner's word about a letter of ours, which counts
 * only from the one to whom we wrote.
 */
#include "agents/desk/inside.h"

#include "jembatan/log.h"

#define AGAIN_DOUBLINGS_MAX \
	6 /* a damaged letter is put again after 1, 2, 4 ... 64 minutes */

void receipt_for (const struct step *step, const struct received *received,
		  enum receipt_status status, err_t code, struct receipt *ret_receipt)
{
	*ret_receipt = (struct receipt){
		.id = received->header.id,
		.header_hash = received->sealed.header_hash,
		.status = status,
		.code = status == RECEIPT_IS_REFUSED || status == RECEIPT_IS_HELD
				? code
				: ERR_OK,
		.at_ms = step->now_ms,
	};
	/* Kept with a held one too: it is refused when nobody consents in time. */
	if (ret_receipt->code != ERR_OK)
		ret_receipt->digest = received->digest;
}

/* ---- out
 * --------------------------------------------------------------------------------------
 */

/* As urgent as the most urgent letter that they speak of. */
static enum letter_class class_of (const struct step *step, const struct agency_id *to,
				   const struct receipt *receipts, size_t count)
{
	enum letter_class class = CLASS_ROUTINE;
	struct inbox_row row;

	for (size_t i = 0; i < count; i++)
		if (inbox_get (step_ledger (step), to, &receipts[i].id, step->arena,
			       &row) == ERR_OK &&
		    row.class < class)
			class = row.class;
	return class;
}

static void write_one (const struct step *step, const struct agency_id *to,
		       const struct receipt *receipts, size_t count)
{
	struct post_as as = { .to = *to, .machine = true };
	struct letter letter;
	struct letter_id id;
	err_t err;

	if (step_member (step, to) == NULL)
		return;
	letter_begin (step, &letter, KIND_RECEIPTS, 1);
	letter.body = BODY_RECEIPTS;
	letter.receipts = receipts;
	letter.receipt_count = count;
	as.class = class_of (step, to, receipts, count);
	err = letter_post (step, &letter, &as, &id);
	if (err != ERR_OK)
		LOG (FAIL, "desk.receipts-too-large", LOG_A ("to", to),
		     LOG_N ("count", count));
}

void desk_write_receipts (desk_t *desk, tx_t *tx)
{
	for (;;) {
		STEP step = step_inside (desk, tx);
		struct agency_id to;
		struct receipt *receipts;
		size_t count = receipt_take (tx, step.arena, &to, &receipts);

		if (count == 0)
			return;
		write_one (&step, &to, receipts, count);
	}
}

/* ---- in
 * ---------------------------------------------------------------------------------------
 */

void receipt_word (const struct step *step, const struct outbox_row *row, const char *word)
{
	struct entry entry = step_entry (step, ENTRY_RECEIPT);

	entry.person = row->person;
	entry.thread = row->thread;
	entry.letter = row->id;
	entry.partner = row->to;
	entry.kind = row->kind;
	entry.word = word;
	entry_add (step->tx, &entry);
}

/* Beside the state of the referral that this letter opened. */
static void mark_delivery (const struct step *step, const struct outbox_row *row,
			   bool delivered)
{
	struct thread thread;

	if (ID_IS_NONE (row->thread) ||
	    thread_get (step_ledger (step), &row->thread, step->arena, &thread) !=
		    ERR_OK ||
	    !ID_EQUAL (thread.request, row->id) || thread_has_ended (step, &thread))
		return;
	if (delivered && text_is (thread.overlay, OVERLAY_UNDELIVERED))
		thread.overlay = "";
	else if (!delivered)
		thread.overlay = OVERLAY_UNDELIVERED;
	else
		return;
	thread_update (step->tx, &thread);
}

static err_t take_stored (const struct step *step, const struct outbox_row *row,
			  const struct receipt *receipt)
{
	struct outbox_row after;
	err_t err;

	/* Said before: a receipt said a thousand times makes one entry. */
	if (row->state == OUTBOX_STORED &&
	    (row->last_error == ERR_OK || receipt->code != ERR_OK))
		return ERR_OK;
	err = outbox_end (step->tx, &row->id, OUTBOX_STORED, receipt->code,
			  receipt->at_ms, step->arena, &after);
	if (err != ERR_OK)
		return err;
	receipt_word (step, row, receipt_status_name (receipt->status));
	mark_delivery (step, row, true);
	if (receipt->status == RECEIPT_IS_HELD)
		step_alarm (step, "held-there", &row->thread, &row->to);
	if (text_is (row->kind, KIND_AGAIN))
		attachments_give_again (step, row);
	if (receipt->late)
		step_alarm (step, "late-there", &row->thread, &row->to);
	if (row->state == OUTBOX_RECALLED)
		step_alarm (step, ALARM_RECALL_LATE, &row->thread, &row->to);
	return ERR_OK;
}

static err_t take_opened (const struct step *step, const struct outbox_row *row,
			  const struct receipt *receipt)
{
	if (row->opened_ms != 0)
		return ERR_OK;
	outbox_opened (step->tx, &row->id, receipt->at_ms);
	deadline_done (step->tx, &row->thread, "received");
	receipt_word (step, row, receipt_status_name (receipt->status));
	return ERR_OK;
}

/* What was refused is not what we sent: the same bytes go again, ever more slowly. */
static void put_again (const struct step *step, const struct outbox_row *row)
{
	uint32_t doublings =
		row->tries < AGAIN_DOUBLINGS_MAX ? row->tries : AGAIN_DOUBLINGS_MAX;

	outbox_retry (step->tx, &row->id, ERR_DAMAGED,
		      step->now_ms + (MINUTE_MS << doublings));
	receipt_word (step, row, err_name (ERR_DAMAGED));
}

err_t letter_refused (const struct step *step, const struct outbox_row *row, err_t code, int64_t at_ms)
{
	struct outbox_row after;
	err_t err = outbox_end (step->tx, &row->id, OUTBOX_REFUSED, code, at_ms, step->arena, &after);

	if (err != ERR_OK)
		return err;
	receipt_word (step, row, err_name (code));
	step_alarm (step, "refused", &row->thread, &row->to);
	if (after.state != OUTBOX_REFUSED)
		return ERR_OK;
	attachment_end_letter (step->tx, &row->to, &row->id, ATTACHMENT_LOST, code);
	mark_delivery (step, row, false);
	return unopened_lost (step, row, code);
}

static err_t take_refused (const struct step *step, const struct outbox_row *row,
			   const struct receipt *receipt)
{
	if (row->c.len > 0 && !ID_EQUAL (row->digest, receipt->digest)) {
		put_again (step, row);
		return ERR_OK;
	}
	/* Receipts are not kept: who could not read them asks for the words again by its letters. */
	if (receipt->code == ERR_WRONG_KEY && row->machine)
		return ERR_OK;
	if (receipt->code == ERR_WRONG_KEY && unopened_wait (step, row)) {
		receipt_word (step, row, err_name (receipt->code));
		return ERR_OK;
	}
	return letter_refused (step, row, receipt->code, receipt->at_ms);
}

static const struct {
	enum receipt_status status;
	err_t (*take) (const struct step *step, const struct outbox_row *row,
		       const struct receipt *receipt);
} words[] = {
	{ RECEIPT_IS_STORED, take_stored },
	{ RECEIPT_IS_HELD, take_stored },
	{ RECEIPT_IS_OPENED, take_opened },
	{ RECEIPT_IS_REFUSED, take_refused },
};

static void keep_word (const struct step *step, const struct received *received,
		       const struct receipt *receipt)
{
	struct word word = { receipt->id, receipt->blob, receipt->status, received->header.from,
			     received->header.id };

	word_keep (step->tx, &word);
}

static err_t take_receipt (const struct step *step, const struct received *received,
			   const struct receipt *receipt)
{
	const struct agency_id *from = &received->header.from;
	struct outbox_row row;
	err_t err = outbox_get (step_ledger (step), &receipt->id, step->arena, &row);

	/* Somebody speaks of a letter that we never sent to them: a forged header, or a
	 * mix-up. */
	if (err != ERR_OK || !agency_id_equal (&row.to, from) ||
	    !ID_EQUAL (row.header_hash, receipt->header_hash)) {
		step_alarm (step,
			    receipt->status == RECEIPT_IS_REFUSED ? "refusal-unknown"
								  : "receipt-unknown",
			    NULL, from);
		return ERR_OK;
	}
	keep_word (step, received, receipt);
	if (!ID_IS_NONE (receipt->blob))
		return attachment_word (step, &row, receipt);
	for (size_t i = 0; i < COUNT_OF (words); i++)
		if (words[i].status == receipt->status)
			return words[i].take (step, &row, receipt);
	return ERR_OK;
}

err_t receipts_received (const struct step *step, const struct received *received)
{
	const struct letter *letter = &received->letter;
	err_t err = ERR_OK;

	for (size_t i = 0; i < letter->receipt_count && err == ERR_OK; i++) {
		err = take_receipt (step, received, &letter->receipts[i]);
		if (letter->receipts[i].status == RECEIPT_IS_STORED)
			resume_notice_stored (step, received, &letter->receipts[i].id);
	}
	return err;
}

/* ---- the hub's words ------------------------------------------------------------ */

/* Receipts that can't be delivered are still owed: a wrong clock had dated their letter. */
static err_t owe_again (const struct step *step, const struct outbox_row *row)
{
	struct sealed sealed;
	struct letter letter;
	err_t err = outbox_evidence (step_ledger (step), &row->id, step->arena, &sealed);

	if (err == ERR_OK)
		err = letter_decode (sealed.s, step->arena, &letter);
	for (size_t i = 0; err == ERR_OK && i < letter.receipt_count; i++)
		receipt_owe (step->tx, &row->to, &letter.receipts[i]);
	return err;
}

static err_t end_at_hub (const struct step *step, const struct letter_id *id,
			 enum outbox_state state, err_t why, int64_t at_ms)
{
	struct outbox_row row;
	err_t err = outbox_end (step->tx, id, state, why, at_ms, step->arena, &row);

	if (err == ERR_NOT_FOUND) {
		step_alarm (step, "notice-unknown", NULL, NULL);
		return ERR_OK;
	}
	if (err != ERR_OK || row.machine || row.state != state)
		return err;
	chain_untell (step->tx, id);
	attachment_end_letter (step->tx, &row.to, id, ATTACHMENT_LOST, why);
	receipt_word (step, &row, err_name (why));
	step_alarm (step, state == OUTBOX_EXPIRED ? "not-delivered" : "refused",
		    &row.thread, &row.to);
	mark_delivery (step, &row, false);
	return unopened_lost (step, &row, why);
}

err_t desk_non_delivery (desk_t *desk, tx_t *tx, const struct letter_id *id,
			 const struct hash *header_hash, err_t reason, int64_t at_ms,
			 const struct notice *notice)
{
	STEP step = step_inside (desk, tx);
	struct outbox_row row;

	if (outbox_get (desk->parts.ledger, id, step.arena, &row) != ERR_OK ||
	    !ID_EQUAL (row.header_hash, *header_hash)) {
		step_alarm (&step, "notice-unknown", NULL, NULL);
		return ERR_OK;
	}
	notice_keep (tx, id, notice);
	return end_at_hub (&step, id, OUTBOX_EXPIRED, reason, at_ms);
}

err_t desk_hub_refused (desk_t *desk, tx_t *tx, const struct letter_id *id, err_t why)
{
	STEP step = step_inside (desk, tx);
	bool misdated = why == ERR_EXPIRED || why == ERR_EXPIRY_TOO_FAR;
	struct word word = { .letter = *id, .status = WORD_HUB_REFUSED };
	struct outbox_row row;
	err_t err = ERR_OK;

	word_keep (tx, &word);
	if (misdated && outbox_get (desk->parts.ledger, id, step.arena, &row) == ERR_OK &&
	    row.machine)
		err = owe_again (&step, &row);
	return err == ERR_OK ? end_at_hub (&step, id, OUTBOX_REFUSED, why, step.now_ms) : err;
}

err_t desk_gap (desk_t *desk, tx_t *tx, const struct agency_id *from,
		const struct letter_id *id, err_t reason)
{
	STEP step = step_inside (desk, tx);
	struct entry entry = step_entry (&step, ENTRY_SYSTEM);

	entry.letter = *id;
	entry.partner = *from;
	entry.word = err_name (reason);
	entry_add (tx, &entry);
	if (reason == ERR_PARKED)
		aside_note (&step, from, id);
	else
		aside_ended (&step, from, id);
	/* What its sender took back is nobody's loss here, and what was set aside comes later. */
	if (reason != ERR_RECALLED && reason != ERR_PARKED)
		step_alarm (&step, "not-received", NULL, from);
	return tx_err (tx);
}
