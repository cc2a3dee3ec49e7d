/* Partners who are not connected: the same letters, off the wire. */
#include "tests/agents/desk/fixture.h"

#define CONTACT "@puskesmas-ratu"

static struct contact puskesmas (const char *id, const char *region)
{
	struct contact contact = { .kind = "clinic",
				   .region = region,
				   .name = "Puskesmas Ratu Agung",
				   .phone = "+62736123456",
				   .services = "medical" };

	snprintf (contact.id.text, sizeof contact.id.text, "%s", id);
	return contact;
}

static void know (struct network *net, const char *id, const char *region)
{
	struct contact contact = puskesmas (id, region);

	assert_ok (desk_contact_save (net->office[PESONA].desk, &worker, &contact,
				      net->problems));
}

static struct submission request (const struct person_id *person, const char *to)
{
	static struct answer answers[2];
	struct submission submission = { .kind = "referral.request",
					 .person = *person,
					 .service = "medical",
					 .basis = BASIS_CONSENT_GIVEN,
					 .answers = answers,
					 .answer_count = COUNT_OF (answers) };

	answers[0] = text_answer ("reason", "Perlu pemeriksaan medis");
	answers[1] = text_answer ("summary.health", "Riwayat sabu dua tahun");
	snprintf (submission.to.text, sizeof submission.to.text, "%s", to);
	return submission;
}

/* A referral to somebody of the address book, with consent. */
static struct thread_id refer_by_paper (struct network *net, struct person_id *ret_person)
{
	struct person_id person = take_in (net, PESONA, "Dimas", "1771011403990001");
	struct submission submission = request (&person, CONTACT);
	struct outcome outcome;

	know (net, CONTACT, "17.71.02");
	consent (net, PESONA, &person, CONTACT, "treatment", "health,identity");
	assert_ok (refer_as (net, PESONA, &submission, &outcome));
	if (ret_person != NULL)
		*ret_person = person;
	return outcome.thread;
}

static err_t hear_with (struct network *net, const struct thread_id *thread,
			const char *kind, const struct answer *answers, size_t count,
			const struct hearsay *hearsay)
{
	struct submission submission = { .kind = kind,
					 .thread = *thread,
					 .answers = answers,
					 .answer_count = count };
	struct outcome outcome;

	problems_destroy (&net->problems);
	net->problems = problems_new ();
	return desk_report (net->office[PESONA].desk, &worker, &submission, hearsay,
			    &outcome, net->problems);
}

static err_t hear (struct network *net, const struct thread_id *thread, const char *kind)
{
	struct hearsay hearsay = { .via = "phone", .said_by = "Bidan Ani" };
	struct answer answers[16];
	size_t count = plausible (net, kind, answers);

	return hear_with (net, thread, kind, answers, count, &hearsay);
}

static struct entry last_entry (struct network *net, const struct thread_id *thread)
{
	struct entry *entries;
	size_t count = entry_list (net->office[PESONA].ledger, NULL, thread, 0, 100,
				   net->arena, &entries);

	assert_true (count > 0);
	return entries[count - 1];
}

static struct deadline clock_of (struct network *net, const struct thread_id *thread,
				 const char *what)
{
	struct deadline deadline;

	assert_ok (deadline_get (net->office[PESONA].ledger, thread, what, &deadline));
	return deadline;
}

/* ---- the address book ----------------------------------------------------------- */

static void a_contact_with_mistakes_names_each_of_them (void **state)
{
	struct network *net = *state;
	struct contact contact = puskesmas ("puskesmas", "ratu");

	contact.kind = "warung";
	contact.name = "";
	contact.phone = "0736";
	contact.services = "medical pijat";
	assert_int_equal (desk_contact_save (net->office[PESONA].desk, &worker, &contact,
					     net->problems),
			  ERR_INVALID);
	assert_int_equal (problems_count (net->problems), 6);
	contact = puskesmas (CONTACT, "17.71");
	assert_int_equal (desk_contact_save (net->office[PESONA].desk, &auditor, &contact,
					     net->problems),
			  ERR_NOT_ALLOWED);
}

static void the_nearest_partner_comes_first_and_members_before_contacts (void **state)
{
	struct network *net = *state;
	struct partner *near;
	size_t count;

	know (net, "@klinik-lama", "17.71");
	know (net, "@klinik-jauh", "32.01");
	know (net, "@klinik-dekat", "17.71.02");
	count = desk_partners_near (net->office[PESONA].desk, "lab.order", "",
				    "17.71.02.1001", 10, net->arena, &near);
	assert_string_equal (near[0].id.text, "@klinik-dekat");
	assert_string_equal (near[1].id.text, "klinik-harapan");
	assert_string_equal (near[2].id.text, "rs-jiwa");
	assert_string_equal (near[3].id.text, "@klinik-lama");
	assert_string_equal (near[4].id.text, "@klinik-jauh");
	assert_int_equal (count, 5);
}

static void who_has_enrolled_is_not_listed_twice_and_who_lacks_the_service_not_at_all (
	void **state)
{
	struct network *net = *state;
	struct agency_id contact = { CONTACT };
	struct partner *near;

	know (net, CONTACT, "17.71");
	assert_int_equal (desk_partners_near (net->office[PESONA].desk, "", "medical",
					      "17.71", 10, net->arena, &near),
			  1);
	assert_string_equal (near[0].id.text, CONTACT);
	assert_ok (desk_contact_enrolled (net->office[PESONA].desk, &worker, &contact,
					  &net->office[CLINIC].id, net->problems));
	assert_int_equal (desk_partners_near (net->office[PESONA].desk, "", "medical",
					      "17.71", 10, net->arena, &near),
			  0);
	snprintf (contact.text, sizeof contact.text, "@siapa");
	assert_int_equal (desk_contact_enrolled (net->office[PESONA].desk, &worker,
						 &contact, &net->office[CLINIC].id,
						 net->problems),
			  ERR_NOT_FOUND);
	snprintf (contact.text, sizeof contact.text, CONTACT);
	assert_int_equal (desk_contact_enrolled (net->office[PESONA].desk, &worker,
						 &contact, &contact, net->problems),
			  ERR_NO_ROUTE);
}

/* ---- letters on paper ----------------------------------------------------------- */

static void without_consent_nothing_is_printed_either (void **state)
{
	struct network *net = *state;
	struct person_id person = take_in (net, PESONA, "Dimas", "");
	struct submission submission = request (&person, CONTACT);
	struct outcome outcome;

	assert_int_equal (refer_as (net, PESONA, &submission, &outcome), ERR_NO_ROUTE);
	know (net, CONTACT, "17.71");
	assert_int_equal (refer_as (net, PESONA, &submission, &outcome), ERR_NO_CONSENT);
	consent (net, PESONA, &person, "klinik-harapan", "treatment", "health");
	assert_int_equal (refer_as (net, PESONA, &submission, &outcome), ERR_NO_CONSENT);
	consent (net, PESONA, &person, CONTACT, "treatment", "health");
	assert_ok (refer_as (net, PESONA, &submission, &outcome));
}

static void a_letter_to_a_contact_never_sees_the_wire_and_its_clock_runs (void **state)
{
	struct network *net = *state;
	struct thread_id id = refer_by_paper (net, NULL);
	struct thread thread = thread_at (net, PESONA, &id);
	struct outbox_row *rows;

	assert_int_equal (thread.carrier, CARRIER_PAPER);
	assert_int_equal (strlen (thread.code), 9);
	assert_string_equal (last_entry (net, &id).word, "paper");
	assert_true (last_entry (net, &id).body.len > 0);
	assert_int_equal (outbox_by_thread (net->office[PESONA].ledger, &id, net->arena,
					    &rows),
			  0);
	assert_string_equal (clock_of (net, &id, "decision").owner.text, CONTACT);
	clock_turn (20 * DAY_MS);
	tick (net, PESONA);
	assert_true (alarm_at (net, PESONA, "overdue"));
	clock_turn (-20 * DAY_MS);
}

static void what_was_said_by_phone_moves_the_thread_and_is_told_as_such (void **state)
{
	struct network *net = *state;
	struct thread_id id = refer_by_paper (net, NULL);
	struct entry entry;
	struct letter letter;

	assert_ok (hear (net, &id, "referral.accept"));
	assert_string_equal (state_at (net, PESONA, &id), "accepted");
	assert_true (clock_of (net, &id, "decision").done);
	entry = last_entry (net, &id);
	assert_int_equal (entry.type, ENTRY_ARRIVED);
	assert_string_equal (entry.word, "phone");
	assert_string_equal (entry.user, worker.user);
	assert_string_equal (entry.partner.text, CONTACT);
	assert_ok (letter_decode (entry.body, net->arena, &letter));
	assert_string_equal (letter.from_user, "Bidan Ani");
	assert_true (thread_at (net, PESONA, &id).appointment_ms > 0);
	assert_ok (hear (net, &id, "arrival.confirm"));
	assert_ok (hear (net, &id, "service.start"));
	assert_ok (hear (net, &id, "service.complete"));
	assert_string_equal (state_at (net, PESONA, &id), "completed");
}

static void a_refusal_by_phone_ends_the_thread (void **state)
{
	struct network *net = *state;
	struct thread_id id = refer_by_paper (net, NULL);

	assert_ok (hear (net, &id, "referral.reject"));
	assert_string_equal (state_at (net, PESONA, &id), "rejected");
	assert_int_equal (hear (net, &id, "referral.accept"), ERR_WRONG_STATE);
}

static void a_report_is_held_to_the_form_and_to_what_can_have_been_heard (void **state)
{
	struct network *net = *state;
	struct thread_id id = refer_by_paper (net, NULL);
	struct hearsay rumour = { .via = "pigeon", .said_ms = clock_now_ms () + DAY_MS };
	struct hearsay old = { .via = "phone", .said_ms = clock_now_ms () - 3 * DAY_MS };

	assert_int_equal (hear_with (net, &id, "referral.reject", NULL, 0, &rumour),
			  ERR_INVALID);
	assert_true (problems_count (net->problems) >= 3);
	assert_int_equal (hear_with (net, &id, "referral.reject", NULL, 0, &old),
			  ERR_INVALID);
	/* What only we may say nobody else can have said. */
	assert_int_equal (hear (net, &id, "referral.cancel"), ERR_WRONG_STATE);
	assert_int_equal (hear (net, &id, "arrival.confirm"), ERR_WRONG_STATE);
	assert_string_equal (state_at (net, PESONA, &id), "requested");
}

static void a_partner_on_the_wire_answers_itself (void **state)
{
	struct network *net = *state;
	struct thread_id id = open_referral (net);

	assert_int_equal (hear (net, &id, "referral.accept"), ERR_WRONG_STATE);
	assert_string_equal (state_at (net, PESONA, &id), "requested");
}

static void a_question_by_phone_is_answered_on_paper (void **state)
{
	struct network *net = *state;
	struct thread_id id = refer_by_paper (net, NULL);

	assert_ok (hear (net, &id, "referral.info.request"));
	assert_true (clock_of (net, &id, "decision").paused_ms != 0);
	assert_ok (say (net, PESONA, &id, "referral.info.reply"));
	assert_string_equal (last_entry (net, &id).word, "paper");
	assert_true (clock_of (net, &id, "decision").paused_ms == 0);
}

static void a_withdrawal_asks_a_person_to_tell_and_waits_for_the_word (void **state)
{
	struct network *net = *state;
	struct person_id person;
	struct thread_id id = refer_by_paper (net, &person), of_clause;
	struct clause_id clause = thread_at (net, PESONA, &id).clause;
	struct holder *holders;
	size_t count;

	assert_int_equal (hear (net, &id, "consent.stopped"), ERR_WRONG_STATE);
	assert_ok (hear (net, &id, "referral.accept"));
	assert_ok (hear (net, &id, "arrival.confirm"));
	assert_ok (hear (net, &id, "service.start"));
	assert_ok (desk_consent_withdraw (net->office[PESONA].desk, &worker, &person, NULL,
					  0, &count, net->problems));
	assert_true (alarm_at (net, PESONA, "withdrawal-by-hand"));
	memcpy (of_clause.b, clause.b, sizeof of_clause.b);
	assert_false (clock_of (net, &of_clause, "consent-stop").done);
	assert_int_equal (hear (net, &id, "service.report"), ERR_CONSENT_WITHDRAWN);
	assert_ok (hear (net, &id, "consent.stopped"));
	assert_false (alarm_at (net, PESONA, "withdrawal-by-hand"));
	assert_true (clock_of (net, &of_clause, "consent-stop").done);
	assert_int_equal (holder_list (net->office[PESONA].ledger, &clause,
				       &net->office[PESONA].id, net->arena, &holders),
			  1);
	assert_true (holders[0].stopped_ms > 0);
}

/* ---- this agency itself --------------------------------------------------------- */

static void what_this_agency_does_itself_needs_no_clause_and_waits_for_us (void **state)
{
	struct network *net = *state;
	struct person_id person = take_in (net, PESONA, "Dimas", "");
	struct submission submission = request (&person, "ipwl-pesona");
	struct hearsay phone = { .via = "phone" }, own = { .via = "" };
	struct answer answers[16];
	size_t count = plausible (net, "referral.accept", answers);
	struct thread *threads;
	struct outcome outcome;

	assert_ok (refer_as (net, PESONA, &submission, &outcome));
	assert_int_equal (thread_at (net, PESONA, &outcome.thread).carrier, CARRIER_OWN);
	assert_string_equal (last_entry (net, &outcome.thread).word, "own");
	assert_int_equal (thread_list (net->office[PESONA].ledger, BOX_NEEDS_ANSWER, NULL,
				       NULL, 0, 10, net->arena, &threads),
			  1);
	assert_int_equal (hear_with (net, &outcome.thread, "referral.accept", answers,
				     count, &phone),
			  ERR_INVALID);
	assert_ok (hear_with (net, &outcome.thread, "referral.accept", answers, count,
			      &own));
	assert_string_equal (state_at (net, PESONA, &outcome.thread), "accepted");
	assert_string_equal (last_entry (net, &outcome.thread).word, "own");
}

/* ---- to the wire ---------------------------------------------------------------- */

static err_t move (struct network *net, const struct thread_id *id)
{
	struct outcome outcome;

	problems_destroy (&net->problems);
	net->problems = problems_new ();
	return desk_move_to_wire (net->office[PESONA].desk, &worker, id, &outcome,
				  net->problems);
}

static void when_the_partner_enrols_the_thread_begins_anew_on_the_wire (void **state)
{
	struct network *net = *state;
	struct agency_id contact = { CONTACT };
	struct person_id person;
	struct thread_id id = refer_by_paper (net, &person);

	assert_ok (hear (net, &id, "referral.accept"));
	assert_int_equal (move (net, &id), ERR_NO_ROUTE);
	assert_ok (desk_contact_enrolled (net->office[PESONA].desk, &worker, &contact,
					  &net->office[CLINIC].id, net->problems));
	assert_int_equal (move (net, &id), ERR_NO_CONSENT);
	assert_string_equal (state_at (net, PESONA, &id), "accepted");
	consent (net, PESONA, &person, "klinik-harapan", "treatment", "health,identity");
	assert_ok (move (net, &id));
	assert_string_equal (state_at (net, PESONA, &id), "requested");
	assert_int_equal (thread_at (net, PESONA, &id).carrier, CARRIER_WIRE);
	network_run (net);
	assert_string_equal (state_at (net, CLINIC, &id), "requested");
	assert_ok (say (net, CLINIC, &id, "referral.accept"));
	network_run (net);
	assert_string_equal (state_at (net, PESONA, &id), "accepted");
	assert_int_equal (hear (net, &id, "arrival.confirm"), ERR_WRONG_STATE);
	assert_int_equal (move (net, &id), ERR_WRONG_STATE);
}

static void a_new_letter_to_somebody_who_enrolled_goes_to_the_member (void **state)
{
	struct network *net = *state;
	struct agency_id contact = { CONTACT };
	struct person_id person = take_in (net, PESONA, "Dimas", "");
	struct submission submission = request (&person, CONTACT);
	struct outcome outcome;

	know (net, CONTACT, "17.71");
	assert_ok (desk_contact_enrolled (net->office[PESONA].desk, &worker, &contact,
					  &net->office[CLINIC].id, net->problems));
	consent (net, PESONA, &person, "klinik-harapan", "treatment", "health");
	assert_ok (refer_as (net, PESONA, &submission, &outcome));
	network_run (net);
	assert_string_equal (state_at (net, CLINIC, &outcome.thread), "requested");
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		network_test (a_contact_with_mistakes_names_each_of_them),
		network_test (the_nearest_partner_comes_first_and_members_before_contacts),
		network_test (
			who_has_enrolled_is_not_listed_twice_and_who_lacks_the_service_not_at_all),
		network_test (without_consent_nothing_is_printed_either),
		network_test (a_letter_to_a_contact_never_sees_the_wire_and_its_clock_runs),
		network_test (what_was_said_by_phone_moves_the_thread_and_is_told_as_such),
		network_test (a_refusal_by_phone_ends_the_thread),
		network_test (a_report_is_held_to_the_form_and_to_what_can_have_been_heard),
		network_test (a_partner_on_the_wire_answers_itself),
		network_test (a_question_by_phone_is_answered_on_paper),
		network_test (a_withdrawal_asks_a_person_to_tell_and_waits_for_the_word),
		network_test (what_this_agency_does_itself_needs_no_clause_and_waits_for_us),
		network_test (when_the_partner_enrols_the_thread_begins_anew_on_the_wire),
		network_test (a_new_letter_to_somebody_who_enrolled_goes_to_the_member),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
