/*
 * The courier: which item goes to a recipient next.  The highest class first; within a class the
 * order in which the hub numbered the items, which interleaves the senders of a group, because the
 * link hands over one frame of each connection in turn.  Never more is on the way than the
 * recipient gave credit for.  Pure: the bodies and the socket are elsewhere.
 */
#ifndef HUB_COURIER_H
#define HUB_COURIER_H

#include "hub/account.h"
#include "jembatan/frame.h"

struct courier_lane {
	uint64_t sent;              /* items up to this one are on the way or stored */
	uint64_t cleared;           /* items up to this one are answered */
	int64_t held_until_ms;      /* after a NAK */
	uint32_t *size;             /* of the items on the way, by number modulo the window */
};

struct courier {
	struct credit credit;       /* none before the agent gives some */
	uint32_t letters;           /* on the way */
	uint64_t bytes;
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

/* Does an item of this size fit into the window?  One always does when none is on the way. */
bool courier_fits (const struct courier *courier, uint32_t size);

/* The next item of the class was sent.  Gives its attempt, from 1. */
uint32_t courier_sent (struct courier *courier, struct account *account, enum letter_class class,
		       uint32_t size);

/*
 * STORED up to a number of the wire.  Gives the hub's number; what was cleared before stays.
 * ERR_OUT_OF_ORDER for what was never sent.
 */
MUST_USE err_t courier_stored (struct courier *courier, const struct account *account,
			       enum letter_class class, uint64_t up_to, uint64_t *ret_number);

/* NAK: this item and all that follow it in its class go again later.  ERR_OUT_OF_ORDER unless it is
 * on the way. */
MUST_USE err_t courier_nak (struct courier *courier, struct account *account,
			    enum letter_class class, uint64_t dseq, int64_t retry_after_ms,
			    int64_t now_ms);

#endif
