/* Who will be released from prison, by what an imported list said last; with a thread or without. */
#include "agents/api/handlers.h"
#include "agents/api/times.h"
#include "agents/api/view.h"
#include "agents/api/work.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WITHIN_DEFAULT 90
#define WITHIN_MAX 730

/* Where a page ends: "<date>.<entry>". */
#define PLACE_TEXT 40

static bool place_parse (const char *text, struct release_due *ret_place)
{
	unsigned long long n;
	int end = 0;

	if (sscanf (text, "%10[0-9-].%llu%n", ret_place->date, &n, &end) != 2 ||
	    text[end] != '\0' || !date_is_real (ret_place->date) || n > INT64_MAX)
		return false;
	ret_place->n = n;
	return true;
}

static err_t read_place (struct call *call, struct release_due *place,
			 const struct release_due **ret_after)
{
	const char *after = call_param (call, "after");

	*ret_after = NULL;
	if (*after == '\0')
		return ERR_OK;
	if (!place_parse (after, place))
		return call_no_place (call);
	*ret_after = place;
	return ERR_OK;
}

static err_t read_within (struct call *call, int *ret_days)
{
	const char *text = call_param (call, "within");
	char *end;
	long days = WITHIN_DEFAULT;

	if (*text != '\0') {
		errno = 0;
		days = strtol (text, &end, 10);
		if (errno != 0 || *end != '\0' || days < 1 || days > WITHIN_MAX)
			return problems_add (call->problems, ERR_INVALID, "within",
					     "%s bukan jumlah hari; tulis 1 sampai %d",
					     "%s is no number of days; write 1 to %d",
					     quoted (text), WITHIN_MAX);
	}
	*ret_days = (int)days;
	return ERR_OK;
}

/* The notice is due 90, 60 and 30 days before. */
static int band (int64_t days)
{
	return days <= 30 ? 30 : days <= 60 ? 60 : days <= 90 ? 90 : WITHIN_MAX;
}

static json_t *release_json (const struct call *call, const struct release_due *due, bool names)
{
	int64_t today = local_day (desk_now_ms (call->parts->desk), call->region);
	int64_t days = date_day (due->date) - today;
	struct person person;
	json_t *json;

	if (person_get (call->parts->ledger, &due->person, call->arena, &person) != ERR_OK)
		return NULL;
	json = json_pack ("{s:o, s:s, s:I, s:i, s:s, s:o}", "person",
			  view_person_number (call, &due->person), "date", due->date, "days",
			  (json_int_t)days, "horizon", band (days), "type", due->type, "thread",
			  ID_IS_NONE (due->thread) ? json_null ()
						   : work_thread (call, &due->thread));
	json_object_set_new (json, "name", names ? json_string (person.name) : json_null ());
	json_object_set_new (json, "region", names ? json_string (due->region) : json_null ());
	json_object_set_new (json, "note", names ? json_string (due->note) : json_null ());
	return json;
}

err_t releases_show (struct call *call, json_t **ret_answer)
{
	bool names = permit (&call->actor, USE_LOOK) == ERR_OK;
	struct release_due place = { .n = 0 }, *dues;
	const struct release_due *after;
	char next[PLACE_TEXT];
	json_t *items, *item;
	size_t limit, count;
	int days = 0;

	if (call_limit (call, &limit) != ERR_OK || read_within (call, &days) != ERR_OK ||
	    read_place (call, &place, &after) != ERR_OK)
		return ERR_INVALID;
	count = desk_releases (call->parts->desk, days, after, limit + 1, call->arena, &dues);
	items = json_array ();
	for (size_t i = 0; i < count && i < limit; i++) {
		item = release_json (call, &dues[i], names);
		if (item != NULL)
			json_array_append_new (items, item);
	}
	if (count > limit)
		snprintf (next, sizeof next, "%s.%llu", dues[limit - 1].date,
			  (unsigned long long)dues[limit - 1].n);
	*ret_answer = page_json_at (items, count > limit ? next : NULL);
	return ERR_OK;
}
