/* A ledger that goes back in time, and what its partners give back to it. */
#include "tests/agents/desk/fixture.h"

#include "agents/ledger/deadline.h"
#include "agents/ledger/entry.h"
#include "tests/support/clock.h"

/* Every desk looks around, and what it writes arrives, until nothing is left to give. */
static void let_them_talk (struct network *net)
{
	for (int round = 0; round < 4; round++) {
		for (int i = 0; i < OFFICE_COUNT; i++)
			tick (net, i);
		network_run (net);
	}
}

static struct deadline clock_at (struct network *net, int office, const struct thread_id *thread,
				 const char *what)
{
	struct deadline deadline;

	assert_ok (deadline_get (net->office[office].ledger, thread, what, &deadline));
	return deadline;
}

/* ---- late, and in time, as it was first -------------------------------------------------------- */

/* A request that the hub brought a month after its expiry, because it had stopped. */
static struct thread_id late_request (struct network *net)
{
	struct person_id person = take_in (net, PESONA, "Dimas Verdana", "1771011403990001");
	struct outcome outcome;
	struct flight flight;

	consent (net, PESONA, &person, "klinik-harapan", "treatment", "health,identity");
	assert_ok (refer (net, PESONA, &person, CLINIC, &outcome));
	assert_int_equal (network_take (net, PESONA, &flight, 1), 1);
	clock_turn (LETTER_EXPIRY_DEFAULT_MS + 2 * DAY_MS);
	network_give (net, &flight);
	network_run (net);
	return outcome.thread;
}

static void what_came_too_late_first_is_late_when_it_is_given_back (void **state)
{
	struct network *net = *state;
	struct thread_id id;
	struct thread thread;

	network_keep (net, CLINIC);
	id = late_request (net);
	assert_int_equal (inbox_count (net, CLINIC, INBOX_LATE), 1);
	network_put_back (net, CLINIC);
	assert_int_equal (inbox_count (net, CLINIC, INBOX_LATE), 0);
	let_them_talk (net);
	assert_int_equal (inbox_count (net, CLINIC, INBOX_LATE), 1);
	assert_int_equal (thread_get (net->office[CLINIC].ledger, &id, net->arena, &thread),
			  ERR_NOT_FOUND);
	clock_turn (-LETTER_EXPIRY_DEFAULT_MS - 2 * DAY_MS);
}

static void what_came_in_time_first_is_in_time_however_late_it_is_given_back (void **state)
{
	struct network *net = *state;
	struct thread_id id;
	int64_t opened_ms;

	network_keep (net, CLINIC);
	id = open_referral (net);
	opened_ms = thread_at (net, CLINIC, &id).opened_ms;
	clock_turn (LETTER_EXPIRY_DEFAULT_MS + 2 * DAY_MS);
	network_put_back (net, CLINIC);
	let_them_talk (net);
	assert_int_equal (inbox_count (net, CLINIC, INBOX_LATE), 0);
	assert_int_equal (thread_at (net, CLINIC, &id).opened_ms, opened_ms);
	clock_turn (-LETTER_EXPIRY_DEFAULT_MS - 2 * DAY_MS);
}

static void our_own_letter_that_was_late_there_is_told_of_again (void **state)
{
	struct network *net = *state;

	network_keep (net, PESONA);
	late_request (net);
	network_put_back (net, PESONA);
	assert_false (alarm_at (net, PESONA, "late-there"));
	let_them_talk (net);
	assert_true (alarm_at (net, PESONA, "late-there"));
	clock_turn (-LETTER_EXPIRY_DEFAULT_MS - 2 * DAY_MS);
}

/* The question stopped the clock for two days; given back at one stroke it stopped it for as long. */
static void a_clock_that_stood_still_has_stood_still_as_long (void **state)
{
	struct network *net = *state;
	struct thread_id id;
	struct deadline before, after;

	id = open_referral (net);
	network_keep (net, PESONA);
	assert_ok (say (net, CLINIC, &id, "referral.info.request"));
	network_run (net);
	clock_turn (2 * DAY_MS);
	assert_ok (say (net, PESONA, &id, "referral.info.reply"));
	network_run (net);
	before = clock_at (net, PESONA, &id, "decision");
	clock_turn (HOUR_MS);
	network_put_back (net, PESONA);
	let_them_talk (net);
	after = clock_at (net, PESONA, &id, "decision");
	assert_int_equal (after.paused_ms, before.paused_ms);
	assert_in_range (after.due_ms, before.due_ms - MINUTE_MS, before.due_ms + MINUTE_MS);
	clock_turn (-2 * DAY_MS - HOUR_MS);
}

/* ---- a giver that says when, or does not -------------------------------------------------------- */

/* The request as the clinic would have to give it back, from its own evidence at the requester. */
static struct letter again_of (struct network *net, const struct thread_id *id, int64_t stored_ms)
{
	struct thread thread = thread_at (net, PESONA, id);
	struct letter letter = { .kind = "letter.again", .kind_version = 1,
				 .from_user = "", .from_role = "", .to_role = "", .purpose = "",
				 .rule = { "", "", "", "" }, .checkpoint = "",
				 .basis = BASIS_NO_DATA, .created_ms = clock_now_ms (),
				 .body = BODY_LETTER_AGAIN };
	struct sealed sealed;

	assert_ok (outbox_evidence (net->office[PESONA].ledger, &thread.request, net->arena,
				    &sealed));
	letter.again.h = sealed.h;
	letter.again.s = sealed.s;
	letter.again.sig = sealed.sig;
	letter.again.stored_ms = stored_ms;
	return letter;
}

static void give_by_hand (struct network *net, const struct letter *letter)
{
	struct flight flight = network_forge (net, PESONA, CLINIC, letter,
					      clock_now_ms () + LETTER_EXPIRY_DEFAULT_MS);

	network_give (net, &flight);
	network_run (net);
}

static void without_a_word_of_when_it_is_not_late (void **state)
{
	struct network *net = *state;
	struct thread_id id;
	struct letter again;

	network_keep (net, CLINIC);
	id = late_request (net);
	network_put_back (net, CLINIC);
	again = again_of (net, &id, 0);
	give_by_hand (net, &again);
	assert_int_equal (inbox_count (net, CLINIC, INBOX_LATE), 0);
	assert_string_equal (state_at (net, CLINIC, &id), "requested");
	clock_turn (-LETTER_EXPIRY_DEFAULT_MS - 2 * DAY_MS);
}

static void that_it_was_stored_tomorrow_is_nobodys_word (void **state)
{
	struct network *net = *state;
	struct thread_id id;
	struct letter again;

	network_keep (net, CLINIC);
	id = open_referral (net);
	network_put_back (net, CLINIC);
	again = again_of (net, &id, clock_now_ms () + 1000 * DAY_MS);
	give_by_hand (net, &again);
	assert_in_range (thread_at (net, CLINIC, &id).opened_ms, clock_now_ms () - MINUTE_MS,
			 clock_now_ms ());
}

/* ---- a partner that means no good ---------------------------------------------------------------- */

/* `said` comes to the clinic from the training centre, which never wrote to it; why it was refused. */
static const char *hear_from_stranger (struct network *net, const struct letter *said)
{
	struct flight flight = network_forge (net, BLK, CLINIC, said, clock_now_ms () + DAY_MS);
	struct entry *entries;
	size_t count, before = entries_at (net, CLINIC);
	const char *refusal = "";

	network_give (net, &flight);
	count = entry_list (net->office[CLINIC].ledger, NULL, NULL, before, 100, net->arena, &entries);
	for (size_t i = 0; i < count; i++)
		if (entries[i].type == ENTRY_QUARANTINE)
			refusal = entries[i].word;
	return refusal;
}

/* It is between two others, rightly signed: a stranger can give it to nobody. */
static void nobody_gives_back_letters_of_others (void **state)
{
	struct network *net = *state;
	struct thread_id id = open_referral (net);
	struct letter again = again_of (net, &id, 1);

	assert_string_equal (hear_from_stranger (net, &again), "NOT_ALLOWED");
	assert_true (alarm_at (net, CLINIC, "signer-doubtful"));
	assert_string_equal (state_at (net, CLINIC, &id), "requested");
}

static struct letter resume_of (struct store_id store)
{
	struct letter letter = { .kind = "ledger.resume", .kind_version = 1,
				 .from_user = "", .from_role = "", .to_role = "", .purpose = "",
				 .rule = { "", "", "", "" }, .checkpoint = "",
				 .basis = BASIS_NO_DATA, .created_ms = clock_now_ms (),
				 .body = BODY_LEDGER_RESUME };

	letter.resume.store_id = letter.pair.store_id = store;
	letter.pair.n = 1;
	return letter;
}

/* All that was between the clinic and its partner stays between them. */
static void whoever_says_that_it_was_restored_gets_nothing_of_others (void **state)
{
	struct network *net = *state;
	struct letter resume = resume_of ((struct store_id){ { 9 } });
	struct flight flights[16];
	size_t count;

	open_referral (net);
	assert_string_equal (hear_from_stranger (net, &resume), "");
	tick (net, CLINIC);
	count = network_take (net, CLINIC, flights, COUNT_OF (flights));
	for (size_t i = 0; i < count; i++)
		assert_true (flights[i].to == BLK || flights[i].to == COORDINATOR);
	for (size_t i = 0; i < count; i++)
		network_give (net, &flights[i]);
	assert_int_equal (inbox_count (net, BLK, INBOX_APPLIED), 2);   /* its receipt; that this was all */
}

/* Numbers of a series that nobody ever counted: they hold back nothing and cost one row. */
static void absurd_numbers_hide_only_what_the_asker_named (void **state)
{
	struct network *net = *state;
	struct held held = { { { 7 } }, CLASS_ROUTINE, INT64_MAX };
	struct letter resume = resume_of ((struct store_id){ { 9 } });
	struct flight flight;

	open_referral (net);
	resume.resume.held = &held;
	resume.resume.held_count = 1;
	resume.pair.n = UINT64_MAX >> 1;
	flight = network_forge (net, PESONA, CLINIC, &resume, clock_now_ms () + DAY_MS);
	network_give (net, &flight);
	tick (net, CLINIC);
	network_run (net);
	assert_int_equal (inbox_count (net, PESONA, INBOX_HELD), 0);
	assert_false (alarm_at (net, PESONA, "signer-doubtful"));
	clock_turn (25 * HOUR_MS);
	tick (net, CLINIC);
	assert_false (alarm_at (net, CLINIC, "not-applied"));
	clock_turn (-25 * HOUR_MS);
}

/* The same question a hundred times, under ever new names of stores: one answer in ten minutes. */
static void a_flood_of_questions_is_answered_at_leisure (void **state)
{
	struct network *net = *state;
	struct flight flights[64];
	unsigned given = 0;

	open_referral (net);
	for (uint8_t i = 1; i <= 100; i++) {
		struct letter resume = resume_of ((struct store_id){ { i } });
		struct flight flight = network_forge (net, PESONA, CLINIC, &resume,
						      clock_now_ms () + DAY_MS);
		size_t count;

		network_give (net, &flight);
		tick (net, CLINIC);
		count = network_take (net, CLINIC, flights, COUNT_OF (flights));
		for (size_t k = 0; k < count; k++)
			given += strcmp (flights[k].kind, "letter.again") == 0;
	}
	assert_in_range (given, 1, 2);       /* the request, and that it was all */
}

/* Whoever kept a question for five weeks and plays it again finds it a duplicate. */
static void a_question_played_again_much_later_is_a_duplicate (void **state)
{
	struct network *net = *state;
	struct letter resume = resume_of ((struct store_id){ { 9 } });
	struct flight flight = network_forge (net, PESONA, CLINIC, &resume,
					      clock_now_ms () + 100 * DAY_MS);
	struct flight flights[64];
	size_t count;

	network_give (net, &flight);
	tick (net, CLINIC);
	network_run (net);
	clock_turn (35 * DAY_MS);
	network_give (net, &flight);
	tick (net, CLINIC);
	count = network_take (net, CLINIC, flights, COUNT_OF (flights));
	for (size_t i = 0; i < count; i++)
		assert_string_not_equal (flights[i].kind, "letter.again");
	clock_turn (-35 * DAY_MS);
}

/* ---- an old copy that nobody told of, before a hub that knows no better ---------------------------- */

static void what_a_partner_has_and_we_have_not_shows_that_this_ledger_is_old (void **state)
{
	struct network *net = *state;
	struct thread_id id;

	network_keep (net, PESONA);
	id = open_referral (net);
	network_copy_back (net, PESONA);
	assert_false (alarm_at (net, PESONA, "ledger-behind"));
	assert_ok (say (net, CLINIC, &id, "referral.accept"));
	network_run (net);
	assert_true (alarm_at (net, PESONA, "ledger-behind"));
	assert_false (alarm_at (net, CLINIC, "ledger-behind"));
	network_restore_here (net, PESONA);
	assert_false (alarm_at (net, PESONA, "ledger-behind"));
	let_them_talk (net);
	assert_string_equal (state_at (net, PESONA, &id), "accepted");
	assert_false (alarm_at (net, PESONA, "ledger-behind"));
}

/* One letter is forgotten, and `count` are written under its number and the next before the partner
 * says anything. */
static void write_over_the_past (struct network *net, unsigned count)
{
	struct thread_id id = open_referral (net);

	assert_ok (say (net, CLINIC, &id, "referral.accept"));
	network_run (net);
	network_keep (net, CLINIC);
	assert_ok (say (net, CLINIC, &id, "arrival.confirm"));
	network_run (net);
	network_copy_back (net, CLINIC);
	assert_ok (say (net, CLINIC, &id, "arrival.confirm"));
	if (count > 1)
		assert_ok (say (net, CLINIC, &id, "service.start"));
	network_run (net);
	assert_true (alarm_at (net, CLINIC, "ledger-behind"));
	assert_false (alarm_at (net, PESONA, "ledger-behind"));
}

static void one_number_used_twice_shows_with_its_receipt (void **state)
{
	write_over_the_past (*state, 1);
}

static void numbers_that_overtook_those_from_before_show_as_well (void **state)
{
	write_over_the_past (*state, 2);
}

/* ---- what waits for more that is given back ---------------------------------------------------------- */

static struct letter last_again_of (struct network *net, const struct thread_id *id, int64_t stored_ms)
{
	struct letter letter = again_of (net, id, stored_ms);
	struct outbox_row *rows;
	size_t count = outbox_by_thread (net->office[PESONA].ledger, id, net->arena, &rows);
	struct sealed sealed;

	assert_true (count > 1);
	assert_ok (outbox_evidence (net->office[PESONA].ledger, &rows[count - 1].id, net->arena,
				    &sealed));
	letter.again.h = sealed.h;
	letter.again.s = sealed.s;
	letter.again.sig = sealed.sig;
	return letter;
}

/* It came two days ago; what it speaks of is given back a moment later, or not at all. */
static void what_is_given_back_before_its_request_is_no_orphan_yet (void **state)
{
	struct network *net = *state;
	int64_t stored_ms = clock_now_ms () - 2 * DAY_MS;
	struct thread_id id;
	struct letter again;

	network_keep (net, CLINIC);
	id = open_referral (net);
	assert_ok (say (net, PESONA, &id, "referral.cancel"));
	network_run (net);
	network_put_back (net, CLINIC);
	again = last_again_of (net, &id, stored_ms);
	give_by_hand (net, &again);
	assert_int_equal (inbox_count (net, CLINIC, INBOX_ORPHAN), 1);
	tick (net, CLINIC);
	assert_false (alarm_at (net, CLINIC, "orphan"));
	clock_turn (25 * HOUR_MS);
	tick (net, CLINIC);
	assert_true (alarm_at (net, CLINIC, "orphan"));
	again = again_of (net, &id, stored_ms);
	give_by_hand (net, &again);
	assert_false (alarm_at (net, CLINIC, "orphan"));
	clock_turn (-25 * HOUR_MS);
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		network_test (what_came_too_late_first_is_late_when_it_is_given_back),
		network_test (what_came_in_time_first_is_in_time_however_late_it_is_given_back),
		network_test (our_own_letter_that_was_late_there_is_told_of_again),
		network_test (a_clock_that_stood_still_has_stood_still_as_long),
		network_test (without_a_word_of_when_it_is_not_late),
		network_test (that_it_was_stored_tomorrow_is_nobodys_word),
		network_test (nobody_gives_back_letters_of_others),
		network_test (whoever_says_that_it_was_restored_gets_nothing_of_others),
		network_test (absurd_numbers_hide_only_what_the_asker_named),
		network_test (a_flood_of_questions_is_answered_at_leisure),
		network_test (a_question_played_again_much_later_is_a_duplicate),
		network_test (what_a_partner_has_and_we_have_not_shows_that_this_ledger_is_old),
		network_test (one_number_used_twice_shows_with_its_receipt),
		network_test (numbers_that_overtook_those_from_before_show_as_well),
		network_test (what_is_given_back_before_its_request_is_no_orphan_yet),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
