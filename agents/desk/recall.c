/*
 * Letters to take back: because consent was withdrawn, or because a person here wants to.
 * What has not left is dropped here; what the hub may have, the hub is asked for.  The ids
 * wait in a setting of the ledger until the hub has answered.
 *
 * Only what its recipient does not have can be taken back, and only what moved nothing
 * here: a letter that opened its thread, which ends with it, or a requester's that left the
 * state of its thread as it was.  A performer's letters are counted by revision, and its
 * partner would wait for the one that is missing.
 */
#include "agents/desk/inside.h"

#include <string.h>

#define RECALLS_SETTING "recalls"

static struct bytes recalls_known (const struct step *step)
{
	return ledger_setting (step_ledger (step), RECALLS_SETTING, step->arena);
}

static size_t recall_find (struct bytes known, const struct letter_id *id)
{
	size_t at = 0;

	while (at + sizeof id->b <= known.len &&
	       memcmp (known.data + at, id->b, sizeof id->b) != 0)
		at += sizeof id->b;
	return at;
}

void recall_add (const struct step *step, const struct letter_id *id)
{
	struct bytes known = recalls_known (step);
	uint8_t *more = arena_must (step->arena, known.len + sizeof id->b);

	if (recall_find (known, id) < known.len)
		return;
	if (known.len > 0)
		memcpy (more, known.data, known.len);
	memcpy (more + known.len, id->b, sizeof id->b);
	ledger_set (step->tx, RECALLS_SETTING,
		    (struct bytes){ more, known.len + sizeof id->b });
}

bool recall_drop (const struct step *step, const struct letter_id *id)
{
	struct bytes known = recalls_known (step);
	size_t at = recall_find (known, id), after = at + sizeof id->b;
	uint8_t *rest;

	if (at >= known.len)
		return false;
	rest = arena_must (step->arena, known.len);
	memcpy (rest, known.data, at);
	memcpy (rest + at, known.data + after, known.len - after);
	ledger_set (step->tx, RECALLS_SETTING,
		    (struct bytes){ rest, known.len - sizeof id->b });
	return true;
}

size_t desk_recalls (desk_t *desk, arena_t *arena, struct letter_id **ret_ids)
{
	struct bytes known = ledger_setting (desk->parts.ledger, RECALLS_SETTING, arena);
	size_t count = known.len / sizeof **ret_ids;

	*ret_ids = arena_must (arena, (count + 1) * sizeof **ret_ids);
	if (count > 0)
		memcpy (*ret_ids, known.data, count * sizeof **ret_ids);
	return count;
}

/* ---- taking back ----------------------------------------------------------------- */

static bool is_on_its_way (const struct outbox_row *row)
{
	return row->state == OUTBOX_WRITTEN || row->state == OUTBOX_SEALED ||
	       row->state == OUTBOX_IN_CUSTODY;
}

/* What has not left is dropped here; what the hub may have, the hub is asked for. */
static err_t take_back (const struct step *step, const struct outbox_row *row, err_t why)
{
	struct outbox_row after;

	if (row->state == OUTBOX_SEALED || row->state == OUTBOX_IN_CUSTODY)
		recall_add (step, &row->id);
	if (row->state != OUTBOX_WRITTEN && row->state != OUTBOX_SEALED)
		return ERR_OK;
	return outbox_end (step->tx, &row->id, OUTBOX_RECALLED, why, step->now_ms,
			   step->arena, &after);
}

err_t recall_thread (const struct step *step, const struct thread_id *thread)
{
	struct outbox_row *rows;
	size_t count = outbox_by_thread (step_ledger (step), thread, step->arena, &rows);
	err_t err = ERR_OK;

	for (size_t i = 0; i < count && err == ERR_OK; i++) {
		const struct kind_spec *kind = step_kind (step, rows[i].kind);

		if (kind != NULL && kind->needs_consent)
			err = take_back (step, &rows[i], ERR_CONSENT_WITHDRAWN);
	}
	return err;
}

/* ---- a person takes one back ------------------------------------------------------- */

#define ENTRIES_AT_ONCE 64

/* Whether the letter left its thread as it was; a wish to cancel is not such a one. */
static bool moved_nothing (const struct step *step, const struct outbox_row *row)
{
	OWNED (arena) arena = arena_new (LIST_ARENA_BYTES);
	const struct kind_spec *kind = step_kind (step, row->kind);
	struct entry *entries;
	uint64_t after = 0;
	size_t count;

	if (kind == NULL || kind_is_cancel_wish (kind))
		return false;
	do {
		arena_reset (arena);
		count = entry_list (step_ledger (step), NULL, &row->thread, after,
				    ENTRIES_AT_ONCE, arena, &entries);
		for (size_t i = 0; i < count; i++)
			if (entries[i].type == ENTRY_SENT &&
			    ID_EQUAL (entries[i].letter, row->id))
				return text_is (entries[i].state_from, entries[i].state_to);
		after = count > 0 ? entries[count - 1].n : 0;
	} while (count == ENTRIES_AT_ONCE);
	return false;
}

static err_t say_delivered (const struct step *step, const struct thread *thread,
			    problems_t *problems)
{
	const struct kind_spec *wish = cancel_wish (step, thread);

	if (wish == NULL)
		return problems_add_texts (problems, ERR_WRONG_STATE, "letter",
					   "surat sudah sampai di penerima, tidak dapat ditarik lagi",
					   "the letter has already been delivered and can't be taken "
					   "back any more");
	return problems_add (problems, ERR_WRONG_STATE, "letter",
			     "surat sudah sampai di penerima, tidak dapat ditarik lagi; "
			     "batalkan dengan jembatan %s%s %s",
			     "the letter has already been delivered and can't be taken back any "
			     "more; cancel with jembatan %s%s %s",
			     text_is (wish->name, KIND_CANCEL) ? "cancel" : "send ",
			     text_is (wish->name, KIND_CANCEL) ? "" : wish->name,
			     thread->number);
}

/* The one that is named, or else the newest that its recipient does not have. */
static err_t choose_letter (const struct step *step, const struct thread *thread,
			    const struct letter_id *id, struct outbox_row *ret_row,
			    problems_t *problems)
{
	struct outbox_row *rows;
	size_t count = outbox_by_thread (step_ledger (step), &thread->id, step->arena, &rows);

	for (size_t i = count; i-- > 0;) {
		if (ID_IS_NONE (*id) ? !is_on_its_way (&rows[i]) : !ID_EQUAL (rows[i].id, *id))
			continue;
		*ret_row = rows[i];
		if (is_on_its_way (&rows[i]))
			return ERR_OK;
		if (rows[i].state == OUTBOX_STORED)
			return say_delivered (step, thread, problems);
		return problems_add_texts (problems, ERR_WRONG_STATE, "letter",
					   "surat ini sudah berakhir tanpa sampai",
					   "this letter has ended without being delivered");
	}
	if (!ID_IS_NONE (*id))
		return problems_add (problems, ERR_NOT_FOUND, "letter",
				     "surat ini bukan surat kita pada %s",
				     "this letter is none of ours in %s",
				     quoted (thread->number));
	if (count > 0)
		return say_delivered (step, thread, problems);
	return problems_add (problems, ERR_WRONG_STATE, "letter",
			     "tidak ada surat kita pada %s yang sedang dalam perjalanan",
			     "no letter of ours in %s is on its way", quoted (thread->number));
}

static err_t check_recall (const struct step *step, const struct thread *thread,
			   const struct outbox_row *row, problems_t *problems)
{
	bool opening = ID_EQUAL (thread->request, row->id);

	if (opening && !ID_IS_NONE (thread->parent))
		return problems_add (problems, ERR_WRONG_STATE, "letter",
				     "rujukan lanjutan %s sudah diberitahukan kepada perujuk "
				     "dan tidak dapat ditarik; batalkan dengan jembatan cancel",
				     "of the onward referral %s its referrer was told, so it can't "
				     "be taken back; cancel it with jembatan cancel",
				     quoted (thread->number));
	if (!opening && (thread->performing || !moved_nothing (step, row)))
		return problems_add (problems, ERR_WRONG_STATE, "letter",
				     "surat ini langkah dalam %s dan tidak dapat ditarik; "
				     "tulis surat berikutnya (lihat jembatan show)",
				     "this letter is a step of %s and can't be taken back; "
				     "write the next letter (see jembatan show)",
				     quoted (thread->number));
	return ERR_OK;
}

static err_t take_one (const struct step *step, const struct outbox_row *row)
{
	struct entry entry = step_entry (step, ENTRY_RECALL);
	err_t err = take_back (step, row, ERR_RECALLED);

	if (err != ERR_OK)
		return err;
	entry.person = row->person;
	entry.thread = row->thread;
	entry.letter = row->id;
	entry.partner = row->to;
	entry_add (step->tx, &entry);
	if (row->state != OUTBOX_WRITTEN)
		return ERR_OK;
	attachment_end_letter (step->tx, &row->to, &row->id, ATTACHMENT_LOST, ERR_RECALLED);
	return referral_recalled (step, row, true);
}

/* What follows a letter that opens a thread is nothing without it. */
static err_t take_all (const struct step *step, const struct thread *thread,
		       const struct outbox_row *chosen)
{
	struct outbox_row *rows;
	size_t count = outbox_by_thread (step_ledger (step), &thread->id, step->arena, &rows);
	bool opening = ID_EQUAL (thread->request, chosen->id);
	err_t err = ERR_OK;

	for (size_t i = count; i-- > 0 && err == ERR_OK;)
		if (ID_EQUAL (rows[i].id, chosen->id) ||
		    (opening && is_on_its_way (&rows[i])))
			err = take_one (step, &rows[i]);
	return err;
}

err_t desk_recall (desk_t *desk, const struct actor *actor, const struct thread_id *id,
		   const struct letter_id *letter, struct letter_id *ret_letter,
		   bool *ret_taken, problems_t *problems)
{
	STEP step = step_open (desk, actor);
	struct outbox_row row;
	struct thread thread;
	err_t err = permit (actor, USE_SEND);

	if (err == ERR_OK)
		err = thread_get (desk->parts.ledger, id, step.arena, &thread);
	if (err == ERR_OK)
		err = choose_letter (&step, &thread, letter, &row, problems);
	if (err == ERR_OK)
		err = check_recall (&step, &thread, &row, problems);
	if (err == ERR_OK)
		err = take_all (&step, &thread, &row);
	if (err == ERR_OK)
		err = step_commit (&step);
	if (err != ERR_OK)
		return err;
	*ret_letter = row.id;
	*ret_taken = row.state == OUTBOX_WRITTEN;
	return ERR_OK;
}

/* ---- the hub's answer -------------------------------------------------------------- */

/* It was dropped before the hub had taken it, and the hub never got it. */
static bool never_put (const struct outbox_row *row)
{
	return row->state == OUTBOX_RECALLED && row->custody_ms == 0;
}

static err_t answered (const struct step *step, const struct letter_id *id, bool done)
{
	struct outbox_row row;
	err_t err = outbox_get (step_ledger (step), id, step->arena, &row);

	/* An answer that was not asked for, or comes a second time, ends nothing. */
	if (!recall_drop (step, id) || err != ERR_OK)
		return ERR_OK;
	done = done || never_put (&row);
	if (done) {
		err = outbox_end (step->tx, id, OUTBOX_RECALLED, ERR_RECALLED, step->now_ms,
				  step->arena, &row);
		if (err != ERR_OK)
			return err;
		attachment_end_letter (step->tx, &row.to, id, ATTACHMENT_LOST, ERR_RECALLED);
		receipt_word (step, &row, err_name (ERR_RECALLED));
	}
	return referral_recalled (step, &row, done && row.state == OUTBOX_RECALLED);
}

err_t desk_recalled (desk_t *desk, tx_t *tx, const struct letter_id *id, bool done)
{
	STEP step = step_inside (desk, tx);

	return answered (&step, id, done);
}

err_t desk_recalls_lost (desk_t *desk, tx_t *tx)
{
	STEP step = step_inside (desk, tx);
	struct letter_id *ids;
	size_t count = desk_recalls (desk, step.arena, &ids);
	err_t err = ERR_OK;

	for (size_t i = 0; i < count && err == ERR_OK; i++)
		err = answered (&step, &ids[i], true);
	return err;
}
