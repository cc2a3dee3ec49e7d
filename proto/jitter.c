#include "jembatan/jitter.h"

#include <sodium.h>

int64_t jitter_below (int64_t ms)
{
	if (ms <= 0)
		return 0;
	return randombytes_uniform (ms > UINT32_MAX ? UINT32_MAX : (uint32_t)ms);
}

int64_t jitter_at_most (int64_t ms)
{
	return ms <= 0 ? 0 : ms - jitter_below (ms / 2 + 1);
}

int64_t jitter_at_least (int64_t ms)
{
	return ms <= 0 ? 0 : ms + jitter_below (ms / 4 + 1);
}
