/* A copy of a catalogue in which one text of one file is replaced by another. */
#ifndef TESTS_AGENTS_CATALOGUE_FOLDER_H
#define TESTS_AGENTS_CATALOGUE_FOLDER_H

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "agents/catalogue/catalogue.h"

#define SHIPPED SOURCE_DIR "/config/catalogue"
#define NETWORK SOURCE_DIR "/tests/agents/catalogue/network"   /* small, with one of everything */

static inline char *file_text (const char *path)
{
	FILE *file = fopen (path, "re");
	char *text = calloc (1, 1 << 20);

	assert_non_null (file);
	assert_non_null (text);
	(void)!fread (text, 1, (1 << 20) - 1, file);
	fclose (file);
	return text;
}

/* The first `old` becomes `new`; a text that is not there fails the test. */
static inline void put_changed (FILE *out, const char *text, const char *old, const char *new)
{
	const char *at = strstr (text, old);

	assert_non_null (at);
	fwrite (text, 1, (size_t)(at - text), out);
	fprintf (out, "%s%s", new, at + strlen (old));
}

static inline void copy_file (const char *folder, const char *source, const char *name,
			      const char *changed, const char *old, const char *new)
{
	char from[512], to[512];
	char *text;
	FILE *out;

	snprintf (from, sizeof from, "%s/%s", source, name);
	snprintf (to, sizeof to, "%s/%s", folder, name);
	text = file_text (from);
	out = fopen (to, "we");
	assert_non_null (out);
	if (strcmp (name, changed) == 0)
		put_changed (out, text, old, new);
	else
		fputs (text, out);
	fclose (out);
	free (text);
}

typedef void file_fn (const char *folder, const char *name, const void *context);

static inline void each_file (const char *folder, file_fn *visit, const void *context)
{
	struct dirent **entries;
	int count = scandir (folder, &entries, NULL, alphasort);

	assert_true (count > 2);
	for (int i = 0; i < count; i++) {
		if (strstr (entries[i]->d_name, ".json") != NULL)
			visit (folder, entries[i]->d_name, context);
		free (entries[i]);
	}
	free (entries);
}

struct change {
	const char *folder, *file, *old, *new;
};

static inline void copy_changed (const char *source, const char *name, const void *context)
{
	const struct change *change = context;

	copy_file (change->folder, source, name, change->file, change->old, change->new);
}

static inline char *folder_with (char folder[64], const char *source, const char *file,
				 const char *old, const char *new)
{
	struct change change = { folder, file, old, new };

	strcpy (folder, "/tmp/catalogue-test-XXXXXX");
	assert_non_null (mkdtemp (folder));
	each_file (source, copy_changed, &change);
	return folder;
}

static inline void remove_file (const char *folder, const char *name, const void *context)
{
	char path[512];

	snprintf (path, sizeof path, "%s/%s", folder, name);
	unlink (path);
}

static inline void folder_remove (const char *folder)
{
	each_file (folder, remove_file, NULL);
	rmdir (folder);
}

static inline catalogue_t *loaded (const char *folder)
{
	OWNED (problems) problems = problems_new ();
	catalogue_t *catalogue = NULL;
	err_t err = catalogue_load (folder, &catalogue, problems);

	for (size_t i = 0; i < problems_count (problems) && problems_at (problems, i); i++)
		print_message ("%s\n", problems_at (problems, i)->text_en);
	assert_int_equal (err, ERR_OK);
	return catalogue;
}

static inline catalogue_t *shipped (void)
{
	return loaded (SHIPPED);
}

/* One complaint holds the words. */
static inline bool complains (const problems_t *problems, const char *words)
{
	for (size_t i = 0; i < problems_count (problems) && problems_at (problems, i); i++)
		if (strstr (problems_at (problems, i)->text_en, words) != NULL)
			return true;
	return false;
}

static inline void show_complaints (const problems_t *problems)
{
	for (size_t i = 0; i < problems_count (problems) && problems_at (problems, i); i++)
		print_message ("  %s\n", problems_at (problems, i)->text_en);
}

#endif
