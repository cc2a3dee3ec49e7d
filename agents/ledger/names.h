/*
 * The index of names in memory: built when the ledger is opened, changed after a commit.  Names are
 * folded (text_fold), so that case, accents and punctuation do not matter.
 */
#ifndef AGENTS_LEDGER_NAMES_H
#define AGENTS_LEDGER_NAMES_H

#include "jembatan/ids.h"

typedef struct names names_t;
typedef struct name_changes name_changes_t;

names_t *names_new (void);
void names_destroy (names_t **names);   /* wipes it */
size_t names_count (const names_t *names);

/* Changes are gathered and applied together, or cut back to an earlier count. */
name_changes_t *name_changes_new (void);
void name_changes_destroy (name_changes_t **changes);
size_t name_changes_count (const name_changes_t *changes);
void name_changes_cut (name_changes_t *changes, size_t count);
void name_changes_add (name_changes_t *changes, const struct person_id *person, const char *number,
		       const char *name);
void name_changes_set (name_changes_t *changes, const struct person_id *person, const char *number,
		       const char *name);
void name_changes_drop (name_changes_t *changes, const struct person_id *person);
void names_apply (names_t *names, name_changes_t *changes);

/* NULL when none. */
const struct person_id *names_by_number (const names_t *names, const char *number);

/* Those whose name has every one of the words in it, in the order in which they were added, at most
 * `max`.  Those whose whole name it is come alone. */
size_t names_search (const names_t *names, const char *words, size_t max,
		     struct person_id *ret_ids);

#endif
