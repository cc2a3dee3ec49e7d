/* One referral from intake to its end, as the two offices see it. */
#include "tests/agents/desk/fixture.h"

static void a_referral_travels_from_intake_to_completion (void **state)
{
	static const struct {
		const char *kind, *state;
	} road[] = {
		{ "referral.accept", "accepted" },   { "arrival.confirm", "arrived" },
		{ "service.start", "in-progress" },  { "service.hold", "on-hold" },
		{ "service.resume", "in-progress" }, { "service.report", "in-progress" },
		{ "service.complete", "completed" },
	};
	struct network *net = *state;
	struct thread_id thread = open_referral (net);

	assert_string_equal (state_at (net, PESONA, &thread), "requested");
	assert_string_equal (state_at (net, CLINIC, &thread), "requested");
	assert_ok (desk_look_thread (net->office[CLINIC].desk, &worker, &thread));
	network_run (net);
	assert_string_equal (state_at (net, PESONA, &thread), "received");
	for (size_t i = 0; i < COUNT_OF (road); i++) {
		assert_ok (say (net, CLINIC, &thread, road[i].kind));
		assert_string_equal (state_at (net, CLINIC, &thread), road[i].state);
		network_run (net);
		assert_string_equal (state_at (net, PESONA, &thread), road[i].state);
	}
	assert_int_equal (thread_at (net, PESONA, &thread).rev, 1 + COUNT_OF (road));
}

static void every_letter_ends_stored (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);
	struct outbox_row *rows;

	assert_int_equal (
		outbox_by_thread (net->office[PESONA].ledger, &thread, net->arena, &rows),
		1);
	assert_int_equal (rows[0].state, OUTBOX_STORED);
}

static void the_recipient_learns_who_it_is_from_the_letter (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);
	struct thread there = thread_at (net, CLINIC, &thread);
	struct person person;

	assert_ok (person_get (net->office[CLINIC].ledger, &there.person, net->arena,
			       &person));
	assert_string_equal (person.name, "Dimas Verdana");
	assert_string_equal (person.nik, "1771011403990001");
	assert_string_equal (person.entry_door, "referral");
	assert_string_equal (there.service, "medical");
	assert_string_equal (there.purpose, "treatment");
}

static void a_second_referral_of_the_same_person_finds_the_same_record (void **state)
{
	struct network *net = *state;
	struct thread_id first = open_referral (net);
	struct person_id person = thread_at (net, PESONA, &first).person;
	struct person_id there = thread_at (net, CLINIC, &first).person;
	struct person_id again;
	struct outcome outcome;

	assert_ok (refer (net, PESONA, &person, CLINIC, &outcome));
	network_run (net);
	again = thread_at (net, CLINIC, &outcome.thread).person;
	assert_true (ID_EQUAL (there, again));
}

static void a_label_that_no_clause_covers_keeps_the_nik_at_home (void **state)
{
	struct network *net = *state;
	struct person_id person = take_in (net, PESONA, "Rani", "1771015403990002");
	struct outcome outcome;
	struct person there;
	struct thread thread;

	consent (net, PESONA, &person, "klinik-harapan", "treatment", "health");
	assert_ok (refer (net, PESONA, &person, CLINIC, &outcome));
	network_run (net);
	thread = thread_at (net, CLINIC, &outcome.thread);
	assert_ok (person_get (net->office[CLINIC].ledger, &thread.person, net->arena,
			       &there));
	assert_string_equal (there.nik, "");
}

static void both_sides_run_the_same_clock (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);
	struct deadline here, there;

	assert_ok (deadline_get (net->office[PESONA].ledger, &thread, "decision", &here));
	assert_ok (
		deadline_get (net->office[CLINIC].ledger, &thread, "decision", &there));
	assert_int_equal (here.due_ms, there.due_ms);
	assert_string_equal (here.owner.text, "klinik-harapan");
	assert_string_equal (there.owner.text, "klinik-harapan");
	assert_ok (say (net, CLINIC, &thread, "referral.accept"));
	network_run (net);
	assert_ok (deadline_get (net->office[PESONA].ledger, &thread, "decision", &here));
	assert_true (here.done);
}

static void the_appointment_is_known_on_both_sides (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);

	assert_ok (say (net, CLINIC, &thread, "referral.accept"));
	network_run (net);
	assert_true (thread_at (net, PESONA, &thread).appointment_ms > clock_now_ms ());
	assert_int_equal (thread_at (net, PESONA, &thread).appointment_ms,
			  thread_at (net, CLINIC, &thread).appointment_ms);
}

static void looking_twice_tells_once (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);

	assert_ok (desk_look_thread (net->office[CLINIC].desk, &worker, &thread));
	assert_ok (desk_look_thread (net->office[CLINIC].desk, &worker, &thread));
	assert_int_equal (outbox_kind_count (net, CLINIC, &thread, "referral.received"),
			  1);
}

static void an_acceptance_that_was_read_gets_an_opened_receipt (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);
	struct outbox_row *rows;

	assert_ok (say (net, CLINIC, &thread, "referral.accept"));
	network_run (net);
	assert_ok (desk_look_thread (net->office[PESONA].desk, &worker, &thread));
	network_run (net);
	assert_int_equal (
		outbox_by_thread (net->office[CLINIC].ledger, &thread, net->arena, &rows),
		1);
	assert_true (rows[0].opened_ms > 0);
}

static void a_refused_referral_goes_out_again_in_the_same_chain (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);
	struct thread first = thread_at (net, PESONA, &thread), second;
	struct answer reason = text_answer ("reason", "Klinik penuh");
	struct submission again = {
		.kind = "referral.request",
		.person = first.person,
		.to = net->office[HOSPITAL].id,
		.replaces = thread,
		.service = "medical",
		.basis = BASIS_CONSENT_GIVEN,
		.answers = &reason,
		.answer_count = 1,
	};
	struct outcome outcome;

	consent (net, PESONA, &first.person, "rs-jiwa", "treatment", "health");
	assert_int_equal (refer_as (net, PESONA, &again, &outcome), ERR_WRONG_STATE);
	assert_ok (say (net, CLINIC, &thread, "referral.reject"));
	network_run (net);
	assert_ok (refer_as (net, PESONA, &again, &outcome));
	second = thread_at (net, PESONA, &outcome.thread);
	assert_true (ID_EQUAL (first.chain, second.chain));
	network_run (net);
	assert_string_equal (state_at (net, HOSPITAL, &outcome.thread), "requested");
}

static void the_signed_receipt_that_ended_a_letter_is_found_again (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);
	ledger_t *ledger = net->office[PESONA].ledger;
	struct outbox_row *rows;
	struct inbox_row receipts;
	struct letter letter;
	struct word *words;

	assert_true (outbox_by_thread (ledger, &thread, net->arena, &rows) > 0);
	assert_int_equal (rows[0].state, OUTBOX_STORED);
	assert_true (word_list (ledger, &rows[0].id, net->arena, &words) > 0);
	assert_int_equal (words[0].status, RECEIPT_IS_STORED);
	assert_ok (inbox_get (ledger, &words[0].from, &words[0].said_in, net->arena, &receipts));
	assert_ok (letter_decode (receipts.s, net->arena, &letter));
	assert_true (ID_EQUAL (letter.receipts[0].id, rows[0].id));
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		network_test (the_signed_receipt_that_ended_a_letter_is_found_again),
		network_test (a_referral_travels_from_intake_to_completion),
		network_test (every_letter_ends_stored),
		network_test (the_recipient_learns_who_it_is_from_the_letter),
		network_test (a_second_referral_of_the_same_person_finds_the_same_record),
		network_test (a_label_that_no_clause_covers_keeps_the_nik_at_home),
		network_test (both_sides_run_the_same_clock),
		network_test (the_appointment_is_known_on_both_sides),
		network_test (looking_twice_tells_once),
		network_test (an_acceptance_that_was_read_gets_an_opened_receipt),
		network_test (a_refused_referral_goes_out_again_in_the_same_chain),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
