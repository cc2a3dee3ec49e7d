/* The courier: order, credit, NAK and what comes again. */
#include "tests/support/unit.h"

#include <string.h>

#include "hub/courier.h"

#define NOW 1000000

static struct account *account_with (accounts_t *accounts, uint64_t stat, uint64_t urgent,
				     uint64_t routine)
{
	struct agency_id id;
	struct account *account;

	assert_int_equal (agency_id_parse ("klinik-melati", &id), ERR_OK);
	account = accounts_open (accounts, &id);
	account->now.lane[CLASS_STAT].last = stat;
	account->now.lane[CLASS_URGENT].last = urgent;
	account->now.lane[CLASS_ROUTINE].last = routine;
	return account;
}

static void give (struct courier *courier, uint32_t letters, uint64_t bytes)
{
	courier_credit (courier, (struct credit){ letters, bytes });
}

static uint32_t send (struct courier *courier, struct account *account, enum letter_class class,
		      uint32_t size)
{
	struct item item = { .class = class, .size = size };

	return courier_sent (courier, account, &item);
}

/* STORED as the hub handles it: judged, then cleared. */
static err_t stored (struct courier *courier, struct account *account, enum letter_class class,
		     uint64_t up_to, uint64_t *ret_number)
{
	err_t err = courier_stored (courier, account, class, up_to, ret_number);

	if (err == ERR_OK)
		courier_clear (courier, class, *ret_number);
	return err;
}

static void without_credit_nothing_goes (void **state)
{
	OWNED (accounts) accounts = accounts_new ();
	struct account *account = account_with (accounts, 1, 0, 0);
	struct courier courier;

	courier_open (&courier, account);
	assert_int_equal (courier_next (&courier, account, NOW), 0);
	give (&courier, 1, 1);
	assert_int_equal (courier_next (&courier, account, NOW), CLASS_STAT);
	courier_close (&courier);
}

static void the_highest_class_goes_first_even_when_it_comes_last (void **state)
{
	OWNED (accounts) accounts = accounts_new ();
	struct account *account = account_with (accounts, 0, 2, 2);
	struct courier courier;

	courier_open (&courier, account);
	give (&courier, 10, MIB);
	assert_int_equal (courier_next (&courier, account, NOW), CLASS_URGENT);
	send (&courier, account, CLASS_URGENT, 100);
	account->now.lane[CLASS_STAT].last = 1;
	assert_int_equal (courier_next (&courier, account, NOW), CLASS_STAT);
	send (&courier, account, CLASS_STAT, 100);
	assert_int_equal (courier_next (&courier, account, NOW), CLASS_URGENT);
	send (&courier, account, CLASS_URGENT, 100);
	assert_int_equal (courier_next (&courier, account, NOW), CLASS_ROUTINE);
	courier_close (&courier);
}

static void letters_on_the_way_never_pass_the_window (void **state)
{
	OWNED (accounts) accounts = accounts_new ();
	struct account *account = account_with (accounts, 0, 0, 5000);
	struct courier courier;
	uint64_t number;
	unsigned sent = 0;

	courier_open (&courier, account);
	give (&courier, 3, MIB);
	while (courier_next (&courier, account, NOW) != 0) {
		send (&courier, account, CLASS_ROUTINE, 10);
		sent++;
	}
	assert_int_equal (sent, 3);
	assert_int_equal (stored (&courier, account, CLASS_ROUTINE, 2, &number), ERR_OK);
	assert_int_equal (courier.letters, 1);
	give (&courier, 1000000, MIB);
	while (courier_next (&courier, account, NOW) != 0)
		send (&courier, account, CLASS_ROUTINE, 10);
	assert_int_equal (courier.letters, HUB_CREDIT_LETTERS_MAX);
	courier_close (&courier);
}

static void bytes_count_too_but_one_letter_of_any_size_may_go (void **state)
{
	OWNED (accounts) accounts = accounts_new ();
	struct account *account = account_with (accounts, 0, 0, 9);
	struct courier courier;

	courier_open (&courier, account);
	give (&courier, 10, 1000);
	assert_true (courier_fits (&courier, 300000));
	send (&courier, account, CLASS_ROUTINE, 600);
	assert_true (courier_fits (&courier, 400));
	assert_false (courier_fits (&courier, 401));
	courier_close (&courier);
}

static void stored_twice_clears_once (void **state)
{
	OWNED (accounts) accounts = accounts_new ();
	struct account *account = account_with (accounts, 0, 0, 4);
	struct courier courier;
	uint64_t number;

	courier_open (&courier, account);
	give (&courier, 10, MIB);
	for (int i = 0; i < 4; i++)
		send (&courier, account, CLASS_ROUTINE, 100);
	assert_int_equal (stored (&courier, account, CLASS_ROUTINE, 3, &number), ERR_OK);
	assert_int_equal (stored (&courier, account, CLASS_ROUTINE, 3, &number), ERR_OK);
	assert_int_equal (stored (&courier, account, CLASS_ROUTINE, 1, &number), ERR_OK);
	assert_int_equal (courier.letters, 1);
	assert_int_equal (courier.bytes, 100);
	courier_close (&courier);
}

static void stored_beyond_what_was_sent_is_out_of_order (void **state)
{
	OWNED (accounts) accounts = accounts_new ();
	struct account *account = account_with (accounts, 0, 0, 4);
	struct courier courier;
	uint64_t number;

	courier_open (&courier, account);
	give (&courier, 10, MIB);
	send (&courier, account, CLASS_ROUTINE, 100);
	assert_int_equal (stored (&courier, account, CLASS_ROUTINE, 2, &number),
			  ERR_OUT_OF_ORDER);
	assert_int_equal (stored (&courier, account, CLASS_ROUTINE, UINT64_MAX, &number),
			  ERR_OUT_OF_ORDER);
	courier_close (&courier);
}

static void a_new_pair_of_stores_counts_from_one (void **state)
{
	OWNED (accounts) accounts = accounts_new ();
	struct account *account = account_with (accounts, 0, 0, 12);
	struct class_lane *lane = &account->now.lane[CLASS_ROUTINE];
	struct courier courier;
	uint64_t number;

	lane->base = lane->stored = 10;
	courier_open (&courier, account);
	give (&courier, 10, MIB);
	send (&courier, account, CLASS_ROUTINE, 1);
	assert_int_equal (stored (&courier, account, CLASS_ROUTINE, 1, &number), ERR_OK);
	assert_int_equal (number, 11);
	courier_close (&courier);
}

static void a_nak_holds_its_class_and_sends_it_again_from_there (void **state)
{
	OWNED (accounts) accounts = accounts_new ();
	struct account *account = account_with (accounts, 0, 1, 3);
	struct courier courier;

	courier_open (&courier, account);
	give (&courier, 10, MIB);
	send (&courier, account, CLASS_URGENT, 10);
	for (int i = 0; i < 3; i++)
		assert_int_equal (send (&courier, account, CLASS_ROUTINE, 10), 1);
	assert_int_equal (courier_nak (&courier, account, CLASS_ROUTINE, 2, 5000, NOW), ERR_OK);
	assert_int_equal (courier.letters, 2);
	assert_int_equal (courier_next (&courier, account, NOW + 4999), 0);
	account->now.lane[CLASS_URGENT].last++;
	assert_int_equal (courier_next (&courier, account, NOW + 4999), CLASS_URGENT);
	send (&courier, account, CLASS_URGENT, 10);
	assert_int_equal (courier_next (&courier, account, NOW + 6250), CLASS_ROUTINE);
	assert_int_equal (courier.lane[CLASS_ROUTINE].sent, 1);
	assert_int_equal (send (&courier, account, CLASS_ROUTINE, 10), 2);
	courier_close (&courier);
}

/* Not all agencies that were in trouble together get their letters again at one moment. */
static void what_was_put_off_together_comes_apart (void **state)
{
	OWNED (accounts) accounts = accounts_new ();
	struct account *account = account_with (accounts, 0, 0, 1);
	int64_t least = INT64_MAX, most = 0;

	(void)state;
	for (int i = 0; i < 500; i++) {
		struct courier courier;
		int64_t wait;

		courier_open (&courier, account);
		give (&courier, 10, MIB);
		send (&courier, account, CLASS_ROUTINE, 10);
		assert_int_equal (courier_nak (&courier, account, CLASS_ROUTINE, 1, 40000, NOW),
				  ERR_OK);
		wait = courier.lane[CLASS_ROUTINE].held_until_ms - NOW;
		least = wait < least ? wait : least;
		most = wait > most ? wait : most;
		courier_close (&courier);
	}
	assert_in_range (least, 40000, 41000);
	assert_in_range (most, 49000, 50000);
}

static void a_nak_of_what_is_not_on_the_way_changes_nothing (void **state)
{
	OWNED (accounts) accounts = accounts_new ();
	struct account *account = account_with (accounts, 0, 0, 3);
	struct courier courier;
	uint64_t number;

	courier_open (&courier, account);
	give (&courier, 10, MIB);
	send (&courier, account, CLASS_ROUTINE, 10);
	assert_int_equal (stored (&courier, account, CLASS_ROUTINE, 1, &number), ERR_OK);
	assert_int_equal (courier_nak (&courier, account, CLASS_ROUTINE, 1, 0, NOW),
			  ERR_OUT_OF_ORDER);
	assert_int_equal (courier_nak (&courier, account, CLASS_ROUTINE, 2, 0, NOW),
			  ERR_OUT_OF_ORDER);
	assert_int_equal (courier_nak (&courier, account, CLASS_ROUTINE, 0, 0, NOW),
			  ERR_OUT_OF_ORDER);
	assert_int_equal (courier.letters, 0);
	courier_close (&courier);
}

static void what_is_on_the_way_is_remembered_as_it_was_sent (void **state)
{
	OWNED (accounts) accounts = accounts_new ();
	struct account *account = account_with (accounts, 0, 0, 900);
	struct courier courier;
	uint64_t number;

	courier_open (&courier, account);
	give (&courier, 1000, MIB);
	for (int64_t i = 1; i <= 900; i++) {
		struct item item = { .number = i * 3, .class = CLASS_ROUTINE, .size = 1 };

		courier_sent (&courier, account, &item);
		if (i == 100)
			assert_int_equal (stored (&courier, account, CLASS_ROUTINE, 90, &number),
					  ERR_OK);
	}
	for (number = 91; number <= 900; number++)
		assert_int_equal (courier_flight (&courier.lane[CLASS_ROUTINE], number)->number,
				  number * 3);
	assert_int_equal (courier_stored (&courier, account, CLASS_ROUTINE, 900, &number), ERR_OK);
	assert_int_equal (courier.letters, 0);
	assert_int_equal (courier_flight (&courier.lane[CLASS_ROUTINE], 900)->number, 2700);
	courier_clear (&courier, CLASS_ROUTINE, 900);
	courier_close (&courier);
}

static void a_nak_that_crossed_a_stored_changes_nothing (void **state)
{
	OWNED (accounts) accounts = accounts_new ();
	struct account *account = account_with (accounts, 0, 0, 3);
	struct courier courier;
	uint64_t number;

	courier_open (&courier, account);
	give (&courier, 10, MIB);
	for (int i = 0; i < 3; i++)
		send (&courier, account, CLASS_ROUTINE, 10);
	assert_int_equal (courier_stored (&courier, account, CLASS_ROUTINE, 3, &number), ERR_OK);
	account->now.lane[CLASS_ROUTINE].stored = 3;
	assert_int_equal (courier_nak (&courier, account, CLASS_ROUTINE, 2, 0, NOW),
			  ERR_OUT_OF_ORDER);
	assert_int_equal (courier.lane[CLASS_ROUTINE].sent, 3);
	courier_close (&courier);
}

static void a_new_session_sends_again_what_was_not_stored (void **state)
{
	OWNED (accounts) accounts = accounts_new ();
	struct account *account = account_with (accounts, 0, 0, 2);
	struct courier courier;

	courier_open (&courier, account);
	give (&courier, 10, MIB);
	assert_int_equal (send (&courier, account, CLASS_ROUTINE, 10), 1);
	assert_int_equal (send (&courier, account, CLASS_ROUTINE, 10), 1);
	account->now.lane[CLASS_ROUTINE].stored = 1;
	courier_close (&courier);
	courier_open (&courier, account);
	give (&courier, 10, MIB);
	assert_int_equal (courier_next (&courier, account, NOW), CLASS_ROUTINE);
	assert_int_equal (send (&courier, account, CLASS_ROUTINE, 10), 2);
	assert_int_equal (courier.lane[CLASS_ROUTINE].sent, 2);
	courier_close (&courier);
}

static void routine_letters_have_their_turn_in_a_stream_of_urgent_ones (void **state)
{
	OWNED (accounts) accounts = accounts_new ();
	struct account *account = account_with (accounts, 0, 1000, 10);
	struct courier courier;
	unsigned urgent = 0, routine = 0;

	courier_open (&courier, account);
	give (&courier, 1000, MIB);
	for (int i = 0; i < 51; i++) {
		enum letter_class class = courier_next (&courier, account, NOW);

		if (class == CLASS_ROUTINE)
			assert_int_equal (urgent, 16 * ++routine);
		else
			urgent++;
		send (&courier, account, class, 1);
	}
	assert_int_equal (routine, 3);
	account->now.lane[CLASS_STAT].last = 1;
	assert_int_equal (courier_next (&courier, account, NOW), CLASS_STAT);
	courier_close (&courier);
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (routine_letters_have_their_turn_in_a_stream_of_urgent_ones),
		cmocka_unit_test (without_credit_nothing_goes),
		cmocka_unit_test (the_highest_class_goes_first_even_when_it_comes_last),
		cmocka_unit_test (letters_on_the_way_never_pass_the_window),
		cmocka_unit_test (bytes_count_too_but_one_letter_of_any_size_may_go),
		cmocka_unit_test (stored_twice_clears_once),
		cmocka_unit_test (stored_beyond_what_was_sent_is_out_of_order),
		cmocka_unit_test (a_new_pair_of_stores_counts_from_one),
		cmocka_unit_test (a_nak_holds_its_class_and_sends_it_again_from_there),
		cmocka_unit_test (what_was_put_off_together_comes_apart),
		cmocka_unit_test (a_nak_of_what_is_not_on_the_way_changes_nothing),
		cmocka_unit_test (what_is_on_the_way_is_remembered_as_it_was_sent),
		cmocka_unit_test (a_nak_that_crossed_a_stored_changes_nothing),
		cmocka_unit_test (a_new_session_sends_again_what_was_not_stored),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
