/* Trouble with the hub's log, as the ledger keeps it. */
#include "tests/agents/ledger/office.h"

#include "agents/ledger/deadline.h"
#include "agents/ledger/trouble.h"

static struct trouble told_by (const char *reporter, const char *shown)
{
	struct trouble trouble = { .what = LOG_IS_SPLIT, .state = TROUBLE_UNJUDGED,
				   .origin = "uji/hub/1", .size = 9, .other_size = 12,
				   .checkpoint = "satu", .other = "dua", .at_ms = 5, .alarm = "" };

	snprintf (trouble.reporter.text, sizeof trouble.reporter.text, "%s", reporter);
	snprintf (trouble.shown.text, sizeof trouble.shown.text, "%s", shown);
	trouble.partner = trouble.reporter;
	return trouble;
}

static bool add (struct office *office, struct trouble *trouble)
{
	OWNED (tx) tx = ledger_begin (office->ledger);
	bool added = trouble_add (tx, trouble);

	assert_ok (tx_commit (tx));
	return added;
}

static void judge (struct office *office, uint64_t n, enum trouble_state state, const char *alarm)
{
	OWNED (tx) tx = ledger_begin (office->ledger);

	trouble_judged (tx, n, state, alarm);
	assert_ok (tx_commit (tx));
}

static void the_same_is_kept_once_until_it_turned_out_doubtful (void **state)
{
	struct office *office = *state;
	struct trouble first = told_by ("klinik", ""), again = told_by ("klinik", "");
	struct trouble other_shown = told_by ("klinik", "rs"), other = told_by ("rs", ""), shrunk = first;

	shrunk.what = LOG_IS_SHRUNK;
	assert_true (add (office, &first));
	assert_false (add (office, &again));
	assert_true (add (office, &other_shown) && add (office, &other) && add (office, &shrunk));
	judge (office, first.n, TROUBLE_HOLDS, "log-told");
	assert_false (add (office, &again));
	judge (office, first.n, TROUBLE_DOUBTFUL, "log-doubtful");
	assert_true (add (office, &again));
}

static void the_oldest_is_judged_first_and_all_of_it_is_kept (void **state)
{
	struct office *office = *state;
	struct trouble one = told_by ("klinik", "rs"), two = told_by ("rs", ""), read;

	assert_int_equal (trouble_unjudged (office->ledger, office->arena, &read), ERR_NOT_FOUND);
	assert_true (add (office, &one) && add (office, &two));
	office_reopen (office);
	assert_ok (trouble_unjudged (office->ledger, office->arena, &read));
	assert_int_equal (read.n, one.n);
	assert_int_equal (read.what, LOG_IS_SPLIT);
	assert_string_equal (read.origin, "uji/hub/1");
	assert_int_equal (read.size, 9);
	assert_int_equal (read.other_size, 12);
	assert_string_equal (read.checkpoint, "satu");
	assert_string_equal (read.other, "dua");
	assert_string_equal (read.shown.text, "rs");
	assert_string_equal (read.reporter.text, "klinik");
	assert_int_equal (read.at_ms, 5);
	judge (office, one.n, TROUBLE_HOLDS, "log-told");
	assert_ok (trouble_unjudged (office->ledger, office->arena, &read));
	assert_int_equal (read.n, two.n);
	assert_false (trouble_found_here (office->ledger, LOG_IS_SPLIT, "uji/hub/1"));
	two = told_by ("", "");
	assert_true (add (office, &two));
	assert_true (trouble_found_here (office->ledger, LOG_IS_SPLIT, "uji/hub/1"));
	assert_false (trouble_found_here (office->ledger, LOG_IS_SHRUNK, "uji/hub/1"));
}

static void it_rings_as_long_as_its_alarm_is_open (void **state)
{
	struct office *office = *state;
	struct trouble one = told_by ("klinik", ""), two = told_by ("rs", ""), *list, read;
	struct alarm *alarms;
	OWNED (tx) tx = NULL;

	assert_true (add (office, &one) && add (office, &two));
	judge (office, one.n, TROUBLE_HOLDS, "log-told");
	judge (office, two.n, TROUBLE_HOLDS, "log-told");
	assert_int_equal (trouble_ringing (office->ledger, 9, office->arena, &list), 0);
	tx = ledger_begin (office->ledger);
	assert_true (alarm_raise (tx, "log-told", NULL, &one.partner, 5));
	assert_true (alarm_raise (tx, "log-told", NULL, &two.partner, 6));
	assert_ok (tx_commit (tx));
	assert_int_equal (trouble_ringing (office->ledger, 9, office->arena, &list), 2);
	assert_int_equal (list[0].n, two.n);
	assert_int_equal (alarm_list (office->ledger, 0, 9, office->arena, &alarms), 2);
	tx_destroy (&tx);
	tx = ledger_begin (office->ledger);
	assert_ok (alarm_close (tx, alarms[0].n));
	assert_ok (tx_commit (tx));
	assert_int_equal (trouble_ringing (office->ledger, 9, office->arena, &list), 1);
	assert_int_equal (list[0].n, one.n);
	assert_ok (trouble_of_alarm (office->ledger, "log-told", &one.partner, office->arena, &read));
	assert_int_equal (read.n, one.n);
	assert_int_equal (trouble_of_alarm (office->ledger, "log-split", &one.partner, office->arena, &read),
			  ERR_NOT_FOUND);
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		office_test (the_same_is_kept_once_until_it_turned_out_doubtful),
		office_test (the_oldest_is_judged_first_and_all_of_it_is_kept),
		office_test (it_rings_as_long_as_its_alarm_is_open),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
