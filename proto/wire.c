/* Unpacking into an arena, checked fields, and packing. */
#include "proto/wire.h"

#include <assert.h>
#include <string.h>

#include "proto/text.h"

#define YEAR_10000_MS INT64_C (253402300800000)

void wire_fail (struct wire_read *r, err_t err)
{
	if (r->err == ERR_OK)
		r->err = err;
}

/* ---- unpacking -------------------------------------------------------------------------------- */

/* Where protobuf-c takes its memory: an arena, or a room of fixed size. */
struct source {
	arena_t *arena;
	uint8_t *room;
	size_t left;
	bool dry;            /* the ceiling was met */
};

static void *room_alloc (struct source *source, size_t size)
{
	size_t rounded = (size + 15) & ~(size_t)15;
	void *memory = source->room;

	if (rounded < size || rounded > source->left)
		return NULL;
	source->room += rounded;
	source->left -= rounded;
	return memory;
}

static void *source_alloc (void *data, size_t size)
{
	struct source *source = data;
	void *memory = source->arena != NULL ? arena_alloc (source->arena, size)
					     : room_alloc (source, size);

	if (memory == NULL)
		source->dry = true;
	return memory;
}

static void source_free (void *data, void *memory)
{
}

static void *unpack (struct wire_read *r, const ProtobufCMessageDescriptor *type,
		     struct bytes from, struct source *source)
{
	ProtobufCAllocator allocator = { source_alloc, source_free, source };
	ProtobufCMessage *message;

	message = protobuf_c_message_unpack (type, &allocator, from.len, from.data);
	if (message == NULL)
		wire_fail (r, source->dry ? ERR_TOO_LARGE : ERR_MALFORMED);
	return message;
}

static bool scan_holds (struct wire_read *r, const ProtobufCMessageDescriptor *type,
			struct bytes from, size_t most_bytes, size_t most_items)
{
	err_t err = from.len > most_bytes ? ERR_TOO_LARGE : wire_scan (type, from, most_items);

	if (err != ERR_OK)
		wire_fail (r, err);
	return err == ERR_OK;
}

void *wire_unpack (struct wire_read *r, const ProtobufCMessageDescriptor *type, struct bytes from,
		   size_t most_bytes, size_t most_items)
{
	struct source source = { .arena = r->arena };

	if (!scan_holds (r, type, from, most_bytes, most_items))
		return NULL;
	return unpack (r, type, from, &source);
}

void *wire_unpack_into (struct wire_read *r, const ProtobufCMessageDescriptor *type,
			struct bytes from, size_t most_bytes, size_t most_items, uint8_t *room,
			size_t room_bytes)
{
	struct source source = { .room = room, .left = room_bytes };

	if (!scan_holds (r, type, from, most_bytes, most_items))
		return NULL;
	return unpack (r, type, from, &source);
}

/* ---- fields, checked -------------------------------------------------------------------------- */

struct bytes wire_bytes (struct wire_read *r, ProtobufCBinaryData from, size_t most)
{
	if (from.len > most) {
		wire_fail (r, ERR_TOO_LARGE);
		return BYTES_NONE;
	}
	return (struct bytes){ from.data, from.len };
}

static void read_id (struct wire_read *r, ProtobufCBinaryData from, uint8_t *ret, size_t len,
		     bool or_none)
{
	err_t err = id_from_bytes (ret, len, (struct bytes){ from.data, from.len }, or_none);

	if (err == ERR_OK && from.len > 0 && id_is_zero (ret, len))
		err = ERR_MALFORMED;
	if (err != ERR_OK)
		wire_fail (r, err);
}

void wire_id (struct wire_read *r, ProtobufCBinaryData from, uint8_t *ret, size_t len)
{
	read_id (r, from, ret, len, false);
}

void wire_id_or_none (struct wire_read *r, ProtobufCBinaryData from, uint8_t *ret, size_t len)
{
	read_id (r, from, ret, len, true);
}

const char *wire_text (struct wire_read *r, const char *from, size_t most)
{
	if (strnlen (from, most + 1) > most) {
		wire_fail (r, ERR_TOO_LARGE);
		return "";
	}
	return from;
}

const char *wire_line (struct wire_read *r, const char *from, size_t most)
{
	/* The scan has refused every other control character. */
	if (strpbrk (from, "\n\t") != NULL) {
		wire_fail (r, ERR_MALFORMED);
		return "";
	}
	return wire_text (r, from, most);
}

const char *wire_word (struct wire_read *r, const char *from)
{
	if (from[0] == '\0')
		wire_fail (r, ERR_MALFORMED);
	return wire_line (r, from, LIMIT_ID_TEXT);
}

const char *wire_word_or_none (struct wire_read *r, const char *from)
{
	return wire_line (r, from, LIMIT_ID_TEXT);
}

const char *wire_note (struct wire_read *r, ProtobufCBinaryData from, size_t most)
{
	struct bytes note = wire_bytes (r, from, most);
	char *text;

	if (!text_is_clean (note)) {
		wire_fail (r, ERR_MALFORMED);
		return "";
	}
	text = arena_alloc (r->arena, note.len + 1);
	if (text == NULL) {
		wire_fail (r, ERR_TOO_LARGE);
		return "";
	}
	if (note.len > 0)
		memcpy (text, note.data, note.len);
	return text;
}

void wire_agency (struct wire_read *r, const char *from, struct agency_id *ret)
{
	if (agency_id_parse (from, ret) != ERR_OK)
		wire_fail (r, ERR_MALFORMED);
}

void wire_agency_or_none (struct wire_read *r, const char *from, struct agency_id *ret)
{
	if (from[0] == '\0')
		*ret = (struct agency_id){ "" };
	else
		wire_agency (r, from, ret);
}

int64_t wire_time (struct wire_read *r, uint64_t from)
{
	if (from >= (uint64_t)YEAR_10000_MS) {
		wire_fail (r, ERR_MALFORMED);
		return 0;
	}
	return (int64_t)from;
}

uint64_t wire_count (struct wire_read *r, uint64_t from)
{
	if (from > INT64_MAX) {
		wire_fail (r, ERR_MALFORMED);
		return 0;
	}
	return from;
}

uint32_t wire_range (struct wire_read *r, int64_t from, uint32_t least, uint32_t most)
{
	if (from < (int64_t)least || from > (int64_t)most) {
		wire_fail (r, ERR_MALFORMED);
		return least;
	}
	return (uint32_t)from;
}

err_t wire_code (struct wire_read *r, const char *from, bool retry_offered)
{
	err_t err;

	if (from[0] == '\0')
		return ERR_OK;
	wire_word (r, from);
	if (err_parse (from, &err) == 0)
		return err;
	return retry_offered ? ERR_BUSY : ERR_MALFORMED;
}

void *wire_array (struct wire_read *r, size_t count, size_t most, size_t size)
{
	void *array;

	if (count > most)
		wire_fail (r, ERR_TOO_LARGE);
	if (count == 0 || count > most)
		return NULL;
	array = arena_alloc (r->arena, count * size);
	if (array == NULL)
		wire_fail (r, ERR_TOO_LARGE);
	return array;
}

const char *const *wire_words (struct wire_read *r, char **from, size_t count, size_t most)
{
	const char **words = wire_array (r, count, most, sizeof *words);

	for (size_t i = 0; words != NULL && i < count; i++)
		words[i] = wire_word (r, from[i]);
	return words;
}

/* ---- the way back ----------------------------------------------------------------------------- */

void *wire_new (arena_t *arena, const ProtobufCMessageDescriptor *type)
{
	void *message = arena_must (arena, type->sizeof_message);

	protobuf_c_message_init (type, message);
	return message;
}

void *wire_new_array (arena_t *arena, const ProtobufCMessageDescriptor *type, size_t count)
{
	void **array = arena_must (arena, count * sizeof *array);

	for (size_t i = 0; i < count; i++)
		array[i] = wire_new (arena, type);
	return array;
}

ProtobufCBinaryData wire_put_bytes (struct bytes from)
{
	return (ProtobufCBinaryData){ from.len, (uint8_t *)(uintptr_t)from.data };
}

char *wire_put_text (const char *from)
{
	return (char *)(uintptr_t)(from != NULL ? from : "");
}

char **wire_put_texts (arena_t *arena, const char *const *from, size_t count)
{
	char **texts = arena_must (arena, count * sizeof *texts);

	for (size_t i = 0; i < count; i++)
		texts[i] = wire_put_text (from[i]);
	return texts;
}

char *wire_put_code (err_t err)
{
	return wire_put_text (err != ERR_OK ? err_name (err) : "");
}

ProtobufCBinaryData wire_put_id (const uint8_t *b, size_t len)
{
	return wire_put_bytes (id_is_zero (b, len) ? BYTES_NONE : (struct bytes){ b, len });
}

struct bytes wire_pack (const void *message, arena_t *arena, size_t most)
{
	size_t size = protobuf_c_message_get_packed_size (message);
	uint8_t *bytes = size <= most ? arena_alloc (arena, size) : NULL;

	if (bytes == NULL)
		return BYTES_NONE;
	protobuf_c_message_pack (message, bytes);
	return (struct bytes){ bytes, size };
}
