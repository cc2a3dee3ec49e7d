/* Lists that come from elsewhere, and the staff that one of them tells of. */
#include "agents/api/handlers.h"
#include "agents/api/view.h"
#include "agents/import/import.h"
#include "agents/ledger/staff.h"

#include <string.h>

#define CERTIFICATE_WARN_DAYS 60

/* ---- imports ----------------------------------------------------------------- */

static void read_format (struct call *call, enum import_format *ret_format)
{
	const char *name = body_text (call, call->body, "format", false);

	if (import_format_parse (*name != '\0' ? name : "csv", ret_format) != ERR_OK)
		problems_add (call->problems, ERR_INVALID, "format",
			      "%s bukan bentuk yang dikenal; pilih csv atau json",
			      "%s is no known form; choose csv or json", quoted (name));
}

static bool read_flag (struct call *call, const char *name)
{
	const json_t *value = json_object_get (call->body, name);

	if (value != NULL && !json_is_boolean (value))
		problems_add (call->problems, ERR_INVALID, name,
			      "isian %s harus true atau false",
			      "the field %s must be true or false", name);
	return json_is_true (value);
}

/* The whole file; its size is bounded by the body's. */
static struct bytes read_text (struct call *call)
{
	const json_t *text = json_object_get (call->body, "text");

	if (!json_is_string (text))
		problems_add (call->problems, ERR_INVALID, "text",
			      "isian text harus memuat berkas sebagai teks",
			      "the field text must hold the file as text");
	return json_is_string (text)
		       ? (struct bytes){ (const uint8_t *)json_string_value (text),
					 json_string_length (text) }
		       : BYTES_NONE;
}

static json_t *complaints_json (const struct complaints *complaints)
{
	json_t *list = json_array ();

	for (size_t i = 0; i < complaints->kept; i++) {
		const struct complaint *complaint = &complaints->list[i];
		const struct problem *problem = &complaint->problem;

		json_array_append_new (list, json_pack ("{s:i, s:s, s:s, s:s, s:s}",
							"line", (int)complaint->line,
							"field", problem->field, "code",
							err_name (problem->err),
							"message_id", problem->text_id,
							"message_en", problem->text_en));
	}
	return list;
}

static json_t *report_json (const struct import_report *report)
{
	const struct complaints *bad = &report->problems, *warnings = &report->warnings;

	return json_pack ("{s:s, s:I, s:I, s:I, s:I, s:I, s:o, s:I, s:o, s:I, s:b}",
			  "what", report->what, "rows", (json_int_t)report->rows, "good",
			  (json_int_t)(report->rows - report->bad), "new",
			  (json_int_t)report->fresh, "changed",
			  (json_int_t)report->changed, "known", (json_int_t)report->known,
			  "bad", complaints_json (bad), "bad_rest",
			  (json_int_t)(bad->count - bad->kept), "warnings",
			  complaints_json (warnings), "warnings_rest",
			  (json_int_t)(warnings->count - warnings->kept), "written",
			  report->written);
}

err_t imports_run (struct call *call, json_t **ret_answer)
{
	static const char *const names[] = { "format", "text", "commit", "skip_bad",
					     NULL };
	struct import_wish wish = { .what = call->id };
	struct import_report report;
	err_t err;

	body_only (call, call->body, names);
	read_format (call, &wish.format);
	wish.text = read_text (call);
	wish.commit = read_flag (call, "commit");
	wish.skip_bad = read_flag (call, "skip_bad");
	if (problems_count (call->problems) > 0)
		return ERR_INVALID;
	err = import_run (call->parts->desk, &call->actor, &wish, call->arena, &report,
			  call->problems);
	if (err != ERR_OK)
		return err;
	if (report.written)
		import_holidays_apply (call->parts->ledger, call->parts->catalogue);
	*ret_answer = report_json (&report);
	return ERR_OK;
}

/* ---- staff ------------------------------------------------------------------- */

/* A session counts only when whoever leads it holds a valid certificate on that day:
 * Septiana, Bangli.  Here it is said in time. */
static const char *certificate_state (const struct call *call, const struct staff *staff)
{
	int64_t days;

	if (*staff->certificate == '\0')
		return "none";
	if (*staff->certificate_until == '\0')
		return "valid";
	days = date_day (staff->certificate_until) -
	       local_day (desk_now_ms (call->parts->desk), call->region);
	if (days < 0)
		return "expired";
	return days < CERTIFICATE_WARN_DAYS ? "expiring" : "valid";
}

static json_t *staff_json (const struct call *call, const struct staff *staff)
{
	return json_pack ("{s:o, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "id",
			  view_uuid (staff->id.b), "name", staff->name, "position",
			  staff->position, "phone", staff->phone, "decree", staff->decree,
			  "certificate", staff->certificate, "certificate_until",
			  staff->certificate_until, "certificate_state",
			  certificate_state (call, staff), "since", staff->since, "until",
			  staff->until);
}

err_t staff_show (struct call *call, json_t **ret_answer)
{
	struct staff *staff;
	struct page page;
	json_t *items;
	size_t count;

	if (call_page (call, &page) != ERR_OK)
		return ERR_INVALID;
	count = staff_list (call->parts->ledger, page.after, page.limit + 1, call->arena,
			    &staff);
	items = json_array ();
	for (size_t i = 0; i < count && i < page.limit; i++)
		json_array_append_new (items, staff_json (call, &staff[i]));
	*ret_answer = page_json (items, count > page.limit, page.after + page.limit);
	return ERR_OK;
}
