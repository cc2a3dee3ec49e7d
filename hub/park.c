/*
 * A letter at which a recipient's agent fails again and again is set aside alone: a gap takes its
 * place, everything behind it goes on, and the letter comes again at the end of its lane, within a
 * quarter of an hour at first and six hours at last.  It never ends here but by its expiry.
 */
#include "hub/core.h"

#include "hub/suspect.h"
#include "jembatan/jitter.h"
#include "jembatan/log.h"

#define PARK_FIRST_MS (15 * MINUTE_MS)
#define PARK_MOST_MS (6 * HOUR_MS)

int64_t park_pause_ms (unsigned times)
{
	int64_t pause = PARK_FIRST_MS << (times < 5 ? times : 5);

	return jitter_at_most (pause < PARK_MOST_MS ? pause : PARK_MOST_MS);
}

/* ---- aside ---- */

static err_t park (hub_t *hub, struct account *account, const struct item *item)
{
	const struct account *sender = accounts_at (hub->accounts, item->sender);
	unsigned times = 0;
	err_t err;

	if (sender == NULL)
		return ERR_CORRUPT;
	err = store_parked_times (hub->store, item->number, &times);
	if (err == ERR_OK)
		err = store_park (hub->store, item, bytes_of_text (sender->id.text), times + 1,
				  hub->now_ms, hub->now_ms + park_pause_ms (times));
	if (err != ERR_OK)
		return err;
	hub->figures.letters_parked++;
	LOG (WARN, "letter.parked", LOG_A ("from", &sender->id), LOG_A ("to", &account->id),
	     LOG_U ("id", item->id), LOG_N ("times", times + 1));
	return ERR_OK;
}

/* The head of a lane, unless it is a word of the hub's own, which has nothing to fail at. */
static err_t park_head (hub_t *hub, struct account *account, enum letter_class class)
{
	struct bytes first, second;
	struct item item;
	err_t err = group_write (hub);

	if (err == ERR_OK)
		err = store_fetch (hub->store, account->number, class,
				   account->now.lane[class].stored + 1, &item, &first, &second);
	if (err == ERR_OK && letter_row (hub, &item, LIFE_SET_ASIDE) != NULL)
		err = park (hub, account, &item);
	if (err == ERR_OK)
		suspect_parked (account, class);
	if (err == ERR_OK && account->session != NULL)
		account->session->courier.lane[class].held_until_ms = 0;
	return err == ERR_NOT_FOUND ? ERR_CORRUPT : err;
}

err_t park_guilty (hub_t *hub, struct account *account)
{
	err_t err = ERR_OK;

	for (int class = CLASS_STAT; class < CLASS_COUNT && err == ERR_OK; class++) {
		if (suspect_guilty (account, (enum letter_class)class))
			err = park_head (hub, account, (enum letter_class)class);
	}
	return err;
}

/* ---- and back ---- */

static err_t come_back (void *context, const struct parked *parked)
{
	hub_t *hub = context;
	struct account *recipient = accounts_at (hub->accounts, parked->item.recipient);
	struct item item = parked->item;
	err_t err;

	if (item.expires_ms <= hub->now_ms && !hub->time.doubtful)
		return hub_expire (hub, &item);
	if (recipient == NULL || letter_row (hub, &item, LIFE_DUE) == NULL)
		return ERR_CORRUPT;
	err = group_write (hub);
	if (err != ERR_OK)
		return err;
	account_touch (hub->accounts, recipient);
	item.dseq = ++recipient->now.lane[item.class].last;
	group_due (hub, recipient);
	LOG (INFO, "letter.again", LOG_A ("to", &recipient->id), LOG_U ("id", item.id));
	return store_unpark (hub->store, &item);
}

err_t park_look (hub_t *hub)
{
	return store_each_parked (hub->store, hub->now_ms, come_back, hub);
}
