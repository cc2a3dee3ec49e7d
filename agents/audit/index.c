/* Open addressing with linear steps; see index.h. */
#include "agents/audit/index.h"

#include <stdlib.h>

#define FIRST_ROOM 256u
#define PRIME UINT64_C (0x100000001b3) /* of FNV-1a */

void index_clear (struct index *index)
{
	free (index->slots);
	*index = (struct index){ 0 };
}

uint32_t index_hash (uint64_t secret, struct bytes key)
{
	uint64_t hash = secret;

	for (size_t i = 0; i < key.len; i++)
		hash = (hash ^ key.data[i]) * PRIME;
	hash ^= hash >> 29;
	hash *= PRIME;
	return (uint32_t)(hash >> 32);
}

uint32_t index_find (const struct index *index, uint32_t hash, index_same_fn *same,
		     const void *arg, const void *key)
{
	if (index->room == 0)
		return INDEX_NONE;
	for (size_t at = hash & (index->room - 1); index->slots[at].item != 0;
	     at = (at + 1) & (index->room - 1))
		if (index->slots[at].hash == hash && same (arg, index->slots[at].item - 1, key))
			return index->slots[at].item - 1;
	return INDEX_NONE;
}

static void put (struct index *index, struct index_slot slot)
{
	size_t at = slot.hash & (index->room - 1);

	while (index->slots[at].item != 0)
		at = (at + 1) & (index->room - 1);
	index->slots[at] = slot;
}

static void grow (struct index *index)
{
	struct index old = *index;

	index->room = old.room > 0 ? 2 * old.room : FIRST_ROOM;
	index->slots = must_alloc (index->room * sizeof *index->slots);
	for (size_t i = 0; i < index->room; i++)
		index->slots[i] = (struct index_slot){ 0, 0 };
	for (size_t i = 0; i < old.room; i++)
		if (old.slots[i].item != 0)
			put (index, old.slots[i]);
	free (old.slots);
}

void index_add (struct index *index, uint32_t hash, uint32_t item)
{
	if (4 * (index->count + 1) > 3 * index->room)
		grow (index);
	put (index, (struct index_slot){ hash, item + 1 });
	index->count++;
}
