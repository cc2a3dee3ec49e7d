/* The envelope's header.  The hub reads one per letter, so it is decoded without an allocation. */
#include "proto/wire.h"

#include <assert.h>
#include <string.h>

#include "envelope.pb-c.h"
#include "jembatan/envelope.h"

#define HEADER_ROOM_BYTES (8u * KIB)
#define PADDED_BLOB_BYTES_MAX (LIMIT_BLOB_BYTES + LIMIT_BLOB_STEP_BYTES)

static void read_blob_ref (struct wire_read *r, const Jembatan__BlobRef *from, struct blob_ref *to)
{
	WIRE_ID (r, from->id, &to->id);
	to->padded_length = from->padded_length;
	if (to->padded_length == 0 || to->padded_length % LIMIT_BLOB_STEP_BYTES != 0)
		wire_fail (r, ERR_MALFORMED);
	if (to->padded_length > PADDED_BLOB_BYTES_MAX)
		wire_fail (r, ERR_TOO_LARGE);
}

static void read_blobs (struct wire_read *r, const Jembatan__Header *from, struct header *to)
{
	if (from->n_blobs > LIMIT_BLOBS) {
		wire_fail (r, ERR_TOO_LARGE);
		return;
	}
	to->blob_count = from->n_blobs;
	for (size_t i = 0; i < from->n_blobs; i++)
		read_blob_ref (r, from->blobs[i], &to->blobs[i]);
}

static void read_header (struct wire_read *r, const Jembatan__Header *from, struct header *to)
{
	to->version = from->version;
	to->suite = from->suite;
	if (to->version != 1 || to->suite != 1)
		wire_fail (r, ERR_BAD_VERSION);
	WIRE_ID (r, from->id, &to->id);
	wire_agency (r, from->from, &to->from);
	wire_agency (r, from->to, &to->to);
	WIRE_ID (r, from->box_key_id, &to->box_key_id);
	to->expires_at_ms = wire_time (r, from->expires_at_ms);
	to->class = wire_range (r, from->class_, CLASS_STAT, CLASS_ROUTINE);
	to->bucket = wire_range (r, from->bucket, 0, BUCKET_COUNT - 1);
	read_blobs (r, from, to);
	wire_id (r, from->wrapped, to->wrapped, sizeof to->wrapped);
}

err_t header_decode (struct bytes h, struct header *ret_header)
{
	_Alignas (16) uint8_t room[HEADER_ROOM_BYTES];
	struct wire_read r = { .err = ERR_OK };
	struct header header = { .version = 0 };
	Jembatan__Header *from;

	from = wire_unpack_into (&r, &jembatan__header__descriptor, h, LIMIT_HEADER_BYTES,
				 LIMIT_BLOBS, room, sizeof room);
	if (from == NULL)
		return r.err;
	read_header (&r, from, &header);
	if (r.err == ERR_OK)
		*ret_header = header;
	return r.err;
}

struct bytes header_encode (const struct header *header, arena_t *arena)
{
	Jembatan__Header *to = wire_new (arena, &jembatan__header__descriptor);
	struct bytes h;

	to->version = header->version;
	to->suite = header->suite;
	to->id = WIRE_PUT_ID (header->id);
	to->from = wire_put_text (header->from.text);
	to->to = wire_put_text (header->to.text);
	to->box_key_id = WIRE_PUT_ID (header->box_key_id);
	to->expires_at_ms = (uint64_t)header->expires_at_ms;
	to->class_ = (Jembatan__Class)header->class;
	to->bucket = header->bucket;
	to->n_blobs = header->blob_count;
	to->blobs = wire_new_array (arena, &jembatan__blob_ref__descriptor, header->blob_count);
	for (size_t i = 0; i < header->blob_count; i++) {
		to->blobs[i]->id = WIRE_PUT_ID (header->blobs[i].id);
		to->blobs[i]->padded_length = header->blobs[i].padded_length;
	}
	to->wrapped = wire_put_bytes (BYTES_OF (header->wrapped));
	h = wire_pack (to, arena, LIMIT_HEADER_BYTES);
	assert (h.data != NULL);
	return h;
}
