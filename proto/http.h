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

struct http_reply {
	int status;
	char *body;     /* malloc'ed text; the door takes it */
	const char *type; /* of the body, a constant; NULL = JSON */
	char allow[32]; /* of a 405; "" otherwise */
	bool stop;      /* end the loop after this */
};

/* Answers one request; must fill status and body. */
typedef void http_answer_fn (void *arg, const struct http_request *request,
			     struct http_reply *ret_reply);

typedef struct http http_t;

/* Listens at a path (a unix socket with mode 0660) or at an address ("127.0.0.1:9710", "[::1]:9710")
 * and joins the loop.  The caller owns it.  ERR_IN_USE, ERR_CONFIG, ERR_FILE. */
MUST_USE err_t http_new (const char *address, http_answer_fn *answer, void *arg,
			 zloop_t *loop, http_t **ret_http, problems_t *problems);

/* Ends open connections, leaves the loop and removes the socket. */
void http_destroy (http_t **http);

#endif
