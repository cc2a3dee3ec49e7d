#include "tests/town/hub_side.h"

#include "hub/core.h"
#include "hub/store_sql.h"
#include "jembatan/clock.h"

void hub_tidy_often (hub_t *hub, int pages)
{
	hub->store->wal_pages_most = pages;
}

void hub_confirm_clock (hub_t *hub)
{
	hub_time_confirm (&hub->time, clock_now_ms (), clock_monotonic_ms ());
}

uint64_t hub_counted (const hub_t *hub, enum hub_count count)
{
	switch (count) {
	case HUB_TAKEN: return hub->figures.letters_taken;
	case HUB_STORED: return hub->figures.letters_stored;
	case HUB_EXPIRED: return hub->figures.letters_expired;
	case HUB_RECALLED: return hub->figures.letters_recalled;
	}
	return 0;
}
