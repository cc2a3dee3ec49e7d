/*
 * The guests of a measured network: agencies "tamu-0" and on, which only connect.  Their link keys
 * stand in one file, public and secret key of each, for thousands of folders would take minutes.
 */
#ifndef TESTS_BENCH_GUESTS_H
#define TESTS_BENCH_GUESTS_H

#include "tests/bench/network.h"

#define BENCH_GUEST "tamu"

struct guest { uint8_t public_key[32], secret_key[32]; };

/* The caller frees them. */
static inline struct guest *guests_read (const char *folder, size_t count)
{
	struct guest *guests = must_alloc (count * sizeof *guests);
	char path[4096];
	FILE *file;

	MUST ((size_t)snprintf (path, sizeof path, "%s/guests", folder) < sizeof path);
	file = fopen (path, "re");
	MUST (file != NULL && fread (guests, sizeof *guests, count, file) == count);
	fclose (file);
	return guests;
}

#endif
