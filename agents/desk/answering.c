/*
 * How long a partner takes to answer us: from our newest requests, the time from the letter that opened
 * each to the partner's first letter that answers it, as the catalogue says which do.
 */
#include "agents/desk/inside.h"

#include <stdlib.h>

#define THREADS_LOOKED 100u
#define ENTRIES_LOOKED 50u

static const struct kind_spec *asked_by (const struct step *step, const struct entry *entries,
					 size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (entries[i].type == ENTRY_SENT)
			return step_kind (step, entries[i].kind);
	return NULL;
}

/* 0 while nobody has answered, or where no answer is asked for. */
static int64_t answered_after_ms (const struct step *step, const struct thread *thread)
{
	OWNED (arena) arena = arena_new (LIST_ARENA_BYTES);
	struct entry *entries;
	size_t count = entry_list (step_ledger (step), NULL, &thread->id, 0, ENTRIES_LOOKED,
				   arena, &entries);
	const struct kind_spec *asked = asked_by (step, entries, count);

	for (size_t i = 0; asked != NULL && i < count; i++)
		if (entries[i].type == ENTRY_ARRIVED &&
		    word_among (entries[i].kind, asked->replies, asked->reply_count))
			return entries[i].at_ms > thread->opened_ms
				       ? entries[i].at_ms - thread->opened_ms
				       : 1;
	return 0;
}

static int rising (const void *a, const void *b)
{
	const int64_t *left = a, *right = b;

	return *left < *right ? -1 : *left > *right;
}

void desk_answering (desk_t *desk, const struct agency_id *partner, struct answering *ret_answering)
{
	STEP step = step_look (desk);
	int64_t waits[THREADS_LOOKED];
	struct thread *threads;
	size_t count = thread_list (step_ledger (&step), BOX_ALL, NULL, partner, 0,
				    THREADS_LOOKED, step.arena, &threads);

	*ret_answering = (struct answering){ 0 };
	for (size_t i = 0; i < count; i++) {
		int64_t wait = threads[i].performing ? 0
						     : answered_after_ms (&step, &threads[i]);

		if (wait > 0)
			waits[ret_answering->count++] = wait;
	}
	qsort (waits, ret_answering->count, sizeof *waits, rising);
	if (ret_answering->count > 0)
		ret_answering->median_ms = waits[ret_answering->count / 2];
}
