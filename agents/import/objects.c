/* JSON: an array of objects, whose members are named like the columns of a CSV file. */
#include "agents/import/inside.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "agents/json.h"

struct reader {
	struct import *import;
	json_t *unknown; /* names that were warned about once */
};

/* Most objects name the same members: one that is unknown is worth one warning. */
static int column_of (struct reader *reader, uint32_t line, const char *name)
{
	int column;

	if (json_object_get (reader->unknown, name) != NULL)
		return -1;
	column = sheet_column (reader->import, line, name);
	if (column < 0)
		json_object_set_new (reader->unknown, name, json_true ());
	return column;
}

static void put (struct reader *reader, struct row *row, size_t column,
		 const json_t *value)
{
	char number[32];

	if (json_is_null (value))
		return;
	if (json_is_string (value)) {
		sheet_put (reader->import, row, column,
			   (struct bytes){ (const uint8_t *)json_string_value (value),
					   json_string_length (value) });
	} else if (json_is_integer (value)) {
		snprintf (number, sizeof number, "%" PRId64,
			  (int64_t)json_integer_value (value));
		sheet_put (reader->import, row, column, bytes_of_text (number));
	} else {
		import_complain (reader->import, row,
				 reader->import->list->columns[column].name, ERR_INVALID,
				 "harus berupa teks atau bilangan bulat",
				 "must be text or a whole number");
	}
}

static bool read_object (struct reader *reader, uint32_t line, const json_t *object)
{
	struct row *row = sheet_row (reader->import, line);
	const char *name;
	json_t *value;

	if (row == NULL)
		return false;
	if (!json_is_object (object)) {
		import_complain (reader->import, row, "", ERR_INVALID,
				 "setiap butir harus berupa objek",
				 "each item must be an object");
		return true;
	}
	json_object_foreach ((json_t *)object, name, value)
	{
		int column = column_of (reader, line, name);

		if (column >= 0)
			put (reader, row, (size_t)column, value);
	}
	sheet_end_row (reader->import, row);
	return true;
}

err_t sheet_read_json (struct import *import, struct bytes text)
{
	struct reader reader = { .import = import };
	json_t *list = NULL, *object;
	size_t i;
	err_t err = json_read (text, &list, import->problems);

	if (err != ERR_OK)
		return err;
	if (!json_is_array (list))
		problems_add_texts (import->problems, ERR_INVALID, "text",
				    "isi harus berupa larik JSON: [ { ... }, ... ]",
				    "it must be a JSON array: [ { ... }, ... ]");
	reader.unknown = json_object ();
	json_array_foreach (list, i, object) if (!read_object (&reader, (uint32_t)i + 1,
							       object)) break;
	json_decref (reader.unknown);
	json_decref (list);
	return problems_err (import->problems);
}
