/*
 * One referral, judged from its steps: how far it is, who is waited for since when, whether that is
 * late, and on what the two sides disagree.
 *
 * Steps stand by the time of the letter that made them, which both sides tell alike.  Clocks of
 * agencies differ a little, so that two steps may stand the wrong way round; the lifecycle, which
 * leads from one to the other only, then decides which is the later one.
 */
#include <string.h>

#include "agents/audit/inside.h"

/* What is known while one walks through the steps. */
struct walk {
	const struct audit *audit;
	const struct node *node;
	const struct life *life;
	struct audit_referral *referral;
	const struct step *newest;           /* by time and lifecycle */
	const struct step *side[SIDE_COUNT]; /* the newest of each */
	const struct step *since;            /* the first of those with the newest's state */
	const struct step *asked;            /* whose answer is still due */
	const struct step *first_asked;
	int64_t first_told_ms;
};

static uint32_t place (const struct walk *walk, const struct step *step)
{
	return life_state (walk->life, step->state);
}

static bool in (uint64_t mask, uint32_t at)
{
	return at != NONE_AT && (mask >> at & 1) != 0;
}

static bool leads (const struct walk *walk, const struct step *from, const struct step *to)
{
	uint32_t at = place (walk, from), next = place (walk, to);

	return at == NONE_AT || next == NONE_AT || at == next
	       || in (walk->life->reach[at], next);
}

/* Is `step`, which stands behind `before`, indeed the later one? */
static bool is_later (const struct walk *walk, const struct step *before, const struct step *step)
{
	return before == NULL || leads (walk, before, step) || !leads (walk, step, before)
	       || step->at_ms > before->at_ms + CLOCK_DOUBTFUL_MS;
}

static bool has_ended (const struct walk *walk, const struct step *step)
{
	return step->state == walk->audit->cancelled_unconfirmed
	       || (walk->life != NULL && in (walk->life->ended, place (walk, step)));
}

/* ---- answers ----------------------------------------------------------------------------------- */

static bool answers (const struct walk *walk, const struct step *asked, const struct step *step)
{
	uint32_t at = place (walk, asked);

	/* What is told instead of a state is answered by whatever comes next. */
	if (has_ended (walk, step) || at == NONE_AT)
		return true;
	return in (walk->life->answers[at], place (walk, step));
}

static void look_at_due (struct walk *walk, const struct step *step)
{
	if (walk->asked != NULL && answers (walk, walk->asked, step)) {
		if (walk->asked == walk->first_asked) {
			walk->referral->answered_ms = step->at_ms;
			walk->referral->answered_in_time = step->at_ms <= walk->asked->due_ms;
		}
		walk->asked = NULL;
	}
	if (step->due_ms == 0)
		return;
	walk->asked = step;
	if (walk->first_asked == NULL)
		walk->first_asked = step;
}

/* ---- the walk ---------------------------------------------------------------------------------- */

static void set_first (int64_t *ret_ms, bool reached, int64_t at_ms)
{
	if (reached && *ret_ms == 0)
		*ret_ms = at_ms;
}

static void look_at_times (struct walk *walk, const struct step *step)
{
	struct audit_referral *referral = walk->referral;
	const struct life *life = walk->life;
	uint32_t at = place (walk, step);

	set_first (&referral->opened_ms, true, step->at_ms);
	if (step->at_ms > referral->moved_ms)
		referral->moved_ms = step->at_ms;
	if (life == NULL)
		return;
	set_first (&referral->accepted_ms, in (life->accepted, at), step->at_ms);
	set_first (&referral->arrived_ms, in (life->arrived, at), step->at_ms);
	set_first (&referral->ended_ms, in (life->ended, at), step->at_ms);
}

static void look_at_side (struct walk *walk, const struct step *step)
{
	size_t side = step->reporter == walk->node->from ? SIDE_REQUESTER : SIDE_PERFORMER;
	const struct step **newest = &walk->side[side];

	/* It told of other sides, which is noted already. */
	if (side == SIDE_PERFORMER && step->reporter != walk->node->to)
		return;
	if (walk->first_told_ms == 0 || step->told_ms < walk->first_told_ms)
		walk->first_told_ms = step->told_ms;
	if (*newest != NULL && step->n > (*newest)->n && !leads (walk, *newest, step)
	    && is_later (walk, *newest, step))
		walk->referral->doubts |= DOUBT_ORDER;
	if (is_later (walk, *newest, step))
		*newest = step;
}

static void take_step (struct walk *walk, const struct step *step)
{
	look_at_side (walk, step);
	look_at_times (walk, step);
	/* The other side has told the same. */
	if (walk->newest != NULL && walk->newest->state == step->state
	    && walk->newest->at_ms == step->at_ms)
		return;
	if (!is_later (walk, walk->newest, step))
		return;
	look_at_due (walk, step);
	if (walk->newest == NULL || walk->newest->state != step->state)
		walk->since = step;
	walk->newest = step;
}

/* ---- who is waited for -------------------------------------------------------------------------- */

static enum party party_of (const struct walk *walk, const struct step *step)
{
	uint32_t at = place (walk, step);

	if (step->state == walk->audit->info_asked)
		return PARTY_REQUESTER;
	if (step->state == walk->audit->cancel_requested)
		return PARTY_PERFORMER;
	return at != NONE_AT ? walk->life->waits[at] : 0;
}

static const struct agency_id *side_of (const struct audit_referral *referral, enum party party)
{
	static const struct agency_id nobody;

	switch (party) {
	case PARTY_REQUESTER: return &referral->from;
	case PARTY_PERFORMER: return &referral->to;
	case PARTY_EITHER: return &nobody;
	}
	return &nobody;
}

static struct agency_id agency_of (const struct audit *audit, uint32_t name)
{
	struct agency_id id;

	memcpy (id.text, audit->names[name].text, sizeof id.text);
	return id;
}

/* A letter about a delay counts until something moves. */
static bool mark_counts (const struct walk *walk)
{
	const struct mark *mark = &walk->node->mark;

	return mark->at_ms != 0 && mark->at_ms >= walk->referral->moved_ms;
}

static void find_waiting (struct walk *walk, int64_t now_ms)
{
	const struct mark *mark = &walk->node->mark;
	const struct step *asked = walk->asked;
	struct audit_waiting *waiting = &walk->referral->waiting;

	if (walk->referral->ended)
		return;
	if (asked != NULL) {
		waiting->agency = *side_of (walk->referral, party_of (walk, asked));
		waiting->since_ms = asked->at_ms;
		waiting->due_ms = asked->due_ms;
	} else {
		waiting->agency = *side_of (walk->referral, party_of (walk, walk->newest));
		waiting->since_ms = walk->since->at_ms;
	}
	if (mark_counts (walk)) {
		waiting->agency = agency_of (walk->audit, mark->owner);
		waiting->told_by = agency_of (walk->audit, mark->teller);
		waiting->due_ms = mark->due_ms;
	}
	waiting->late = waiting->due_ms != 0 && waiting->due_ms < now_ms;
}

/* ---- disagreements ------------------------------------------------------------------------------ */

static void compare_sides (struct walk *walk, int64_t now_ms)
{
	const struct step *asking = walk->side[SIDE_REQUESTER], *asked = walk->side[SIDE_PERFORMER];
	int64_t newer_ms;

	if (asking == NULL || asked == NULL || asking->state == asked->state)
		return;
	newer_ms = asking->told_ms > asked->told_ms ? asking->told_ms : asked->told_ms;
	if (now_ms > newer_ms + AUDIT_PATIENCE_MS)
		walk->referral->doubts |= DOUBT_STATES;
}

/* Who took a referral back before it arrived is rightly the only one who speaks of it. */
static void look_for_silence (struct walk *walk, int64_t now_ms)
{
	const struct audit_side *side = walk->referral->side;
	bool taken_back = walk->life != NULL
			  && in (walk->life->cancelled, place (walk, walk->newest));

	if (walk->node->from == walk->node->to)
		return;   /* an agency that records its own doing */
	for (size_t i = 0; i < SIDE_COUNT; i++)
		if (walk->side[i] == NULL && side[0].overseen && side[1].overseen && !taken_back
		    && now_ms > walk->first_told_ms + AUDIT_PATIENCE_MS)
			walk->referral->doubts |= DOUBT_SILENT;
}

/* ---- the whole ---------------------------------------------------------------------------------- */

static void describe_side (const struct walk *walk, size_t i, uint32_t agency)
{
	struct audit_side *side = &walk->referral->side[i];
	const struct step *step = walk->side[i];

	side->overseen = walk->audit->names[agency].overseen;
	side->state = step != NULL ? walk->audit->names[step->state].text : "";
	side->at_ms = step != NULL ? step->at_ms : 0;
	side->told_ms = step != NULL ? step->told_ms : 0;
}

/* Of several types that are told as one coarse kind, the first that has the state. */
static const struct thread_type *type_of (const struct walk *walk, const char *kind,
					  const char *state)
{
	const catalogue_t *catalogue = walk->audit->catalogue;
	const struct thread_type *first = walk->life != NULL ? walk->life->type : NULL;

	if (first == NULL || thread_state (first, state) != NULL)
		return first;
	for (size_t i = 0; i < catalogue_thread_count (catalogue); i++) {
		const struct thread_type *type = catalogue_thread_at (catalogue, i);

		if (type->chained != NULL && strcmp (type->chained, kind) == 0
		    && thread_state (type, state) != NULL)
			return type;
	}
	return first;
}

static void describe (const struct walk *walk)
{
	const struct audit *audit = walk->audit;
	struct audit_referral *referral = walk->referral;

	referral->state = audit->names[walk->newest->state].text;
	referral->reason = audit->names[walk->newest->reason].text;
	referral->type = type_of (walk, referral->kind, referral->state);
	referral->ended = has_ended (walk, walk->newest);
	describe_side (walk, SIDE_REQUESTER, walk->node->from);
	describe_side (walk, SIDE_PERFORMER, walk->node->to);
}

void judge_node (const struct audit *audit, const struct node *node, int64_t now_ms,
		 struct audit_referral *ret_referral)
{
	struct walk walk = { .audit = audit,
			     .node = node,
			     .life = life_of (audit, node->kind),
			     .referral = ret_referral };

	*ret_referral = (struct audit_referral){
		.id = node->id,
		.parent = node->parent,
		.from = agency_of (audit, node->from),
		.to = agency_of (audit, node->to),
		.kind = audit->names[node->kind].text,
		.doubts = node->doubts,
	};
	for (uint32_t at = node->first; at != NONE_AT; at = audit->steps[at].next)
		take_step (&walk, &audit->steps[at]);
	describe (&walk);
	find_waiting (&walk, now_ms);
	compare_sides (&walk, now_ms);
	look_for_silence (&walk, now_ms);
}
