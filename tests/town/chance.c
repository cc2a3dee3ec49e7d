#include "tests/town/chance.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static uint64_t scenario, bytes;   /* the two streams */

/* SplitMix64. */
static uint64_t draw (uint64_t *stream)
{
	uint64_t z = *stream += UINT64_C (0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C (0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C (0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* ---- libsodium's source of randomness ---- */

static const char *name (void)
{
	return "simulation";
}

static uint32_t random_number (void)
{
	return (uint32_t)draw (&bytes);
}

static void fill (void *const at, const size_t len)
{
	for (size_t done = 0; done < len; done += sizeof (uint64_t)) {
		uint64_t word = draw (&bytes);
		size_t part = len - done < sizeof word ? len - done : sizeof word;

		memcpy ((uint8_t *)at + done, &word, part);
	}
}

static randombytes_implementation source = {
	.implementation_name = name,
	.random = random_number,
	.buf = fill,
};

/* ---- the scenario's ---- */

void chance_start (uint64_t seed)
{
	static bool begun;

	scenario = seed;
	bytes = seed ^ UINT64_C (0x6a656d626174616e);
	srand ((unsigned)seed);
	srandom ((unsigned)seed);
	if (!begun)
		randombytes_set_implementation (&source);
	begun = true;
}

uint64_t chance_below (uint64_t n)
{
	return draw (&scenario) % n;
}

int64_t chance_between (int64_t least, int64_t most)
{
	return least + (int64_t)chance_below ((uint64_t)(most - least + 1));
}

bool chance_percent (unsigned percent)
{
	return chance_below (100) < percent;
}
