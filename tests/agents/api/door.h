/*
 * People at the door of an office (office.h): accounts, a browser's cookie and token, keys of software.
 */
#ifndef TESTS_AGENTS_API_DOOR_H
#define TESTS_AGENTS_API_DOOR_H

#include "tests/agents/api/office.h"

#include "proto/totp.h"
#include "tests/support/clock.h"

#define PASSWORD "kelapa muda di beranda"

/* What a browser keeps of a session. */
struct browser {
	char cookie[HTTP_COOKIE_BYTES], csrf[TOKEN_TEXT];
};

static inline struct reply ask_with (struct office *office, const char *headers, const char *method,
				     const char *path, const char *body)
{
	size_t len = body != NULL ? strlen (body) : 0;
	char request[8192];
	int size = snprintf (request, sizeof request,
			     "%s %s HTTP/1.1\r\nHost: agent\r\nConnection: close\r\n%s"
			     "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
			     method, path, headers, len, body != NULL ? body : "");

	assert_in_range (size, 1, sizeof request - 1);
	return reply_read (talk (office->loop, office->socket_path, request, (size_t)size));
}

/* As a page of the console asks. */
static inline struct reply browse (struct office *office, const struct browser *browser,
				   const char *method, const char *path, const char *body)
{
	char headers[512];

	snprintf (headers, sizeof headers, "Cookie: jembatan=%s\r\nX-CSRF-Token: %s\r\n",
		  browser->cookie, browser->csrf);
	return ask_with (office, headers, method, path, body);
}

static inline struct reply browse_bare (struct office *office, const char *cookie,
					const char *method, const char *path, const char *body)
{
	char headers[512];

	snprintf (headers, sizeof headers, "Cookie: jembatan=%s\r\n", cookie);
	return ask_with (office, headers, method, path, body);
}

static inline void take_cookie (const struct reply *reply, struct browser *browser)
{
	static const char start[] = "Set-Cookie: jembatan=";
	const char *at = strstr (reply->raw, start);

	assert_non_null (at);
	at += sizeof start - 1;
	snprintf (browser->cookie, sizeof browser->cookie, "%.*s", (int)strcspn (at, ";\r"), at);
	snprintf (browser->csrf, sizeof browser->csrf, "%s", json_get_text (reply->json, "csrf"));
}

static inline struct reply sign_in_with (struct office *office, const char *account,
					 const char *password, const char *code)
{
	char body[512];

	snprintf (body, sizeof body, "{\"account\": \"%s\", \"password\": \"%s\", \"code\": \"%s\"}",
		  account, password, code);
	return ask_with (office, "", "POST", "/v1/session", body);
}

static inline struct browser sign_in (struct office *office, const char *account)
{
	struct browser browser;
	REPLY reply = sign_in_with (office, account, PASSWORD, "");

	assert_int_equal (reply.status, 201);
	take_cookie (&reply, &browser);
	return browser;
}

static inline void set_password (struct office *office, const char *account, const char *code,
				 const char *password)
{
	struct browser browser;
	char body[256];

	{
		REPLY reply = sign_in_with (office, account, code, "");

		assert_int_equal (reply.status, 201);
		take_cookie (&reply, &browser);
	}
	snprintf (body, sizeof body, "{\"new\": \"%s\"}", password);
	{
		REPLY reply = browse (office, &browser, "POST", "/v1/session/password", body);

		assert_int_equal (reply.status, 200);
		take_cookie (&reply, &browser);
	}
	{
		REPLY reply = browse (office, &browser, "POST", "/v1/session/end", "{}");

		assert_int_equal (reply.status, 200);
	}
}

static inline struct account_id hire_without (struct office *office, const char *name,
					      const char *role, char code[SECRET_CODE_TEXT])
{
	struct caller box = { .kind = CALLER_BOX, .actor = { "root", "admin" }, .who = "box" };
	OWNED (problems) problems = problems_new ();
	struct account account = { .name = name, .display = "Si Kanari", .role = role,
				   .password = "", .reset_by = "" };

	assert_ok (door_account_add (office->door, &box, &account, code, problems));
	return account.id;
}

/* An account that has set its password. */
static inline struct account_id hire (struct office *office, const char *name, const char *role)
{
	char code[SECRET_CODE_TEXT];
	struct account_id id = hire_without (office, name, role, code);

	set_password (office, name, code, PASSWORD);
	return id;
}

/* The code that an authenticator would show. */
static inline const char *authenticator (const char *secret, int64_t at_ms, char code[9])
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	uint8_t key[TOTP_SECRET_BYTES] = { 0 };

	for (size_t i = 0; i < 32; i++)
		for (size_t bit = 0; bit < 5; bit++) {
			size_t at = 5 * i + bit;
			unsigned value = (unsigned)(strchr (digits, secret[i]) - digits);

			key[at / 8] |= (uint8_t)((value >> (4 - bit) & 1) << (7 - at % 8));
		}
	hotp_text (BYTES_OF (key), (uint64_t)(at_ms / TOTP_STEP_MS), 6, code);
	return code;
}

#endif
