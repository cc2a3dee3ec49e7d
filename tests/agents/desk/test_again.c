/* A ledger that goes back in time, and what its partners give back to it. */
#include "tests/agents/desk/fixture.h"

#include "agents/ledger/deadline.h"
#include "tests/support/clock.h"

/* Every desk looks around, and what it writes arrives, until nothing is left to give. */
static void let_them_talk (struct network *net)
{
	for (int round = 0; round < 4; round++) {
		for (int i = 0; i < OFFICE_COUNT; i++)
			tick (net, i);
		network_run (net);
	}
}

static struct deadline clock_at (struct network *net, int office, const struct thread_id *thread,
				 const char *what)
{
	struct deadline deadline;

	assert_ok (deadline_get (net->office[office].ledger, thread, what, &deadline));
	return deadline;
}

/* ---- late, and in time, as it was first -------------------------------------------------------- */

/* A request that the hub brought a month after its expiry, because it had stopped. */
static struct thread_id late_request (struct network *net)
{
	struct person_id person = take_in (net, PESONA, "Dimas Verdana", "1771011403990001");
	struct outcome outcome;
	struct flight flight;

	consent (net, PESONA, &person, "klinik-harapan", "treatment", "health,identity");
	assert_ok (refer (net, PESONA, &person, CLINIC, &outcome));
	assert_int_equal (network_take (net, PESONA, &flight, 1), 1);
	clock_turn (LETTER_EXPIRY_DEFAULT_MS + 2 * DAY_MS);
	network_give (net, &flight);
	network_run (net);
	return outcome.thread;
}

static void what_came_too_late_first_is_late_when_it_is_given_back (void **state)
{
	struct network *net = *state;
	struct thread_id id;
	struct thread thread;

	network_keep (net, CLINIC);
	id = late_request (net);
	assert_int_equal (inbox_count (net, CLINIC, INBOX_LATE), 1);
	network_put_back (net, CLINIC);
	assert_int_equal (inbox_count (net, CLINIC, INBOX_LATE), 0);
	let_them_talk (net);
	assert_int_equal (inbox_count (net, CLINIC, INBOX_LATE), 1);
	assert_int_equal (thread_get (net->office[CLINIC].ledger, &id, net->arena, &thread),
			  ERR_NOT_FOUND);
	clock_turn (-LETTER_EXPIRY_DEFAULT_MS - 2 * DAY_MS);
}

static void what_came_in_time_first_is_in_time_however_late_it_is_given_back (void **state)
{
	struct network *net = *state;
	struct thread_id id;
	int64_t opened_ms;

	network_keep (net, CLINIC);
	id = open_referral (net);
	opened_ms = thread_at (net, CLINIC, &id).opened_ms;
	clock_turn (LETTER_EXPIRY_DEFAULT_MS + 2 * DAY_MS);
	network_put_back (net, CLINIC);
	let_them_talk (net);
	assert_int_equal (inbox_count (net, CLINIC, INBOX_LATE), 0);
	assert_int_equal (thread_at (net, CLINIC, &id).opened_ms, opened_ms);
	clock_turn (-LETTER_EXPIRY_DEFAULT_MS - 2 * DAY_MS);
}

static void our_own_letter_that_was_late_there_is_told_of_again (void **state)
{
	struct network *net = *state;

	network_keep (net, PESONA);
	late_request (net);
	network_put_back (net, PESONA);
	assert_false (alarm_at (net, PESONA, "late-there"));
	let_them_talk (net);
	assert_true (alarm_at (net, PESONA, "late-there"));
	clock_turn (-LETTER_EXPIRY_DEFAULT_MS - 2 * DAY_MS);
}

/* The question stopped the clock for two days; given back at one stroke it stopped it for as long. */
static void a_clock_that_stood_still_has_stood_still_as_long (void **state)
{
	struct network *net = *state;
	struct thread_id id;
	struct deadline before, after;

	id = open_referral (net);
	network_keep (net, PESONA);
	assert_ok (say (net, CLINIC, &id, "referral.info.request"));
	network_run (net);
	clock_turn (2 * DAY_MS);
	assert_ok (say (net, PESONA, &id, "referral.info.reply"));
	network_run (net);
	before = clock_at (net, PESONA, &id, "decision");
	clock_turn (HOUR_MS);
	network_put_back (net, PESONA);
	let_them_talk (net);
	after = clock_at (net, PESONA, &id, "decision");
	assert_int_equal (after.paused_ms, before.paused_ms);
	assert_in_range (after.due_ms, before.due_ms - MINUTE_MS, before.due_ms + MINUTE_MS);
	clock_turn (-2 * DAY_MS - HOUR_MS);
}

/* ---- a giver that says when, or does not -------------------------------------------------------- */

/* The request as the clinic would have to give it back, from its own evidence at the requester. */
static struct letter again_of (struct network *net, const struct thread_id *id, int64_t stored_ms)
{
	struct thread thread = thread_at (net, PESONA, id);
	struct letter letter = { .kind = "letter.again", .kind_version = 1,
				 .from_user = "", .from_role = "", .to_role = "", .purpose = "",
				 .rule = { "", "", "", "" }, .checkpoint = "",
				 .basis = BASIS_NO_DATA, .created_ms = clock_now_ms (),
				 .body = BODY_LETTER_AGAIN };
	struct sealed sealed;

	assert_ok (outbox_evidence (net->office[PESONA].ledger, &thread.request, net->arena,
				    &sealed));
	letter.again.h = sealed.h;
	letter.again.s = sealed.s;
	letter.again.sig = sealed.sig;
	letter.again.stored_ms = stored_ms;
	return letter;
}

static void give_by_hand (struct network *net, const struct letter *letter)
{
	struct flight flight = network_forge (net, PESONA, CLINIC, letter,
					      clock_now_ms () + LETTER_EXPIRY_DEFAULT_MS);

	network_give (net, &flight);
	network_run (net);
}

static void without_a_word_of_when_it_is_not_late (void **state)
{
	struct network *net = *state;
	struct thread_id id;
	struct letter again;

	network_keep (net, CLINIC);
	id = late_request (net);
	network_put_back (net, CLINIC);
	again = again_of (net, &id, 0);
	give_by_hand (net, &again);
	assert_int_equal (inbox_count (net, CLINIC, INBOX_LATE), 0);
	assert_string_equal (state_at (net, CLINIC, &id), "requested");
	clock_turn (-LETTER_EXPIRY_DEFAULT_MS - 2 * DAY_MS);
}

static void that_it_was_stored_tomorrow_is_nobodys_word (void **state)
{
	struct network *net = *state;
	struct thread_id id;
	struct letter again;

	network_keep (net, CLINIC);
	id = open_referral (net);
	network_put_back (net, CLINIC);
	again = again_of (net, &id, clock_now_ms () + 1000 * DAY_MS);
	give_by_hand (net, &again);
	assert_in_range (thread_at (net, CLINIC, &id).opened_ms, clock_now_ms () - MINUTE_MS,
			 clock_now_ms ());
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		network_test (what_came_too_late_first_is_late_when_it_is_given_back),
		network_test (what_came_in_time_first_is_in_time_however_late_it_is_given_back),
		network_test (our_own_letter_that_was_late_there_is_told_of_again),
		network_test (a_clock_that_stood_still_has_stood_still_as_long),
		network_test (without_a_word_of_when_it_is_not_late),
		network_test (that_it_was_stored_tomorrow_is_nobodys_word),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
