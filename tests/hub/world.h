/*
 * A hub in a thread, and agents of a few lines that speak to it over loopback: for tests of what
 * goes over the wire.
 */
#ifndef TESTS_HUB_WORLD_H
#define TESTS_HUB_WORLD_H

#include "tests/support/unit.h"

#include <czmq.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "hub/hub.h"
#include "hub/link.h"
#include "jembatan/clock.h"
#include "jembatan/directory.h"
#include "jembatan/frame.h"
#include "jembatan/log.h"
#include "proto/file.h"

#define AGENCIES 4
#define WAIT_MS 20000

struct world {
	char folder[128];
	char keys[160], data[160], directory[160], control[160];
	keypair_t *root, *hub_link, *hub_log;
	keypair_t *sig[AGENCIES], *box[AGENCIES], *link[AGENCIES];
	struct hub_setup setup;
	hub_t *hub;
	pthread_t thread;
	err_t result;
	uint64_t version;
	enum member_status status[AGENCIES];
	arena_t *arena;
};

struct agent {
	struct world *world;
	int number;
	void *socket;
	struct store_id store, hub_store;
	uint64_t pseq;
	bool asks_directory;         /* else what the hub announces of itself is passed over */
	arena_t *arena;
	zmq_msg_t message;
};

static const char *const agency_names[AGENCIES] = { "ipwl-pesona", "klinik-melati",
						     "rsk-soeprapto", "lapas-bengkulu" };

static inline struct agency_id agency_named (int number)
{
	struct agency_id id;

	assert_int_equal (agency_id_parse (agency_names[number], &id), ERR_OK);
	return id;
}

static inline void world_path (struct world *w, char path[160], const char *name)
{
	snprintf (path, 160, "%s/%s", w->folder, name);
}

/* ---- the directory ---- */

static inline void fill_keys (struct world *w, int i, struct member_key keys[3])
{
	keypair_t *pairs[3] = { w->sig[i], w->box[i], w->link[i] };

	for (int k = 0; k < 3; k++) {
		keys[k] = (struct member_key){ .use = keypair_use (pairs[k]),
					       .public_key = keypair_public (pairs[k]),
					       .id = keypair_id (pairs[k]),
					       .valid_from_ms = 1 };
	}
}

/* Signs and writes the next version, with the members' present status. */
static inline void world_publish (struct world *w)
{
	OWNED (arena) arena = arena_new (1 * MIB);
	struct member members[AGENCIES];
	struct member_key keys[AGENCIES][3];
	const char *endpoint = "tcp://127.0.0.1:1";
	struct hub_entry hub = { .id = "hub-satu", .endpoint_count = 1, .endpoints = &endpoint,
				 .link_key = keypair_public (w->hub_link),
				 .log_key = keypair_public (w->hub_log) };
	struct registrar_key root = { keypair_public (w->root), "pendaftar" };
	struct directory_data data = { .version = ++w->version, .issued_ms = clock_now_ms (),
				       .expires_ms = clock_now_ms () + 400 * DAY_MS,
				       .network = "uji", .hub_count = 1, .hubs = &hub,
				       .registrar_key_count = 1, .registrar_keys = &root,
				       .threshold = 1, .member_count = AGENCIES,
				       .members = members };
	struct bytes signed_bytes;

	for (int i = 0; i < AGENCIES; i++) {
		fill_keys (w, i, keys[i]);
		members[i] = (struct member){ .id = agency_named (i), .name_id = "Instansi",
					      .name_en = "Agency", .kind = "clinic",
					      .region = "17.71", .address = "", .phone = "",
					      .whatsapp = "", .office_hours = "", .key_count = 3,
					      .keys = keys[i], .status = w->status[i] };
	}
	assert_int_equal (directory_sign (&data, &w->root, 1, arena, &signed_bytes), ERR_OK);
	assert_int_equal (file_replace (w->directory, 0644, signed_bytes), ERR_OK);
}

static inline void world_keys (struct world *w)
{
	OWNED (problems) problems = problems_new ();

	w->root = keypair_new (KEY_ROOT);
	w->hub_link = keypair_new (KEY_LINK);
	w->hub_log = keypair_new (KEY_LOG);
	assert_int_equal (keypair_save (w->hub_link, w->keys, problems), ERR_OK);
	assert_int_equal (keypair_save (w->hub_log, w->keys, problems), ERR_OK);
	for (int i = 0; i < AGENCIES; i++) {
		w->sig[i] = keypair_new (KEY_SIG);
		w->box[i] = keypair_new (KEY_BOX);
		w->link[i] = keypair_new (KEY_LINK);
	}
}

/* ---- the hub ---- */

static inline void *world_thread (void *arg)
{
	struct world *w = arg;

	w->result = hub_run (w->hub);
	return NULL;
}

static inline void world_start (struct world *w)
{
	OWNED (problems) problems = problems_new ();
	err_t err = hub_new (&w->setup, &w->hub, problems);

	if (err != ERR_OK && problems_count (problems) > 0)
		print_error ("%s\n", problems_at (problems, 0)->text_en);
	assert_int_equal (err, ERR_OK);
	assert_int_equal (pthread_create (&w->thread, NULL, world_thread, w), 0);
}

/* What hubctl would do; gives the answer's text. */
static inline void world_command (struct world *w, const char *command, char *answer, size_t size)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket (AF_UNIX, SOCK_STREAM, 0);
	size_t len = 0;
	ssize_t got;

	assert_true (strlen (w->control) < sizeof at.sun_path);
	strcpy (at.sun_path, w->control);
	assert_int_equal (connect (fd, (struct sockaddr *)&at, sizeof at), 0);
	dprintf (fd, "%s\n", command);
	while (len < size - 1 && (got = read (fd, answer + len, size - 1 - len)) > 0)
		len += (size_t)got;
	answer[len] = '\0';
	close (fd);
}

/* Until the hub's status says so: what its clock does comes when it comes, on a busy machine late. */
static inline void world_await (struct world *w, const char *words)
{
	int64_t until_ms = clock_monotonic_ms () + WAIT_MS;
	char status[16384];

	do {
		world_command (w, "status json", status, sizeof status);
		if (strstr (status, words) != NULL)
			return;
		zclock_sleep (50);
	} while (clock_monotonic_ms () < until_ms);
	fail_msg ("the hub never came to %s: %s", words, status);
}

/* Until the hub holds the version that was published last. */
static inline void world_await_directory (struct world *w)
{
	char words[64];

	snprintf (words, sizeof words, "\"directory_version\":%llu", (unsigned long long)w->version);
	world_await (w, words);
}

static inline void world_stop (struct world *w)
{
	char answer[512];

	world_command (w, "stop", answer, sizeof answer);
	pthread_join (w->thread, NULL);
	hub_destroy (&w->hub);
	assert_int_equal (w->result, ERR_OK);
}

static inline struct world *world_new (void)
{
	struct world *w = must_alloc (sizeof *w);

	memset (w, 0, sizeof *w);
	assert_int_equal (keys_start (), ERR_OK);
	log_set_level (LOG_LEVEL_FAIL);
	unit_folder (w->folder, sizeof w->folder, "hub");
	world_path (w, w->keys, "keys");
	world_path (w, w->data, "data");
	world_path (w, w->directory, "directory");
	world_path (w, w->control, "hub.sock");
	w->arena = arena_new (8 * MIB);
	world_keys (w);
	world_publish (w);
	w->setup = (struct hub_setup){ .id = "hub-satu", .endpoint = "tcp://127.0.0.1:*",
				       .keys = w->keys, .data = w->data,
				       .directory = w->directory, .control = w->control,
				       .io_threads = 1, .park_after = 3,
				       .quota = { .letters = 100000, .bytes = 1024 * MIB,
						  .blob_bytes = 128 * MIB } };
	return w;
}

static inline void world_destroy (struct world *w)
{
	char command[200];

	keypair_destroy (&w->root);
	keypair_destroy (&w->hub_link);
	keypair_destroy (&w->hub_log);
	for (int i = 0; i < AGENCIES; i++) {
		keypair_destroy (&w->sig[i]);
		keypair_destroy (&w->box[i]);
		keypair_destroy (&w->link[i]);
	}
	arena_destroy (&w->arena);
	snprintf (command, sizeof command, "rm -rf '%s'", w->folder);
	assert_int_equal (system (command), 0);
	free (w);
}

/* ---- agents ---- */

static inline void agent_dial_as (struct agent *a, const keypair_t *link, const char *routing_id)
{
	struct public_key server = keypair_public (a->world->hub_link);
	struct public_key own = keypair_public (link);
	int zero = 0;

	a->socket = zmq_socket (zsys_init (), ZMQ_DEALER);
	zmq_setsockopt (a->socket, ZMQ_LINGER, &zero, sizeof zero);
	if (routing_id != NULL)
		zmq_setsockopt (a->socket, ZMQ_ROUTING_ID, routing_id, strlen (routing_id));
	zmq_setsockopt (a->socket, ZMQ_CURVE_SERVERKEY, server.b, 32);
	zmq_setsockopt (a->socket, ZMQ_CURVE_PUBLICKEY, own.b, 32);
	zmq_setsockopt (a->socket, ZMQ_CURVE_SECRETKEY, keypair_secret (link).data, 32);
	assert_int_equal (zmq_connect (a->socket, hub_endpoint (a->world->hub)), 0);
}

static inline struct agent *agent_new (struct world *w, int number)
{
	struct agent *a = must_alloc (sizeof *a);

	memset (a, 0, sizeof *a);
	a->world = w;
	a->number = number;
	a->arena = arena_new (8 * MIB);
	random16_make (a->store.b);
	zmq_msg_init (&a->message);
	agent_dial_as (a, w->link[number], NULL);
	return a;
}

static inline void agent_hang_up (struct agent *a)
{
	zmq_close (a->socket);
	a->socket = NULL;
}

static inline void agent_redial (struct agent *a)
{
	agent_hang_up (a);
	agent_dial_as (a, a->world->link[a->number], NULL);
}

static inline void agent_destroy (struct agent *a)
{
	if (a->socket != NULL)
		zmq_close (a->socket);
	zmq_msg_close (&a->message);
	arena_destroy (&a->arena);
	free (a);
}

static inline void agent_send_bytes (struct agent *a, struct bytes bytes)
{
	assert_true (zmq_send (a->socket, bytes.data, bytes.len, 0) >= 0);
}

static inline void agent_send (struct agent *a, const struct frame *frame)
{
	OWNED (arena) arena = arena_new (2 * MIB);

	agent_send_bytes (a, frame_encode (frame, arena));
}

static inline bool unasked (const struct agent *a, const struct frame *frame)
{
	return frame->type == FRAME_PING ||
	       (frame->type == FRAME_DIRECTORY_IS && !a->asks_directory);
}

/* The next frame within so many milliseconds; type 0 when none comes.  What nobody asked for is
 * passed over. */
static inline struct frame agent_hear (struct agent *a, int wait_ms)
{
	zmq_pollitem_t item = { .socket = a->socket, .events = ZMQ_POLLIN };
	struct frame frame = { .type = (enum frame_type)0 };

	arena_reset (a->arena);
	do {
		if (zmq_poll (&item, 1, wait_ms) <= 0)
			return (struct frame){ .type = (enum frame_type)0 };
		assert_true (zmq_msg_recv (&a->message, a->socket, 0) >= 0);
		assert_int_equal (frame_decode ((struct bytes){ zmq_msg_data (&a->message),
								zmq_msg_size (&a->message) },
						a->arena, &frame), ERR_OK);
	} while (unasked (a, &frame));
	return frame;
}

static inline struct frame agent_expect (struct agent *a, enum frame_type type)
{
	struct frame frame = agent_hear (a, WAIT_MS);

	if (frame.type != type)
		print_error ("expected %s, got %s %s\n", frame_type_name (type),
			     frame.type != 0 ? frame_type_name (frame.type) : "nothing",
			     frame.type == FRAME_BYE ? err_name (frame.bye.code) : "");
	assert_int_equal (frame.type, type);
	return frame;
}

static inline void agent_expect_bye (struct agent *a, err_t code)
{
	assert_string_equal (err_name (agent_expect (a, FRAME_BYE).bye.code), err_name (code));
}

static inline struct frame hello_of (struct agent *a)
{
	struct frame frame = { .type = FRAME_HELLO };

	frame.hello.protocol_min = frame.hello.protocol_max = PROTOCOL_VERSION;
	frame.hello.agency = agency_named (a->number);
	frame.hello.store_id = a->store;
	frame.hello.hub_store_id = a->hub_store;
	frame.hello.next_pseq = a->pseq + 1;
	frame.hello.directory_version = a->world->version;
	frame.hello.checkpoint = "";
	return frame;
}

/* Takes what WELCOME says as an agent would. */
static inline struct frame agent_welcomed (struct agent *a)
{
	struct frame frame = agent_expect (a, FRAME_WELCOME);

	a->hub_store = frame.welcome.hub_store_id;
	a->pseq = frame.welcome.pseq_mark;
	return frame;
}

static inline struct frame agent_hello (struct agent *a)
{
	struct frame frame = hello_of (a);

	agent_send (a, &frame);
	return agent_welcomed (a);
}

static inline void agent_credit (struct agent *a, uint32_t letters, uint64_t bytes)
{
	struct frame frame = { .type = FRAME_CREDIT };

	frame.credit = (struct credit){ letters, bytes };
	agent_send (a, &frame);
}

/* Connected, welcome, and ready to be given letters. */
static inline struct agent *agent_online (struct world *w, int number)
{
	struct agent *a = agent_new (w, number);

	agent_hello (a);
	agent_credit (a, 64, 2 * MIB);
	return a;
}

/* ---- letters ---- */

struct test_letter {
	struct header header;
	struct bytes h, c;
};

static inline struct test_letter letter_for (struct agent *from, int to, enum letter_class class)
{
	struct test_letter letter = { .header = { .version = 1, .suite = 1 } };
	size_t size = cipher_bytes (0);

	letter.header.from = agency_named (from->number);
	letter.header.to = agency_named (to);
	uuid7_make (letter.header.id.b);
	random16_make (letter.header.box_key_id.b);
	letter.header.expires_at_ms = clock_now_ms () + LETTER_EXPIRY_DEFAULT_MS;
	letter.header.class = class;
	memset (letter.header.wrapped, 7, sizeof letter.header.wrapped);
	letter.h = header_encode (&letter.header, from->world->arena);
	letter.c = (struct bytes){ arena_must (from->world->arena, size), size };
	return letter;
}

static inline void letter_sealed_again (struct agent *from, struct test_letter *letter)
{
	letter->h = header_encode (&letter->header, from->world->arena);
}

static inline uint64_t agent_put (struct agent *a, const struct test_letter *letter)
{
	struct frame frame = { .type = FRAME_PUT };

	frame.put.pseq = ++a->pseq;
	frame.put.h = letter->h;
	frame.put.c = letter->c;
	agent_send (a, &frame);
	return a->pseq;
}

/* Puts and waits for custody; gives the leaf. */
static inline uint64_t agent_put_ok (struct agent *a, const struct test_letter *letter)
{
	uint64_t pseq = agent_put (a, letter);
	struct frame frame = agent_expect (a, FRAME_PUT_OK);

	assert_int_equal (frame.put_ok.up_to, pseq);
	assert_int_equal (frame.put_ok.taken_count, 1);
	assert_int_equal (frame.put_ok.taken[0].pseq, pseq);
	return frame.put_ok.taken[0].leaf;
}

static inline void agent_put_refused (struct agent *a, const struct test_letter *letter, err_t code)
{
	uint64_t pseq = agent_put (a, letter);
	struct frame frame = agent_expect (a, FRAME_PUT_ERR);

	assert_int_equal (frame.put_err.pseq, pseq);
	assert_string_equal (err_name (frame.put_err.code), err_name (code));
	assert_int_equal (frame.put_err.retry_after_ms > 0, err_lane (code) == LANE_RETRY);
}

static inline void agent_expect_letter (struct agent *a, const struct test_letter *letter,
					uint64_t dseq)
{
	struct frame frame = agent_expect (a, FRAME_DELIVER);

	assert_int_equal (frame.deliver.item, DELIVER_LETTER);
	assert_int_equal (frame.deliver.class, letter->header.class);
	assert_int_equal (frame.deliver.dseq, dseq);
	assert_true (bytes_equal (frame.deliver.h, letter->h));
	assert_true (bytes_equal (frame.deliver.c, letter->c));
}

static inline void agent_stored (struct agent *a, enum letter_class class, uint64_t up_to)
{
	struct frame frame = { .type = FRAME_STORED };

	frame.stored.class = class;
	frame.stored.up_to = up_to;
	agent_send (a, &frame);
}

/* Until the hub has handled everything that this agent sent before. */
static inline void agent_settle (struct agent *a)
{
	struct frame frame = { .type = FRAME_PING };

	frame.ping.nonce = 77;
	agent_send (a, &frame);
	assert_int_equal (agent_expect (a, FRAME_PONG).pong.nonce, 77);
}

#endif
