/* A person takes letters back: what the hub answers, and what it no longer knows. */
#include "tests/agents/desk/fixture.h"

static err_t take_back (struct network *net, const struct thread_id *thread, bool *ret_taken)
{
	struct letter_id none = { { 0 } }, letter;

	return desk_recall (net->office[PESONA].desk, &worker, thread, &none, &letter, ret_taken,
			    net->problems);
}

static void hub_answers (struct network *net, const struct letter_id *id, bool done)
{
	OWNED (tx) tx = ledger_begin (net->office[PESONA].ledger);

	assert_ok (desk_recalled (net->office[PESONA].desk, tx, id, done));
	assert_ok (tx_commit (tx));
}

static void referred (struct network *net, struct outcome *ret_outcome)
{
	struct person_id person = take_in (net, PESONA, "Dimas", "");

	consent (net, PESONA, &person, "klinik-harapan", "treatment", "health");
	assert_ok (refer (net, PESONA, &person, CLINIC, ret_outcome));
}

static bool has_alarm (struct network *net, const char *name)
{
	struct alarm *alarms;
	size_t count = alarm_list (net->office[PESONA].ledger, 0, 50, net->arena, &alarms);

	for (size_t i = 0; i < count; i++)
		if (strcmp (alarms[i].name, name) == 0)
			return true;
	return false;
}

static void what_has_not_left_ends_at_once (void **state)
{
	struct network *net = *state;
	struct outcome outcome;
	struct letter_id *ids;
	bool taken = false;

	referred (net, &outcome);
	assert_ok (take_back (net, &outcome.thread, &taken));
	assert_true (taken);
	assert_int_equal (desk_recalls (net->office[PESONA].desk, net->arena, &ids), 0);
	assert_string_equal (state_at (net, PESONA, &outcome.thread), "cancelled");
}

static void what_the_hub_gives_back_ends_its_thread (void **state)
{
	struct network *net = *state;
	struct outcome outcome;
	struct flight flight;
	bool taken = true;

	referred (net, &outcome);
	assert_int_equal (network_take (net, PESONA, &flight, 1), 1);
	assert_ok (take_back (net, &outcome.thread, &taken));
	assert_false (taken);
	assert_string_equal (state_at (net, PESONA, &outcome.thread), "requested");
	hub_answers (net, &outcome.letter, true);
	assert_string_equal (state_at (net, PESONA, &outcome.thread), "cancelled");
	assert_false (has_alarm (net, "recall-late"));
}

/* The person decides what follows: nothing is cancelled on its behalf. */
static void what_was_delivered_meanwhile_goes_on_and_is_told (void **state)
{
	struct network *net = *state;
	struct outcome outcome;
	struct flight flights[2];
	bool taken;

	referred (net, &outcome);
	assert_int_equal (network_take (net, PESONA, flights, 1), 1);
	assert_ok (take_back (net, &outcome.thread, &taken));
	hub_answers (net, &outcome.letter, false);
	assert_string_equal (state_at (net, PESONA, &outcome.thread), "requested");
	assert_true (has_alarm (net, "recall-late"));
	assert_int_equal (network_take (net, PESONA, flights, 2), 0);
}

/* A new store of the hub: what was asked for is not put again. */
static void what_a_hub_lost_is_taken_back (void **state)
{
	struct network *net = *state;
	struct outcome outcome;
	struct flight flights[2];
	bool taken;
	OWNED (tx) tx = NULL;

	referred (net, &outcome);
	assert_int_equal (network_take (net, PESONA, flights, 1), 1);
	assert_ok (take_back (net, &outcome.thread, &taken));
	tx = ledger_begin (net->office[PESONA].ledger);
	outbox_again (tx);
	assert_ok (desk_recalls_lost (net->office[PESONA].desk, tx));
	assert_ok (tx_commit (tx));
	assert_string_equal (state_at (net, PESONA, &outcome.thread), "cancelled");
	assert_int_equal (network_take (net, PESONA, flights, 2), 0);
}

static void a_second_wish_finds_nothing_on_its_way (void **state)
{
	struct network *net = *state;
	struct outcome outcome;
	bool taken;

	referred (net, &outcome);
	assert_ok (take_back (net, &outcome.thread, &taken));
	assert_int_equal (take_back (net, &outcome.thread, &taken), ERR_WRONG_STATE);
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		network_test (what_has_not_left_ends_at_once),
		network_test (what_the_hub_gives_back_ends_its_thread),
		network_test (what_was_delivered_meanwhile_goes_on_and_is_told),
		network_test (what_a_hub_lost_is_taken_back),
		network_test (a_second_wish_finds_nothing_on_its_way),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
