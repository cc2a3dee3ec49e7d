/* Time, timers and chance; see seams.h. */
#include "tests/torture/seams.h"

#include <czmq.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "jembatan/clock.h"
#include "jembatan/fault.h"
#include "tests/support/disk.h"

#define TIMERS_MAX 256

struct timer {
	int id;               /* 0 = free */
	void *loop;
	int64_t due_ms;
	size_t every_ms, times;   /* times 0 = for ever */
	zloop_timer_fn *handler;
	void *arg;
};

static struct moment present = { .now_ms = INT64_C (1800000000000), .monotonic_ms = 1000000 };
static struct timer timers[TIMERS_MAX];
static int last_timer;

struct moment moment_get (void)
{
	return present;
}

void moment_set (struct moment moment)
{
	present = moment;
}

void moment_pass (int64_t ms)
{
	present.now_ms += ms;
	present.monotonic_ms += ms;
}

int64_t clock_now_ms (void)
{
	return present.now_ms;
}

int64_t clock_monotonic_ms (void)
{
	return present.monotonic_ms;
}

/* A town loses power by its disks and is killed between its steps. */
void fault_point (const char *name)
{
}

/* ---- chance ------------------------------------------------------------------------------------- */

static const char *chance_name (void)
{
	return "seeded";
}

static uint32_t chance_number (void)
{
	return (uint32_t)disk_random (&present.chance);
}

static void chance_fill (void *const to, const size_t len)
{
	for (size_t i = 0; i < len; i++)
		((uint8_t *)to)[i] = (uint8_t)disk_random (&present.chance);
}

void chance_begin (uint64_t seed)
{
	static randombytes_implementation seeded = {
		.implementation_name = chance_name,
		.random = chance_number,
		.buf = chance_fill,
	};

	present.chance = seed;
	srandom ((unsigned)seed);
	randombytes_set_implementation (&seeded);
}

/* ---- timers ------------------------------------------------------------------------------------- */

int __wrap_zloop_timer (zloop_t *loop, size_t delay, size_t times, zloop_timer_fn *handler, void *arg);
int __wrap_zloop_timer_end (zloop_t *loop, int id);

int __wrap_zloop_timer (zloop_t *loop, size_t delay, size_t times, zloop_timer_fn *handler, void *arg)
{
	for (size_t i = 0; i < TIMERS_MAX; i++) {
		if (timers[i].id != 0)
			continue;
		timers[i] = (struct timer){ ++last_timer, loop,
					    present.monotonic_ms + (int64_t)delay, delay, times,
					    handler, arg };
		return last_timer;
	}
	abort ();
}

int __wrap_zloop_timer_end (zloop_t *loop, int id)
{
	for (size_t i = 0; i < TIMERS_MAX; i++)
		if (timers[i].id == id)
			timers[i].id = 0;
	return 0;
}

static void timer_fire (struct timer *timer)
{
	struct timer now = *timer;

	if (timer->times == 1)
		timer->id = 0;
	else if (timer->times > 0)
		timer->times--;
	timer->due_ms = present.monotonic_ms + (int64_t)timer->every_ms;
	now.handler (now.loop, now.id, now.arg);
}

void timers_run (void *loop)
{
	for (size_t i = 0; i < TIMERS_MAX; i++)
		if (timers[i].id != 0 && timers[i].loop == loop
		    && timers[i].due_ms <= present.monotonic_ms)
			timer_fire (&timers[i]);
}

void timers_forget (void *loop)
{
	for (size_t i = 0; i < TIMERS_MAX; i++)
		if (timers[i].loop == loop)
			timers[i].id = 0;
}
