/*
 * The one door to the HTTP library: a daemon on a unix socket, polled by our loop, that
 * collects a bounded body and calls one function per request.  It knows neither routes
 * nor JSON.
 */
#ifndef AGENTS_API_HTTP_H
#define AGENTS_API_HTTP_H

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
			 ERR_NOT_SIGNED_IN (the peer can't be told) */
};

struct http_reply {
	int status;
	char *body;     /* malloc'ed JSON; the door takes it */
	char allow[32]; /* of a 405; "" otherwise */
	bool stop;      /* end the loop after this */
};

/* Answers one request; must fill status and body. */
typedef void http_answer_fn (void *arg, const struct http_request *request,
			     struct http_reply *ret_reply);

typedef struct http http_t;

/* Makes the socket with mode 0660 and joins the loop.  The caller owns it. */
MUST_USE err_t http_new (const char *socket_path, http_answer_fn *answer, void *arg,
			 zloop_t *loop, http_t **ret_http, problems_t *problems);

/* Ends open connections, leaves the loop and removes the socket. */
void http_destroy (http_t **http);

#endif
