/* What a commit changed; see changes.h. */
#include "agents/ledger/changes.h"

#include <string.h>

#include "agents/ledger/store.h"

static void add_thread (struct ledger_changes *changes, const struct thread_id *id)
{
	if (ID_IS_NONE (*id))
		return;
	for (size_t i = 0; i < changes->thread_count; i++)
		if (ID_EQUAL (changes->threads[i], *id))
			return;
	if (changes->thread_count == CHANGES_OF_ONE)
		changes->more = true;
	else
		changes->threads[changes->thread_count++] = *id;
}

static void add_person (struct ledger_changes *changes, const struct person_id *id)
{
	if (ID_IS_NONE (*id))
		return;
	for (size_t i = 0; i < changes->person_count; i++)
		if (ID_EQUAL (changes->people[i], *id))
			return;
	if (changes->person_count == CHANGES_OF_ONE)
		changes->more = true;
	else
		changes->people[changes->person_count++] = *id;
}

void changes_add (struct ledger_changes *changes, const struct ledger_changes *more)
{
	changes->any = changes->any || more->any;
	changes->alarms = changes->alarms || more->alarms;
	changes->more = changes->more || more->more;
	for (size_t i = 0; i < more->thread_count; i++)
		add_thread (changes, &more->threads[i]);
	for (size_t i = 0; i < more->person_count; i++)
		add_person (changes, &more->people[i]);
}

void changes_entry (struct ledger_changes *changes, const struct entry *entry)
{
	if (!entry_type_changes (entry->type))
		return;
	changes->any = true;
	changes->alarms = changes->alarms || entry->type == ENTRY_ALARM;
	add_thread (changes, &entry->thread);
	add_person (changes, &entry->person);
}

void ledger_on_changes (ledger_t *ledger,
			void (*changed) (void *arg, const struct ledger_changes *changes), void *arg)
{
	ledger->changed = changed;
	ledger->changed_arg = arg;
}
