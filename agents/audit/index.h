/* A hash table of numbers of items that are kept elsewhere. */
#ifndef AGENTS_AUDIT_INDEX_H
#define AGENTS_AUDIT_INDEX_H

#include "jembatan/base.h"

#define INDEX_NONE UINT32_MAX

struct index_slot {
	uint32_t hash, item;         /* item + 1; 0 = empty */
};

struct index {
	struct index_slot *slots;
	size_t room, count;
};

/* Is this item the one with the key? */
typedef bool (index_same_fn) (const void *arg, uint32_t item, const void *key);

void index_clear (struct index *index);
uint32_t index_find (const struct index *index, uint32_t hash, index_same_fn *same,
		     const void *arg, const void *key);
/* Of an item that is not there yet. */
void index_add (struct index *index, uint32_t hash, uint32_t item);

/* Mixed with a secret of this run, so that nobody outside can choose keys that collide. */
uint32_t index_hash (uint64_t secret, struct bytes key);

#endif
