/* Places: what partners published, and publishing our own. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "agents/cli/catalogue.h"
#include "agents/cli/form.h"
#include "agents/cli/lists.h"

/* ---- the list
 * --------------------------------------------------------------------------------- */

static const char *how_fresh (const struct cli *cli, const json_t *item, char text[OUT_TEXT])
{
	char when[OUT_TEXT], old[OUT_TEXT];

	out_time (cli, item, "published", when);
	if (!json_get_flag (item, "stale", false))
		snprintf (text, OUT_TEXT, "%.100s", when);
	else
		snprintf (text, OUT_TEXT, "%.100s (%.100s)", when,
			  out_words (cli, "usang", "stale", old));
	return text;
}

static void print_capacity (const struct cli *cli, const json_t *items)
{
	OWNED (table) table = table_new (cli);
	size_t i;
	json_t *item;

	table_column (table, "Instansi", "Agency");
	table_column (table, "Layanan", "Service");
	table_column (table, "Tersedia", "Free");
	table_column (table, "Menunggu", "Waiting");
	table_column (table, "Tersedia lagi", "Next free");
	table_column (table, "Diumumkan", "Published");
	json_array_foreach ((json_t *)items, i, item)
	{
		char text[OUT_TEXT];

		table_cell (table, out_get (json_object_get (item, "agency"), "id"));
		table_cell (table, out_member (cli, item, "service_words", text));
		snprintf (text, OUT_TEXT, "%" PRId64 "/%" PRId64,
			  json_get_number (item, "free", 0),
			  json_get_number (item, "total", 0));
		table_cell (table, text);
		snprintf (text, OUT_TEXT, "%" PRId64, json_get_number (item, "waiting", 0));
		table_cell (table, text);
		table_cell (table, out_get (item, "next_free"));
		table_cell (table, how_fresh (cli, item, text));
	}
	table_print (table);
}

/* What goes into an address is a code; whatever else is there, the agent would not know it. */
static err_t take_code (struct cli *cli, const char *flag, const char **ret_value)
{
	const char *value = args_flag (cli, flag);

	*ret_value = value != NULL ? value : "";
	if (strspn (*ret_value, "abcdefghijklmnopqrstuvwxyz0123456789.-") ==
		    strlen (*ret_value) &&
	    strlen (*ret_value) <= 64)
		return ERR_OK;
	out_complain (cli, "%s bukan kode", "%s is no code", quoted (value));
	return ERR_USAGE;
}

static err_t list_capacity (struct cli *cli)
{
	const char *service, *near;
	char path[256];
	err_t err = take_code (cli, "service", &service);

	if (err == ERR_OK)
		err = take_code (cli, "near", &near);
	if (err != ERR_OK)
		return err;
	snprintf (path, sizeof path, "/v1/capacity?limit=200%s%s%s%s",
		  *service != '\0' ? "&service=" : "", service, *near != '\0' ? "&near=" : "",
		  near);
	return list_run (cli, 0, path, print_capacity, "Belum ada kapasitas yang diumumkan.",
			 "No capacity has been published.");
}

/* ---- publishing
 * ------------------------------------------------------------------------------- */

static json_t *split (const char *text)
{
	json_t *list = json_array ();

	while (*text != '\0') {
		size_t len = strcspn (text, ", ");

		if (len > 0)
			json_array_append_new (list, json_stringn (text, len));
		text += len;
		text += strspn (text, ", ");
	}
	return list;
}

static void take_readers (struct cli *cli, json_t *body)
{
	const char *to = args_flag (cli, "to"), *region = args_flag (cli, "region");
	const char *service = args_flag (cli, "service");

	if (to != NULL)
		json_object_set_new (body, "to", split (to));
	if (region != NULL)
		json_object_set_new (body, "region", json_string (region));
	json_object_set_new (body, "service", json_string (service != NULL ? service : ""));
}

static err_t fill_publish (struct cli *cli, json_t *body)
{
	json_t *catalogue, *given, *answers;
	const json_t *kind;
	err_t err = form_file (cli, &given);

	if (err != ERR_OK)
		return err;
	err = client_ask (cli, "GET", "/v1/catalogue", NULL, &catalogue);
	if (err == ERR_OK) {
		kind = catalogue_kind_of (catalogue, "capacity.publish");
		err = form_fill (cli, json_object_get (kind, "fields"), NULL, given, &answers);
		if (err == ERR_OK)
			json_object_set_new (body, "answers", answers);
		json_decref (catalogue);
	}
	json_decref (given);
	return err;
}

static void print_published (const struct cli *cli, const json_t *answer)
{
	const json_t *sent = json_object_get (answer, "sent");
	char number[24];
	size_t i;
	json_t *item;

	snprintf (number, sizeof number, "%zu", json_array_size (sent));
	out_sayf (cli, "Kapasitas dikirim kepada %s instansi:",
		  "Capacity is on its way to %s agencies:", number);
	json_array_foreach ((json_t *)sent, i, item) printf ("  %s\n", out_get (item, "id"));
	json_array_foreach (json_object_get (answer, "not_sent"), i, item)
		out_complain_texts (cli, out_get (item, "message_id"),
				    out_get (item, "message_en"));
}

static err_t publish (struct cli *cli)
{
	json_t *body = json_object (), *answer;
	err_t err;

	take_readers (cli, body);
	err = fill_publish (cli, body);
	if (err == ERR_OK)
		err = args_finish (cli, 1);
	if (err != ERR_OK) {
		json_decref (body);
		return err;
	}
	err = client_ask (cli, "POST", "/v1/capacity", body, &answer);
	if (err != ERR_OK)
		return err;
	if (!client_printed (cli, answer))
		print_published (cli, answer);
	json_decref (answer);
	return ERR_OK;
}

err_t run_capacity (struct cli *cli)
{
	if (cli->word_count > 0 && strcmp (cli->words[0], "publish") == 0)
		return publish (cli);
	return list_capacity (cli);
}
