/* What coordinators are told of chained threads, what they are never told, and what they believe. */
#include "tests/agents/desk/fixture.h"

static size_t told (struct network *net, struct chain_row **ret_rows)
{
	return chain_events (net->office[COORDINATOR].ledger, 0, 10000, net->arena, ret_rows);
}

static const struct chain_row *find_told (struct network *net, int reporter, const char *state)
{
	struct chain_row *rows;
	size_t count = told (net, &rows);

	for (size_t i = 0; i < count; i++)
		if (agency_id_equal (&rows[i].reporter, &net->office[reporter].id)
		    && strcmp (rows[i].event.state, state) == 0)
			return &rows[i];
	fail_msg ("%s told nothing of %s", net->office[reporter].id.text, state);
	return NULL;
}

static void both_sides_tell_the_same_step_of_the_same_letter (void **state)
{
	static const char *const steps[] = { "requested", "received", "accepted" };
	struct network *net = *state;
	struct thread_id thread = open_referral (net);

	assert_ok (desk_look_thread (net->office[CLINIC].desk, &worker, &thread));
	assert_ok (say (net, CLINIC, &thread, "referral.accept"));
	network_run (net);
	for (size_t i = 0; i < COUNT_OF (steps); i++) {
		const struct chain_row *asking = find_told (net, PESONA, steps[i]);
		const struct chain_row *asked = find_told (net, CLINIC, steps[i]);

		assert_memory_equal (&asking->event.referral, &thread, sizeof thread);
		assert_memory_equal (&asking->event.chain, &asked->event.chain,
				     sizeof asked->event.chain);
		assert_string_equal (asking->event.from.text, "ipwl-pesona");
		assert_string_equal (asked->event.to.text, "klinik-harapan");
		assert_string_equal (asking->event.kind, "referral");
		assert_int_equal (asking->event.at_ms, asked->event.at_ms);
		assert_int_equal (asking->event.due_ms, asked->event.due_ms);
		assert_false (ID_IS_NONE (asking->event.header_hash));
		assert_true (ID_EQUAL (asking->event.header_hash, asked->event.header_hash));
	}
}

static void the_leaf_is_told_by_the_sender_of_the_letter_alone (void **state)
{
	struct network *net = *state;

	open_referral (net);
	assert_true (find_told (net, PESONA, "requested")->event.leaf > 0);
	assert_int_equal (find_told (net, CLINIC, "requested")->event.leaf, 0);
}

/* How many events the first letter of the requester to its coordinator tells. */
static size_t events_written (struct network *net)
{
	OWNED (tx) tx = ledger_begin (net->office[PESONA].ledger);
	struct outbox_row *rows;
	struct letter letter;
	size_t count;

	desk_write_chain_events (net->office[PESONA].desk, tx);
	assert_ok (tx_commit (tx));
	count = outbox_due (net->office[PESONA].ledger, clock_now_ms () + 1, 100, net->arena, &rows);
	assert_int_equal (count, 1);
	assert_string_equal (rows[0].kind, "chain.events");
	assert_ok (letter_decode (rows[0].draft, net->arena, &letter));
	return letter.chain_event_count;
}

static void a_coordinator_of_two_rows_is_told_once (void **state)
{
	struct network *net = *state;
	struct person_id person = take_in (net, PESONA, "Dimas Verdana", "1771011403990001");
	struct outcome outcome;
	struct flight flight;

	net->oversight_rows = 2;
	network_directory (net, KEY_STATE_ACTIVE, clock_now_ms () + 400 * DAY_MS);
	consent (net, PESONA, &person, "klinik-harapan", "treatment", "health,identity");
	assert_ok (refer (net, PESONA, &person, CLINIC, &outcome));
	assert_int_equal (network_take (net, PESONA, &flight, 1), 1);
	assert_int_equal (events_written (net), 1);
}

static void the_due_time_and_the_reasons_code_are_told (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);

	assert_ok (say (net, CLINIC, &thread, "referral.reject"));
	network_run (net);
	assert_true (find_told (net, PESONA, "requested")->event.due_ms > clock_now_ms ());
	assert_string_equal (find_told (net, CLINIC, "rejected")->event.reason, "no-capacity");
	assert_int_equal (find_told (net, CLINIC, "rejected")->event.due_ms, 0);
}

static void a_question_and_a_wish_to_cancel_are_told_beside_the_state (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);

	assert_ok (say (net, CLINIC, &thread, "referral.accept"));
	assert_ok (say (net, CLINIC, &thread, "referral.info.request"));
	network_run (net);
	assert_true (find_told (net, PESONA, "info-asked")->event.due_ms > 0);
	assert_ok (say (net, CLINIC, &thread, "arrival.confirm"));
	network_run (net);
	assert_ok (say (net, PESONA, &thread, "referral.cancel"));
	network_run (net);
	find_told (net, PESONA, "cancel-requested");
	find_told (net, CLINIC, "cancel-requested");
}

static void an_onward_referral_is_told_with_its_parent (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);
	struct thread here = thread_at (net, CLINIC, &thread);
	const struct chain_row *parent, *child = NULL;
	struct outcome outcome;
	struct chain_row *rows;
	size_t count;

	consent (net, CLINIC, &here.person, "rs-jiwa", "treatment", "health,identity");
	assert_ok (onward (net, CLINIC, &thread, HOSPITAL, &outcome));
	network_run (net);
	parent = find_told (net, CLINIC, "referred-onward");
	count = told (net, &rows);
	for (size_t i = 0; i < count; i++)
		if (ID_EQUAL (rows[i].event.referral, outcome.child))
			child = &rows[i];
	assert_non_null (child);
	assert_true (ID_EQUAL (child->event.parent, thread));
	assert_true (ID_EQUAL (child->event.chain, parent->event.chain));
	assert_string_equal (child->event.to.text, "rs-jiwa");
}

static void nobody_is_told_before_the_hub_has_the_letter (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);
	struct chain_row *rows;
	size_t before = told (net, &rows);
	struct agency_id to;
	struct chain_event *events;

	assert_ok (say (net, CLINIC, &thread, "referral.accept"));
	OWNED (tx) tx = ledger_begin (net->office[CLINIC].ledger);
	assert_int_equal (chain_tell_take (tx, net->arena, &to, &events), 0);
	tx_destroy (&tx);
	network_run (net);
	assert_true (told (net, &rows) > before);
}

static void a_letter_that_the_hub_refuses_is_never_told (void **state)
{
	struct network *net = *state;
	struct person_id person = take_in (net, PESONA, "Dimas Verdana", "1771011403990001");
	struct outbox_row *outbox;
	struct outcome outcome;
	struct chain_row *rows;

	consent (net, PESONA, &person, "klinik-harapan", "treatment", "health,identity");
	assert_ok (refer (net, PESONA, &person, CLINIC, &outcome));
	assert_int_equal (outbox_by_thread (net->office[PESONA].ledger, &outcome.thread, net->arena,
					    &outbox), 1);
	OWNED (tx) tx = ledger_begin (net->office[PESONA].ledger);
	assert_ok (desk_hub_refused (net->office[PESONA].desk, tx, &outbox[0].id, ERR_NO_ROUTE));
	desk_in_custody (net->office[PESONA].desk, tx, &outbox[0].id, 7);
	assert_ok (tx_commit (tx));
	tx_destroy (&tx);
	network_run (net);
	assert_int_equal (told (net, &rows), 0);
}

static bool has (struct bytes where, const char *what)
{
	return where.len > 0 && memmem (where.data, where.len, what, strlen (what)) != NULL;
}

static void no_name_no_nik_and_no_free_word_reaches_a_coordinator (void **state)
{
	static const char *const canaries[] = { "Dimas", "Verdana", "1771011403990001",
						"Perlu pemeriksaan", "sabu", "Riwayat", "sari" };
	static const char *const road[] = { "referral.accept", "arrival.confirm", "service.start",
					    "service.report", "service.complete" };
	struct network *net = *state;
	struct thread_id thread = open_referral (net);
	struct inbox_row *rows;
	size_t count;

	for (size_t i = 0; i < COUNT_OF (road); i++) {
		assert_ok (say (net, CLINIC, &thread, road[i]));
		network_run (net);
	}
	count = inbox_list (net->office[COORDINATOR].ledger, INBOX_APPLIED, NULL, 0, 1000, net->arena,
			    &rows);
	assert_true (count > 0);
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < COUNT_OF (canaries); k++)
			assert_false (has (rows[i].s, canaries[k]));
	assert_true (ID_IS_NONE (rows[0].person));
}

static void whoever_is_not_overseen_tells_nothing (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);
	struct person_id person = thread_at (net, PESONA, &thread).person;
	struct outcome outcome;
	struct chain_row *rows;
	size_t count;

	consent (net, PESONA, &person, "rs-jiwa", "treatment", "health,identity");
	assert_ok (refer (net, PESONA, &person, HOSPITAL, &outcome));
	network_run (net);
	count = told (net, &rows);
	for (size_t i = 0; i < count; i++)
		assert_string_not_equal (rows[i].reporter.text, "rs-jiwa");
}

/* A name of the address book would say where a client lives. */
static void a_referral_on_paper_is_told_at_once_and_without_the_partners_name (void **state)
{
	struct network *net = *state;
	struct person_id person = take_in (net, PESONA, "Dimas Verdana", "1771011403990001");
	struct contact contact = { .id = { "@puskesmas-ratu" },
				   .kind = "clinic",
				   .region = "17.71.02",
				   .name = "Puskesmas Ratu Agung",
				   .phone = "+62736123456",
				   .services = "medical" };
	struct answer answers[] = { text_answer ("reason", "Perlu pemeriksaan medis") };
	struct submission submission = { .kind = "referral.request",
					 .person = person,
					 .to = contact.id,
					 .service = "medical",
					 .basis = BASIS_CONSENT_GIVEN,
					 .answers = answers,
					 .answer_count = COUNT_OF (answers) };
	const struct chain_row *row;
	struct outcome outcome;

	assert_ok (desk_contact_save (net->office[PESONA].desk, &worker, &contact, net->problems));
	consent (net, PESONA, &person, contact.id.text, "treatment", "health,identity");
	assert_ok (refer_as (net, PESONA, &submission, &outcome));
	tick (net, PESONA);
	network_run (net);
	row = find_told (net, PESONA, "requested");
	assert_string_equal (row->event.to.text, "@clinic");
	assert_true (ID_IS_NONE (row->event.header_hash));
	assert_int_equal (row->event.leaf, 0);
}

static void a_cancel_that_nobody_confirms_is_told_by_its_asker (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);
	struct flight lost[4];

	assert_ok (say (net, CLINIC, &thread, "referral.accept"));
	network_run (net);
	assert_ok (say (net, PESONA, &thread, "referral.cancel"));
	assert_true (network_take (net, PESONA, lost, COUNT_OF (lost)) > 0);
	clock_turn (15 * DAY_MS);
	tick (net, PESONA);
	network_run (net);
	find_told (net, PESONA, "cancelled-unconfirmed");
	clock_turn (-15 * DAY_MS);
}

static void a_consent_is_no_chain (void **state)
{
	struct network *net = *state;
	struct person_id person = take_in (net, PESONA, "Dimas Verdana", "1771011403990001");
	struct clause_id clause = consent (net, PESONA, &person, "klinik-harapan", "treatment", "");
	struct chain_row *rows;
	size_t withdrawn;

	assert_ok (desk_consent_withdraw (net->office[PESONA].desk, &worker, &person, &clause,
					  clock_now_ms (), &withdrawn, net->problems));
	network_run (net);
	assert_int_equal (told (net, &rows), 0);
}

/* ---- at the coordinator ------------------------------------------------------------------------- */

static struct chain_event some_event (struct network *net)
{
	struct chain_event event = { .from = net->office[PESONA].id,
				     .to = net->office[CLINIC].id,
				     .kind = "referral",
				     .state = "requested",
				     .reason = "",
				     .at_ms = clock_now_ms () };

	random16_make (event.chain.b);
	uuid7_make (event.referral.b);
	return event;
}

static void tell (struct network *net, int from, const struct chain_event *events, size_t count)
{
	struct letter letter = { .kind = "chain.events",
				 .kind_version = 1,
				 .from_user = "",
				 .from_role = "",
				 .to_role = "",
				 .purpose = "",
				 .checkpoint = "",
				 .rule = { "", "", "", "" },
				 .created_ms = clock_now_ms (),
				 .body = BODY_CHAIN_EVENTS,
				 .chain_events = events,
				 .chain_event_count = count };
	struct flight flight;

	uuid7_make (letter.thread.b);
	flight = network_forge (net, from, COORDINATOR, &letter, clock_now_ms () + DAY_MS);
	network_give (net, &flight);
}

static void what_is_told_twice_stands_once (void **state)
{
	struct network *net = *state;
	struct chain_event event = some_event (net);
	struct chain_row *rows;

	tell (net, PESONA, &event, 1);
	tell (net, PESONA, &event, 1);
	assert_int_equal (told (net, &rows), 1);
	assert_false (alarm_at (net, COORDINATOR, "chain-doubtful"));
}

static void events_of_an_agency_that_is_not_overseen_are_refused (void **state)
{
	struct network *net = *state;
	struct chain_event event = some_event (net);
	struct chain_row *rows;

	event.to = net->office[HOSPITAL].id;
	tell (net, HOSPITAL, &event, 1);
	assert_int_equal (told (net, &rows), 0);
	assert_true (alarm_at (net, COORDINATOR, "chain-uninvited"));
}

static void a_side_may_only_speak_of_its_own_referrals (void **state)
{
	struct network *net = *state;
	struct chain_event events[2] = { some_event (net), some_event (net) };
	struct chain_row *rows;

	events[0].from = net->office[HOSPITAL].id;
	tell (net, PESONA, events, 2);
	assert_int_equal (told (net, &rows), 1);
	assert_true (alarm_at (net, COORDINATOR, "chain-doubtful"));
}

static void words_that_are_no_codes_are_not_kept (void **state)
{
	struct network *net = *state;
	struct chain_event events[4];
	struct chain_row *rows;

	for (size_t i = 0; i < COUNT_OF (events); i++)
		events[i] = some_event (net);
	events[0].state = "Dimas Verdana";
	events[1].reason = "relapse of Dimas";
	events[2].kind = "overdue";
	events[3].at_ms = clock_now_ms () + DAY_MS;
	tell (net, PESONA, events, 4);
	assert_int_equal (told (net, &rows), 0);
	assert_true (alarm_at (net, COORDINATOR, "chain-doubtful"));
}

static void somebody_outside_of_the_network_is_a_kind_alone (void **state)
{
	struct network *net = *state;
	struct chain_event event = some_event (net);
	struct chain_row *rows;

	snprintf (event.to.text, sizeof event.to.text, "@clinic");
	tell (net, PESONA, &event, 1);
	assert_int_equal (told (net, &rows), 1);
	assert_string_equal (rows[0].event.to.text, "@clinic");
}

static void a_lot_to_tell_goes_in_several_letters (void **state)
{
	struct network *net = *state;
	struct letter_id at_once = { { 0 } };
	struct flight flights[4];
	struct chain_row *rows;

	OWNED (tx) tx = ledger_begin (net->office[PESONA].ledger);
	for (size_t i = 0; i < LIMIT_CHAIN_EVENTS + 44; i++) {
		struct chain_event event = some_event (net);

		chain_tell (tx, &net->office[COORDINATOR].id, &at_once, &event);
	}
	desk_write_chain_events (net->office[PESONA].desk, tx);
	assert_ok (tx_commit (tx));
	tx_destroy (&tx);
	assert_int_equal (network_take (net, PESONA, flights, 4), 2);
	network_give (net, &flights[0]);
	network_give (net, &flights[1]);
	assert_int_equal (told (net, &rows), LIMIT_CHAIN_EVENTS + 44);
}

static void what_a_side_says_of_delays_stands_beside_its_steps (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);
	int64_t late = 30 * DAY_MS;
	const struct chain_row *said = NULL;
	struct chain_row *rows;
	size_t count;

	clock_turn (late);
	tick (net, PESONA);
	network_run (net);
	count = told (net, &rows);
	for (size_t i = 0; i < count; i++)
		if (strcmp (rows[i].event.kind, CHAIN_OVERDUE) == 0
		    && strcmp (rows[i].event.reason, "decision") == 0)
			said = &rows[i];
	assert_non_null (said);
	assert_memory_equal (&said->event.referral, &thread, sizeof thread);
	assert_string_equal (said->event.to.text, "klinik-harapan");
	assert_true (said->event.due_ms < clock_now_ms ());
	clock_turn (-late);
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		network_test (both_sides_tell_the_same_step_of_the_same_letter),
		network_test (the_leaf_is_told_by_the_sender_of_the_letter_alone),
		network_test (a_coordinator_of_two_rows_is_told_once),
		network_test (the_due_time_and_the_reasons_code_are_told),
		network_test (a_question_and_a_wish_to_cancel_are_told_beside_the_state),
		network_test (an_onward_referral_is_told_with_its_parent),
		network_test (nobody_is_told_before_the_hub_has_the_letter),
		network_test (a_letter_that_the_hub_refuses_is_never_told),
		network_test (no_name_no_nik_and_no_free_word_reaches_a_coordinator),
		network_test (whoever_is_not_overseen_tells_nothing),
		network_test (a_referral_on_paper_is_told_at_once_and_without_the_partners_name),
		network_test (a_cancel_that_nobody_confirms_is_told_by_its_asker),
		network_test (a_consent_is_no_chain),
		network_test (what_is_told_twice_stands_once),
		network_test (events_of_an_agency_that_is_not_overseen_are_refused),
		network_test (a_side_may_only_speak_of_its_own_referrals),
		network_test (words_that_are_no_codes_are_not_kept),
		network_test (somebody_outside_of_the_network_is_a_kind_alone),
		network_test (a_lot_to_tell_goes_in_several_letters),
		network_test (what_a_side_says_of_delays_stands_beside_its_steps),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
