/*
 * bench_door FOLDER ENDPOINT GUESTS: the least that lets members in and nobody else.  A ROUTER under
 * CURVE with a ZAP handler that looks the key up in a table; it sends every frame back.
 */
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <zmq.h>

#include "tests/bench/guests.h"

#define ZAP_FRAMES 7     /* version, request, domain, address, identity, mechanism, key */
#define ZAP_FRAME_BYTES 256

static struct {
	void *context;
	uint8_t (*slot)[32];     /* open addressing, a power of two, at most a quarter full */
	size_t slots;
} door;

static size_t slot_of (const uint8_t key[32])
{
	static const uint8_t none[32];
	uint64_t hash;
	size_t i;

	memcpy (&hash, key, sizeof hash);
	for (i = hash & (door.slots - 1); memcmp (door.slot[i], none, 32) != 0 &&
					  memcmp (door.slot[i], key, 32) != 0;)
		i = (i + 1) & (door.slots - 1);
	return i;
}

static void admit (const char *folder, size_t count)
{
	struct guest *guests = guests_read (folder, count);

	for (door.slots = 1024; door.slots < count * 4;)
		door.slots *= 2;
	door.slot = must_alloc (door.slots * sizeof *door.slot);
	for (size_t i = 0; i < count; i++)
		memcpy (door.slot[slot_of (guests[i].public_key)], guests[i].public_key, 32);
	free (guests);
}

static bool is_guest (const uint8_t key[32])
{
	return memcmp (door.slot[slot_of (key)], key, 32) == 0;
}

static void *answer_knocks (void *handler)
{
	uint8_t frame[ZAP_FRAMES][ZAP_FRAME_BYTES];
	int len[ZAP_FRAMES];

	for (;;) {
		bool known;

		for (int i = 0; i < ZAP_FRAMES; i++) {
			len[i] = zmq_recv (handler, frame[i], ZAP_FRAME_BYTES, 0);
			MUST (len[i] >= 0);
		}
		known = len[6] == 32 && is_guest (frame[6]);
		zmq_send (handler, "1.0", 3, ZMQ_SNDMORE);
		zmq_send (handler, frame[1], (size_t)len[1], ZMQ_SNDMORE);
		zmq_send (handler, known ? "200" : "400", 3, ZMQ_SNDMORE);
		zmq_send (handler, "", 0, ZMQ_SNDMORE);
		zmq_send (handler, "", 0, ZMQ_SNDMORE);
		zmq_send (handler, "", 0, 0);
	}
	return NULL;
}

static void *open_router (const char *folder, const char *endpoint)
{
	OWNED (keypair) key = bench_key (KEY_LINK, folder, "hub");
	void *router = zmq_socket (door.context, ZMQ_ROUTER);
	int one = 1, backlog = 4096;

	zmq_setsockopt (router, ZMQ_CURVE_SERVER, &one, sizeof one);
	zmq_setsockopt (router, ZMQ_CURVE_SECRETKEY, keypair_secret (key).data, 32);
	zmq_setsockopt (router, ZMQ_ZAP_DOMAIN, "door", 4);
	zmq_setsockopt (router, ZMQ_BACKLOG, &backlog, sizeof backlog);
	MUST (zmq_bind (router, endpoint) == 0);
	return router;
}

static void echo (void *router)
{
	zmq_msg_t from, body;

	zmq_msg_init (&from);
	zmq_msg_init (&body);
	for (;;) {
		MUST (zmq_msg_recv (&from, router, 0) >= 0);
		MUST (zmq_msg_recv (&body, router, 0) >= 0);
		zmq_msg_send (&from, router, ZMQ_SNDMORE);
		zmq_msg_send (&body, router, 0);
	}
}

int main (int argc, char **argv)
{
	struct rlimit files;
	pthread_t thread;
	void *handler;

	if (argc != 4) {
		fprintf (stderr, "usage: bench_door FOLDER ENDPOINT GUESTS\n");
		return 2;
	}
	prctl (PR_SET_PDEATHSIG, SIGKILL);
	MUST (keys_start () == ERR_OK);
	MUST (getrlimit (RLIMIT_NOFILE, &files) == 0);
	files.rlim_cur = files.rlim_max;
	MUST (setrlimit (RLIMIT_NOFILE, &files) == 0);
	admit (argv[1], strtoul (argv[3], NULL, 10));
	door.context = zmq_ctx_new ();
	handler = zmq_socket (door.context, ZMQ_REP);
	MUST (zmq_bind (handler, "inproc://zeromq.zap.01") == 0);
	pthread_create (&thread, NULL, answer_knocks, handler);
	echo (open_router (argv[1], argv[2]));
}
