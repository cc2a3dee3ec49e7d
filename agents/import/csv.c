/*
 * CSV (RFC 4180) by libcsv: comma, semicolon or tab, whichever the header line uses;
 * CRLF, LF or CR; line breaks inside of quotes.  libcsv sees one line at a time, so that
 * every row knows the line on which it begins.
 */
#include "agents/import/inside.h"

#include <csv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reader {
	struct import *import;
	struct csv_parser parser;
	uint32_t line, row_line; /* the present one; where the present row began */
	size_t cell;             /* of the present row */
	size_t header_count;     /* 0 = the header was not read yet */
	int columns[LIMIT_IMPORT_COLUMNS];
	struct row *row;
	bool header_read, row_ended, overfull, stopped;
};

static void stop (struct reader *reader, err_t err, const char *id, const char *en)
{
	char field[32];

	snprintf (field, sizeof field, "baris/line %u", reader->row_line);
	if (!reader->stopped)
		problems_add_texts (reader->import->problems, err, field, id, en);
	reader->stopped = true;
}

/* ---- the header -------------------------------------------------------------- */

static bool is_taken (const struct reader *reader, int column)
{
	for (size_t i = 0; i < reader->header_count; i++)
		if (reader->columns[i] == column)
			return true;
	return false;
}

static void take_header (struct reader *reader, struct bytes cell)
{
	char header[128];
	size_t len = cell.len < sizeof header - 1 ? cell.len : sizeof header - 1;
	int column = -1;

	if (reader->header_count == LIMIT_IMPORT_COLUMNS) {
		stop (reader, ERR_TOO_LARGE,
		      "judul memuat lebih dari 64 kolom; hapus yang tidak perlu",
		      "the header has more than 64 columns; remove those that are not "
		      "needed");
		return;
	}
	memcpy (header, cell.data, len);
	header[len] = '\0';
	if (len > 0)
		column = sheet_column (reader->import, reader->line, header);
	if (column >= 0 && is_taken (reader, column))
		problems_add (
			reader->import->problems, ERR_INVALID,
			reader->import->list->columns[column].name,
			"dua kolom berarti sama, satu di antaranya %s; hapus salah satu",
			"two columns mean the same, one of them %s; remove one",
			quoted (header));
	reader->columns[reader->header_count++] = column;
}

static void end_header (struct reader *reader)
{
	const struct import_list *list = reader->import->list;

	reader->header_read = true;
	for (size_t i = 0; i < list->column_count; i++)
		if (list->columns[i].required && !is_taken (reader, (int)i))
			problems_add (reader->import->problems, ERR_INVALID,
				      list->columns[i].name,
				      "kolom %s tidak ada pada baris judul",
				      "the header lacks the column %s",
				      list->columns[i].name);
	if (problems_count (reader->import->problems) > 0)
		reader->stopped = true;
}

/* ---- rows -------------------------------------------------------------------- */

/* Once for a row, however long it is. */
static void complain_overfull (struct reader *reader)
{
	if (!reader->overfull)
		import_complain (
			reader->import, reader->row, "", ERR_INVALID,
			"baris ini memuat lebih banyak isian daripada judul; apit isian "
			"yang memuat pemisah dengan tanda petik",
			"this line has more values than the header; put values with a "
			"separator in them in quotes");
	reader->overfull = true;
}

static void take_cell (struct reader *reader, struct bytes cell)
{
	if (reader->cell == 0)
		reader->row = sheet_row (reader->import, reader->row_line);
	if (reader->row == NULL)
		reader->stopped = true;
	else if (reader->cell < reader->header_count &&
		 reader->columns[reader->cell] >= 0)
		sheet_put (reader->import, reader->row,
			   (size_t)reader->columns[reader->cell], cell);
	else if (reader->cell >= reader->header_count && cell.len > 0)
		complain_overfull (reader);
	reader->cell++;
}

/* libcsv gives NULL for an empty cell without quotes. */
static void on_cell (void *data, size_t len, void *arg)
{
	struct reader *reader = arg;
	struct bytes cell = { data != NULL ? data : (const uint8_t *)"", len };

	if (reader->stopped)
		return;
	if (reader->header_read)
		take_cell (reader, cell);
	else
		take_header (reader, cell);
}

static void on_row (int end, void *arg)
{
	struct reader *reader = arg;

	reader->row_ended = true;
	if (reader->stopped)
		return;
	if (!reader->header_read)
		end_header (reader);
	else
		sheet_end_row (reader->import, reader->row);
	reader->cell = 0;
	reader->overfull = false;
}

/* ---- lines ------------------------------------------------------------------- */

/* Up to and with the end of the line. */
static struct bytes next_line (struct bytes text)
{
	size_t len = 0;

	while (len < text.len && text.data[len] != '\n' && text.data[len] != '\r')
		len++;
	if (len + 1 < text.len && text.data[len] == '\r' && text.data[len + 1] == '\n')
		len++;
	return (struct bytes){ text.data, len < text.len ? len + 1 : len };
}

static bool is_empty_line (struct bytes line)
{
	for (size_t i = 0; i < line.len; i++)
		if (strchr (" \t\r\n", line.data[i]) == NULL || line.data[i] == '\0')
			return false;
	return true;
}

/* The separator that stands most often outside of quotes. */
static unsigned char find_separator (struct bytes header)
{
	static const char separators[] = ",;\t";
	size_t count[sizeof separators] = { 0 }, best = 0;
	bool quoted_part = false;

	for (size_t i = 0; i < header.len; i++) {
		const char *at =
			memchr (separators, header.data[i], sizeof separators - 1);

		if (header.data[i] == '"')
			quoted_part = !quoted_part;
		else if (at != NULL && !quoted_part)
			count[at - separators]++;
	}
	for (size_t i = 1; i < sizeof separators - 1; i++)
		if (count[i] > count[best])
			best = i;
	return (unsigned char)separators[best];
}

static void read_lines (struct reader *reader, struct bytes text)
{
	bool inside = false; /* of a row that goes on */

	while (text.len > 0 && !reader->stopped) {
		struct bytes line = next_line (text);

		reader->line++;
		if (!inside)
			reader->row_line = reader->line;
		if (!inside && !reader->header_read)
			csv_set_delim (&reader->parser, find_separator (line));
		reader->row_ended = false;
		if (csv_parse (&reader->parser, line.data, line.len, on_cell, on_row,
			       reader) != line.len)
			stop (reader, ERR_MALFORMED,
			      "tanda petik berada di tengah isian; apit seluruh isian "
			      "dengan "
			      "tanda petik dan tulis petik di dalamnya dua kali",
			      "a quote stands in the middle of a value; put the whole "
			      "value in "
			      "quotes and double the quotes in it");
		inside = !reader->row_ended && (inside || !is_empty_line (line));
		text = (struct bytes){ text.data + line.len, text.len - line.len };
	}
	if (!reader->stopped && csv_fini (&reader->parser, on_cell, on_row, reader) != 0)
		stop (reader, ERR_MALFORMED,
		      "tanda petik yang dibuka di baris ini tidak pernah ditutup",
		      "the quote that opens in this line is never closed");
}

err_t sheet_read_csv (struct import *import, struct bytes text)
{
	struct reader reader = { .import = import };

	if (csv_init (&reader.parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
		abort ();
	read_lines (&reader, text);
	csv_free (&reader.parser);
	if (!reader.header_read && problems_count (import->problems) == 0)
		problems_add_texts (
			import->problems, ERR_INVALID, "text",
			"berkas kosong; baris pertama harus memuat judul kolom",
			"the file is empty; its first line must name the columns");
	return problems_err (import->problems);
}
