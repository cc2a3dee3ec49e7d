/* Accounts, resets by two, keys of software, looks, and who may call which route at all. */
#include "tests/agents/api/door.h"

#include "agents/door/scope.h"

static const char *text_of (const struct reply *reply, const char *name)
{
	const char *text = json_get_text (reply->json, name);

	if (text == NULL)
		fail_msg ("no %s in %s", name, reply->body);
	return text;
}

static const char *path_of (const struct account_id *id, const char *action, char path[160])
{
	char text[UUID_TEXT];

	snprintf (path, 160, "/v1/accounts/%s%s", uuid_text (id->b, text), action);
	return path;
}

static struct reply reset (struct office *office, const struct browser *browser,
			   const struct account_id *id, const char *what)
{
	char path[160], body[64];

	snprintf (body, sizeof body, "{\"what\": \"%s\"}", what);
	return browse (office, browser, "POST", path_of (id, "/reset", path), body);
}

/* ---- accounts ----------------------------------------------------------------------------------- */

static void an_admin_makes_an_account_whose_code_is_shown_once (void **state)
{
	struct office *office = *state;
	struct browser budi;
	char code[SECRET_CODE_TEXT];

	hire (office, "budi", "admin");
	budi = sign_in (office, "budi");
	{
		REPLY reply = browse (office, &budi, "POST", "/v1/accounts",
				      "{\"account\": \"siti.r\", \"name\": \"Siti Rahmawati\", \"role\": "
				      "\"caseworker\", \"until\": \"2099-12-31\"}");

		assert_int_equal (reply.status, 201);
		assert_string_equal (text_of (&reply, "name"), "Siti Rahmawati");
		snprintf (code, sizeof code, "%s", text_of (&reply, "code"));
	}
	{
		REPLY reply = browse (office, &budi, "GET", "/v1/accounts", NULL);

		assert_int_equal (json_array_size (json_object_get (reply.json, "items")), 2);
		assert_null (strstr (reply.body, code));
	}
	set_password (office, "siti.r", code, PASSWORD);
	sign_in (office, "siti.r");
}

static void mistakes_in_an_account_are_named (void **state)
{
	struct office *office = *state;
	struct browser budi;

	hire (office, "budi", "admin");
	budi = sign_in (office, "budi");
	{
		REPLY bad = browse (office, &budi, "POST", "/v1/accounts",
				    "{\"account\": \"Siti R\", \"name\": \"Siti\", \"role\": \"boss\"}");
		REPLY taken = browse (
			office, &budi, "POST", "/v1/accounts",
			"{\"account\": \"budi\", \"name\": \"Budi\", \"role\": \"auditor\"}");

		assert_int_equal (bad.status, 422);
		assert_int_equal (named (&bad, "account"), 1);
		assert_int_equal (named (&bad, "role"), 1);
		assert_int_equal (taken.status, 409);
	}
}

static void a_role_is_changed_at_once_and_never_ones_own (void **state)
{
	struct office *office = *state;
	struct account_id budi_id = hire (office, "budi", "admin");
	struct account_id siti_id = hire (office, "siti", "caseworker");
	struct browser budi = sign_in (office, "budi"), siti = sign_in (office, "siti");
	char path[160];

	{
		REPLY own = browse (office, &budi, "POST", path_of (&budi_id, "", path),
				    "{\"role\": \"supervisor\"}");
		REPLY other = browse (office, &budi, "POST", path_of (&siti_id, "", path),
				      "{\"role\": \"auditor\"}");
		REPLY looks = browse (office, &siti, "GET", "/v1/looks", NULL);
		REPLY people = browse (office, &siti, "POST", "/v1/people/search",
				       "{\"words\": \"a\"}");

		assert_int_equal (own.status, 403);
		assert_int_equal (other.status, 200);
		assert_int_equal (looks.status, 200);
		assert_int_equal (people.status, 403);
	}
}

static void dismissing_and_ending_sessions_put_people_out (void **state)
{
	struct office *office = *state;
	struct account_id siti_id = hire (office, "siti", "caseworker");
	struct account_id agus_id = hire (office, "agus", "caseworker");
	struct browser budi, siti = sign_in (office, "siti"), agus = sign_in (office, "agus");
	char path[160];

	hire (office, "budi", "admin");
	budi = sign_in (office, "budi");
	{
		REPLY gone = browse (office, &budi, "POST", path_of (&siti_id, "/dismiss", path), "{}");
		REPLY ended = browse (office, &budi, "POST",
				      path_of (&agus_id, "/sessions/end", path), "{}");

		assert_false (json_get_flag (gone.json, "open", true));
		assert_int_equal (json_get_number (ended.json, "ended", 0), 1);
	}
	{
		REPLY one = browse (office, &siti, "GET", "/v1/session", NULL);
		REPLY two = browse (office, &agus, "GET", "/v1/session", NULL);
		REPLY back = browse (office, &budi, "POST", path_of (&siti_id, "", path),
				     "{\"reopen\": true}");

		assert_int_equal (one.status, 401);
		assert_int_equal (two.status, 401);
		assert_int_equal (back.status, 200);
	}
	sign_in (office, "agus");
	sign_in (office, "siti");
}

static void an_admin_opens_a_name_that_was_shut (void **state)
{
	struct office *office = *state;
	struct account_id siti_id = hire (office, "siti", "caseworker");
	struct browser budi;
	char path[160];

	hire (office, "budi", "admin");
	budi = sign_in (office, "budi");
	for (int i = 0; i < 5; i++) {
		REPLY reply = sign_in_with (office, "siti", "bukan yang benar", "");

		assert_int_equal (reply.status, 401);
	}
	{
		REPLY shut = sign_in_with (office, "siti", PASSWORD, "");
		REPLY open = browse (office, &budi, "POST", path_of (&siti_id, "", path),
				     "{\"unlock\": true}");

		assert_int_equal (shut.status, 429);
		assert_int_equal (open.status, 200);
	}
	sign_in (office, "siti");
}

/* ---- a reset by two ----------------------------------------------------------------------------- */

static void a_password_is_reset_by_two_and_neither_for_himself (void **state)
{
	struct office *office = *state;
	struct account_id siti_id = hire (office, "siti", "caseworker");
	struct account_id budi_id = hire (office, "budi", "admin");
	struct browser budi = sign_in (office, "budi"), wati, siti = sign_in (office, "siti");
	char code[SECRET_CODE_TEXT];

	hire (office, "wati", "supervisor");
	wati = sign_in (office, "wati");
	{
		REPLY own = reset (office, &budi, &budi_id, "password");
		REPLY worker = reset (office, &siti, &siti_id, "password");
		REPLY first = reset (office, &budi, &siti_id, "password");
		REPLY again = reset (office, &budi, &siti_id, "password");

		assert_int_equal (own.status, 403);
		assert_int_equal (worker.status, 403);
		assert_int_equal (first.status, 200);
		assert_false (json_get_flag (first.json, "done", true));
		assert_int_equal (again.status, 409);
	}
	{
		REPLY second = reset (office, &wati, &siti_id, "password");
		REPLY old = sign_in_with (office, "siti", PASSWORD, "");
		REPLY session = browse (office, &siti, "GET", "/v1/session", NULL);

		assert_true (json_get_flag (second.json, "done", false));
		snprintf (code, sizeof code, "%s", text_of (&second, "code"));
		assert_int_equal (old.status, 401);
		assert_int_equal (session.status, 401);
	}
	set_password (office, "siti", code, "bunga di tepi sawah");
}

static void a_reset_that_nobody_confirms_lapses_after_a_day (void **state)
{
	struct office *office = *state;
	struct account_id siti_id = hire (office, "siti", "caseworker");
	struct browser budi, wati;

	hire (office, "budi", "admin");
	hire (office, "wati", "supervisor");
	budi = sign_in (office, "budi");
	{
		REPLY first = reset (office, &budi, &siti_id, "password");

		assert_int_equal (first.status, 200);
	}
	clock_turn (25 * HOUR_MS);
	wati = sign_in (office, "wati");
	{
		REPLY late = reset (office, &wati, &siti_id, "password");

		assert_false (json_get_flag (late.json, "done", true));
	}
	sign_in (office, "siti");
}

static struct reply reset_from_box (struct office *office, const struct account_id *id)
{
	char path[160];

	return ask (office, "POST", path_of (id, "/reset", path), "{\"what\": \"password\"}");
}

static void the_box_stands_in_for_the_admins_that_an_agency_lacks (void **state)
{
	struct office *office = *state;
	struct account_id budi_id = hire (office, "budi", "admin");

	office->user.role = "admin";
	{
		REPLY alone = reset_from_box (office, &budi_id);

		assert_true (json_get_flag (alone.json, "done", false));
		set_password (office, "budi", text_of (&alone, "code"), PASSWORD);
	}
	hire (office, "wati", "admin");
	{
		REPLY one = reset_from_box (office, &budi_id);
		REPLY again = reset_from_box (office, &budi_id);

		assert_false (json_get_flag (one.json, "done", true));
		assert_int_equal (again.status, 409);
	}
	hire (office, "ratna", "admin");
	{
		REPLY two = reset_from_box (office, &budi_id);

		assert_int_equal (two.status, 403);
	}
}

/* ---- keys of software --------------------------------------------------------------------------- */

static void make_key (struct office *office, const struct browser *browser, const char *more,
		      char key[KEY_TEXT], char id[UUID_TEXT])
{
	char body[256];

	snprintf (body, sizeof body, "{\"name\": \"simrs\", \"role\": \"clinician\", %s}", more);
	{
		REPLY reply = browse (office, browser, "POST", "/v1/keys", body);

		assert_int_equal (reply.status, 201);
		snprintf (key, KEY_TEXT, "%s", text_of (&reply, "key"));
		snprintf (id, UUID_TEXT, "%s", text_of (&reply, "id"));
	}
}

static struct reply by_key (struct office *office, const char *key, const char *method,
			    const char *path, const char *body)
{
	char headers[256];

	snprintf (headers, sizeof headers, "Authorization: Bearer %s\r\n", key);
	return ask_with (office, headers, method, path, body);
}

static void a_key_opens_what_its_scopes_name_until_it_is_ended (void **state)
{
	struct office *office = *state;
	struct browser budi;
	char key[KEY_TEXT], id[UUID_TEXT], path[160];

	hire (office, "budi", "admin");
	budi = sign_in (office, "budi");
	make_key (office, &budi, "\"scopes\": [\"status\", \"findings\"], \"kinds\": [\"lab.result\"]",
		  key, id);
	{
		REPLY status = by_key (office, key, "GET", "/v1/status", NULL);
		REPLY people = by_key (office, key, "GET", "/v1/people", NULL);
		REPLY kind = by_key (office, key, "POST", "/v1/referrals/R-2026-0001/letters",
				     "{\"kind\": \"referral.accept\"}");
		REPLY named = by_key (office, key, "POST", "/v1/referrals/R-2026-0001/letters",
				      "{\"kind\": \"lab.result\"}");
		REPLY keys = browse (office, &budi, "GET", "/v1/keys", NULL);

		assert_int_equal (status.status, 200);
		assert_int_equal (people.status, 403);
		assert_int_equal (kind.status, 403);
		assert_int_equal (named.status, 404);     /* it may; there is no such referral */
		assert_null (strstr (keys.body, key));
		assert_non_null (strstr (keys.body, "\"used\":\"20"));
	}
	snprintf (path, sizeof path, "/v1/keys/%s/end", id);
	{
		REPLY ended = browse (office, &budi, "POST", path, "{}");
		REPLY status = by_key (office, key, "GET", "/v1/status", NULL);

		assert_int_equal (ended.status, 200);
		assert_int_equal (status.status, 401);
	}
}

static void mistakes_in_a_key_are_named (void **state)
{
	struct office *office = *state;
	struct browser budi;

	hire (office, "budi", "admin");
	budi = sign_in (office, "budi");
	{
		REPLY reply = browse (office, &budi, "POST", "/v1/keys",
				      "{\"name\": \"SIM RS\", \"role\": \"admin\", \"scopes\": [\"all\"], "
				      "\"kinds\": [\"lab.hope\"]}");

		assert_int_equal (reply.status, 422);
		assert_int_equal (named (&reply, "name"), 1);
		assert_int_equal (named (&reply, "role"), 1);
		assert_int_equal (named (&reply, "scopes"), 1);
		assert_int_equal (named (&reply, "kinds"), 1);
	}
}

/* ---- looks -------------------------------------------------------------------------------------- */

static const json_t *first_look (const struct reply *reply)
{
	return json_array_get (json_object_get (reply->json, "items"), 0);
}

static void the_auditor_sees_who_looked_and_why_and_no_name (void **state)
{
	struct office *office = *state;
	struct browser siti, agus, rina;
	char path[160], looks[160], id[UUID_TEXT];

	hire (office, "siti", "caseworker");
	hire (office, "agus", "clinician");
	hire (office, "rina", "auditor");
	siti = sign_in (office, "siti");
	agus = sign_in (office, "agus");
	rina = sign_in (office, "rina");
	{
		REPLY reply = browse (office, &siti, "POST", "/v1/people",
				      "{\"name\": \"Kanarirani\", \"birth_date\": \"1999-04-12\", "
				      "\"sex\": \"male\"}");

		snprintf (id, sizeof id, "%s", text_of (&reply, "id"));
	}
	snprintf (path, sizeof path, "/v1/people/%s", id);
	snprintf (looks, sizeof looks, "/v1/people/%s/looks", id);
	{
		REPLY own = browse (office, &siti, "GET", path, NULL);
		REPLY other = browse (office, &agus, "GET", path, NULL);
		REPLY why = browse (office, &agus, "POST", looks,
				    "{\"reason\": \"menggantikan Siti yang cuti\"}");
		REPLY again = browse (office, &agus, "GET", path, NULL);

		assert_false (json_get_flag (own.json, "reason_wanted", true));
		assert_true (json_get_flag (other.json, "reason_wanted", false));
		assert_int_equal (why.status, 200);
		assert_false (json_get_flag (again.json, "reason_wanted", true));
	}
	{
		REPLY reply = browse (office, &rina, "GET", "/v1/looks", NULL);
		REPLY person = browse (office, &rina, "GET", looks, NULL);
		const json_t *look = first_look (&reply);

		assert_string_equal (json_get_text (look, "who"), "agus");
		assert_string_equal (json_get_text (look, "why"), "menggantikan Siti yang cuti");
		assert_memory_equal (
			json_get_text (json_object_get (look, "person"), "number"), "K-2", 3);
		assert_null (strstr (reply.body, "Kanarirani"));
		assert_int_equal (json_array_size (json_object_get (person.json, "items")), 4);
	}
	{
		REPLY reply = browse (office, &agus, "GET", "/v1/looks", NULL);

		assert_int_equal (reply.status, 403);
	}
}

static void what_happens_at_the_door_is_listed_for_the_auditor (void **state)
{
	struct office *office = *state;
	struct browser rina;

	hire (office, "siti", "caseworker");
	hire (office, "rina", "auditor");
	for (int i = 0; i < 5; i++) {
		REPLY reply = sign_in_with (office, "siti", "bukan yang benar", "");

		assert_int_equal (reply.status, 401);
	}
	rina = sign_in (office, "rina");
	{
		REPLY reply = browse (office, &rina, "GET", "/v1/door?limit=2", NULL);
		const json_t *items = json_object_get (reply.json, "items");

		assert_string_equal (json_get_text (json_array_get (items, 0), "what"), "sign-in");
		assert_string_equal (json_get_text (json_array_get (items, 1), "what"), "locked-out");
		assert_string_equal (json_get_text (json_array_get (items, 1), "about"), "siti");
		assert_null (strstr (reply.body, "bukan yang benar"));
	}
}

/* ---- who may call what -------------------------------------------------------------------------- */

/* One letter for each of caseworker, clinician, supervisor, auditor, admin: who gets past the door. */
/* clang-format off */
static const struct { enum use_case use; const char *may; } reach[] = {
	{ USE_LOOK,     "yyynn" }, { USE_LIST,     "yyyyn" }, { USE_INTAKE,   "yyynn" },
	{ USE_CONSENT,  "yyynn" }, { USE_SEND,     "yyynn" }, { USE_STATUS,   "yyyyy" },
	{ USE_VERIFY,   "nnyyy" }, { USE_ADMIN,    "nnyny" }, { USE_EVIDENCE, "nnyyy" },
	{ USE_SIGN_IN,  "yyyyy" }, { USE_SESSION,  "yyyyy" }, { USE_ACCOUNTS, "nnnny" },
	{ USE_RESET,    "nnyny" }, { USE_KEYS,     "nnnny" }, { USE_LOOKS,    "nnyyn" },
};
static const char *const roles[] = { "caseworker", "clinician", "supervisor", "auditor", "admin" };

/* What each scope opens besides nothing at all. */
static const struct { const char *scope, *routes; } scopes[] = {
	{ "status",    "GET /v1/status\nGET /v1/alarms\n" },
	{ "inbox",     "GET /v1/catalogue\nGET /v1/referrals\nGET /v1/referrals/{id}\n"
		       "GET /v1/referrals/{id}/timeline\nGET /v1/attachments/{id}\n"
		       "GET /v1/attachments/{id}/content\n" },
	{ "findings",  "GET /v1/catalogue\nGET /v1/referrals\nPOST /v1/referrals/{id}/letters\n"
		       "PUT /v1/attachments/{id}\nGET /v1/attachments/{id}\n" },
	{ "referrals", "GET /v1/catalogue\nGET /v1/partners\nGET /v1/referrals\n"
		       "GET /v1/referrals/{id}/timeline\nPOST /v1/referrals\n"
		       "PUT /v1/attachments/{id}\nGET /v1/attachments/{id}\n" },
};
/* clang-format on */

/* An id that is well-formed and of nobody: whatever it answers, it changes nothing. */
static void sample (const char *pattern, char path[160])
{
	const char *open = strchr (pattern, '{'), *close = strchr (pattern, '}');

	if (open == NULL)
		snprintf (path, 160, "%s", pattern);
	else
		snprintf (path, 160, "%.*s01890000-0000-7000-8000-000000000000%s",
			  (int)(open - pattern), pattern, close + 1);
}

/* A body that no handler takes, so that only the door decides between 403 and anything else. */
#define NO_SUCH_BODY "{\"tidak-ada\": 1}"

static bool let_past (const struct reply *reply)
{
	return reply->status != 403 && reply->status != 401;
}

static const char *may_reach (enum use_case use)
{
	for (size_t i = 0; i < COUNT_OF (reach); i++)
		if (reach[i].use == use)
			return reach[i].may;
	fail_msg ("%s is in no row", use_case_name (use));
	return "";
}

static bool takes_no_body (const struct route *route)
{
	return strcmp (route->method, "GET") == 0;
}

/* Ends the own session, or is answered elsewhere, or without an end. */
static bool is_skipped (const struct route *route)
{
	return route->use == USE_SIGN_IN || strcmp (route->method, "PUT") == 0 ||
	       strcmp (route->pattern, "/v1/imports/{what}") == 0 ||
	       strcmp (route->pattern, "/v1/events") == 0;
}

static void each_route_lets_in_the_roles_of_the_table_by_session_and_by_box (void **state)
{
	struct office *office = *state;

	for (size_t r = 0; r < COUNT_OF (roles); r++) {
		struct browser browser;

		hire (office, roles[r], roles[r]);
		browser = sign_in (office, roles[r]);
		office->user.role = roles[r];
		for (size_t i = 0; route_at (i) != NULL; i++) {
			const struct route *route = route_at (i);
			const char *body = takes_no_body (route) ? NULL : NO_SUCH_BODY;
			bool may = may_reach (route->use)[r] == 'y';
			char path[160];

			if (is_skipped (route))
				continue;
			sample (route->pattern, path);
			{
				REPLY web = browse (office, &browser, route->method, path, body);
				REPLY box = ask (office, route->method, path, body);

				if (let_past (&web) != may || let_past (&box) != may)
					fail_msg ("%s %s by %s: %d %d", route->method, path,
						  roles[r], web.status, box.status);
			}
		}
	}
}

static bool opens (const char *routes, const struct route *route)
{
	char line[160];

	snprintf (line, sizeof line, "%s %s\n", route->method, route->pattern);
	return strstr (routes, line) != NULL;
}

static void each_scope_opens_its_rows_and_nothing_else (void **state)
{
	struct office *office = *state;
	struct browser budi;

	hire (office, "budi", "admin");
	budi = sign_in (office, "budi");
	for (size_t s = 0; s < COUNT_OF (scopes); s++) {
		char key[KEY_TEXT], id[UUID_TEXT], more[64];

		snprintf (more, sizeof more, "\"scopes\": [\"%s\"]", scopes[s].scope);
		make_key (office, &budi, more, key, id);
		for (size_t i = 0; route_at (i) != NULL; i++) {
			const struct route *route = route_at (i);
			char path[160];

			if (route->use == USE_SIGN_IN)
				continue;
			sample (route->pattern, path);
			{
				REPLY reply = by_key (office, key, route->method, path,
						      takes_no_body (route) ? NULL : NO_SUCH_BODY);

				if (let_past (&reply) != opens (scopes[s].routes, route))
					fail_msg ("%s %s with %s: %d", route->method, path,
						  scopes[s].scope, reply.status);
			}
		}
	}
}

static void nobody_gets_past_any_route_but_the_one_to_sign_in (void **state)
{
	struct office *office = *state;

	office->user.uid = getuid () + 1;
	for (size_t i = 0; route_at (i) != NULL; i++) {
		const struct route *route = route_at (i);
		char path[160];

		sample (route->pattern, path);
		{
			REPLY reply = ask (office, route->method, path,
					   takes_no_body (route) ? NULL : NO_SUCH_BODY);

			assert_int_equal (reply.status, route->use == USE_SIGN_IN ? 422 : 401);
		}
	}
}

static void every_row_of_a_scope_is_a_route (void **state)
{
	const char *scope, *method, *pattern;

	for (size_t i = 0; scope_row (i, &scope, &method, &pattern); i++) {
		bool found = false;

		for (size_t r = 0; route_at (r) != NULL && !found; r++)
			found = strcmp (route_at (r)->method, method) == 0 &&
				strcmp (route_at (r)->pattern, pattern) == 0;
		if (!found)
			fail_msg ("%s names %s %s, which is no route", scope, method, pattern);
	}
}

int main (void)
{
#define T(name) cmocka_unit_test_setup_teardown (name, office_setup, office_teardown)
	const struct CMUnitTest tests[] = {
		T (an_admin_makes_an_account_whose_code_is_shown_once),
		T (mistakes_in_an_account_are_named),
		T (a_role_is_changed_at_once_and_never_ones_own),
		T (dismissing_and_ending_sessions_put_people_out),
		T (an_admin_opens_a_name_that_was_shut),
		T (a_password_is_reset_by_two_and_neither_for_himself),
		T (a_reset_that_nobody_confirms_lapses_after_a_day),
		T (the_box_stands_in_for_the_admins_that_an_agency_lacks),
		T (a_key_opens_what_its_scopes_name_until_it_is_ended),
		T (mistakes_in_a_key_are_named),
		T (the_auditor_sees_who_looked_and_why_and_no_name),
		T (what_happens_at_the_door_is_listed_for_the_auditor),
		T (each_route_lets_in_the_roles_of_the_table_by_session_and_by_box),
		T (each_scope_opens_its_rows_and_nothing_else),
		T (nobody_gets_past_any_route_but_the_one_to_sign_in),
		cmocka_unit_test (every_row_of_a_scope_is_a_route),
	};

	return unit_end (cmocka_run_group_tests (tests, NULL, NULL));
}
