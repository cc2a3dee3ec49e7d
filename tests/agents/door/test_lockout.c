/* Lock-out, rate limits, password rules and the thread: the nouns of the door by themselves. */
#include "tests/support/unit.h"

#include <string.h>

#include "agents/door/limit.h"
#include "agents/door/lockout.h"
#include "agents/door/locksmith.h"
#include "agents/door/rules.h"
#include "jembatan/keys.h"

#define assert_ok(expression) assert_int_equal ((expression), ERR_OK)
#define NOW INT64_C (1700000000000)

static const struct password_cost cheap = { 1, 64 * KIB }, dearer = { 2, 128 * KIB };

/* ---- lock-out ----------------------------------------------------------------------------------- */

/* State: how many failures in a row; event: one more, at once, after the wait, after more than a day. */
static void each_state_and_event_of_the_lock_out_is_as_the_table_says (void **state)
{
	static const struct { uint32_t before, after; int64_t minutes; } rows[] = {
		{ 0, 1, 0 },   { 1, 2, 0 },   { 2, 3, 0 },   { 3, 4, 0 },    { 4, 5, 1 },
		{ 5, 6, 2 },   { 6, 7, 4 },   { 7, 8, 8 },   { 8, 9, 15 },   { 9, 10, 15 },
		{ 500, 501, 15 }, { UINT32_MAX, UINT32_MAX, 15 },
	};

	for (size_t i = 0; i < COUNT_OF (rows); i++) {
		struct attempts before = { rows[i].before, NOW - 1, NOW - 1 };
		struct attempts fail = lockout_fail (&before, NOW), undone = lockout_undo (&fail);
		struct attempts old = { rows[i].before, NOW - 25 * HOUR_MS, NOW - 24 * HOUR_MS };
		int64_t wait_ms = rows[i].minutes * MINUTE_MS;

		assert_int_equal (fail.failures, rows[i].after);
		assert_int_equal (lockout_wait_ms (&fail, NOW), wait_ms);
		assert_int_equal (lockout_wait_ms (&fail, NOW + wait_ms), 0);
		assert_int_equal (lockout_wait_ms (&undone, NOW), 0);
		assert_int_equal (undone.failures, rows[i].after - 1);
		assert_int_equal (lockout_fail (&old, NOW).failures, 1);
	}
}

static void nobody_is_shut_out_for_longer_than_a_quarter_of_an_hour (void **state)
{
	struct attempts attempts = { 0 };

	for (int64_t i = 0; i < 1000; i++) {
		attempts = lockout_fail (&attempts, NOW + i);
		assert_in_range (lockout_wait_ms (&attempts, NOW + i), 0, LOCKOUT_MOST_MS);
	}
	assert_int_equal (lockout_wait_ms (&attempts, NOW + 999 + LOCKOUT_MOST_MS), 0);
	assert_int_equal (lockout_wait_ms (&attempts, NOW - DAY_MS), 0);     /* the clock went back */
}

/* ---- rate limits -------------------------------------------------------------------------------- */

static void an_address_has_its_own_allowance_that_fills_again (void **state)
{
	OWNED (limit) limit = limit_new ();

	for (int i = 0; i < LIMIT_ADDRESS_ATTEMPTS; i++)
		assert_int_equal (limit_take (limit, "192.168.1.20", NOW), 0);
	assert_int_equal (limit_take (limit, "192.168.1.20", NOW), LIMIT_ADDRESS_REFILL_MS);
	assert_int_equal (limit_take (limit, "192.168.1.21", NOW), 0);
	assert_int_equal (limit_take (limit, "192.168.1.20", NOW + LIMIT_ADDRESS_REFILL_MS), 0);
	limit_give_back (limit, "192.168.1.20");
	assert_int_equal (limit_take (limit, "192.168.1.20", NOW + LIMIT_ADDRESS_REFILL_MS), 0);
}

static void a_whole_network_of_ipv6_is_one_address (void **state)
{
	OWNED (limit) limit = limit_new ();
	char address[64];

	for (int i = 0; i < LIMIT_ADDRESS_ATTEMPTS; i++) {
		snprintf (address, sizeof address, "2001:db8:1:2:%x::1", i);
		assert_int_equal (limit_take (limit, address, NOW), 0);
	}
	assert_true (limit_take (limit, "2001:db8:1:2:ffff::9", NOW) > 0);
	assert_int_equal (limit_take (limit, "2001:db8:1:3::1", NOW), 0);
}

static void the_whole_agent_has_an_allowance_and_addresses_have_bounded_room (void **state)
{
	OWNED (limit) limit = limit_new ();
	char address[64];
	int taken = 0;

	for (int i = 0; i < 3 * (int)LIMIT_ADDRESSES; i++) {
		snprintf (address, sizeof address, "10.0.%d.%d", i / 250, i % 250);
		taken += limit_take (limit, address, NOW) == 0;
	}
	assert_int_equal (taken, LIMIT_ALL_ATTEMPTS);
}

/* ---- rules -------------------------------------------------------------------------------------- */

static void a_password_is_held_against_the_rules (void **state)
{
	static const struct { const char *password; err_t err; } rows[] = {
		{ "pendek", ERR_INVALID },
		{ "sembilan9", ERR_INVALID },
		{ "kelapa muda di beranda", ERR_OK },
		{ "aku suka mi ayam", ERR_OK },
		{ "密码密码密码密码密", ERR_INVALID },
		{ "密碼很長而且不好猜十一", ERR_OK },
		{ "1234567890", ERR_INVALID },
		{ "aaaaaaaaaaaa", ERR_INVALID },
		{ "qwertyuiop", ERR_INVALID },
		{ "Password123!", ERR_INVALID },
		{ "Rahasia2026", ERR_INVALID },
		{ "bismillah99", ERR_INVALID },
		{ "rahasiarahasia", ERR_INVALID },
		{ "siti.rahmawati", ERR_INVALID },
		{ "SITI.RAHMAWATI", ERR_INVALID },
		{ "Siti Rahmawati Putri", ERR_INVALID },
		{ "siti.rahmawati2026", ERR_INVALID },
	};
	const struct account account = { .name = "siti.rahmawati", .display = "Siti Rahmawati Putri" };
	char longest[PASSWORD_MOST + 2];

	for (size_t i = 0; i < COUNT_OF (rows); i++) {
		OWNED (problems) problems = problems_new ();

		if (rules_password (rows[i].password, &account, "new", problems) != rows[i].err)
			fail_msg ("%s", rows[i].password);
		if (rows[i].err != ERR_OK)
			assert_null (strstr (problems_at (problems, 0)->text_id, rows[i].password));
	}
	for (size_t i = 0; i < sizeof longest - 1; i++)
		longest[i] = "sawah hijau "[i % 12];
	longest[sizeof longest - 1] = '\0';
	assert_int_equal (rules_password (longest, &account, "new", NULL), ERR_INVALID);
	longest[sizeof longest - 2] = '\0';
	assert_ok (rules_password (longest, &account, "new", NULL));
}

/* ---- the thread --------------------------------------------------------------------------------- */

struct told {
	zloop_t *loop;
	size_t left;
	struct lock_result last;
};

static void on_told (void *arg, const struct lock_result *result)
{
	struct told *told = arg;

	told->last = *result;
	told->left--;
}

static int on_look (zloop_t *loop, int timer, void *arg)
{
	return ((struct told *)arg)->left == 0 ? -1 : 0;
}

static struct lock_result ask (locksmith_t *locksmith, zloop_t *loop, const struct lock_work *work)
{
	struct told told = { .loop = loop, .left = 1 };
	int timer = zloop_timer (loop, 2, 0, on_look, &told);

	assert_ok (locksmith_ask (locksmith, work, on_told, &told));
	zloop_start (loop);
	zloop_timer_end (loop, timer);
	return told.last;
}

static void a_password_is_checked_made_and_made_anew_when_more_is_asked (void **state)
{
	zloop_t *loop = zloop_new ();
	locksmith_t *locksmith = locksmith_new (&cheap, loop), *stricter = NULL;
	struct lock_work make = { .next = "kelapa muda" }, right = { .password = "kelapa muda" };
	struct lock_work wrong = { .password = "kelapa tua" }, nobody = { .password = "kelapa muda" };
	struct lock_result made = ask (locksmith, loop, &make), result;

	assert_memory_equal (made.fresh, "$argon2id$v=19$m=64,t=1,p=1$", 28);
	right.hash = wrong.hash = made.fresh;
	nobody.hash = "";
	result = ask (locksmith, loop, &right);
	assert_true (result.matches && result.fresh[0] == '\0');
	assert_false (ask (locksmith, loop, &wrong).matches);
	assert_false (ask (locksmith, loop, &nobody).matches);
	nobody.password = "nobody";      /* what stands in for a hash is no password */
	assert_false (ask (locksmith, loop, &nobody).matches);
	locksmith_destroy (&locksmith);
	stricter = locksmith_new (&dearer, loop);
	result = ask (stricter, loop, &right);
	assert_true (result.matches);
	assert_memory_equal (result.fresh, "$argon2id$v=19$m=128,t=2,p=1$", 29);
	locksmith_destroy (&stricter);
	zloop_destroy (&loop);
}

static void only_a_few_wait_and_all_hear_of_the_end (void **state)
{
	zloop_t *loop = zloop_new ();
	locksmith_t *locksmith = locksmith_new (&cheap, loop);
	struct told told = { .loop = loop, .left = LOCKSMITH_QUEUE };
	struct lock_work work = { .next = "kelapa muda" };

	for (size_t i = 0; i < LOCKSMITH_QUEUE; i++)
		assert_ok (locksmith_ask (locksmith, &work, on_told, &told));
	assert_int_equal (locksmith_ask (locksmith, &work, on_told, &told), ERR_BUSY);
	locksmith_destroy (&locksmith);
	assert_int_equal (told.left, 0);
	zloop_destroy (&loop);
}

static void what_is_shipped_takes_64_mib_and_two_passes (void **state)
{
	assert_true (password_cost.bytes >= 64 * MIB);
	assert_true (password_cost.passes >= 2);
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (each_state_and_event_of_the_lock_out_is_as_the_table_says),
		cmocka_unit_test (nobody_is_shut_out_for_longer_than_a_quarter_of_an_hour),
		cmocka_unit_test (an_address_has_its_own_allowance_that_fills_again),
		cmocka_unit_test (a_whole_network_of_ipv6_is_one_address),
		cmocka_unit_test (the_whole_agent_has_an_allowance_and_addresses_have_bounded_room),
		cmocka_unit_test (a_password_is_held_against_the_rules),
		cmocka_unit_test (a_password_is_checked_made_and_made_anew_when_more_is_asked),
		cmocka_unit_test (only_a_few_wait_and_all_hear_of_the_end),
		cmocka_unit_test (what_is_shipped_takes_64_mib_and_two_passes),
	};

	assert_ok (keys_start ());
	return unit_end (cmocka_run_group_tests (tests, NULL, NULL));
}
