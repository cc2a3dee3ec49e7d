/* The own session over a real socket: signing in and out, the second factor, and what keeps others out. */
#include "tests/agents/api/door.h"

static const char *text_of (const struct reply *reply, const char *name)
{
	const char *text = json_get_text (reply->json, name);

	if (text == NULL)
		fail_msg ("no %s in %s", name, reply->body);
	return text;
}

static int64_t now_ms (struct office *office)
{
	return desk_now_ms (office->desk);
}

/* ---- in and out --------------------------------------------------------------------------------- */

static void whoever_signs_in_is_told_who_they_are_and_what_they_may (void **state)
{
	struct office *office = *state;
	struct browser siti;

	hire (office, "siti.r", "caseworker");
	{
		REPLY reply = sign_in_with (office, " Siti.R", PASSWORD, "");
		const json_t *account = json_object_get (reply.json, "account");

		assert_int_equal (reply.status, 201);
		assert_string_equal (json_get_text (account, "account"), "siti.r");
		assert_string_equal (json_get_text (account, "name"), "Si Kanari");
		assert_string_equal (json_get_text (account, "role"), "caseworker");
		assert_int_equal (json_get_number (reply.json, "idle_seconds", 0), 1800);
		assert_false (json_get_flag (reply.json, "must_change", true));
		assert_string_equal (json_get_text (json_object_get (reply.json, "agency"), "id"),
				     "ipwl-uji");
		assert_non_null (strstr (reply.raw, "HttpOnly"));
		assert_non_null (strstr (reply.raw, "SameSite=Strict"));
		assert_null (strstr (reply.body, "admin"));
		take_cookie (&reply, &siti);
		assert_null (strstr (reply.body, siti.cookie));
	}
	{
		REPLY reply = browse (office, &siti, "GET", "/v1/session", NULL);

		assert_int_equal (reply.status, 200);
		assert_string_equal (text_of (&reply, "csrf"), siti.csrf);
	}
}

static void an_unknown_account_is_answered_as_a_wrong_password_is (void **state)
{
	struct office *office = *state;

	hire (office, "siti", "caseworker");
	{
		REPLY wrong = sign_in_with (office, "siti", "bukan yang benar", "");
		REPLY nobody = sign_in_with (office, "tidak.ada", "bukan yang benar", "");

		assert_int_equal (wrong.status, 401);
		assert_code (&wrong, ERR_NOT_SIGNED_IN);
		assert_int_equal (nobody.status, 401);
		assert_string_equal (wrong.body, nobody.body);
		assert_null (strstr (wrong.raw, "Set-Cookie"));
	}
}

static void signing_out_ends_the_session_on_the_server (void **state)
{
	struct office *office = *state;
	struct browser siti;

	hire (office, "siti", "caseworker");
	siti = sign_in (office, "siti");
	{
		REPLY reply = browse (office, &siti, "POST", "/v1/session/end", "{}");

		assert_int_equal (reply.status, 200);
		assert_non_null (strstr (reply.raw, "Set-Cookie: jembatan=;"));
	}
	{
		REPLY reply = browse (office, &siti, "GET", "/v1/session", NULL);

		assert_int_equal (reply.status, 401);
		assert_code (&reply, ERR_NOT_SIGNED_IN);
	}
}

/* What a browser keeps can be read again after the next sign-in, and by no other account. */
static void drafts_have_one_key_for_each_account (void **state)
{
	struct office *office = *state;
	struct browser siti, again, budi;

	hire (office, "siti", "caseworker");
	hire (office, "budi", "caseworker");
	siti = sign_in (office, "siti");
	again = sign_in (office, "siti");
	budi = sign_in (office, "budi");
	{
		REPLY first = browse (office, &siti, "GET", "/v1/session", NULL);
		REPLY second = browse (office, &again, "GET", "/v1/session", NULL);
		REPLY other = browse (office, &budi, "GET", "/v1/session", NULL);
		REPLY box = ask (office, "GET", "/v1/session", NULL);
		const char *key = text_of (&first, "draft_key");

		assert_int_equal (strlen (key), 64);
		assert_string_equal (key, text_of (&second, "draft_key"));
		assert_string_not_equal (key, text_of (&other, "draft_key"));
		assert_true (json_is_null (json_object_get (box.json, "draft_key")));
	}
}

static void each_sign_in_is_a_new_session_and_one_can_end_the_other (void **state)
{
	struct office *office = *state;
	struct browser desk, phone;

	hire (office, "siti", "caseworker");
	desk = sign_in (office, "siti");
	phone = sign_in (office, "siti");
	assert_string_not_equal (desk.cookie, phone.cookie);
	{
		REPLY reply = browse (office, &desk, "GET", "/v1/session", NULL);

		assert_int_equal (json_array_size (json_object_get (reply.json, "sessions")), 2);
	}
	{
		REPLY reply = browse (office, &desk, "POST", "/v1/session/end",
				      "{\"which\": \"others\"}");

		assert_int_equal (json_get_number (reply.json, "ended", 0), 1);
	}
	{
		REPLY mine = browse (office, &desk, "GET", "/v1/session", NULL);
		REPLY other = browse (office, &phone, "GET", "/v1/session", NULL);

		assert_int_equal (mine.status, 200);
		assert_int_equal (other.status, 401);
	}
}

static void a_cookie_that_was_brought_along_is_not_taken_over (void **state)
{
	struct office *office = *state;
	static const char planted[] =
		"Cookie: jembatan=0000000000000000000000000000000000000000000000000000000000000001\r\n";

	hire (office, "siti", "caseworker");
	{
		REPLY reply = ask_with (office, planted, "POST", "/v1/session",
					"{\"account\": \"siti\", \"password\": \"" PASSWORD "\"}");

		assert_int_equal (reply.status, 201);
	}
	{
		REPLY reply = ask_with (office, planted, "GET", "/v1/session", NULL);

		assert_int_equal (reply.status, 401);
	}
}

static void an_idle_session_ends_and_so_does_the_longest_one (void **state)
{
	struct office *office = *state;
	struct browser siti;

	hire (office, "siti", "caseworker");
	siti = sign_in (office, "siti");
	for (int i = 0; i < 25; i++) {
		int expected = i < 24 ? 200 : 401;     /* 25 times 29 minutes is beyond 12 hours */

		clock_turn (29 * MINUTE_MS);
		{
			REPLY reply = browse (office, &siti, "GET", "/v1/session", NULL);

			assert_int_equal (reply.status, expected);
		}
	}
	siti = sign_in (office, "siti");
	clock_turn (31 * MINUTE_MS);
	{
		REPLY reply = browse (office, &siti, "GET", "/v1/session", NULL);

		assert_int_equal (reply.status, 401);
	}
}

static void a_dismissed_worker_is_out_in_the_middle_of_a_session (void **state)
{
	struct office *office = *state;
	struct caller box = { .kind = CALLER_BOX, .actor = { "root", "admin" }, .who = "box" };
	struct account_id id = hire (office, "siti", "caseworker");
	struct browser siti = sign_in (office, "siti");

	assert_ok (door_account_dismiss (office->door, &box, &id, NULL));
	{
		REPLY reply = browse (office, &siti, "GET", "/v1/today", NULL);

		assert_int_equal (reply.status, 401);
	}
	{
		REPLY reply = sign_in_with (office, "siti", PASSWORD, "");

		assert_int_equal (reply.status, 401);
	}
}

/* ---- forgery ------------------------------------------------------------------------------------ */

static void a_write_with_a_cookie_needs_the_token_of_that_session (void **state)
{
	struct office *office = *state;
	struct browser siti, agus, mixed;

	hire (office, "siti", "caseworker");
	hire (office, "agus", "caseworker");
	siti = sign_in (office, "siti");
	agus = sign_in (office, "agus");
	mixed = siti;
	strcpy (mixed.csrf, agus.csrf);
	{
		REPLY none = browse_bare (office, siti.cookie, "POST", "/v1/people", "{}");
		REPLY wrong = browse (office, &mixed, "POST", "/v1/people", "{}");
		REPLY read = browse_bare (office, siti.cookie, "GET", "/v1/today", NULL);

		assert_int_equal (none.status, 403);
		assert_code (&none, ERR_CSRF);
		assert_code (&wrong, ERR_CSRF);
		assert_int_equal (read.status, 200);
	}
}

static void a_cookie_and_a_key_at_once_are_refused (void **state)
{
	struct office *office = *state;
	struct browser siti;
	char headers[512];

	hire (office, "siti", "caseworker");
	siti = sign_in (office, "siti");
	snprintf (headers, sizeof headers, "Cookie: jembatan=%s\r\nAuthorization: Bearer jk_00\r\n",
		  siti.cookie);
	{
		REPLY reply = ask_with (office, headers, "GET", "/v1/today", NULL);

		assert_int_equal (reply.status, 400);
	}
}

/* ---- too many attempts -------------------------------------------------------------------------- */

static void the_fifth_wrong_password_shuts_the_name_for_a_while (void **state)
{
	struct office *office = *state;

	hire (office, "siti", "caseworker");
	for (int i = 0; i < 5; i++) {
		REPLY reply = sign_in_with (office, "siti", "bukan yang benar", "");

		assert_int_equal (reply.status, 401);
	}
	{
		REPLY reply = sign_in_with (office, "siti", PASSWORD, "");

		assert_int_equal (reply.status, 429);
		assert_code (&reply, ERR_LOCKED_OUT);
		assert_non_null (strstr (reply.raw, "Retry-After: 60"));
	}
	clock_turn (61 * SECOND_MS);
	sign_in (office, "siti");
}

static void a_name_that_nobody_has_is_shut_in_the_same_way (void **state)
{
	struct office *office = *state;

	for (int i = 0; i < 5; i++) {
		REPLY reply = sign_in_with (office, "tidak.ada", "bukan yang benar", "");

		assert_int_equal (reply.status, 401);
	}
	{
		REPLY reply = sign_in_with (office, "tidak.ada", "bukan yang benar", "");

		assert_int_equal (reply.status, 429);
	}
}

static void an_address_that_tries_many_names_has_to_wait (void **state)
{
	struct office *office = *state;
	int refused = 0;

	for (int i = 0; i < 24; i++) {
		char name[32];

		snprintf (name, sizeof name, "nama%d", i);
		{
			REPLY reply = sign_in_with (office, name, "bukan yang benar", "");

			refused += reply.status == 429;
		}
	}
	assert_in_range (refused, 3, 4);
}

/* ---- one-time codes and passwords --------------------------------------------------------------- */

static void a_one_time_code_sets_a_password_and_does_nothing_else (void **state)
{
	struct office *office = *state;
	char code[SECRET_CODE_TEXT];
	struct browser siti;

	hire_without (office, "siti", "caseworker", code);
	{
		REPLY reply = sign_in_with (office, "siti", code, "");

		assert_int_equal (reply.status, 201);
		assert_true (json_get_flag (reply.json, "must_change", false));
		take_cookie (&reply, &siti);
	}
	{
		REPLY reply = browse (office, &siti, "GET", "/v1/today", NULL);

		assert_int_equal (reply.status, 403);
		assert_code (&reply, ERR_MUST_CHANGE);
	}
	{
		REPLY reply = browse (office, &siti, "POST", "/v1/session/password",
				      "{\"new\": \"" PASSWORD "\"}");
		struct browser fresh;

		assert_int_equal (reply.status, 200);
		take_cookie (&reply, &fresh);
		assert_string_not_equal (fresh.cookie, siti.cookie);
	}
	{
		REPLY again = sign_in_with (office, "siti", code, "");
		REPLY old = browse (office, &siti, "GET", "/v1/session", NULL);

		assert_int_equal (again.status, 401);
		assert_int_equal (old.status, 401);
	}
	sign_in (office, "siti");
}

static void a_code_is_worth_nothing_after_a_day (void **state)
{
	struct office *office = *state;
	char code[SECRET_CODE_TEXT];

	hire_without (office, "siti", "caseworker", code);
	clock_turn (25 * HOUR_MS);
	{
		REPLY reply = sign_in_with (office, "siti", code, "");

		assert_int_equal (reply.status, 401);
	}
}

static void a_new_password_needs_the_old_one_and_ends_every_other_session (void **state)
{
	struct office *office = *state;
	struct browser desk, phone;

	hire (office, "siti", "caseworker");
	desk = sign_in (office, "siti");
	phone = sign_in (office, "siti");
	{
		REPLY reply = browse (office, &desk, "POST", "/v1/session/password",
				      "{\"old\": \"salah sekali\", \"new\": \"bunga di tepi sawah\"}");

		assert_int_equal (reply.status, 422);
		assert_int_equal (named (&reply, "old"), 1);
	}
	{
		REPLY reply = browse (
			office, &desk, "POST", "/v1/session/password",
			"{\"old\": \"" PASSWORD "\", \"new\": \"bunga di tepi sawah\"}");

		assert_int_equal (reply.status, 200);
	}
	{
		REPLY reply = browse (office, &phone, "GET", "/v1/session", NULL);

		assert_int_equal (reply.status, 401);
	}
	{
		REPLY old = sign_in_with (office, "siti", PASSWORD, "");
		REPLY fresh = sign_in_with (office, "siti", "bunga di tepi sawah", "");

		assert_int_equal (old.status, 401);
		assert_int_equal (fresh.status, 201);
	}
}

/* ---- the second factor -------------------------------------------------------------------------- */

/* Sets it; gives the secret and the recovery codes. */
static void enrol (struct office *office, const struct browser *browser, char secret[TOTP_SECRET_TEXT],
		   char recovery[RECOVERY_CODES][SECRET_CODE_TEXT])
{
	char body[64], code[9];

	{
		REPLY reply = browse (office, browser, "POST", "/v1/session/second-factor", "{}");

		assert_int_equal (reply.status, 200);
		assert_non_null (strstr (text_of (&reply, "uri"), "otpauth://totp/Jembatan%20ipwl-uji:"));
		assert_memory_equal (text_of (&reply, "qr"), "<svg ", 5);
		snprintf (secret, TOTP_SECRET_TEXT, "%s", text_of (&reply, "secret"));
	}
	snprintf (body, sizeof body, "{\"code\": \"%s\"}",
		  authenticator (secret, now_ms (office), code));
	{
		REPLY reply = browse (office, browser, "POST", "/v1/session/second-factor", body);
		const json_t *codes = json_object_get (reply.json, "recovery");

		assert_int_equal (reply.status, 200);
		assert_int_equal (json_array_size (codes), RECOVERY_CODES);
		for (size_t i = 0; i < RECOVERY_CODES; i++)
			snprintf (recovery[i], SECRET_CODE_TEXT, "%s",
				  json_string_value (json_array_get (codes, i)));
	}
}

static void with_a_second_factor_a_code_is_asked_for_and_taken_once (void **state)
{
	struct office *office = *state;
	char secret[TOTP_SECRET_TEXT], recovery[RECOVERY_CODES][SECRET_CODE_TEXT], code[9];
	struct browser siti;

	hire (office, "siti", "caseworker");
	siti = sign_in (office, "siti");
	enrol (office, &siti, secret, recovery);
	{
		REPLY reply = sign_in_with (office, "siti", PASSWORD, "");

		assert_int_equal (reply.status, 401);
		assert_code (&reply, ERR_CODE_NEEDED);
	}
	clock_turn (TOTP_STEP_MS);
	authenticator (secret, now_ms (office), code);
	{
		REPLY first = sign_in_with (office, "siti", PASSWORD, code);
		REPLY second = sign_in_with (office, "siti", PASSWORD, code);

		assert_int_equal (first.status, 201);
		assert_int_equal (second.status, 401);
		assert_code (&second, ERR_CODE_NEEDED);
	}
}

static void a_recovery_code_lets_in_once (void **state)
{
	struct office *office = *state;
	char secret[TOTP_SECRET_TEXT], recovery[RECOVERY_CODES][SECRET_CODE_TEXT];
	struct browser siti;

	hire (office, "siti", "caseworker");
	siti = sign_in (office, "siti");
	enrol (office, &siti, secret, recovery);
	{
		REPLY first = sign_in_with (office, "siti", PASSWORD, recovery[3]);
		REPLY second = sign_in_with (office, "siti", PASSWORD, recovery[3]);
		REPLY other = sign_in_with (office, "siti", PASSWORD, recovery[9]);

		assert_int_equal (first.status, 201);
		assert_int_equal (
			json_get_number (json_object_get (first.json, "second_factor"),
					 "recovery_left", 0),
			9);
		assert_int_equal (second.status, 401);
		assert_int_equal (other.status, 201);
	}
}

static void asking_for_the_code_is_no_failed_attempt_and_a_wrong_code_is (void **state)
{
	struct office *office = *state;
	char secret[TOTP_SECRET_TEXT], recovery[RECOVERY_CODES][SECRET_CODE_TEXT];
	struct browser siti;

	hire (office, "siti", "caseworker");
	siti = sign_in (office, "siti");
	enrol (office, &siti, secret, recovery);
	for (int i = 0; i < 6; i++) {
		REPLY reply = sign_in_with (office, "siti", PASSWORD, "");

		assert_code (&reply, ERR_CODE_NEEDED);
	}
	for (int i = 0; i < 5; i++) {
		REPLY reply = sign_in_with (office, "siti", PASSWORD, "000000");

		assert_code (&reply, ERR_CODE_NEEDED);
	}
	{
		REPLY reply = sign_in_with (office, "siti", PASSWORD, recovery[0]);

		assert_code (&reply, ERR_LOCKED_OUT);
	}
}

static void a_second_factor_is_removed_with_a_code_alone (void **state)
{
	struct office *office = *state;
	char secret[TOTP_SECRET_TEXT], recovery[RECOVERY_CODES][SECRET_CODE_TEXT], body[80];
	struct browser siti;

	hire (office, "siti", "caseworker");
	siti = sign_in (office, "siti");
	enrol (office, &siti, secret, recovery);
	{
		REPLY again = browse (office, &siti, "POST", "/v1/session/second-factor", "{}");
		REPLY wrong = browse (office, &siti, "POST", "/v1/session/second-factor",
				      "{\"remove\": \"123456\"}");

		assert_code (&again, ERR_CONFLICT);
		assert_int_equal (wrong.status, 422);
	}
	snprintf (body, sizeof body, "{\"remove\": \"%s\"}", recovery[1]);
	{
		REPLY reply = browse (office, &siti, "POST", "/v1/session/second-factor", body);

		assert_int_equal (reply.status, 200);
	}
	sign_in (office, "siti");
}

/* ---- a user of the box -------------------------------------------------------------------------- */

static void a_user_of_the_box_is_somebody_without_a_session (void **state)
{
	REPLY reply = ask (*state, "GET", "/v1/session", NULL);
	REPLY end = ask (*state, "POST", "/v1/session/end", "{}");

	assert_int_equal (reply.status, 200);
	assert_true (json_is_null (json_object_get (reply.json, "csrf")));
	assert_string_equal (json_get_text (json_object_get (reply.json, "account"), "role"),
			     "supervisor");
	assert_int_equal (end.status, 409);
}

int main (void)
{
#define T(name) cmocka_unit_test_setup_teardown (name, office_setup, office_teardown)
	const struct CMUnitTest tests[] = {
		T (whoever_signs_in_is_told_who_they_are_and_what_they_may),
		T (an_unknown_account_is_answered_as_a_wrong_password_is),
		T (signing_out_ends_the_session_on_the_server),
		T (drafts_have_one_key_for_each_account),
		T (each_sign_in_is_a_new_session_and_one_can_end_the_other),
		T (a_cookie_that_was_brought_along_is_not_taken_over),
		T (an_idle_session_ends_and_so_does_the_longest_one),
		T (a_dismissed_worker_is_out_in_the_middle_of_a_session),
		T (a_write_with_a_cookie_needs_the_token_of_that_session),
		T (a_cookie_and_a_key_at_once_are_refused),
		T (the_fifth_wrong_password_shuts_the_name_for_a_while),
		T (a_name_that_nobody_has_is_shut_in_the_same_way),
		T (an_address_that_tries_many_names_has_to_wait),
		T (a_one_time_code_sets_a_password_and_does_nothing_else),
		T (a_code_is_worth_nothing_after_a_day),
		T (a_new_password_needs_the_old_one_and_ends_every_other_session),
		T (with_a_second_factor_a_code_is_asked_for_and_taken_once),
		T (a_recovery_code_lets_in_once),
		T (asking_for_the_code_is_no_failed_attempt_and_a_wrong_code_is),
		T (a_second_factor_is_removed_with_a_code_alone),
		T (a_user_of_the_box_is_somebody_without_a_session),
	};

	return unit_end (cmocka_run_group_tests (tests, NULL, NULL));
}
