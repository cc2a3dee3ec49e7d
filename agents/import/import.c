/*
 * One list from file to ledger:
 *
 *   read the rows -> check each cell -> lines that say the same -> judge against the
 * ledger
 *     -> nothing bad, or told to skip it: write all in one transaction
 */
#include "agents/import/inside.h"

#include <stdlib.h>
#include <string.h>

static const struct import_list *const lists[] = {
	&releases_list,
	&staff_members_list,
	&holidays_list,
	&contacts_list,
};

static const struct import_list *list_find (const char *what)
{
	for (size_t i = 0; i < COUNT_OF (lists); i++)
		if (strcmp (lists[i]->what, what) == 0)
			return lists[i];
	return NULL;
}

err_t import_format_parse (const char *name, enum import_format *ret_format)
{
	if (strcmp (name, "csv") != 0 && strcmp (name, "json") != 0)
		return ERR_INVALID;
	*ret_format = strcmp (name, "csv") == 0 ? IMPORT_CSV : IMPORT_JSON;
	return ERR_OK;
}

ledger_t *import_ledger (const struct import *import)
{
	return desk_parts (import->desk)->ledger;
}

const catalogue_t *import_catalogue (const struct import *import)
{
	return desk_parts (import->desk)->catalogue;
}

int64_t import_today (const struct import *import)
{
	const struct desk_parts *parts = desk_parts (import->desk);
	const struct member *self = directory_member (parts->directory, &parts->self);

	return local_day (desk_now_ms (import->desk), self != NULL ? self->region : "");
}

void *array_grow (arena_t *arena, void *array, size_t count, size_t *room, size_t size)
{
	void *larger;

	if (count < *room)
		return array;
	*room = *room > 0 ? 2 * *room : 16;
	larger = arena_must (arena, *room * size);
	if (count > 0)
		memcpy (larger, array, count * size);
	return larger;
}

/* ---- reading ----------------------------------------------------------------- */

static struct bytes without_mark (struct bytes text)
{
	if (text.len >= 3 && memcmp (text.data, "\xef\xbb\xbf", 3) == 0)
		return (struct bytes){ text.data + 3, text.len - 3 };
	return text;
}

static err_t read_rows (struct import *import, const struct import_wish *wish)
{
	struct bytes text = without_mark (wish->text);
	err_t err = wish->format == IMPORT_CSV ? sheet_read_csv (import, text)
					       : sheet_read_json (import, text);

	if (err == ERR_OK && import->row_count == 0)
		err = problems_add_texts (import->problems, ERR_INVALID, "text",
					  "tidak ada baris data di bawah judul",
					  "there are no lines below the header");
	return err;
}

/* ---- checking ---------------------------------------------------------------- */

static void check_row (struct import *import, struct row *row)
{
	for (size_t i = 0; i < import->list->column_count; i++) {
		const struct column *column = &import->list->columns[i];
		struct cell cell = { import, row, column, &row->values[i] };

		if (row->values[i][0] == '\0' && column->required &&
		    row->fate != FATE_BAD)
			import_complain (import, row, column->name, ERR_INVALID,
					 "wajib diisi", "must be filled in");
		else if (row->values[i][0] != '\0' && column->check != NULL)
			column->check (&cell);
	}
}

/* ---- lines that say the same ------------------------------------------------- */

struct keyed {
	const char *key;
	struct row *row;
};

static int by_key (const void *a, const void *b)
{
	const struct keyed *one = a, *two = b;
	int order = strcasecmp (one->key, two->key);

	if (order != 0)
		return order;
	return one->row->line < two->row->line ? -1 : one->row->line > two->row->line;
}

/* Which of the two is right, nobody here can tell. */
static void complain_twice (struct import *import, struct row *row,
			    const struct row *other)
{
	import_complain (
		import, row, import->list->columns[import->list->key].name, ERR_CONFLICT,
		"nilai ini juga ada pada baris %u; pertahankan satu dari kedua baris",
		"this value also stands in line %u; keep one of the two lines",
		other->line);
}

static void find_twice (struct import *import)
{
	struct keyed *keyed =
		arena_must (import->arena, (import->row_count + 1) * sizeof *keyed);
	size_t count = 0;

	for (size_t i = 0; i < import->row_count; i++) {
		const char *key = row_value (&import->rows[i], import->list->key);

		if (*key != '\0')
			keyed[count++] = (struct keyed){ key, &import->rows[i] };
	}
	qsort (keyed, count, sizeof *keyed, by_key);
	for (size_t i = 0; i + 1 < count; i++) {
		if (strcasecmp (keyed[i].key, keyed[i + 1].key) != 0)
			continue;
		if (i == 0 || strcasecmp (keyed[i].key, keyed[i - 1].key) != 0)
			complain_twice (import, keyed[i].row, keyed[i + 1].row);
		complain_twice (import, keyed[i + 1].row, keyed[i].row);
	}
}

/* ---- judging and counting ---------------------------------------------------- */

static void judge_rows (struct import *import)
{
	for (size_t i = 0; i < import->row_count; i++)
		check_row (import, &import->rows[i]);
	find_twice (import);
	for (size_t i = 0; i < import->row_count; i++)
		if (import->rows[i].fate != FATE_BAD)
			import->list->judge (import, &import->rows[i]);
	if (import->list->conclude != NULL)
		import->list->conclude (import);
}

static int by_line (const void *a, const void *b)
{
	const struct complaint *one = a, *two = b;

	if (one->line != two->line)
		return one->line < two->line ? -1 : 1;
	return one->order < two->order ? -1 : 1;
}

static void sort (struct complaints *complaints)
{
	if (complaints->kept > 0)
		qsort (complaints->list, complaints->kept, sizeof *complaints->list,
		       by_line);
}

static void count_rows (struct import *import)
{
	struct import_report *report = import->report;

	report->rows = import->row_count;
	for (size_t i = 0; i < import->row_count; i++)
		switch (import->rows[i].fate) {
		case FATE_NEW: report->fresh++; break;
		case FATE_CHANGED: report->changed++; break;
		case FATE_KNOWN: report->known++; break;
		case FATE_BAD: report->bad++; break;
		}
	sort (&report->problems);
	sort (&report->warnings);
}

/* ---- writing ----------------------------------------------------------------- */

/* Who brought which list in, beside what each line leaves. */
static void note_import (const struct import *import, tx_t *tx)
{
	struct entry entry = { .type = ENTRY_SYSTEM,
			       .at_ms = desk_now_ms (import->desk),
			       .kind = "",
			       .state_from = "",
			       .state_to = "",
			       .user = import->actor->user };

	entry.word = arena_printf (import->arena, "import-%s", import->list->what);
	entry_add (tx, &entry);
}

static err_t write_rows (struct import *import)
{
	OWNED (tx) tx = ledger_begin (import_ledger (import));
	err_t err;

	for (size_t i = 0; i < import->row_count && tx_err (tx) == ERR_OK; i++) {
		struct row *row = &import->rows[i];

		if (import->list->write != NULL &&
		    (row->fate == FATE_NEW || row->fate == FATE_CHANGED))
			import->list->write (import, tx, row);
	}
	if (import->list->finish != NULL)
		import->list->finish (import, tx);
	note_import (import, tx);
	err = tx_err (tx);
	return err == ERR_OK ? tx_commit (tx) : err;
}

static bool has_to_write (const struct import_report *report,
			  const struct import_wish *wish)
{
	return wish->commit && report->fresh + report->changed > 0 &&
	       (report->bad == 0 || wish->skip_bad);
}

err_t import_run (desk_t *desk, const struct actor *actor, const struct import_wish *wish,
		  arena_t *arena, struct import_report *ret_report, problems_t *problems)
{
	struct import_report report = { 0 };
	struct import import = { .list = list_find (wish->what),
				 .desk = desk,
				 .actor = actor,
				 .arena = arena,
				 .report = &report,
				 .problems = problems };
	err_t err;

	if (import.list == NULL)
		return problems_add (
			problems, ERR_NOT_FOUND, "what",
			"tidak ada daftar %s; pilih releases, staff, holidays atau "
			"contacts",
			"there is no list %s; choose releases, staff, holidays or "
			"contacts",
			quoted (wish->what));
	err = permit (actor, import.list->use);
	if (err != ERR_OK)
		return err;
	report.what = import.list->what;
	err = read_rows (&import, wish);
	if (err == ERR_OK) {
		judge_rows (&import);
		count_rows (&import);
	}
	if (err == ERR_OK && has_to_write (&report, wish)) {
		err = write_rows (&import);
		report.written = err == ERR_OK;
	}
	if (import.list->end != NULL)
		import.list->end (&import);
	if (err == ERR_OK)
		*ret_report = report;
	return err;
}
