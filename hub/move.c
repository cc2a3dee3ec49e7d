/*
 * The end of a letter's custody: what its row in life.c says is done here, in the open group.
 */
#include "hub/core.h"

#include "jembatan/log.h"

enum item_state letter_state (hub_t *hub, const struct item *item)
{
	const struct account *recipient = accounts_at (hub->accounts, item->recipient);

	return item->state == ITEM_QUEUED && recipient != NULL && recipient->session != NULL &&
			       item->dseq <= recipient->session->courier.lane[item->class].sent ?
		       ITEM_SENT : item->state;
}

const struct life_row *letter_row (hub_t *hub, const struct item *item, enum life_event event)
{
	return item->kind == ITEM_LETTER ? life_row (letter_state (hub, item), event) : NULL;
}

/* ---- the sender ---- */

static void give_quota_back (hub_t *hub, const struct item *item)
{
	struct account *sender = accounts_at (hub->accounts, item->sender);

	if (sender == NULL)
		return;
	account_touch (hub->accounts, sender);
	if (sender->now.queued_letters > 0)
		sender->now.queued_letters--;
	sender->now.queued_bytes -= item->size < sender->now.queued_bytes ?
					    item->size : sender->now.queued_bytes;
}

static void fill_notice (hub_t *hub, const struct item *item, const struct account *sender,
			 err_t reason, uint64_t leaf, struct non_delivery *ret_word)
{
	*ret_word = (struct non_delivery){
		.id = item->id,
		.header_hash = item->header_hash,
		.from = sender->id,
		.to = accounts_at (hub->accounts, item->recipient)->id,
		.reason = reason,
		.at_ms = hub->now_ms,
		.leaf = leaf,
		.hub = hub->setup.id,
	};
}

/* The sender's letter ended here; the hub says so over its signature. */
static err_t send_notice (hub_t *hub, const struct item *item, err_t reason, uint64_t leaf)
{
	OWNED (arena) arena = arena_new (16 * KIB);
	struct account *sender = accounts_at (hub->accounts, item->sender);
	struct class_lane *lane;
	struct non_delivery word;
	struct bytes statement;
	struct signature signature;
	struct item notice;
	err_t err;

	if (sender == NULL)
		return ERR_CORRUPT;
	lane = &sender->now.lane[item->class];
	fill_notice (hub, item, sender, reason, leaf, &word);
	statement = non_delivery_encode (&word, arena);
	signature = sign_parts (hub->log_key, NOTICE_DOMAIN, statement, BYTES_NONE, BYTES_NONE);
	notice = (struct item){ .recipient = sender->number, .class = item->class,
				.dseq = lane->last + 1, .id = item->id,
				.header_hash = item->header_hash, .kind = ITEM_NOTICE,
				.size = (uint32_t)(statement.len + sizeof signature.b),
				.taken_ms = hub->now_ms };
	err = store_add (hub->store, &notice, statement, ID_BYTES (signature));
	if (err != ERR_OK)
		return err;
	account_touch (hub->accounts, sender);
	lane->last++;
	group_due (hub, sender);
	return ERR_OK;
}

/* ---- the recipient ---- */

/* No copy in memory may be forwarded any more, and its place in the lane is passed over. */
static void drop_copies (hub_t *hub, const struct item *item, enum item_state state)
{
	struct account *recipient = accounts_at (hub->accounts, item->recipient);

	recipient->fresh[item->class] = NULL;
	recipient->fresh_last[item->class] = NULL;
	if (recipient->session != NULL)
		courier_ended (&recipient->session->courier, item, state);
	group_due (hub, recipient);
}

/* ---- both ---- */

static void count_end (hub_t *hub, enum item_state state)
{
	if (state == ITEM_STORED)
		hub->figures.letters_stored++;
	else if (state == ITEM_EXPIRED)
		hub->figures.letters_expired++;
	else
		hub->figures.letters_recalled++;
}

/* Its attachments expire by themselves, and go on to a recipient that has stored it. */
static err_t end_unread (hub_t *hub, const struct item *item, enum item_state state)
{
	err_t err = store_end (hub->store, item->number, state);

	if (err == ERR_OK && state == ITEM_RECALLED)
		err = blob_recall (hub, item);
	if (err != ERR_OK)
		return err;
	drop_copies (hub, item, state);
	LOG (NOTE, state == ITEM_EXPIRED ? "letter.expired" : "letter.recalled",
	     LOG_A ("to", &accounts_at (hub->accounts, item->recipient)->id),
	     LOG_U ("id", item->id));
	return ERR_OK;
}

err_t letter_end (hub_t *hub, const struct item *item, const struct life_row *row)
{
	uint64_t leaf;
	err_t err;

	if (row->to == row->from)
		return ERR_OK;
	err = custody_add (hub->custody, row->leaf, &item->header_hash, hub->now_ms, &leaf);
	if (err == ERR_OK && row->to != ITEM_STORED)
		err = end_unread (hub, item, row->to);
	if (err != ERR_OK)
		return err;
	give_quota_back (hub, item);
	count_end (hub, row->to);
	return row->says == SAYS_NOTICE ? send_notice (hub, item, row->code, leaf) : ERR_OK;
}
