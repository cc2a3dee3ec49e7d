#include "tests/support/unit.h"

#include <stdio.h>
#include <string.h>

#include "jembatan/problem.h"
#include "proto/text.h"

static void all_problems_are_kept_in_order (void **state)
{
	OWNED (problems) problems = problems_new ();

	assert_int_equal (problems_err (problems), ERR_OK);
	assert_int_equal (problems_add (problems, ERR_INVALID, "nik", "NIK %d digit", "NIK %d digits",
					16),
			  ERR_INVALID);
	(void)problems_add_texts (problems, ERR_NO_RULE, "rule", "50% isi", "50% content");
	assert_int_equal (problems_count (problems), 2);
	assert_int_equal (problems_err (problems), ERR_INVALID);
	assert_string_equal (problems_at (problems, 0)->text_id, "NIK 16 digit");
	assert_string_equal (problems_at (problems, 0)->text_en, "NIK 16 digits");
	assert_string_equal (problems_at (problems, 1)->field, "rule");
	assert_string_equal (problems_at (problems, 1)->text_en, "50% content");
	assert_null (problems_at (problems, 2));
}

static void beyond_the_limit_problems_are_only_counted (void **state)
{
	OWNED (problems) problems = problems_new ();

	for (unsigned i = 0; i < LIMIT_PROBLEMS + 10; i++)
		problems_add (problems, ERR_INVALID, NULL, "%u", "%u", i);
	assert_int_equal (problems_count (problems), LIMIT_PROBLEMS + 10);
	assert_non_null (problems_at (problems, LIMIT_PROBLEMS - 1));
	assert_null (problems_at (problems, LIMIT_PROBLEMS));
}

static void a_check_may_end_with_adding_to_no_list (void **state)
{
	assert_int_equal (problems_add (NULL, ERR_USAGE, "x", "a", "b"), ERR_USAGE);
}

static void a_long_text_is_cut_between_characters (void **state)
{
	OWNED (problems) problems = problems_new ();
	char text[1000] = "x";

	for (size_t i = 1; i + 2 < sizeof text; i += 2)
		memcpy (text + i, "\xc3\xa9", 3);
	problems_add (problems, ERR_INVALID, "f", "%s", "x%s", text);
	assert_true (text_is_line (bytes_of_text (problems_at (problems, 0)->text_id)));
	assert_true (text_is_line (bytes_of_text (problems_at (problems, 0)->text_en)));
}

static void quoting_shows_what_can_not_be_seen (void **state)
{
	assert_string_equal (quoted ("17.71"), "\"17.71\"");
	assert_string_equal (quoted (""), "\"\"");
	assert_string_equal (quoted ("a\nb\x7f"), "\"a\\x0Ab\\x7F\"");
	assert_string_equal (quoted ("\xff\xc3"), "\"\\xFF\\xC3\"");
	assert_string_equal (quoted ("\xc2\x9b"), "\"\\xC2\\x9B\"");
	assert_string_equal (quoted ("kafé"), "\"kafé\"");
	assert_string_equal (quoted ("a\"b\\"), "\"a\\\"b\\\\\"");
}

static void quoting_cuts_at_sixty_characters (void **state)
{
	char sixty[61], more[62];

	memset (sixty, 'k', 60);
	sixty[60] = '\0';
	snprintf (more, sizeof more, "%sx", sixty);
	assert_int_equal (strlen (quoted (sixty)), 62);
	assert_int_equal (strlen (quoted (more)), 65);
	assert_string_equal (quoted (more) + 61, "...\"");
}

static void eight_quotations_live_at_once (void **state)
{
	const char *kept[8];
	char text[16];

	for (int i = 0; i < 8; i++) {
		snprintf (text, sizeof text, "%d", i);
		kept[i] = quoted (text);
	}
	for (int i = 0; i < 8; i++) {
		snprintf (text, sizeof text, "\"%d\"", i);
		assert_string_equal (kept[i], text);
	}
}

static void utf8_is_checked_as_the_rfc_says (void **state)
{
	static const char *const good[] = { "", "a", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x8c\x89",
					    "\xf4\x8f\xbf\xbf", "\xed\x9f\xbf" };
	static const char *const bad[] = { "\x80", "\xc3", "\xc0\xaf", "\xe0\x80\x80", "\xed\xa0\x80",
					   "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xe2\x82",
					   "\x01", "\x7f", "\xc2\x85", "\r" };

	for (size_t i = 0; i < COUNT_OF (good); i++)
		assert_true (text_is_clean (bytes_of_text (good[i])));
	for (size_t i = 0; i < COUNT_OF (bad); i++)
		assert_false (text_is_clean (bytes_of_text (bad[i])));
	assert_true (text_is_clean (bytes_of_text ("a\n\tb")));
	assert_false (text_is_line (bytes_of_text ("a\nb")));
	assert_false (text_is_clean ((struct bytes){ (const uint8_t *)"a\0b", 3 }));
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (all_problems_are_kept_in_order),
		cmocka_unit_test (beyond_the_limit_problems_are_only_counted),
		cmocka_unit_test (a_check_may_end_with_adding_to_no_list),
		cmocka_unit_test (a_long_text_is_cut_between_characters),
		cmocka_unit_test (quoting_shows_what_can_not_be_seen),
		cmocka_unit_test (quoting_cuts_at_sixty_characters),
		cmocka_unit_test (eight_quotations_live_at_once),
		cmocka_unit_test (utf8_is_checked_as_the_rfc_says),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
