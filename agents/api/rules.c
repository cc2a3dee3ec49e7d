/* What an administrator may read of the catalogue: holidays, and the durations and reminders of kinds. */
#include "agents/api/handlers.h"
#include "agents/api/view.h"

#include <string.h>

/* ---- holidays ------------------------------------------------------------------- */

static json_t *days_json (const struct holiday_year *year)
{
	json_t *list = json_array ();

	for (size_t i = 0; i < year->holiday_count; i++)
		json_array_append_new (list, json_pack ("{s:s, s:o}", "date",
							year->holidays[i].date, "words",
							view_words (year->holidays[i].words)));
	return list;
}

err_t holidays_show (struct call *call, json_t **ret_answer)
{
	const catalogue_t *catalogue = call->parts->catalogue;
	const struct holiday_year *years;
	size_t count = catalogue_holidays (catalogue, &years);
	json_t *items = json_array ();

	for (size_t i = 0; i < count; i++)
		json_array_append_new (
			items, json_pack ("{s:i, s:s, s:b, s:o}", "year", (int)years[i].year,
					  "source", years[i].source, "complete",
					  catalogue_has_holidays (catalogue, years[i].year),
					  "days", days_json (&years[i])));
	*ret_answer = page_json (items, false, 0);
	return ERR_OK;
}

/* ---- durations and reminders ---------------------------------------------------- */

static json_t *limits_json (const struct call *call, const char *clock,
			    const struct within within[5])
{
	json_t *limits, *json;

	if (*clock == '\0')
		return json_null ();
	limits = json_object ();
	for (enum urgency urgency = URGENCY_ROUTINE; urgency <= URGENCY_STAT; urgency++)
		json_object_set_new (limits, urgency_name (urgency),
				     json_pack ("{s:i, s:i}", "hours", (int)within[urgency].hours,
						"working_days",
						(int)within[urgency].working_days));
	json = json_pack ("{s:s, s:o, s:o}", "clock", clock, "words", view_clock (call, clock),
			  "within", limits);
	return json;
}

static json_t *remind_json (const struct remind_spec *remind)
{
	json_t *days = json_array ();

	for (size_t i = 0; i < remind->day_count; i++)
		json_array_append_new (days, json_integer (remind->days[i]));
	return json_pack ("{s:s, s:s, s:o, s:s, s:o, s:i, s:s}", "kind", remind->kind, "by",
			  party_name (remind->by), "words", view_words (remind->words), "from",
			  remind->from, "days", days, "every_days", (int)remind->every_days,
			  "times", remind->times);
}

static json_t *reminds_json (const struct kind_spec *kind)
{
	json_t *list = json_array ();

	for (size_t i = 0; i < kind->remind_count; i++)
		json_array_append_new (list, remind_json (&kind->reminds[i]));
	return list;
}

static json_t *escalation_json (const struct kind_spec *kind)
{
	json_t *list = json_array ();

	for (size_t i = 0; i < kind->escalation_count; i++)
		json_array_append_new (list, json_pack ("{s:i, s:s}", "days",
							(int)kind->escalation[i].days, "role",
							kind->escalation[i].role));
	return list;
}

static bool has_times (const struct kind_spec *kind)
{
	return *kind->reply_clock != '\0' || *kind->seen_clock != '\0' || kind->remind_count > 0;
}

static json_t *template_json (const struct call *call, const struct kind_spec *kind)
{
	return json_pack ("{s:s, s:i, s:o, s:s, s:s, s:o, s:o, s:o, s:o}", "kind", kind->name,
			  "version", (int)kind->version, "words", view_words (kind->words),
			  "thread", kind->thread->name, "comment", kind->comment, "reply",
			  limits_json (call, kind->reply_clock, kind->reply_within), "seen",
			  limits_json (call, kind->seen_clock, kind->seen_within), "reminds",
			  reminds_json (kind), "escalation", escalation_json (kind));
}

err_t templates_show (struct call *call, json_t **ret_answer)
{
	const catalogue_t *catalogue = call->parts->catalogue;
	json_t *items = json_array ();

	for (size_t i = 0; i < catalogue_thread_count (catalogue); i++) {
		const struct thread_type *type = catalogue_thread_at (catalogue, i);

		for (size_t k = 0; k < type->kind_count; k++)
			if (has_times (&type->kinds[k]))
				json_array_append_new (items,
						       template_json (call, &type->kinds[k]));
	}
	*ret_answer = page_json (items, false, 0);
	return ERR_OK;
}
