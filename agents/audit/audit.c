/* Names, chains, referrals and steps, kept as they come in; see audit.h. */
#include <stdlib.h>
#include <string.h>

#include "agents/audit/inside.h"

#define FIRST_ROOM 64u
#define SCRATCH_BYTES (4u * MIB) /* one chain of CHAIN_NODES_MAX */

#define X(name, text) text,
static const char *const doubt_names[] = { AUDIT_DOUBTS (X) };
#undef X

const char *audit_doubt_name (size_t i)
{
	return i < COUNT_OF (doubt_names) ? doubt_names[i] : "";
}

/* Zeroed room for one more at the end. */
static void *grow (void **items, size_t *count, size_t *room, size_t size)
{
	uint8_t *item;

	if (*count == *room) {
		*room = *room > 0 ? 2 * *room : FIRST_ROOM;
		*items = must_realloc (*items, *room * size);
	}
	item = (uint8_t *)*items + (*count)++ * size;
	memset (item, 0, size);
	return item;
}
#define GROW(audit, items, noun)                                                            \
	grow ((void **)&(audit)->items, &(audit)->noun##_count, &(audit)->noun##_room, \
	      sizeof *(audit)->items)

/* ---- names -------------------------------------------------------------------------------------- */

static bool same_name (const void *arg, uint32_t item, const void *key)
{
	const struct audit *audit = arg;

	return strcmp (audit->names[item].text, key) == 0;
}

static uint32_t find_name (const struct audit *audit, const char *text)
{
	return index_find (&audit->by_name, index_hash (audit->secret, bytes_of_text (text)),
			   same_name, audit, text);
}

uint32_t audit_name (struct audit *audit, const char *text)
{
	uint32_t at = find_name (audit, text);
	struct name *name;

	if (at != NONE_AT)
		return at;
	name = GROW (audit, names, name);
	strncpy (name->text, text, sizeof name->text - 1);
	at = (uint32_t)audit->name_count - 1;
	index_add (&audit->by_name, index_hash (audit->secret, bytes_of_text (name->text)), at);
	return at;
}

void audit_oversee (audit_t *audit, const struct agency_id *agencies, size_t count)
{
	for (size_t i = 0; i < audit->name_count; i++)
		audit->names[i].overseen = false;
	for (size_t i = 0; i < count; i++) {
		uint32_t at = find_name (audit, agencies[i].text);

		if (at != NONE_AT)
			audit->names[at].overseen = true;
	}
}

/* ---- life --------------------------------------------------------------------------------------- */

audit_t *audit_new (const catalogue_t *catalogue)
{
	audit_t *audit = must_alloc (sizeof *audit);
	uint8_t secret[16];

	*audit = (struct audit){ .catalogue = catalogue, .newest = NONE_AT };
	random16_make (secret);
	memcpy (&audit->secret, secret, sizeof audit->secret);
	audit->nothing = audit_name (audit, "");
	audit->info_asked = audit_name (audit, AUDIT_INFO_ASKED);
	audit->cancel_requested = audit_name (audit, AUDIT_CANCEL_REQUESTED);
	audit->cancelled_unconfirmed = audit_name (audit, AUDIT_CANCELLED_UNCONFIRMED);
	lives_make (audit);
	return audit;
}

void audit_destroy (audit_t **audit_p)
{
	audit_t *audit = *audit_p;

	if (audit == NULL)
		return;
	index_clear (&audit->by_name);
	index_clear (&audit->by_node);
	index_clear (&audit->by_chain);
	index_clear (&audit->by_leaf);
	free (audit->names);
	free (audit->steps);
	free (audit->nodes);
	free (audit->chains);
	free (audit->lives);
	free (audit);
	*audit_p = NULL;
}

uint64_t audit_last (const audit_t *audit)
{
	return audit->last_n;
}

/* ---- chains, the one that was told of last first ------------------------------------------------ */

static bool same_chain (const void *arg, uint32_t item, const void *key)
{
	const struct audit *audit = arg;

	return memcmp (audit->chains[item].id.b, key, sizeof audit->chains[item].id.b) == 0;
}

static uint32_t find_chain (const struct audit *audit, const struct chain_id *id)
{
	return index_find (&audit->by_chain, index_hash (audit->secret, ID_BYTES (*id)),
			   same_chain, audit, id->b);
}

static void unlink_chain (struct audit *audit, uint32_t at)
{
	struct chain *chain = &audit->chains[at];

	if (chain->newer != NONE_AT)
		audit->chains[chain->newer].older = chain->older;
	else
		audit->newest = chain->older;
	if (chain->older != NONE_AT)
		audit->chains[chain->older].newer = chain->newer;
}

static void push_chain (struct audit *audit, uint32_t at)
{
	struct chain *chain = &audit->chains[at];

	chain->newer = NONE_AT;
	chain->older = audit->newest;
	if (audit->newest != NONE_AT)
		audit->chains[audit->newest].newer = at;
	audit->newest = at;
}

static uint32_t chain_at (struct audit *audit, const struct chain_id *id)
{
	uint32_t at = find_chain (audit, id);
	struct chain *chain;

	if (at != NONE_AT) {
		unlink_chain (audit, at);
		push_chain (audit, at);
		return at;
	}
	chain = GROW (audit, chains, chain);
	chain->id = *id;
	chain->first = chain->last = NONE_AT;
	at = (uint32_t)audit->chain_count - 1;
	index_add (&audit->by_chain, index_hash (audit->secret, ID_BYTES (*id)), at);
	push_chain (audit, at);
	return at;
}

/* ---- referrals ---------------------------------------------------------------------------------- */

static bool same_node (const void *arg, uint32_t item, const void *key)
{
	const struct audit *audit = arg;

	return memcmp (audit->nodes[item].id.b, key, sizeof audit->nodes[item].id.b) == 0;
}

static uint32_t add_node (struct audit *audit, const struct chain_event *event, uint32_t hash)
{
	uint32_t chain = chain_at (audit, &event->chain), at = (uint32_t)audit->node_count;
	struct node *node;

	if (audit->chains[chain].node_count >= CHAIN_NODES_MAX)
		return NONE_AT;
	audit->chains[chain].node_count++;
	node = GROW (audit, nodes, node);
	node->id = event->referral;
	node->chain = chain;
	node->next = node->first = node->last = NONE_AT;
	if (audit->chains[chain].first == NONE_AT)
		audit->chains[chain].first = at;
	else
		audit->nodes[audit->chains[chain].last].next = at;
	audit->chains[chain].last = at;
	index_add (&audit->by_node, hash, at);
	return at;
}

/* NONE_AT when its chain is full. */
static uint32_t node_at (struct audit *audit, const struct chain_event *event)
{
	uint32_t hash = index_hash (audit->secret, ID_BYTES (event->referral));
	uint32_t at = index_find (&audit->by_node, hash, same_node, audit, event->referral.b);

	return at != NONE_AT ? at : add_node (audit, event, hash);
}

/* A partner on paper has enrolled: the request went out anew, on the wire, and what was reported
 * of the partner before counts no more. */
static bool begins_anew (struct audit *audit, const struct node *node, uint32_t from, uint32_t to,
			 uint32_t kind)
{
	return node->from == from && node->kind == kind && node->to != to &&
	       audit->names[node->to].text[0] == '@' && audit->names[to].text[0] != '@';
}

/* Whoever speaks first says what it is about; whoever says otherwise is noted. */
static void compare_about (struct audit *audit, struct node *node, const struct chain_event *event)
{
	uint32_t from = audit_name (audit, event->from.text), to = audit_name (audit, event->to.text);
	uint32_t kind = audit_name (audit, event->kind);

	if (node->step_count == 0) {
		node->from = from;
		node->to = to;
		node->kind = kind;
		node->parent = event->parent;
		audit->chains[node->chain].shown++;
		return;
	}
	if (begins_anew (audit, node, from, to, kind)) {
		node->to = to;
		node->first = node->last = NONE_AT;
	}
	if (node->from != from || node->to != to || node->kind != kind
	    || !ID_EQUAL (node->parent, event->parent)
	    || !ID_EQUAL (audit->chains[node->chain].id, event->chain))
		node->doubts |= DOUBT_SIDES;
}

/* ---- steps -------------------------------------------------------------------------------------- */

/* One letter makes one step, and one step has one letter, whoever tells of it. */
static bool letters_differ (const struct step *a, const struct step *b)
{
	if (a->reporter == b->reporter || ID_IS_NONE (a->header_hash) || ID_IS_NONE (b->header_hash))
		return false;
	if (ID_EQUAL (a->header_hash, b->header_hash))
		return a->state != b->state;
	return a->state == b->state && a->at_ms == b->at_ms;
}

static void compare_letters (struct audit *audit, struct node *node, const struct step *step)
{
	for (uint32_t at = node->first; at != NONE_AT; at = audit->steps[at].next)
		if (letters_differ (&audit->steps[at], step))
			node->doubts |= DOUBT_LETTER;
}

static bool same_leaf (const void *arg, uint32_t item, const void *key)
{
	const struct audit *audit = arg;

	return memcmp (&audit->steps[item].leaf, key, sizeof audit->steps[item].leaf) == 0;
}

/* The hub gave each leaf to one letter. */
static void compare_leaf (struct audit *audit, uint32_t at)
{
	const struct step *step = &audit->steps[at];
	struct bytes key = { (const uint8_t *)&step->leaf, sizeof step->leaf };
	uint32_t hash = index_hash (audit->secret, key);
	uint32_t other;

	if (step->leaf == 0 || ID_IS_NONE (step->header_hash))
		return;
	other = index_find (&audit->by_leaf, hash, same_leaf, audit, &step->leaf);
	if (other == NONE_AT) {
		index_add (&audit->by_leaf, hash, at);
	} else if (!ID_EQUAL (audit->steps[other].header_hash, step->header_hash)) {
		audit->nodes[step->node].doubts |= DOUBT_LOG;
		audit->nodes[audit->steps[other].node].doubts |= DOUBT_LOG;
	}
}

static bool comes_before (const struct step *a, const struct step *b)
{
	return a->at_ms != b->at_ms ? a->at_ms < b->at_ms : a->n < b->n;
}

static void insert_step (struct audit *audit, struct node *node, uint32_t at)
{
	const struct step *step = &audit->steps[at];
	uint32_t *link = &node->first;

	/* Almost always at the end. */
	if (node->last != NONE_AT && comes_before (&audit->steps[node->last], step))
		link = &audit->steps[node->last].next;
	while (*link != NONE_AT && comes_before (&audit->steps[*link], step))
		link = &audit->steps[*link].next;
	audit->steps[at].next = *link;
	*link = at;
	if (audit->steps[at].next == NONE_AT)
		node->last = at;
	node->step_count++;
}

static void add_step (struct audit *audit, const struct chain_row *row)
{
	const struct chain_event *event = &row->event;
	uint32_t node_n = node_at (audit, event), at = (uint32_t)audit->step_count;
	struct node *node;
	struct step *step;

	if (node_n == NONE_AT || audit->nodes[node_n].step_count >= NODE_STEPS_MAX)
		return;
	node = &audit->nodes[node_n];
	chain_at (audit, &audit->chains[node->chain].id);
	compare_about (audit, node, event);
	step = GROW (audit, steps, step);
	*step = (struct step){
		.header_hash = event->header_hash,
		.at_ms = event->at_ms,
		.due_ms = event->due_ms,
		.told_ms = row->told_ms,
		.n = row->n,
		.leaf = event->leaf,
		.node = node_n,
		.reporter = audit_name (audit, row->reporter.text),
		.state = audit_name (audit, event->state),
		.reason = audit_name (audit, event->reason),
	};
	compare_letters (audit, node, step);
	insert_step (audit, node, at);
	compare_leaf (audit, at);
}

static void add_mark (struct audit *audit, const struct chain_row *row)
{
	uint32_t at = node_at (audit, &row->event);
	struct node *node;

	if (at == NONE_AT)
		return;
	node = &audit->nodes[at];
	chain_at (audit, &audit->chains[node->chain].id);
	if (row->event.at_ms < node->mark.at_ms)
		return;
	node->mark = (struct mark){
		.at_ms = row->event.at_ms,
		.due_ms = row->event.due_ms,
		.teller = audit_name (audit, row->event.from.text),
		.owner = audit_name (audit, row->event.to.text),
	};
}

void audit_add (audit_t *audit, const struct chain_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (rows[i].n <= audit->last_n)
			continue;
		audit->last_n = rows[i].n;
		if (strcmp (rows[i].event.kind, CHAIN_OVERDUE) == 0)
			add_mark (audit, &rows[i]);
		else
			add_step (audit, &rows[i]);
	}
}

/* ---- finding ------------------------------------------------------------------------------------ */

#define DIGITS_LEAST 6u
#define DIGITS_MOST 32u

/* Hex digits without dashes; 0 when it is something else. */
static size_t digits_of (const char *words, char ret_digits[DIGITS_MOST + 1])
{
	size_t count = 0;

	for (; *words != '\0'; words++) {
		if (*words == '-')
			continue;
		if (count == DIGITS_MOST || strchr ("0123456789abcdefABCDEF", *words) == NULL)
			return 0;
		ret_digits[count++] = (char)(*words >= 'A' && *words <= 'F' ? *words + 32 : *words);
	}
	ret_digits[count] = '\0';
	return count;
}

err_t audit_find (const audit_t *audit, const char *words, struct chain_id *ret_id)
{
	char digits[DIGITS_MOST + 1], text[HEX16_TEXT];
	size_t len = digits_of (words, digits), found = 0;

	if (len < DIGITS_LEAST)
		return ERR_NOT_FOUND;
	for (size_t i = 0; i < audit->chain_count; i++) {
		hex_text (ID_BYTES (audit->chains[i].id), text, sizeof text);
		if (audit->chains[i].shown == 0 || strncmp (text, digits, len) != 0)
			continue;
		*ret_id = audit->chains[i].id;
		found++;
	}
	return found == 1 ? ERR_OK : found == 0 ? ERR_NOT_FOUND : ERR_AMBIGUOUS;
}

/* ---- trees -------------------------------------------------------------------------------------- */

/* Referrals of one chain while they are put in order. */
struct tree {
	size_t count;
	struct audit_referral *found, *ordered;
	bool *taken, *is_child;
	size_t done;
};

static void find_children (struct tree *tree)
{
	for (size_t i = 0; i < tree->count; i++)
		for (size_t k = 0; k < tree->count; k++)
			if (k != i && ID_EQUAL (tree->found[k].id, tree->found[i].parent))
				tree->is_child[i] = true;
}

static bool by_time (const struct audit_referral *a, const struct audit_referral *b)
{
	return a->opened_ms != b->opened_ms ? a->opened_ms < b->opened_ms
					    : memcmp (&a->id, &b->id, sizeof a->id) < 0;
}

/* The earliest that is not taken: a child of `parent`, or (NULL) a root. */
static size_t next_under (const struct tree *tree, const struct audit_referral *parent, bool any)
{
	size_t best = tree->count;

	for (size_t i = 0; i < tree->count; i++) {
		bool fits = parent != NULL ? ID_EQUAL (tree->found[i].parent, parent->id)
					   : any || !tree->is_child[i];

		if (!tree->taken[i] && fits
		    && (best == tree->count || by_time (&tree->found[i], &tree->found[best])))
			best = i;
	}
	return best;
}

static void take (struct tree *tree, size_t i, size_t depth)
{
	tree->taken[i] = true;
	tree->ordered[tree->done] = tree->found[i];
	tree->ordered[tree->done++].depth = depth;
}

/* Everything below the one that was taken last, in the order in which it is drawn. */
static void take_below (struct tree *tree)
{
	size_t at = tree->done - 1;

	for (;;) {
		const struct audit_referral *parent = &tree->ordered[at];
		size_t child = next_under (tree, parent, false);

		if (child < tree->count) {
			take (tree, child, parent->depth + 1);
			at = tree->done - 1;
			continue;
		}
		/* Back to its parent, which stands somewhere before it. */
		if (parent->depth == 0)
			return;
		for (size_t depth = parent->depth; tree->ordered[at].depth >= depth;)
			at--;
	}
}

/* A side can name parents in a circle; what no root leads to begins a tree of its own. */
static void put_in_order (struct tree *tree)
{
	find_children (tree);
	while (tree->done < tree->count) {
		size_t root = next_under (tree, NULL, false);

		if (root == tree->count)
			root = next_under (tree, NULL, true);
		take (tree, root, 0);
		take_below (tree);
	}
}

static bool has_open_child (const struct audit_chain *chain, const struct audit_referral *parent)
{
	for (size_t i = 0; i < chain->referral_count; i++)
		if (!chain->referrals[i].ended
		    && ID_EQUAL (chain->referrals[i].parent, parent->id))
			return true;
	return false;
}

static bool waits (const struct audit_referral *referral)
{
	return referral->waiting.agency.text[0] != '\0';
}

/* What the chain depends on: one that somebody is waited for in, the late first, then the longest;
 * else the one that moved last. */
static bool matters_more (const struct audit_referral *a, const struct audit_referral *b)
{
	if (a->ended != b->ended)
		return !a->ended;
	if (waits (a) != waits (b))
		return waits (a);
	if (!waits (a))
		return a->moved_ms > b->moved_ms;
	if (a->waiting.late != b->waiting.late)
		return a->waiting.late;
	return a->waiting.since_ms < b->waiting.since_ms;
}

/* Whoever carried a referral onward waits for the next one itself. */
static void forget_waiting_for_parents (struct audit_chain *chain, struct audit_referral *referrals)
{
	for (size_t i = 0; i < chain->referral_count; i++)
		if (!referrals[i].ended && has_open_child (chain, &referrals[i]))
			referrals[i].waiting = (struct audit_waiting){ .late = false };
}

static void sum_up (struct audit_chain *chain)
{
	chain->ended = true;
	chain->opened_ms = chain->referrals[0].opened_ms;
	for (size_t i = 0; i < chain->referral_count; i++) {
		const struct audit_referral *referral = &chain->referrals[i];

		chain->ended = chain->ended && referral->ended;
		chain->late = chain->late || referral->waiting.late;
		chain->doubts |= referral->doubts;
		if (referral->moved_ms > chain->moved_ms)
			chain->moved_ms = referral->moved_ms;
		if (referral->opened_ms < chain->opened_ms)
			chain->opened_ms = referral->opened_ms;
		if (matters_more (referral, &chain->referrals[chain->current]))
			chain->current = i;
	}
}

/* ERR_TOO_LARGE when the arena is full. */
static err_t build (const struct audit *audit, const struct chain *chain, int64_t now_ms,
		    arena_t *arena, struct audit_chain *ret_chain)
{
	struct tree tree = {
		.found = arena_alloc (arena, chain->shown * sizeof *tree.found),
		.ordered = arena_alloc (arena, chain->shown * sizeof *tree.ordered),
		.taken = arena_alloc (arena, chain->shown * sizeof *tree.taken),
		.is_child = arena_alloc (arena, chain->shown * sizeof *tree.is_child),
	};

	if (tree.found == NULL || tree.ordered == NULL || tree.taken == NULL || tree.is_child == NULL)
		return ERR_TOO_LARGE;
	for (uint32_t at = chain->first; at != NONE_AT; at = audit->nodes[at].next)
		if (audit->nodes[at].step_count > 0)
			judge_node (audit, &audit->nodes[at], now_ms, &tree.found[tree.count++]);
	put_in_order (&tree);
	*ret_chain = (struct audit_chain){ .id = chain->id,
					   .referral_count = tree.count,
					   .referrals = tree.ordered };
	forget_waiting_for_parents (ret_chain, tree.ordered);
	sum_up (ret_chain);
	return ERR_OK;
}

/* ---- asking ------------------------------------------------------------------------------------- */

/* Only a filter needs a verdict of chains that are not shown. */
static bool is_wanted (const struct audit *audit, const struct chain *chain,
		       const struct audit_filter *filter, int64_t now_ms, arena_t *scratch)
{
	struct audit_chain whole;

	if (chain->shown == 0)
		return false;
	if (!filter->late && !filter->disagree)
		return true;
	arena_reset (scratch);
	return build (audit, chain, now_ms, scratch, &whole) == ERR_OK
	       && (!filter->late || whole.late) && (!filter->disagree || whole.doubts != 0);
}

size_t audit_list (audit_t *audit, const struct audit_filter *filter, int64_t now_ms, size_t skip,
		   size_t max, arena_t *arena, struct audit_chain **ret_chains)
{
	size_t most = max < audit->chain_count ? max : audit->chain_count, count = 0;
	struct audit_chain *chains = arena_alloc (arena, (most + 1) * sizeof *chains);
	OWNED (arena) scratch = arena_new (SCRATCH_BYTES);

	*ret_chains = chains;
	for (uint32_t at = audit->newest; chains != NULL && at != NONE_AT && count < most;
	     at = audit->chains[at].older) {
		const struct chain *chain = &audit->chains[at];

		if (!is_wanted (audit, chain, filter, now_ms, scratch))
			continue;
		if (skip > 0)
			skip--;
		else if (build (audit, chain, now_ms, arena, &chains[count]) == ERR_OK)
			count++;
		else
			break;
	}
	return count;
}

static err_t add_steps (const struct audit *audit, const struct node *node, arena_t *arena,
			struct audit_referral *referral)
{
	struct audit_step *steps = arena_alloc (arena, node->step_count * sizeof *steps);

	if (steps == NULL)
		return ERR_TOO_LARGE;
	for (uint32_t at = node->first; at != NONE_AT; at = audit->steps[at].next) {
		const struct step *step = &audit->steps[at];
		struct audit_step *to = &steps[referral->step_count++];

		*to = (struct audit_step){
			.state = audit->names[step->state].text,
			.reason = audit->names[step->reason].text,
			.at_ms = step->at_ms,
			.due_ms = step->due_ms,
			.told_ms = step->told_ms,
			.header_hash = step->header_hash,
			.leaf = step->leaf,
		};
		memcpy (to->reporter.text, audit->names[step->reporter].text,
			sizeof to->reporter.text);
	}
	referral->steps = steps;
	return ERR_OK;
}

err_t audit_show (audit_t *audit, const struct chain_id *id, int64_t now_ms, arena_t *arena,
		  struct audit_chain *ret_chain)
{
	uint32_t at = find_chain (audit, id);
	struct audit_referral *referrals;
	err_t err;

	if (at == NONE_AT || audit->chains[at].shown == 0)
		return ERR_NOT_FOUND;
	err = build (audit, &audit->chains[at], now_ms, arena, ret_chain);
	referrals = (struct audit_referral *)(uintptr_t)ret_chain->referrals;
	for (size_t i = 0; err == ERR_OK && i < ret_chain->referral_count; i++) {
		uint32_t hash = index_hash (audit->secret, ID_BYTES (referrals[i].id));
		uint32_t node = index_find (&audit->by_node, hash, same_node, audit, referrals[i].id.b);

		err = add_steps (audit, &audit->nodes[node], arena, &referrals[i]);
	}
	return err;
}
