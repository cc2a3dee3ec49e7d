/*
 * What must be known before a letter may be written.  The catalogue says what, and why; here
 * each kind of gate looks at the letters about the person and at the person's record.
 */
#include "agents/desk/inside.h"

struct asking {
	const struct step *step;
	const struct person *person;
};

static bool is_known (const struct asking *asking, const struct gate_spec *gate)
{
	return facts_newest (asking->step, &asking->person->id, gate->any,
			     gate->any_count) > 0;
}

/* A thread that ended without a result is not waited for. */
static bool thread_waits (const struct step *step, const struct thread_id *id)
{
	static const char *const fruitless[] = { "rejected", "cancelled", "failed",
						 "entered-in-error" };
	const struct state *state;
	struct thread thread;

	if (thread_get (step_ledger (step), id, step->arena, &thread) != ERR_OK)
		return false;
	state = thread_state_of (step, &thread);
	return !text_is (thread.overlay, OVERLAY_UNCONFIRMED) &&
	       (state == NULL ||
		!word_among (state->task_status, fruitless, COUNT_OF (fruitless)));
}

static bool is_answered (const struct asking *asking, const struct gate_spec *gate)
{
	const struct step *step = asking->step;
	uint64_t answered = facts_newest (step, &asking->person->id, gate->any,
					  gate->any_count);

	for (size_t i = 0; i < gate->asked_count; i++) {
		struct fact *asked;
		size_t count = facts_list (step, &asking->person->id, &gate->asked[i],
					   &asked);

		for (size_t k = 0; k < count && asked[k].n > answered; k++)
			if (thread_waits (step, &asked[k].thread))
				return false;
	}
	return true;
}

/* UU 27/2022 art. 25: a child's guardian decides with the child. */
static bool has_guardian (const struct asking *asking, const struct gate_spec *gate)
{
	int age = person_age (asking->step, asking->person->birth_date);

	return age < 0 || age >= ADULT_YEARS || text_given (asking->person->guardian);
}

static bool is_ours (const struct asking *asking, const struct gate_spec *gate)
{
	return text_is (asking->person->case_manager, step_self (asking->step)->text);
}

static const struct {
	const char *name;
	bool (*is_open) (const struct asking *asking, const struct gate_spec *gate);
} gates[] = {
	/* clang-format off */
	{ "needs",        is_known },
	{ "answered",     is_answered },
	{ "guardian",     has_guardian },
	{ "case-manager", is_ours },
	/* clang-format on */
};

static bool gate_is_open (const struct asking *asking, const struct gate_spec *gate,
			  const char *service)
{
	if (gate->service_count > 0 &&
	    (!text_given (service) ||
	     !word_among (service, gate->services, gate->service_count)))
		return true;
	for (size_t i = 0; i < COUNT_OF (gates); i++)
		if (text_is (gates[i].name, gate->gate))
			return gates[i].is_open (asking, gate);
	return false;
}

err_t gates_judge (const struct step *step, const struct kind_spec *kind,
		   const struct thread *thread, const struct person *person,
		   problems_t *problems)
{
	struct asking asking = { step, person };
	err_t err = ERR_OK;

	/* Of nobody there is nothing to be known. */
	if (ID_IS_NONE (person->id))
		return ERR_OK;
	for (size_t i = 0; i < kind->gate_count; i++) {
		const struct gate_spec *gate = &kind->gates[i];

		if (!gate_is_open (&asking, gate, thread->service))
			err = problems_add_texts (problems, ERR_GATE, "gate",
						  gate->words.id, gate->words.en);
	}
	return err;
}
