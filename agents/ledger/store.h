/*
 * What the nouns of this folder share and nobody else sees: the open ledger, its transaction, and
 * sealing by person.
 */
#ifndef AGENTS_LEDGER_STORE_H
#define AGENTS_LEDGER_STORE_H

#include "agents/ledger/changes.h"
#include "agents/ledger/keyring.h"
#include "agents/ledger/ledger.h"
#include "agents/ledger/names.h"
#include "agents/ledger/pack.h"
#include "agents/ledger/repeat.h"
#include "agents/ledger/sql.h"
#include "jembatan/vault.h"
#include "proto/highwater.h"

#define TX_MARKS 8u

/* The newest entry. */
struct head {
	uint64_t n;
	struct hash hash;
};

/* The write under way that may be asked for again. */
struct repeating {
	bool on, marked;             /* a commit wrote the mark */
	struct repeat repeat;
	int64_t at_ms;
};

struct ledger {
	char *path;
	int lock;                    /* descriptor that holds the folder */
	sql_t *sql;
	keyring_t *keys;
	vault_t *own, *blind;        /* what belongs to nobody; the index of NIK */
	names_t *names;              /* follows commits, never runs ahead of them */
	struct store_id store_id;
	struct head head;
	highwater_t *highwater;
	tx_t *tx;                    /* the open one */
	struct ledger_commits commits;
	void (*wake) (void *arg);
	void *wake_arg;
	void (*changed) (void *arg, const struct ledger_changes *changes);
	void *changed_arg;
	struct repeating repeating;
};

void commits_start (struct ledger_commits *commits);

/* What a mark (or the beginning) must bring back in memory. */
struct tx_mark {
	struct head head;
	size_t name_changes;
};

struct tx {
	ledger_t *ledger;
	bool open;                   /* neither committed nor rolled back yet */
	uint64_t changed_before;     /* rows, since the ledger was opened */
	struct tx_mark start, marks[TX_MARKS];
	size_t mark_count;
	name_changes_t *changes;     /* of the index of names; applied after the commit */
	struct ledger_changes touched;
	bool outbox;                 /* something was put in it */
	bool erased;                 /* somebody was erased: the log must be cut after the commit */
};

static inline sql_t *tx_sql (tx_t *tx)
{
	return tx->ledger->sql;
}

/*
 * Sealing for a person, or with the ledger's own key for none.  `place` names table and row.  When
 * the person was erased there is no key: both give nothing.  A sealed string that does not open
 * means that the ledger contradicts itself.
 */
struct place {
	const char *table;
	struct bytes row, more;      /* the row's key; a second part of it, or a column */
};
struct bytes seal (ledger_t *ledger, const struct person_id *person, struct place place,
		   struct bytes plain, arena_t *arena);
/* False when the arena is full. */
bool unseal (ledger_t *ledger, const struct person_id *person, struct place place,
	     struct bytes sealed, arena_t *arena, struct bytes *ret_plain);

/* Whether a key opens it: the question that is asked before there is trust in the ledger. */
bool opens (const vault_t *key, struct place place, struct bytes sealed, arena_t *arena,
	    struct bytes *ret_plain);

/* "K-2026-0003": the next number of a letter in the year of WIB. */
struct number {
	char letter;
	unsigned year, serial;
};
struct number number_next (tx_t *tx, char letter, int64_t at_ms);
void number_text (const struct number *number, char text[24]);
/* Reads "R-2026-0007", "2026-7", "R-7" or "7"; missing parts are 0. */
MUST_USE err_t number_parse (const char *words, struct number *ret_number);

/* What repeat.c lends to a commit that changes something. */
void repeat_mark (tx_t *tx);

/* What entry.c lends to opening. */
MUST_USE err_t entry_load_head (ledger_t *ledger);
void entry_save_head (tx_t *tx);

/* What clause.c lends to opening: clauses of an older ledger get their grantor. */
void clause_name_grantors (ledger_t *ledger);

/* What word.c lends to opening: receipts letters of an older ledger are read for their words. */
void word_read_older (ledger_t *ledger);

/* What person.c lends to opening. */
void person_load_names (ledger_t *ledger);

/* ledger_create up to a step of the schema. */
MUST_USE err_t ledger_create_version (const char *folder, const char *key_file, unsigned version,
				      problems_t *problems);

#endif
