/* Chains in the ledger: what is still to be told, and what was told. */
#include "tests/agents/ledger/office.h"

#include "agents/ledger/chain.h"
#include "agents/ledger/outbox.h"

static const struct letter_id at_once;

static struct chain_event event_at (int64_t at_ms)
{
	return (struct chain_event){ .chain = { { 1 } }, .referral = { { 2 } }, .parent = { { 3 } },
				     .from = agency ("ipwl-a"), .to = agency ("klinik-b"),
				     .kind = "referral", .state = "rejected",
				     .reason = "no-capacity", .at_ms = at_ms, .due_ms = at_ms + 5,
				     .header_hash = { { 4 } }, .leaf = 77 };
}

static void add (struct office *office, const char *reporter, int64_t at_ms)
{
	struct agency_id who = agency (reporter);
	struct chain_event event = event_at (at_ms);
	OWNED (tx) tx = ledger_begin (office->ledger);

	chain_event_add (tx, &who, &event, at_ms + 9);
	assert_ok (tx_commit (tx));
}

static size_t take (struct office *office, struct agency_id *to, struct chain_event **events)
{
	OWNED (tx) tx = ledger_begin (office->ledger);
	size_t count = chain_tell_take (tx, office->arena, to, events);

	assert_ok (tx_commit (tx));
	return count;
}

static void tell (struct office *office, const char *coordinator, const struct letter_id *letter,
		  int64_t at_ms)
{
	struct agency_id to = agency (coordinator);
	struct chain_event event = event_at (at_ms);
	OWNED (tx) tx = ledger_begin (office->ledger);

	chain_tell (tx, &to, letter, &event);
	assert_ok (tx_commit (tx));
}

static void assert_event (const struct chain_event *event, int64_t at_ms)
{
	struct chain_event wanted = event_at (at_ms);

	assert_true (ID_EQUAL (event->chain, wanted.chain));
	assert_true (ID_EQUAL (event->referral, wanted.referral));
	assert_true (ID_EQUAL (event->parent, wanted.parent));
	assert_string_equal (event->from.text, "ipwl-a");
	assert_string_equal (event->to.text, "klinik-b");
	assert_string_equal (event->kind, "referral");
	assert_string_equal (event->state, "rejected");
	assert_string_equal (event->reason, "no-capacity");
	assert_int_equal (event->at_ms, at_ms);
	assert_int_equal (event->due_ms, at_ms + 5);
}

static void an_event_comes_back_as_it_was_told (void **state)
{
	struct office *office = *state;
	struct chain_row *rows;

	add (office, "klinik-b", 100);
	office_reopen (office);
	assert_int_equal (chain_events (office->ledger, 0, 10, office->arena, &rows), 1);
	assert_event (&rows[0].event, 100);
	assert_int_equal (rows[0].event.leaf, 77);
	assert_string_equal (rows[0].reporter.text, "klinik-b");
	assert_int_equal (rows[0].told_ms, 109);
}

static void the_same_event_of_the_same_side_stands_once (void **state)
{
	struct office *office = *state;
	struct chain_row *rows;

	add (office, "klinik-b", 100);
	add (office, "klinik-b", 100);
	add (office, "ipwl-a", 100);
	assert_int_equal (chain_events (office->ledger, 0, 10, office->arena, &rows), 2);
}

static void events_are_read_on_from_where_one_was (void **state)
{
	struct office *office = *state;
	struct chain_row *rows;

	for (int64_t at_ms = 1; at_ms <= 5; at_ms++)
		add (office, "klinik-b", at_ms);
	assert_int_equal (chain_events (office->ledger, 0, 3, office->arena, &rows), 3);
	assert_int_equal (chain_events (office->ledger, rows[2].n, 3, office->arena, &rows), 2);
	assert_int_equal (rows[1].event.at_ms, 5);
	assert_int_equal (chain_events (office->ledger, rows[1].n, 3, office->arena, &rows), 0);
}

static void what_needs_no_letter_can_be_told_at_once (void **state)
{
	struct office *office = *state;
	struct chain_event *events;
	struct agency_id to;

	tell (office, "koordinator", &at_once, 100);
	assert_int_equal (take (office, &to, &events), 1);
	assert_string_equal (to.text, "koordinator");
	assert_event (&events[0], 100);
	assert_int_equal (take (office, &to, &events), 0);
}

static void each_coordinator_is_told_apart (void **state)
{
	struct office *office = *state;
	struct chain_event *events;
	struct agency_id first, second;

	tell (office, "koordinator-b", &at_once, 100);
	tell (office, "koordinator-a", &at_once, 100);
	tell (office, "koordinator-b", &at_once, 200);
	assert_int_equal (take (office, &first, &events) + take (office, &second, &events), 3);
	assert_false (agency_id_equal (&first, &second));
}

static struct letter_id sealed_letter (struct office *office)
{
	struct letter letter = { .kind = "referral.request", .kind_version = 1,
				 .sig_key_id = { { 1 } }, .from_user = "", .from_role = "",
				 .to_role = "", .created_ms = 1, .purpose = "",
				 .rule = { "", "", "", "" }, .checkpoint = "" };
	struct outbox_row row = { .to = agency ("klinik-b"), .class = CLASS_ROUTINE,
				  .kind = letter.kind, .created_ms = 1, .expires_at_ms = 9 };
	struct sealed sealed = { .h = bytes_of_text ("h"), .c = bytes_of_text ("c"),
				 .s = bytes_of_text ("s"), .header_hash = { { 8 } } };
	OWNED (tx) tx = ledger_begin (office->ledger);

	outbox_add (tx, &row, &letter);
	outbox_sealed (tx, &row.id, &sealed);
	assert_ok (tx_commit (tx));
	return row.id;
}

static void what_waits_for_its_letter_goes_with_hash_and_leaf (void **state)
{
	struct office *office = *state;
	struct letter_id letter = sealed_letter (office);
	struct hash hash = { { 8 } };
	struct chain_event *events;
	struct agency_id to;

	tell (office, "koordinator", &letter, 100);
	assert_int_equal (take (office, &to, &events), 0);
	OWNED (tx) tx = ledger_begin (office->ledger);
	chain_tell_leaf (tx, &letter, 4711);
	assert_ok (tx_commit (tx));
	tx_destroy (&tx);
	assert_int_equal (take (office, &to, &events), 1);
	assert_true (ID_EQUAL (events[0].header_hash, hash));
	assert_int_equal (events[0].leaf, 4711);
}

static void what_waited_for_a_letter_that_never_leaves_is_forgotten (void **state)
{
	struct office *office = *state;
	struct letter_id letter = sealed_letter (office);
	struct chain_event *events;
	struct agency_id to;

	tell (office, "koordinator", &letter, 100);
	OWNED (tx) tx = ledger_begin (office->ledger);
	assert_true (chain_untell (tx, &letter));
	assert_false (chain_untell (tx, &letter));
	chain_tell_leaf (tx, &letter, 4711);
	assert_ok (tx_commit (tx));
	tx_destroy (&tx);
	assert_int_equal (take (office, &to, &events), 0);
}

static void no_more_is_taken_than_one_letter_holds (void **state)
{
	struct office *office = *state;
	struct agency_id to = agency ("koordinator");
	struct chain_event *events;

	OWNED (tx) tx = ledger_begin (office->ledger);
	for (int64_t at_ms = 1; at_ms <= LIMIT_CHAIN_EVENTS + 10; at_ms++) {
		struct chain_event event = event_at (at_ms);

		chain_tell (tx, &to, &at_once, &event);
	}
	assert_ok (tx_commit (tx));
	tx_destroy (&tx);
	assert_int_equal (take (office, &to, &events), LIMIT_CHAIN_EVENTS);
	assert_int_equal (events[0].at_ms, 1);
	assert_int_equal (take (office, &to, &events), 10);
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		office_test (an_event_comes_back_as_it_was_told),
		office_test (the_same_event_of_the_same_side_stands_once),
		office_test (events_are_read_on_from_where_one_was),
		office_test (what_needs_no_letter_can_be_told_at_once),
		office_test (each_coordinator_is_told_apart),
		office_test (what_waits_for_its_letter_goes_with_hash_and_leaf),
		office_test (what_waited_for_a_letter_that_never_leaves_is_forgotten),
		office_test (no_more_is_taken_than_one_letter_holds),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
