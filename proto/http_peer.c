/*
 * Who is connected over TCP, and for how long.  The library ends a connection on which nothing moves for
 * IDLE_SECONDS; who sends or takes one byte now and then would keep its place for ever, so that a few of
 * them could keep everybody else out.  A connection is either waiting for the head of a request, its TLS
 * handshake included, or busy with body and answer, and has to get on with either.
 */
#include "proto/http_inside.h"

#include <stdlib.h>
#include <sys/socket.h>

#include "jembatan/clock.h"
#include "jembatan/limits.h"
#include "proto/http_tcp.h"

#define LOOK_MS 1000u
#define HEAD_MS (30 * SECOND_MS)       /* a whole head, since the connection or the last answer */
#define BUSY_MS (60 * SECOND_MS)       /* in which ... */
#define BUSY_BYTES 3840u               /* ... so much moves; a line of 4 kbit/s does ten times as much */

struct http_peer {
	http_t *http;
	int fd;
	bool busy;
	int64_t since_ms;            /* of this wait, or of this look at what moves */
	uint64_t moved;              /* then */
	struct http_peer *next, *prev;
};

static void begin_wait (struct http_peer *peer)
{
	peer->since_ms = clock_monotonic_ms ();
	peer->moved = http_tcp_moved (peer->fd);
}

/* ---- looking ---- */

static bool is_held (const struct http_peer *peer)
{
	for (const http_exchange_t *exchange = peer->http->held; exchange != NULL; exchange = exchange->next)
		if (exchange->fd == peer->fd && exchange->suspended)
			return true;
	return false;
}

static bool takes_too_long (struct http_peer *peer, int64_t now_ms)
{
	if (!peer->busy)
		return now_ms - peer->since_ms >= HEAD_MS;
	if (now_ms - peer->since_ms < BUSY_MS)
		return false;
	if (!is_held (peer) && http_tcp_moved (peer->fd) - peer->moved < BUSY_BYTES)
		return true;
	begin_wait (peer);
	return false;
}

/* The library finds the end of the line by itself. */
static int on_look (zloop_t *loop, int timer, void *arg)
{
	http_t *http = arg;
	int64_t now_ms = clock_monotonic_ms ();

	for (struct http_peer *peer = http->peers; peer != NULL; peer = peer->next)
		if (takes_too_long (peer, now_ms))
			shutdown (peer->fd, SHUT_RDWR);
	return 0;
}

/* ---- coming and going ---- */

static struct http_peer *peer_new (http_t *http, struct MHD_Connection *connection)
{
	struct http_peer *peer = must_alloc (sizeof *peer);

	*peer = (struct http_peer){ .http = http, .next = http->peers };
	peer->fd = MHD_get_connection_info (connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
	begin_wait (peer);
	if (peer->next != NULL)
		peer->next->prev = peer;
	http->peers = peer;
	if (http->look == -1)
		http->look = zloop_timer (http->loop, LOOK_MS, 0, on_look, http);
	return peer;
}

static void peer_free (struct http_peer *peer)
{
	http_t *http = peer->http;

	if (peer->next != NULL)
		peer->next->prev = peer->prev;
	if (peer->prev != NULL)
		peer->prev->next = peer->next;
	else
		http->peers = peer->next;
	free (peer);
	if (http->peers != NULL)
		return;
	zloop_timer_end (http->loop, http->look);
	http->look = -1;
}

void http_on_connection (void *arg, struct MHD_Connection *connection, void **context,
			 enum MHD_ConnectionNotificationCode code)
{
	http_t *http = arg;

	if (http->socket_path != NULL)
		return;
	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		*context = peer_new (http, connection);
		http_show_certificate (http, connection);
	} else if (*context != NULL) {
		peer_free (*context);
		*context = NULL;
	}
}

void http_peer_busy (struct MHD_Connection *connection, bool busy)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info (connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	struct http_peer *peer = info != NULL ? info->socket_context : NULL;

	if (peer == NULL)
		return;
	peer->busy = busy;
	begin_wait (peer);
}
