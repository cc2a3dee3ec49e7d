/* Every kind in every state by both sides: the lifecycle's rows, and nothing else, with
 * real desks. */
#include "tests/agents/desk/fixture.h"

static const struct {
	const char *state;
	const char *path[4];
} states[] = {
	{ "requested", { NULL } },
	{ "received", { "look" } },
	{ "waitlisted", { "waitlist.update" } },
	{ "accepted", { "referral.accept" } },
	{ "no-show", { "referral.accept", "noshow.report" } },
	{ "referred-onward", { "referral.onward" } },
	{ "arrived", { "referral.accept", "arrival.confirm" } },
	{ "in-progress", { "referral.accept", "arrival.confirm", "service.start" } },
	{ "on-hold",
	  { "referral.accept", "arrival.confirm", "service.start", "service.hold" } },
	{ "completed", { "referral.accept", "arrival.confirm", "service.complete" } },
	{ "rejected", { "referral.reject" } },
	{ "failed", { "referral.accept", "service.fail" } },
	{ "cancelled", { "referral.cancelled" } },
};

static const struct {
	enum party party;
	int office;
} sides[] = { { PARTY_REQUESTER, PESONA }, { PARTY_PERFORMER, CLINIC } };

static err_t step_by (struct network *net, int office, const struct thread_id *thread,
		      const char *kind)
{
	struct outcome outcome;

	if (strcmp (kind, "look") == 0)
		return desk_look_thread (net->office[CLINIC].desk, &worker, thread);
	if (strcmp (kind, "referral.onward") == 0)
		return onward (net, office, thread, HOSPITAL, &outcome);
	return say (net, office, thread, kind);
}

/* A fresh referral of the same person, brought into a state. */
static struct thread_id referral_in (struct network *net, const struct person_id *person,
				     size_t at)
{
	struct outcome outcome;

	assert_ok (refer (net, PESONA, person, CLINIC, &outcome));
	network_run (net);
	for (size_t i = 0; i < 4 && states[at].path[i] != NULL; i++)
		assert_ok (step_by (net, CLINIC, &outcome.thread, states[at].path[i]));
	network_run (net);
	assert_string_equal (state_at (net, CLINIC, &outcome.thread), states[at].state);
	assert_string_equal (state_at (net, PESONA, &outcome.thread), states[at].state);
	return outcome.thread;
}

static struct person_id known_person (struct network *net)
{
	struct thread_id thread = open_referral (net);
	struct person_id at_clinic = thread_at (net, CLINIC, &thread).person;

	consent (net, CLINIC, &at_clinic, "rs-jiwa", "treatment", "health,identity");
	return thread_at (net, PESONA, &thread).person;
}

static const struct transition *row_of (struct network *net, const char *state,
					const struct kind_spec *kind, enum party party)
{
	return lifecycle_find (kind->thread, thread_state (kind->thread, state),
			       kind->name, party);
}

static void try_illegal (struct network *net, const struct thread_id *thread,
			 const char *state)
{
	const struct thread_type *type = catalogue_thread (net->catalogue, "referral");

	for (size_t k = 0; k < type->kind_count; k++) {
		for (size_t s = 0; s < COUNT_OF (sides); s++) {
			const struct kind_spec *kind = &type->kinds[k];
			size_t before = entries_at (net, sides[s].office);
			err_t err;

			if (row_of (net, state, kind, sides[s].party) != NULL)
				continue;
			err = step_by (net, sides[s].office, thread, kind->name);
			assert_int_equal (err, kind->role_count > 0 ? ERR_WRONG_STATE
								    : ERR_NOT_ALLOWED);
			assert_int_equal (entries_at (net, sides[s].office), before);
			assert_string_equal (state_at (net, sides[s].office, thread),
					     state);
		}
	}
}

static void what_no_row_allows_is_refused_and_leaves_nothing (void **state)
{
	struct network *net = *state;
	struct person_id person = known_person (net);

	for (size_t i = 0; i < COUNT_OF (states); i++) {
		struct thread_id thread = referral_in (net, &person, i);

		try_illegal (net, &thread, states[i].state);
	}
}

/* A requester's letter never moves the state by itself. */
static void try_legal (struct network *net, const struct person_id *person, size_t at,
		       const struct kind_spec *kind, size_t side)
{
	const struct transition *row =
		row_of (net, states[at].state, kind, sides[side].party);
	struct thread_id thread;
	const char *to;

	if (row == NULL || kind->role_count == 0)
		return;
	thread = referral_in (net, person, at);
	to = row->to != NULL && sides[side].party == PARTY_PERFORMER ? row->to->name
								     : states[at].state;
	assert_ok (step_by (net, sides[side].office, &thread, kind->name));
	assert_string_equal (state_at (net, sides[side].office, &thread), to);
	network_run (net);
	assert_string_equal (state_at (net, PESONA, &thread),
			     state_at (net, CLINIC, &thread));
}

static void every_row_of_the_lifecycle_can_be_walked (void **state)
{
	struct network *net = *state;
	const struct thread_type *type = catalogue_thread (net->catalogue, "referral");
	struct person_id person = known_person (net);

	for (size_t i = 0; i < COUNT_OF (states); i++)
		for (size_t k = 0; k < type->kind_count; k++)
			for (size_t s = 0; s < COUNT_OF (sides); s++)
				try_legal (net, &person, i, &type->kinds[k], s);
}

static void a_role_that_the_kind_does_not_name_may_not_send_it (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);
	struct submission reject = { .kind = "referral.reject", .thread = thread };
	struct outcome outcome;

	assert_int_equal (
		desk_submit (net->office[CLINIC].desk, &auditor, &reject, &outcome, NULL),
		ERR_NOT_ALLOWED);
	assert_int_equal (
		desk_submit (net->office[CLINIC].desk, &admin, &reject, &outcome, NULL),
		ERR_NOT_ALLOWED);
	assert_int_equal (
		desk_submit (net->office[CLINIC].desk, &nobody, &reject, &outcome, NULL),
		ERR_NOT_SIGNED_IN);
	assert_string_equal (state_at (net, CLINIC, &thread), "requested");
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		network_test (what_no_row_allows_is_refused_and_leaves_nothing),
		network_test (every_row_of_the_lifecycle_can_be_walked),
		network_test (a_role_that_the_kind_does_not_name_may_not_send_it),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
