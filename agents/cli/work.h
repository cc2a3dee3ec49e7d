/* What waits for somebody, as tables: the same in lists of their own and in the morning's. */
#ifndef AGENTS_CLI_WORK_H
#define AGENTS_CLI_WORK_H

#include "agents/cli/lists.h"

list_print_fn print_due, print_alarms, print_reminders;

/* "25 November 2026 17.00 WIB (3 hari lagi)", "... (terlambat 2 hari)", by the member `name` and the
 * item's "days" and "late". */
const char *work_when (const struct cli *cli, const json_t *item, const char *name,
		       char text[OUT_TEXT]);

#endif
