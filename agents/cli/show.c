/* One referral as its reader needs it, and its history. */
#include <stdio.h>
#include <string.h>

#include "agents/cli/answers.h"
#include "agents/cli/catalogue.h"
#include "agents/cli/people.h"

/* ---- the referral
 * ----------------------------------------------------------------------------- */

static void print_number (const struct cli *cli, const json_t *referral, const char *name,
			  const char *id, const char *en)
{
	out_line (cli, id, en, out_get (json_object_get (referral, name), "number"));
}

static void print_partner (const struct cli *cli, const json_t *referral)
{
	const json_t *partner = json_object_get (referral, "partner");
	bool performing = strcmp (out_get (referral, "side"), "performer") == 0;
	char name[OUT_TEXT], line[2 * OUT_TEXT];
	const char *phone = out_get (partner, "phone");

	snprintf (line, sizeof line, "%s (%s)%s%s",
		  out_member (cli, partner, "name", name), out_get (partner, "id"),
		  *phone != '\0' ? ", " : "", phone);
	out_line (cli, performing ? "Dari" : "Kepada", performing ? "From" : "To", line);
}

/* "keputusan menerima atau menolak: Klinik ...: 25 November 2026 10.15 WIB (3 hari lagi)"
 */
static void print_deadline (const struct cli *cli, const json_t *deadline)
{
	char words[OUT_TEXT], owner[OUT_TEXT], due[OUT_TEXT], line[4 * OUT_TEXT];
	bool overdue = json_get_flag (deadline, "overdue", false);

	out_member (cli, deadline, "words", words);
	out_member (cli, json_object_get (deadline, "owner"), "name", owner);
	out_due (cli, deadline, "due", due);
	snprintf (line, sizeof line, "%s: %s: %s%s%s", words, owner,
		  overdue && cli->terminal ? "\033[31m" : "", due,
		  overdue && cli->terminal ? "\033[0m" : "");
	out_line (cli, "Batas waktu", "Deadline", line);
}

static void print_deadlines (const struct cli *cli, const json_t *referral)
{
	size_t i;
	json_t *deadline;

	json_array_foreach (json_object_get (referral, "deadlines"), i, deadline)
		print_deadline (cli, deadline);
}

/* clang-format off */
static const struct { const char *name, *id, *en; } overlays[] = {
	{ "cancel-requested", "pembatalan diminta", "cancellation requested" },
	{ "cancelled-unconfirmed", "dibatalkan, belum dikonfirmasi", "cancelled, unconfirmed" },
};
/* clang-format on */

static void print_overlay (const struct cli *cli, const json_t *referral)
{
	char text[OUT_TEXT];

	for (size_t i = 0; i < COUNT_OF (overlays); i++)
		if (strcmp (overlays[i].name, out_get (referral, "overlay")) == 0)
			out_line (cli, "Catatan", "Note",
				  out_words (cli, overlays[i].id, overlays[i].en, text));
	if (json_get_flag (referral, "data_stopped", false))
		out_line (
			cli, "Catatan", "Note",
			out_words (
				cli,
				"persetujuan ditarik: data pribadi tidak boleh dikirim "
				"lagi",
				"consent withdrawn: no personal data may leave any more",
				text));
}

/* clang-format off */
static const struct { const char *name, *id, *en; } urgencies[] = {
	{ "routine", "biasa", "routine" },
	{ "urgent",  "mendesak", "urgent" },
	{ "asap",    "secepatnya", "as soon as possible" },
	{ "stat",    "darurat", "emergency" },
};
/* clang-format on */

static const char *urgency_words (const struct cli *cli, const json_t *referral,
				  char text[OUT_TEXT])
{
	const char *name = out_get (referral, "urgency");

	for (size_t i = 0; i < COUNT_OF (urgencies); i++)
		if (strcmp (urgencies[i].name, name) == 0)
			return out_words (cli, urgencies[i].id, urgencies[i].en, text);
	return name;
}

/* How letters reach the other side, when it is not by the network. */
static void print_carrier (const struct cli *cli, const json_t *referral)
{
	const char *carrier = out_get (referral, "carrier");
	char text[OUT_TEXT];

	if (strcmp (carrier, "paper") == 0) {
		out_line (cli, "Lewat", "By",
			  out_words (cli, "surat cetak", "printed letter", text));
		out_line (cli, "Kode jawaban", "Answer code", out_get (referral, "code"));
	}
	if (strcmp (carrier, "own") == 0)
		out_line (cli, "Lewat", "By",
			  out_words (cli, "instansi ini sendiri", "this agency itself", text));
}

static void print_head (const struct cli *cli, const json_t *referral)
{
	char text[OUT_TEXT], state[OUT_TEXT];

	out_member (cli, json_object_get (referral, "state"), "words", state);
	printf ("%s%s%s  %s\n", cli->terminal ? "\033[1m" : "",
		out_get (referral, "number"), cli->terminal ? "\033[0m" : "", state);
	print_overlay (cli, referral);
	print_partner (cli, referral);
	print_carrier (cli, referral);
	out_line (cli, "Surat", "Letters", out_member (cli, referral, "type_words", text));
	out_line (cli, "Layanan", "Service",
		  out_member (cli, json_object_get (referral, "service"), "words", text));
	out_line (cli, "Urgensi", "Urgency", urgency_words (cli, referral, text));
	out_line (cli, "Dibuka", "Opened", out_time (cli, referral, "opened", text));
	out_line (cli, "Janji temu", "Appointment",
		  out_due (cli, referral, "appointment", text));
	print_number (cli, referral, "parent", "Lanjutan dari", "Carries onward");
	print_number (cli, referral, "child", "Dilanjutkan sebagai", "Carried onward as");
	print_number (cli, referral, "replaces", "Pengganti", "Replaces");
	print_deadlines (cli, referral);
}

/* ---- letters
 * ---------------------------------------------------------------------------------- */

static void print_refusal (const struct cli *cli, const json_t *custody)
{
	const json_t *error = json_object_get (custody, "error");
	char text[OUT_TEXT];

	if (json_is_object (error))
		printf ("      %s: %s\n", out_get (error, "code"),
			out_words (cli, out_get (error, "message_id"),
				   out_get (error, "message_en"), text));
}

/* Of a letter that the hub put off: nobody has to do anything. */
static void print_next_try (const struct cli *cli, const json_t *custody)
{
	char words[OUT_TEXT], at[OUT_TEXT];

	if (*out_get (custody, "next_try") != '\0')
		printf ("      %s: %s\n",
			out_words (cli, "dikirim lagi dengan sendirinya", "goes again by itself",
				   words), out_due (cli, custody, "next_try", at));
}

/* Who said it and when, of an answer that somebody here wrote down. */
static void print_speaker (const struct cli *cli, const json_t *letter)
{
	char at[OUT_TEXT];

	if (!json_is_object (json_object_get (letter, "reported")))
		return;
	printf ("      %s %s\n", out_time (cli, letter, "written", at),
		out_get (letter, "from_user"));
}

static void print_letter (const struct cli *cli, const json_t *letter)
{
	const json_t *custody = json_object_get (letter, "custody");
	bool out = strcmp (out_get (letter, "way"), "out") == 0;
	char at[OUT_TEXT], words[OUT_TEXT], state[OUT_TEXT];

	printf ("  %s %s  %s [%s]\n", out ? "->" : "<-", out_time (cli, letter, "at", at),
		out_member (cli, letter, "words", words),
		out_member (cli, custody, "words", state));
	print_refusal (cli, custody);
	print_next_try (cli, custody);
	print_speaker (cli, letter);
	answers_print (cli, letter);
}

static void print_letters (const struct cli *cli, const json_t *referral)
{
	size_t i;
	json_t *letter;

	out_heading (cli, "Surat", "Letters");
	json_array_foreach (json_object_get (referral, "letters"), i, letter)
		print_letter (cli, letter);
}

/* ---- next
 * -------------------------------------------------------------------------------------
 */

/* "50.0 MiB"; a small file in bytes, for 0.0 MiB looks as if nothing were in it. */
static const char *size_text (const struct cli *cli, double bytes, char text[OUT_TEXT])
{
	char words[OUT_TEXT];

	if (bytes >= MIB / 10.0)
		snprintf (text, OUT_TEXT, "%.1f MiB", bytes / MIB);
	else
		snprintf (text, OUT_TEXT, "%.0f %s", bytes, out_words (cli, "bita", "bytes", words));
	return text;
}

/* Files that came or went with the letters, each with its number, by which it is saved. */
static void print_attachments (const struct cli *cli, const json_t *referral)
{
	const json_t *list = json_object_get (referral, "attachments");
	json_t *one;
	size_t i;

	if (json_array_size (list) == 0)
		return;
	out_heading (cli, "Lampiran", "Attachments");
	json_array_foreach ((json_t *)list, i, one)
	{
		char words[OUT_TEXT], size[OUT_TEXT];

		printf ("  %lld  %s  (%s)  %s %lld%%\n",
			(long long)json_get_number (one, "number", 0), out_get (one, "title"),
			size_text (cli, (double)json_get_number (one, "length", 0), size),
			out_member (cli, one, "words", words),
			(long long)json_get_number (one, "percent", 0));
	}
}

static void print_next (struct cli *cli, const json_t *referral)
{
	const json_t *next = json_object_get (referral, "next");
	json_t *catalogue = NULL, *row;
	char words[OUT_TEXT], line[OUT_TEXT];
	size_t i;

	if (json_array_size (next) == 0)
		return;
	if (client_try (cli, "/v1/catalogue", &catalogue) != ERR_OK)
		catalogue = NULL;
	out_heading (cli, "Langkah berikutnya", "What can come next");
	json_array_foreach ((json_t *)next, i, row)
		printf ("  %s\n      %s\n", out_member (cli, row, "words", words),
			catalogue_line (catalogue, out_get (row, "kind"),
					out_get (referral, "number"), line));
	json_decref (catalogue);
}

/* Off the wire: the answers that somebody here can write down now. */
static void print_reportable (struct cli *cli, const json_t *referral)
{
	const json_t *list = json_object_get (referral, "reportable");
	const char *code = out_get (referral, "code");
	char words[OUT_TEXT];
	size_t i;
	json_t *row;

	if (json_array_size (list) == 0)
		return;
	out_heading (cli, "Jawaban yang dapat dicatat", "Answers that can be written down");
	json_array_foreach ((json_t *)list, i, row)
	{
		const char *kind = out_get (row, "kind");
		const struct command *command = command_of_kind (kind);

		printf ("  %s\n      jembatan answer %s %s --via ...\n",
			out_member (cli, row, "words", words),
			*code != '\0' ? code : out_get (referral, "number"),
			command != NULL ? command->name : kind);
	}
}

/* Some letters are about nobody, such as those about capacity. */
static void print_client (const struct cli *cli, const json_t *referral)
{
	const json_t *person = json_object_get (referral, "person");

	if (!json_is_object (person))
		return;
	out_heading (cli, "Klien", "Client");
	people_print (cli, person);
}

static void print_referral (struct cli *cli, const json_t *referral)
{
	print_head (cli, referral);
	print_client (cli, referral);
	print_letters (cli, referral);
	print_attachments (cli, referral);
	print_next (cli, referral);
	print_reportable (cli, referral);
}

static err_t path_of (struct cli *cli, const char *after, char path[160])
{
	const char *number;
	err_t err = args_word (cli, 0, "nomor rujukan", "the referral's number", &number);

	if (err == ERR_OK)
		err = args_finish (cli, 1);
	if (err != ERR_OK)
		return err;
	err = args_number (cli, number);
	if (err != ERR_OK)
		return err;
	snprintf (path, 160, "/v1/referrals/%.60s%s", number, after);
	return ERR_OK;
}

err_t run_show (struct cli *cli)
{
	char path[160];
	json_t *referral;
	err_t err = path_of (cli, "", path);

	if (err == ERR_OK)
		err = client_ask (cli, "GET", path, NULL, &referral);
	if (err != ERR_OK)
		return err;
	if (!client_printed (cli, referral))
		print_referral (cli, referral);
	json_decref (referral);
	return ERR_OK;
}

/* ---- timeline
 * --------------------------------------------------------------------------------- */

static void print_entry (const struct cli *cli, const json_t *entry)
{
	const json_t *from = json_object_get (entry, "from"),
		     *to = json_object_get (entry, "to");
	const json_t *partner = json_object_get (entry, "partner");
	char at[OUT_TEXT], words[OUT_TEXT], text[OUT_TEXT];
	const char *word = out_get (entry, "word"), *user = out_get (entry, "user");
	const char *kind = out_get (entry, "kind");
	const json_t *reported = json_object_get (entry, "reported");

	printf ("%s  %s", out_time (cli, entry, "at", at),
		out_member (cli, entry, "words", words));
	if (*kind != '\0')
		printf (" (%s)", out_member (cli, entry, "type_words", text));
	if (json_is_object (partner))
		printf (", %s", out_get (partner, "id"));
	if (json_is_object (to) &&
	    strcmp (out_get (from, "name"), out_get (to, "name")) != 0)
		printf (" -> %s", out_member (cli, to, "words", text));
	if (json_is_object (reported))
		printf (" [%s]", out_member (cli, reported, "words", text));
	else if (*word != '\0')
		printf (" [%s]", word);
	if (*user != '\0')
		printf (" {%s}", user);
	putchar ('\n');
}

/* A referral by its number, or a client with --person. */
static err_t timeline_path (struct cli *cli, char path[160])
{
	const char *person = args_flag (cli, "person");
	char id[UUID_TEXT];
	err_t err;

	if (person == NULL)
		return path_of (cli, "/timeline", path);
	err = args_finish (cli, 0);
	if (err == ERR_OK)
		err = people_find (cli, person, id);
	if (err == ERR_OK)
		snprintf (path, 160, "/v1/people/%s/timeline", id);
	return err;
}

err_t run_timeline (struct cli *cli)
{
	char path[160];
	json_t *items, *entry;
	size_t i;
	err_t err = timeline_path (cli, path);

	if (err == ERR_OK)
		err = client_list (cli, path, &items);
	if (err != ERR_OK)
		return err;
	if (!client_printed (cli, items))
		json_array_foreach (items, i, entry) print_entry (cli, entry);
	json_decref (items);
	return ERR_OK;
}
