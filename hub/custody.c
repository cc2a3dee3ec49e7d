/*
 * Only the right edge of the tree is in memory; the leaves are rows of the store, and so is one node
 * above each 256 of them, from which tiles.c makes proofs.
 */
#include "hub/custody.h"

#include <stdlib.h>
#include <string.h>

#include "hub/tiles.h"
#include "jembatan/clock.h"
#include "jembatan/log.h"

struct custody_log {
	store_t *store;
	const keypair_t *key;
	char network[LIMIT_NAME_BYTES + 1];
	char hub[LIMIT_ID_TEXT + 1];
	struct store_self now, saved;
	tiles_t *tiles;
	bool changed;
	bool renewed;                    /* in the open group: of the log in `saved` nothing is left */
	arena_t *arena;
};

static void make_self (custody_log_t *log)
{
	memset (&log->now, 0, sizeof log->now);
	random16_make (log->now.id.b);
	log->now.since_ms = clock_now_ms ();
	log->changed = true;
}

/* One node from the 256 below it. */
static err_t make_node (store_t *store, unsigned level, uint64_t position)
{
	struct hash below[1u << MERKLE_STEP];
	struct merkle_edge edge = { 0 };
	err_t err = store_nodes (store, level - MERKLE_STEP, position * COUNT_OF (below),
				 COUNT_OF (below), below);

	if (err != ERR_OK)
		return err;
	for (size_t i = 0; i < COUNT_OF (below); i++)
		merkle_append (&edge, &below[i]);
	return store_add_node (store, level, position, &edge.node[0]);
}

/* A log from before nodes were kept gets them now, once, in the group that its owner commits. */
static err_t add_missing_nodes (custody_log_t *log)
{
	uint64_t size = log->now.edge.size, have;
	err_t err = ERR_OK;

	for (unsigned level = MERKLE_STEP; err == ERR_OK && size >> level > 0; level += MERKLE_STEP) {
		err = store_node_count (log->store, level, &have);
		if (err == ERR_OK && have < size >> level) {
			LOG (NOTE, "custody.nodes_added", LOG_N ("level", level),
			     LOG_N ("count", (size >> level) - have));
			err = store_begin (log->store);
		}
		for (; err == ERR_OK && have < size >> level; have++)
			err = make_node (log->store, level, have);
	}
	return err;
}

static err_t load_or_begin (custody_log_t *log)
{
	err_t err = store_self_load (log->store, &log->now);

	if (err == ERR_OK)
		return add_missing_nodes (log);
	if (err != ERR_NOT_FOUND)
		return err;
	make_self (log);
	err = store_begin (log->store);
	return err == ERR_OK ? custody_sign (log) : err;
}

err_t custody_open (store_t *store, const keypair_t *log_key, const char *network,
		    const char *hub, custody_log_t **ret_log)
{
	custody_log_t *log = must_alloc (sizeof *log);
	err_t err;

	memset (log, 0, sizeof *log);
	log->store = store;
	log->key = log_key;
	log->arena = arena_new (64 * KIB);
	log->tiles = tiles_new (store);
	strncpy (log->network, network, sizeof log->network - 1);
	strncpy (log->hub, hub, sizeof log->hub - 1);
	err = load_or_begin (log);
	if (err != ERR_OK) {
		custody_log_destroy (&log);
		return err;
	}
	log->saved = log->now;
	*ret_log = log;
	return ERR_OK;
}

void custody_log_destroy (custody_log_t **log)
{
	if (*log == NULL)
		return;
	tiles_destroy (&(*log)->tiles);
	arena_destroy (&(*log)->arena);
	free (*log);
	*log = NULL;
}

const struct store_id *custody_store_id (const custody_log_t *log)
{
	return &log->now.id;
}

err_t custody_newest_ms (custody_log_t *log, int64_t *ret_ms)
{
	struct leaf leaf = { .at_ms = 0 };
	err_t err = log->now.edge.size == 0 ? ERR_OK :
		    store_leaf (log->store, log->now.edge.size - 1, &leaf);

	*ret_ms = leaf.at_ms;
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

int64_t custody_since_ms (const custody_log_t *log)
{
	return log->now.since_ms;
}

uint64_t custody_size (const custody_log_t *log)
{
	return log->now.edge.size;
}

const char *custody_checkpoint (const custody_log_t *log)
{
	return log->now.checkpoint;
}

static const char *origin (const custody_log_t *log)
{
	char store_text[UUID_TEXT];

	return arena_printf (log->arena, "%s/%s/%s", log->network, log->hub,
			     uuid_text (log->now.id.b, store_text));
}

bool custody_is_behind (custody_log_t *log, const char *checkpoint)
{
	struct public_key key = keypair_public (log->key);
	struct checkpoint seen;

	arena_reset (log->arena);
	return *checkpoint != '\0' &&
	       checkpoint_read (checkpoint, log->hub, &key, log->arena, &seen) == ERR_OK &&
	       strcmp (seen.origin, origin (log)) == 0 && seen.size > log->now.edge.size;
}

static err_t append (custody_log_t *log, const struct hash *leaf)
{
	struct hash whole[MERKLE_STEPS];
	size_t steps = merkle_append_whole (&log->now.edge, leaf, whole);
	err_t err = ERR_OK;

	for (size_t i = 0; i < steps && err == ERR_OK; i++) {
		unsigned level = MERKLE_STEP * ((unsigned)i + 1);

		err = store_add_node (log->store, level, (log->now.edge.size >> level) - 1, &whole[i]);
	}
	return err;
}

err_t custody_add (custody_log_t *log, enum leaf_kind kind, const struct hash *header_hash,
		   int64_t at_ms, uint64_t *ret_index)
{
	struct hash leaf = leaf_hash (kind, header_hash, at_ms);
	uint64_t index = log->now.edge.size;
	err_t err = store_add_leaf (log->store, index, &leaf, kind, header_hash, at_ms);

	if (err != ERR_OK)
		return err;
	log->changed = true;
	*ret_index = index;
	return append (log, &leaf);
}

err_t custody_sign (custody_log_t *log)
{
	struct checkpoint checkpoint;
	const char *note;

	if (!log->changed)
		return ERR_OK;
	arena_reset (log->arena);
	checkpoint.origin = origin (log);
	checkpoint.size = log->now.edge.size;
	checkpoint.root = merkle_root (&log->now.edge);
	note = checkpoint_sign (&checkpoint, log->hub, log->key, log->arena);
	if (strlen (note) >= sizeof log->now.checkpoint)
		return ERR_TOO_LARGE;
	strcpy (log->now.checkpoint, note);
	return store_self_save (log->store, &log->now);
}

void custody_keep (custody_log_t *log)
{
	if (log->changed)
		log->saved = log->now;
	log->changed = log->renewed = false;
}

void custody_undo (custody_log_t *log)
{
	if (log->changed)
		log->now = log->saved;
	log->changed = log->renewed = false;
}

err_t custody_renew (custody_log_t *log)
{
	err_t err = store_clear_leaves (log->store);

	tiles_forget (log->tiles);
	log->renewed = true;
	if (err == ERR_OK)
		make_self (log);
	return err;
}

/* ---- proofs ---- */

uint64_t custody_proved_size (const custody_log_t *log)
{
	return log->renewed ? 0 : log->saved.edge.size;
}

const char *custody_proved_checkpoint (const custody_log_t *log)
{
	return log->saved.checkpoint;
}

uint64_t custody_rows (const custody_log_t *log)
{
	return tiles_rows (log->tiles);
}

static const struct hash *keep_path (const struct merkle_path *path, arena_t *arena)
{
	struct hash *kept = arena_must (arena, path->count * sizeof *kept);

	memcpy (kept, path->node, path->count * sizeof *kept);
	return kept;
}

err_t custody_inclusion (custody_log_t *log, uint64_t index, const struct hash *header_hash,
			 uint64_t size, arena_t *arena, struct inclusion *ret_inclusion)
{
	struct merkle_path path;
	struct leaf leaf;
	err_t err = index < size ? store_leaf (log->store, index, &leaf) : ERR_NOT_FOUND;

	if (err == ERR_OK &&
	    (leaf.kind != LEAF_TAKEN || !ID_EQUAL (leaf.header_hash, *header_hash)))
		err = ERR_NOT_FOUND;
	if (err == ERR_OK)
		err = tiles_inclusion (log->tiles, index, size, &path);
	if (err != ERR_OK)
		return err;
	*ret_inclusion = (struct inclusion){
		.header_hash = *header_hash, .leaf = index, .at_ms = leaf.at_ms,
		.path_count = path.count, .path = keep_path (&path, arena),
	};
	return ERR_OK;
}

err_t custody_consistency (custody_log_t *log, uint64_t from_size, uint64_t size, arena_t *arena,
			   size_t *ret_count, const struct hash **ret_path)
{
	struct merkle_path path;
	err_t err = from_size > 0 && from_size <= size ? ERR_OK : ERR_NOT_FOUND;

	if (err == ERR_OK)
		err = tiles_consistency (log->tiles, from_size, size, &path);
	if (err != ERR_OK)
		return err;
	*ret_count = path.count;
	*ret_path = keep_path (&path, arena);
	return ERR_OK;
}
