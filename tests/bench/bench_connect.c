/*
 * bench_connect FOLDER ENDPOINT hub|bare GUESTS: so many agents at once, each with a key and a socket
 * of its own, and how long it takes until each has its answer.
 *
 * Prints "connect_s=..." and waits.  A line on standard input says that the broker was killed: each
 * agent greets again, into its queue, and "ready" is printed.  The next line says that the broker
 * is being started: "reconnect_s=..." is the time from there until each has its answer again.
 */
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include <zmq.h>

#include "jembatan/clock.h"
#include "tests/bench/dialect.h"
#include "tests/bench/guests.h"

#define SILENCE_MS 120000

struct agent {
	void *socket;
	struct bytes hello;          /* the same each time, so that it is the same store */
};

static struct {
	const struct dialect *dialect;
	struct agent *agent;
	size_t count;
	arena_t *hellos;
} crowd;

static double now_s (void)
{
	return (double)clock_monotonic_ms () / 1e3;
}

static void open_agent (struct agent *agent, size_t i, void *context, const char *endpoint,
			const struct public_key *hub, const struct guest *guest)
{
	struct agency_id id = bench_agency (BENCH_GUEST, i);
	struct store_id store = { "tamu" };   /* the same whenever this guest comes */
	int none = 0, silence = SILENCE_MS;

	memcpy (store.b + 8, &i, sizeof i);
	agent->hello = crowd.dialect->hello (&id, &store, 0, false, crowd.hellos);
	agent->socket = zmq_socket (context, ZMQ_DEALER);
	MUST (agent->socket != NULL);
	zmq_setsockopt (agent->socket, ZMQ_LINGER, &none, sizeof none);
	zmq_setsockopt (agent->socket, ZMQ_RCVTIMEO, &silence, sizeof silence);
	zmq_setsockopt (agent->socket, ZMQ_CURVE_SERVERKEY, hub->b, sizeof hub->b);
	zmq_setsockopt (agent->socket, ZMQ_CURVE_PUBLICKEY, guest->public_key, 32);
	zmq_setsockopt (agent->socket, ZMQ_CURVE_SECRETKEY, guest->secret_key, 32);
	MUST (zmq_connect (agent->socket, endpoint) == 0);
}

static void greet_all (void)
{
	for (size_t i = 0; i < crowd.count; i++)
		MUST (zmq_send (crowd.agent[i].socket, crowd.agent[i].hello.data,
				crowd.agent[i].hello.len, 0) >= 0);
}

static void hear_all (void)
{
	OWNED (arena) arena = arena_new (LIMIT_DECODE_ARENA_BYTES);

	for (size_t i = 0; i < crowd.count; i++) {
		uint8_t answer[4096];
		int len = zmq_recv (crowd.agent[i].socket, answer, sizeof answer, 0);

		MUST (len >= 0 && (size_t)len <= sizeof answer);
		arena_reset (arena);
		if (crowd.dialect->credit != NULL)   /* the bare door gives back what it got */
			MUST (crowd.dialect->read ((struct bytes){ answer, (size_t)len }, arena).kind ==
			      EVENT_WELCOME);
	}
}

static void say (const char *what, double seconds)
{
	printf ("%s=%.3f\n", what, seconds);
	fflush (stdout);
}

static void wait_for_line (void)
{
	char line[16];

	if (fgets (line, sizeof line, stdin) == NULL)
		exit (0);
}

static void open_all (const char *folder, const char *endpoint)
{
	OWNED (keypair) hub = bench_key (KEY_LINK, folder, "hub");
	struct guest *guests = guests_read (folder, crowd.count);
	struct public_key hub_key = keypair_public (hub);
	void *context = zmq_ctx_new ();

	zmq_ctx_set (context, ZMQ_MAX_SOCKETS, (int)crowd.count + 16);
	for (size_t i = 0; i < crowd.count; i++)
		open_agent (&crowd.agent[i], i, context, endpoint, &hub_key, &guests[i]);
	free (guests);
}

int main (int argc, char **argv)
{
	struct rlimit files;
	double began;

	if (argc != 5 || (crowd.dialect = dialect_find (argv[3])) == NULL) {
		fprintf (stderr, "usage: bench_connect FOLDER ENDPOINT hub|bare GUESTS\n");
		return 2;
	}
	MUST (keys_start () == ERR_OK);
	MUST (getrlimit (RLIMIT_NOFILE, &files) == 0);
	files.rlim_cur = files.rlim_max;
	MUST (setrlimit (RLIMIT_NOFILE, &files) == 0);
	crowd.count = strtoul (argv[4], NULL, 10);
	crowd.agent = must_alloc (crowd.count * sizeof *crowd.agent);
	crowd.hellos = arena_new (crowd.count * KIB + 64 * KIB);
	began = now_s ();
	open_all (argv[1], argv[2]);
	greet_all ();
	hear_all ();
	say ("connect_s", now_s () - began);
	wait_for_line ();
	greet_all ();
	say ("ready", 0);
	wait_for_line ();
	began = now_s ();
	hear_all ();
	say ("reconnect_s", now_s () - began);
	_exit (0);
}
