/* Writing frames: one row per frame type.  Reading is in wire_frame.c. */
#include "jembatan/frame.h"

#include <assert.h>

#include "frame.pb-c.h"
#include "proto/wire.h"
#include "proto/wire_frame_letter.h"

typedef void put_fn (const struct frame *from, arena_t *arena, Jembatan__Frame *to);

static ProtobufCBinaryData put_note (const char *text)
{
	return wire_put_bytes (text != NULL ? bytes_of_text (text) : BYTES_NONE);
}

static ProtobufCBinaryData *put_hashes (arena_t *arena, const struct hash *from, size_t count)
{
	ProtobufCBinaryData *to = arena_must (arena, count * sizeof *to);

	for (size_t i = 0; i < count; i++)
		to[i] = WIRE_PUT_ID (from[i]);
	return to;
}

/* A code on the wire is an error's name, ERR_OK among them. */
static char *put_code (err_t err)
{
	return wire_put_text (err_name (err));
}

/* ---- session ---------------------------------------------------------------------------------- */

static void put_hello (const struct frame *from, arena_t *arena, Jembatan__Frame *frame)
{
	Jembatan__Hello *to = frame->hello;

	to->protocol_min = from->hello.protocol_min;
	to->protocol_max = from->hello.protocol_max;
	to->agency = wire_put_text (from->hello.agency.text);
	to->store_id = WIRE_PUT_ID (from->hello.store_id);
	to->takes_over = WIRE_PUT_ID (from->hello.takes_over);
	to->hub_store_id = WIRE_PUT_ID (from->hello.hub_store_id);
	to->n_stored = from->hello.stored_count;
	to->stored = wire_new_array (arena, &jembatan__class_mark__descriptor, to->n_stored);
	for (size_t i = 0; i < to->n_stored; i++) {
		to->stored[i]->class_ = (Jembatan__Class)from->hello.stored[i].class;
		to->stored[i]->dseq = from->hello.stored[i].dseq;
	}
	to->next_pseq = from->hello.next_pseq;
	to->directory_version = from->hello.directory_version;
	to->checkpoint = put_note (from->hello.checkpoint);
}

static void put_window (const struct credit *from, Jembatan__Credit *to)
{
	to->letters = from->letters;
	to->bytes = from->bytes;
}

static void put_welcome (const struct frame *from, arena_t *arena, Jembatan__Frame *frame)
{
	Jembatan__Welcome *to = frame->welcome;

	to->protocol = from->welcome.protocol;
	to->hub = wire_put_text (from->welcome.hub);
	to->hub_store_id = WIRE_PUT_ID (from->welcome.hub_store_id);
	to->pseq_mark = from->welcome.pseq_mark;
	to->credit = wire_new (arena, &jembatan__credit__descriptor);
	put_window (&from->welcome.credit, to->credit);
	to->max_frame_bytes = from->welcome.max_frame_bytes;
	to->max_expiry_ms = (uint64_t)from->welcome.max_expiry_ms;
	to->hub_time_ms = (uint64_t)from->welcome.hub_time_ms;
	to->directory_version = from->welcome.directory_version;
	to->checkpoint = put_note (from->welcome.checkpoint);
}

static void put_credit (const struct frame *from, arena_t *arena, Jembatan__Frame *to)
{
	put_window (&from->credit, to->credit);
}

static void put_ping (const struct frame *from, arena_t *arena, Jembatan__Frame *to)
{
	to->ping->nonce = from->ping.nonce;
}

static void put_pong (const struct frame *from, arena_t *arena, Jembatan__Frame *to)
{
	to->pong->nonce = from->pong.nonce;
	to->pong->time_ms = (uint64_t)from->pong.time_ms;
}

static void put_bye (const struct frame *from, arena_t *arena, Jembatan__Frame *to)
{
	to->bye->code = put_code (from->bye.code);
	to->bye->retry_after_ms = (uint64_t)from->bye.retry_after_ms;
}

/* ---- agency to hub ---------------------------------------------------------------------------- */

static void put_put (const struct frame *from, arena_t *arena, Jembatan__Frame *to)
{
	to->put->pseq = from->put.pseq;
	to->put->h = wire_put_bytes (from->put.h);
	to->put->c = wire_put_bytes (from->put.c);
}

static void put_put_ok (const struct frame *from, arena_t *arena, Jembatan__Frame *frame)
{
	Jembatan__PutOk *to = frame->put_ok;

	to->up_to = from->put_ok.up_to;
	to->n_taken = from->put_ok.taken_count;
	to->taken = wire_new_array (arena, &jembatan__custody__descriptor, to->n_taken);
	for (size_t i = 0; i < to->n_taken; i++) {
		const struct custody *taken = &from->put_ok.taken[i];

		to->taken[i]->pseq = taken->pseq;
		to->taken[i]->leaf = taken->leaf;
		to->taken[i]->recipient_seen_ms = (uint64_t)taken->recipient_seen_ms;
	}
}

static void put_put_err (const struct frame *from, arena_t *arena, Jembatan__Frame *to)
{
	to->put_err->pseq = from->put_err.pseq;
	to->put_err->code = put_code (from->put_err.code);
	to->put_err->retry_after_ms = (uint64_t)from->put_err.retry_after_ms;
	to->put_err->hub_time_ms = (uint64_t)from->put_err.hub_time_ms;
}

static void put_recall (const struct frame *from, arena_t *arena, Jembatan__Frame *to)
{
	to->recall->id = WIRE_PUT_ID (from->recall.id);
}

static void put_recalled (const struct frame *from, arena_t *arena, Jembatan__Frame *to)
{
	to->recalled->id = WIRE_PUT_ID (from->recalled.id);
	to->recalled->done = from->recalled.done;
}

/* ---- hub to agency ---------------------------------------------------------------------------- */

static void put_letter_item (const struct frame *from, arena_t *arena, Jembatan__Deliver *to)
{
	to->item_case = JEMBATAN__DELIVER__ITEM_LETTER;
	to->letter = wire_new (arena, &jembatan__sealed__descriptor);
	to->letter->h = wire_put_bytes (from->deliver.h);
	to->letter->c = wire_put_bytes (from->deliver.c);
}

static void put_gap_item (const struct frame *from, arena_t *arena, Jembatan__Deliver *to)
{
	to->item_case = JEMBATAN__DELIVER__ITEM_GAP;
	to->gap = wire_new (arena, &jembatan__gap__descriptor);
	to->gap->id = WIRE_PUT_ID (from->deliver.gap.id);
	to->gap->from = wire_put_text (from->deliver.gap.from.text);
	to->gap->reason = put_code (from->deliver.gap.reason);
}

static void put_notice_item (const struct frame *from, arena_t *arena, Jembatan__Deliver *to)
{
	to->item_case = JEMBATAN__DELIVER__ITEM_NOTICE;
	to->notice = wire_new (arena, &jembatan__notice__descriptor);
	to->notice->statement = wire_put_bytes (from->deliver.notice.statement);
	to->notice->signature = WIRE_PUT_ID (from->deliver.notice.signature);
}

static void put_deliver (const struct frame *from, arena_t *arena, Jembatan__Frame *frame)
{
	Jembatan__Deliver *to = frame->deliver;

	to->class_ = (Jembatan__Class)from->deliver.class;
	to->dseq = from->deliver.dseq;
	to->attempt = from->deliver.attempt;
	switch (from->deliver.item) {
	case DELIVER_LETTER:
		put_letter_item (from, arena, to);
		return;
	case DELIVER_GAP:
		put_gap_item (from, arena, to);
		return;
	case DELIVER_NOTICE:
		put_notice_item (from, arena, to);
		return;
	}
}

static void put_stored (const struct frame *from, arena_t *arena, Jembatan__Frame *to)
{
	to->stored->class_ = (Jembatan__Class)from->stored.class;
	to->stored->up_to = from->stored.up_to;
}

static void put_nak (const struct frame *from, arena_t *arena, Jembatan__Frame *to)
{
	to->nak->class_ = (Jembatan__Class)from->nak.class;
	to->nak->dseq = from->nak.dseq;
	to->nak->code = put_code (from->nak.code);
	to->nak->retry_after_ms = (uint64_t)from->nak.retry_after_ms;
}

/* ---- attachments ------------------------------------------------------------------------------ */

static void put_blob_put (const struct frame *from, arena_t *arena, Jembatan__Frame *to)
{
	to->blob_put->blob = WIRE_PUT_ID (from->blob_put.blob);
	to->blob_put->letter = WIRE_PUT_ID (from->blob_put.letter);
	to->blob_put->offset = from->blob_put.offset;
	to->blob_put->data = wire_put_bytes (from->blob_put.data);
}

static void put_blob_have (const struct frame *from, arena_t *arena, Jembatan__Frame *to)
{
	to->blob_have->blob = WIRE_PUT_ID (from->blob_have.blob);
	to->blob_have->offset = from->blob_have.offset;
	to->blob_have->code = put_code (from->blob_have.code);
}

static void put_blob_get (const struct frame *from, arena_t *arena, Jembatan__Frame *to)
{
	to->blob_get->blob = WIRE_PUT_ID (from->blob_get.blob);
	to->blob_get->offset = from->blob_get.offset;
}

static void put_blob_data (const struct frame *from, arena_t *arena, Jembatan__Frame *to)
{
	to->blob_data->blob = WIRE_PUT_ID (from->blob_data.blob);
	to->blob_data->offset = from->blob_data.offset;
	to->blob_data->data = wire_put_bytes (from->blob_data.data);
	to->blob_data->code = put_code (from->blob_data.code);
}

/* ---- directory and proofs --------------------------------------------------------------------- */

static void put_directory_get (const struct frame *from, arena_t *arena, Jembatan__Frame *to)
{
	to->directory_get->version = from->directory_get.version;
	to->directory_get->offset = from->directory_get.offset;
}

static void put_directory_is (const struct frame *from, arena_t *arena, Jembatan__Frame *to)
{
	to->directory_is->version = from->directory_is.version;
	to->directory_is->piece = wire_put_bytes (from->directory_is.piece);
	to->directory_is->offset = from->directory_is.offset;
	to->directory_is->total = from->directory_is.total;
}

static void put_proof_get (const struct frame *from, arena_t *arena, Jembatan__Frame *to)
{
	to->proof_get->n_header_hashes = from->proof_get.hash_count;
	to->proof_get->header_hashes =
		put_hashes (arena, from->proof_get.hashes, from->proof_get.hash_count);
	to->proof_get->n_leaves = from->proof_get.hash_count;
	to->proof_get->leaves = (uint64_t *)from->proof_get.leaves;
	to->proof_get->from_size = from->proof_get.from_size;
	to->proof_get->to_size = from->proof_get.to_size;
}

static void put_proof (const struct frame *from, arena_t *arena, Jembatan__Frame *frame)
{
	Jembatan__Proof *to = frame->proof;

	to->tree_size = from->proof.tree_size;
	to->n_inclusions = from->proof.inclusion_count;
	to->inclusions = wire_new_array (arena, &jembatan__inclusion__descriptor, to->n_inclusions);
	for (size_t i = 0; i < to->n_inclusions; i++) {
		const struct inclusion *one = &from->proof.inclusions[i];

		to->inclusions[i]->header_hash = WIRE_PUT_ID (one->header_hash);
		to->inclusions[i]->leaf = one->leaf;
		to->inclusions[i]->at_ms = (uint64_t)one->at_ms;
		to->inclusions[i]->n_path = one->path_count;
		to->inclusions[i]->path = put_hashes (arena, one->path, one->path_count);
	}
	to->n_consistency = from->proof.consistency_count;
	to->consistency = put_hashes (arena, from->proof.consistency, to->n_consistency);
	to->judged = from->proof.judged;
	to->checkpoint = put_note (from->proof.checkpoint);
	to->put_off = from->proof.put_off;
}

/* ---- the table -------------------------------------------------------------------------------- */

static const struct {
	const ProtobufCMessageDescriptor *type;
	put_fn *put;
} writers[FRAME_TYPE_LAST + 1] = {
	[FRAME_HELLO] = { &jembatan__hello__descriptor, put_hello },
	[FRAME_WELCOME] = { &jembatan__welcome__descriptor, put_welcome },
	[FRAME_PUT] = { &jembatan__put__descriptor, put_put },
	[FRAME_PUT_OK] = { &jembatan__put_ok__descriptor, put_put_ok },
	[FRAME_PUT_ERR] = { &jembatan__put_err__descriptor, put_put_err },
	[FRAME_DELIVER] = { &jembatan__deliver__descriptor, put_deliver },
	[FRAME_STORED] = { &jembatan__stored__descriptor, put_stored },
	[FRAME_NAK] = { &jembatan__nak__descriptor, put_nak },
	[FRAME_RECALL] = { &jembatan__recall__descriptor, put_recall },
	[FRAME_RECALLED] = { &jembatan__recalled__descriptor, put_recalled },
	[FRAME_CREDIT] = { &jembatan__credit__descriptor, put_credit },
	[FRAME_BLOB_PUT] = { &jembatan__blob_put__descriptor, put_blob_put },
	[FRAME_BLOB_HAVE] = { &jembatan__blob_have__descriptor, put_blob_have },
	[FRAME_BLOB_GET] = { &jembatan__blob_get__descriptor, put_blob_get },
	[FRAME_BLOB_DATA] = { &jembatan__blob_data__descriptor, put_blob_data },
	[FRAME_DIRECTORY_GET] = { &jembatan__directory_get__descriptor, put_directory_get },
	[FRAME_DIRECTORY_IS] = { &jembatan__directory_is__descriptor, put_directory_is },
	[FRAME_PROOF_GET] = { &jembatan__proof_get__descriptor, put_proof_get },
	[FRAME_PROOF] = { &jembatan__proof__descriptor, put_proof },
	[FRAME_PING] = { &jembatan__ping__descriptor, put_ping },
	[FRAME_PONG] = { &jembatan__pong__descriptor, put_pong },
	[FRAME_BYE] = { &jembatan__bye__descriptor, put_bye },
};

struct bytes frame_encode (const struct frame *frame, arena_t *arena)
{
	Jembatan__Frame to = JEMBATAN__FRAME__INIT;
	struct bytes bytes = letter_frame_write (frame, arena);

	if (bytes.data != NULL)
		return bytes;
	assert (frame->type >= FRAME_HELLO && frame->type <= FRAME_TYPE_LAST);
	to.is_case = (Jembatan__Frame__IsCase)frame->type;
	/* All members of the oneof are pointers to a message and share their place. */
	to.hello = wire_new (arena, writers[frame->type].type);
	writers[frame->type].put (frame, arena, &to);
	bytes = wire_pack (&to, arena, LIMIT_FRAME_BYTES);
	assert (bytes.data != NULL);
	return bytes;
}

struct bytes non_delivery_encode (const struct non_delivery *word, arena_t *arena)
{
	Jembatan__NonDelivery *to = wire_new (arena, &jembatan__non_delivery__descriptor);
	struct bytes bytes;

	to->id = WIRE_PUT_ID (word->id);
	to->header_hash = WIRE_PUT_ID (word->header_hash);
	to->from = wire_put_text (word->from.text);
	to->to = wire_put_text (word->to.text);
	to->reason = put_code (word->reason);
	to->at_ms = (uint64_t)word->at_ms;
	to->leaf = word->leaf;
	to->hub = wire_put_text (word->hub);
	bytes = wire_pack (to, arena, LIMIT_HEADER_BYTES);
	assert (bytes.data != NULL);
	return bytes;
}
