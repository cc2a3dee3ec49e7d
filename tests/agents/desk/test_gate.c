/* What must be known before a letter may be written, and who manages a case. */
#include "tests/agents/desk/fixture.h"

/* ---- what is known ---------------------------------------------------------------- */

/* As if this letter about the person had come in some days ago. */
static void came (struct network *net, const struct person_id *person, const char *kind,
		  const struct answer *answers, size_t count, int days_ago)
{
	struct letter letter = { .kind = kind,
				 .kind_version = 1,
				 .sig_key_id = keypair_id (net->office[CLINIC].sig),
				 .directory_version = 1,
				 .from_user = "",
				 .from_role = "",
				 .to_role = "",
				 .created_ms = clock_now_ms () - days_ago * DAY_MS,
				 .purpose = "treatment",
				 .rule = { "", "", "", "" },
				 .checkpoint = "",
				 .body = count > 0 ? BODY_ANSWERS : BODY_NONE,
				 .answers = answers,
				 .answer_count = count };
	struct entry entry = { .type = ENTRY_ARRIVED,
			       .at_ms = clock_now_ms (),
			       .person = *person,
			       .partner = net->office[CLINIC].id,
			       .kind = kind };
	OWNED (tx) tx = ledger_begin (net->office[PESONA].ledger);

	assert_ok (letter_encode (&letter, net->arena, &entry.body));
	entry_add (tx, &entry);
	assert_ok (tx_commit (tx));
}

static struct person record (struct network *net, int office, const struct person_id *id)
{
	struct person person;

	assert_ok (person_get (net->office[office].ledger, id, net->arena, &person));
	return person;
}

static void change (struct network *net, int office, const struct person *person)
{
	OWNED (tx) tx = ledger_begin (net->office[office].ledger);

	person_update (tx, person);
	assert_ok (tx_commit (tx));
}

static size_t shut_gates (struct network *net)
{
	size_t count = 0;

	for (size_t i = 0; i < problems_count (net->problems); i++) {
		count += problems_at (net->problems, i)->err == ERR_GATE;
		if (problems_at (net->problems, i)->err == ERR_GATE) {
			assert_string_equal (problems_at (net->problems, i)->field, "gate");
			assert_true (problems_at (net->problems, i)->text_id[0] != '\0');
		}
	}
	return count;
}

static bool says (struct network *net, const char *words)
{
	for (size_t i = 0; i < problems_count (net->problems); i++)
		if (strstr (problems_at (net->problems, i)->text_en, words) != NULL ||
		    strstr (problems_at (net->problems, i)->text_id, words) != NULL)
			return true;
	return false;
}

/* ---- a plan ----------------------------------------------------------------------- */

static struct answer date_answer (const char *field, const char *date)
{
	struct answer answer = text_answer (field, date);

	answer.type = ANSWER_DATE;
	return answer;
}

static err_t plan (struct network *net, const struct person_id *person)
{
	struct answer answers[] = {
		text_answer ("goal", "Bekerja kembali"),
		text_answer ("task[1].text", "Mencari pelatihan"),
		text_answer ("task[1].owner", "Pesona"),
		date_answer ("task[1].due", "2026-12-20"),
		code_answer ("task[1].group", "partner"),
		date_answer ("report-by", "2026-12-30"),
	};
	struct submission submission = { .kind = "plan.publish",
					 .person = *person,
					 .to = net->office[CLINIC].id,
					 .answers = answers,
					 .answer_count = COUNT_OF (answers) };
	struct outcome outcome;

	return refer_as (net, PESONA, &submission, &outcome);
}

static struct person_id planned (struct network *net)
{
	struct person_id person = take_in (net, PESONA, "Dimas Verdana", "");

	consent (net, PESONA, &person, "klinik-harapan", "social-rehab", "health");
	consent (net, PESONA, &person, "klinik-harapan", "treatment", "health");
	return person;
}

static void a_plan_needs_a_recent_assessment (void **state)
{
	struct network *net = *state;
	struct person_id person = planned (net);

	assert_int_equal (plan (net, &person), ERR_GATE);
	assert_int_equal (shut_gates (net), 1);
	came (net, &person, "assessment.summary", NULL, 0, 31);
	assert_int_equal (plan (net, &person), ERR_GATE);
	came (net, &person, "assessment.summary", NULL, 0, 2);
	assert_ok (plan (net, &person));
}

static void what_came_for_somebody_else_opens_nothing (void **state)
{
	struct network *net = *state;
	struct person_id person = planned (net);
	struct person_id other = take_in (net, PESONA, "Rina", "");

	came (net, &other, "assessment.summary", NULL, 0, 2);
	assert_int_equal (plan (net, &person), ERR_GATE);
}

static void a_plan_is_the_case_managers (void **state)
{
	struct network *net = *state;
	struct person_id id = planned (net);
	struct person person = record (net, PESONA, &id);

	assert_string_equal (person.case_manager, "ipwl-pesona");
	person.case_manager = "klinik-harapan";
	change (net, PESONA, &person);
	assert_int_equal (plan (net, &id), ERR_GATE);
	/* Each gate that is shut says its own sentence. */
	assert_int_equal (shut_gates (net), 2);
}

static void a_plan_waits_for_the_answer_to_a_medical_referral (void **state)
{
	struct network *net = *state;
	struct person_id person = planned (net);
	struct outcome outcome;

	came (net, &person, "assessment.summary", NULL, 0, 2);
	came (net, &person, "medical.clearance", NULL, 0, 1);
	assert_ok (refer (net, PESONA, &person, CLINIC, &outcome));
	/* The clearance from before answers nothing that was asked since. */
	assert_int_equal (plan (net, &person), ERR_GATE);
	assert_int_equal (shut_gates (net), 1);
	came (net, &person, "medical.clearance", NULL, 0, 0);
	assert_ok (plan (net, &person));
}

static void a_rejected_referral_is_not_waited_for (void **state)
{
	struct network *net = *state;
	struct person_id person = planned (net);
	struct outcome outcome;

	came (net, &person, "assessment.summary", NULL, 0, 2);
	assert_ok (refer (net, PESONA, &person, CLINIC, &outcome));
	network_run (net);
	assert_int_equal (plan (net, &person), ERR_GATE);
	assert_ok (say (net, CLINIC, &outcome.thread, "referral.reject"));
	network_run (net);
	assert_ok (plan (net, &person));
}

static void a_letter_that_the_hub_refused_counts_for_nothing (void **state)
{
	struct network *net = *state;
	struct person_id person = planned (net);
	struct outcome outcome;
	tx_t *tx;

	came (net, &person, "assessment.summary", NULL, 0, 2);
	assert_ok (refer (net, PESONA, &person, CLINIC, &outcome));
	tx = ledger_begin (net->office[PESONA].ledger);
	assert_ok (desk_hub_refused (net->office[PESONA].desk, tx, &outcome.letter,
				     ERR_TOO_LARGE));
	assert_ok (tx_commit (tx));
	tx_destroy (&tx);
	assert_ok (plan (net, &person));
}

static void a_gate_of_other_services_stands_open (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);

	/* The clinic's own service is what was asked for: nothing is waited for. */
	assert_ok (say (net, CLINIC, &thread, "referral.accept"));
	assert_ok (say (net, CLINIC, &thread, "arrival.confirm"));
	assert_ok (say (net, CLINIC, &thread, "service.start"));
}

static void a_child_without_a_guardian_is_not_referred (void **state)
{
	struct network *net = *state;
	struct person_id id = planned (net);
	struct person person = record (net, PESONA, &id);
	struct outcome outcome;

	person.birth_date = "2012-05-01";
	change (net, PESONA, &person);
	assert_int_equal (refer (net, PESONA, &id, CLINIC, &outcome), ERR_GATE);
	assert_true (says (net, "wali"));
	person.guardian = "Ibu Sari";
	change (net, PESONA, &person);
	assert_ok (refer (net, PESONA, &id, CLINIC, &outcome));
}

/* ---- the duty passes -------------------------------------------------------------- */

static struct thread_id ask_transfer (struct network *net, const struct person_id *person)
{
	struct answer answers[16];
	struct submission submission = { .kind = "transfer.request",
					 .person = *person,
					 .to = net->office[HOSPITAL].id,
					 .answers = answers };
	struct outcome outcome;

	submission.answer_count = plausible (net, "transfer.request", answers);
	consent (net, PESONA, person, "rs-jiwa", "social-rehab", "identity");
	assert_ok (refer_as (net, PESONA, &submission, &outcome));
	network_run (net);
	return outcome.thread;
}

static err_t accept_transfer (struct network *net, const struct thread_id *thread)
{
	struct answer answers[16];
	size_t count = plausible (net, "transfer.accept", answers);

	for (size_t i = 0; i < count; i++)
		if (answers[i].type == ANSWER_PHONE)
			answers[i].text = "+6281234567890";
	return say_with (net, HOSPITAL, thread, "transfer.accept", answers, count);
}

static void the_duty_passes_when_the_transfer_is_accepted (void **state)
{
	struct network *net = *state;
	struct person_id id = take_in (net, PESONA, "Dimas Verdana", "1771011403990001");
	struct thread_id thread = ask_transfer (net, &id);
	struct person_id there = thread_at (net, HOSPITAL, &thread).person;

	assert_string_equal (record (net, PESONA, &id).case_manager, "ipwl-pesona");
	assert_string_equal (record (net, HOSPITAL, &there).case_manager, "");
	assert_ok (accept_transfer (net, &thread));
	assert_string_equal (record (net, HOSPITAL, &there).case_manager, "rs-jiwa");
	assert_string_equal (record (net, PESONA, &id).case_manager, "ipwl-pesona");
	network_run (net);
	assert_string_equal (record (net, PESONA, &id).case_manager, "rs-jiwa");
}

static void a_declined_transfer_leaves_the_duty (void **state)
{
	struct network *net = *state;
	struct person_id id = take_in (net, PESONA, "Dimas Verdana", "1771011403990001");
	struct thread_id thread = ask_transfer (net, &id);

	assert_ok (say (net, HOSPITAL, &thread, "transfer.decline"));
	network_run (net);
	assert_string_equal (record (net, PESONA, &id).case_manager, "ipwl-pesona");
}

static void whoever_comes_from_an_agency_that_manages_no_cases_is_ours (void **state)
{
	struct network *net = *state;
	struct person_id person = take_in (net, CLINIC, "Dimas", "");
	struct outcome outcome;
	struct person_id here;

	assert_string_equal (record (net, CLINIC, &person).case_manager, "klinik-harapan");
	consent (net, CLINIC, &person, "ipwl-pesona", "treatment", "health");
	assert_ok (refer (net, CLINIC, &person, PESONA, &outcome));
	network_run (net);
	here = thread_at (net, PESONA, &outcome.thread).person;
	assert_string_equal (record (net, PESONA, &here).case_manager, "ipwl-pesona");
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		network_test (a_plan_needs_a_recent_assessment),
		network_test (what_came_for_somebody_else_opens_nothing),
		network_test (a_plan_is_the_case_managers),
		network_test (a_plan_waits_for_the_answer_to_a_medical_referral),
		network_test (a_rejected_referral_is_not_waited_for),
		network_test (a_letter_that_the_hub_refused_counts_for_nothing),
		network_test (a_gate_of_other_services_stands_open),
		network_test (a_child_without_a_guardian_is_not_referred),
		network_test (the_duty_passes_when_the_transfer_is_accepted),
		network_test (a_declined_transfer_leaves_the_duty),
		network_test (whoever_comes_from_an_agency_that_manages_no_cases_is_ours),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
