/*
 * The store's record of an item, held against the letter's own header: rows have no checksum, but what
 * they say of a letter stands in its header too, and the hash of that in the row.
 */
#ifndef HUB_RECORD_H
#define HUB_RECORD_H

#include "hub/store.h"

/*
 * ERR_CORRUPT when a record, the two parts of its body and the accounts of its sender and recipient
 * (NULL: there is none) contradict each other: then a bit of the store has changed, and no letter goes
 * to anybody, ends or is gone over it.
 */
MUST_USE err_t record_check (const struct item *item, const struct account *sender,
			     const struct account *recipient, struct bytes first,
			     struct bytes second);

#endif
