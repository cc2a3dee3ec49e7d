/* Clocks: who is told when an answer does not come, and what a question does to them. */
#include "tests/agents/desk/fixture.h"

static int64_t due_at (struct network *net, int office, const struct thread_id *thread,
		       const char *what)
{
	struct deadline deadline;

	assert_ok (deadline_get (net->office[office].ledger, thread, what, &deadline));
	return deadline.due_ms;
}

static void a_late_answer_is_escalated_in_steps (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);
	int64_t late =
		due_at (net, PESONA, &thread, "decision") - clock_now_ms () + HOUR_MS;

	clock_turn (late);
	tick (net, PESONA);
	assert_true (alarm_at (net, PESONA, "overdue"));
	clock_turn (3 * DAY_MS);
	tick (net, PESONA);
	assert_true (alarm_at (net, PESONA, "overdue-supervisor"));
	assert_false (alarm_at (net, PESONA, "overdue-coordinator"));
	clock_turn (4 * DAY_MS);
	tick (net, PESONA);
	assert_true (alarm_at (net, PESONA, "overdue-coordinator"));
	clock_turn (-late - 7 * DAY_MS);
}

static void the_coordinator_hears_of_it_from_the_side_that_waits (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);
	struct inbox_row *rows;
	struct letter letter;
	int64_t late =
		due_at (net, PESONA, &thread, "decision") - clock_now_ms () + 8 * DAY_MS;
	size_t count, told = 0;

	clock_turn (late);
	tick (net, PESONA);
	tick (net, CLINIC);
	network_run (net);
	count = inbox_list (net->office[COORDINATOR].ledger, INBOX_APPLIED, NULL, 0, 10,
			    net->arena, &rows);
	for (size_t i = 0; i < count; i++) {
		if (strcmp (rows[i].kind, "loop.overdue") != 0)
			continue;
		told++;
		assert_string_equal (rows[i].from.text, "ipwl-pesona");
		assert_ok (letter_decode (rows[i].s, net->arena, &letter));
		assert_true (ID_IS_NONE (letter.case_id));
	}
	assert_true (told >= 1);
	clock_turn (-late);
}

static void each_step_is_told_once (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);
	int64_t late =
		due_at (net, PESONA, &thread, "decision") - clock_now_ms () + HOUR_MS;
	size_t after_first;

	clock_turn (late);
	tick (net, PESONA);
	after_first = entries_at (net, PESONA);
	tick (net, PESONA);
	assert_int_equal (entries_at (net, PESONA), after_first);
	clock_turn (-late);
}

static void an_answer_in_time_is_never_escalated (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);

	assert_ok (say (net, CLINIC, &thread, "referral.reject"));
	network_run (net);
	clock_turn (30 * DAY_MS);
	tick (net, PESONA);
	tick (net, CLINIC);
	assert_false (alarm_at (net, PESONA, "overdue"));
	assert_false (alarm_at (net, CLINIC, "overdue"));
	clock_turn (-30 * DAY_MS);
}

static void a_question_stops_the_clock_once (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);
	int64_t before = due_at (net, CLINIC, &thread, "decision"), after;
	struct deadline deadline;

	assert_ok (say (net, CLINIC, &thread, "referral.info.request"));
	network_run (net);
	clock_turn (2 * DAY_MS);
	assert_ok (say (net, PESONA, &thread, "referral.info.reply"));
	network_run (net);
	after = due_at (net, CLINIC, &thread, "decision");
	assert_true (after >= before + 2 * DAY_MS &&
		     after < before + 2 * DAY_MS + HOUR_MS);
	assert_int_equal (due_at (net, PESONA, &thread, "decision"), after);
	assert_ok (say (net, CLINIC, &thread, "referral.info.request"));
	network_run (net);
	assert_ok (deadline_get (net->office[PESONA].ledger, &thread, "decision",
				 &deadline));
	assert_int_equal (deadline.paused_ms, 0);
	clock_turn (-2 * DAY_MS);
}

static void a_question_is_owed_an_answer_by_the_requester (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);
	struct deadline deadline;

	assert_ok (say (net, CLINIC, &thread, "referral.info.request"));
	network_run (net);
	assert_ok (deadline_get (net->office[PESONA].ledger, &thread, "info", &deadline));
	assert_string_equal (deadline.owner.text, "ipwl-pesona");
	assert_ok (say (net, PESONA, &thread, "referral.info.reply"));
	assert_ok (deadline_get (net->office[PESONA].ledger, &thread, "info", &deadline));
	assert_true (deadline.done);
}

static void a_silent_stat_letter_raises_an_alarm_after_a_quarter_of_an_hour (void **state)
{
	struct network *net = *state;
	struct person_id person = take_in (net, PESONA, "Dimas", "");
	struct answer reason = text_answer ("reason", "Overdosis");
	struct submission stat = {
		.kind = "referral.request",
		.person = person,
		.to = net->office[CLINIC].id,
		.service = "medical",
		.urgency = URGENCY_STAT,
		.basis = BASIS_CONSENT_GIVEN,
		.answers = &reason,
		.answer_count = 1,
	};
	struct outcome outcome;

	consent (net, PESONA, &person, "klinik-harapan", "treatment", "health");
	assert_ok (refer_as (net, PESONA, &stat, &outcome));
	clock_turn (14 * MINUTE_MS);
	tick (net, PESONA);
	assert_false (alarm_at (net, PESONA, "stat-silent"));
	clock_turn (2 * MINUTE_MS);
	tick (net, PESONA);
	assert_true (alarm_at (net, PESONA, "stat-silent"));
	clock_turn (-16 * MINUTE_MS);
}

static void an_old_directory_warns_and_then_takes_no_new_routine_referral (void **state)
{
	struct network *net = *state;
	struct person_id person = take_in (net, PESONA, "Dimas", "");
	struct thread_id open;
	struct outcome outcome;

	consent (net, PESONA, &person, "klinik-harapan", "treatment", "health");
	assert_ok (refer (net, PESONA, &person, CLINIC, &outcome));
	open = outcome.thread;
	network_run (net);
	network_directory (net, KEY_STATE_ACTIVE, clock_now_ms () + 10 * DAY_MS);
	tick (net, PESONA);
	assert_true (alarm_at (net, PESONA, "directory-ending"));
	network_directory (net, KEY_STATE_ACTIVE, clock_now_ms () - 31 * DAY_MS);
	tick (net, PESONA);
	assert_true (alarm_at (net, PESONA, "directory-degraded"));
	assert_int_equal (refer (net, PESONA, &person, CLINIC, &outcome),
			  ERR_DIRECTORY_EXPIRED);
	assert_ok (say (net, CLINIC, &open, "referral.accept"));
}

static void a_form_with_three_mistakes_names_all_three (void **state)
{
	struct network *net = *state;
	struct person_id person = take_in (net, PESONA, "Dimas", "");
	struct answer answers[] = {
		text_answer ("nonsense", "x"),
		code_answer ("diagnosis", "not an icd code"),
	};
	struct submission submission = {
		.kind = "referral.request",
		.person = person,
		.to = net->office[CLINIC].id,
		.service = "magic",
		.basis = BASIS_CONSENT_GIVEN,
		.answers = answers,
		.answer_count = COUNT_OF (answers),
	};
	struct outcome outcome;

	assert_int_equal (refer_as (net, PESONA, &submission, &outcome), ERR_INVALID);
	assert_true (problems_count (net->problems) >= 4); /* and the reason is missing */
	assert_int_equal (outbox_counts (net->office[PESONA].ledger).written, 0);
}

static void a_referral_the_hub_could_not_deliver_shows_it_and_may_go_out_again (
	void **state)
{
	struct network *net = *state;
	struct person_id person = take_in (net, PESONA, "Dimas", "");
	struct outcome outcome;
	struct flight flight;
	struct hash hash;
	struct notice said = { bytes_of_text ("kata hub"), { { 9 } } }, kept;
	OWNED (tx) tx = NULL;

	consent (net, PESONA, &person, "klinik-harapan", "treatment", "health");
	assert_ok (refer (net, PESONA, &person, CLINIC, &outcome));
	assert_int_equal (network_take (net, PESONA, &flight, 1), 1);
	hash = header_hash (flight.h);
	tx = ledger_begin (net->office[PESONA].ledger);
	assert_ok (desk_non_delivery (net->office[PESONA].desk, tx, &flight.id, &hash,
				      ERR_EXPIRED, clock_now_ms (), &said));
	assert_ok (tx_commit (tx));
	assert_ok (notice_get (net->office[PESONA].ledger, &flight.id, net->arena, &kept));
	assert_true (bytes_equal (kept.statement, said.statement));
	assert_string_equal (thread_at (net, PESONA, &outcome.thread).overlay,
			     "not-delivered");
	assert_true (alarm_at (net, PESONA, "not-delivered"));
	/* It came through after all: the recipient's word outranks the hub's. */
	network_give (net, &flight);
	network_run (net);
	assert_string_equal (thread_at (net, PESONA, &outcome.thread).overlay, "");
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		network_test (a_late_answer_is_escalated_in_steps),
		network_test (the_coordinator_hears_of_it_from_the_side_that_waits),
		network_test (each_step_is_told_once),
		network_test (an_answer_in_time_is_never_escalated),
		network_test (a_question_stops_the_clock_once),
		network_test (a_question_is_owed_an_answer_by_the_requester),
		network_test (
			a_silent_stat_letter_raises_an_alarm_after_a_quarter_of_an_hour),
		network_test (
			an_old_directory_warns_and_then_takes_no_new_routine_referral),
		network_test (a_form_with_three_mistakes_names_all_three),
		network_test (
			a_referral_the_hub_could_not_deliver_shows_it_and_may_go_out_again),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
