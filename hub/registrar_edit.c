/*
 * Changing the draft.  A loaded draft is a tree of constant arrays in the arena; each of these makes
 * a longer copy of one array and hangs it into the tree, so that the rest stays as it was read.
 */
#include "hub/registrar.h"

#include <string.h>

/* A copy of an array with one zeroed item more at its end. */
static void *grown (struct registrar *registrar, const void *items, size_t count, size_t size)
{
	uint8_t *copy = arena_must (registrar->arena, (count + 1) * size);

	if (count > 0)
		memcpy (copy, items, count * size);
	return copy;
}

struct member *draft_add_member (struct registrar *registrar)
{
	struct directory_data *draft = &registrar->draft;
	struct member *items = grown (registrar, draft->members, draft->member_count,
					sizeof *items);

	draft->members = items;
	return &items[draft->member_count++];
}

struct member_key *member_add_key (struct registrar *registrar, struct member *member)
{
	struct member_key *items = grown (registrar, member->keys, member->key_count,
					sizeof *items);

	member->keys = items;
	return &items[member->key_count++];
}

struct hub_entry *draft_add_hub (struct registrar *registrar)
{
	struct directory_data *draft = &registrar->draft;
	struct hub_entry *items = grown (registrar, draft->hubs, draft->hub_count,
					sizeof *items);

	draft->hubs = items;
	return &items[draft->hub_count++];
}

struct registrar_key *draft_add_root (struct registrar *registrar)
{
	struct directory_data *draft = &registrar->draft;
	struct registrar_key *items = grown (registrar, draft->registrar_keys, draft->registrar_key_count,
					sizeof *items);

	draft->registrar_keys = items;
	return &items[draft->registrar_key_count++];
}

struct oversight *draft_add_oversight (struct registrar *registrar)
{
	struct directory_data *draft = &registrar->draft;
	struct oversight *items = grown (registrar, draft->oversight, draft->oversight_count,
					sizeof *items);

	draft->oversight = items;
	return &items[draft->oversight_count++];
}

struct catalogue_version *draft_add_catalogue (struct registrar *registrar)
{
	struct directory_data *draft = &registrar->draft;
	struct catalogue_version *items = grown (registrar, draft->catalogue, draft->catalogue_count,
					sizeof *items);

	draft->catalogue = items;
	return &items[draft->catalogue_count++];
}

/* The arena's own memory, constant only in the shared types. */
struct member_key *member_keys_of (const struct member *member)
{
	return (struct member_key *)(uintptr_t)member->keys;
}

struct member *draft_member (struct registrar *registrar, const char *name)
{
	struct member *members = (struct member *)(uintptr_t)registrar->draft.members;

	for (size_t i = 0; i < registrar->draft.member_count; i++)
		if (strcmp (members[i].id.text, name) == 0)
			return &members[i];
	(void)problems_add (registrar->problems, ERR_NOT_FOUND, "",
			    "%s bukan anggota; daftar anggota: jembatan-registrar show",
			    "%s is not a member; for the list: jembatan-registrar show",
			    quoted (name));
	return NULL;
}
