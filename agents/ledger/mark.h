/*
 * Marks of the conversation with the hub: they count only for one pair of store ids.
 */
#ifndef AGENTS_LEDGER_MARK_H
#define AGENTS_LEDGER_MARK_H

#include "agents/ledger/ledger.h"
#include "jembatan/envelope.h"

struct marks {
	struct store_id hub_store_id;        /* none = never connected */
	struct store_id takes_over;          /* set by restore until the hub has seen it */
	uint64_t next_pseq;
	uint64_t dseq[CLASS_COUNT];          /* stored up to */
	const char *checkpoint;              /* newest seen, "" = none */
	int64_t hub_offset_ms;               /* hub time minus ours */
};

void marks_get (ledger_t *ledger, arena_t *arena, struct marks *ret_marks);
void marks_set (tx_t *tx, const struct marks *marks);

#endif
