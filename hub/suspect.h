/*
 * Suspects: which letter keeps a recipient's agent from going on.  A letter that its agent puts off
 * again and again, or at which its sessions end, would hold up everything behind it.  When that has
 * happened often enough, the letter is guilty and is set aside alone (park.c).
 *
 *  - Only the head of a lane, the oldest item that is not stored, can be the one.
 *  - A session that ends with several items on the way proves nothing.  It makes the hub careful:
 *    from then on one item at a time goes to that agency, until the suspect is stored or set aside.
 *  - A session that ended before the line can have carried the item proves little: a slow line is no
 *    poison.  It counts for a quarter.
 *  - What an agency can't take at all (its disk is full, its ledger locked) is no letter's fault.
 *
 * In memory only: a hub that starts anew counts anew.  Pure.
 */
#ifndef HUB_SUSPECT_H
#define HUB_SUSPECT_H

#include "hub/courier.h"

#define SUSPECT_CERTAIN 4u       /* points of a try that proves something; 1 of another */

/* The session is over without a farewell; before courier_close.  `limit` tries make guilty. */
void suspect_session_ended (struct account *account, const struct courier *courier, unsigned limit,
			    int64_t now_ms);

/* The agent put off an item, by its number; before courier_nak. */
void suspect_put_off (struct account *account, enum letter_class class, uint64_t number, err_t code,
		      unsigned limit);

/* Is the head of a lane guilty? */
bool suspect_guilty (const struct account *account, enum letter_class class);

/* It was set aside. */
void suspect_parked (struct account *account, enum letter_class class);

/* Items of a lane were stored, and so were not the ones; a letter among them shows that the agency
 * can take letters. */
void suspect_stored (struct account *account, bool letter);

/* Must items go one by one? */
bool suspect_careful (const struct account *account);

#endif
