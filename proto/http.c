/*
 * libmicrohttpd, driven from outside: its epoll descriptor is one poller of the loop, and
 * the time it next wants to look at idle connections is one timer.
 *
 * A request that is held lies suspended in the library, which then looks at its connection no more.  So we
 * look, once a second, whether its peer left; and whoever answers or gives up resumes it, upon which the
 * library asks again and finds the exchange released or gone.
 */
#include "proto/http_inside.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <unistd.h>

#include "jembatan/limits.h"

#define CONNECTIONS 64u        /* of a socket of this machine */
#define TCP_CONNECTIONS 200u
#define TCP_ADDRESS_CONNECTIONS 40u   /* of them, from one address */
#define HEAD_BYTES (32u * KIB) /* and the little that the library keeps besides */
#define IDLE_SECONDS 30u
#define WATCH_MS 1000u

/* ---- holding ---- */

static int on_watch (zloop_t *loop, int timer, void *arg);
static void set_timer (http_t *http);

static void list_add (http_t *http, http_exchange_t *exchange)
{
	exchange->next = http->held;
	exchange->prev = NULL;
	if (http->held != NULL)
		http->held->prev = exchange;
	http->held = exchange;
	if (http->watch == -1)
		http->watch = zloop_timer (http->loop, WATCH_MS, 0, on_watch, http);
}

static void list_remove (http_t *http, http_exchange_t *exchange)
{
	if (exchange->next != NULL)
		exchange->next->prev = exchange->prev;
	if (exchange->prev != NULL)
		exchange->prev->next = exchange->next;
	else
		http->held = exchange->next;
	if (http->held != NULL || http->watch == -1)
		return;
	zloop_timer_end (http->loop, http->watch);
	http->watch = -1;
}

void http_hold (http_exchange_t *exchange, void (*gone) (void *arg), void *arg)
{
	assert (exchange->state == EXCHANGE_OPEN && exchange->upload == NULL);
	exchange->state = EXCHANGE_HELD;
	exchange->gone = gone;
	exchange->gone_arg = arg;
	list_add (exchange->http, exchange);
}

/* The library asks about it again in its next turn, and its descriptor does not say that it wants one. */
static void resume (http_exchange_t *exchange)
{
	if (!exchange->suspended)
		return;
	exchange->suspended = false;
	MHD_resume_connection (exchange->connection);
	exchange->http->resumed = true;
	set_timer (exchange->http);
}

void http_release (http_exchange_t *exchange, const struct http_reply *reply)
{
	assert (exchange->state == EXCHANGE_HELD);
	list_remove (exchange->http, exchange);
	exchange->state = EXCHANGE_RELEASED;
	exchange->reply = *reply;
	resume (exchange);
}

/* ---- live streams ---- */

void http_live_begin (http_exchange_t *exchange, http_exchange_t **named_in)
{
	exchange->named_in = named_in;
	exchange->state = EXCHANGE_LIVE;
	list_add (exchange->http, exchange);
}

void http_live_end (http_exchange_t *exchange)
{
	list_remove (exchange->http, exchange);
	exchange->state = EXCHANGE_OPEN;
	*exchange->named_in = NULL;
}

void http_suspend (http_exchange_t *exchange)
{
	exchange->suspended = true;
	MHD_suspend_connection (exchange->connection);
}

void http_wake (http_exchange_t *exchange)
{
	resume (exchange);
}

/* ---- nobody waits ---- */

static void let_go (http_exchange_t *exchange)
{
	if (exchange->state == EXCHANGE_LIVE) {
		exchange->left = true;
		resume (exchange);
		return;
	}
	list_remove (exchange->http, exchange);
	exchange->state = EXCHANGE_GONE;
	exchange->gone (exchange->gone_arg);
	resume (exchange);
}

static bool peer_left (const http_exchange_t *exchange)
{
	struct pollfd peer = { .fd = exchange->fd, .events = POLLRDHUP };

	return poll (&peer, 1, 0) > 0;
}

static int on_watch (zloop_t *loop, int timer, void *arg)
{
	http_t *http = arg;

	for (http_exchange_t *exchange = http->held, *next; exchange != NULL; exchange = next) {
		next = exchange->next;
		if (peer_left (exchange))
			let_go (exchange);
	}
	return 0;
}

/* ---- answering ---- */

static bool is_json (struct MHD_Connection *connection)
{
	static const char json[] = "application/json";
	const char *type = MHD_lookup_connection_value (connection, MHD_HEADER_KIND,
							MHD_HTTP_HEADER_CONTENT_TYPE);

	return type != NULL && strncasecmp (type, json, sizeof json - 1) == 0 &&
	       strchr ("; ", type[sizeof json - 1]) != NULL;
}

static enum MHD_Result send_reply (http_exchange_t *exchange, struct http_reply *reply)
{
	exchange->http->stop = exchange->http->stop || reply->stop;
	return http_send (exchange, reply);
}

/* What became of a request that was held: answered before it could lie down, or while it lay, or not
 * at all. */
static enum MHD_Result go_on (http_exchange_t *exchange)
{
	switch (exchange->state) {
	case EXCHANGE_HELD:
		http_suspend (exchange);
		return MHD_YES;
	case EXCHANGE_RELEASED:
		exchange->state = EXCHANGE_OPEN;
		return send_reply (exchange, &exchange->reply);
	case EXCHANGE_OPEN:
	case EXCHANGE_LIVE:
	case EXCHANGE_GONE:
		break;
	}
	return MHD_NO;
}

static enum MHD_Result answer (http_exchange_t *exchange)
{
	http_t *http = exchange->http;
	struct http_request *request = &exchange->request;
	struct http_reply reply = { 0 };

	request->body = buffer_bytes (exchange->body);
	if (request->body.len > 0 && !is_json (exchange->connection) && request->err == ERR_OK)
		request->err = ERR_MALFORMED;
	if (exchange->too_large)
		request->err = ERR_TOO_LARGE;
	http->parts.answer (http->parts.arg, request, &reply);
	if (exchange->state != EXCHANGE_OPEN)
		return go_on (exchange);
	return send_reply (exchange, &reply);
}

/* ---- collecting a request ---- */

static bool announces_too_much (struct MHD_Connection *connection)
{
	const char *length = MHD_lookup_connection_value (connection, MHD_HEADER_KIND,
							  MHD_HTTP_HEADER_CONTENT_LENGTH);

	return length != NULL && strtoull (length, NULL, 10) > LIMIT_HTTP_BODY_BYTES;
}

static int64_t announced (struct MHD_Connection *connection)
{
	const char *length = MHD_lookup_connection_value (connection, MHD_HEADER_KIND,
							  MHD_HTTP_HEADER_CONTENT_LENGTH);
	char *end;
	unsigned long long bytes;

	if (length == NULL || *length < '0' || *length > '9')
		return -1;
	bytes = strtoull (length, &end, 10);
	return *end == '\0' && bytes <= INT64_MAX ? (int64_t)bytes : -1;
}

static enum MHD_Result begin_upload (http_exchange_t *exchange)
{
	const struct http_parts *parts = &exchange->http->parts;
	struct http_reply reply = { 0 };
	const char *type = MHD_lookup_connection_value (exchange->connection, MHD_HEADER_KIND,
							MHD_HTTP_HEADER_CONTENT_TYPE);

	exchange->upload = parts->uploads->begin (parts->arg, &exchange->request,
						  announced (exchange->connection),
						  type != NULL ? type : "", &reply);
	return exchange->upload != NULL ? MHD_YES : send_reply (exchange, &reply);
}

static enum MHD_Result end_upload (http_exchange_t *exchange)
{
	struct http_reply reply = { 0 };

	exchange->http->parts.uploads->end (exchange->upload, &reply);
	return send_reply (exchange, &reply);
}

static http_exchange_t *exchange_new (http_t *http, struct MHD_Connection *connection)
{
	http_exchange_t *exchange = must_alloc (sizeof *exchange);

	*exchange = (http_exchange_t){ .http = http, .connection = connection };
	exchange->fd = MHD_get_connection_info (connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
	exchange->body = buffer_new (LIMIT_HTTP_BODY_BYTES);
	return exchange;
}

static enum MHD_Result begin (http_exchange_t *exchange, const char *path, const char *method)
{
	http_peer_busy (exchange->connection, true);
	http_read_head (exchange, method, path);
	if (exchange->http->parts.uploads != NULL && strcmp (method, "PUT") == 0)
		return begin_upload (exchange);
	if (!announces_too_much (exchange->connection))
		return MHD_YES;
	exchange->too_large = true;
	return answer (exchange);
}

/* A body that outgrows its limit without having said so is read to its end, so that the
 * client is there to hear why, but not kept. */
static void collect (http_exchange_t *exchange, const char *data, size_t size)
{
	struct bytes more = { (const uint8_t *)data, size };

	if (exchange->upload != NULL) {
		exchange->http->parts.uploads->take (exchange->upload, more);
		return;
	}
	if (!exchange->too_large && buffer_add (exchange->body, more) != ERR_OK)
		exchange->too_large = true;
	if (exchange->too_large)
		buffer_reset (exchange->body);
}

static enum MHD_Result on_request (void *arg, struct MHD_Connection *connection,
				   const char *path, const char *method,
				   const char *version, const char *data, size_t *size,
				   void **state)
{
	http_exchange_t *exchange = *state;

	if (exchange == NULL) {
		*state = exchange = exchange_new (arg, connection);
		return begin (exchange, path, method);
	}
	if (*size > 0) {
		collect (exchange, data, *size);
		*size = 0;
		return MHD_YES;
	}
	if (exchange->state != EXCHANGE_OPEN)
		return go_on (exchange);
	return exchange->upload != NULL ? end_upload (exchange) : answer (exchange);
}

static void on_completed (void *arg, struct MHD_Connection *connection, void **state,
			  enum MHD_RequestTerminationCode why)
{
	http_exchange_t *exchange = *state;

	if (exchange == NULL)
		return;
	if (exchange->state == EXCHANGE_HELD)
		let_go (exchange);
	if (exchange->state == EXCHANGE_LIVE)
		http_live_end (exchange);
	if (exchange->state == EXCHANGE_RELEASED)
		http_reply_drop (&exchange->reply);
	if (exchange->upload != NULL)
		exchange->http->parts.uploads->destroy (exchange->upload);
	http_peer_busy (connection, false);
	buffer_destroy (&exchange->body);
	free (exchange);
	*state = NULL;
}

/* ---- the loop ---- */

static int on_timer (zloop_t *loop, int timer, void *arg);

static void set_timer (http_t *http)
{
	MHD_UNSIGNED_LONG_LONG wait_ms = 0;

	if (http->timer != -1)
		zloop_timer_end (http->loop, http->timer);
	http->timer = -1;
	if (http->resumed || MHD_get_timeout (http->daemon, &wait_ms) == MHD_YES)
		http->timer = zloop_timer (http->loop, wait_ms > 0 ? (size_t)wait_ms : 1,
					   1, on_timer, http);
}

static int run (http_t *http)
{
	http->resumed = false;
	MHD_run (http->daemon);
	/* Once more: the last answer still leaves; and a listener that was put aside while there were
	 * too many connections is watched again only from the turn after the one that closed some. */
	MHD_run (http->daemon);
	if (http->stop)
		return -1;
	set_timer (http);
	return 0;
}

static int on_timer (zloop_t *loop, int timer, void *arg)
{
	http_t *http = arg;

	http->timer = -1;
	return run (http);
}

static int on_ready (zloop_t *loop, zmq_pollitem_t *item, void *arg)
{
	return run (arg);
}

/* ---- life ---- */

/* With the last descriptor taken the library would wait busily, so it gets a share of them. */
static unsigned most_connections (unsigned most)
{
	struct rlimit files = { 0, 0 };
	rlim_t share = getrlimit (RLIMIT_NOFILE, &files) == 0 ? files.rlim_cur / 4 : most;

	return share < most ? (unsigned)share : most;
}

static struct MHD_Daemon *start_daemon (http_t *http, int listener)
{
	const struct http_tls *tls = http->parts.tls;
	struct MHD_OptionItem secure[] = {
		{ MHD_OPTION_HTTPS_MEM_CERT, 0, tls != NULL ? (void *)tls->certificate_pem : NULL },
		{ MHD_OPTION_HTTPS_MEM_KEY, 0, tls != NULL ? (void *)tls->key_pem : NULL },
		{ MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)http_tls_priorities },
		{ MHD_OPTION_END, 0, NULL },
	};
	struct MHD_OptionItem tcp[] = {
		{ MHD_OPTION_PER_IP_CONNECTION_LIMIT, TCP_ADDRESS_CONNECTIONS, NULL },
		{ MHD_OPTION_ARRAY, 0, tls != NULL ? secure : &secure[3] },
		{ MHD_OPTION_END, 0, NULL },
	};
	bool here = http->socket_path != NULL;

	return MHD_start_daemon (
		MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | (tls != NULL ? MHD_USE_TLS : 0), 0, NULL, NULL,
		on_request, http, MHD_OPTION_LISTEN_SOCKET, listener, MHD_OPTION_CONNECTION_LIMIT,
		most_connections (here ? CONNECTIONS : TCP_CONNECTIONS), MHD_OPTION_CONNECTION_TIMEOUT,
		IDLE_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEAD_BYTES,
		MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_NOTIFY_COMPLETED, on_completed, http,
		MHD_OPTION_NOTIFY_CONNECTION, http_on_connection, http, MHD_OPTION_ARRAY,
		here ? &tcp[2] : tcp, MHD_OPTION_END);
}

static void join_loop (http_t *http)
{
	const union MHD_DaemonInfo *info =
		MHD_get_daemon_info (http->daemon, MHD_DAEMON_INFO_EPOLL_FD);

	http->item = (zmq_pollitem_t){ .fd = info->epoll_fd, .events = ZMQ_POLLIN };
	zloop_poller (http->loop, &http->item, on_ready, http);
	zloop_poller_set_tolerant (http->loop, &http->item);
}

/* Everything but the listener, which stays where it is. */
static void http_free (http_t *http)
{
	http_certificates_destroy (http);
	if (http->socket_path != NULL)
		unlink (http->socket_path);
	free (http->socket_path);
	free (http);
}

err_t http_new (const struct http_parts *parts, zloop_t *loop, http_t **ret_http,
		problems_t *problems)
{
	http_t *http;
	int listener = -1;
	err_t err = http_listen (parts->address, &listener, problems);

	if (err != ERR_OK)
		return err;
	http = must_alloc (sizeof *http);
	*http = (http_t){ .parts = *parts, .loop = loop, .timer = -1, .watch = -1, .look = -1 };
	http->socket_path = http_is_path (parts->address) ? must_text (parts->address) : NULL;
	if (parts->tls != NULL)
		err = http_show (http, parts->tls, problems);
	if (err == ERR_OK) {
		http->daemon = start_daemon (http, listener);
		if (http->daemon == NULL)
			err = http_complain (problems, ERR_FILE, parts->address, ENOMEM);
	}
	if (err != ERR_OK) {
		close (listener);
		http_free (http);
		return err;
	}
	join_loop (http);
	*ret_http = http;
	return ERR_OK;
}

/* The library may not be stopped while anything is suspended in it. */
static void let_all_go (http_t *http)
{
	for (http_exchange_t *exchange = http->held, *next; exchange != NULL; exchange = next) {
		next = exchange->next;
		let_go (exchange);
	}
	MHD_run (http->daemon);
}

void http_destroy (http_t **http_ref)
{
	http_t *http = *http_ref;

	if (http == NULL)
		return;
	let_all_go (http);
	zloop_poller_end (http->loop, &http->item);
	if (http->timer != -1)
		zloop_timer_end (http->loop, http->timer);
	MHD_stop_daemon (http->daemon);
	http_free (http);
	*http_ref = NULL;
}
