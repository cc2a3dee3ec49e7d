/*
 * From struct http_reply to bytes.  What protects a browser stands in every answer of ours and in this
 * file only; docs/THREATS.md says against whom.
 */
#include "proto/http_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jembatan/limits.h"

#define STREAM_BLOCK_BYTES (64u * KIB)
#define HSTS_DAYS 180u

/* What a page of ours may do: load what we serve, and talk to us. */
#define POLICY "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"

/* In every answer, whatever it says.  clang-format off */
static const struct { const char *name, *value; } always[] = {
	{ "X-Content-Type-Options",       "nosniff" },
	{ "Referrer-Policy",              "no-referrer" },
	{ "X-Frame-Options",              "DENY" },
	{ "Cross-Origin-Opener-Policy",   "same-origin" },
	{ "Cross-Origin-Resource-Policy", "same-origin" },
	{ "Permissions-Policy",           "camera=(), geolocation=(), microphone=(), payment=(), usb=()" },
};
/* clang-format on */

/* ---- the body ---- */

struct flow {
	struct http_stream stream;
	http_exchange_t *exchange;
};

static ssize_t read_live (struct flow *flow, uint64_t at, char *buffer, size_t max)
{
	ssize_t got = flow->exchange->left
			      ? -1
			      : flow->stream.read (flow->stream.arg, at, (uint8_t *)buffer, max);

	if (got == 0)
		http_suspend (flow->exchange);
	return got >= 0 ? got : MHD_CONTENT_READER_END_OF_STREAM;
}

static ssize_t read_stream (void *arg, uint64_t at, char *buffer, size_t max)
{
	struct flow *flow = arg;
	ssize_t got;

	if (flow->stream.live)
		return read_live (flow, at, buffer, max);
	got = flow->stream.read (flow->stream.arg, at, (uint8_t *)buffer, max);
	return got >= 0 ? got : MHD_CONTENT_READER_END_WITH_ERROR;
}

static void close_stream (void *arg)
{
	struct flow *flow = arg;

	if (flow->stream.live && flow->exchange != NULL)
		http_live_end (flow->exchange);
	flow->stream.close (flow->stream.arg);
	free (flow);
}

static struct MHD_Response *stream_response (http_exchange_t *exchange,
					     const struct http_stream *stream)
{
	struct flow *flow = must_alloc (sizeof *flow);
	struct MHD_Response *response;

	*flow = (struct flow){ *stream, exchange };
	if (stream->live)
		http_live_begin (exchange, &flow->exchange);
	response = MHD_create_response_from_callback (
		stream->live ? MHD_SIZE_UNKNOWN : stream->length, STREAM_BLOCK_BYTES, read_stream, flow,
		close_stream);
	if (response == NULL)
		close_stream (flow);
	return response;
}

static struct MHD_Response *text_response (char *body)
{
	struct MHD_Response *response =
		MHD_create_response_from_buffer (strlen (body), body, MHD_RESPMEM_MUST_FREE);

	if (response == NULL)
		free (body);
	return response;
}

static struct MHD_Response *response_of (http_exchange_t *exchange, const struct http_reply *reply)
{
	if (reply->stream.read != NULL)
		return stream_response (exchange, &reply->stream);
	if (reply->body != NULL)
		return text_response (reply->body);
	return MHD_create_response_from_buffer (reply->content.len, (void *)reply->content.data,
						MHD_RESPMEM_MUST_COPY);
}

void http_reply_drop (struct http_reply *reply)
{
	if (reply->stream.read != NULL)
		reply->stream.close (reply->stream.arg);
	free (reply->body);
}

/* ---- the head ---- */

static void add (struct MHD_Response *response, const char *name, const char *value)
{
	if (value != NULL && *value != '\0')
		MHD_add_response_header (response, name, value);
}

static const char *type_of (const struct http_reply *reply)
{
	if (reply->stream.read != NULL)
		return reply->stream.type;
	if (reply->body == NULL && reply->content.data == NULL)
		return NULL;
	return reply->type != NULL ? reply->type : "application/json; charset=utf-8";
}

/* A file is always to be saved: what a stranger sent is never shown in the place of a page of ours. */
static void add_policy (struct MHD_Response *response, const struct http_reply *reply)
{
	char disposition[HTTP_FILE_NAME + 40];

	if (reply->stream.read == NULL || reply->stream.live) {
		add (response, "Content-Security-Policy", reply->policy != NULL ? reply->policy : POLICY);
		return;
	}
	snprintf (disposition, sizeof disposition, "attachment; filename=\"%s\"",
		  reply->stream.file_name);
	add (response, "Content-Disposition", disposition);
	add (response, "Content-Security-Policy", "default-src 'none'; sandbox");
}

/* Without Max-Age it ends with the browser; the ledger says when it ends in any case. */
static void add_cookie (struct MHD_Response *response, bool tls, const struct http_reply *reply)
{
	char cookie[HTTP_COOKIE_BYTES + 100];

	if (*reply->set_cookie == '\0' && !reply->end_cookie)
		return;
	snprintf (cookie, sizeof cookie, "%s=%s; Path=/; HttpOnly; SameSite=Strict%s%s",
		  tls ? HTTP_COOKIE_TLS : HTTP_COOKIE_PLAIN, reply->end_cookie ? "" : reply->set_cookie,
		  tls ? "; Secure" : "", reply->end_cookie ? "; Max-Age=0" : "");
	add (response, "Set-Cookie", cookie);
}

static void add_number (struct MHD_Response *response, const char *name, const char *format,
			unsigned number)
{
	char text[64];

	snprintf (text, sizeof text, format, number);
	if (number > 0)
		add (response, name, text);
}

static void add_headers (struct MHD_Response *response, bool tls, const struct http_reply *reply)
{
	for (size_t i = 0; i < COUNT_OF (always); i++)
		add (response, always[i].name, always[i].value);
	add_number (response, "Strict-Transport-Security", "max-age=%u", tls ? HSTS_DAYS * 86400 : 0);
	add (response, "Content-Type", type_of (reply));
	add (response, "Content-Encoding", reply->encoding);
	add (response, "Cache-Control", reply->cache != NULL ? reply->cache : "no-store");
	add (response, "Vary", reply->vary);
	add (response, "ETag", reply->etag);
	add (response, "Location", reply->location);
	add (response, "Allow", reply->allow);
	add_number (response, "Retry-After", "%u", reply->retry_after_s);
	add_policy (response, reply);
	add_cookie (response, tls, reply);
}

enum MHD_Result http_send (http_exchange_t *exchange, struct http_reply *reply)
{
	struct MHD_Response *response = response_of (exchange, reply);
	enum MHD_Result sent;

	if (response == NULL)
		return MHD_NO;
	add_headers (response, exchange->request.tls, reply);
	sent = MHD_queue_response (exchange->connection, (unsigned)reply->status, response);
	MHD_destroy_response (response);
	return sent;
}
