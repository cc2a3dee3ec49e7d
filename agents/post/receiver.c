/*
 * In: Deliver -> opened and verified, failing closed in the order of docs/PROTOCOL.md -> desk.  The
 * transaction and the STORED after it belong to post.c.
 */
#include "agents/post/session.h"

#include "jembatan/clock.h"
#include "jembatan/jitter.h"
#include "jembatan/log.h"

#define NAK_FIRST_MS (2 * SECOND_MS)
#define NAK_DOUBLINGS 3u                 /* 16 s at last: the class waits behind the letter */

static err_t open_letter (struct post *post, struct bytes h, struct bytes c,
			  struct received *ret_received)
{
	const struct agency_id *self = &desk_parts (post->parts.desk)->self;
	err_t err = envelope_open (&ret_received->header, h, c, post->parts.boxes,
				   post->parts.box_count, post->arena, &ret_received->sealed);

	if (err != ERR_OK)
		return err;
	if (!agency_id_equal (&ret_received->header.to, self))
		return ERR_WRONG_KEY;
	err = letter_decode (ret_received->sealed.s, post->arena, &ret_received->letter);
	if (err != ERR_OK)
		return err;
	return desk_check_letter (post->parts.desk, ret_received);
}

/* A letter that is refused before it could be read still needs strings that are not NULL. */
static const struct letter unread_letter = {
	.kind = "", .from_user = "", .from_role = "", .to_role = "", .purpose = "", .checkpoint = "",
	.rule = { "", "", "", "" },
};

/* The sender may be ahead of us: then we take the hub's newer directory first instead of refusing.
 * When the hub has none, a sender's number alone must not hold up the class for ever. */
static bool directory_may_help (struct post *post, const struct received *received)
{
	const directory_t *directory = desk_parts (post->parts.desk)->directory;

	if (received->trust != ERR_KEY_UNKNOWN && received->trust != ERR_NOT_MEMBER)
		return false;
	return received->letter.directory_version > directory_data (directory)->version
	       && post_ask_directory (post);
}

int64_t receiver_nak_ms (uint32_t before)
{
	return jitter_at_least (NAK_FIRST_MS << (before < NAK_DOUBLINGS ? before : NAK_DOUBLINGS));
}

static void nak (struct post *post, const struct frame *deliver, err_t why)
{
	struct frame frame = { .type = FRAME_NAK };
	enum letter_class class = deliver->deliver.class;

	frame.nak.class = class;
	frame.nak.dseq = deliver->deliver.dseq;
	frame.nak.code = why;
	frame.nak.retry_after_ms = receiver_nak_ms (post->naks[class]++);
	post->refused_item[class] = true;
	post_send (post, &frame);
}

/* A letter that the ledger can't take now undoes only itself. */
static bool hand_to_desk (struct post *post, const struct frame *frame,
			  const struct received *received)
{
	tx_t *tx = post_step (post);
	err_t err;

	tx_mark (tx);
	err = desk_receive (post->parts.desk, tx, received);
	if (err_lane (err) == LANE_RETRY) {
		tx_undo (tx);
		nak (post, frame, err);
		return false;
	}
	tx_keep (tx);
	post_stop_on (post, err);
	post->status.received++;
	return true;
}

/* Returns whether the item is done with; otherwise it was NAKed and comes again. */
static bool receive_letter (struct post *post, const struct frame *frame)
{
	struct received received = { .letter = unread_letter };
	err_t err = header_decode (frame->deliver.h, &received.header);

	if (err != ERR_OK) {
		/* The hub's gate reads every header, so this is not a sender's doing.  Nobody can be
		 * answered; the item must not block the class. */
		LOG (WARN, "post.header-unreadable", LOG_E (err));
		return true;
	}
	received.sealed.h = frame->deliver.h;
	received.sealed.header_hash = header_hash (frame->deliver.h);
	received.digest = envelope_digest (frame->deliver.h, frame->deliver.c);
	received.trust = open_letter (post, frame->deliver.h, frame->deliver.c, &received);
	if (directory_may_help (post, &received)) {
		nak (post, frame, ERR_DIRECTORY_BEHIND);
		return false;
	}
	if (received.trust == ERR_OK)
		prover_told (post, &received.header.from, received.letter.checkpoint);
	return hand_to_desk (post, frame, &received);
}

static bool receive_gap (struct post *post, const struct frame *frame)
{
	post_stop_on (post, desk_gap (post->parts.desk, post_step (post), &frame->deliver.gap.from,
				      &frame->deliver.gap.id, frame->deliver.gap.reason));
	return true;
}

static bool receive_notice (struct post *post, const struct frame *frame)
{
	struct bytes statement = frame->deliver.notice.statement;
	struct notice notice = { statement, frame->deliver.notice.signature };
	struct non_delivery word;
	err_t err = verify_parts (&post->hub->log_key, &frame->deliver.notice.signature,
				  NOTICE_DOMAIN, statement, BYTES_NONE, BYTES_NONE);

	if (err == ERR_OK)
		err = non_delivery_decode (statement, post->arena, &word);
	if (err != ERR_OK) {
		LOG (WARN, "post.notice-invalid", LOG_E (err));
		return true;
	}
	post_stop_on (post, desk_non_delivery (post->parts.desk, post_step (post), &word.id,
					       &word.header_hash, word.reason, word.at_ms, &notice));
	return true;
}

static bool (*const item_handlers[]) (struct post *, const struct frame *) = {
	[DELIVER_LETTER] = receive_letter,
	[DELIVER_GAP] = receive_gap,
	[DELIVER_NOTICE] = receive_notice,
};

void receiver_deliver (struct post *post, const struct frame *frame)
{
	enum letter_class class = frame->deliver.class;
	uint64_t stored = post->marks.dseq[class];

	if (frame->deliver.dseq <= stored) {
		post->stored_changed[class] = true;   /* our STORED was lost: say it again */
		return;
	}
	if (frame->deliver.dseq > stored + 1) {
		if (!post->refused_item[class])
			post_hang_up (post, ERR_OUT_OF_ORDER);
		return;                               /* behind a NAKed one: it comes again */
	}
	post->refused_item[class] = false;
	if (!item_handlers[frame->deliver.item](post, frame))
		return;
	post->naks[class] = 0;
	post->marks.dseq[class] = frame->deliver.dseq;
	post->marks_changed = true;
	post->stored_changed[class] = true;
}

void receiver_confirm (struct post *post)
{
	for (enum letter_class class = CLASS_STAT; class < CLASS_COUNT; class++) {
		struct frame frame = { .type = FRAME_STORED };

		if (!post->stored_changed[class] || post->state != POST_OPEN)
			continue;
		post->stored_changed[class] = false;
		frame.stored.class = class;
		frame.stored.up_to = post->marks.dseq[class];
		post_send (post, &frame);
	}
}
