/*
 * Trouble with the hub's log in words: which hub, who was shown what, and how large either tree was.
 * The same sentence stands in the status and at the alarm.
 */
#include "agents/api/handlers.h"
#include "agents/api/times.h"
#include "agents/api/view.h"
#include "agents/api/work.h"

#include <string.h>

#define TROUBLES_SHOWN 20u
#define SENTENCE_BYTES 2048u

/* "{log}" is the origin of the log that the finder held, "{size}" and "{other}" what it held and what came
 * beside it, "{shown}" who was shown the other one, "{reporter}" who told us. */
/* clang-format off */
static const struct row {
	const char *alarm;
	enum log_trouble what;           /* 0 = whichever */
	bool shown;                      /* somebody else was shown the other one */
	struct words words;
} rows[] = {
	{ "log-split", LOG_IS_SPLIT, true,
	  { "hub {log} menunjukkan kepada {shown} catatan lain (ukuran {other}) daripada kepada kita (ukuran {size})",
	    "the hub of {log} showed {shown} another log (size {other}) than us (size {size})" } },
	{ "log-split", LOG_IS_SPLIT, false,
	  { "catatan hub {log} saling bertentangan: ukuran {size} dan {other} bukan satu catatan",
	    "the hub's log {log} contradicts itself: sizes {size} and {other} are not of one log" } },
	{ "log-split", LOG_IS_SHRUNK, false,
	  { "catatan hub {log} menyusut dari ukuran {size} menjadi {other}",
	    "the hub's log {log} shrank from size {size} to {other}" } },
	{ "log-restarted", LOG_IS_RESTARTED, false,
	  { "hub memulai catatan baru (ukuran {other}); catatan {log} berakhir pada ukuran {size}",
	    "the hub has begun a new log (size {other}); the log {log} ended at size {size}" } },
	{ "log-false", LOG_IS_FALSE, false,
	  { "hub {log} menunjukkan catatan yang tidak sah (mengaku ukuran {other}; yang kita pegang {size})",
	    "the hub of {log} showed a log that is not its own (claims size {other}; we hold {size})" } },
	{ "log-told", LOG_IS_SPLIT, true,
	  { "hub {log} menunjukkan kepada {shown} catatan lain (ukuran {other}) daripada kepada {reporter} (ukuran {size}); sudah dibuktikan di sini",
	    "the hub of {log} showed {shown} another log (size {other}) than {reporter} (size {size}); proved here" } },
	{ "log-told", LOG_IS_SPLIT, false,
	  { "hub {log} menunjukkan kepada {reporter} dua catatan yang bertentangan (ukuran {size} dan {other}); sudah dibuktikan di sini",
	    "the hub of {log} showed {reporter} two logs that contradict each other (sizes {size} and {other}); proved here" } },
	{ "log-told", LOG_IS_SHRUNK, false,
	  { "hub {log} menunjukkan kepada {reporter} catatan yang menyusut (dari ukuran {size} menjadi {other}); sudah dibuktikan di sini",
	    "the hub of {log} showed {reporter} a log that shrank (from size {size} to {other}); proved here" } },
	{ "log-doubtful", 0, false,
	  { "{reporter} melaporkan masalah pada catatan hub {log} (ukuran {size} dan {other}), tetapi di sini tidak terbukti",
	    "{reporter} reports trouble with the hub's log {log} (sizes {size} and {other}), which does not prove true here" } },
};
/* clang-format on */

static const struct row *row_of (const struct trouble *trouble)
{
	bool shown = trouble->shown.text[0] != '\0';

	for (size_t i = 0; i < COUNT_OF (rows); i++)
		if (strcmp (rows[i].alarm, trouble->alarm) == 0 &&
		    (rows[i].what == 0 || (rows[i].what == trouble->what &&
					   (rows[i].shown == shown || trouble->what != LOG_IS_SPLIT))))
			return &rows[i];
	return NULL;
}

static const char *value_of (const struct call *call, const struct trouble *trouble, const char *name,
			     size_t len)
{
	const struct { const char *name, *value; } values[] = {
		{ "log", trouble->origin[0] != '\0' ? trouble->origin : "?" },
		{ "size", arena_printf (call->arena, "%llu", (unsigned long long)trouble->size) },
		{ "other", arena_printf (call->arena, "%llu", (unsigned long long)trouble->other_size) },
		{ "shown", trouble->shown.text },
		{ "reporter", trouble->reporter.text },
	};

	for (size_t i = 0; i < COUNT_OF (values); i++)
		if (strlen (values[i].name) == len && strncmp (values[i].name, name, len) == 0)
			return values[i].value;
	return "?";
}

static const char *fill (const struct call *call, const struct trouble *trouble, const char *form)
{
	char *text = arena_must (call->arena, SENTENCE_BYTES);
	size_t used = 0;

	while (*form != '\0') {
		size_t plain = strcspn (form, "{"), name;

		used += (size_t)snprintf (text + used, SENTENCE_BYTES - used, "%.*s", (int)plain, form);
		form += plain;
		if (*form == '\0' || used >= SENTENCE_BYTES)
			break;
		name = strcspn (++form, "}");
		used += (size_t)snprintf (text + used, SENTENCE_BYTES - used, "%s",
					  value_of (call, trouble, form, name));
		if (used >= SENTENCE_BYTES)
			break;
		form += name + 1;
	}
	return text;
}

static json_t *words_of (const struct call *call, const struct trouble *trouble)
{
	const struct row *row = row_of (trouble);

	return row == NULL ? view_both (trouble->alarm, trouble->alarm)
			   : view_both (fill (call, trouble, row->words.id),
					fill (call, trouble, row->words.en));
}

static json_t *agency_or_null (const struct call *call, const struct agency_id *id)
{
	return id->text[0] != '\0' ? view_agency (call, id) : json_null ();
}

static json_t *trouble_json (const struct call *call, const struct trouble *trouble)
{
	json_t *json = json_pack ("{s:s, s:s, s:s, s:I, s:I, s:o, s:o, s:o}", "what",
				  log_trouble_name (trouble->what), "alarm", trouble->alarm, "origin",
				  trouble->origin, "size", (json_int_t)trouble->size, "other_size",
				  (json_int_t)trouble->other_size, "shown",
				  agency_or_null (call, &trouble->shown), "reporter",
				  agency_or_null (call, &trouble->reporter), "words",
				  words_of (call, trouble));

	times_set (json, "at", trouble->at_ms, call->region);
	return json;
}

json_t *troubles_ringing (const struct call *call)
{
	struct trouble *troubles;
	size_t count = trouble_ringing (call->parts->ledger, TROUBLES_SHOWN, call->arena, &troubles);
	json_t *list = json_array ();

	for (size_t i = 0; i < count; i++)
		json_array_append_new (list, trouble_json (call, &troubles[i]));
	return list;
}

json_t *trouble_words (const struct call *call, const struct alarm *alarm)
{
	struct trouble trouble;

	if (strncmp (alarm->name, "log-", 4) != 0 ||
	    trouble_of_alarm (call->parts->ledger, alarm->name, &alarm->partner, call->arena,
			      &trouble) != ERR_OK)
		return NULL;
	return words_of (call, &trouble);
}
