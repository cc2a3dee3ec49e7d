#include "tests/town/hub_side.h"

#include <stdlib.h>

#include "hub/core.h"
#include "hub/store_sql.h"
#include "hub/suspect.h"
#include "jembatan/clock.h"

void hub_tidy_often (hub_t *hub, int pages)
{
	hub->store->wal_pages_most = pages;
}

void hub_confirm_clock (hub_t *hub)
{
	hub_time_confirm (&hub->time, clock_now_ms (), clock_monotonic_ms ());
}

void hub_set_aside (hub_t *hub, const struct agency_id *to)
{
	struct account *account = accounts_find (hub->accounts, to);

	for (int class = CLASS_STAT; class < CLASS_COUNT && account != NULL; class++) {
		const struct class_lane *lane = &account->now.lane[class];

		if (lane->stored == lane->last)
			continue;
		account->suspect[class] = (struct suspect){ .number = lane->stored + 1,
							     .guilty = true };
		break;
	}
	if (account == NULL || park_guilty (hub, account) != ERR_OK)
		abort ();
	group_finish (hub);
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
