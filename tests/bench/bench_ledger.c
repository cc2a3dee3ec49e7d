/*
 * bench_ledger FOLDER LETTERS CATALOGUE: measures the ledger that bench_ledger_build made.
 *
 * How long it takes to open, every list as the api answers it (the route's handler and its JSON
 * text; HTTP is left out), the tick, the check of the chain, and a received letter's whole
 * transaction, which is measured in an empty ledger as well.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/bench/large.h"
#include "tests/bench/server.h"

#define WARM_OPENINGS 3u
#define TICKS 50u

struct large large;

void large_note (const char *figure, double value)
{
	json_object_set_new (large.figures, figure, json_real (value));
}

static double file_bytes (const char *ending)
{
	char path[PATH_MAX + 32];
	struct stat about;

	snprintf (path, sizeof path, "%s/%s", large.agency.folder, ending);
	return stat (path, &about) == 0 ? (double)about.st_size : 0;
}

/* ---- opening ------------------------------------------------------------------------------------ */

/* What the system keeps of the file is dropped: the disk is read again. */
static void forget_file (void)
{
	char path[PATH_MAX + 32];
	int fd;

	snprintf (path, sizeof path, "%s/ledger.db", large.agency.folder);
	fd = open (path, O_RDONLY | O_CLOEXEC);
	MUST (fd >= 0 && fdatasync (fd) == 0 && posix_fadvise (fd, 0, 0, POSIX_FADV_DONTNEED) == 0);
	close (fd);
}

static double open_once (void)
{
	double began = bench_now_s ();

	agency_open (&large.agency);
	return bench_now_s () - began;
}

static void measure_opening (void)
{
	double least = server_rss_mib (getpid ()), warm = 1e9, took;

	forget_file ();
	large_note ("open_cold_s", open_once ());
	large_note ("memory_of_index_mib", server_rss_mib (getpid ()) - least);
	for (size_t i = 0; i < WARM_OPENINGS; i++) {
		agency_close (&large.agency);
		took = open_once ();
		warm = took < warm ? took : warm;
	}
	large_note ("open_warm_s", warm);
}

static void measure_size (void)
{
	struct ledger_size size = ledger_size (large.agency.ledger);
	double bytes = file_bytes ("ledger.db");

	large_note ("entries", (double)size.entries);
	large_note ("people", (double)size.people);
	large_note ("file_mib", bytes / MIB);
	large_note ("bytes_per_entry", bytes / (double)size.entries);
	large_note ("bytes_per_person", bytes / (double)size.people);
}

/* ---- the tick ----------------------------------------------------------------------------------- */

/* Once for what is due, then often with nothing to do. */
static void measure_tick (void)
{
	double began;

	MUST (desk_tick (large.agency.desk) == ERR_OK);
	began = bench_now_s ();
	for (size_t i = 0; i < TICKS; i++)
		MUST (desk_tick (large.agency.desk) == ERR_OK);
	large_note ("tick_ms", (bench_now_s () - began) * 1e3 / TICKS);
}

/* ---- the whole ---------------------------------------------------------------------------------- */

static void use_ledger (void)
{
	large.parts = (struct api_parts){ .desk = large.agency.desk,
					  .catalogue = large.agency.catalogue,
					  .ledger = large.agency.ledger };
}

/* Another ledger of the same agency, in which nothing is yet. */
static void begin_empty (const char *folder)
{
	agency_close (&large.agency);
	MUST (snprintf (large.agency.folder, PATH_MAX, "%s/empty", folder) < PATH_MAX);
	MUST (ledger_create (large.agency.folder, large.agency.key_file, NULL) == ERR_OK);
	agency_open (&large.agency);
	use_ledger ();
}

int main (int argc, char **argv)
{
	size_t letters = argc == 4 ? strtoul (argv[2], NULL, 10) : 0;
	char *text;

	if (letters == 0) {
		fprintf (stderr, "usage: bench_ledger FOLDER LETTERS CATALOGUE\n");
		return 2;
	}
	large.figures = json_object ();
	large.lists = json_array ();
	agency_begin (&large.agency, argv[1], argv[3]);
	measure_opening ();
	measure_size ();
	use_ledger ();
	large_measure_lists ();
	large_note ("memory_used_mib", server_rss_mib (getpid ()));
	measure_tick ();
	large_verify_chain ("verified_per_s");
	large_measure_letters (letters, "alone_per_s", "batched_per_s");
	begin_empty (argv[1]);
	large_measure_letters (letters, "empty_alone_per_s", "empty_batched_per_s");
	large_verify_part ("arrived", "letters_verified_per_s");
	json_object_set_new (large.figures, "lists", large.lists);
	text = json_text (large.figures, true);
	puts (text);
	free (text);
	json_decref (large.figures);
	agency_end (&large.agency);
	return 0;
}
