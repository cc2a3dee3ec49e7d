/*
 * The api as its clients meet it: real ledger, catalogue, directory and desk behind a
 * real socket. The last test says which routes no test has reached.
 */
#include "tests/agents/api/office.h"

#include "agents/api/view.h"
#include "agents/ledger/reminder.h"

static bool reached[256];

/* Those of the door have tests of their own (test_session.c, test_accounts.c). */
static bool is_of_the_door (const struct route *route)
{
	static const char *const starts[] = { "/v1/session", "/v1/accounts", "/v1/keys",
					      "/v1/looks", "/v1/door", "/v1/people/{id}/looks",
					      "/v1/events" };

	for (size_t i = 0; i < COUNT_OF (starts); i++)
		if (strncmp (route->pattern, starts[i], strlen (starts[i])) == 0)
			return true;
	return false;
}

/* As ask, and notes the route when it answered with its own success. */
static struct reply call (struct office *office, const char *method, const char *path,
			  const char *body)
{
	struct reply reply = ask (office, method, path, body);
	char bare[256], id[64], allow[32];
	const struct route *route;

	snprintf (bare, sizeof bare, "%.*s", (int)strcspn (path, "?"), path);
	if (route_find (method, bare, &route, id, allow) != ERR_OK ||
	    reply.status != route->status)
		return reply;
	for (size_t i = 0; route_at (i) != NULL; i++)
		reached[i] = reached[i] || route_at (i) == route;
	return reply;
}

static const char *text_of (const struct reply *reply, const char *name)
{
	const char *text = json_get_text (reply->json, name);

	if (text == NULL)
		fail_msg ("no %s in %s", name, reply->body);
	return text;
}

static json_t *items (const struct reply *reply)
{
	return json_object_get (reply->json, "items");
}

/* ---- people who are there for a story
 * --------------------------------------------------------- */

static void take_in (struct office *office, const char *name, char id[UUID_TEXT])
{
	char body[256];

	snprintf (body, sizeof body,
		  "{\"name\": \"%s\", \"birth_date\": \"1999-04-12\", \"sex\": \"male\"}",
		  name);
	{
		REPLY reply = call (office, "POST", "/v1/people", body);

		assert_int_equal (reply.status, 201);
		snprintf (id, UUID_TEXT, "%s", text_of (&reply, "id"));
	}
}

static void consent (struct office *office, const char *person)
{
	char path[128];

	snprintf (path, sizeof path, "/v1/people/%s/consents", person);
	{
		REPLY reply = call (
			office, "POST", path,
			"{\"clauses\": [{\"recipient\": \"klinik-uji\", \"purpose\": "
			"\"treatment\", \"labels\": [\"health\"]}]}");

		assert_int_equal (reply.status, 201);
		assert_int_equal (json_array_size (items (&reply)), 1);
	}
}

static struct reply try_refer (struct office *office, const char *person,
			       const char *more)
{
	char body[512];

	snprintf (
		body, sizeof body,
		"{\"person\": \"%s\", \"to\": \"klinik-uji\", \"service\": \"medical\", "
		"\"answers\": {\"reason\": \"pemeriksaan\"%s}}",
		person, more);
	return call (office, "POST", "/v1/referrals", body);
}

static void refer (struct office *office, const char *person, char number[24])
{
	REPLY reply = try_refer (office, person, "");

	if (reply.status != 202)
		fail_msg ("%s", reply.body);
	snprintf (number, 24, "%s", text_of (&reply, "number"));
}

/* ---- before anybody is asked
 * ------------------------------------------------------------------ */

static void an_unknown_path_is_not_found (void **state)
{
	REPLY reply = ask (*state, "GET", "/v1/nothing", NULL);

	assert_int_equal (reply.status, 404);
	assert_code (&reply, ERR_NOT_FOUND);
}

static void a_wrong_method_says_which_would_do (void **state)
{
	REPLY reply = ask (*state, "DELETE", "/v1/referrals", NULL);

	assert_int_equal (reply.status, 405);
	assert_code (&reply, ERR_USAGE);
	assert_non_null (strstr (reply.raw, "Allow: POST, GET"));
}

static void malformed_json_is_named_by_line (void **state)
{
	REPLY reply = ask (*state, "POST", "/v1/people", "{\n \"name\": }");

	assert_int_equal (reply.status, 400);
	assert_code (&reply, ERR_MALFORMED);
	assert_int_equal (named (&reply, "line 2"), 1);
}

static void a_name_that_stands_twice_is_refused (void **state)
{
	REPLY reply =
		ask (*state, "POST", "/v1/people", "{\"name\": \"A\", \"name\": \"B\"}");

	assert_code (&reply, ERR_MALFORMED);
}

static void a_body_that_is_no_object_is_refused (void **state)
{
	REPLY reply = ask (*state, "POST", "/v1/people", "[1, 2]");

	assert_code (&reply, ERR_MALFORMED);
	assert_int_equal (named (&reply, "body"), 1);
}

static void a_body_beyond_the_limit_says_the_limit (void **state)
{
	char *body = calloc (1, LIMIT_HTTP_BODY_BYTES + 2);

	memset (body, ' ', LIMIT_HTTP_BODY_BYTES + 1);
	{
		REPLY reply = ask (*state, "POST", "/v1/people", body);

		assert_int_equal (reply.status, 413);
		assert_code (&reply, ERR_TOO_LARGE);
		assert_non_null (strstr (reply.body, "1048576"));
	}
	free (body);
}

static void an_unknown_parameter_is_named (void **state)
{
	REPLY reply = ask (*state, "GET", "/v1/due?limit=5&sort=name", NULL);

	assert_code (&reply, ERR_INVALID);
	assert_non_null (strstr (reply.body, "sort"));
}

static void limits_that_are_no_numbers_are_refused (void **state)
{
	static const char *const paths[] = {
		"/v1/due?limit=0", "/v1/due?limit=201",        "/v1/due?limit=-1",
		"/v1/due?limit=x", "/v1/due?after=9999999999", "/v1/due?limit=5x"
	};

	for (size_t i = 0; i < COUNT_OF (paths); i++) {
		REPLY reply = ask (*state, "GET", paths[i], NULL);

		assert_int_equal (reply.status, 422);
	}
}

static void a_uid_that_is_not_mapped_learns_which_line_to_add (void **state)
{
	struct office *office = *state;
	char line[64];

	api_destroy (&office->api);
	office_api (office);
	snprintf (line, sizeof line, "%u = caseworker", (unsigned)getuid ());
	office->user.uid = getuid () + 1;
	{
		REPLY reply = ask (office, "GET", "/v1/status", NULL);

		assert_int_equal (reply.status, 401);
		assert_code (&reply, ERR_NOT_SIGNED_IN);
		assert_non_null (strstr (reply.body, line));
	}
}

static void a_role_without_the_right_is_refused (void **state)
{
	struct office *office = *state;

	office->user.role = "auditor";
	{
		REPLY reply = ask (office, "POST", "/v1/people", "{\"name\": \"A\"}");
		REPLY list = ask (office, "GET", "/v1/due", NULL);

		assert_int_equal (reply.status, 403);
		assert_code (&reply, ERR_NOT_ALLOWED);
		assert_int_equal (list.status, 200);
	}
}

static void every_error_has_the_same_form (void **state)
{
#define X(number, name, lane, http, id, en) ERR_##name,
	static const err_t errors[] = { ERROR_LIST (X) };
#undef X

	for (size_t i = 0; i < COUNT_OF (errors); i++) {
		OWNED (problems) problems = problems_new ();
		json_t *json;

		problems_add_texts (problems, errors[i], "kolom", "kalimat", "sentence");
		json = view_error (errors[i], problems);
		assert_string_equal (json_get_text (json, "code"), err_name (errors[i]));
		assert_string_equal (json_get_text (json, "message_id"),
				     err_text_id (errors[i]));
		assert_string_equal (json_get_text (json, "message_en"),
				     err_text_en (errors[i]));
		assert_int_equal (json_array_size (json_object_get (json, "fields")), 1);
		json_decref (json);
	}
}

/* ---- reading
 * ---------------------------------------------------------------------------------- */

static void status_tells_who_i_am_and_how_things_stand (void **state)
{
	REPLY reply = call (*state, "GET", "/v1/status", NULL);
	const json_t *user = json_object_get (reply.json, "user");

	assert_int_equal (reply.status, 200);
	assert_string_equal (json_get_text (user, "name"), "siti");
	assert_string_equal (json_get_text (json_object_get (reply.json, "agency"), "id"),
			     "ipwl-uji");
	assert_false (
		json_get_flag (json_object_get (reply.json, "hub"), "connected", true));
	assert_string_equal (
		json_get_text (json_object_get (reply.json, "directory"), "network"),
		"uji");
}

static void the_catalogue_shows_every_form (void **state)
{
	struct office *office = *state;
	REPLY reply = call (office, "GET", "/v1/catalogue", NULL);
	size_t kinds = 0, shown = 0, i;
	json_t *thread;

	for (i = 0; i < catalogue_thread_count (office->catalogue); i++)
		kinds += catalogue_thread_at (office->catalogue, i)->kind_count;
	json_array_foreach (json_object_get (reply.json, "threads"), i, thread) shown +=
		json_array_size (json_object_get (thread, "kinds"));
	assert_true (kinds > 0);
	assert_int_equal (shown, kinds);
	assert_true (json_array_size (json_object_get (
			     json_object_get (reply.json, "forms"), "intake")) > 5);
}

static size_t threads_of (struct office *office, const char *query)
{
	REPLY reply = ask (office, "GET", query, NULL);

	return json_array_size (json_object_get (reply.json, "threads"));
}

static void the_catalogue_is_narrowed_to_the_form_that_is_drawn (void **state)
{
	struct office *office = *state;
	REPLY one = ask (office, "GET", "/v1/catalogue?kind=service.report", NULL);
	const json_t *thread = json_array_get (json_object_get (one.json, "threads"), 0);

	assert_int_equal (json_array_size (json_object_get (one.json, "threads")), 1);
	assert_string_equal (json_get_text (thread, "type"), "referral");
	assert_int_equal (threads_of (office, "/v1/catalogue?thread=lab"), 1);
	assert_int_equal (threads_of (office, "/v1/catalogue?thread=lab&kind=service.report"), 0);
	assert_int_equal (threads_of (office, "/v1/catalogue?thread=wedding"), 0);
}

static void the_catalogue_is_checked_printed_and_drawn (void **state)
{
	struct office *office = *state;
	REPLY check = call (office, "GET", "/v1/catalogue/check", NULL);
	REPLY page = call (office, "GET", "/v1/catalogue/print", NULL);
	REPLY one = ask (office, "GET", "/v1/catalogue/diagram?thread=consent", NULL);
	REPLY all = call (office, "GET", "/v1/catalogue/diagram", NULL);
	REPLY none = ask (office, "GET", "/v1/catalogue/diagram?thread=wedding", NULL);

	assert_int_equal (json_get_number (check.json, "threads", 0),
			  catalogue_thread_count (office->catalogue));
	assert_int_equal (json_get_number (check.json, "kinds", 0),
			  catalogue_kind_count (office->catalogue));
	assert_int_equal (json_array_size (json_object_get (check.json, "problems")), 0);
	assert_non_null (strstr (json_get_text (page.json, "text"), "### `referral.accept`"));
	assert_non_null (strstr (json_get_text (one.json, "text"),
				 "active --> withdrawn: consent.withdraw"));
	assert_null (strstr (json_get_text (one.json, "text"), "referral.accept"));
	assert_non_null (strstr (json_get_text (all.json, "text"), "referral.accept"));
	assert_int_equal (none.status, 404);
}

static void partners_come_from_the_directory (void **state)
{
	REPLY all = call (*state, "GET", "/v1/partners", NULL);
	REPLY clinics = ask (*state, "GET", "/v1/partners?kind=clinic", NULL);
	REPLY none = ask (*state, "GET", "/v1/partners?service=legal", NULL);

	assert_int_equal (json_array_size (items (&all)), 2);
	assert_int_equal (json_array_size (items (&clinics)), 1);
	assert_int_equal (json_array_size (items (&none)), 0);
}

static void a_ledger_that_is_whole_says_so (void **state)
{
	REPLY begun = call (*state, "POST", "/v1/verify", "{}");
	bool running = true, ok = false;

	assert_true (json_get_flag (begun.json, "running", false));
	for (int i = 0; i < 10000 && running; i++) {
		REPLY reply = call (*state, "GET", "/v1/verify", NULL);

		running = json_get_flag (reply.json, "running", true);
		ok = json_get_flag (reply.json, "ok", false);
		assert_int_equal (json_array_size (json_object_get (reply.json, "findings")), 0);
	}
	assert_true (ok);
}

/* ---- people
 * ----------------------------------------------------------------------------------- */

static void three_mistakes_of_an_intake_are_named_at_once (void **state)
{
	REPLY reply = ask (
		*state, "POST", "/v1/people",
		"{\"nik\": \"123\", \"birth_date\": \"1999-02-31\", \"sex\": \"x\"}");

	assert_int_equal (reply.status, 422);
	assert_int_equal (named (&reply, "name"), 1);
	assert_int_equal (named (&reply, "nik"), 1);
	assert_int_equal (named (&reply, "birth_date"), 1);
	assert_int_equal (named (&reply, "sex"), 1);
}

static void a_personal_value_is_never_quoted_back (void **state)
{
	REPLY reply = ask (*state, "POST", "/v1/people",
			   "{\"name\": \"A\", \"nik\": \"9999999999999999\"}");

	assert_int_equal (reply.status, 422);
	assert_null (strstr (reply.body, "9999999999999999"));
}

static void a_person_is_found_by_a_body_and_shown_by_an_id (void **state)
{
	struct office *office = *state;
	char id[UUID_TEXT], path[128];

	take_in (office, "Budi Santoso", id);
	take_in (office, "Budi Hartono", path);
	{
		REPLY both = call (office, "POST", "/v1/people/search",
				   "{\"words\": \"budi\"}");
		REPLY one = ask (office, "POST", "/v1/people/search",
				 "{\"words\": \"santoso\"}");
		REPLY first = ask (office, "POST", "/v1/people/search?limit=1",
				   "{\"words\": \"budi\"}");

		assert_int_equal (json_array_size (items (&both)), 2);
		assert_int_equal (json_array_size (items (&one)), 1);
		assert_int_equal (json_array_size (items (&first)), 1);
		assert_string_equal (text_of (&first, "next"), "1");
	}
	snprintf (path, sizeof path, "/v1/people/%s", id);
	{
		REPLY reply = call (office, "GET", path, NULL);

		assert_string_equal (text_of (&reply, "name"), "Budi Santoso");
		assert_non_null (strstr (text_of (&reply, "created"), "Z"));
	}
}

static void a_search_for_nothing_lists_nobody (void **state)
{
	struct office *office = *state;
	char id[UUID_TEXT];

	take_in (office, "Budi", id);
	{
		REPLY reply =
			ask (office, "POST", "/v1/people/search", "{\"words\": \"\"}");

		assert_int_equal (reply.status, 422);
		assert_int_equal (named (&reply, "words"), 1);
	}
}

static void a_look_at_a_person_is_an_entry (void **state)
{
	struct office *office = *state;
	char id[UUID_TEXT], path[128];

	take_in (office, "Budi", id);
	snprintf (path, sizeof path, "/v1/people/%s", id);
	{
		REPLY look = ask (office, "GET", path, NULL);

		assert_int_equal (look.status, 200);
	}
	snprintf (path, sizeof path, "/v1/people/%s/timeline", id);
	{
		REPLY reply = call (office, "GET", path, NULL);
		const json_t *last = json_array_get (items (&reply), 1);

		assert_int_equal (json_array_size (items (&reply)), 2);
		assert_string_equal (json_get_text (last, "type"),
				     entry_type_name (ENTRY_LOOKED));
		assert_string_equal (json_get_text (last, "user"), "siti");
		assert_null (strstr (reply.body, "Budi"));
	}
}

static void somebody_who_is_not_here_is_not_found (void **state)
{
	static const char *const paths[] = {
		"/v1/people/018f2f6e-0000-7000-8000-000000000000",
		"/v1/people/budi",
		"/v1/people/018f2f6e-0000-7000-8000-000000000000/timeline",
		"/v1/people/018f2f6e-0000-7000-8000-000000000000/consents",
		"/v1/referrals/R-2026-9999",
		"/v1/referrals/x/timeline",
	};

	for (size_t i = 0; i < COUNT_OF (paths); i++) {
		REPLY reply = ask (*state, "GET", paths[i], NULL);

		assert_int_equal (reply.status, 404);
	}
}

/* ---- consent
 * ---------------------------------------------------------------------------------- */

static void mistakes_in_a_clause_are_named (void **state)
{
	struct office *office = *state;
	char id[UUID_TEXT], path[128];

	take_in (office, "Budi", id);
	snprintf (path, sizeof path, "/v1/people/%s/consents", id);
	{
		REPLY none = ask (office, "POST", path, "{}");
		REPLY bad = ask (
			office, "POST", path,
			"{\"clauses\": [{\"recipient\": \"klinik-lain\", \"purpose\": "
			"\"hiburan\", \"labels\": [\"rahasia\"]}]}");
		REPLY typed =
			ask (office, "POST", path,
			     "{\"clauses\": [{\"recipient\": 7, \"labels\": \"health\", "
			     "\"valid_to\": \"kelak\"}, 5]}");

		assert_int_equal (named (&none, "clauses"), 1);
		assert_int_equal (bad.status, 422);
		assert_int_equal (named (&bad, "recipient"), 1);
		assert_int_equal (named (&bad, "purpose"), 1);
		assert_int_equal (named (&bad, "labels"), 1);
		assert_int_equal (typed.status, 422);
		assert_int_equal (named (&typed, "valid_to"), 1);
	}
}

static void consent_is_given_shown_and_withdrawn (void **state)
{
	struct office *office = *state;
	char id[UUID_TEXT], path[128], withdraw[160];

	take_in (office, "Budi", id);
	consent (office, id);
	snprintf (path, sizeof path, "/v1/people/%s/consents", id);
	snprintf (withdraw, sizeof withdraw, "%s/withdraw", path);
	{
		REPLY unsaid = ask (office, "POST", withdraw, "{}");
		REPLY all = call (office, "POST", withdraw, "{\"all\": true}");
		REPLY list = call (office, "GET", path, NULL);
		const json_t *clause = json_array_get (items (&list), 0);

		assert_int_equal (unsaid.status, 422);
		assert_int_equal (json_get_number (all.json, "withdrawn", 0), 1);
		assert_non_null (json_get_text (clause, "withdrawn"));
		assert_string_equal (json_get_text (clause, "purpose"), "treatment");
	}
}

/* ---- referrals
 * -------------------------------------------------------------------------------- */

static void a_referral_is_written_and_shown_with_its_custody (void **state)
{
	struct office *office = *state;
	char id[UUID_TEXT], number[24], path[128];

	take_in (office, "Budi", id);
	consent (office, id);
	refer (office, id, number);
	snprintf (path, sizeof path, "/v1/referrals/%s", number);
	{
		REPLY reply = call (office, "GET", path, NULL);
		const json_t *letter =
			json_array_get (json_object_get (reply.json, "letters"), 0);
		const json_t *custody = json_object_get (letter, "custody");

		assert_string_equal (text_of (&reply, "side"), "requester");
		assert_string_equal (
			json_get_text (json_object_get (reply.json, "person"), "name"),
			"Budi");
		assert_string_equal (json_get_text (letter, "kind"), "referral.request");
		assert_string_equal (json_get_text (custody, "state"),
				     outbox_state_name (OUTBOX_WRITTEN));
		assert_non_null (strstr (reply.body, "pemeriksaan"));
		assert_true (json_array_size (json_object_get (reply.json, "deadlines")) >
			     0);
	}
}

static void what_can_come_next_is_what_the_lifecycle_allows (void **state)
{
	struct office *office = *state;
	char id[UUID_TEXT], number[24], path[128];

	take_in (office, "Budi", id);
	consent (office, id);
	refer (office, id, number);
	snprintf (path, sizeof path, "/v1/referrals/%s", number);
	{
		REPLY reply = ask (office, "GET", path, NULL);
		size_t i;
		json_t *next;
		bool may_cancel = false;

		json_array_foreach (json_object_get (reply.json, "next"), i, next)
		{
			const char *kind = json_get_text (next, "kind");

			may_cancel = may_cancel || strcmp (kind, "referral.cancel") == 0;
			assert_string_not_equal (kind, "referral.accept");
			assert_string_not_equal (kind, "referral.received");
		}
		assert_true (may_cancel);
	}
}

static void the_next_letter_moves_the_referral (void **state)
{
	struct office *office = *state;
	char id[UUID_TEXT], number[24], path[128];

	take_in (office, "Budi", id);
	consent (office, id);
	refer (office, id, number);
	snprintf (path, sizeof path, "/v1/referrals/%s/letters", number);
	{
		REPLY wrong =
			ask (office, "POST", path, "{\"kind\": \"referral.accept\"}");
		REPLY unknown = ask (office, "POST", path, "{\"kind\": \"tidak.ada\"}");
		REPLY cancel = call (office, "POST", path,
				     "{\"kind\": \"referral.cancel\", \"answers\": "
				     "{\"reason-code\": \"client-declined\"}}");

		assert_int_equal (wrong.status, 409);
		assert_int_equal (unknown.status, 404);
		assert_code (&unknown, ERR_UNKNOWN_KIND);
		assert_int_equal (cancel.status, 202);
	}
	snprintf (path, sizeof path, "/v1/referrals/%s/timeline", number);
	{
		REPLY reply = call (office, "GET", path, NULL);

		assert_non_null (strstr (reply.body, "referral.cancel"));
	}
}

static void a_letter_is_taken_back_once (void **state)
{
	char person[UUID_TEXT], number[24], path[64];

	take_in (*state, "Budi", person);
	consent (*state, person);
	refer (*state, person, number);
	snprintf (path, sizeof path, "/v1/referrals/%s/recall", number);
	{
		REPLY unreadable = ask (*state, "POST", path, "{\"letter\": \"R-1\"}");
		REPLY taken = call (*state, "POST", path, "{}");
		REPLY again = ask (*state, "POST", path, "{}");

		assert_code (&unreadable, ERR_INVALID);
		assert_int_equal (taken.status, 202);
		assert_true (json_is_true (json_object_get (taken.json, "taken")));
		assert_string_equal (text_of (&taken, "state"), "cancelled");
		assert_code (&again, ERR_WRONG_STATE);
	}
}

static void a_referral_without_consent_is_refused_with_the_reason (void **state)
{
	struct office *office = *state;
	char id[UUID_TEXT];

	take_in (office, "Budi", id);
	{
		REPLY reply = try_refer (office, id, "");

		assert_int_equal (reply.status, 403);
		assert_code (&reply, ERR_NO_CONSENT);
	}
}

static void three_mistakes_of_a_referral_are_named_at_once (void **state)
{
	struct office *office = *state;
	char id[UUID_TEXT], body[512];

	take_in (office, "Budi", id);
	consent (office, id);
	snprintf (
		body, sizeof body,
		"{\"person\": \"%s\", \"to\": \"Klinik Uji\", \"service\": \"medical\", "
		"\"urgency\": \"soon\", \"answers\": {\"reason\": 7, \"warna\": "
		"\"biru\"}}",
		id);
	{
		REPLY reply = ask (office, "POST", "/v1/referrals", body);

		assert_int_equal (reply.status, 422);
		assert_int_equal (named (&reply, "to"), 1);
		assert_int_equal (named (&reply, "urgency"), 1);
		assert_int_equal (named (&reply, "warna"), 1);
		assert_int_equal (named (&reply, "reason"), 1);
		assert_int_equal (named (&reply, "person.name"), 0);
	}
}

static struct reply next_page (struct office *office, const char *list, const struct reply *page)
{
	char path[256];

	snprintf (path, sizeof path, "%s%cafter=%s", list, strchr (list, '?') != NULL ? '&' : '?',
		  text_of (page, "next"));
	return ask (office, "GET", path, NULL);
}

static void lists_of_referrals_show_nobodys_name (void **state)
{
	struct office *office = *state;
	char id[UUID_TEXT], number[24], path[128];

	take_in (office, "Budi", id);
	consent (office, id);
	refer (office, id, number);
	refer (office, id, number);
	snprintf (path, sizeof path, "/v1/referrals?box=out&person=%s&partner=klinik-uji",
		  id);
	{
		REPLY out = call (office, "GET", path, NULL);
		REPLY in = ask (office, "GET", "/v1/referrals?box=in", NULL);
		REPLY first = ask (office, "GET", "/v1/referrals?limit=1", NULL);
		REPLY second = next_page (office, "/v1/referrals?limit=1", &first);
		REPLY bad = ask (office, "GET", "/v1/referrals?box=meja", NULL);

		assert_int_equal (json_array_size (items (&out)), 2);
		assert_null (strstr (out.body, "Budi"));
		assert_non_null (strstr (out.body, "K-20"));
		assert_int_equal (json_array_size (items (&in)), 0);
		assert_int_equal (json_array_size (items (&first)), 1);
		assert_int_equal (json_array_size (items (&second)), 1);
		assert_null (json_get_text (second.json, "next"));
		assert_int_equal (bad.status, 422);
	}
}

static void a_list_says_how_far_the_newest_letter_has_come (void **state)
{
	struct office *office = *state;
	char id[UUID_TEXT], number[24];

	take_in (office, "Budi", id);
	consent (office, id);
	refer (office, id, number);
	{
		REPLY out = call (office, "GET", "/v1/referrals?box=out", NULL);
		const json_t *sent = json_object_get (json_array_get (items (&out), 0), "sent");

		assert_string_equal (json_get_text (sent, "state"), "written");
		assert_string_equal (json_get_text (json_object_get (sent, "words"), "en"),
				     "written, waiting to be sent");
		assert_false (json_get_flag (sent, "opened", true));
	}
}

static void deadlines_name_their_referral (void **state)
{
	struct office *office = *state;
	char id[UUID_TEXT], number[24];

	take_in (office, "Budi", id);
	consent (office, id);
	refer (office, id, number);
	{
		REPLY reply = call (office, "GET", "/v1/due", NULL);
		const json_t *due = json_array_get (items (&reply), 0);

		assert_string_equal (
			json_get_text (json_object_get (due, "thread"), "number"),
			number);
		assert_false (json_get_flag (due, "ours", true));
	}
}

static void pages_of_deadlines_and_alarms_show_each_once (void **state)
{
	struct office *office = *state;
	struct agency_id partner = agency ("klinik-uji");
	OWNED (tx) tx = ledger_begin (office->ledger);

	for (uint8_t i = 1; i <= 3; i++) {
		struct deadline deadline = { .thread = { { i } }, .what = "cancel-silent",
					     .owner = partner, .due_ms = clock_now_ms () + DAY_MS };

		deadline_set (tx, &deadline);
		assert_true (alarm_raise (tx, "withheld", &deadline.thread, &partner, i));
	}
	assert_ok (tx_commit (tx));
	tx_destroy (&tx);
	{
		static const char *const lists[] = { "/v1/due?limit=2", "/v1/alarms?limit=2" };

		for (size_t i = 0; i < COUNT_OF (lists); i++) {
			REPLY first = ask (office, "GET", lists[i], NULL);
			REPLY second = next_page (office, lists[i], &first);

			assert_int_equal (json_array_size (items (&first)), 2);
			assert_int_equal (json_array_size (items (&second)), 1);
			assert_null (json_get_text (second.json, "next"));
		}
	}
	{
		REPLY zero = ask (office, "GET", "/v1/due?after=0", NULL);
		REPLY bad = ask (office, "GET", "/v1/due?after=besok", NULL);

		assert_int_equal (json_array_size (items (&zero)), 3);
		assert_int_equal (bad.status, 422);
		assert_int_equal (named (&bad, "after"), 1);
	}
}

/* ---- alarms
 * ----------------------------------------------------------------------------------- */

static void an_alarm_is_shown_until_somebody_closes_it (void **state)
{
	struct office *office = *state;
	struct agency_id partner = agency ("klinik-uji");
	struct thread_id none = { { 0 } };
	OWNED (tx) tx = ledger_begin (office->ledger);
	char path[64];

	assert_true (alarm_raise (tx, "withheld", &none, &partner, clock_now_ms ()));
	assert_ok (tx_commit (tx));
	tx_destroy (&tx);
	{
		REPLY list = call (office, "GET", "/v1/alarms", NULL);
		const json_t *alarm = json_array_get (items (&list), 0);

		assert_string_equal (json_get_text (alarm, "name"), "withheld");
		snprintf (path, sizeof path, "/v1/alarms/%d/close",
			  (int)json_get_number (alarm, "n", 0));
	}
	{
		REPLY closed = call (office, "POST", path, "{}");
		REPLY again = ask (office, "GET", "/v1/alarms", NULL);
		REPLY never = ask (office, "POST", "/v1/alarms/999/close", "{}");

		assert_int_equal (closed.status, 200);
		assert_int_equal (json_array_size (items (&again)), 0);
		assert_int_equal (never.status, 404);
	}
}

/* ---- lists from elsewhere
 * ---------------------------------------------------------------------- */

static void a_list_is_looked_at_then_written_then_known (void **state)
{
	struct office *office = *state;
	REPLY look = call (office, "POST", "/v1/imports/staff",
			   "{\"text\": \"name,position\\nRatna,konselor\\nAgus,\\n\"}");
	REPLY done = ask (office, "POST", "/v1/imports/staff",
			  "{\"format\": \"json\", \"commit\": true,"
			  " \"text\": \"[{\\\"name\\\": \\\"Ratna\\\","
			  " \\\"position\\\": \\\"konselor\\\"}]\"}");
	REPLY list = call (office, "GET", "/v1/staff", NULL);
	const json_t *bad = json_array_get (json_object_get (look.json, "bad"), 0);

	assert_int_equal (look.status, 200);
	assert_int_equal (json_get_number (look.json, "rows", 0), 2);
	assert_int_equal (json_get_number (look.json, "good", 0), 1);
	assert_false (json_get_flag (look.json, "written", true));
	assert_int_equal (json_get_number (bad, "line", 0), 3);
	assert_string_equal (json_get_text (bad, "field"), "position");
	assert_string_equal (json_get_text (bad, "code"), "INVALID");
	assert_true (json_get_flag (done.json, "written", false));
	assert_string_equal (json_get_text (json_array_get (items (&list), 0), "name"), "Ratna");
	assert_string_equal (json_get_text (json_array_get (items (&list), 0), "certificate_state"),
			     "none");
}

static void an_unknown_list_or_form_is_refused (void **state)
{
	struct office *office = *state;
	REPLY list = ask (office, "POST", "/v1/imports/inmates", "{\"text\": \"name\\nx\"}");
	REPLY form = ask (office, "POST", "/v1/imports/staff",
			  "{\"format\": \"xlsx\", \"text\": \"\", \"really\": true}");

	assert_int_equal (list.status, 404);
	assert_int_equal (named (&list, "what"), 1);
	assert_int_equal (form.status, 422);
	assert_int_equal (named (&form, "format"), 1);
	assert_int_equal (named (&form, "really"), 1);
}

/* ---- partners who are not connected ----------------------------------------------- */

#define PUSKESMAS                                                                     \
	"{\"id\": \"@puskesmas-ratu\", \"kind\": \"clinic\", \"region\": \"17.71\", " \
	"\"name\": \"Puskesmas Ratu\", \"phone\": \"0736-123456\", "                   \
	"\"services\": \"medical\"}"

static void know_puskesmas (struct office *office)
{
	REPLY reply = call (office, "POST", "/v1/contacts", PUSKESMAS);

	assert_int_equal (reply.status, 201);
	assert_string_equal (text_of (&reply, "phone"), "+62736123456");
}

/* Refers by paper and returns the number and the code. */
static void refer_by_paper (struct office *office, char number[24], char code[24])
{
	char id[UUID_TEXT], path[128], body[512];

	know_puskesmas (office);
	take_in (office, "Bunga", id);
	snprintf (path, sizeof path, "/v1/people/%s/consents", id);
	{
		REPLY given = call (office, "POST", path,
				    "{\"clauses\": [{\"recipient\": \"@puskesmas-ratu\", "
				    "\"purpose\": \"treatment\", \"labels\": [\"health\"]}]}");

		assert_int_equal (given.status, 201);
	}
	snprintf (body, sizeof body,
		  "{\"person\": \"%s\", \"to\": \"@puskesmas-ratu\", \"service\": "
		  "\"medical\", \"answers\": {\"reason\": \"pemeriksaan\"}}",
		  id);
	{
		REPLY sent = call (office, "POST", "/v1/referrals", body);

		if (sent.status != 202)
			fail_msg ("%s", sent.body);
		snprintf (number, 24, "%s", text_of (&sent, "number"));
	}
	snprintf (path, sizeof path, "/v1/referrals/%s", number);
	{
		REPLY shown = call (office, "GET", path, NULL);

		assert_string_equal (text_of (&shown, "carrier"), "paper");
		snprintf (code, 24, "%s", text_of (&shown, "code"));
	}
}

static void the_address_book_is_kept_and_listed_with_the_members (void **state)
{
	know_puskesmas (*state);
	{
		REPLY list = call (*state, "GET", "/v1/contacts", NULL);
		REPLY one = call (*state, "GET", "/v1/contacts/@puskesmas-ratu", NULL);
		REPLY none = ask (*state, "GET", "/v1/contacts/@siapa", NULL);
		REPLY all = call (*state, "GET", "/v1/partners", NULL);
		REPLY near = call (*state, "GET", "/v1/partners?near=17.71.02", NULL);
		REPLY odd = ask (*state, "GET", "/v1/partners?near=sini", NULL);

		assert_int_equal (json_array_size (items (&list)), 1);
		assert_string_equal (text_of (&one, "name"), "Puskesmas Ratu");
		assert_int_equal (none.status, 404);
		assert_int_equal (json_array_size (items (&all)), 3);
		assert_int_equal (json_array_size (items (&near)), 2);
		assert_int_equal (named (&odd, "near"), 1);
	}
}

static void a_contact_with_mistakes_names_each (void **state)
{
	REPLY reply = ask (*state, "POST", "/v1/contacts",
			   "{\"id\": \"@p1\", \"kind\": \"warung\", \"region\": \"x\", "
			   "\"name\": \"P\", \"phone\": \"12\"}");

	assert_int_equal (reply.status, 422);
	assert_int_equal (named (&reply, "kind"), 1);
	assert_int_equal (named (&reply, "region"), 1);
	assert_int_equal (named (&reply, "phone"), 1);
}

static void a_letter_off_the_wire_is_printed_and_the_look_recorded (void **state)
{
	char number[24], code[24], path[128];

	refer_by_paper (*state, number, code);
	snprintf (path, sizeof path, "/v1/referrals/%s/paper?format=text", number);
	{
		REPLY page = call (*state, "GET", path, NULL);

		assert_int_equal (page.status, 200);
		assert_non_null (strstr (text_of (&page, "content"), code));
		assert_non_null (strstr (text_of (&page, "content"), "pemeriksaan"));
		assert_non_null (strstr (text_of (&page, "file"), number));
		assert_null (strstr (text_of (&page, "file"), "Bunga"));
	}
	snprintf (path, sizeof path, "/v1/referrals/%s/timeline", number);
	{
		REPLY timeline = call (*state, "GET", path, NULL);

		assert_non_null (strstr (timeline.body, "\"looked\""));
	}
	snprintf (path, sizeof path, "/v1/referrals/%s/paper?format=pdf", number);
	{
		REPLY odd = ask (*state, "GET", path, NULL);

		assert_int_equal (named (&odd, "format"), 1);
	}
}

static void an_answer_by_phone_is_found_by_its_code_and_shown_as_reported (void **state)
{
	char number[24], code[24], path[128];

	refer_by_paper (*state, number, code);
	snprintf (path, sizeof path, "/v1/referrals/%s/reported", code);
	{
		REPLY odd = ask (*state, "POST", path,
				 "{\"kind\": \"referral.reject\", \"via\": \"angin\", "
				 "\"answers\": {\"reason-code\": \"no-capacity\"}}");
		REPLY said = call (*state, "POST", path,
				   "{\"kind\": \"referral.reject\", \"via\": \"phone\", "
				   "\"said_by\": \"Bidan Ani\", \"answers\": "
				   "{\"reason-code\": \"no-capacity\"}}");

		assert_int_equal (named (&odd, "via"), 1);
		if (said.status != 202)
			fail_msg ("%s", said.body);
		assert_string_equal (
			json_get_text (json_object_get (said.json, "state"), "name"),
			"rejected");
	}
	snprintf (path, sizeof path, "/v1/referrals/%s", number);
	{
		REPLY shown = call (*state, "GET", path, NULL);

		assert_non_null (strstr (shown.body, "reported by us, by phone"));
		assert_non_null (strstr (shown.body, "Bidan Ani"));
	}
	code[0] = code[0] == 'A' ? 'B' : 'A';
	snprintf (path, sizeof path, "/v1/referrals/%s", code);
	{
		REPLY slip = ask (*state, "GET", path, NULL);

		assert_int_equal (slip.status, 422);
		assert_int_equal (named (&slip, "id"), 1);
	}
}

static void once_enrolled_open_threads_are_listed_and_move_to_the_wire (void **state)
{
	char number[24], code[24], path[128], id[UUID_TEXT];

	refer_by_paper (*state, number, code);
	{
		REPLY nobody = ask (*state, "POST", "/v1/contacts/@puskesmas-ratu/enrolled",
				    "{\"agency\": \"klinik-lain\"}");
		REPLY now = call (*state, "POST", "/v1/contacts/@puskesmas-ratu/enrolled",
				  "{\"agency\": \"klinik-uji\"}");
		const json_t *open = json_object_get (now.json, "open");

		assert_code (&nobody, ERR_NO_ROUTE);
		assert_int_equal (json_array_size (open), 1);
		snprintf (id, sizeof id, "%s",
			  json_get_text (json_object_get (json_array_get (open, 0), "person"),
					 "id"));
	}
	snprintf (path, sizeof path, "/v1/referrals/%s/to-wire", number);
	{
		REPLY refused = ask (*state, "POST", path, "{}");

		assert_code (&refused, ERR_NO_CONSENT);
	}
	consent (*state, id);
	{
		REPLY moved = call (*state, "POST", path, "{}");

		if (moved.status != 202)
			fail_msg ("%s", moved.body);
	}
	snprintf (path, sizeof path, "/v1/referrals/%s/paper", number);
	{
		REPLY page = ask (*state, "GET", path, NULL);

		assert_code (&page, ERR_WRONG_STATE);
	}
}

static void nearest_finds_the_partner_by_the_region_and_says_when_there_is_none (void **state)
{
	char id[UUID_TEXT], body[512];

	take_in (*state, "Cahya", id);
	snprintf (body, sizeof body,
		  "{\"person\": \"%s\", \"to\": \"nearest\", \"service\": \"medical\", "
		  "\"answers\": {\"reason\": \"x\"}}",
		  id);
	{
		REPLY lost = ask (*state, "POST", "/v1/referrals", body);

		assert_int_equal (named (&lost, "region"), 1);
	}
	consent (*state, id);
	snprintf (body, sizeof body,
		  "{\"person\": \"%s\", \"to\": \"nearest\", \"region\": \"17.71\", "
		  "\"service\": \"medical\", \"answers\": {\"reason\": \"x\"}}",
		  id);
	{
		REPLY sent = call (*state, "POST", "/v1/referrals", body);

		if (sent.status != 202)
			fail_msg ("%s", sent.body);
	}
}

/* ---- chains
 * ------------------------------------------------------------------------------------ */

static void add_event (struct office *office, uint8_t chain, const char *reporter, const char *state,
		       int64_t ago_ms, int64_t due_in_ms)
{
	int64_t now_ms = clock_now_ms ();
	struct chain_event event = { .chain = { { 0x3f, 0x2a, 0x91, chain } },
				     .referral = { { 7, chain } },
				     .from = agency ("klinik-uji"),
				     .to = agency ("rs-jauh"),
				     .kind = "referral",
				     .state = state,
				     .reason = "",
				     .at_ms = now_ms - ago_ms,
				     .due_ms = due_in_ms != 0 ? now_ms + due_in_ms : 0,
				     .header_hash = { { 9, chain, (uint8_t)strlen (state) } } };
	struct agency_id who = agency (reporter);
	OWNED (tx) tx = ledger_begin (office->ledger);

	chain_event_add (tx, &who, &event, now_ms - ago_ms);
	assert_ok (tx_commit (tx));
}

static void chains_are_listed_with_who_is_waited_for (void **state)
{
	struct office *office = *state;

	add_event (office, 1, "klinik-uji", "requested", 3 * DAY_MS, -DAY_MS);
	add_event (office, 1, "rs-jauh", "requested", 3 * DAY_MS, -DAY_MS);
	add_event (office, 2, "klinik-uji", "requested", HOUR_MS, DAY_MS);
	REPLY all = call (office, "GET", "/v1/chains", NULL);
	REPLY late = ask (office, "GET", "/v1/chains?late=1", NULL);
	const json_t *chain = json_array_get (items (&late), 0);
	const json_t *waiting = json_object_get (chain, "waiting");

	assert_int_equal (json_array_size (items (&all)), 2);
	assert_int_equal (json_array_size (items (&late)), 1);
	assert_string_equal (json_get_text (chain, "short"), "3f2a9101");
	assert_string_equal (json_get_text (json_object_get (waiting, "agency"), "id"), "rs-jauh");
	assert_string_equal (json_get_text (json_object_get (waiting, "for"), "id"), "3 hari");
	assert_true (json_get_flag (waiting, "late", false));
	/* What comes later is there at the next question. */
	add_event (office, 1, "rs-jauh", "accepted", HOUR_MS, 0);
	REPLY after = ask (office, "GET", "/v1/chains?late=1", NULL);
	REPLY doubted = ask (office, "GET", "/v1/chains?disagree=1", NULL);
	assert_int_equal (json_array_size (items (&after)), 0);
	assert_int_equal (json_array_size (items (&doubted)), 0);
}

static void a_chain_is_shown_and_exported_by_its_first_digits (void **state)
{
	static const char *const forms[] = { "text", "csv", "json" };
	struct office *office = *state;

	add_event (office, 1, "klinik-uji", "requested", 3 * DAY_MS, DAY_MS);
	REPLY shown = call (office, "GET", "/v1/chains/3f2a9101", NULL);
	const json_t *tree = json_object_get (shown.json, "tree");
	const json_t *referral = json_array_get (tree, 0);

	assert_int_equal (json_array_size (tree), 1);
	assert_string_equal (json_get_text (json_object_get (referral, "state"), "name"),
			     "requested");
	assert_int_equal (json_array_size (json_object_get (referral, "steps")), 1);
	for (size_t i = 0; i < COUNT_OF (forms); i++) {
		char path[80];

		snprintf (path, sizeof path, "/v1/chains/3f2a9101/export?format=%s", forms[i]);
		REPLY exported = ask (office, "GET", path, NULL);
		assert_int_equal (exported.status, 200);
		assert_string_equal (json_get_text (exported.json, "format"), forms[i]);
	}
	REPLY text = call (office, "GET", "/v1/chains/3f2a9101/export", NULL);
	REPLY list = call (office, "GET", "/v1/chains/export", NULL);
	assert_non_null (strstr (json_get_text (text.json, "text"), "klinik-uji → rs-jauh"));
	assert_non_null (strstr (json_get_text (list.json, "text"), "klinik-uji,rs-jauh,referral,"));
}

static void a_chain_that_can_not_be_meant_says_why (void **state)
{
	static const struct { const char *path; int status; } wrong[] = {
		{ "/v1/chains/3f2a", 404 },
		{ "/v1/chains/ffffff", 404 },
		{ "/v1/chains/nobody", 404 },
		{ "/v1/chains/3f2a91", 409 },
		{ "/v1/chains?late=yes", 422 },
		{ "/v1/chains/3f2a9101/export?format=pdf", 422 },
		{ "/v1/chains/export?format=text", 422 },
	};
	struct office *office = *state;

	add_event (office, 1, "klinik-uji", "requested", HOUR_MS, DAY_MS);
	add_event (office, 2, "klinik-uji", "requested", HOUR_MS, DAY_MS);
	for (size_t i = 0; i < COUNT_OF (wrong); i++) {
		REPLY reply = ask (office, "GET", wrong[i].path, NULL);

		assert_int_equal (reply.status, wrong[i].status);
		assert_int_equal (json_array_size (json_object_get (reply.json, "fields")), 1);
	}
}

static void chains_are_counted_by_pairs (void **state)
{
	struct office *office = *state;

	add_event (office, 1, "klinik-uji", "requested", 3 * DAY_MS, DAY_MS);
	add_event (office, 1, "klinik-uji", "accepted", DAY_MS, 0);
	REPLY summary = call (office, "GET", "/v1/chains/summary", NULL);
	const json_t *pair = json_array_get (json_object_get (summary.json, "pairs"), 0);

	assert_int_equal (json_get_number (summary.json, "chains", 0), 1);
	assert_int_equal (json_get_number (pair, "accepted", 0), 1);
	assert_int_equal (json_get_number (json_object_get (pair, "accept"), "ms", 0) / DAY_MS, 2);
	assert_true (json_is_null (json_object_get (pair, "outcome")));
}

/* ---- the whole
 * -------------------------------------------------------------------------------- */

/* ---- the morning
 * ------------------------------------------------------------------------------ */

static int64_t count_of (const struct reply *reply, const char *section)
{
	return json_get_number (json_object_get (reply->json, section), "count", -1);
}

static void an_empty_morning_has_every_section_and_nothing_in_it (void **state)
{
	static const char *const sections[] = { "alarms",    "answer", "arriving",
						"reminders", "late",   "today" };
	REPLY reply = call (*state, "GET", "/v1/today", NULL);

	assert_int_equal (reply.status, 200);
	for (size_t i = 0; i < COUNT_OF (sections); i++)
		assert_int_equal (count_of (&reply, sections[i]), 0);
	assert_non_null (json_object_get (reply.json, "hub"));
	assert_non_null (json_object_get (reply.json, "queue"));
}

static void a_deadline (struct office *office, const char *number, const char *owner,
			const char *what, int64_t due_ms)
{
	OWNED (tx) tx = ledger_begin (office->ledger);
	struct deadline deadline = { .due_ms = due_ms };

	assert_ok (thread_find (office->ledger, number, &deadline.thread));
	snprintf (deadline.what, sizeof deadline.what, "%s", what);
	assert_ok (agency_id_parse (owner, &deadline.owner));
	deadline_set (tx, &deadline);
	assert_ok (tx_commit (tx));
}

static void a_reminder (struct office *office, const char *number, int64_t due_ms)
{
	OWNED (tx) tx = ledger_begin (office->ledger);
	struct reminder reminder = { .cause = "import", .kind = "noshow.report",
				     .due_ms = due_ms };

	assert_ok (thread_find (office->ledger, number, &reminder.thread));
	reminder_add (tx, &reminder);
	assert_ok (tx_commit (tx));
}

static void the_morning_sorts_what_waits_and_names_nobody (void **state)
{
	struct office *office = *state;
	char id[UUID_TEXT], number[24];
	int64_t now_ms = clock_now_ms ();

	take_in (office, "Budi", id);
	consent (office, id);
	refer (office, id, number);
	a_deadline (office, number, "klinik-uji", "decision", now_ms - 2 * DAY_MS);
	a_deadline (office, number, "klinik-uji", "received", now_ms - DAY_MS);
	a_deadline (office, number, "ipwl-uji", "info", now_ms + 3 * DAY_MS);
	a_reminder (office, number, now_ms + DAY_MS);
	a_reminder (office, number, now_ms + 30 * DAY_MS);
	{
		REPLY reply = call (office, "GET", "/v1/today", NULL);
		const json_t *answer = json_object_get (reply.json, "answer");
		const json_t *item = json_array_get (json_object_get (answer, "items"), 0);

		assert_int_equal (count_of (&reply, "answer"), 1);
		assert_int_equal (json_get_number (item, "days", 0), 3);
		assert_false (json_get_flag (item, "late", true));
		/* two clocks of one thread are one partner who is late */
		assert_int_equal (count_of (&reply, "late"), 1);
		assert_int_equal (count_of (&reply, "today"), 0);
		assert_int_equal (count_of (&reply, "reminders"), 1);
		assert_non_null (strstr (reply.body, number));
		assert_null (strstr (reply.body, "Budi"));
	}
	{
		REPLY late = call (office, "GET", "/v1/due?late=1", NULL);
		REPLY mine = call (office, "GET", "/v1/due?mine=1", NULL);
		REPLY both = call (office, "GET", "/v1/due?mine=1&late=1", NULL);
		REPLY wrong = call (office, "GET", "/v1/due?late=yes", NULL);
		const json_t *first = json_array_get (items (&late), 0);

		assert_int_equal (json_array_size (items (&late)), 2);
		assert_int_equal (json_get_number (first, "days", 0), -2);
		assert_string_equal (json_get_text (json_object_get (first, "thread"),
						    "type"), "referral");
		assert_int_equal (json_array_size (items (&mine)), 1);
		assert_int_equal (json_array_size (items (&both)), 0);
		assert_int_equal (wrong.status, 422);
	}
}

static void who_comes_today_or_tomorrow_is_shown_until_he_is_there (void **state)
{
	struct office *office = *state;
	char id[UUID_TEXT], number[24];
	struct thread_id thread;

	take_in (office, "Budi", id);
	consent (office, id);
	refer (office, id, number);
	assert_ok (thread_find (office->ledger, number, &thread));
	for (int days = 0; days < 3; days++) {
		OWNED (arena) arena = arena_new (MIB);
		OWNED (tx) tx = ledger_begin (office->ledger);
		struct thread row;

		assert_ok (thread_get (office->ledger, &thread, arena, &row));
		row.appointment_ms = clock_now_ms () + days * DAY_MS;
		thread_update (tx, &row);
		assert_ok (tx_commit (tx));
		{
			REPLY reply = call (office, "GET", "/v1/today", NULL);

			assert_int_equal (count_of (&reply, "arriving"), days < 2 ? 1 : 0);
		}
	}
	{
		OWNED (tx) tx = ledger_begin (office->ledger);

		assert_ok (thread_move (tx, &thread, "requested", "arrived", 1));
		assert_ok (tx_commit (tx));
	}
	{
		REPLY reply = call (office, "GET", "/v1/today", NULL);

		assert_int_equal (count_of (&reply, "arriving"), 0);
	}
}

static void a_reminder_is_done_with_a_reason_and_only_once (void **state)
{
	struct office *office = *state;
	char id[UUID_TEXT], number[24], path[64];

	take_in (office, "Budi", id);
	consent (office, id);
	refer (office, id, number);
	a_reminder (office, number, clock_now_ms () + DAY_MS);
	{
		REPLY list = call (office, "GET", "/v1/reminders", NULL);
		const json_t *item = json_array_get (items (&list), 0);

		assert_string_equal (json_get_text (item, "kind"), "noshow.report");
		assert_false (json_get_flag (item, "opens", true));
		snprintf (path, sizeof path, "/v1/reminders/%d/done",
			  (int)json_get_number (item, "n", 0));
	}
	{
		REPLY without = call (office, "POST", path, "{\"reason\": \"\"}");
		REPLY none = call (office, "POST", "/v1/reminders/99/done",
				   "{\"reason\": \"x\"}");
		REPLY word = call (office, "POST", "/v1/reminders/x/done",
				   "{\"reason\": \"x\"}");
		REPLY done = call (office, "POST", path, "{\"reason\": \"klien pindah\"}");
		REPLY twice = call (office, "POST", path, "{\"reason\": \"klien pindah\"}");
		REPLY list = call (office, "GET", "/v1/reminders", NULL);

		assert_int_equal (without.status, 422);
		assert_int_equal (none.status, 404);
		assert_int_equal (word.status, 404);
		assert_int_equal (done.status, 200);
		assert_int_equal (twice.status, 409);
		assert_int_equal (json_array_size (items (&list)), 0);
	}
}

static void places_are_published_and_listed (void **state)
{
	struct office *office = *state;
	REPLY sent = call (office, "POST", "/v1/capacity",
			   "{\"service\": \"medical\", \"to\": [\"klinik-uji\", "
			   "\"klinik-khayal\"], \"answers\": {\"total\": 12, \"free\": 3}}");
	REPLY list = call (office, "GET", "/v1/capacity?service=medical&near=17.71", NULL);
	REPLY nobody = call (office, "POST", "/v1/capacity",
			     "{\"service\": \"medical\", \"answers\": {\"total\": 1, "
			     "\"free\": 1}}");
	REPLY wrong = call (office, "GET", "/v1/capacity?near=bengkulu", NULL);
	const json_t *item = json_array_get (items (&list), 0);

	assert_int_equal (sent.status, 202);
	assert_int_equal (json_array_size (json_object_get (sent.json, "sent")), 1);
	assert_int_equal (json_array_size (json_object_get (sent.json, "not_sent")), 1);
	assert_int_equal (json_array_size (items (&list)), 1);
	assert_int_equal (json_get_number (item, "free", -1), 3);
	assert_false (json_get_flag (item, "stale", true));
	assert_int_equal (nobody.status, 422);
	assert_int_equal (wrong.status, 422);
}

/* ---- files ------------------------------------------------------------------------ */

#define UPLOAD "/v1/attachments/0190a0b0-c0d0-7e00-8f00-010203040506"

/* As call, of a body that is a file. */
static struct reply put_file (struct office *office, const char *query, const char *type,
			      const char *body)
{
	char path[192];
	struct reply reply;
	const struct route *route;
	char id[64], allow[32];

	snprintf (path, sizeof path, UPLOAD "%s", query);
	reply = http_ask (office->loop, office->socket_path, "PUT", path, type, body);
	assert_int_equal (route_find ("PUT", UPLOAD, &route, id, allow), ERR_OK);
	for (size_t i = 0; reply.status == 200 && route_at (i) != NULL; i++)
		reached[i] = reached[i] || route_at (i) == route;
	return reply;
}

static void upload_for (struct office *office, const char *person)
{
	char query[96];

	snprintf (query, sizeof query, "?person=%s", person);
	{
		REPLY reply = put_file (office, query, "application/pdf", "isi berkas");

		if (reply.status != 200)
			fail_msg ("%s", reply.body);
		assert_string_equal (text_of (&reply, "state"), "staged");
		assert_int_equal (json_get_number (reply.json, "done", 0), 10);
	}
}

static void a_file_that_was_uploaded_can_be_looked_for (void **state)
{
	char id[UUID_TEXT];

	take_in (*state, "Bunga", id);
	upload_for (*state, id);
	{
		REPLY shown = call (*state, "GET", UPLOAD, NULL);

		assert_int_equal (shown.status, 200);
		assert_int_equal (json_get_number (shown.json, "percent", 0), 100);
	}
	{
		REPLY none = call (*state, "GET", "/v1/attachments/77", NULL);

		assert_int_equal (none.status, 404);
	}
}

static void an_upload_goes_on_only_from_where_it_is (void **state)
{
	char id[UUID_TEXT], query[96];

	take_in (*state, "Bunga", id);
	upload_for (*state, id);
	snprintf (query, sizeof query, "?offset=4&person=%s", id);
	{
		REPLY reply = put_file (*state, query, "application/pdf", "berkas");

		assert_code (&reply, ERR_CONFLICT);
		assert_int_equal (named (&reply, "offset"), 1);
	}
	{
		REPLY reply = put_file (*state, "", "application/pdf", "isi berkas");

		assert_code (&reply, ERR_CONFLICT);   /* of somebody else's file */
	}
}

static void what_is_no_file_is_refused (void **state)
{
	{
		REPLY reply = put_file (*state, "", "application/pdf", "");

		assert_code (&reply, ERR_INVALID);
		assert_int_equal (named (&reply, "file"), 1);
	}
	{
		REPLY reply = put_file (*state, "", "berkas", "x");

		assert_code (&reply, ERR_INVALID);
		assert_int_equal (named (&reply, "media_type"), 1);
	}
	{
		REPLY reply = put_file (*state, "?offset=52428800", "application/pdf", "x");

		assert_code (&reply, ERR_TOO_LARGE);
	}
	{
		REPLY reply = put_file (*state, "?offset=-1", "application/pdf", "x");

		assert_code (&reply, ERR_INVALID);
	}
}

static struct reply refer_with (struct office *office, const char *person, const char *file)
{
	char body[640];

	snprintf (body, sizeof body,
		  "{\"person\": \"%s\", \"to\": \"klinik-uji\", \"service\": \"medical\","
		  " \"answers\": {\"reason\": \"pemeriksaan\", \"documents\": [%s]}}",
		  person, file);
	return call (office, "POST", "/v1/referrals", body);
}

#define FILE_OF(more) \
	"{\"attachment\": \"0190a0b0-c0d0-7e00-8f00-010203040506\", \"title\": \"hasil.pdf\"" more "}"

static void a_letter_takes_its_files_along_once (void **state)
{
	char id[UUID_TEXT], other[UUID_TEXT];

	take_in (*state, "Bunga", id);
	take_in (*state, "Melati", other);
	consent (*state, id);
	consent (*state, other);
	upload_for (*state, id);
	{
		REPLY unlabelled = refer_with (*state, id, FILE_OF (""));

		assert_code (&unlabelled, ERR_INVALID);
		assert_int_equal (named (&unlabelled, "documents"), 1);
	}
	{
		REPLY strange = refer_with (*state, id, FILE_OF (", \"label\": \"rahasia\""));

		assert_code (&strange, ERR_INVALID);
	}
	{
		REPLY uncovered = refer_with (*state, id, FILE_OF (", \"label\": \"criminal\""));

		assert_int_not_equal (uncovered.status, 202);
	}
	{
		REPLY wrong = refer_with (*state, other, FILE_OF (", \"label\": \"health\""));

		assert_code (&wrong, ERR_INVALID);   /* uploaded for another client */
	}
	{
		REPLY sent = refer_with (*state, id, FILE_OF (", \"label\": \"health\""));

		if (sent.status != 202)
			fail_msg ("%s", sent.body);
	}
	{
		REPLY again = refer_with (*state, id, FILE_OF (", \"label\": \"health\""));

		assert_code (&again, ERR_INVALID);
	}
	{
		REPLY shown = call (*state, "GET", UPLOAD, NULL);

		assert_string_equal (text_of (&shown, "state"), "waiting");
		assert_string_equal (text_of (&shown, "title"), "hasil.pdf");
	}
	{
		REPLY content = call (*state, "GET", UPLOAD "/content", NULL);

		assert_code (&content, ERR_WRONG_STATE);
	}
}

/* A file of two steps, as if it had come with a letter. */
static void a_file_is_here (struct office *office, const char *title, const char *type)
{
	struct attachment_row row = { .state = ATTACHMENT_HERE, .length = 100000, .created_ms = 1,
				      .title = title, .media_type = type, .label = "" };
	uint8_t plain[BLOB_STEP_BYTES];
	OWNED (tx) tx = ledger_begin (office->ledger);

	memset (plain, 'x', sizeof plain);
	row.id[0] = 9;
	attachment_add (tx, &row);
	for (size_t step = 0; step < 2; step++)
		attachment_put_plain (tx, &row, step,
				      (struct bytes){ plain, blob_step_plain (row.length, step) });
	assert_ok (tx_commit (tx));
}

static void evidence_is_given_out_for_a_reason_and_recorded (void **state)
{
	struct office *office = *state;
	char person[UUID_TEXT], number[24], path[128];
	struct entry *entries;
	size_t count;

	take_in (office, "Budi", person);
	consent (office, person);
	refer (office, person, number);
	snprintf (path, sizeof path, "/v1/referrals/%s/evidence", number);
	{
		REPLY none = ask (office, "POST", path, "{}");
		REPLY more = ask (office, "POST", path, "{\"reason\": \"x\", \"to\": \"y\"}");
		REPLY lost = ask (office, "POST", "/v1/referrals/R-2020-0001/evidence",
				  "{\"reason\": \"x\"}");

		assert_int_equal (none.status, 422);
		assert_int_equal (more.status, 422);
		assert_int_equal (lost.status, 404);
	}
	count = entry_list (office->ledger, NULL, NULL, 0, 99, office->arena, &entries);
	assert_int_not_equal (entries[count - 1].type, ENTRY_DISCLOSED);
	{
		REPLY given = call (office, "POST", path, "{\"reason\": \"pengadilan\"}");

		assert_int_equal (given.status, 200);
		assert_non_null (strstr (given.raw, "Content-Type: application/octet-stream\r"));
	}
	count = entry_list (office->ledger, NULL, NULL, 0, 99, office->arena, &entries);
	assert_int_equal (entries[count - 1].type, ENTRY_DISCLOSED);
	assert_int_equal (entries[count - 1].body.len, strlen ("pengadilan"));
}

static void a_file_is_saved_and_never_shown_and_the_look_is_recorded (void **state)
{
	struct office *office = *state;
	struct entry *entries;
	size_t count;

	a_file_is_here (office, "../hasil \"uji\".html", "text/html");
	{
		REPLY content = call (office, "GET", "/v1/attachments/1/content", NULL);

		assert_int_equal (content.status, 200);
		assert_int_equal (strlen (content.body), 100000);
		assert_int_equal (strspn (content.body, "x"), 100000);
		assert_non_null (strstr (content.raw, "Content-Type: application/octet-stream\r"));
		assert_non_null (strstr (content.raw, "attachment; filename=\"hasil-uji-.html\""));
		assert_non_null (strstr (content.raw, "nosniff"));
	}
	count = entry_list (office->ledger, NULL, NULL, 0, 99, office->arena, &entries);
	assert_true (count > 0);
	assert_int_equal (entries[count - 1].type, ENTRY_LOOKED);
	assert_string_equal (entries[count - 1].word, "attachment");
}

/* The lock itself is in tests/stories/test_passphrase.py. */
static void an_open_ledger_asks_for_no_passphrase (void **state)
{
	REPLY reply = call (*state, "POST", "/v1/unlock", "{\"passphrase\": \"lumbung padi di tepi kali\"}");
	REPLY status = call (*state, "GET", "/v1/status", NULL);

	assert_int_equal (reply.status, 200);
	assert_false (json_get_flag (reply.json, "locked", true));
	assert_false (json_get_flag (status.json, "locked", true));
}

static void a_backup_is_begun_once_and_watched (void **state)
{
	REPLY before = call (*state, "GET", "/v1/backup", NULL);
	REPLY begun = call (*state, "POST", "/v1/backup", "{\"folder\": \"/media/cadangan\"}");
	REPLY again = call (*state, "POST", "/v1/backup", "{\"folder\": \"/media/cadangan\"}");
	REPLY status = call (*state, "GET", "/v1/status", NULL);
	const json_t *backup = json_object_get (status.json, "backup");

	assert_int_equal (before.status, 200);
	assert_false (json_get_flag (before.json, "running", true));
	assert_true (json_is_null (json_object_get (before.json, "last")));
	assert_int_equal (begun.status, 202);
	assert_int_equal (again.status, 503);
	assert_true (json_get_flag (backup, "running", false));
	assert_string_equal (json_get_text (backup, "phase"), "copying");
	assert_int_equal (json_get_number (backup, "done", 0), 64);
}

/* ---- the screens
 * ------------------------------------------------------------------------------ */

static struct reply page_of (struct office *office, const char *person)
{
	char path[128];

	snprintf (path, sizeof path, "/v1/people/%s", person);
	return call (office, "GET", path, NULL);
}

/* Opens a thread that this agency carries itself. */
static void begin_here (struct office *office, const char *person, const char *kind,
			const char *answers, char number[24])
{
	char body[1024];

	snprintf (body, sizeof body,
		  "{\"kind\": \"%s\", \"person\": \"%s\", \"to\": \"ipwl-uji\", \"answers\": %s}",
		  kind, person, answers);
	{
		REPLY reply = call (office, "POST", "/v1/referrals", body);

		if (reply.status != 202)
			fail_msg ("%s", reply.body);
		snprintf (number, 24, "%s", text_of (&reply, "number"));
	}
}

static void note_here (struct office *office, const char *number, const char *kind,
		       const char *answers)
{
	char path[128], body[1024];

	snprintf (path, sizeof path, "/v1/referrals/%s/reported", number);
	snprintf (body, sizeof body, "{\"kind\": \"%s\", \"via\": \"own\", \"answers\": %s}", kind,
		  answers);
	{
		REPLY reply = call (office, "POST", path, body);

		if (reply.status != 202)
			fail_msg ("%s", reply.body);
	}
}

static void a_test_was_made (struct office *office, const char *person)
{
	char number[24];

	begin_here (office, person, "lab.order", "{\"occasion\": \"baseline\", \"panel\": \"24357-6\"}",
		    number);
	note_here (office, number, "lab.result",
		   "{\"occasion\": \"baseline\", \"collected-at\": \"2026-01-05 09:00\", \"analyte\": "
		   "[{\"code\": \"19295-5\", \"value\": \"NEG\", \"method\": \"screen\"}]}");
}

static json_t *due_of (const struct reply *reply, size_t i)
{
	return json_object_get (json_array_get (items (reply), i), "next_due");
}

static void the_caseload_begins_with_what_is_due_soonest (void **state)
{
	char ani[UUID_TEXT], budi[UUID_TEXT], citra[UUID_TEXT], number[24];

	take_in (*state, "Ani", ani);
	take_in (*state, "Budi", budi);
	take_in (*state, "Citra", citra);
	consent (*state, budi);
	refer (*state, budi, number);
	{
		REPLY all = call (*state, "GET", "/v1/people", NULL);
		REPLY open = call (*state, "GET", "/v1/people?open=1", NULL);
		REPLY first = call (*state, "GET", "/v1/people?limit=1", NULL);
		json_t *line = json_array_get (items (&all), 0);

		assert_int_equal (json_array_size (items (&all)), 3);
		assert_string_equal (json_get_text (line, "name"), "Budi");
		assert_int_equal (json_get_number (line, "open_loops", 0), 1);
		assert_true (json_is_object (due_of (&all, 0)));
		assert_true (json_is_null (due_of (&all, 1)));
		assert_string_equal (json_get_text (json_array_get (items (&all), 1), "name"),
				     "Citra");
		assert_int_equal (json_array_size (items (&open)), 1);
		assert_int_equal (json_array_size (items (&first)), 1);
	}
}

static void pages_of_the_caseload_show_everybody_once (void **state)
{
	char id[UUID_TEXT], path[256] = "/v1/people?limit=2", number[24];
	size_t seen = 0;

	for (size_t i = 0; i < 5; i++) {
		char name[16];

		snprintf (name, sizeof name, "Klien %zu", i);
		take_in (*state, name, id);
		if (i > 2)
			continue;
		consent (*state, id);
		refer (*state, id, number);
	}
	for (size_t page = 0; page < 9 && *path != '\0'; page++) {
		REPLY reply = call (*state, "GET", path, NULL);
		const char *next = json_get_text (reply.json, "next");

		seen += json_array_size (items (&reply));
		path[0] = '\0';
		if (next != NULL)
			snprintf (path, sizeof path, "/v1/people?limit=2&after=%s", next);
	}
	assert_int_equal (seen, 5);
}

static void the_caseload_is_narrowed_by_stage_and_by_whose_case_it_is (void **state)
{
	char ani[UUID_TEXT], budi[UUID_TEXT];

	take_in (*state, "Ani", ani);
	take_in (*state, "Budi", budi);
	a_test_was_made (*state, budi);
	{
		REPLY screening = call (*state, "GET", "/v1/people?stage=screening&mine=1", NULL);
		REPLY intake = call (*state, "GET", "/v1/people?stage=intake", NULL);
		REPLY none = ask (*state, "GET", "/v1/people?stage=heaven", NULL);
		REPLY after = ask (*state, "GET", "/v1/people?after=yesterday", NULL);

		assert_int_equal (json_array_size (items (&screening)), 1);
		assert_string_equal (
			json_get_text (json_array_get (items (&screening), 0), "name"), "Budi");
		assert_int_equal (json_array_size (items (&intake)), 1);
		assert_int_equal (none.status, 422);
		assert_int_equal (after.status, 422);
	}
}

static void who_may_not_open_records_sees_case_numbers_alone (void **state)
{
	struct office *office = *state;
	char id[UUID_TEXT];

	take_in (office, "Budi", id);
	office->user.role = "auditor";
	{
		REPLY reply = call (office, "GET", "/v1/people", NULL);
		json_t *line = json_array_get (items (&reply), 0);

		assert_true (json_is_null (json_object_get (line, "name")));
		assert_true (json_is_null (json_object_get (line, "age")));
		assert_non_null (json_get_text (line, "number"));
		assert_null (strstr (reply.body, "Budi"));
	}
}

static const char *stage_state (const struct reply *page, size_t i)
{
	return json_get_text (json_array_get (json_object_get (page->json, "stages"), i),
			      "state");
}

static void the_page_of_a_person_has_the_stages_and_the_findings (void **state)
{
	char id[UUID_TEXT];

	take_in (*state, "Budi", id);
	a_test_was_made (*state, id);
	{
		REPLY page = page_of (*state, id);
		json_t *finding =
			json_array_get (json_object_get (page.json, "findings"), 0);

		assert_int_equal (json_array_size (json_object_get (page.json, "stages")), 9);
		assert_string_equal (stage_state (&page, 1), "reached");
		assert_string_equal (stage_state (&page, 2), "now");
		assert_string_equal (stage_state (&page, 3), "ahead");
		assert_string_equal (json_get_text (finding, "kind"), "lab.result");
		assert_non_null (json_object_get (finding, "tables"));
		assert_true (json_is_null (json_object_get (page.json, "aftercare")));
		assert_non_null (strstr (page.body, "Whether a call is safe is not known"));
	}
}

static void the_months_of_aftercare_say_who_was_reached (void **state)
{
	char id[UUID_TEXT], number[24];

	take_in (*state, "Budi", id);
	begin_here (*state, id, "aftercare.schedule", "{\"start\": \"2026-01-01\", \"months\": 3}",
		    number);
	note_here (*state, number, "aftercare.accept",
		   "{\"responsible\": \"Rina\", \"first-contact\": \"2026-01-03\"}");
	note_here (*state, number, "aftercare.checkin",
		   "{\"on\": \"2026-02-27\", \"reached\": true, \"mode\": \"phone\"}");
	{
		REPLY page = page_of (*state, id);
		json_t *months = json_object_get (json_object_get (page.json, "aftercare"),
						  "months");

		assert_int_equal (json_array_size (months), 3);
		assert_true (json_is_null (
			json_object_get (json_array_get (months, 0), "reached")));
		assert_true (json_is_true (
			json_object_get (json_array_get (months, 1), "reached")));
	}
}

static void a_timeline_has_lanes (void **state)
{
	char id[UUID_TEXT], path[128];

	take_in (*state, "Budi", id);
	a_test_was_made (*state, id);
	snprintf (path, sizeof path, "/v1/people/%s/timeline", id);
	{
		REPLY reply = call (*state, "GET", path, NULL);

		assert_true (json_is_null (
			json_object_get (json_array_get (items (&reply), 0), "lane")));
		assert_string_equal (
			json_get_text (json_array_get (items (&reply), 1), "lane"), "health");
	}
}

/* ---- what would be sent
 * ------------------------------------------------------------------------ */

#define WISH                                                                                 \
	"{\"person\": \"%s\", \"to\": \"klinik-uji\", \"service\": \"medical\", "                 \
	"\"answers\": {\"reason\": \"pemeriksaan\", \"summary.health\": \"demam\"}}"

static struct reply preview (struct office *office, const char *person)
{
	char body[512];

	snprintf (body, sizeof body, WISH, person);
	return call (office, "POST", "/v1/referrals/preview", body);
}

static json_t *field_named (const json_t *list, const char *name)
{
	size_t i;
	json_t *field;

	json_array_foreach (list, i, field)
		if (strcmp (json_get_text (field, "field"), name) == 0)
			return field;
	return NULL;
}

static json_t *shown (const struct reply *reply, const char *list, const char *name)
{
	return field_named (json_object_get (reply->json, list), name);
}

static size_t entries_of (struct office *office)
{
	struct entry *entries;

	return entry_list (office->ledger, NULL, NULL, 0, 999, office->arena, &entries);
}

static void take_in_with_nik (struct office *office, char id[UUID_TEXT])
{
	REPLY reply = call (office, "POST", "/v1/people",
			    "{\"name\": \"Budi\", \"birth_date\": \"1999-04-12\", \"sex\": "
			    "\"male\", \"nik\": \"1771011204990001\"}");

	assert_int_equal (reply.status, 201);
	snprintf (id, UUID_TEXT, "%s", text_of (&reply, "id"));
}

static void a_preview_says_why_a_letter_would_not_go (void **state)
{
	char id[UUID_TEXT];

	take_in_with_nik (*state, id);
	{
		REPLY reply = preview (*state, id);
		json_t *refusal = json_object_get (reply.json, "refusal");

		assert_int_equal (reply.status, 200);
		assert_string_equal (json_get_text (refusal, "code"), "NO_CONSENT");
		assert_false (json_get_flag (shown (&reply, "fields", "reason"), "goes", true));
		assert_true (json_is_null (json_object_get (reply.json, "clause")));
		assert_non_null (json_get_text (reply.json, "reply_by"));
	}
}

static void a_preview_is_the_letter_that_would_go_and_writes_nothing (void **state)
{
	char id[UUID_TEXT], body[512], path[128];
	size_t before;

	take_in_with_nik (*state, id);
	consent (*state, id);
	before = entries_of (*state);
	{
		REPLY reply = preview (*state, id);
		json_t *name = shown (&reply, "fields", "person.name");

		assert_true (json_is_null (json_object_get (reply.json, "refusal")));
		assert_int_equal (entries_of (*state), before);
		assert_string_equal (json_get_text (name, "value"), "Budi");
		assert_true (json_get_flag (name, "from_record", false));
		assert_true (json_get_flag (shown (&reply, "fields", "summary.health"), "goes",
					    false));
		assert_null (shown (&reply, "fields", "person.nik"));
		assert_non_null (shown (&reply, "withheld", "person.nik"));
		assert_false (json_get_flag (shown (&reply, "withheld", "person.nik"), "goes",
					     true));
		assert_non_null (json_get_text (json_object_get (reply.json, "clause"), "id"));
		snprintf (body, sizeof body, WISH, id);
		{
			REPLY sent = call (*state, "POST", "/v1/referrals", body);

			assert_string_equal (text_of (&sent, "number") + 7, "0001");
			assert_string_equal (text_of (&sent, "reply_by"),
					     text_of (&reply, "reply_by"));
			snprintf (path, sizeof path, "/v1/referrals/%s",
				  text_of (&sent, "number"));
		}
		{
			REPLY thread = call (*state, "GET", path, NULL);
			json_t *letter = json_array_get (
				json_object_get (thread.json, "letters"), 0);

			assert_int_equal (json_array_size (json_object_get (letter, "answers")),
					  json_array_size (
						  json_object_get (reply.json, "fields")));
		}
	}
}

static void a_preview_of_the_next_letter_says_what_does_not_fit (void **state)
{
	char id[UUID_TEXT], number[24], path[128];

	take_in (*state, "Budi", id);
	consent (*state, id);
	refer (*state, id, number);
	snprintf (path, sizeof path, "/v1/referrals/%s/letters/preview", number);
	{
		REPLY cancel = call (*state, "POST", path,
				     "{\"kind\": \"referral.cancel\", \"answers\": "
				     "{\"reason-code\": \"client-declined\"}}");
		REPLY accept = call (*state, "POST", path, "{\"kind\": \"referral.accept\"}");
		REPLY unknown = ask (*state, "POST", path, "{\"kind\": \"referral.hope\"}");

		assert_true (json_is_null (json_object_get (cancel.json, "refusal")));
		assert_string_equal (
			json_get_text (json_object_get (accept.json, "refusal"), "code"),
			"WRONG_STATE");
		assert_code (&unknown, ERR_UNKNOWN_KIND);
	}
}

/* ---- who knows what
 * -------------------------------------------------------------------------- */

static void a_nik_is_masked_until_somebody_says_why_it_is_needed (void **state)
{
	struct office *office = *state;
	char id[UUID_TEXT], path[128];
	struct entry *entries;
	size_t count;

	take_in_with_nik (office, id);
	snprintf (path, sizeof path, "/v1/people/%s/reveal", id);
	{
		REPLY page = page_of (office, id);
		REPLY silent = ask (office, "POST", path, "{\"reason\": \"\"}");
		REPLY whole = call (office, "POST", path, "{\"reason\": \"cek BPJS\"}");

		assert_string_equal (text_of (&page, "nik"), "************0001");
		assert_null (strstr (page.body, "1771011204990001"));
		assert_int_equal (silent.status, 422);
		assert_string_equal (text_of (&whole, "nik"), "1771011204990001");
	}
	count = entry_list (office->ledger, NULL, NULL, 0, 99, office->arena, &entries);
	assert_int_equal (entries[count - 1].type, ENTRY_LOOKED);
	assert_string_equal (entries[count - 1].word, "nik");
	assert_memory_equal (entries[count - 1].body.data, "cek BPJS", 8);
}

static struct reply disclosures (struct office *office, const char *person)
{
	char path[128];

	snprintf (path, sizeof path, "/v1/people/%s/disclosures", person);
	return call (office, "GET", path, NULL);
}

static void who_has_received_somebodys_data_is_told_without_the_data (void **state)
{
	char id[UUID_TEXT], number[24], path[128];

	take_in_with_nik (*state, id);
	a_test_was_made (*state, id);
	{
		REPLY nobody = disclosures (*state, id);

		assert_int_equal (json_array_size (items (&nobody)), 0);
	}
	consent (*state, id);
	refer (*state, id, number);
	{
		REPLY reply = disclosures (*state, id);
		json_t *first = json_array_get (items (&reply), 0);
		json_t *letter = json_array_get (json_object_get (first, "letters"), 0);

		assert_int_equal (json_array_size (items (&reply)), 1);
		assert_non_null (field_named (json_object_get (first, "fields"), "person.name"));
		assert_null (field_named (json_object_get (first, "fields"), "person.nik"));
		assert_string_equal (
			json_get_text (json_object_get (letter, "clause"), "purpose"),
			"treatment");
		assert_true (json_is_null (
			json_object_get (json_object_get (letter, "clause"), "withdrawn")));
		assert_null (strstr (reply.body, "Budi"));
		assert_null (strstr (reply.body, "pemeriksaan\""));
	}
	snprintf (path, sizeof path, "/v1/people/%s/consents/withdraw", id);
	{
		REPLY gone = call (*state, "POST", path, "{\"all\": true}");
		REPLY reply = disclosures (*state, id);

		/* It had not left, so nobody has received it. */
		assert_int_equal (gone.status, 202);
		assert_int_equal (json_array_size (items (&reply)), 0);
	}
}

static void a_partner_is_shown_with_the_words_of_its_keys (void **state)
{
	REPLY reply = call (*state, "GET", "/v1/partners/klinik-uji", NULL);
	REPLY nobody = ask (*state, "GET", "/v1/partners/klinik-lain", NULL);
	json_t *keys = json_object_get (reply.json, "keys");
	const char *words = json_get_text (json_array_get (keys, 0), "fingerprint");
	size_t blanks = 0;

	assert_int_equal (json_array_size (keys), 3);
	for (; words != NULL && *words != '\0'; words++)
		blanks += *words == ' ';
	assert_int_equal (blanks, 9);
	assert_true (json_is_null (json_object_get (reply.json, "answers_in")));
	assert_int_equal (nobody.status, 404);
}

static void a_partner_that_has_answered_is_shown_with_how_long_it_took (void **state)
{
	char id[UUID_TEXT], number[24];

	take_in (*state, "Budi", id);
	begin_here (*state, id, "lab.order", "{\"occasion\": \"baseline\", \"panel\": \"24357-6\"}",
		    number);
	note_here (*state, number, "lab.decline", "{\"reason-code\": \"no-capacity\"}");
	{
		REPLY reply = call (*state, "GET", "/v1/partners/ipwl-uji", NULL);
		json_t *took = json_object_get (reply.json, "answers_in");

		assert_int_equal (json_get_number (took, "count", 0), 1);
		assert_true (json_is_real (json_object_get (took, "median_hours")));
	}
}

/* ---- what an office runs on
 * -------------------------------------------------------------------- */

static void a_list_of_releases (char list[512], int days)
{
	time_t then = (time_t)(clock_now_ms () / 1000) + days * 86400;
	char date[16];
	struct tm tm;

	gmtime_r (&then, &tm);
	strftime (date, sizeof date, "%Y-%m-%d", &tm);
	snprintf (list, 512,
		  "{\"commit\": true, \"text\": \"nama,nik,tanggal_bebas,jenis\\nBudi,1771011204990001,"
		  "%s,PB\\n\"}",
		  date);
}

static void who_will_be_released_is_listed_by_how_soon (void **state)
{
	struct office *office = *state;
	char list[512];

	a_list_of_releases (list, 100);
	{
		REPLY first = call (office, "POST", "/v1/imports/releases", list);

		assert_int_equal (first.status, 200);
	}
	a_list_of_releases (list, 45);
	{
		REPLY again = call (office, "POST", "/v1/imports/releases", list);
		REPLY far = call (office, "GET", "/v1/releases?within=120", NULL);
		REPLY near = call (office, "GET", "/v1/releases?within=30", NULL);
		REPLY wrong = ask (office, "GET", "/v1/releases?within=0", NULL);
		json_t *one = json_array_get (items (&far), 0);

		assert_int_equal (again.status, 200);
		assert_int_equal (json_array_size (items (&far)), 1);
		assert_int_equal (json_get_number (one, "horizon", 0), 60);
		assert_string_equal (json_get_text (one, "name"), "Budi");
		assert_string_equal (json_get_text (one, "type"), "pb");
		assert_true (json_is_null (json_object_get (one, "thread")));
		assert_int_equal (json_array_size (items (&near)), 0);
		assert_int_equal (wrong.status, 422);
	}
	office->user.role = "auditor";
	{
		REPLY far = call (office, "GET", "/v1/releases", NULL);

		assert_int_equal (json_array_size (items (&far)), 1);
		assert_null (strstr (far.body, "Budi"));
	}
}

static void the_queue_is_counted_by_class_without_saying_whose_it_is (void **state)
{
	char id[UUID_TEXT], number[24];

	take_in (*state, "Budi", id);
	consent (*state, id);
	refer (*state, id, number);
	{
		REPLY reply = call (*state, "GET", "/v1/queue", NULL);
		json_t *routine = json_array_get (items (&reply), 2);

		assert_int_equal (json_get_number (routine, "waiting", 0), 1);
		assert_int_equal (
			json_get_number (json_object_get (routine, "ages"), "hour", 0), 1);
		assert_null (strstr (reply.body, "klinik-uji"));
	}
}

static void holidays_and_durations_are_told_as_the_catalogue_has_them (void **state)
{
	REPLY holidays = call (*state, "GET", "/v1/holidays", NULL);
	REPLY templates = call (*state, "GET", "/v1/templates", NULL);
	json_t *year = json_array_get (items (&holidays), 0), *item;
	bool reminds = false;
	size_t i;

	assert_true (json_get_flag (year, "complete", false));
	assert_true (json_array_size (json_object_get (year, "days")) >= 10);
	json_array_foreach (items (&templates), i, item)
		reminds = reminds || json_array_size (json_object_get (item, "reminds")) > 0;
	assert_true (json_array_size (items (&templates)) > 20);
	assert_true (reminds);
}

/* Who listens is in tests/stories/test_again.py: here the answer would have no end. */
static void the_stream_of_changes_takes_no_parameters (void **state)
{
	REPLY reply = call (*state, "GET", "/v1/events?since=1", NULL);

	assert_int_equal (reply.status, 422);
	assert_int_equal (named (&reply, "query"), 1);
}

static void every_route_was_reached_by_a_test (void **state)
{
	for (size_t i = 0; route_at (i) != NULL; i++)
		if (!reached[i] && !is_of_the_door (route_at (i)))
			fail_msg ("no test reached %s %s", route_at (i)->method,
				  route_at (i)->pattern);
}

int main (void)
{
#define T(name) cmocka_unit_test_setup_teardown (name, office_setup, office_teardown)
	const struct CMUnitTest tests[] = {
		T (an_unknown_path_is_not_found),
		T (a_wrong_method_says_which_would_do),
		T (malformed_json_is_named_by_line),
		T (a_name_that_stands_twice_is_refused),
		T (a_body_that_is_no_object_is_refused),
		T (a_body_beyond_the_limit_says_the_limit),
		T (an_unknown_parameter_is_named),
		T (limits_that_are_no_numbers_are_refused),
		T (a_uid_that_is_not_mapped_learns_which_line_to_add),
		T (a_role_without_the_right_is_refused),
		cmocka_unit_test (every_error_has_the_same_form),
		T (status_tells_who_i_am_and_how_things_stand),
		T (an_open_ledger_asks_for_no_passphrase),
		T (the_catalogue_shows_every_form),
		T (the_catalogue_is_narrowed_to_the_form_that_is_drawn),
		T (the_catalogue_is_checked_printed_and_drawn),
		T (partners_come_from_the_directory),
		T (a_ledger_that_is_whole_says_so),
		T (three_mistakes_of_an_intake_are_named_at_once),
		T (a_personal_value_is_never_quoted_back),
		T (a_person_is_found_by_a_body_and_shown_by_an_id),
		T (a_search_for_nothing_lists_nobody),
		T (a_look_at_a_person_is_an_entry),
		T (somebody_who_is_not_here_is_not_found),
		T (mistakes_in_a_clause_are_named),
		T (consent_is_given_shown_and_withdrawn),
		T (a_referral_is_written_and_shown_with_its_custody),
		T (what_can_come_next_is_what_the_lifecycle_allows),
		T (the_next_letter_moves_the_referral),
		T (a_letter_is_taken_back_once),
		T (a_referral_without_consent_is_refused_with_the_reason),
		T (three_mistakes_of_a_referral_are_named_at_once),
		T (lists_of_referrals_show_nobodys_name),
		T (a_list_says_how_far_the_newest_letter_has_come),
		T (deadlines_name_their_referral),
		T (pages_of_deadlines_and_alarms_show_each_once),
		T (an_alarm_is_shown_until_somebody_closes_it),
		T (chains_are_listed_with_who_is_waited_for),
		T (a_chain_is_shown_and_exported_by_its_first_digits),
		T (a_chain_that_can_not_be_meant_says_why),
		T (chains_are_counted_by_pairs),
		T (a_list_is_looked_at_then_written_then_known),
		T (an_unknown_list_or_form_is_refused),
		T (the_address_book_is_kept_and_listed_with_the_members),
		T (a_contact_with_mistakes_names_each),
		T (a_letter_off_the_wire_is_printed_and_the_look_recorded),
		T (an_answer_by_phone_is_found_by_its_code_and_shown_as_reported),
		T (once_enrolled_open_threads_are_listed_and_move_to_the_wire),
		T (nearest_finds_the_partner_by_the_region_and_says_when_there_is_none),
		T (places_are_published_and_listed),
		T (an_empty_morning_has_every_section_and_nothing_in_it),
		T (the_morning_sorts_what_waits_and_names_nobody),
		T (who_comes_today_or_tomorrow_is_shown_until_he_is_there),
		T (a_reminder_is_done_with_a_reason_and_only_once),
		T (a_file_that_was_uploaded_can_be_looked_for),
		T (an_upload_goes_on_only_from_where_it_is),
		T (what_is_no_file_is_refused),
		T (a_letter_takes_its_files_along_once),
		T (evidence_is_given_out_for_a_reason_and_recorded),
		T (a_file_is_saved_and_never_shown_and_the_look_is_recorded),
		T (a_backup_is_begun_once_and_watched),
		T (the_caseload_begins_with_what_is_due_soonest),
		T (pages_of_the_caseload_show_everybody_once),
		T (the_caseload_is_narrowed_by_stage_and_by_whose_case_it_is),
		T (who_may_not_open_records_sees_case_numbers_alone),
		T (the_page_of_a_person_has_the_stages_and_the_findings),
		T (the_months_of_aftercare_say_who_was_reached),
		T (a_timeline_has_lanes),
		T (a_preview_says_why_a_letter_would_not_go),
		T (a_preview_is_the_letter_that_would_go_and_writes_nothing),
		T (a_preview_of_the_next_letter_says_what_does_not_fit),
		T (a_nik_is_masked_until_somebody_says_why_it_is_needed),
		T (who_has_received_somebodys_data_is_told_without_the_data),
		T (a_partner_is_shown_with_the_words_of_its_keys),
		T (a_partner_that_has_answered_is_shown_with_how_long_it_took),
		T (who_will_be_released_is_listed_by_how_soon),
		T (the_queue_is_counted_by_class_without_saying_whose_it_is),
		T (holidays_and_durations_are_told_as_the_catalogue_has_them),
		T (the_stream_of_changes_takes_no_parameters),
		cmocka_unit_test (every_route_was_reached_by_a_test),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
