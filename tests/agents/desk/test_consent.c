/* Consent at the sender, and its withdrawal from whoever hears it to every copy. */
#include "tests/agents/desk/fixture.h"

static size_t withdraw (struct network *net, int office, const struct person_id *person)
{
	size_t count = 0;

	assert_ok (desk_consent_withdraw (net->office[office].desk, &worker, person, NULL,
					  0, &count, net->problems));
	return count;
}

/* All clauses here are PESONA's. */
static int64_t withdrawn_at (struct network *net, int office,
			     const struct clause_id *clause)
{
	return clause_withdrawn (net->office[office].ledger, clause,
				 &net->office[PESONA].id);
}

static bool mentions (const problems_t *problems, const char *text)
{
	for (size_t i = 0; i < problems_count (problems); i++)
		if (strstr (problems_at (problems, i)->text_en, text) != NULL)
			return true;
	return false;
}

/* ---- at the sender -------------------------------------------------------------- */

static void without_consent_nothing_leaves (void **state)
{
	struct network *net = *state;
	struct person_id person = take_in (net, PESONA, "Dimas", "");
	size_t before = entries_at (net, PESONA);
	struct outcome outcome;

	assert_int_equal (refer (net, PESONA, &person, CLINIC, &outcome), ERR_NO_CONSENT);
	assert_int_equal (entries_at (net, PESONA), before);
	assert_int_equal (outbox_counts (net->office[PESONA].ledger).written, 0);
}

static void a_clause_for_another_purpose_does_not_cover (void **state)
{
	struct network *net = *state;
	struct person_id person = take_in (net, PESONA, "Dimas", "");
	struct outcome outcome;

	consent (net, PESONA, &person, "klinik-harapan", "training", "health");
	assert_int_equal (refer (net, PESONA, &person, CLINIC, &outcome), ERR_NO_CONSENT);
}

static void the_missing_label_is_named (void **state)
{
	struct network *net = *state;
	struct person_id person = take_in (net, PESONA, "Dimas", "");
	struct outcome outcome;

	consent (net, PESONA, &person, "klinik-harapan", "treatment", "");
	assert_int_equal (refer (net, PESONA, &person, CLINIC, &outcome), ERR_NO_CONSENT);
	assert_true (mentions (net->problems, "\"health\""));
}

static void a_clause_that_has_run_out_says_so (void **state)
{
	struct network *net = *state;
	struct person_id person = take_in (net, PESONA, "Dimas", "");
	struct outcome outcome;

	consent (net, PESONA, &person, "klinik-harapan", "treatment", "health");
	clock_turn (366 * DAY_MS);
	assert_int_equal (refer (net, PESONA, &person, CLINIC, &outcome),
			  ERR_CONSENT_EXPIRED);
	clock_turn (-366 * DAY_MS);
}

static void the_narrowest_clause_goes_with_the_letter (void **state)
{
	struct network *net = *state;
	struct person_id person = take_in (net, PESONA, "Dimas", "");
	struct clause_wish wide = { .recipient_kind = "clinic",
				    .recipient_region = "17",
				    .purpose = "treatment",
				    .label_count = 1,
				    .labels = (const char *[]){ "health" } };
	struct clause_id kind_clause, narrow;
	struct outcome outcome;

	assert_ok (desk_consent_give (net->office[PESONA].desk, &worker, &person, &wide,
				      1, &kind_clause, net->problems));
	assert_ok (refer (net, PESONA, &person, CLINIC, &outcome));
	assert_true (ID_EQUAL (outcome.clause, kind_clause));
	narrow = consent (net, PESONA, &person, "klinik-harapan", "treatment", "health");
	assert_ok (refer (net, PESONA, &person, CLINIC, &outcome));
	assert_true (ID_EQUAL (outcome.clause, narrow));
	network_run (net);
	assert_int_equal (inbox_count (net, CLINIC, INBOX_HELD), 0);
}

static void wishes_with_three_mistakes_name_all_three (void **state)
{
	struct network *net = *state;
	struct person_id person = take_in (net, PESONA, "Dimas", "");
	const char *labels[] = { "gossip" };
	struct clause_wish wish = { .recipient = "no-such-agency",
				    .purpose = "fun",
				    .labels = labels,
				    .label_count = 1 };
	struct clause_id id;

	assert_int_equal (desk_consent_give (net->office[PESONA].desk, &worker, &person,
					     &wish, 1, &id, net->problems),
			  ERR_INVALID);
	assert_int_equal (problems_count (net->problems), 3);
	assert_true (mentions (net->problems, "\"no-such-agency\""));
	assert_true (mentions (net->problems, "\"fun\""));
	assert_true (mentions (net->problems, "\"gossip\""));
}

static void vital_interest_needs_a_rule_and_no_clause (void **state)
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
		.basis = BASIS_VITAL_INTEREST,
		.answers = &reason,
		.answer_count = 1,
	};
	struct outcome outcome;

	assert_int_equal (refer_as (net, PESONA, &stat, &outcome), ERR_NO_RULE);
	stat.rule = (struct rule){ "UU 27/2022", "20", "1", "2022-10-17" };
	assert_ok (refer_as (net, PESONA, &stat, &outcome));
	network_run (net);
	assert_string_equal (state_at (net, CLINIC, &outcome.thread), "requested");
	/* The answer rests on what the request rested on. */
	assert_ok (say (net, CLINIC, &outcome.thread, "referral.accept"));
	network_run (net);
	assert_string_equal (state_at (net, PESONA, &outcome.thread), "accepted");
}

static void a_finding_beyond_the_clause_stays_with_the_performer (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);
	struct answer report[] = {
		text_answer ("text", "Membaik"),
		text_answer ("finding.restricted", "Catatan terapis"),
	};

	assert_ok (say (net, CLINIC, &thread, "referral.accept"));
	assert_ok (say (net, CLINIC, &thread, "arrival.confirm"));
	assert_int_equal (say_with (net, CLINIC, &thread, "service.report", report, 2),
			  ERR_NO_CONSENT);
	assert_true (mentions (net->problems, "\"restricted-clinical\""));
	assert_ok (say_with (net, CLINIC, &thread, "service.report", report, 1));
}

/* ---- withdrawal ----------------------------------------------------------------- */

static void a_withdrawal_stops_both_sides_and_is_confirmed (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);
	struct thread here = thread_at (net, PESONA, &thread);
	struct holder *holders;
	struct deadline deadline;
	struct thread_id of_clause;

	memcpy (of_clause.b, here.clause.b, sizeof of_clause.b);
	assert_ok (say (net, CLINIC, &thread, "referral.accept"));
	assert_ok (say (net, CLINIC, &thread, "arrival.confirm"));
	network_run (net);
	assert_int_equal (withdraw (net, PESONA, &here.person), 1);
	assert_ok (deadline_get (net->office[PESONA].ledger, &of_clause, "consent-stop",
				 &deadline));
	network_run (net);
	assert_string_equal (state_at (net, CLINIC, &thread), "failed");
	assert_string_equal (state_at (net, PESONA, &thread), "failed");
	assert_true (thread_at (net, CLINIC, &thread).data_stopped);
	assert_int_equal (holder_list (net->office[PESONA].ledger, &here.clause,
				       &net->office[PESONA].id, net->arena, &holders),
			  1);
	assert_true (holders[0].stopped_ms > 0);
	assert_int_equal (holders[0].threads_stopped, 1);
	assert_ok (deadline_get (net->office[PESONA].ledger, &of_clause, "consent-stop",
				 &deadline));
	assert_true (deadline.done);
}

static void after_a_withdrawal_the_sender_is_told_why (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);
	struct person_id person = thread_at (net, PESONA, &thread).person;
	struct outcome outcome;

	withdraw (net, PESONA, &person);
	assert_int_equal (refer (net, PESONA, &person, CLINIC, &outcome),
			  ERR_CONSENT_WITHDRAWN);
}

static void what_has_not_left_never_leaves (void **state)
{
	struct network *net = *state;
	struct person_id person = take_in (net, PESONA, "Dimas", "");
	struct outcome outcome;
	struct outbox_row row;
	struct thread found;

	consent (net, PESONA, &person, "klinik-harapan", "treatment", "health");
	assert_ok (refer (net, PESONA, &person, CLINIC, &outcome));
	withdraw (net, PESONA, &person);
	network_run (net);
	assert_ok (outbox_get (net->office[PESONA].ledger, &outcome.letter, net->arena,
			       &row));
	assert_int_equal (row.state, OUTBOX_RECALLED);
	assert_string_equal (state_at (net, PESONA, &outcome.thread), "cancelled");
	assert_int_equal (thread_get (net->office[CLINIC].ledger, &outcome.thread,
				      net->arena, &found),
			  ERR_NOT_FOUND);
}

static void what_the_hub_has_is_recalled (void **state)
{
	struct network *net = *state;
	struct person_id person = take_in (net, PESONA, "Dimas", "");
	struct outcome outcome;
	struct flight flight;
	struct letter_id *ids;
	OWNED (tx) tx = NULL;

	consent (net, PESONA, &person, "klinik-harapan", "treatment", "health");
	assert_ok (refer (net, PESONA, &person, CLINIC, &outcome));
	assert_int_equal (network_take (net, PESONA, &flight, 1), 1);
	withdraw (net, PESONA, &person);
	assert_int_equal (desk_recalls (net->office[PESONA].desk, net->arena, &ids), 1);
	assert_true (ID_EQUAL (ids[0], flight.id));
	tx = ledger_begin (net->office[PESONA].ledger);
	assert_ok (desk_recalled (net->office[PESONA].desk, tx, &flight.id, true));
	assert_ok (tx_commit (tx));
	assert_int_equal (desk_recalls (net->office[PESONA].desk, net->arena, &ids), 0);
	assert_string_equal (state_at (net, PESONA, &outcome.thread), "cancelled");
}

/* While the hub's word on the recall is awaited, a person may cancel with a code only. */
static void no_free_words_leave_after_the_withdrawal (void **state)
{
	struct network *net = *state;
	struct person_id person = take_in (net, PESONA, "Dimas", "");
	struct answer answers[] = {
		code_answer ("reason-code", "consent-withdrawn"),
		text_answer ("reason-text", "karena kambuh"),
	};
	struct outcome outcome;
	struct flight flight;

	consent (net, PESONA, &person, "klinik-harapan", "treatment", "health");
	assert_ok (refer (net, PESONA, &person, CLINIC, &outcome));
	assert_int_equal (network_take (net, PESONA, &flight, 1), 1);
	withdraw (net, PESONA, &person);
	assert_int_equal (say_with (net, PESONA, &outcome.thread, "referral.cancel",
				    answers, 2),
			  ERR_CONSENT_WITHDRAWN);
	assert_true (mentions (net->problems, "reason-text"));
	assert_ok (say_with (net, PESONA, &outcome.thread, "referral.cancel", answers,
			     1));
}

static void a_recall_that_nobody_asked_for_ends_nothing (void **state)
{
	struct network *net = *state;
	struct person_id person = take_in (net, PESONA, "Dimas", "");
	struct outcome outcome;
	struct outbox_row row;
	OWNED (tx) tx = NULL;

	consent (net, PESONA, &person, "klinik-harapan", "treatment", "health");
	assert_ok (refer (net, PESONA, &person, CLINIC, &outcome));
	tx = ledger_begin (net->office[PESONA].ledger);
	assert_ok (desk_recalled (net->office[PESONA].desk, tx, &outcome.letter, true));
	assert_ok (tx_commit (tx));
	assert_ok (outbox_get (net->office[PESONA].ledger, &outcome.letter, net->arena,
			       &row));
	assert_int_equal (row.state, OUTBOX_WRITTEN);
	assert_string_equal (state_at (net, PESONA, &outcome.thread), "requested");
}

static void a_withdrawal_without_a_time_counts_from_now (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);
	struct thread here = thread_at (net, PESONA, &thread);
	struct withdrawal word = { .clause = here.clause,
				   .grantor = net->office[PESONA].id,
				   .recorded_ms = clock_now_ms (),
				   .recorded_by = net->office[PESONA].id };
	struct letter letter = {
		.kind = "consent.withdraw",
		.kind_version = 1,
		.from_user = "",
		.from_role = "",
		.to_role = "",
		.purpose = "",
		.rule = { "", "", "", "" },
		.checkpoint = "",
		.created_ms = clock_now_ms (),
		.body = BODY_CONSENT_WITHDRAWAL,
	};
	struct flight flight;

	assert_ok (withdrawal_sign (&word, net->office[PESONA].sig, net->arena,
				    &letter.withdrawal));
	flight = network_forge (net, PESONA, CLINIC, &letter, clock_now_ms () + DAY_MS);
	network_give (net, &flight);
	assert_true (withdrawn_at (net, CLINIC, &here.clause) > 0);
	assert_true (thread_at (net, CLINIC, &thread).data_stopped);
}

static void a_letter_that_comes_after_the_withdrawal_is_held (void **state)
{
	struct network *net = *state;
	struct person_id person = take_in (net, PESONA, "Dimas", "");
	struct outcome outcome;
	struct flight request;
	struct inbox_row *rows;

	consent (net, PESONA, &person, "klinik-harapan", "treatment", "health");
	assert_ok (refer (net, PESONA, &person, CLINIC, &outcome));
	assert_int_equal (network_take (net, PESONA, &request, 1), 1);
	withdraw (net, PESONA, &person);
	network_run (net);
	network_give (net, &request);
	assert_int_equal (inbox_list (net->office[CLINIC].ledger, INBOX_HELD, NULL, 0, 5,
				      net->arena, &rows),
			  1);
	assert_int_equal (rows[0].code, ERR_CONSENT_WITHDRAWN);
	network_run (net);
	assert_true (alarm_at (net, PESONA, "held-there"));
}

static void a_holder_that_hears_it_stops_and_the_grantor_chases (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);
	struct person_id there = thread_at (net, CLINIC, &thread).person;
	struct clause_row row;
	struct thread here = thread_at (net, PESONA, &thread);

	assert_ok (say (net, CLINIC, &thread, "referral.accept"));
	network_run (net);
	assert_int_equal (withdraw (net, CLINIC, &there), 1);
	assert_string_equal (state_at (net, CLINIC, &thread), "failed");
	network_run (net);
	assert_string_equal (state_at (net, PESONA, &thread), "failed");
	assert_ok (clause_get (net->office[PESONA].ledger, &here.clause,
			       &net->office[PESONA].id, net->arena, &row));
	assert_true (row.withdrawn_said_ms > 0);
	assert_true (row.withdrawal.withdrawal.len > 0);
	assert_ok (clause_get (net->office[CLINIC].ledger, &here.clause,
			       &net->office[PESONA].id, net->arena, &row));
	assert_false (ID_IS_NONE (row.withdrawal.sig_key_id));
}

static void a_stranger_cannot_withdraw_for_the_person (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);
	struct thread here = thread_at (net, PESONA, &thread);
	struct withdrawal word = { .clause = here.clause,
				   .grantor = net->office[PESONA].id,
				   .said_ms = clock_now_ms (),
				   .recorded_ms = clock_now_ms (),
				   .recorded_by = net->office[HOSPITAL].id };
	struct letter letter = {
		.kind = "consent.withdraw",
		.kind_version = 1,
		.from_user = "",
		.from_role = "",
		.to_role = "",
		.purpose = "",
		.rule = { "", "", "", "" },
		.checkpoint = "",
		.created_ms = clock_now_ms (),
		.body = BODY_CONSENT_WITHDRAWAL,
	};
	struct flight flight;

	assert_ok (withdrawal_sign (&word, NULL, net->arena, &letter.withdrawal));
	flight = network_forge (net, HOSPITAL, PESONA, &letter, clock_now_ms () + DAY_MS);
	network_give (net, &flight);
	assert_int_equal (withdrawn_at (net, PESONA, &here.clause), 0);
	assert_ok (withdrawal_sign (&word, net->office[HOSPITAL].sig, net->arena,
				    &letter.withdrawal));
	flight = network_forge (net, HOSPITAL, CLINIC, &letter, clock_now_ms () + DAY_MS);
	network_give (net, &flight);
	assert_int_equal (withdrawn_at (net, CLINIC, &here.clause), 0);
}

/* Signed rightly by `grantor`, who claims the clause, and sent by it to the clinic. */
static void withdraw_at_clinic (struct network *net, int grantor,
				const struct clause_id *clause)
{
	struct withdrawal word = { .clause = *clause,
				   .grantor = net->office[grantor].id,
				   .said_ms = clock_now_ms (),
				   .recorded_ms = clock_now_ms (),
				   .recorded_by = net->office[grantor].id };
	struct letter letter = {
		.kind = "consent.withdraw",
		.kind_version = 1,
		.from_user = "",
		.from_role = "",
		.to_role = "",
		.purpose = "",
		.rule = { "", "", "", "" },
		.checkpoint = "",
		.created_ms = clock_now_ms (),
		.body = BODY_CONSENT_WITHDRAWAL,
	};
	struct flight flight;

	assert_ok (withdrawal_sign (&word, net->office[grantor].sig, net->arena,
				    &letter.withdrawal));
	flight = network_forge (net, grantor, CLINIC, &letter, clock_now_ms () + DAY_MS);
	network_give (net, &flight);
}

static void a_tombstone_of_somebody_else_does_not_stop_the_true_clause (void **state)
{
	struct network *net = *state;
	struct person_id person = take_in (net, PESONA, "Dimas", "");
	struct clause_id clause =
		consent (net, PESONA, &person, "klinik-harapan", "treatment", "health");
	struct outcome outcome;

	withdraw_at_clinic (net, HOSPITAL, &clause);
	assert_ok (refer (net, PESONA, &person, CLINIC, &outcome));
	network_run (net);
	assert_string_equal (state_at (net, CLINIC, &outcome.thread), "requested");
	/* Nor once the clause is here. */
	withdraw_at_clinic (net, HOSPITAL, &clause);
	assert_false (thread_at (net, CLINIC, &outcome.thread).data_stopped);
	withdraw_at_clinic (net, PESONA, &clause);
	assert_true (withdrawn_at (net, CLINIC, &clause) > 0);
	assert_true (thread_at (net, CLINIC, &outcome.thread).data_stopped);
}

/* The hospital signs a clause of its own with that id and refers the same person under it. */
static void plant_at_clinic (struct network *net, const struct clause_id *id)
{
	static const char *const labels[] = { "health", "identity" };
	struct office *hospital = &net->office[HOSPITAL];
	struct person_id person = take_in (net, HOSPITAL, "Dimas", "1771011403990001");
	struct clause clause = { .id = *id,
				 .grantor = hospital->id,
				 .recipient = net->office[CLINIC].id,
				 .recipient_kind = "",
				 .recipient_region = "",
				 .purpose = "treatment",
				 .labels = labels,
				 .label_count = 2,
				 .valid_from_ms = clock_now_ms (),
				 .valid_to_ms = clock_now_ms () + 90 * DAY_MS };
	struct signed_clause planted;
	struct outcome outcome;
	tx_t *tx = ledger_begin (hospital->ledger);

	assert_ok (clause_sign (&clause, hospital->sig, net->arena, &planted));
	clause_add (tx, &planted, &person, true, clock_now_ms ());
	assert_ok (tx_commit (tx));
	tx_destroy (&tx);
	assert_ok (refer (net, HOSPITAL, &person, CLINIC, &outcome));
	network_run (net);
	assert_string_equal (state_at (net, CLINIC, &outcome.thread), "requested");
}

static void a_planted_clause_does_not_take_the_place_of_the_true_one (void **state)
{
	struct network *net = *state;
	struct person_id person = take_in (net, PESONA, "Dimas", "1771011403990001");
	struct clause_id clause = consent (net, PESONA, &person, "klinik-harapan",
					   "treatment", "health,identity");
	struct outcome outcome;

	plant_at_clinic (net, &clause);
	assert_ok (refer (net, PESONA, &person, CLINIC, &outcome));
	network_run (net);
	assert_ok (say (net, CLINIC, &outcome.thread, "referral.accept"));
	network_run (net);
	assert_string_equal (state_at (net, PESONA, &outcome.thread), "accepted");
	withdraw_at_clinic (net, HOSPITAL, &clause);
	assert_false (thread_at (net, CLINIC, &outcome.thread).data_stopped);
	assert_string_equal (state_at (net, CLINIC, &outcome.thread), "accepted");
	withdraw_at_clinic (net, PESONA, &clause);
	assert_true (thread_at (net, CLINIC, &outcome.thread).data_stopped);
}

static void a_tombstone_of_somebody_else_does_not_replace_the_grantors (void **state)
{
	struct network *net = *state;
	struct person_id person = take_in (net, PESONA, "Dimas", "");
	struct clause_id clause =
		consent (net, PESONA, &person, "klinik-harapan", "treatment", "health");
	struct outcome outcome;

	withdraw_at_clinic (net, HOSPITAL, &clause);
	withdraw_at_clinic (net, PESONA, &clause);
	withdraw_at_clinic (net, HOSPITAL, &clause);
	assert_ok (refer (net, PESONA, &person, CLINIC, &outcome));
	network_run (net);
	assert_int_equal (inbox_count (net, CLINIC, INBOX_HELD), 1);
}

static void a_withdrawal_reaches_whoever_got_the_data_onward (void **state)
{
	struct network *net = *state;
	struct person_id person = take_in (net, PESONA, "Dimas", "");
	struct clause_wish wish = { .recipient_kind = "clinic",
				    .purpose = "treatment",
				    .label_count = 1,
				    .labels = (const char *[]){ "health" } };
	struct clause_id clause;
	struct outcome outcome, child;
	struct thread at_clinic;
	struct holder *holders;

	/* The clinic carries it on under a clause that it took itself. */
	assert_ok (desk_consent_give (net->office[PESONA].desk, &worker, &person, &wish,
				      1, &clause, net->problems));
	assert_ok (refer (net, PESONA, &person, CLINIC, &outcome));
	network_run (net);
	at_clinic = thread_at (net, CLINIC, &outcome.thread);
	clause = consent (net, CLINIC, &at_clinic.person, "rs-jiwa", "treatment",
			  "health");
	assert_ok (onward (net, CLINIC, &outcome.thread, HOSPITAL, &child));
	network_run (net);
	assert_int_equal (holder_list (net->office[CLINIC].ledger, &clause,
				       &net->office[CLINIC].id, net->arena, &holders),
			  1);
	withdraw (net, CLINIC, &at_clinic.person);
	network_run (net);
	assert_string_equal (state_at (net, PESONA, &outcome.thread), "failed");
	assert_true (thread_at (net, HOSPITAL, &child.child).data_stopped);
	assert_int_equal (holder_list (net->office[CLINIC].ledger, &clause,
				       &net->office[CLINIC].id, net->arena, &holders),
			  1);
	assert_true (holders[0].stopped_ms > 0);
}

static void three_days_without_word_are_escalated (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);
	struct person_id person = thread_at (net, PESONA, &thread).person;

	withdraw (net, PESONA, &person);
	clock_turn (71 * HOUR_MS);
	tick (net, PESONA);
	assert_false (alarm_at (net, PESONA, "overdue-supervisor"));
	clock_turn (2 * HOUR_MS);
	tick (net, PESONA);
	assert_true (alarm_at (net, PESONA, "overdue-supervisor"));
	clock_turn (-73 * HOUR_MS);
}

static void a_withdrawal_said_in_the_future_is_refused (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);
	struct person_id person = thread_at (net, PESONA, &thread).person;
	size_t count = 9;

	assert_int_equal (desk_consent_withdraw (net->office[PESONA].desk, &worker,
						 &person, NULL, clock_now_ms () + DAY_MS,
						 &count, NULL),
			  ERR_INVALID);
	assert_int_equal (count, 9);
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		network_test (without_consent_nothing_leaves),
		network_test (a_clause_for_another_purpose_does_not_cover),
		network_test (the_missing_label_is_named),
		network_test (a_clause_that_has_run_out_says_so),
		network_test (the_narrowest_clause_goes_with_the_letter),
		network_test (wishes_with_three_mistakes_name_all_three),
		network_test (vital_interest_needs_a_rule_and_no_clause),
		network_test (a_finding_beyond_the_clause_stays_with_the_performer),
		network_test (a_withdrawal_stops_both_sides_and_is_confirmed),
		network_test (after_a_withdrawal_the_sender_is_told_why),
		network_test (what_has_not_left_never_leaves),
		network_test (what_the_hub_has_is_recalled),
		network_test (no_free_words_leave_after_the_withdrawal),
		network_test (a_recall_that_nobody_asked_for_ends_nothing),
		network_test (a_withdrawal_without_a_time_counts_from_now),
		network_test (a_letter_that_comes_after_the_withdrawal_is_held),
		network_test (a_holder_that_hears_it_stops_and_the_grantor_chases),
		network_test (a_stranger_cannot_withdraw_for_the_person),
		network_test (a_tombstone_of_somebody_else_does_not_stop_the_true_clause),
		network_test (a_tombstone_of_somebody_else_does_not_replace_the_grantors),
		network_test (a_planted_clause_does_not_take_the_place_of_the_true_one),
		network_test (a_withdrawal_reaches_whoever_got_the_data_onward),
		network_test (three_days_without_word_are_escalated),
		network_test (a_withdrawal_said_in_the_future_is_refused),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
