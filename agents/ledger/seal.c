/* Sealing by person; see store.h. */
#include "agents/ledger/store.h"

#include <assert.h>
#include <string.h>

#define PLACE_BYTES 160u

/* table | '\0' | length of row | row | more */
static struct bytes place_bytes (const struct place *place, uint8_t buffer[PLACE_BYTES])
{
	size_t at = strlen (place->table) + 1;

	assert (at + 1 + place->row.len + place->more.len <= PLACE_BYTES);
	memcpy (buffer, place->table, at);
	buffer[at++] = (uint8_t)place->row.len;
	if (place->row.len > 0)
		memcpy (buffer + at, place->row.data, place->row.len);
	at += place->row.len;
	if (place->more.len > 0)
		memcpy (buffer + at, place->more.data, place->more.len);
	return (struct bytes){ buffer, at + place->more.len };
}

static const vault_t *key_for (ledger_t *ledger, const struct person_id *person)
{
	return ID_IS_NONE (*person) ? ledger->own : keyring_get (ledger->keys, person);
}

struct bytes seal (ledger_t *ledger, const struct person_id *person, struct place place,
		   struct bytes plain, arena_t *arena)
{
	const vault_t *key = key_for (ledger, person);
	uint8_t buffer[PLACE_BYTES];
	struct bytes sealed;

	if (key == NULL)
		return BYTES_NONE;
	sealed = vault_seal (key, place_bytes (&place, buffer), plain, arena);
	if (sealed.len == 0)
		sql_fail (ledger->sql, ERR_TOO_LARGE);
	return sealed;
}

bool opens (const vault_t *key, struct place place, struct bytes sealed, arena_t *arena,
	    struct bytes *ret_plain)
{
	uint8_t buffer[PLACE_BYTES];

	return vault_open (key, place_bytes (&place, buffer), sealed, arena, ret_plain) == ERR_OK;
}

bool unseal (ledger_t *ledger, const struct person_id *person, struct place place,
	     struct bytes sealed, arena_t *arena, struct bytes *ret_plain)
{
	const vault_t *key = sealed.len > 0 ? key_for (ledger, person) : NULL;
	uint8_t buffer[PLACE_BYTES];
	err_t err = ERR_OK;

	*ret_plain = BYTES_NONE;
	if (key != NULL)
		err = vault_open (key, place_bytes (&place, buffer), sealed, arena, ret_plain);
	if (err == ERR_CANNOT_OPEN)
		sql_fail (ledger->sql, ERR_CORRUPT);
	return err != ERR_TOO_LARGE;
}
