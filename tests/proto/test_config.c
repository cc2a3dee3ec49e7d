#include "tests/support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "jembatan/config.h"

static const struct option table[] = {
	{ "agency", OPTION_AGENCY, NULL, 0, 0, "Who we are." },
	{ "data", OPTION_PATH, "data", 0, 0, "Where the ledger is." },
	{ "hub/endpoint", OPTION_ENDPOINT, "tcp://127.0.0.1:5670", 0, 0, "Where the hub listens." },
	{ "hub/retry", OPTION_DURATION, "1s", 100, 60000, "How long to wait." },
	{ "limits/cache", OPTION_SIZE, "64k", 0, 1 << 30, "How much to keep." },
	{ "limits/threads", OPTION_NUMBER, "2", 1, 8, "How many threads." },
	{ "verbose", OPTION_FLAG, "no", 0, 0, "Whether to say more." },
	{ "title", OPTION_TEXT, "", 0, 0, "What to show." },
	{ "users", OPTION_LIST, "", 0, 0, "Who may use it." },
	{ .key = NULL },
};

static char folder[] = "/tmp/test_config_XXXXXX";
static char path[128];

static void write_file (const char *text, size_t len)
{
	FILE *file = fopen (path, "wbe");

	assert_non_null (file);
	assert_int_equal (fwrite (text, 1, len, file), len);
	fclose (file);
}

static err_t load (const char *text, config_t **ret_config, problems_t *problems)
{
	write_file (text, strlen (text));
	return config_load (path, table, ret_config, problems);
}

static void a_file_gives_its_values_and_the_rest_falls_back (void **state)
{
	OWNED (problems) problems = problems_new ();
	OWNED (config) config = NULL;
	const char *name, *value;
	char data[128];

	assert_int_equal (load ("# comment\n"
				"agency = ipwl-pesona\r\n"
				"hub\n"
				"    endpoint = \"tcp://hub.example.id:443\" # port 443\n"
				"    retry = 30s\n"
				"limits\n"
				"    cache = 2m\n"
				"verbose = yes\n"
				"users\n"
				"    rina = caseworker\n"
				"    budi = \"supervisor, auditor\"\n",
				&config, problems),
			  ERR_OK);
	assert_int_equal (problems_count (problems), 0);
	assert_string_equal (config_text (config, "agency"), "ipwl-pesona");
	assert_string_equal (config_text (config, "hub/endpoint"), "tcp://hub.example.id:443");
	assert_int_equal (config_number (config, "hub/retry"), 30000);
	assert_int_equal (config_number (config, "limits/cache"), 2 << 20);
	assert_int_equal (config_number (config, "limits/threads"), 2);
	assert_true (config_flag (config, "verbose"));
	assert_string_equal (config_text (config, "title"), "");
	snprintf (data, sizeof data, "%s/data", folder);
	assert_string_equal (config_text (config, "data"), data);
	assert_true (config_list (config, "users", 1, &name, &value));
	assert_string_equal (name, "budi");
	assert_string_equal (value, "supervisor, auditor");
	assert_false (config_list (config, "users", 2, &name, &value));
}

/* What the person who made the mistake must find in the complaint. */
static void expect_problem (const char *text, const char *field, const char *quotes,
			    const char *advises)
{
	OWNED (problems) problems = problems_new ();
	config_t *config = NULL;
	const struct problem *problem;

	assert_int_equal (load (text, &config, problems), ERR_CONFIG);
	assert_null (config);
	assert_int_equal (problems_count (problems), 1);
	problem = problems_at (problems, 0);
	assert_string_equal (problem->field, field);
	assert_non_null (strstr (problem->text_id, quotes));
	assert_non_null (strstr (problem->text_en, quotes));
	assert_non_null (strstr (problem->text_en, advises));
}

static void each_mistake_is_quoted_with_what_is_allowed (void **state)
{
	expect_problem ("agency = bnn\nhubb = x\n", "hubb", "\"hubb\"", "line 2");
	expect_problem ("agency = bnn\nhub\n    endpont = x\n", "hub/endpont", "\"x\"",
			"\"hub/endpoint\"");
	expect_problem ("agency = BNN\n", "agency", "\"BNN\"", "lower-case");
	expect_problem ("agency =\n", "agency", "\"\"", "lower-case");
	expect_problem ("title = x\n", "agency", "\"agency\"", "must be given");
	expect_problem ("agency = bnn\nverbose = true\n", "verbose", "\"true\"", "yes or no");
	expect_problem ("agency = bnn\nlimits\n    threads = 9\n", "limits/threads", "\"9\"",
			"from 1 to 8");
	expect_problem ("agency = bnn\nlimits\n    threads = two\n", "limits/threads", "\"two\"",
			"from 1 to 8");
	expect_problem ("agency = bnn\nlimits\n    cache = 2t\n", "limits/cache", "\"2t\"", "64m");
	expect_problem ("agency = bnn\nlimits\n    cache = 999999999g\n", "limits/cache",
			"\"999999999g\"", "1g");
	expect_problem ("agency = bnn\nhub\n    retry = 5\n", "hub/retry", "\"5\"",
			"from 100ms to 1m");
	expect_problem ("agency = bnn\nhub\n    retry = 5h\n", "hub/retry", "\"5h\"", "1m");
	expect_problem ("agency = bnn\nhub\n    endpoint = hub:5670\n", "hub/endpoint",
			"\"hub:5670\"", "tcp://");
	expect_problem ("agency = bnn\nhub\n    endpoint = tcp://hub:99999\n", "hub/endpoint",
			"\"tcp://hub:99999\"", "tcp://");
	expect_problem ("agency = bnn\nagency = bnp\n", "agency", "\"bnp\"", "line 1");
	expect_problem ("agency = bnn\nusers = rina\n", "users", "\"rina\"", "list");
	expect_problem ("agency = bnn\nhub = x\n", "hub", "\"x\"", "unknown");
}

static void broken_lines_are_named_by_number_and_quoted (void **state)
{
	expect_problem ("agency = bnn\n  verbose = yes\n", "line 2", "\"  verbose = yes\"", "four");
	expect_problem ("agency = bnn\n        verbose = yes\n", "line 2", "verbose", "one level");
	expect_problem ("agency = bnn\n\tverbose = yes\n", "line 2", "verbose", "tabs");
	expect_problem ("agency = \"bnn\n", "line 1", "agency", "closing quote");
	expect_problem ("agency = \"bnn\" x\n", "line 1", "agency", "comment");
	expect_problem ("agency: bnn\n", "line 1", "\"agency: bnn\"", "name = value");
	expect_problem ("agency = bnn\n  # odd\n", "line 2", "# odd", "four");
	expect_problem ("hub/ = bnn\n", "line 1", "\"hub/ = bnn\"", "name = value");
	expect_problem ("= bnn\n", "line 1", "\"= bnn\"", "name = value");
	expect_problem ("agency = b\x01n\n", "line 1", "\\x01", "UTF-8");
	expect_problem ("agency = b\xffn\n", "line 1", "\\xFF", "UTF-8");
}

static void all_mistakes_of_a_file_are_reported_together (void **state)
{
	OWNED (problems) problems = problems_new ();
	config_t *config = NULL;

	assert_int_equal (load ("agency = 1\nverbose = maybe\nnonsense = 2\n", &config, problems),
			  ERR_CONFIG);
	assert_int_equal (problems_count (problems), 3);
}

static void an_empty_file_misses_only_what_must_be_given (void **state)
{
	expect_problem ("", "agency", "\"agency\"", "must be given");
	expect_problem ("# nothing\n\n", "agency", "\"agency\"", "must be given");
}

static void a_missing_or_binary_file_is_named (void **state)
{
	OWNED (problems) problems = problems_new ();
	config_t *config = NULL;

	assert_int_equal (config_load ("/nonexistent/agent.cfg", table, &config, problems),
			  ERR_CONFIG);
	assert_non_null (strstr (problems_at (problems, 0)->text_en, "/nonexistent/agent.cfg"));
	write_file ("agency = bnn\0\n", 14);
	assert_int_equal (config_load (path, table, &config, problems), ERR_CONFIG);
	assert_int_equal (problems_count (problems), 2);
}

static void what_is_printed_reads_back_as_the_same (void **state)
{
	OWNED (problems) problems = problems_new ();
	OWNED (config) config = NULL;
	OWNED (config) again = NULL;
	char *printed = NULL;
	size_t len;
	FILE *out = open_memstream (&printed, &len);
	const char *name, *value;

	assert_int_equal (load ("agency = bnn\ntitle = 'say \"hi\" # now'\nhub\n    retry = 2s\n"
				"users\n    rina = caseworker\n",
				&config, problems),
			  ERR_OK);
	config_print (config, out);
	fclose (out);
	assert_non_null (strstr (printed, "# How long to wait."));
	assert_non_null (strstr (printed, "line 4"));
	assert_non_null (strstr (printed, "default"));
	assert_int_equal (load (printed, &again, problems), ERR_OK);
	for (size_t i = 0; table[i].key != NULL; i++) {
		assert_string_equal (config_text (config, table[i].key),
				     config_text (again, table[i].key));
		assert_int_equal (config_number (config, table[i].key),
				  config_number (again, table[i].key));
	}
	assert_true (config_list (again, "users", 0, &name, &value));
	assert_string_equal (value, "caseworker");
	free (printed);
}

static int make_folder (void **state)
{
	if (mkdtemp (folder) == NULL)
		return -1;
	snprintf (path, sizeof path, "%s/agent.cfg", folder);
	return 0;
}

static int remove_folder (void **state)
{
	unlink (path);
	return rmdir (folder);
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (a_file_gives_its_values_and_the_rest_falls_back),
		cmocka_unit_test (each_mistake_is_quoted_with_what_is_allowed),
		cmocka_unit_test (broken_lines_are_named_by_number_and_quoted),
		cmocka_unit_test (all_mistakes_of_a_file_are_reported_together),
		cmocka_unit_test (an_empty_file_misses_only_what_must_be_given),
		cmocka_unit_test (a_missing_or_binary_file_is_named),
		cmocka_unit_test (what_is_printed_reads_back_as_the_same),
	};

	return cmocka_run_group_tests (tests, make_folder, remove_folder);
}
