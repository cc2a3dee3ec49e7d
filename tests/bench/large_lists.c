#include "tests/bench/large.h"

#include "agents/api/route.h"

#define TIMES 200u         /* that each list is asked for */
#define PAGES_MOST 400u

/* ---- one question to the api -------------------------------------------------------------------- */

/* The path with its query is taken apart; the body is a JSON object or NULL. */
static void read_path (char *path, struct http_request *request)
{
	char *query = strchr (path, '?'), *at = NULL;

	request->path = path;
	if (query == NULL)
		return;
	*query = '\0';
	for (char *part = strtok_r (query + 1, "&", &at); part != NULL; part = strtok_r (NULL, "&", &at)) {
		char *value = strchr (part, '=');

		*value = '\0';
		request->params[request->param_count++] = (struct http_param){ part, value + 1 };
	}
}

json_t *large_ask (const char *path, json_t *body)
{
	OWNED (arena) arena = arena_new (64 * MIB);
	OWNED (problems) problems = problems_new ();
	struct http_request request = { .method = body != NULL ? "POST" : "GET" };
	struct call call = { .parts = &large.parts, .verifier = large.verifier, .actor = { "siti", "supervisor" },
			     .request = &request, .body = body, .arena = arena,
			     .problems = problems, .region = "17.71" };
	const struct route *route = NULL;
	json_t *answer = NULL;
	char allow[32];

	read_path (arena_text (arena, path), &request);
	MUST (route_find (request.method, request.path, &route, call.id, allow) == ERR_OK);
	MUST (route->handle (&call, &answer) == ERR_OK);
	return answer;
}

/* How long the answer took, up to its text; how many items it has and what comes next. */
static double ask (const char *path, const char *words, size_t *ret_items, char ret_next[256])
{
	json_t *body = words != NULL ? json_pack ("{s:s}", "words", words) : NULL;
	double began = bench_now_s (), took;
	json_t *answer = large_ask (path, body);
	char *text = json_text (answer, false);
	const char *next = json_get_text (answer, "next");

	took = bench_now_s () - began;
	*ret_items = json_array_size (json_object_get (answer, "items"));
	snprintf (ret_next, 256, "%s", next != NULL ? next : "");
	free (text);
	json_decref (answer);
	json_decref (body);
	return took;
}

/* ---- lists -------------------------------------------------------------------------------------- */

static int by_size (const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static void note_list (const char *name, double took[TIMES], size_t items)
{
	qsort (took, TIMES, sizeof *took, by_size);
	json_array_append_new (
		large.lists,
		json_pack ("{s:s, s:f, s:f, s:f, s:I}", "name", name, "p50_ms", took[TIMES / 2] * 1e3,
			   "p99_ms", took[TIMES - 1 - TIMES / 100] * 1e3, "max_ms",
			   took[TIMES - 1] * 1e3, "items", (json_int_t)items));
}

static void measure_list (const char *name, const char *path, const char *words)
{
	double took[TIMES];
	size_t items = 0;
	char next[256];

	for (size_t i = 0; i < TIMES; i++)
		took[i] = ask (path, words, &items, next);
	note_list (name, took, items);
}

static void page_path (char path[1024], const char *list, const char *more, const char *after)
{
	snprintf (path, 1024, "%s%c%s%s%s", list, strchr (list, '?') != NULL ? '&' : '?', more,
		  *after != '\0' ? "&after=" : "", after);
}

/* The last page of a list, or the one after PAGES_MOST others. */
static void measure_deep (const char *name, const char *list)
{
	char path[1024], next[256] = "", last[256] = "";
	size_t items;

	for (size_t pages = 0; pages < PAGES_MOST; pages++) {
		page_path (path, list, "limit=200", next);
		ask (path, NULL, &items, next);
		if (*next == '\0')
			break;
		strcpy (last, next);
	}
	page_path (path, list, "limit=50", last);
	if (*last != '\0')
		measure_list (name, path, NULL);
}

static void measure_both (const char *name, const char *path)
{
	char deep[160];

	snprintf (deep, sizeof deep, "%s, a late page", name);
	measure_list (name, path, NULL);
	measure_deep (deep, path);
}

static void measure_boxes (void)
{
	static const char *const boxes[] = { "all", "in", "out", "needs-answer", "waiting", "open",
					     "ended" };
	char name[80], path[160];

	for (size_t i = 0; i < COUNT_OF (boxes); i++) {
		snprintf (name, sizeof name, "referrals, %s", boxes[i]);
		snprintf (path, sizeof path, "/v1/referrals?box=%s", boxes[i]);
		measure_both (name, path);
	}
	measure_both ("referrals with a large partner, all", "/v1/referrals?partner=" BENCH_SENDER "-1");
	for (size_t i = 0; i < COUNT_OF (boxes); i++) {
		snprintf (name, sizeof name, "referrals with a small partner, %s", boxes[i]);
		snprintf (path, sizeof path, "/v1/referrals?partner=" BENCH_SENDER "-33&box=%s", boxes[i]);
		measure_list (name, path, NULL);
	}
	measure_list ("referrals with a member never written to",
		      "/v1/referrals?partner=" BENCH_SENDER "-99", NULL);
}

/* People as they were built: of the first the ledger holds thousands of letters. */
static void measure_people (void)
{
	struct person_id busy, anybody;
	struct thread *threads;
	char uuid[UUID_TEXT], path[160];
	OWNED (arena) arena = arena_new (MIB);

	MUST (person_by_nik (large.agency.ledger, "1771000000000000", &busy) == ERR_OK);
	snprintf (path, sizeof path, "/v1/people/%s/timeline", uuid_text (busy.b, uuid));
	measure_both ("timeline of a busy person", path);
	snprintf (path, sizeof path, "/v1/referrals?person=%s", uuid_text (busy.b, uuid));
	measure_list ("referrals of a person", path, NULL);
	MUST (thread_list (large.agency.ledger, BOX_ALL, &busy, NULL, 0, 1, arena, &threads) == 1);
	snprintf (path, sizeof path, "/v1/referrals/%s/timeline", uuid_text (threads[0].id.b, uuid));
	measure_both ("timeline of a busy referral", path);
	MUST (person_by_nik (large.agency.ledger, "1771000000000777", &anybody) == ERR_OK);
	snprintf (path, sizeof path, "/v1/people/%s/timeline", uuid_text (anybody.b, uuid));
	measure_list ("timeline of a person", path, NULL);
	snprintf (path, sizeof path, "/v1/people/%s/consents", uuid_text (anybody.b, uuid));
	measure_list ("clauses of a person", path, NULL);
	measure_list ("people, part of a name", "/v1/people/search", "dew");
	measure_list ("people, part of a name, a late page", "/v1/people/search?after=4000", "dew");
	measure_list ("people, whole name", "/v1/people/search", "dewi rina wijaya");
	measure_list ("people, a name that nobody has", "/v1/people/search", "zzyzx qq");
	measure_list ("people, NIK", "/v1/people/search", "1771000000000777");
	measure_list ("people, case number", "/v1/people/search", "K-2026-0777");
}

/* Without a route: as an export would read them. */
static void measure_entries (void)
{
	struct ledger_size size = ledger_size (large.agency.ledger);
	double took[TIMES];

	for (size_t i = 0; i < TIMES; i++) {
		OWNED (arena) arena = arena_new (16 * MIB);
		struct entry *entries;
		double began = bench_now_s ();

		entry_list (large.agency.ledger, NULL, NULL, size.entries / TIMES * i, 50, arena, &entries);
		took[i] = bench_now_s () - began;
	}
	note_list ("fifty entries anywhere in the ledger, opened", took, 50);
}

void large_measure_lists (void)
{
	measure_boxes ();
	measure_people ();
	measure_both ("deadlines", "/v1/due");
	measure_both ("alarms", "/v1/alarms");
	measure_list ("status", "/v1/status", NULL);
	measure_entries ();
}
