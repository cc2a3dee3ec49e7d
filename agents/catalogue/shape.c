/* JSON objects into structs, by table; see shape.h. */
#include "agents/catalogue/shape.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/text.h"

#define LIMIT_LIST 1024u   /* elements of one list in a file */

/* ---- where we are ----------------------------------------------------------------------------- */

size_t reading_enter (struct reading *reading, const char *name)
{
	size_t before = strlen (reading->path);

	snprintf (reading->path + before, sizeof reading->path - before, "%s%.60s",
		  before > 0 ? "." : "", name);
	return before;
}

size_t reading_enter_at (struct reading *reading, size_t i)
{
	size_t before = strlen (reading->path);

	snprintf (reading->path + before, sizeof reading->path - before, "[%zu]", i);
	return before;
}

void reading_leave (struct reading *reading, size_t before)
{
	reading->path[before] = '\0';
}

/* The value as the file's author wrote it, more or less. */
static const char *value_quoted (const json_t *value)
{
	const char *shown;
	char *text;

	if (value == NULL)
		return "-";
	if (json_is_string (value))
		return quoted (json_string_value (value));
	text = json_dumps (value, JSON_COMPACT | JSON_ENCODE_ANY);
	shown = quoted (text != NULL ? text : "?");
	free (text);
	return shown;
}

bool reading_refuse (struct reading *reading, const json_t *value, const char *wanted_id,
		     const char *wanted_en)
{
	char place[280], text_id[320], text_en[320];
	const char *shown = value_quoted (value);

	snprintf (place, sizeof place, "%s: %s", reading->file, reading->path);
	snprintf (text_id, sizeof text_id, "%s: nilai %s tidak dapat dipakai; %s", place, shown,
		  wanted_id);
	snprintf (text_en, sizeof text_en, "%s: the value %s can't be used; %s", place, shown,
		  wanted_en);
	problems_add_texts (reading->problems, ERR_CONFIG, reading->path, text_id, text_en);
	return false;
}

/* ---- objects ---------------------------------------------------------------------------------- */

static const struct key *find_key (const struct shape *shape, const char *name)
{
	for (size_t i = 0; i < shape->key_count; i++)
		if (strcmp (shape->keys[i].name, name) == 0)
			return &shape->keys[i];
	return NULL;
}

static void read_member (struct reading *reading, const json_t *value, const char *name,
			 const struct shape *shape, void *base)
{
	const struct key *key = find_key (shape, name);
	size_t before = reading_enter (reading, name);

	if (key == NULL)
		reading_refuse (reading, value, "nama ini tidak dikenal di sini; hapus atau perbaiki",
				"this key is not known here; remove or correct it");
	else
		key->read (reading, value, key, base);
	reading_leave (reading, before);
}

static void refuse_missing (struct reading *reading, const json_t *object,
			    const struct shape *shape)
{
	for (size_t i = 0; i < shape->key_count; i++) {
		const struct key *key = &shape->keys[i];
		size_t before;

		if (!key->required || json_object_get (object, key->name) != NULL)
			continue;
		before = reading_enter (reading, key->name);
		reading_refuse (reading, NULL, "wajib diisi", "it must be given");
		reading_leave (reading, before);
	}
}

void shape_read (struct reading *reading, const json_t *object, const struct shape *shape,
		 void *base)
{
	const char *name;
	json_t *value;

	if (!json_is_object (object)) {
		reading_refuse (reading, object, "harus berupa objek {...}", "it must be an object {...}");
		return;
	}
	json_object_foreach ((json_t *)object, name, value)
		read_member (reading, value, name, shape, base);
	refuse_missing (reading, object, shape);
}

/* ---- readers ---------------------------------------------------------------------------------- */

static void *member (const struct key *key, void *base)
{
	return (char *)base + key->offset;
}

/* Room for what is read.  The arena's ceiling bounds what a file can make us take. */
static void *take (struct reading *reading, size_t size)
{
	void *room = arena_alloc (reading->arena, size);

	if (room == NULL)
		reading_refuse (reading, NULL, "katalog ini terlalu besar",
				"this catalogue is too large");
	return room;
}

static const char *keep_text (struct reading *reading, const json_t *value)
{
	size_t size = json_string_length (value) + 1;
	char *copy = take (reading, size);

	return copy != NULL ? memcpy (copy, json_string_value (value), size) : "";
}

static bool text_or_refuse (struct reading *reading, const json_t *value)
{
	const char *text = json_string_value (value);

	return (text != NULL && *text != '\0' && strlen (text) <= LIMIT_NAME_BYTES &&
		text_is_line (bytes_of_text (text))) ||
	       reading_refuse (reading, value, "harus berupa satu baris teks",
			       "it must be one line of text");
}

void read_text (struct reading *reading, const json_t *value, const struct key *key, void *base)
{
	if (text_or_refuse (reading, value))
		*(const char **)member (key, base) = keep_text (reading, value);
}

static bool is_token (const char *text)
{
	size_t len = text != NULL ? strlen (text) : 0;

	return len > 0 && len <= LIMIT_ID_TEXT &&
	       strspn (text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == len;
}

static bool token_or_refuse (struct reading *reading, const json_t *value)
{
	return is_token (json_string_value (value)) ||
	       reading_refuse (reading, value, "harus berupa kata 1-32 huruf, angka, titik, atau strip",
			       "it must be a word of 1-32 letters, digits, dots or dashes");
}

void read_token (struct reading *reading, const json_t *value, const struct key *key, void *base)
{
	if (token_or_refuse (reading, value))
		*(const char **)member (key, base) = keep_text (reading, value);
}

void read_flag (struct reading *reading, const json_t *value, const struct key *key, void *base)
{
	if (!json_is_boolean (value))
		reading_refuse (reading, value, "harus true atau false", "it must be true or false");
	else
		*(bool *)member (key, base) = json_is_true (value);
}

static bool number_or_refuse (struct reading *reading, const json_t *value, int64_t min, int64_t max,
			      int64_t *ret)
{
	char id[100], en[100];

	*ret = json_integer_value (value);
	if (json_is_integer (value) && *ret >= min && *ret <= max)
		return true;
	snprintf (id, sizeof id, "harus bilangan bulat %" PRId64 " sampai %" PRId64, min, max);
	snprintf (en, sizeof en, "it must be an integer from %" PRId64 " to %" PRId64, min, max);
	return reading_refuse (reading, value, id, en);
}

void read_number (struct reading *reading, const json_t *value, const struct key *key, void *base)
{
	int64_t number;

	if (number_or_refuse (reading, value, -INT64_C (1000000000000), INT64_C (1000000000000),
			      &number))
		*(int64_t *)member (key, base) = number;
}

void read_size (struct reading *reading, const json_t *value, const struct key *key, void *base)
{
	int64_t number;

	if (number_or_refuse (reading, value, 1, LIMIT_TEXT_BYTES, &number))
		*(size_t *)member (key, base) = (size_t)number;
}

void read_small (struct reading *reading, const json_t *value, const struct key *key, void *base)
{
	int64_t number;

	if (number_or_refuse (reading, value, 0, 100000, &number))
		*(uint32_t *)member (key, base) = (uint32_t)number;
}

static bool list_or_refuse (struct reading *reading, const json_t *value)
{
	return (json_is_array (value) && json_array_size (value) <= LIMIT_LIST) ||
	       reading_refuse (reading, value, "harus berupa daftar [...]", "it must be a list [...]");
}

static void set_list (const struct key *key, void *base, const void *items, size_t count)
{
	*(const void **)member (key, base) = items;
	*(size_t *)((char *)base + key->count_offset) = count;
}

typedef bool item_fn (struct reading *reading, const json_t *value);

static void read_strings (struct reading *reading, const json_t *value, const struct key *key,
			  void *base, item_fn *is_right)
{
	size_t count = json_array_size (value), kept = 0;
	const char **items;

	if (!list_or_refuse (reading, value))
		return;
	items = take (reading, (count + 1) * sizeof *items);
	if (items == NULL)
		return;
	for (size_t i = 0; i < count; i++) {
		size_t before = reading_enter_at (reading, i);
		const json_t *item = json_array_get (value, i);

		if (is_right (reading, item))
			items[kept++] = keep_text (reading, item);
		reading_leave (reading, before);
	}
	set_list (key, base, items, kept);
}

void read_tokens (struct reading *reading, const json_t *value, const struct key *key, void *base)
{
	read_strings (reading, value, key, base, token_or_refuse);
}

void read_texts (struct reading *reading, const json_t *value, const struct key *key, void *base)
{
	read_strings (reading, value, key, base, text_or_refuse);
}

void read_days (struct reading *reading, const json_t *value, const struct key *key, void *base)
{
	size_t count = json_array_size (value), kept = 0;
	int32_t *items;

	if (!list_or_refuse (reading, value))
		return;
	items = take (reading, (count + 1) * sizeof *items);
	if (items == NULL)
		return;
	for (size_t i = 0; i < count; i++) {
		size_t before = reading_enter_at (reading, i);
		int64_t number;

		if (number_or_refuse (reading, json_array_get (value, i), -100000, 100000, &number))
			items[kept++] = (int32_t)number;
		reading_leave (reading, before);
	}
	set_list (key, base, items, kept);
}

void read_part (struct reading *reading, const json_t *value, const struct key *key, void *base)
{
	shape_read (reading, value, key->shape, member (key, base));
}

void read_list (struct reading *reading, const json_t *value, const struct key *key, void *base)
{
	size_t count = json_array_size (value), size = key->shape->size;
	char *items;

	if (!list_or_refuse (reading, value))
		return;
	items = take (reading, (count + 1) * size);
	if (items == NULL)
		return;
	for (size_t i = 0; i < count; i++) {
		size_t before = reading_enter_at (reading, i);

		shape_read (reading, json_array_get (value, i), key->shape, items + i * size);
		reading_leave (reading, before);
	}
	set_list (key, base, items, count);
}
