/*
 * The signed directory: who signed it, whether it contradicts itself, and look-ups in it.
 *
 * 1. Bytes are verified before anything of the inner message is believed, against the keys trusted
 *    before; only a first directory, handed over by a person, is held against its own keys.
 * 2. A loaded directory never changes.  Everything that it gives out lives in its arena.
 * 3. A directory that would not be read is not signed either.
 */
#include "jembatan/directory.h"

#include <stdlib.h>
#include <string.h>

#include "proto/wire_directory.h"

#define DIRECTORY_DOMAIN "JMBTN-directory-v1"

/* A tree of small objects takes up to eight times its bytes; twice that is refused. */
#define ARENA_FACTOR 16u

/* Writing is bounded by what was read before, so this only stops a runaway. */
#define SCRATCH_BYTES (1024u * MIB)

/* One place of a hash table: which member, and which of its keys; member 0 is a free place. */
struct place {
	uint32_t member, key;
};

struct table {
	struct place *places;
	size_t mask;
};

struct directory {
	arena_t *arena;
	struct directory_data data;
	struct bytes signed_bytes, content;
	struct table by_id, by_link;
};

/* ---- hash tables ------------------------------------------------------------------------------ */

/* Entries come signed by the registrar, so nobody can crowd one place with chosen names: FNV-1a. */
static size_t text_place (const char *text)
{
	uint64_t hash = UINT64_C (14695981039346656037);

	for (; *text != '\0'; text++)
		hash = (hash ^ (uint8_t)*text) * UINT64_C (1099511628211);
	return (size_t)(hash ^ hash >> 32);
}

static size_t key_place (const struct key_id *id)
{
	uint64_t hash;

	memcpy (&hash, id->b, sizeof hash);
	return (size_t)hash;
}

static err_t table_new (arena_t *arena, size_t count, struct table *ret_table)
{
	size_t size = 8;

	while (size < 2 * count)
		size *= 2;
	ret_table->places = arena_alloc (arena, size * sizeof *ret_table->places);
	ret_table->mask = size - 1;
	return ret_table->places != NULL ? ERR_OK : ERR_TOO_LARGE;
}

static const struct member *place_member (const directory_t *directory, const struct place *place)
{
	return &directory->data.members[place->member - 1];
}

/* The place that holds the agency, or the free one where it would go. */
static struct place *find_id (const directory_t *directory, const struct agency_id *id)
{
	const struct table *table = &directory->by_id;
	size_t at = text_place (id->text) & table->mask;

	while (table->places[at].member != 0
	       && !agency_id_equal (&place_member (directory, &table->places[at])->id, id))
		at = (at + 1) & table->mask;
	return &table->places[at];
}

static struct place *find_link (const directory_t *directory, const struct key_id *id)
{
	const struct table *table = &directory->by_link;
	size_t at = key_place (id) & table->mask;

	while (table->places[at].member != 0) {
		const struct place *place = &table->places[at];
		const struct member *member = place_member (directory, place);

		if (ID_EQUAL (member->keys[place->key].id, *id))
			break;
		at = (at + 1) & table->mask;
	}
	return &table->places[at];
}

/* Only an active LINK key opens a session. */
static bool key_links (const struct member_key *key)
{
	return key->use == KEY_LINK && key->state == KEY_STATE_ACTIVE;
}

static size_t link_count (const struct directory_data *data)
{
	size_t count = 0;

	for (size_t i = 0; i < data->member_count; i++)
		for (size_t k = 0; k < data->members[i].key_count; k++)
			count += key_links (&data->members[i].keys[k]);
	return count;
}

static err_t enter_links (directory_t *directory, uint32_t member)
{
	const struct member *of = &directory->data.members[member];

	for (uint32_t k = 0; k < of->key_count; k++) {
		struct place *place;

		if (!key_links (&of->keys[k]))
			continue;
		place = find_link (directory, &of->keys[k].id);
		if (place->member != 0)
			return ERR_MALFORMED;   /* one session key, two members */
		*place = (struct place){ member + 1, k };
	}
	return ERR_OK;
}

static err_t enter_member (directory_t *directory, uint32_t member)
{
	struct place *place = find_id (directory, &directory->data.members[member].id);

	if (place->member != 0)
		return ERR_MALFORMED;   /* the same agency twice */
	*place = (struct place){ member + 1, 0 };
	return enter_links (directory, member);
}

static err_t index_members (directory_t *directory)
{
	const struct directory_data *data = &directory->data;
	err_t err = table_new (directory->arena, data->member_count, &directory->by_id);

	if (err == ERR_OK)
		err = table_new (directory->arena, link_count (data), &directory->by_link);
	for (uint32_t i = 0; err == ERR_OK && i < data->member_count; i++)
		err = enter_member (directory, i);
	return err;
}

/* ---- whether it holds together ---------------------------------------------------------------- */

static bool registrar_keys_differ (const struct directory_data *data)
{
	for (size_t i = 0; i < data->registrar_key_count; i++)
		for (size_t k = 0; k < i; k++)
			if (ID_EQUAL (data->registrar_keys[i].public_key,
				      data->registrar_keys[k].public_key))
				return false;
	return true;
}

static bool hubs_differ (const struct directory_data *data)
{
	for (size_t i = 0; i < data->hub_count; i++)
		for (size_t k = 0; k < i; k++)
			if (strcmp (data->hubs[i].id, data->hubs[k].id) == 0)
				return false;
	return true;
}

static bool member_keys_differ (const struct member *member)
{
	for (size_t i = 0; i < member->key_count; i++)
		for (size_t k = 0; k < i; k++)
			if (ID_EQUAL (member->keys[i].id, member->keys[k].id))
				return false;
	return true;
}

static bool all_member_keys_differ (const struct directory_data *data)
{
	for (size_t i = 0; i < data->member_count; i++)
		if (!member_keys_differ (&data->members[i]))
			return false;
	return true;
}

/* A key counted twice would lower the threshold; a threshold of nobody would be none. */
static err_t data_check (const struct directory_data *data)
{
	if (data->version == 0 || data->expires_ms <= data->issued_ms)
		return ERR_MALFORMED;
	if (data->threshold == 0 || data->threshold > data->registrar_key_count)
		return ERR_MALFORMED;
	if (!registrar_keys_differ (data) || !hubs_differ (data) || !all_member_keys_differ (data))
		return ERR_MALFORMED;
	return ERR_OK;
}

/* ---- who signed it ---------------------------------------------------------------------------- */

static bool signed_by (const struct signed_directory *from, const struct public_key *key)
{
	struct key_id id = key_id_of (KEY_ROOT, key);

	for (size_t i = 0; i < from->signature_count; i++)
		if (ID_EQUAL (from->signatures[i].key_id, id)
		    && verify_parts (key, &from->signatures[i].signature, DIRECTORY_DOMAIN,
				     from->directory, BYTES_NONE, BYTES_NONE) == ERR_OK)
			return true;
	return false;
}

/* Counts keys, not signatures: signing twice is signing once. */
static err_t threshold_met (const struct signed_directory *from,
			    const struct directory_data *trusted)
{
	uint32_t count = 0;

	for (size_t i = 0; i < trusted->registrar_key_count; i++)
		count += signed_by (from, &trusted->registrar_keys[i].public_key);
	return trusted->threshold > 0 && count >= trusted->threshold ? ERR_OK : ERR_BAD_SIGNATURE;
}

/* A newer directory of the same network.  The same version again is the same content again: two
 * directories of one version would let a hub show each member another network. */
static err_t may_follow (const directory_t *directory, const directory_t *trusted)
{
	const struct directory_data *now = &directory->data, *before = &trusted->data;

	if (strcmp (now->network, before->network) != 0)
		return ERR_CONFLICT;
	if (now->version < before->version)
		return ERR_BAD_VERSION;
	if (now->version == before->version
	    && !bytes_equal (directory->content, trusted->content))
		return ERR_BAD_VERSION;
	return ERR_OK;
}

/* ---- reading ---------------------------------------------------------------------------------- */

static err_t read_content (directory_t *directory, const struct signed_directory *from,
			   const directory_t *trusted)
{
	err_t err = trusted != NULL ? threshold_met (from, &trusted->data) : ERR_OK;

	if (err == ERR_OK)
		err = wire_directory_decode (from->directory, directory->arena, &directory->data);
	if (err == ERR_OK)
		err = data_check (&directory->data);
	if (err == ERR_OK && trusted == NULL)
		err = threshold_met (from, &directory->data);
	if (err == ERR_OK && trusted != NULL)
		err = may_follow (directory, trusted);
	return err == ERR_OK ? index_members (directory) : err;
}

static err_t read_signed (directory_t *directory, struct bytes from, const directory_t *trusted)
{
	struct signed_directory content;
	err_t err;

	directory->signed_bytes = arena_bytes (directory->arena, from);
	if (directory->signed_bytes.data == NULL)
		return ERR_TOO_LARGE;
	err = wire_signed_directory_decode (directory->signed_bytes, directory->arena, &content);
	if (err != ERR_OK)
		return err;
	directory->content = content.directory;
	return read_content (directory, &content, trusted);
}

err_t directory_read (struct bytes from, const directory_t *trusted, directory_t **ret_directory)
{
	directory_t *directory;
	err_t err;

	if (from.len > LIMIT_DIRECTORY_BYTES)
		return ERR_TOO_LARGE;
	directory = must_alloc (sizeof *directory);
	memset (directory, 0, sizeof *directory);
	directory->arena = arena_new (MIB + ARENA_FACTOR * from.len);
	err = read_signed (directory, from, trusted);
	if (err == ERR_OK)
		*ret_directory = directory;
	else
		directory_destroy (&directory);
	return err;
}

void directory_destroy (directory_t **directory)
{
	if (directory == NULL || *directory == NULL)
		return;
	arena_destroy (&(*directory)->arena);
	free (*directory);
	*directory = NULL;
}

const struct directory_data *directory_data (const directory_t *directory)
{
	return &directory->data;
}

struct bytes directory_signed_bytes (const directory_t *directory)
{
	return directory->signed_bytes;
}

/* ---- signing ---------------------------------------------------------------------------------- */

static void sign_content (struct signed_directory *content, keypair_t *const *roots,
			  size_t root_count)
{
	for (size_t i = 0; i < root_count && i < LIMIT_REGISTRAR_KEYS; i++) {
		struct directory_signature *to = &content->signatures[content->signature_count++];

		to->key_id = keypair_id (roots[i]);
		to->signature = sign_parts (roots[i], DIRECTORY_DOMAIN, content->directory,
					    BYTES_NONE, BYTES_NONE);
	}
}

static err_t content_readable (struct bytes content)
{
	OWNED (arena) arena = arena_new (MIB + ARENA_FACTOR * content.len);
	struct directory_data data;
	directory_t trial = { .arena = arena };
	err_t err = wire_directory_decode (content, arena, &data);

	if (err == ERR_OK)
		err = data_check (&data);
	if (err != ERR_OK)
		return err;
	trial.data = data;
	return index_members (&trial);
}

err_t directory_sign (const struct directory_data *data, keypair_t *const *roots,
		      size_t root_count, arena_t *arena, struct bytes *ret_signed)
{
	OWNED (arena) scratch = arena_new (SCRATCH_BYTES);
	struct signed_directory content = { .signature_count = 0 };
	struct bytes encoded;
	err_t err = wire_directory_encode (data, scratch, &content.directory);

	if (err == ERR_OK)
		err = content_readable (content.directory);
	if (err != ERR_OK)
		return err;
	sign_content (&content, roots, root_count);
	err = wire_signed_directory_encode (&content, scratch, &encoded);
	if (err != ERR_OK)
		return err;
	encoded = arena_bytes (arena, encoded);
	if (encoded.data == NULL)
		return ERR_TOO_LARGE;
	*ret_signed = encoded;
	return ERR_OK;
}

/* ---- look-ups --------------------------------------------------------------------------------- */

static const struct member *member_at (const directory_t *directory, const struct place *place)
{
	return place->member != 0 ? place_member (directory, place) : NULL;
}

const struct member *directory_member (const directory_t *directory, const struct agency_id *id)
{
	return member_at (directory, find_id (directory, id));
}

const struct member *directory_member_by_link (const directory_t *directory,
					       const struct key_id *link_key_id)
{
	return member_at (directory, find_link (directory, link_key_id));
}

const struct hub_entry *directory_hub (const directory_t *directory, const char *id)
{
	for (size_t i = 0; i < directory->data.hub_count; i++)
		if (strcmp (directory->data.hubs[i].id, id) == 0)
			return &directory->data.hubs[i];
	return NULL;
}

bool oversight_is_first (const struct directory_data *data, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (agency_id_equal (&data->oversight[k].coordinator, &data->oversight[i].coordinator))
			return false;
	return true;
}

static bool row_oversees (const struct oversight *row, const struct agency_id *agency)
{
	for (size_t i = 0; i < row->overseen_count; i++)
		if (agency_id_equal (&row->overseen[i], agency))
			return true;
	return false;
}

bool directory_oversees (const directory_t *directory, const struct agency_id *coordinator,
			 const struct agency_id *agency)
{
	const struct directory_data *data = &directory->data;

	for (size_t i = 0; i < data->oversight_count; i++)
		if (agency_id_equal (&data->oversight[i].coordinator, coordinator)
		    && row_oversees (&data->oversight[i], agency))
			return true;
	return false;
}

/* ---- keys of a member ------------------------------------------------------------------------- */

static bool key_valid_at (const struct member_key *key, int64_t at_ms)
{
	return at_ms >= key->valid_from_ms && (key->valid_to_ms == 0 || at_ms < key->valid_to_ms);
}

const struct member_key *member_key (const struct member *member, enum key_use use, int64_t at_ms)
{
	const struct member_key *newest = NULL;

	for (size_t i = 0; i < member->key_count; i++) {
		const struct member_key *key = &member->keys[i];

		if (key->use != use || key->state != KEY_STATE_ACTIVE || !key_valid_at (key, at_ms))
			continue;
		if (newest == NULL || key->valid_from_ms >= newest->valid_from_ms)
			newest = key;
	}
	return newest;
}

const struct member_key *member_key_by_id (const struct member *member, const struct key_id *id)
{
	for (size_t i = 0; i < member->key_count; i++)
		if (ID_EQUAL (member->keys[i].id, *id))
			return &member->keys[i];
	return NULL;
}

/* Whoever stole a key dates its forgeries as he likes, so for a compromised key only the arrival
 * counts; a retired key's holder is still trusted about when it signed. */
static bool key_revoked (const struct member_key *key, int64_t made_ms, int64_t at_ms)
{
	switch (key->state) {
	case KEY_STATE_ACTIVE:
		return false;
	case KEY_STATE_RETIRED:
		return made_ms >= key->since_ms;
	case KEY_STATE_COMPROMISED:
		return at_ms >= key->since_ms;
	}
	return true;
}

err_t member_key_allows (const struct member *member, const struct key_id *id, enum key_use use,
			 int64_t made_ms, int64_t at_ms)
{
	const struct member_key *key = member_key_by_id (member, id);

	if (key == NULL || key->use != use)
		return ERR_KEY_UNKNOWN;
	if (key_revoked (key, made_ms, at_ms))
		return ERR_KEY_REVOKED;
	return key_valid_at (key, made_ms) ? ERR_OK : ERR_KEY_UNKNOWN;
}

enum directory_age directory_age (const directory_t *directory, int64_t now_ms)
{
	int64_t expires_ms = directory->data.expires_ms;

	if (now_ms < expires_ms - DIRECTORY_WARN_MS)
		return DIRECTORY_FRESH;
	if (now_ms < expires_ms)
		return DIRECTORY_ENDING;
	return now_ms < expires_ms + DIRECTORY_GRACE_MS ? DIRECTORY_PAST : DIRECTORY_DEGRADED;
}
