/* A copy of the shipped catalogue in which one text of one file is replaced by another. */
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

static inline void copy_file (const char *folder, const char *name, const char *changed,
			      const char *old, const char *new)
{
	char from[512], to[512];
	char *text;
	FILE *out;

	snprintf (from, sizeof from, "%s/%s", SHIPPED, name);
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

static const char *const shipped_files[] = { "words.json", "holidays.json", "referral.json",
					     "consent.json", "loop.json" };

static inline char *folder_with (char folder[64], const char *file, const char *old, const char *new)
{
	strcpy (folder, "/tmp/catalogue-test-XXXXXX");
	assert_non_null (mkdtemp (folder));
	for (size_t i = 0; i < COUNT_OF (shipped_files); i++)
		copy_file (folder, shipped_files[i], file, old, new);
	return folder;
}

static inline void folder_remove (const char *folder)
{
	char path[512];

	for (size_t i = 0; i < COUNT_OF (shipped_files); i++) {
		snprintf (path, sizeof path, "%s/%s", folder, shipped_files[i]);
		unlink (path);
	}
	rmdir (folder);
}

static inline catalogue_t *shipped (void)
{
	OWNED (problems) problems = problems_new ();
	catalogue_t *catalogue = NULL;
	err_t err = catalogue_load (SHIPPED, &catalogue, problems);

	for (size_t i = 0; i < problems_count (problems) && problems_at (problems, i); i++)
		print_message ("%s\n", problems_at (problems, i)->text_en);
	assert_int_equal (err, ERR_OK);
	return catalogue;
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
