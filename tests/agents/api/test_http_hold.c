/* Requests that are answered later, or never. */
#include "tests/agents/api/office.h"

struct door {
	char root[64], socket_path[96];
	zloop_t *loop;
	http_t *http;
	bool at_once;                /* the answer comes while the function still runs */
	http_exchange_t *held[4];
	size_t held_count;
	char path[16];               /* of the first that was held, read when it was answered */
	const struct http_request *request;
	unsigned gone;
	bool stop;
};

static void on_gone (void *arg)
{
	struct door *door = arg;

	door->gone++;
}

static void release (struct door *door, size_t i)
{
	struct http_reply reply = { .status = 201, .body = strdup ("{\"later\": true}"), .stop = door->stop };

	http_release (door->held[i], &reply);
}

static void on_request (void *arg, const struct http_request *request, struct http_reply *reply)
{
	struct door *door = arg;

	door->request = request;
	door->held[door->held_count++] = request->exchange;
	http_hold (request->exchange, on_gone, door);
	if (door->at_once)
		release (door, door->held_count - 1);
}

static int on_later (zloop_t *loop, int timer, void *arg)
{
	struct door *door = arg;

	if (door->held_count == 0)
		return 0;
	snprintf (door->path, sizeof door->path, "%s", door->request->path);
	release (door, 0);
	zloop_timer_end (loop, timer);
	return 0;
}

static int setup (void **state)
{
	struct door *door = calloc (1, sizeof *door);
	struct http_parts parts = { .address = door->socket_path, .answer = on_request, .arg = door };

	unit_folder (door->root, sizeof door->root, "hold");
	snprintf (door->socket_path, sizeof door->socket_path, "%s/agent.sock", door->root);
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
	assert_int_equal (rmdir (door->root), 0);
	free (door);
	return 0;
}

static struct reply get (struct door *door)
{
	return http_ask (door->loop, door->socket_path, "GET", "/later", "application/json", NULL);
}

static void a_held_request_is_answered_later (void **state)
{
	struct door *door = *state;

	zloop_timer (door->loop, 20, 0, on_later, door);
	{
		REPLY reply = get (door);

		assert_int_equal (reply.status, 201);
		assert_string_equal (reply.body, "{\"later\": true}");
	}
	assert_string_equal (door->path, "/later");
	assert_int_equal (door->gone, 0);
}

static void an_answer_before_the_request_lies_down_is_sent_too (void **state)
{
	struct door *door = *state;

	door->at_once = true;
	{
		REPLY reply = get (door);

		assert_int_equal (reply.status, 201);
	}
}

/* ---- nobody waits ---- */

static int on_look (zloop_t *loop, int timer, void *arg)
{
	struct door *door = arg;

	return door->gone > 0 ? -1 : 0;
}

static int on_hang_up (zloop_t *loop, int timer, void *arg)
{
	int *fd = arg;

	close (*fd);
	return 0;
}

static int on_turn (zloop_t *loop, int timer, void *arg)
{
	return -1;
}

static int ask_and_wait (struct door *door, size_t count)
{
	static const char request[] = "GET /x HTTP/1.1\r\nHost: agent\r\n\r\n";
	int fd = client_connect (door->socket_path);

	assert_int_equal (send (fd, request, sizeof request - 1, 0), sizeof request - 1);
	for (int i = 0; i < 1000 && door->held_count < count; i++) {
		int turn = zloop_timer (door->loop, 1, 1, on_turn, NULL);

		zloop_start (door->loop);
		zloop_timer_end (door->loop, turn);
	}
	assert_int_equal (door->held_count, count);
	return fd;
}

static void a_peer_that_leaves_is_told_to_who_holds (void **state)
{
	struct door *door = *state;
	int fd = ask_and_wait (door, 1), other = ask_and_wait (door, 2);
	int limit = zloop_timer (door->loop, 10000, 1, client_give_up, NULL);

	zloop_timer (door->loop, 5, 1, on_hang_up, &fd);
	zloop_timer (door->loop, 5, 0, on_look, door);
	zloop_start (door->loop);
	zloop_timer_end (door->loop, limit);
	assert_int_equal (door->gone, 1);
	close (other);
}

static void a_door_that_ends_lets_go_of_all (void **state)
{
	struct door *door = *state;
	int fds[] = { ask_and_wait (door, 1), ask_and_wait (door, 2) };

	http_destroy (&door->http);
	assert_int_equal (door->gone, 2);
	for (size_t i = 0; i < COUNT_OF (fds); i++)
		close (fds[i]);
}

static void an_answer_that_never_left_is_freed (void **state)
{
	struct door *door = *state;
	int fd = ask_and_wait (door, 1);

	release (door, 0);
	http_destroy (&door->http);
	assert_int_equal (door->gone, 0);
	close (fd);
}

static void a_late_answer_can_end_the_loop (void **state)
{
	struct door *door = *state;
	int fd = ask_and_wait (door, 1);
	int limit = zloop_timer (door->loop, 10000, 1, client_give_up, NULL);
	char answer[512] = "";

	door->stop = true;
	zloop_timer (door->loop, 5, 0, on_later, door);
	assert_int_equal (zloop_start (door->loop), -1);
	zloop_timer_end (door->loop, limit);
	assert_true (recv (fd, answer, sizeof answer - 1, 0) > 0);
	assert_non_null (strstr (answer, " 201 "));
	close (fd);
}

int main (void)
{
#define T(name) cmocka_unit_test_setup_teardown (name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T (a_held_request_is_answered_later),
		T (an_answer_before_the_request_lies_down_is_sent_too),
		T (a_peer_that_leaves_is_told_to_who_holds),
		T (a_door_that_ends_lets_go_of_all),
		T (an_answer_that_never_left_is_freed),
		T (a_late_answer_can_end_the_loop),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}
