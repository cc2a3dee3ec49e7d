/*
 * What a bare broker keeps: bytes by lane and number, until the recipient has stored them.  One
 * commit, with one flush, makes everything durable that was put and dropped since the last.
 */
#ifndef TESTS_BENCH_BARE_STORE_H
#define TESTS_BENCH_BARE_STORE_H

#include "jembatan/base.h"

struct bare_store {
	const char *name;
	void (*open) (const char *folder);
	void (*begin) (void);
	void (*put) (uint32_t lane, uint64_t number, struct bytes letter);
	void (*drop) (uint32_t lane, uint64_t up_to);
	void (*commit) (void);
	void (*tidy) (void);         /* after the answers; may do nothing */
	/* A letter that is still there, borrowed until the next call. */
	struct bytes (*get) (uint32_t lane, uint64_t number);
};

/* A file that is only written at its end.  Nothing is ever freed, and where each letter stands is
 * known in memory alone: the least that survives a power cut. */
extern const struct bare_store bare_log;

/* One row for a letter, with the settings that the hub gives SQLite. */
extern const struct bare_store bare_sqlite;

#endif
