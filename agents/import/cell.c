/* How one value must look, whichever list it stands in. */
#include "agents/import/inside.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

const char *row_value (const struct row *row, size_t column)
{
	return row->values[column];
}

/* What is wrong and what to do; the value in front of it unless it is personal. */
static void refuse (struct cell *cell, const char *id, const char *en)
{
	const struct column *column = cell->column;
	arena_t *arena = cell->import->arena;
	const char *value;

	if (!column->personal) {
		value = quoted (*cell->value);
		id = arena_printf (arena, "%s: %s", value, id);
		en = arena_printf (arena, "%s: %s", value, en);
	}
	import_complain_texts (cell->import, cell->row, column->name, ERR_INVALID, id,
			       en);
}

static bool only_has (const char *text, const char *characters)
{
	return strspn (text, characters) == strlen (text);
}

void check_line (struct cell *cell)
{
	if (strpbrk (*cell->value, "\n\t") != NULL)
		refuse (cell, "tulis dalam satu baris", "write it on one line");
}

/* Spreadsheets take a NIK for a number and cut it: "1,77101E+15". */
void check_nik (struct cell *cell)
{
	if (nik_is_plausible (*cell->value))
		return;
	if (strpbrk (*cell->value, "eE") != NULL &&
	    only_has (*cell->value, "0123456789.,eE+"))
		refuse (cell,
			"NIK telah diubah lembar kerja menjadi bilangan; jadikan "
			"kolomnya teks "
			"dan isi kembali",
			"the spreadsheet has made a number of the NIK; make the column "
			"text and "
			"fill it in again");
	else
		refuse (cell, "NIK harus 16 angka dengan tanggal lahir yang mungkin",
			"a NIK has 16 digits with a possible birth date in them");
}

/* ---- dates ------------------------------------------------------------------- */

/* "22/11/2026", "1-2-2026"; the day is first, always. */
static bool day_first (const char *text, char date[16])
{
	unsigned day, month, year;
	char one, two;
	int end = 0;

	if (sscanf (text, "%2u%c%2u%c%4u%n", &day, &one, &month, &two, &year, &end) !=
		    5 ||
	    text[end] != '\0' || one != two || strchr ("/-.", one) == NULL || year < 1000)
		return false;
	snprintf (date, 16, "%04u-%02u-%02u", year % 10000, month % 100, day % 100);
	return true;
}

/* Databases write a time of midnight behind a date. */
static bool year_first (const char *text, char date[16])
{
	static const char *const midnights[] = { "", " 00:00", " 00:00:00", "T00:00:00" };

	snprintf (date, 16, "%.10s", text);
	for (size_t i = 0; strlen (text) >= 10 && i < COUNT_OF (midnights); i++)
		if (strcmp (text + 10, midnights[i]) == 0)
			return true;
	return false;
}

void check_date (struct cell *cell)
{
	char date[16];

	if ((day_first (*cell->value, date) || year_first (*cell->value, date)) &&
	    date_is_real (date))
		*cell->value = arena_text (cell->import->arena, date);
	else if (only_has (*cell->value, "0123456789.,"))
		refuse (cell,
			"ini nomor hari lembar kerja, bukan tanggal; ubah kolomnya "
			"menjadi "
			"tanggal TTTT-BB-HH",
			"this is a spreadsheet's day number, no date; format the column "
			"as "
			"YYYY-MM-DD");
	else
		refuse (cell,
			"bukan tanggal; tulis TTTT-BB-HH atau HH/BB/TTTT, hari dahulu",
			"no date; write YYYY-MM-DD or DD/MM/YYYY, the day first");
}

/* ---- phones, regions --------------------------------------------------------- */

/* A spreadsheet drops the 0 or the plus in front; Indonesian mobile ones begin with 8. */
void check_phone (struct cell *cell)
{
	const char *phone = *cell->value;
	arena_t *arena = cell->import->arena;

	if (phone[0] == '8')
		phone = arena_printf (arena, "0%s", phone);
	else if (strncmp (phone, "62", 2) == 0)
		phone = arena_printf (arena, "+%s", phone);
	phone = phone_tidy (phone, arena);
	if (phone_is_e164 (phone))
		*cell->value = phone;
	else
		refuse (cell, "bukan nomor telepon; tulis 0812... atau +62812...",
			"no phone number; write 0812... or +62812...");
}

/* "1771" and "33.73.04" are written both ways; the dots are put where they belong. */
static const char *dotted (const char *code, arena_t *arena)
{
	size_t len = strlen (code);

	if (!only_has (code, "0123456789"))
		return code;
	switch (len) {
	case 4: return arena_printf (arena, "%.2s.%.2s", code, code + 2);
	case 6: return arena_printf (arena, "%.2s.%.2s.%.2s", code, code + 2, code + 4);
	case 10:
		return arena_printf (arena, "%.2s.%.2s.%.2s.%.4s", code, code + 2,
				     code + 4, code + 6);
	default: return code;
	}
}

void check_region (struct cell *cell)
{
	const char *code = dotted (*cell->value, cell->import->arena);

	if (!region_is_kemendagri (code)) {
		refuse (cell, "tulis kode wilayah Kemendagri, misalnya 17.71",
			"write a Kemendagri region code, such as 17.71");
		return;
	}
	*cell->value = code;
	if (!region_is_known (code))
		import_warn (cell->import, cell->row->line, cell->column->name,
			     "provinsi ini tidak ada pada daftar yang berlaku; kode lama "
			     "atau baru "
			     "disimpan apa adanya",
			     "this province is not in the list in force; an older or "
			     "newer code is "
			     "kept as it is");
}

/* ---- codes ------------------------------------------------------------------- */

/* "Laki - laki" is "laki-laki". */
static bool same_word (const char *value, const char *word)
{
	for (; *value != '\0'; value++)
		if (*value != ' ') {
			if (strncasecmp (value, word, 1) != 0 || *word == '\0')
				return false;
			word++;
			word += strspn (word, " ");
		}
	return *word == '\0';
}

static const char *choice_names (const struct cell *cell)
{
	const struct column *column = cell->column;
	const char *names = "";

	for (size_t i = 0; i < column->choice_count; i++)
		names = arena_printf (cell->import->arena, "%s%s%s", names,
				      *names != '\0' ? ", " : "",
				      column->choices[i].word);
	return names;
}

void check_choice (struct cell *cell)
{
	const struct column *column = cell->column;
	arena_t *arena = cell->import->arena;
	const char *names;

	for (size_t i = 0; i < column->choice_count; i++)
		if (same_word (*cell->value, column->choices[i].word)) {
			*cell->value = column->choices[i].code;
			return;
		}
	names = choice_names (cell);
	refuse (cell,
		arena_printf (arena, "bukan pilihan yang dikenal; tulis salah satu: %s",
			      names),
		arena_printf (arena, "no known choice; write one of: %s", names));
}
