/* Words and flags, in any order. */
#include "agents/cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/cli/out.h"

/* Flags that stand alone; every other takes a value.  Some do so only behind one command, because
 * a form may have a field of that name. */
static const struct {
	const char *name, *command;
} switches[] = {
	/* clang-format off */
	{ "json", NULL }, { "help", NULL }, { "version", NULL }, { "all", NULL },
	{ "yes", NULL }, { "skip-bad", NULL },
	{ "late", "due" }, { "mine", "due" }, { "quick", "verify" },
	{ "reopen", "account" }, { "second-factor", "account" },
	/* clang-format on */
};

static bool is_switch (const struct cli *cli, const char *name)
{
	const char *command = cli->word_count > 0 ? cli->words[0] : "";

	for (size_t i = 0; i < COUNT_OF (switches); i++)
		if (strcmp (switches[i].name, name) == 0 &&
		    (switches[i].command == NULL ||
		     strcmp (switches[i].command, command) == 0))
			return true;
	return false;
}

const char *args_flag (struct cli *cli, const char *name)
{
	const char *value = NULL;

	for (size_t i = 0; i < cli->flag_count; i++) {
		if (strcmp (cli->flags[i].name, name) != 0)
			continue;
		cli->flags[i].used = true;
		value = cli->flags[i].value;
	}
	return value;
}

bool args_has (struct cli *cli, const char *name)
{
	return args_flag (cli, name) != NULL;
}

static err_t add_word (struct cli *cli, const char *word)
{
	if (cli->word_count == CLI_WORDS) {
		out_complain (cli, "terlalu banyak kata: %s", "too many words: %s",
			      quoted (word));
		return ERR_USAGE;
	}
	cli->words[cli->word_count++] = word;
	return ERR_OK;
}

static err_t add_flag (struct cli *cli, const char *name, const char *value)
{
	if (value == NULL) {
		out_complain (cli, "--%s memerlukan nilai", "--%s needs a value", name);
		return ERR_USAGE;
	}
	if (cli->flag_count == CLI_FLAGS) {
		out_complain (cli, "terlalu banyak opsi: --%s", "too many options: --%s",
			      name);
		return ERR_USAGE;
	}
	cli->flags[cli->flag_count++] = (struct flag){ name, value, false };
	return ERR_OK;
}

/* "--to=x" in place: the name ends where '=' was. */
static err_t take_flag (struct cli *cli, char *name, char **argv, int *i)
{
	char *value = strchr (name, '=');

	if (value != NULL) {
		*value++ = '\0';
		return add_flag (cli, name, value);
	}
	if (is_switch (cli, name))
		return add_flag (cli, name, "yes");
	value = argv[*i + 1];
	*i += value != NULL ? 1 : 0;
	return add_flag (cli, name, value);
}

static err_t take_language (struct cli *cli, const char *name)
{
	static const char *const names[] = { "both", "id", "en" };

	for (size_t i = 0; name != NULL && i < COUNT_OF (names); i++) {
		if (strcmp (names[i], name) == 0) {
			cli->language = (enum language)i;
			return ERR_OK;
		}
	}
	if (name == NULL || *name == '\0')
		return ERR_OK;
	out_complain (cli, "bahasa %s tidak dikenal; pilih id, en atau both",
		      "there is no language %s; choose id, en or both", quoted (name));
	return ERR_USAGE;
}

static const char *first_of (const char *a, const char *b, const char *c)
{
	if (a != NULL)
		return a;
	return b != NULL && *b != '\0' ? b : c;
}

static err_t take_common (struct cli *cli)
{
	cli->json = args_has (cli, "json");
	cli->help = args_has (cli, "help");
	cli->socket = first_of (args_flag (cli, "socket"), getenv ("JEMBATAN_SOCKET"),
				"/run/jembatan/agent.sock");
	return take_language (cli, first_of (args_flag (cli, "lang"),
					     getenv ("JEMBATAN_LANG"), "both"));
}

err_t args_read (struct cli *cli, int argc, char **argv)
{
	err_t err = ERR_OK;
	bool only_words = false;

	for (int i = 1; i < argc && err == ERR_OK; i++) {
		if (!only_words && strcmp (argv[i], "--") == 0)
			only_words = true;
		else if (!only_words && strcmp (argv[i], "-h") == 0)
			err = add_flag (cli, "help", "yes");
		else if (!only_words && strncmp (argv[i], "--", 2) == 0)
			err = take_flag (cli, argv[i] + 2, argv, &i);
		else
			err = add_word (cli, argv[i]);
	}
	return err == ERR_OK ? take_common (cli) : err;
}

err_t args_word (struct cli *cli, size_t i, const char *what_id, const char *what_en,
		 const char **ret_word)
{
	char id[OUT_TEXT], en[OUT_TEXT];

	if (i < cli->word_count) {
		*ret_word = cli->words[i];
		return ERR_OK;
	}
	snprintf (id, sizeof id, "sebutkan %s; lihat jembatan help %s", what_id,
		  cli->command->name);
	snprintf (en, sizeof en, "name %s; see jembatan help %s", what_en,
		  cli->command->name);
	out_complain_texts (cli, id, en);
	return ERR_USAGE;
}

err_t args_finish (struct cli *cli, size_t words)
{
	err_t err = ERR_OK;

	for (size_t i = 0; i < cli->flag_count; i++) {
		if (cli->flags[i].used)
			continue;
		out_complain (cli,
			      "opsi --%s tidak dikenal di sini; lihat jembatan help %s",
			      "there is no option --%s here; see jembatan help %s",
			      cli->flags[i].name, cli->command->name);
		err = ERR_USAGE;
	}
	for (size_t i = words; i < cli->word_count; i++) {
		out_complain (cli, "kata %s berlebih", "the word %s is too many",
			      quoted (cli->words[i]));
		err = ERR_USAGE;
	}
	return err;
}

/* It goes into an address, so it may only hold what numbers, codes and ids hold. */
err_t args_number (const struct cli *cli, const char *number)
{
	size_t len = strlen (number);

	if (len > 0 && len < 64 &&
	    strspn (number,
		    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") ==
		    len)
		return ERR_OK;
	out_complain (cli, "%s bukan nomor rujukan; contoh: R-2026-0007",
		      "%s is no referral number; an example: R-2026-0007",
		      quoted (number));
	return ERR_NOT_FOUND;
}
