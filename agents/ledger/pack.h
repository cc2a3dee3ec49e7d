/*
 * Several byte strings in one, each behind its length (u32, little-endian): what is sealed as one
 * piece, and what an entry's hash runs over.
 */
#ifndef AGENTS_LEDGER_PACK_H
#define AGENTS_LEDGER_PACK_H

#include "jembatan/base.h"

/* Into the arena; none beyond its ceiling. */
struct bytes pack (const struct bytes *parts, size_t count, arena_t *arena);

/* Takes the next part off `packed`; none at the end, so that what a later program adds at the end
 * is empty in what an earlier one wrote.  False when it is cut short. */
bool unpack (struct bytes *packed, struct bytes *ret_part);

/* The same as a text that lives in the arena; "" at the end or when the arena is full. */
const char *unpack_text (struct bytes *packed, arena_t *arena);

#endif
