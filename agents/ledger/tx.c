/*
 * The transaction, and what must follow it in memory: the head of the chain, the index of names and
 * the kept data keys.
 */
#include "agents/ledger/store.h"

#include <assert.h>
#include <stdlib.h>

#include "jembatan/clock.h"

static const double entry_bounds[HISTOGRAM_BOUNDS] = { 0, 1, 2, 3, 4, 6, 8, 12, 16, 32, 64, 128, 256,
						       1024 };
static const double second_bounds[HISTOGRAM_BOUNDS] = { 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2,
							0.5, 1, 2, 5, 10, 30 };

void commits_start (struct ledger_commits *commits)
{
	commits->entries.bounds = entry_bounds;
	commits->seconds.bounds = second_bounds;
}

const struct ledger_commits *ledger_commits (const ledger_t *ledger)
{
	return &ledger->commits;
}

static struct tx_mark mark_now (const tx_t *tx)
{
	return (struct tx_mark){ tx->ledger->head, name_changes_count (tx->changes) };
}

static void back_to (tx_t *tx, const struct tx_mark *mark)
{
	tx->ledger->head = mark->head;
	name_changes_cut (tx->changes, mark->name_changes);
	keyring_forget (tx->ledger->keys);
}

tx_t *ledger_begin (ledger_t *ledger)
{
	tx_t *tx = must_alloc (sizeof *tx);

	assert (ledger->tx == NULL);
	tx->ledger = ledger;
	tx->changes = name_changes_new ();
	tx->start = mark_now (tx);
	tx->touched = (struct ledger_changes){ 0 };
	tx->open = true;
	ledger->tx = tx;
	sql_forgive (ledger->sql);
	RUN (ledger->sql, "BEGIN IMMEDIATE");
	tx->changed_before = sql_changes (ledger->sql);
	return tx;
}

static void end (tx_t *tx)
{
	sql_forgive (tx->ledger->sql);
	tx->ledger->tx = NULL;
	tx->open = false;
}

static void roll_back (tx_t *tx)
{
	sql_rollback (tx->ledger->sql);
	back_to (tx, &tx->start);
	end (tx);
}

/* The number of this commit; 0 when nothing was changed. */
static uint64_t count (tx_t *tx)
{
	if (sql_changes (tx_sql (tx)) == tx->changed_before)
		return 0;
	return (uint64_t)NUMBER (tx_sql (tx), 0,
				 "UPDATE about SET commits = commits + 1 RETURNING commits");
}

/* What was committed is now true in memory too, and those who wait hear of it. */
static void follow (tx_t *tx)
{
	ledger_t *ledger = tx->ledger;

	names_apply (ledger->names, tx->changes);
	if (tx->erased)
		sql_checkpoint (ledger->sql);
	end (tx);
	if (tx->outbox && ledger->wake != NULL)
		ledger->wake (ledger->wake_arg);
	if (tx->touched.any && ledger->changed != NULL)
		ledger->changed (ledger->changed_arg, &tx->touched);
}

err_t tx_commit (tx_t *tx)
{
	struct ledger_commits *commits = &tx->ledger->commits;
	int64_t began_ms = clock_monotonic_ms ();
	sql_t *sql = tx->ledger->sql;
	uint64_t number;
	err_t err;

	assert (tx->open);
	assert (tx->mark_count == 0);
	if (sql_changes (sql) != tx->changed_before)
		repeat_mark (tx);
	entry_save_head (tx);
	number = count (tx);
	RUN (sql, "COMMIT");
	err = sql_err (sql);
	if (err != ERR_OK) {
		roll_back (tx);
		return err;
	}
	if (number > 0)
		tx->ledger->repeating.marked = tx->ledger->repeating.on;
	if (number > 0)
		highwater_note (tx->ledger->highwater, &tx->ledger->store_id, number);
	histogram_add (&commits->entries, (double)(tx->ledger->head.n - tx->start.head.n));
	histogram_add (&commits->seconds, (double)(clock_monotonic_ms () - began_ms) / 1000);
	follow (tx);
	return ERR_OK;
}

void tx_destroy (tx_t **tx)
{
	if (*tx == NULL)
		return;
	if ((*tx)->open)
		roll_back (*tx);
	name_changes_destroy (&(*tx)->changes);
	free (*tx);
	*tx = NULL;
}

ledger_t *tx_ledger (tx_t *tx)
{
	return tx->ledger;
}

err_t tx_err (const tx_t *tx)
{
	return sql_err (tx->ledger->sql);
}

/* ---- savepoints --------------------------------------------------------------------------------- */

void tx_mark (tx_t *tx)
{
	assert (tx->open && tx->mark_count < TX_MARKS);
	tx->marks[tx->mark_count++] = mark_now (tx);
	RUN (tx_sql (tx), "SAVEPOINT mark");
}

void tx_keep (tx_t *tx)
{
	assert (tx->open && tx->mark_count > 0);
	tx->mark_count--;
	RUN (tx_sql (tx), "RELEASE mark");
}

/* A failure of the disk outlives the savepoint, any other is undone with it. */
static bool may_forgive (const tx_t *tx)
{
	return err_lane (tx_err (tx)) == LANE_REFUSE;
}

void tx_undo (tx_t *tx)
{
	assert (tx->open && tx->mark_count > 0);
	back_to (tx, &tx->marks[--tx->mark_count]);
	if (may_forgive (tx))
		sql_forgive (tx_sql (tx));
	RUN (tx_sql (tx), "ROLLBACK TO mark");
	RUN (tx_sql (tx), "RELEASE mark");
}
