/*
 * Runs a fuzz target over the files of a corpus folder: what libFuzzer found once stays found.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void replay_file (const char *path)
{
	FILE *file = fopen (path, "rbe");
	uint8_t *data = malloc (1 << 20);
	size_t size;

	if (file == NULL || data == NULL)
		abort ();
	size = fread (data, 1, 1 << 20, file);
	LLVMFuzzerTestOneInput (data, size);
	free (data);
	fclose (file);
}

int main (int argc, char **argv)
{
	DIR *folder = argc == 2 ? opendir (argv[1]) : NULL;
	struct dirent *entry;
	unsigned count = 0;

	if (folder == NULL) {
		fprintf (stderr, "usage: %s CORPUS-FOLDER\n", argv[0]);
		return 2;
	}
	while ((entry = readdir (folder)) != NULL) {
		char path[4096];

		if (entry->d_name[0] == '.')
			continue;
		snprintf (path, sizeof path, "%s/%s", argv[1], entry->d_name);
		replay_file (path);
		count++;
	}
	closedir (folder);
	printf ("%u inputs replayed\n", count);
	return count > 0 ? 0 : 1;
}
