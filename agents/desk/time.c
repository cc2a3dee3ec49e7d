/*
 * What time it is.  An agency's clock may be wrong by years (a dead battery), and may be set while
 * the agent runs; a letter that bears a wrong time is put off or refused by the hub.  So the time is
 * the hub's, as last heard, and what has passed since is told by the monotonic clock.
 *
 * Before the first word of the hub after a start there are two guesses, our clock as it is and our
 * clock with the offset kept from before: one of them is wrong if the clock was set meanwhile.
 * Neither may lie before a time that is known to have been; of those that remain, the nearer one
 * counts.
 */
#include "agents/desk/inside.h"

#include <stdlib.h>
#include <string.h>

#include "jembatan/clock.h"

#define SETTING_TIME "hub-time"
#define DOUBT_MS (30 * DAY_MS)

/* What a restart needs to know. */
struct kept {
	int64_t heard_ms;            /* the hub's time, when it was heard last */
	int64_t offset_ms;
};

static struct kept kept_get (desk_t *desk)
{
	OWNED (arena) arena = arena_new (64 * KIB);
	struct bytes bytes = ledger_setting (desk->parts.ledger, SETTING_TIME, arena);
	struct kept kept = { 0 };

	if (bytes.len == sizeof kept)
		memcpy (&kept, bytes.data, sizeof kept);
	return kept;
}

static void keep (desk_t *desk, tx_t *tx)
{
	struct kept kept = { desk->time.heard_ms, desk->time.offset_ms };

	ledger_set (tx, SETTING_TIME, (struct bytes){ (const uint8_t *)&kept, sizeof kept });
	desk->time.kept_ms = kept.offset_ms;
}

/* The latest moment that has surely passed: the hub's time as last heard, or when the directory was
 * signed. */
static int64_t known_past_ms (desk_t *desk)
{
	int64_t signed_ms = directory_data (desk->parts.directory)->issued_ms;

	return desk->time.heard_ms > signed_ms ? desk->time.heard_ms : signed_ms;
}

static int64_t choose_offset (int64_t wall_ms, int64_t kept_ms, int64_t past_ms)
{
	int64_t nearer = kept_ms < 0 ? kept_ms : 0, farther = kept_ms < 0 ? 0 : kept_ms;

	if (wall_ms + nearer >= past_ms - CLOCK_TOLERANCE_MS)
		return nearer;
	if (wall_ms + farther >= past_ms - CLOCK_TOLERANCE_MS)
		return farther;
	return past_ms - wall_ms;
}

static void look_at_clocks (desk_t *desk)
{
	desk->time.wall_ms = clock_now_ms ();
	desk->time.mono_ms = clock_monotonic_ms ();
}

void time_begin (desk_t *desk)
{
	struct kept kept = kept_get (desk);

	look_at_clocks (desk);
	desk->time.heard_ms = kept.heard_ms;
	desk->time.kept_ms = kept.offset_ms;
	desk->time.offset_ms =
		choose_offset (desk->time.wall_ms, kept.offset_ms, known_past_ms (desk));
}

void time_keep (desk_t *desk, tx_t *tx)
{
	if (llabs (desk->time.offset_ms - desk->time.kept_ms) > CLOCK_TOLERANCE_MS)
		keep (desk, tx);
}

bool time_doubtful (desk_t *desk)
{
	return !desk->time.heard && desk->time.heard_ms != 0 &&
	       desk_now_ms (desk) > desk->time.heard_ms + DOUBT_MS;
}

/* The clock was set by as much as it moved more, or less, than time has passed. */
static void follow_clock (desk_t *desk)
{
	int64_t wall_ms = desk->time.wall_ms, mono_ms = desk->time.mono_ms, set_ms;

	look_at_clocks (desk);
	set_ms = (desk->time.wall_ms - wall_ms) - (desk->time.mono_ms - mono_ms);
	if (llabs (set_ms) > SECOND_MS)   /* less is the clock being trimmed */
		desk->time.offset_ms -= set_ms;
}

int64_t desk_now_ms (desk_t *desk)
{
	follow_clock (desk);
	return llabs (desk->time.offset_ms) > CLOCK_TOLERANCE_MS ?
		       desk->time.wall_ms + desk->time.offset_ms : desk->time.wall_ms;
}

int64_t desk_hear_time (desk_t *desk, tx_t *tx, int64_t hub_time_ms)
{
	look_at_clocks (desk);
	desk->time.heard = true;
	desk->time.heard_ms = hub_time_ms;
	desk->time.offset_ms = hub_time_ms - desk->time.wall_ms;
	keep (desk, tx);
	return desk->time.offset_ms;
}
