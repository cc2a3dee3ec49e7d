/*
 * What the files of bench_ledger share: the agency whose ledger is measured, and the figures.
 *
 *   bench_ledger.c    opening, size, the tick, and the order of it all
 *   large_lists.c     questions to the api, every list among them
 *   large_letters.c   received letters
 *   large_verify.c    the check of the ledger as the daemon makes it
 */
#ifndef TESTS_BENCH_LARGE_H
#define TESTS_BENCH_LARGE_H

#include "agents/api/call.h"
#include "tests/bench/agency.h"

struct large {
	struct agency agency;
	struct api_parts parts;      /* of the ledger that is open */
	struct verifier *verifier;
	json_t *figures, *lists;
};
extern struct large large;

void large_note (const char *figure, double value);

/* What the api answers to a supervisor, without HTTP; the caller owns it.  `body` NULL: a GET. */
json_t *large_ask (const char *path, json_t *body);

/* Each list into large.lists. */
void large_measure_lists (void);

/* So many letters come, each in a commit of its own, then so many in batches. */
void large_measure_letters (size_t letters, const char *alone, const char *batched);

/* The chain of entries, `jembatan verify --quick`; and what a whole check does of `part`. */
void large_verify_chain (const char *figure);
void large_verify_part (const char *part, const char *figure);

#endif
