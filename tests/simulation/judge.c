#include "tests/simulation/judge.h"

#include <stdio.h>
#include <string.h>

#include "tests/torture/checker.h"

static unsigned found;

static void say (void *arg, const char *rule, const char *what)
{
	found++;
	printf ("  %s %s\n", rule, what);
}

static void say_office (const struct office *office, const char *what, const char *which)
{
	char text[160];

	snprintf (text, sizeof text, "%s %s %s", office->id.text, what, which);
	say (NULL, "alive", text);
}

/* Alarms of a network in which somebody lies or loses; here everybody is honest. */
static void judge_alarms (struct play *play, struct office *office)
{
	/* The last one is nobody's fault where a ledger has forgotten what it wrote. */
	static const char *const never[] = { "equivocation", "refusal-unknown", "withheld",
					     "log-split", "log-false", "receipt-unknown" };
	size_t never_count = COUNT_OF (never) - (play->set_back ? 1 : 0);
	struct alarm *alarms;
	size_t count = alarm_list (office->ledger, 0, 200, play->town->arena, &alarms);

	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < never_count; k++)
			if (strcmp (alarms[i].name, never[k]) == 0)
				say_office (office, "raised", alarms[i].name);
}

static void judge_living (struct play *play)
{
	struct town *town = play->town;

	if (town->hub.hub == NULL)
		say (NULL, "alive", "the hub is down");
	for (int i = 0; i < OFFICES; i++) {
		if (town->office[i].ledger == NULL)
			say_office (&town->office[i], "is down:", err_name (town->office[i].stopped));
		else
			judge_alarms (play, &town->office[i]);
		arena_reset (town->arena);
	}
}

static size_t promises (struct play *play, struct checked_letter acked[WRITTEN_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < play->written_count; i++)
		if (!play->written[i].taken_back)
			acked[count++] = (struct checked_letter){
				play->town->office[play->written[i].office].id.text,
				play->written[i].id };
	return count;
}

bool judge (struct play *play)
{
	static struct checked_letter acked[WRITTEN_MAX];
	struct town *town = play->town;
	struct checked_agency agencies[OFFICES];
	struct checked checked = {
		.hub_folder = town->hub.place.folder, .hub_id = "hub",
		.log_key = keypair_public (town->hub.log), .agency_count = OFFICES,
		.agencies = agencies, .acked_count = promises (play, acked), .acked = acked,
		.settled = true, .hub_went_back = play->hub_replaced,
	};

	found = 0;
	judge_living (play);
	if (found > 0)
		return false;
	town_end (town);
	for (int i = 0; i < OFFICES; i++)
		agencies[i] = (struct checked_agency){ town->office[i].id.text,
						       town->office[i].place.folder,
						       town->office[i].key_file,
						       play->went_back[i] };
	checker_run (&checked, say, NULL);
	return found == 0;
}
