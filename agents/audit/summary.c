/* Counts and medians over all referrals, by pairs of agencies. */
#include <stdlib.h>
#include <string.h>

#include "agents/audit/inside.h"

enum { SPAN_ACCEPT, SPAN_ARRIVAL, SPAN_OUTCOME, SPAN_COUNT };

/* What one referral adds. */
struct fact {
	struct agency_id from, to;
	bool open, accepted, rejected, completed, failed, cancelled, in_time, late, doubted;
	int64_t span_ms[SPAN_COUNT];   /* -1 = it did not come to that */
};

static int64_t span (int64_t from_ms, int64_t to_ms)
{
	return to_ms == 0 ? -1 : to_ms > from_ms ? to_ms - from_ms : 0;
}

static bool has_state (const struct audit *audit, const struct life *life, uint64_t mask,
		       const char *state)
{
	for (size_t i = 0; life != NULL && i < life->state_count; i++)
		if ((mask >> i & 1) != 0
		    && strcmp (audit->names[life->states[i]].text, state) == 0)
			return true;
	return false;
}

static struct fact fact_of (const struct audit *audit, const struct node *node, int64_t now_ms)
{
	const struct life *life = life_of (audit, node->kind);
	struct audit_referral referral;
	const char *state;
	struct fact fact;

	judge_node (audit, node, now_ms, &referral);
	state = referral.state;
	fact = (struct fact){
		.from = referral.from,
		.to = referral.to,
		.open = !referral.ended,
		.accepted = referral.accepted_ms != 0,
		.rejected = life != NULL && has_state (audit, life, life->rejected, state),
		.completed = life != NULL && has_state (audit, life, life->completed, state),
		.failed = life != NULL && has_state (audit, life, life->failed, state),
		.cancelled = strcmp (state, AUDIT_CANCELLED_UNCONFIRMED) == 0
			     || (life != NULL && has_state (audit, life, life->cancelled, state)),
		.in_time = referral.answered_in_time,
		.late = referral.waiting.late,
		.doubted = referral.doubts != 0,
		.span_ms = {
			[SPAN_ACCEPT] = span (referral.opened_ms, referral.accepted_ms),
			[SPAN_ARRIVAL] = span (referral.opened_ms, referral.arrived_ms),
			[SPAN_OUTCOME] = -1,
		},
	};
	if (fact.completed || fact.failed)
		fact.span_ms[SPAN_OUTCOME] = span (referral.opened_ms, referral.ended_ms);
	return fact;
}

static int by_pair (const void *a, const void *b)
{
	const struct fact *x = a, *y = b;
	int order = strcmp (x->from.text, y->from.text);

	return order != 0 ? order : strcmp (x->to.text, y->to.text);
}

static int by_size (const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* Of an even count the lower one: a span that somebody did wait. */
static struct audit_median median (const struct fact *facts, size_t count, size_t which,
				   int64_t *spans)
{
	struct audit_median median = { 0 };

	for (size_t i = 0; i < count; i++)
		if (facts[i].span_ms[which] >= 0)
			spans[median.count++] = facts[i].span_ms[which];
	if (median.count == 0)
		return median;
	qsort (spans, median.count, sizeof *spans, by_size);
	median.ms = spans[(median.count - 1) / 2];
	return median;
}

static struct audit_pair pair_of (const struct fact *facts, size_t count, int64_t *spans)
{
	struct audit_pair pair = { .sent = count };

	for (size_t i = 0; i < count; i++) {
		pair.open += facts[i].open;
		pair.accepted += facts[i].accepted;
		pair.rejected += facts[i].rejected;
		pair.completed += facts[i].completed;
		pair.failed += facts[i].failed;
		pair.cancelled += facts[i].cancelled;
		pair.in_time += facts[i].in_time;
		pair.late += facts[i].late;
		pair.doubted += facts[i].doubted;
	}
	pair.accept = median (facts, count, SPAN_ACCEPT, spans);
	pair.arrival = median (facts, count, SPAN_ARRIVAL, spans);
	pair.outcome = median (facts, count, SPAN_OUTCOME, spans);
	return pair;
}

static size_t same_pair (const struct fact *facts, size_t count)
{
	size_t same = 0;

	while (same < count && by_pair (&facts[0], &facts[same]) == 0)
		same++;
	return same;
}

/* As many pairs as the arena holds. */
static void add_pairs (const struct fact *facts, size_t count, int64_t *spans, arena_t *arena,
		       struct audit_summary *summary)
{
	size_t pairs = 0;

	for (size_t i = 0; i < count; i += same_pair (&facts[i], count - i))
		pairs++;
	summary->pairs = arena_alloc (arena, (pairs + 1) * sizeof *summary->pairs);
	for (size_t i = 0; summary->pairs != NULL && i < count;) {
		size_t same = same_pair (&facts[i], count - i);
		struct audit_pair *pair = &summary->pairs[summary->pair_count++];

		*pair = pair_of (&facts[i], same, spans);
		pair->from = facts[i].from;
		pair->to = facts[i].to;
		i += same;
	}
}

void audit_summary (audit_t *audit, int64_t now_ms, arena_t *arena,
		    struct audit_summary *ret_summary)
{
	struct fact *facts = must_alloc ((audit->node_count + 1) * sizeof *facts);
	int64_t *spans = must_alloc ((audit->node_count + 1) * sizeof *spans);
	struct audit_summary summary = { 0 };
	size_t count = 0;

	for (size_t i = 0; i < audit->node_count; i++)
		if (audit->nodes[i].step_count > 0)
			facts[count++] = fact_of (audit, &audit->nodes[i], now_ms);
	for (size_t i = 0; i < audit->chain_count; i++)
		summary.chains += audit->chains[i].shown > 0;
	qsort (facts, count, sizeof *facts, by_pair);
	summary.total = pair_of (facts, count, spans);
	add_pairs (facts, count, spans, arena, &summary);
	free (spans);
	free (facts);
	*ret_summary = summary;
}
