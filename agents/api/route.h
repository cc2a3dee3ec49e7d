/*
 * The routes, as a table: method, path, who may, what it answers.  docs/API.md lists the
 * same rows, and a test holds one against the other.
 */
#ifndef AGENTS_API_ROUTE_H
#define AGENTS_API_ROUTE_H

#include "agents/api/call.h"

struct route {
	const char *method;
	const char *pattern; /* "/v1/people/{id}/consents" */
	enum use_case use;   /* what permit is asked */
	int status;          /* of success: 200, 201 made, 202 written and on its way */
	const char *query; /* parameters it knows, with blanks around: " limit after " */
	err_t (*handle) (struct call *call, json_t **ret_answer);
	const char *about;
};

/* Rows in order; NULL past the end. */
const struct route *route_at (size_t i);

/* It is answered before there is a ledger. */
bool route_works_locked (const struct route *route);

/* A POST takes a JSON object. */
bool route_takes_body (const struct route *route);

/*
 * The row for a request; what stands for {id} is copied to ret_id.  ERR_NOT_FOUND when no
 * path matches; ERR_USAGE when only the method does not, and then ret_allow names those
 * that would.
 */
MUST_USE err_t route_find (const char *method, const char *path,
			   const struct route **ret_route, char ret_id[64],
			   char ret_allow[32]);

#endif
