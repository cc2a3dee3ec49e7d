/*
 * Trouble with the hub's custody log.  What the post finds here is told to people and, once, to the
 * coordinators of the network, with the two checkpoints that show it.  A coordinator believes its
 * writer nothing: what the hub's two signatures don't show by themselves, its own post asks the hub.
 *
 *   found: alarm, log.report to each coordinator
 *   reported: by the notes alone -> alarm
 *             two sizes of one log -> the post asks whether they are of one tree -> alarm
 */
#include "agents/desk/inside.h"

#include <string.h>

#include "jembatan/evidence.h"
#include "jembatan/log.h"

#define ALARM_TOLD "log-told"
#define ALARM_DOUBTFUL "log-doubtful"

static const char *const alarms[] = {
	[LOG_IS_SPLIT] = "log-split",
	[LOG_IS_SHRUNK] = "log-split",
	[LOG_IS_RESTARTED] = "log-restarted",
	[LOG_IS_FALSE] = "log-false",
};

/* ---- found here --------------------------------------------------------------------------------- */

static void report (const struct step *step, const struct trouble *trouble,
		    const struct agency_id *to)
{
	struct post_as as = { .to = *to, .class = CLASS_URGENT };
	struct letter letter;
	struct letter_id id;

	letter_begin (step, &letter, KIND_LOG_REPORT, 1);
	letter.body = BODY_LOG_REPORT;
	letter.log_report.trouble = trouble->what;
	letter.log_report.checkpoint = trouble->checkpoint;
	letter.log_report.other = trouble->other;
	letter.log_report.shown = trouble->shown;
	letter.log_report.at_ms = trouble->at_ms;
	if (letter_post (step, &letter, &as, &id) != ERR_OK)
		LOG (FAIL, "desk.log-report-too-large", LOG_A ("to", to));
}

/* Everybody whom the registrar made a coordinator: the log is the whole network's. */
static void report_to_coordinators (const struct step *step, const struct trouble *trouble)
{
	const struct directory_data *data = directory_data (step->desk->parts.directory);

	for (size_t i = 0; i < data->oversight_count; i++) {
		const struct agency_id *to = &data->oversight[i].coordinator;
		const struct member *member = step_member (step, to);

		if (oversight_is_first (data, i) && member != NULL &&
		    member->status == MEMBER_IS_ACTIVE && !agency_id_equal (to, step_self (step)))
			report (step, trouble, to);
	}
}

err_t desk_log_found (desk_t *desk, tx_t *tx, const struct trouble *found)
{
	STEP step = step_inside (desk, tx);
	struct trouble trouble = *found;

	trouble.state = TROUBLE_HOLDS;
	trouble.reporter = (struct agency_id){ "" };
	trouble.at_ms = step.now_ms;
	trouble.alarm = alarms[trouble.what];
	trouble.partner = trouble.shown;
	if (trouble_add (tx, &trouble))
		report_to_coordinators (&step, &trouble);
	step_alarm (&step, trouble.alarm, NULL, &trouble.partner);
	return tx_err (tx);
}

err_t desk_log_trouble (desk_t *desk, tx_t *tx, const char *alarm)
{
	STEP step = step_inside (desk, tx);

	step_alarm (&step, alarm, NULL, NULL);
	return tx_err (tx);
}

/* ---- reported ----------------------------------------------------------------------------------- */

static bool is_coordinator (const struct step *step)
{
	const struct directory_data *data = directory_data (step->desk->parts.directory);

	for (size_t i = 0; i < data->oversight_count; i++)
		if (agency_id_equal (&data->oversight[i].coordinator, step_self (step)))
			return true;
	return false;
}

/* "<network>/<hub>/" of an origin. */
static size_t hub_part (const char *origin)
{
	const char *end = strrchr (origin, '/');

	return end != NULL ? (size_t)(end - origin) : 0;
}

static bool is_of_same_hub (const char *one, const char *other)
{
	return hub_part (one) == hub_part (other) && strncmp (one, other, hub_part (one)) == 0;
}

/* Both are the hub's own words.  Of two sizes only the hub can show whether they are of one tree; it
 * can't when they are not. */
static enum trouble_state judge_notes (enum log_trouble what, const struct checkpoint *one,
				       const struct checkpoint *other)
{
	if (what == LOG_IS_RESTARTED)
		return is_of_same_hub (one->origin, other->origin) &&
				       strcmp (one->origin, other->origin) != 0
			       ? TROUBLE_HOLDS
			       : TROUBLE_DOUBTFUL;
	if (what == LOG_IS_FALSE || strcmp (one->origin, other->origin) != 0)
		return TROUBLE_DOUBTFUL;
	if (one->size == other->size)
		return ID_EQUAL (one->root, other->root) ? TROUBLE_DOUBTFUL : TROUBLE_HOLDS;
	return one->size == 0 || other->size == 0 ? TROUBLE_DOUBTFUL : TROUBLE_UNJUDGED;
}

/* What its writer alone says, without the hub's signature on both, proves nothing to anybody. */
static void judge_report (const struct step *step, const struct letter *letter,
			  struct trouble *trouble)
{
	const directory_t *directory = step->desk->parts.directory;
	struct checkpoint one = { .origin = "" }, other = { .origin = "" };
	bool first = evidence_check_checkpoint (directory, letter->log_report.checkpoint, step->arena,
						&one) == ERR_OK;
	bool second = evidence_check_checkpoint (directory, letter->log_report.other, step->arena,
						 &other) == ERR_OK;

	trouble->origin = first ? one.origin : "";
	trouble->size = first ? one.size : 0;
	trouble->other_size = second ? other.size : 0;
	trouble->state = first && second ? judge_notes (trouble->what, &one, &other)
					 : TROUBLE_DOUBTFUL;
}

/* Everybody tells of a log that was begun anew; whoever knows of it needs no alarm for each. */
static const char *alarm_of (const struct step *step, const struct trouble *trouble)
{
	if (trouble->state == TROUBLE_UNJUDGED)
		return "";
	if (trouble->state == TROUBLE_DOUBTFUL)
		return ALARM_DOUBTFUL;
	if (trouble->what != LOG_IS_RESTARTED)
		return ALARM_TOLD;
	return trouble_found_here (step_ledger (step), trouble->what, trouble->origin)
		       ? ""
		       : alarms[LOG_IS_RESTARTED];
}

/* The evidence stands in the chain of entries, like any letter that accuses somebody should. */
static void write_entry (const struct step *step, const struct received *received)
{
	struct entry entry = step_entry (step, ENTRY_ARRIVED);

	entry.letter = received->header.id;
	entry.partner = received->header.from;
	entry.kind = received->letter.kind;
	entry.body = received->sealed.s;
	entry_add (step->tx, &entry);
}

err_t log_report_received (const struct step *step, const struct received *received)
{
	const struct letter *letter = &received->letter;
	struct trouble trouble = {
		.what = letter->log_report.trouble,
		.checkpoint = letter->log_report.checkpoint,
		.other = letter->log_report.other,
		.shown = letter->log_report.shown,
		.reporter = received->header.from,
		.partner = received->header.from,
		.at_ms = step->now_ms,
	};

	if (!is_coordinator (step))
		return ERR_NOT_ALLOWED;
	write_entry (step, received);
	judge_report (step, letter, &trouble);
	trouble.alarm = alarm_of (step, &trouble);
	if (trouble_add (step->tx, &trouble) && text_given (trouble.alarm))
		step_alarm (step, trouble.alarm, NULL, &trouble.partner);
	return tx_err (step->tx);
}

err_t desk_log_judged (desk_t *desk, tx_t *tx, const struct trouble *trouble, bool holds)
{
	STEP step = step_inside (desk, tx);
	const char *alarm = holds ? ALARM_TOLD : ALARM_DOUBTFUL;

	trouble_judged (tx, trouble->n, holds ? TROUBLE_HOLDS : TROUBLE_DOUBTFUL, alarm);
	step_alarm (&step, alarm, NULL, &trouble->reporter);
	return tx_err (tx);
}
