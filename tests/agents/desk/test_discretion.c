/* What never reaches a training centre, and threads that are about nobody. */
#include "tests/agents/desk/fixture.h"

static bool says (struct network *net, const char *words)
{
	for (size_t i = 0; i < problems_count (net->problems); i++)
		if (strstr (problems_at (net->problems, i)->text_en, words) != NULL)
			return true;
	return false;
}

/* ---- an enrolment ----------------------------------------------------------------- */

static err_t enrol (struct network *net, int office, const struct person_id *person,
		    const char *special_needs, struct outcome *ret_outcome)
{
	struct answer answers[] = {
		code_answer ("aim", "course"),
		text_answer ("skill", "Las listrik"),
		code_answer ("level", "basic"),
		text_answer ("start", "2026-12-01"),
		text_answer ("contact.name", "Bu Ratna"),
		text_answer ("contact.phone", "+6273621234"),
		text_answer ("special-needs", special_needs),
	};
	struct submission submission = { .kind = "training.enrol",
					 .person = *person,
					 .to = net->office[BLK].id,
					 .answers = answers,
					 .answer_count = COUNT_OF (answers) };

	answers[3].type = ANSWER_DATE;
	answers[5].type = ANSWER_PHONE;
	return refer_as (net, office, &submission, ret_outcome);
}

static struct person_id trainee (struct network *net)
{
	struct person_id person = take_in (net, DINSOS, "Dimas Verdana", "");

	consent (net, DINSOS, &person, "blk-bengkulu", "training", "");
	return person;
}

static void a_telling_agency_asks_a_neutral_one (void **state)
{
	struct network *net = *state;
	struct person_id person = take_in (net, PESONA, "Dimas", "");
	struct outcome outcome;

	consent (net, PESONA, &person, "blk-bengkulu", "training", "");
	assert_int_equal (enrol (net, PESONA, &person, "tidak ada", &outcome),
			  ERR_NOT_ALLOWED);
	assert_true (says (net, "jembatan refer --to dinsos-bengkulu --service training"));
}

static void a_telling_word_does_not_leave (void **state)
{
	struct network *net = *state;
	struct person_id person = trainee (net);
	struct outcome outcome;

	assert_int_equal (enrol (net, DINSOS, &person, "baru selesai rehabilitasi", &outcome),
			  ERR_INVALID);
	assert_true (says (net, "special-needs"));
	assert_true (says (net, "rehab*"));
	assert_false (says (net, "baru selesai"));
	assert_ok (enrol (net, DINSOS, &person, "memakai kacamata", &outcome));
}

static void no_clause_promises_what_its_reader_may_never_see (void **state)
{
	struct network *net = *state;
	struct person_id person = take_in (net, DINSOS, "Dimas", "");
	const char *labels[] = { "health" };
	struct clause_wish wishes[] = {
		{ .recipient = "blk-bengkulu", .purpose = "training", .labels = labels, .label_count = 1 },
		{ .recipient_kind = "training", .recipient_region = "17", .purpose = "training",
		  .labels = labels, .label_count = 1 },
	};
	struct outcome outcome;
	struct clause_id id;

	for (size_t i = 0; i < COUNT_OF (wishes); i++) {
		OWNED (problems) problems = problems_new ();

		assert_int_equal (desk_consent_give (net->office[DINSOS].desk, &worker, &person,
						     &wishes[i], 1, &id, problems),
				  ERR_INVALID);
		assert_non_null (strstr (problems_at (problems, 0)->text_en, "health"));
	}
	/* One without labels is given, and the letter goes. */
	consent (net, DINSOS, &person, "blk-bengkulu", "training", "");
	assert_ok (enrol (net, DINSOS, &person, "tidak ada", &outcome));
}

static void the_training_centre_writes_no_telling_word_either (void **state)
{
	struct network *net = *state;
	struct person_id person = trainee (net);
	struct answer answers[] = { text_answer ("start", "2026-12-01"),
				    code_answer ("module", "attached"),
				    text_answer ("bring", "surat dari BNN") };
	struct outcome outcome;

	answers[0].type = ANSWER_DATE;
	assert_ok (enrol (net, DINSOS, &person, "tidak ada", &outcome));
	network_run (net);
	assert_string_equal (state_at (net, BLK, &outcome.thread), "requested");
	assert_int_equal (say_with (net, BLK, &outcome.thread, "training.accept", answers, 3),
			  ERR_INVALID);
	assert_true (says (net, "bring"));
	answers[2].text = "surat pengantar";
	assert_ok (say_with (net, BLK, &outcome.thread, "training.accept", answers, 3));
	network_run (net);
	assert_string_equal (state_at (net, DINSOS, &outcome.thread), "accepted");
}

/* ---- every string of the letter --------------------------------------------------- */

static void tells_nothing (struct network *net, const char *text)
{
	const char *word = text != NULL ? catalogue_telling_word (net->catalogue, text) : NULL;

	if (word != NULL)
		fail_msg ("\"%s\" tells: %s", text, word);
}

static void clause_tells_nothing (struct network *net, struct bytes bytes)
{
	struct clause clause;

	assert_ok (clause_decode (bytes, net->arena, &clause));
	tells_nothing (net, clause.grantor.text);
	tells_nothing (net, clause.recipient.text);
	tells_nothing (net, clause.recipient_kind);
	tells_nothing (net, clause.purpose);
	assert_int_equal (clause.label_count, 0);
}

static void letter_tells_nothing (struct network *net, const struct letter *letter)
{
	const char *const texts[] = { letter->kind,	   letter->from_user,
				      letter->from_role,   letter->to_role,
				      letter->purpose,	   letter->rule.id,
				      letter->rule.article, letter->rule.version,
				      letter->rule.as_of,  letter->checkpoint };

	for (size_t i = 0; i < COUNT_OF (texts); i++)
		tells_nothing (net, texts[i]);
	for (size_t i = 0; i < letter->answer_count; i++) {
		tells_nothing (net, letter->answers[i].field);
		tells_nothing (net, letter->answers[i].text);
		tells_nothing (net, letter->answers[i].system);
		tells_nothing (net, letter->answers[i].display);
		tells_nothing (net, letter->answers[i].unit);
	}
	assert_int_equal (letter->label_count, 0);
	clause_tells_nothing (net, letter->clause.clause);
}

static struct letter open_letter (struct network *net, const struct flight *flight,
				  struct sealed *ret_sealed)
{
	struct header header;
	struct letter letter;

	assert_ok (header_decode (flight->h, &header));
	assert_ok (envelope_open (&header, flight->h, flight->c, &net->office[flight->to].box,
				  1, net->arena, ret_sealed));
	assert_ok (letter_decode (ret_sealed->s, net->arena, &letter));
	return letter;
}

static void nothing_in_the_letter_to_a_training_centre_tells (void **state)
{
	struct network *net = *state;
	struct person_id person = take_in (net, PESONA, "Dimas Verdana", "1771011403990001");
	struct thread of_referral, of_training;
	struct submission referral = { .kind = "referral.request",
				       .person = person,
				       .to = net->office[DINSOS].id,
				       .service = "training" };
	struct answer reason = text_answer ("reason", "Ingin bekerja setelah rehabilitasi");
	struct outcome outcome, training;
	struct flight flights[16];
	struct sealed sealed;
	struct letter letter;

	consent (net, PESONA, &person, "dinsos-bengkulu", "training", "identity");
	referral.answers = &reason;
	referral.answer_count = 1;
	assert_ok (refer_as (net, PESONA, &referral, &outcome));
	network_run (net);
	of_referral = thread_at (net, DINSOS, &outcome.thread);
	consent (net, DINSOS, &of_referral.person, "blk-bengkulu", "training", "");
	assert_ok (enrol (net, DINSOS, &of_referral.person, "tidak ada", &training));
	of_training = thread_at (net, DINSOS, &training.thread);
	assert_false (ID_EQUAL (of_training.chain, of_referral.chain));
	assert_int_equal (network_take (net, DINSOS, flights, COUNT_OF (flights)), 1);
	assert_int_equal (flights[0].to, BLK);
	letter = open_letter (net, &flights[0], &sealed);
	letter_tells_nothing (net, &letter);
	assert_string_equal (letter.purpose, "training");
	assert_string_equal (letter.from_user, "");
	assert_true (ID_IS_NONE (letter.parent));
	assert_true (ID_IS_NONE (letter.in_reply_to));
	assert_null (memmem (sealed.s.data, sealed.s.len, "rehab", 5));
	assert_null (memmem (sealed.s.data, sealed.s.len, "1771011403990001", 16));
}

static void labels_that_we_may_never_see_are_refused_and_not_kept (void **state)
{
	struct network *net = *state;
	struct person_id person = trainee (net);
	static const char *const labels[] = { "health" };
	struct outcome outcome;
	struct flight flights[4], forged;
	struct sealed sealed;
	struct letter letter;
	struct entry *entries;
	size_t count;

	assert_ok (enrol (net, DINSOS, &person, "tidak ada", &outcome));
	assert_int_equal (network_take (net, DINSOS, flights, COUNT_OF (flights)), 1);
	letter = open_letter (net, &flights[0], &sealed);
	letter.labels = labels;
	letter.label_count = 1;
	forged = network_forge (net, DINSOS, BLK, &letter, clock_now_ms () + DAY_MS);
	network_give (net, &forged);
	count = entry_list (net->office[BLK].ledger, NULL, NULL, 0, 100, net->arena, &entries);
	assert_true (count > 0);
	assert_string_equal (entries[count - 1].word, err_name (ERR_INVALID));
	for (size_t i = 0; i < count; i++)
		assert_int_equal (entries[i].body.len, 0);
	assert_int_equal (inbox_count (net, BLK, INBOX_APPLIED), 0);
	network_give (net, &flights[0]);
	assert_string_equal (state_at (net, BLK, &outcome.thread), "requested");
}

static void a_telling_word_that_comes_all_the_same_is_refused_and_not_kept (void **state)
{
	struct network *net = *state;
	struct person_id person = trainee (net);
	struct outcome outcome;
	struct flight flights[4], forged;
	struct sealed sealed;
	struct letter letter;
	struct answer *answers;
	struct entry *entries;
	size_t count;

	assert_ok (enrol (net, DINSOS, &person, "tidak ada", &outcome));
	assert_int_equal (network_take (net, DINSOS, flights, COUNT_OF (flights)), 1);
	letter = open_letter (net, &flights[0], &sealed);
	answers = arena_must (net->arena, letter.answer_count * sizeof *answers);
	memcpy (answers, letter.answers, letter.answer_count * sizeof *answers);
	for (size_t i = 0; i < letter.answer_count; i++)
		if (strcmp (answers[i].field, "contact.name") == 0)
			answers[i].text = "Konselor rehabilitasi";
	letter.answers = answers;
	forged = network_forge (net, DINSOS, BLK, &letter, clock_now_ms () + DAY_MS);
	network_give (net, &forged);
	count = entry_list (net->office[BLK].ledger, NULL, NULL, 0, 100, net->arena, &entries);
	assert_true (count > 0);
	assert_string_equal (entries[count - 1].word, err_name (ERR_INVALID));
	for (size_t i = 0; i < count; i++)
		assert_int_equal (entries[i].body.len, 0);
	assert_int_equal (inbox_count (net, BLK, INBOX_APPLIED), 0);
	network_give (net, &flights[0]);
	assert_string_equal (state_at (net, BLK, &outcome.thread), "requested");
}

/* ---- about nobody, about somebody ------------------------------------------------- */

static err_t ask_capacity (struct network *net, const struct person_id *person,
			   struct outcome *ret_outcome)
{
	struct answer answers[16];
	struct submission submission = { .kind = "capacity.query",
					 .to = net->office[CLINIC].id,
					 .service = "medical",
					 .answers = answers };

	submission.answer_count = plausible (net, "capacity.query", answers);
	for (size_t i = 0; i < submission.answer_count; i++)
		if (strcmp (answers[i].field, "area") == 0)
			answers[i].text = "17.71";
	if (person != NULL)
		submission.person = *person;
	return refer_as (net, PESONA, &submission, ret_outcome);
}

static void a_question_about_places_names_nobody (void **state)
{
	struct network *net = *state;
	struct person_id person = take_in (net, PESONA, "Dimas", "");
	struct outcome outcome;
	struct thread thread;

	assert_int_equal (ask_capacity (net, &person, &outcome), ERR_INVALID);
	assert_true (says (net, "nobody"));
	assert_ok (ask_capacity (net, NULL, &outcome));
	network_run (net);
	thread = thread_at (net, CLINIC, &outcome.thread);
	assert_true (ID_IS_NONE (thread.person));
	assert_true (ID_IS_NONE (thread.chain));
	assert_ok (say (net, CLINIC, &outcome.thread, "capacity.reply"));
	network_run (net);
	assert_true (ID_IS_NONE (thread_at (net, PESONA, &outcome.thread).person));
	assert_int_equal (inbox_count (net, PESONA, INBOX_HELD), 0);
}

static void a_letter_about_a_person_names_one (void **state)
{
	struct network *net = *state;
	struct person_id nobody_named = { { 0 } };
	struct outcome outcome;

	assert_int_equal (refer (net, PESONA, &nobody_named, CLINIC, &outcome), ERR_INVALID);
	assert_true (says (net, "name the client"));
}

static void an_order_rests_on_one_clause_both_ways (void **state)
{
	struct network *net = *state;
	struct thread_id referral = open_referral (net);
	struct thread about = thread_at (net, PESONA, &referral), thread;
	struct answer answers[] = { code_answer ("occasion", "baseline"),
				    code_answer ("panel", "65750-2") };
	struct answer result[] = { code_answer ("occasion", "baseline"),
				   instant_answer ("collected-at", clock_now_ms ()),
				   code_answer ("analyte[1].code", "19554-5"),
				   code_answer ("analyte[1].value", "NEG"),
				   code_answer ("analyte[1].method", "screen") };
	struct submission order = { .kind = "lab.order",
				    .to = net->office[CLINIC].id,
				    .about = referral,
				    .answers = answers,
				    .answer_count = COUNT_OF (answers) };
	struct outcome outcome;

	assert_ok (refer_as (net, PESONA, &order, &outcome));
	network_run (net);
	thread = thread_at (net, PESONA, &outcome.thread);
	assert_true (ID_EQUAL (thread.person, about.person));
	assert_true (ID_EQUAL (thread.about, referral));
	assert_true (ID_IS_NONE (thread_at (net, CLINIC, &outcome.thread).about));
	assert_ok (say_with (net, CLINIC, &outcome.thread, "lab.result", result,
			     COUNT_OF (result)));
	network_run (net);
	assert_string_equal (state_at (net, PESONA, &outcome.thread), "reported");
	assert_int_equal (inbox_count (net, PESONA, INBOX_HELD), 0);
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		network_test (a_telling_agency_asks_a_neutral_one),
		network_test (a_telling_word_does_not_leave),
		network_test (no_clause_promises_what_its_reader_may_never_see),
		network_test (the_training_centre_writes_no_telling_word_either),
		network_test (nothing_in_the_letter_to_a_training_centre_tells),
		network_test (labels_that_we_may_never_see_are_refused_and_not_kept),
		network_test (a_telling_word_that_comes_all_the_same_is_refused_and_not_kept),
		network_test (a_question_about_places_names_nobody),
		network_test (a_letter_about_a_person_names_one),
		network_test (an_order_rests_on_one_clause_both_ways),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
