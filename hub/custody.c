/*
 * Only the right edge of the tree is in memory; the leaves are rows of the store.
 */
#include "hub/custody.h"

#include <stdlib.h>
#include <string.h>

#include "jembatan/clock.h"

struct custody_log {
	store_t *store;
	const keypair_t *key;
	char network[LIMIT_NAME_BYTES + 1];
	char hub[LIMIT_ID_TEXT + 1];
	struct store_self now, saved;
	bool changed;
	arena_t *arena;
};

static void make_self (custody_log_t *log)
{
	memset (&log->now, 0, sizeof log->now);
	random16_make (log->now.id.b);
	log->now.since_ms = clock_now_ms ();
	log->changed = true;
}

static err_t load_or_begin (custody_log_t *log)
{
	err_t err = store_self_load (log->store, &log->now);

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
	arena_destroy (&(*log)->arena);
	free (*log);
	*log = NULL;
}

const struct store_id *custody_store_id (const custody_log_t *log)
{
	return &log->now.id;
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

err_t custody_add (custody_log_t *log, enum leaf_kind kind, const struct hash *header_hash,
		   int64_t at_ms, uint64_t *ret_index)
{
	struct hash leaf = leaf_hash (kind, header_hash, at_ms);
	uint64_t index = log->now.edge.size;
	err_t err = store_add_leaf (log->store, index, &leaf, kind, header_hash, at_ms);

	if (err != ERR_OK)
		return err;
	merkle_append (&log->now.edge, &leaf);
	log->changed = true;
	*ret_index = index;
	return ERR_OK;
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
	log->changed = false;
}

void custody_undo (custody_log_t *log)
{
	if (log->changed)
		log->now = log->saved;
	log->changed = false;
}

err_t custody_renew (custody_log_t *log)
{
	err_t err = store_clear_leaves (log->store);

	if (err == ERR_OK)
		make_self (log);
	return err;
}
