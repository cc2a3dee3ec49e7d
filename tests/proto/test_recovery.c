/* Keys on paper: every slip is noticed, and named by its line. */
#include "tests/support/unit.h"

#include <string.h>

#include "proto/recovery.h"

#define assert_ok(expression) assert_int_equal ((expression), ERR_OK)

static void make_key (uint8_t key[32])
{
	for (size_t i = 0; i < 32; i++)
		key[i] = (uint8_t)(i * 37 + 11);
}

static void a_line_reads_back_however_it_is_spaced (void **state)
{
	static const char *const forms[] = { "%s", "  %s  ", "%s\n" };
	char line[RECOVERY_LINE_TEXT], typed[RECOVERY_LINE_TEXT + 8];
	uint8_t key[32], got[8];

	make_key (key);
	for (unsigned number = 1; number <= RECOVERY_LINES; number++) {
		recovery_line ('L', number, key, line);
		for (size_t i = 0; i < COUNT_OF (forms); i++) {
			snprintf (typed, sizeof typed, forms[i], line);
			assert_ok (recovery_read_line ('L', number, typed, got));
			assert_memory_equal (got, key + 8 * (number - 1), 8);
		}
		assert_ok (recovery_read_line ('L', number, line + 4, got));
	}
}

static void capitals_hyphens_and_letters_for_digits_are_understood (void **state)
{
	uint8_t key[32] = { 0x01, 0x10, 0xab }, got[8];
	char line[RECOVERY_LINE_TEXT], typed[64];
	size_t to = 0;

	recovery_line ('B', 1, key, line);
	for (const char *at = line + 4; *at != '\0'; at++) {
		char c = *at == '0' ? 'O' : *at == '1' ? 'l' : *at == ' ' ? '-' : *at;

		typed[to++] = c >= 'a' && c <= 'f' ? (char)(c - 32) : c;
	}
	typed[to] = '\0';
	assert_ok (recovery_read_line ('B', 1, typed, got));
	assert_memory_equal (got, key, 8);
}

static void every_wrong_digit_is_noticed (void **state)
{
	char line[RECOVERY_LINE_TEXT];
	uint8_t key[32], got[8];

	make_key (key);
	recovery_line ('L', 2, key, line);
	for (char *at = line + 4; *at != '\0'; at++) {
		char right = *at;

		if (right == ' ')
			continue;
		for (const char *wrong = "0123456789abcdefg"; *wrong != '\0'; wrong++) {
			*at = *wrong;
			assert_int_equal (recovery_read_line ('L', 2, line, got),
					  *wrong == right ? ERR_OK : ERR_INVALID);
		}
		*at = right;
	}
}

static void a_line_of_another_place_or_key_is_refused (void **state)
{
	char line[RECOVERY_LINE_TEXT];
	uint8_t key[32], got[8];

	make_key (key);
	recovery_line ('L', 1, key, line);
	assert_int_equal (recovery_read_line ('L', 2, line + 4, got), ERR_INVALID);
	assert_int_equal (recovery_read_line ('B', 1, line + 4, got), ERR_INVALID);
	assert_int_equal (recovery_read_line ('L', 1, "", got), ERR_INVALID);
	line[strlen (line) - 1] = '\0';
	assert_int_equal (recovery_read_line ('L', 1, line, got), ERR_INVALID);
}

static FILE *file_of (const char *text)
{
	FILE *file = tmpfile ();

	fputs (text, file);
	rewind (file);
	return file;
}

static void a_file_names_all_wrong_lines_and_no_other (void **state)
{
	OWNED (problems) problems = problems_new ();
	uint8_t key[32], got[32] = { 0 };
	const struct recovery_key wanted = { 'C', got };
	char text[512] = "# kunci cadangan\n\n", line[RECOVERY_LINE_TEXT];
	FILE *file;

	make_key (key);
	for (unsigned number = 1; number <= RECOVERY_LINES; number++) {
		recovery_line ('C', number, key, line);
		line[8] = number % 2 == 0 ? (line[8] == 'a' ? 'b' : 'a') : line[8];
		strcat (strcat (text, line), "\n");
	}
	file = file_of (text);
	assert_int_equal (recovery_read (file, &wanted, 1, problems), ERR_INVALID);
	fclose (file);
	assert_int_equal (problems_count (problems), 2);
	assert_string_equal (problems_at (problems, 0)->field, "C2");
	assert_string_equal (problems_at (problems, 1)->field, "C4");
}

static void a_line_too_few_or_too_many_is_said (void **state)
{
	OWNED (problems) problems = problems_new ();
	uint8_t key[32], got[32] = { 0 };
	const struct recovery_key wanted = { 'C', got };
	char text[512] = "", line[RECOVERY_LINE_TEXT];
	FILE *file;

	make_key (key);
	for (unsigned number = 1; number <= RECOVERY_LINES; number++) {
		file = file_of (text);
		assert_int_equal (recovery_read (file, &wanted, 1, problems), ERR_MALFORMED);
		fclose (file);
		strcat (strcat (text, recovery_line ('C', number, key, line)), "\n");
	}
	file = file_of (text);
	assert_ok (recovery_read (file, &wanted, 1, problems));
	assert_memory_equal (got, key, sizeof key);
	fclose (file);
	file = file_of (strcat (text, "sisa\n"));
	assert_int_equal (recovery_read (file, &wanted, 1, problems), ERR_MALFORMED);
	fclose (file);
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (a_line_reads_back_however_it_is_spaced),
		cmocka_unit_test (capitals_hyphens_and_letters_for_digits_are_understood),
		cmocka_unit_test (every_wrong_digit_is_noticed),
		cmocka_unit_test (a_line_of_another_place_or_key_is_refused),
		cmocka_unit_test (a_file_names_all_wrong_lines_and_no_other),
		cmocka_unit_test (a_line_too_few_or_too_many_is_said),
	};

	assert_ok (keys_start ());
	return cmocka_run_group_tests (tests, NULL, NULL);
}
