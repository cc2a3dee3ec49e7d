/* Instants for programs and for people. */
#include "agents/api/times.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/catalogue/catalogue.h"
#include "jembatan/clock.h"

/* A local form becomes RFC 3339 by what it lacks: the time of day, seconds, the offset.
 */
static int complete (const char *text, const char *region, bool end_of_day,
		     char full[INSTANT_TEXT])
{
	int minutes = region_zone (region).offset_minutes;
	const char *rest = end_of_day ? "23:59:59" : "00:00:00";
	size_t len = strlen (text);

	if (len != 10 && (len != 16 || (text[10] != ' ' && text[10] != 'T')))
		return -1;
	snprintf (full, INSTANT_TEXT, "%.10sT%s%s%c%02d:%02d", text,
		  len == 16 ? text + 11 : rest, len == 16 ? ":00" : "",
		  minutes < 0 ? '-' : '+', abs (minutes) / 60, abs (minutes) % 60);
	return 0;
}

err_t times_parse (const char *text, const char *region, bool end_of_day, int64_t *ret_ms)
{
	char full[INSTANT_TEXT];

	if (instant_parse (text, ret_ms) == 0)
		return ERR_OK;
	if (complete (text, region, end_of_day, full) != 0 ||
	    instant_parse (full, ret_ms) != 0)
		return ERR_INVALID;
	return ERR_OK;
}

void times_set (json_t *object, const char *name, int64_t at_ms, const char *region)
{
	char local_name[64], text[INSTANT_TEXT], id[LOCAL_INSTANT_TEXT],
		en[LOCAL_INSTANT_TEXT];

	snprintf (local_name, sizeof local_name, "%s_local", name);
	if (at_ms == 0) {
		json_object_set_new (object, name, json_null ());
		json_object_set_new (object, local_name, json_null ());
		return;
	}
	json_object_set_new (object, name, json_string (instant_text (at_ms, text)));
	json_object_set_new (object, local_name,
			     json_pack ("{s:s, s:s}", "id",
					local_instant_text (at_ms, region, false, id),
					"en",
					local_instant_text (at_ms, region, true, en)));
}
