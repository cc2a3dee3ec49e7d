/*
 * Letters coming in, marks of what was stored, and recalls.
 */
#include "hub/core.h"

#include <string.h>

#include "hub/suspect.h"

#include "jembatan/fault.h"
#include "jembatan/log.h"

/* ---- PUT: facts ---- */

/* How long until the sender may put another letter; a small one may borrow from the reserve. */
static int64_t rate_wait_ms (hub_t *hub, struct account *account, bool small)
{
	uint64_t per_minute = hub_quota (hub, account)->per_minute;
	double per_ms = (double)per_minute / (double)MINUTE_MS;
	double most = (double)per_minute;
	double needed = small ? 1 - (double)gate_reserve (per_minute) : 1;

	if (per_minute == 0)
		return 0;
	account->rate_tokens += (double)(hub->mono_ms - account->rate_ms) * per_ms;
	account->rate_ms = hub->mono_ms;
	if (account->rate_tokens > most)
		account->rate_tokens = most;
	if (account->rate_tokens >= needed)
		return 0;
	return (int64_t)((needed - account->rate_tokens) / per_ms) + 1;
}

static enum gate_member standing_of (hub_t *hub, const struct agency_id *id)
{
	struct account *account = accounts_find (hub->accounts, id);
	const struct member *member;

	if (account != NULL)
		return hub_standing (hub, account);
	member = directory_member (roster_directory (hub->roster), id);
	if (member == NULL)
		return GATE_UNKNOWN;
	return member->status == MEMBER_IS_ACTIVE ? GATE_ACTIVE : GATE_SUSPENDED;
}

/* Ids of one sender rise, so a higher one than any before is new without asking. */
static err_t surely_new (hub_t *hub, struct account *sender, const struct letter_id *id,
			 bool *ret_new)
{
	err_t err = ERR_OK;

	if (!sender->last_id_known)
		err = store_last_id (hub->store, sender->number, &sender->last_id);
	if (err != ERR_OK)
		return err;
	sender->last_id_known = true;
	*ret_new = memcmp (id->b, sender->last_id.b, sizeof id->b) > 0;
	return ERR_OK;
}

/* What is already here under this id; `ret_item` is that item unless ITEM_NONE. */
static err_t look_up (hub_t *hub, struct account *sender, const struct letter_id *id,
		      const struct hash *hash, struct gate_facts *facts, struct item *ret_item)
{
	bool new;
	err_t err = surely_new (hub, sender, id, &new);

	if (err == ERR_OK)
		err = new ? ERR_NOT_FOUND : store_find (hub->store, sender->number, id, ret_item);
	if (err != ERR_OK)
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	facts->known = letter_state (hub, ret_item);
	facts->put = ID_EQUAL (ret_item->header_hash, *hash) ? LIFE_PUT : LIFE_PUT_OTHER;
	return ERR_OK;
}

static void gather (hub_t *hub, struct session *session, const struct frame *frame,
		    struct gate_facts *facts)
{
	struct account *sender = session->account;

	facts->header_err = header_decode (frame->put.h, &facts->header);
	facts->h_len = frame->put.h.len;
	facts->c_len = frame->put.c.len;
	facts->session = sender->id;
	facts->sender = hub_standing (hub, sender);
	facts->recipient = facts->header_err == ERR_OK ? standing_of (hub, &facts->header.to) :
							 GATE_UNKNOWN;
	facts->sender_ahead = session->directory_version > roster_version (hub->roster);
	facts->now_ms = hub->now_ms;
	facts->time_doubtful = hub->time.doubtful;
	facts->draining = hub->draining;
	facts->no_space = hub->no_room || hub->group->no_space;
	facts->no_reserve = hub->no_reserve || hub->group->no_space;
	facts->queued_letters = sender->now.queued_letters;
	facts->queued_bytes = sender->now.queued_bytes;
	facts->quota_letters = hub_quota (hub, sender)->letters;
	facts->quota_bytes = hub_quota (hub, sender)->bytes;
	facts->rate_wait_ms = rate_wait_ms (hub, sender, facts->header_err == ERR_OK &&
						   facts->header.bucket == 0);
	facts->full_ms = sender->full_since_ms > 0 ? hub->mono_ms - sender->full_since_ms : 0;
	facts->known = ITEM_NONE;
	facts->put = LIFE_PUT;
}

/* ---- PUT: verdict ---- */

/* The audit log says which check refused. */
static void audit (struct session *session, const struct gate_facts *facts,
		   const struct gate_verdict *verdict)
{
	if (!session_may_log (session))
		return;
	if (facts->header_err != ERR_OK)
		LOG (NOTE, "letter.refused", LOG_W ("check", verdict->check),
		     LOG_A ("session", &session->account->id), LOG_E (verdict->err));
	else
		LOG (NOTE, "letter.refused", LOG_W ("check", verdict->check),
		     LOG_A ("session", &session->account->id),
		     LOG_A ("to", &facts->header.to), LOG_U ("id", facts->header.id),
		     LOG_E (verdict->err));
}

static void reply_refused (hub_t *hub, struct session *session, uint64_t pseq, err_t err,
			   int64_t retry_after_ms)
{
	struct reply *reply = group_reply (hub, session, REPLY_REFUSED);

	reply->pseq = pseq;
	reply->err = err;
	reply->retry_after_ms = retry_after_ms;
}

static void reply_taken (hub_t *hub, struct session *session, uint64_t pseq,
			 const struct item *item)
{
	struct reply *reply = group_reply (hub, session, REPLY_TAKEN);

	reply->pseq = pseq;
	reply->leaf = item->leaf;
	reply->recipient = accounts_at (hub->accounts, item->recipient);
}

static void keep_fresh (hub_t *hub, struct put *put)
{
	struct account *recipient = put->recipient;
	enum letter_class class = put->item.class;

	put->next = NULL;
	if (recipient->fresh[class] == NULL)
		recipient->fresh[class] = put;
	else
		recipient->fresh_last[class]->next = put;
	recipient->fresh_last[class] = put;
	group_due (hub, recipient);
}

static void fill_item (hub_t *hub, struct put *put, const struct account *sender,
		       const struct header *header, const struct hash *hash)
{
	put->item = (struct item){
		.sender = sender->number,
		.recipient = put->recipient->number,
		.class = header->class,
		.dseq = put->recipient->now.lane[header->class].last + 1,
		.id = header->id,
		.header_hash = *hash,
		.kind = ITEM_LETTER,
		.has_leaf = true,
		.size = (uint32_t)(put->h.len + put->c.len),
		.taken_ms = hub->now_ms,
		.expires_ms = header->expires_at_ms,
	};
}

/* Into custody: a leaf, a row, a body.  Only the commit makes it true. */
static err_t take (hub_t *hub, struct session *session, const struct frame *frame,
		   const struct header *header, const struct hash *hash)
{
	struct account *sender = session->account;
	struct put *put = &hub->group->put[hub->group->put_count];
	err_t err;

	put->recipient = accounts_open (hub->accounts, &header->to);
	put->h = arena_bytes (hub->bodies, frame->put.h);
	put->c = arena_bytes (hub->bodies, frame->put.c);
	fill_item (hub, put, sender, header, hash);
	err = custody_add (hub->custody, LEAF_TAKEN, hash, hub->now_ms, &put->item.leaf);
	if (err == ERR_OK)
		err = store_add (hub->store, &put->item, put->h, put->c);
	if (err == ERR_OK && header->blob_count > 0)
		err = blob_expect (hub, &put->item, header);
	if (err != ERR_OK)
		return err;
	account_touch (hub->accounts, put->recipient);
	put->recipient->now.lane[header->class].last++;
	sender->now.queued_letters++;
	sender->now.queued_bytes += put->item.size;
	if (memcmp (header->id.b, sender->last_id.b, sizeof header->id.b) > 0)
		sender->last_id = header->id;
	sender->rate_tokens -= 1;
	sender->full_since_ms = 0;
	hub->group->put_count++;
	keep_fresh (hub, put);
	reply_taken (hub, session, frame->put.pseq, &put->item);
	hub->figures.letters_taken++;
	return ERR_OK;
}

/* It is here already: the same answer again, with a leaf of the present log. */
static err_t take_again (hub_t *hub, struct session *session, uint64_t pseq, struct item *item)
{
	err_t err = ERR_OK;

	if (!item->has_leaf) {
		err = custody_add (hub->custody, LEAF_TAKEN, &item->header_hash, hub->now_ms,
				   &item->leaf);
		if (err == ERR_OK)
			err = store_set_leaf (hub->store, item->number, item->leaf);
	}
	if (err != ERR_OK)
		return err;
	reply_taken (hub, session, pseq, item);
	hub->figures.letters_again++;
	return ERR_OK;
}

/* It was stored and is put again, because it was damaged on its way or an answer was lost: into
 * custody anew.  The recipient's ledger knows a true duplicate. */
static err_t take_anew (hub_t *hub, struct session *session, const struct frame *frame,
			const struct gate_facts *facts, const struct hash *hash,
			const struct item *item)
{
	err_t err = store_replace (hub->store, item->number);

	return err == ERR_OK ? take (hub, session, frame, &facts->header, hash) : err;
}

static err_t judge (hub_t *hub, struct session *session, const struct frame *frame)
{
	struct hash hash = header_hash (frame->put.h);
	struct gate_facts facts;
	struct gate_verdict verdict;
	struct item item;
	err_t err = ERR_OK;

	gather (hub, session, frame, &facts);
	if (facts.header_err == ERR_OK)
		err = look_up (hub, session->account, &facts.header.id, &hash, &facts, &item);
	if (err != ERR_OK)
		return err;
	verdict = gate_judge (&facts);
	if (verdict.err != ERR_OK) {
		audit (session, &facts, &verdict);
		if (verdict.err == ERR_QUOTA && session->account->full_since_ms == 0)
			session->account->full_since_ms = hub->mono_ms;
		reply_refused (hub, session, frame->put.pseq, verdict.err, verdict.retry_after_ms);
		return ERR_OK;
	}
	if (facts.known == ITEM_NONE)
		return take (hub, session, frame, &facts.header, &hash);
	if (life_row (facts.known, facts.put)->to == facts.known)
		return take_again (hub, session, frame->put.pseq, &item);
	return take_anew (hub, session, frame, &facts, &hash, &item);
}

/* False when the Put breaks the protocol and the session is over. */
static bool in_order (hub_t *hub, struct session *session, const struct frame *frame)
{
	session->group_letters++;
	session->group_bytes += frame->put.h.len + frame->put.c.len;
	if (frame->put.pseq != session->account->now.pseq + 1) {
		hub_offended (hub, session, ERR_OUT_OF_ORDER, false);
		return false;
	}
	if (!lease_covers (&session->lease, session->group_letters, session->group_bytes)) {
		hub_offended (hub, session, ERR_OVER_CREDIT, true);
		return false;
	}
	return true;
}

err_t hub_put (hub_t *hub, struct session *session, const struct frame *frame)
{
	err_t err;

	if (!in_order (hub, session, frame))
		return ERR_OK;
	fault_point ("hub.put.before");
	account_touch (hub->accounts, session->account);
	session->account->now.pseq = frame->put.pseq;
	err = group_write (hub);
	if (err == ERR_OK)
		err = judge (hub, session, frame);
	if (err == ERR_NO_SPACE)
		reply_refused (hub, session, frame->put.pseq, ERR_NO_SPACE, MINUTE_MS);
	return err;
}

/* ---- STORED ---- */

/* Words of the hub's own end without any. */
static err_t one_stored (void *context, const struct item *item)
{
	hub_t *hub = context;
	const struct life_row *row = letter_row (hub, item, LIFE_STORED);

	return row != NULL ? letter_end (hub, item, row) : ERR_OK;
}

/* Has it a body, which goes now? */
static bool ends_now (const struct item *item)
{
	return life_row (item->state, LIFE_STORED) != NULL;
}

/* The end of the run of items that end here, begins with this one, and whose numbers follow each
 * other. */
static uint64_t run_end (const struct courier_lane *flights, uint64_t from, uint64_t to)
{
	const struct item *last = courier_flight (flights, from);

	while (from < to) {
		const struct item *next = courier_flight (flights, from + 1);

		if (!ends_now (next) || next->number != last->number + 1)
			break;
		last = next;
		from++;
	}
	return from;
}

static err_t drop_run (hub_t *hub, const struct courier_lane *flights, uint64_t from, uint64_t to)
{
	err_t err = store_drop (hub->store, courier_flight (flights, from)->number,
				courier_flight (flights, to)->number);

	for (; from <= to && err == ERR_OK; from++)
		err = one_stored (hub, courier_flight (flights, from));
	return err;
}

/* What is on the way is known without asking the store, but for an end, which may have been taken
 * back because the disk was full. */
static err_t drop_flights (hub_t *hub, const struct courier_lane *flights, uint64_t from,
			   uint64_t to)
{
	err_t err = ERR_OK;

	while (from <= to && err == ERR_OK) {
		const struct item *flight = courier_flight (flights, from);
		uint64_t end = ends_now (flight) ? run_end (flights, from, to) : from;

		if (ends_now (flight))
			err = drop_run (hub, flights, from, end);
		else
			err = store_done (hub->store, flight->recipient, flight->class, from, from,
					  one_stored, hub);
		from = end + 1;
	}
	return err;
}

err_t apply_stored (hub_t *hub, struct account *account, enum letter_class class,
		    uint64_t number)
{
	struct class_lane *lane = &account->now.lane[class];
	const struct courier_lane *flights =
		account->session != NULL ? &account->session->courier.lane[class] : NULL;
	uint64_t before = hub->figures.letters_stored;
	err_t err;

	if (number <= lane->stored)
		return ERR_OK;
	err = group_write (hub);
	if (err == ERR_OK && flights != NULL && flights->cleared <= lane->stored &&
	    number <= flights->sent)
		err = drop_flights (hub, flights, lane->stored + 1, number);
	else if (err == ERR_OK)
		err = store_done (hub->store, account->number, class, lane->stored + 1, number,
				  one_stored, hub);
	if (err != ERR_OK)
		return err;
	account_touch (hub->accounts, account);
	lane->stored = number;
	suspect_stored (account, hub->figures.letters_stored > before);
	return ERR_OK;
}

/* The marks of one lane that follow each other are one. */
static void note_stored (struct turn *group, struct account *account, enum letter_class class,
			 uint64_t number)
{
	struct stored_mark *last = group->stored_count == 0 ?
					   NULL : &group->stored[group->stored_count - 1];

	if (last != NULL && last->account == account && last->class == class)
		last->number = number > last->number ? number : last->number;
	else
		group->stored[group->stored_count++] =
			(struct stored_mark){ account, class, number };
}

err_t hub_stored (hub_t *hub, struct session *session, const struct frame *frame)
{
	struct turn *group = hub->group;
	uint64_t number;

	if (courier_stored (&session->courier, session->account, frame->stored.class,
			    frame->stored.up_to, &number) != ERR_OK) {
		hub_offended (hub, session, ERR_OUT_OF_ORDER, false);
		return ERR_OK;
	}
	note_stored (group, session->account, frame->stored.class, number);
	group_due (hub, session->account);
	fault_point ("hub.stored.before");
	if (store_in_group (hub->store))
		return apply_stored (hub, session->account, frame->stored.class, number);
	if (group->stored_count >= MARKS_WAIT_MAX)
		return group_write (hub);
	hub_marks_soon (hub);
	return ERR_OK;
}

/* ---- RECALL ---- */

/* Delivered or on the way: too late.  ERR_NOT_FOUND for a letter that the sender never put. */
static err_t try_recall (hub_t *hub, struct session *session, const struct letter_id *id,
			 bool *ret_done)
{
	const struct life_row *row;
	struct item item;
	err_t err = group_write (hub);

	if (err == ERR_OK)
		err = store_find (hub->store, session->account->number, id, &item);
	if (err != ERR_OK)
		return err;
	row = letter_row (hub, &item, LIFE_RECALL);
	if (row == NULL)
		return ERR_OK;
	err = letter_end (hub, &item, row);
	*ret_done = err == ERR_OK;
	return err;
}

err_t hub_recall (hub_t *hub, struct session *session, const struct frame *frame)
{
	bool done = false;
	err_t err = try_recall (hub, session, &frame->recall.id, &done);
	struct reply *reply;

	if (err != ERR_OK && err != ERR_NOT_FOUND && err != ERR_NO_SPACE)
		return err;
	reply = group_reply (hub, session, REPLY_RECALLED);
	reply->id = frame->recall.id;
	reply->done = done;
	return err == ERR_NO_SPACE ? err : ERR_OK;
}
