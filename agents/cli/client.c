/* The agent's api over its unix socket, and what to say when it says no. */
#include "agents/cli/cli.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/cli/out.h"

#define ANSWER_MAX_BYTES (64u * MIB)
#define TIMEOUT_SECONDS 60L

/* ---- one exchange
 * ----------------------------------------------------------------------------- */

struct exchange {
	CURL *curl;
	struct curl_slist *headers;
	char *body;
	buffer_t *answer;
	long status;
	long os_error; /* why there was no connection */
};

static size_t on_data (char *data, size_t one, size_t count, void *arg)
{
	struct bytes more = { (const uint8_t *)data, one * count };

	return buffer_add (arg, more) == ERR_OK ? one * count : 0;
}

static void set_up (struct exchange *exchange, const struct cli *cli, const char *method,
		    const char *url)
{
	CURL *curl = exchange->curl;

	exchange->headers = curl_slist_append (NULL, "Content-Type: application/json");
	exchange->headers = curl_slist_append (exchange->headers, "Expect:");
	curl_easy_setopt (curl, CURLOPT_URL, url);
	curl_easy_setopt (curl, CURLOPT_UNIX_SOCKET_PATH, cli->socket);
	curl_easy_setopt (curl, CURLOPT_CUSTOMREQUEST, method);
	curl_easy_setopt (curl, CURLOPT_HTTPHEADER, exchange->headers);
	curl_easy_setopt (curl, CURLOPT_PROXY, "");
	curl_easy_setopt (curl, CURLOPT_TIMEOUT, TIMEOUT_SECONDS);
	curl_easy_setopt (curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt (curl, CURLOPT_WRITEFUNCTION, on_data);
	curl_easy_setopt (curl, CURLOPT_WRITEDATA, exchange->answer);
	if (exchange->body != NULL)
		curl_easy_setopt (curl, CURLOPT_POSTFIELDS, exchange->body);
}

static CURLcode exchange_run (struct exchange *exchange, const struct cli *cli,
			      const char *method, const char *path)
{
	char url[1024];
	CURLcode code;

	snprintf (url, sizeof url, "http://agent%s", path);
	set_up (exchange, cli, method, url);
	code = curl_easy_perform (exchange->curl);
	curl_easy_getinfo (exchange->curl, CURLINFO_RESPONSE_CODE, &exchange->status);
	curl_easy_getinfo (exchange->curl, CURLINFO_OS_ERRNO, &exchange->os_error);
	return code;
}

static void exchange_begin (struct exchange *exchange, json_t *body)
{
	*exchange = (struct exchange){ .curl = curl_easy_init (),
				       .answer = buffer_new (ANSWER_MAX_BYTES) };
	if (exchange->curl == NULL)
		abort ();
	if (body != NULL)
		exchange->body = json_text (body, false);
	json_decref (body);
}

static void exchange_end (struct exchange *exchange)
{
	curl_easy_cleanup (exchange->curl);
	curl_slist_free_all (exchange->headers);
	free (exchange->body);
	buffer_destroy (&exchange->answer);
}

/* ---- saying what went wrong
 * ------------------------------------------------------------------- */

static err_t no_connection (const struct cli *cli, long os_error)
{
	if (os_error == EACCES) {
		out_complain (
			cli,
			"Anda tidak berhak membuka soket %s; masuklah ke grup jembatan",
			"you may not open the socket %s; join the group jembatan",
			cli->socket);
		return ERR_NOT_ALLOWED;
	}
	out_complain (
		cli,
		"agen tidak berjalan pada soket %s; jalankan: systemctl start "
		"jembatan-agent",
		"the agent is not running at the socket %s; start it: systemctl start "
		"jembatan-agent",
		cli->socket);
	return ERR_OFFLINE;
}

/* "--told" for the form's field "household-told": what is wrong is named as it is typed. */
static const char *typed_name (const struct cli *cli, const char *field, char text[80])
{
	size_t i;
	json_t *one;

	json_array_foreach (cli->fields, i, one)
	{
		const char *flag = out_get (one, "flag");

		if (strcmp (out_get (one, "name"), field) != 0 || *flag == '\0')
			continue;
		snprintf (text, 80, "--%.70s", flag);
		return text;
	}
	return field;
}

static void show_problem (const struct cli *cli, const json_t *problem)
{
	char name[80];
	const char *field = typed_name (cli, out_get (problem, "field"), name);
	const char *colon = *field != '\0' ? ": " : "";
	char id[OUT_TEXT], en[OUT_TEXT];

	snprintf (id, sizeof id, "  %s%s%s", field, colon,
		  out_get (problem, "message_id"));
	snprintf (en, sizeof en, "  %s%s%s", field, colon,
		  out_get (problem, "message_en"));
	out_complain_texts (cli, id, en);
}

/* The sentence of NO_SPACE speaks of letters; a field's says which disk is full, and that may be
 * the one for backups. */
static bool only_its_fields (const json_t *error)
{
	return strcmp (out_get (error, "code"), "NO_SPACE") == 0 &&
	       json_array_size (json_object_get (error, "fields")) > 0;
}

static void show_error (const struct cli *cli, const json_t *error)
{
	size_t i;
	json_t *problem;

	if (cli->json) {
		client_printed (cli, error);
		return;
	}
	if (!only_its_fields (error))
		out_complain_texts (cli, out_get (error, "message_id"),
				    out_get (error, "message_en"));
	json_array_foreach (json_object_get (error, "fields"), i, problem)
		show_problem (cli, problem);
}

static err_t not_understood (const struct cli *cli)
{
	out_complain (cli,
		      "jawaban agen tidak dapat dibaca; samakan versi jembatan dan agen",
		      "the agent's answer can't be read; bring jembatan and the agent to "
		      "one version");
	return ERR_BAD_VERSION;
}

/* The error that an answer names; OK for a 2xx. */
static err_t error_of (long status, const json_t *answer)
{
	err_t err = ERR_CORRUPT;

	if (status >= 200 && status < 300)
		return ERR_OK;
	if (err_parse (out_get (answer, "code"), &err) != 0)
		return ERR_BAD_VERSION;
	return err;
}

static err_t read_answer (const struct cli *cli, long status, struct bytes body, bool quiet,
			  json_t **ret_answer)
{
	json_t *answer = NULL;
	err_t err;

	if (json_read (body, &answer, NULL) != ERR_OK)
		return quiet ? ERR_BAD_VERSION : not_understood (cli);
	err = error_of (status, answer);
	if (err == ERR_OK) {
		*ret_answer = answer;
		return ERR_OK;
	}
	if (!quiet)
		show_error (cli, answer);
	json_decref (answer);
	return err;
}

/* ---- asking
 * ----------------------------------------------------------------------------------- */

static err_t ask (struct cli *cli, const char *method, const char *path, json_t *body,
		  bool quiet, json_t **ret_answer)
{
	struct exchange exchange;
	CURLcode code;
	err_t err;

	exchange_begin (&exchange, body);
	code = exchange_run (&exchange, cli, method, path);
	if (code == CURLE_OK)
		err = read_answer (cli, exchange.status, buffer_bytes (exchange.answer), quiet,
				   ret_answer);
	else
		err = quiet ? ERR_OFFLINE : no_connection (cli, exchange.os_error);
	exchange_end (&exchange);
	return err;
}

err_t client_answer (const struct cli *cli, long status, struct bytes body, json_t **ret_answer)
{
	return read_answer (cli, status, body, false, ret_answer);
}

err_t client_ask (struct cli *cli, const char *method, const char *path, json_t *body,
		  json_t **ret_answer)
{
	return ask (cli, method, path, body, false, ret_answer);
}

err_t client_try (struct cli *cli, const char *path, json_t **ret_answer)
{
	return ask (cli, "GET", path, NULL, true, ret_answer);
}

err_t client_list (struct cli *cli, const char *path, json_t **ret_items)
{
	json_t *items = json_array ();
	char next[128] = "0";

	while (*next != '\0') {
		char page_path[512];
		json_t *page;
		err_t err;

		snprintf (page_path, sizeof page_path, "%s%climit=200&after=%s", path,
			  strchr (path, '?') != NULL ? '&' : '?', next);
		err = client_ask (cli, "GET", page_path, NULL, &page);
		if (err != ERR_OK) {
			json_decref (items);
			return err;
		}
		json_array_extend (items, json_object_get (page, "items"));
		snprintf (next, sizeof next, "%s", out_get (page, "next"));
		json_decref (page);
	}
	*ret_items = items;
	return ERR_OK;
}

bool client_printed (const struct cli *cli, const json_t *answer)
{
	char *text;

	if (!cli->json)
		return false;
	text = json_text (answer, true);
	puts (text);
	free (text);
	return true;
}
