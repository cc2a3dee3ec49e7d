/* Quotas of single agencies, as the hub's configuration gives them. */
#include "tests/support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hub/options.h"
#include "hub/quota.h"

static char path[] = "/tmp/jembatan-quota-XXXXXX";

/* The hub's file with these lines below `quota`. */
static config_t *configured (const char *lines)
{
	OWNED (problems) problems = problems_new ();
	FILE *file = fopen (path, "we");
	config_t *config = NULL;

	assert_non_null (file);
	fprintf (file, "hub\n    id = bengkulu\n    keys = /k\n    data = /d\n"
		       "    directory = /f\n    control = /c\nquota\n%s", lines);
	fclose (file);
	assert_int_equal (config_load (path, hub_options, &config, problems), ERR_OK);
	return config;
}

static struct agency_id agency (const char *text)
{
	struct agency_id id;

	assert_int_equal (agency_id_parse (text, &id), ERR_OK);
	return id;
}

static void an_agency_has_its_own_quotas_and_the_usual_ones_besides (void **state)
{
	OWNED (config) config = configured ("    letters = 50\n    agencies\n        rsk-soeprapto\n"
					    "            bytes = 4g\n            per_minute = 600\n"
					    "        lapas-bengkulu\n            letters = 7\n");
	OWNED (quotas) quotas = NULL;
	struct agency_id hospital = agency ("rsk-soeprapto"), prison = agency ("lapas-bengkulu");
	struct agency_id other = agency ("ipwl-pesona");

	(void)state;
	assert_int_equal (quotas_read (config, &quotas, NULL), ERR_OK);
	assert_int_equal (quotas_own (quotas, &hospital)->letters, 50);
	assert_int_equal (quotas_own (quotas, &hospital)->bytes, INT64_C (4) << 30);
	assert_int_equal (quotas_own (quotas, &hospital)->blob_bytes, INT64_C (1) << 30);
	assert_int_equal (quotas_own (quotas, &hospital)->per_minute, 600);
	assert_int_equal (quotas_own (quotas, &prison)->letters, 7);
	assert_int_equal (quotas_own (quotas, &prison)->per_minute, 0);
	assert_null (quotas_own (quotas, &other));
	assert_int_equal (quota_usual (config).letters, 50);
}

/* clang-format off */
static const struct { const char *lines, *quoted; } mistakes[] = {
	{ "        Rumah-Sakit\n            letters = 5\n",           "Rumah-Sakit" },
	{ "        rsk-soeprapto = 5\n",                              "rsk-soeprapto" },
	{ "        rsk-soeprapto\n            surat = 5\n",           "surat" },
	{ "        rsk-soeprapto\n            letters = banyak\n",    "banyak" },
	{ "        rsk-soeprapto\n            letters = 0\n",         "0" },
	{ "        rsk-soeprapto\n            bytes = 3x\n",          "3x" },
	{ "        rsk-soeprapto\n            letters = 5\n"
	  "        rsk-soeprapto\n            bytes = 2m\n",          "rsk-soeprapto" },
};
/* clang-format on */

static void a_bad_entry_is_answered_with_a_sentence_that_quotes_it (void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF (mistakes); i++) {
		OWNED (problems) problems = problems_new ();
		OWNED (quotas) quotas = NULL;
		char lines[256];

		snprintf (lines, sizeof lines, "    agencies\n%s", mistakes[i].lines);
		OWNED (config) config = configured (lines);

		assert_int_equal (quotas_read (config, &quotas, problems), ERR_CONFIG);
		assert_null (quotas);
		assert_int_equal (problems_count (problems), 1);
		assert_non_null (strstr (problems_at (problems, 0)->text_id, mistakes[i].quoted));
		assert_non_null (strstr (problems_at (problems, 0)->text_en, mistakes[i].quoted));
	}
}

/* What --check-config prints, read again, is the same. */
static void the_list_is_printed_as_it_is_read (void **state)
{
	OWNED (config) config = configured ("    agencies\n        rsk-soeprapto\n"
					    "            bytes = 4g\n            letters = 9\n");
	OWNED (config) again = NULL;
	OWNED (quotas) quotas = NULL;
	struct agency_id hospital = agency ("rsk-soeprapto");
	FILE *file = fopen (path, "we");
	size_t at = 0;

	(void)state;
	config_print (config, file);
	fclose (file);
	assert_int_equal (config_load (path, hub_options, &again, NULL), ERR_OK);
	assert_null (config_changed (config, again, &at));
	assert_int_equal (quotas_read (again, &quotas, NULL), ERR_OK);
	assert_int_equal (quotas_own (quotas, &hospital)->letters, 9);
}

static void another_figure_for_one_agency_is_a_change (void **state)
{
	OWNED (config) before = configured ("    agencies\n        rsk-soeprapto\n"
					    "            letters = 9\n");
	OWNED (config) now = configured ("    agencies\n        rsk-soeprapto\n"
					 "            letters = 8\n");
	size_t at = 0;

	(void)state;
	assert_string_equal (config_changed (before, now, &at), "quota/agencies");
}

static int setup (void **state)
{
	int fd = mkstemp (path);

	(void)state;
	return fd >= 0 ? close (fd) : -1;
}

static int teardown (void **state)
{
	(void)state;
	return unlink (path);
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (an_agency_has_its_own_quotas_and_the_usual_ones_besides),
		cmocka_unit_test (a_bad_entry_is_answered_with_a_sentence_that_quotes_it),
		cmocka_unit_test (the_list_is_printed_as_it_is_read),
		cmocka_unit_test (another_figure_for_one_agency_is_a_change),
	};

	return cmocka_run_group_tests (tests, setup, teardown);
}
