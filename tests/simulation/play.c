#include "tests/simulation/play.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/simulation/judge.h"
#include "tests/town/chance.h"
#include "tests/town/people.h"

#define STEPS_LEAST 12
#define STEPS_MOST 36
#define PAUSE_MOST_MS 5000
#define SETTLE_STEP_MS (30 * SECOND_MS)
#define GIVE_BACK_STEPS 30           /* partners are asked once in ten minutes for what was lost */
#define SETTLE_STEPS 240             /* two hours: longer than any back-off */

static struct site *site_of (struct play *play, enum house house)
{
	return &play->town->site[house];
}

static bool is_up (struct play *play, enum house house)
{
	return town_down (play->town, house) == ERR_OK;
}

static void tell (const struct play *play, const char *what, const char *who)
{
	if (play->tell)
		printf ("%8.3f s  %s %s\n", (double)sim_now_ms () / 1000, what, who);
}

static enum house somewhere (enum house first, enum house last)
{
	return (enum house)chance_between (first, last);
}

/* ---- what people do ---- */

/* Whether there is one. */
static bool somebody (struct play *play, enum house at, struct person_id *ret_person)
{
	size_t *count = &play->person_count[at];

	if (*count == PEOPLE)
		*ret_person = play->person[at][chance_below (PEOPLE)];
	else if (people_take_in (play->town, at, ret_person) == ERR_OK)
		play->person[at][(*count)++] = *ret_person;
	else
		return false;
	return is_up (play, at);
}

/* One of the other two who treat. */
static enum house another (enum house from)
{
	return (enum house)(IPWL + (from - IPWL + 1 + chance_below (2)) % (COORDINATOR - IPWL));
}

static void refer (struct play *play)
{
	static const enum urgency urgencies[] = { URGENCY_ROUTINE, URGENCY_ROUTINE, URGENCY_URGENT,
						  URGENCY_STAT };
	enum house from = somewhere (IPWL, HOSPITAL);
	enum house to = another (from);
	enum urgency urgency = urgencies[chance_below (4)];
	struct person_id person;
	struct thread_id thread;

	if (!is_up (play, from) || play->thread_count == THREADS_MAX ||
	    !somebody (play, from, &person) ||
	    people_refer (play->town, from, to, &person, urgency, &thread) != ERR_OK)
		return;
	tell (play, "referral from", site_of (play, from)->id.text);
	play->side[play->thread_count][0] = from;
	play->side[play->thread_count][1] = to;
	play->thread[play->thread_count++] = thread;
}

/* A kind that this side may write in the thread's present state, as it sees it; now and then any
 * kind, which the desk refuses.  NULL when there is none. */
static const struct kind_spec *possible_kind (struct play *play, enum house at,
					      const struct thread_id *id)
{
	const struct thread_type *type = catalogue_thread (play->town->catalogue, "referral");
	const struct kind_spec *fitting[64];
	const struct state *state;
	struct thread thread;
	size_t count = 0;

	if (thread_get (site_of (play, at)->ledger, id, play->town->arena, &thread) != ERR_OK)
		return NULL;
	if (chance_percent (5))
		return &type->kinds[chance_below (type->kind_count)];
	state = thread_state (type, thread.state);
	for (size_t i = 0; i < type->transition_count && count < COUNT_OF (fitting); i++) {
		const struct transition *row = &type->transitions[i];

		if (row->from == state && row->by == (thread.performing ? PARTY_PERFORMER : PARTY_REQUESTER))
			fitting[count++] = catalogue_kind (play->town->catalogue, row->kind, 0);
	}
	return count > 0 ? fitting[chance_below (count)] : NULL;
}

/* The next step of a referral by either side. */
static void go_on (struct play *play)
{
	size_t i = chance_below (play->thread_count);
	enum house from = play->side[i][chance_percent (70) ? 1 : 0];
	const struct kind_spec *kind;

	if (!is_up (play, from))
		return;
	kind = possible_kind (play, from, &play->thread[i]);
	if (kind != NULL && people_write (play->town, from, &play->thread[i], kind) == ERR_OK)
		tell (play, kind->name, site_of (play, from)->id.text);
}

static void look (struct play *play)
{
	size_t i = chance_below (play->thread_count);

	if (is_up (play, play->side[i][1]))
		people_look (play->town, play->side[i][1], &play->thread[i]);
}

static void work (struct play *play)
{
	if (play->thread_count == 0 || chance_percent (35))
		refer (play);
	else if (chance_percent (25))
		look (play);
	else
		go_on (play);
	arena_reset (play->town->arena);
}

/* ---- what goes wrong ---- */

static enum house anybody (struct play *play)
{
	return somewhere (IPWL, COORDINATOR);
}

static struct road *any_road (struct play *play)
{
	return site_of (play, anybody (play))->road;
}

static void cut_line (struct play *play)
{
	struct site *site = site_of (play, anybody (play));

	tell (play, "line cut:", site->id.text);
	net_cut (&site->road->key);
}

static void close_road (struct play *play)
{
	struct site *site = site_of (play, anybody (play));

	if (!site->road->closed)
		site->road->closed_since_ms = sim_now_ms ();
	site->road->closed = !site->road->closed;
	tell (play, site->road->closed ? "road closed:" : "road open:", site->id.text);
}

static void half_open (struct play *play)
{
	struct road *road = any_road (play);

	if (chance_percent (50))
		road->deaf_hub = !road->deaf_hub;
	else
		road->deaf_agent = !road->deaf_agent;
	tell (play, "one way only", "");
}

static void slow_road (struct play *play)
{
	struct road *road = any_road (play);

	road->latency_ms = chance_between (1, 1200);
	road->jitter_ms = chance_between (0, 400);
	road->bytes_per_s = chance_percent (50) ? 4000 : 0;
	tell (play, "slow road", "");
}

/* 1: the process died and its machine went on; otherwise the power failed. */
static uint64_t cut_seed (void)
{
	return chance_percent (40) ? 1 : chance_below (1000);
}

static void back_within (struct play *play, enum house house, int64_t most_ms)
{
	site_of (play, house)->back_ms = sim_now_ms () + chance_between (100, most_ms);
}

static void kill_agent (struct play *play)
{
	enum house house = anybody (play);

	tell (play, "agent killed:", site_of (play, house)->id.text);
	town_kill (play->town, house, cut_seed ());
	back_within (play, house, 20000);
}

static void kill_hub (struct play *play)
{
	tell (play, "hub killed", "");
	town_kill (play->town, HUB, cut_seed ());
	back_within (play, HUB, 20000);
}

static void break_disk (struct play *play)
{
	static const enum disk_op ops[] = { DISK_WRITE, DISK_SYNC, DISK_READ };
	disk_t *disk = town_disk (play->town, chance_percent (50) ? HUB : anybody (play));
	bool full = chance_percent (30);

	disk_fail (disk, full ? DISK_WRITE : ops[chance_below (COUNT_OF (ops))],
		   1 + chance_below (40), full ? DISK_FULL : DISK_IOERR, false);
	tell (play, full ? "a disk is full for once" : "a disk fails once", "");
}

static void turn_clock (struct play *play)
{
	static const int64_t skews_ms[] = { 0, 10 * MINUTE_MS, -10 * MINUTE_MS, 365 * DAY_MS,
					    -365 * DAY_MS };
	/* The checker tells the leaves of a lost store from others by the hub's clock. */
	bool hub = chance_percent (20) && !site_of (play, HUB)->went_back;
	struct site *site = site_of (play, hub ? HUB : anybody (play));

	site->machine.skew_ms = skews_ms[chance_below (hub ? 3 : COUNT_OF (skews_ms))];
	tell (play, "a clock was turned:", hub ? "hub" : "agency");
}

/* Once in a run: a hub mints a store id once in an hour. */
static void lose_hub (struct play *play)
{
	struct site *hub = site_of (play, HUB);

	if (hub->went_back || play->set_back || hub->machine.skew_ms != 0)
		return;
	town_kill (play->town, HUB, CUT_NOTHING);
	if (hub->old != NULL && chance_percent (50)) {
		tell (play, "hub's old copy put back", "");
		town_put_back (play->town, HUB);
	} else {
		tell (play, "hub's store lost", "");
		town_put_empty (play->town, HUB, chance_below (1000));
	}
	back_within (play, HUB, 10000);
}

static void keep_copy (struct play *play)
{
	enum house house = somewhere (IPWL, COORDINATOR);

	if (is_up (play, HUB) && site_of (play, HUB)->old == NULL)
		town_keep_copy (play->town, HUB);
	if (!is_up (play, house) || site_of (play, house)->old != NULL)
		return;
	town_keep_copy (play->town, house);
	play->kept_at[house] = play->town->promised_count;
	tell (play, "copy of the ledger of", site_of (play, house)->id.text);
}

/* What `jembatan-agent restore` does with a ledger that is back from an old copy. */
static void restore (struct play *play, struct site *site)
{
	ledger_t *ledger = NULL;

	tell (play, "ledger restored:", site->id.text);
	sim_enter (&site->machine);
	site->stopped = ledger_open (site->folder, site->key_file, &ledger, NULL);
	if (site->stopped == ERR_OK)
		site->stopped = ledger_restored (ledger);
	if (site->stopped == ERR_OK)
		site->stopped = ERR_OFFLINE;
	ledger_destroy (&ledger);
	sim_leave ();
}

static void take_back (struct play *play, enum house house)
{
	for (size_t i = play->kept_at[house]; i < play->town->promised_count; i++)
		if (play->town->promised[i].house == house)
			play->town->promised[i].taken_back = true;
}

/* An older ledger is put back, by the program or by hand.  What was written since counts as taken
 * back, unless somebody has it. */
static void set_back (struct play *play)
{
	enum house house = somewhere (IPWL, COORDINATOR);
	struct site *site = site_of (play, house);

	if (site->old == NULL || play->set_back)
		return;
	play->set_back = true;
	town_kill (play->town, house, CUT_NOTHING);
	town_put_back (play->town, house);
	take_back (play, house);
	back_within (play, house, 10000);
	/* A hub that lost its own memory can't tell that a ledger lost some too. */
	if (site_of (play, HUB)->went_back || chance_percent (50))
		restore (play, site);
	else
		tell (play, "old ledger put back by hand:", site->id.text);
}

/* Somebody reads why an agency has stopped, and goes on with the ledger that is there. */
static void help_stopped (struct play *play)
{
	for (int i = IPWL; i < play->town->houses; i++)
		if (town_down (play->town, (enum house)i) == ERR_GONE_BACK)
			restore (play, &play->town->site[i]);
}

static const struct disaster {
	const char *name;
	unsigned weight;
	void (*happen) (struct play *play);
} disasters[] = {
	{ "cut", 20, cut_line },
	{ "road", 10, close_road },
	{ "half-open", 8, half_open },
	{ "slow", 8, slow_road },
	{ "kill-agent", 15, kill_agent },
	{ "kill-hub", 12, kill_hub },
	{ "disk", 8, break_disk },
	{ "clock", 6, turn_clock },
	{ "copy", 5, keep_copy },
	{ "lose-hub", 3, lose_hub },
	{ "set-back", 5, set_back },
};

const char *play_disaster (size_t i)
{
	return i < COUNT_OF (disasters) ? disasters[i].name : NULL;
}

static void disaster (struct play *play)
{
	unsigned sum = 0, drawn;
	size_t i = 0;

	for (size_t k = 0; k < COUNT_OF (disasters); k++)
		sum += disasters[k].weight;
	drawn = (unsigned)chance_below (sum);
	while (drawn >= disasters[i].weight)
		drawn -= disasters[i++].weight;
	if (play->breaks & (1u << i))
		disasters[i].happen (play);
}

/* ---- the run ---- */

static void make_whole (struct play *play)
{
	town_t *town = play->town;

	tell (play, "everything is made whole", "");
	for (int i = HUB; i < town->houses; i++) {
		struct site *site = &town->site[i];

		site->machine.skew_ms = 0;
		disk_fail (site->disk, DISK_WRITE, 0, DISK_IOERR, false);
		if (i == HUB)
			continue;
		*site->road = (struct road){ .key = site->road->key, .latency_ms = 20 };
		net_cut (&site->road->key);
	}
}

static void settle (struct play *play)
{
	make_whole (play);
	for (int i = 0; i < SETTLE_STEPS; i++) {
		town_pass (play->town, sim_now_ms () + SETTLE_STEP_MS);
		help_stopped (play);
		if (play->set_back && i < GIVE_BACK_STEPS)
			continue;
		if (town_settled (play->town))
			return;
	}
}

static void everybody_up (town_t *town)
{
	for (int i = HUB; i < town->houses; i++)
		if (town_start (town, (enum house)i) != ERR_OK)
			abort ();
}

bool play_run (struct play *play, town_t *town, uint64_t seed)
{
	char name[24];
	bool good;
	int64_t steps;

	*play = (struct play){ .town = town, .tell = play->tell, .breaks = play->breaks };
	snprintf (name, sizeof name, "%" PRIu64, seed);
	town_open (town, name, seed);
	everybody_up (town);
	steps = chance_between (STEPS_LEAST, STEPS_MOST);
	for (int64_t i = 0; i < steps; i++) {
		town_pass (town, sim_now_ms () + chance_between (0, PAUSE_MOST_MS));
		if (chance_percent (65))
			work (play);
		else
			disaster (play);
		if (chance_percent (10))
			help_stopped (play);
	}
	settle (play);
	good = judge (play);
	town_close (town);
	return good;
}
