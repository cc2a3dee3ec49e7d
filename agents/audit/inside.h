/* What the files of the audit share.  Nobody outside agents/audit includes it. */
#ifndef AGENTS_AUDIT_INSIDE_H
#define AGENTS_AUDIT_INSIDE_H

#include "agents/audit/audit.h"
#include "agents/audit/index.h"

#define NONE_AT INDEX_NONE
#define NODE_STEPS_MAX 512u          /* of one referral; what is told beyond is not kept */
#define CHAIN_NODES_MAX 256u         /* referrals of one chain */
#define LIFE_STATES_MAX 64u          /* bits of a mask */

/* Agencies, kinds, states and reasons stand once and are compared by number. */
struct name {
	char text[LIMIT_ID_TEXT + 1];
	bool overseen;
};

struct step {
	struct hash header_hash;
	int64_t at_ms, due_ms, told_ms;
	uint64_t n, leaf;
	uint32_t node;
	uint32_t reporter, state, reason;   /* names */
	uint32_t next;               /* of the same referral, by at_ms, then n */
};

/* The newest loop.overdue about a referral. */
struct mark {
	int64_t at_ms, due_ms;
	uint32_t teller, owner;      /* names */
};

struct node {
	struct thread_id id, parent;
	uint32_t chain, next;        /* of the same chain */
	uint32_t from, to, kind;     /* names; as first told */
	uint32_t first, last;        /* steps */
	uint32_t step_count;         /* 0 = only an overdue letter spoke of it */
	struct mark mark;
	unsigned doubts;             /* those that no time changes */
};

struct chain {
	struct chain_id id;
	uint32_t first, last;        /* nodes */
	uint32_t newer, older;       /* chains, by what was told last */
	uint32_t node_count;
	uint32_t shown;              /* nodes with steps */
};

/* What the catalogue says of all thread types of one coarse kind. */
struct life {
	uint32_t kind;
	const struct thread_type *type;
	size_t state_count;
	uint32_t states[LIFE_STATES_MAX];    /* names */
	uint64_t reach[LIFE_STATES_MAX];     /* states that letters lead to from here */
	uint64_t answers[LIFE_STATES_MAX];   /* states that answer what opened this one */
	enum party waits[LIFE_STATES_MAX];   /* 0 = nobody */
	uint64_t ended, accepted, arrived, completed, failed, rejected, cancelled;
};

struct audit {
	const catalogue_t *catalogue;
	uint64_t secret, last_n;
	struct name *names;
	struct step *steps;
	struct node *nodes;
	struct chain *chains;
	size_t name_count, step_count, node_count, chain_count;
	size_t name_room, step_room, node_room, chain_room;
	struct index by_name, by_node, by_chain, by_leaf;
	uint32_t newest;             /* chain */
	size_t life_count;
	struct life *lives;
	uint32_t info_asked, cancel_requested, cancelled_unconfirmed, nothing;   /* names */
};

uint32_t audit_name (struct audit *audit, const char *text);

/* ---- life.c ---- */

void lives_make (struct audit *audit);
/* NULL for a coarse kind that the catalogue does not have. */
const struct life *life_of (const struct audit *audit, uint32_t kind);
/* NONE_AT for a state that it does not have. */
uint32_t life_state (const struct life *life, uint32_t state);

/* ---- judge.c ---- */

void judge_node (const struct audit *audit, const struct node *node, int64_t now_ms,
		 struct audit_referral *ret_referral);

#endif
