/*
 * One request: who is it, which row, may they, what did they send, what does the handler
 * say.  Every answer leaves here, so every error has the same form.
 */
#include "agents/api/api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/api/again.h"
#include "agents/api/call.h"
#include "agents/api/events.h"
#include "agents/api/later.h"
#include "agents/api/route.h"
#include "agents/api/site.h"
#include "agents/api/upload.h"
#include "agents/api/verify.h"
#include "agents/api/view.h"
#include "agents/api/who.h"
#include "jembatan/fault.h"
#include "jembatan/keys.h"
#include "jembatan/log.h"

#define CALL_ARENA_BYTES (8u * LIMIT_DECODE_ARENA_BYTES)

struct api {
	struct api_parts parts;
	http_t *http;
	http_t *web;      /* over TCP; NULL = nobody asked for it */
	events_t *events; /* who listens for changes */
	site_t *site;     /* what it gives besides the api */
	struct bytes authority;   /* of the console's certificate */
	audit_t *audit;
	verifier_t *verifier;
	size_t uploads;   /* under way */
	struct error_counts refused;
	err_t stopped;
};

/* ---- what
 * -------------------------------------------------------------------------------------
 */

static err_t find_route (struct call *call, const struct route **ret_route,
			 char ret_allow[32])
{
	const struct http_request *request = call->request;
	err_t err = route_find (request->method, request->path, ret_route, call->id,
				ret_allow);

	if (err == ERR_USAGE)
		return problems_add (call->problems, err, "method",
				     "%s tidak berlaku di sini; pakai %s",
				     "%s does not apply here; use %s",
				     quoted (request->method), ret_allow);
	if (err != ERR_OK)
		return problems_add_texts (call->problems, err, "path",
					   "alamat ini tidak ada",
					   "there is no such path");
	return ERR_OK;
}

/* Parameters are short words of the row; one that it does not know is a mistake, not a
 * hint. */
static err_t check_params (struct call *call, const struct route *route)
{
	for (size_t i = 0; i < call->request->param_count; i++) {
		const char *name = call->request->params[i].name;
		char padded[32];

		if (snprintf (padded, sizeof padded, " %s ", name) < (int)sizeof padded &&
		    strchr (name, ' ') == NULL && *name != '\0' &&
		    strstr (route->query, padded) != NULL)
			continue;
		problems_add (call->problems, ERR_INVALID, "query",
			      "parameter %s tidak dikenal di sini",
			      "there is no parameter %s here", quoted (name));
	}
	return problems_err (call->problems);
}

/* An empty body stands for {}. */
static err_t read_body (struct call *call, json_t **ret_body)
{
	err_t err;

	if (call->request->body.len == 0) {
		*ret_body = json_object ();
		return ERR_OK;
	}
	err = json_read (call->request->body, ret_body, call->problems);
	if (err != ERR_OK || json_is_object (*ret_body))
		return err;
	return problems_add_texts (call->problems, ERR_MALFORMED, "body",
				   "isi permintaan harus berupa objek JSON",
				   "the body must be a JSON object");
}

static err_t refuse_early (struct call *call)
{
	err_t err = call->request->err;

	if (err == ERR_MALFORMED)
		problems_add (
			call->problems, err, "body",
			"kirim JSON dengan Content-Type: application/json, dan paling "
			"banyak "
			"%d parameter; setiap header paling banyak sekali",
			"send JSON with Content-Type: application/json, and at most %d "
			"parameters; each header once at most",
			HTTP_PARAMS);
	if (err == ERR_TOO_LARGE)
		problems_add (call->problems, err, "body",
			      "isi permintaan paling banyak %u bita",
			      "the body may have at most %u bytes",
			      LIMIT_HTTP_BODY_BYTES);
	if (err == ERR_WRONG_HOST)
		problems_add (call->problems, err, "host",
			      "%s bukan nama agen ini; buka dengan jembatan.local, nama mesinnya, atau "
			      "alamatnya",
			      "%s is no name of this agent; use jembatan.local, the machine's name, or its "
			      "address",
			      quoted (call->request->host));
	if (err == ERR_WRONG_ORIGIN)
		problems_add (call->problems, err, "origin",
			      "halaman %s tidak boleh bertanya di sini",
			      "the page %s may not ask here", quoted (call->request->origin));
	return err;
}

static err_t run_route (struct call *call, const struct route *route, json_t **ret_answer)
{
	json_t *body = NULL;
	err_t err = who_may (call, route);

	if (err == ERR_OK)
		err = check_params (call, route);
	if (err == ERR_OK && route_takes_body (route))
		err = read_body (call, &body);
	call->body = body;
	if (err == ERR_OK)
		err = who_may_write (call, route);
	if (err == ERR_OK)
		err = again_begin (call, route);
	if (err == ERR_OK && call->again_status == 0)
		err = route->handle (call, ret_answer);
	json_decref (body);
	return err;
}

/* A list that ends early or a consent that is not found may be the disk's doing: whatever was answered
 * over a ledger that failed meanwhile is worth nothing. */
static err_t distrust (struct call *call, err_t err, json_t **answer)
{
	err_t failed = call->parts->ledger != NULL ? ledger_failed (call->parts->ledger) : ERR_OK;

	if (failed == ERR_OK)
		return err;
	json_decref (*answer);
	*answer = NULL;
	return failed;
}

/* Who is not known learns of no route but the one to sign in. */
static err_t find_both (struct call *call, const struct route **ret_route, char ret_allow[32])
{
	const struct http_request *request = call->request;
	char allow[32] = "";
	err_t err = ERR_OK;

	if (route_find (request->method, request->path, ret_route, call->id, allow) != ERR_OK ||
	    (*ret_route)->use != USE_SIGN_IN)
		err = who_calls (call);
	if (err == ERR_OK)
		err = find_route (call, ret_route, ret_allow);
	return err;
}

/* Without a ledger there is nobody to know, and little to ask. */
static err_t run_locked (struct call *call, const struct route **ret_route, json_t **ret_answer)
{
	char allow[32] = "";
	json_t *body = NULL;
	err_t err = route_find (call->request->method, call->request->path, ret_route, call->id, allow);

	if (err != ERR_OK || !route_works_locked (*ret_route))
		return ERR_LEDGER_LOCKED;
	err = check_params (call, *ret_route);
	if (err == ERR_OK && route_takes_body (*ret_route))
		err = read_body (call, &body);
	call->body = body;
	call->route = *ret_route;
	if (err == ERR_OK)
		err = (*ret_route)->handle (call, ret_answer);
	json_decref (body);
	return err;
}

static err_t run_call (struct call *call, const struct route **ret_route,
		       char ret_allow[32], json_t **ret_answer)
{
	err_t err = refuse_early (call);

	if (err == ERR_OK && call->parts->ledger == NULL)
		return run_locked (call, ret_route, ret_answer);
	if (err == ERR_OK)
		err = find_both (call, ret_route, ret_allow);
	call->route = *ret_route;
	if (err == ERR_OK)
		err = run_route (call, *ret_route, ret_answer);
	return distrust (call, err, ret_answer);
}

/* ---- answering
 * -------------------------------------------------------------------------------- */

static int status_of (err_t err, const struct route *route, const char *allow)
{
	if (err == ERR_OK)
		return route->status;
	return *allow != '\0' ? 405 : err_http (err);
}

/* Errors are counted; one of the STOP lane is told to whoever asked, and then the daemon ends. */
static void note_error (api_t *api, err_t err, struct http_reply *reply)
{
	if (err != ERR_OK)
		error_count (&api->refused, err);
	if (err_lane (err) != LANE_STOP)
		return;
	LOG (FAIL, "api.stopped", LOG_E (err));
	api->stopped = err;
	reply->stop = true;
}

/* Text that is no UTF-8 can't become JSON; whatever brought it in, the door stays open.
 * Takes the answer. */
static void write_body (json_t *answer, struct http_reply *reply)
{
	if (answer == NULL) {
		answer = view_error (ERR_CORRUPT, NULL);
		reply->status = err_http (ERR_CORRUPT);
	}
	reply->body = json_text (answer, false);
	json_decref (answer);
}

static const char *region_of (const struct api_parts *parts)
{
	const struct desk_parts *desk = parts->desk != NULL ? desk_parts (parts->desk) : NULL;
	const struct member *self =
		desk != NULL ? directory_member (desk->directory, &desk->self) : parts->self;

	return self != NULL ? self->region : "";
}

static void write_reply (api_t *api, const struct call *call, err_t err, json_t *answer,
			 struct http_reply *reply)
{
	reply->status = status_of (err, call->route, reply->allow);
	note_error (api, err, reply);
	if (err == ERR_OK && call->stream.read != NULL)
		reply->stream = call->stream;
	else if (err != ERR_OK || !again_give (call, reply))
		write_body (err == ERR_OK ? answer : view_error (err, call->problems), reply);
}

/* What its asker has already is not sent again; whatever was noted while it was made stays noted. */
static void tag (const struct http_request *request, struct http_reply *reply)
{
	struct hash hash;

	if (strcmp (request->method, "GET") != 0 || reply->status != 200 || reply->body == NULL)
		return;
	hash = hash_of (bytes_of_text (reply->body), BYTES_NONE);
	http_etag (&hash, "", reply->etag);
	if (!http_etag_matches (request->if_none_match, reply->etag))
		return;
	free (reply->body);
	reply->body = NULL;
	reply->status = 304;
}

static void on_call (void *arg, const struct http_request *request,
		     struct http_reply *reply)
{
	api_t *api = arg;
	OWNED (arena) arena = arena_new (CALL_ARENA_BYTES);
	OWNED (problems) problems = problems_new ();
	struct call call = { .parts = &api->parts,
			     .audit = api->audit,
			     .verifier = api->verifier,
			     .events = api->events,
			     .door = api->parts.door,
			     .api = api,
			     .reply = reply,
			     .request = request,
			     .arena = arena,
			     .problems = problems,
			     .region = region_of (&api->parts) };
	const struct route *route = NULL;
	json_t *answer = NULL;
	err_t err = run_call (&call, &route, reply->allow, &answer), kept;

	fault_point ("agent.api.before_answer");
	if (err != ERR_OK || !call.held)
		write_reply (api, &call, err, answer, reply);
	kept = again_end (&call, err, reply);
	if (err_lane (kept) == LANE_STOP)
		note_error (api, kept, reply);
	tag (request, reply);
}

/* ---- answering later
 * --------------------------------------------------------------------------- */

struct later {
	api_t *api;
	const struct route *route;
	const struct http_request *request;
	http_exchange_t *exchange;   /* NULL = nobody waits any more */
};

static void on_gone (void *arg)
{
	struct later *later = arg;

	later->exchange = NULL;
}

struct later *later_new (struct call *call)
{
	struct later *later = must_alloc (sizeof *later);

	*later = (struct later){ call->api, call->route, call->request, call->request->exchange };
	return later;
}

void later_drop (struct later *later)
{
	free (later);
}

void later_go (struct later *later, struct call *call)
{
	call->held = true;
	http_hold (later->exchange, on_gone, later);
}

void later_answer (struct later *later, err_t err, const problems_t *problems, unsigned retry_after_s,
		  later_fn *show, const void *arg)
{
	api_t *api = later->api;
	OWNED (arena) arena = arena_new (CALL_ARENA_BYTES);
	OWNED (problems) own = problems_new ();
	struct http_reply reply = { .retry_after_s = retry_after_s };
	struct call call = { .parts = &api->parts,
			     .door = api->parts.door,
			     .api = api,
			     .route = later->route,
			     .reply = &reply,
			     .request = later->exchange != NULL ? later->request : NULL,
			     .arena = arena,
			     .problems = own,
			     .region = region_of (&api->parts) };
	json_t *answer = NULL;

	if (err == ERR_OK && later->exchange != NULL)
		err = show (&call, arg, &answer);
	err = distrust (&call, err, &answer);
	reply.status = status_of (err, later->route, "");
	note_error (api, err, &reply);
	write_body (err == ERR_OK ? answer : view_error (err, problems), &reply);
	if (later->exchange != NULL)
		http_release (later->exchange, &reply);
	else
		free (reply.body);
	free (later);
}

/* Whoever does not trust us yet may have it: the printed guide says by which fingerprint it is told. */
static bool gives_authority (const struct http_request *request)
{
	return request->err == ERR_OK && strcmp (request->path, "/jembatan-ca.crt") == 0 &&
	       (strcmp (request->method, "GET") == 0 || strcmp (request->method, "HEAD") == 0);
}

static void on_request (void *arg, const struct http_request *request,
			struct http_reply *reply)
{
	api_t *api = arg;

	if (!request->local && api->authority.len > 0 && gives_authority (request)) {
		reply->status = 200;
		reply->type = "application/x-x509-ca-cert";
		reply->content = api->authority;
	} else if (!request->local && !site_is_api (request->path))
		site_answer (api->site, request, reply);
	else
		on_call (api, request, reply);
}

/* ---- uploads
 * ----------------------------------------------------------------------------------- */

/* The same way as any request, up to the body: that comes afterwards, piece by piece. */
static void *on_upload (void *arg, const struct http_request *request, int64_t length,
			const char *type, struct http_reply *reply)
{
	api_t *api = arg;
	OWNED (arena) arena = arena_new (CALL_ARENA_BYTES);
	OWNED (problems) problems = problems_new ();
	struct call call = { .parts = &api->parts,
			     .door = api->parts.door,
			     .api = api,
			     .reply = reply,
			     .request = request,
			     .announced = length,
			     .uploads = &api->uploads,
			     .media_type = type,
			     .arena = arena,
			     .problems = problems,
			     .region = region_of (&api->parts) };
	const struct route *route = NULL;
	json_t *answer = NULL;
	err_t err = run_call (&call, &route, reply->allow, &answer);

	if (err == ERR_OK && call.upload != NULL)
		return call.upload;
	reply->status = status_of (err, route, reply->allow);
	note_error (api, err, reply);
	write_body (err == ERR_OK ? answer : view_error (err, problems), reply);
	return NULL;
}

static void on_upload_end (void *upload, struct http_reply *reply)
{
	OWNED (problems) problems = problems_new ();
	json_t *answer = NULL;
	err_t err = upload_end (upload, &answer, problems);

	reply->status = err == ERR_OK ? 200 : err_http (err);
	reply->stop = err_lane (err) == LANE_STOP;
	write_body (err == ERR_OK ? answer : view_error (err, problems), reply);
}

static void on_upload_take (void *upload, struct bytes piece)
{
	upload_take (upload, piece);
}

static void on_upload_over (void *upload)
{
	upload_destroy (upload);
}

static const struct http_uploads uploads = { on_upload, on_upload_take, on_upload_end,
					     on_upload_over };

/* ---- life
 * -------------------------------------------------------------------------------------
 */

err_t api_new (const struct api_parts *parts, zloop_t *loop, api_t **ret_api,
	       problems_t *problems)
{
	api_t *api = must_alloc (sizeof *api);
	const struct http_parts door = { .address = parts->socket_path, .answer = on_request,
					 .uploads = &uploads, .arg = api };
	err_t err;

	*api = (struct api){ .parts = *parts };
	err = http_new (&door, loop, &api->http, problems);
	if (err != ERR_OK) {
		free (api);
		return err;
	}
	api->audit = audit_new (parts->catalogue);
	api->verifier = verifier_new (loop);
	api->events = events_new (loop);
	events_open (api->events, parts->ledger);
	*ret_api = api;
	return ERR_OK;
}

void api_destroy (api_t **api)
{
	if (*api == NULL)
		return;
	http_destroy (&(*api)->web);
	http_destroy (&(*api)->http);
	site_destroy (&(*api)->site);
	events_destroy (&(*api)->events);
	audit_destroy (&(*api)->audit);
	verifier_destroy (&(*api)->verifier);
	free (*api);
	*api = NULL;
}

err_t api_listen (api_t *api, const struct api_web *web, zloop_t *loop, problems_t *problems)
{
	const struct http_parts door = { .address = web->address, .names = web->names, .tls = web->tls,
					 .answer = on_request, .uploads = &uploads, .arg = api };

	if (web->tls == NULL && !http_is_loopback (web->address))
		return problems_add (problems, ERR_CONFIG, "console/address",
				     "tanpa TLS konsol hanya boleh di 127.0.0.1 atau [::1], bukan di %s; setel "
				     "console/tls = yes",
				     "without TLS the console may only be at 127.0.0.1 or [::1], not at %s; set "
				     "console/tls = yes",
				     quoted (web->address));
	api_site (api, web->folder);
	api->authority = web->authority;
	return http_new (&door, loop, &api->web, problems);
}

err_t api_show (api_t *api, const struct http_tls *tls, problems_t *problems)
{
	return http_show (api->web, tls, problems);
}

void api_site (api_t *api, const char *folder)
{
	site_destroy (&api->site);
	api->site = site_read (folder);
	LOG (INFO, "console.read", LOG_N ("files", site_count (api->site)));
}

void api_open (api_t *api, const struct api_parts *parts)
{
	api->parts = *parts;
	events_open (api->events, parts->ledger);
}

void api_set (api_t *api, catalogue_t *catalogue, const struct api_user *users, size_t count)
{
	if (catalogue != api->parts.catalogue) {
		audit_destroy (&api->audit);
		api->audit = audit_new (catalogue);
	}
	api->parts.catalogue = catalogue;
	api->parts.users = users;
	api->parts.user_count = count;
}

const struct error_counts *api_refused (const api_t *api)
{
	return &api->refused;
}

err_t api_stopped (const api_t *api)
{
	return api->stopped;
}
