#include "hub/courier.h"

#include "hub/suspect.h"
#include "jembatan/jitter.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* At most this many items are on the way to one agency, whatever it offers. */
#define WINDOW HUB_CREDIT_LETTERS_MAX

#define TURN 16u                 /* urgent ones that may overtake a waiting routine one */

#define NAK_WAIT_MIN_MS (1 * SECOND_MS)
#define NAK_WAIT_MAX_MS (1 * HOUR_MS)

void courier_open (struct courier *courier, struct account *account)
{
	memset (courier, 0, sizeof *courier);
	for (int class = CLASS_STAT; class < CLASS_COUNT; class++) {
		courier->lane[class].sent = account->now.lane[class].stored;
		courier->lane[class].answered = account->now.lane[class].stored;
		courier->lane[class].cleared = account->now.lane[class].stored;
		if (account->tried[class] > account->now.lane[class].stored)
			account->rounds[class]++;
	}
}

void courier_close (struct courier *courier)
{
	for (int class = CLASS_STAT; class < CLASS_COUNT; class++)
		free (courier->lane[class].flight);
	memset (courier, 0, sizeof *courier);
}

void courier_credit (struct courier *courier, struct credit credit)
{
	courier->credit.letters = credit.letters < WINDOW ? credit.letters : WINDOW;
	courier->credit.bytes = credit.bytes < HUB_CREDIT_BYTES_MAX ? credit.bytes :
								      HUB_CREDIT_BYTES_MAX;
}

static bool lane_waits (const struct courier *courier, const struct account *account,
			enum letter_class class, int64_t now_ms)
{
	const struct courier_lane *lane = &courier->lane[class];

	return lane->sent < account->now.lane[class].last && lane->held_until_ms <= now_ms;
}

/* The class that is first in turn, 0 when nothing waits. */
static enum letter_class first_waiting (const struct courier *courier,
					const struct account *account, int64_t now_ms)
{
	if (lane_waits (courier, account, CLASS_STAT, now_ms))
		return CLASS_STAT;
	if (lane_waits (courier, account, CLASS_URGENT, now_ms) &&
	    (courier->overtaken < TURN || !lane_waits (courier, account, CLASS_ROUTINE, now_ms)))
		return CLASS_URGENT;
	return lane_waits (courier, account, CLASS_ROUTINE, now_ms) ? CLASS_ROUTINE : 0;
}

/* While a letter is suspected, one at a time shows whether it is the one. */
enum letter_class courier_next (const struct courier *courier, const struct account *account,
				int64_t now_ms)
{
	uint32_t window = suspect_careful (account) && courier->credit.letters > 0 ?
				  1 : courier->credit.letters;

	if (courier->letters >= window)
		return (enum letter_class)0;
	return first_waiting (courier, account, now_ms);
}

bool courier_waits (const struct courier *courier, const struct account *account, int64_t now_ms)
{
	return courier->credit.letters > 0 && first_waiting (courier, account, now_ms) != 0;
}

bool courier_fits (const struct courier *courier, uint32_t size)
{
	return courier->letters == 0 || courier->bytes + size <= courier->credit.bytes;
}

/* Room for one more; those on the way move to their new places. */
static void lane_grow (struct courier_lane *lane)
{
	size_t room = lane->room > 0 ? lane->room * 2 : 16;
	struct item *flight;

	if (lane->sent - lane->cleared < lane->room)
		return;
	flight = must_alloc (room * sizeof *flight);
	for (uint64_t number = lane->cleared + 1; number <= lane->sent; number++)
		flight[number & (room - 1)] = lane->flight[number & (lane->room - 1)];
	free (lane->flight);
	lane->flight = flight;
	lane->room = room;
}

const struct item *courier_flight (const struct courier_lane *lane, uint64_t number)
{
	assert (number > lane->cleared && number <= lane->sent);
	return &lane->flight[number & (lane->room - 1)];
}

void courier_ended (struct courier *courier, const struct item *item, enum item_state state)
{
	struct courier_lane *lane = &courier->lane[item->class];

	if (item->dseq > lane->cleared && item->dseq <= lane->sent)
		lane->flight[item->dseq & (lane->room - 1)].state = state;
}

uint32_t courier_sent (struct courier *courier, struct account *account, const struct item *item)
{
	struct courier_lane *lane = &courier->lane[item->class];
	bool again;

	lane_grow (lane);
	lane->sent++;
	lane->flight[lane->sent & (lane->room - 1)] = *item;
	lane->flight[lane->sent & (lane->room - 1)].state = life_row (item->state, LIFE_SEND)->to;
	courier->letters++;
	courier->bytes += item->size;
	if (account->given[item->class] < lane->sent)
		account->given[item->class] = lane->sent;
	if (item->class == CLASS_ROUTINE)
		courier->overtaken = 0;
	else if (item->class == CLASS_URGENT &&
		 courier->lane[CLASS_ROUTINE].sent < account->now.lane[CLASS_ROUTINE].last)
		courier->overtaken++;
	again = lane->sent <= account->tried[item->class];
	if (!again)
		account->tried[item->class] = lane->sent;
	return again ? account->rounds[item->class] + 1 : 1;
}

static void clear_one (struct courier *courier, const struct courier_lane *lane, uint64_t number)
{
	courier->letters--;
	courier->bytes -= courier_flight (lane, number)->size;
}

err_t courier_stored (struct courier *courier, const struct account *account,
		      enum letter_class class, uint64_t up_to, uint64_t *ret_number)
{
	struct courier_lane *lane = &courier->lane[class];
	uint64_t base = account->now.lane[class].base;

	if (up_to > lane->sent - base)
		return ERR_OUT_OF_ORDER;
	*ret_number = base + up_to;
	while (lane->answered < *ret_number)
		clear_one (courier, lane, ++lane->answered);
	return ERR_OK;
}

void courier_clear (struct courier *courier, enum letter_class class, uint64_t number)
{
	struct courier_lane *lane = &courier->lane[class];

	if (lane->cleared < number)
		lane->cleared = number < lane->answered ? number : lane->answered;
	if (lane->cleared == lane->sent && lane->room > 64) {
		free (lane->flight);
		lane->flight = NULL;
		lane->room = 0;
	}
}

static int64_t nak_wait (int64_t asked_ms)
{
	if (asked_ms < NAK_WAIT_MIN_MS)
		return NAK_WAIT_MIN_MS;
	return asked_ms < NAK_WAIT_MAX_MS ? asked_ms : NAK_WAIT_MAX_MS;
}

err_t courier_nak (struct courier *courier, struct account *account, enum letter_class class,
		   uint64_t dseq, int64_t retry_after_ms, int64_t now_ms)
{
	struct courier_lane *lane = &courier->lane[class];
	uint64_t base = account->now.lane[class].base;

	if (dseq == 0 || dseq > lane->sent - base || base + dseq <= lane->answered ||
	    base + dseq <= account->now.lane[class].stored)
		return ERR_OUT_OF_ORDER;
	for (uint64_t number = base + dseq; number <= lane->sent; number++)
		clear_one (courier, lane, number);
	lane->sent = base + dseq - 1;
	lane->held_until_ms = now_ms + jitter_at_least (nak_wait (retry_after_ms));
	account->rounds[class]++;
	return ERR_OK;
}
