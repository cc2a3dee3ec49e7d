/*
 * The first pass over bytes from outside: nothing is allocated, everything is bounded.
 *
 * protobuf-c alone would cut a string at an embedded NUL, let the last of several copies of a field
 * win, and build whatever tree the bytes ask for.
 */
#include "proto/wire.h"

#include <assert.h>
#include <string.h>

#include "proto/text.h"

#define MOST_FIELDS 64u      /* of one of our messages */
#define MOST_UNKNOWN 64u     /* fields that are newer than this program, per message */

enum wire_type { WIRE_VARINT = 0, WIRE_FIXED64 = 1, WIRE_LENGTH = 2, WIRE_FIXED32 = 5 };

struct cursor {
	const uint8_t *at, *end;
};

/* What one message has shown so far. */
struct seen {
	uint32_t count[MOST_FIELDS];
	uint32_t unknown;
};

static bool take_varint (struct cursor *from, uint64_t *ret)
{
	uint64_t value = 0;

	for (unsigned shift = 0; shift < 70 && from->at < from->end; shift += 7) {
		uint8_t byte = *from->at++;

		if (shift == 63 && byte > 1)
			return false;
		value |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80) {
			*ret = value;
			return true;
		}
	}
	return false;
}

static bool take_bytes (struct cursor *from, uint64_t len, struct bytes *ret)
{
	if (len > (uint64_t)(from->end - from->at))
		return false;
	*ret = (struct bytes){ from->at, (size_t)len };
	from->at += len;
	return true;
}

static err_t skip_unknown (struct cursor *from, unsigned wire_type, struct seen *seen)
{
	struct bytes skipped;
	uint64_t number = 0;
	bool ok = false;

	if (++seen->unknown > MOST_UNKNOWN)
		return ERR_TOO_LARGE;
	switch (wire_type) {
	case WIRE_VARINT:
		ok = take_varint (from, &number);
		break;
	case WIRE_FIXED64:
		ok = take_bytes (from, 8, &skipped);
		break;
	case WIRE_LENGTH:
		ok = take_varint (from, &number) && take_bytes (from, number, &skipped);
		break;
	case WIRE_FIXED32:
		ok = take_bytes (from, 4, &skipped);
		break;
	}
	return ok ? ERR_OK : ERR_MALFORMED;
}

/* ---- known fields ----------------------------------------------------------------------------- */

static bool is_narrow (ProtobufCType type)
{
	return type == PROTOBUF_C_TYPE_UINT32 || type == PROTOBUF_C_TYPE_ENUM ||
	       type == PROTOBUF_C_TYPE_BOOL;
}

static bool is_delimited (ProtobufCType type)
{
	return type == PROTOBUF_C_TYPE_STRING || type == PROTOBUF_C_TYPE_BYTES ||
	       type == PROTOBUF_C_TYPE_MESSAGE;
}

static err_t scan_number (struct cursor *from, ProtobufCType type)
{
	uint64_t value;

	if (!take_varint (from, &value))
		return ERR_MALFORMED;
	return is_narrow (type) && value > UINT32_MAX ? ERR_MALFORMED : ERR_OK;
}

/* Several numbers in one field; `ret_count` gets their number. */
static err_t scan_packed (struct bytes packed, ProtobufCType type, uint32_t *ret_count)
{
	struct cursor from = { packed.data, packed.data + packed.len };
	uint32_t count = 0;

	for (; from.at < from.end; count++)
		if (scan_number (&from, type) != ERR_OK)
			return ERR_MALFORMED;
	*ret_count = count;
	return ERR_OK;
}

static err_t scan_delimited (struct bytes value, const ProtobufCFieldDescriptor *field,
			     size_t most_items, uint32_t *ret_count)
{
	*ret_count = 1;
	if (field->type == PROTOBUF_C_TYPE_STRING)
		return text_is_clean (value) ? ERR_OK : ERR_MALFORMED;
	if (field->type == PROTOBUF_C_TYPE_MESSAGE)
		return wire_scan (field->descriptor, value, most_items);
	if (field->type == PROTOBUF_C_TYPE_BYTES)
		return ERR_OK;
	if (field->label != PROTOBUF_C_LABEL_REPEATED)
		return ERR_MALFORMED;
	return scan_packed (value, field->type, ret_count);
}

static err_t scan_value (struct cursor *from, unsigned wire_type,
			 const ProtobufCFieldDescriptor *field, size_t most_items,
			 uint32_t *ret_count)
{
	struct bytes value;
	uint64_t len;

	*ret_count = 1;
	if (wire_type == WIRE_VARINT && !is_delimited (field->type))
		return scan_number (from, field->type);
	if (wire_type != WIRE_LENGTH || !take_varint (from, &len) ||
	    !take_bytes (from, len, &value))
		return ERR_MALFORMED;
	return scan_delimited (value, field, most_items, ret_count);
}

/* The members of a oneof share one slot: they may not both be there. */
static size_t slot_of (const ProtobufCMessageDescriptor *type,
		       const ProtobufCFieldDescriptor *field)
{
	if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0)
		for (unsigned i = 0; i < type->n_fields; i++)
			if (type->fields[i].quantifier_offset == field->quantifier_offset &&
			    (type->fields[i].flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0)
				return i;
	return (size_t)(field - type->fields);
}

static err_t count_field (struct seen *seen, const ProtobufCMessageDescriptor *type,
			  const ProtobufCFieldDescriptor *field, uint32_t more, size_t most_items)
{
	uint32_t *count = &seen->count[slot_of (type, field)];

	*count += more;
	if (field->label == PROTOBUF_C_LABEL_REPEATED)
		return *count > most_items ? ERR_TOO_LARGE : ERR_OK;
	return *count > 1 ? ERR_MALFORMED : ERR_OK;
}

static err_t scan_field (struct cursor *from, const ProtobufCMessageDescriptor *type,
			 size_t most_items, struct seen *seen)
{
	const ProtobufCFieldDescriptor *field;
	uint32_t more = 1;
	uint64_t tag;
	err_t err;

	if (!take_varint (from, &tag) || tag > UINT32_MAX || tag >> 3 == 0)
		return ERR_MALFORMED;
	field = protobuf_c_message_descriptor_get_field (type, (unsigned)(tag >> 3));
	if (field == NULL)
		return skip_unknown (from, (unsigned)(tag & 7), seen);
	err = scan_value (from, (unsigned)(tag & 7), field, most_items, &more);
	return err != ERR_OK ? err : count_field (seen, type, field, more, most_items);
}

err_t wire_scan (const ProtobufCMessageDescriptor *type, struct bytes from, size_t most_items)
{
	struct cursor cursor = { from.data, from.data };
	struct seen seen = { .unknown = 0 };
	err_t err = ERR_OK;

	assert (type->n_fields <= MOST_FIELDS);
	if (from.len > 0)   /* without bytes, data may be NULL */
		cursor.end += from.len;
	while (err == ERR_OK && cursor.at < cursor.end)
		err = scan_field (&cursor, type, most_items, &seen);
	return err;
}
