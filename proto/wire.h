/*
 * What every wire_*.c shares: bytes to a tree of protobuf-c structs inside an arena, checks on the
 * way out of that tree, and the way back.
 *
 * Reading goes in two passes.  The first, wire_unpack's scan, walks the bytes along the message's
 * descriptor and allocates nothing: it refuses broken encodings, a field given twice, text that is
 * not clean UTF-8, and more repeated items than the caller allows.  Only then does protobuf-c
 * build its tree, in an arena whose ceiling bounds it once more.
 *
 * A struct wire_read remembers the first error, so that a reading function is a list of fields;
 * what it gives after an error is harmless and never used.
 */
#ifndef PROTO_WIRE_H
#define PROTO_WIRE_H

#include <protobuf-c/protobuf-c.h>

#include "jembatan/consent.h"

struct wire_read {
	arena_t *arena;
	err_t err;           /* the first one */
};

void wire_fail (struct wire_read *r, err_t err);

/* Scans and unpacks.  NULL, and r->err, when the bytes are no such message, longer than most_bytes,
 * or repeat a field more than most_items times. */
void *wire_unpack (struct wire_read *r, const ProtobufCMessageDescriptor *type, struct bytes from,
		   size_t most_bytes, size_t most_items);

/* The same without an arena, in memory of the caller's; the tree lives there. */
void *wire_unpack_into (struct wire_read *r, const ProtobufCMessageDescriptor *type,
			struct bytes from, size_t most_bytes, size_t most_items, uint8_t *room,
			size_t room_bytes);

/* The first pass alone. */
MUST_USE err_t wire_scan (const ProtobufCMessageDescriptor *type, struct bytes from,
			  size_t most_items);

/* ---- fields, checked ---- */

/* At most `most` bytes; may be empty. */
struct bytes wire_bytes (struct wire_read *r, ProtobufCBinaryData from, size_t most);

/* Exactly `len` bytes that aren't all zero, which would mean "none"; or (or_none) an empty field. */
void wire_id (struct wire_read *r, ProtobufCBinaryData from, uint8_t *ret, size_t len);
void wire_id_or_none (struct wire_read *r, ProtobufCBinaryData from, uint8_t *ret, size_t len);
#define WIRE_ID(r, from, id) wire_id ((r), (from), (id)->b, sizeof (id)->b)
#define WIRE_ID_OR_NONE(r, from, id) wire_id_or_none ((r), (from), (id)->b, sizeof (id)->b)

/* Text of at most `most` bytes; may be empty.  A line has no newline and no tab.  A word is a line
 * of 1..LIMIT_ID_TEXT bytes.  A note is text that the wire carries as bytes. */
const char *wire_text (struct wire_read *r, const char *from, size_t most);
const char *wire_line (struct wire_read *r, const char *from, size_t most);
const char *wire_word (struct wire_read *r, const char *from);
const char *wire_word_or_none (struct wire_read *r, const char *from);
const char *wire_note (struct wire_read *r, ProtobufCBinaryData from, size_t most);

void wire_agency (struct wire_read *r, const char *from, struct agency_id *ret);
void wire_agency_or_none (struct wire_read *r, const char *from, struct agency_id *ret);

/* An instant or a span in milliseconds, up to the year 9999; 0 is allowed. */
int64_t wire_time (struct wire_read *r, uint64_t from);

/* A counter; those that a store couldn't hold as a signed number are refused. */
uint64_t wire_count (struct wire_read *r, uint64_t from);

/* A number or enum between least and most. */
uint32_t wire_range (struct wire_read *r, int64_t from, uint32_t least, uint32_t most);

/* An error by name; "" is ERR_OK, and a name that is newer than this program stands for ERR_BUSY
 * when a retry is offered and for ERR_MALFORMED otherwise. */
err_t wire_code (struct wire_read *r, const char *from, bool retry_offered);

/* Room for `count` items of `size` bytes, zeroed; NULL when count is 0, or, with r->err, when it is
 * more than `most`. */
void *wire_array (struct wire_read *r, size_t count, size_t most, size_t size);

/* Words as an array in the arena; NULL as above. */
const char *const *wire_words (struct wire_read *r, char **from, size_t count, size_t most);

/* ---- the way back ---- */

/* A fresh message, or `count` of them behind an array of pointers. */
void *wire_new (arena_t *arena, const ProtobufCMessageDescriptor *type);
void *wire_new_array (arena_t *arena, const ProtobufCMessageDescriptor *type, size_t count);

/* protobuf-c's structs aren't const; packing doesn't write to them. */
ProtobufCBinaryData wire_put_bytes (struct bytes from);
char *wire_put_text (const char *from);   /* NULL counts as "" */
char **wire_put_texts (arena_t *arena, const char *const *from, size_t count);
char *wire_put_code (err_t err);          /* ERR_OK is "" */

/* The none id becomes an empty field. */
ProtobufCBinaryData wire_put_id (const uint8_t *b, size_t len);
#define WIRE_PUT_ID(id) wire_put_id ((id).b, sizeof (id).b)

/* The message's bytes in the arena; data NULL when they are more than `most` or don't fit it. */
struct bytes wire_pack (const void *message, arena_t *arena, size_t most);

/* ---- consent, which is encoded here and signed in consent.c ---- */

/* ERR_TOO_LARGE or ERR_MALFORMED for what clause_decode or withdrawal_decode would refuse. */
MUST_USE err_t wire_clause_encode (const struct clause *clause, arena_t *arena,
				   struct bytes *ret_bytes);
MUST_USE err_t wire_withdrawal_encode (const struct withdrawal *withdrawal, arena_t *arena,
				       struct bytes *ret_bytes);

/* Fields of a letter.  An absent one is len 0 inside. */
struct Jembatan__SignedClause;
void wire_signed_clause (struct wire_read *r, const struct Jembatan__SignedClause *from,
			 struct signed_clause *to);
struct Jembatan__SignedClause *wire_put_signed_clause (arena_t *arena,
							const struct signed_clause *from);

#endif
