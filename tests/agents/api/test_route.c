/* Routes: every row is found, nothing else is, and docs/API.md lists the same rows. */
#include "tests/agents/api/office.h"

static err_t find (const char *method, const char *path, const struct route **ret_route,
		   char id[64])
{
	char allow[32];

	return route_find (method, path, ret_route, id, allow);
}

/* The pattern with a word in place of its parameter. */
static void sample (const char *pattern, char path[128])
{
	const char *open = strchr (pattern, '{'), *close = strchr (pattern, '}');

	if (open == NULL)
		snprintf (path, 128, "%s", pattern);
	else
		snprintf (path, 128, "%.*sR-2026-0007%s", (int)(open - pattern), pattern,
			  close + 1);
}

static void every_row_is_found_by_its_own_pattern (void **state)
{
	for (size_t i = 0; route_at (i) != NULL; i++) {
		const struct route *found = NULL;
		char path[128], id[64] = "";

		sample (route_at (i)->pattern, path);
		assert_ok (find (route_at (i)->method, path, &found, id));
		assert_ptr_equal (found, route_at (i));
		assert_string_equal (
			id, strchr (found->pattern, '{') != NULL ? "R-2026-0007" : "");
	}
}

static void no_row_stands_twice (void **state)
{
	for (size_t i = 0; route_at (i) != NULL; i++)
		for (size_t j = 0; j < i; j++)
			assert_false (
				strcmp (route_at (i)->pattern, route_at (j)->pattern) ==
					0 &&
				strcmp (route_at (i)->method, route_at (j)->method) == 0);
}

static void paths_that_nearly_match_are_not_found (void **state)
{
	static const char *const paths[] = {
		"",
		"/",
		"/v1",
		"/v1/",
		"/v1/status/",
		"/v1/statu",
		"/v1/statuss",
		"/v2/status",
		"/v1/people/",
		"/v1//people",
		"/v1/referrals//timeline",
		"/V1/status",
		"/v1/referrals/x/y/timeline",
	};

	for (size_t i = 0; i < COUNT_OF (paths); i++) {
		const struct route *found = NULL;
		char id[64] = "";

		assert_int_equal (find ("GET", paths[i], &found, id), ERR_NOT_FOUND);
		assert_null (found);
	}
}

static void an_id_longer_than_any_real_one_is_not_found (void **state)
{
	const struct route *found = NULL;
	char path[128] = "/v1/referrals/", id[64] = "";

	memset (path + strlen (path), 'a', 64);
	assert_int_equal (find ("GET", path, &found, id), ERR_NOT_FOUND);
}

static void a_wrong_method_names_those_that_apply (void **state)
{
	const struct route *found = NULL;
	char id[64], allow[32];

	assert_int_equal (
		route_find ("DELETE", "/v1/people/x/consents", &found, id, allow),
		ERR_USAGE);
	assert_string_equal (allow, "GET, POST");
	assert_int_equal (route_find ("GET", "/v1/imports/x", &found, id, allow), ERR_USAGE);
	assert_string_equal (allow, "POST");
}

static void no_route_takes_personal_data_in_its_address (void **state)
{
	static const char *const words[] = { "name", "nik", "phone", "words" };

	for (size_t i = 0; route_at (i) != NULL; i++)
		for (size_t j = 0; j < COUNT_OF (words); j++)
			assert_null (strstr (route_at (i)->query, words[j]));
}

/* ---- the document
 * ----------------------------------------------------------------------------- */

static char *read_document (void)
{
	FILE *file = fopen (SOURCE_DIR "/docs/API.md", "re");
	char *text = calloc (1, 1 << 18);

	assert_non_null (file);
	assert_true (fread (text, 1, (1 << 18) - 1, file) > 0);
	fclose (file);
	return text;
}

static void every_row_stands_in_the_document (void **state)
{
	char *text = read_document ();

	for (size_t i = 0; route_at (i) != NULL; i++) {
		char row[160];

		snprintf (row, sizeof row, "| %s | `%s` | %d |", route_at (i)->method,
			  route_at (i)->pattern, route_at (i)->status);
		if (strstr (text, row) == NULL)
			fail_msg ("docs/API.md lacks the row %s", row);
	}
	free (text);
}

static void the_document_lists_no_other_row (void **state)
{
	char *text = read_document ();
	size_t rows = 0, routes = 0;

	for (const char *at = text; (at = strstr (at, "| `/v1/")) != NULL; at++)
		rows++;
	while (route_at (routes) != NULL)
		routes++;
	assert_int_equal (rows, routes);
	free (text);
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (every_row_is_found_by_its_own_pattern),
		cmocka_unit_test (no_row_stands_twice),
		cmocka_unit_test (paths_that_nearly_match_are_not_found),
		cmocka_unit_test (an_id_longer_than_any_real_one_is_not_found),
		cmocka_unit_test (a_wrong_method_names_those_that_apply),
		cmocka_unit_test (no_route_takes_personal_data_in_its_address),
		cmocka_unit_test (every_row_stands_in_the_document),
		cmocka_unit_test (the_document_lists_no_other_row),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
