/* Places that partners publish. */
#include "tests/agents/desk/fixture.h"

#include "agents/ledger/capacity.h"

static struct answer number_answer (const char *field, int64_t number)
{
	struct answer answer = text_answer (field, "");

	answer.type = ANSWER_INTEGER;
	answer.number = number;
	return answer;
}

static err_t publish (struct network *net, int64_t free_now, const char *to, const char *region,
		      size_t *ret_sent)
{
	struct answer answers[] = { number_answer ("total", 20), number_answer ("free", free_now) };
	struct submission submission = { .service = "medical",
					 .answers = answers,
					 .answer_count = COUNT_OF (answers) };
	struct agency_id id = { 0 }, *sent_to;

	if (to != NULL)
		assert_ok (agency_id_parse (to, &id));
	return desk_capacity_publish (net->office[CLINIC].desk, &nurse, &submission,
				      to != NULL ? 1 : 0, &id, region, net->arena, ret_sent,
				      &sent_to, net->problems);
}

static size_t known (struct network *net, int office, struct capacity **ret_capacities)
{
	return capacity_list (net->office[office].ledger, &net->office[CLINIC].id, "medical", 10,
			      net->arena, ret_capacities);
}

static void capacity_goes_to_everybody_in_the_region_and_to_nobody_else (void **state)
{
	struct network *net = *state;
	struct capacity *list;
	size_t sent;

	assert_ok (publish (net, 4, NULL, "17", &sent));
	assert_true (sent >= 2);
	network_run (net);
	assert_int_equal (known (net, PESONA, &list), 1);
	assert_int_equal (list[0].free, 4);
	assert_int_equal (list[0].total, 20);
	assert_int_equal (known (net, HOSPITAL, &list), 1);
	assert_int_equal (known (net, COORDINATOR, &list), 0);
	assert_int_equal (known (net, CLINIC, &list), 1);   /* our own is kept too */
}

static void newer_capacity_replaces_the_older (void **state)
{
	struct network *net = *state;
	struct capacity *list;
	size_t sent;

	assert_ok (publish (net, 4, "ipwl-pesona", "", &sent));
	network_run (net);
	clock_turn (DAY_MS);
	assert_ok (publish (net, 9, "ipwl-pesona", "", &sent));
	network_run (net);
	assert_int_equal (known (net, PESONA, &list), 1);
	assert_int_equal (list[0].free, 9);
	assert_int_equal (known (net, HOSPITAL, &list), 0);
	clock_turn (-DAY_MS);
}

static void what_is_wrong_with_the_form_is_said_once (void **state)
{
	struct network *net = *state;
	size_t sent;

	assert_int_equal (publish (net, -1, NULL, "17", &sent), ERR_INVALID);
	assert_int_equal (problems_count (net->problems), 1);
	assert_string_equal (problems_at (net->problems, 0)->field, "free");
}

static void more_free_places_than_places_are_refused (void **state)
{
	struct network *net = *state;
	size_t sent;

	assert_int_equal (publish (net, 21, NULL, "17", &sent), ERR_INVALID);
	assert_string_equal (problems_at (net->problems, 0)->field, "free");
	assert_ok (publish (net, 20, NULL, "17", &sent));
}

static void capacity_for_nobody_is_refused (void **state)
{
	struct network *net = *state;
	size_t sent;

	assert_int_equal (publish (net, 4, NULL, "91", &sent), ERR_NOT_FOUND);
	assert_int_not_equal (publish (net, 4, "klinik-khayal", "", &sent), ERR_OK);
	assert_true (problems_count (net->problems) > 0);
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		network_test (capacity_goes_to_everybody_in_the_region_and_to_nobody_else),
		network_test (newer_capacity_replaces_the_older),
		network_test (what_is_wrong_with_the_form_is_said_once),
		network_test (more_free_places_than_places_are_refused),
		network_test (capacity_for_nobody_is_refused),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
