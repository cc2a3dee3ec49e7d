/*
 * The n-th operation of one house's disk fails, for every n that a quiet run comes to, once and for
 * good.  Then:
 *   - a full disk stops nobody who is running: once there is room again everything goes on;
 *   - any other failure ends the process, which touches the disk no more after a failed sync; started
 *     again, on what the kernel still had or on what a power cut left, it goes on where it was;
 *   - in the end every acknowledged letter is where it belongs.
 */
#include <stdio.h>

#include "jembatan/base.h"
#include "tests/torture/campaign.h"

#define REFERRALS 2
#define TROUBLE_TURNS 600      /* how long a disk stays full */

static const struct {
	const char *what;
	enum disk_op op;
	enum disk_fault fault;
} faults[] = {
	{ "a write fails", DISK_WRITE, DISK_IOERR },
	{ "the disk is full", DISK_WRITE, DISK_FULL },
	{ "a sync fails", DISK_SYNC, DISK_IOERR },
	{ "a truncation fails", DISK_TRUNCATE, DISK_IOERR },
	{ "a read fails", DISK_READ, DISK_IOERR },
	{ "a read is short", DISK_READ, DISK_SHORT },
	{ "an open fails", DISK_OPEN, DISK_IOERR },
	{ "a deletion fails", DISK_DELETE, DISK_IOERR },
};

static const char *const names[HOUSES] = { "hub", "ipwl", "clinic" };

/* How often a quiet run asks each disk for each thing. */
static void count_quiet (struct campaign *campaign, uint64_t counts[HOUSES][DISK_OPS])
{
	town_t *town = campaign_town (campaign, REFERRALS);

	if (campaign_all_up (town))
		(void)campaign_finish (town);
	for (int house = HUB; house < HOUSES; house++)
		for (int op = 0; op < DISK_OPS; op++)
			counts[house][op] = disk_count (town_disk (town, (enum house)house),
							(enum disk_op)op);
	town_destroy (&town);
}

static const char *live_through (town_t *town, enum house house, size_t fault, uint64_t number)
{
	disk_t *disk = town_disk (town, house);
	bool opened = campaign_all_up (town), up = opened;

	for (unsigned i = 0; up && i < TROUBLE_TURNS; i++) {
		town_turn (town);
		up = town_down (town, house) == ERR_OK;
	}
	/* A store that never opened has acknowledged nothing, and SQLite itself takes back what it
	 * had begun to write of an empty file. */
	if (opened && disk_after_bad_sync (disk) > 0)
		return "went on writing after a sync had failed";
	if (up) {
		disk_fail (disk, faults[fault].op, 0, DISK_IOERR, false);
	} else {
		if (faults[fault].fault == DISK_FULL && town_down (town, house) != ERR_NO_SPACE)
			return "a full disk ended the process";
		town_kill (town, house, number % 4);
	}
	return campaign_all_up (town) ? campaign_finish (town) : "can't be started again";
}

static void run (struct campaign *campaign, enum house house, size_t fault, uint64_t n, bool for_good,
		 uint64_t number)
{
	town_t *town = campaign_town (campaign, REFERRALS);
	char about[96];

	snprintf (about, sizeof about, "%s: %s, the %lluth, %s", names[house], faults[fault].what,
		  (unsigned long long)n, for_good ? "for good" : "once");
	disk_fail (town_disk (town, house), faults[fault].op, n, faults[fault].fault, for_good);
	campaign_ran (campaign, number, about, live_through (town, house, fault, number));
	town_destroy (&town);
}

void campaign_fails (struct campaign *campaign)
{
	uint64_t counts[HOUSES][DISK_OPS];

	count_quiet (campaign, counts);
	for (int house = HUB; house < HOUSES; house++)
		for (size_t fault = 0; fault < COUNT_OF (faults); fault++)
			for (uint64_t n = 1; n <= counts[house][faults[fault].op]; n++)
				for (int good = 0; good < 2; good++) {
					uint64_t number = campaign->numbered;

					if (campaign_wants (campaign))
						run (campaign, (enum house)house, fault, n,
						     good != 0, number);
				}
}
