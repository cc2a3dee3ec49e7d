/*
 * Places that partners have: what they publish is kept by service and level, ours too, and nobody's
 * identity is in it.
 */
#include "agents/desk/inside.h"

#include <stdio.h>
#include <string.h>

#include "agents/ledger/capacity.h"

#define KIND_CAPACITY "capacity.publish"

/* ---- what a letter publishes ------------------------------------------------------ */

static const char *said_text (const struct letter *letter, const char *field)
{
	const struct answer *answer = answer_find (letter->answers, letter->answer_count, field);

	return answer != NULL && answer->type != ANSWER_ABSENT ? answer->text : "";
}

static uint32_t said_number (const struct letter *letter, const char *field)
{
	const struct answer *answer = answer_find (letter->answers, letter->answer_count, field);

	return answer != NULL && answer->type == ANSWER_INTEGER && answer->number > 0 &&
			       answer->number <= UINT32_MAX
		       ? (uint32_t)answer->number
		       : 0;
}

/* A letter from the future is as of now, or nothing could ever replace it. */
void capacity_move (const struct step *step, const struct move *move)
{
	const struct letter *letter = move->letter;
	struct capacity capacity = {
		.agency = move->ours ? *step_self (step) : move->thread->partner,
		.service = said_text (letter, "service"),
		.level = said_text (letter, "level"),
		.total = said_number (letter, "total"),
		.free = said_number (letter, "free"),
		.waiting = said_number (letter, "waiting"),
		.next_free = said_text (letter, "next-free"),
		.at_ms = letter->created_ms < step->now_ms ? letter->created_ms
							   : step->now_ms,
	};

	if (text_is (move->kind->name, KIND_CAPACITY))
		capacity_set (step->tx, &capacity);
}

/* ---- publishing our own ----------------------------------------------------------- */

/* "17" covers "17.71", but not "170". */
static bool region_covers (const char *region, const char *code)
{
	size_t len = strlen (region);

	return strncmp (region, code, len) == 0 &&
	       (len == 0 || code[len] == '\0' || code[len] == '.');
}

/* Those that work in the region and can be written to at once. */
static size_t members_in (desk_t *desk, const char *region, arena_t *arena,
			  struct agency_id **ret_ids)
{
	struct partner *partners;
	size_t count = desk_partners_near (desk, KIND_CAPACITY, "", region,
					   CAPACITY_READERS_MAX, arena, &partners);
	struct agency_id *ids = arena_must (arena, (count + 1) * sizeof *ids);
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		if (partners[i].carrier == CARRIER_WIRE &&
		    region_covers (region, partners[i].region))
			ids[kept++] = partners[i].id;
	*ret_ids = ids;
	return kept;
}

static err_t nobody_there (const char *region, problems_t *problems)
{
	return problems_add (problems, ERR_NOT_FOUND, "region",
			     "tidak ada instansi jaringan di wilayah %s",
			     "no agency of the network is in the region %s",
			     quoted (region));
}

static err_t check_places (const struct submission *submission, problems_t *problems)
{
	const struct answer *total = answer_find (submission->answers,
						  submission->answer_count, "total");
	const struct answer *free = answer_find (submission->answers,
						 submission->answer_count, "free");

	if (total == NULL || free == NULL || total->type != ANSWER_INTEGER ||
	    free->type != ANSWER_INTEGER || free->number <= total->number)
		return ERR_OK;
	return problems_add_texts (problems, ERR_INVALID, "free",
				   "tempat yang tersedia tidak dapat melebihi kapasitas",
				   "there can't be more free places than places");
}

static bool is_said (const problems_t *problems, const struct problem *problem)
{
	const struct problem *said;

	for (size_t i = 0; (said = problems_at (problems, i)) != NULL; i++)
		if (text_is (said->field, problem->field) &&
		    text_is (said->text_id, problem->text_id))
			return true;
	return false;
}

/* What is wrong with the form is wrong in the letter to every reader, and said once. */
static err_t publish_to (desk_t *desk, const struct actor *actor,
			 const struct submission *submission, const struct agency_id *to,
			 problems_t *problems)
{
	OWNED (problems) found = problems_new ();
	struct submission one = *submission;
	const struct problem *problem;
	struct outcome outcome;
	err_t err;

	one.kind = KIND_CAPACITY;
	one.to = *to;
	err = desk_submit (desk, actor, &one, &outcome, found);
	for (size_t i = 0; (problem = problems_at (found, i)) != NULL; i++)
		if (!is_said (problems, problem))
			problems_add_texts (problems, problem->err, problem->field,
					    problem->text_id, problem->text_en);
	return err;
}

/* Every reader gets a letter of its own; one that can't be written does not hold up the others. */
err_t desk_capacity_publish (desk_t *desk, const struct actor *actor,
			     const struct submission *submission, size_t count,
			     const struct agency_id *to, const char *region, arena_t *arena,
			     size_t *ret_sent, struct agency_id **ret_sent_to,
			     problems_t *problems)
{
	struct agency_id *members = NULL;
	err_t err = check_places (submission, problems);

	if (err != ERR_OK)
		return err;
	if (count == 0)
		count = members_in (desk, region, arena, &members);
	if (count == 0)
		return nobody_there (region, problems);
	*ret_sent = 0;
	*ret_sent_to = arena_must (arena, count * sizeof **ret_sent_to);
	for (size_t i = 0; i < count; i++) {
		const struct agency_id *reader = members != NULL ? &members[i] : &to[i];
		err_t said = publish_to (desk, actor, submission, reader, problems);

		if (said == ERR_OK)
			(*ret_sent_to)[(*ret_sent)++] = *reader;
		else if (err_lane (said) == LANE_STOP)
			return said;
		else
			err = err == ERR_OK ? said : err;
	}
	return *ret_sent > 0 ? ERR_OK : err;
}
