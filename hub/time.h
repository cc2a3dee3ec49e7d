/*
 * What time it is for the hub.  Letters end by it, keys count by it and agents follow it, so a clock
 * that somebody sets wrong must not be believed at once.
 *
 * A moment that is certain and the monotonic clock tell where the machine's clock has to stand.
 * While it stands elsewhere the time is in doubt: nothing is expired or forgotten, until the clock
 * has come back or an operator says that it is right.
 */
#ifndef HUB_TIME_H
#define HUB_TIME_H

#include <stdbool.h>
#include <stdint.h>

struct hub_time {
	int64_t sure_ms, mono_ms;    /* one moment, on the true clock and on the monotonic one */
	int64_t ahead_ms;            /* so much later than it tells the machine's clock may stand */
	bool running;                /* the moment is of this run, so the hub can go by it */
	bool doubtful;
};

/* At a start: `past_ms` has certainly passed.  With `waits` there are letters, and a clock that is
 * far beyond it is in doubt; without, any later time is believed. */
void hub_time_begin (struct hub_time *time, int64_t past_ms, int64_t mono_ms, bool waits);

/*
 * The time that counts, given both clocks: the machine's, or what has passed since the certain
 * moment when the machine's was set by more than a day while the hub ran, or stands before it.
 * Sets `doubtful`.
 */
int64_t hub_time_look (struct hub_time *time, int64_t wall_ms, int64_t mono_ms);

/* An operator says that the machine's clock is right. */
void hub_time_confirm (struct hub_time *time, int64_t wall_ms, int64_t mono_ms);

#endif
