/* Backups: asks for one, and watches it to its end. */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "agents/cli/out.h"
#include "proto/file.h"

#define LOOK_AGAIN_MS 200
#define BAR_COLUMNS 30

/* The agent has another folder than whoever types. */
static json_t *wish_of (const struct cli *cli, const char *folder)
{
	char whole[PATH_MAX];

	if (folder == NULL)
		return json_object ();
	if (realpath (folder, whole) != NULL)
		return json_pack ("{s:s}", "folder", whole);
	out_complain (cli, "folder cadangan %s tidak ada; pasang disknya, atau buat folder itu",
		      "the backup folder %s is not there; plug in its disk, or make the folder",
		      file_quoted (folder));
	return NULL;
}

/* One line that is written over. */
static void draw_bar (const struct cli *cli, const json_t *backup)
{
	int64_t bytes = json_get_number (backup, "bytes", 0);
	int64_t done = json_get_number (backup, "done", 0);
	int columns = bytes > 0 ? (int)(done * BAR_COLUMNS / bytes) : 0;
	bool copying = out_get (backup, "phase")[1] == 'o';
	char text[OUT_TEXT];

	if (!cli->terminal || cli->json)
		return;
	fprintf (stderr, "\r[%.*s%*s] %3d %% %s\033[K", columns, "##############################",
		 BAR_COLUMNS - columns, "", bytes > 0 ? (int)(done * 100 / bytes) : 0,
		 copying ? out_words (cli, "menyalin", "copying", text)
			 : out_words (cli, "memeriksa", "checking", text));
}

static err_t watch (struct cli *cli, json_t **backup)
{
	const struct timespec pause = { 0, LOOK_AGAIN_MS * 1000000L };
	err_t err = ERR_OK;

	while (err == ERR_OK && json_get_flag (*backup, "running", false)) {
		draw_bar (cli, *backup);
		nanosleep (&pause, NULL);
		json_decref (*backup);
		*backup = NULL;
		err = client_ask (cli, "GET", "/v1/backup", NULL, backup);
	}
	if (cli->terminal && !cli->json)
		fputs ("\r\033[K", stderr);
	return err;
}

static err_t show_end (const struct cli *cli, const json_t *backup)
{
	const json_t *problem = json_object_get (backup, "problem");
	const json_t *last = json_object_get (backup, "last");
	err_t err = ERR_FILE;

	if (json_is_object (problem)) {
		out_complain_texts (cli, out_get (problem, "message_id"),
				    out_get (problem, "message_en"));
		return err_parse (out_get (problem, "code"), &err) == 0 ? err : ERR_FILE;
	}
	if (client_printed (cli, backup))
		return ERR_OK;
	out_sayf (cli, "Cadangan ditulis dan diperiksa: %s (%" PRId64 " KiB).",
		  "The backup is written and checked: %s (%" PRId64 " KiB).", out_get (last, "path"),
		  json_get_number (last, "bytes", 0) / 1024);
	if (json_get_flag (backup, "same_disk", false))
		out_complain (cli,
			      "Perhatian: folder itu ada di disk yang sama dengan buku besar; bila disk "
			      "rusak, keduanya hilang.",
			      "Warning: that folder is on the same disk as the ledger; if the disk "
			      "fails, both are lost.");
	return ERR_OK;
}

err_t run_backup (struct cli *cli)
{
	json_t *backup = NULL, *wish;
	err_t err = args_finish (cli, 1);

	if (err != ERR_OK)
		return err;
	wish = wish_of (cli, cli->word_count > 0 ? cli->words[0] : NULL);
	if (wish == NULL)
		return ERR_NOT_FOUND;
	err = client_ask (cli, "POST", "/v1/backup", wish, &backup);
	if (err == ERR_OK)
		err = watch (cli, &backup);
	if (err == ERR_OK)
		err = show_end (cli, backup);
	json_decref (backup);
	return err;
}
