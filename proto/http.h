/*
 * The one door to the HTTP library: a daemon on a unix socket or an address, polled by our loop, that
 * collects a bounded body and calls one function per request.  It knows neither routes
 * nor JSON.  The agent's api stands on it, and the monitor of both daemons.
 *
 * What every answer says to a browser (policy, cookies, caches) is said in proto/http_reply.c alone; who
 * may name us is judged in proto/http_head.c before the function is called.
 */
#ifndef PROTO_HTTP_H
#define PROTO_HTTP_H

#include <czmq.h>

#include "jembatan/ids.h"
#include "jembatan/problem.h"

#define HTTP_PARAMS 8 /* of one query; more is refused */

struct http_param {
	const char *name, *value;
};

/* Of the session's cookie: RFC 6265bis section 4.1.3 for the prefix, which no page of another origin or
 * port can set.  The second one is for plain HTTP on loopback. */
#define HTTP_COOKIE_TLS "__Host-jembatan"
#define HTTP_COOKIE_PLAIN "jembatan"
#define HTTP_COOKIE_BYTES 129u  /* of its value, with the end */

typedef struct http_exchange http_exchange_t;

/*
 * One request.  The headers are "" when they are not there; each has a longest length and holds visible
 * ASCII and blanks only, or `err` says that it is malformed.  Everything is good until the request was
 * answered, so also while it is held.
 */
struct http_request {
	const char *method, *path; /* the path without its query */
	size_t param_count;
	struct http_param params[HTTP_PARAMS];
	struct bytes body;
	bool local;              /* over a unix socket: `uid` is told */
	bool tls;
	uint32_t uid;            /* of the peer's process; (uint32_t)-1 over TCP */
	const char *peer;        /* its address, "192.168.1.20"; "" over a unix socket */
	const char *host, *origin, *fetch_site, *fetch_mode;
	const char *cookie_session;   /* value of our cookie; "" also when it stands twice */
	const char *authorization, *csrf, *if_none_match, *idempotency_key, *last_event_id;
	const char *accept_encoding, *accept;
	err_t err;    /* ERR_OK, or why this can only be answered by an error:
			 ERR_TOO_LARGE (the body), ERR_MALFORMED (query, header, media type),
			 ERR_NOT_SIGNED_IN (a unix peer that can't be told),
			 ERR_WRONG_HOST, ERR_WRONG_ORIGIN (over TCP) */
	http_exchange_t *exchange;    /* for http_hold */
};

/* A body that is read piece by piece, so that a large one takes no more memory than a small one. */
#define HTTP_FILE_NAME 100
struct http_stream {
	uint64_t length;
	/* Fills at most `max` bytes from `at` on; how many, or -1: then the connection is cut. */
	ssize_t (*read) (void *arg, uint64_t at, uint8_t *buffer, size_t max);
	void (*close) (void *arg);   /* when the last byte has left, or nobody waits any more */
	void *arg;
	const char *type;            /* a constant */
	/* Without an end, and not to be saved: `length` and `file_name` are not looked at, 0 bytes mean
	 * that there is nothing yet, until http_wake, and -1 ends it. */
	bool live;
	char file_name[HTTP_FILE_NAME];   /* [A-Za-z0-9._-]; it is saved, never shown by a browser */
};

#define HTTP_ETAG_BYTES 68u     /* two quotes, 64 hex digits, a letter that tells the encoding, the end */
#define HTTP_LOCATION_BYTES 128u

/* Texts are constants unless they stand in an array. */
struct http_reply {
	int status;
	char *body;     /* malloc'ed text; the door takes it; NULL = none */
	struct bytes content;      /* in place of the body, when it has data: copied */
	struct http_stream stream; /* in place of both, when it can be read; the door closes it */
	const char *type;          /* of the body; NULL = JSON */
	const char *encoding;      /* "gzip"; NULL = as it is */
	const char *cache;         /* Cache-Control; NULL = no-store */
	const char *vary;          /* NULL = nothing */
	const char *policy;        /* Content-Security-Policy; NULL = the console's */
	char etag[HTTP_ETAG_BYTES];         /* with its quotes; "" = none */
	char location[HTTP_LOCATION_BYTES]; /* "" = none */
	char set_cookie[HTTP_COOKIE_BYTES]; /* value of our cookie from now on; "" = leave it */
	bool end_cookie;           /* the browser forgets it */
	unsigned retry_after_s;    /* 0 = not said */
	char allow[32];            /* of a 405; "" otherwise */
	bool stop;                 /* end the loop after this */
};

/*
 * PUT: a body that is taken piece by piece.  `begin` gets the request without its body, the length
 * that it announces (-1 = none) and its Content-Type; it gives what the others work on, or NULL with
 * a reply that says why not.  `end` answers when all of it has come; `destroy` is called in any case.
 */
struct http_uploads {
	void *(*begin) (void *arg, const struct http_request *request, int64_t length,
			const char *type, struct http_reply *ret_reply);
	void (*take) (void *upload, struct bytes piece);
	void (*end) (void *upload, struct http_reply *ret_reply);
	void (*destroy) (void *upload);
};

/* What a TLS listener shows and signs with: the chain, its own certificate first, and the key of that
 * certificate, both as PEM.  Borrowed; agents/door/authority.h makes them and says when they changed. */
struct http_tls {
	const char *certificate_pem, *key_pem;
};

/* Answers one request: fills the reply, or holds the request. */
typedef void http_answer_fn (void *arg, const struct http_request *request,
			     struct http_reply *ret_reply);

/*
 * Called in the answer function, in place of filling the reply: the request stays open, and is answered
 * from the loop by http_release.  `gone` is called instead when nobody waits any more, or the door ends;
 * after either the exchange must not be used again.
 */
void http_hold (http_exchange_t *exchange, void (*gone) (void *arg), void *arg);

/* Answers a request that is held; takes what the reply owns.  In the loop's thread only. */
void http_release (http_exchange_t *exchange, const struct http_reply *reply);

/* There is more to read of a live stream; in the loop's thread, until its `close` was called. */
void http_wake (http_exchange_t *exchange);

/* A strong tag: the hash, and a letter that tells two encodings apart ("" = none). */
void http_etag (const struct hash *hash, const char *letter, char ret_etag[HTTP_ETAG_BYTES]);

/* Whether If-None-Match (RFC 9110 section 13.1.2) names this tag, or is "*". */
bool http_etag_matches (const char *if_none_match, const char *etag);

/* What a door is made of; borrowed for as long as it lives. */
struct http_parts {
	const char *address;   /* the path of a unix socket, or "127.0.0.1:9710", "[::1]:9710" */
	const char *names;     /* over TCP, the names that Host may hold besides our address and
				  localhost, parted by blanks; NULL = whatever it holds is taken */
	const struct http_tls *tls;   /* NULL = plain HTTP; read once */
	http_answer_fn *answer;
	const struct http_uploads *uploads;   /* where PUT goes; NULL = as any other */
	void *arg;             /* of both */
};

typedef struct http http_t;

/* Whether only this machine reaches the address: a path, or one of 127.0.0.0/8 or ::1. */
bool http_is_loopback (const char *address);

/* Listens, a unix socket with mode 0660, and joins the loop.  The caller owns it.  ERR_IN_USE,
 * ERR_CONFIG, ERR_FILE; ERR_KEY_FILE for a certificate that can't be used. */
MUST_USE err_t http_new (const struct http_parts *parts, zloop_t *loop, http_t **ret_http,
			 problems_t *problems);

/* From the next connection on, another certificate.  ERR_KEY_FILE; then the one before stays. */
MUST_USE err_t http_show (http_t *http, const struct http_tls *tls, problems_t *problems);

/* Lets go of what is held, ends open connections, leaves the loop and removes the socket. */
void http_destroy (http_t **http);

#endif
