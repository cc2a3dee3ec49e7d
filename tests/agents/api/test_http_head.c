/* What the door reads from the head of a request, whose names it answers to, and what every answer tells
 * a browser. */
#include "tests/agents/api/office.h"

#include "proto/http_inside.h"

struct door {
	char address[64];
	zloop_t *loop;
	http_t *http;
	err_t err;
	bool local;
	uint32_t uid;
	char peer[64], cookie[160], authorization[300], key[100];
	struct http_reply reply;     /* what the next answer says besides */
};

static void copy (char *to, size_t room, const char *text)
{
	snprintf (to, room, "%s", text);
}

static void on_request (void *arg, const struct http_request *request, struct http_reply *reply)
{
	struct door *door = arg;

	door->err = request->err;
	door->local = request->local;
	door->uid = request->uid;
	copy (door->peer, sizeof door->peer, request->peer);
	copy (door->cookie, sizeof door->cookie, request->cookie_session);
	copy (door->authorization, sizeof door->authorization, request->authorization);
	copy (door->key, sizeof door->key, request->idempotency_key);
	*reply = door->reply;
	reply->status = request->err == ERR_OK ? 200 : err_http (request->err);
	reply->body = strdup ("{}");
}

/* Each process has a loopback address of its own, so that tests never meet at a port. */
static int setup (void **state)
{
	struct door *door = calloc (1, sizeof *door);
	unsigned pid = (unsigned)getpid ();
	struct http_parts parts = { .address = door->address, .names = "jembatan.local klinik.lan",
				    .answer = on_request, .arg = door };

	snprintf (door->address, sizeof door->address, "127.%u.%u.%u:9710", 1 + (pid >> 16 & 0x7f),
		  pid >> 8 & 0xff, pid & 0xff);
	door->loop = zloop_new ();
	assert_ok (http_new (&parts, door->loop, &door->http, NULL));
	*state = door;
	return 0;
}

static int teardown (void **state)
{
	struct door *door = *state;

	http_destroy (&door->http);
	zloop_destroy (&door->loop);
	free (door);
	return 0;
}

/* GET with these header lines behind Host, each ended by a line break. */
static struct reply get (struct door *door, const char *host, const char *more)
{
	char request[4096];
	int len = snprintf (request, sizeof request,
			    "GET /x HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n%s\r\n", host, more);

	return reply_read (talk (door->loop, door->address, request, (size_t)len));
}

/* How often a line of the answer's head begins so. */
static size_t lines (const struct reply *reply, const char *begin)
{
	char line[200];
	size_t count = 0;

	snprintf (line, sizeof line, "\r\n%s", begin);
	for (const char *at = reply->raw; (at = strstr (at, line)) != NULL && at < reply->body; at += 2)
		count++;
	return count;
}

/* ---- headers ---- */

static void a_peer_over_tcp_is_told_by_its_address_and_has_no_uid (void **state)
{
	struct door *door = *state;
	REPLY reply = get (door, "jembatan.local", "");

	assert_int_equal (reply.status, 200);
	assert_false (door->local);
	assert_int_equal (door->uid, (uint32_t)-1);
	assert_string_equal (door->peer, "127.0.0.1");
}

static void what_is_not_sent_is_empty (void **state)
{
	struct door *door = *state;
	REPLY reply = get (door, "jembatan.local", "");

	assert_int_equal (reply.status, 200);
	assert_string_equal (door->cookie, "");
	assert_string_equal (door->authorization, "");
	assert_string_equal (door->key, "");
}

static void headers_and_our_cookie_are_read (void **state)
{
	struct door *door = *state;
	REPLY reply = get (door, "jembatan.local",
			   "authorization: Bearer jk_1\r\nCookie: a=1; jembatan=geheim; b=2\r\n"
			   "Idempotency-Key: k-1\r\n");

	assert_int_equal (reply.status, 200);
	assert_ok (door->err);
	assert_string_equal (door->cookie, "geheim");
	assert_string_equal (door->authorization, "Bearer jk_1");
	assert_string_equal (door->key, "k-1");
}

static void a_cookie_of_the_other_scheme_does_not_count (void **state)
{
	struct door *door = *state;
	REPLY reply = get (door, "jembatan.local", "Cookie: __Host-jembatan=x\r\n");

	assert_int_equal (reply.status, 200);
	assert_string_equal (door->cookie, "");
}

static void a_cookie_that_stands_twice_counts_for_nothing (void **state)
{
	struct door *door = *state;
	REPLY reply = get (door, "jembatan.local", "Cookie: jembatan=a; jembatan=b\r\n");

	assert_int_equal (reply.status, 200);
	assert_ok (door->err);
	assert_string_equal (door->cookie, "");
}

static void a_header_twice_too_long_or_not_plain_is_malformed (void **state)
{
	static const char *const bad[] = {
		"Authorization: Bearer a\r\nAuthorization: Bearer b\r\n",
		"Idempotency-Key: 12345678901234567890123456789012345678901234567890123456789012345\r\n",
		"Idempotency-Key: a\tb\r\n",
		"Idempotency-Key: caf\xc3\xa9\r\n",
		"Idempotency-Key:\r\n",
		"Host: klinik.lan\r\n",
	};
	struct door *door = *state;

	for (size_t i = 0; i < COUNT_OF (bad); i++) {
		REPLY reply = get (door, "jembatan.local", bad[i]);

		assert_int_equal (reply.status, 400);
	}
}

/* ---- names ---- */

static void only_our_names_and_addresses_are_answered (void **state)
{
	static const char *const ours[] = { "jembatan.local", "JEMBATAN.local:9710", "klinik.lan",
					    "localhost:1", "127.0.0.1", "[::1]:9710" };
	static const char *const others[] = { "evil.example", "jembatan.local.evil.example",
					      "192.0.2.1", "jembatan.local:x", "jembatan", "lan",
					      "jembatan.local klinik.lan", "[::1", ":9710" };
	struct door *door = *state;

	for (size_t i = 0; i < COUNT_OF (ours); i++) {
		REPLY reply = get (door, ours[i], "");

		assert_int_equal (reply.status, 200);
	}
	for (size_t i = 0; i < COUNT_OF (others); i++) {
		REPLY reply = get (door, others[i], "");

		assert_int_equal (reply.status, 421);
		assert_int_equal (door->err, ERR_WRONG_HOST);
	}
}

static void the_address_that_was_dialled_is_ours (void **state)
{
	struct door *door = *state;
	REPLY reply = get (door, door->address, "");

	assert_int_equal (reply.status, 200);
}

static void a_page_of_another_origin_may_not_ask (void **state)
{
	static const char *const others[] = {
		"Origin: http://evil.example\r\n",
		"Origin: null\r\n",
		"Origin: https://jembatan.local:9710\r\n",
		"Origin: http://jembatan.local\r\n",
		"Origin: http://jembatan.local:97100\r\n",
	};
	struct door *door = *state;

	for (size_t i = 0; i < COUNT_OF (others); i++) {
		REPLY reply = get (door, "jembatan.local:9710", others[i]);

		assert_int_equal (reply.status, 403);
		assert_int_equal (door->err, ERR_WRONG_ORIGIN);
	}
	{
		REPLY reply = get (door, "jembatan.local:9710", "Origin: http://jembatan.local:9710\r\n");

		assert_int_equal (reply.status, 200);
	}
}

static void names_are_compared_whole (void **state)
{
	assert_true (http_host_is_ours ("192.0.2.7:8443", "192.0.2.7", ""));
	assert_true (http_host_is_ours ("[2001:db8::7]", "2001:db8::7", ""));
	assert_false (http_host_is_ours ("192.0.2.70", "192.0.2.7", ""));
	assert_false (http_host_is_ours ("", "192.0.2.7", "a b"));
	assert_false (http_host_is_ours ("a b", "192.0.2.7", "a b"));
	assert_true (http_origin_is_ours ("https://a", "a", true));
	assert_false (http_origin_is_ours ("http://a", "a", true));
}

/* ---- answers ---- */

static void every_answer_tells_a_browser_the_same (void **state)
{
	static const char *const once[] = {
		("Content-Security-Policy: default-src 'self'; base-uri 'none'; form-action 'self'; "
		 "frame-ancestors 'none'; object-src 'none'\r\n"),
		"X-Content-Type-Options: nosniff\r\n",
		"Referrer-Policy: no-referrer\r\n",
		"Cache-Control: no-store\r\n",
		"Cross-Origin-Opener-Policy: same-origin\r\n",
		"Cross-Origin-Resource-Policy: same-origin\r\n",
	};
	static const char *const hosts[] = { "jembatan.local", "evil.example" };
	struct door *door = *state;

	for (size_t h = 0; h < COUNT_OF (hosts); h++) {
		REPLY reply = get (door, hosts[h], "");

		for (size_t i = 0; i < COUNT_OF (once); i++)
			assert_int_equal (lines (&reply, once[i]), 1);
		assert_int_equal (lines (&reply, "Strict-Transport-Security"), 0);
		assert_int_equal (lines (&reply, "Set-Cookie"), 0);
		assert_int_equal (lines (&reply, "Server"), 0);
	}
}

static void a_reply_says_what_its_handler_asked_for (void **state)
{
	struct door *door = *state;

	strcpy (door->reply.etag, "\"e1\"");
	strcpy (door->reply.set_cookie, "geheim");
	strcpy (door->reply.location, "/v1/x");
	door->reply.retry_after_s = 30;
	door->reply.cache = "no-cache";
	{
		REPLY reply = get (door, "jembatan.local", "");

		assert_int_equal (lines (&reply, "ETag: \"e1\"\r\n"), 1);
		assert_int_equal (lines (&reply, "Location: /v1/x\r\n"), 1);
		assert_int_equal (lines (&reply, "Retry-After: 30\r\n"), 1);
		assert_int_equal (lines (&reply, "Cache-Control: no-cache\r\n"), 1);
		assert_int_equal (lines (&reply, "Cache-Control"), 1);
		assert_int_equal (lines (&reply, "Set-Cookie: jembatan=geheim; Path=/; HttpOnly; "
						 "SameSite=Strict\r\n"), 1);
	}
	door->reply.end_cookie = true;
	{
		REPLY reply = get (door, "jembatan.local", "");

		assert_int_equal (lines (&reply, "Set-Cookie: jembatan=; Path=/; HttpOnly; "
						 "SameSite=Strict; Max-Age=0\r\n"), 1);
	}
}

int main (void)
{
#define T(name) cmocka_unit_test_setup_teardown (name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T (a_peer_over_tcp_is_told_by_its_address_and_has_no_uid),
		T (what_is_not_sent_is_empty),
		T (headers_and_our_cookie_are_read),
		T (a_cookie_of_the_other_scheme_does_not_count),
		T (a_cookie_that_stands_twice_counts_for_nothing),
		T (a_header_twice_too_long_or_not_plain_is_malformed),
		T (only_our_names_and_addresses_are_answered),
		T (the_address_that_was_dialled_is_ours),
		T (a_page_of_another_origin_may_not_ask),
		cmocka_unit_test (names_are_compared_whole),
		T (every_answer_tells_a_browser_the_same),
		T (a_reply_says_what_its_handler_asked_for),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
