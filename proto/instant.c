/* Instants as RFC 3339 text.  Apart from clock.c, which tests replace. */
#include "jembatan/clock.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

char *instant_text (int64_t at_ms, char text[INSTANT_TEXT])
{
	int64_t seconds = at_ms / 1000 - (at_ms % 1000 < 0 ? 1 : 0);
	time_t at = (time_t)seconds;
	struct tm tm = { 0 };

	gmtime_r (&at, &tm);
	snprintf (text, INSTANT_TEXT, "%04lld-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900LL,
		  tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
	return text;
}

/* Reads exactly `digits` digits and then `after` ('\0' for nothing in particular). */
static const char *take_number (const char *at, int digits, char after, int *ret)
{
	int number = 0;

	if (at == NULL)
		return NULL;
	for (; digits > 0; digits--, at++) {
		if (*at < '0' || *at > '9')
			return NULL;
		number = number * 10 + (*at - '0');
	}
	if (after != '\0' && *at++ != after)
		return NULL;
	*ret = number;
	return at;
}

/* Digits beyond the millisecond are read and dropped. */
static const char *take_fraction (const char *at, int *ret_ms)
{
	int ms = 0, scale = 100;

	if (at == NULL || *at != '.') {
		*ret_ms = 0;
		return at;
	}
	at++;
	if (*at < '0' || *at > '9')
		return NULL;
	for (; *at >= '0' && *at <= '9'; at++, scale /= 10)
		ms += (*at - '0') * scale;
	*ret_ms = ms;
	return at;
}

static const char *take_offset (const char *at, int *ret_minutes)
{
	int sign, hours, minutes;

	if (at == NULL)
		return NULL;
	if (*at == 'Z') {
		*ret_minutes = 0;
		return at + 1;
	}
	if (*at != '+' && *at != '-')
		return NULL;
	sign = *at == '-' ? -1 : 1;
	at = take_number (at + 1, 2, ':', &hours);
	at = take_number (at, 2, '\0', &minutes);
	if (at == NULL || hours > 23 || minutes > 59)
		return NULL;
	*ret_minutes = sign * (hours * 60 + minutes);
	return at;
}

/* timegm would quietly turn 31 February into March. */
static bool date_exists (const struct tm *tm)
{
	struct tm copy = *tm;

	timegm (&copy);
	return copy.tm_year == tm->tm_year && copy.tm_mon == tm->tm_mon &&
	       copy.tm_mday == tm->tm_mday && copy.tm_hour == tm->tm_hour &&
	       copy.tm_min == tm->tm_min && copy.tm_sec == tm->tm_sec;
}

int instant_parse (const char *text, int64_t *ret_ms)
{
	struct tm tm = { 0 };
	int ms, offset_minutes;
	const char *at = text;

	at = take_number (at, 4, '-', &tm.tm_year);
	at = take_number (at, 2, '-', &tm.tm_mon);
	at = take_number (at, 2, 'T', &tm.tm_mday);
	at = take_number (at, 2, ':', &tm.tm_hour);
	at = take_number (at, 2, ':', &tm.tm_min);
	at = take_number (at, 2, '\0', &tm.tm_sec);
	at = take_fraction (at, &ms);
	at = take_offset (at, &offset_minutes);
	if (at == NULL || *at != '\0')
		return -1;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	if (!date_exists (&tm))
		return -1;
	*ret_ms = ((int64_t)timegm (&tm) - offset_minutes * 60) * 1000 + ms;
	return 0;
}
