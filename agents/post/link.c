/*
 * The agent's only ZeroMQ sockets.
 */
#include "agents/post/link.h"

#include <string.h>
#include <zmq.h>

#include "jembatan/clock.h"
#include "jembatan/limits.h"

/* ZMTP heartbeats.  Shorter ones cut lines of 32 kbit/s while a large frame is on its way. */
#define HEARTBEAT_IVL_MS 25000
#define HEARTBEAT_TIMEOUT_MS 120000
#define HANDSHAKE_IVL_MS 30000
#define BYE_LINGER_MS 200            /* a farewell may still go out */

struct agent_link {
	struct link_parts parts;
	zloop_t *loop;
	void *socket;
	void *monitor;
	zmq_pollitem_t socket_item, monitor_item;
	zmq_msg_t message;
	bool has_message;
};

static const struct {
	int option, value;
} socket_options[] = {
	/* clang-format off */
	{ ZMQ_LINGER,             0 },      /* what is not sent is in the ledger */
	{ ZMQ_IMMEDIATE,          1 },      /* queue nothing for a connection that is not there */
	{ ZMQ_RECONNECT_IVL,      -1 },     /* one link, one connection */
	{ ZMQ_HANDSHAKE_IVL,      HANDSHAKE_IVL_MS },
	{ ZMQ_HEARTBEAT_IVL,      HEARTBEAT_IVL_MS },
	{ ZMQ_HEARTBEAT_TIMEOUT,  HEARTBEAT_TIMEOUT_MS },
	{ ZMQ_HEARTBEAT_TTL,      0 },      /* 4.3.4 keeps a peer's in 16 bits of milliseconds */
	{ ZMQ_SNDHWM,             0 },      /* the hub's credit bounds what is on the way */
	{ ZMQ_RCVHWM,             0 },      /* and our credit what comes */
	/* clang-format on */
};

static void set_options (void *socket)
{
	int64_t max_bytes = LIMIT_FRAME_BYTES;

	for (size_t i = 0; i < COUNT_OF (socket_options); i++)
		zmq_setsockopt (socket, socket_options[i].option, &socket_options[i].value,
				sizeof socket_options[i].value);
	zmq_setsockopt (socket, ZMQ_MAXMSGSIZE, &max_bytes, sizeof max_bytes);
}

static void set_keys (void *socket, const struct link_parts *parts)
{
	struct public_key own = keypair_public (parts->own);
	struct bytes secret = keypair_secret (parts->own);

	zmq_setsockopt (socket, ZMQ_CURVE_SERVERKEY, parts->hub_key->b, sizeof parts->hub_key->b);
	zmq_setsockopt (socket, ZMQ_CURVE_PUBLICKEY, own.b, sizeof own.b);
	zmq_setsockopt (socket, ZMQ_CURVE_SECRETKEY, secret.data, secret.len);
	if (parts->socks_proxy[0] != '\0')
		zmq_setsockopt (socket, ZMQ_SOCKS_PROXY, parts->socks_proxy,
				strlen (parts->socks_proxy));
}

static const struct {
	uint16_t zmq_event;
	enum link_event event;
} monitor_events[] = {
	{ ZMQ_EVENT_HANDSHAKE_SUCCEEDED, LINK_UP },
	{ ZMQ_EVENT_HANDSHAKE_FAILED_AUTH, LINK_REFUSED },
	{ ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL, LINK_REFUSED },
	{ ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL, LINK_DOWN },
	{ ZMQ_EVENT_DISCONNECTED, LINK_DOWN },
	{ ZMQ_EVENT_CLOSED, LINK_DOWN },
};

/* A monitor message has two parts: event and value, then the address. */
static bool monitor_next (void *monitor, uint16_t *ret_event)
{
	uint8_t part[256];
	uint16_t event;

	if (zmq_recv (monitor, part, sizeof part, ZMQ_DONTWAIT) < (int)sizeof event)
		return false;
	memcpy (&event, part, sizeof event);
	zmq_recv (monitor, part, sizeof part, 0);
	*ret_event = event;
	return true;
}

static int on_monitor (zloop_t *loop, zmq_pollitem_t *item, void *arg)
{
	agent_link_t *link = arg;
	uint16_t event;

	while (monitor_next (link->monitor, &event))
		for (size_t i = 0; i < COUNT_OF (monitor_events); i++) {
			if (monitor_events[i].zmq_event != event)
				continue;
			link->parts.tell (link->parts.arg, monitor_events[i].event);
			return 0;   /* the owner may have destroyed the link; the loop asks again */
		}
	return 0;
}

static int on_socket (zloop_t *loop, zmq_pollitem_t *item, void *arg)
{
	agent_link_t *link = arg;

	link->parts.tell (link->parts.arg, LINK_FRAMES);
	return 0;
}

static bool link_connect (agent_link_t *link)
{
	char monitor_name[96];

	set_options (link->socket);
	set_keys (link->socket, &link->parts);
	/* Of the link before, at the same address, a monitor may still be closing. */
	snprintf (monitor_name, sizeof monitor_name, "inproc://monitor-%p-%lld", (void *)link,
		  (long long)clock_monotonic_ms ());
	if (zmq_socket_monitor (link->socket, monitor_name, ZMQ_EVENT_ALL) != 0)
		return false;
	link->monitor = zmq_socket (zsys_init (), ZMQ_PAIR);
	if (link->monitor == NULL || zmq_connect (link->monitor, monitor_name) != 0)
		return false;
	return zmq_connect (link->socket, link->parts.endpoint) == 0;
}

agent_link_t *agent_link_new (const struct link_parts *parts, zloop_t *loop)
{
	agent_link_t *link = must_alloc (sizeof *link);

	*link = (agent_link_t){ .parts = *parts, .loop = loop };
	link->socket = zmq_socket (zsys_init (), ZMQ_DEALER);
	if (link->socket == NULL || !link_connect (link)) {
		agent_link_destroy (&link);
		return NULL;
	}
	link->socket_item = (zmq_pollitem_t){ .socket = link->socket, .events = ZMQ_POLLIN };
	link->monitor_item = (zmq_pollitem_t){ .socket = link->monitor, .events = ZMQ_POLLIN };
	zloop_poller (loop, &link->monitor_item, on_monitor, link);
	zloop_poller (loop, &link->socket_item, on_socket, link);
	return link;
}

void agent_link_destroy (agent_link_t **link_p)
{
	agent_link_t *link = *link_p;

	if (link == NULL)
		return;
	if (link->socket_item.socket != NULL)
		zloop_poller_end (link->loop, &link->socket_item);
	if (link->monitor_item.socket != NULL)
		zloop_poller_end (link->loop, &link->monitor_item);
	if (link->has_message)
		zmq_msg_close (&link->message);
	if (link->socket != NULL) {
		int linger_ms = BYE_LINGER_MS;

		zmq_setsockopt (link->socket, ZMQ_LINGER, &linger_ms, sizeof linger_ms);
		zmq_socket_monitor (link->socket, NULL, 0);
		zmq_close (link->socket);
	}
	if (link->monitor != NULL)
		zmq_close (link->monitor);
	free (link);
	*link_p = NULL;
}

bool agent_link_send (agent_link_t *link, struct bytes frame)
{
	return zmq_send (link->socket, frame.data, frame.len, ZMQ_DONTWAIT) == (int)frame.len;
}

static bool more_parts (void *socket)
{
	int more = 0;
	size_t len = sizeof more;

	zmq_getsockopt (socket, ZMQ_RCVMORE, &more, &len);
	return more != 0;
}

bool agent_link_receive (agent_link_t *link, struct bytes *ret_frame)
{
	if (link->has_message)
		zmq_msg_close (&link->message);
	zmq_msg_init (&link->message);
	link->has_message = true;
	if (zmq_msg_recv (&link->message, link->socket, ZMQ_DONTWAIT) < 0)
		return false;
	*ret_frame = (struct bytes){ zmq_msg_data (&link->message), zmq_msg_size (&link->message) };
	/* A frame is one part; anything longer is handed on as nothing, which is no frame. */
	while (more_parts (link->socket)
	       && zmq_msg_recv (&link->message, link->socket, ZMQ_DONTWAIT) >= 0)
		*ret_frame = BYTES_NONE;
	return true;
}
