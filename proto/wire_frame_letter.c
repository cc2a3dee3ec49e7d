/*
 * The two frames that carry a letter, Put and Deliver, straight from bytes to struct and back.
 *
 * A hub reads and writes one of each for every letter.  Only the form that our own encoder gives is
 * read here: every field once, in order, none empty.  Whatever looks otherwise is left to the
 * general reader, which knows what may differ and what is wrong with it.
 */
#include "proto/wire_frame_letter.h"

#include <string.h>

#define TAG(field, type) ((uint8_t)((field) << 3 | (type)))
#define NUMBER 0   /* protobuf's wire types */
#define BYTES 2

/* ---- reading ---------------------------------------------------------------------------------- */

struct reader { const uint8_t *at, *end; };

/* One that a store can hold as a signed number, in its shortest form; not 0. */
static bool read_number (struct reader *r, uint64_t *ret)
{
	uint64_t value = 0;

	for (unsigned shift = 0; shift < 63 && r->at < r->end; shift += 7) {
		uint8_t byte = *r->at++;

		value |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80) {
			*ret = value;
			return byte != 0;
		}
	}
	return false;
}

static bool read_tag (struct reader *r, uint8_t tag)
{
	return r->at < r->end && *r->at++ == tag;
}

static bool number_field (struct reader *r, uint8_t field, uint64_t most, uint64_t *ret)
{
	return read_tag (r, TAG (field, NUMBER)) && read_number (r, ret) && *ret <= most;
}

static bool bytes_field (struct reader *r, uint8_t field, size_t most, struct bytes *ret)
{
	uint64_t len;

	if (!read_tag (r, TAG (field, BYTES)) || !read_number (r, &len) || len > most ||
	    len > (uint64_t)(r->end - r->at))
		return false;
	*ret = (struct bytes){ r->at, (size_t)len };
	r->at += len;
	return true;
}

/* The message that is the last field of what holds it. */
static bool message_field (struct reader *r, uint8_t field)
{
	struct bytes inside;
	const uint8_t *end = r->end;

	if (!bytes_field (r, field, LIMIT_FRAME_BYTES, &inside) || r->at != end)
		return false;
	r->at = inside.data;
	return true;
}

static bool letter_fields (struct reader *r, uint8_t field, struct bytes *h, struct bytes *c)
{
	return bytes_field (r, field, LIMIT_HEADER_BYTES, h) &&
	       bytes_field (r, (uint8_t)(field + 1), LIMIT_CIPHER_BYTES, c) && r->at == r->end;
}

static bool read_put (struct reader r, struct frame *ret)
{
	struct frame frame = { .type = FRAME_PUT };

	if (!message_field (&r, FRAME_PUT) || !number_field (&r, 1, INT64_MAX, &frame.put.pseq) ||
	    !letter_fields (&r, 2, &frame.put.h, &frame.put.c))
		return false;
	*ret = frame;
	return true;
}

static bool read_deliver (struct reader r, struct frame *ret)
{
	struct frame frame = { .type = FRAME_DELIVER };
	uint64_t class, attempt;

	if (!message_field (&r, FRAME_DELIVER) || !number_field (&r, 1, CLASS_ROUTINE, &class) ||
	    !number_field (&r, 2, INT64_MAX, &frame.deliver.dseq) ||
	    !number_field (&r, 3, UINT32_MAX, &attempt) || !message_field (&r, 4) ||
	    !letter_fields (&r, 1, &frame.deliver.h, &frame.deliver.c))
		return false;
	frame.deliver.class = (enum letter_class)class;
	frame.deliver.attempt = (uint32_t)attempt;
	frame.deliver.item = DELIVER_LETTER;
	*ret = frame;
	return true;
}

bool letter_frame_read (struct bytes from, struct frame *ret_frame)
{
	struct reader r = { from.data, from.data };

	if (from.len == 0 || from.len > LIMIT_FRAME_BYTES)
		return false;
	r.end += from.len;
	return read_put (r, ret_frame) || read_deliver (r, ret_frame);
}

/* ---- writing ---------------------------------------------------------------------------------- */

static size_t number_len (uint64_t value)
{
	size_t len = 1;

	for (; value >= 0x80; value >>= 7)
		len++;
	return len;
}

static size_t bytes_len (size_t len)
{
	return 1 + number_len (len) + len;
}

static uint8_t *put_number (uint8_t *to, uint8_t tag, uint64_t value)
{
	*to++ = tag;
	for (; value >= 0x80; value >>= 7)
		*to++ = (uint8_t)(value | 0x80);
	*to++ = (uint8_t)value;
	return to;
}

static uint8_t *put_bytes (uint8_t *to, uint8_t field, struct bytes from)
{
	to = put_number (to, TAG (field, BYTES), from.len);
	memcpy (to, from.data, from.len);
	return to + from.len;
}

static struct bytes write_put (const struct frame *frame, arena_t *arena)
{
	size_t inside = 1 + number_len (frame->put.pseq) + bytes_len (frame->put.h.len) +
			bytes_len (frame->put.c.len);
	uint8_t *bytes = arena_must (arena, bytes_len (inside)), *to = bytes;

	to = put_number (to, TAG (FRAME_PUT, BYTES), inside);
	to = put_number (to, TAG (1, NUMBER), frame->put.pseq);
	to = put_bytes (to, 2, frame->put.h);
	to = put_bytes (to, 3, frame->put.c);
	return (struct bytes){ bytes, (size_t)(to - bytes) };
}

static struct bytes write_deliver (const struct frame *frame, arena_t *arena)
{
	size_t letter = bytes_len (frame->deliver.h.len) + bytes_len (frame->deliver.c.len);
	size_t inside = 1 + number_len (frame->deliver.class) + 1 +
			number_len (frame->deliver.dseq) + 1 + number_len (frame->deliver.attempt) +
			bytes_len (letter);
	uint8_t *bytes = arena_must (arena, bytes_len (inside)), *to = bytes;

	to = put_number (to, TAG (FRAME_DELIVER, BYTES), inside);
	to = put_number (to, TAG (1, NUMBER), frame->deliver.class);
	to = put_number (to, TAG (2, NUMBER), frame->deliver.dseq);
	to = put_number (to, TAG (3, NUMBER), frame->deliver.attempt);
	to = put_number (to, TAG (4, BYTES), letter);
	to = put_bytes (to, 1, frame->deliver.h);
	to = put_bytes (to, 2, frame->deliver.c);
	return (struct bytes){ bytes, (size_t)(to - bytes) };
}

static bool fits (struct bytes h, struct bytes c)
{
	return h.len > 0 && c.len > 0 && h.len <= LIMIT_HEADER_BYTES && c.len <= LIMIT_CIPHER_BYTES;
}

struct bytes letter_frame_write (const struct frame *frame, arena_t *arena)
{
	if (frame->type == FRAME_PUT && frame->put.pseq > 0 && fits (frame->put.h, frame->put.c))
		return write_put (frame, arena);
	if (frame->type == FRAME_DELIVER && frame->deliver.item == DELIVER_LETTER &&
	    frame->deliver.class > 0 && frame->deliver.dseq > 0 && frame->deliver.attempt > 0 &&
	    fits (frame->deliver.h, frame->deliver.c))
		return write_deliver (frame, arena);
	return BYTES_NONE;
}
