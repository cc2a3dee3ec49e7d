/*
 * open-ledger FOLDER KEY-FILE: what a ledger says of people and letters to whoever has its key, as raw
 * bytes on standard output: people, threads, entries with their letters, what came in with its header.  The
 * demo and the stories search it for words that must not be there; it is not installed.  The agent
 * must be stopped, or FOLDER be a copy.
 */
#include <stdio.h>

#include "agents/ledger/entry.h"
#include "agents/ledger/inbox.h"
#include "agents/ledger/person.h"
#include "agents/ledger/thread.h"
#include "jembatan/keys.h"

#define AT_ONCE 64u
#define ARENA_BYTES (64u * MIB)

static void say (const char *text)
{
	if (text != NULL && *text != '\0')
		puts (text);
}

static void say_bytes (struct bytes bytes)
{
	if (bytes.len > 0)
		fwrite (bytes.data, 1, bytes.len, stdout);
	putchar ('\n');
}

static void say_person (ledger_t *ledger, const struct person_id *id, arena_t *arena)
{
	struct person person;

	if (person_get (ledger, id, arena, &person) != ERR_OK)
		return;
	const char *texts[] = { person.name, person.nik, person.birth_date, person.sex,
				person.phone, person.region, person.address, person.guardian,
				person.entry_door, person.safe_to_call,
				person.may_leave_message, person.who_knows, person.case_manager };

	for (size_t i = 0; i < COUNT_OF (texts); i++)
		say (texts[i]);
}

static void say_entries (ledger_t *ledger)
{
	OWNED (arena) arena = arena_new (ARENA_BYTES);
	struct entry *entries;
	uint64_t after = 0;
	size_t count;

	while ((count = entry_list (ledger, NULL, NULL, after, AT_ONCE, arena, &entries)) > 0) {
		for (size_t i = 0; i < count; i++) {
			const char *texts[] = { entries[i].partner.text, entries[i].kind,
						entries[i].state_from, entries[i].state_to,
						entries[i].word, entries[i].user };

			for (size_t k = 0; k < COUNT_OF (texts); k++)
				say (texts[k]);
			say_bytes (entries[i].body);
			if (!ID_IS_NONE (entries[i].person))
				say_person (ledger, &entries[i].person, arena);
		}
		after = entries[count - 1].n;
		arena_reset (arena);
	}
}

static void say_threads (ledger_t *ledger)
{
	OWNED (arena) arena = arena_new (ARENA_BYTES);
	struct thread *threads;
	size_t count = thread_list (ledger, BOX_ALL, NULL, NULL, 0, 10000, arena, &threads);

	for (size_t i = 0; i < count; i++) {
		const char *texts[] = { threads[i].type, threads[i].partner.text, threads[i].state,
					threads[i].overlay, threads[i].ladder, threads[i].service,
					threads[i].purpose };

		for (size_t k = 0; k < COUNT_OF (texts); k++)
			say (texts[k]);
	}
}

static void say_inbox (ledger_t *ledger)
{
	for (enum inbox_state state = INBOX_APPLIED; state <= INBOX_ERASED; state++) {
		OWNED (arena) arena = arena_new (ARENA_BYTES);
		struct inbox_row *rows;
		size_t count = inbox_list (ledger, state, NULL, 0, 10000, arena, &rows);

		for (size_t i = 0; i < count; i++) {
			say_bytes (rows[i].h);
			say_bytes (rows[i].s);
		}
	}
}

int main (int argc, char **argv)
{
	OWNED (problems) problems = problems_new ();
	OWNED (ledger) ledger = NULL;

	if (argc != 3) {
		fputs ("open-ledger FOLDER KEY-FILE\n", stderr);
		return 64;
	}
	if (keys_start () != ERR_OK ||
	    ledger_open (argv[1], argv[2], &ledger, problems) != ERR_OK) {
		const struct problem *problem = problems_at (problems, 0);

		fprintf (stderr, "%s\n", problem != NULL ? problem->text_en : "can't be opened");
		return 1;
	}
	say_entries (ledger);
	say_threads (ledger);
	say_inbox (ledger);
	return 0;
}
