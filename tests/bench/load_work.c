#include "tests/bench/load.h"

#include <string.h>

static const struct {
	const char *name;
	size_t pairs, letters, window, batch;
	bool backlog;
} works[] = {
	{ "W1", 1, 50000, 1000, 50, false },
	{ "W2", 1, 2000, 1, 1, false },
	{ "W3", 100, 500, 10, 10, false },
	{ "W4", 1, 200000, 1000, 50, true },
};

static size_t from_environment (const char *name, size_t otherwise)
{
	const char *text = getenv (name);

	return text != NULL && *text != '\0' ? strtoul (text, NULL, 10) : otherwise;
}

static bool choose (const char *name)
{
	for (size_t i = 0; i < COUNT_OF (works); i++) {
		if (strcmp (works[i].name, name) != 0)
			continue;
		load.work = works[i].name;
		load.pairs = works[i].pairs;
		load.letters = works[i].letters;
		load.window = works[i].window;
		load.batch = works[i].batch;
		load.backlog = works[i].backlog;
		return true;
	}
	return false;
}

bool work_choose (const char *name)
{
	size_t seconds = from_environment ("SECONDS", 0);

	if (!choose (name))
		return false;
	load.first = from_environment ("FIRST", 0);
	load.pairs = from_environment ("PAIRS", load.pairs);
	load.letters = from_environment ("N", load.letters);
	load.window = from_environment ("WINDOW", load.window);
	load.batch = from_environment ("ACKBATCH", load.batch);
	load.rate = from_environment ("RATE", 0);
	load.burst_s = from_environment ("BURST", 0);
	load.server = (long)from_environment ("SERVER_PID", 0);
	load.crypto = from_environment ("CRYPTO", 0) != 0;
	load.mixed = from_environment ("MIXED", 0) != 0;
	load.fill_only = from_environment ("FILL_ONLY", 0) != 0;
	if (seconds > 0) {
		load.letters = SIZE_MAX;
		load.end_us = now_us () + (int64_t)seconds * 1000000;
	}
	return load.pairs > 0 && load.pairs <= PAIRS_MAX && load.letters > 0 && load.window > 0 &&
	       load.batch > 0;
}
