#include "hub/time.h"

#include "jembatan/limits.h"

#define LEAP_MS DAY_MS               /* a machine that slept, or whose clock was put right */
#define OFF_MS (31 * DAY_MS)         /* a hub that was off, or had no letters, for so long */
#define ANY_MS (INT64_MAX / 4)

void hub_time_begin (struct hub_time *time, int64_t past_ms, int64_t mono_ms, bool waits)
{
	*time = (struct hub_time){ .sure_ms = past_ms, .mono_ms = mono_ms,
				   .ahead_ms = waits ? OFF_MS : ANY_MS };
}

void hub_time_confirm (struct hub_time *time, int64_t wall_ms, int64_t mono_ms)
{
	*time = (struct hub_time){ .sure_ms = wall_ms, .mono_ms = mono_ms, .ahead_ms = LEAP_MS,
				   .running = true };
}

int64_t hub_time_look (struct hub_time *time, int64_t wall_ms, int64_t mono_ms)
{
	int64_t expected_ms = time->sure_ms + (mono_ms - time->mono_ms);
	int64_t set_ms = wall_ms - expected_ms;

	if (set_ms >= -LEAP_MS && set_ms <= time->ahead_ms) {
		hub_time_confirm (time, wall_ms, mono_ms);
		return wall_ms;
	}
	time->doubtful = true;
	/* A clock that stood far ahead from the start may be right: the hub was off for long. */
	return !time->running && set_ms > 0 ? wall_ms : expected_ms;
}
