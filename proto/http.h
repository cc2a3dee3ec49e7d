/*
 * The one door to the HTTP library: a daemon on a unix socket or an address, polled by our loop, that
 * collects a bounded body and calls one function per request.  It knows neither routes
 * nor JSON.  The agent's api stands on it, and the monitor of both daemons.
 */
#ifndef PROTO_HTTP_H
#define PROTO_HTTP_H

#include <czmq.h>

#include "jembatan/problem.h"

#define HTTP_PARAMS 8 /* of one query; more is refused */

struct http_param {
	const char *name, *value;
};

struct http_request {
	const char *method, *path; /* the path without its query */
	size_t param_count;
	struct http_param params[HTTP_PARAMS];
	struct bytes body;
	uint32_t uid; /* of the peer's process */
	err_t err;    /* ERR_OK, or why this can only be answered by an error:
			 ERR_TOO_LARGE (the body), ERR_MALFORMED (query, media type),
			 ERR_NOT_SIGNED_IN (the peer can't be told, as over TCP) */
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
	char file_name[HTTP_FILE_NAME];   /* [A-Za-z0-9._-]; it is saved, never shown by a browser */
};

struct http_reply {
	int status;
	char *body;     /* malloc'ed text; the door takes it */
	const char *type; /* of the body, a constant; NULL = JSON */
	char allow[32]; /* of a 405; "" otherwise */
	bool stop;      /* end the loop after this */
	struct http_stream stream; /* in place of the body, when it can be read; the door closes it */
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

/* Answers one request; must fill status and body. */
typedef void http_answer_fn (void *arg, const struct http_request *request,
			     struct http_reply *ret_reply);

typedef struct http http_t;

/* Listens at a path (a unix socket with mode 0660) or at an address ("127.0.0.1:9710", "[::1]:9710")
 * and joins the loop.  The caller owns it.  ERR_IN_USE, ERR_CONFIG, ERR_FILE. */
MUST_USE err_t http_new (const char *address, http_answer_fn *answer, void *arg,
			 zloop_t *loop, http_t **ret_http, problems_t *problems);

/* From now on PUT goes there, with the door's own arg. */
void http_on_upload (http_t *http, const struct http_uploads *uploads);

/* Ends open connections, leaves the loop and removes the socket. */
void http_destroy (http_t **http);

#endif
