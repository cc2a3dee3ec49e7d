/*
 * What time brings besides late answers: letters that nobody took, bodies that nobody may keep,
 * letters that were withheld, letters that a newer catalogue knows, a directory and a calendar that
 * run out.
 */
#include "agents/desk/inside.h"

#include "agents/ledger/resume.h"

#define TICK_MAX 256 /* of each sort in one tick; the next tick takes the rest */

static void look_at_stat (const struct step *step)
{
	struct outbox_row *rows;
	size_t count = outbox_silent_stat (
		step_ledger (step), step->now_ms - STAT_ALARM_MS, step->arena, &rows);

	for (size_t i = 0; i < count; i++)
		step_alarm (step, "stat-silent", &rows[i].thread, &rows[i].to);
}

static void look_at_waiting (const struct step *step, enum inbox_state state,
			     const char *alarm)
{
	OWNED (arena) arena = arena_new (LIST_ARENA_BYTES);
	struct inbox_row *rows;
	size_t count = inbox_untold (step_ledger (step), state,
				     step->now_ms - ORPHAN_WAIT_MS, TICK_MAX, arena, &rows);

	for (size_t i = 0; i < count; i++) {
		/* It counts from its first arrival, and what it waits for may be given back yet. */
		if (resume_waits (step_ledger (step), &rows[i].from, step->now_ms))
			continue;
		step_alarm (step, alarm, &rows[i].thread, &rows[i].from);
		inbox_told (step->tx, &rows[i].from, &rows[i].id);
	}
}

/* Nobody consented in time: the body goes, the hash stays, and the sender hears of it. */
static void look_at_held (const struct step *step)
{
	OWNED (arena) arena = arena_new (LIST_ARENA_BYTES);
	struct inbox_row *rows;
	size_t count = inbox_heads (step_ledger (step), INBOX_HELD,
				    step->now_ms - HELD_DELETE_MS, TICK_MAX, arena, &rows);

	for (size_t i = 0; i < count; i++) {
		struct receipt receipt = rows[i].receipt;
		struct entry entry = step_entry (step, ENTRY_HELD);

		inbox_erase_body (step->tx, &rows[i].from, &rows[i].id);
		inbox_set_state (step->tx, &rows[i].from, &rows[i].id, INBOX_ERASED,
				 rows[i].code);
		receipt.status = RECEIPT_IS_REFUSED;
		receipt.code = rows[i].code;
		receipt.at_ms = step->now_ms;
		receipt_owe (step->tx, &rows[i].from, &receipt);
		inbox_set_receipt (step->tx, &rows[i].from, &receipt);
		entry.letter = rows[i].id;
		entry.partner = rows[i].from;
		entry.kind = rows[i].kind;
		entry.word = "erased";
		entry_add (step->tx, &entry);
	}
}

/* What the hub has set aside is not withheld; but a hub that only says so must be found out, so this
 * holds for so long and no longer. */
static bool is_set_aside (const struct step *step, const struct pair_gap *gap)
{
	return step->now_ms - gap->since_ms < ASIDE_MOST_MS && aside_waits (step, &gap->from);
}

static void look_at_gaps (const struct step *step)
{
	struct pair_gap *gaps;
	size_t count = pair_gaps (step_ledger (step), step->now_ms - GAP_REPORT_MS,
				  step->arena, &gaps);

	for (size_t i = 0; i < count; i++) {
		if (is_set_aside (step, &gaps[i]))
			continue;
		step_alarm (step, "withheld", NULL, &gaps[i].from);
		pair_gap_reported (step->tx, &gaps[i]);
	}
}

static void look_at_directory (const struct step *step)
{
	switch (directory_age (step->desk->parts.directory, step->now_ms)) {
	case DIRECTORY_FRESH: return;
	case DIRECTORY_ENDING: step_alarm (step, "directory-ending", NULL, NULL); return;
	case DIRECTORY_PAST: step_alarm (step, "directory-past", NULL, NULL); return;
	case DIRECTORY_DEGRADED:
		step_alarm (step, "directory-degraded", NULL, NULL);
		return;
	}
}

/* Working days are counted wrongly in a year whose holidays nobody has entered. */
static void look_at_holidays (const struct step *step)
{
	const catalogue_t *catalogue = step->desk->parts.catalogue;
	const struct member *self = step_member (step, step_self (step));
	int month;
	int64_t year = day_year (
		local_day (step->now_ms, self != NULL ? self->region : ""), &month);

	if (catalogue_has_holidays (catalogue, year) &&
	    (month < 12 || catalogue_has_holidays (catalogue, year + 1)))
		alarm_settle (step->tx, "holidays-missing", NULL);
	else
		step_alarm (step, "holidays-missing", NULL, NULL);
}

/* Only where somebody has told the desk of backups: it makes none itself. */
static void look_at_backup (const struct step *step)
{
	int64_t since_ms = desk_backup_since_ms (step->desk);

	if (since_ms == 0)
		return;
	if (step->now_ms - since_ms >= BACKUP_OLD_MS)
		step_alarm (step, "backup-old", NULL, NULL);
	else
		alarm_settle (step->tx, "backup-old", NULL);
}

static void look_at_certificate (const struct step *step)
{
	if (step->desk->certificate != ERR_OK)
		step_alarm (step, "console-certificate", NULL, NULL);
	else
		alarm_settle (step->tx, "console-certificate", NULL);
}

/* What the passing of time alone asks for. */
static void look_at_time (const struct step *step)
{
	deadlines_look (step);
	look_at_stat (step);
	look_at_waiting (step, INBOX_ORPHAN, "orphan");
	look_at_waiting (step, INBOX_PARKED, "event-missing");
	look_at_held (step);
	look_at_gaps (step);
	attachment_sweep (step->tx, step->now_ms - DAY_MS);
	/* Room for new ones comes before what may never be asked for. */
	attachment_let_go (step->tx, attachment_fits (step_ledger (step), LIMIT_BLOB_BYTES)
					     ? step->now_ms
					     : INT64_MAX);
	look_at_directory (step);
	look_at_holidays (step);
	look_at_backup (step);
	look_at_certificate (step);
}

err_t desk_tick (desk_t *desk)
{
	STEP step = step_open (desk, &machine_actor);
	uint64_t seen = desk->unknown_seen;
	err_t err = unknown_look (&step, &seen);

	if (err != ERR_OK)
		return err;
	time_keep (desk, step.tx);
	resume_tell (&step);
	resume_give (&step);
	if (!time_doubtful (desk)) {
		err = unopened_look (&step);
		if (err != ERR_OK)
			return err;
		look_at_time (&step);
	}
	desk_write_receipts (desk, step.tx);
	desk_write_chain_events (desk, step.tx);
	err = step_commit (&step);
	if (err == ERR_OK)
		desk->unknown_seen = seen;
	return err;
}
