/*
 * Lifecycles as the audit needs them: which states follow which, who is waited for in each, and
 * which states answer what was asked.  Drawn from the catalogue once.
 */
#include <stdlib.h>
#include <string.h>

#include "agents/audit/inside.h"

const struct life *life_of (const struct audit *audit, uint32_t kind)
{
	for (size_t i = 0; i < audit->life_count; i++)
		if (audit->lives[i].kind == kind)
			return &audit->lives[i];
	return NULL;
}

uint32_t life_state (const struct life *life, uint32_t state)
{
	for (uint32_t i = 0; life != NULL && i < life->state_count; i++)
		if (life->states[i] == state)
			return i;
	return NONE_AT;
}

/* NONE_AT when there are more than a mask has bits. */
static uint32_t add_state (struct audit *audit, struct life *life, const struct state *state)
{
	uint32_t name = audit_name (audit, state->name), at = life_state (life, name);

	if (at != NONE_AT || life->state_count == LIFE_STATES_MAX)
		return at;
	life->states[life->state_count] = name;
	return (uint32_t)life->state_count++;
}

static bool is (const char *text, const char *other)
{
	return text != NULL && strcmp (text, other) == 0;
}

static void note_status (struct life *life, uint32_t at, const struct state *state)
{
	const struct { bool is; uint64_t *mask; } notes[] = {
		{ state->ended, &life->ended },
		{ is (state->task_status, "accepted") && is (state->business_status, ""),
		  &life->accepted },
		{ is (state->task_status, "in-progress"), &life->arrived },
		{ is (state->task_status, "completed"), &life->completed },
		{ is (state->task_status, "failed"), &life->failed },
		{ is (state->task_status, "rejected"), &life->rejected },
		{ is (state->task_status, "cancelled"), &life->cancelled },
	};

	for (size_t i = 0; i < COUNT_OF (notes); i++)
		if (notes[i].is)
			*notes[i].mask |= UINT64_C (1) << at;
}

static uint32_t at_of (struct audit *audit, const struct life *life, const struct state *state)
{
	return state != NULL ? life_state (life, audit_name (audit, state->name)) : NONE_AT;
}

static const struct kind_spec *kind_of (const struct audit *audit, const char *name)
{
	return catalogue_kind (audit->catalogue, name, 0);
}

/* Where the kinds that answer this one lead to; one that moves nothing is told as the state where
 * it was asked. */
static uint64_t answers_of (struct audit *audit, const struct life *life,
			    const struct thread_type *type, const struct kind_spec *kind, uint32_t at)
{
	uint64_t mask = 0;

	for (size_t r = 0; r < kind->reply_count; r++)
		for (size_t i = 0; i < type->transition_count; i++) {
			const struct transition *row = &type->transitions[i];
			uint32_t to = row->to != NULL ? at_of (audit, life, row->to) : at;

			if (is (kind->replies[r], row->kind) && to != NONE_AT)
				mask |= UINT64_C (1) << to;
		}
	return mask;
}

/* The side that writes the first of the kinds that answer. */
static enum party answering (const struct audit *audit, const struct kind_spec *kind)
{
	const struct kind_spec *reply = kind_of (audit, kind->replies[0]);

	return reply != NULL ? reply->by : 0;
}

static void add_transition (struct audit *audit, struct life *life, const struct thread_type *type,
			    const struct transition *row)
{
	uint32_t from = at_of (audit, life, row->from), to = at_of (audit, life, row->to);
	const struct kind_spec *kind = kind_of (audit, row->kind);

	if (from != NONE_AT && to != NONE_AT)
		life->reach[from] |= UINT64_C (1) << to;
	if (to == NONE_AT || to == from || kind == NULL || kind->reply_count == 0)
		return;
	life->answers[to] |= answers_of (audit, life, type, kind, to);
	if (life->waits[to] == 0)
		life->waits[to] = answering (audit, kind);
}

/* Nobody was asked: whoever can move it on; the performer first, whose ledger is authoritative. */
static void find_mover (struct audit *audit, struct life *life, const struct thread_type *type,
			enum party party)
{
	for (size_t i = 0; i < type->transition_count; i++) {
		const struct transition *row = &type->transitions[i];
		uint32_t from = at_of (audit, life, row->from), to = at_of (audit, life, row->to);

		if (row->by == party && from != NONE_AT && to != NONE_AT && to != from
		    && life->waits[from] == 0)
			life->waits[from] = party;
	}
}

static void add_type (struct audit *audit, struct life *life, const struct thread_type *type)
{
	for (size_t i = 0; i < type->state_count; i++) {
		uint32_t at = add_state (audit, life, &type->states[i]);

		if (at != NONE_AT)
			note_status (life, at, &type->states[i]);
	}
	for (size_t i = 0; i < type->transition_count; i++)
		add_transition (audit, life, type, &type->transitions[i]);
	find_mover (audit, life, type, PARTY_PERFORMER);
	find_mover (audit, life, type, PARTY_REQUESTER);
}

/* Steps may be missed on the way, so whatever can be reached at all is possible. */
static void close_reach (struct life *life)
{
	for (size_t k = 0; k < life->state_count; k++)
		for (size_t i = 0; i < life->state_count; i++)
			if (life->reach[i] >> k & 1)
				life->reach[i] |= life->reach[k];
	for (size_t i = 0; i < life->state_count; i++)
		if (life->ended >> i & 1)
			life->waits[i] = 0;
}

void lives_make (struct audit *audit)
{
	size_t most = catalogue_thread_count (audit->catalogue);

	audit->lives = must_alloc ((most + 1) * sizeof *audit->lives);
	for (size_t i = 0; i < most; i++) {
		const struct thread_type *type = catalogue_thread_at (audit->catalogue, i);
		uint32_t kind;
		struct life *life;

		if (type->chained == NULL || type->chained[0] == '\0')
			continue;
		kind = audit_name (audit, type->chained);
		life = (struct life *)(uintptr_t)life_of (audit, kind);
		if (life == NULL) {
			life = &audit->lives[audit->life_count++];
			*life = (struct life){ .kind = kind, .type = type };
		}
		add_type (audit, life, type);
	}
	for (size_t i = 0; i < audit->life_count; i++)
		close_reach (&audit->lives[i]);
}
