/* What waits for somebody: deadlines, reminders, alarms. */
#include "agents/cli/work.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- when
 * ------------------------------------------------------------------------------------- */

static const char *days_late (const struct cli *cli, int64_t days, char text[OUT_TEXT])
{
	char id[64], en[64];

	if (days == 0)
		return out_words (cli, "terlambat, hari ini", "late, today", text);
	snprintf (id, sizeof id, "terlambat %" PRId64 " hari", days);
	snprintf (en, sizeof en, "%" PRId64 " day%s late", days, days == 1 ? "" : "s");
	return out_words (cli, id, en, text);
}

static const char *days_left (const struct cli *cli, int64_t days, char text[OUT_TEXT])
{
	char id[64], en[64];

	if (days == 0)
		return out_words (cli, "hari ini", "today", text);
	if (days == 1)
		return out_words (cli, "besok", "tomorrow", text);
	snprintf (id, sizeof id, "%" PRId64 " hari lagi", days);
	snprintf (en, sizeof en, "in %" PRId64 " days", days);
	return out_words (cli, id, en, text);
}

const char *work_when (const struct cli *cli, const json_t *item, const char *name,
		       char text[OUT_TEXT])
{
	int64_t days = json_get_number (item, "days", 0);
	char when[OUT_TEXT], far[OUT_TEXT];

	out_time (cli, item, name, when);
	if (json_get_flag (item, "late", false))
		days_late (cli, -days, far);
	else
		days_left (cli, days, far);
	snprintf (text, OUT_TEXT, "%.100s (%.100s)", when, far);
	return text;
}

/* ---- deadlines
 * -------------------------------------------------------------------------------- */

static const char *whose_move (const struct cli *cli, const json_t *item, char text[OUT_TEXT])
{
	if (json_get_flag (item, "ours", false))
		return out_words (cli, "kita", "ours", text);
	return out_get (json_object_get (item, "owner"), "id");
}

static const char *due_when (const struct cli *cli, const json_t *item, char text[OUT_TEXT])
{
	if (!json_get_flag (item, "paused", false))
		return work_when (cli, item, "due", text);
	return out_words (cli, "berhenti: menunggu jawaban", "stands still: an answer is awaited",
			  text);
}

void print_due (const struct cli *cli, const json_t *items)
{
	OWNED (table) table = table_new (cli);
	size_t i;
	json_t *item;

	table_column (table, "Nomor", "Number");
	table_column (table, "Surat", "Letters");
	table_column (table, "Giliran", "Whose move");
	table_column (table, "Yang harus terjadi", "What has to happen");
	table_column (table, "Batas waktu", "Due");
	table_column (table, "Eskalasi", "Escalation");
	json_array_foreach ((json_t *)items, i, item)
	{
		const json_t *thread = json_object_get (item, "thread");
		char text[OUT_TEXT];

		table_cell (table, out_get (thread, "number"));
		table_cell (table, out_member (cli, thread, "type_words", text));
		table_cell (table, whose_move (cli, item, text));
		table_cell (table, out_member (cli, item, "words", text));
		table_cell (table, due_when (cli, item, text));
		table_cell (table, out_member (cli, item, "told_words", text));
	}
	table_print (table);
}

err_t run_due (struct cli *cli)
{
	bool late = args_has (cli, "late"), mine = args_has (cli, "mine");
	char path[64];

	snprintf (path, sizeof path, "/v1/due%s%s%s%s", late || mine ? "?" : "",
		  late ? "late=1" : "", late && mine ? "&" : "", mine ? "mine=1" : "");
	return list_run (cli, 0, path, print_due, "Tidak ada batas waktu yang berjalan.",
			 "No deadline is running.");
}

/* ---- reminders
 * -------------------------------------------------------------------------------- */

/* "jembatan checkin R-2026-0007", "jembatan release --person K-2026-0003" */
static const char *command_to_write (const json_t *item, char text[OUT_TEXT])
{
	const char *kind = out_get (item, "kind");
	const char *number = out_get (json_object_get (item, "thread"), "number");
	const char *person = out_get (json_object_get (item, "person"), "number");
	const struct command *command = command_of_kind (kind);
	bool opens = json_get_flag (item, "opens", false);

	if (command != NULL)
		snprintf (text, OUT_TEXT, "jembatan %s", command->name);
	else
		snprintf (text, OUT_TEXT, "jembatan %s %.100s", opens ? "open" : "send", kind);
	if (!opens)
		snprintf (text + strlen (text), OUT_TEXT - strlen (text), " %s", number);
	else if (*person != '\0')
		snprintf (text + strlen (text), OUT_TEXT - strlen (text), " --person %s", person);
	return text;
}

void print_reminders (const struct cli *cli, const json_t *items)
{
	OWNED (table) table = table_new (cli);
	size_t i;
	json_t *item;

	table_column (table, "No", "No");
	table_column (table, "Klien", "Client");
	table_column (table, "Yang ditulis", "What to write");
	table_column (table, "Waktu", "When");
	table_column (table, "Perintah", "Command");
	json_array_foreach ((json_t *)items, i, item)
	{
		char text[OUT_TEXT];

		snprintf (text, OUT_TEXT, "%" PRId64, json_get_number (item, "n", 0));
		table_cell (table, text);
		table_cell (table, out_get (json_object_get (item, "person"), "number"));
		table_cell (table, out_member (cli, item, "words", text));
		table_cell (table, work_when (cli, item, "due", text));
		table_cell (table, command_to_write (item, text));
	}
	table_print (table);
}

static bool is_number (const char *text)
{
	return *text != '\0' && strspn (text, "0123456789") == strlen (text) &&
	       strlen (text) <= 18;
}

static err_t finish_reminder (struct cli *cli)
{
	const char *reason = args_flag (cli, "reason"), *number;
	char path[64];
	json_t *answer;
	err_t err = args_word (cli, 1, "nomor pengingat", "the reminder's number", &number);

	if (err == ERR_OK)
		err = args_finish (cli, 2);

	if (err != ERR_OK)
		return err;
	if (!is_number (number)) {
		out_complain (cli, "%s bukan nomor pengingat", "%s is no reminder's number",
			      quoted (number));
		return ERR_NOT_FOUND;
	}
	snprintf (path, sizeof path, "/v1/reminders/%s/done", number);
	err = client_ask (cli, "POST", path,
			  json_pack ("{s:s}", "reason", reason != NULL ? reason : ""),
			  &answer);
	if (err != ERR_OK)
		return err;
	if (!client_printed (cli, answer))
		out_sayf (cli, "Pengingat %s selesai.", "Reminder %s is done.", number);
	json_decref (answer);
	return ERR_OK;
}

err_t run_reminders (struct cli *cli)
{
	if (cli->word_count > 0 && strcmp (cli->words[0], "done") == 0)
		return finish_reminder (cli);
	return list_run (cli, 0, "/v1/reminders", print_reminders, "Tidak ada pengingat.",
			 "There are no reminders.");
}

/* ---- alarms
 * ----------------------------------------------------------------------------------- */

void print_alarms (const struct cli *cli, const json_t *items)
{
	OWNED (table) table = table_new (cli);
	size_t i;
	json_t *item;

	table_column (table, "No", "No");
	table_column (table, "Peringatan", "Alarm");
	table_column (table, "Nomor", "Number");
	table_column (table, "Mitra", "Partner");
	table_column (table, "Lakukan", "What to do");
	table_column (table, "Sejak", "Since");
	json_array_foreach ((json_t *)items, i, item)
	{
		const json_t *partner = json_object_get (item, "partner");
		char text[OUT_TEXT], number[24];

		snprintf (number, sizeof number, "%" PRId64, json_get_number (item, "n", 0));
		table_cell (table, number);
		table_cell (table, out_member (cli, item, "words", text));
		table_cell (table, out_get (json_object_get (item, "thread"), "number"));
		snprintf (text, OUT_TEXT, "%s %s", out_get (partner, "id"),
			  out_get (partner, "phone"));
		table_cell (table, text);
		table_cell (table, out_member (cli, item, "todo", text));
		table_cell (table, out_due (cli, item, "raised", text));
	}
	table_print (table);
}

static err_t close_alarm (struct cli *cli)
{
	const char *number;
	char path[64];
	json_t *answer;
	err_t err = args_word (cli, 1, "nomor peringatan", "the alarm's number", &number);

	if (err == ERR_OK)
		err = args_finish (cli, 2);

	if (err != ERR_OK)
		return err;
	if (!is_number (number)) {
		out_complain (cli, "%s bukan nomor peringatan", "%s is no alarm's number",
			      quoted (number));
		return ERR_NOT_FOUND;
	}
	snprintf (path, sizeof path, "/v1/alarms/%s/close", number);
	err = client_ask (cli, "POST", path, json_object (), &answer);
	if (err != ERR_OK)
		return err;
	if (!client_printed (cli, answer))
		out_sayf (cli, "Peringatan %s ditutup.", "Alarm %s is closed.", number);
	json_decref (answer);
	return ERR_OK;
}

err_t run_alarms (struct cli *cli)
{
	if (cli->word_count > 0 && strcmp (cli->words[0], "close") == 0)
		return close_alarm (cli);
	return list_run (cli, 0, "/v1/alarms", print_alarms, "Tidak ada peringatan.",
			 "There are no alarms.");
}
