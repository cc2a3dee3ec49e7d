/*
 * Plain libzmq, because this is the hot path.  See zmq_setsockopt(3) for the options; the heartbeat
 * is long because shorter ones cut slow lines off.
 */
#include "hub/link.h"

#include <assert.h>
#include <czmq.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "hub/zap.h"
#include "jembatan/log.h"
#include "proto/os_error.h"

#ifndef ZMQ_ZAP_ENFORCE_DOMAIN
#define ZMQ_ZAP_ENFORCE_DOMAIN 93
#endif

#define RECEIVE_MARK 1100            /* frames per peer: a full window and some small ones */
#define SEND_MARK 4096               /* answers to a peer that reads; beyond, it does not */
#define KNOCK_WAIT_MS 30000          /* as long as a handshake may take (ZMQ_HANDSHAKE_IVL) */

struct link {
	void *socket;
	char endpoint[256];
	bool shut;                   /* it does not listen, for want of descriptors */
	size_t count;
	uint64_t dropped;
	struct arrival arrival[HUB_GROUP_MAX];
	zmq_msg_t body[HUB_GROUP_MAX];
};

void link_start (int io_threads)
{
	void *context;
	struct key_id random;
	unsigned seed;

	/* The programs have their own signalfd; czmq's handler would swallow what it is for. */
	setenv ("ZSYS_SIGHANDLER", "false", 1);
	context = zsys_init ();
	assert (context != NULL);
	/* Counts until the first socket; zsys_set_io_threads would abort when one is still closing. */
	zmq_ctx_set (context, ZMQ_IO_THREADS, io_threads);
	/*
	 * libzmq counts its routing ids up from rand () and aborts when it comes to one that a peer
	 * has claimed as its own.  So nobody may guess where it stands; and how often one member
	 * can try, by claiming or by moving the counter, hub/zap.c limits.
	 */
	random16_make (random.b);
	memcpy (&seed, random.b, sizeof seed);
	srand (seed);
}

static void set_number (void *socket, int option, int value)
{
	int rc = zmq_setsockopt (socket, option, &value, sizeof value);

	assert (rc == 0);
}

static void set_curve_server (void *socket, const keypair_t *key)
{
	struct bytes secret = keypair_secret (key);
	int rc;

	set_number (socket, ZMQ_CURVE_SERVER, 1);
	rc = zmq_setsockopt (socket, ZMQ_CURVE_SECRETKEY, secret.data, secret.len);
	assert (rc == 0);
	rc = zmq_setsockopt (socket, ZMQ_ZAP_DOMAIN, ZAP_DOMAIN, strlen (ZAP_DOMAIN));
	assert (rc == 0);
	set_number (socket, ZMQ_ZAP_ENFORCE_DOMAIN, 1);
}

static void set_router (void *socket)
{
	static const struct { int option, value; } options[] = {
		{ ZMQ_ROUTER_MANDATORY, 1 },
		{ ZMQ_ROUTER_HANDOVER, 0 },
		{ ZMQ_HANDSHAKE_IVL, 30000 },
		{ ZMQ_HEARTBEAT_IVL, 25000 },
		{ ZMQ_HEARTBEAT_TIMEOUT, 120000 },
		{ ZMQ_HEARTBEAT_TTL, 0 },   /* 4.3.4 keeps a peer's in 16 bits of milliseconds */
		{ ZMQ_BACKLOG, 4096 },
		{ ZMQ_LINGER, 0 },
		{ ZMQ_RCVHWM, RECEIVE_MARK },
		{ ZMQ_SNDHWM, SEND_MARK },
	};
	int64_t frame_max = LIMIT_FRAME_BYTES;
	int rc = zmq_setsockopt (socket, ZMQ_MAXMSGSIZE, &frame_max, sizeof frame_max);

	assert (rc == 0);
	for (size_t i = 0; i < COUNT_OF (options); i++)
		set_number (socket, options[i].option, options[i].value);
}

static err_t bind_socket (void *socket, const char *endpoint, char bound[256])
{
	size_t size = 256;

	if (zmq_bind (socket, endpoint) != 0)
		return ERR_CONFIG;
	return zmq_getsockopt (socket, ZMQ_LAST_ENDPOINT, bound, &size) == 0 ? ERR_OK : ERR_CONFIG;
}

err_t link_open (const char *endpoint, const keypair_t *link_key, link_t **ret_link,
		 problems_t *problems)
{
	link_t *link = must_alloc (sizeof *link);

	memset (link, 0, sizeof *link);
	link->socket = zmq_socket (zsys_init (), ZMQ_ROUTER);
	assert (link->socket != NULL);
	set_router (link->socket);
	set_curve_server (link->socket, link_key);
	for (size_t i = 0; i < HUB_GROUP_MAX; i++)
		zmq_msg_init (&link->body[i]);
	if (bind_socket (link->socket, endpoint, link->endpoint) != ERR_OK) {
		problems_add_os (problems, ERR_CONFIG, "hub/endpoint", errno,
				 "tidak dapat menerima sambungan di %s; pilih alamat atau porta lain",
				 "can't listen at %s; choose another address or port",
				 quoted (endpoint));
		link_destroy (&link);
		return ERR_CONFIG;
	}
	*ret_link = link;
	return ERR_OK;
}

void link_destroy (link_t **link)
{
	if (*link == NULL)
		return;
	for (size_t i = 0; i < HUB_GROUP_MAX; i++)
		zmq_msg_close (&(*link)->body[i]);
	zmq_close ((*link)->socket);
	free (*link);
	*link = NULL;
}

const char *link_endpoint (const link_t *link)
{
	return link->endpoint;
}

void *link_socket (link_t *link)
{
	return link->socket;
}

/* ---- descriptors ---- */

/* Descriptors that may be open, and the lowest number that is free: all below it are in use. */
static void count_files (uint64_t *ret_most, uint64_t *ret_used)
{
	struct rlimit files = { 0, 0 };
	int lowest = fcntl (STDERR_FILENO, F_DUPFD_CLOEXEC, 0);

	*ret_most = getrlimit (RLIMIT_NOFILE, &files) == 0 ? files.rlim_cur : 1024;
	*ret_used = lowest < 0 ? *ret_most : (uint64_t)lowest;
	if (lowest >= 0)
		close (lowest);
}

void link_guard (link_t *link)
{
	uint64_t most, used;

	count_files (&most, &used);
	if (!link->shut && used >= most - most / 8 &&
	    zmq_unbind (link->socket, link->endpoint) == 0) {
		link->shut = true;
		LOG (WARN, "link.full", LOG_N ("descriptors", most));
	} else if (link->shut && used < most - most / 4 &&
		   zmq_bind (link->socket, link->endpoint) == 0) {
		link->shut = false;
		LOG (NOTE, "link.listening");
	}
}

bool link_listening (const link_t *link)
{
	return !link->shut;
}

/* ---- receiving ---- */

/* The routing ids that libzmq gives are a zero byte and four more; another one was chosen by the
 * peer, and agents choose none. */
static bool read_peer (zmq_msg_t *id, uint32_t *ret_peer)
{
	const uint8_t *data = zmq_msg_data (id);

	if (zmq_msg_size (id) != 5 || data[0] != 0)
		return false;
	memcpy (ret_peer, data + 1, sizeof *ret_peer);
	return true;
}

static bool read_key (zmq_msg_t *body, struct key_id *ret_key)
{
	const char *user_id = zmq_msg_gets (body, "User-Id");

	return user_id != NULL && hex_parse (user_id, ret_key->b, sizeof ret_key->b) == ERR_OK;
}

/* A frame is one part after the routing id; of a longer message nothing is taken. */
static bool receive_rest (void *socket, zmq_msg_t *body)
{
	bool whole = true;

	if (zmq_msg_recv (body, socket, ZMQ_DONTWAIT) < 0)
		return false;
	while (zmq_msg_more (body)) {
		whole = false;
		if (zmq_msg_recv (body, socket, ZMQ_DONTWAIT) < 0)
			break;
	}
	return whole;
}

/* False when nothing has arrived. */
static bool receive_one (link_t *link, zmq_msg_t *id)
{
	struct arrival *arrival = &link->arrival[link->count];
	zmq_msg_t *body = &link->body[link->count];
	bool whole;

	if (zmq_msg_recv (id, link->socket, ZMQ_DONTWAIT) < 0)
		return false;
	whole = zmq_msg_more (id) && receive_rest (link->socket, body);
	arrival->fd = zmq_msg_get (body, ZMQ_SRCFD);
	if (!whole || !read_peer (id, &arrival->peer) || !read_key (body, &arrival->key)) {
		struct connection connection = link_connection (arrival);

		link_cut (&connection);
		link->dropped++;
		return true;
	}
	arrival->body = (struct bytes){ zmq_msg_data (body), zmq_msg_size (body) };
	link->count++;
	return true;
}

size_t link_receive (link_t *link)
{
	size_t bytes = 0;
	zmq_msg_t id;

	assert (link->count == 0);
	zmq_msg_init (&id);
	for (size_t tries = 0; tries < HUB_GROUP_MAX && bytes < LINK_GROUP_BYTES; tries++) {
		size_t before = link->count;

		if (!receive_one (link, &id))
			break;
		if (link->count > before)
			bytes += link->arrival[before].body.len;
	}
	zmq_msg_close (&id);
	return link->count;
}

const struct arrival *link_arrival (const link_t *link, size_t i)
{
	assert (i < link->count);
	return &link->arrival[i];
}

void link_release (link_t *link)
{
	for (size_t i = 0; i < link->count; i++) {
		zmq_msg_close (&link->body[i]);
		zmq_msg_init (&link->body[i]);
	}
	link->count = 0;
}

uint64_t link_dropped (const link_t *link)
{
	return link->dropped;
}

/* ---- sending ---- */

err_t link_send (link_t *link, uint32_t peer, struct bytes frame)
{
	uint8_t id[5] = { 0 };

	memcpy (id + 1, &peer, sizeof peer);
	if (zmq_send (link->socket, id, sizeof id, ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0)
		return errno == EAGAIN ? ERR_BUSY : ERR_OFFLINE;
	if (zmq_send (link->socket, frame.data, frame.len, ZMQ_DONTWAIT) < 0)
		return errno == EAGAIN ? ERR_BUSY : ERR_OFFLINE;
	return ERR_OK;
}

/* ---- cutting ---- */

struct connection link_connection (const struct arrival *arrival)
{
	struct connection connection = { .fd = arrival->fd,
					 .peer_len = sizeof connection.peer };

	if (getpeername (connection.fd, (struct sockaddr *)&connection.peer,
			 &connection.peer_len) != 0)
		connection.peer_len = 0;
	return connection;
}

void link_cut (const struct connection *connection)
{
	struct sockaddr_storage now;
	socklen_t now_len = sizeof now;

	if (connection->peer_len == 0 ||
	    getpeername (connection->fd, (struct sockaddr *)&now, &now_len) != 0)
		return;
	if (now_len == connection->peer_len && memcmp (&now, &connection->peer, now_len) == 0)
		shutdown (connection->fd, SHUT_RDWR);
}

/* ---- the self-test's part ---- */

static void set_curve_client (void *socket, const keypair_t *server_key,
			      const keypair_t *client_key)
{
	struct public_key server = keypair_public (server_key);
	struct public_key client = keypair_public (client_key);
	struct bytes secret = keypair_secret (client_key);

	set_number (socket, ZMQ_LINGER, 0);
	zmq_setsockopt (socket, ZMQ_CURVE_SERVERKEY, server.b, sizeof server.b);
	zmq_setsockopt (socket, ZMQ_CURVE_PUBLICKEY, client.b, sizeof client.b);
	zmq_setsockopt (socket, ZMQ_CURVE_SECRETKEY, secret.data, secret.len);
}

/* Waits for the handshake's end in the client's monitor: event and value, then the endpoint. */
static err_t knock_result (void *monitor, bool *ret_let_in)
{
	uint8_t event[6];
	uint16_t number;
	int got;

	do
		got = zmq_recv (monitor, event, sizeof event, 0);
	while (got < 0 && errno == EINTR);
	if (got != (int)sizeof event)
		return ERR_SELF_TEST;
	memcpy (&number, event, sizeof number);
	*ret_let_in = number == ZMQ_EVENT_HANDSHAKE_SUCCEEDED;
	return ERR_OK;
}

/* A name of its own for each, because libzmq gives one up some time after its socket was closed, and
 * by then the next client may stand at the same address. */
static err_t knock_monitor (void *client, void *monitor)
{
	char name[HEX16_TEXT], endpoint[64];
	struct key_id random;

	random16_make (random.b);
	snprintf (endpoint, sizeof endpoint, "inproc://hub-knock-%s",
		  hex_text (ID_BYTES (random), name, sizeof name));
	set_number (monitor, ZMQ_LINGER, 0);
	set_number (monitor, ZMQ_RCVTIMEO, KNOCK_WAIT_MS);
	if (zmq_socket_monitor (client, endpoint,
				ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH |
					ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |
					ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL) != 0)
		return ERR_SELF_TEST;
	return zmq_connect (monitor, endpoint) == 0 ? ERR_OK : ERR_SELF_TEST;
}

err_t link_knock (const keypair_t *server_key, const keypair_t *client_key, bool *ret_let_in)
{
	link_t *door = NULL;
	void *client, *monitor;
	err_t err = link_open ("tcp://127.0.0.1:*", server_key, &door, NULL);

	if (err != ERR_OK)
		return ERR_SELF_TEST;
	client = zmq_socket (zsys_init (), ZMQ_DEALER);
	monitor = zmq_socket (zsys_init (), ZMQ_PAIR);
	set_curve_client (client, server_key, client_key);
	err = knock_monitor (client, monitor);
	if (err == ERR_OK && zmq_connect (client, door->endpoint) != 0)
		err = ERR_SELF_TEST;
	if (err == ERR_OK)
		err = knock_result (monitor, ret_let_in);
	zmq_close (monitor);
	zmq_close (client);
	link_destroy (&door);
	return err;
}
