/*
 * The index of names; see names.h.
 *
 * A search walks all of it: ten thousand people are half a megabyte, which is read in well under a
 * millisecond, and parts of a name are found wherever they stand.
 */
#include "agents/ledger/names.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "proto/text.h"

struct name {
	struct person_id person;
	char number[24];
	char *folded;
};

struct names {
	struct name *list;
	size_t count, room;
};

enum change_type { CHANGE_ADD, CHANGE_SET, CHANGE_DROP };

struct change {
	enum change_type type;
	struct name name;
};

struct name_changes {
	struct change *list;
	size_t count, room;
};

/* ---- changes ------------------------------------------------------------------------------------ */

static void wipe_text (char **text)
{
	if (*text == NULL)
		return;
	explicit_bzero (*text, strlen (*text));
	free (*text);
	*text = NULL;
}

name_changes_t *name_changes_new (void)
{
	return must_alloc (sizeof (name_changes_t));
}

void name_changes_destroy (name_changes_t **changes)
{
	if (*changes == NULL)
		return;
	name_changes_cut (*changes, 0);
	free ((*changes)->list);
	free (*changes);
	*changes = NULL;
}

size_t name_changes_count (const name_changes_t *changes)
{
	return changes->count;
}

void name_changes_cut (name_changes_t *changes, size_t count)
{
	while (changes->count > count)
		wipe_text (&changes->list[--changes->count].name.folded);
}

static struct change *next_change (name_changes_t *changes, enum change_type type,
				   const struct person_id *person)
{
	struct change *change;

	if (changes->count == changes->room) {
		changes->room = changes->room > 0 ? 2 * changes->room : 8;
		changes->list = must_realloc (changes->list, changes->room * sizeof *changes->list);
	}
	change = &changes->list[changes->count++];
	*change = (struct change){ .type = type, .name.person = *person };
	return change;
}

static void note_name (struct change *change, const char *number, const char *name)
{
	size_t len = strnlen (number, sizeof change->name.number - 1);

	memcpy (change->name.number, number, len);
	change->name.folded = text_fold (name);
}

void name_changes_add (name_changes_t *changes, const struct person_id *person, const char *number,
		       const char *name)
{
	note_name (next_change (changes, CHANGE_ADD, person), number, name);
}

void name_changes_set (name_changes_t *changes, const struct person_id *person, const char *number,
		       const char *name)
{
	note_name (next_change (changes, CHANGE_SET, person), number, name);
}

void name_changes_drop (name_changes_t *changes, const struct person_id *person)
{
	next_change (changes, CHANGE_DROP, person);
}

/* ---- the index ---------------------------------------------------------------------------------- */

names_t *names_new (void)
{
	return must_alloc (sizeof (names_t));
}

void names_destroy (names_t **names)
{
	if (*names == NULL)
		return;
	for (size_t i = 0; i < (*names)->count; i++)
		wipe_text (&(*names)->list[i].folded);
	free ((*names)->list);
	free (*names);
	*names = NULL;
}

size_t names_count (const names_t *names)
{
	return names->count;
}

static struct name *find (names_t *names, const struct person_id *person)
{
	for (size_t i = names->count; i-- > 0;)
		if (ID_EQUAL (names->list[i].person, *person))
			return &names->list[i];
	return NULL;
}

static void append (names_t *names, struct name *name)
{
	if (names->count == names->room) {
		names->room = names->room > 0 ? 2 * names->room : 64;
		names->list = must_realloc (names->list, names->room * sizeof *names->list);
	}
	names->list[names->count++] = *name;
}

static void drop (names_t *names, struct name *name)
{
	struct name *end = names->list + names->count;

	wipe_text (&name->folded);
	memmove (name, name + 1, (size_t)(end - name - 1) * sizeof *name);
	names->count--;
}

static void apply (names_t *names, struct change *change)
{
	struct name *old = change->type == CHANGE_ADD ? NULL
						      : find (names, &change->name.person);

	if (change->type == CHANGE_ADD) {
		append (names, &change->name);
	} else if (old != NULL && change->type == CHANGE_DROP) {
		drop (names, old);
	} else if (old != NULL) {
		wipe_text (&old->folded);
		*old = change->name;
	} else {
		wipe_text (&change->name.folded);
	}
}

void names_apply (names_t *names, name_changes_t *changes)
{
	for (size_t i = 0; i < changes->count; i++)
		apply (names, &changes->list[i]);
	changes->count = 0;   /* the texts belong to the index now */
}

const struct person_id *names_by_number (const names_t *names, const char *number)
{
	for (size_t i = 0; i < names->count; i++)
		if (strcasecmp (names->list[i].number, number) == 0)
			return &names->list[i].person;
	return NULL;
}

/* Every word of `words`, which is folded, occurs in `folded`. */
static bool has_words (const char *folded, const char *words)
{
	while (*words != '\0') {
		size_t len = strcspn (words, " ");

		if (memmem (folded, strlen (folded), words, len) == NULL)
			return false;
		words += len + (words[len] == ' ' ? 1 : 0);
	}
	return true;
}

static size_t gather (const names_t *names, const char *words, bool whole, size_t max,
		      struct person_id *ret_ids)
{
	size_t count = 0;

	for (size_t i = 0; i < names->count && count < max; i++) {
		const char *folded = names->list[i].folded;

		if (whole ? strcmp (folded, words) == 0 : has_words (folded, words))
			ret_ids[count++] = names->list[i].person;
	}
	return count;
}

size_t names_search (const names_t *names, const char *words, size_t max,
		     struct person_id *ret_ids)
{
	char *folded = text_fold (words);
	size_t count = 0;

	if (folded[0] != '\0')
		count = gather (names, folded, true, max, ret_ids);
	if (folded[0] != '\0' && count == 0)
		count = gather (names, folded, false, max, ret_ids);
	wipe_text (&folded);
	return count;
}
