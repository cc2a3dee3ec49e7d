/*
 * Lists that come from elsewhere: who will be released from prison, staff, holidays, the
 * address book.  A file is read, every line is judged, and then either all of it is
 * written in one transaction or nothing is.  The same file again changes nothing.
 *
 * A list is a table of columns (releases.c, staff.c, holidays.c, contacts.c) with what a
 * header may call them and how each value must look.  Complaints name line and column;
 * personal values are never quoted.
 */
#ifndef AGENTS_IMPORT_IMPORT_H
#define AGENTS_IMPORT_IMPORT_H

#include "agents/desk/desk.h"

enum import_format { IMPORT_CSV, IMPORT_JSON };
MUST_USE err_t import_format_parse (const char *name, enum import_format *ret_format);

struct import_wish {
	const char *what; /* "releases", "staff", "holidays", "contacts" */
	enum import_format format;
	struct bytes text; /* UTF-8, with or without a byte order mark */
	bool commit;       /* write, not only look */
	bool skip_bad;     /* write the good lines although there are bad ones */
};

struct complaint {
	uint32_t line; /* of the file from 1; of JSON the object's place in the array */
	size_t order;  /* in which it was found */
	struct problem problem;
};

/* At most LIMIT_IMPORT_COMPLAINTS are kept, in the order of the lines. */
struct complaints {
	size_t count, kept, room;
	struct complaint *list;
};

struct import_report {
	const char *what;
	size_t rows;                  /* lines with something on them, but the header */
	size_t fresh, changed, known; /* of these: new, to be corrected, already here */
	size_t bad;
	struct complaints problems, warnings;
	bool written;
};

/*
 * Reads, judges and, when wished, writes.  Everything in the report lives in the arena.
 * ERR_NOT_FOUND for an unknown list, ERR_NOT_ALLOWED, ERR_INVALID with problems for a
 * file that can't be read as a list at all.  Bad lines are no error: they stand in the
 * report.
 */
MUST_USE err_t import_run (desk_t *desk, const struct actor *actor,
			   const struct import_wish *wish, arena_t *arena,
			   struct import_report *ret_report, problems_t *problems);

/* Gives the catalogue the holidays that were imported: when the agent starts, and after
 * each import of holidays. */
void import_holidays_apply (ledger_t *ledger, catalogue_t *catalogue);

#endif
