/*
 * Forms: the fields come from the catalogue, the answers from flags, a JSON file, or
 * questions at a terminal, in this order of rank.
 */
#ifndef AGENTS_CLI_FORM_H
#define AGENTS_CLI_FORM_H

#include "agents/cli/cli.h"

/*
 * Answers to a form, as an object that the caller owns: to `fields` and, in `groups`, to
 * tables (the catalogue's arrays; no groups = NULL). `given`
 * holds what a file said; flags replace it.  At a terminal the rest is asked when
 * something required is missing; otherwise what is missing stays so, and the agent names
 * it.  ERR_USAGE when the questions were broken off.
 */
MUST_USE err_t form_fill (struct cli *cli, const json_t *fields, const json_t *groups,
			  const json_t *given, json_t **ret_answers);

/* The file that --form names ("-" is standard input), or an empty object.  The caller
 * owns it. */
MUST_USE err_t form_file (struct cli *cli, json_t **ret_object);

/* The value that a text stands for in a field; a text that does not fit is passed on as
 * it is, for the agent to name. */
json_t *form_value (const json_t *field, const char *text);

/* Asks one question until the answer is not empty; NULL at the end of input.  The caller
 * frees it. */
char *form_ask (const struct cli *cli, const char *id, const char *en);

/* Asks for one field until the answer fits, into `answers`; an optional one may stay
 * empty.  ERR_USAGE at the end of input. */
MUST_USE err_t form_ask_field (const struct cli *cli, const json_t *field, json_t *answers);

/* A question to be answered with yes; everything else is no. */
bool form_ask_whether (const struct cli *cli, const char *id, const char *en);

/* "  --at TEXT   Waktu janji temu / Appointment", one line per field; then the tables. */
void form_describe (const struct cli *cli, const json_t *fields, const json_t *groups);
void form_describe_column (const struct cli *cli, const json_t *column);

#endif
