/*
 * The power of one box is cut in the middle of each of its syncs: when all was written, and nothing of
 * it is certain.  The disk is damaged in DAMAGES ways (disk_cut), the other boxes are killed as they
 * are, and the town goes on from there.
 */
#include <stdio.h>

#include "jembatan/base.h"
#include "tests/torture/campaign.h"

#define REFERRALS 3
#define DAMAGES 20u
#define WAITING_MAX 512u

static const char *const names[HOUSES] = { "hub", "ipwl", "clinic" };

/* Towns that stand on damaged disks and wait until the turn in which it happened is over. */
struct waiting {
	town_t *town;
	struct moment moment;
	enum house house;
	uint64_t number, damage, sync;
};

struct cutting {
	struct campaign *campaign;
	town_t *town;
	struct waiting waiting[WAITING_MAX];
	size_t count;
	uint64_t syncs;
};

static enum house whose (town_t *town, const disk_t *disk)
{
	enum house house = HUB;

	while (town_disk (town, house) != disk)
		house++;
	return house;
}

static town_t *town_after (struct cutting *cutting, enum house victim, uint64_t damage)
{
	const struct acked *acked;
	town_t *after = town_bare (REFERRALS);

	for (int h = HUB; h < HOUSES; h++) {
		enum house house = (enum house)h;
		disk_t *disk = town_disk (cutting->town, house);
		const char *folder = town_folder (after, house);

		town_settle_on (after, house, house == victim ? disk_cut (disk, folder, damage)
							      : disk_copy (disk, folder));
	}
	town_remember (after, cutting->town, town_acked (cutting->town, &acked));
	return after;
}

static void on_sync (disk_t *disk, void *arg)
{
	struct cutting *cutting = arg;
	enum house house = whose (cutting->town, disk);

	cutting->syncs++;
	for (uint64_t damage = 0; damage < DAMAGES; damage++) {
		uint64_t number = cutting->campaign->numbered;

		if (!campaign_wants (cutting->campaign) || cutting->count == WAITING_MAX)
			continue;
		cutting->waiting[cutting->count++] = (struct waiting){
			town_after (cutting, house, damage), moment_get (), house, number, damage,
			cutting->syncs };
	}
}

static void try_waiting (struct cutting *cutting)
{
	struct moment here = moment_get ();

	for (size_t i = 0; i < cutting->count; i++) {
		struct waiting *each = &cutting->waiting[i];
		char about[96];

		moment_set (each->moment);
		snprintf (about, sizeof about, "%s: power cut at sync %llu, damage %llu",
			  names[each->house], (unsigned long long)each->sync,
			  (unsigned long long)each->damage);
		campaign_ran (cutting->campaign, each->number, about,
			      campaign_all_up (each->town) ? campaign_finish (each->town)
							   : "can't be started again");
		town_destroy (&each->town);
	}
	cutting->count = 0;
	moment_set (here);
}

void campaign_cuts (struct campaign *campaign)
{
	static struct cutting cutting;

	cutting = (struct cutting){ .campaign = campaign,
				    .town = campaign_town (campaign, REFERRALS) };
	for (int house = HUB; house < HOUSES; house++)
		disk_on_sync (town_disk (cutting.town, (enum house)house), on_sync, &cutting);
	if (!campaign_all_up (cutting.town))
		campaign_ran (campaign, 0, "a quiet town", "can't be started");
	try_waiting (&cutting);
	for (unsigned i = 0; i < 2000 && !town_run (cutting.town, 1); i++)
		try_waiting (&cutting);
	campaign_ran (campaign, campaign->numbered, "the town that was watched",
		      campaign_finish (cutting.town));
	try_waiting (&cutting);
	town_destroy (&cutting.town);
}
