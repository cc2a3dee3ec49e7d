/*
 * Sending to a recipient what the courier says is next: from this group's memory when nothing older
 * waits, otherwise from the store.
 */
#include "hub/core.h"

#include "hub/record.h"
#include "jembatan/fault.h"

struct parcel {
	struct item item;
	struct bytes first, second;
};

/* Is the item one of this group?  Older ones at the head of the list were sent already. */
static const struct put *find_fresh (struct account *account, enum letter_class class,
				     uint64_t number)
{
	struct put *put = account->fresh[class];

	while (put != NULL && put->item.dseq < number)
		put = put->next;
	account->fresh[class] = put;
	return put != NULL && put->item.dseq == number ? put : NULL;
}

static err_t find_parcel (hub_t *hub, struct account *account, enum letter_class class,
			  uint64_t number, struct parcel *ret_parcel)
{
	const struct put *put = find_fresh (account, class, number);
	err_t err;

	if (put != NULL) {
		*ret_parcel = (struct parcel){ put->item, put->h, put->c };
		return ERR_OK;
	}
	err = store_fetch (hub->store, account->number, class, number, &ret_parcel->item,
			   &ret_parcel->first, &ret_parcel->second);
	if (err == ERR_OK)
		err = record_check (&ret_parcel->item, accounts_at (hub->accounts, ret_parcel->item.sender),
				    account, ret_parcel->first, ret_parcel->second);
	return err == ERR_NOT_FOUND ? ERR_CORRUPT : err;
}

static err_t write_gap (hub_t *hub, const struct item *item, err_t reason, struct frame *frame)
{
	const struct account *sender = accounts_at (hub->accounts, item->sender);

	frame->deliver.item = DELIVER_GAP;
	frame->deliver.gap.id = item->id;
	frame->deliver.gap.reason = reason;
	if (sender == NULL)
		return ERR_CORRUPT;
	frame->deliver.gap.from = sender->id;
	return ERR_OK;
}

/* A letter was set aside; it comes again under another number. */
static err_t write_parked (const struct parcel *parcel, struct frame *frame)
{
	char from[LIMIT_ID_TEXT + 1] = "";

	if (parcel->first.len > LIMIT_ID_TEXT)
		return ERR_CORRUPT;
	memcpy (from, parcel->first.data, parcel->first.len);
	frame->deliver.item = DELIVER_GAP;
	frame->deliver.gap.id = parcel->item.id;
	frame->deliver.gap.reason = life_row (ITEM_QUEUED, LIFE_SET_ASIDE)->code;
	return agency_id_parse (from, &frame->deliver.gap.from) == ERR_OK ? ERR_OK : ERR_CORRUPT;
}

/* ERR_CORRUPT when the store holds what can't be an item. */
static err_t write_deliver (hub_t *hub, const struct parcel *parcel, struct frame *frame)
{
	const struct life_row *row = life_row (parcel->item.state, LIFE_SEND);

	if (row == NULL)
		return ERR_CORRUPT;
	if (row->says == SAYS_GAP)
		return write_gap (hub, &parcel->item, row->code, frame);
	if (parcel->item.kind == ITEM_GAP)
		return write_parked (parcel, frame);
	if (parcel->item.kind == ITEM_NOTICE) {
		frame->deliver.item = DELIVER_NOTICE;
		frame->deliver.notice.statement = parcel->first;
		return ID_FROM_BYTES (&frame->deliver.notice.signature, parcel->second) == ERR_OK ?
			       ERR_OK : ERR_CORRUPT;
	}
	frame->deliver.item = DELIVER_LETTER;
	frame->deliver.h = parcel->first;
	frame->deliver.c = parcel->second;
	return ERR_OK;
}

static bool send_parcel (hub_t *hub, struct account *account, const struct parcel *parcel)
{
	struct session *session = account->session;
	enum letter_class class = parcel->item.class;
	struct frame frame = { .type = FRAME_DELIVER };
	bool sent;
	err_t err = write_deliver (hub, parcel, &frame);

	if (err != ERR_OK) {
		hub_failed (hub, err);
		return false;
	}
	frame.deliver.class = class;
	frame.deliver.dseq = parcel->item.dseq - account->now.lane[class].base;
	session->courier.sent_ms = hub->mono_ms;
	frame.deliver.attempt = courier_sent (&session->courier, account, &parcel->item);
	fault_point ("hub.deliver.before");
	hub->figures.deliveries++;
	sent = hub_send (hub, session, &frame);
	fault_point ("hub.deliver.after");
	return sent;
}

/* Sends one item; false when nothing more may go now. */
static bool serve_one (hub_t *hub, struct account *account)
{
	struct courier *courier = &account->session->courier;
	enum letter_class class = courier_next (courier, account, hub->mono_ms);
	struct parcel parcel;
	err_t err;

	if (class == 0)
		return false;
	err = find_parcel (hub, account, class, courier->lane[class].sent + 1, &parcel);
	if (err != ERR_OK) {
		hub_failed (hub, err);
		return false;
	}
	if (parcel.item.state != ITEM_QUEUED)
		parcel.item.size = 0;   /* a gap carries no body */
	return courier_fits (courier, parcel.item.size) && send_parcel (hub, account, &parcel);
}

void hub_serve (hub_t *hub, struct account *account)
{
	if (account->session == NULL || !account->session->welcomed)
		return;
	while (account->session != NULL && serve_one (hub, account))
		;
	if (account->session != NULL)
		blob_serve (hub, account->session);
}
