/* Files that go with letters: uploaded before the letter is written, watched, and saved. */
#include <stdio.h>

#include "agents/cli/attachment.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agents/cli/out.h"
#include "jembatan/ids.h"
#include "proto/os_error.h"

#define TRIES 5              /* of an upload whose line broke */
#define WATCH_US 500000

/* clang-format off */
static const struct { const char *ending, *type; } types[] = {
	{ ".pdf",  "application/pdf" },
	{ ".png",  "image/png" },
	{ ".jpg",  "image/jpeg" },
	{ ".jpeg", "image/jpeg" },
	{ ".tif",  "image/tiff" },
	{ ".tiff", "image/tiff" },
	{ ".csv",  "text/csv" },
	{ ".txt",  "text/plain" },
	{ ".zip",  "application/zip" },
	{ ".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document" },
	{ ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
};
/* clang-format on */

static const char *type_of (const char *path)
{
	const char *dot = strrchr (path, '.');

	for (size_t i = 0; dot != NULL && i < COUNT_OF (types); i++)
		if (strcasecmp (types[i].ending, dot) == 0)
			return types[i].type;
	return "application/octet-stream";
}

/* ---- a file that is named -------------------------------------------------------- */

struct named_file {
	char label[LIMIT_ID_TEXT + 1];
	bool labelled;
	const char *path;
};

/* "health=scan.pdf"; a path that has the sign in it itself may be written as ./a=b.pdf. */
static struct named_file read_name (const char *text)
{
	struct named_file file = { .path = text };
	size_t len = strspn (text, "abcdefghijklmnopqrstuvwxyz-");

	if (len == 0 || len > LIMIT_ID_TEXT || text[len] != '=')
		return file;
	file.labelled = true;
	file.path = text + len + 1;
	if (strncmp (text, "none=", 5) != 0)
		memcpy (file.label, text, len);
	return file;
}

static err_t no_file (const struct cli *cli, const char *path, int why)
{
	char id[OUT_TEXT], en[OUT_TEXT], text[OS_ERROR_TEXT];

	snprintf (id, sizeof id, "berkas %.300s tidak dapat dipakai: %s", path,
		  os_error_id (why, text));
	snprintf (en, sizeof en, "the file %.300s can't be used: %s", path, os_error_en (why, text));
	out_complain_texts (cli, id, en);
	return ERR_FILE;
}

static err_t check_size (const struct cli *cli, const char *path, const struct stat *found)
{
	if (!S_ISREG (found->st_mode)) {
		out_complain (cli, "%s bukan berkas; lampirkan satu berkas, bukan folder",
			      "%s is no file; attach a single file, not a folder", path);
		return ERR_INVALID;
	}
	if (found->st_size == 0) {
		out_complain (cli, "berkas %s kosong", "the file %s is empty", path);
		return ERR_INVALID;
	}
	if ((uint64_t)found->st_size > LIMIT_BLOB_BYTES) {
		out_complain (cli,
			      "berkas %s lebih besar dari 50 MiB; kecilkan atau bagi menjadi "
			      "beberapa berkas",
			      "the file %s is larger than 50 MiB; make it smaller or split it",
			      path);
		return ERR_TOO_LARGE;
	}
	return ERR_OK;
}

static err_t open_file (const struct cli *cli, const char *path, FILE **ret_file,
			uint64_t *ret_length)
{
	FILE *file = fopen (path, "rb");
	struct stat found;
	err_t err;

	if (file == NULL)
		return no_file (cli, path, errno);
	if (fstat (fileno (file), &found) != 0)
		err = no_file (cli, path, errno);
	else
		err = check_size (cli, path, &found);
	if (err != ERR_OK) {
		fclose (file);
		return err;
	}
	*ret_file = file;
	*ret_length = (uint64_t)found.st_size;
	return ERR_OK;
}

/* ---- uploading ------------------------------------------------------------------- */

/* Whom the file is about: the client of the referral that the letter belongs to, or the one named. */
static void about_of (const char *path, const json_t *body, char about[128])
{
	static const char referrals[] = "/v1/referrals/";
	const char *person = json_get_text (body, "person");

	about[0] = '\0';
	if (strncmp (path, referrals, sizeof referrals - 1) == 0)
		snprintf (about, 128, "&referral=%.*s",
			  (int)strcspn (path + sizeof referrals - 1, "/"),
			  path + sizeof referrals - 1);
	else if (person != NULL)
		snprintf (about, 128, "&person=%s", person);
}

/* How much of it is there; what can't be told is nothing. */
static uint64_t already (struct cli *cli, const char *id)
{
	char path[96];
	json_t *answer;
	uint64_t done = 0;

	snprintf (path, sizeof path, "/v1/attachments/%s", id);
	if (client_try (cli, path, &answer) != ERR_OK)
		return 0;
	done = (uint64_t)json_get_number (answer, "done", 0);
	json_decref (answer);
	return done;
}

static err_t upload (struct cli *cli, const char *id, const char *about, const char *path,
		     FILE *file, uint64_t length)
{
	json_t *answer = NULL;
	err_t err = ERR_OFFLINE;
	uint64_t offset = 0;

	for (int i = 0; i < TRIES && err == ERR_OFFLINE; i++) {
		char where[256];

		if (i > 0) {
			sleep (1);
			offset = already (cli, id);
		}
		snprintf (where, sizeof where, "/v1/attachments/%s?offset=%llu%s", id,
			  (unsigned long long)offset, about);
		err = transfer_put (cli, where, file, offset, length, type_of (path), &answer);
	}
	json_decref (answer);
	if (err == ERR_OFFLINE)
		out_complain (cli, "berkas %s tidak dapat diunggah; jalankan perintah ini lagi",
			      "the file %s can't be uploaded; run this command again", path);
	return err;
}

static err_t upload_one (struct cli *cli, const char *about, json_t *answer)
{
	struct named_file named = read_name (json_get_text (answer, "file"));
	char *copy = must_text (named.path), id[UUID_TEXT];
	uint8_t uuid[16];
	uint64_t length;
	FILE *file;
	err_t err = open_file (cli, named.path, &file, &length);

	if (err == ERR_OK) {
		uuid7_make (uuid);
		err = upload (cli, uuid_text (uuid, id), about, named.path, file, length);
		fclose (file);
	}
	if (err == ERR_OK) {
		json_object_set_new (answer, "attachment", json_string (id));
		json_object_set_new (answer, "title", json_string (basename (copy)));
		if (named.labelled)
			json_object_set_new (answer, "label", json_string (named.label));
		json_object_del (answer, "file");
	}
	free (copy);
	return err;
}

/* What is wrong with a file is said before any of them is uploaded. */
static err_t check_one (struct cli *cli, const char *about, json_t *answer)
{
	struct named_file named = read_name (json_get_text (answer, "file"));
	uint64_t length;
	FILE *file;
	err_t err = open_file (cli, named.path, &file, &length);

	if (err == ERR_OK)
		fclose (file);
	return err;
}

/* The answers of a form, those in lists and tables too. */
static err_t each_file (struct cli *cli, const char *about, json_t *value,
			err_t (*act) (struct cli *, const char *, json_t *))
{
	err_t err = ERR_OK;
	const char *name;
	json_t *one;
	size_t i;

	if (json_is_object (value) && json_get_text (value, "file") != NULL)
		return act (cli, about, value);
	json_array_foreach (value, i, one)
		if (err == ERR_OK)
			err = each_file (cli, about, one, act);
	if (json_is_object (value))
		json_object_foreach (value, name, one)
			if (err == ERR_OK)
				err = each_file (cli, about, one, act);
	return err;
}

err_t attachment_upload_all (struct cli *cli, const char *path, json_t *body)
{
	json_t *answers = json_object_get (body, "answers");
	char about[128];
	err_t err;

	about_of (path, body, about);
	err = each_file (cli, about, answers, check_one);
	return err == ERR_OK ? each_file (cli, about, answers, upload_one) : err;
}

/* ---- saving ---------------------------------------------------------------------- */

static err_t show (struct cli *cli, const char *number, json_t **ret_row)
{
	char path[96];

	if (strspn (number, "0123456789") != strlen (number) || strlen (number) > 12) {
		out_complain (cli, "%s bukan nomor lampiran; lihat jembatan show",
			      "%s is no number of an attachment; see jembatan show",
			      quoted (number));
		return ERR_NOT_FOUND;
	}
	snprintf (path, sizeof path, "/v1/attachments/%s", number);
	return client_ask (cli, "GET", path, NULL, ret_row);
}

static err_t receive (struct cli *cli, const char *number, const char *name, FILE *to,
		      uint64_t length)
{
	char path[96];
	err_t err;

	snprintf (path, sizeof path, "/v1/attachments/%s/content", number);
	err = transfer_get (cli, path, to);
	if (err == ERR_OK && (fflush (to) != 0 || fsync (fileno (to)) != 0))
		return no_file (cli, name, errno);
	if (err == ERR_OFFLINE || (err == ERR_OK && (uint64_t)ftell (to) != length)) {
		out_complain (cli, "berkas terputus di tengah jalan; jalankan perintah ini lagi",
			      "the file broke off half way; run this command again");
		return ERR_OFFLINE;
	}
	return err;
}

static void say_saved (const struct cli *cli, const char *name)
{
	json_t *answer = json_pack ("{s:s}", "saved", name);

	if (!client_printed (cli, answer))
		out_sayf (cli, "Disimpan: %s", "Saved: %s", name);
	json_decref (answer);
}

/* Whole or not at all, and nobody's file is written over. */
static err_t save_as (struct cli *cli, const char *number, const char *name, uint64_t length)
{
	char part[4096];
	int fd;
	FILE *to;
	err_t err;

	if (access (name, F_OK) == 0) {
		out_complain (cli, "%s sudah ada; beri nama lain dengan --as",
			      "%s is already there; give another name with --as", name);
		return ERR_EXISTS;
	}
	snprintf (part, sizeof part, "%s.part", name);
	fd = open (part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return no_file (cli, name, errno);
	to = fdopen (fd, "wb");
	err = receive (cli, number, name, to, length);
	fclose (to);
	if (err == ERR_OK && rename (part, name) != 0)
		err = no_file (cli, name, errno);
	if (err != ERR_OK)
		unlink (part);
	else
		say_saved (cli, name);
	return err;
}

static err_t save (struct cli *cli, const char *number)
{
	const char *name = args_flag (cli, "as");
	json_t *row;
	err_t err = args_finish (cli, 2);

	if (err == ERR_OK && name == NULL) {
		out_complain (cli, "sebutkan nama berkasnya: --as BERKAS",
			      "name the file: --as FILE");
		return ERR_USAGE;
	}
	if (err == ERR_OK)
		err = show (cli, number, &row);
	if (err != ERR_OK)
		return err;
	err = save_as (cli, number, name, (uint64_t)json_get_number (row, "length", 0));
	json_decref (row);
	return err;
}

/* ---- watching -------------------------------------------------------------------- */

static bool is_moving (const json_t *row)
{
	static const char *const moving[] = { "staged", "waiting", "sending", "at-hub", "expected",
					      "fetched" };
	const char *state = out_get (row, "state");

	for (size_t i = 0; i < COUNT_OF (moving); i++)
		if (strcmp (moving[i], state) == 0)
			return true;
	return false;
}

static bool has_arrived (const json_t *row)
{
	const char *state = out_get (row, "state");

	return strcmp (state, "here") == 0 || strcmp (state, "delivered") == 0;
}

static void tell (const struct cli *cli, const json_t *row, char last[OUT_TEXT])
{
	char words[OUT_TEXT];

	if (strcmp (out_member (cli, row, "words", words), last) != 0 && !cli->json)
		printf ("%s  %s\n", out_get (row, "title"), words);
	fflush (stdout);
	snprintf (last, OUT_TEXT, "%s", words);
}

static err_t wait_for (struct cli *cli, const char *number)
{
	char last[OUT_TEXT] = "";
	err_t err = args_finish (cli, 2);
	json_t *row = NULL;

	while (err == ERR_OK) {
		err = show (cli, number, &row);
		if (err != ERR_OK)
			return err;
		tell (cli, row, last);
		transfer_bar (cli, (uint64_t)json_get_number (row, "percent", 0) * MIB, 100 * MIB);
		if (!is_moving (row))
			break;
		json_decref (row);
		usleep (WATCH_US);
	}
	if (err != ERR_OK)
		return err;
	transfer_bar_end (cli);
	err = has_arrived (row) ? ERR_OK : ERR_EXPIRED;
	(void)client_printed (cli, row);
	json_decref (row);
	return err;
}

static err_t show_one (struct cli *cli, const char *number)
{
	char last[OUT_TEXT] = "";
	json_t *row;
	err_t err = args_finish (cli, 2);

	if (err == ERR_OK)
		err = show (cli, number, &row);
	if (err != ERR_OK)
		return err;
	if (!client_printed (cli, row)) {
		tell (cli, row, last);
		out_sayf (cli, "  %lld dari %lld bita (%lld%%)", "  %lld of %lld bytes (%lld%%)",
			  (long long)json_get_number (row, "done", 0),
			  (long long)json_get_number (row, "length", 0),
			  (long long)json_get_number (row, "percent", 0));
	}
	json_decref (row);
	return ERR_OK;
}

/* ---- the command ------------------------------------------------------------------- */

static const struct {
	const char *word;
	err_t (*run) (struct cli *cli, const char *number);
} actions[] = {
	{ "save", save },
	{ "wait", wait_for },
	{ "show", show_one },
};

err_t run_attachment (struct cli *cli)
{
	const char *word, *number;
	err_t err = args_word (cli, 0, "save, wait atau show", "save, wait or show", &word);

	if (err == ERR_OK)
		err = args_word (cli, 1, "nomor lampiran", "the attachment's number", &number);
	if (err != ERR_OK)
		return err;
	for (size_t i = 0; i < COUNT_OF (actions); i++)
		if (strcmp (actions[i].word, word) == 0)
			return actions[i].run (cli, number);
	out_complain (cli, "attachment %s tidak dikenal; pilih save, wait atau show",
		      "there is no attachment %s; choose save, wait or show", quoted (word));
	return ERR_USAGE;
}
