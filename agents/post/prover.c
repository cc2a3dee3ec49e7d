/*
 * Holds the hub to its log.  Two kinds of questions, one at a time and only while no letter is on the
 * way: is a checkpoint that somebody was shown consistent with the one that we hold; and where are our
 * letters in the newest tree, which must be consistent with ours too.
 *
 * "Ours" is the newest checkpoint that followed from the one before (marks.checkpoint): it goes into
 * HELLO and into every letter.  A contradiction is kept with both notes and rings; the session goes on,
 * because letters are safe with their sender until the recipient's word, and an agency that fell silent
 * would harm its clients more than a log that lies.
 */
#include "agents/post/session.h"

#include <string.h>

#include "jembatan/clock.h"
#include "jembatan/log.h"

#define WANTED_AFTER_MS (10 * MINUTE_MS) /* a letter in custody is asked for by then ... */
#define WANTED_ENOUGH 256u               /* ... or when so many are */
#define PAUSE_MS (1 * SECOND_MS)         /* between questions: letters come first */
#define PAUSE_BUSY_MS (1 * MINUTE_MS)    /* the hub has no time for proofs */
#define SILENT_MS (1 * DAY_MS)           /* put off for longer: it is told */
#define PAUSE_LIED_MS (10 * MINUTE_MS)

/* ---- what the hub signed ---------------------------------------------------------------------- */

static bool read_note (struct post *post, const char *note, struct checkpoint *ret_checkpoint)
{
	return note[0] != '\0' && post->hub != NULL &&
	       checkpoint_read (note, post->hub->id, &post->hub->log_key, post->arena,
				ret_checkpoint) == ERR_OK;
}

/* "<network>/<hub>/<store id>" of the hub's present store. */
static bool of_this_log (const struct post *post, const struct checkpoint *checkpoint)
{
	const struct directory_data *data = directory_data (desk_parts (post->parts.desk)->directory);
	char origin[3 * LIMIT_NAME_BYTES], store[UUID_TEXT];

	snprintf (origin, sizeof origin, "%s/%s/%s", data->network, post->hub->id,
		  uuid_text (post->marks.hub_store_id.b, store));
	return strcmp (origin, checkpoint->origin) == 0;
}

static void adopt (struct post *post, const char *note)
{
	snprintf (post->checkpoint, sizeof post->checkpoint, "%s", note);
	post->marks.checkpoint = post->checkpoint;
	post->marks_changed = true;
}

static uint64_t keep (struct post *post, const struct checkpoint *checkpoint, const char *note,
		      uint64_t against)
{
	return checkpoint_keep (post_step (post), checkpoint, note, desk_now_ms (post->parts.desk),
				against);
}

static void pause_for (struct post *post, int64_t pause_ms)
{
	post->prover.pause_until_ms = clock_monotonic_ms () + pause_ms + randof (pause_ms / 2);
}

static void trouble (struct post *post, const char *alarm, const struct agency_id *partner)
{
	post_stop_on (post, desk_log_trouble (post->parts.desk, post_step (post), alarm, partner));
}

/* Two notes of the hub that can't both be true. */
static void contradicted (struct post *post, const char *ours, const char *theirs,
			  const struct agency_id *by)
{
	struct checkpoint one, other;

	pause_for (post, PAUSE_LIED_MS);
	if (!read_note (post, ours, &one) || !read_note (post, theirs, &other))
		return;
	keep (post, &other, theirs, keep (post, &one, ours, 0));
	LOG (WARN, "post.log-split", LOG_N ("size", one.size), LOG_N ("other_size", other.size));
	trouble (post, "log-split", by);
}

void prover_log_ended (struct post *post)
{
	struct checkpoint last;

	post->prover.told_count = 0;
	if (read_note (post, post->checkpoint, &last) && of_this_log (post, &last))
		return;   /* a restored ledger meets the same log again */
	proof_want_nothing (post_step (post));
	if (post->checkpoint[0] == '\0')
		return;
	if (read_note (post, post->checkpoint, &last)) {
		keep (post, &last, post->checkpoint, 0);
		LOG (WARN, "post.log-restarted", LOG_N ("size", last.size));
		trouble (post, "log-restarted", NULL);
	}
	adopt (post, "");
}

/* ---- what others were shown ------------------------------------------------------------------- */

static struct told_checkpoint *told_slot (struct prover *prover, const struct agency_id *by)
{
	/* The first one may be asked about just now. */
	size_t first = prover->asked && prover->about_told ? 1 : 0;

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
	if (!read_note (post, note, &seen) || (by == NULL && !of_this_log (post, &seen))) {
		LOG (NOTE, "post.checkpoint-invalid", LOG_A ("by", by != NULL ? by : &the_hub));
		if (by == NULL)
			trouble (post, "log-false", NULL);
		return;
	}
	if (!of_this_log (post, &seen) || seen.size == 0)
		return;   /* of a log that ended before ours began: nobody can prove anything of it */
	if (by == NULL && post->checkpoint[0] == '\0') {
		adopt (post, note);
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
	post->prover.pause_until_ms = 0;
}

static void ask (struct post *post, struct frame *frame, bool about_told)
{
	struct prover *prover = &post->prover;

	prover->asked = true;
	prover->asked_ms = clock_monotonic_ms ();
	prover->about_told = about_told;
	snprintf (prover->ours, sizeof prover->ours, "%s", post->checkpoint);
	frame->type = FRAME_PROOF_GET;
	post_send (post, frame);
}

/* Of the same size nobody has to be asked. */
static void ask_about_told (struct post *post)
{
	struct prover *prover = &post->prover;
	struct told_checkpoint *told = &prover->told[0];
	struct frame frame = { .type = FRAME_PROOF_GET };
	struct checkpoint ours, theirs;

	if (!read_note (post, told->note, &theirs) || !of_this_log (post, &theirs)) {
		told_done (prover);
	} else if (!read_note (post, post->checkpoint, &ours) || ours.size == 0) {
		if (told->by.text[0] == '\0')
			adopt (post, told->note);
		told_done (prover);
	} else if (told->by.text[0] == '\0' && theirs.size < ours.size) {
		/* A hub that forgot leaves has to begin a new log. */
		contradicted (post, post->checkpoint, told->note, NULL);
		told_done (prover);
	} else if (ours.size == theirs.size) {
		if (!ID_EQUAL (ours.root, theirs.root))
			contradicted (post, post->checkpoint, told->note, &told->by);
		told_done (prover);
	} else {
		frame.proof_get.from_size = ours.size < theirs.size ? ours.size : theirs.size;
		frame.proof_get.to_size = ours.size < theirs.size ? theirs.size : ours.size;
		ask (post, &frame, true);
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
	if (read_note (post, post->checkpoint, &ours))
		frame.proof_get.from_size = ours.size;
	ask (post, &frame, false);
}

/* A hub that always has no time, or never answers, proves nothing either. */
static void note_silence (struct post *post)
{
	struct proof_counts counts = proof_counts (desk_parts (post->parts.desk)->ledger);

	if (counts.wanted > 0 && counts.oldest_ms < desk_now_ms (post->parts.desk) - SILENT_MS)
		trouble (post, "log-silent", NULL);
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

void prover_pump (struct post *post)
{
	struct prover *prover = &post->prover;

	if (post->state == POST_OPEN)
		watch_silence (post);
	if (post->state != POST_OPEN || prover->asked || post->on_the_way_count > 0 ||
	    clock_monotonic_ms () < prover->pause_until_ms)
		return;
	arena_reset (post->arena);
	while (prover->told_count > 0 && !prover->asked && post->stopped == ERR_OK)
		ask_about_told (post);
	if (!prover->asked && post->state == POST_OPEN && post->stopped == ERR_OK)
		ask_for_letters (post);
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
	if (!read_note (post, prover->ours, &ours) || !read_note (post, told.note, &theirs))
		return;
	if (ours.size < theirs.size ? !follows (frame, &ours, &theirs)
				    : !follows (frame, &theirs, &ours))
		contradicted (post, prover->ours, told.note, &told.by);
	else if (ours.size < theirs.size)
		adopt (post, told.note);
}

/* The tree that the letters are proved in: signed, of this log, and a later one than ours. */
static bool trust_newest (struct post *post, const struct frame *frame,
			  struct checkpoint *ret_newest)
{
	const char *note = frame->proof.checkpoint, *mine = post->prover.ours;
	struct checkpoint ours;

	if (!read_note (post, note, ret_newest) || !of_this_log (post, ret_newest) ||
	    ret_newest->size != frame->proof.tree_size) {
		trouble (post, "log-false", NULL);
		pause_for (post, PAUSE_LIED_MS);
		return false;
	}
	if (read_note (post, mine, &ours) && ours.size > 0 && !follows (frame, &ours, ret_newest)) {
		contradicted (post, mine, note, NULL);
		return false;
	}
	adopt (post, note);
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
	trouble (post, "log-unproved", NULL);
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
	kept = keep (post, &newest, frame->proof.checkpoint, 0);
	for (size_t i = 0; i < judged; i++)
		judge_letter (post, frame, &prover->wanted[i], &newest, kept);
}

void prover_proof (struct post *post, const struct frame *frame)
{
	struct prover *prover = &post->prover;

	if (!prover->asked) {
		post_hang_up (post, ERR_OUT_OF_ORDER);
		return;
	}
	prover->asked = false;
	pause_for (post, PAUSE_MS);
	if (prover->about_told)
		judge_told (post, frame);
	else
		judge_letters (post, frame);
}
