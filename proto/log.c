/*
 * One event, one line, one write: so that lines of several processes on one standard error do not
 * mix.  What could carry odd characters passes through put_safe.
 */
#include "jembatan/log.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <syslog.h>
#include <unistd.h>

#ifdef HAVE_SYSTEMD
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>
#endif

#include "jembatan/clock.h"

#define LINE_BYTES 2048
#define VALUE_BYTES 264
#define WORD_CHARS 64
#define PATH_CHARS 256
#define JOURNAL_FIELDS 24

static const struct { const char *name; const char *priority; } levels[] = {
	[LOG_LEVEL_DEBUG] = { "debug", "PRIORITY=7" },
	[LOG_LEVEL_INFO] = { "info", "PRIORITY=6" },
	[LOG_LEVEL_NOTE] = { "note", "PRIORITY=5" },
	[LOG_LEVEL_WARN] = { "warn", "PRIORITY=4" },
	[LOG_LEVEL_FAIL] = { "fail", "PRIORITY=3" },
};

static _Atomic int least_level = LOG_LEVEL_INFO;

void log_set_level (enum log_level least)
{
	least_level = (int)least;
}

/* ---- values ----------------------------------------------------------------------------------- */

static bool is_word_char (char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       (c != '\0' && strchr ("._:/-@", c) != NULL);
}

/* Spaces would make two fields of one, so a path shows them as '?' too. */
static bool is_path_char (char c)
{
	return c > ' ' && c < 0x7f;
}

static void put_safe (char *text, const char *from, size_t most, bool (*is_fine) (char))
{
	size_t i = 0;

	for (; from != NULL && i < most && from[i] != '\0'; i++)
		text[i] = is_fine (from[i]) ? from[i] : '?';
	text[i] = '\0';
}

static void put_value (const struct log_field *field, char text[VALUE_BYTES])
{
	switch (field->type) {
	case LOG_NUMBER:
		snprintf (text, VALUE_BYTES, "%" PRId64, field->number);
		return;
	case LOG_WORD:
	case LOG_AGENCY:
		put_safe (text, field->value, WORD_CHARS, is_word_char);
		return;
	case LOG_UUID:
		uuid_text (field->value, text);
		return;
	case LOG_HEX:
		hex_text ((struct bytes){ field->value, field->len }, text, VALUE_BYTES);
		return;
	case LOG_ERROR:
		put_safe (text, err_name ((err_t)field->number), WORD_CHARS, is_word_char);
		return;
	case LOG_PATH:
		put_safe (text, field->value, PATH_CHARS, is_path_char);
		return;
	case LOG_END:
		break;
	}
	text[0] = '\0';
}

/* ---- the line --------------------------------------------------------------------------------- */

struct line {
	char text[LINE_BYTES];
	size_t len;          /* room for the newline always remains */
};

static void line_add (struct line *line, const char *text)
{
	size_t len = strlen (text);

	if (len > LINE_BYTES - 2 - line->len)
		len = LINE_BYTES - 2 - line->len;
	memcpy (line->text + line->len, text, len);
	line->len += len;
	line->text[line->len] = '\0';
}

static void line_add_event (struct line *line, const char *event, const struct log_field *fields,
			    size_t n)
{
	char safe[VALUE_BYTES];

	put_safe (safe, event, WORD_CHARS, is_word_char);
	line_add (line, safe);
	for (size_t i = 0; i < n; i++) {
		line_add (line, " ");
		put_safe (safe, fields[i].name, WORD_CHARS, is_word_char);
		line_add (line, safe);
		line_add (line, "=");
		put_value (&fields[i], safe);
		line_add (line, safe);
	}
}

static void to_standard_error (enum log_level level, const char *event,
			       const struct log_field *fields, size_t n)
{
	struct line line = { .len = 0 };
	char at[INSTANT_TEXT];
	ssize_t written;

	line_add (&line, instant_text (clock_now_ms (), at));
	line_add (&line, " ");
	line_add (&line, levels[level].name);
	line_add (&line, " ");
	line_add_event (&line, event, fields, n);
	line.text[line.len++] = '\n';
	/* Nothing sensible is left to do when standard error is gone. */
	written = write (STDERR_FILENO, line.text, line.len);
	(void)written;
}

/* ---- the journal ------------------------------------------------------------------------------ */

#ifdef HAVE_SYSTEMD

/* JOURNAL_STREAM names device and inode of the stream that the supervisor set up (sd_journal(3));
 * a program may since have been given another standard error. */
static bool standard_error_is_journal (void)
{
	const char *stream = getenv ("JOURNAL_STREAM");
	struct stat st;
	char own[64];

	if (stream == NULL || fstat (STDERR_FILENO, &st) != 0)
		return false;
	snprintf (own, sizeof own, "%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
	return strcmp (own, stream) == 0;
}

/* "JEMBATAN_" and the name in capitals: the journal knows no other letters. */
static void put_journal_field (const struct log_field *field, char text[2 * VALUE_BYTES])
{
	char name[WORD_CHARS + 1], value[VALUE_BYTES];

	put_safe (name, field->name, WORD_CHARS, is_word_char);
	for (char *at = name; *at != '\0'; at++)
		*at = isalnum ((unsigned char)*at) ? (char)toupper ((unsigned char)*at) : '_';
	put_value (field, value);
	snprintf (text, 2 * VALUE_BYTES, "JEMBATAN_%s=%s", name, value);
}

static struct iovec vec_of (const char *text)
{
	return (struct iovec){ .iov_base = (void *)(uintptr_t)text, .iov_len = strlen (text) };
}

static void to_journal (enum log_level level, const char *event, const struct log_field *fields,
			size_t n)
{
	struct line message = { .len = 0 };
	char own[JOURNAL_FIELDS][2 * VALUE_BYTES];
	struct iovec vec[JOURNAL_FIELDS + 2];
	size_t count = n < JOURNAL_FIELDS ? n : JOURNAL_FIELDS;

	line_add (&message, "MESSAGE=");
	line_add_event (&message, event, fields, n);
	vec[0] = vec_of (message.text);
	vec[1] = vec_of (levels[level].priority);
	for (size_t i = 0; i < count; i++) {
		put_journal_field (&fields[i], own[i]);
		vec[i + 2] = vec_of (own[i]);
	}
	sd_journal_sendv (vec, (int)count + 2);
}

#endif

void log_event (enum log_level level, const char *event, const struct log_field *fields, size_t n)
{
	if ((int)level < least_level)
		return;
#ifdef HAVE_SYSTEMD
	if (standard_error_is_journal ()) {
		to_journal (level, event, fields, n);
		return;
	}
#endif
	to_standard_error (level, event, fields, n);
}
