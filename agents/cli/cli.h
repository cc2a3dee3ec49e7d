/*
 * The command line for people.  It knows only the agent's HTTP api: it asks, and shows
 * what comes back in Indonesian, English or both.  Forms and their flags are drawn from
 * the catalogue that the agent serves, so a new kind of letter needs no code here.
 */
#ifndef AGENTS_CLI_CLI_H
#define AGENTS_CLI_CLI_H

#include "agents/json.h"

#define CLI_WORDS 16
#define CLI_FLAGS 128

enum language { LANGUAGE_BOTH, LANGUAGE_ID, LANGUAGE_EN };

struct flag {
	const char *name, *value; /* without dashes */
	bool used;
};

struct command;

/* One run of the program. */
struct cli {
	const struct command *command;
	size_t word_count;
	const char *words[CLI_WORDS]; /* after the command */
	size_t flag_count;
	struct flag flags[CLI_FLAGS];
	enum language language;
	bool json; /* print the api's JSON */
	bool help;
	const char *socket;
	bool terminal; /* standard output is one */
	bool asks;     /* standard input and error are: questions may be asked */
	size_t width;  /* of the terminal; 0 = don't cut */
	json_t *fields; /* of the form that was filled in; NULL = none */
};

struct command {
	const char *name, *args; /* "accept", "R-NUMBER" */
	err_t (*run) (struct cli *cli);
	const char *kind;    /* the letter it writes; NULL = none */
	const char *group;   /* heading in the help */
	const char *id, *en; /* one line about it */
	const char *flags;   /* besides those of the form: "--to --service" */
	const char *example;
};

/* The table of main.c; ends with a NULL name. */
extern const struct command commands[];
const struct command *command_find (const char *name);
const struct command *command_of_kind (const char *kind);

/* ---- args.c ---- */

/* Sorts words and flags; ERR_USAGE after saying what was not understood. */
MUST_USE err_t args_read (struct cli *cli, int argc, char **argv);

/* The value of a flag, which counts as used; NULL when it was not given. */
const char *args_flag (struct cli *cli, const char *name);
bool args_has (struct cli *cli, const char *name);

/* A referral's number, code or id as it may stand in an address; ERR_NOT_FOUND after saying that it
 * is none. */
MUST_USE err_t args_number (const struct cli *cli, const char *number);

/* ERR_USAGE after naming every flag that nobody used and every word beyond `words`. */
MUST_USE err_t args_finish (struct cli *cli, size_t words);

/* The i-th word after the command, or ERR_USAGE after saying what is missing. */
MUST_USE err_t args_word (struct cli *cli, size_t i, const char *what_id,
			  const char *what_en, const char **ret_word);

/* ---- client.c ---- */

/*
 * Asks the agent; takes the body (NULL for GET).  On success the caller owns the answer.
 * On an error it has been shown, sentence by sentence, and its code is returned.
 */
MUST_USE err_t client_ask (struct cli *cli, const char *method, const char *path,
			   json_t *body, json_t **ret_answer);

/* As client_ask, but says nothing when it fails: for help that is better with the
 * catalogue. */
MUST_USE err_t client_try (struct cli *cli, const char *path, json_t **ret_answer);

/* All pages of a list at `path`, as one array of items. */
MUST_USE err_t client_list (struct cli *cli, const char *path, json_t **ret_items);

/* What an answer of this HTTP status says: the caller owns it, or its error has been shown. */
MUST_USE err_t client_answer (const struct cli *cli, long status, struct bytes body,
			      json_t **ret_answer);

/* With --json prints the answer and returns true. */
bool client_printed (const struct cli *cli, const json_t *answer);

/* ---- the commands ---- */

MUST_USE err_t run_intake (struct cli *cli);
MUST_USE err_t run_people (struct cli *cli);
MUST_USE err_t run_consent (struct cli *cli);
MUST_USE err_t run_refer (struct cli *cli);
MUST_USE err_t run_open (struct cli *cli);
MUST_USE err_t run_send (struct cli *cli);
MUST_USE err_t run_kind (struct cli *cli);
MUST_USE err_t run_show (struct cli *cli);
MUST_USE err_t run_timeline (struct cli *cli);
MUST_USE err_t run_inbox (struct cli *cli);
MUST_USE err_t run_outbox (struct cli *cli);
MUST_USE err_t run_today (struct cli *cli);
MUST_USE err_t run_due (struct cli *cli);
MUST_USE err_t run_reminders (struct cli *cli);
MUST_USE err_t run_capacity (struct cli *cli);
MUST_USE err_t run_partners (struct cli *cli);
MUST_USE err_t run_alarms (struct cli *cli);
MUST_USE err_t run_chain (struct cli *cli);
MUST_USE err_t run_import (struct cli *cli);
MUST_USE err_t run_staff (struct cli *cli);
MUST_USE err_t run_status (struct cli *cli);
MUST_USE err_t run_ready (struct cli *cli);
MUST_USE err_t run_unlock (struct cli *cli);
MUST_USE err_t run_contacts (struct cli *cli);
MUST_USE err_t run_account (struct cli *cli);
MUST_USE err_t run_print (struct cli *cli);
MUST_USE err_t run_answer (struct cli *cli);
MUST_USE err_t run_move (struct cli *cli);
MUST_USE err_t run_recall (struct cli *cli);
MUST_USE err_t run_attachment (struct cli *cli);
MUST_USE err_t run_backup (struct cli *cli);
MUST_USE err_t run_verify (struct cli *cli);
MUST_USE err_t run_evidence (struct cli *cli);
MUST_USE err_t run_kinds (struct cli *cli);
MUST_USE err_t run_catalogue (struct cli *cli);
MUST_USE err_t run_help (struct cli *cli);
MUST_USE err_t run_version (struct cli *cli);

#endif
