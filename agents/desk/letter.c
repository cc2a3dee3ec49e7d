/*
 * Builds letters: what every one says, what one of a thread says besides, and the way
 * into the outbox.  Pair sequence, directory version and checkpoint are known only when
 * the post seals it.
 */
#include "agents/desk/inside.h"

#include <stdlib.h>

#include "jembatan/clock.h"

void letter_begin (const struct step *step, struct letter *ret_letter, const char *kind,
		   uint32_t version)
{
	int64_t local_ms = clock_now_ms ();

	*ret_letter = (struct letter){
		.kind = kind,
		.kind_version = version,
		.sig_key_id = keypair_id (step->desk->parts.sig),
		.from_user = step->actor->user,
		.from_role = step->actor->role,
		.to_role = "",
		.created_ms = step->now_ms,
		.purpose = "",
		.rule = { "", "", "", "" },
		.checkpoint = "",
		.body = BODY_NONE,
	};
	if (llabs (local_ms - step->now_ms) > CLOCK_TOLERANCE_MS)
		ret_letter->created_local_ms = local_ms;
}

static void write_entry (const struct step *step, const struct letter *letter,
			 const struct post_as *as, const struct letter_id *id,
			 struct bytes s)
{
	struct entry entry = step_entry (step, ENTRY_SENT);

	entry.person = as->person;
	entry.thread = letter->thread;
	entry.letter = *id;
	entry.partner = as->to;
	entry.kind = letter->kind;
	entry.state_from = text_given (as->state_from) ? as->state_from : "";
	entry.state_to = text_given (as->state_to) ? as->state_to : "";
	if (step_carrier (step, &as->to) != CARRIER_WIRE)
		entry.word = carrier_name (step_carrier (step, &as->to));
	entry.body = s;
	entry_add (step->tx, &entry);
}

err_t letter_post (const struct step *step, const struct letter *letter,
		   const struct post_as *as, struct letter_id *ret_id)
{
	struct outbox_row row = {
		.to = as->to,
		.class = as->class,
		.state = OUTBOX_WRITTEN,
		.kind = letter->kind,
		.thread = letter->thread,
		.person = as->person,
		.machine = as->machine,
		.created_ms = step->now_ms,
		.expires_at_ms = step->now_ms + LETTER_EXPIRY_DEFAULT_MS,
		.next_try_ms = step->now_ms,
	};
	struct bytes s;
	err_t err = letter_encode (letter, step->arena, &s);

	if (err != ERR_OK)
		return err;
	uuid7_make_at (step->now_ms, row.id.b);
	/* What is printed, or stays here, no hub ever sees. */
	if (step_carrier (step, &as->to) == CARRIER_WIRE)
		outbox_add (step->tx, &row, letter);
	/* Receipts leave their trace as entries of the letters that they speak of. */
	if (!as->machine)
		write_entry (step, letter, as, &row.id, s);
	*ret_id = row.id;
	return ERR_OK;
}

/* ---- of a thread ---------------------------------------------------------------- */

const char *performer_region (const struct step *step, const struct thread *thread)
{
	const struct agency_id *performer =
		thread->performing ? step_self (step) : &thread->partner;
	const struct partner *partner = step_partner (step, performer);

	return partner != NULL ? partner->region : "";
}

/* Of the answers and of the files. */
static size_t wording_labels (const struct step *step, const struct wording *wording,
			      const char *const **ret_labels)
{
	const char *const *labels;
	size_t count = answers_labels (wording->kind, wording->answers, wording->answer_count,
				       step->arena, &labels);

	return labels_with_attachments (step, labels, count, wording->attachments,
					wording->attachment_count, ret_labels);
}

void letter_of_thread (const struct step *step, const struct thread *thread,
		       const struct wording *wording, struct letter *ret_letter)
{
	const struct kind_spec *kind = wording->kind;
	struct letter letter;

	letter_begin (step, &letter, kind->name, kind->version);
	/* Who writes at an agency may tell as much as what is written. */
	if (kind->thread->discreet && !thread->performing)
		letter.from_user = letter.from_role = "";
	if (!ID_IS_NONE (thread->person))
		letter.case_id =
			person_case (step->tx, &thread->person, &thread->partner);
	letter.thread = thread->id;
	letter.in_reply_to = thread->last_letter;
	letter.replaces = wording->replaces;
	letter.chain = thread->chain;
	letter.parent = thread->performing ? (struct thread_id){ 0 } : thread->parent;
	letter.reply_by_ms = wording->reply_by_ms != 0
				     ? wording->reply_by_ms
				     : clock_asked (step, thread, kind, wording->urgency);
	letter.urgency = wording->urgency;
	letter.purpose = thread->purpose;
	letter.basis = wording->basis;
	letter.rule = wording->rule;
	if (wording->clause != NULL)
		letter.clause = *wording->clause;
	letter.label_count = wording_labels (step, wording, &letter.labels);
	letter.attachments = wording->attachments;
	letter.attachment_count = wording->attachment_count;
	if (wording->answer_count > 0) {
		letter.body = BODY_ANSWERS;
		letter.answers = wording->answers;
		letter.answer_count = wording->answer_count;
	}
	*ret_letter = letter;
}

err_t letter_that_opened (const struct step *step, const struct thread_id *thread,
			  struct letter *ret_letter)
{
	OWNED (arena) arena = arena_new (LIST_ARENA_BYTES);
	struct entry *entries;
	size_t count =
		entry_list (step_ledger (step), NULL, thread, 0, 64, arena, &entries);

	/* Letters that came before their request may stand ahead of it. */
	for (size_t i = 0; i < count; i++)
		if (entries[i].body.len > 0 && !text_given (entries[i].state_from) &&
		    text_given (entries[i].state_to))
			return letter_decode (entries[i].body, step->arena, ret_letter);
	return ERR_NOT_FOUND;
}

err_t wording_rest_on_thread (const struct step *step, const struct thread *thread,
			      struct wording *wording)
{
	const char *const *labels;
	size_t label_count = wording_labels (step, wording, &labels);
	struct signed_clause *clause;
	struct letter opening;
	struct cover cover;

	if (!wording->kind->needs_consent ||
	    thread->carrier == CARRIER_OWN || ID_IS_NONE (thread->person) ||
	    answers_end_by_withdrawal (wording->answers, wording->answer_count)) {
		wording->basis = BASIS_NO_DATA;
		return ERR_OK;
	}
	if (ID_IS_NONE (thread->clause) &&
	    letter_that_opened (step, &thread->id, &opening) == ERR_OK &&
	    opening.basis != BASIS_CONSENT_GIVEN) {
		wording->basis = opening.basis;
		wording->rule = opening.rule;
		return ERR_OK;
	}
	cover_thread (step, thread, thread->purpose, labels, label_count, &cover);
	if (cover.verdict != ERR_OK)
		return cover.verdict;
	clause = arena_must (step->arena, sizeof *clause);
	*clause = cover.row.signed_clause;
	wording->basis = BASIS_CONSENT_GIVEN;
	wording->clause = clause;
	wording->clause_id = cover.row.clause.id;
	wording->grantor = cover.row.clause.grantor;
	return ERR_OK;
}
