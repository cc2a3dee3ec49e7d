/*
 * bench_load FOLDER ENDPOINT hub|bare WORK: one workload against a broker, and one line of figures.
 *
 *   W1  one pair, 50,000 letters, 1,000 unanswered at most
 *   W2  one pair, 2,000 letters, one in flight: the next goes when the last one is confirmed
 *   W3  100 pairs, 500 letters each, 10 unanswered at most
 *   W4  one pair, 200,000 letters that wait until the recipient comes and drains them
 *
 * The environment changes a workload: N, WINDOW, PAIRS and ACKBATCH its numbers; FIRST is the first
 * pair; SECONDS lets it run so long instead of N letters, RATE at most so many a second, after BURST
 * seconds without that limit; MIXED=1 gives pairs letters of several classes and sizes; FILL_ONLY=1
 * leaves the letters of W4 where they wait.
 * SERVER_PID names the broker's process, for its memory and time; LABEL stands at the line's head.
 *
 * Letters are of 1 KiB and look sealed to a broker, which can't tell: a header of its own for each,
 * and random bytes for wrapped key and ciphertext.  CRYPTO=1 does what two agencies do: each letter
 * is sealed and signed when it is sent, opened and verified when it comes, and each batch that is
 * confirmed is receipted by one sealed and signed letter back, which is opened and verified too.
 */
#include <signal.h>
#include <sys/prctl.h>
#include <time.h>

#include "tests/bench/load.h"
#include "tests/bench/server.h"

#define SAMPLES_OF_SECONDS 1000000u   /* of a workload that has no number of letters */

struct load load;

int64_t now_us (void)
{
	struct timespec now;

	clock_gettime (CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* ---- figures ---- */

static int by_size (const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double percentile (double *values, size_t count, size_t percent)
{
	if (count == 0)
		return 0;
	qsort (values, count, sizeof *values, by_size);
	return values[(count - 1) * percent / 100];
}

static uint64_t letters_sent (void)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < load.pairs; i++)
		sum += load.sender[i].sent;
	return sum;
}

static double per_second (uint64_t letters, int64_t us)
{
	return (double)letters * 1e6 / (double)(us > 0 ? us : 1);
}

static double us_per_letter (double cpu_before_s)
{
	uint64_t letters = letters_sent ();

	return letters > 0 ? (server_cpu_s (load.server) - cpu_before_s) * 1e6 / (double)letters : 0;
}

/* ---- runs ---- */

static void run_live (void)
{
	double mib = server_mib (load.server), cpu = server_cpu_s (load.server);
	pthread_t senders, recipients;
	int64_t end;

	pthread_barrier_init (&load.gate, NULL, 2);
	pthread_create (&recipients, NULL, recipients_run, NULL);
	pthread_create (&senders, NULL, senders_run, NULL);
	pthread_join (senders, NULL);
	pthread_join (recipients, NULL);
	end = now_us ();
	printf ("%s %s msgs_per_s=%.0f recv_p50_ms=%.3f recv_p99_ms=%.3f ack_p50_ms=%.3f "
		"ack_p99_ms=%.3f mem_mb=%.1f mem_start_mb=%.1f server_cpu_us_per_msg=%.1f\n",
		load.label, load.work, per_second (letters_sent (), end - load.first_us),
		percentile (load.receive_ms, load.receive_count, 50),
		percentile (load.receive_ms, load.receive_count, 99),
		percentile (load.ack_ms, load.ack_count, 50),
		percentile (load.ack_ms, load.ack_count, 99), server_mib (load.server), mib,
		us_per_letter (cpu));
}

/* One side of the pairs by itself; gives when it began. */
static int64_t run_side (void *(*side) (void *))
{
	pthread_t thread;
	int64_t began_us = now_us ();

	pthread_barrier_init (&load.gate, NULL, 1);
	pthread_create (&thread, NULL, side, NULL);
	pthread_join (thread, NULL);
	return began_us;
}

/* First the senders alone, then the recipients alone. */
static void run_backlog (void)
{
	double empty = server_mib (load.server), full, cpu;
	int64_t began_us;

	run_side (senders_run);
	full = server_mib (load.server);
	printf ("%s %s fill_per_s=%.0f mem_empty_mb=%.1f mem_backlog_mb=%.1f", load.label, load.work,
		per_second (letters_sent (), load.last_us - load.first_us), empty, full);
	if (!load.fill_only) {
		cpu = server_cpu_s (load.server);
		began_us = run_side (recipients_run);
		printf (" drain_per_s=%.0f mem_drained_mb=%.1f drain_cpu_us_per_msg=%.1f",
			per_second (letters_sent (), now_us () - began_us), server_mib (load.server),
			us_per_letter (cpu));
	}
	printf ("\n");
}

static void make_room (void)
{
	load.room = load.letters < SIZE_MAX ? load.pairs * load.letters + 1 : SAMPLES_OF_SECONDS;
	load.ack_ms = must_alloc (load.room * sizeof *load.ack_ms);
	load.receive_ms = must_alloc (load.room * sizeof *load.receive_ms);
}

int main (int argc, char **argv)
{
	if (argc != 5 || (load.dialect = dialect_find (argv[3])) == NULL || !work_choose (argv[4])) {
		fprintf (stderr, "usage: bench_load FOLDER ENDPOINT hub|bare W1|W2|W3|W4\n");
		return 2;
	}
	prctl (PR_SET_PDEATHSIG, SIGKILL);
	load.folder = argv[1];
	load.endpoint = argv[2];
	load.label = getenv ("LABEL") != NULL ? getenv ("LABEL") : argv[3];
	MUST (keys_start () == ERR_OK);
	make_room ();
	agencies_make ();
	if (load.backlog)
		run_backlog ();
	else
		run_live ();
	fflush (stdout);
	_exit (0);   /* what the broker still has to say does not matter */
}
