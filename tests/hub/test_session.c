/* Who may open a session with which ledger, whose marks count, leases, and the table of sessions. */
#include "tests/support/unit.h"

#include <string.h>

#include "hub/hello.h"
#include "hub/session.h"

#define NOW INT64_C (1800000000000)

static struct store_id store (uint8_t n)
{
	struct store_id id = { { n, n, n } };

	return id;
}

/* A known ledger (1) that comes back to the hub's store (9) with all marks in place. */
static struct hello_facts known (void)
{
	struct hello_facts facts = { .protocol_min = 1, .protocol_max = 1, .agency_matches = true,
				     .member = HELLO_ACTIVE, .next_pseq = 11 };

	facts.store = store (1);
	facts.hub_store = facts.own_store = store (9);
	facts.marks.store = store (1);
	facts.marks.pseq = 10;
	facts.marks.lane[CLASS_ROUTINE] = (struct class_lane){ .last = 107, .stored = 105,
							       .base = 100 };
	facts.given[CLASS_ROUTINE] = 107;
	facts.stored[CLASS_ROUTINE] = 5;
	return facts;
}

static void changed_nothing (struct hello_facts *f) {}
static void first_time (struct hello_facts *f)
{
	memset (&f->marks, 0, sizeof f->marks);
	memset (f->given, 0, sizeof f->given);
	f->hub_store = store (0);
	f->next_pseq = 1;
	f->stored[CLASS_ROUTINE] = 0;
}
static void hub_is_new (struct hello_facts *f)
{
	memset (&f->marks, 0, sizeof f->marks);
	memset (f->given, 0, sizeof f->given);
}
static void other_hub_before (struct hello_facts *f) { f->hub_store = store (8); }
static void stored_mark_was_lost (struct hello_facts *f) { f->stored[CLASS_ROUTINE] = 7; }
static void puts_were_lost (struct hello_facts *f) { f->next_pseq = 5000; }
static void stored_too_much (struct hello_facts *f) { f->stored[CLASS_ROUTINE] = 8; }
static void stored_what_it_was_never_sent (struct hello_facts *f)
{
	f->given[CLASS_ROUTINE] = 106;
	f->stored[CLASS_ROUTINE] = 7;
}
static void saw_a_later_checkpoint (struct hello_facts *f) { f->seen_ahead = true; }
static void stored_too_little (struct hello_facts *f) { f->stored[CLASS_ROUTINE] = 4; }
static void forgot_a_number (struct hello_facts *f) { f->next_pseq = 10; }
static void other_ledger (struct hello_facts *f) { f->store = store (2); }
static void taking_over (struct hello_facts *f)
{
	f->store = store (2);
	f->takes_over = store (1);
}
static void taking_over_a_stranger (struct hello_facts *f)
{
	f->store = store (2);
	f->takes_over = store (3);
}
static void taken_over_before (struct hello_facts *f) { f->retired = true; }
static void retired_taking_over (struct hello_facts *f)
{
	taking_over (f);
	f->retired = true;
}
static void taking_over_once_too_often (struct hello_facts *f)
{
	taking_over (f);
	f->marks.retired_count = 1000;
}
static void took_over_already (struct hello_facts *f) { f->takes_over = store (3); }
static void no_store (struct hello_facts *f) { f->store = store (0); }
static void counts_from_zero (struct hello_facts *f) { f->next_pseq = 0; }
static void too_new (struct hello_facts *f) { f->protocol_min = f->protocol_max = 2; }
static void too_old (struct hello_facts *f) { f->protocol_min = f->protocol_max = 0; }
static void speaks_more (struct hello_facts *f) { f->protocol_max = 7; }
static void stranger (struct hello_facts *f) { f->member = HELLO_UNKNOWN; }
static void newcomer (struct hello_facts *f)
{
	f->member = HELLO_UNKNOWN;
	f->ahead = true;
}
static void suspended (struct hello_facts *f) { f->member = HELLO_SUSPENDED; }
static void other_agency (struct hello_facts *f) { f->agency_matches = false; }
static void closing (struct hello_facts *f) { f->draining = true; }

/* clang-format off */
static const struct row {
	void (*change) (struct hello_facts *facts);
	enum hello_outcome outcome;
	err_t err;
} rows[] = {
	{ changed_nothing,        HELLO_RESUME,    ERR_OK },
	{ first_time,             HELLO_RESTART,   ERR_OK },
	{ hub_is_new,             HELLO_RESTART,   ERR_OK },
	{ other_hub_before,       HELLO_RESTART,   ERR_OK },
	{ stored_mark_was_lost,   HELLO_RESUME,    ERR_OK },
	{ puts_were_lost,         HELLO_RESUME,    ERR_OK },
	{ stored_too_much,        HELLO_GONE_BACK, ERR_OK },
	{ stored_what_it_was_never_sent, HELLO_GONE_BACK, ERR_OK },
	{ saw_a_later_checkpoint, HELLO_GONE_BACK, ERR_OK },
	{ stored_too_little,      HELLO_REFUSE,    ERR_GONE_BACK },
	{ forgot_a_number,        HELLO_REFUSE,    ERR_GONE_BACK },
	{ other_ledger,           HELLO_REFUSE,    ERR_OTHER_STORE },
	{ taking_over,            HELLO_RESTART,   ERR_OK },
	{ taking_over_a_stranger, HELLO_REFUSE,    ERR_OTHER_STORE },
	{ taken_over_before,      HELLO_REFUSE,    ERR_OTHER_STORE },
	{ retired_taking_over,    HELLO_REFUSE,    ERR_OTHER_STORE },
	{ taking_over_once_too_often, HELLO_REFUSE, ERR_OTHER_STORE },
	{ took_over_already,      HELLO_RESUME,    ERR_OK },
	{ no_store,               HELLO_REFUSE,    ERR_MALFORMED },
	{ counts_from_zero,       HELLO_REFUSE,    ERR_MALFORMED },
	{ too_new,                HELLO_REFUSE,    ERR_BAD_VERSION },
	{ too_old,                HELLO_REFUSE,    ERR_BAD_VERSION },
	{ speaks_more,            HELLO_RESUME,    ERR_OK },
	{ stranger,               HELLO_REFUSE,    ERR_NOT_MEMBER },
	{ newcomer,               HELLO_REFUSE,    ERR_DIRECTORY_BEHIND },
	{ suspended,              HELLO_REFUSE,    ERR_SUSPENDED },
	{ other_agency,           HELLO_REFUSE,    ERR_NOT_YOU },
	{ closing,                HELLO_REFUSE,    ERR_DRAINING },
};
/* clang-format on */

static void every_hello_gets_its_verdict (void **state)
{
	for (size_t i = 0; i < COUNT_OF (rows); i++) {
		struct hello_facts facts = known ();
		struct hello_verdict verdict;

		rows[i].change (&facts);
		verdict = hello_judge (&facts);
		if (verdict.outcome != rows[i].outcome)
			print_error ("row %zu\n", i);
		assert_int_equal (verdict.outcome, rows[i].outcome);
		assert_string_equal (err_name (verdict.err), err_name (rows[i].err));
		assert_int_equal (verdict.retry_after_ms > 0, err_lane (verdict.err) == LANE_RETRY);
	}
}

/* ---- leases ---- */

static void a_lease_grows_with_use_up_to_its_ceiling (void **state)
{
	struct pool pool = { HUB_CREDIT_POOL_BYTES, HUB_CREDIT_POOL_BYTES };
	struct lease lease;

	lease_open (&lease, &pool, NOW);
	assert_int_equal (lease.granted.letters, HUB_CREDIT_LETTERS);
	assert_false (lease_grow (&lease, &pool, 1, 1000, NOW));
	assert_true (lease_grow (&lease, &pool, 20, 1000, NOW));
	assert_int_equal (lease.granted.letters, 2 * HUB_CREDIT_LETTERS);
	while (lease_grow (&lease, &pool, HUB_CREDIT_LETTERS_MAX, HUB_CREDIT_BYTES_MAX, NOW))
		;
	assert_int_equal (lease.granted.letters, HUB_CREDIT_LETTERS_MAX);
	assert_int_equal (lease.granted.bytes, HUB_CREDIT_BYTES_MAX);
	lease_close (&lease, &pool);
	assert_int_equal (pool.free_bytes, HUB_CREDIT_POOL_BYTES);
}

static void an_idle_lease_shrinks_but_what_was_granted_stays_allowed_a_while (void **state)
{
	struct pool pool = { HUB_CREDIT_POOL_BYTES, HUB_CREDIT_POOL_BYTES };
	struct lease lease;

	lease_open (&lease, &pool, NOW);
	assert_true (lease_grow (&lease, &pool, 32, 0, NOW));
	assert_false (lease_shrink (&lease, &pool, NOW + SECOND_MS));
	assert_true (lease_shrink (&lease, &pool, NOW + HOUR_MS));
	assert_int_equal (lease.granted.letters, HUB_CREDIT_LETTERS);
	assert_true (lease_covers (&lease, HUB_CREDIT_LETTERS + 1, 0));
	assert_false (lease_shrink (&lease, &pool, NOW + 2 * HOUR_MS));
	assert_false (lease_covers (&lease, HUB_CREDIT_LETTERS + 1, 0));
	lease_close (&lease, &pool);
	assert_int_equal (pool.free_bytes, HUB_CREDIT_POOL_BYTES);
}

static void an_empty_pool_still_lets_everybody_send_a_little (void **state)
{
	struct pool pool = { HUB_CREDIT_POOL_BYTES, 1000 };
	struct lease lease;

	lease_open (&lease, &pool, NOW);
	assert_true (lease.granted.letters >= 1);
	assert_int_equal (pool.free_bytes, 0);
	assert_false (lease_grow (&lease, &pool, 4, 0, NOW));
	lease_close (&lease, &pool);
	assert_int_equal (pool.free_bytes, 1000);
}

static void the_window_is_kept_but_one_letter_of_any_size_may_come (void **state)
{
	struct pool pool = { HUB_CREDIT_POOL_BYTES, HUB_CREDIT_POOL_BYTES };
	struct lease lease;

	lease_open (&lease, &pool, NOW);
	assert_true (lease_covers (&lease, 1, LIMIT_FRAME_BYTES));
	assert_true (lease_covers (&lease, HUB_CREDIT_LETTERS, HUB_CREDIT_BYTES));
	assert_false (lease_covers (&lease, HUB_CREDIT_LETTERS + 1, 10));
	assert_false (lease_covers (&lease, 2, HUB_CREDIT_BYTES + 1));
	lease_close (&lease, &pool);
}

/* ---- accounts and sessions ---- */

static void what_a_group_changed_is_taken_back_whole (void **state)
{
	OWNED (accounts) accounts = accounts_new ();
	struct agency_id id;
	struct account *account;

	assert_int_equal (agency_id_parse ("klinik-melati", &id), ERR_OK);
	account = accounts_open (accounts, &id);
	accounts_keep (accounts);
	account_touch (accounts, account);
	account->now.pseq = 7;
	account_retire (accounts, account, &(struct store_id){ { 5 } });
	accounts_undo (accounts);
	assert_int_equal (account->now.pseq, 0);
	assert_false (account_retired (account, &(struct store_id){ { 5 } }));
	assert_int_equal (accounts_touched_count (accounts), 0);
}

static void an_account_that_was_never_stored_stays_to_be_stored (void **state)
{
	OWNED (accounts) accounts = accounts_new ();
	struct agency_id id;

	assert_int_equal (agency_id_parse ("klinik-melati", &id), ERR_OK);
	accounts_open (accounts, &id);
	accounts_undo (accounts);
	assert_int_equal (accounts_touched_count (accounts), 1);
}

static void sessions_are_found_while_others_come_and_go (void **state)
{
	OWNED (sessions) sessions = sessions_new ();

	for (uint32_t peer = 1; peer <= 3000; peer++)
		sessions_add (sessions, peer * 7919);
	for (uint32_t peer = 1; peer <= 3000; peer += 2)
		sessions_remove (sessions, sessions_find (sessions, peer * 7919));
	assert_int_equal (sessions_count (sessions), 1500);
	for (uint32_t peer = 1; peer <= 3000; peer++) {
		struct session *session = sessions_find (sessions, peer * 7919);

		assert_int_equal (session != NULL, peer % 2 == 0);
		if (session != NULL)
			assert_int_equal (session->peer, peer * 7919);
	}
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (every_hello_gets_its_verdict),
		cmocka_unit_test (a_lease_grows_with_use_up_to_its_ceiling),
		cmocka_unit_test (an_idle_lease_shrinks_but_what_was_granted_stays_allowed_a_while),
		cmocka_unit_test (an_empty_pool_still_lets_everybody_send_a_little),
		cmocka_unit_test (the_window_is_kept_but_one_letter_of_any_size_may_come),
		cmocka_unit_test (what_a_group_changed_is_taken_back_whole),
		cmocka_unit_test (an_account_that_was_never_stored_stays_to_be_stored),
		cmocka_unit_test (sessions_are_found_while_others_come_and_go),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
