/*
 * libmicrohttpd, driven from outside: its epoll descriptor is one poller of the loop, and
 * the time it next wants to look at idle connections is one timer.
 */
#include "proto/http.h"

#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "jembatan/limits.h"
#include "proto/os_error.h"

#define CONNECTIONS 64u
#define IDLE_SECONDS 30u
#define BACKLOG 64

struct http {
	struct MHD_Daemon *daemon;
	zloop_t *loop;
	zmq_pollitem_t item; /* the daemon's epoll descriptor */
	int timer;           /* -1 = none is set */
	bool stop;
	http_answer_fn *answer;
	void *arg;
	const struct http_uploads *uploads;
	char *socket_path;   /* NULL: it listens at an address */
};

/* What one request has brought so far. */
struct exchange {
	buffer_t *body;
	bool too_large;
	const struct http_uploads *uploads;
	void *upload;        /* takes the body instead */
};

/* ---- answering
 * -------------------------------------------------------------------------------- */

static uint32_t peer_uid (struct MHD_Connection *connection, err_t *ret_err)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info (connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct ucred peer = { .uid = (uid_t)-1 };
	socklen_t len = sizeof peer;

	if (info == NULL ||
	    getsockopt (info->connect_fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) != 0)
		*ret_err = ERR_NOT_SIGNED_IN;
	return peer.uid;
}

static enum MHD_Result take_param (void *arg, enum MHD_ValueKind kind, const char *name,
				   const char *value)
{
	struct http_request *request = arg;

	if (request->param_count == HTTP_PARAMS) {
		request->err = ERR_MALFORMED;
		return MHD_NO;
	}
	request->params[request->param_count++] =
		(struct http_param){ name, value != NULL ? value : "" };
	return MHD_YES;
}

static bool is_json (struct MHD_Connection *connection)
{
	static const char json[] = "application/json";
	const char *type = MHD_lookup_connection_value (connection, MHD_HEADER_KIND,
							MHD_HTTP_HEADER_CONTENT_TYPE);

	return type != NULL && strncasecmp (type, json, sizeof json - 1) == 0 &&
	       strchr ("; ", type[sizeof json - 1]) != NULL;
}

#define STREAM_BLOCK_BYTES (64u * KIB)

static ssize_t read_stream (void *arg, uint64_t at, char *buffer, size_t max)
{
	const struct http_stream *stream = arg;
	ssize_t got = stream->read (stream->arg, at, (uint8_t *)buffer, max);

	return got >= 0 ? got : MHD_CONTENT_READER_END_WITH_ERROR;
}

static void close_stream (void *arg)
{
	struct http_stream *stream = arg;

	stream->close (stream->arg);
	free (stream);
}

/* Always to be saved: what a stranger sent is never shown in the place of a page of ours. */
static void add_file_headers (struct MHD_Response *response, const struct http_stream *stream)
{
	char disposition[HTTP_FILE_NAME + 40];

	snprintf (disposition, sizeof disposition, "attachment; filename=\"%s\"",
		  stream->file_name);
	MHD_add_response_header (response, "Content-Disposition", disposition);
	MHD_add_response_header (response, "Content-Security-Policy",
				 "default-src 'none'; sandbox");
}

static struct MHD_Response *stream_response (const struct http_stream *from)
{
	struct http_stream *stream = must_alloc (sizeof *stream);
	struct MHD_Response *response;

	*stream = *from;
	response = MHD_create_response_from_callback (stream->length, STREAM_BLOCK_BYTES,
						      read_stream, stream, close_stream);
	if (response == NULL)
		close_stream (stream);
	else
		add_file_headers (response, stream);
	return response;
}

static struct MHD_Response *body_response (struct http_reply *reply)
{
	struct MHD_Response *response = MHD_create_response_from_buffer (
		strlen (reply->body), reply->body, MHD_RESPMEM_MUST_FREE);

	if (response == NULL)
		free (reply->body);
	return response;
}

static const char *type_of (const struct http_reply *reply)
{
	if (reply->stream.read != NULL)
		return reply->stream.type;
	return reply->type != NULL ? reply->type : "application/json; charset=utf-8";
}

static enum MHD_Result send_reply (struct MHD_Connection *connection,
				   struct http_reply *reply)
{
	struct MHD_Response *response = reply->stream.read != NULL
						? stream_response (&reply->stream)
						: body_response (reply);
	enum MHD_Result sent;

	if (response == NULL)
		return MHD_NO;
	MHD_add_response_header (response, "Content-Type", type_of (reply));
	MHD_add_response_header (response, "Cache-Control", "no-store");
	MHD_add_response_header (response, "X-Content-Type-Options", "nosniff");
	if (reply->allow[0] != '\0')
		MHD_add_response_header (response, "Allow", reply->allow);
	sent = MHD_queue_response (connection, (unsigned)reply->status, response);
	MHD_destroy_response (response);
	return sent;
}

static void head_of (struct MHD_Connection *connection, struct http_request *request)
{
	request->uid = peer_uid (connection, &request->err);
	MHD_get_connection_values (connection, MHD_GET_ARGUMENT_KIND, take_param, request);
}

static enum MHD_Result answer (http_t *http, struct MHD_Connection *connection,
			       const char *path, const char *method,
			       const struct exchange *exchange)
{
	struct http_request request = { .method = method, .path = path };
	struct http_reply reply = { 0 };

	request.body = buffer_bytes (exchange->body);
	head_of (connection, &request);
	if (request.body.len > 0 && !is_json (connection))
		request.err = ERR_MALFORMED;
	if (exchange->too_large)
		request.err = ERR_TOO_LARGE;
	http->answer (http->arg, &request, &reply);
	http->stop = http->stop || reply.stop;
	return send_reply (connection, &reply);
}

/* ---- collecting a request
 * --------------------------------------------------------------------- */

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

static enum MHD_Result begin_upload (http_t *http, struct MHD_Connection *connection,
				     const char *path, const char *method,
				     struct exchange *exchange)
{
	struct http_request request = { .method = method, .path = path };
	struct http_reply reply = { 0 };
	const char *type = MHD_lookup_connection_value (connection, MHD_HEADER_KIND,
							MHD_HTTP_HEADER_CONTENT_TYPE);

	head_of (connection, &request);
	exchange->uploads = http->uploads;
	exchange->upload = http->uploads->begin (http->arg, &request, announced (connection),
						 type != NULL ? type : "", &reply);
	if (exchange->upload != NULL)
		return MHD_YES;
	http->stop = http->stop || reply.stop;
	return send_reply (connection, &reply);
}

static enum MHD_Result end_upload (http_t *http, struct MHD_Connection *connection,
				   struct exchange *exchange)
{
	struct http_reply reply = { 0 };

	exchange->uploads->end (exchange->upload, &reply);
	http->stop = http->stop || reply.stop;
	return send_reply (connection, &reply);
}

static enum MHD_Result begin (http_t *http, struct MHD_Connection *connection,
			      const char *path, const char *method, void **state)
{
	struct exchange *exchange = must_alloc (sizeof *exchange);

	*exchange = (struct exchange){ .body = buffer_new (LIMIT_HTTP_BODY_BYTES) };
	*state = exchange;
	if (http->uploads != NULL && strcmp (method, "PUT") == 0)
		return begin_upload (http, connection, path, method, exchange);
	if (!announces_too_much (connection))
		return MHD_YES;
	exchange->too_large = true;
	return answer (http, connection, path, method, exchange);
}

/* A body that outgrows its limit without having said so is read to its end, so that the
 * client is there to hear why, but not kept. */
static void collect (struct exchange *exchange, const char *data, size_t size)
{
	struct bytes more = { (const uint8_t *)data, size };

	if (exchange->upload != NULL) {
		exchange->uploads->take (exchange->upload, more);
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
	if (*state == NULL)
		return begin (arg, connection, path, method, state);
	if (*size > 0) {
		collect (*state, data, *size);
		*size = 0;
		return MHD_YES;
	}
	if (((struct exchange *)*state)->upload != NULL)
		return end_upload (arg, connection, *state);
	return answer (arg, connection, path, method, *state);
}

static void on_completed (void *arg, struct MHD_Connection *connection, void **state,
			  enum MHD_RequestTerminationCode why)
{
	struct exchange *exchange = *state;

	if (exchange == NULL)
		return;
	if (exchange->upload != NULL)
		exchange->uploads->destroy (exchange->upload);
	buffer_destroy (&exchange->body);
	free (exchange);
	*state = NULL;
}

/* ---- the loop
 * --------------------------------------------------------------------------------- */

static int on_timer (zloop_t *loop, int timer, void *arg);

static void set_timer (http_t *http)
{
	MHD_UNSIGNED_LONG_LONG wait_ms;

	if (http->timer != -1)
		zloop_timer_end (http->loop, http->timer);
	http->timer = -1;
	if (MHD_get_timeout (http->daemon, &wait_ms) == MHD_YES)
		http->timer = zloop_timer (http->loop, wait_ms > 0 ? (size_t)wait_ms : 1,
					   1, on_timer, http);
}

static int run (http_t *http)
{
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

/* ---- the socket
 * ------------------------------------------------------------------------------- */

static err_t complain (problems_t *problems, err_t err, const char *path, int why)
{
	return problems_add_os (
		problems, err, "socket", why,
		"soket %s tidak dapat dibuka; periksa folder dan haknya",
		"the socket %s can't be opened; check the folder and its permissions",
		quoted (path));
}

/* A socket that nobody answers was left by an agent that was killed; anything else stays.
 */
static err_t clear_stale (const struct sockaddr_un *address, problems_t *problems)
{
	struct stat found;
	int probe, connected;

	if (lstat (address->sun_path, &found) != 0)
		return ERR_OK;
	if (!S_ISSOCK (found.st_mode))
		return complain (problems, ERR_FILE, address->sun_path, EEXIST);
	probe = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	connected = connect (probe, (const struct sockaddr *)address, sizeof *address);
	close (probe);
	if (connected == 0)
		return complain (problems, ERR_IN_USE, address->sun_path, EADDRINUSE);
	unlink (address->sun_path);
	return ERR_OK;
}

static err_t listen_on (const struct sockaddr_un *address, int *ret_listener,
			problems_t *problems)
{
	int listener = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	mode_t before = umask (0117);
	int bound = bind (listener, (const struct sockaddr *)address, sizeof *address);
	int why = errno;

	umask (before);
	if (bound == 0 && listen (listener, BACKLOG) == 0) {
		*ret_listener = listener;
		return ERR_OK;
	}
	close (listener);
	return complain (problems, ERR_FILE, address->sun_path, why);
}

static err_t open_path (const char *path, int *ret_listener, problems_t *problems)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	err_t err;

	if (strlen (path) >= sizeof address.sun_path)
		return complain (problems, ERR_CONFIG, path, ENAMETOOLONG);
	strcpy (address.sun_path, path);
	err = clear_stale (&address, problems);
	return err == ERR_OK ? listen_on (&address, ret_listener, problems) : err;
}

/* "127.0.0.1:9710" and "[::1]:9710", taken apart. */
static bool split_address (const char *text, char host[64], const char **ret_port)
{
	const char *colon = strrchr (text, ':');
	size_t len = colon != NULL ? (size_t)(colon - text) : 0;

	if (len == 0 || len >= 64)
		return false;
	memcpy (host, text, len);
	host[len] = '\0';
	if (host[0] == '[' && host[len - 1] == ']') {
		memmove (host, host + 1, len - 2);
		host[len - 2] = '\0';
	}
	*ret_port = colon + 1;
	return true;
}

static int bind_found (const struct addrinfo *found)
{
	int one = 1;
	int listener = socket (found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (listener < 0)
		return -1;
	setsockopt (listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (bind (listener, found->ai_addr, found->ai_addrlen) == 0 &&
	    listen (listener, BACKLOG) == 0)
		return listener;
	close (listener);
	return -1;
}

static err_t open_address (const char *text, int *ret_listener, problems_t *problems)
{
	struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
				  .ai_socktype = SOCK_STREAM };
	struct addrinfo *found = NULL;
	const char *port;
	char host[64];
	int why;

	if (!split_address (text, host, &port) || getaddrinfo (host, port, &hints, &found) != 0)
		return problems_add (problems, ERR_CONFIG, "address",
				     "%s bukan alamat; tulis 127.0.0.1:PORTA atau jalur soket",
				     "%s is no address; write 127.0.0.1:PORT or the path of a socket",
				     quoted (text));
	*ret_listener = bind_found (found);
	why = errno;
	freeaddrinfo (found);
	if (*ret_listener >= 0)
		return ERR_OK;
	return problems_add_os (problems, why == EADDRINUSE ? ERR_IN_USE : ERR_CONFIG, "address", why,
				"tidak dapat mendengarkan di %s; pilih porta lain",
				"can't listen at %s; choose another port", quoted (text));
}

static bool is_path (const char *address)
{
	return strchr (address, '/') != NULL || strchr (address, ':') == NULL;
}

static err_t open_socket (const char *address, int *ret_listener, problems_t *problems)
{
	return is_path (address) ? open_path (address, ret_listener, problems) :
				   open_address (address, ret_listener, problems);
}

/* ---- life ------------------------------------------------------------------------------------- */

/* With the last descriptor taken the library would wait busily, so it gets a share of them. */
static unsigned most_connections (void)
{
	struct rlimit files = { 0, 0 };
	rlim_t share = getrlimit (RLIMIT_NOFILE, &files) == 0 ? files.rlim_cur / 4 : CONNECTIONS;

	return share < CONNECTIONS ? (unsigned)share : CONNECTIONS;
}

static struct MHD_Daemon *start_daemon (http_t *http, int listener)
{
	return MHD_start_daemon (
		MHD_USE_EPOLL, 0, NULL, NULL, on_request, http, MHD_OPTION_LISTEN_SOCKET,
		listener, MHD_OPTION_CONNECTION_LIMIT, most_connections (),
		MHD_OPTION_CONNECTION_TIMEOUT, IDLE_SECONDS, MHD_OPTION_NOTIFY_COMPLETED,
		on_completed, http, MHD_OPTION_END);
}

static void join_loop (http_t *http)
{
	const union MHD_DaemonInfo *info =
		MHD_get_daemon_info (http->daemon, MHD_DAEMON_INFO_EPOLL_FD);

	http->item = (zmq_pollitem_t){ .fd = info->epoll_fd, .events = ZMQ_POLLIN };
	zloop_poller (http->loop, &http->item, on_ready, http);
	zloop_poller_set_tolerant (http->loop, &http->item);
}

err_t http_new (const char *address, http_answer_fn *answer_fn, void *arg,
		zloop_t *loop, http_t **ret_http, problems_t *problems)
{
	http_t *http;
	int listener = -1;
	err_t err = open_socket (address, &listener, problems);

	if (err != ERR_OK)
		return err;
	http = must_alloc (sizeof *http);
	*http = (http_t){ .loop = loop, .timer = -1, .answer = answer_fn, .arg = arg };
	http->daemon = start_daemon (http, listener);
	if (http->daemon == NULL) {
		close (listener);
		if (is_path (address))
			unlink (address);
		free (http);
		return complain (problems, ERR_FILE, address, ENOMEM);
	}
	http->socket_path = is_path (address) ? must_text (address) : NULL;
	join_loop (http);
	*ret_http = http;
	return ERR_OK;
}

void http_on_upload (http_t *http, const struct http_uploads *uploads)
{
	http->uploads = uploads;
}

void http_destroy (http_t **http_ref)
{
	http_t *http = *http_ref;

	if (http == NULL)
		return;
	zloop_poller_end (http->loop, &http->item);
	if (http->timer != -1)
		zloop_timer_end (http->loop, http->timer);
	MHD_stop_daemon (http->daemon);
	if (http->socket_path != NULL)
		unlink (http->socket_path);
	free (http->socket_path);
	free (http);
	*http_ref = NULL;
}
