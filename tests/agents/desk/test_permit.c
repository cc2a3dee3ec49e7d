/* The table of roles and use-cases. */
#include "tests/agents/desk/fixture.h"

static const enum use_case uses[] = { USE_LOOK,    USE_LIST,     USE_INTAKE, USE_CONSENT,
				      USE_SEND,    USE_STATUS,   USE_VERIFY, USE_ADMIN,
				      USE_EVIDENCE, USE_SIGN_IN, USE_SESSION, USE_ACCOUNTS,
				      USE_RESET,   USE_KEYS,     USE_LOOKS };
_Static_assert (COUNT_OF (uses) == USE_COUNT, "every use-case is asked");

static const struct {
	const char *role;
	const char *may; /* one letter for each of the above: y or n */
} table[] = {
	{ "caseworker", "yyyyyynnnyynnnn" }, { "clinician", "yyyyyynnnyynnnn" },
	{ "supervisor", "yyyyyyyyyyynyny" }, { "auditor", "nynnnyynyyynnny" },
	{ "admin", "nnnnnyyyyyyyyyn" },      { "director", "nnnnnnnnnnnnnnn" },
};

static void each_role_may_do_what_the_table_says (void **state)
{
	for (size_t i = 0; i < COUNT_OF (table); i++)
		for (size_t u = 0; u < COUNT_OF (uses); u++) {
			struct actor actor = { "x", table[i].role };

			assert_int_equal (permit (&actor, uses[u]),
					  table[i].may[u] == 'y' ? ERR_OK
								 : ERR_NOT_ALLOWED);
		}
}

static void without_a_role_nobody_may_do_anything (void **state)
{
	struct actor empty = { "x", "" }, null = { NULL, NULL };

	for (size_t u = 0; u < COUNT_OF (uses); u++) {
		assert_int_equal (permit (&empty, uses[u]), ERR_NOT_SIGNED_IN);
		assert_int_equal (permit (&null, uses[u]), ERR_NOT_SIGNED_IN);
	}
}

static void only_the_five_roles_exist (void **state)
{
	for (size_t i = 0; i < 5; i++)
		assert_true (role_exists (table[i].role));
	assert_false (role_exists ("director"));
	assert_false (role_exists (""));
}

static void an_admin_reads_no_record (void **state)
{
	struct network *net = *state;
	struct thread_id thread = open_referral (net);
	struct person_id person = thread_at (net, PESONA, &thread).person;
	size_t before = entries_at (net, PESONA);

	assert_int_equal (desk_look_thread (net->office[PESONA].desk, &admin, &thread),
			  ERR_NOT_ALLOWED);
	assert_int_equal (desk_look_person (net->office[PESONA].desk, &auditor, &person),
			  ERR_NOT_ALLOWED);
	assert_int_equal (entries_at (net, PESONA), before);
}

static void every_look_at_a_record_is_an_entry (void **state)
{
	struct network *net = *state;
	struct person_id person = take_in (net, PESONA, "Dimas", "");
	struct entry *entries;
	size_t count;

	assert_ok (desk_look_person (net->office[PESONA].desk, &nurse, &person));
	count = entry_list (net->office[PESONA].ledger, &person, NULL, 0, 10, net->arena,
			    &entries);
	assert_int_equal (count, 2);
	assert_int_equal (entries[1].type, ENTRY_LOOKED);
	assert_string_equal (entries[1].user, "wulan");
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (each_role_may_do_what_the_table_says),
		cmocka_unit_test (without_a_role_nobody_may_do_anything),
		cmocka_unit_test (only_the_five_roles_exist),
		network_test (an_admin_reads_no_record),
		network_test (every_look_at_a_record_is_an_entry),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
