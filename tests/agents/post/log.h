/*
 * The log of the hub that a test plays: any history that it likes, with notes and proofs of it.
 */
#ifndef TESTS_AGENTS_POST_LOG_H
#define TESTS_AGENTS_POST_LOG_H

#include "tests/agents/post/world.h"

#include "agents/ledger/deadline.h"
#include "jembatan/merkle.h"

#define LEAVES 40u
#define MOST 8u                          /* letters of one question here */
#define TAKEN_MS INT64_C (1800000000000)

/* The hub's log: `view` makes another history, leaf by leaf. */
static struct hash leaf_at (uint8_t view, uint64_t n)
{
	struct hash hash = { { view, (uint8_t)n } };

	return leaf_hash (LEAF_TAKEN, &hash, (int64_t)n);
}

struct log {
	struct hash leaf[LEAVES];
	uint64_t size;
};

static void log_fill (struct log *log, uint8_t view, uint64_t size)
{
	log->size = size;
	for (uint64_t n = 0; n < size; n++)
		log->leaf[n] = leaf_at (view, n);
}

static err_t node_of (void *context, unsigned level, uint64_t position, struct hash *ret_node)
{
	struct log *log = context;
	struct merkle_edge edge = { 0 };

	for (uint64_t n = 0; n < UINT64_C (1) << level; n++)
		merkle_append (&edge, &log->leaf[(position << level) + n]);
	*ret_node = edge.node[0];
	return ERR_OK;
}

static const char *note_of (struct world *w, const struct log *log, uint64_t size)
{
	struct merkle_edge edge = { 0 };
	char store[UUID_TEXT];
	struct checkpoint checkpoint = {
		.origin = arena_printf (w->arena, "bengkulu/hub-uji/%s", uuid_text (w->hub_store.b, store)),
		.size = size,
	};

	for (uint64_t n = 0; n < size; n++)
		merkle_append (&edge, &log->leaf[n]);
	checkpoint.root = merkle_root (&edge);
	return checkpoint_sign (&checkpoint, "hub-uji", w->hub_log, w->arena);
}

static void welcome_with (struct world *w, const char *note)
{
	struct frame frame = { .type = FRAME_WELCOME };

	hub_hears (w, FRAME_HELLO);
	frame.welcome = (typeof (frame.welcome)){
		.protocol = 1, .hub = "hub-uji", .hub_store_id = w->hub_store, .credit = wide,
		.max_frame_bytes = LIMIT_FRAME_BYTES, .max_expiry_ms = LETTER_EXPIRY_MAX_MS,
		.hub_time_ms = clock_now_ms (),
		.directory_version = directory_data (w->directory)->version, .checkpoint = note,
	};
	hub_say (w, &frame);
	hub_hears (w, FRAME_CREDIT);
}

/* Until the agent has dealt with all that the hub said before. */
static void settle (struct world *w)
{
	struct frame ping = { .type = FRAME_PING };

	hub_say (w, &ping);
	hub_hears (w, FRAME_PONG);
}

/* An answer from this log to what was asked. */
static void answer_only (struct world *w, const struct frame *asked, struct log *log)
{
	struct frame frame = { .type = FRAME_PROOF };
	struct inclusion list[MOST];
	struct merkle_path past, path[MOST];
	uint64_t to = asked->proof_get.to_size > 0 ? asked->proof_get.to_size : log->size;

	frame.proof.tree_size = to;
	frame.proof.checkpoint = to == log->size ? note_of (w, log, to) : "";
	if (asked->proof_get.from_size > 0 && asked->proof_get.from_size <= to) {
		assert_ok (merkle_consistency (node_of, log, asked->proof_get.from_size, to, &past));
		frame.proof.consistency_count = past.count;
		frame.proof.consistency = past.node;
	}
	for (size_t i = 0; i < asked->proof_get.hash_count; i++) {
		uint64_t n = asked->proof_get.leaves[i];

		if (n >= to)
			continue;
		assert_ok (merkle_inclusion (node_of, log, n, to, &path[i]));
		list[frame.proof.inclusion_count++] = (struct inclusion){
			asked->proof_get.hashes[i], n, TAKEN_MS, path[i].count, path[i].node };
	}
	frame.proof.inclusions = list;
	frame.proof.judged = (uint32_t)asked->proof_get.hash_count;
	hub_say (w, &frame);
}

static inline void answer (struct world *w, const struct frame *asked, struct log *log)
{
	answer_only (w, asked, log);
	settle (w);
}

static bool rings (struct world *w, const char *name, struct agency_id *ret_partner)
{
	struct alarm *list;
	size_t count = alarm_list (w->ledger, 0, 100, w->arena, &list);

	for (size_t i = 0; i < count; i++)
		if (strcmp (list[i].name, name) == 0) {
			*ret_partner = list[i].partner;
			return true;
		}
	return false;
}

#endif
