/* Writes that may be asked for twice: what is kept of them, in which transaction, for how long. */
#include "tests/agents/ledger/office.h"

#include "agents/ledger/entry.h"
#include "agents/ledger/repeat.h"

#define ANSWER "{\"number\": \"K-2026-0001\"}"
#define NOW_MS (100 * DAY_MS)

static struct repeat repeat (struct office *office, const char *caller, const char *key, uint8_t request)
{
	struct hash hash = { { request } };

	return repeat_of (office->ledger, caller, key, &hash);
}

static enum repeat_found find_at (struct office *office, const struct repeat *wanted, int64_t now_ms,
				  int *ret_status, struct bytes *ret_answer)
{
	*ret_status = 0;
	*ret_answer = BYTES_NONE;
	return repeat_find (office->ledger, wanted, now_ms, office->arena, ret_status, ret_answer);
}

static enum repeat_found find (struct office *office, const struct repeat *wanted)
{
	struct bytes answer;
	int status;

	return find_at (office, wanted, NOW_MS, &status, &answer);
}

static void add (tx_t *tx)
{
	struct entry entry = { .type = ENTRY_SYSTEM, .at_ms = 1, .kind = "", .state_from = "",
			       .state_to = "", .word = "", .user = "" };

	entry_add (tx, &entry);
}

static void write_something (struct office *office)
{
	OWNED (tx) tx = ledger_begin (office->ledger);

	add (tx);
	assert_ok (tx_commit (tx));
}

static void do_it (struct office *office, const struct repeat *wanted, int64_t at_ms)
{
	repeat_begin (office->ledger, wanted, at_ms);
	write_something (office);
	assert_ok (repeat_end (office->ledger, true, 201, bytes_of_text (ANSWER)));
}

static void what_was_answered_is_answered_again_also_after_a_restart (void **state)
{
	struct office *office = *state;
	struct repeat first = repeat (office, "account:1", "k-1", 1);
	struct bytes answer;
	int status;

	assert_int_equal (find (office, &first), REPEAT_NEW);
	do_it (office, &first, NOW_MS);
	office_reopen (office);
	assert_int_equal (find_at (office, &first, NOW_MS, &status, &answer), REPEAT_DONE);
	assert_int_equal (status, 201);
	assert_true (bytes_equal (answer, bytes_of_text (ANSWER)));
}

static void another_request_caller_or_key_is_told_apart (void **state)
{
	struct office *office = *state;
	struct repeat first = repeat (office, "account:1", "k-1", 1);
	struct repeat other_request = repeat (office, "account:1", "k-1", 2);
	struct repeat other_caller = repeat (office, "account:2", "k-1", 1);
	struct repeat other_key = repeat (office, "account:1", "k-2", 1);

	do_it (office, &first, NOW_MS);
	assert_int_equal (find (office, &other_request), REPEAT_OTHER);
	assert_int_equal (find (office, &other_caller), REPEAT_NEW);
	assert_int_equal (find (office, &other_key), REPEAT_NEW);
}

static void the_mark_is_committed_with_what_was_done (void **state)
{
	struct office *office = *state;
	struct repeat first = repeat (office, "account:1", "k-1", 1);

	repeat_begin (office->ledger, &first, NOW_MS);
	write_something (office);
	office_reopen (office);      /* the process died before it answered */
	assert_int_equal (find (office, &first), REPEAT_LOST);
}

static void what_was_rolled_back_leaves_no_mark (void **state)
{
	struct office *office = *state;
	struct repeat first = repeat (office, "account:1", "k-1", 1);

	repeat_begin (office->ledger, &first, NOW_MS);
	{
		OWNED (tx) tx = ledger_begin (office->ledger);

		add (tx);
	}
	assert_ok (repeat_end (office->ledger, false, 422, bytes_of_text ("{}")));
	assert_int_equal (find (office, &first), REPEAT_NEW);
	write_something (office);    /* nobody's: the one before has ended */
	assert_int_equal (find (office, &first), REPEAT_NEW);
}

static void an_error_after_something_was_done_is_kept (void **state)
{
	struct office *office = *state;
	struct repeat first = repeat (office, "account:1", "k-1", 1);
	struct bytes answer;
	int status;

	repeat_begin (office->ledger, &first, NOW_MS);
	write_something (office);
	assert_ok (repeat_end (office->ledger, false, 409, bytes_of_text ("{}")));
	assert_int_equal (find_at (office, &first, NOW_MS, &status, &answer), REPEAT_DONE);
	assert_int_equal (status, 409);
}

static void an_answer_that_may_not_be_kept_leaves_nothing (void **state)
{
	struct office *office = *state;
	struct repeat first = repeat (office, "account:1", "k-1", 1);

	repeat_begin (office->ledger, &first, NOW_MS);
	write_something (office);
	assert_ok (repeat_end (office->ledger, false, 200, BYTES_NONE));
	assert_int_equal (find (office, &first), REPEAT_NEW);
}

static void a_day_later_it_is_forgotten (void **state)
{
	struct office *office = *state;
	struct repeat first = repeat (office, "account:1", "k-1", 1);
	struct bytes answer;
	int status;

	do_it (office, &first, NOW_MS);
	assert_int_equal (find_at (office, &first, NOW_MS + DAY_MS - 1, &status, &answer), REPEAT_DONE);
	assert_int_equal (find_at (office, &first, NOW_MS + DAY_MS, &status, &answer), REPEAT_NEW);
	assert_ok (repeat_tick (office->ledger, NOW_MS + DAY_MS));
	assert_int_equal (NUMBER (office->ledger->sql, -1, "SELECT count (*) FROM repeat"), 0);
}

static void one_caller_has_so_many_and_the_oldest_goes (void **state)
{
	struct office *office = *state;
	struct repeat other = repeat (office, "account:2", "k", 1);
	struct repeat first = repeat (office, "account:1", "0", 1), each;
	char key[16];

	do_it (office, &other, NOW_MS - 10);
	for (unsigned i = 0; i <= REPEAT_CALLER; i++) {
		snprintf (key, sizeof key, "%u", i);
		each = repeat (office, "account:1", key, 1);
		do_it (office, &each, NOW_MS - 5 + (i > 0));
	}
	assert_int_equal (find (office, &first), REPEAT_NEW);
	assert_int_equal (find (office, &each), REPEAT_DONE);
	assert_int_equal (find (office, &other), REPEAT_DONE);
	assert_int_equal (NUMBER (office->ledger->sql, -1, "SELECT count (*) FROM repeat"),
			  REPEAT_CALLER + 1);
}

static void an_erasure_takes_the_answers_and_leaves_the_marks (void **state)
{
	struct office *office = *state;
	struct person_id person = add_person (office, "Dewi", "1771010101010001");
	struct repeat first = repeat (office, "account:1", "k-1", 1);

	do_it (office, &first, NOW_MS);
	{
		OWNED (tx) tx = ledger_begin (office->ledger);

		person_erase (tx, &person);
		assert_ok (tx_commit (tx));
	}
	assert_int_equal (find (office, &first), REPEAT_LOST);
	assert_int_equal (NUMBER (office->ledger->sql, -1, "SELECT sum (length (sealed)) FROM repeat"), 0);
}

int main (void)
{
#define T(name) cmocka_unit_test_setup_teardown (name, office_setup, office_teardown)
	const struct CMUnitTest tests[] = {
		T (what_was_answered_is_answered_again_also_after_a_restart),
		T (another_request_caller_or_key_is_told_apart),
		T (the_mark_is_committed_with_what_was_done),
		T (what_was_rolled_back_leaves_no_mark),
		T (an_error_after_something_was_done_is_kept),
		T (an_answer_that_may_not_be_kept_leaves_nothing),
		T (a_day_later_it_is_forgotten),
		T (one_caller_has_so_many_and_the_oldest_goes),
		T (an_erasure_takes_the_answers_and_leaves_the_marks),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
