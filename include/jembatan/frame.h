/*
 * Frames between agent and hub; proto/frame.proto is the specification.  Byte strings of a decoded
 * frame point into the arena or, for H, C and data, into the frame's own bytes.
 */
#ifndef JEMBATAN_FRAME_H
#define JEMBATAN_FRAME_H

#include "jembatan/envelope.h"
#include "jembatan/letter.h"

#define PROTOCOL_VERSION 1u

enum frame_type {
	FRAME_HELLO = 1,
	FRAME_WELCOME,
	FRAME_PUT,
	FRAME_PUT_OK,
	FRAME_PUT_ERR,
	FRAME_DELIVER,
	FRAME_STORED,
	FRAME_NAK,
	FRAME_RECALL,
	FRAME_RECALLED,
	FRAME_CREDIT,
	FRAME_BLOB_PUT,
	FRAME_BLOB_HAVE,
	FRAME_BLOB_GET,
	FRAME_BLOB_DATA,
	FRAME_DIRECTORY_GET,
	FRAME_DIRECTORY_IS,
	FRAME_PROOF_GET,
	FRAME_PROOF,
	FRAME_PING,
	FRAME_PONG,
	FRAME_BYE,
};
#define FRAME_TYPE_LAST FRAME_BYE
const char *frame_type_name (enum frame_type type);

struct credit { uint32_t letters; uint64_t bytes; };
struct class_mark { enum letter_class class; uint64_t dseq; };
struct custody { uint64_t pseq, leaf; int64_t recipient_seen_ms; };
struct inclusion {
	struct hash header_hash;
	uint64_t leaf;
	int64_t at_ms;               /* the time in the leaf */
	size_t path_count;
	const struct hash *path;
};

enum deliver_item { DELIVER_LETTER = 1, DELIVER_GAP, DELIVER_NOTICE };

struct non_delivery {
	struct letter_id id;
	struct hash header_hash;
	struct agency_id from, to;
	err_t reason;
	int64_t at_ms;
	uint64_t leaf;
	const char *hub;
};

struct frame {
	enum frame_type type;
	union {
		struct {
			uint32_t protocol_min, protocol_max;
			struct agency_id agency;
			struct store_id store_id, takes_over, hub_store_id;
			size_t stored_count;
			struct class_mark stored[CLASS_COUNT];
			uint64_t next_pseq, directory_version;
			const char *checkpoint;
		} hello;
		struct {
			uint32_t protocol;
			const char *hub;
			struct store_id hub_store_id;
			uint64_t pseq_mark;
			struct credit credit;
			uint32_t max_frame_bytes;
			int64_t max_expiry_ms, hub_time_ms;
			uint64_t directory_version;
			const char *checkpoint;
		} welcome;
		struct { uint64_t pseq; struct bytes h, c; } put;
		struct { uint64_t up_to; size_t taken_count; const struct custody *taken; } put_ok;
		struct { uint64_t pseq; err_t code; int64_t retry_after_ms, hub_time_ms; } put_err;
		struct {
			enum letter_class class;
			uint64_t dseq;
			uint32_t attempt;
			enum deliver_item item;
			struct bytes h, c;
			struct { struct letter_id id; struct agency_id from; err_t reason; } gap;
			struct { struct bytes statement; struct signature signature; } notice;
		} deliver;
		struct { enum letter_class class; uint64_t up_to; } stored;
		struct { enum letter_class class; uint64_t dseq; err_t code; int64_t retry_after_ms; } nak;
		struct { struct letter_id id; } recall;
		struct { struct letter_id id; bool done; } recalled;
		struct credit credit;
		struct { struct blob_id blob; struct letter_id letter; uint64_t offset; struct bytes data; } blob_put;
		struct { struct blob_id blob; uint64_t offset; err_t code; } blob_have;
		struct { struct blob_id blob; uint64_t offset; } blob_get;
		struct { struct blob_id blob; uint64_t offset; struct bytes data; err_t code; } blob_data;
		struct { uint64_t version, offset; } directory_get;
		struct { uint64_t version, total, offset; struct bytes piece; } directory_is;
		struct {
			size_t hash_count;
			const struct hash *hashes;
			const uint64_t *leaves;      /* as many */
			uint64_t from_size, to_size;
		} proof_get;
		struct {
			uint64_t tree_size;
			size_t inclusion_count;
			const struct inclusion *inclusions;
			size_t consistency_count;
			const struct hash *consistency;
			uint32_t judged;
			const char *checkpoint;
			bool put_off;
		} proof;
		struct { uint64_t nonce; } ping;
		struct { uint64_t nonce; int64_t time_ms; } pong;
		struct { err_t code; int64_t retry_after_ms; } bye;
	};
};

/* Reads one frame.  ERR_MALFORMED or ERR_TOO_LARGE.  The frame borrows from `from` and the arena.
 * An unknown error name decodes as ERR_BUSY when a retry is offered and ERR_MALFORMED otherwise. */
MUST_USE err_t frame_decode (struct bytes from, arena_t *arena, struct frame *ret_frame);

/* Writes one frame into the arena; our own frames always fit, so passing a limit aborts. */
struct bytes frame_encode (const struct frame *frame, arena_t *arena);

/* The hub's signed word about a letter that ended there. */
struct bytes non_delivery_encode (const struct non_delivery *word, arena_t *arena);
MUST_USE err_t non_delivery_decode (struct bytes from, arena_t *arena,
				    struct non_delivery *ret_word);
#define NOTICE_DOMAIN "JMBTN-notice-v1"

#endif
