/*
 * A bit flips, or a file is cut short, while its program is down.  The program may refuse to start or
 * stop later (CORRUPT; GONE_BACK where a log lost its end), and then a backup is due.  If it goes on,
 * nothing that it says may be wrong; damage may lie only where nobody has read yet, and where
 * `jembatan verify` finds it, which walks as the checker's rule S does.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jembatan/base.h"
#include "tests/torture/campaign.h"

#define RUNS 1200u
#define REFERRALS 4

static const struct { enum house house; const char *file; } files[] = {
	{ HUB, "hub.db" }, { HUB, "hub.db-wal" }, { IPWL, "ledger.db" }, { IPWL, "ledger.db-wal" },
	{ CLINIC, "ledger.db" }, { CLINIC, "ledger.db-wal" },
};

static uint64_t refused, found, unharmed;

/* Everybody down, as a kill leaves them. */
static void all_down (town_t *town)
{
	for (int house = HUB; house < HOUSES; house++)
		town_kill (town, (enum house)house, 1);
}

static bool damage (town_t *town, uint64_t *chance, char about[96])
{
	size_t which = disk_random (chance) % COUNT_OF (files);
	disk_t *disk = town_disk (town, files[which].house);
	const char *file = files[which].file;
	int64_t size = disk_size (disk, file);
	bool shorten = disk_random (chance) % 8 == 0;
	uint64_t at;

	if (size <= 0)
		return false;
	at = disk_random (chance) % (uint64_t)size;
	if (shorten)
		disk_shorten (disk, file, at);
	else
		disk_flip (disk, file, at * 8 + disk_random (chance) % 8);
	snprintf (about, 96, "house %d: %s %s at %llu of %lld", (int)files[which].house, file,
		  shorten ? "cut short" : "flipped", (unsigned long long)at, (long long)size);
	return true;
}

static bool has_refused (err_t err)
{
	return err == ERR_CORRUPT || err == ERR_GONE_BACK;
}

static const char *look (town_t *town)
{
	const char *wrong;

	if (!campaign_all_up (town)) {
		refused++;
		return NULL;
	}
	wrong = campaign_finish (town);
	for (int house = HUB; house < HOUSES; house++)
		if (has_refused (town_down (town, (enum house)house))) {
			refused++;
			return NULL;
		}
	if (wrong != NULL && strcmp (town_broken (town), "S") == 0) {
		found++;
		return NULL;
	}
	unharmed += wrong == NULL;
	return wrong;
}

void campaign_flips (struct campaign *campaign)
{
	for (uint64_t i = 0; i < RUNS; i++) {
		uint64_t number = campaign->numbered, chance = campaign->seed * 7919 + i;
		char about[96] = "";
		town_t *town;

		if (!campaign_wants (campaign))
			continue;
		town = campaign_town (campaign, REFERRALS);
		if (campaign_all_up (town))
			(void)town_run (town, 20 + (unsigned)(disk_random (&chance) % 200));
		all_down (town);
		if (damage (town, &chance, about))
			campaign_ran (campaign, number, about, look (town));
		town_destroy (&town);
	}
	printf ("  refused %llu, found by verify %llu, unharmed %llu\n", (unsigned long long)refused,
		(unsigned long long)found, (unsigned long long)unharmed);
}
