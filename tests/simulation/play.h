/*
 * One run: people work, things break, then everything is made whole and the judge looks.
 */
#ifndef TESTS_SIMULATION_PLAY_H
#define TESTS_SIMULATION_PLAY_H

#include "tests/simulation/town.h"

#define PEOPLE 4
#define WRITTEN_MAX 512
#define THREADS_MAX 64

/* A letter that an agency promised to its worker: desk_submit said ERR_OK. */
struct written {
	int office;
	struct letter_id id;
	bool taken_back;                 /* the ledger went back to a time before it */
};

struct play {
	struct town *town;
	bool tell;                       /* prints what happens */
	unsigned breaks;                 /* which sorts of disaster may happen, a bit for each */
	struct person_id person[OFFICES][PEOPLE];
	size_t person_count[OFFICES];
	struct thread_id thread[THREADS_MAX];
	int side[THREADS_MAX][2];        /* requester, performer */
	size_t thread_count;
	struct written written[WRITTEN_MAX];
	size_t written_count, kept_at[OFFICES];
	bool hub_replaced;               /* once in a run: it mints once an hour */
	bool set_back, went_back[OFFICES];   /* so was a ledger */
};

/* Plays a run of this seed in an empty folder; false when the judge found something, which it has
 * printed. */
bool play_run (struct play *play, struct town *town, const char *folder, uint64_t seed);

/* The sorts of disaster, for the command line; NULL past the end. */
const char *play_disaster (size_t i);

#endif
