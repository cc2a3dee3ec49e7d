/*
 * What covers a letter: the clause that lets it leave, and the clause that lets it be
 * seen here. The same question is asked at both ends, because neither end need trust the
 * other's answer.
 */
#include "agents/desk/inside.h"

#include <string.h>

/* Bases on which no consent is asked, but a rule must be named: UU 27/2022 art. 20 (2) c,
 * d, e. */
bool basis_needs_rule (enum basis basis)
{
	return basis == BASIS_LEGAL_DUTY || basis == BASIS_VITAL_INTEREST ||
	       basis == BASIS_PUBLIC_TASK;
}

bool rule_is_cited (const struct rule *rule)
{
	return text_given (rule->id) && text_given (rule->article);
}

bool basis_allowed (const struct kind_spec *kind, enum basis basis)
{
	for (size_t i = 0; i < kind->basis_count; i++)
		if (kind->bases[i] == basis)
			return true;
	return false;
}

bool answer_is_free (const struct answer *answer)
{
	return answer->type == ANSWER_TEXT || answer->type == ANSWER_PHONE ||
	       answer->type == ANSWER_ATTACHMENT ||
	       (answer->type == ANSWER_CODE && text_given (answer->display));
}

bool answers_end_by_withdrawal (const struct answer *answers, size_t count)
{
	const struct answer *reason = answer_find (answers, count, FIELD_REASON);

	if (reason == NULL || !text_is (reason->text, REASON_WITHDRAWN))
		return false;
	for (size_t i = 0; i < count; i++)
		if (&answers[i] != reason && answers[i].type != ANSWER_ABSENT)
			return false;
	return true;
}

struct consent_need step_need (const struct step *step, const struct agency_id *recipient,
			       const char *purpose, const char *const *labels,
			       size_t label_count)
{
	const struct partner *partner = step_partner (step, recipient);

	return (struct consent_need){
		.recipient = recipient,
		.recipient_kind = partner != NULL ? partner->kind : "",
		.recipient_region = partner != NULL ? partner->region : "",
		.purpose = purpose,
		.labels = labels,
		.label_count = label_count,
		.at_ms = step->now_ms,
	};
}

/* ---- at the sender -------------------------------------------------------------- */

/* Narrower is better: one agency before a kind of agency, a smaller region, fewer labels.
 */
static int width (const struct clause *clause)
{
	int wide = (int)clause->label_count;

	if (clause->recipient.text[0] == '\0')
		wide += 1000 - 10 * (int)strlen (clause->recipient_region);
	return wide;
}

/* The label without which the clause would cover, when there is one. */
static const char *missing_label (const struct clause *clause,
				  const struct consent_need *need)
{
	struct consent_need less = *need;

	less.label_count = 0;
	if (consent_covers (clause, &less) != ERR_OK)
		return NULL;
	for (size_t i = 0; i < need->label_count; i++)
		if (!word_among (need->labels[i], clause->labels, clause->label_count))
			return need->labels[i];
	return NULL;
}

static err_t judge_row (const struct clause_row *row, const struct consent_need *need)
{
	err_t err = consent_covers (&row->clause, need);

	return err == ERR_OK && row->withdrawn_said_ms != 0 ? ERR_CONSENT_WITHDRAWN : err;
}

/* Among refusals, a clause that was withdrawn or has run out tells more than none at all.
 */
static size_t telling (err_t err)
{
	static const err_t rising[] = { ERR_NO_CONSENT, ERR_CONSENT_EXPIRED,
					ERR_CONSENT_WITHDRAWN, ERR_OK };
	size_t rank = COUNT_OF (rising) - 1;

	while (rank > 0 && rising[rank] != err)
		rank--;
	return rank;
}

static void consider (struct cover *cover, const struct clause_row *row,
		      const struct consent_need *need)
{
	err_t verdict = judge_row (row, need);
	bool better = telling (verdict) > telling (cover->verdict) ||
		      (verdict == ERR_OK && cover->verdict == ERR_OK &&
		       width (&row->clause) < width (&cover->row.clause));

	if (verdict == ERR_NO_CONSENT && row->withdrawn_said_ms == 0 &&
	    cover->missing == NULL)
		cover->missing = missing_label (&row->clause, need);
	if (!better)
		return;
	cover->verdict = verdict;
	cover->row = *row;
}

void cover_find (const struct step *step, const struct person_id *person,
		 const struct consent_need *need, bool onward, struct cover *ret_cover)
{
	OWNED (arena) arena = arena_new (LIST_ARENA_BYTES);
	struct clause_row *rows;
	size_t count = clause_list (step_ledger (step), person, arena, &rows);
	struct cover cover = { .verdict = ERR_NO_CONSENT };

	for (size_t i = 0; i < count; i++)
		if (rows[i].granted_here || onward)
			consider (&cover, &rows[i], need);
	if (cover.verdict == ERR_OK)
		cover.verdict = clause_get (step_ledger (step), &cover.row.clause.id,
					    &cover.row.clause.grantor, step->arena,
					    &cover.row);
	*ret_cover = cover;
}

/*
 * A thread's clause is bilateral: what its performer answers goes back to the side from
 * which the data came.  So the performer stays the recipient that the clause must name,
 * whoever writes.
 */
void cover_thread (const struct step *step, const struct thread *thread,
		   const char *purpose, const char *const *labels, size_t label_count,
		   struct cover *ret_cover)
{
	const struct agency_id *performer =
		thread->performing ? step_self (step) : &thread->partner;
	struct consent_need need =
		step_need (step, performer, purpose, labels, label_count);
	struct cover cover = { .verdict = ERR_NO_CONSENT };
	struct clause_row row;

	if (!ID_IS_NONE (thread->clause) &&
	    clause_get (step_ledger (step), &thread->clause, &thread->grantor,
			step->arena, &row) == ERR_OK)
		consider (&cover, &row, &need);
	*ret_cover = cover;
}

/* ---- at the receiver ------------------------------------------------------------ */

/* Only the grantor's own key makes a clause, whoever carries it. */
static err_t check_grantor (const struct step *step,
			    const struct signed_clause *signed_clause,
			    const struct clause *clause)
{
	const struct member *grantor = step_member (step, &clause->grantor);
	const struct member_key *key;
	err_t err;

	if (grantor == NULL)
		return ERR_KEY_UNKNOWN;
	err = member_key_allows (grantor, &signed_clause->sig_key_id, KEY_SIG,
				 clause->valid_from_ms, step->now_ms);
	if (err != ERR_OK)
		return err;
	key = member_key_by_id (grantor, &signed_clause->sig_key_id);
	return key != NULL ? clause_verify (signed_clause, &key->public_key)
			   : ERR_KEY_UNKNOWN;
}

/* Who writes: the kind says it.  Of one that both may send, or that we don't know, the
 * thread does; without either, a clause of our own tells an answer. */
static enum party written_by (const struct step *step, const struct kind_spec *kind,
			      const struct thread *thread, const struct clause *clause)
{
	if (kind != NULL && kind->by != PARTY_EITHER)
		return kind->by;
	if (thread != NULL)
		return thread->performing ? PARTY_REQUESTER : PARTY_PERFORMER;
	return agency_id_equal (&clause->grantor, step_self (step)) ? PARTY_PERFORMER
								    : PARTY_REQUESTER;
}

/*
 * Whose clause may a letter rest on?  A request: the sender's own, or, when it carries a
 * referral onward, the one of the agency that took the consent.  An answer: the one under
 * which we wrote, or the answering agency's own.
 */
static bool grantor_fits (const struct step *step, const struct received *received,
			  enum party by, const struct thread *thread,
			  const struct clause *clause)
{
	if (agency_id_equal (&clause->grantor, &received->header.from))
		return true;
	if (by == PARTY_REQUESTER)
		return !ID_IS_NONE (received->letter.parent);
	if (agency_id_equal (&clause->grantor, step_self (step)))
		return true;
	return thread != NULL && ID_EQUAL (thread->clause, clause->id) &&
	       agency_id_equal (&thread->grantor, &clause->grantor);
}

/* The agency that the clause must name: we, or the performer whose answer comes back
 * under it. */
static const struct agency_id *named_recipient (const struct step *step,
						const struct received *received,
						enum party by,
						const struct clause *clause)
{
	bool answers_back = by == PARTY_PERFORMER &&
			    !agency_id_equal (&clause->grantor, &received->header.from);

	return answers_back ? &received->header.from : step_self (step);
}

/* What the form says the answers carry, when there is one, what the letter admits, and what its files
 * do, together. */
static size_t all_labels (const struct step *step, const struct letter *letter,
			  const struct kind_spec *kind, const char *const **ret_labels)
{
	const char *const *of_form = NULL;
	size_t form_count = kind == NULL ? 0
					 : answers_labels (kind, letter->answers,
							   letter->answer_count,
							   step->arena, &of_form);
	size_t count = form_count + letter->label_count;
	const char **labels = arena_must (step->arena, (count + 1) * sizeof *labels);

	for (size_t i = 0; i < form_count; i++)
		labels[i] = of_form[i];
	for (size_t i = 0; i < letter->label_count; i++)
		labels[form_count + i] = letter->labels[i];
	return labels_with_attachments (step, labels, count, letter->attachments,
					letter->attachment_count, ret_labels);
}

static err_t cover_by_clause (const struct step *step, const struct received *received,
			      const struct kind_spec *kind, const struct thread *thread)
{
	const struct letter *letter = &received->letter;
	const char *const *labels;
	size_t label_count = all_labels (step, letter, kind, &labels);
	struct consent_need need;
	struct clause clause;
	enum party by;
	err_t err;

	if (letter->clause.clause.len == 0 ||
	    clause_decode (letter->clause.clause, step->arena, &clause) != ERR_OK)
		return ERR_NO_CONSENT;
	by = written_by (step, kind, thread, &clause);
	if (!grantor_fits (step, received, by, thread, &clause))
		return ERR_NO_CONSENT;
	err = check_grantor (step, &letter->clause, &clause);
	if (err != ERR_OK)
		return err;
	if (clause_withdrawn (step_ledger (step), &clause.id, &clause.grantor) != 0)
		return ERR_CONSENT_WITHDRAWN;
	need = step_need (step, named_recipient (step, received, by, &clause),
			  letter->purpose, labels, label_count);
	/* A sender whose clock is ahead has also dated the clause ahead. */
	if (letter->created_ms > need.at_ms)
		need.at_ms = letter->created_ms;
	return consent_covers (&clause, &need);
}

/* A letter that may be about a person, and is not. */
static bool is_of_nobody (const struct step *step, const struct letter *letter,
			  const struct kind_spec *kind)
{
	const char *const *labels;

	return kind->thread->about != ABOUT_PERSON && letter->basis == BASIS_NO_DATA &&
	       ID_IS_NONE (letter->case_id) &&
	       all_labels (step, letter, kind, &labels) == 0;
}

err_t cover_received (const struct step *step, const struct received *received,
		      const struct kind_spec *kind, const struct thread *thread)
{
	const struct letter *letter = &received->letter;

	if (!kind->needs_consent)
		return ERR_OK;
	if (kind->by == PARTY_PERFORMER &&
	    answers_end_by_withdrawal (letter->answers, letter->answer_count))
		return ERR_OK;
	if (letter->basis == BASIS_CONSENT_GIVEN)
		return cover_by_clause (step, received, kind, thread);
	if (is_of_nobody (step, letter, kind))
		return ERR_OK;
	if (!basis_allowed (kind, letter->basis))
		return ERR_NO_CONSENT;
	return !basis_needs_rule (letter->basis) || rule_is_cited (&letter->rule)
		       ? ERR_OK
		       : ERR_NO_RULE;
}

/* Whatever such a kind may mean, a letter without consent that cites no rule says itself
 * that it has nothing about a person. */
err_t cover_unknown (const struct step *step, const struct received *received,
		     const struct kind_spec *kind, const struct thread *thread)
{
	const struct letter *letter = &received->letter;

	if (kind != NULL && kind->needs_consent)
		return cover_received (step, received, kind, thread);
	if (letter->basis == BASIS_CONSENT_GIVEN)
		return cover_by_clause (step, received, kind, thread);
	if (letter->basis == BASIS_NO_DATA)
		return letter->label_count == 0 ? ERR_OK : ERR_NO_CONSENT;
	return rule_is_cited (&letter->rule) ? ERR_OK : ERR_NO_RULE;
}
