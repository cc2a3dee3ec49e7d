#include "tests/town/loop.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "jembatan/clock.h"

#define BEGIN_MS INT64_C (1795300000000)   /* 2026-11-22; any day does */
#define TIMERS 64
#define POLLERS 16
#define LOOPS 16

struct timer {
	int id;                 /* 0 = free */
	int64_t due_ms, every_ms;
	size_t left;            /* 0 = for ever */
	zloop_timer_fn *handler;
	void *arg;
};

struct poller {
	void *socket;           /* NULL = free */
	zmq_pollitem_t item;
	zloop_fn *handler;
	void *arg;
};

struct _zloop_t {
	const struct machine *machine;
	bool ended;
	int last_id;
	struct timer timer[TIMERS];
	struct poller poller[POLLERS];
};

static int64_t now_ms;
static const struct machine *here;      /* whose code is running; NULL = nobody's */
static const struct machine *next_place;
static zloop_t *loops[LOOPS];           /* oldest first */
static size_t loop_count;

/* ---- time ---- */

void sim_start (void)
{
	assert (loop_count == 0);
	now_ms = 0;
	here = NULL;
}

int64_t sim_now_ms (void)
{
	return now_ms;
}

void sim_enter (const struct machine *machine)
{
	here = machine;
}

void sim_leave (void)
{
	here = NULL;
}

const struct machine *sim_here (void)
{
	return here;
}

int64_t clock_now_ms (void)
{
	return BEGIN_MS + now_ms + (here != NULL ? here->skew_ms : 0);
}

int64_t clock_monotonic_ms (void)
{
	return now_ms + 1;
}

/* czmq's own clock, where the hub measures its groups and says goodbye. */
int64_t zclock_usecs (void)
{
	return now_ms * 1000;
}

void zclock_sleep (int msecs)
{
}

/* ---- czmq's loop ---- */

zloop_t *zloop_new (void)
{
	zloop_t *loop = calloc (1, sizeof *loop);

	assert (loop != NULL && loop_count < LOOPS);
	loop->machine = next_place;
	loops[loop_count++] = loop;
	return loop;
}

void zloop_destroy (zloop_t **loop)
{
	size_t i = 0;

	if (*loop == NULL)
		return;
	while (loops[i] != *loop)
		i++;
	memmove (&loops[i], &loops[i + 1], (--loop_count - i) * sizeof loops[0]);
	free (*loop);
	*loop = NULL;
}

void zloop_set_nonstop (zloop_t *loop, bool nonstop)
{
}

int zloop_timer (zloop_t *loop, size_t delay, size_t times, zloop_timer_fn handler, void *arg)
{
	for (size_t i = 0; i < TIMERS; i++) {
		if (loop->timer[i].id != 0)
			continue;
		loop->timer[i] = (struct timer){ ++loop->last_id, now_ms + (int64_t)delay,
						 (int64_t)delay, times, handler, arg };
		return loop->last_id;
	}
	abort ();
}

int zloop_timer_end (zloop_t *loop, int id)
{
	for (size_t i = 0; i < TIMERS; i++)
		if (loop->timer[i].id == id)
			loop->timer[i].id = 0;
	return 0;
}

int zloop_poller (zloop_t *loop, zmq_pollitem_t *item, zloop_fn handler, void *arg)
{
	for (size_t i = 0; i < POLLERS; i++) {
		if (loop->poller[i].socket != NULL || item->socket == NULL)
			continue;
		loop->poller[i] = (struct poller){ item->socket, *item, handler, arg };
		return 0;
	}
	return -1;   /* a descriptor: nothing is ever read from one here */
}

void zloop_poller_end (zloop_t *loop, zmq_pollitem_t *item)
{
	for (size_t i = 0; i < POLLERS; i++)
		if (loop->poller[i].socket == item->socket)
			loop->poller[i].socket = NULL;
}

void zloop_poller_set_tolerant (zloop_t *loop, zmq_pollitem_t *item)
{
}

/* Whoever starts a loop here only wants to end it; town.c drives it. */
int zloop_start (zloop_t *loop)
{
	return 0;
}

/* ---- driving ---- */

void loop_forget (void)
{
	loop_count = 0;
	here = NULL;
}

void loop_place (const struct machine *machine)
{
	next_place = machine;
}

zloop_t *loop_newest (void)
{
	assert (loop_count > 0);
	return loops[loop_count - 1];
}

bool loop_ended (const zloop_t *loop)
{
	return loop->ended;
}

int64_t loop_next_ms (void)
{
	int64_t next_ms = INT64_MAX;

	for (size_t k = 0; k < loop_count; k++)
		for (size_t i = 0; i < TIMERS; i++) {
			const struct timer *timer = &loops[k]->timer[i];

			if (timer->id != 0 && !loops[k]->ended && timer->due_ms < next_ms)
				next_ms = timer->due_ms;
		}
	return next_ms;
}

static void go_off (zloop_t *loop, struct timer *timer)
{
	struct timer at = *timer;

	if (at.left == 1)
		timer->id = 0;
	else if (at.left > 1)
		timer->left--;
	timer->due_ms = now_ms + (at.every_ms > 0 ? at.every_ms : 1);
	sim_enter (loop->machine);
	loop->ended = at.handler (loop, at.id, at.arg) != 0;
	sim_leave ();
}

void loop_pass (int64_t to_ms)
{
	assert (to_ms >= now_ms);
	now_ms = to_ms;
	for (size_t k = 0; k < loop_count; k++)
		for (size_t i = 0; i < TIMERS && !loops[k]->ended; i++)
			if (loops[k]->timer[i].id != 0 && loops[k]->timer[i].due_ms <= now_ms)
				go_off (loops[k], &loops[k]->timer[i]);
}

void loop_poke (zloop_t *loop, void *socket)
{
	for (size_t i = 0; i < POLLERS && !loop->ended; i++) {
		struct poller *poller = &loop->poller[i];

		if (poller->socket != socket)
			continue;
		sim_enter (loop->machine);
		loop->ended = poller->handler (loop, &poller->item, poller->arg) != 0;
		sim_leave ();
		return;
	}
}
