/*
 * The ledger: everything an agency knows, in one SQLite file.  All SQL of the agent is in this
 * folder, one noun per file; whoever is above speaks in nouns and transactions.
 *
 * Invariants:
 *   L1  entries are append-only and hash-chained over ciphertext;
 *   L2  whatever identifies or describes a person is sealed with that person's data key, which is
 *       itself sealed with the ledger key; erasing a person deletes the wrapped key;
 *   L3  a step is one transaction: entry, projection, outbox and receipt together or not at all;
 *   L4  in clear are only kind, lifecycle state, agencies, dates, random ids.
 */
#ifndef AGENTS_LEDGER_LEDGER_H
#define AGENTS_LEDGER_LEDGER_H

#include "jembatan/ids.h"
#include "jembatan/limits.h"
#include "jembatan/problem.h"
#include "jembatan/vault.h"
#include "proto/metrics.h"

typedef struct ledger ledger_t;
typedef struct tx tx_t;

/* Makes folder/ledger.db and the key file (0600, outside the data folder).  A key file that is there
 * already serves the new ledger; ERR_EXISTS when there is a ledger. */
MUST_USE err_t ledger_create (const char *folder, const char *key_file, problems_t *problems);

/*
 * Opens, locks the folder (ERR_IN_USE), migrates forward (ERR_NEWER_STORE for a newer schema),
 * unlocks with the key file (ERR_KEY_FILE, ERR_LEDGER_LOCKED when that is under a passphrase) and builds the name index in memory.  ERR_CORRUPT when
 * the ledger contradicts itself, ERR_GONE_BACK when it has lost what was committed in it.  The caller
 * owns it.
 */
MUST_USE err_t ledger_open (const char *folder, const char *key_file, ledger_t **ret_ledger,
			    problems_t *problems);
/* The same with a key that is there already; of `key_name` ERR_KEY_FILE is told. */
MUST_USE err_t ledger_unlock (const char *folder, const vault_t *key, const char *key_name,
			      ledger_t **ret_ledger, problems_t *problems);
void ledger_destroy (ledger_t **ledger);

/* The key with which it was opened; borrowed. */
const vault_t *ledger_key (const ledger_t *ledger);

/* Somebody decided to go on with what this folder holds, although it has come further: it is opened
 * next without ERR_GONE_BACK.  For ledger_restored.  ERR_FILE. */
MUST_USE err_t ledger_take_as_it_is (const char *folder);

struct store_id ledger_store_id (const ledger_t *ledger);

/*
 * An opened ledger is a copy of an earlier time, and goes on from here as a new store: it gets a new
 * store id and names the one that it takes over until the hub has accepted that; it forgets the
 * hub's marks, so that what has no stored-receipt is put again with the same bytes; and it notes that
 * every partner must be told (resume.h).  Letters that were written and not yet sealed may have gone
 * out after the copy was made: they wait up to RESUME_WAIT_MS for their recipient's word.  Restoring
 * again before the hub has heard of it takes over the same id.  Own transaction.
 */
#define RESUME_WAIT_MS (24 * HOUR_MS)
MUST_USE err_t ledger_restored (ledger_t *ledger);

/* Begins the one transaction that may be open.  Destroying it without commit rolls back.
 * IMMEDIATE; `OWNED (tx) tx = ledger_begin (ledger);` */
tx_t *ledger_begin (ledger_t *ledger);
MUST_USE err_t tx_commit (tx_t *tx);      /* ERR_IO, ERR_NO_SPACE; then everything was rolled back */
void tx_destroy (tx_t **tx);
ledger_t *tx_ledger (tx_t *tx);

/* A savepoint inside the transaction, so that one bad letter of a batch undoes only itself. */
void tx_mark (tx_t *tx);
void tx_keep (tx_t *tx);
void tx_undo (tx_t *tx);

/* Once a statement failed for a reason of the disk, every later one and the commit report it.  So do
 * ERR_CONFLICT (something is there already), ERR_TOO_LARGE and ERR_ERASED, which tx_undo forgives. */
MUST_USE err_t tx_err (const tx_t *tx);

/* Why nothing that was read lately may be trusted: the disk failed, or the file contradicts itself.  It
 * stays until the ledger is opened anew; ERR_OK while all is well. */
MUST_USE err_t ledger_failed (const ledger_t *ledger);

/* Free disk at the ledger; INT64_MAX when it can't be told, because a disk that is full says so itself. */
int64_t ledger_room_bytes (const ledger_t *ledger);

/* Called after each commit that put something in the outbox; the post wakes up by it. */
void ledger_on_outbox (ledger_t *ledger, void (*wake) (void *arg), void *arg);

/* Small settings of the agency: "hub_store_id", "directory", ... NULL data when unset. */
struct bytes ledger_setting (ledger_t *ledger, const char *name, arena_t *arena);
void ledger_set (tx_t *tx, const char *name, struct bytes value);

/* Walks the whole chain.  ERR_CORRUPT with the number of the entry that does not fit. */
MUST_USE err_t ledger_verify (ledger_t *ledger, uint64_t *ret_entries, uint64_t *ret_bad);

/* Bytes on disk, number of entries, of people. */
/* Of this run: entries in each commit, and how long it took until it was durable. */
struct ledger_commits { struct histogram entries, seconds; };
const struct ledger_commits *ledger_commits (const ledger_t *ledger);

struct ledger_size { uint64_t bytes, entries, people; };
struct ledger_size ledger_size (ledger_t *ledger);

#endif
