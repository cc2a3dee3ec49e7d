/*
 * A bit flips, or a file is cut short, while its program is down.  The program may refuse to start or
 * stop later (CORRUPT; GONE_BACK where a log lost its end), and then a backup is due.  If it goes on,
 * nothing that it says may be wrong; damage may lie only where nobody has read yet, and where
 * `jembatan verify` finds it, which walks as the checker's rule S does.
 *
 * Three scenes: a town at work; a hub with letters that wait and one that was set aside; and files on
 * their way, so that the pieces at the hub and the rows and bytes of both ledgers are hit.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jembatan/base.h"
#include "tests/torture/campaign.h"
#include "tests/town/hub_side.h"
#include "tests/town/people.h"

#define REFERRALS 4
#define FILE_BYTES (200 * KIB)      /* more than one piece */
#define TIDY_PAGES 12               /* so that what the hub holds comes into its database */
#define ASIDE_MS (20 * MINUTE_MS)   /* a letter that was set aside comes again before that */
#define FILES_TURNS 12000

static const struct target { enum house house; const char *file; } everywhere[] = {
	{ HUB, "hub.db" }, { HUB, "hub.db-wal" }, { IPWL, "ledger.db" }, { IPWL, "ledger.db-wal" },
	{ CLINIC, "ledger.db" }, { CLINIC, "ledger.db-wal" },
};

static void at_work (town_t *town, uint64_t *chance);
static void waiting (town_t *town, uint64_t *chance);
static void with_files (town_t *town, uint64_t *chance);

static const struct scene {
	const char *name;
	unsigned runs;
	size_t targets;              /* of `everywhere`, from the first */
	int tidy_pages;
	void (*play) (town_t *town, uint64_t *chance);
} scenes[] = {
	{ "at work", 1200, COUNT_OF (everywhere), 0, at_work },
	{ "waiting", 400, 2, TIDY_PAGES, waiting },
	{ "files", 400, COUNT_OF (everywhere), TIDY_PAGES, with_files },
};

static uint64_t refused, found, unharmed;

/* Everybody down, as a kill leaves them. */
static void all_down (town_t *town)
{
	for (int house = HUB; house < HOUSES; house++)
		town_kill (town, (enum house)house, 1);
}

/* ---- the scenes --------------------------------------------------------------------------------- */

static void at_work (town_t *town, uint64_t *chance)
{
	if (campaign_all_up (town))
		(void)town_run (town, 20 + (unsigned)(disk_random (chance) % 200));
}

static bool start (town_t *town, enum house house)
{
	return town_start (town, house) == ERR_OK;
}

/* The clinic is away, and the first letter to it is aside. */
static void waiting (town_t *town, uint64_t *chance)
{
	struct site *hub = &town->site[HUB];

	if (!start (town, HUB) || !start (town, IPWL))
		return;
	(void)town_run (town, 100 + (unsigned)(disk_random (chance) % 100));
	sim_enter (&hub->machine);
	hub_set_aside (hub->hub, &town->site[CLINIC].id);
	sim_leave ();
	(void)town_run (town, (unsigned)(disk_random (chance) % 20));
	hub->machine.skew_ms += ASIDE_MS;
}

static void with_files (town_t *town, uint64_t *chance)
{
	if (!campaign_all_up (town))
		return;
	work_refer_file (town, FILE_BYTES);
	work_refer_file (town, FILE_BYTES + 1);
	(void)town_run (town, 5 + (unsigned)(disk_random (chance) % 60));
}

/* ---- damage ------------------------------------------------------------------------------------- */

static bool damage (town_t *town, const struct scene *scene, uint64_t *chance, char about[96])
{
	const struct target *target = &everywhere[disk_random (chance) % scene->targets];
	disk_t *disk = town_disk (town, target->house);
	int64_t size = disk_size (disk, target->file);
	bool shorten = disk_random (chance) % 8 == 0;
	uint64_t at;

	if (size <= 0)
		return false;
	at = disk_random (chance) % (uint64_t)size;
	if (shorten)
		disk_shorten (disk, target->file, at);
	else
		disk_flip (disk, target->file, at * 8 + disk_random (chance) % 8);
	snprintf (about, 96, "%s, house %d: %s %s at %llu of %lld", scene->name, (int)target->house,
		  target->file, shorten ? "cut short" : "flipped", (unsigned long long)at,
		  (long long)size);
	return true;
}

/* ---- what came of it ---------------------------------------------------------------------------- */

static bool has_refused (err_t err)
{
	return err == ERR_CORRUPT || err == ERR_GONE_BACK;
}

static bool somebody_refused (town_t *town)
{
	for (int house = HUB; house < HOUSES; house++)
		if (has_refused (town_down (town, (enum house)house)))
			return true;
	return false;
}

/* Of all files that a letter has brought to the clinic: how many are neither here nor given up with a
 * receipt that says why; -1 when one is here with other bytes. */
static int files_missing (town_t *town)
{
	ledger_t *ledger = town->site[CLINIC].ledger;
	struct attachment_row row;
	int missing = 0;

	for (uint64_t n = 1; attachment_get (ledger, n, town->arena, &row) == ERR_OK; n++) {
		size_t at = 0;

		missing += row.state < ATTACHMENT_HERE;
		for (size_t step = 0; row.state == ATTACHMENT_HERE && at < row.length; step++) {
			struct bytes plain;

			if (attachment_get_plain (ledger, &row, step, town->arena, &plain) != ERR_OK)
				break;   /* whoever opens it is told */
			for (size_t i = 0; i < plain.len; i++, at++)
				if (plain.data[i] != people_file_byte (row.length, at))
					return -1;
		}
		arena_reset (town->arena);
	}
	return missing;
}

/* Time for the files to arrive. */
static const char *await_files (town_t *town)
{
	int missing = 1;

	for (unsigned i = 0; i < FILES_TURNS && missing > 0; i++) {
		town_turn (town);
		if (town_down (town, HUB) != ERR_OK || town_down (town, IPWL) != ERR_OK ||
		    town_down (town, CLINIC) != ERR_OK)
			return NULL;     /* campaign_finish says why */
		missing = i % 20 == 19 ? files_missing (town) : missing;
	}
	return missing < 0 ? "a file is here with other bytes" :
	       missing > 0 ? "a file neither arrived nor was given up" : NULL;
}

/* Verify and integrity_check say so (S); what the checker then reads is not all, and entries (L4, L5) and
 * leaves (L6) are missed.  A leaf that changed is found by whoever asks for its proof. */
static bool verify_finds (const char *broken)
{
	bool structure = broken[0] == 'S';

	for (; *broken != '\0'; broken += strcspn (broken, " "), broken += *broken == ' ')
		if (*broken != 'S' && strncmp (broken, "L6", 2) != 0 &&
		    !(structure && (strncmp (broken, "L4", 2) == 0 || strncmp (broken, "L5", 2) == 0)))
			return false;
	return true;
}

static const char *look (town_t *town)
{
	const char *wrong, *files;

	if (!campaign_all_up (town)) {
		refused++;
		return NULL;
	}
	(void)town_run (town, FILES_TURNS);
	files = somebody_refused (town) ? NULL : await_files (town);
	wrong = campaign_finish (town);
	if (somebody_refused (town)) {
		refused++;
		return NULL;
	}
	if (wrong != NULL && verify_finds (town_broken (town))) {
		found++;
		return NULL;
	}
	wrong = wrong != NULL ? wrong : files;
	unharmed += wrong == NULL;
	return wrong;
}

static void run (struct campaign *campaign, const struct scene *scene, unsigned i)
{
	uint64_t number = campaign->numbered, chance = campaign->seed * 7919 + i;
	char about[96] = "";
	town_t *town;

	if (!campaign_wants (campaign))
		return;
	town = campaign_town (campaign, REFERRALS);
	town->tidy_pages = scene->tidy_pages;
	scene->play (town, &chance);
	all_down (town);
	if (damage (town, scene, &chance, about))
		campaign_ran (campaign, number, about, look (town));
	town->tidy_pages = 0;
	town_destroy (&town);
}

void campaign_flips (struct campaign *campaign)
{
	for (size_t k = 0; k < COUNT_OF (scenes); k++)
		for (unsigned i = 0; i < scenes[k].runs; i++)
			run (campaign, &scenes[k], i);
	printf ("  refused %llu, found by verify %llu, unharmed %llu\n", (unsigned long long)refused,
		(unsigned long long)found, (unsigned long long)unharmed);
}
