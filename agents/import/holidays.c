/*
 * Public holidays: a whole year at a time, as the yearly joint decree (SKB) names them.
 * They take the place of what the catalogue's file says of that year, and are kept in the
 * ledger as the setting "holidays-2027":
 *
 *   {"source": "...", "days": {"2027-01-01": {"id": "...", "en": "..."}, ...}}
 */
#include "agents/import/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/json.h"

#define FIRST_YEAR 2020
#define LAST_YEAR 2083 /* as many as the catalogue holds: HOLIDAY_YEARS_MAX */
#define YEARS (LAST_YEAR - FIRST_YEAR + 1)
#define SETTING_TEXT 24

enum { COLUMN_DATE, COLUMN_NAME_ID, COLUMN_NAME_EN, COLUMN_SOURCE };

/* clang-format off */
static const struct column columns[] = {
	[COLUMN_DATE] = { .name = "date", .aliases = " tanggal tgl ",
	  .required = true, .max_bytes = 32, .check = check_date },
	[COLUMN_NAME_ID] = { .name = "name_id", .aliases = " nama hari_libur nama_hari_libur keterangan ",
	  .required = true, .max_bytes = LIMIT_NAME_BYTES, .check = check_line },
	[COLUMN_NAME_EN] = { .name = "name_en", .aliases = " name nama_inggris holiday ",
	  .max_bytes = LIMIT_NAME_BYTES, .check = check_line },
	[COLUMN_SOURCE] = { .name = "source", .aliases = " sumber dasar skb ",
	  .max_bytes = LIMIT_NAME_BYTES, .check = check_line },
};
/* clang-format on */

/* ---- a year in the ledger ---------------------------------------------------- */

static void setting_name (int year, char name[SETTING_TEXT])
{
	snprintf (name, SETTING_TEXT, "holidays-%04d", year);
}

/* What was imported for a year; the caller owns it.  NULL when nothing was. */
static json_t *year_read (ledger_t *ledger, int year)
{
	OWNED (arena) arena = arena_new (4 * MIB);
	char name[SETTING_TEXT];
	struct bytes text;
	json_t *stored = NULL;

	setting_name (year, name);
	text = ledger_setting (ledger, name, arena);
	if (text.data == NULL || json_read (text, &stored, NULL) != ERR_OK)
		return NULL;
	return stored;
}

static void year_apply (int year, const json_t *stored, catalogue_t *catalogue)
{
	json_t *days = json_object_get (stored, "days"), *words;
	struct holiday holidays[HOLIDAYS_MAX];
	size_t count = 0;
	const char *date;

	json_object_foreach (days, date, words) if (count < HOLIDAYS_MAX)
		holidays[count++] = (struct holiday){
			date, { json_get_text (words, "id"), json_get_text (words, "en") }
		};
	(void)!catalogue_add_holidays (catalogue, (uint32_t)year,
				       json_get_text (stored, "source"), holidays, count,
				       NULL);
}

void import_holidays_apply (ledger_t *ledger, catalogue_t *catalogue)
{
	for (int year = FIRST_YEAR; year <= LAST_YEAR; year++) {
		json_t *stored = year_read (ledger, year);

		if (stored != NULL)
			year_apply (year, stored, catalogue);
		json_decref (stored);
	}
}

/* ---- the list ---------------------------------------------------------------- */

/* One year, as the ledger has it (NULL = not at all) and as the list tells it. */
struct year {
	json_t *stored, *told;
	struct row *row; /* one that stands for the year when only days go away */
	bool moved;      /* some line is new or changed */
};

static struct year *years_of (struct import *import)
{
	if (import->state == NULL)
		import->state = arena_must (import->arena, YEARS * sizeof (struct year));
	return import->state;
}

static struct year *begin_year (struct import *import, int number, struct row *row)
{
	struct year *year = &years_of (import)[number - FIRST_YEAR];

	if (year->told == NULL) {
		year->stored = year_read (import_ledger (import), number);
		year->told = json_pack ("{s:s, s:{}}", "source", "", "days");
		year->row = row;
	}
	return year;
}

static json_t *words_of (const struct row *row)
{
	const char *id = row_value (row, COLUMN_NAME_ID),
		   *en = row_value (row, COLUMN_NAME_EN);

	return json_pack ("{s:s, s:s}", "id", id, "en", *en != '\0' ? en : id);
}

static void judge (struct import *import, struct row *row)
{
	const char *date = row_value (row, COLUMN_DATE),
		   *source = row_value (row, COLUMN_SOURCE);
	int number = atoi (date);
	struct year *year;
	json_t *known, *words;

	if (number < FIRST_YEAR || number > LAST_YEAR) {
		import_complain (
			import, row, columns[COLUMN_DATE].name, ERR_INVALID,
			"%s: hari libur dicatat untuk tahun %d sampai %d; periksa "
			"tahunnya",
			"%s: holidays are kept for the years %d to %d; check the year",
			quoted (date), FIRST_YEAR, LAST_YEAR);
		return;
	}
	year = begin_year (import, number, row);
	words = words_of (row);
	known = json_object_get (json_object_get (year->stored, "days"), date);
	if (known == NULL)
		row->fate = FATE_NEW;
	else
		row->fate = json_equal (known, words) ? FATE_KNOWN : FATE_CHANGED;
	year->moved |= row->fate != FATE_KNOWN;
	json_object_set_new (json_object_get (year->told, "days"), date, words);
	if (*source != '\0')
		json_object_set_new (year->told, "source", json_string (source));
}

static size_t days_gone (const struct year *year)
{
	size_t count = 0;
	const char *date;
	json_t *words;

	json_object_foreach (
		json_object_get (year->stored, "days"), date,
		words) if (json_object_get (json_object_get (year->told, "days"), date) ==
			   NULL) count++;
	return count;
}

/* The list replaces the year; a day or a source that went away is a change too. */
static void conclude (struct import *import)
{
	struct year *years = years_of (import);

	for (int i = 0; i < YEARS; i++) {
		struct year *year = &years[i];
		size_t count = json_object_size (json_object_get (year->told, "days"));
		size_t gone;

		if (year->told == NULL)
			continue;
		gone = days_gone (year);
		if (gone > 0)
			import_warn (import, year->row->line, columns[COLUMN_DATE].name,
				     "%zu hari libur tahun %d yang dahulu dicatat tidak "
				     "ada pada daftar "
				     "ini dan akan dihapus",
				     "%zu holidays of %d that were recorded are not in "
				     "this list and "
				     "will go",
				     gone, FIRST_YEAR + i);
		if (count < HOLIDAYS_LEAST)
			import_warn (import, year->row->line, columns[COLUMN_DATE].name,
				     "daftar ini hanya memuat %zu hari tahun %d; SKB "
				     "selalu memuat "
				     "lebih, dan daftar ini menggantikan seluruh tahun",
				     "the list has only %zu days of %d; the joint decree "
				     "always has "
				     "more, and this list replaces the whole year",
				     count, FIRST_YEAR + i);
		if (!year->moved && !json_equal (year->stored, year->told))
			year->row->fate = FATE_CHANGED;
	}
}

static void finish (struct import *import, tx_t *tx)
{
	struct year *years = years_of (import);

	for (int i = 0; i < YEARS; i++) {
		char name[SETTING_TEXT], *text;

		if (years[i].told == NULL || json_equal (years[i].stored, years[i].told))
			continue;
		setting_name (FIRST_YEAR + i, name);
		text = json_text (years[i].told, false);
		ledger_set (tx, name, bytes_of_text (text));
		free (text);
	}
}

static void end (struct import *import)
{
	struct year *years = years_of (import);

	for (int i = 0; i < YEARS; i++) {
		json_decref (years[i].stored);
		json_decref (years[i].told);
	}
}

const struct import_list holidays_list = {
	.what = "holidays",
	.use = USE_ADMIN,
	.columns = columns,
	.column_count = COUNT_OF (columns),
	.key = COLUMN_DATE,
	.judge = judge,
	.conclude = conclude,
	.finish = finish,
	.end = end,
};
