/*
 * How threads of every type end before their time: which kind asks for it, and which says it.  The
 * catalogue decides; no kind is named here.
 *
 *   the performer's kinds that end a thread as failed, rejected or cancelled
 *   the requester's wish to cancel: what the performer's "cancelled" answers
 */
#include "agents/desk/inside.h"

static const struct kind_spec *kind_in_type (const struct thread_type *type, const char *name)
{
	for (size_t i = 0; i < type->kind_count; i++)
		if (text_is (type->kinds[i].name, name))
			return &type->kinds[i];
	return NULL;
}

const struct kind_spec *ending_kind (const struct step *step, const struct thread *thread,
				     const char *task_status)
{
	const struct thread_type *type = thread_type_of (step, thread);
	const struct state *state = thread_state_of (step, thread);

	for (size_t i = 0; type != NULL && state != NULL && i < type->transition_count; i++) {
		const struct transition *row = &type->transitions[i];

		if (row->from == state && row->by == PARTY_PERFORMER && row->to != NULL &&
		    row->to->ended && text_is (row->to->task_status, task_status))
			return kind_in_type (type, row->kind);
	}
	return NULL;
}

/* A kind whose own row leaves the state, and that may be answered by an end as cancelled. */
static bool ends_as_cancelled (const struct thread_type *type, const char *kind)
{
	for (size_t i = 0; i < type->transition_count; i++)
		if (text_is (type->transitions[i].kind, kind) &&
		    type->transitions[i].by == PARTY_PERFORMER &&
		    type->transitions[i].to != NULL &&
		    text_is (type->transitions[i].to->task_status, "cancelled"))
			return true;
	return false;
}

bool kind_is_cancel_wish (const struct kind_spec *kind)
{
	if (kind->by != PARTY_REQUESTER)
		return false;
	for (size_t i = 0; i < kind->reply_count; i++)
		if (ends_as_cancelled (kind->thread, kind->replies[i]))
			return true;
	return false;
}

const struct kind_spec *cancel_wish (const struct step *step, const struct thread *thread)
{
	const struct thread_type *type = thread_type_of (step, thread);

	for (size_t i = 0; type != NULL && i < type->kind_count; i++)
		if (kind_is_cancel_wish (&type->kinds[i]) &&
		    thread_row (step, thread, &type->kinds[i], PARTY_REQUESTER) != NULL)
			return &type->kinds[i];
	return NULL;
}
