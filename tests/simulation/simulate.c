/*
 * simulate [--seed N] [--count N] [--seconds N] [--jobs N] [--tell] [--only DISASTER]...
 *
 * Plays runs from a seed on, until so many are played or so much time has passed; a run that fails
 * is named by its seed, and plays exactly the same again with --seed.  See docs/TESTING.md.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/simulation/play.h"

#define TIDY_PAGES 60

static int64_t wall_ms (void)
{
	struct timespec at;

	clock_gettime (CLOCK_MONOTONIC, &at);
	return (int64_t)at.tv_sec * 1000 + at.tv_nsec / 1000000;
}

static unsigned disaster_bit (const char *name)
{
	for (size_t i = 0; play_disaster (i) != NULL; i++)
		if (strcmp (play_disaster (i), name) == 0)
			return 1u << i;
	fprintf (stderr, "no disaster is called %s; there are:", name);
	for (size_t i = 0; play_disaster (i) != NULL; i++)
		fprintf (stderr, " %s", play_disaster (i));
	fputc ('\n', stderr);
	exit (64);
}

struct wish {
	uint64_t seed, count;
	int64_t seconds;
	long jobs;
	bool tell;
	unsigned breaks;
};

static int usage (void)
{
	fputs ("simulate [--seed N] [--count N] [--seconds N] [--jobs N] [--tell] [--only DISASTER]...\n",
	       stderr);
	exit (64);
}

static struct wish read_wish (int argc, char **argv)
{
	struct wish wish = { .seed = 1, .count = 1, .seconds = INT64_MAX / 1000,
			     .jobs = sysconf (_SC_NPROCESSORS_ONLN) };

	for (int i = 1; i < argc; i++) {
		const char *value = i + 1 < argc ? argv[i + 1] : "";

		if (strcmp (argv[i], "--tell") == 0) {
			wish.tell = true;
			continue;
		}
		if (*value == '\0')
			usage ();
		if (strcmp (argv[i], "--seed") == 0)
			wish.seed = strtoull (value, NULL, 10);
		else if (strcmp (argv[i], "--count") == 0)
			wish.count = strtoull (value, NULL, 10);
		else if (strcmp (argv[i], "--seconds") == 0)
			wish.seconds = strtoll (value, NULL, 10);
		else if (strcmp (argv[i], "--jobs") == 0)
			wish.jobs = strtol (value, NULL, 10);
		else if (strcmp (argv[i], "--only") == 0)
			wish.breaks |= disaster_bit (value);
		else
			usage ();
		i++;
	}
	return wish;
}

/* ---- runs ---- */

static town_t town;
static struct play play;

/* In a process of its own, so that nothing of an earlier run is left in memory. */
static pid_t begin_run (uint64_t seed)
{
	pid_t child;

	fflush (stdout);
	child = fork ();
	if (child != 0)
		return child;
	setvbuf (stdout, NULL, play.tell ? _IOLBF : _IOFBF, 1 << 16);
	if (play_run (&play, &town, seed))
		_exit (0);
	printf ("seed %" PRIu64 " failed; replay it with --seed %" PRIu64 " --tell\n", seed, seed);
	fflush (stdout);
	_exit (1);
}

struct job { pid_t child; uint64_t seed; };

/* Waits for any of them; false when it failed. */
static bool end_run (struct job *jobs, long *count)
{
	int status = 0;
	pid_t child = wait (&status);
	long i = 0;

	while (i < *count && jobs[i].child != child)
		i++;
	if (i == *count)
		abort ();
	if (WIFSIGNALED (status))
		printf ("seed %" PRIu64 " died of signal %d; replay it with --seed %" PRIu64 "\n",
			jobs[i].seed, WTERMSIG (status), jobs[i].seed);
	jobs[i] = jobs[--*count];
	return status == 0;
}

static uint64_t run_all (const struct wish *wish, uint64_t *ret_runs)
{
	struct job *jobs = calloc ((size_t)wish->jobs, sizeof *jobs);
	int64_t began_ms = wall_ms ();
	uint64_t begun = 0, failures = 0;
	long count = 0;
	bool more = true;

	while (more || count > 0) {
		more = begun < wish->count && wall_ms () - began_ms < wish->seconds * 1000;
		if (more && count < wish->jobs) {
			uint64_t seed = wish->seed + begun++;

			jobs[count++] = (struct job){ begin_run (seed), seed };
		} else if (count > 0) {
			failures += !end_run (jobs, &count);
		}
	}
	free (jobs);
	*ret_runs = begun;
	return failures;
}

int main (int argc, char **argv)
{
	struct wish wish = read_wish (argc, argv);
	uint64_t runs, failures;
	int64_t began_ms;

	if (wish.jobs < 1)
		wish.jobs = 1;
	play.tell = wish.tell;
	play.breaks = wish.breaks != 0 ? wish.breaks : ~0u;
	town_build (&town, HOUSES_MOST);
	town.supervised = true;
	town.tidy_pages = TIDY_PAGES;
	began_ms = wall_ms ();
	failures = run_all (&wish, &runs);
	printf ("%" PRIu64 " runs, %" PRIu64 " failures, %.0f a minute\n", runs, failures,
		(double)runs * 60000 / (double)(wall_ms () - began_ms + 1));
	town_raze (&town);
	return failures == 0 ? 0 : 1;
}
