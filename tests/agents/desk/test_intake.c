/* A new person's record. */
#include "tests/agents/desk/fixture.h"

static bool complains_about (const problems_t *problems, const char *field)
{
	for (size_t i = 0; i < problems_count (problems); i++)
		if (strcmp (problems_at (problems, i)->field, field) == 0)
			return true;
	return false;
}

static bool quotes (const problems_t *problems, const char *text)
{
	for (size_t i = 0; i < problems_count (problems); i++)
		if (strstr (problems_at (problems, i)->text_id, text) != NULL ||
		    strstr (problems_at (problems, i)->text_en, text) != NULL)
			return true;
	return false;
}

static void a_form_with_three_mistakes_names_all_three (void **state)
{
	struct network *net = *state;
	struct person person = { .name = "", .nik = "12345", .birth_date = "1999-02-30" };

	assert_int_equal (
		desk_intake (net->office[PESONA].desk, &worker, &person, net->problems),
		ERR_INVALID);
	assert_int_equal (problems_count (net->problems), 3);
	assert_true (complains_about (net->problems, "name"));
	assert_true (complains_about (net->problems, "nik"));
	assert_true (complains_about (net->problems, "birth_date"));
	assert_false (quotes (net->problems, "12345"));
	assert_int_equal (entries_at (net, PESONA), 0);
}

static void a_name_alone_is_enough (void **state)
{
	struct network *net = *state;
	struct person person = { .name = "DV" };

	assert_ok (
		desk_intake (net->office[PESONA].desk, &worker, &person, net->problems));
	assert_string_not_equal (person.number, "");
	assert_int_equal (entries_at (net, PESONA), 1);
}

static void a_nik_that_is_known_already_is_a_conflict (void **state)
{
	struct network *net = *state;
	struct person person = { .name = "Orang lain", .nik = "1771011403990001" };

	take_in (net, PESONA, "Dimas", "1771011403990001");
	assert_int_equal (
		desk_intake (net->office[PESONA].desk, &worker, &person, net->problems),
		ERR_CONFLICT);
	assert_true (complains_about (net->problems, "nik"));
}

static void a_child_needs_a_guardian (void **state)
{
	struct network *net = *state;
	struct person person = { .name = "Anak", .birth_date = "2015-06-01" };

	assert_int_equal (
		desk_intake (net->office[PESONA].desk, &worker, &person, net->problems),
		ERR_INVALID);
	assert_true (complains_about (net->problems, "guardian"));
	person.guardian = "Ibu Ratna";
	assert_ok (desk_intake (net->office[PESONA].desk, &worker, &person, NULL));
}

static void a_birth_date_in_the_future_is_refused (void **state)
{
	struct network *net = *state;
	struct person person = { .name = "Budi", .birth_date = "2199-01-01" };

	assert_int_equal (
		desk_intake (net->office[PESONA].desk, &worker, &person, net->problems),
		ERR_INVALID);
	assert_true (complains_about (net->problems, "birth_date"));
}

static void an_auditor_takes_nobody_in (void **state)
{
	struct network *net = *state;
	struct person person = { .name = "Budi" };

	assert_int_equal (desk_intake (net->office[PESONA].desk, &auditor, &person, NULL),
			  ERR_NOT_ALLOWED);
	assert_int_equal (entries_at (net, PESONA), 0);
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		network_test (a_form_with_three_mistakes_names_all_three),
		network_test (a_name_alone_is_enough),
		network_test (a_nik_that_is_known_already_is_a_conflict),
		network_test (a_child_needs_a_guardian),
		network_test (a_birth_date_in_the_future_is_refused),
		network_test (an_auditor_takes_nobody_in),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
