/*
 * A letter that a person wants to write, with everything that is known about it.
 * Gathering reads the ledger, the catalogue and the directory once; submit.c then judges
 * these facts and writes.
 */
#ifndef AGENTS_DESK_DRAFT_H
#define AGENTS_DESK_DRAFT_H

#include "agents/desk/inside.h"

struct draft {
	struct step *step;
	const struct submission *submission;
	problems_t *problems;
	bool child;    /* the onward half of a referral.onward */
	bool machine;  /* the agent itself writes it: it has no role */
	bool reported; /* the performer's own letter, which somebody here writes down */
	/* facts */
	const struct kind_spec *kind;
	bool opens;
	err_t found;          /* of thread or person */
	struct thread thread; /* as it stands, or as it will be opened */
	struct thread replaced;
	struct thread about; /* what gave rise to a new one */
	struct person person;
	const struct transition *row;
	const struct partner *recipient;
	size_t answer_count;
	const struct answer *answers;
	size_t attachment_count;
	const struct attachment *attachments;
	const struct attachment_row *attachment_rows; /* n 0: there is no such upload */
	size_t label_count;
	const char *const *labels;
	enum basis basis;
	struct rule rule;
	err_t covered;
	const char *missing; /* a label that no clause covers */
	struct clause_id clause_id;
	struct agency_id grantor; /* of the clause */
	const struct signed_clause *clause;
	struct draft *onward; /* of a referral.onward that was gathered: its other half */
};

/* Fills the facts from step, submission, problems, child and reported. */
void draft_gather (struct draft *draft);

/* The table of checks (submit.c).  All mistakes of the form are named; any other refusal
 * ends it. */
MUST_USE err_t draft_judge (const struct draft *draft);

/* Gathers, judges and writes, with its other half where it has one; the caller commits, or looks at it
 * (preview.c). */
MUST_USE err_t draft_submit (struct draft *draft, struct outcome *ret_outcome);

/* What the record knows and the form would take, and which stays here because no clause covers it or the
 * reader may never see it. */
size_t draft_withheld (struct draft *draft, const struct answer **ret_answers);

/* Files that the letter takes along (attachment.c): looked up after the answers; judged; and, when
 * the letter is written, made its own. */
void draft_gather_attachments (struct draft *draft);
MUST_USE err_t draft_judge_attachments (const struct draft *draft);
void draft_claim_attachments (const struct draft *draft, const struct letter_id *letter);

/* What is told of a letter that was written: thread, number, state and clause. */
void draft_outcome (const struct draft *draft, struct outcome *ret_outcome);

/* What the letter that opened a thread said, without what is filled in from the record
 * here. */
size_t draft_answers_again (const struct step *step, const struct thread_id *thread,
			    const struct kind_spec *kind, struct answer **ret_answers);

/* Does the kind carry a person's data to somebody else, here? */
bool draft_needs_consent (const struct draft *draft);

/* The kind's own, else the submission's, else the thread's, else routine. */
enum urgency draft_urgency (const struct draft *draft);

/* What the letter says beside its form, as it was gathered; whoever opens says so himself. */
struct wording draft_wording (const struct draft *draft);

/* The chain of `of`, or a fresh one: training and work may not be linked to what was
 * treated.  None where coordinators don't hear of such threads. */
void draft_choose_chain (struct draft *draft, const struct chain_id *of);

#endif
