/*
 * Reading frames.  One row per frame type, one small function per row; what a field may hold is
 * said by the checked readers of wire.h.  Writing is in wire_frame_put.c.
 */
#include "jembatan/frame.h"

#include "frame.pb-c.h"
#include "proto/wire.h"
#include "proto/wire_frame_letter.h"

#define MOST_ITEMS 1024u   /* the largest of the caps on repeated fields of a frame */
_Static_assert (LIMIT_TAKEN <= MOST_ITEMS && LIMIT_PROOF_HASHES <= MOST_ITEMS,
		"the scan lets everything through that a reader allows");

typedef void read_fn (struct wire_read *r, const Jembatan__Frame *from, struct frame *to);

static enum letter_class read_class (struct wire_read *r, int from)
{
	return wire_range (r, from, CLASS_STAT, CLASS_ROUTINE);
}

static struct hash *read_hashes (struct wire_read *r, ProtobufCBinaryData *from, size_t count)
{
	struct hash *hashes = wire_array (r, count, LIMIT_PROOF_HASHES, sizeof *hashes);

	for (size_t i = 0; hashes != NULL && i < count; i++)
		WIRE_ID (r, from[i], &hashes[i]);
	return hashes;
}

/* H and C; a hub looks into neither here. */
static void read_sealed (struct wire_read *r, ProtobufCBinaryData from_h,
			 ProtobufCBinaryData from_c, struct bytes *h, struct bytes *c)
{
	*h = wire_bytes (r, from_h, LIMIT_HEADER_BYTES);
	*c = wire_bytes (r, from_c, LIMIT_CIPHER_BYTES);
	if (from_h.len == 0 || from_c.len == 0)
		wire_fail (r, ERR_MALFORMED);
}

/* ---- session ---------------------------------------------------------------------------------- */

/* At most one mark per class. */
static void read_marks (struct wire_read *r, const Jembatan__Hello *from, struct frame *to)
{
	bool seen[CLASS_COUNT] = { false };

	if (from->n_stored >= CLASS_COUNT) {
		wire_fail (r, ERR_TOO_LARGE);
		return;
	}
	to->hello.stored_count = from->n_stored;
	for (size_t i = 0; i < from->n_stored; i++) {
		struct class_mark *mark = &to->hello.stored[i];

		mark->class = read_class (r, from->stored[i]->class_);
		mark->dseq = wire_count (r, from->stored[i]->dseq);
		if (seen[mark->class])
			wire_fail (r, ERR_MALFORMED);
		seen[mark->class] = true;
	}
}

static void read_hello (struct wire_read *r, const Jembatan__Frame *frame, struct frame *to)
{
	const Jembatan__Hello *from = frame->hello;

	to->hello.protocol_min = from->protocol_min;
	to->hello.protocol_max = from->protocol_max;
	if (from->protocol_min == 0 || from->protocol_max < from->protocol_min)
		wire_fail (r, ERR_MALFORMED);
	wire_agency (r, from->agency, &to->hello.agency);
	WIRE_ID (r, from->store_id, &to->hello.store_id);
	WIRE_ID_OR_NONE (r, from->takes_over, &to->hello.takes_over);
	WIRE_ID_OR_NONE (r, from->hub_store_id, &to->hello.hub_store_id);
	read_marks (r, from, to);
	to->hello.next_pseq = wire_count (r, from->next_pseq);
	to->hello.directory_version = wire_count (r, from->directory_version);
	to->hello.checkpoint = wire_note (r, from->checkpoint, LIMIT_CHECKPOINT_BYTES);
}

static void read_window (struct wire_read *r, const Jembatan__Credit *from, struct credit *to)
{
	to->letters = from->letters;
	to->bytes = wire_count (r, from->bytes);
}

static void read_welcome (struct wire_read *r, const Jembatan__Frame *frame, struct frame *to)
{
	const Jembatan__Welcome *from = frame->welcome;

	to->welcome.protocol = from->protocol;
	to->welcome.hub = wire_word (r, from->hub);
	WIRE_ID (r, from->hub_store_id, &to->welcome.hub_store_id);
	to->welcome.pseq_mark = wire_count (r, from->pseq_mark);
	if (from->credit != NULL)
		read_window (r, from->credit, &to->welcome.credit);
	to->welcome.max_frame_bytes = from->max_frame_bytes;
	to->welcome.max_expiry_ms = wire_time (r, from->max_expiry_ms);
	to->welcome.hub_time_ms = wire_time (r, from->hub_time_ms);
	to->welcome.directory_version = wire_count (r, from->directory_version);
	to->welcome.checkpoint = wire_note (r, from->checkpoint, LIMIT_CHECKPOINT_BYTES);
}

static void read_credit (struct wire_read *r, const Jembatan__Frame *from, struct frame *to)
{
	read_window (r, from->credit, &to->credit);
}

static void read_ping (struct wire_read *r, const Jembatan__Frame *from, struct frame *to)
{
	to->ping.nonce = from->ping->nonce;
}

static void read_pong (struct wire_read *r, const Jembatan__Frame *from, struct frame *to)
{
	to->pong.nonce = from->pong->nonce;
	to->pong.time_ms = wire_time (r, from->pong->time_ms);
}

static void read_bye (struct wire_read *r, const Jembatan__Frame *from, struct frame *to)
{
	to->bye.retry_after_ms = wire_time (r, from->bye->retry_after_ms);
	to->bye.code = wire_code (r, from->bye->code, to->bye.retry_after_ms > 0);
}

/* ---- agency to hub ---------------------------------------------------------------------------- */

static void read_put (struct wire_read *r, const Jembatan__Frame *from, struct frame *to)
{
	to->put.pseq = wire_count (r, from->put->pseq);
	read_sealed (r, from->put->h, from->put->c, &to->put.h, &to->put.c);
}

static void read_put_ok (struct wire_read *r, const Jembatan__Frame *frame, struct frame *to)
{
	const Jembatan__PutOk *from = frame->put_ok;
	struct custody *taken = wire_array (r, from->n_taken, LIMIT_TAKEN, sizeof *taken);

	to->put_ok.up_to = wire_count (r, from->up_to);
	to->put_ok.taken_count = from->n_taken;
	to->put_ok.taken = taken;
	for (size_t i = 0; taken != NULL && i < from->n_taken; i++) {
		taken[i].pseq = wire_count (r, from->taken[i]->pseq);
		taken[i].leaf = wire_count (r, from->taken[i]->leaf);
		taken[i].recipient_seen_ms = wire_time (r, from->taken[i]->recipient_seen_ms);
	}
}

static void read_put_err (struct wire_read *r, const Jembatan__Frame *frame, struct frame *to)
{
	const Jembatan__PutErr *from = frame->put_err;

	to->put_err.pseq = wire_count (r, from->pseq);
	to->put_err.retry_after_ms = wire_time (r, from->retry_after_ms);
	to->put_err.code = wire_code (r, from->code, to->put_err.retry_after_ms > 0);
	to->put_err.hub_time_ms = wire_time (r, from->hub_time_ms);
}

static void read_recall (struct wire_read *r, const Jembatan__Frame *from, struct frame *to)
{
	WIRE_ID (r, from->recall->id, &to->recall.id);
}

static void read_recalled (struct wire_read *r, const Jembatan__Frame *from, struct frame *to)
{
	WIRE_ID (r, from->recalled->id, &to->recalled.id);
	to->recalled.done = from->recalled->done;
}

/* ---- hub to agency ---------------------------------------------------------------------------- */

static void read_gap (struct wire_read *r, const Jembatan__Gap *from, struct frame *to)
{
	WIRE_ID (r, from->id, &to->deliver.gap.id);
	wire_agency (r, from->from, &to->deliver.gap.from);
	to->deliver.gap.reason = wire_code (r, from->reason, false);
}

static void read_notice (struct wire_read *r, const Jembatan__Notice *from, struct frame *to)
{
	to->deliver.notice.statement = wire_bytes (r, from->statement, LIMIT_HEADER_BYTES);
	WIRE_ID (r, from->signature, &to->deliver.notice.signature);
}

static void read_item (struct wire_read *r, const Jembatan__Deliver *from, struct frame *to)
{
	switch (from->item_case) {
	case JEMBATAN__DELIVER__ITEM_LETTER:
		to->deliver.item = DELIVER_LETTER;
		read_sealed (r, from->letter->h, from->letter->c, &to->deliver.h, &to->deliver.c);
		return;
	case JEMBATAN__DELIVER__ITEM_GAP:
		to->deliver.item = DELIVER_GAP;
		read_gap (r, from->gap, to);
		return;
	case JEMBATAN__DELIVER__ITEM_NOTICE:
		to->deliver.item = DELIVER_NOTICE;
		read_notice (r, from->notice, to);
		return;
	case JEMBATAN__DELIVER__ITEM__NOT_SET:
	case _JEMBATAN__DELIVER__ITEM__CASE_IS_INT_SIZE:
		break;
	}
	wire_fail (r, ERR_MALFORMED);
}

static void read_deliver (struct wire_read *r, const Jembatan__Frame *from, struct frame *to)
{
	to->deliver.class = read_class (r, from->deliver->class_);
	to->deliver.dseq = wire_count (r, from->deliver->dseq);
	to->deliver.attempt = from->deliver->attempt;
	read_item (r, from->deliver, to);
}

static void read_stored (struct wire_read *r, const Jembatan__Frame *from, struct frame *to)
{
	to->stored.class = read_class (r, from->stored->class_);
	to->stored.up_to = wire_count (r, from->stored->up_to);
}

static void read_nak (struct wire_read *r, const Jembatan__Frame *from, struct frame *to)
{
	to->nak.class = read_class (r, from->nak->class_);
	to->nak.dseq = wire_count (r, from->nak->dseq);
	to->nak.retry_after_ms = wire_time (r, from->nak->retry_after_ms);
	to->nak.code = wire_code (r, from->nak->code, to->nak.retry_after_ms > 0);
}

/* ---- attachments ------------------------------------------------------------------------------ */

/* Up to the end of the longest padded attachment. */
static uint64_t read_offset (struct wire_read *r, uint64_t from)
{
	if (from > LIMIT_BLOB_BYTES + LIMIT_BLOB_STEP_BYTES)
		wire_fail (r, ERR_TOO_LARGE);
	return from;
}

static void read_blob_put (struct wire_read *r, const Jembatan__Frame *from, struct frame *to)
{
	WIRE_ID (r, from->blob_put->blob, &to->blob_put.blob);
	WIRE_ID (r, from->blob_put->letter, &to->blob_put.letter);
	to->blob_put.offset = read_offset (r, from->blob_put->offset);
	to->blob_put.data = wire_bytes (r, from->blob_put->data, LIMIT_BLOB_CHUNK_BYTES);
}

static void read_blob_have (struct wire_read *r, const Jembatan__Frame *from, struct frame *to)
{
	WIRE_ID (r, from->blob_have->blob, &to->blob_have.blob);
	to->blob_have.offset = read_offset (r, from->blob_have->offset);
	to->blob_have.code = wire_code (r, from->blob_have->code, false);
}

static void read_blob_get (struct wire_read *r, const Jembatan__Frame *from, struct frame *to)
{
	WIRE_ID (r, from->blob_get->blob, &to->blob_get.blob);
	to->blob_get.offset = read_offset (r, from->blob_get->offset);
}

static void read_blob_data (struct wire_read *r, const Jembatan__Frame *from, struct frame *to)
{
	WIRE_ID (r, from->blob_data->blob, &to->blob_data.blob);
	to->blob_data.offset = read_offset (r, from->blob_data->offset);
	to->blob_data.data = wire_bytes (r, from->blob_data->data, LIMIT_BLOB_CHUNK_BYTES);
	to->blob_data.code = wire_code (r, from->blob_data->code, false);
}

/* ---- directory and proofs --------------------------------------------------------------------- */

static void read_directory_get (struct wire_read *r, const Jembatan__Frame *from,
				struct frame *to)
{
	to->directory_get.version = wire_count (r, from->directory_get->version);
	to->directory_get.offset = wire_count (r, from->directory_get->offset);
}

static void read_directory_is (struct wire_read *r, const Jembatan__Frame *from, struct frame *to)
{
	const Jembatan__DirectoryIs *is = from->directory_is;

	to->directory_is.version = wire_count (r, is->version);
	to->directory_is.piece = wire_bytes (r, is->piece, LIMIT_DIRECTORY_PIECE_BYTES);
	to->directory_is.offset = is->offset;
	to->directory_is.total = is->total;
	if (is->total > LIMIT_DIRECTORY_BYTES)
		wire_fail (r, ERR_TOO_LARGE);
	else if (is->offset > is->total || is->piece.len > is->total - is->offset)
		wire_fail (r, ERR_MALFORMED);
}

/* One for each hash. */
static const uint64_t *read_leaves (struct wire_read *r, const Jembatan__ProofGet *from)
{
	uint64_t *leaves = wire_array (r, from->n_leaves, LIMIT_PROOF_HASHES, sizeof *leaves);

	if (from->n_leaves != from->n_header_hashes)
		wire_fail (r, ERR_MALFORMED);
	for (size_t i = 0; leaves != NULL && i < from->n_leaves; i++)
		leaves[i] = wire_count (r, from->leaves[i]);
	return leaves;
}

static void read_proof_get (struct wire_read *r, const Jembatan__Frame *frame, struct frame *to)
{
	const Jembatan__ProofGet *from = frame->proof_get;

	to->proof_get.hash_count = from->n_header_hashes;
	to->proof_get.hashes = read_hashes (r, from->header_hashes, from->n_header_hashes);
	to->proof_get.leaves = read_leaves (r, from);
	to->proof_get.from_size = wire_count (r, from->from_size);
	to->proof_get.to_size = wire_count (r, from->to_size);
}

static void read_proof (struct wire_read *r, const Jembatan__Frame *frame, struct frame *to)
{
	const Jembatan__Proof *from = frame->proof;
	struct inclusion *list;

	list = wire_array (r, from->n_inclusions, LIMIT_PROOF_HASHES, sizeof *list);
	to->proof.tree_size = wire_count (r, from->tree_size);
	to->proof.inclusion_count = from->n_inclusions;
	to->proof.inclusions = list;
	for (size_t i = 0; list != NULL && i < from->n_inclusions; i++) {
		const Jembatan__Inclusion *one = from->inclusions[i];

		WIRE_ID (r, one->header_hash, &list[i].header_hash);
		list[i].leaf = wire_count (r, one->leaf);
		list[i].at_ms = wire_time (r, one->at_ms);
		list[i].path_count = one->n_path;
		list[i].path = read_hashes (r, one->path, one->n_path);
	}
	to->proof.consistency_count = from->n_consistency;
	to->proof.consistency = read_hashes (r, from->consistency, from->n_consistency);
	to->proof.judged = from->judged;
	to->proof.checkpoint = wire_note (r, from->checkpoint, LIMIT_CHECKPOINT_BYTES);
	to->proof.put_off = from->put_off;
}

/* ---- the table -------------------------------------------------------------------------------- */

/* A frame type has the number of its field in the oneof. */
_Static_assert ((int)FRAME_HELLO == (int)JEMBATAN__FRAME__IS_HELLO, "first frame");
_Static_assert ((int)FRAME_BYE == (int)JEMBATAN__FRAME__IS_BYE, "last frame");

static read_fn *const readers[FRAME_TYPE_LAST + 1] = {
	[FRAME_HELLO] = read_hello,
	[FRAME_WELCOME] = read_welcome,
	[FRAME_PUT] = read_put,
	[FRAME_PUT_OK] = read_put_ok,
	[FRAME_PUT_ERR] = read_put_err,
	[FRAME_DELIVER] = read_deliver,
	[FRAME_STORED] = read_stored,
	[FRAME_NAK] = read_nak,
	[FRAME_RECALL] = read_recall,
	[FRAME_RECALLED] = read_recalled,
	[FRAME_CREDIT] = read_credit,
	[FRAME_BLOB_PUT] = read_blob_put,
	[FRAME_BLOB_HAVE] = read_blob_have,
	[FRAME_BLOB_GET] = read_blob_get,
	[FRAME_BLOB_DATA] = read_blob_data,
	[FRAME_DIRECTORY_GET] = read_directory_get,
	[FRAME_DIRECTORY_IS] = read_directory_is,
	[FRAME_PROOF_GET] = read_proof_get,
	[FRAME_PROOF] = read_proof,
	[FRAME_PING] = read_ping,
	[FRAME_PONG] = read_pong,
	[FRAME_BYE] = read_bye,
};

err_t frame_decode (struct bytes bytes, arena_t *arena, struct frame *ret_frame)
{
	struct wire_read r = { .arena = arena };
	struct frame frame = { .type = FRAME_HELLO };
	Jembatan__Frame *from;

	if (letter_frame_read (bytes, ret_frame))
		return ERR_OK;
	from = wire_unpack (&r, &jembatan__frame__descriptor, bytes, LIMIT_FRAME_BYTES,
			    MOST_ITEMS);
	if (from == NULL)
		return r.err;
	if (from->is_case == JEMBATAN__FRAME__IS__NOT_SET)
		return ERR_MALFORMED;
	frame.type = (enum frame_type)from->is_case;
	readers[frame.type] (&r, from, &frame);
	if (r.err == ERR_OK)
		*ret_frame = frame;
	return r.err;
}

err_t non_delivery_decode (struct bytes bytes, arena_t *arena, struct non_delivery *ret_word)
{
	struct wire_read r = { .arena = arena };
	struct non_delivery word = { .leaf = 0 };
	Jembatan__NonDelivery *from;

	from = wire_unpack (&r, &jembatan__non_delivery__descriptor, bytes, LIMIT_HEADER_BYTES, 0);
	if (from == NULL)
		return r.err;
	WIRE_ID (&r, from->id, &word.id);
	WIRE_ID (&r, from->header_hash, &word.header_hash);
	wire_agency (&r, from->from, &word.from);
	wire_agency (&r, from->to, &word.to);
	word.reason = wire_code (&r, from->reason, false);
	word.at_ms = wire_time (&r, from->at_ms);
	word.leaf = wire_count (&r, from->leaf);
	word.hub = wire_word (&r, from->hub);
	if (r.err == ERR_OK)
		*ret_word = word;
	return r.err;
}
