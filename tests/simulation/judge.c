#include "tests/simulation/judge.h"

#include <stdio.h>
#include <string.h>

static unsigned found;

static void say (void *arg, const char *rule, const char *what)
{
	found++;
	printf ("  %s %s\n", rule, what);
}

static void say_agency (const struct site *site, const char *what, const char *which)
{
	char text[160];

	snprintf (text, sizeof text, "%s %s %s", site->id.text, what, which);
	say (NULL, "alive", text);
}

/* Alarms of a network in which somebody lies or loses; here everybody is honest. */
static void judge_alarms (struct play *play, struct site *site)
{
	/* The last one is nobody's fault where a ledger has forgotten what it wrote. */
	static const char *const never[] = { "equivocation", "refusal-unknown", "withheld", "ledger-behind",
					     "log-split", "log-false", "log-told", "log-doubtful",
					     "receipt-unknown" };
	size_t never_count = COUNT_OF (never) - (play->set_back ? 1 : 0);
	struct alarm *alarms;
	size_t count = alarm_list (site->ledger, 0, 200, play->town->arena, &alarms);

	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < never_count; k++)
			if (strcmp (alarms[i].name, never[k]) == 0)
				say_agency (site, "raised", alarms[i].name);
}

static void judge_living (struct play *play)
{
	town_t *town = play->town;

	if (town_down (town, HUB) != ERR_OK)
		say (NULL, "alive", "the hub is down");
	for (int i = IPWL; i < town->houses; i++) {
		struct site *site = &town->site[i];

		if (town_down (town, (enum house)i) != ERR_OK)
			say_agency (site, "is down:", err_name (site->stopped));
		else
			judge_alarms (play, site);
		arena_reset (town->arena);
	}
}

bool judge (struct play *play)
{
	found = 0;
	judge_living (play);
	if (found == 0)
		town_check (play->town, say, NULL);
	return found == 0;
}
