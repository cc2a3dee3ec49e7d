/* What the files of this folder share.  Nobody outside agents/import includes it. */
#ifndef AGENTS_IMPORT_INSIDE_H
#define AGENTS_IMPORT_INSIDE_H

#include "agents/import/import.h"

struct import;
struct cell;

/* A word that a list may use for a code: "laki-laki" for "male". */
struct choice {
	const char *word, *code;
};

struct column {
	const char *name; /* in JSON, and in complaints */
	const char
		*aliases; /* other headers, with blanks around: " nama nama_lengkap " */
	bool required, personal;
	size_t max_bytes;
	/* Complains, or puts the value into its one form.  Not asked of an empty cell. */
	void (*check) (struct cell *cell);
	size_t choice_count; /* of check_choice */
	const struct choice *choices;
};

enum fate { FATE_NEW, FATE_CHANGED, FATE_KNOWN, FATE_BAD };

struct row {
	uint32_t line;
	enum fate fate;
	const char **values; /* by column of the list; "" = empty */
	void *noun;          /* what judge made of it, for write */
};

struct import_list {
	const char *what;
	enum use_case use;
	const struct column *columns;
	size_t column_count;
	size_t key; /* the column that tells lines apart */
	/* Rules between columns and against the ledger; sets the row's fate. */
	void (*judge) (struct import *import, struct row *row);
	/* After all lines were judged, before any is written; may be NULL. */
	void (*conclude) (struct import *import);
	/* Inside the transaction, of each line that is new or changed; may be NULL. */
	void (*write) (struct import *import, tx_t *tx, struct row *row);
	/* After the last one; may be NULL. */
	void (*finish) (struct import *import, tx_t *tx);
	/* Frees what the state holds beside the arena; may be NULL. */
	void (*end) (struct import *import);
};
extern const struct import_list releases_list, staff_members_list, holidays_list,
	contacts_list;

/* One run. */
struct import {
	const struct import_list *list;
	desk_t *desk;
	const struct actor *actor;
	arena_t *arena;
	struct import_report *report;
	problems_t *problems; /* of the file as a whole */
	struct row *rows;
	size_t row_count, row_room;
	void *state; /* what a list keeps between its lines; in the arena */
};

ledger_t *import_ledger (const struct import *import);
const catalogue_t *import_catalogue (const struct import *import);
/* Today in the zone of this agency, as days since 1970. */
int64_t import_today (const struct import *import);

/* Room for one more in an array of the arena, which moves when it grows. */
void *array_grow (arena_t *arena, void *array, size_t count, size_t *room, size_t size);

/* ---- sheet.c: rows and cells ------------------------------------------------- */

/* A new row for that line; NULL, with a problem of the file, when there are too many. */
struct row *sheet_row (struct import *import, uint32_t line);
/* The column that a header means, whatever its case; -1 and a warning for none. */
int sheet_column (struct import *import, uint32_t line, const char *header);
/* Puts a value in; complains of what is no text, too long, or given twice. */
void sheet_put (struct import *import, struct row *row, size_t column,
		struct bytes value);
/* Drops the row again when nothing stands in it. */
void sheet_end_row (struct import *import, struct row *row);

/* csv.c, objects.c.  ERR_INVALID with problems when the file is no list of this kind. */
MUST_USE err_t sheet_read_csv (struct import *import, struct bytes text);
MUST_USE err_t sheet_read_json (struct import *import, struct bytes text);

/* ---- complain.c -------------------------------------------------------------- */

/* Names a line of the file bad for a reason that its column gives (NULL: the whole line).
 */
void import_complain (struct import *import, struct row *row, const char *field,
		      err_t err, const char *format_id, const char *format_en, ...)
	__attribute__ ((format (printf, 5, 7), format (printf, 6, 7)));
/* The same with two finished sentences. */
void import_complain_texts (struct import *import, struct row *row, const char *field,
			    err_t err, const char *text_id, const char *text_en);
/* Takes over the problems that the desk found with a row. */
void import_complain_all (struct import *import, struct row *row,
			  const problems_t *problems);
/* Says what is odd and changes nothing. */
void import_warn (struct import *import, uint32_t line, const char *field,
		  const char *format_id, const char *format_en, ...)
	__attribute__ ((format (printf, 4, 6), format (printf, 5, 6)));

/* ---- cell.c: checks of one value --------------------------------------------- */

struct cell {
	struct import *import;
	struct row *row;
	const struct column *column;
	const char **value;
};

void check_line (struct cell *cell); /* no line breaks */
void check_nik (struct cell *cell);
void check_date (
	struct cell *cell); /* 2026-11-22, 22/11/2026, 22-11-2026: the day first */
void check_phone (struct cell *cell);
void check_region (struct cell *cell); /* warns of an unknown province */
void check_choice (struct cell *cell);

/* The value of a column by its number in the list. */
const char *row_value (const struct row *row, size_t column);

#endif
