/* The door's life, and what its files share; see door.h. */
#include "agents/door/inside.h"

#include <stdlib.h>
#include <string.h>

#include "jembatan/keys.h"

door_t *door_new (const struct door_parts *parts)
{
	door_t *door = must_alloc (sizeof *door);

	*door = (struct door){ .parts = *parts };
	if (door->parts.cost == NULL)
		door->parts.cost = &password_cost;
	if (door->parts.idle_ms == 0)
		door->parts.idle_ms = SESSION_IDLE_MS;
	if (door->parts.longest_ms == 0)
		door->parts.longest_ms = SESSION_LONGEST_MS;
	door->limit = limit_new ();
	door->locksmith = locksmith_new (door->parts.cost, parts->loop);
	return door;
}

void door_destroy (door_t **door)
{
	if (*door == NULL)
		return;
	locksmith_destroy (&(*door)->locksmith);
	limit_destroy (&(*door)->limit);
	free (*door);
	*door = NULL;
}

const struct error_counts *door_refused (const door_t *door)
{
	return &door->refused;
}

uint64_t door_signed_in (const door_t *door)
{
	return door->signed_in;
}

int64_t door_idle_ms (const door_t *door)
{
	return door->parts.idle_ms;
}

ledger_t *door_ledger (const door_t *door)
{
	return desk_parts (door->parts.desk)->ledger;
}

int64_t door_now_ms (const door_t *door)
{
	return desk_now_ms (door->parts.desk);
}

struct hash token_hash (const char *domain, const uint8_t token[32])
{
	return hash_of ((struct bytes){ (const uint8_t *)domain, strlen (domain) + 1 },
			(struct bytes){ token, 32 });
}

void door_note (door_t *door, tx_t *tx, const char *user, const char *word, const char *about)
{
	struct entry entry = { .type = ENTRY_DOOR,
			       .at_ms = door_now_ms (door),
			       .word = word,
			       .user = user,
			       .body = bytes_of_text (about) };

	entry_add (tx, &entry);
}

bool door_account_open (const door_t *door, const struct account *account)
{
	int64_t now_ms = door_now_ms (door);

	return now_ms >= account->from_ms && (account->until_ms == 0 || now_ms < account->until_ms);
}
