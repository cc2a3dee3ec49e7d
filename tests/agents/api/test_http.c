/* The HTTP door: what it takes from a socket, and what it refuses before anybody is
 * asked. */
#include "tests/agents/api/office.h"

#include "agents/api/view.h"

struct door {
	char root[64], socket_path[96];
	zloop_t *loop;
	http_t *http;
	unsigned asked;
	size_t body_len;
	err_t err;
	uint32_t uid;
	size_t params;
	bool stop; /* what the next answer asks for */
};

static void on_request (void *arg, const struct http_request *request,
			struct http_reply *reply)
{
	struct door *door = arg;

	door->asked++;
	door->body_len = request->body.len;
	door->err = request->err;
	door->uid = request->uid;
	door->params = request->param_count;
	reply->status = request->err == ERR_OK ? 200 : err_http (request->err);
	reply->body = strdup ("{}");
	reply->stop = door->stop;
}

static err_t door_open (struct door *door, const char *address, http_t **ret_http,
			problems_t *problems)
{
	const struct http_parts parts = { .address = address, .answer = on_request, .arg = door };

	return http_new (&parts, door->loop, ret_http, problems);
}

static int setup (void **state)
{
	struct door *door = calloc (1, sizeof *door);

	snprintf (door->root, sizeof door->root, "/tmp/jembatan-http-XXXXXX");
	assert_non_null (mkdtemp (door->root));
	snprintf (door->socket_path, sizeof door->socket_path, "%s/agent.sock",
		  door->root);
	door->loop = zloop_new ();
	assert_ok (door_open (door, door->socket_path, &door->http, NULL));
	*state = door;
	return 0;
}

static int teardown (void **state)
{
	struct door *door = *state;

	http_destroy (&door->http);
	zloop_destroy (&door->loop);
	assert_int_equal (access (door->socket_path, F_OK), -1);
	assert_int_equal (rmdir (door->root), 0);
	free (door);
	return 0;
}

static struct reply post (struct door *door, const char *type, const char *body)
{
	return http_ask (door->loop, door->socket_path, "POST", "/x", type, body);
}

static char *letters (size_t count)
{
	char *text = malloc (count + 1);

	memset (text, 'a', count);
	text[count] = '\0';
	return text;
}

static void the_socket_is_for_owner_and_group_only (void **state)
{
	struct door *door = *state;
	struct stat found;

	assert_int_equal (stat (door->socket_path, &found), 0);
	assert_int_equal (found.st_mode & 0777, 0660);
}

static void the_peer_is_known_by_its_uid (void **state)
{
	struct door *door = *state;
	REPLY reply = post (door, "application/json", "{}");

	assert_int_equal (reply.status, 200);
	assert_int_equal (door->uid, getuid ());
}

static void a_body_of_exactly_the_limit_is_taken (void **state)
{
	struct door *door = *state;
	char *body = letters (LIMIT_HTTP_BODY_BYTES);
	REPLY reply = post (door, "application/json", body);

	assert_int_equal (reply.status, 200);
	assert_int_equal (door->body_len, LIMIT_HTTP_BODY_BYTES);
	free (body);
}

static void a_body_one_byte_longer_is_refused (void **state)
{
	struct door *door = *state;
	char *body = letters (LIMIT_HTTP_BODY_BYTES + 1);
	REPLY reply = post (door, "application/json", body);

	assert_int_equal (reply.status, 413);
	assert_int_equal (door->body_len, 0);
	free (body);
}

static void a_chunked_body_that_grows_too_long_is_refused (void **state)
{
	static const char head[] =
		"POST /x HTTP/1.1\r\nHost: agent\r\nConnection: close\r\n"
		"Content-Type: application/json\r\n"
		"Transfer-Encoding: chunked\r\n\r\n180000\r\n";
	struct door *door = *state;
	size_t size = 0x180000, head_len = sizeof head - 1;
	char *request = malloc (head_len + size + 16);

	memcpy (request, head, head_len);
	memset (request + head_len, 'a', size);
	memcpy (request + head_len + size, "\r\n0\r\n\r\n", 7);
	{
		REPLY reply = reply_read (talk (door->loop, door->socket_path, request,
						head_len + size + 7));

		assert_int_equal (reply.status, 413);
		assert_int_equal (door->body_len, 0);
	}
	free (request);
}

static void a_form_or_multipart_body_is_refused (void **state)
{
	static const char *const types[] = { "multipart/form-data; boundary=x",
					     "application/x-www-form-urlencoded",
					     "application/jsonp" };
	struct door *door = *state;

	for (size_t i = 0; i < COUNT_OF (types); i++) {
		REPLY reply = post (door, types[i], "{}");

		assert_int_equal (reply.status, 400);
		assert_int_equal (door->err, ERR_MALFORMED);
	}
}

static void a_charset_behind_the_media_type_is_fine (void **state)
{
	REPLY reply = post (*state, "application/json; charset=utf-8", "{}");

	assert_int_equal (reply.status, 200);
}

static void more_parameters_than_the_door_holds_are_refused (void **state)
{
	struct door *door = *state;
	REPLY reply = http_ask (door->loop, door->socket_path, "GET",
				"/x?a=1&b=2&c=3&d=4&e=5&f=6&g=7&h=8&i=9", "", NULL);

	assert_int_equal (reply.status, 400);
	assert_int_equal (door->params, HTTP_PARAMS);
}

static void a_request_that_is_no_http_gets_no_handler (void **state)
{
	static const char noise[] = "\x16\x03\x01 no http at all\r\n\r\n";
	struct door *door = *state;
	char *raw = talk (door->loop, door->socket_path, noise, sizeof noise - 1);

	assert_int_equal (door->asked, 0);
	assert_non_null (strstr (raw, " 400 "));
	free (raw);
}

/* The client hears the answer before the daemon ends. */
static void an_answer_that_stops_the_daemon_ends_the_loop (void **state)
{
	static const char request[] = "GET /x HTTP/1.1\r\nHost: agent\r\n\r\n";
	struct door *door = *state;
	int fd = client_connect (door->socket_path);
	char answer[512] = "";
	int limit = zloop_timer (door->loop, 10000, 1, client_give_up, NULL);

	door->stop = true;
	assert_int_equal (send (fd, request, sizeof request - 1, 0), sizeof request - 1);
	assert_int_equal (zloop_start (door->loop), -1);
	zloop_timer_end (door->loop, limit);
	assert_true (recv (fd, answer, sizeof answer - 1, 0) > 0);
	assert_non_null (strstr (answer, " 200 "));
	close (fd);
}

static void a_second_door_on_the_same_socket_is_in_use (void **state)
{
	struct door *door = *state;
	OWNED (problems) problems = problems_new ();
	http_t *second = NULL;

	assert_int_equal (door_open (door, door->socket_path, &second, problems),
			  ERR_IN_USE);
	assert_null (second);
	assert_non_null (strstr (problems_at (problems, 0)->text_en, door->socket_path));
}

static void a_socket_left_by_a_killed_agent_is_replaced (void **state)
{
	struct door *door = *state;
	char left[128];
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket (AF_UNIX, SOCK_STREAM, 0);
	http_t *second = NULL;

	snprintf (left, sizeof left, "%s/left.sock", door->root);
	strcpy (address.sun_path, left);
	assert_int_equal (bind (fd, (struct sockaddr *)&address, sizeof address), 0);
	close (fd);
	assert_ok (door_open (door, left, &second, NULL));
	http_destroy (&second);
	assert_int_equal (access (left, F_OK), -1);
}

static void a_file_in_the_way_is_named_and_kept (void **state)
{
	struct door *door = *state;
	OWNED (problems) problems = problems_new ();
	char path[128];
	http_t *second = NULL;
	int fd;

	snprintf (path, sizeof path, "%s/data.txt", door->root);
	fd = open (path, O_CREAT | O_WRONLY, 0600);
	close (fd);
	assert_int_equal (
		door_open (door, path, &second, problems),
		ERR_FILE);
	assert_int_equal (access (path, F_OK), 0);
	assert_int_equal (problems_count (problems), 1);
	unlink (path);
}

static void a_path_longer_than_a_socket_may_have_is_named (void **state)
{
	struct door *door = *state;
	OWNED (problems) problems = problems_new ();
	char *path = letters (200);
	http_t *second = NULL;

	assert_int_equal (
		door_open (door, path, &second, problems),
		ERR_CONFIG);
	free (path);
}

int main (void)
{
#define T(name) cmocka_unit_test_setup_teardown (name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T (the_socket_is_for_owner_and_group_only),
		T (the_peer_is_known_by_its_uid),
		T (a_body_of_exactly_the_limit_is_taken),
		T (a_body_one_byte_longer_is_refused),
		T (a_chunked_body_that_grows_too_long_is_refused),
		T (a_form_or_multipart_body_is_refused),
		T (a_charset_behind_the_media_type_is_fine),
		T (more_parameters_than_the_door_holds_are_refused),
		T (a_request_that_is_no_http_gets_no_handler),
		T (an_answer_that_stops_the_daemon_ends_the_loop),
		T (a_second_door_on_the_same_socket_is_in_use),
		T (a_socket_left_by_a_killed_agent_is_replaced),
		T (a_file_in_the_way_is_named_and_kept),
		T (a_path_longer_than_a_socket_may_have_is_named),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
