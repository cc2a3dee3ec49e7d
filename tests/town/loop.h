/*
 * Loops and clocks of a simulated run.  This file's zloop takes the place of czmq's when a program
 * is linked with it: timers go off in simulated time, and nothing ever waits.  Each loop belongs to
 * one machine, whose clock may be wrong by an offset.
 */
#ifndef TESTS_TOWN_LOOP_H
#define TESTS_TOWN_LOOP_H

#include <czmq.h>

/* Simulated time: milliseconds since the run began, true for everybody. */
int64_t sim_now_ms (void);
void sim_start (void);

/* What the clock of a machine shows: the truth and its offset.  Whatever runs on a machine runs
 * between sim_enter and sim_leave; loops do it by themselves. */
struct machine {
	int64_t skew_ms;
};
void sim_enter (const struct machine *machine);
void sim_leave (void);
const struct machine *sim_here (void);

/* In a fork: the loops of the parent's processes are no more. */
void loop_forget (void);

/* The next zloop_new is on this machine. */
void loop_place (const struct machine *machine);

/* The newest loop. */
zloop_t *loop_newest (void);

/* A handler asked for the end of the loop. */
bool loop_ended (const zloop_t *loop);

/* When the next timer of any loop goes off; INT64_MAX when there is none. */
int64_t loop_next_ms (void);

/* Lets time pass up to that moment, which lies not behind, and runs the timers due then. */
void loop_pass (int64_t to_ms);

/* The socket can be read: runs its handler. */
void loop_poke (zloop_t *loop, void *socket);

#endif
