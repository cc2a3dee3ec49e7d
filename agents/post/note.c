/* Checkpoints that the hub signed, and those that don't go with the one we hold; see session.h. */
#include "agents/post/session.h"

#include <stdlib.h>
#include <string.h>

#include "jembatan/log.h"

bool note_read (struct post *post, const char *note, struct checkpoint *ret_checkpoint)
{
	return note[0] != '\0' && post->hub != NULL &&
	       checkpoint_read (note, post->hub->id, &post->hub->log_key, post->arena,
				ret_checkpoint) == ERR_OK;
}

/* "<network>/<hub>/<store id>" of the hub's present store. */
static const char *this_log (const struct post *post)
{
	const struct directory_data *data = directory_data (desk_parts (post->parts.desk)->directory);
	char store[UUID_TEXT];

	return arena_printf (post->arena, "%s/%s/%s", data->network, post->hub->id,
			     uuid_text (post->marks.hub_store_id.b, store));
}

bool note_of_this_log (const struct post *post, const struct checkpoint *checkpoint)
{
	return strcmp (this_log (post), checkpoint->origin) == 0;
}

void note_adopt (struct post *post, const char *note)
{
	snprintf (post->checkpoint, sizeof post->checkpoint, "%s", note);
	post->marks.checkpoint = post->checkpoint;
	post->marks_changed = true;
}

uint64_t note_keep (struct post *post, const struct checkpoint *checkpoint, const char *note,
		    uint64_t against)
{
	return checkpoint_keep (post_step (post), checkpoint, note, desk_now_ms (post->parts.desk),
				against);
}

static void found (struct post *post, const struct trouble *trouble)
{
	LOG (WARN, "post.log-trouble", LOG_W ("what", log_trouble_name (trouble->what)),
	     LOG_N ("size", trouble->size), LOG_N ("other_size", trouble->other_size));
	post_stop_on (post, desk_log_found (post->parts.desk, post_step (post), trouble));
}

void note_contradicted (struct post *post, const char *ours, const char *theirs,
			const struct agency_id *by)
{
	struct checkpoint one, other;

	if (!note_read (post, ours, &one) || !note_read (post, theirs, &other))
		return;
	note_keep (post, &other, theirs, note_keep (post, &one, ours, 0));
	found (post, &(struct trouble){
			     .what = by->text[0] == '\0' && other.size < one.size ? LOG_IS_SHRUNK
										  : LOG_IS_SPLIT,
			     .origin = one.origin, .size = one.size, .other_size = other.size,
			     .checkpoint = ours, .other = theirs, .shown = *by });
}

/* What a note says of its size, whoever wrote it. */
static uint64_t claimed_size (const char *note)
{
	const char *line = strchr (note, '\n');

	uint64_t size = line != NULL ? strtoull (line + 1, NULL, 10) : 0;

	return size <= INT64_MAX ? size : INT64_MAX;
}

void note_is_false (struct post *post, const char *theirs)
{
	struct checkpoint ours;

	found (post, &(struct trouble){
			     .what = LOG_IS_FALSE, .origin = this_log (post),
			     .size = note_read (post, post->checkpoint, &ours) ? ours.size : 0,
			     .other_size = claimed_size (theirs), .checkpoint = post->checkpoint,
			     .other = theirs });
}

void note_log_ended (struct post *post, const char *begun)
{
	struct checkpoint last, first;

	if (note_read (post, post->checkpoint, &last) && note_of_this_log (post, &last))
		return;   /* a restored ledger meets the same log again */
	proof_want_nothing (post_step (post));
	if (post->checkpoint[0] == '\0')
		return;
	if (note_read (post, post->checkpoint, &last)) {
		note_keep (post, &last, post->checkpoint, 0);
		found (post, &(struct trouble){
				     .what = LOG_IS_RESTARTED, .origin = last.origin, .size = last.size,
				     .other_size = note_read (post, begun, &first) ? first.size : 0,
				     .checkpoint = post->checkpoint, .other = begun });
	}
	note_adopt (post, "");
}
