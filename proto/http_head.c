/*
 * From the head of a request to struct http_request: the few headers that anybody here asks for, each
 * once and within its bound, and whether the request names us at all.
 */
#include "proto/http_inside.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

/* ---- headers ---- */

#define HEADER(name, most, field) { name, most, offsetof (struct http_request, field) }
/* clang-format off */
static const struct header_row { const char *name; size_t most, at; } headers[] = {
	HEADER ("Host",              255, host),
	HEADER ("Origin",            270, origin),
	HEADER ("Sec-Fetch-Site",     20, fetch_site),
	HEADER ("Sec-Fetch-Mode",     20, fetch_mode),
	HEADER ("Authorization",     256, authorization),
	HEADER ("X-CSRF-Token",      128, csrf),
	HEADER ("If-None-Match",    1024, if_none_match),
	HEADER ("Idempotency-Key",    64, idempotency_key),
	HEADER ("Last-Event-ID",      64, last_event_id),
	HEADER ("Accept-Encoding",   512, accept_encoding),
	HEADER ("Accept",           1024, accept),
};
/* clang-format on */

static const char **field_of (struct http_request *request, const struct header_row *row)
{
	return (const char **)((char *)request + row->at);
}

/* RFC 9110 section 5.5 without what nobody needs here: no tab and no byte beyond ASCII. */
static bool is_plain (const char *value, size_t most)
{
	size_t len = strlen (value);

	for (size_t i = 0; i < len; i++)
		if (value[i] < 0x20 || value[i] > 0x7e)
			return false;
	return len > 0 && len <= most;
}

static enum MHD_Result take_header (void *arg, enum MHD_ValueKind kind, const char *name,
				    const char *value)
{
	http_exchange_t *exchange = arg;

	for (size_t i = 0; i < COUNT_OF (headers); i++) {
		const char **field = field_of (&exchange->request, &headers[i]);

		if (strcasecmp (headers[i].name, name) != 0)
			continue;
		if (**field != '\0' || value == NULL || !is_plain (value, headers[i].most))
			exchange->request.err = ERR_MALFORMED;
		else
			*field = value;
	}
	return MHD_YES;
}

/* A browser that sends our cookie twice was given one of them by somebody else (RFC 6265 section 8.6):
 * which one can't be told, so neither counts. */
static enum MHD_Result take_cookie (void *arg, enum MHD_ValueKind kind, const char *name,
				    const char *value)
{
	http_exchange_t *exchange = arg;
	struct http_request *request = &exchange->request;

	if (strcmp (name, request->tls ? HTTP_COOKIE_TLS : HTTP_COOKIE_PLAIN) != 0)
		return MHD_YES;
	if (++exchange->cookies == 1 && value != NULL && is_plain (value, HTTP_COOKIE_BYTES - 1))
		request->cookie_session = value;
	else
		request->cookie_session = "";
	return MHD_YES;
}

static enum MHD_Result take_param (void *arg, enum MHD_ValueKind kind, const char *name,
				   const char *value)
{
	struct http_request *request = arg;

	if (request->param_count == HTTP_PARAMS) {
		request->err = ERR_MALFORMED;
		return MHD_NO;
	}
	request->params[request->param_count++] =
		(struct http_param){ name, value != NULL ? value : "" };
	return MHD_YES;
}

/* ---- the connection ---- */

static void ask_uid (http_exchange_t *exchange)
{
	struct ucred peer = { .uid = (uid_t)-1 };
	socklen_t len = sizeof peer;

	if (getsockopt (exchange->fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) != 0)
		exchange->request.err = ERR_NOT_SIGNED_IN;
	exchange->request.uid = peer.uid;
}

/* "192.168.1.20", also where it came to a socket of both families as ::ffff:192.168.1.20. */
static void address_text (const struct sockaddr_storage *address, char ret_text[INET6_ADDRSTRLEN])
{
	const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)address;
	const struct sockaddr_in *four = (const struct sockaddr_in *)address;

	if (address->ss_family == AF_INET)
		inet_ntop (AF_INET, &four->sin_addr, ret_text, INET6_ADDRSTRLEN);
	else if (address->ss_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED (&six->sin6_addr))
		inet_ntop (AF_INET, six->sin6_addr.s6_addr + 12, ret_text, INET6_ADDRSTRLEN);
	else if (address->ss_family == AF_INET6)
		inet_ntop (AF_INET6, &six->sin6_addr, ret_text, INET6_ADDRSTRLEN);
}

static void read_connection (http_exchange_t *exchange)
{
	struct http_request *request = &exchange->request;
	struct sockaddr_storage here = { 0 }, there = { 0 };
	socklen_t here_len = sizeof here, there_len = sizeof there;

	request->uid = (uint32_t)-1;
	request->local = exchange->http->socket_path != NULL;
	request->tls = MHD_get_connection_info (exchange->connection,
						MHD_CONNECTION_INFO_GNUTLS_SESSION) != NULL;
	request->peer = exchange->peer;
	if (request->local) {
		ask_uid (exchange);
		return;
	}
	if (getsockname (exchange->fd, (struct sockaddr *)&here, &here_len) == 0)
		address_text (&here, exchange->local);
	if (getpeername (exchange->fd, (struct sockaddr *)&there, &there_len) == 0)
		address_text (&there, exchange->peer);
}

/* ---- whether it names us ---- */

/* The name of `name`, `name:443` or `[::1]:443`. */
static bool split_host (const char *host, char ret_name[256])
{
	bool bracket = *host == '[';
	size_t len;

	host += bracket;
	len = strcspn (host, bracket ? "]" : ":");
	if (len == 0 || len >= 256 || (bracket && host[len] != ']'))
		return false;
	memcpy (ret_name, host, len);
	ret_name[len] = '\0';
	host += len + bracket;
	if (*host == '\0')
		return true;
	return *host == ':' && host[1] != '\0' && host[1 + strspn (host + 1, "0123456789")] == '\0';
}

static bool is_listed (const char *names, const char *name)
{
	size_t len = strlen (name);

	for (names += strspn (names, " "); *names != '\0'; names += strspn (names, " ")) {
		size_t one = strcspn (names, " ");

		if (one == len && strncasecmp (names, name, len) == 0)
			return true;
		names += one;
	}
	return false;
}

/* Whoever made a browser believe that a name of theirs stands for our address (DNS rebinding) still
 * sends that name.  The names of this machine can't be made to lead elsewhere. */
bool http_host_is_ours (const char *host, const char *local, const char *names)
{
	char name[256];

	return split_host (host, name) &&
	       (strcmp (name, local) == 0 || is_listed ("localhost 127.0.0.1 ::1", name) ||
		is_listed (names, name));
}

bool http_origin_is_ours (const char *origin, const char *host, bool tls)
{
	const char *scheme = tls ? "https://" : "http://";
	size_t len = strlen (scheme);

	if (*origin == '\0')
		return true;
	return strncmp (origin, scheme, len) == 0 && strcasecmp (origin + len, host) == 0;
}

/* A browser says where a request comes from even when it names no origin; following a link to us is
 * fine, being loaded into another page is not. */
static bool is_fetched_elsewhere (const struct http_request *request)
{
	return (strcmp (request->fetch_site, "cross-site") == 0 ||
		strcmp (request->fetch_site, "same-site") == 0) &&
	       strcmp (request->fetch_mode, "navigate") != 0;
}

static void judge_names (http_exchange_t *exchange)
{
	struct http_request *request = &exchange->request;
	const char *names = exchange->http->parts.names;

	if (request->local || names == NULL || request->err != ERR_OK)
		return;
	if (!http_host_is_ours (request->host, exchange->local, names))
		request->err = ERR_WRONG_HOST;
	else if (!http_origin_is_ours (request->origin, request->host, request->tls) ||
		 is_fetched_elsewhere (request))
		request->err = ERR_WRONG_ORIGIN;
}

void http_read_head (http_exchange_t *exchange, const char *method, const char *path)
{
	struct http_request *request = &exchange->request;

	*request = (struct http_request){ .method = method, .path = path, .exchange = exchange,
					  .cookie_session = "" };
	for (size_t i = 0; i < COUNT_OF (headers); i++)
		*field_of (request, &headers[i]) = "";
	read_connection (exchange);
	MHD_get_connection_values (exchange->connection, MHD_HEADER_KIND, take_header, exchange);
	MHD_get_connection_values (exchange->connection, MHD_COOKIE_KIND, take_cookie, exchange);
	MHD_get_connection_values (exchange->connection, MHD_GET_ARGUMENT_KIND, take_param, request);
	judge_names (exchange);
}

/* ---- tags ---- */

void http_etag (const struct hash *hash, const char *letter, char ret_etag[HTTP_ETAG_BYTES])
{
	size_t len = 1;

	ret_etag[0] = '"';
	for (size_t i = 0; i < sizeof hash->b; i++, len += 2)
		snprintf (ret_etag + len, 3, "%02x", hash->b[i]);
	snprintf (ret_etag + len, HTTP_ETAG_BYTES - len, "%s\"", letter);
}

bool http_etag_matches (const char *if_none_match, const char *etag)
{
	size_t len = strlen (etag);

	if (strcmp (if_none_match, "*") == 0)
		return true;
	for (const char *at = if_none_match; *at != '\0'; at += strcspn (at, ",")) {
		at += strspn (at, ", ");
		if (strncmp (at, "W/", 2) == 0)
			at += 2;
		if (len > 0 && strncmp (at, etag, len) == 0 && strchr (", ", at[len]) != NULL)
			return true;
	}
	return false;
}
