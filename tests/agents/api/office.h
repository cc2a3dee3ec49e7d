/*
 * An office for the api's tests: a real ledger, catalogue, directory and desk behind a
 * real unix socket, and a client that speaks HTTP byte by byte.  Client and server share
 * one loop.
 */
#ifndef TESTS_AGENTS_API_OFFICE_H
#define TESTS_AGENTS_API_OFFICE_H

#include "tests/support/unit.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "agents/api/api.h"
#include "proto/http.h"
#include "agents/api/route.h"
#include "agents/door/door.h"
#include "agents/json.h"
#include "jembatan/clock.h"
#include "jembatan/merkle.h"

#define assert_ok(expression) assert_int_equal ((expression), ERR_OK)

/* ---- a client
 * --------------------------------------------------------------------------------- */

struct client {
	int fd;
	const char *out; /* still to be written */
	size_t out_len;
	char *in;
	size_t in_len, in_room;
};

static inline int client_connect_tcp (const char *text)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	int fd = socket (AF_INET, SOCK_STREAM, 0);
	char host[64];
	unsigned port;

	assert_int_equal (sscanf (text, "%63[^:]:%u", host, &port), 2);
	assert_int_equal (inet_pton (AF_INET, host, &address.sin_addr), 1);
	address.sin_port = htons ((uint16_t)port);
	assert_int_equal (connect (fd, (struct sockaddr *)&address, sizeof address), 0);
	return fd;
}

static inline int client_connect_unix (const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket (AF_UNIX, SOCK_STREAM, 0);

	strcpy (address.sun_path, path);
	assert_int_equal (connect (fd, (struct sockaddr *)&address, sizeof address), 0);
	return fd;
}

/* A path, or "127.0.0.1:9710". */
static inline int client_connect (const char *address)
{
	int fd = *address == '/' ? client_connect_unix (address) : client_connect_tcp (address);

	fcntl (fd, F_SETFL, O_NONBLOCK);
	return fd;
}

static inline void client_write (struct client *client)
{
	while (client->out_len > 0) {
		ssize_t sent =
			send (client->fd, client->out, client->out_len, MSG_NOSIGNAL);

		if (sent <= 0)
			return;
		client->out += sent;
		client->out_len -= (size_t)sent;
	}
}

/* Reads what there is; -1 at the end. */
static inline int client_read (struct client *client)
{
	for (;;) {
		ssize_t got;

		if (client->in_room - client->in_len < 65536) {
			client->in_room += 1 << 20;
			client->in = realloc (client->in, client->in_room);
		}
		got = recv (client->fd, client->in + client->in_len, 65535, 0);
		if (got == 0)
			return -1;
		if (got < 0)
			return errno == EAGAIN ? 0 : -1;
		client->in_len += (size_t)got;
		client->in[client->in_len] = '\0';
	}
}

static inline int client_turn (zloop_t *loop, zmq_pollitem_t *item, void *arg)
{
	client_write (arg);
	return client_read (arg);
}

static inline int client_nudge (zloop_t *loop, int timer, void *arg)
{
	client_write (arg);
	return client_read (arg);
}

/* A server that never answers fails the test instead of hanging it. */
static inline int client_give_up (zloop_t *loop, int timer, void *arg)
{
	fail_msg ("%s", "no answer within ten seconds");
	return -1;
}

/* Sends the bytes and runs the loop until the server closes; the caller frees the answer.
 */
static inline char *talk (zloop_t *loop, const char *socket_path, const char *bytes,
			  size_t len)
{
	struct client client = { .fd = client_connect (socket_path),
				 .out = bytes,
				 .out_len = len };
	zmq_pollitem_t item = { .fd = client.fd, .events = ZMQ_POLLIN };
	int nudge = zloop_timer (loop, 2, 0, client_nudge, &client);
	int limit = zloop_timer (loop, 10000, 1, client_give_up, NULL);

	client_write (&client);
	zloop_poller (loop, &item, client_turn, &client);
	zloop_start (loop);
	zloop_poller_end (loop, &item);
	zloop_timer_end (loop, nudge);
	zloop_timer_end (loop, limit);
	close (client.fd);
	assert_non_null (client.in);
	return client.in;
}

struct reply {
	int status;
	char *raw;
	const char *body;
	json_t *json; /* NULL when the body is no JSON */
};

static inline void reply_free (struct reply *reply)
{
	json_decref (reply->json);
	free (reply->raw);
}

#define REPLY __attribute__ ((cleanup (reply_free))) struct reply

static inline struct reply reply_read (char *raw)
{
	struct reply reply = { .raw = raw };
	const char *end = strstr (raw, "\r\n\r\n");

	assert_non_null (end);
	assert_int_equal (sscanf (raw, "HTTP/1.1 %d", &reply.status), 1);
	reply.body = end + 4;
	if (json_read (bytes_of_text (reply.body), &reply.json, NULL) != ERR_OK)
		reply.json = NULL;
	return reply;
}

static inline struct reply http_ask (zloop_t *loop, const char *socket_path,
				     const char *method, const char *path,
				     const char *type, const char *body)
{
	size_t len = body != NULL ? strlen (body) : 0, room = len + 1024;
	char *request = malloc (room);
	int size = snprintf (request, room,
			     "%s %s HTTP/1.1\r\nHost: agent\r\nConnection: close\r\n"
			     "Content-Type: %s\r\nContent-Length: %zu\r\n\r\n%s",
			     method, path, type, len, body != NULL ? body : "");
	struct reply reply = reply_read (talk (loop, socket_path, request, (size_t)size));

	free (request);
	return reply;
}

/* ---- the office
 * ------------------------------------------------------------------------------- */

#define OFFICE_MEMBERS 2

struct office {
	char root[64], folder[96], key_file[96], socket_path[96];
	arena_t *arena;
	catalogue_t *catalogue;
	directory_t *directory;
	keypair_t *root_pair, *hub_link, *hub_log;
	keypair_t *pairs[OFFICE_MEMBERS][3];
	ledger_t *ledger;
	desk_t *desk;
	zloop_t *loop;
	struct api_user user;
	unsigned backups;            /* begun */
	door_t *door;
	api_t *api;
};

static inline struct agency_id agency (const char *text)
{
	struct agency_id id;

	assert_ok (agency_id_parse (text, &id));
	return id;
}

static inline struct member office_member (struct office *office, size_t i,
					   const char *id, const char *kind)
{
	static const char *const services[] = { "medical", "detox" };
	struct member_key *keys = arena_must (office->arena, 3 * sizeof *keys);

	for (size_t k = 0; k < 3; k++) {
		enum key_use use = (enum key_use) (KEY_SIG + k);

		office->pairs[i][k] = keypair_new (use);
		keys[k] =
			(struct member_key){ .use = use,
					     .public_key =
						     keypair_public (office->pairs[i][k]),
					     .valid_from_ms = clock_now_ms () - DAY_MS };
	}
	return (struct member){ .id = agency (id),
				.name_id = id,
				.name_en = id,
				.kind = kind,
				.region = "17.71",
				.address = "Jl. Jati 1",
				.phone = "+62736000",
				.whatsapp = "",
				.office_hours = "08-16",
				.service_count = 2,
				.services = services,
				.key_count = 3,
				.keys = keys };
}

static inline void office_directory (struct office *office)
{
	struct member members[OFFICE_MEMBERS];
	struct registrar_key root;
	struct agency_id overseen[] = { agency ("klinik-uji"), agency ("rs-jauh") };
	struct oversight oversight = { agency ("ipwl-uji"), COUNT_OF (overseen), overseen };
	struct directory_data data = { .version = 1,
				       .issued_ms = clock_now_ms (),
				       .expires_ms = clock_now_ms () + 90 * DAY_MS,
				       .network = "uji",
				       .registrar_key_count = 1,
				       .oversight_count = 1,
				       .oversight = &oversight,
				       .threshold = 1 };
	const char *endpoint = "tcp://127.0.0.1:1";
	struct hub_entry hub = { .id = "hub-uji", .endpoint_count = 1, .endpoints = &endpoint };
	struct bytes bytes;

	office->hub_link = keypair_new (KEY_LINK);
	office->hub_log = keypair_new (KEY_LOG);
	hub.link_key = keypair_public (office->hub_link);
	hub.log_key = keypair_public (office->hub_log);
	data.hubs = &hub;
	data.hub_count = 1;
	members[0] = office_member (office, 0, "ipwl-uji", "ipwl");
	members[1] = office_member (office, 1, "klinik-uji", "clinic");
	office->root_pair = keypair_new (KEY_ROOT);
	root = (struct registrar_key){ keypair_public (office->root_pair), "Pendaftar" };
	data.registrar_keys = &root;
	data.member_count = OFFICE_MEMBERS;
	data.members = members;
	assert_ok (directory_sign (&data, &office->root_pair, 1, office->arena, &bytes));
	assert_ok (directory_read (bytes, NULL, &office->directory));
}

/* In place of the daemon's backups: begins one, which then runs for ever. */
static inline err_t office_backup_start (void *arg, const char *folder, problems_t *problems)
{
	struct office *office = arg;

	if (office->backups++ > 0)
		return problems_add (problems, ERR_BUSY, "", "sedang berjalan", "is running");
	return *folder == '/' ? ERR_OK : problems_add (problems, ERR_INVALID, "folder", "-", "-");
}

static inline void office_backup_status (void *arg, struct backups_status *ret_status)
{
	struct office *office = arg;

	*ret_status = (struct backups_status){ .folder = "", .number = office->backups,
					   .phase = office->backups > 0 ? BACKUP_COPYING : 0,
					   .done = 64, .bytes = 256 };
}

static inline void office_api (struct office *office)
{
	static const struct password_cost cheap = { 1, 64 * KIB };
	struct door_parts door = { .desk = office->desk, .loop = office->loop, .cost = &cheap };
	struct api_parts parts = { .desk = office->desk,
				   .catalogue = office->catalogue,
				   .ledger = office->ledger,
				   .socket_path = office->socket_path,
				   .user_count = 1,
				   .users = &office->user,
				   .backup_start = office_backup_start,
				   .backup_status = office_backup_status,
				   .backup_arg = office };

	door_destroy (&office->door);
	office->door = parts.door = door_new (&door);
	office->user.uid = getuid ();
	assert_ok (api_new (&parts, office->loop, &office->api, NULL));
}

static inline void office_desk (struct office *office)
{
	struct desk_parts parts = { .ledger = office->ledger,
				    .catalogue = office->catalogue,
				    .directory = office->directory,
				    .sig = office->pairs[0][0],
				    .self = agency ("ipwl-uji") };

	office->desk = desk_new (&parts);
}

static inline int office_setup (void **state)
{
	struct office *office = calloc (1, sizeof *office);

	assert_ok (keys_start ());
	office->arena = arena_new (16 * MIB);
	unit_folder (office->root, sizeof office->root, "api");
	snprintf (office->folder, sizeof office->folder, "%s/data", office->root);
	snprintf (office->key_file, sizeof office->key_file, "%s/keys/ledger.key",
		  office->root);
	snprintf (office->socket_path, sizeof office->socket_path, "%s/agent.sock",
		  office->root);
	assert_ok (catalogue_load (SOURCE_DIR "/config/catalogue", &office->catalogue,
				   NULL));
	assert_ok (ledger_create (office->folder, office->key_file, NULL));
	assert_ok (ledger_open (office->folder, office->key_file, &office->ledger, NULL));
	office_directory (office);
	office_desk (office);
	office->user = (struct api_user){ 0, "siti", "supervisor" };
	office->loop = zloop_new ();
	office_api (office);
	*state = office;
	return 0;
}

static inline int office_teardown (void **state)
{
	struct office *office = *state;
	char command[128];

	door_destroy (&office->door);
	api_destroy (&office->api);
	zloop_destroy (&office->loop);
	desk_destroy (&office->desk);
	ledger_destroy (&office->ledger);
	directory_destroy (&office->directory);
	catalogue_destroy (&office->catalogue);
	keypair_destroy (&office->root_pair);
	keypair_destroy (&office->hub_link);
	keypair_destroy (&office->hub_log);
	for (size_t i = 0; i < OFFICE_MEMBERS; i++)
		for (size_t k = 0; k < 3; k++)
			keypair_destroy (&office->pairs[i][k]);
	arena_destroy (&office->arena);
	snprintf (command, sizeof command, "rm -r %s", office->root);
	assert_int_equal (system (command), 0);
	free (office);
	return 0;
}

static inline struct reply ask (struct office *office, const char *method,
				const char *path, const char *body)
{
	return http_ask (office->loop, office->socket_path, method, path,
			 "application/json", body);
}

/* A checkpoint of the hub's, of a tree with this root. */
static inline const char *office_note (struct office *office, uint64_t size, uint8_t root,
				       struct checkpoint *ret_checkpoint)
{
	*ret_checkpoint = (struct checkpoint){ "uji/hub-uji/01", size, { { root } } };
	return checkpoint_sign (ret_checkpoint, "hub-uji", office->hub_log, office->arena);
}

/* A letter of ours to the clinic, sealed as the post does. */
static inline struct letter_id office_letter (struct office *office)
{
	struct letter letter = { .kind = "capacity.publish", .kind_version = 1,
				 .sig_key_id = keypair_id (office->pairs[0][0]), .from_user = "",
				 .from_role = "", .to_role = "", .purpose = "", .checkpoint = "",
				 .rule = { "", "", "", "" }, .created_ms = clock_now_ms () };
	struct outbox_row row = { .to = agency ("klinik-uji"), .class = CLASS_ROUTINE,
				  .kind = letter.kind, .created_ms = letter.created_ms,
				  .expires_at_ms = clock_now_ms () + DAY_MS };
	struct public_key box = keypair_public (office->pairs[1][1]);
	struct header header = { .from = agency ("ipwl-uji"), .to = row.to, .class = row.class,
				 .expires_at_ms = row.expires_at_ms };
	OWNED (tx) tx = ledger_begin (office->ledger);
	struct sealed sealed;
	struct bytes s;

	outbox_add (tx, &row, &letter);
	header.id = row.id;
	assert_ok (letter_encode (&letter, office->arena, &s));
	assert_ok (envelope_seal (&header, s, &box, office->pairs[0][0], office->arena, &sealed));
	outbox_sealed (tx, &row.id, &sealed);
	assert_ok (tx_commit (tx));
	return row.id;
}

static inline void assert_code (const struct reply *reply, err_t err)
{
	assert_string_equal (json_get_text (reply->json, "code"), err_name (err));
}

/* The number of problems that name this field. */
static inline size_t named (const struct reply *reply, const char *field)
{
	size_t i, count = 0;
	json_t *problem;

	json_array_foreach (json_object_get (reply->json, "fields"), i, problem) count +=
		strcmp (json_get_text (problem, "field"), field) == 0;
	return count;
}

#endif
