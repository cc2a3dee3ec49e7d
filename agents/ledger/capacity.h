/* Capacity that partners published: places by service and level, without anybody's identity. */
#ifndef AGENTS_LEDGER_CAPACITY_H
#define AGENTS_LEDGER_CAPACITY_H

#include "agents/ledger/ledger.h"

struct capacity {
	struct agency_id agency;
	const char *service;
	const char *level;           /* "basic", "advanced" or "" */
	uint32_t total, free, waiting;
	const char *next_free;       /* date or "" */
	int64_t at_ms;               /* when it was published; stale after 7 days */
};

/* Replaces what the agency published before for the service and level, unless that is newer. */
void capacity_set (tx_t *tx, const struct capacity *capacity);
/* Newest first; agency and service may be NULL. */
size_t capacity_list (ledger_t *ledger, const struct agency_id *agency, const char *service,
		      size_t max, arena_t *arena, struct capacity **ret_capacities);

#endif
