/* Data keys; see keyring.h. */
#include "agents/ledger/keyring.h"

#include <stdlib.h>
#include <string.h>

#define KEPT 64u   /* four pages of guarded memory each */

struct kept {
	struct person_id person;
	vault_t *key;
	uint64_t used;
};

struct keyring {
	sql_t *sql;
	vault_t *ledger_key;
	uint64_t uses;
	struct kept kept[KEPT];
};

struct place_bytes {
	uint8_t b[8 + 16];
};

static struct place_bytes place_of (const struct person_id *person)
{
	struct place_bytes place = { "datakey" };

	memcpy (place.b + 8, person->b, sizeof person->b);
	return place;
}

keyring_t *keyring_new (sql_t *sql, vault_t *ledger_key)
{
	keyring_t *keyring = must_alloc (sizeof *keyring);

	keyring->sql = sql;
	keyring->ledger_key = ledger_key;
	return keyring;
}

void keyring_destroy (keyring_t **keyring)
{
	if (*keyring == NULL)
		return;
	keyring_forget (*keyring);
	vault_destroy (&(*keyring)->ledger_key);
	free (*keyring);
	*keyring = NULL;
}

const vault_t *keyring_ledger_key (const keyring_t *keyring)
{
	return keyring->ledger_key;
}

static struct kept *find (keyring_t *keyring, const struct person_id *person)
{
	for (size_t i = 0; i < KEPT; i++)
		if (keyring->kept[i].key != NULL && ID_EQUAL (keyring->kept[i].person, *person))
			return &keyring->kept[i];
	return NULL;
}

static void drop (struct kept *kept)
{
	vault_destroy (&kept->key);
	memset (kept, 0, sizeof *kept);
}

/* The one that was used longest ago makes room. */
static struct kept *oldest (keyring_t *keyring)
{
	struct kept *kept = &keyring->kept[0];

	for (size_t i = 1; i < KEPT; i++)
		if (keyring->kept[i].used < kept->used)
			kept = &keyring->kept[i];
	return kept;
}

void keyring_add (keyring_t *keyring, const struct person_id *person)
{
	struct place_bytes place = place_of (person);
	struct kept *kept = oldest (keyring);
	uint8_t wrapped[VAULT_WRAPPED_BYTES];

	drop (kept);
	*kept = (struct kept){ *person, vault_new (), ++keyring->uses };
	vault_wrap (keyring->ledger_key, BYTES_OF (place.b), kept->key, wrapped);
	RUN (keyring->sql, "INSERT INTO data_key (person, wrapped) VALUES (?1, ?2)", ID (*person),
	     BLOB (BYTES_OF (wrapped)));
}

bool keyring_unwrap (keyring_t *keyring, const struct person_id *person, struct bytes wrapped,
		     vault_t **key)
{
	struct place_bytes place = place_of (person);

	if (*key == NULL)
		*key = vault_scratch ();
	if (vault_unwrap (keyring->ledger_key, BYTES_OF (place.b), wrapped, key) == ERR_OK)
		return true;
	sql_fail (keyring->sql, ERR_CORRUPT);
	return false;
}

/* Into the vault of the oldest. */
static struct kept *load (keyring_t *keyring, const struct person_id *person)
{
	struct place_bytes place = place_of (person);
	query_t *query = QUERY (keyring->sql, "SELECT wrapped FROM data_key WHERE person = ?1",
				ID (*person));
	OWNED (arena) arena = arena_new (KIB);
	struct kept *kept = NULL;

	if (sql_next (query)) {
		kept = oldest (keyring);
		kept->person = *person;
		if (vault_unwrap (keyring->ledger_key, BYTES_OF (place.b), sql_blob (query, arena),
				  &kept->key) != ERR_OK) {
			sql_fail (keyring->sql, ERR_CORRUPT);
			kept = NULL;
		}
	}
	sql_end (query);
	return kept;
}

const vault_t *keyring_get (keyring_t *keyring, const struct person_id *person)
{
	struct kept *kept = find (keyring, person);

	if (kept == NULL)
		kept = load (keyring, person);
	if (kept == NULL)
		return NULL;
	kept->used = ++keyring->uses;
	return kept->key;
}

void keyring_erase (keyring_t *keyring, const struct person_id *person)
{
	struct kept *kept = find (keyring, person);

	if (kept != NULL)
		drop (kept);
	RUN (keyring->sql, "DELETE FROM data_key WHERE person = ?1", ID (*person));
}

void keyring_forget (keyring_t *keyring)
{
	for (size_t i = 0; i < KEPT; i++)
		drop (&keyring->kept[i]);
}
