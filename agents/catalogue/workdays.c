/*
 * Days on which offices work, and when an answer is due.
 *
 * A working day ends at 17:00 local time.  Counting starts on the day after the letter: a letter of
 * Monday that has one working day is due on Tuesday at 17:00, at whatever hour of Monday it was
 * written; a letter of Saturday is due on Monday.
 */
#include "agents/catalogue/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_ENDS_HOUR 17

static void read_date (struct reading *reading, const json_t *value, const struct key *key,
		       void *base)
{
	const char *text = json_string_value (value);

	if (text != NULL && date_is_real (text))
		read_text (reading, value, key, base);
	else
		reading_refuse (reading, value, "tulis tanggal seperti 2026-08-17",
				"write a date such as 2026-08-17");
}

/* clang-format off */
static const struct key holiday_keys[] = {
	KEY ("date", true, read_date, struct holiday, date),
	KEY_PART ("words", true, struct holiday, words, &words_shape),
};
static const struct shape holiday_shape =
	{ sizeof (struct holiday), holiday_keys, COUNT_OF (holiday_keys) };

static const struct key year_keys[] = {
	KEY ("year", true, read_small, struct holiday_year, year),
	KEY ("source", true, read_text, struct holiday_year, source),
	KEY_LIST ("holidays", true, struct holiday_year, holidays, holiday_count, &holiday_shape),
};
static const struct shape year_shape =
	{ sizeof (struct holiday_year), year_keys, COUNT_OF (year_keys) };

static const struct key holidays_keys[] = {
	KEY ("note", false, read_text, struct holidays_file, note),
	KEY_LIST ("years", true, struct holidays_file, years, year_count, &year_shape),
};
const struct shape holidays_shape =
	{ sizeof (struct holidays_file), holidays_keys, COUNT_OF (holidays_keys) };

/* Keppres 41/1987; provinces by their Kemendagri code.  Whatever is not named is WIB. */
static const struct { const char *province; struct zone zone; } zones[] = {
	{ "51", { "WITA", 480 } }, { "52", { "WITA", 480 } }, { "53", { "WITA", 480 } },
	{ "63", { "WITA", 480 } }, { "64", { "WITA", 480 } }, { "65", { "WITA", 480 } },
	{ "71", { "WITA", 480 } }, { "72", { "WITA", 480 } }, { "73", { "WITA", 480 } },
	{ "74", { "WITA", 480 } }, { "75", { "WITA", 480 } }, { "76", { "WITA", 480 } },
	{ "81", { "WIT", 540 } }, { "82", { "WIT", 540 } }, { "91", { "WIT", 540 } },
	{ "92", { "WIT", 540 } }, { "93", { "WIT", 540 } }, { "94", { "WIT", 540 } },
	{ "95", { "WIT", 540 } }, { "96", { "WIT", 540 } },
};

static const struct words months[] = {
	{ "Januari", "January" }, { "Februari", "February" }, { "Maret", "March" },
	{ "April", "April" }, { "Mei", "May" }, { "Juni", "June" }, { "Juli", "July" },
	{ "Agustus", "August" }, { "September", "September" }, { "Oktober", "October" },
	{ "November", "November" }, { "Desember", "December" },
};
/* clang-format on */

struct zone region_zone (const char *region)
{
	for (size_t i = 0; i < COUNT_OF (zones); i++)
		if (strncmp (region, zones[i].province, 2) == 0)
			return zones[i].zone;
	return (struct zone){ "WIB", 420 };
}

/* ---- days since 1970 -------------------------------------------------------------------------- */

/* Rounds down before 1970 too. */
static int64_t floor_div (int64_t a, int64_t b)
{
	return a / b - (a % b < 0 ? 1 : 0);
}

struct calendar { int64_t year; int month, day; };

/* Gregorian calendar with years that begin in March, so that the leap day comes last. */
static int64_t calendar_day (int64_t year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = floor_div (y, 400), of_era = y - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static struct calendar day_calendar (int64_t day)
{
	int64_t shifted = day + 719468, era = floor_div (shifted, 146097);
	int64_t of_era = shifted - era * 146097;
	int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * y + y / 4 - y / 100);
	int month = (int)((5 * of_year + 2) / 153);

	return (struct calendar){
		.year = y + era * 400 + (month >= 10 ? 1 : 0),
		.month = month < 10 ? month + 3 : month - 9,
		.day = (int)(of_year - (153 * month + 2) / 5 + 1),
	};
}

int64_t date_day (const char *date)
{
	return calendar_day (atoi (date), atoi (date + 5), atoi (date + 8));
}

/* ---- working days ----------------------------------------------------------------------------- */

static bool year_has (const struct holiday_year *year, int64_t day)
{
	for (size_t i = 0; i < year->holiday_count; i++)
		if (date_day (year->holidays[i].date) == day)
			return true;
	return false;
}

static bool is_working_day (const struct holidays_file *holidays, int64_t day)
{
	/* 1970-01-01 was a Thursday; 0 is Monday. */
	int64_t weekday = day + 3 - floor_div (day + 3, 7) * 7;
	int64_t year = day_calendar (day).year;

	if (weekday >= 5)
		return false;
	for (size_t i = 0; i < holidays->year_count; i++)
		if (holidays->years[i].year == year && year_has (&holidays->years[i], day))
			return false;
	return true;
}

/* A file that names every day of a year a holiday must not hang us: after a year of looking, every
 * day counts. */
static int64_t working_day_after (const struct holidays_file *holidays, int64_t day, int32_t count)
{
	for (int looked = 0; count > 0; looked++) {
		day++;
		if (looked >= 366 || is_working_day (holidays, day))
			count--;
	}
	return day;
}

/* ---- days and hours of a zone ----------------------------------------------------------------- */

int64_t local_day (int64_t at_ms, const char *region)
{
	return floor_div (at_ms + region_zone (region).offset_minutes * MINUTE_MS, DAY_MS);
}

int64_t local_day_ms (int64_t day, int32_t hour, const char *region)
{
	return day * DAY_MS + hour * HOUR_MS - region_zone (region).offset_minutes * MINUTE_MS;
}

int64_t day_year (int64_t day, int *ret_month)
{
	struct calendar at = day_calendar (day);

	*ret_month = at.month;
	return at.year;
}

int64_t catalogue_due (const catalogue_t *catalogue, const struct within *within,
		       const char *region, int64_t from_ms)
{
	int64_t due_ms = from_ms + within->hours * HOUR_MS, day;

	if (within->working_days == 0)
		return due_ms;
	day = working_day_after (&catalogue->holidays, local_day (due_ms, region),
				 within->working_days);
	return local_day_ms (day, DAY_ENDS_HOUR, region);
}

char *local_instant_text (int64_t at_ms, const char *region, bool english,
			  char text[LOCAL_INSTANT_TEXT])
{
	struct zone zone = region_zone (region);
	int64_t local_ms = at_ms + zone.offset_minutes * MINUTE_MS;
	int64_t day = floor_div (local_ms, DAY_MS), minute = (local_ms - day * DAY_MS) / MINUTE_MS;
	struct calendar at = day_calendar (day);
	const struct words *month = &months[at.month - 1];

	snprintf (text, LOCAL_INSTANT_TEXT, "%d %s %lld %02d%c%02d %s", at.day,
		  english ? month->en : month->id, (long long)at.year, (int)(minute / 60),
		  english ? ':' : '.', (int)(minute % 60), zone.name);
	return text;
}

char *date_text (const char *date, bool english, char text[DATE_TEXT])
{
	const struct words *month;

	if (!date_is_real (date)) {
		snprintf (text, DATE_TEXT, "%s", date);
		return text;
	}
	month = &months[atoi (date + 5) - 1];
	snprintf (text, DATE_TEXT, "%d %s %.4s", atoi (date + 8), english ? month->en : month->id,
		  date);
	return text;
}
