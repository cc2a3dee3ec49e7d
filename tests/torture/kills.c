/*
 * Processes end without a word at turns that chance names, one or several at once, and are started
 * again a moment later.  Half of them are killed, and the kernel keeps what was written; the others'
 * boxes lose their power.
 */
#include <stdio.h>

#include "jembatan/base.h"
#include "tests/torture/campaign.h"

#define RUNS 200u
#define REFERRALS 6
#define TURNS 400

static uint64_t damage (uint64_t *chance)
{
	return disk_random (chance) % 2 == 0 ? 1 : disk_random (chance) % 20;
}

static const char *live (town_t *town, uint64_t chance)
{
	for (unsigned i = 0; i < TURNS; i++) {
		town_turn (town);
		for (int h = HUB; h < HOUSES; h++) {
			enum house house = (enum house)h;

			if (town_down (town, house) == ERR_OK && disk_random (&chance) % 32 == 0)
				town_kill (town, house, damage (&chance));
			else if (town_down (town, house) != ERR_OK && disk_random (&chance) % 4 == 0
				 && town_start (town, house) != ERR_OK)
				return "can't be started again";
		}
	}
	return campaign_all_up (town) ? campaign_finish (town) : "can't be started again";
}

void campaign_kills (struct campaign *campaign)
{
	for (uint64_t i = 0; i < RUNS; i++) {
		uint64_t number = campaign->numbered;
		town_t *town;

		if (!campaign_wants (campaign))
			continue;
		town = campaign_town (campaign, REFERRALS);
		campaign_ran (campaign, number, "killed at random",
			      campaign_all_up (town) ? live (town, campaign->seed * 1000003 + number)
						     : "can't be started");
		town_destroy (&town);
	}
}
