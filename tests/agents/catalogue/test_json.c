/* The JSON door refuses what is not JSON with line and column, and never runs deep. */
#include "tests/agents/catalogue/folder.h"

#include "agents/json.h"

static err_t read_text_of (const char *text, json_t **ret_value, problems_t *problems)
{
	return json_read (bytes_of_text (text), ret_value, problems);
}

static void a_document_is_read_and_printed_in_its_own_order (void **state)
{
	OWNED (problems) problems = problems_new ();
	json_t *value = NULL;
	char *text;

	assert_int_equal (read_text_of ("{\"z\": 1, \"a\": [true, null, \"\xc3\xa9\"]}", &value,
					problems), ERR_OK);
	text = json_text (value, false);
	assert_string_equal (text, "{\"z\":1,\"a\":[true,null,\"\xc3\xa9\"]}");
	free (text);
	text = json_text (value, true);
	assert_non_null (strstr (text, "\n  \"a\": ["));
	free (text);
	json_decref (value);
}

static void members_are_looked_up_with_a_fallback (void **state)
{
	json_t *value = NULL;

	assert_int_equal (read_text_of ("{\"t\": \"x\", \"n\": -7, \"f\": true, \"none\": null, \"r\": 1.5}",
					&value, NULL), ERR_OK);
	assert_string_equal (json_get_text (value, "t"), "x");
	assert_null (json_get_text (value, "n"));
	assert_null (json_get_text (value, "none"));
	assert_null (json_get_text (value, "missing"));
	assert_int_equal (json_get_number (value, "n", 3), -7);
	assert_int_equal (json_get_number (value, "r", 3), 3);
	assert_int_equal (json_get_number (value, "t", 3), 3);
	assert_true (json_get_flag (value, "f", false));
	assert_true (json_get_flag (value, "none", true));
	json_decref (value);
}

struct bad {
	const char *text, *complaint;
};

static const struct bad bads[] = {
	{ "", "line" },
	{ "{\"a\": 1,}", "line 1" },
	{ "{\n\"a\": 1,\n\"a\": 2}", "line 3, column 3: one name stands twice" },
	{ "{\"a\": \"\xff\"}", "not valid UTF-8" },
	{ "{} {}", "something follows" },
	{ "{\"a\": \"\\u0000\"}", "NUL" },
	{ "[1e999]", "too large" },
	{ "{\"a\"", "ends too early" },
	{ "7", "line 1" },
};

static void what_is_not_json_is_refused_with_line_and_column (void **state)
{
	for (size_t i = 0; i < COUNT_OF (bads); i++) {
		OWNED (problems) problems = problems_new ();
		json_t *value = NULL;

		assert_int_equal (read_text_of (bads[i].text, &value, problems), ERR_MALFORMED);
		assert_null (value);
		if (!complains (problems, bads[i].complaint))
			show_complaints (problems);
		assert_true (complains (problems, bads[i].complaint));
	}
}

static void nesting_stops_at_the_limit_and_brackets_in_texts_do_not_count (void **state)
{
	OWNED (problems) problems = problems_new ();
	json_t *value = NULL;
	char deep[2 * LIMIT_JSON_DEPTH + 3];

	memset (deep, '[', LIMIT_JSON_DEPTH);
	memset (deep + LIMIT_JSON_DEPTH, ']', LIMIT_JSON_DEPTH);
	deep[2 * LIMIT_JSON_DEPTH] = '\0';
	assert_int_equal (read_text_of (deep, &value, problems), ERR_OK);
	json_decref (value);
	memset (deep, '[', LIMIT_JSON_DEPTH + 1);
	memset (deep + LIMIT_JSON_DEPTH + 1, ']', LIMIT_JSON_DEPTH + 1);
	deep[2 * LIMIT_JSON_DEPTH + 2] = '\0';
	assert_int_equal (read_text_of (deep, &value, problems), ERR_MALFORMED);
	assert_true (complains (problems, "deeper than 16"));
	assert_int_equal (read_text_of ("[\"[[[[[[[[[[[[[[[[[[[\\\"[[\"]", &value, NULL), ERR_OK);
	json_decref (value);
}

static void a_file_that_is_not_there_is_named (void **state)
{
	OWNED (problems) problems = problems_new ();
	json_t *value = NULL;

	assert_int_not_equal (json_read_file ("/nonexistent/form.json", &value, problems), ERR_OK);
	assert_true (complains (problems, "/nonexistent/form.json"));
}

static void more_bytes_than_a_file_may_have_are_refused_unread (void **state)
{
	OWNED (problems) problems = problems_new ();
	size_t size = LIMIT_FILE_BYTES + 1;
	uint8_t *spaces = must_alloc (size);
	json_t *value = NULL;

	memset (spaces, ' ', size);
	assert_int_equal (json_read ((struct bytes){ spaces, size }, &value, problems),
			  ERR_TOO_LARGE);
	free (spaces);
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (a_document_is_read_and_printed_in_its_own_order),
		cmocka_unit_test (members_are_looked_up_with_a_fallback),
		cmocka_unit_test (what_is_not_json_is_refused_with_line_and_column),
		cmocka_unit_test (nesting_stops_at_the_limit_and_brackets_in_texts_do_not_count),
		cmocka_unit_test (a_file_that_is_not_there_is_named),
		cmocka_unit_test (more_bytes_than_a_file_may_have_are_refused_unread),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
