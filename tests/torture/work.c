/* A town at work; see work.h. */
#include "tests/torture/work.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/town/chance.h"
#include "tests/town/people.h"

#define TURN_MS 50
#define REFERRALS_MAX 32u
#define CLIENTS 8u
#define REST_TURNS 20        /* longer than a frame is on its way */
#define STUCK_TURNS 4000     /* nothing has moved for so long: longer than any pause of the post */

static town_t town_there;
static struct person_id clients[CLIENTS];

/* What there is to do, and how much of it is done. */
static struct {
	unsigned wanted, referred;
	uint64_t turns, moved;       /* the last turn in which somebody worked or a frame arrived */
	uint64_t carried;
} work;

static void must (err_t err)
{
	assert (err == ERR_OK);
}

void work_found (void)
{
	town_t *town = &town_there;

	town_build (town, HOUSES);
	town_open (town, "founding", 0);
	must (town_start (town, IPWL));
	for (size_t i = 0; i < CLIENTS; i++)
		must (people_take_in (town, IPWL, &clients[i]));
	town_end (town);
	town_begin_here (town);
	town_close (town);
}

void work_close_down (void)
{
	town_raze (&town_there);
}

town_t *town_new (unsigned referrals, uint64_t seed)
{
	static unsigned towns;
	char name[16];

	snprintf (name, sizeof name, "%u", ++towns);
	town_open (&town_there, name, seed);
	memset (&work, 0, sizeof work);
	work.wanted = referrals;
	return &town_there;
}

void town_destroy (town_t **town)
{
	town_close (*town);
	*town = NULL;
}

/* ---- people ------------------------------------------------------------------------------------- */

static void refer (town_t *town)
{
	struct thread_id thread;
	const struct person_id *person = &clients[work.referred % CLIENTS];

	if (people_refer (town, IPWL, CLINIC, person, URGENCY_ROUTINE, &thread) == ERR_OK)
		work.referred++;
}

void work_refer_file (town_t *town, size_t size)
{
	err_t err = people_refer_file (town, IPWL, CLINIC, &clients[0], size);

	if (err != ERR_OK)
		fprintf (stderr, "a referral with a file gave %s\n", err_name (err));
	must (err);
}

/* The performer's next word, by the state in which the thread is. */
static const struct { const char *state, *kind; } performs[] = {
	{ "requested", NULL },       /* only a look */
	{ "received", "referral.accept" },
	{ "accepted", "arrival.confirm" },
	{ "arrived", "service.start" },
};

static size_t row_of (const struct thread *thread)
{
	size_t i = 0;

	while (i < COUNT_OF (performs) && strcmp (thread->state, performs[i].state) != 0)
		i++;
	return i;
}

/* The first thread that waits for the clinic. */
static void work_at_clinic (town_t *town)
{
	struct thread *threads;
	size_t count = thread_list (town->site[CLINIC].ledger, BOX_ALL, NULL, NULL, 0, 100,
				    town->arena, &threads);
	size_t i = 0, row = COUNT_OF (performs);
	err_t err;

	while (i < count && (row = row_of (&threads[i])) == COUNT_OF (performs))
		i++;
	if (i == count)
		return;
	work.moved = work.turns;
	if (performs[row].kind == NULL) {
		people_look (town, CLINIC, &threads[i].id);
		return;
	}
	err = people_write (town, CLINIC, &threads[i].id,
			    catalogue_kind (town->catalogue, performs[row].kind, 0));
	if (err_lane (err) == LANE_REFUSE && town_down (town, CLINIC) == ERR_OK)
		fprintf (stderr, "%s gave %s\n", performs[row].kind, err_name (err));
}

static void work_a_turn (town_t *town)
{
	if (town_down (town, IPWL) == ERR_OK && work.referred < work.wanted
	    && chance_below (4) == 0)
		refer (town);
	if (town_down (town, CLINIC) == ERR_OK && chance_below (4) == 0)
		work_at_clinic (town);
	arena_reset (town->arena);
}

/* ---- turns -------------------------------------------------------------------------------------- */

void town_turn (town_t *town)
{
	work.turns++;
	work_a_turn (town);
	town_pass (town, sim_now_ms () + TURN_MS);
	if (work.carried != net_carried ())
		work.moved = work.turns;
	work.carried = net_carried ();
}

bool town_run (town_t *town, unsigned turns)
{
	for (unsigned i = 0; i < turns; i++) {
		uint64_t still;

		town_turn (town);
		still = work.turns - work.moved;
		if (work.referred == work.wanted && still > REST_TURNS && town_settled (town))
			return true;
		if (still > STUCK_TURNS)
			return false;
	}
	return false;
}

/* ---- the end ------------------------------------------------------------------------------------ */

static void complain (void *arg, const char *rule, const char *what)
{
	char *broken = arg;

	fprintf (stderr, "    %s %s\n", rule, what);
	if (strstr (broken, rule) != NULL)
		return;
	strcat (broken, broken[0] != '\0' ? " " : "");
	strcat (broken, rule);
}

const char *town_broken (town_t *town)
{
	static char broken[64];      /* each rule once */

	broken[0] = '\0';
	town_check (town, complain, broken);
	return broken;
}
