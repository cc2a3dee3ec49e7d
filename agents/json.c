/*
 * The JSON library's door.  Depth is counted before anything is parsed: jansson would recurse two
 * thousand levels deep first.
 */
#include "agents/json.h"

#include <stdio.h>
#include <stdlib.h>

#include "jembatan/limits.h"
#include "proto/file.h"

struct complaint {
	enum json_error_code code;
	const char *id, *en;
};

/* clang-format off */
static const struct complaint complaints[] = {
	{ json_error_invalid_utf8,        "teks bukan UTF-8 yang sah", "the text is not valid UTF-8" },
	{ json_error_premature_end_of_input, "isi terputus sebelum selesai", "the text ends too early" },
	{ json_error_end_of_input_expected, "ada sisa isi setelah akhir dokumen", "something follows after the end of the document" },
	{ json_error_duplicate_key,       "satu nama dipakai dua kali dalam objek yang sama", "one name stands twice in the same object" },
	{ json_error_numeric_overflow,    "bilangan terlalu besar", "a number is too large" },
	{ json_error_null_character,      "ada karakter NUL di dalam teks", "a text holds a NUL character" },
	{ json_error_null_byte_in_key,    "ada karakter NUL di dalam nama", "a name holds a NUL character" },
	{ json_error_stack_overflow,      "susunan terlalu dalam", "nested too deeply" },
};
/* clang-format on */

static const struct complaint *complaint_for (enum json_error_code code)
{
	static const struct complaint syntax = { json_error_invalid_syntax,
						 "penulisan JSON tidak benar", "this is not correct JSON" };

	for (size_t i = 0; i < COUNT_OF (complaints); i++)
		if (complaints[i].code == code)
			return &complaints[i];
	return &syntax;
}

static err_t complain (const json_error_t *error, problems_t *problems)
{
	const struct complaint *complaint = complaint_for (json_error_code (error));
	char field[64], text_id[160], text_en[160];

	snprintf (field, sizeof field, "line %d", error->line);
	snprintf (text_id, sizeof text_id, "baris %d, kolom %d: %s", error->line, error->column,
		  complaint->id);
	snprintf (text_en, sizeof text_en, "line %d, column %d: %s", error->line, error->column,
		  complaint->en);
	return problems_add_texts (problems, ERR_MALFORMED, field, text_id, text_en);
}

/* Brackets outside of strings.  A text that is no JSON may be counted wrongly; the parser refuses
 * it afterwards. */
static bool is_too_deep (struct bytes text)
{
	unsigned depth = 0;
	bool in_string = false;

	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.data[i];

		if (in_string && c == '\\')
			i++;
		else if (c == '"')
			in_string = !in_string;
		else if (!in_string && (c == '{' || c == '['))
			depth++;
		else if (!in_string && (c == '}' || c == ']') && depth > 0)
			depth--;
		if (depth > LIMIT_JSON_DEPTH)
			return true;
	}
	return false;
}

err_t json_read (struct bytes text, json_t **ret_value, problems_t *problems)
{
	json_error_t error;
	json_t *value;

	if (text.len > LIMIT_FILE_BYTES)
		return problems_add (problems, ERR_TOO_LARGE, "",
				     "isi terlalu besar: %zu byte, paling banyak %u",
				     "too large: %zu bytes, at most %u", text.len, LIMIT_FILE_BYTES);
	if (is_too_deep (text))
		return problems_add (problems, ERR_MALFORMED, "",
				     "susunan lebih dalam daripada %u tingkat",
				     "nested deeper than %u levels", LIMIT_JSON_DEPTH);
	value = json_loadb (text.len > 0 ? (const char *)text.data : "", text.len,
			    JSON_REJECT_DUPLICATES, &error);
	if (value == NULL)
		return complain (&error, problems);
	*ret_value = value;
	return ERR_OK;
}

static err_t complain_file (err_t err, const char *path, problems_t *problems)
{
	return problems_add (problems, err, path, "berkas %s tidak dapat dibaca",
			     "the file %s can't be read", quoted (path));
}

err_t json_read_file (const char *path, json_t **ret_value, problems_t *problems)
{
	OWNED (arena) arena = arena_new (LIMIT_FILE_BYTES + MIB);
	struct bytes text;
	err_t err;

	err = file_read (path, LIMIT_FILE_BYTES, arena, &text);
	if (err != ERR_OK)
		return complain_file (err, path, problems);
	return json_read (text, ret_value, problems);
}

char *json_text (const json_t *value, bool indented)
{
	char *text = json_dumps (value, indented ? JSON_INDENT (2) : JSON_COMPACT);

	if (text == NULL)
		abort ();   /* out of memory; jansson's values can't hold bad text */
	return text;
}

const char *json_get_text (const json_t *object, const char *key)
{
	return json_string_value (json_object_get (object, key));
}

int64_t json_get_number (const json_t *object, const char *key, int64_t fallback)
{
	const json_t *value = json_object_get (object, key);

	return json_is_integer (value) ? json_integer_value (value) : fallback;
}

bool json_get_flag (const json_t *object, const char *key, bool fallback)
{
	const json_t *value = json_object_get (object, key);

	return json_is_boolean (value) ? json_is_true (value) : fallback;
}
