/* How the agent stands, and whether it is ready. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "agents/cli/out.h"

static void print_hub (const struct cli *cli, const json_t *hub)
{
	char text[OUT_TEXT], line[2 * OUT_TEXT];
	bool connected = json_get_flag (hub, "connected", false);
	const json_t *error = json_object_get (hub, "last_error");

	out_words (cli, connected ? "terhubung" : "terputus",
		   connected ? "connected" : "not connected", text);
	snprintf (line, sizeof line, "%s %s, %s", out_get (hub, "id"),
		  out_get (hub, "endpoint"), text);
	out_line (cli, "Hub", "Hub", line);
	out_line (cli, "Sejak", "Since", out_time (cli, hub, "since", text));
	if (json_is_object (error))
		out_line (cli, "Kesalahan terakhir", "Last error",
			  out_words (cli, out_get (error, "message_id"),
				     out_get (error, "message_en"), text));
}

static void print_count (const struct cli *cli, const char *id, const char *en,
			 const json_t *object, const char *name)
{
	char number[24];

	snprintf (number, sizeof number, "%" PRId64, json_get_number (object, name, 0));
	out_line (cli, id, en, number);
}

static void print_waiting (const struct cli *cli, const json_t *queue)
{
	char number[24], text[OUT_TEXT];
	int64_t waiting = json_get_number (queue, "written", 0) +
			  json_get_number (queue, "sealed", 0);

	snprintf (number, sizeof number, "%" PRId64, waiting);
	out_line (cli, "Dalam antrean", "Queued", number);
	if (*out_get (queue, "quota_until") != '\0')
		out_line (cli, "Kuota hub tercapai, lanjut", "Hub quota reached, goes on",
			  out_time (cli, queue, "quota_until", text));
	print_count (cli, "Di hub", "At the hub", queue, "in_custody");
	print_count (cli, "Ditolak", "Refused", queue, "refused");
	print_count (cli, "Kedaluwarsa", "Expired", queue, "expired");
}

/* The checkpoint's first two lines: which log, and how long it is. */
static void print_log (const struct cli *cli, const json_t *log)
{
	const char *note = out_get (log, "checkpoint"), *size = strchr (note, '\n');
	const json_t *trouble;
	char line[OUT_TEXT];
	size_t i;

	json_array_foreach (json_object_get (log, "troubles"), i, trouble)
		out_line (cli, "PERHATIAN", "WARNING", out_member (cli, trouble, "words", line));
	if (size == NULL)
		return;
	snprintf (line, sizeof line, "%.*s (%.*s)", (int)(size - note), note,
		  (int)strcspn (size + 1, "\n"), size + 1);
	out_line (cli, "Catatan hub", "Hub's log", line);
	print_count (cli, "Terbukti di hub", "Proved there", log, "proved");
	print_count (cli, "Belum terbukti", "Not proved yet", log, "unproved");
}

/* When, how large and where; a person looks for the file by the name. */
static void print_backup (const struct cli *cli, const json_t *backup)
{
	const json_t *last = json_object_get (backup, "last");
	const json_t *rehearsal = json_object_get (backup, "rehearsal");
	char text[OUT_TEXT], line[3 * OUT_TEXT], never[OUT_TEXT];

	if (!json_is_object (backup))
		return;
	out_words (cli, "belum pernah", "never", never);
	snprintf (line, sizeof line, "%s, %" PRId64 " KiB, %s", out_time (cli, last, "at", text),
		  json_get_number (last, "bytes", 0) / 1024, out_get (last, "path"));
	out_line (cli, "Cadangan terakhir", "Last backup", json_is_object (last) ? line : never);
	out_line (cli, "Uji pulih terakhir", "Last rehearsal",
		  json_is_object (rehearsal) ? out_time (cli, rehearsal, "at", text) : never);
	if (json_get_flag (backup, "old", false))
		out_line (cli, "PERHATIAN", "WARNING",
			  out_words (cli, "sudah tiga hari tidak ada cadangan; jalankan jembatan backup",
				     "no backup for three days; run jembatan backup", text));
}

static void print_status (const struct cli *cli, const json_t *status)
{
	const json_t *agency = json_object_get (status, "agency"),
		     *user = json_object_get (status, "user");
	const json_t *directory = json_object_get (status, "directory");
	const json_t *ledger = json_object_get (status, "ledger");
	char text[OUT_TEXT], line[2 * OUT_TEXT];

	printf ("%s (%s), jembatan %s\n", out_member (cli, agency, "name", text),
		out_get (agency, "id"), out_get (status, "version"));
	if (json_get_flag (status, "locked", false)) {
		out_line (cli, "PERHATIAN", "WARNING",
			  out_words (cli, "buku besar terkunci, surat menunggu di hub; jalankan jembatan unlock",
				     "the ledger is locked, letters wait at the hub; run jembatan unlock",
				     text));
		return;
	}
	snprintf (line, sizeof line, "%s (%s)", out_get (user, "name"),
		  out_get (user, "role"));
	out_line (cli, "Anda", "You", line);
	print_hub (cli, json_object_get (status, "hub"));
	print_waiting (cli, json_object_get (status, "queue"));
	print_log (cli, json_object_get (status, "log"));
	print_count (cli, "Klien", "Clients", ledger, "people");
	print_count (cli, "Catatan buku besar", "Ledger entries", ledger, "entries");
	print_count (cli, "Peringatan", "Alarms", status, "alarms");
	print_backup (cli, json_object_get (status, "backup"));
	print_count (cli, "Versi direktori", "Directory version", directory, "version");
	out_line (cli, "Direktori berlaku sampai", "Directory valid until",
		  out_due (cli, directory, "expires", text));
}

err_t run_status (struct cli *cli)
{
	json_t *status;
	err_t err = args_finish (cli, 0);

	if (err == ERR_OK)
		err = client_ask (cli, "GET", "/v1/status", NULL, &status);
	if (err != ERR_OK)
		return err;
	if (!client_printed (cli, status))
		print_status (cli, status);
	json_decref (status);
	return ERR_OK;
}

/* ---- ready
 * ----------------------------------------------------------------------------------- */

/* For scripts: the words of the monitor's /ready, and the exit status says it too.  Not to be connected
 * is told, and does not count. */
err_t run_ready (struct cli *cli)
{
	json_t *status;
	const json_t *ready, *value;
	const char *name;
	bool all;
	err_t err = args_finish (cli, 0);

	if (err == ERR_OK)
		err = client_ask (cli, "GET", "/v1/status", NULL, &status);
	if (err != ERR_OK)
		return err;
	ready = json_object_get (status, "ready");
	all = json_get_flag (ready, "all", false);
	if (!client_printed (cli, ready)) {
		printf ("ready %s\n", all ? "yes" : "no");
		json_object_foreach ((json_t *)(uintptr_t)ready, name, value)
			if (strcmp (name, "all") != 0)
				printf ("%s %s\n", name, json_is_true (value) ? "yes" : "no");
	}
	json_decref (status);
	return all ? ERR_OK : ERR_BUSY;
}
