/* An alert that nobody answers, and what the next agencies hear of it. */
#include "tests/agents/desk/fixture.h"

#define HOSPITAL_ID "rs-jiwa"

static const struct rule vital = { "UU 27/2022", "20(2)d", "", "" };

static err_t try_alert (struct network *net, int to, const char *ladder,
			struct outcome *ret_outcome)
{
	struct person_id person = take_in (net, PESONA, "Dimas", "");
	struct answer answers[16];
	struct submission submission = {
		.kind = "risk.alert",
		.person = person,
		.to = net->office[to].id,
		.ladder = ladder,
		.basis = BASIS_VITAL_INTEREST,
		.rule = vital,
		.answers = answers,
		.answer_count = plausible (net, "risk.alert", answers),
	};

	for (size_t i = 0; i < submission.answer_count; i++) {
		if (strcmp (answers[i].field, "district") == 0)
			answers[i].text = "17.71.04";
		if (strcmp (answers[i].field, "contact.phone") == 0)
			answers[i].text = "+6281234567890";
	}
	return refer_as (net, PESONA, &submission, ret_outcome);
}

static struct thread_id alert (struct network *net, const char *ladder)
{
	struct outcome outcome;

	assert_ok (try_alert (net, CLINIC, ladder, &outcome));
	network_run (net);
	return outcome.thread;
}

static err_t answer (struct network *net, int office, const struct thread_id *thread,
		     const char *kind)
{
	struct answer answers[16];
	size_t count = plausible (net, kind, answers);

	for (size_t i = 0; i < count; i++)
		if (answers[i].type == ANSWER_PHONE)
			answers[i].text = "+62736123456";
	return say_with (net, office, thread, kind, answers, count);
}

static size_t alerts_at (struct network *net, int office, enum thread_box box,
			 struct thread **ret_threads)
{
	return thread_list (net->office[office].ledger, box, NULL, NULL, 0, 10, net->arena,
			    ret_threads);
}

static void an_hour_passes (struct network *net)
{
	clock_turn (HOUR_MS + MINUTE_MS);
	tick (net, PESONA);
	network_run (net);
}

static void an_alert_that_nobody_acknowledges_is_asked_of_the_next (void **state)
{
	struct network *net = *state;
	struct thread_id first = alert (net, HOSPITAL_ID);
	struct thread *threads;

	assert_true (alarm_at (net, CLINIC, "risk-here"));
	assert_int_equal (thread_at (net, PESONA, &first).urgency, URGENCY_STAT);
	an_hour_passes (net);
	assert_true (alarm_at (net, PESONA, "risk-unanswered"));
	assert_true (alarm_at (net, PESONA, "risk-next"));
	assert_true (alarm_at (net, HOSPITAL, "risk-here"));
	assert_int_equal (alerts_at (net, HOSPITAL, BOX_IN, &threads), 1);
	assert_int_equal (threads[0].urgency, URGENCY_STAT);
	assert_true (ID_IS_NONE (threads[0].about)); /* which stays at home */
	assert_int_equal (alerts_at (net, PESONA, BOX_OUT, &threads), 2);
	assert_true (ID_EQUAL (threads[0].about, first));
	assert_true (ID_EQUAL (threads[0].person, thread_at (net, PESONA, &first).person));
	tick (net, PESONA);
	assert_int_equal (alerts_at (net, PESONA, BOX_OUT, &threads), 2);
	clock_turn (-HOUR_MS - MINUTE_MS);
}

static void the_next_one_reads_what_the_first_one_read (void **state)
{
	struct network *net = *state;
	struct inbox_row *here, *there;
	struct letter first, second;

	alert (net, HOSPITAL_ID);
	an_hour_passes (net);
	assert_int_equal (inbox_list (net->office[CLINIC].ledger, INBOX_APPLIED, NULL, 0, 10,
				      net->arena, &here), 1);
	assert_int_equal (inbox_list (net->office[HOSPITAL].ledger, INBOX_APPLIED, NULL, 0, 10,
				      net->arena, &there), 1);
	assert_ok (letter_decode (here[0].s, net->arena, &first));
	assert_ok (letter_decode (there[0].s, net->arena, &second));
	assert_int_equal (first.answer_count, second.answer_count);
	for (size_t i = 0; i < first.answer_count; i++)
		assert_string_equal (first.answers[i].text, second.answers[i].text);
	assert_int_equal (second.basis, BASIS_VITAL_INTEREST);
	assert_string_equal (second.rule.article, "20(2)d");
	clock_turn (-HOUR_MS - MINUTE_MS);
}

static void a_look_is_no_acknowledgement (void **state)
{
	struct network *net = *state;
	struct thread_id first = alert (net, HOSPITAL_ID);

	assert_ok (desk_look_thread (net->office[CLINIC].desk, &nurse, &first));
	network_run (net);
	an_hour_passes (net);
	assert_true (alarm_at (net, PESONA, "risk-unanswered"));
	assert_true (alarm_at (net, HOSPITAL, "risk-here"));
	clock_turn (-HOUR_MS - MINUTE_MS);
}

static void an_alert_acknowledged_in_time_is_asked_of_nobody_else (void **state)
{
	struct network *net = *state;
	struct thread_id first = alert (net, HOSPITAL_ID);

	assert_ok (answer (net, CLINIC, &first, "risk.acknowledge"));
	assert_false (alarm_at (net, CLINIC, "risk-here"));
	network_run (net);
	an_hour_passes (net);
	assert_false (alarm_at (net, PESONA, "risk-unanswered"));
	assert_false (alarm_at (net, HOSPITAL, "risk-here"));
	clock_turn (-HOUR_MS - MINUTE_MS);
}

static void one_that_declines_does_not_cost_the_rest_of_the_hour (void **state)
{
	struct network *net = *state;
	struct thread_id first = alert (net, HOSPITAL_ID);
	struct thread *threads;

	assert_ok (answer (net, CLINIC, &first, "risk.decline"));
	network_run (net);
	assert_true (alarm_at (net, HOSPITAL, "risk-here"));
	an_hour_passes (net);
	assert_int_equal (alerts_at (net, PESONA, BOX_OUT, &threads), 2);
	assert_true (alarm_at (net, PESONA, "risk-nobody"));
	clock_turn (-HOUR_MS - MINUTE_MS);
}

static void when_nobody_is_left_all_must_be_phoned (void **state)
{
	struct network *net = *state;

	alert (net, "");
	an_hour_passes (net);
	assert_true (alarm_at (net, PESONA, "risk-unanswered"));
	assert_true (alarm_at (net, PESONA, "risk-nobody"));
	clock_turn (-HOUR_MS - MINUTE_MS);
}

static void a_late_acknowledgement_is_told_and_leaves_both_open (void **state)
{
	struct network *net = *state;
	struct thread_id first = alert (net, HOSPITAL_ID);
	struct thread *threads;

	an_hour_passes (net);
	assert_ok (answer (net, CLINIC, &first, "risk.acknowledge"));
	network_run (net);
	assert_true (alarm_at (net, PESONA, "risk-late"));
	assert_false (alarm_at (net, PESONA, "risk-unanswered"));
	assert_int_equal (alerts_at (net, PESONA, BOX_OPEN, &threads), 2);
	/* somebody deals with it: the second one's silence asks nobody */
	an_hour_passes (net);
	assert_false (alarm_at (net, PESONA, "risk-nobody"));
	clock_turn (2 * (-HOUR_MS - MINUTE_MS));
}

static void without_a_list_the_nearest_are_asked (void **state)
{
	struct network *net = *state;
	struct thread_id first = alert (net, NULL);

	assert_non_null (strstr (thread_at (net, PESONA, &first).ladder, HOSPITAL_ID));
	assert_null (strstr (thread_at (net, PESONA, &first).ladder, "klinik-harapan"));
	an_hour_passes (net);
	assert_true (alarm_at (net, PESONA, "risk-next"));
	assert_false (alarm_at (net, PESONA, "risk-nobody"));
	clock_turn (-HOUR_MS - MINUTE_MS);
}

static void a_list_with_somebody_unknown_is_refused (void **state)
{
	struct network *net = *state;
	struct outcome outcome;

	assert_int_equal (try_alert (net, CLINIC, "rs-jiwa klinik-khayal", &outcome),
			  ERR_INVALID);
	assert_non_null (strstr (problems_at (net->problems, 0)->text_en, "klinik-khayal"));
	assert_int_equal (try_alert (net, CLINIC,
				     "a b c d e f g h i j k l m n o p q r s t", &outcome),
			  ERR_INVALID);
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		network_test (an_alert_that_nobody_acknowledges_is_asked_of_the_next),
		network_test (the_next_one_reads_what_the_first_one_read),
		network_test (a_look_is_no_acknowledgement),
		network_test (an_alert_acknowledged_in_time_is_asked_of_nobody_else),
		network_test (one_that_declines_does_not_cost_the_rest_of_the_hour),
		network_test (when_nobody_is_left_all_must_be_phoned),
		network_test (a_late_acknowledgement_is_told_and_leaves_both_open),
		network_test (without_a_list_the_nearest_are_asked),
		network_test (a_list_with_somebody_unknown_is_refused),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
