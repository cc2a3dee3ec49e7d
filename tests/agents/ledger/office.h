/*
 * An office for the ledger's tests: a folder of its own with a ledger and a key file, both gone at
 * the end.
 */
#ifndef TESTS_AGENTS_LEDGER_OFFICE_H
#define TESTS_AGENTS_LEDGER_OFFICE_H

#include "tests/support/unit.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agents/ledger/ledger.h"
#include "agents/ledger/person.h"
#include "agents/ledger/store.h"
#include "jembatan/keys.h"

#define assert_ok(expression) assert_int_equal ((expression), ERR_OK)

struct office {
	char root[64], folder[96], key_file[96];
	ledger_t *ledger;
	arena_t *arena;
};

static inline void office_open (struct office *office)
{
	assert_ok (ledger_open (office->folder, office->key_file, &office->ledger, NULL));
}

static inline void office_reopen (struct office *office)
{
	ledger_destroy (&office->ledger);
	office_open (office);
}

/*
 * Closes the ledger and puts in its place one of an earlier step of the schema with the same data:
 * whatever stood in that step's tables and columns.  It is as an older program left it.
 */
static inline void office_turn_back (struct office *office, unsigned version)
{
	static const char attach[] =
		"SELECT 'INSERT OR REPLACE INTO main.' || name || ' (' || cols || ') SELECT ' || cols ||"
		" ' FROM now.' || name FROM (SELECT name, (SELECT group_concat (name, ', ') FROM"
		" pragma_table_info (old.name, 'main')) AS cols FROM main.sqlite_schema AS old"
		" WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name IN"
		" (SELECT name FROM now.sqlite_schema) ORDER BY rowid)";
	char now[128], old[128], script[256];
	arena_t *arena = arena_new (MIB);
	query_t *query;
	sql_t *sql;

	ledger_destroy (&office->ledger);
	snprintf (old, sizeof old, "%s/ledger.db", office->folder);
	snprintf (now, sizeof now, "%s/now.db", office->folder);
	assert_int_equal (rename (old, now), 0);
	assert_ok (ledger_create_version (office->folder, office->key_file, version, NULL));
	assert_ok (sql_open (old, false, &sql));
	snprintf (script, sizeof script, "ATTACH '%s' AS now; DELETE FROM main.about", now);
	sql_script (sql, script);
	query = QUERY (sql, attach);
	while (sql_next (query))
		sql_script (sql, sql_text (query, arena));
	assert_ok (sql_err (sql));
	sql_destroy (&sql);
	arena_destroy (&arena);
	assert_int_equal (unlink (now), 0);
	assert_ok (ledger_take_as_it_is (office->folder));
}

/* Folder and names, but no ledger. */
static inline struct office *office_bare (void)
{
	struct office *office = calloc (1, sizeof *office);

	assert_ok (keys_start ());
	unit_folder (office->root, sizeof office->root, "ledger");
	snprintf (office->folder, sizeof office->folder, "%s/data", office->root);
	snprintf (office->key_file, sizeof office->key_file, "%s/keys/ledger.key", office->root);
	office->arena = arena_new (64 * MIB);
	return office;
}

static inline int office_setup (void **state)
{
	struct office *office = office_bare ();

	assert_ok (ledger_create (office->folder, office->key_file, NULL));
	office_open (office);
	*state = office;
	return 0;
}

static inline int office_setup_bare (void **state)
{
	*state = office_bare ();
	return 0;
}

static inline void remove_folder (const char *folder)
{
	DIR *dir = opendir (folder);
	struct dirent *entry;
	char path[PATH_MAX];

	while (dir != NULL && (entry = readdir (dir)) != NULL) {
		snprintf (path, sizeof path, "%s/%s", folder, entry->d_name);
		if (entry->d_name[0] != '.')
			unlink (path);
	}
	if (dir != NULL)
		closedir (dir);
	rmdir (folder);
}

static inline int office_teardown (void **state)
{
	struct office *office = *state;
	char keys[96];

	ledger_destroy (&office->ledger);
	arena_destroy (&office->arena);
	snprintf (keys, sizeof keys, "%s/keys", office->root);
	remove_folder (office->folder);
	remove_folder (keys);
	remove_folder (office->root);
	free (office);
	return 0;
}

#define office_test(f) cmocka_unit_test_setup_teardown (f, office_setup, office_teardown)
#define bare_test(f) cmocka_unit_test_setup_teardown (f, office_setup_bare, office_teardown)

static inline struct agency_id agency (const char *text)
{
	struct agency_id id;

	assert_ok (agency_id_parse (text, &id));
	return id;
}

/* A person as an intake would give one. */
static inline struct person somebody (const char *name, const char *nik)
{
	return (struct person){ .name = name, .nik = nik, .birth_date = "1998-03-14", .sex = "male",
				.phone = "+6281234567890", .region = "17.71", .address = "Jl. Merdeka 1",
				.guardian = "", .entry_door = "family", .safe_to_call = "yes",
				.may_leave_message = "no", .who_knows = "ibu" };
}

static inline struct person_id add_person (struct office *office, const char *name, const char *nik)
{
	OWNED (tx) tx = ledger_begin (office->ledger);
	struct person person = somebody (name, nik);

	person_add (tx, &person);
	assert_ok (tx_commit (tx));
	return person.id;
}

/* Whether a text stands in clear in any file of the ledger's folder. */
static inline bool file_has (const char *path, const char *text)
{
	FILE *file = fopen (path, "rbe");
	struct stat about;
	char *data;
	bool found;

	if (file == NULL)
		return false;
	assert_int_equal (fstat (fileno (file), &about), 0);
	data = malloc ((size_t)about.st_size + 1);
	assert_int_equal (fread (data, 1, (size_t)about.st_size, file), about.st_size);
	found = memmem (data, (size_t)about.st_size, text, strlen (text)) != NULL;
	free (data);
	fclose (file);
	return found;
}

static inline bool folder_has (const struct office *office, const char *text)
{
	DIR *dir = opendir (office->folder);
	struct dirent *entry;
	bool found = false;
	char path[PATH_MAX];

	assert_non_null (dir);
	while ((entry = readdir (dir)) != NULL) {
		snprintf (path, sizeof path, "%s/%s", office->folder, entry->d_name);
		if (entry->d_type == DT_REG && file_has (path, text))
			found = true;
	}
	closedir (dir);
	return found;
}

#endif
