/*
 * How far a person has come: which stages of the scheme that this agency counts in were reached, and
 * when.  A stage is reached with the first letter of one of its kinds, whoever wrote it; letters that
 * came back reached nothing.
 */
#include "agents/desk/inside.h"

static int64_t reached_ms (const struct stage_spec *stage, const struct person *person,
			   const struct entry_sum *sums, size_t count)
{
	int64_t first_ms = stage->from_record ? person->created_ms : 0;

	for (size_t i = 0; i < count; i++)
		if (word_among (sums[i].kind, stage->kinds, stage->kind_count) &&
		    (first_ms == 0 || sums[i].first_ms < first_ms))
			first_ms = sums[i].first_ms;
	return first_ms;
}

void desk_way (desk_t *desk, const struct person *person, struct way *ret_way)
{
	STEP step = step_look (desk);
	const struct member *self = step_member (&step, step_self (&step));
	struct entry_sum *sums;
	size_t count = entry_sums (step_ledger (&step), &person->id, step.arena, &sums);
	struct way way = { .age = person_age (&step, person->birth_date) };

	way.scheme = catalogue_scheme (desk->parts.catalogue, self != NULL ? self->kind : "");
	for (size_t i = 0; way.scheme != NULL && i < way.scheme->stage_count; i++) {
		way.reached_ms[i] =
			reached_ms (&way.scheme->stages[i], person, sums, count);
		if (way.reached_ms[i] == 0)
			continue;
		way.stage = i;
		way.since_ms = way.reached_ms[i];
	}
	*ret_way = way;
}
