/* Words, sentences, dates. */
#include "agents/cli/out.h"

#include <stdio.h>
#include <string.h>

#include "jembatan/clock.h"

const char *out_get (const json_t *object, const char *name)
{
	const char *text = json_get_text (object, name);

	return text != NULL ? text : "";
}

struct cli out_only (const struct cli *cli, enum language language)
{
	struct cli only = *cli;

	only.language = language;
	return only;
}

const char *out_words (const struct cli *cli, const char *id, const char *en,
		       char text[OUT_TEXT])
{
	bool same = strcmp (id, en) == 0;

	if (cli->language == LANGUAGE_EN)
		snprintf (text, OUT_TEXT, "%s", en);
	else if (cli->language == LANGUAGE_ID || same)
		snprintf (text, OUT_TEXT, "%s", id);
	else
		snprintf (text, OUT_TEXT, "%s / %s", id, en);
	return text;
}

const char *out_member (const struct cli *cli, const json_t *object, const char *name,
			char text[OUT_TEXT])
{
	const json_t *words = json_object_get (object, name);

	return out_words (cli, out_get (words, "id"), out_get (words, "en"), text);
}

void out_whole (const struct cli *cli, const json_t *object, const char *name)
{
	const json_t *words = json_object_get (object, name);
	const char *id = out_get (words, "id"), *en = out_get (words, "en");

	if (cli->language == LANGUAGE_EN)
		puts (en);
	else if (cli->language == LANGUAGE_ID || strcmp (id, en) == 0)
		puts (id);
	else
		printf ("%s / %s\n", id, en);
}

/* ---- sentences
 * -------------------------------------------------------------------------------- */

static void say_to (FILE *out, const struct cli *cli, const char *id, const char *en)
{
	if (cli->language != LANGUAGE_EN)
		fprintf (out, "%s\n", id);
	if (cli->language == LANGUAGE_EN ||
	    (cli->language == LANGUAGE_BOTH && strcmp (id, en) != 0))
		fprintf (out, "%s\n", en);
}

void out_say (const struct cli *cli, const char *id, const char *en)
{
	say_to (stdout, cli, id, en);
}

static void sayv_to (FILE *out, const struct cli *cli, const char *format_id,
		     const char *format_en, va_list args)
	__attribute__ ((format (printf, 3, 0), format (printf, 4, 0)));

static void sayv_to (FILE *out, const struct cli *cli, const char *format_id,
		     const char *format_en, va_list args)
{
	char id[2 * OUT_TEXT], en[2 * OUT_TEXT];
	va_list again;

	va_copy (again, args);
	vsnprintf (id, sizeof id, format_id, args);
	vsnprintf (en, sizeof en, format_en, again);
	va_end (again);
	say_to (out, cli, id, en);
}

void out_sayf (const struct cli *cli, const char *format_id, const char *format_en, ...)
{
	va_list args;

	va_start (args, format_en);
	sayv_to (stdout, cli, format_id, format_en, args);
	va_end (args);
}

void out_complain_texts (const struct cli *cli, const char *id, const char *en)
{
	say_to (stderr, cli, id, en);
}

void out_complain (const struct cli *cli, const char *format_id, const char *format_en,
		   ...)
{
	va_list args;

	va_start (args, format_en);
	sayv_to (stderr, cli, format_id, format_en, args);
	va_end (args);
}

/* ---- times
 * ------------------------------------------------------------------------------------ */

/* clang-format off */
static const struct { int64_t ms; const char *id, *en; } units[] = {
	{ DAY_MS,    "hari",  "day" },
	{ HOUR_MS,   "jam",   "hour" },
	{ MINUTE_MS, "menit", "minute" },
};
/* clang-format on */

/* Two days and a half count as two days while they lie ahead: nobody comes late by
 * rounding. */
const char *out_distance (const struct cli *cli, int64_t at_ms, int64_t now_ms,
			  char text[OUT_TEXT])
{
	int64_t far_ms = at_ms < now_ms ? now_ms - at_ms : at_ms - now_ms;
	char id[64], en[64];

	for (size_t i = 0; i < COUNT_OF (units); i++) {
		long long count = far_ms / units[i].ms;
		const char *plural = count == 1 ? "" : "s";

		if (count == 0)
			continue;
		snprintf (id, sizeof id,
			  at_ms < now_ms ? "lewat %lld %s" : "%lld %s lagi", count,
			  units[i].id);
		snprintf (en, sizeof en,
			  at_ms < now_ms ? "%lld %s%s ago" : "in %lld %s%s", count,
			  units[i].en, plural);
		return out_words (cli, id, en, text);
	}
	return out_words (cli, "sekarang", "now", text);
}

/* A date reads the same in both languages, so it is not said twice. */
const char *out_time (const struct cli *cli, const json_t *object, const char *name,
		      char text[OUT_TEXT])
{
	char local[64];

	snprintf (local, sizeof local, "%s_local", name);
	snprintf (text, OUT_TEXT, "%s",
		  out_get (json_object_get (object, local),
			   cli->language == LANGUAGE_EN ? "en" : "id"));
	return text;
}

const char *out_due (const struct cli *cli, const json_t *object, const char *name,
		     char text[OUT_TEXT])
{
	char when[OUT_TEXT], distance[OUT_TEXT];
	int64_t at_ms;

	out_time (cli, object, name, when);
	if (instant_parse (out_get (object, name), &at_ms) != 0) {
		text[0] = '\0';
		return text;
	}
	out_distance (cli, at_ms, clock_now_ms (), distance);
	snprintf (text, OUT_TEXT, "%.100s (%.100s)", when, distance);
	return text;
}

/* ---- lines
 * ------------------------------------------------------------------------------------ */

void out_line (const struct cli *cli, const char *id, const char *en, const char *value)
{
	char label[OUT_TEXT];

	if (value != NULL && *value != '\0')
		printf ("  %s: %s\n", out_words (cli, id, en, label), value);
}

void out_heading (const struct cli *cli, const char *id, const char *en)
{
	char text[OUT_TEXT];

	printf ("%s%s%s\n", cli->terminal ? "\033[1m" : "", out_words (cli, id, en, text),
		cli->terminal ? "\033[0m" : "");
}

void out_warnings (const struct cli *cli, const json_t *answer)
{
	size_t i;
	json_t *warning;

	if (cli->json)
		return;
	json_array_foreach (json_object_get (answer, "warnings"), i, warning)
	{
		const char *field = out_get (warning, "field");
		char id[OUT_TEXT], en[OUT_TEXT];

		snprintf (id, sizeof id, "Peringatan, %s: %s", field,
			  out_get (warning, "message_id"));
		snprintf (en, sizeof en, "Warning, %s: %s", field,
			  out_get (warning, "message_en"));
		out_complain_texts (cli, id, en);
	}
}
