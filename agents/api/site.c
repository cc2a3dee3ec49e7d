/* The console's files; see site.h. */
#include "agents/api/site.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "jembatan/keys.h"
#include "jembatan/log.h"
#include "proto/file.h"

#define PATH_TEXT 256u

struct site_file {
	const char *path;            /* "/assets/console-3WQPWA43.js" */
	const char *type;
	struct bytes plain, gzip;    /* without data where it is not there */
	struct hash hash;            /* of the plain one */
	bool kept;                   /* the name tells the content */
};

struct site {
	arena_t *arena;
	size_t count;
	struct site_file files[SITE_FILES];
	const struct site_file *index;
};

/* ---- names ---- */

/* What we have a type for is served, and nothing else: clang-format off */
static const struct { const char *ending, *type; } types[] = {
	{ ".html",        "text/html; charset=utf-8" },
	{ ".js",          "text/javascript; charset=utf-8" },
	{ ".css",         "text/css; charset=utf-8" },
	{ ".json",        "application/json; charset=utf-8" },
	{ ".svg",         "image/svg+xml" },
	{ ".png",         "image/png" },
	{ ".ico",         "image/vnd.microsoft.icon" },
	{ ".woff2",       "font/woff2" },
	{ ".webmanifest", "application/manifest+json" },
	{ ".txt",         "text/plain; charset=utf-8" },
};
/* clang-format on */

static bool ends_with (const char *text, const char *ending)
{
	size_t len = strlen (text), end = strlen (ending);

	return len > end && strcmp (text + len - end, ending) == 0;
}

static const char *type_of (const char *path)
{
	for (size_t i = 0; i < COUNT_OF (types); i++)
		if (ends_with (path, types[i].ending))
			return types[i].type;
	return NULL;
}

/* One segment: no hidden file, nothing that would have to be escaped. */
static bool name_is_usual (const char *name)
{
	static const char usual[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

	return *name != '.' && name[strspn (name, usual)] == '\0';
}

/* "name-3WQPWA43.js": eight digits of base32 in the place where esbuild puts the content's hash. */
static bool name_has_hash (const char *path)
{
	const char *name = strrchr (path, '/'), *dash = strrchr (path, '-');

	return dash != NULL && name != NULL && dash > name &&
	       strspn (dash + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") == 8 && dash[9] == '.';
}

static struct site_file *find (const site_t *site, const char *path)
{
	for (size_t i = 0; i < site->count; i++)
		if (strcmp (site->files[i].path, path) == 0)
			return (struct site_file *)&site->files[i];
	return NULL;
}

/* ---- reading ---- */

static void leave_out (const char *path, err_t err)
{
	LOG (WARN, "console.file_left_out", LOG_P ("path", path), LOG_E (err));
}

static void take_file (site_t *site, const char *folder, const char *path)
{
	char whole[2 * PATH_TEXT];
	struct site_file *file = &site->files[site->count];
	err_t err;

	if (type_of (path) == NULL)
		return;
	if (site->count == SITE_FILES ||
	    snprintf (whole, sizeof whole, "%s%s", folder, path) >= (int)sizeof whole) {
		leave_out (path, ERR_TOO_LARGE);
		return;
	}
	*file = (struct site_file){ .type = type_of (path), .kept = name_has_hash (path) };
	err = file_read (whole, SITE_FILE_BYTES, site->arena, &file->plain);
	file->path = err == ERR_OK ? arena_text (site->arena, path) : NULL;
	if (file->path == NULL) {
		leave_out (path, err != ERR_OK ? err : ERR_TOO_LARGE);
		return;
	}
	file->hash = hash_of (file->plain, BYTES_NONE);
	strcat (whole, ".gz");
	if (file_read (whole, SITE_FILE_BYTES, site->arena, &file->gzip) != ERR_OK)
		file->gzip = BYTES_NONE;
	site->count++;
}

static void walk (site_t *site, const char *folder, const char *below, unsigned depth)
{
	char whole[2 * PATH_TEXT], path[PATH_TEXT];
	struct dirent *entry;
	struct stat found;
	DIR *dir;

	snprintf (whole, sizeof whole, "%s%s", folder, below);
	dir = opendir (whole);
	while (dir != NULL && (entry = readdir (dir)) != NULL) {
		if (!name_is_usual (entry->d_name) ||
		    snprintf (path, sizeof path, "%s/%s", below, entry->d_name) >= (int)sizeof path ||
		    snprintf (whole, sizeof whole, "%s%s", folder, path) >= (int)sizeof whole ||
		    lstat (whole, &found) != 0)
			continue;
		if (S_ISREG (found.st_mode))
			take_file (site, folder, path);
		else if (S_ISDIR (found.st_mode) && depth < SITE_DEPTH)
			walk (site, folder, path, depth + 1);
	}
	if (dir != NULL)
		closedir (dir);
}

site_t *site_read (const char *folder)
{
	site_t *site = must_alloc (sizeof *site);

	memset (site, 0, sizeof *site);
	site->arena = arena_new (SITE_BYTES);
	if (strlen (folder) < PATH_TEXT)
		walk (site, folder, "", 0);
	site->index = find (site, "/index.html");
	return site;
}

void site_destroy (site_t **site)
{
	if (*site == NULL)
		return;
	arena_destroy (&(*site)->arena);
	free (*site);
	*site = NULL;
}

size_t site_count (const site_t *site)
{
	return site->index != NULL ? site->count : 0;
}

/* ---- answering ---- */

/* For when there is no console to say it. */
static void say (struct http_reply *reply, int status, const char *id, const char *en)
{
	static const char form[] =
		"<!doctype html><html lang=\"id\"><meta charset=\"utf-8\">"
		"<meta name=\"viewport\" content=\"width=device-width\"><title>Jembatan</title>"
		"<h1>Jembatan</h1><p>%s</p><p lang=\"en\"><i>%s</i></p></html>\n";

	reply->status = status;
	reply->type = "text/html; charset=utf-8";
	reply->policy = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'";
	if (asprintf (&reply->body, form, id, en) < 0)
		abort ();
}

/* RFC 9110 section 12.5.3 as far as it is met: gzip is named, and not with a weight of nothing. */
static bool takes_gzip (const char *accepted)
{
	for (const char *at = accepted; (at = strstr (at, "gzip")) != NULL; at += 4) {
		bool begins = at == accepted || strchr (", ", at[-1]) != NULL;
		size_t blanks = strspn (at + 4, " ");
		const char *weight = at + 4 + blanks;

		if (begins && (*weight == '\0' || *weight == ',' ||
			       (*weight == ';' && strncmp (weight, ";q=0", 4) != 0) ||
			       (strncmp (weight, ";q=0.", 5) == 0 && weight[5] != '0')))
			return true;
	}
	return false;
}

static void give (const struct site_file *file, const struct http_request *request,
		  struct http_reply *reply)
{
	bool gzip = file->gzip.data != NULL && takes_gzip (request->accept_encoding);

	reply->cache = file->kept ? "public, max-age=31536000, immutable" : "no-cache";
	reply->vary = file->gzip.data != NULL ? "Accept-Encoding" : NULL;
	http_etag (&file->hash, gzip ? "z" : "", reply->etag);   /* another representation */
	if (http_etag_matches (request->if_none_match, reply->etag)) {
		reply->status = 304;
		return;
	}
	reply->status = 200;
	reply->type = file->type;
	reply->encoding = gzip ? "gzip" : NULL;
	reply->content = gzip ? file->gzip : file->plain;
}

/* A page of the console has no dot in its last part; a file that is gone must not become a page, or a
 * console of yesterday would read it as a script. */
static bool may_be_page (const char *path)
{
	return strchr (strrchr (path, '/'), '.') == NULL;
}

static void give_path (const site_t *site, const struct http_request *request,
		       struct http_reply *reply)
{
	const struct site_file *file = find (site, request->path);

	if (file == NULL && *request->path == '/' && may_be_page (request->path))
		file = site->index;
	if (file != NULL)
		give (file, request, reply);
	else
		say (reply, 404, "Berkas ini tidak ada. Muat ulang halamannya.",
		     "There is no such file. Load the page again.");
}

void site_answer (const site_t *site, const struct http_request *request, struct http_reply *reply)
{
	if (request->err != ERR_OK) {
		say (reply, err_http (request->err), err_text_id (request->err),
		     err_text_en (request->err));
	} else if (strcmp (request->method, "GET") != 0 && strcmp (request->method, "HEAD") != 0) {
		strcpy (reply->allow, "GET, HEAD");
		say (reply, 405, "Halaman ini hanya dapat dibaca.", "This page can only be read.");
	} else if (site->index == NULL) {
		say (reply, 404,
		     "Konsol belum terpasang di mesin ini. Buat dengan <code>make console</code> dan pasang dengan "
		     "<code>make install</code>, atau setel <code>paths/console</code> ke foldernya; lalu muat ulang "
		     "agen. Sementara itu agen tetap bekerja, dan perintah <code>jembatan</code> dapat dipakai.",
		     "The console is not installed on this machine. Make it with <code>make console</code> and "
		     "install it with <code>make install</code>, or set <code>paths/console</code> to its folder; "
		     "then reload the agent. Meanwhile the agent works, and so does the command "
		     "<code>jembatan</code>.");
	} else {
		give_path (site, request, reply);
	}
}

bool site_is_api (const char *path)
{
	return strncmp (path, "/v1", 3) == 0 && (path[3] == '\0' || path[3] == '/');
}
