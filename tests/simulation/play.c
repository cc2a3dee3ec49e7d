#include "tests/simulation/play.h"

#include <stdio.h>
#include <string.h>

#include "jembatan/clock.h"
#include "tests/simulation/chance.h"
#include "tests/simulation/judge.h"

#define STEPS_LEAST 12
#define STEPS_MOST 36
#define PAUSE_MOST_MS 5000
#define SETTLE_STEP_MS (30 * SECOND_MS)
#define GIVE_BACK_STEPS 30           /* partners are asked once in ten minutes for what was lost */
#define SETTLE_STEPS 240             /* two hours: longer than any back-off */

static const struct actor worker = { "sari", "caseworker" };

static struct office *office_at (struct play *play, int i)
{
	return &play->town->office[i];
}

static void tell (const struct play *play, const char *what, const char *who)
{
	if (play->tell)
		printf ("%8.3f s  %s %s\n", (double)sim_now_ms () / 1000, what, who);
}

/* ---- what people do ---- */

static struct answer text_answer (const char *field, const char *text)
{
	return (struct answer){ .field = field, .type = ANSWER_TEXT, .text = text, .system = "",
				.display = "", .unit = "" };
}

static struct answer plausible (const struct town *town, const struct field_spec *field)
{
	struct answer answer = text_answer (field->name, "seperti biasa");

	answer.type = field->type;
	if (field->type == ANSWER_CODE)
		answer.text = field->code_count > 0 ? field->codes[0].code : "F15.2";
	if (field->type == ANSWER_DATE)
		answer.text = "2026-11-20";
	if (field->type == ANSWER_INSTANT)
		answer.number = clock_now_ms () + DAY_MS;
	if (field->type == ANSWER_INTEGER)
		answer.number = field->min;
	if (strcmp (field->name, "target") == 0)
		answer.text = town->office[HOSPITAL].id.text;
	return answer;
}

static bool submit (struct play *play, int from, struct submission *submission,
		    struct outcome *ret_outcome)
{
	struct office *office = office_at (play, from);
	err_t err;

	sim_enter (&office->machine);
	err = desk_submit (office->desk, &worker, submission, ret_outcome, NULL);
	sim_leave ();
	if (err_lane (err) == LANE_STOP)
		office->stopped = err;
	if (err != ERR_OK)
		return false;
	if (play->written_count < WRITTEN_MAX)
		play->written[play->written_count++] =
			(struct written){ from, ret_outcome->letter, false };
	return true;
}

/* A person of that agency, with consent for everybody. */
static bool somebody (struct play *play, int at, struct person_id *ret_person)
{
	struct office *office = office_at (play, at);
	struct person person = { .name = "Dimas", .nik = "", .birth_date = "1999-03-14",
				 .sex = "male", .phone = "+6281234567890", .region = "17.71" };
	const char *labels[] = { "health", "identity" };
	struct clause_id clause;
	size_t *count = &play->person_count[at];
	err_t err;

	if (*count == PEOPLE) {
		*ret_person = play->person[at][chance_below (PEOPLE)];
		return true;
	}
	sim_enter (&office->machine);
	err = desk_intake (office->desk, &worker, &person, NULL);
	for (int to = 0; to < COORDINATOR && err == ERR_OK; to++) {
		struct clause_wish wish = { .recipient = office_at (play, to)->id.text,
					    .purpose = "treatment", .label_count = 2,
					    .labels = labels };

		if (to != at)
			err = desk_consent_give (office->desk, &worker, &person.id, &wish, 1,
						 &clause, NULL);
	}
	sim_leave ();
	if (err_lane (err) == LANE_STOP)
		office->stopped = err;
	if (err != ERR_OK)
		return false;
	*ret_person = play->person[at][(*count)++] = person.id;
	return true;
}

static void refer (struct play *play)
{
	static const enum urgency urgencies[] = { URGENCY_ROUTINE, URGENCY_ROUTINE, URGENCY_URGENT,
						  URGENCY_STAT };
	int from = (int)chance_below (COORDINATOR);
	int to = (from + 1 + (int)chance_below (COORDINATOR - 1)) % COORDINATOR;
	struct answer answers[] = { text_answer ("reason", "Perlu pemeriksaan medis"),
				    text_answer ("summary.health", "Riwayat sabu dua tahun") };
	struct submission submission = {
		.kind = "referral.request", .to = office_at (play, to)->id, .service = "medical",
		.basis = BASIS_CONSENT_GIVEN, .urgency = urgencies[chance_below (4)],
		.answers = answers, .answer_count = COUNT_OF (answers),
	};
	struct outcome outcome;

	if (office_at (play, from)->desk == NULL || play->thread_count == THREADS_MAX ||
	    !somebody (play, from, &submission.person) ||
	    !submit (play, from, &submission, &outcome))
		return;
	tell (play, "referral from", office_at (play, from)->id.text);
	play->side[play->thread_count][0] = from;
	play->side[play->thread_count][1] = to;
	play->thread[play->thread_count++] = outcome.thread;
}

/* A kind that this side may write in the thread's present state, as it sees it; now and then any
 * kind, which the desk refuses.  NULL when there is none. */
static const struct kind_spec *possible_kind (struct play *play, int at, const struct thread_id *id)
{
	const struct thread_type *type = catalogue_thread (play->town->catalogue, "referral");
	const struct kind_spec *fitting[64];
	const struct state *state;
	struct thread thread;
	size_t count = 0;

	if (thread_get (office_at (play, at)->ledger, id, play->town->arena, &thread) != ERR_OK)
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
	size_t i = chance_below (play->thread_count), count = 0;
	int from = play->side[i][chance_percent (70) ? 1 : 0];
	const struct kind_spec *kind;
	struct submission submission = { .thread = play->thread[i],
					 .to = office_at (play, HOSPITAL)->id,
					 .basis = BASIS_CONSENT_GIVEN };
	struct answer answers[16];
	struct outcome outcome;

	if (office_at (play, from)->desk == NULL)
		return;
	kind = possible_kind (play, from, &play->thread[i]);
	if (kind == NULL)
		return;
	for (size_t k = 0; k < kind->field_count && count < COUNT_OF (answers); k++)
		if (kind->fields[k].required && kind->fields[k].from[0] == '\0')
			answers[count++] = plausible (play->town, &kind->fields[k]);
	submission.kind = kind->name;
	submission.answers = answers;
	submission.answer_count = count;
	if (submit (play, from, &submission, &outcome))
		tell (play, kind->name, office_at (play, from)->id.text);
}

static void look (struct play *play)
{
	size_t i = chance_below (play->thread_count);
	struct office *office = office_at (play, play->side[i][1]);
	err_t err;

	if (office->desk == NULL)
		return;
	sim_enter (&office->machine);
	err = desk_look_thread (office->desk, &worker, &play->thread[i]);
	sim_leave ();
	if (err_lane (err) == LANE_STOP)
		office->stopped = err;
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

static struct office *anybody (struct play *play)
{
	return office_at (play, (int)chance_below (OFFICES));
}

static void cut_line (struct play *play)
{
	struct office *office = anybody (play);

	tell (play, "line cut:", office->id.text);
	net_cut (&office->road->key);
}

static void close_road (struct play *play)
{
	struct office *office = anybody (play);

	if (!office->road->closed)
		office->road->closed_since_ms = sim_now_ms ();
	office->road->closed = !office->road->closed;
	tell (play, office->road->closed ? "road closed:" : "road open:", office->id.text);
}

static void half_open (struct play *play)
{
	struct road *road = anybody (play)->road;

	if (chance_percent (50))
		road->deaf_hub = !road->deaf_hub;
	else
		road->deaf_agent = !road->deaf_agent;
	tell (play, "one way only", "");
}

static void slow_road (struct play *play)
{
	struct road *road = anybody (play)->road;

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

static void kill_agent (struct play *play)
{
	struct office *office = anybody (play);

	tell (play, "agent killed:", office->id.text);
	office_crash (play->town, office, cut_seed ());
	office->back_ms = sim_now_ms () + chance_between (100, 20000);
}

static void kill_hub (struct play *play)
{
	tell (play, "hub killed", "");
	hub_crash (play->town, cut_seed ());
	play->town->hub.back_ms = sim_now_ms () + chance_between (100, 20000);
}

static void break_disk (struct play *play)
{
	static const enum disk_op ops[] = { DISK_WRITE, DISK_SYNC, DISK_READ };
	disk_t *disk = chance_percent (50) ? play->town->hub.place.disk : anybody (play)->place.disk;
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
	bool hub = chance_percent (20) && !play->hub_replaced;
	struct machine *machine = hub ? &play->town->hub.machine : &anybody (play)->machine;

	machine->skew_ms = skews_ms[chance_below (hub ? 3 : COUNT_OF (skews_ms))];
	tell (play, "a clock was turned:", hub ? "hub" : "agency");
}

static void lose_hub (struct play *play)
{
	struct hub_house *hub = &play->town->hub;

	if (play->hub_replaced || play->set_back || hub->machine.skew_ms != 0)
		return;
	play->hub_replaced = true;
	hub_crash (play->town, 1);
	if (hub->place.old != NULL && chance_percent (50)) {
		tell (play, "hub's old copy put back", "");
		place_put_back (&hub->place);
	} else {
		tell (play, "hub's store lost", "");
		place_empty (play->town, &hub->place, "hub", chance_below (1000));
	}
	hub->back_ms = sim_now_ms () + chance_between (100, 10000);
}

static void keep_copy (struct play *play)
{
	struct hub_house *hub = &play->town->hub;
	int i = (int)chance_below (OFFICES);
	struct office *office = office_at (play, i);

	if (hub->hub != NULL && hub->place.old == NULL)
		place_keep (play->town, &hub->place, "hub");
	if (office->ledger == NULL || office->place.old != NULL)
		return;
	place_keep (play->town, &office->place, office->id.text);
	play->kept_at[i] = play->written_count;
	tell (play, "copy of the ledger of", office->id.text);
}

/* What `jembatan-agent restore` does with a ledger that is back from an old copy. */
static void restore (struct play *play, struct office *office)
{
	ledger_t *ledger = NULL;

	tell (play, "ledger restored:", office->id.text);
	sim_enter (&office->machine);
	office->stopped = ledger_open (office->place.folder, office->key_file, &ledger, NULL);
	if (office->stopped == ERR_OK)
		office->stopped = ledger_restored (ledger);
	ledger_destroy (&ledger);
	sim_leave ();
}

/* An older ledger is put back, by the program or by hand.  What was written since counts as taken
 * back, unless somebody has it. */
static void set_back (struct play *play)
{
	int i = (int)chance_below (OFFICES);
	struct office *office = office_at (play, i);

	if (office->place.old == NULL || play->set_back)
		return;
	play->set_back = play->went_back[i] = true;
	office_crash (play->town, office, CUT_NOTHING);
	place_put_back (&office->place);
	for (size_t k = play->kept_at[i]; k < play->written_count; k++)
		play->written[k].taken_back |= play->written[k].office == i;
	office->back_ms = sim_now_ms () + chance_between (100, 10000);
	/* A hub that lost its own memory can't tell that a ledger lost some too. */
	if (play->hub_replaced || chance_percent (50))
		restore (play, office);
	else
		tell (play, "old ledger put back by hand:", office->id.text);
}

/* Somebody reads why an agency has stopped, and goes on with the ledger that is there. */
static void help_stopped (struct play *play)
{
	for (int i = 0; i < OFFICES; i++) {
		struct office *office = office_at (play, i);

		if (office->loop == NULL && office->stopped == ERR_GONE_BACK)
			restore (play, office);
	}
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
	struct town *town = play->town;

	tell (play, "everything is made whole", "");
	town->hub.machine.skew_ms = 0;
	disk_fail (town->hub.place.disk, DISK_WRITE, 0, DISK_IOERR, false);
	for (int i = 0; i < OFFICES; i++) {
		struct office *office = &town->office[i];

		office->machine.skew_ms = 0;
		disk_fail (office->place.disk, DISK_WRITE, 0, DISK_IOERR, false);
		*office->road = (struct road){ .key = office->road->key, .latency_ms = 20 };
		net_cut (&office->road->key);
	}
}

static bool settled (struct play *play)
{
	for (int i = 0; i < OFFICES; i++) {
		struct office *office = office_at (play, i);

		if (office->ledger == NULL || outbox_counts (office->ledger).written > 0 ||
		    outbox_counts (office->ledger).sealed > 0 ||
		    outbox_counts (office->ledger).in_custody > 0)
			return false;
	}
	return true;
}

static void settle (struct play *play)
{
	make_whole (play);
	for (int i = 0; i < SETTLE_STEPS; i++) {
		town_pass (play->town, sim_now_ms () + SETTLE_STEP_MS);
		help_stopped (play);
		if (play->set_back && i < GIVE_BACK_STEPS)
			continue;
		if (settled (play))
			return;
	}
}

bool play_run (struct play *play, struct town *town, const char *folder, uint64_t seed)
{
	unsigned breaks = play->breaks;
	bool tells = play->tell, good;
	int64_t steps;

	memset (play, 0, sizeof *play);
	*play = (struct play){ .town = town, .tell = tells, .breaks = breaks };
	town_open (town, folder, seed);
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
