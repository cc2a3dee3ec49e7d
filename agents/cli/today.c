/* The morning: everything that waits, in the order in which it wants to be looked at. */
#include <inttypes.h>
#include <stdio.h>

#include "agents/cli/work.h"

static void print_arriving (const struct cli *cli, const json_t *items)
{
	OWNED (table) table = table_new (cli);
	size_t i;
	json_t *item;

	table_column (table, "Nomor", "Number");
	table_column (table, "Klien", "Client");
	table_column (table, "Tempat", "Where");
	table_column (table, "Layanan", "Service");
	table_column (table, "Waktu", "When");
	json_array_foreach ((json_t *)items, i, item)
	{
		const json_t *thread = json_object_get (item, "thread");
		bool here = json_get_flag (item, "here", false);
		char text[OUT_TEXT];

		table_cell (table, out_get (thread, "number"));
		table_cell (table, out_get (json_object_get (thread, "person"), "number"));
		table_cell (table, here ? out_words (cli, "di sini", "here", text)
					: out_get (json_object_get (thread, "partner"), "id"));
		table_cell (table, out_member (cli, item, "service_words", text));
		table_cell (table, work_when (cli, item, "appointment", text));
	}
	table_print (table);
}

static const struct {
	const char *name;
	struct {
		const char *id, *en;
	} heading, none;
	list_print_fn *print;
} sections[] = {
	/* clang-format off */
	{ "alarms",    { "Peringatan", "Alarms" },
	  { "Tidak ada peringatan.", "There are no alarms." }, print_alarms },
	{ "answer",    { "Menunggu jawaban kita", "Waiting for our answer" },
	  { "Tidak ada yang menunggu jawaban kita.", "Nobody waits for our answer." }, print_due },
	{ "arriving",  { "Datang hari ini dan besok", "Coming today and tomorrow" },
	  { "Tidak ada janji temu hari ini dan besok.", "No appointments today and tomorrow." },
	  print_arriving },
	{ "reminders", { "Yang perlu ditulis dalam 7 hari", "To be written within 7 days" },
	  { "Tidak ada pengingat dalam 7 hari.", "There are no reminders within 7 days." },
	  print_reminders },
	{ "late",      { "Mitra yang terlambat", "Partners who are late" },
	  { "Tidak ada mitra yang terlambat.", "No partner is late." }, print_due },
	{ "today",     { "Batas waktu mitra hari ini", "Partners' deadlines of today" },
	  { "Tidak ada batas waktu mitra hari ini.", "No partner has a deadline today." },
	  print_due },
	/* clang-format on */
};

static void print_section (const struct cli *cli, const json_t *today, size_t at)
{
	const json_t *section = json_object_get (today, sections[at].name);
	int64_t count = json_get_number (section, "count", 0);
	char id[OUT_TEXT], en[OUT_TEXT];

	snprintf (id, sizeof id, "%s (%" PRId64 ")", sections[at].heading.id, count);
	snprintf (en, sizeof en, "%s (%" PRId64 ")", sections[at].heading.en, count);
	out_heading (cli, id, en);
	if (count == 0)
		out_say (cli, sections[at].none.id, sections[at].none.en);
	else
		sections[at].print (cli, json_object_get (section, "items"));
	if (json_get_flag (section, "more", false))
		out_say (cli, "... dan lainnya; lihat daftarnya.", "... and more; see the list.");
	putchar ('\n');
}

static void print_connection (const struct cli *cli, const json_t *today)
{
	const json_t *hub = json_object_get (today, "hub"),
		     *queue = json_object_get (today, "queue");
	int64_t waiting = json_get_number (queue, "written", 0) +
			  json_get_number (queue, "sealed", 0);
	char number[24];

	snprintf (number, sizeof number, "%" PRId64, waiting);
	out_heading (cli, "Sambungan", "Connection");
	if (json_get_flag (hub, "connected", false))
		out_say (cli, "Terhubung ke hub.", "Connected to the hub.");
	else
		out_say (cli, "Tidak terhubung ke hub; surat dikirim setelah tersambung.",
			 "Not connected to the hub; letters leave when it is back.");
	if (waiting > 0)
		out_sayf (cli, "%s surat menunggu dikirim.", "%s letters wait to be sent.",
			  number);
	else
		out_say (cli, "Tidak ada surat yang menunggu dikirim.",
			 "No letter waits to be sent.");
}

err_t run_today (struct cli *cli)
{
	json_t *today;
	char text[OUT_TEXT];
	err_t err = args_finish (cli, 0);

	if (err == ERR_OK)
		err = client_ask (cli, "GET", "/v1/today", NULL, &today);
	if (err != ERR_OK)
		return err;
	if (!client_printed (cli, today)) {
		printf ("%s\n\n", out_time (cli, today, "now", text));
		for (size_t i = 0; i < COUNT_OF (sections); i++)
			print_section (cli, today, i);
		print_connection (cli, today);
	}
	json_decref (today);
	return ERR_OK;
}
