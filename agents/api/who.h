/* Who asks, and whether they may: the door says who, desk/permit.c and door/scope.c what. */
#ifndef AGENTS_API_WHO_H
#define AGENTS_API_WHO_H

#include "agents/api/route.h"

/* Fills the call's caller and actor.  ERR_NOT_SIGNED_IN, ERR_CSRF, ERR_MALFORMED with a problem. */
MUST_USE err_t who_calls (struct call *call);

/* ERR_NOT_ALLOWED, ERR_MUST_CHANGE.  Nobody need be known for a route of USE_SIGN_IN. */
MUST_USE err_t who_may (struct call *call, const struct route *route);

/* A key of software writes only the kinds of letters that it was made for. */
MUST_USE err_t who_may_write (struct call *call, const struct route *route);

#endif
