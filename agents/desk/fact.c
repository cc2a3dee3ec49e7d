/*
 * Facts: letters about a person, sent or received here, that count.  What was held, refused or
 * quarantined here left no letter among the entries; ours that came back, or were never taken,
 * are left out.
 */
#include "agents/desk/inside.h"

#define FACTS_MAX 256 /* letters of one kind about one person that are looked at */

/* Off the wire there is nothing that could come back. */
static bool counts (const struct step *step, const struct entry *entry, arena_t *arena)
{
	struct outbox_row row;

	if (entry->body.len == 0)
		return false;
	if (entry->type != ENTRY_SENT ||
	    outbox_get (step_ledger (step), &entry->letter, arena, &row) != ERR_OK)
		return true;
	return row.state != OUTBOX_REFUSED && row.state != OUTBOX_EXPIRED &&
	       row.state != OUTBOX_RECALLED;
}

/* When it was said; one that claims to be of the future is of when it came. */
static int64_t said_ms (const struct entry *entry, const struct letter *letter)
{
	return letter->created_ms > 0 && letter->created_ms < entry->at_ms
		       ? letter->created_ms
		       : entry->at_ms;
}

static bool matches (const struct step *step, const struct entry *entry,
		     const struct letter_match *match, arena_t *arena)
{
	struct letter letter;

	if (!counts (step, entry, arena) ||
	    letter_decode (entry->body, arena, &letter) != ERR_OK)
		return false;
	if (match->within_days > 0 &&
	    said_ms (entry, &letter) < step->now_ms - match->within_days * DAY_MS)
		return false;
	return answers_match (letter.answers, letter.answer_count, "", 0, match->matches,
			      match->match_count);
}

size_t facts_list (const struct step *step, const struct person_id *person,
		   const struct letter_match *match, struct fact **ret_facts)
{
	OWNED (arena) arena = arena_new (LIST_ARENA_BYTES);
	OWNED (arena) one = arena_new (STEP_ARENA_BYTES);
	struct fact *facts = arena_must (step->arena, FACTS_MAX * sizeof *facts);
	struct entry *entries;
	size_t count = entry_find (step_ledger (step), person, match->kind, FACTS_MAX,
				   arena, &entries);
	size_t found = 0;

	for (size_t i = 0; i < count; i++) {
		arena_reset (one);
		if (matches (step, &entries[i], match, one))
			facts[found++] =
				(struct fact){ entries[i].n, entries[i].thread };
	}
	*ret_facts = facts;
	return found;
}

uint64_t facts_newest (const struct step *step, const struct person_id *person,
		       const struct letter_match *any, size_t any_count)
{
	uint64_t newest = 0;

	for (size_t i = 0; i < any_count; i++) {
		struct fact *facts;

		if (facts_list (step, person, &any[i], &facts) > 0 && facts[0].n > newest)
			newest = facts[0].n;
	}
	return newest;
}
