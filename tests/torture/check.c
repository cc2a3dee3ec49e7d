/*
 * torture-check DIRECTORY HUB-FOLDER ACKED [AGENCY LEDGER-FOLDER KEY-FILE]...: holds the checker
 * (checker.h) against what stopped daemons left.  ACKED names what was acknowledged, one letter a
 * line: `agency uuid`.  Complaints go to standard output; the exit status is 1 when there are any.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jembatan/directory.h"
#include "proto/file.h"
#include "tests/torture/checker.h"

#define AGENCIES_MAX 64
#define ACKED_MAX 200000

static struct checked_agency agencies[AGENCIES_MAX];
static struct checked_letter acked[ACKED_MAX];
static char acked_agency[ACKED_MAX][33];

static void complain (void *arg, const char *rule, const char *what)
{
	printf ("  %s %s\n", rule, what);
}

/* False when there is no such file, or a line is none. */
static bool read_acked (const char *path, size_t *ret_count)
{
	FILE *file = fopen (path, "re");
	char uuid[64];
	bool good = file != NULL;

	while (good && *ret_count < ACKED_MAX
	       && fscanf (file, "%32s %63s", acked_agency[*ret_count], uuid) == 2) {
		struct checked_letter *letter = &acked[*ret_count];

		letter->agency = acked_agency[(*ret_count)++];
		good = uuid_parse (uuid, letter->id.b) == ERR_OK;
	}
	if (file != NULL)
		fclose (file);
	return good;
}

int main (int argc, char **argv)
{
	OWNED (arena) arena = arena_new (16 * MIB);
	OWNED (directory) directory = NULL;
	struct checked checked = { .agencies = agencies, .acked = acked, .settled = true };
	struct bytes bytes;

	if (argc < 4 || (argc - 4) % 3 != 0 || (argc - 4) / 3 > AGENCIES_MAX) {
		fputs ("torture-check DIRECTORY HUB-FOLDER ACKED [AGENCY LEDGER-FOLDER KEY-FILE]...\n",
		       stderr);
		return 64;
	}
	if (keys_start () != ERR_OK || file_read (argv[1], 8 * MIB, arena, &bytes) != ERR_OK
	    || directory_read (bytes, NULL, &directory) != ERR_OK
	    || !read_acked (argv[3], &checked.acked_count)) {
		fprintf (stderr, "%s or %s can't be read\n", argv[1], argv[3]);
		return 66;
	}
	checked.hub_folder = argv[2];
	checked.hub_id = directory_data (directory)->hubs[0].id;
	checked.log_key = directory_data (directory)->hubs[0].log_key;
	for (int i = 4; i < argc; i += 3)
		agencies[checked.agency_count++] =
			(struct checked_agency){ argv[i], argv[i + 1], argv[i + 2], false };
	return checker_run (&checked, complain, NULL) > 0;
}
