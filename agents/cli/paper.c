/* Partners who are not connected: printing letters for them, writing down their answers, and moving
 * to the wire when they are. */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agents/cli/catalogue.h"
#include "agents/cli/form.h"
#include "agents/cli/letter.h"
#include "agents/cli/out.h"

/* The number or code of the first word, as it stands in a path: codes are read out with blanks. */
static err_t number_word (struct cli *cli, char number[64])
{
	const char *word;
	size_t len = 0;
	err_t err = args_word (cli, 0, "nomor atau kode rujukan",
			       "the referral's number or code", &word);

	if (err != ERR_OK)
		return err;
	for (; *word != '\0' && len < 63; word++)
		if (*word != ' ')
			number[len++] = *word;
	number[len] = '\0';
	return args_number (cli, number);
}

/* ---- printing ------------------------------------------------------------------- */

static err_t not_written (const struct cli *cli, const char *path)
{
	out_complain (cli, "berkas %s tidak dapat ditulis", "the file %s can't be written",
		      quoted (path));
	return ERR_FILE;
}

/* It holds a person's data, so nobody else on the machine may read it. */
static err_t write_file (const struct cli *cli, const char *path, const char *content)
{
	int fd = open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	FILE *file = fd >= 0 ? fdopen (fd, "w") : NULL;
	bool done;

	if (file == NULL) {
		if (fd >= 0)
			close (fd);
		return not_written (cli, path);
	}
	done = fputs (content, file) >= 0;
	done = fclose (file) == 0 && done;
	return done ? ERR_OK : not_written (cli, path);
}

/* Into a folder by the number alone. */
static err_t write_page (const struct cli *cli, const char *path, const json_t *page)
{
	char full[PATH_MAX];
	struct stat about;
	err_t err;

	if (stat (path, &about) == 0 && S_ISDIR (about.st_mode)) {
		snprintf (full, sizeof full, "%s/%s", path, out_get (page, "file"));
		path = full;
	}
	err = write_file (cli, path, out_get (page, "content"));
	if (err == ERR_OK && !cli->json)
		out_sayf (cli, "%s tertulis; cetak dari peramban.",
			  "%s is written; print it from a browser.", path);
	return err;
}

err_t run_print (struct cli *cli)
{
	const char *html = args_flag (cli, "html");
	char number[64], path[160];
	json_t *page;
	err_t err = number_word (cli, number);

	if (err == ERR_OK)
		err = args_finish (cli, 1);
	if (err != ERR_OK)
		return err;
	snprintf (path, sizeof path, "/v1/referrals/%s/paper?format=%s", number,
		  html != NULL ? "html" : "text");
	err = client_ask (cli, "GET", path, NULL, &page);
	if (err != ERR_OK)
		return err;
	if (html != NULL)
		err = write_page (cli, html, page);
	else if (!client_printed (cli, page))
		fputs (out_get (page, "content"), stdout);
	json_decref (page);
	return err;
}

/* ---- answers that came back ------------------------------------------------------ */

static void list_answers (const struct cli *cli, const json_t *reportable)
{
	char text[OUT_TEXT];
	size_t i;
	json_t *row;

	json_array_foreach ((json_t *)reportable, i, row)
	{
		const char *kind = out_get (row, "kind");
		const struct command *command = command_of_kind (kind);

		fprintf (stderr, "  %2zu  %-20s %s\n", i + 1,
			 command != NULL ? command->name : kind,
			 out_member (cli, row, "words", text));
	}
}

/* "accept" of any thread: "referral.accept" here, "homevisit.accept" there; NULL = none. */
static const char *kind_ending (const json_t *reportable, const char *word)
{
	size_t i;
	json_t *row;

	json_array_foreach ((json_t *)reportable, i, row)
	{
		const char *kind = out_get (row, "kind"), *dot = strrchr (kind, '.');

		if (dot != NULL && strcmp (dot + 1, word) == 0)
			return kind;
	}
	return NULL;
}

/* By number in the list, by its last word, by the command that writes it, or by its own name. */
static const char *kind_named (const json_t *reportable, const char *word)
{
	const struct command *command = command_find (word);
	const char *ending = kind_ending (reportable, word);
	char *end;
	unsigned long n = strtoul (word, &end, 10);

	if (*end == '\0' && n >= 1 && n <= json_array_size (reportable))
		return out_get (json_array_get (reportable, n - 1), "kind");
	if (ending != NULL)
		return ending;
	return command != NULL && command->kind != NULL ? command->kind : word;
}

/* Takes what is asked at a terminal; elsewhere says which answers there are. */
static err_t choose_kind (const struct cli *cli, const json_t *reportable, char kind[64])
{
	char *line;

	if (json_array_size (reportable) == 0) {
		out_complain (cli, "tidak ada jawaban yang dapat dicatat sekarang",
			      "there is no answer that can be written down now");
		return ERR_WRONG_STATE;
	}
	out_complain (cli, "Jawaban yang dapat dicatat:",
		      "Answers that can be written down:");
	list_answers (cli, reportable);
	if (!cli->asks) {
		out_complain (cli, "sebutkan salah satu; lihat jembatan help answer",
			      "name one of them; see jembatan help answer");
		return ERR_USAGE;
	}
	line = form_ask (cli, "Jawaban mana (nomor)", "Which answer (number)");
	if (line == NULL)
		return ERR_USAGE;
	snprintf (kind, 64, "%s", kind_named (reportable, line));
	free (line);
	return ERR_OK;
}

static err_t find_kind (struct cli *cli, const json_t *referral, char kind[64])
{
	const json_t *reportable = json_object_get (referral, "reportable");

	if (cli->word_count < 2)
		return choose_kind (cli, reportable, kind);
	snprintf (kind, 64, "%s", kind_named (reportable, cli->words[1]));
	return ERR_OK;
}

static void take_flag (struct cli *cli, const char *flag, const char *member, json_t *body)
{
	const char *value = args_flag (cli, flag);

	if (value != NULL)
		json_object_set_new (body, member, json_string (value));
}

/* How it was heard.  What this agency did itself nobody told it. */
static err_t fill_hearsay (struct cli *cli, const json_t *referral, json_t *body)
{
	bool own = strcmp (out_get (referral, "carrier"), "own") == 0;
	char *line;

	take_flag (cli, "via", "via", body);
	take_flag (cli, "said-by", "said_by", body);
	take_flag (cli, "said-at", "said_at", body);
	if (own || !cli->asks || json_object_get (body, "via") != NULL)
		return ERR_OK;
	line = form_ask (cli, "Lewat apa (phone, whatsapp, paper, visit)",
			 "How did it come (phone, whatsapp, paper, visit)");
	if (line == NULL)
		return ERR_USAGE;
	json_object_set_new (body, "via", json_string (line));
	free (line);
	return ERR_OK;
}

static err_t write_answer (struct cli *cli, const json_t *referral)
{
	json_t *more = json_object ();
	char kind[64], path[160];
	err_t err = find_kind (cli, referral, kind);

	if (err == ERR_OK)
		err = fill_hearsay (cli, referral, more);
	if (err != ERR_OK) {
		json_decref (more);
		return err;
	}
	snprintf (path, sizeof path, "/v1/referrals/%.60s/reported",
		  out_get (referral, "number"));
	return letter_write (cli, kind, path, more, cli->word_count < 2 ? 1 : 2);
}

err_t run_answer (struct cli *cli)
{
	char number[64], path[160];
	json_t *referral;
	err_t err = number_word (cli, number);

	if (err != ERR_OK)
		return err;
	snprintf (path, sizeof path, "/v1/referrals/%s", number);
	err = client_ask (cli, "GET", path, NULL, &referral);
	if (err != ERR_OK)
		return err;
	err = write_answer (cli, referral);
	json_decref (referral);
	return err;
}

/* ---- to the wire ---------------------------------------------------------------- */

err_t run_move (struct cli *cli)
{
	char number[64], path[160];
	err_t err = number_word (cli, number);

	if (err != ERR_OK)
		return err;
	snprintf (path, sizeof path, "/v1/referrals/%s/to-wire", number);
	return letter_post (cli, path, json_object (), 1);
}
