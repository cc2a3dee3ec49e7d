/*
 * Attachments on their way through the hub.
 *
 *   BlobPut   checks -> piece, in the group's commit -> BlobHave
 *             the last piece: the whole is read again in slices and held against its name,
 *             before BlobHave says OK
 *   BlobGet   noted; BlobData goes when no letter waits for that session
 *   its end   freed in slices, so that nobody waits for it
 *
 * One chunk of each session is on the way in either direction, and never more than one ahead of a
 * letter: that bounds the memory too.
 */
#include "hub/core.h"

#include "jembatan/log.h"

#define PIECE_BYTES_LEAST (1u * KIB)     /* but for the last one: smaller ones would waste our disk */
#define CHECK_SLICE_BYTES (1u * MIB)     /* read and hashed in one go, about 2 ms */
#define FREE_SLICE_BYTES (2u * MIB)      /* freed in one go */

/* ---- a letter names some ---- */

static void charge (hub_t *hub, const struct blob *blob)
{
	struct account *sender = accounts_at (hub->accounts, blob->sender);

	account_touch (hub->accounts, sender);
	sender->now.blob_bytes += blob->size;
}

static void give_back (hub_t *hub, const struct blob *blob)
{
	struct account *sender = accounts_at (hub->accounts, blob->sender);

	account_touch (hub->accounts, sender);
	sender->now.blob_bytes -= blob->size < sender->now.blob_bytes ? blob->size :
									sender->now.blob_bytes;
}

/* The letter came again after this one had ended: it may be wanted again.  What is still here of it
 * need not come again. */
static err_t revive (hub_t *hub, struct blob *blob, int64_t expires_ms)
{
	if (blob->state < BLOB_STORED)
		return ERR_OK;
	if (blob->held > 0)
		charge (hub, blob);
	blob->state = BLOB_COMING;
	blob->due_ms = expires_ms;
	return store_blob_save (hub->store, blob);
}

static err_t expect_one (hub_t *hub, const struct item *item, const struct blob_ref *ref)
{
	struct blob blob;
	err_t err = store_blob_find (hub->store, item->sender, &item->id, &ref->id, &blob);

	if (err == ERR_OK)
		return revive (hub, &blob, item->expires_ms);
	if (err != ERR_NOT_FOUND)
		return err;
	blob = (struct blob){ .sender = item->sender, .recipient = item->recipient,
			      .letter = item->id, .id = ref->id, .size = ref->padded_length,
			      .due_ms = item->expires_ms };
	return store_blob_add (hub->store, &blob);
}

err_t blob_expect (hub_t *hub, const struct item *item, const struct header *header)
{
	err_t err = ERR_OK;

	for (size_t i = 0; i < header->blob_count && err == ERR_OK; i++)
		err = expect_one (hub, item, &header->blobs[i]);
	return err;
}

/* ---- its end ---- */

/* Its bytes are freed from the next slice on. */
static err_t end (hub_t *hub, struct blob *blob, enum blob_state state)
{
	if (blob->state >= BLOB_STORED)
		return ERR_OK;
	if (blob->held > 0)
		give_back (hub, blob);
	blob->state = state;
	blob->due_ms = hub->now_ms;
	hub_work_soon (hub);
	return store_blob_save (hub->store, blob);
}

err_t blob_recall (hub_t *hub, const struct item *item)
{
	struct blob blob = { .number = 0 };
	err_t err;

	while ((err = store_blob_next (hub->store, item->sender, &item->id, blob.number, &blob)) ==
	       ERR_OK) {
		err = end (hub, &blob, BLOB_RECALLED);
		if (err != ERR_OK)
			return err;
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* One step of one whose time has come: it expires, loses some bytes, or is forgotten. */
static err_t settle (hub_t *hub, struct blob *blob)
{
	if (blob->state < BLOB_STORED)
		return end (hub, blob, BLOB_EXPIRED);
	if (blob->held == 0)
		return store_blob_forget (hub->store, blob->number);
	if (blob->held <= FREE_SLICE_BYTES)
		blob->due_ms = hub->now_ms + HUB_FORGETS_MS;
	return store_blob_cut (hub->store, blob,
			       blob->held > FREE_SLICE_BYTES ? blob->held - FREE_SLICE_BYTES : 0);
}

static err_t next_due (hub_t *hub, struct blob *ret_blob)
{
	return hub->time.doubtful ? ERR_NOT_FOUND :
				    store_blob_due (hub->store, hub->now_ms, ret_blob);
}

/* False when nothing is due. */
static bool settle_next (hub_t *hub)
{
	struct blob blob;
	err_t err = next_due (hub, &blob);

	if (err == ERR_NOT_FOUND)
		return false;
	if (err == ERR_OK)
		err = group_write (hub);
	if (err == ERR_OK)
		err = settle (hub, &blob);
	if (err != ERR_OK)
		hub_failed (hub, err);
	return err == ERR_OK;
}

/* What is in no honest agent's way: an attachment that isn't its own, or more than its quota. */
static void audit (struct session *session, err_t code)
{
	if ((code == ERR_NOT_FOUND || code == ERR_QUOTA || code == ERR_TOO_LARGE) &&
	    session_may_log (session))
		LOG (NOTE, "attachment.refused", LOG_A ("agency", &session->account->id),
		     LOG_E (code));
}

/* ---- PUT ---- */

struct put_facts {
	bool known;
	struct blob blob;
	uint64_t offset;
	size_t len;                      /* of the data; 0 asks how far we are */
	bool no_room;
	uint64_t used_bytes, quota_bytes;
};

/* Everything has come; it may still be held against its name. */
static bool complete (const struct put_facts *f)
{
	return f->blob.state == BLOB_STORED || f->blob.held == f->blob.size;
}

static err_t check_known (const struct put_facts *f)
{
	return f->known && f->blob.state != BLOB_RECALLED ? ERR_OK : ERR_NOT_FOUND;
}

static err_t check_expiry (const struct put_facts *f)
{
	return f->blob.state == BLOB_EXPIRED ? ERR_EXPIRED : ERR_OK;
}

static err_t check_order (const struct put_facts *f)
{
	if (f->len == 0)
		return ERR_OK;
	return !complete (f) && f->offset == f->blob.held ? ERR_OK : ERR_OUT_OF_ORDER;
}

static err_t check_size (const struct put_facts *f)
{
	if (f->len == 0)
		return ERR_OK;
	if (f->len > f->blob.size - f->blob.held)
		return ERR_TOO_LARGE;
	return f->len < PIECE_BYTES_LEAST && f->len < f->blob.size - f->blob.held ? ERR_MALFORMED :
										    ERR_OK;
}

static err_t check_room (const struct put_facts *f)
{
	return f->no_room && !complete (f) ? ERR_NO_SPACE : ERR_OK;
}

/* One that has begun is charged whole already, so it can always be finished. */
static err_t check_quota (const struct put_facts *f)
{
	if (f->blob.held > 0 || complete (f))
		return ERR_OK;
	if (f->blob.size > f->quota_bytes)
		return ERR_TOO_LARGE;
	return f->used_bytes + f->blob.size > f->quota_bytes ? ERR_QUOTA : ERR_OK;
}

static err_t (*const put_checks[]) (const struct put_facts *f) = {
	check_known, check_expiry, check_order, check_size, check_room, check_quota,
};

static err_t judge (const struct put_facts *facts)
{
	err_t err = ERR_OK;

	for (size_t i = 0; i < COUNT_OF (put_checks) && err == ERR_OK; i++)
		err = put_checks[i](facts);
	return err;
}

static err_t gather (hub_t *hub, struct session *session, const struct frame *frame,
		     struct put_facts *ret_facts)
{
	err_t err;

	*ret_facts = (struct put_facts){
		.offset = frame->blob_put.offset,
		.len = frame->blob_put.data.len,
		.no_room = hub->no_room_blobs || hub->group->no_space,
		.used_bytes = session->account->now.blob_bytes,
		.quota_bytes = hub_quota (hub, session->account)->blob_bytes,
	};
	err = store_blob_find (hub->store, session->account->number, &frame->blob_put.letter,
			       &frame->blob_put.blob, &ret_facts->blob);
	ret_facts->known = err == ERR_OK;
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static void reply_have (hub_t *hub, struct session *session, const struct blob_id *id,
			uint64_t before, uint64_t offset, err_t code)
{
	struct reply *reply = group_reply (hub, session, REPLY_BLOB_HAVE);

	reply->blob = *id;
	reply->before = before;
	reply->offset = offset;
	reply->err = code;
}

/* How far we are, in an answer. */
static uint64_t held_of (const struct put_facts *facts)
{
	if (!facts->known)
		return 0;
	return facts->blob.state == BLOB_STORED ? facts->blob.size : facts->blob.held;
}

static err_t keep_piece (hub_t *hub, struct blob *blob, struct bytes data)
{
	err_t err = group_write (hub);

	if (err != ERR_OK)
		return err;
	if (blob->held == 0)
		charge (hub, blob);
	return store_blob_grow (hub->store, blob, data);
}

/* The answer waits until the whole was read again. */
static void check_soon (hub_t *hub, struct session *session, const struct frame *frame)
{
	session->blobs.checking = true;
	session->blobs.letter = frame->blob_put.letter;
	session->blobs.blob = frame->blob_put.blob;
	hub_work_soon (hub);
}

static err_t take_piece (hub_t *hub, struct session *session, const struct frame *frame,
			 struct put_facts *facts)
{
	uint64_t before = held_of (facts);
	err_t code = judge (facts), err = ERR_OK;

	audit (session, code);
	if (code == ERR_OK && facts->len > 0)
		err = keep_piece (hub, &facts->blob, frame->blob_put.data);
	if (err != ERR_OK && err != ERR_NO_SPACE)
		return err;
	if (code == ERR_OK && err == ERR_OK && facts->blob.state == BLOB_COMING && complete (facts)) {
		check_soon (hub, session, frame);
		return ERR_OK;
	}
	reply_have (hub, session, &frame->blob_put.blob, before, held_of (facts),
		    code != ERR_OK ? code : err);
	return err;
}

err_t hub_blob_put (hub_t *hub, struct session *session, const struct frame *frame)
{
	struct put_facts facts;
	err_t err;

	if (session->blobs.unanswered) {
		hub_offended (hub, session, ERR_OVER_CREDIT, false);
		return ERR_OK;
	}
	session->blobs.unanswered = true;
	err = gather (hub, session, frame, &facts);
	return err == ERR_OK ? take_piece (hub, session, frame, &facts) : err;
}

void send_blob_have (hub_t *hub, const struct reply *reply)
{
	struct frame frame = { .type = FRAME_BLOB_HAVE };
	bool over = reply->err == ERR_NOT_FOUND || reply->err == ERR_EXPIRED;

	reply->session->blobs.unanswered = false;
	frame.blob_have.blob = reply->blob;
	frame.blob_have.offset = over ? 0 : reply->offset;   /* it may still be being freed */
	frame.blob_have.code = reply->err;
	hub_send (hub, reply->session, &frame);
}

/* ---- the whole against its name ---- */

static struct session *next_to_check (hub_t *hub)
{
	for (size_t i = 0; i < sessions_count (hub->sessions); i++) {
		struct session *session = sessions_at (hub->sessions, i);

		if (session->blobs.checking && !session->ended)
			return session;
	}
	return NULL;
}

static void stop_check (hub_t *hub, struct session *session)
{
	session->blobs.checking = false;
	if (hub->check.session != session)
		return;
	hasher_destroy (&hub->check.hasher);
	hub->check.session = NULL;
}

/* The check is over: its answer. */
static void checked (hub_t *hub, struct session *session, uint64_t offset, err_t code)
{
	stop_check (hub, session);
	reply_have (hub, session, &session->blobs.blob, offset, offset, code);
}

static err_t begin_check (hub_t *hub, struct session *session)
{
	struct blob_check *check = &hub->check;
	err_t err = store_blob_find (hub->store, session->account->number, &session->blobs.letter,
				     &session->blobs.blob, &check->blob);

	if (err != ERR_OK)
		return err;
	check->session = session;
	check->at = 0;
	check->damaged = false;
	check->hasher = hasher_new ();
	return ERR_OK;
}

static err_t hash_slice (hub_t *hub, struct blob_check *check)
{
	uint64_t until = check->at + CHECK_SLICE_BYTES;
	struct bytes piece;
	err_t err = ERR_OK;

	while (check->at < check->blob.size && check->at < until && err == ERR_OK) {
		arena_reset (hub->out);
		err = store_blob_read (hub->store, &check->blob, check->at, hub->out, &piece);
		if (err != ERR_OK)
			break;
		hasher_add (check->hasher, piece);
		check->at += piece.len;
	}
	return err;
}

static err_t judge_whole (hub_t *hub, struct blob_check *check)
{
	struct hash hash = hasher_end (check->hasher);
	struct account *sender = accounts_at (hub->accounts, check->blob.sender);
	err_t err;

	if (memcmp (hash.b, check->blob.id.b, sizeof hash.b) != 0) {
		check->damaged = true;
		hub->figures.blobs_damaged++;
		LOG (WARN, "attachment.damaged", LOG_A ("from", &sender->id),
		     LOG_U ("letter", check->blob.letter));
		return ERR_OK;
	}
	err = group_write (hub);
	if (err != ERR_OK)
		return err;
	check->blob.state = BLOB_WHOLE;
	err = store_blob_save (hub->store, &check->blob);
	if (err != ERR_OK)
		return err;
	hub->figures.blobs_whole++;
	checked (hub, check->session, check->blob.size, ERR_OK);
	return ERR_OK;
}

/* A damaged one is cut away from its end; what is left after a crash is damaged still. */
static err_t cut_slice (hub_t *hub, struct blob_check *check)
{
	struct blob *blob = &check->blob;
	err_t err = group_write (hub);

	if (err == ERR_OK)
		err = store_blob_cut (hub->store, blob, blob->held > FREE_SLICE_BYTES ?
						       blob->held - FREE_SLICE_BYTES : 0);
	if (err != ERR_OK || blob->held > 0)
		return err;
	give_back (hub, blob);
	checked (hub, check->session, 0, ERR_DAMAGED);
	return ERR_OK;
}

/* What ended the check before its time; ERR_OK when it may go on.  The sender may have recalled the
 * letter meanwhile, the recipient may have said that it has everything, and the last bytes may have
 * been lost with a group that found no room. */
static err_t interrupted (const struct blob_check *check)
{
	static const err_t of_state[] = { [BLOB_EXPIRED] = ERR_EXPIRED,
					  [BLOB_RECALLED] = ERR_NOT_FOUND };
	const struct blob *blob = &check->blob;

	if (blob->state > BLOB_STORED)
		return of_state[blob->state];
	return blob->held < blob->size && !check->damaged ? ERR_NO_SPACE : ERR_OK;
}

static err_t check_step (hub_t *hub, struct blob_check *check)
{
	err_t gone, err = store_blob_find (hub->store, check->blob.sender, &check->blob.letter,
					   &check->blob.id, &check->blob);

	if (err != ERR_OK)
		return err;
	if (check->blob.state == BLOB_STORED) {
		checked (hub, check->session, check->blob.size, ERR_OK);
		return ERR_OK;
	}
	gone = interrupted (check);
	if (gone != ERR_OK) {
		checked (hub, check->session, check->blob.held, gone);
		return ERR_OK;
	}
	if (check->damaged)
		return cut_slice (hub, check);
	if (check->at < check->blob.size)
		return hash_slice (hub, check);
	return judge_whole (hub, check);
}

/* False when nothing waits for a check. */
static bool check_next (hub_t *hub)
{
	struct session *session = hub->check.session;
	err_t err = ERR_OK;

	if (session == NULL) {
		session = next_to_check (hub);
		if (session == NULL)
			return false;
		err = begin_check (hub, session);
	}
	if (err == ERR_OK)
		err = check_step (hub, &hub->check);
	if (err == ERR_NO_SPACE || err == ERR_NOT_FOUND)
		checked (hub, session, 0, err);
	if (err != ERR_OK && err != ERR_NOT_FOUND)
		hub_failed (hub, err);
	return true;
}

void blob_forget_session (hub_t *hub, struct session *session)
{
	stop_check (hub, session);
	session->blobs.wanted = false;
}

bool hub_work (hub_t *hub)
{
	bool checking = check_next (hub);
	bool settling = hub->stopped == ERR_OK && settle_next (hub);

	return checking || settling;
}

bool blob_work_waits (hub_t *hub)
{
	struct blob blob;
	err_t err;

	if (next_to_check (hub) != NULL)
		return true;
	err = next_due (hub, &blob);
	if (err != ERR_OK && err != ERR_NOT_FOUND)
		hub_failed (hub, err);
	return err == ERR_OK;
}

/* ---- GET ---- */

static void send_data (hub_t *hub, struct session *session, const struct blob_id *id,
		       uint64_t offset, struct bytes data, err_t code)
{
	struct frame frame = { .type = FRAME_BLOB_DATA };

	frame.blob_data.blob = *id;
	frame.blob_data.offset = offset;
	frame.blob_data.data = data;
	frame.blob_data.code = code;
	hub_send (hub, session, &frame);
}

/* The recipient has all of it, durably. */
static err_t stored_there (hub_t *hub, struct session *session, const struct frame *frame,
			   struct blob *blob)
{
	err_t err = group_write (hub);
	struct reply *reply;

	if (err == ERR_OK)
		err = end (hub, blob, BLOB_STORED);
	if (err != ERR_OK && err != ERR_NO_SPACE)
		return err;
	reply = group_reply (hub, session, REPLY_BLOB_STORED);
	reply->blob = frame->blob_get.blob;
	reply->offset = frame->blob_get.offset;
	reply->err = err == ERR_OK ? ERR_OK : ERR_BUSY;
	return err;
}

void send_blob_stored (hub_t *hub, const struct reply *reply)
{
	reply->session->blobs.asked = false;
	send_data (hub, reply->session, &reply->blob, reply->offset, BYTES_NONE, reply->err);
}

/* What there is to say at once; ERR_OK when bytes go, or were stored. */
static err_t judge_get (const struct blob *blob, uint64_t offset)
{
	if (blob->state == BLOB_RECALLED)
		return ERR_NOT_FOUND;
	if (blob->state == BLOB_EXPIRED)
		return ERR_EXPIRED;
	if (offset == blob->size)
		return ERR_OK;
	if (offset > blob->size)
		return ERR_OUT_OF_ORDER;
	if (blob->state == BLOB_STORED)
		return ERR_NOT_FOUND;
	return offset < blob->held ? ERR_OK : ERR_BUSY;
}

static void answer_get (hub_t *hub, struct session *session, const struct frame *frame, err_t code)
{
	session->blobs.asked = false;
	send_data (hub, session, &frame->blob_get.blob, frame->blob_get.offset, BYTES_NONE, code);
}

err_t hub_blob_get (hub_t *hub, struct session *session, const struct frame *frame)
{
	struct blob blob;
	err_t err, code;

	if (session->blobs.asked) {
		hub_offended (hub, session, ERR_OVER_CREDIT, false);
		return ERR_OK;
	}
	session->blobs.asked = true;
	err = store_blob_for (hub->store, session->account->number, &frame->blob_get.blob, &blob);
	if (err != ERR_OK && err != ERR_NOT_FOUND)
		return err;
	code = err == ERR_OK ? judge_get (&blob, frame->blob_get.offset) : err;
	audit (session, code);
	if (code != ERR_OK) {
		answer_get (hub, session, frame, code);
		return ERR_OK;
	}
	if (frame->blob_get.offset == blob.size)
		return stored_there (hub, session, frame, &blob);
	session->blobs.wanted = true;
	session->blobs.want = frame->blob_get.blob;
	session->blobs.want_offset = frame->blob_get.offset;
	group_due (hub, session->account);
	return ERR_OK;
}

/* Looks again, because it may have ended since it was asked for. */
static err_t read_wanted (hub_t *hub, struct session *session, struct bytes *ret_data,
			  err_t *ret_code)
{
	struct blob blob;
	err_t err = store_blob_for (hub->store, session->account->number, &session->blobs.want,
				    &blob);

	*ret_data = BYTES_NONE;
	*ret_code = ERR_NOT_FOUND;
	if (err != ERR_OK)
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	*ret_code = judge_get (&blob, session->blobs.want_offset);
	if (*ret_code != ERR_OK || session->blobs.want_offset == blob.size)
		return ERR_OK;
	return store_blob_read (hub->store, &blob, session->blobs.want_offset, hub->in, ret_data);
}

void blob_serve (hub_t *hub, struct session *session)
{
	struct bytes data;
	err_t code, err;

	if (!session->blobs.wanted || courier_waits (&session->courier, session->account, hub->mono_ms))
		return;
	session->blobs.wanted = session->blobs.asked = false;
	arena_reset (hub->in);
	err = read_wanted (hub, session, &data, &code);
	if (err != ERR_OK) {
		hub_failed (hub, err);
		return;
	}
	send_data (hub, session, &session->blobs.want, session->blobs.want_offset, data, code);
	if (code == ERR_OK)
		hub->figures.blob_bytes_out += data.len;
}
