/* The one table that says what may happen when.  Pure. */
#include "agents/catalogue/catalogue.h"

#include <string.h>

const char *party_name (enum party party)
{
	static const char *const names[] = { "", "requester", "performer", "either" };

	return (size_t)party < COUNT_OF (names) ? names[party] : "";
}

const struct state *thread_state (const struct thread_type *type, const char *name)
{
	for (size_t i = 0; i < type->state_count; i++)
		if (strcmp (type->states[i].name, name) == 0)
			return &type->states[i];
	return NULL;
}

const struct transition *lifecycle_find (const struct thread_type *type, const struct state *from,
					 const char *kind, enum party by)
{
	for (size_t i = 0; i < type->transition_count; i++) {
		const struct transition *row = &type->transitions[i];

		if (row->from == from && row->by == by && strcmp (row->kind, kind) == 0)
			return row;
	}
	return NULL;
}
