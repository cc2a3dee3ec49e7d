/* Tables that fit the terminal: cells are copied, measured, and cut where they must. */
#include "agents/cli/out.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GAP 2u
#define NARROWEST 8u /* no column is cut below this */

struct note {
	size_t cells; /* it stands under the row that ends there */
	char *text;
};

struct table {
	const struct cli *cli;
	size_t indent;
	size_t columns;
	size_t note_count, note_room;
	struct note *notes;
	size_t count, room; /* cells, headings first */
	char **cells;
	size_t width[TABLE_COLUMNS];
};

table_t *table_new (const struct cli *cli)
{
	table_t *table = must_alloc (sizeof *table);

	table->cli = cli;
	return table;
}

void table_destroy (table_t **table)
{
	if (*table == NULL)
		return;
	for (size_t i = 0; i < (*table)->count; i++)
		free ((*table)->cells[i]);
	for (size_t i = 0; i < (*table)->note_count; i++)
		free ((*table)->notes[i].text);
	free ((*table)->notes);
	free ((*table)->cells);
	free (*table);
	*table = NULL;
}

/* Characters, not bytes: names in Indonesian and English take one column each. */
static size_t text_width (const char *text)
{
	size_t width = 0;

	for (; *text != '\0'; text++)
		width += (*text & 0xc0) != 0x80;
	return width;
}

static void add (table_t *table, size_t column, const char *text)
{
	size_t width = text_width (text);

	if (table->count == table->room) {
		table->room = table->room > 0 ? 2 * table->room : 64;
		table->cells =
			must_realloc (table->cells, table->room * sizeof *table->cells);
	}
	table->cells[table->count++] = must_text (text);
	if (width > table->width[column])
		table->width[column] = width;
}

void table_column (table_t *table, const char *id, const char *en)
{
	char text[OUT_TEXT];

	add (table, table->columns++, out_words (table->cli, id, en, text));
}

void table_cell (table_t *table, const char *text)
{
	add (table, table->count % table->columns, text);
}

void table_note (table_t *table, const char *text)
{
	if (table->note_count == table->note_room) {
		table->note_room = table->note_room > 0 ? 2 * table->note_room : 8;
		table->notes =
			must_realloc (table->notes, table->note_room * sizeof *table->notes);
	}
	table->notes[table->note_count++] =
		(struct note){ table->count, must_text (text) };
}

void table_indent (table_t *table, size_t indent)
{
	table->indent = indent;
}

static size_t widest (const size_t *width, size_t columns)
{
	size_t at = 0;

	for (size_t i = 1; i < columns; i++)
		if (width[i] > width[at])
			at = i;
	return at;
}

static void fit (const table_t *table, size_t width[TABLE_COLUMNS])
{
	size_t total = table->indent + GAP * (table->columns - 1);

	memcpy (width, table->width, sizeof table->width);
	for (size_t i = 0; i < table->columns; i++)
		total += width[i];
	for (; table->cli->width > 0 && total > table->cli->width; total--) {
		size_t at = widest (width, table->columns);

		if (width[at] <= NARROWEST)
			return;
		width[at]--;
	}
}

/* Prints at most `width` characters, the last an ellipsis when something was cut. */
static void print_cut (const char *text, size_t width)
{
	bool cut = text_width (text) > width;
	size_t left = cut ? width - 1 : width;

	while (*text != '\0' && (left > 0 || (*text & 0xc0) == 0x80)) {
		left -= (*text & 0xc0) != 0x80;
		putchar (*text++);
	}
	if (cut)
		fputs ("…", stdout);
}

static void print_row (const table_t *table, char *const *cells, const size_t *width)
{
	printf ("%*s", (int)table->indent, "");
	for (size_t i = 0; i < table->columns; i++) {
		size_t shown = text_width (cells[i]);

		print_cut (cells[i], width[i]);
		if (shown > width[i])
			shown = width[i];
		for (; i + 1 < table->columns && shown < width[i] + GAP; shown++)
			putchar (' ');
	}
	putchar ('\n');
}

static void print_notes (const table_t *table, size_t cells)
{
	for (size_t i = 0; i < table->note_count; i++)
		if (table->notes[i].cells == cells)
			printf ("%*s* %s\n", (int)(table->indent + GAP), "",
				table->notes[i].text);
}

void table_print (const table_t *table)
{
	size_t width[TABLE_COLUMNS];

	fit (table, width);
	if (table->cli->terminal)
		fputs ("\033[1m", stdout);
	print_row (table, table->cells, width);
	if (table->cli->terminal)
		fputs ("\033[0m", stdout);
	for (size_t row = 1; (row + 1) * table->columns <= table->count; row++) {
		print_row (table, table->cells + row * table->columns, width);
		print_notes (table, (row + 1) * table->columns);
	}
}
