/*
 * The courier: which item goes to a recipient next.  A stat letter at once; urgent before routine, but
 * after 16 urgent ones that overtook a routine one, one of those goes.  Within a class the order in
 * which the hub numbered the items, which interleaves the senders of a group, because the link hands
 * over one frame of each connection in turn.  Never more is on the way than the
 * recipient gave credit for.  Pure: the bodies and the socket are elsewhere.
 */
#ifndef HUB_COURIER_H
#define HUB_COURIER_H

#include "hub/store.h"
#include "jembatan/frame.h"

struct courier_lane {
	uint64_t sent;              /* items up to this one are on the way or stored */
	uint64_t answered;          /* items up to this one are no longer on the way */
	uint64_t cleared;           /* and up to this one forgotten, because the store knows */
	int64_t held_until_ms;      /* after a NAK */
	struct item *flight;        /* those after `cleared`, by number modulo room */
	size_t room;                /* a power of two, or 0 */
};

struct courier {
	struct credit credit;       /* none before the agent gives some */
	uint32_t letters;           /* on the way */
	uint64_t bytes;
	int64_t sent_ms;            /* monotonic; when the last one went */
	unsigned overtaken;         /* urgent ones that went while a routine one waited */
	struct courier_lane lane[CLASS_COUNT];
};

/* A new session: everything that is not stored is sent (again). */
void courier_open (struct courier *courier, struct account *account);
void courier_close (struct courier *courier);

/* The agent's window, cut to what the hub is willing to have on the way. */
void courier_credit (struct courier *courier, struct credit credit);

/* The class to serve next, 0 when nothing may go.  Its next item is lane.sent + 1. */
enum letter_class courier_next (const struct courier *courier, const struct account *account,
				int64_t now_ms);

/* Does a letter wait for room in the window?  Then nothing else goes before it. */
bool courier_waits (const struct courier *courier, const struct account *account, int64_t now_ms);

/* Does an item of this size fit into the window?  One always does when none is on the way. */
bool courier_fits (const struct courier *courier, uint32_t size);

/* The next item of its class was sent.  Gives its attempt, from 1. */
uint32_t courier_sent (struct courier *courier, struct account *account, const struct item *item);

/* An item that was sent: after `cleared` and not after `sent`. */
const struct item *courier_flight (const struct courier_lane *lane, uint64_t number);

/* An item ended in the store; if it is on the way, what is remembered of it says so too. */
void courier_ended (struct courier *courier, const struct item *item, enum item_state state);

/* STORED up to a number of the wire: gives the hub's number.  ERR_OUT_OF_ORDER for what was never
 * sent.  The items are no longer on the way; they are remembered until courier_clear. */
MUST_USE err_t courier_stored (struct courier *courier, const struct account *account,
			       enum letter_class class, uint64_t up_to, uint64_t *ret_number);
void courier_clear (struct courier *courier, enum letter_class class, uint64_t number);

/* NAK: this item and all that follow it in its class go again later.  ERR_OUT_OF_ORDER unless it is
 * on the way. */
MUST_USE err_t courier_nak (struct courier *courier, struct account *account,
			    enum letter_class class, uint64_t dseq, int64_t retry_after_ms,
			    int64_t now_ms);

#endif
