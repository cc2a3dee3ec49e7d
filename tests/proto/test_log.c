#include "tests/support/unit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "jembatan/log.h"

/* What one log call writes to standard error. */
struct capture {
	int saved, read_end;
	char text[4096];
};

static void capture_start (struct capture *capture)
{
	int ends[2];

	assert_int_equal (pipe (ends), 0);
	capture->saved = dup (STDERR_FILENO);
	capture->read_end = ends[0];
	dup2 (ends[1], STDERR_FILENO);
	close (ends[1]);
}

static const char *capture_end (struct capture *capture)
{
	ssize_t len;

	dup2 (capture->saved, STDERR_FILENO);
	close (capture->saved);
	len = read (capture->read_end, capture->text, sizeof capture->text - 1);
	capture->text[len > 0 ? len : 0] = '\0';
	close (capture->read_end);
	return capture->text;
}

static void a_line_is_time_level_event_and_fields (void **state)
{
	struct agency_id agency = { "ipwl-pesona" };
	struct letter_id id = { { 0x01, 0x92 } };
	struct capture capture;
	const char *line;

	capture_start (&capture);
	LOG (WARN, "letter.refused", LOG_A ("from", &agency), LOG_U ("id", id), LOG_N ("dseq", -12),
	     LOG_W ("check", "fresh"), LOG_E (ERR_CLOCK_SKEW), LOG_P ("file", "/var/lib/a b"));
	line = capture_end (&capture);
	assert_int_equal (line[10], 'T');
	assert_string_equal (line + 20,
			     " warn letter.refused from=ipwl-pesona "
			     "id=01920000-0000-0000-0000-000000000000 dseq=-12 check=fresh "
			     "error=CLOCK_SKEW file=/var/lib/a?b\n");
}

static void an_event_needs_no_fields (void **state)
{
	struct capture capture;

	capture_start (&capture);
	LOG (INFO, "hub.started");
	assert_string_equal (capture_end (&capture) + 20, " info hub.started\n");
}

static void no_odd_character_can_be_printed (void **state)
{
	char odd[256];
	struct agency_id agency = { "a\nb \x1b[31m" };
	struct capture capture;
	const char *line;

	for (int i = 1; i < 256; i++)
		odd[i - 1] = (char)i;
	odd[255] = '\0';
	capture_start (&capture);
	LOG (INFO, odd, LOG_W ("a b\n=", odd), LOG_W ("rest", odd + 64), LOG_W ("more", odd + 128),
	     LOG_A ("agency", &agency), LOG_P ("path", odd));
	line = capture_end (&capture);
	assert_int_equal (strcspn (line, "\n"), strlen (line) - 1);
	for (const char *at = line; at[1] != '\0'; at++)
		assert_in_range (*at, ' ', '~');
}

static void a_canary_with_spaces_and_quotes_does_not_come_through (void **state)
{
	struct capture capture;
	const char *line;

	capture_start (&capture);
	LOG (INFO, "x", LOG_W ("word", "Dewi \"Sartika\" (27)"));
	line = capture_end (&capture);
	assert_null (strstr (line, "Dewi \"Sartika\""));
	assert_non_null (strstr (line, "word=Dewi??Sartika???27?\n"));
}

static void a_word_is_cut_and_a_long_line_still_ends (void **state)
{
	char word[400];
	struct capture capture;
	const char *line;

	memset (word, 'w', sizeof word - 1);
	word[sizeof word - 1] = '\0';
	capture_start (&capture);
	LOG (INFO, "x", LOG_W ("w", word));
	line = capture_end (&capture);
	assert_int_equal (strlen (strstr (line, "w=")), 2 + 64 + 1);
	capture_start (&capture);
	LOG (INFO, "x", LOG_P ("1", word), LOG_P ("2", word), LOG_P ("3", word), LOG_P ("4", word),
	     LOG_P ("5", word), LOG_P ("6", word), LOG_P ("7", word), LOG_P ("8", word),
	     LOG_P ("9", word), LOG_P ("10", word));
	line = capture_end (&capture);
	assert_int_equal (line[strlen (line) - 1], '\n');
	assert_true (strlen (line) <= 2048);
}

static void levels_below_the_least_are_silent (void **state)
{
	struct capture capture;

	capture_start (&capture);
	LOG (DEBUG, "quiet");
	log_set_level (LOG_LEVEL_FAIL);
	LOG (WARN, "quiet");
	LOG (FAIL, "loud");
	log_set_level (LOG_LEVEL_INFO);
	assert_string_equal (capture_end (&capture) + 20, " fail loud\n");
}

static void another_stream_than_the_journals_gets_lines (void **state)
{
	struct capture capture;

	setenv ("JOURNAL_STREAM", "1:1", 1);
	capture_start (&capture);
	LOG (INFO, "here");
	assert_string_equal (capture_end (&capture) + 20, " info here\n");
	unsetenv ("JOURNAL_STREAM");
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (a_line_is_time_level_event_and_fields),
		cmocka_unit_test (an_event_needs_no_fields),
		cmocka_unit_test (no_odd_character_can_be_printed),
		cmocka_unit_test (a_canary_with_spaces_and_quotes_does_not_come_through),
		cmocka_unit_test (a_word_is_cut_and_a_long_line_still_ends),
		cmocka_unit_test (levels_below_the_least_are_silent),
		cmocka_unit_test (another_stream_than_the_journals_gets_lines),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
