/* Places that partners published, and publishing our own. */
#include "agents/api/handlers.h"
#include "agents/api/times.h"
#include "agents/api/view.h"

#include <stdlib.h>
#include <string.h>

#include "agents/api/answer.h"
#include "agents/ledger/capacity.h"

#define KIND_CAPACITY "capacity.publish"
#define LISTED 1000u
#define STALE_MS (7 * DAY_MS)

/* ---- the list
 * --------------------------------------------------------------------------------- */

struct row {
	struct capacity capacity;
	int near;    /* parts of the region's code that it shares with the one asked for */
	size_t at;   /* as the ledger gave it: newest first */
};

static int nearer (const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (x->near != y->near)
		return y->near - x->near;
	return x->at < y->at ? -1 : x->at > y->at;
}

static int nearness (const struct call *call, const struct agency_id *agency, const char *region)
{
	struct partner partner;

	if (*region == '\0' ||
	    desk_partner (call->parts->desk, agency, call->arena, &partner) != ERR_OK)
		return 0;
	return region_shared (region, partner.region);
}

static size_t rows_of (const struct call *call, struct row **ret_rows)
{
	const char *service = call_param (call, "service"), *near = call_param (call, "near");
	struct capacity *capacities;
	size_t count = capacity_list (call->parts->ledger, NULL, service, LISTED, call->arena,
				      &capacities);
	struct row *rows = arena_must (call->arena, (count + 1) * sizeof *rows);

	for (size_t i = 0; i < count; i++)
		rows[i] = (struct row){ capacities[i],
					nearness (call, &capacities[i].agency, near), i };
	qsort (rows, count, sizeof *rows, nearer);
	*ret_rows = rows;
	return count;
}

json_t *view_capacity (const struct call *call, const struct capacity *capacity)
{
	const struct service_spec *service =
		catalogue_service (call->parts->catalogue, capacity->service);
	bool stale = desk_now_ms (call->parts->desk) - capacity->at_ms > STALE_MS;
	json_t *json = json_pack (
		"{s:o, s:s, s:o, s:s, s:I, s:I, s:I, s:s, s:b}", "agency",
		view_agency (call, &capacity->agency), "service", capacity->service,
		"service_words",
		service != NULL ? view_words (service->words)
				: view_both (capacity->service, capacity->service),
		"level", capacity->level, "total", (json_int_t)capacity->total, "free",
		(json_int_t)capacity->free, "waiting", (json_int_t)capacity->waiting,
		"next_free", capacity->next_free, "stale", stale);

	times_set (json, "published", capacity->at_ms, call->region);
	return json;
}

err_t capacity_show (struct call *call, json_t **ret_answer)
{
	const char *near = call_param (call, "near"), *service = call_param (call, "service");
	struct row *rows;
	struct page page;
	json_t *items;
	size_t count;

	if (*near != '\0' && !region_is_kemendagri (near))
		problems_add (call->problems, ERR_INVALID, "near",
			      "%s bukan kode wilayah Kemendagri; misalnya 17.71",
			      "%s is not a Kemendagri region code; an example: 17.71",
			      quoted (near));
	if (*service != '\0' && catalogue_service (call->parts->catalogue, service) == NULL)
		problems_add (call->problems, ERR_INVALID, "service",
			      "layanan %s tidak dikenal katalog",
			      "the service %s is not in the catalogue", quoted (service));
	if (call_page (call, &page) != ERR_OK || problems_count (call->problems) > 0)
		return ERR_INVALID;
	count = rows_of (call, &rows);
	items = json_array ();
	for (size_t i = page.after; i < count && i < page.after + page.limit; i++)
		json_array_append_new (items, view_capacity (call, &rows[i].capacity));
	*ret_answer = page_json (items, count > page.after + page.limit,
				 page.after + page.limit);
	return ERR_OK;
}

/* ---- publishing
 * ------------------------------------------------------------------------------- */

static size_t read_readers (struct call *call, struct agency_id **ret_ids)
{
	const char *const *texts = NULL;
	size_t count = body_texts (call, call->body, "to", CAPACITY_READERS_MAX, &texts);
	struct agency_id *ids = arena_must (call->arena, (count + 1) * sizeof *ids);

	for (size_t i = 0; i < count; i++)
		if (agency_id_parse (texts[i], &ids[i]) != ERR_OK)
			problems_add (call->problems, ERR_INVALID, "to",
				      "%s bukan kode instansi jaringan",
				      "%s is no id of an agency in the network",
				      quoted (texts[i]));
	*ret_ids = ids;
	return count;
}

static void check_readers (struct call *call, size_t count, const char *region)
{
	if (count == 0 && *region == '\0')
		problems_add_texts (call->problems, ERR_INVALID, "to",
				    "sebutkan penerima, atau wilayahnya",
				    "name the recipients, or their region");
	if (*region != '\0' && !region_is_kemendagri (region))
		problems_add (call->problems, ERR_INVALID, "region",
			      "%s bukan kode wilayah Kemendagri; misalnya 17 atau 17.71",
			      "%s is not a Kemendagri region code; an example: 17 or 17.71",
			      quoted (region));
}

/* Whom it did not reach, and why. */
static json_t *problems_json (const struct call *call)
{
	json_t *error = view_error (ERR_OK, call->problems);
	json_t *fields = json_incref (json_object_get (error, "fields"));

	json_decref (error);
	return fields;
}

static json_t *sent_json (const struct call *call, size_t count, const struct agency_id *ids)
{
	json_t *sent = json_array ();

	for (size_t i = 0; i < count; i++)
		json_array_append_new (sent, view_agency (call, &ids[i]));
	return json_pack ("{s:o, s:o}", "sent", sent, "not_sent", problems_json (call));
}

err_t capacity_publish (struct call *call, json_t **ret_answer)
{
	static const char *const names[] = { "service", "answers", "to", "region", NULL };
	const struct kind_spec *kind =
		catalogue_kind (call->parts->catalogue, KIND_CAPACITY, 0);
	const char *region = body_text (call, call->body, "region", false);
	struct submission submission = { .service = body_text (call, call->body, "service",
							       true) };
	struct agency_id *to = NULL, *sent_to = NULL;
	struct answers answers = { 0 };
	size_t count = read_readers (call, &to), sent = 0;
	err_t err;

	if (kind == NULL)
		return ERR_UNKNOWN_KIND;
	body_only (call, call->body, names);
	check_readers (call, count, region);
	err = answers_read (kind, json_object_get (call->body, "answers"), call->region,
			    call->arena, &answers, call->problems);
	if (err != ERR_OK || problems_count (call->problems) > 0)
		return ERR_INVALID;
	submission.answers = answers.list;
	submission.answer_count = answers.count;
	err = desk_capacity_publish (call->parts->desk, &call->actor, &submission, count, to,
				     region, call->arena, &sent, &sent_to, call->problems);
	if (err == ERR_OK)
		*ret_answer = sent_json (call, sent, sent_to);
	return err;
}
