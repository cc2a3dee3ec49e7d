/*
 * One run: people work, things break, then everything is made whole and the judge looks.
 */
#ifndef TESTS_SIMULATION_PLAY_H
#define TESTS_SIMULATION_PLAY_H

#include "tests/town/town.h"

#define PEOPLE 4
#define THREADS_MAX 64

struct play {
	town_t *town;
	bool tell;                       /* prints what happens */
	unsigned breaks;                 /* which sorts of disaster may happen, a bit for each */
	struct person_id person[HOUSES_MOST][PEOPLE];
	size_t person_count[HOUSES_MOST];
	struct thread_id thread[THREADS_MAX];
	enum house side[THREADS_MAX][2];     /* requester, performer */
	size_t thread_count;
	size_t kept_at[HOUSES_MOST];     /* how much was promised when the copy was made */
	bool set_back;                   /* a ledger went back; once in a run */
};

/* Plays a run of this seed; false when the judge found something, which it has printed. */
bool play_run (struct play *play, town_t *town, uint64_t seed);

/* The sorts of disaster, for the command line; NULL past the end. */
const char *play_disaster (size_t i);

#endif
