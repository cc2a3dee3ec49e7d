/*
 * What a letter would be, before anybody sends it.  It is written by the very steps that send one and
 * then not committed, so that what is shown here and what goes can't differ.
 */
#include "agents/desk/draft.h"

/* Would this label alone be covered?  What unlabelled answers need is a clause at all. */
static err_t consent_for (const struct draft *draft, const char *label)
{
	struct step *step = draft->step;
	size_t count = text_given (label) ? 1 : 0;
	struct consent_need need = step_need (step, &draft->thread.partner,
					      draft->thread.purpose, &label, count);
	struct cover cover = { .verdict = ERR_NO_CONSENT };

	if (!draft->opens)
		cover_thread (step, &draft->thread, draft->thread.purpose, &label, count, &cover);
	if (cover.verdict != ERR_OK)
		cover_find (step, &draft->thread.person, &need, draft->child, &cover);
	return cover.verdict;
}

static err_t covered (const struct draft *draft, const char *label)
{
	if (draft->thread.carrier != CARRIER_OWN && text_given (label) &&
	    draft->recipient != NULL &&
	    label_hidden_from (draft->step, draft->recipient->kind, &label, 1) != NULL)
		return ERR_NOT_ALLOWED;
	if (!draft_needs_consent (draft) || draft->basis != BASIS_CONSENT_GIVEN)
		return ERR_OK;
	if (draft->thread.data_stopped)
		return ERR_CONSENT_WITHDRAWN;
	return draft->covered == ERR_OK ? ERR_OK : consent_for (draft, label);
}

/* One that was withheld is judged by itself: with it the clause would not cover. */
static err_t why_withheld (const struct draft *draft, const char *label)
{
	err_t err = covered (draft, label);

	return err == ERR_OK ? consent_for (draft, label) : err;
}

static struct preview_field field_of (const struct draft *draft, const struct answer *answer,
				      bool withheld)
{
	const struct submission *submission = draft->submission;
	const struct field_spec *field = kind_field (draft->kind, answer->field);
	const char *label = field != NULL ? field->label : "";

	return (struct preview_field){
		.answer = answer,
		.field = field,
		.from_record = answer_find (submission->answers, submission->answer_count,
					    answer->field) == NULL,
		.withheld = withheld,
		.covered = withheld ? why_withheld (draft, label) : covered (draft, label),
	};
}

static void show_fields (struct draft *draft, struct preview *preview)
{
	const struct answer *withheld;
	size_t withheld_count = draft_withheld (draft, &withheld);
	size_t most = draft->answer_count + withheld_count;
	struct preview_field *fields =
		arena_must (draft->step->arena, (most + 1) * sizeof *fields);

	for (size_t i = 0; i < draft->answer_count; i++)
		fields[preview->field_count++] = field_of (draft, &draft->answers[i], false);
	for (size_t i = 0; i < withheld_count; i++)
		fields[preview->field_count++] = field_of (draft, &withheld[i], true);
	preview->fields = fields;
}

static void show_files (const struct draft *draft, struct preview *preview)
{
	size_t count = draft->attachment_count;
	struct preview_file *files = arena_must (draft->step->arena, (count + 1) * sizeof *files);

	for (size_t i = 0; i < count; i++) {
		const struct attachment *file = &draft->attachments[i];

		files[i] = (struct preview_file){ file->title, file->label, file->length,
						  covered (draft, file->label) };
	}
	preview->file_count = count;
	preview->files = files;
}

static const struct preview *preview_of (struct draft *draft, err_t refusal, int64_t reply_by_ms)
{
	struct preview *preview = arena_must (draft->step->arena, sizeof *preview);

	*preview = (struct preview){
		.refusal = refusal,
		.kind = draft->kind,
		.thread = draft->thread,
		.reader = draft->recipient,
		.needs_consent = draft_needs_consent (draft),
		.basis = draft->basis,
		.rule = draft->rule,
		.clause = draft->clause_id,
		.grantor = draft->grantor,
		.urgency = draft_urgency (draft),
		.reply_by_ms = reply_by_ms != 0 ? reply_by_ms
						: clock_asked (draft->step, &draft->thread,
							       draft->kind,
							       draft_urgency (draft)),
	};
	show_fields (draft, preview);
	show_files (draft, preview);
	if (draft->onward != NULL && draft->onward->kind != NULL)
		preview->onward = preview_of (draft->onward, refusal, 0);
	return preview;
}

err_t desk_preview (desk_t *desk, const struct actor *actor,
		    const struct submission *submission, preview_fn *show, void *arg,
		    problems_t *problems)
{
	STEP step = step_open (desk, actor);
	struct draft draft = { .step = &step,
			       .submission = submission,
			       .problems = problems };
	struct outcome outcome = { 0 };
	err_t err = permit (actor, USE_SEND);

	if (err != ERR_OK)
		return err;
	err = draft_submit (&draft, &outcome);
	if (err_lane (err) == LANE_STOP)
		return err;
	if (draft.kind == NULL || draft.found != ERR_OK)
		return err;
	show (arg, preview_of (&draft, err, outcome.reply_by_ms));
	return ERR_OK;
}
