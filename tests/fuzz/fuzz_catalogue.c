/*
 * A folder with the shipped words and holidays and one thread file of any bytes: it loads or is
 * refused with a reason, and what loads can be printed and walked.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agents/catalogue/catalogue.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static char folder[64];

static void remove_folder (void)
{
	static const char *const names[] = { "words.json", "holidays.json", "referral.json" };
	char path[128];

	for (size_t i = 0; i < COUNT_OF (names); i++) {
		snprintf (path, sizeof path, "%s/%s", folder, names[i]);
		unlink (path);
	}
	rmdir (folder);
}

static void link_shipped (const char *name)
{
	char from[512], to[128];

	snprintf (from, sizeof from, "%s/config/catalogue/%s", SOURCE_DIR, name);
	snprintf (to, sizeof to, "%s/%s", folder, name);
	if (symlink (from, to) != 0)
		abort ();
}

static void make_folder (void)
{
	if (*folder != '\0')
		return;
	strcpy (folder, "/tmp/catalogue-fuzz-XXXXXX");
	if (mkdtemp (folder) == NULL)
		abort ();
	atexit (remove_folder);
	link_shipped ("words.json");
	link_shipped ("holidays.json");
}

static void write_thread (const uint8_t *data, size_t size)
{
	char path[128];
	FILE *file;

	snprintf (path, sizeof path, "%s/referral.json", folder);
	file = fopen (path, "we");
	if (file == NULL || fwrite (data, 1, size, file) != size)
		abort ();
	fclose (file);
}

static void walk (const catalogue_t *catalogue)
{
	OWNED (problems) problems = problems_new ();
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream (&text, &size);

	catalogue_print (catalogue, out);
	fclose (out);
	free (text);
	for (size_t i = 0; i < catalogue_thread_count (catalogue); i++) {
		const struct thread_type *thread = catalogue_thread_at (catalogue, i);

		for (size_t k = 0; k < thread->kind_count; k++)
			(void)!answers_check (&thread->kinds[k], NULL, 0, problems);
	}
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	OWNED (problems) problems = problems_new ();
	OWNED (catalogue) catalogue = NULL;

	make_folder ();
	write_thread (data, size);
	if (catalogue_load (folder, &catalogue, problems) == ERR_OK)
		walk (catalogue);
	else
		assert (problems_count (problems) > 0);
	return 0;
}
