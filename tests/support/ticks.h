/*
 * Who looks at its clock once or twice in a second does so twenty times as often in a test that turns the
 * clock: what is due then happens at once.  For programs linked with --wrap=zloop_timer.
 */
#ifndef TESTS_SUPPORT_TICKS_H
#define TESTS_SUPPORT_TICKS_H

#include <czmq.h>

#define TICKS_FASTER 20u
#define TICK_TEST_MS (1000u / TICKS_FASTER)   /* at most */

int __real_zloop_timer (zloop_t *loop, size_t delay, size_t times, zloop_timer_fn handler, void *arg);
int __wrap_zloop_timer (zloop_t *loop, size_t delay, size_t times, zloop_timer_fn handler, void *arg);

int __wrap_zloop_timer (zloop_t *loop, size_t delay, size_t times, zloop_timer_fn handler, void *arg)
{
	bool tick = times == 0 && delay >= 500;

	return __real_zloop_timer (loop, tick ? delay / TICKS_FASTER : delay, times, handler, arg);
}

#endif
