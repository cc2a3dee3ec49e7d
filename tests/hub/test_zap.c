/* The door: which keys get in, while the list changes, and that a stranger never does. */
#include "tests/support/unit.h"

#include "hub/link.h"
#include "hub/selftest.h"
#include "hub/zap.h"
#include "tests/support/clock.h"

struct fixture {
	zap_t *zap;
	keypair_t *server, *first, *second;
};

static int setup (void **state)
{
	static struct fixture x;

	assert_int_equal (keys_start (), ERR_OK);
	link_start (1);
	assert_int_equal (zap_new (&x.zap), ERR_OK);
	x.server = keypair_new (KEY_LINK);
	x.first = keypair_new (KEY_LINK);
	x.second = keypair_new (KEY_LINK);
	*state = &x;
	return 0;
}

static int teardown (void **state)
{
	struct fixture *x = *state;

	zap_destroy (&x->zap);
	keypair_destroy (&x->server);
	keypair_destroy (&x->first);
	keypair_destroy (&x->second);
	return 0;
}

static bool let_in (struct fixture *x, const keypair_t *client)
{
	bool in = false;

	assert_int_equal (link_knock (x->server, client, &in), ERR_OK);
	return in;
}

static void nobody_gets_in_before_anybody_is_allowed (void **state)
{
	assert_false (let_in (*state, ((struct fixture *)*state)->first));
}

static void only_the_keys_of_the_list_get_in (void **state)
{
	struct fixture *x = *state;
	struct public_key key = keypair_public (x->first);

	zap_allow (x->zap, &key, 1);
	assert_true (let_in (x, x->first));
	assert_false (let_in (x, x->second));
	key = keypair_public (x->second);
	zap_allow (x->zap, &key, 1);
	assert_false (let_in (x, x->first));
	assert_true (let_in (x, x->second));
}

static void many_keys_are_told_apart (void **state)
{
	struct fixture *x = *state;
	struct public_key keys[2001];

	for (uint32_t i = 0; i < 2000; i++) {
		keys[i] = (struct public_key){ { 0 } };
		keys[i].b[8] = (uint8_t)i;   /* all in one slot of the table */
		keys[i].b[9] = (uint8_t)(i >> 8);
	}
	keys[2000] = keypair_public (x->first);
	zap_allow (x->zap, keys, 2001);
	assert_true (let_in (x, x->first));
	assert_false (let_in (x, x->second));
}

static void handshakes_are_counted (void **state)
{
	struct fixture *x = *state;
	struct public_key key = keypair_public (x->first);
	uint64_t allowed, refused;

	zap_allow (x->zap, &key, 1);
	assert_true (let_in (x, x->first));
	assert_false (let_in (x, x->second));
	zap_counts (x->zap, &allowed, &refused);
	assert_int_equal (allowed, 1);
	assert_true (refused >= 1);
}

static void a_member_that_dials_without_end_has_to_wait (void **state)
{
	struct fixture *x = *state;
	struct public_key keys[2] = { keypair_public (x->first), keypair_public (x->second) };
	int in = 0;

	zap_allow (x->zap, keys, 2);
	while (in < 100 && let_in (x, x->first))
		in++;
	assert_in_range (in, 20, 60);
	zap_allow (x->zap, keys, 2);   /* a newer directory gives nothing back */
	assert_false (let_in (x, x->first));
	assert_true (let_in (x, x->second));
	clock_turn (MINUTE_MS);
	assert_true (let_in (x, x->first));
	clock_turn (-MINUTE_MS);
}

static void there_is_one_handler_in_a_process (void **state)
{
	zap_t *second = NULL;

	assert_int_equal (zap_new (&second), ERR_IN_USE);
	assert_null (second);
}

static void the_self_test_passes_and_leaves_the_door_shut (void **state)
{
	struct fixture *x = *state;
	struct public_key key = keypair_public (x->first);

	zap_allow (x->zap, &key, 1);
	assert_int_equal (selftest_run (x->zap, x->server), ERR_OK);
	assert_false (let_in (x, x->first));
}

/* libzmq frees a socket before it gives its monitor's name up, so that the next one, at the same address,
 * must not ask for the same name. */
static void one_knock_does_not_disturb_the_next (void **state)
{
	struct fixture *x = *state;
	struct public_key key = keypair_public (x->second);

	zap_allow (x->zap, &key, 1);
	for (int i = 0; i < 400; i++)
		assert_false (let_in (x, x->first));
}

static void the_self_test_fails_when_no_handler_answers (void **state)
{
	struct fixture *x = *state;
	bool in = true;

	zap_destroy (&x->zap);
	/* ZeroMQ itself would let everybody in now, but for the enforced domain. */
	assert_true (link_knock (x->server, x->first, &in) != ERR_OK || !in);
}

int main (void)
{
#define T(name) cmocka_unit_test_setup_teardown (name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T (nobody_gets_in_before_anybody_is_allowed),
		T (only_the_keys_of_the_list_get_in),
		T (many_keys_are_told_apart),
		T (handshakes_are_counted),
		T (a_member_that_dials_without_end_has_to_wait),
		T (there_is_one_handler_in_a_process),
		T (the_self_test_passes_and_leaves_the_door_shut),
		T (one_knock_does_not_disturb_the_next),
		T (the_self_test_fails_when_no_handler_answers),
	};
#undef T
	return cmocka_run_group_tests (tests, NULL, NULL);
}
