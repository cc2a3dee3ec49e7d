/*
 * A campaign is a row of runs, numbered from 0; each builds a town, does it harm and looks at what
 * came of it.  A run depends on the seed and its number alone, so that `--only N` plays it again.
 */
#ifndef TESTS_TORTURE_CAMPAIGN_H
#define TESTS_TORTURE_CAMPAIGN_H

#include "tests/torture/work.h"

struct campaign {
	uint64_t seed;
	uint64_t stride;             /* every so manieth run is made; 1 = all */
	int64_t only;                /* this run alone; -1 = all */
	uint64_t numbered, runs, failures;
	const char *name;
};

/* Numbers the next run: whether it is to be made. */
bool campaign_wants (struct campaign *campaign);

/* A run is over: `wrong` is NULL, or what was wrong with it. */
void campaign_ran (struct campaign *campaign, uint64_t number, const char *about, const char *wrong);

/* Nobody up, nothing done yet; by the campaign's seed. */
town_t *campaign_town (struct campaign *campaign, unsigned referrals);

/* Starts whoever is down on what is on the disks; false when one can't be started. */
bool campaign_all_up (town_t *town);

/* Lets the town finish and holds the checker against it: NULL, or what is wrong. */
const char *campaign_finish (town_t *town);

/* ---- the campaigns, one file each ---- */

void campaign_quiet (struct campaign *campaign);    /* nothing is done to anybody */
void campaign_fails (struct campaign *campaign);    /* the n-th write, sync, read fails */
void campaign_cuts (struct campaign *campaign);     /* the power is cut at each sync */
void campaign_flips (struct campaign *campaign);    /* bits flip, files are cut short */
void campaign_damage (struct campaign *campaign);   /* so do keys, directories and backups */
void campaign_backups (struct campaign *campaign);  /* calls fail while one is taken or restored */
void campaign_kills (struct campaign *campaign);    /* processes end between any two turns */

#endif
