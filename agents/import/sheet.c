/* Rows and cells, wherever they come from. */
#include "agents/import/inside.h"

#include <stdio.h>
#include <string.h>

#include "proto/text.h"

#define HEADER_BYTES 64u

/* ---- headers ----------------------------------------------------------------- */

/* "Tanggal Lahir" and "tanggal-lahir" become " tanggal_lahir ". */
static bool plain_header (const char *header, char plain[HEADER_BYTES + 3])
{
	size_t len = 0;

	if (strlen (header) > HEADER_BYTES)
		return false;
	plain[len++] = ' ';
	for (; *header != '\0'; header++) {
		char c =
			*header >= 'A' && *header <= 'Z' ? (char)(*header + 32) : *header;

		if (strchr (" _-./", c) == NULL)
			plain[len++] = c;
		else if (plain[len - 1] != '_')
			plain[len++] = '_';
	}
	while (len > 1 && plain[len - 1] == '_')
		len--;
	plain[len++] = ' ';
	plain[len] = '\0';
	return len > 2;
}

static bool is_header_of (const struct column *column, const char *plain)
{
	size_t len = strlen (column->name);

	return strstr (column->aliases, plain) != NULL ||
	       (strncmp (plain + 1, column->name, len) == 0 &&
		strcmp (plain + 1 + len, " ") == 0);
}

int sheet_column (struct import *import, uint32_t line, const char *header)
{
	const struct import_list *list = import->list;
	char plain[HEADER_BYTES + 3];

	if (plain_header (header, plain))
		for (size_t i = 0; i < list->column_count; i++)
			if (is_header_of (&list->columns[i], plain))
				return (int)i;
	import_warn (import, line, "",
		     "kolom %s tidak dikenal pada daftar ini dan tidak dibaca",
		     "the column %s is not known in this list and is not read",
		     quoted (header));
	return -1;
}

/* ---- rows -------------------------------------------------------------------- */

struct row *sheet_row (struct import *import, uint32_t line)
{
	struct row *row;

	if (import->row_count == LIMIT_IMPORT_ROWS) {
		problems_add (
			import->problems, ERR_TOO_LARGE, "text",
			"daftar memuat lebih dari %u baris; bagi menjadi beberapa berkas",
			"the list has more than %u lines; split it into several files",
			LIMIT_IMPORT_ROWS);
		return NULL;
	}
	import->rows = array_grow (import->arena, import->rows, import->row_count,
				   &import->row_room, sizeof *import->rows);
	row = &import->rows[import->row_count++];
	row->line = line;
	row->fate = FATE_NEW;
	row->values = arena_must (import->arena,
				  import->list->column_count * sizeof *row->values);
	for (size_t i = 0; i < import->list->column_count; i++)
		row->values[i] = "";
	return row;
}

/* What a spreadsheet leaves around a value: blanks, tabs, empty lines. */
static struct bytes trim (struct bytes value)
{
	static const char blank[] = " \t\r\n";

	while (value.len > 0 && memchr (blank, value.data[0], sizeof blank - 1) != NULL)
		value = (struct bytes){ value.data + 1, value.len - 1 };
	while (value.len > 0 &&
	       memchr (blank, value.data[value.len - 1], sizeof blank - 1) != NULL)
		value.len--;
	return value;
}

static const char *copy (struct import *import, struct bytes value)
{
	char *text = arena_must (import->arena, value.len + 1), *to = text;

	/* A line break is one character here, whoever wrote it. */
	for (size_t i = 0; i < value.len; i++)
		if (value.data[i] != '\r')
			*to++ = (char)value.data[i];
	return text;
}

void sheet_put (struct import *import, struct row *row, size_t column, struct bytes value)
{
	const struct column *spec = &import->list->columns[column];
	const char *text;

	value = trim (value);
	if (value.len == 0)
		return;
	if (value.len > spec->max_bytes) {
		import_complain (
			import, row, spec->name, ERR_TOO_LARGE,
			"terlalu panjang: %zu bita, paling banyak %zu; singkatkan",
			"too long: %zu bytes, at most %zu; shorten it", value.len,
			spec->max_bytes);
		return;
	}
	text = copy (import, value);
	if (memchr (value.data, '\0', value.len) != NULL ||
	    !text_is_clean (bytes_of_text (text)))
		import_complain (
			import, row, spec->name, ERR_MALFORMED,
			"memuat karakter yang tidak dapat dibaca; simpan berkas sebagai "
			"UTF-8",
			"has characters that can't be read; save the file as UTF-8");
	else if (row->values[column][0] != '\0')
		import_complain (import, row, spec->name, ERR_INVALID,
				 "diisi dua kali pada baris ini; hapus salah satu",
				 "is given twice in this line; remove one");
	else
		row->values[column] = text;
}

void sheet_end_row (struct import *import, struct row *row)
{
	for (size_t i = 0; i < import->list->column_count; i++)
		if (row->values[i][0] != '\0')
			return;
	if (row->fate != FATE_BAD)
		import->row_count--;
}
