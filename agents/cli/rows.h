/*
 * Rows of a form's tables: one flag for each row, --analyte "code=19554-5,value=POS", or questions row
 * by row.
 */
#ifndef AGENTS_CLI_ROWS_H
#define AGENTS_CLI_ROWS_H

#include "agents/cli/cli.h"

/* The rows that flags give to this table replace those of `answers`.  ERR_USAGE after
 * saying what is wrong with a row. */
MUST_USE err_t rows_take (struct cli *cli, const json_t *group, json_t *answers);

/* Has the table fewer rows than it must have? */
bool rows_missing (const json_t *group, const json_t *answers);

/* Asks for rows until there are enough and the person wants no more; ERR_USAGE when the
 * questions were broken off. */
MUST_USE err_t rows_ask (const struct cli *cli, const json_t *group, json_t *answers);

/* "  --analyte code=...,value=...", and a line for each column. */
void rows_describe (const struct cli *cli, const json_t *group);

/* "code=...,value=...": the columns that every row must have. */
const char *rows_example (const json_t *group, char *text, size_t size);

#endif
