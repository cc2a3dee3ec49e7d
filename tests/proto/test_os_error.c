#include "tests/support/unit.h"

#include <errno.h>
#include <string.h>

#include "proto/os_error.h"

static void a_known_reason_is_said_in_both_languages (void **state)
{
	char text[OS_ERROR_TEXT];

	assert_string_equal (os_error_id (EACCES, text), "tidak ada hak akses");
	assert_string_equal (os_error_en (EACCES, text), "permission denied");
	assert_string_equal (os_error_id (ENOSPC, text), "disk penuh");
	assert_string_equal (os_error_en (ENOSPC, text), "the disk is full");
}

static void an_unknown_reason_is_a_number (void **state)
{
	char text[OS_ERROR_TEXT];

	assert_string_equal (os_error_id (12345, text), "kesalahan sistem nomor 12345");
	assert_string_equal (os_error_en (12345, text), "system error number 12345");
}

static void a_problem_ends_in_its_reason (void **state)
{
	OWNED (problems) problems = problems_new ();

	assert_int_equal (problems_add_os (problems, ERR_FILE, "--folder", ENOENT,
					   "folder %s tidak dapat dibuka",
					   "the folder %s can't be opened", quoted ("x")),
			  ERR_FILE);
	assert_string_equal (problems_at (problems, 0)->field, "--folder");
	assert_string_equal (problems_at (problems, 0)->text_id,
			     "folder \"x\" tidak dapat dibuka (berkas atau folder tidak ada)");
	assert_string_equal (problems_at (problems, 0)->text_en,
			     "the folder \"x\" can't be opened (no such file or folder)");
}

static void a_long_sentence_keeps_its_reason (void **state)
{
	OWNED (problems) problems = problems_new ();
	char name[600];

	memset (name, 'a', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	(void)problems_add_os (problems, ERR_FILE, "", EACCES, "%s", "%s", name);
	assert_non_null (strstr (problems_at (problems, 0)->text_id, "(tidak ada hak akses)"));
	assert_non_null (strstr (problems_at (problems, 0)->text_en, "(permission denied)"));
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (a_known_reason_is_said_in_both_languages),
		cmocka_unit_test (an_unknown_reason_is_a_number),
		cmocka_unit_test (a_problem_ends_in_its_reason),
		cmocka_unit_test (a_long_sentence_keeps_its_reason),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
