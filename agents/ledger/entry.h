/*
 * Entries: the append-only, hash-chained record of everything that happened.
 *
 *   hash = BLAKE2b-256 ("JMBTN-entry-v1\0" | previous hash | the row's clear columns and ciphertext,
 *          each behind its length)
 *
 * The body is sealed with the person's data key, or the ledger's own when no person is concerned.
 */
#ifndef AGENTS_LEDGER_ENTRY_H
#define AGENTS_LEDGER_ENTRY_H

#include "agents/ledger/ledger.h"

enum entry_type {                /* stored: never renumber */
	ENTRY_SENT = 1,          /* a letter was written */
	ENTRY_ARRIVED = 2,       /* a letter was stored */
	ENTRY_RECEIPT = 3,       /* the recipient's or the hub's word about a letter of ours */
	ENTRY_INTAKE = 4,
	ENTRY_CONSENT = 5,       /* given, withdrawn, stopped */
	ENTRY_LOOKED = 6,        /* a person's record was opened */
	ENTRY_DEADLINE = 7,      /* missed, escalated */
	ENTRY_ALARM = 8,
	ENTRY_QUARANTINE = 9,
	ENTRY_HELD = 10,
	ENTRY_SYSTEM = 11,       /* directory, keys, stores, imported lists */
	ENTRY_RELEASE = 12,      /* when a prisoner will be released; the word is the date */
	ENTRY_REMINDER = 13,     /* done without a letter; the body is the reason */
	ENTRY_DISCLOSED = 14,    /* an evidence pack was given out; the body is the reason */
	ENTRY_RECALL = 15,       /* a person here wants a letter back; a thread ended by that */
	ENTRY_DOOR = 16,         /* sign-in, sign-out, accounts, keys; the body says whose */
};
const char *entry_type_name (enum entry_type type);
/* Whether there is something new to be shown afterwards; a look at a record is noted only. */
bool entry_type_changes (enum entry_type type);

struct entry {
	uint64_t n;                      /* given by entry_add, from 1 */
	enum entry_type type;
	int64_t at_ms;
	struct person_id person;         /* none = the agency's own */
	struct thread_id thread;
	struct letter_id letter;
	struct agency_id partner;        /* empty text = none */
	const char *kind;                /* letter kind or ""; clear */
	const char *state_from, *state_to;   /* clear; "" = none */
	const char *word;                /* error name, receipt status, ...; clear; "" */
	const char *user;                /* sealed with the body */
	struct bytes body;               /* sealed: letter bytes S, or empty */
};

/* Appends; fills entry->n.  Failures of the disk are kept in the tx. */
void entry_add (tx_t *tx, struct entry *entry);

/* Entries by rising n, of a person, a thread or all (both none), from `after`; at most `max`.
 * Opened into the arena; an erased person's come with an empty body and user. */
size_t entry_list (ledger_t *ledger, const struct person_id *person, const struct thread_id *thread,
		   uint64_t after, size_t max, arena_t *arena, struct entry **ret_entries);

/* The newest entry of that type about a person; ERR_NOT_FOUND. */
MUST_USE err_t entry_newest (ledger_t *ledger, const struct person_id *person, enum entry_type type,
			     arena_t *arena, struct entry *ret_entry);
/* Letters of this kind about a person, written or stored here, newest first, at most `max`; opened
 * like the others. */
size_t entry_find (ledger_t *ledger, const struct person_id *person, const char *kind, size_t max,
		   arena_t *arena, struct entry **ret_entries);
/* Letters about a person by kind, written or stored here; ours that came back do not count. */
struct entry_sum {
	const char *kind;
	uint64_t count;
	int64_t first_ms, last_ms;
};
size_t entry_sums (ledger_t *ledger, const struct person_id *person, arena_t *arena,
		   struct entry_sum **ret_sums);
/* Looks at a person's record, or at anybody's (NULL), newest first, with n below `before` (0 = all), at
 * most `max`; what the door noted is listed in the same way. */
size_t entry_looks (ledger_t *ledger, const struct person_id *person, uint64_t before, size_t max,
		    arena_t *arena, struct entry **ret_entries);
/* The reason that this user gave last for looking at the person, since then; none when they gave none. */
struct bytes entry_look_reason (ledger_t *ledger, const struct person_id *person, const char *user,
				int64_t since_ms, arena_t *arena);
/* Whether this user works with the person: took them in, or wrote or received a consent or a letter, as
 * far as the newest few hundred entries tell. */
bool entry_by_worker (ledger_t *ledger, const struct person_id *person, const char *user);
size_t entry_doors (ledger_t *ledger, uint64_t before, size_t max, arena_t *arena,
		    struct entry **ret_entries);
/* The newest ENTRY_RELEASE of each person whose date lies in [from, before), by date and entry, behind that
 * place ("" and 0 = from the first). */
size_t entry_releases (ledger_t *ledger, const char *from, const char *before,
		       const char *after_date, uint64_t after_n, size_t max, arena_t *arena,
		       struct entry **ret_entries);
/* When the newest entry of this type in the thread was written; 0 = there is none. */
int64_t entry_last_ms (ledger_t *ledger, enum entry_type type, const struct thread_id *thread);

#endif
