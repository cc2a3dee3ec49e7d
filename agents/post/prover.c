/*
 * Holds the hub to its log.  Three kinds of questions, one at a time and only while no letter is on the
 * way: is a checkpoint that somebody was shown consistent with the one that we hold; at a coordinator,
 * are the two that somebody reported of one tree; and where are our letters in the newest tree, which
 * must be consistent with ours too.
 *
 * "Ours" is the newest checkpoint that followed from the one before (marks.checkpoint): it goes into
 * HELLO and into every letter.  A contradiction is kept with both notes and rings; the session goes on,
 * because letters are safe with their sender until the recipient's word, and an agency that fell silent
 * would harm its clients more than a log that lies.
 */
#include "agents/post/session.h"

#include <string.h>

#include "jembatan/clock.h"
#include "jembatan/jitter.h"
#include "jembatan/log.h"

#define WANTED_AFTER_MS (10 * MINUTE_MS) /* a letter in custody is asked for by then ... */
#define WANTED_ENOUGH 256u               /* ... or when so many are */
#define PAUSE_MS (1 * SECOND_MS)         /* between questions: letters come first */
#define PAUSE_BUSY_MS (1 * MINUTE_MS)    /* the hub has no time for proofs */
#define SILENT_MS (1 * DAY_MS)           /* put off for longer: it is told */
#define PAUSE_LIED_MS (10 * MINUTE_MS)

static void pause_for (struct post *post, int64_t pause_ms)
{
	post->prover.pause_until_ms = clock_monotonic_ms () + jitter_at_least (pause_ms);
}

/* Whoever lied is not asked at once whether it lies still. */
static void pause_for_lie (struct post *post)
{
	post->prover.lied_until_ms = clock_monotonic_ms () + PAUSE_LIED_MS + randof (PAUSE_LIED_MS / 2);
}

static void unproved (struct post *post, const char *alarm)
{
	post_stop_on (post, desk_log_trouble (post->parts.desk, post_step (post), alarm));
}

static void contradicted (struct post *post, const char *ours, const char *theirs,
			  const struct agency_id *by)
{
	pause_for_lie (post);
	note_contradicted (post, ours, theirs, by);
}

/* ---- what others were shown ------------------------------------------------------------------- */

static struct told_checkpoint *told_slot (struct prover *prover, const struct agency_id *by)
{
	/* The first one may be asked about just now. */
	size_t first = prover->asked && prover->about == ABOUT_TOLD ? 1 : 0;

	for (size_t i = first; i < prover->told_count; i++)
		if (agency_id_equal (&prover->told[i].by, by))
			return &prover->told[i];   /* a later word of the same one says more */
	return prover->told_count < PROVER_TOLD ? &prover->told[prover->told_count++] : NULL;
}

static void told_done (struct prover *prover)
{
	prover->told_count--;
	memmove (&prover->told[0], &prover->told[1], prover->told_count * sizeof prover->told[0]);
}

void prover_told (struct post *post, const struct agency_id *by, const char *note)
{
	static const struct agency_id the_hub;
	struct told_checkpoint *told;
	struct checkpoint seen;

	if (note[0] == '\0' || strcmp (note, post->checkpoint) == 0)
		return;
	if (!note_read (post, note, &seen) || (by == NULL && !note_of_this_log (post, &seen))) {
		LOG (NOTE, "post.checkpoint-invalid", LOG_A ("by", by != NULL ? by : &the_hub));
		if (by == NULL)
			note_is_false (post, note);
		return;
	}
	if (!note_of_this_log (post, &seen) || seen.size == 0)
		return;   /* of a log that ended before ours began: nobody can prove anything of it */
	if (by == NULL && post->checkpoint[0] == '\0') {
		note_adopt (post, note);
		return;
	}
	told = told_slot (&post->prover, by != NULL ? by : &the_hub);
	if (told == NULL)
		return;   /* the sender's next letter brings another one */
	told->by = by != NULL ? *by : the_hub;
	snprintf (told->note, sizeof told->note, "%s", note);
}

/* ---- asking ----------------------------------------------------------------------------------- */

void prover_begin (struct post *post)
{
	post->prover.asked = false;
	post->prover.told_count = 0;
	post->prover.pause_until_ms = post->prover.lied_until_ms = 0;
}

static void ask (struct post *post, struct frame *frame, enum prover_about about)
{
	struct prover *prover = &post->prover;

	prover->asked = true;
	prover->asked_ms = clock_monotonic_ms ();
	prover->about = about;
	snprintf (prover->ours, sizeof prover->ours, "%s", post->checkpoint);
	frame->type = FRAME_PROOF_GET;
	post_send (post, frame);
}

static void ask_between (struct frame *frame, const struct checkpoint *one,
			 const struct checkpoint *other)
{
	frame->proof_get.from_size = one->size < other->size ? one->size : other->size;
	frame->proof_get.to_size = one->size < other->size ? other->size : one->size;
}

static void judged (struct post *post, const struct trouble *report, bool holds)
{
	post_stop_on (post, desk_log_judged (post->parts.desk, post_step (post), report, holds));
}

/* Of the same size nobody has to be asked. */
static void ask_about_told (struct post *post)
{
	struct prover *prover = &post->prover;
	struct told_checkpoint *told = &prover->told[0];
	struct frame frame = { .type = FRAME_PROOF_GET };
	struct checkpoint ours, theirs;

	if (!note_read (post, told->note, &theirs) || !note_of_this_log (post, &theirs)) {
		told_done (prover);
	} else if (!note_read (post, post->checkpoint, &ours) || ours.size == 0) {
		if (told->by.text[0] == '\0')
			note_adopt (post, told->note);
		told_done (prover);
	} else if (told->by.text[0] == '\0' && theirs.size < ours.size) {
		/* A hub that forgot leaves has to begin a new log. */
		contradicted (post, post->checkpoint, told->note, &told->by);
		told_done (prover);
	} else if (ours.size == theirs.size) {
		if (!ID_EQUAL (ours.root, theirs.root))
			contradicted (post, post->checkpoint, told->note, &told->by);
		told_done (prover);
	} else {
		ask_between (&frame, &ours, &theirs);
		ask (post, &frame, ABOUT_TOLD);
	}
}

/* A coordinator asks about what another agency reported, for its own people.  What the hub no longer
 * answers for, because it has begun a new log, nobody can prove any more. */
static void ask_about_report (struct post *post)
{
	struct frame frame = { .type = FRAME_PROOF_GET };
	struct checkpoint one, other;
	struct trouble report;

	if (trouble_unjudged (desk_parts (post->parts.desk)->ledger, post->arena, &report) != ERR_OK)
		return;
	if (report.at_ms > desk_now_ms (post->parts.desk) - SILENT_MS &&
	    note_read (post, report.checkpoint, &one) && note_of_this_log (post, &one) &&
	    note_read (post, report.other, &other)) {
		ask_between (&frame, &one, &other);
		ask (post, &frame, ABOUT_REPORT);
	} else {
		judged (post, &report, false);
	}
}

static void ask_for_letters (struct post *post)
{
	struct prover *prover = &post->prover;
	struct frame frame = { .type = FRAME_PROOF_GET };
	struct hash hashes[PROVER_BATCH];
	uint64_t leaves[PROVER_BATCH];
	struct proof_wanted *wanted;
	struct checkpoint ours;

	prover->wanted_count = proof_wanted (desk_parts (post->parts.desk)->ledger,
					     desk_now_ms (post->parts.desk) - WANTED_AFTER_MS,
					     WANTED_ENOUGH, PROVER_BATCH, post->arena, &wanted);
	if (prover->wanted_count == 0)
		return;
	for (size_t i = 0; i < prover->wanted_count; i++) {
		prover->wanted[i] = wanted[i];
		hashes[i] = wanted[i].header_hash;
		leaves[i] = wanted[i].leaf;
	}
	frame.proof_get.hash_count = prover->wanted_count;
	frame.proof_get.hashes = hashes;
	frame.proof_get.leaves = leaves;
	if (note_read (post, post->checkpoint, &ours))
		frame.proof_get.from_size = ours.size;
	ask (post, &frame, ABOUT_LETTERS);
}

/* A hub that always has no time, or never answers, proves nothing either. */
static void note_silence (struct post *post)
{
	struct proof_counts counts = proof_counts (desk_parts (post->parts.desk)->ledger);

	if (counts.wanted > 0 && counts.oldest_ms < desk_now_ms (post->parts.desk) - SILENT_MS)
		unproved (post, "log-silent");
}

/* It can't be asked again before it has answered, or the session has ended. */
static void watch_silence (struct post *post)
{
	struct prover *prover = &post->prover;

	if (!prover->asked || clock_monotonic_ms () - prover->asked_ms < PAUSE_LIED_MS)
		return;
	prover->asked_ms = clock_monotonic_ms ();
	note_silence (post);
	post_commit (post);
}

static bool may_ask (const struct post *post)
{
	return post->state == POST_OPEN && post->stopped == ERR_OK && !post->prover.asked;
}

static void ask_for_ourselves (struct post *post)
{
	if (clock_monotonic_ms () < post->prover.lied_until_ms)
		return;
	while (post->prover.told_count > 0 && may_ask (post))
		ask_about_told (post);
	if (may_ask (post))
		ask_for_letters (post);
}

/* Reports and our own questions take turns, so that many of the one don't put off the other. */
void prover_pump (struct post *post)
{
	struct prover *prover = &post->prover;

	if (post->state == POST_OPEN)
		watch_silence (post);
	if (!may_ask (post) || post->on_the_way_count > 0 ||
	    clock_monotonic_ms () < prover->pause_until_ms)
		return;
	arena_reset (post->arena);
	if (prover->about != ABOUT_REPORT)
		ask_about_report (post);
	if (may_ask (post))
		ask_for_ourselves (post);
	if (may_ask (post) && prover->about == ABOUT_REPORT)
		ask_about_report (post);
	post_commit (post);
}

/* ---- the hub's answers ------------------------------------------------------------------------ */

static bool follows (const struct frame *frame, const struct checkpoint *older,
		     const struct checkpoint *newer)
{
	return merkle_verify_consistency (older->size, newer->size, frame->proof.consistency,
					  frame->proof.consistency_count, &older->root,
					  &newer->root) == ERR_OK;
}

static bool one_tree (const struct frame *frame, const struct checkpoint *one,
		      const struct checkpoint *other)
{
	return one->size < other->size ? follows (frame, one, other) : follows (frame, other, one);
}

static void judge_told (struct post *post, const struct frame *frame)
{
	struct prover *prover = &post->prover;
	struct told_checkpoint told = prover->told[0];
	struct checkpoint ours, theirs;

	if (frame->proof.put_off) {
		pause_for (post, PAUSE_BUSY_MS);
		return;
	}
	told_done (prover);
	if (!note_read (post, prover->ours, &ours) || !note_read (post, told.note, &theirs))
		return;
	if (!one_tree (frame, &ours, &theirs))
		contradicted (post, prover->ours, told.note, &told.by);
	else if (ours.size < theirs.size)
		note_adopt (post, told.note);
}

static void judge_report (struct post *post, const struct frame *frame)
{
	struct checkpoint one, other;
	struct trouble report;

	if (frame->proof.put_off) {
		pause_for (post, PAUSE_BUSY_MS);
		return;
	}
	if (trouble_unjudged (desk_parts (post->parts.desk)->ledger, post->arena, &report) == ERR_OK &&
	    note_read (post, report.checkpoint, &one) && note_read (post, report.other, &other))
		judged (post, &report, !one_tree (frame, &one, &other));
}

/* The tree that the letters are proved in: signed, of this log, and a later one than ours. */
static bool trust_newest (struct post *post, const struct frame *frame,
			  struct checkpoint *ret_newest)
{
	const char *note = frame->proof.checkpoint, *mine = post->prover.ours;
	struct checkpoint ours;

	if (!note_read (post, note, ret_newest) || !note_of_this_log (post, ret_newest) ||
	    ret_newest->size != frame->proof.tree_size) {
		note_is_false (post, note);
		pause_for_lie (post);
		return false;
	}
	if (note_read (post, mine, &ours) && ours.size > 0 && !follows (frame, &ours, ret_newest)) {
		contradicted (post, mine, note, &(struct agency_id){ "" });
		return false;
	}
	note_adopt (post, note);
	return true;
}

static const struct inclusion *find (const struct frame *frame, const struct proof_wanted *wanted)
{
	for (size_t i = 0; i < frame->proof.inclusion_count; i++) {
		const struct inclusion *one = &frame->proof.inclusions[i];

		if (one->leaf == wanted->leaf && ID_EQUAL (one->header_hash, wanted->header_hash))
			return one;
	}
	return NULL;
}

static bool holds (const struct inclusion *one, const struct checkpoint *newest)
{
	struct hash leaf = leaf_hash (LEAF_TAKEN, &one->header_hash, one->at_ms);

	return merkle_verify_inclusion (one->leaf, newest->size, &leaf, one->path, one->path_count,
					&newest->root) == ERR_OK;
}

static void judge_letter (struct post *post, const struct frame *frame,
			  const struct proof_wanted *wanted, const struct checkpoint *newest,
			  uint64_t kept)
{
	const struct inclusion *one = find (frame, wanted);
	tx_t *tx = post_step (post);
	bool again;

	if (one != NULL && holds (one, newest)) {
		proof_keep (tx, &(struct proof){ .letter = wanted->letter, .leaf = one->leaf,
						 .at_ms = one->at_ms, .path_count = one->path_count,
						 .path = one->path, .checkpoint = kept });
		return;
	}
	again = proof_missing (tx, &wanted->letter);
	LOG (WARN, "post.unproved", LOG_U ("letter", wanted->letter), LOG_N ("again", again));
	unproved (post, "log-unproved");
}

static void judge_letters (struct post *post, const struct frame *frame)
{
	struct prover *prover = &post->prover;
	size_t judged = frame->proof.judged;
	struct checkpoint newest;
	uint64_t kept;

	if (judged > prover->wanted_count)
		judged = prover->wanted_count;
	if (frame->proof.put_off || judged == 0) {
		note_silence (post);
		pause_for (post, PAUSE_BUSY_MS);
		return;
	}
	if (!trust_newest (post, frame, &newest))
		return;
	kept = note_keep (post, &newest, frame->proof.checkpoint, 0);
	for (size_t i = 0; i < judged; i++)
		judge_letter (post, frame, &prover->wanted[i], &newest, kept);
}

static void (*const judges[]) (struct post *, const struct frame *) = {
	[ABOUT_TOLD] = judge_told,
	[ABOUT_REPORT] = judge_report,
	[ABOUT_LETTERS] = judge_letters,
};

void prover_proof (struct post *post, const struct frame *frame)
{
	struct prover *prover = &post->prover;

	if (!prover->asked) {
		post_hang_up (post, ERR_OUT_OF_ORDER);
		return;
	}
	prover->asked = false;
	pause_for (post, PAUSE_MS);
	judges[prover->about] (post, frame);
}
