/* A letter that its recipient can't open, because the BOX key for it is lost. */
#include "tests/agents/desk/fixture.h"

#include "tests/support/clock.h"

static void lose_box (struct network *net, int office)
{
	keypair_destroy (&net->office[office].box);
	net->office[office].box = keypair_new (KEY_BOX);
}

static void name_keys (struct network *net)
{
	network_directory (net, KEY_STATE_ACTIVE, clock_now_ms () + 400 * DAY_MS);
}

/* Written, sealed to the clinic's key, which the clinic has lost by the time it arrives. */
static struct thread_id refused_request (struct network *net, struct letter_id *ret_id)
{
	struct person_id person = take_in (net, PESONA, "Dimas Verdana", "1771011403990001");
	struct outcome outcome;
	struct flight flight;

	consent (net, PESONA, &person, "klinik-harapan", "treatment", "health,identity");
	assert_ok (refer (net, PESONA, &person, CLINIC, &outcome));
	assert_int_equal (network_take (net, PESONA, &flight, 1), 1);
	lose_box (net, CLINIC);
	network_give (net, &flight);
	*ret_id = flight.id;
	return outcome.thread;
}

/* What the clinic wrote to the requester arrives; the requester's own letters stay. */
static void hear_refusal (struct network *net)
{
	struct flight flights[8];
	size_t count = network_take (net, CLINIC, flights, COUNT_OF (flights));

	assert_true (count > 0);
	for (size_t i = 0; i < count; i++)
		network_give (net, &flights[i]);
}

static struct outbox_row row_at (struct network *net, int office, const struct letter_id *id)
{
	struct outbox_row row;

	assert_ok (outbox_get (net->office[office].ledger, id, net->arena, &row));
	return row;
}

static void it_goes_again_as_soon_as_the_directory_names_another_key (void **state)
{
	struct network *net = *state;
	struct letter_id id;
	struct thread_id thread = refused_request (net, &id);

	hear_refusal (net);
	tick (net, PESONA);
	network_run (net);
	assert_int_equal (row_at (net, PESONA, &id).state, OUTBOX_IN_CUSTODY);
	assert_false (alarm_at (net, PESONA, "refused"));
	name_keys (net);
	tick (net, PESONA);
	network_run (net);
	assert_int_equal (row_at (net, PESONA, &id).state, OUTBOX_STORED);
	assert_string_equal (state_at (net, CLINIC, &thread), state_at (net, PESONA, &thread));
	assert_ok (say (net, CLINIC, &thread, "referral.accept"));
	network_run (net);
	assert_string_equal (state_at (net, PESONA, &thread), "accepted");
	assert_false (alarm_at (net, PESONA, "refused"));
}

static void after_a_day_without_another_key_it_is_refused (void **state)
{
	struct network *net = *state;
	struct letter_id id;

	refused_request (net, &id);
	hear_refusal (net);
	clock_turn (DAY_MS - HOUR_MS);
	tick (net, PESONA);
	assert_int_equal (row_at (net, PESONA, &id).state, OUTBOX_IN_CUSTODY);
	clock_turn (2 * HOUR_MS);
	tick (net, PESONA);
	assert_int_equal (row_at (net, PESONA, &id).state, OUTBOX_REFUSED);
	assert_int_equal (row_at (net, PESONA, &id).last_error, ERR_WRONG_KEY);
	assert_true (alarm_at (net, PESONA, "refused"));
	clock_turn (-DAY_MS - HOUR_MS);
}

static void a_withdrawn_letter_does_not_go_again (void **state)
{
	struct network *net = *state;
	struct letter_id id;
	struct thread_id thread = refused_request (net, &id);
	struct thread stopped = thread_at (net, PESONA, &thread);
	OWNED (tx) tx = NULL;

	hear_refusal (net);
	stopped.data_stopped = true;
	tx = ledger_begin (net->office[PESONA].ledger);
	thread_update (tx, &stopped);
	assert_ok (tx_commit (tx));
	name_keys (net);
	tick (net, PESONA);
	assert_int_equal (row_at (net, PESONA, &id).state, OUTBOX_REFUSED);
	assert_int_equal (row_at (net, PESONA, &id).last_error, ERR_CONSENT_WITHDRAWN);
}

/* The envelope around it is lost, too: for the same reason, it goes on under a third key. */
static void the_second_key_may_be_lost_as_well (void **state)
{
	struct network *net = *state;
	struct flight flight;
	struct letter_id id;

	refused_request (net, &id);
	hear_refusal (net);
	name_keys (net);
	tick (net, PESONA);
	assert_int_equal (network_take (net, PESONA, &flight, 1), 1);
	assert_string_equal (flight.kind, "letter.again");
	lose_box (net, CLINIC);
	network_give (net, &flight);
	hear_refusal (net);
	assert_int_equal (row_at (net, PESONA, &flight.id).state, OUTBOX_IN_CUSTODY);
	name_keys (net);
	tick (net, PESONA);
	network_run (net);
	assert_int_equal (row_at (net, PESONA, &id).state, OUTBOX_STORED);
}

/* Nobody waits for ever for a receipt of what nobody got. */
static void when_the_envelope_around_it_expires_the_letter_ends (void **state)
{
	struct network *net = *state;
	struct flight flight;
	struct outbox_row around;
	struct letter_id id;
	struct notice said = { 0 };

	refused_request (net, &id);
	hear_refusal (net);
	name_keys (net);
	tick (net, PESONA);
	assert_int_equal (network_take (net, PESONA, &flight, 1), 1);
	around = row_at (net, PESONA, &flight.id);
	{
		OWNED (tx) tx = ledger_begin (net->office[PESONA].ledger);

		assert_ok (desk_non_delivery (net->office[PESONA].desk, tx, &around.id,
					      &around.header_hash, ERR_EXPIRED, clock_now_ms (),
					      &said));
		assert_ok (tx_commit (tx));
	}
	assert_int_equal (row_at (net, PESONA, &id).state, OUTBOX_REFUSED);
	assert_true (alarm_at (net, PESONA, "refused"));
}

/* The clinic has stored it and said so, to a key that the requester has lost by then. */
static struct letter_id unread_receipt (struct network *net)
{
	struct person_id person = take_in (net, PESONA, "Dimas Verdana", "1771011403990001");
	struct outcome outcome;
	struct flight flight, word[2];

	consent (net, PESONA, &person, "klinik-harapan", "treatment", "health,identity");
	assert_ok (refer (net, PESONA, &person, CLINIC, &outcome));
	assert_int_equal (network_take (net, PESONA, &flight, 1), 1);
	network_give (net, &flight);
	assert_int_equal (network_take (net, CLINIC, word, 2), 1);
	assert_string_equal (word[0].kind, "letter.receipts");
	lose_box (net, PESONA);
	network_give (net, &word[0]);
	return flight.id;
}

static void a_word_that_could_not_be_read_is_asked_for_again (void **state)
{
	struct network *net = *state;
	struct letter_id id = unread_receipt (net);

	name_keys (net);
	network_run (net);
	assert_int_not_equal (row_at (net, PESONA, &id).state, OUTBOX_STORED);
	assert_false (alarm_at (net, CLINIC, "refused"));
	clock_turn (11 * MINUTE_MS);
	network_run (net);
	assert_int_equal (row_at (net, PESONA, &id).state, OUTBOX_STORED);
	assert_false (alarm_at (net, CLINIC, "refusal-unknown"));
	clock_turn (-11 * MINUTE_MS);
}

/* As long as nobody can seal to the new key, it is asked once in ten minutes and no more. */
static void until_the_new_key_is_known_it_asks_at_leisure (void **state)
{
	struct network *net = *state;
	struct letter_id id = unread_receipt (net);
	struct flight flights[8];
	unsigned puts = 0;

	for (unsigned minute = 0; minute < 35; minute++) {
		size_t count = network_take (net, PESONA, flights, COUNT_OF (flights));

		for (size_t i = 0; i < count; i++) {
			puts += ID_EQUAL (flights[i].id, id);
			network_give (net, &flights[i]);
		}
		count = network_take (net, CLINIC, flights, COUNT_OF (flights));
		/* sealed by a clinic that still knows the lost key only */
		for (size_t i = 0; i < count; i++) {
			lose_box (net, PESONA);
			network_give (net, &flights[i]);
		}
		clock_turn (MINUTE_MS);
	}
	assert_int_equal (puts, 3);
	clock_turn (-35 * MINUTE_MS);
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		network_test (it_goes_again_as_soon_as_the_directory_names_another_key),
		network_test (after_a_day_without_another_key_it_is_refused),
		network_test (a_withdrawn_letter_does_not_go_again),
		network_test (the_second_key_may_be_lost_as_well),
		network_test (when_the_envelope_around_it_expires_the_letter_ends),
		network_test (a_word_that_could_not_be_read_is_asked_for_again),
		network_test (until_the_new_key_is_known_it_asks_at_leisure),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
