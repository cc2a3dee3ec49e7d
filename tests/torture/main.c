/*
 * torture-town CAMPAIGN... [--seed N] [--stride N] [--only N]: runs campaigns against towns in
 * memory.  The last line is `N runs, N failures`; the exit status is 1 when there are any.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jembatan/base.h"
#include "tests/torture/campaign.h"

#define TURNS_MOST 12000     /* ten minutes of the town's time */

static const struct {
	const char *name, *what;
	void (*run) (struct campaign *campaign);
} campaigns[] = {
	{ "quiet", "nothing is done to anybody", campaign_quiet },
	{ "fails", "the n-th write, sync, truncation or read fails, once and for good", campaign_fails },
	{ "cuts", "the power is cut at each sync", campaign_cuts },
	{ "kills", "processes end at once, at any turn", campaign_kills },
	{ "flips", "a bit flips or a file is cut short while its program is down", campaign_flips },
	{ "damage", "a key, a directory or a backup is damaged", campaign_damage },
	{ "backups", "a call fails while a backup is taken or restored", campaign_backups },
};

bool campaign_wants (struct campaign *campaign)
{
	uint64_t number = campaign->numbered++;

	if (campaign->only >= 0)
		return number == (uint64_t)campaign->only;
	return (number + campaign->seed) % campaign->stride == 0;
}

void campaign_ran (struct campaign *campaign, uint64_t number, const char *about, const char *wrong)
{
	campaign->runs++;
	if (wrong == NULL)
		return;
	campaign->failures++;
	printf ("  %s: %s\n    again: torture-town %s --seed %llu --only %llu\n", about, wrong,
		campaign->name, (unsigned long long)campaign->seed, (unsigned long long)number);
}

town_t *campaign_town (struct campaign *campaign, unsigned referrals)
{
	return town_new (referrals, campaign->seed);
}

bool campaign_all_up (town_t *town)
{
	for (enum house house = HUB; house < HOUSES; house++)
		if (town_down (town, house) != ERR_OK && town_start (town, house) != ERR_OK)
			return false;
	return true;
}

const char *campaign_finish (town_t *town)
{
	static char wrong[128];
	const char *broken;
	bool settled = town_run (town, TURNS_MOST);

	for (enum house house = HUB; house < HOUSES; house++)
		if (town_down (town, house) != ERR_OK) {
			snprintf (wrong, sizeof wrong, "house %d stopped with %s", (int)house,
				  err_name (town_down (town, house)));
			return wrong;
		}
	broken = town_broken (town);
	if (*broken != '\0') {
		snprintf (wrong, sizeof wrong, "breaks %s", broken);
		return wrong;
	}
	return settled ? NULL : "never came to rest";
}

void campaign_quiet (struct campaign *campaign)
{
	for (unsigned referrals = 0; referrals < 12; referrals++) {
		uint64_t number = campaign->numbered;
		town_t *town;

		if (!campaign_wants (campaign))
			continue;
		town = campaign_town (campaign, referrals);
		campaign_ran (campaign, number, "a quiet town",
			      campaign_all_up (town) ? campaign_finish (town) : "can't be started");
		town_destroy (&town);
	}
}

/* ---- the command line --------------------------------------------------------------------------- */

static int usage (void)
{
	puts ("torture-town CAMPAIGN... [--seed N] [--stride N] [--only N]");
	for (size_t i = 0; i < COUNT_OF (campaigns); i++)
		printf ("  %-7s %s\n", campaigns[i].name, campaigns[i].what);
	return 64;
}

static bool read_option (struct campaign *campaign, const char *name, const char *value)
{
	if (value == NULL)
		return false;
	if (strcmp (name, "--seed") == 0)
		campaign->seed = strtoull (value, NULL, 10);
	else if (strcmp (name, "--stride") == 0)
		campaign->stride = strtoull (value, NULL, 10);
	else if (strcmp (name, "--only") == 0)
		campaign->only = strtoll (value, NULL, 10);
	else
		return false;
	return campaign->stride > 0;
}

static int find_campaign (const char *name)
{
	for (size_t i = 0; i < COUNT_OF (campaigns); i++)
		if (strcmp (campaigns[i].name, name) == 0)
			return (int)i;
	return -1;
}

static void run_campaign (size_t which, struct campaign *campaign)
{
	struct campaign own = *campaign;

	own.name = campaigns[which].name;
	campaigns[which].run (&own);
	printf ("%s: %llu of %llu runs, %llu failures\n", own.name, (unsigned long long)own.runs,
		(unsigned long long)own.numbered, (unsigned long long)own.failures);
	fflush (stdout);
	campaign->runs += own.runs;
	campaign->failures += own.failures;
}

int main (int argc, char **argv)
{
	struct campaign campaign = { .seed = 1, .stride = 1, .only = -1 };
	bool wanted[COUNT_OF (campaigns)] = { false };
	int given = 0;

	for (int i = 1; i < argc; i++) {
		int which = find_campaign (argv[i]);

		if (which >= 0)
			wanted[which] = given++ >= 0;
		else if (i + 1 >= argc || !read_option (&campaign, argv[i], argv[i + 1]))
			return usage ();
		else
			i++;
	}
	if (given == 0)
		return usage ();
	work_found ();
	for (size_t i = 0; i < COUNT_OF (campaigns); i++)
		if (wanted[i])
			run_campaign (i, &campaign);
	work_close_down ();
	printf ("%llu runs, %llu failures\n", (unsigned long long)campaign.runs,
		(unsigned long long)campaign.failures);
	return campaign.failures > 0;
}
