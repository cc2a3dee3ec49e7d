/* Who asks; see who.h. */
#include "agents/api/who.h"

#include <string.h>

#include "agents/door/scope.h"

static const struct api_user *box_user (const struct call *call)
{
	for (size_t i = 0; call->request->local && i < call->parts->user_count; i++)
		if (call->parts->users[i].uid == call->request->uid)
			return &call->parts->users[i];
	return NULL;
}

static err_t not_mapped (struct call *call)
{
	return problems_add (
		call->problems, ERR_NOT_SIGNED_IN, "users",
		"pengguna sistem dengan uid %u belum dipetakan; tambahkan baris "
		"\"%u = caseworker\" di bawah \"users\" pada konfigurasi agen",
		"the system user with uid %u is not mapped; add the line "
		"\"%u = caseworker\" under \"users\" in the agent's configuration",
		call->request->uid, call->request->uid);
}

err_t who_calls (struct call *call)
{
	const struct http_request *request = call->request;
	const struct api_user *user = box_user (call);
	const struct credentials given = {
		.cookie = request->cookie_session,
		.authorization = request->authorization,
		.csrf = request->csrf,
		.writes = strcmp (request->method, "GET") != 0,
		.waits = strcmp (request->path, "/v1/events") == 0,
		.box_user = user != NULL ? user->user : NULL,
		.box_role = user != NULL ? user->role : NULL,
	};
	err_t err;

	if (request->local && user == NULL && *given.cookie == '\0' &&
	    *given.authorization == '\0')
		return not_mapped (call);
	err = door_caller (call->door, &given, call->arena, &call->caller, call->problems);
	if (err == ERR_OK)
		call->actor = call->caller.actor;
	return err;
}

static err_t outside_scope (struct call *call)
{
	return problems_add (call->problems, ERR_NOT_ALLOWED, "Authorization",
			     "kunci ini hanya untuk: %s", "this key is for these alone: %s",
			     call->caller.key.scopes);
}

err_t who_may (struct call *call, const struct route *route)
{
	const struct caller *caller = &call->caller;
	const char *kind;

	if (route->use == USE_SIGN_IN)
		return ERR_OK;
	if (caller->kind == CALLER_SESSION && caller->session.must_change &&
	    route->use != USE_SESSION)
		return ERR_MUST_CHANGE;
	if (caller->kind == CALLER_KEY &&
	    !scope_opens (caller->key.scopes, route->method, route->pattern, &kind))
		return outside_scope (call);
	return permit (&call->actor, route->use);
}

err_t who_may_write (struct call *call, const struct route *route)
{
	const char *named = json_get_text (call->body, "kind"), *kind = NULL;

	if (call->caller.kind != CALLER_KEY ||
	    !scope_opens (call->caller.key.scopes, route->method, route->pattern, &kind) ||
	    kind == NULL)
		return ERR_OK;
	return door_may_write (&call->caller, named != NULL ? named : kind, call->problems);
}
