/*
 * What the files of the door share and nobody else sees: the door, one exchange on it, and the steps
 * from bytes to a request and from a reply to bytes.
 */
#ifndef PROTO_HTTP_INSIDE_H
#define PROTO_HTTP_INSIDE_H

#include <microhttpd.h>
#include <netinet/in.h>

#include "proto/http.h"

struct http {
	struct http_parts parts;
	struct MHD_Daemon *daemon;
	zloop_t *loop;
	zmq_pollitem_t item;         /* the daemon's epoll descriptor */
	int timer;                   /* when the library next wants to run; -1 = none is set */
	int watch;                   /* looks whether peers of held requests left; -1 = none is held */
	bool resumed;                /* something that was held: the library has work */
	bool stop;
	char *socket_path;           /* NULL: it listens at an address */
	http_exchange_t *held;       /* first of a list */
	struct http_peer *peers;     /* over TCP: first of a list */
	int look;                    /* whether one of them takes too long; -1 = there is none */
	struct http_certificate *certificate;   /* the newest; NULL = plain HTTP */
};

enum exchange_state {
	EXCHANGE_OPEN,               /* its request comes, or is being answered */
	EXCHANGE_HELD,
	EXCHANGE_LIVE,               /* its answer is a live stream */
	EXCHANGE_RELEASED,           /* its reply is there, and leaves when the library asks */
	EXCHANGE_GONE                /* nobody waits */
};

/* One request and what became of it. */
struct http_exchange {
	http_t *http;
	struct MHD_Connection *connection;
	int fd;
	enum exchange_state state;
	bool suspended;
	bool left;                   /* the peer of a live stream */
	http_exchange_t **named_in;  /* by its live stream, which may outlive it for a moment */
	struct http_request request;
	char peer[INET6_ADDRSTRLEN], local[INET6_ADDRSTRLEN];
	unsigned cookies;            /* of our name */
	buffer_t *body;
	bool too_large;
	void *upload;                /* takes the body instead */
	struct http_reply reply;     /* once it is released */
	void (*gone) (void *arg);
	void *gone_arg;
	http_exchange_t *next, *prev;   /* in the list of those that are held */
};

/* ---- http_head.c: who asks, how, and whether by a name of ours ---- */

/* Fills exchange->request but the body. */
void http_read_head (http_exchange_t *exchange, const char *method, const char *path);

/* Whether Host names us: `local` is the address that the connection came to. */
bool http_host_is_ours (const char *host, const char *local, const char *names);

/* Whether a page of this origin may ask: "" (no browser says so) or our own. */
bool http_origin_is_ours (const char *origin, const char *host, bool tls);

/* ---- http.c, for live streams: whose peers are looked after like those of held requests ---- */

/* `named_in` holds the exchange, and NULL once it has ended. */
void http_live_begin (http_exchange_t *exchange, http_exchange_t **named_in);
void http_live_end (http_exchange_t *exchange);
void http_suspend (http_exchange_t *exchange);

/* ---- http_reply.c ---- */

/* Queues the reply with all that every answer says; takes what it owns. */
enum MHD_Result http_send (http_exchange_t *exchange, struct http_reply *reply);

/* Frees what a reply owns that is not sent. */
void http_reply_drop (struct http_reply *reply);

/* ---- http_peer.c: connections over TCP ---- */

void http_on_connection (void *arg, struct MHD_Connection *connection, void **context,
			 enum MHD_ConnectionNotificationCode code);

/* A request begins on it, or was answered. */
void http_peer_busy (struct MHD_Connection *connection, bool busy);

/* ---- http_tls.c ---- */

extern const char http_tls_priorities[];
void http_show_certificate (http_t *http, struct MHD_Connection *connection);
void http_certificates_destroy (http_t *http);

/* ---- http_socket.c ---- */

bool http_is_path (const char *address);
MUST_USE err_t http_listen (const char *address, int *ret_listener, problems_t *problems);
err_t http_complain (problems_t *problems, err_t err, const char *path, int why);

#endif
