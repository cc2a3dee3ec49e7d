/* Files to the agent and from it, piece by piece, with a bar at a terminal. */
#include <stdio.h>

#include "agents/cli/attachment.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "agents/cli/out.h"

#define ANSWER_MAX_BYTES MIB
#define STALLED_SECONDS 60L
#define BAR_WIDTH 30

struct transfer {
	const struct cli *cli;
	CURL *curl;
	struct curl_slist *headers;
	buffer_t *answer;            /* JSON: of an upload, or of an error */
	FILE *file;
	uint64_t offset, length;     /* of the file; where it begins and how long it is */
};

/* ---- the bar -------------------------------------------------------------------- */

void transfer_bar (const struct cli *cli, uint64_t done, uint64_t whole)
{
	int filled = whole > 0 ? (int)(done * BAR_WIDTH / whole) : 0;

	if (!cli->terminal || cli->json)
		return;
	fprintf (stderr, "\r  [%.*s%.*s] %3d%%  %.1f / %.1f MiB", filled,
		 "##############################", BAR_WIDTH - filled,
		 "..............................", whole > 0 ? (int)(done * 100 / whole) : 0,
		 (double)done / MIB, (double)whole / MIB);
	fflush (stderr);
}

void transfer_bar_end (const struct cli *cli)
{
	if (cli->terminal && !cli->json)
		fputc ('\n', stderr);
}

static int on_progress (void *arg, curl_off_t down_all, curl_off_t down, curl_off_t up_all,
			curl_off_t up)
{
	const struct transfer *transfer = arg;

	if (down_all > 0 || up_all > 0)
		transfer_bar (transfer->cli,
			      up_all > 0 ? transfer->offset + (uint64_t)up : (uint64_t)down,
			      up_all > 0 ? transfer->length : (uint64_t)down_all);
	return 0;
}

/* ---- one exchange --------------------------------------------------------------- */

static size_t on_answer (char *data, size_t one, size_t count, void *arg)
{
	const struct transfer *transfer = arg;
	struct bytes more = { (const uint8_t *)data, one * count };

	return buffer_add (transfer->answer, more) == ERR_OK ? one * count : 0;
}

/* The file itself on success; what went wrong otherwise. */
static size_t on_content (char *data, size_t one, size_t count, void *arg)
{
	struct transfer *transfer = arg;
	long status = 0;

	curl_easy_getinfo (transfer->curl, CURLINFO_RESPONSE_CODE, &status);
	if (status != 200)
		return on_answer (data, one, count, arg);
	return fwrite (data, one, count, transfer->file) * one;
}

static size_t on_read (char *buffer, size_t one, size_t count, void *arg)
{
	struct transfer *transfer = arg;

	return fread (buffer, one, count, transfer->file) * one;
}

static void begin (struct transfer *transfer, const char *path)
{
	char url[512];
	CURL *curl = curl_easy_init ();

	if (curl == NULL)
		abort ();
	snprintf (url, sizeof url, "http://agent%s", path);
	transfer->curl = curl;
	transfer->answer = buffer_new (ANSWER_MAX_BYTES);
	transfer->headers = curl_slist_append (NULL, "Expect:");
	curl_easy_setopt (curl, CURLOPT_URL, url);
	curl_easy_setopt (curl, CURLOPT_UNIX_SOCKET_PATH, transfer->cli->socket);
	curl_easy_setopt (curl, CURLOPT_PROXY, "");
	curl_easy_setopt (curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt (curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt (curl, CURLOPT_LOW_SPEED_TIME, STALLED_SECONDS);
	curl_easy_setopt (curl, CURLOPT_WRITEDATA, transfer);
	curl_easy_setopt (curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt (curl, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt (curl, CURLOPT_XFERINFODATA, transfer);
}

static err_t run (struct transfer *transfer, json_t **ret_answer)
{
	CURLcode code;
	long status = 0;
	err_t err = ERR_OFFLINE;

	curl_easy_setopt (transfer->curl, CURLOPT_HTTPHEADER, transfer->headers);
	code = curl_easy_perform (transfer->curl);
	curl_easy_getinfo (transfer->curl, CURLINFO_RESPONSE_CODE, &status);
	transfer_bar_end (transfer->cli);
	if (code == CURLE_OK && (status != 200 || ret_answer != NULL)) {
		json_t *answer = NULL;

		err = client_answer (transfer->cli, status, buffer_bytes (transfer->answer), &answer);
		if (err == ERR_OK && ret_answer != NULL)
			*ret_answer = answer;
		else
			json_decref (answer);
	} else if (code == CURLE_OK) {
		err = ERR_OK;
	}
	curl_easy_cleanup (transfer->curl);
	curl_slist_free_all (transfer->headers);
	buffer_destroy (&transfer->answer);
	return err;
}

/* ---- both ways ------------------------------------------------------------------ */

err_t transfer_put (struct cli *cli, const char *path, FILE *from, uint64_t offset, uint64_t length,
		    const char *type, json_t **ret_answer)
{
	struct transfer transfer = { .cli = cli, .file = from, .offset = offset, .length = length };
	char header[128];

	if (fseek (from, (long)offset, SEEK_SET) != 0)
		return ERR_FILE;
	begin (&transfer, path);
	snprintf (header, sizeof header, "Content-Type: %.80s", type);
	transfer.headers = curl_slist_append (transfer.headers, header);
	curl_easy_setopt (transfer.curl, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt (transfer.curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)(length - offset));
	curl_easy_setopt (transfer.curl, CURLOPT_READFUNCTION, on_read);
	curl_easy_setopt (transfer.curl, CURLOPT_READDATA, &transfer);
	curl_easy_setopt (transfer.curl, CURLOPT_WRITEFUNCTION, on_answer);
	return run (&transfer, ret_answer);
}

err_t transfer_post (struct cli *cli, const char *path, const json_t *body, FILE *to)
{
	struct transfer transfer = { .cli = cli, .file = to };
	char *text = json_text (body, false);
	err_t err;

	begin (&transfer, path);
	transfer.headers = curl_slist_append (transfer.headers, "Content-Type: application/json");
	curl_easy_setopt (transfer.curl, CURLOPT_POSTFIELDS, text);
	curl_easy_setopt (transfer.curl, CURLOPT_WRITEFUNCTION, on_content);
	err = run (&transfer, NULL);
	free (text);
	return err;
}

err_t transfer_get (struct cli *cli, const char *path, FILE *to)
{
	struct transfer transfer = { .cli = cli, .file = to };

	begin (&transfer, path);
	curl_easy_setopt (transfer.curl, CURLOPT_WRITEFUNCTION, on_content);
	return run (&transfer, NULL);
}
