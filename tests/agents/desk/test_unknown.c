/* Letters that this catalogue does not know, and what a newer one makes of them. */
#include "tests/agents/desk/fixture.h"

#include "tests/agents/catalogue/folder.h"

/* A catalogue that knows this kind in a version alone that nobody writes. */
static catalogue_t *catalogue_without (const char *kind)
{
	char folder[64], old[96], new[96];
	catalogue_t *older;

	snprintf (old, sizeof old, "\"kind\": \"%s\", \"version\": 1", kind);
	snprintf (new, sizeof new, "\"kind\": \"%s\", \"version\": 7", kind);
	older = loaded (folder_with (folder, SHIPPED, "referral.json", old, new));
	folder_remove (folder);
	return older;
}

static void newer_catalogue (struct network *net, int office, catalogue_t **older)
{
	desk_set_catalogue (net->office[office].desk, net->catalogue);
	catalogue_destroy (older);
}

static void an_event_moves_its_thread_once_its_kind_is_known (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);
	catalogue_t *older = catalogue_without ("referral.accept");
	size_t entries;

	desk_set_catalogue (net->office[PESONA].desk, older);
	assert_ok (say (net, CLINIC, &thread, "referral.accept"));
	network_run (net);
	assert_string_equal (state_at (net, PESONA, &thread), "requested");
	assert_int_equal (inbox_count (net, PESONA, INBOX_UNKNOWN), 1);
	assert_true (alarm_at (net, PESONA, "update-needed"));
	entries = entries_at (net, PESONA);
	tick (net, PESONA);
	tick (net, PESONA);
	assert_int_equal (entries_at (net, PESONA), entries);
	newer_catalogue (net, PESONA, &older);
	tick (net, PESONA);
	assert_int_equal (inbox_count (net, PESONA, INBOX_UNKNOWN), 0);
	assert_string_equal (state_at (net, PESONA, &thread), "accepted");
	assert_false (alarm_at (net, PESONA, "update-needed"));
	assert_ok (say (net, CLINIC, &thread, "arrival.confirm"));
	network_run (net);
	assert_string_equal (state_at (net, PESONA, &thread), "arrived");
	assert_int_equal (thread_at (net, PESONA, &thread).rev, 2);
}

/* The thread followed the later event; the older one is shown in full and moves nothing. */
static void an_event_that_others_have_passed_does_not_move_its_thread_back (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);
	catalogue_t *older = catalogue_without ("referral.accept");

	desk_set_catalogue (net->office[PESONA].desk, older);
	assert_ok (say (net, CLINIC, &thread, "referral.accept"));
	assert_ok (say (net, CLINIC, &thread, "arrival.confirm"));
	network_run (net);
	assert_string_equal (state_at (net, PESONA, &thread), "arrived");
	newer_catalogue (net, PESONA, &older);
	tick (net, PESONA);
	assert_int_equal (inbox_count (net, PESONA, INBOX_UNKNOWN), 0);
	assert_int_equal (inbox_count (net, PESONA, INBOX_OLD), 1);
	assert_string_equal (state_at (net, PESONA, &thread), "arrived");
	assert_int_equal (thread_at (net, PESONA, &thread).rev, 2);
}

static struct thread_id refer_unknown (struct network *net)
{
	struct person_id person = take_in (net, PESONA, "Dimas Verdana", "1771011403990001");
	struct outcome outcome;

	consent (net, PESONA, &person, "klinik-harapan", "treatment", "health,identity");
	assert_ok (refer (net, PESONA, &person, CLINIC, &outcome));
	network_run (net);
	assert_int_equal (inbox_count (net, CLINIC, INBOX_UNKNOWN), 1);
	return outcome.thread;
}

static void a_request_opens_its_thread_and_what_followed_it_is_applied (void **state)
{
	struct network *net = *state;
	catalogue_t *older = catalogue_without ("referral.request");
	struct thread_id thread;

	desk_set_catalogue (net->office[CLINIC].desk, older);
	thread = refer_unknown (net);
	assert_ok (say (net, PESONA, &thread, "referral.cancel"));
	network_run (net);
	assert_int_equal (inbox_count (net, CLINIC, INBOX_ORPHAN), 1);
	newer_catalogue (net, CLINIC, &older);
	tick (net, CLINIC);
	network_run (net);
	assert_int_equal (inbox_count (net, CLINIC, INBOX_UNKNOWN), 0);
	assert_int_equal (inbox_count (net, CLINIC, INBOX_ORPHAN), 0);
	assert_string_equal (state_at (net, CLINIC, &thread), "cancelled");
	assert_string_equal (state_at (net, PESONA, &thread), "cancelled");
}

/* It was covered when it was stored and receipted; a later end of the consent does not hide it. */
static void consent_is_judged_as_of_the_day_it_came (void **state)
{
	struct network *net = *state;
	catalogue_t *older = catalogue_without ("referral.request");
	struct thread_id thread;

	desk_set_catalogue (net->office[CLINIC].desk, older);
	thread = refer_unknown (net);
	clock_turn (370 * DAY_MS);
	newer_catalogue (net, CLINIC, &older);
	tick (net, CLINIC);
	assert_int_equal (inbox_count (net, CLINIC, INBOX_HELD), 0);
	assert_string_equal (state_at (net, CLINIC, &thread), "requested");
	clock_turn (-370 * DAY_MS);
}

/* Consent that was withdrawn meanwhile counts: nothing is left that could be shown. */
static void what_was_withdrawn_meanwhile_stays_unseen (void **state)
{
	struct network *net = *state;
	catalogue_t *older = catalogue_without ("referral.request");
	struct person_id person = take_in (net, PESONA, "Dimas Verdana", "1771011403990001");
	struct thread thread;
	struct outcome outcome;
	size_t withdrawn;

	desk_set_catalogue (net->office[CLINIC].desk, older);
	consent (net, PESONA, &person, "klinik-harapan", "treatment", "health,identity");
	assert_ok (refer (net, PESONA, &person, CLINIC, &outcome));
	network_run (net);
	assert_ok (desk_consent_withdraw (net->office[PESONA].desk, &worker, &person, NULL,
					  clock_now_ms (), &withdrawn, net->problems));
	network_run (net);
	newer_catalogue (net, CLINIC, &older);
	tick (net, CLINIC);
	assert_int_equal (inbox_count (net, CLINIC, INBOX_APPLIED) > 0, 1);   /* the withdrawal */
	assert_int_equal (thread_get (net->office[CLINIC].ledger, &outcome.thread, net->arena,
				      &thread), ERR_NOT_FOUND);
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		network_test (an_event_moves_its_thread_once_its_kind_is_known),
		network_test (an_event_that_others_have_passed_does_not_move_its_thread_back),
		network_test (a_request_opens_its_thread_and_what_followed_it_is_applied),
		network_test (consent_is_judged_as_of_the_day_it_came),
		network_test (what_was_withdrawn_meanwhile_stays_unseen),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
