/* Cancelling in each state, passing on to a third party, and appointments that were
 * missed. */
#include "tests/agents/desk/fixture.h"

static void walk (struct network *net, const struct thread_id *thread,
		  const char *const *kinds, size_t count)
{
	for (size_t i = 0; i < count; i++)
		assert_ok (say (net, CLINIC, thread, kinds[i]));
	network_run (net);
}

#define WALK(net, thread, ...)                                       \
	walk ((net), (thread), (const char *const[]){ __VA_ARGS__ }, \
	      COUNT_OF (((const char *const[]){ __VA_ARGS__ })))

/* ---- cancel --------------------------------------------------------------------- */

static void before_arrival_a_cancel_confirms_itself (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);

	WALK (net, &thread, "referral.accept");
	assert_ok (say (net, PESONA, &thread, "referral.cancel"));
	assert_string_equal (state_at (net, PESONA, &thread), "accepted");
	assert_string_equal (thread_at (net, PESONA, &thread).overlay,
			     "cancel-requested");
	network_run (net);
	assert_string_equal (state_at (net, CLINIC, &thread), "cancelled");
	assert_string_equal (state_at (net, PESONA, &thread), "cancelled");
	assert_string_equal (thread_at (net, PESONA, &thread).overlay, "");
}

static void after_arrival_a_person_decides_within_two_working_days (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);
	struct deadline deadline;

	WALK (net, &thread, "referral.accept", "arrival.confirm");
	assert_ok (say (net, PESONA, &thread, "referral.cancel"));
	network_run (net);
	assert_string_equal (state_at (net, CLINIC, &thread), "arrived");
	assert_string_equal (thread_at (net, CLINIC, &thread).overlay,
			     "cancel-requested");
	assert_ok (
		deadline_get (net->office[CLINIC].ledger, &thread, "cancel", &deadline));
	assert_string_equal (deadline.owner.text, "klinik-harapan");
	assert_true (deadline.due_ms <= clock_now_ms () + 7 * DAY_MS);
	assert_ok (say (net, CLINIC, &thread, "referral.cancelled"));
	network_run (net);
	assert_string_equal (state_at (net, PESONA, &thread), "cancelled");
}

static void the_performer_may_go_on_and_the_wish_is_gone (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);

	WALK (net, &thread, "referral.accept", "arrival.confirm", "service.start");
	assert_ok (say (net, PESONA, &thread, "referral.cancel"));
	network_run (net);
	assert_ok (say (net, CLINIC, &thread, "service.continue"));
	network_run (net);
	assert_string_equal (state_at (net, PESONA, &thread), "in-progress");
	assert_string_equal (thread_at (net, PESONA, &thread).overlay, "");
	assert_string_equal (thread_at (net, CLINIC, &thread).overlay, "");
	clock_turn (15 * DAY_MS);
	tick (net, PESONA);
	assert_string_equal (thread_at (net, PESONA, &thread).overlay, "");
	clock_turn (-15 * DAY_MS);
}

static void a_cancel_that_crosses_the_end_changes_nothing (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);

	WALK (net, &thread, "referral.accept", "arrival.confirm");
	assert_ok (say (net, CLINIC, &thread, "service.complete"));
	assert_ok (say (net, PESONA, &thread, "referral.cancel"));
	network_run (net);
	assert_string_equal (state_at (net, CLINIC, &thread), "completed");
	assert_string_equal (state_at (net, PESONA, &thread), "completed");
	assert_string_equal (thread_at (net, PESONA, &thread).overlay, "");
}

static void a_silent_cancel_counts_as_unconfirmed_on_our_side_only (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);
	struct flight lost[4];

	assert_ok (say (net, PESONA, &thread, "referral.cancel"));
	network_take (net, PESONA, lost, 4);
	clock_turn (13 * DAY_MS);
	tick (net, PESONA);
	assert_string_equal (thread_at (net, PESONA, &thread).overlay,
			     "cancel-requested");
	clock_turn (2 * DAY_MS);
	tick (net, PESONA);
	tick (net, CLINIC);
	assert_string_equal (thread_at (net, PESONA, &thread).overlay,
			     "cancelled-unconfirmed");
	assert_string_equal (state_at (net, PESONA, &thread), "requested");
	assert_string_equal (thread_at (net, CLINIC, &thread).overlay, "");
	clock_turn (-15 * DAY_MS);
}

static void cancelling_twice_is_refused (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);

	assert_ok (say (net, PESONA, &thread, "referral.cancel"));
	assert_int_equal (say (net, PESONA, &thread, "referral.cancel"), ERR_WRONG_STATE);
}

/* ---- onward --------------------------------------------------------------------- */

static struct outcome pass_on (struct network *net, struct thread_id *ret_thread)
{
	struct outcome outcome;
	struct person_id there;

	*ret_thread = open_referral (net);
	there = thread_at (net, CLINIC, ret_thread).person;
	consent (net, CLINIC, &there, "rs-jiwa", "treatment", "health,identity");
	assert_ok (onward (net, CLINIC, ret_thread, HOSPITAL, &outcome));
	network_run (net);
	return outcome;
}

static void an_onward_referral_needs_consent_for_the_third_party (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);
	struct outcome outcome;
	size_t before = entries_at (net, CLINIC);

	assert_int_equal (onward (net, CLINIC, &thread, HOSPITAL, &outcome),
			  ERR_NO_CONSENT);
	assert_string_equal (state_at (net, CLINIC, &thread), "requested");
	assert_int_equal (entries_at (net, CLINIC), before);
}

static void the_child_is_a_referral_of_its_own_in_the_same_chain (void **state)
{
	struct network *net = *state;
	struct thread_id thread;
	struct outcome outcome = pass_on (net, &thread);
	struct thread parent = thread_at (net, PESONA, &thread);
	struct thread child = thread_at (net, HOSPITAL, &outcome.child);
	struct person person;

	assert_string_equal (parent.state, "referred-onward");
	assert_string_equal (child.state, "requested");
	assert_string_equal (child.partner.text, "klinik-harapan");
	assert_true (ID_EQUAL (child.chain, parent.chain));
	assert_ok (person_get (net->office[HOSPITAL].ledger, &child.person, net->arena,
			       &person));
	assert_string_equal (person.name, "Dimas Verdana");
}

static void the_childs_completion_completes_the_parent (void **state)
{
	struct network *net = *state;
	struct thread_id thread;
	struct outcome outcome = pass_on (net, &thread);
	struct answer answers[16];
	size_t count = plausible (net, "service.complete", answers);

	assert_ok (say (net, HOSPITAL, &outcome.child, "referral.accept"));
	assert_ok (say (net, HOSPITAL, &outcome.child, "arrival.confirm"));
	answers[count++] = text_answer ("finding", "Layak dengan pengobatan");
	assert_ok (say_with (net, HOSPITAL, &outcome.child, "service.complete", answers,
			     count));
	network_run (net);
	assert_string_equal (state_at (net, CLINIC, &thread), "completed");
	assert_string_equal (state_at (net, PESONA, &thread), "completed");
}

static void the_childs_refusal_fails_the_parent_with_its_reason (void **state)
{
	struct network *net = *state;
	struct thread_id thread;
	struct outcome outcome = pass_on (net, &thread);
	struct answer reason = code_answer ("reason-code", "no-funding");
	struct entry *entries;
	struct letter letter;
	size_t count;

	assert_ok (
		say_with (net, HOSPITAL, &outcome.child, "referral.reject", &reason, 1));
	network_run (net);
	assert_string_equal (state_at (net, CLINIC, &thread), "failed");
	assert_string_equal (state_at (net, PESONA, &thread), "failed");
	count = entry_list (net->office[PESONA].ledger, NULL, &thread, 0, 50, net->arena,
			    &entries);
	while (count > 0 && strcmp (entries[count - 1].kind, "service.fail") != 0)
		count--;
	assert_true (count > 0);
	assert_ok (letter_decode (entries[count - 1].body, net->arena, &letter));
	assert_string_equal (
		answer_find (letter.answers, letter.answer_count, "reason-code")->text,
		"no-funding");
}

static void a_cancel_travels_on_to_the_third_party (void **state)
{
	struct network *net = *state;
	struct thread_id thread;
	struct outcome outcome = pass_on (net, &thread);

	assert_ok (say (net, PESONA, &thread, "referral.cancel"));
	network_run (net);
	assert_string_equal (state_at (net, HOSPITAL, &outcome.child), "cancelled");
	assert_string_equal (state_at (net, CLINIC, &thread), "cancelled");
	assert_string_equal (state_at (net, PESONA, &thread), "cancelled");
}

/* ---- missed appointments -------------------------------------------------------- */

static void one_missed_appointment_may_be_booked_again (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);

	WALK (net, &thread, "referral.accept", "noshow.report");
	assert_string_equal (state_at (net, PESONA, &thread), "no-show");
	WALK (net, &thread, "referral.accept");
	assert_string_equal (state_at (net, PESONA, &thread), "accepted");
	assert_int_equal (thread_at (net, PESONA, &thread).no_shows, 1);
}

static void the_second_missed_appointment_ends_it (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);

	WALK (net, &thread, "referral.accept", "noshow.report", "referral.accept",
	      "noshow.report");
	assert_string_equal (state_at (net, CLINIC, &thread), "failed");
	assert_string_equal (state_at (net, PESONA, &thread), "failed");
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		network_test (before_arrival_a_cancel_confirms_itself),
		network_test (after_arrival_a_person_decides_within_two_working_days),
		network_test (the_performer_may_go_on_and_the_wish_is_gone),
		network_test (a_cancel_that_crosses_the_end_changes_nothing),
		network_test (a_silent_cancel_counts_as_unconfirmed_on_our_side_only),
		network_test (cancelling_twice_is_refused),
		network_test (an_onward_referral_needs_consent_for_the_third_party),
		network_test (the_child_is_a_referral_of_its_own_in_the_same_chain),
		network_test (the_childs_completion_completes_the_parent),
		network_test (the_childs_refusal_fails_the_parent_with_its_reason),
		network_test (a_cancel_travels_on_to_the_third_party),
		network_test (one_missed_appointment_may_be_booked_again),
		network_test (the_second_missed_appointment_ends_it),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
