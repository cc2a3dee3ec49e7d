/*
 * The power of one box is cut in the middle of each of its syncs: when all was written, and nothing of
 * it is certain.  The disk is damaged in DAMAGES ways (disk_cut), the other boxes are killed as they
 * are, and the town goes on from there.  Each of these towns is a fork of the process, so that the one
 * that is watched goes on unharmed.
 */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "jembatan/base.h"
#include "tests/torture/campaign.h"

#define REFERRALS 3
#define DAMAGES 20u
#define WRONG_BYTES 160u

static const char *const names[HOUSES] = { "hub", "ipwl", "clinic" };

struct cutting {
	struct campaign *campaign;
	town_t *town;
	uint64_t syncs;
	char *wrong;                 /* what a fork found; both see it */
};

static enum house whose (town_t *town, const disk_t *disk)
{
	enum house house = HUB;

	while (town_disk (town, house) != disk)
		house++;
	return house;
}

/* In the fork: what is wrong, or NULL. */
static const char *live_after (town_t *town, enum house victim, uint64_t damage, uint64_t number)
{
	disk_t *disks[HOUSES_MOST];
	const char *wrong;
	char name[32];

	for (int house = HUB; house < HOUSES; house++) {
		disk_t *disk = town_disk (town, (enum house)house);

		disks[house] = house == (int)victim ? disk_cut (disk, "/nowhere", damage)
						    : disk_copy (disk, "/nowhere");
	}
	snprintf (name, sizeof name, "cut-%llu", (unsigned long long)number);
	town_fork (town, name, disks);
	wrong = campaign_all_up (town) ? campaign_finish (town) : "can't be started again";
	town_close (town);
	return wrong;
}

/* What came of one damage; NULL when nothing is wrong. */
static const char *try_damage (struct cutting *cutting, enum house victim, uint64_t damage,
			       uint64_t number)
{
	const char *wrong;
	int status = 0;
	pid_t child;

	fflush (stdout);
	child = fork ();
	if (child == 0) {
		wrong = live_after (cutting->town, victim, damage, number);
		snprintf (cutting->wrong, WRONG_BYTES, "%s", wrong != NULL ? wrong : "");
		_exit (0);
	}
	if (child < 0 || waitpid (child, &status, 0) != child || status != 0)
		return "died";
	return *cutting->wrong != '\0' ? cutting->wrong : NULL;
}

static void on_sync (disk_t *disk, void *arg)
{
	struct cutting *cutting = arg;
	enum house victim = whose (cutting->town, disk);

	cutting->syncs++;
	for (uint64_t damage = 0; damage < DAMAGES; damage++) {
		uint64_t number = cutting->campaign->numbered;
		char about[96];

		if (!campaign_wants (cutting->campaign))
			continue;
		snprintf (about, sizeof about, "%s: power cut at sync %llu, damage %llu",
			  names[victim], (unsigned long long)cutting->syncs,
			  (unsigned long long)damage);
		campaign_ran (cutting->campaign, number, about,
			      try_damage (cutting, victim, damage, number));
	}
}

void campaign_cuts (struct campaign *campaign)
{
	struct cutting cutting = { .campaign = campaign, .town = campaign_town (campaign, REFERRALS) };

	cutting.wrong = mmap (NULL, WRONG_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			      -1, 0);
	for (int house = HUB; house < HOUSES; house++)
		disk_on_sync (town_disk (cutting.town, (enum house)house), on_sync, &cutting);
	campaign_ran (campaign, campaign->numbered, "the town that was watched",
		      campaign_all_up (cutting.town) ? campaign_finish (cutting.town)
						     : "can't be started");
	town_destroy (&cutting.town);
	munmap (cutting.wrong, WRONG_BYTES);
}
