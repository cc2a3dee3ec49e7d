/*
 * Accounts in a vector by number, and in a hash table by agency id.
 */
#include "hub/account.h"

#include <stdlib.h>
#include <string.h>

struct accounts {
	struct account **at;        /* at[number - 1] */
	size_t count, room;
	struct account **slot;      /* open addressing, a power of two, at most half full */
	size_t slot_count;
	struct account **touched;
	size_t touched_count, touched_room;
};

static uint64_t id_hash (const struct agency_id *id)
{
	uint64_t hash = UINT64_C (14695981039346656037);

	for (const char *c = id->text; *c != '\0'; c++)
		hash = (hash ^ (uint8_t)*c) * UINT64_C (1099511628211);
	return hash ^ hash >> 29;
}

static struct account **slot_for (accounts_t *accounts, const struct agency_id *id)
{
	size_t i = id_hash (id) & (accounts->slot_count - 1);

	while (accounts->slot[i] != NULL && !agency_id_equal (&accounts->slot[i]->id, id))
		i = (i + 1) & (accounts->slot_count - 1);
	return &accounts->slot[i];
}

static void slots_grow (accounts_t *accounts)
{
	free (accounts->slot);
	accounts->slot_count *= 2;
	accounts->slot = must_alloc (accounts->slot_count * sizeof *accounts->slot);
	memset (accounts->slot, 0, accounts->slot_count * sizeof *accounts->slot);
	for (size_t i = 0; i < accounts->count; i++)
		*slot_for (accounts, &accounts->at[i]->id) = accounts->at[i];
}

accounts_t *accounts_new (void)
{
	accounts_t *accounts = must_alloc (sizeof *accounts);

	memset (accounts, 0, sizeof *accounts);
	accounts->slot_count = 32;
	slots_grow (accounts);
	return accounts;
}

void accounts_destroy (accounts_t **accounts)
{
	if (*accounts == NULL)
		return;
	for (size_t i = 0; i < (*accounts)->count; i++) {
		free ((*accounts)->at[i]->retired);
		free ((*accounts)->at[i]);
	}
	free ((*accounts)->at);
	free ((*accounts)->slot);
	free ((*accounts)->touched);
	free (*accounts);
	*accounts = NULL;
}

struct account *accounts_find (accounts_t *accounts, const struct agency_id *id)
{
	return *slot_for (accounts, id);
}

struct account *accounts_open (accounts_t *accounts, const struct agency_id *id)
{
	struct account *account = accounts_find (accounts, id);

	if (account != NULL)
		return account;
	if (accounts->count == accounts->room) {
		accounts->room = accounts->room * 2 + 16;
		accounts->at = must_realloc (accounts->at, accounts->room * sizeof *accounts->at);
	}
	account = must_alloc (sizeof *account);
	memset (account, 0, sizeof *account);
	account->number = (int64_t)accounts->count + 1;
	account->id = *id;
	accounts->at[accounts->count++] = account;
	if (accounts->count * 2 > accounts->slot_count)
		slots_grow (accounts);
	else
		*slot_for (accounts, id) = account;
	account_touch (accounts, account);
	return account;
}

struct account *accounts_at (accounts_t *accounts, int64_t number)
{
	if (number < 1 || (uint64_t)number > accounts->count)
		return NULL;
	return accounts->at[number - 1];
}

size_t accounts_count (const accounts_t *accounts)
{
	return accounts->count;
}

void account_touch (accounts_t *accounts, struct account *account)
{
	if (account->touched)
		return;
	if (accounts->touched_count == accounts->touched_room) {
		accounts->touched_room = accounts->touched_room * 2 + 16;
		accounts->touched = must_realloc (accounts->touched, accounts->touched_room *
						  sizeof *accounts->touched);
	}
	account->saved = account->now;
	account->touched = true;
	accounts->touched[accounts->touched_count++] = account;
}

void account_retire (accounts_t *accounts, struct account *account, const struct store_id *store)
{
	size_t count = account->now.retired_count;

	if (account_retired (account, store))
		return;
	account_touch (accounts, account);
	account->retired = must_realloc (account->retired, (count + 1) * sizeof *store);
	account->retired[count] = *store;
	account->now.retired_count = count + 1;
}

bool account_retired (const struct account *account, const struct store_id *store)
{
	for (size_t i = 0; i < account->now.retired_count; i++) {
		if (ID_EQUAL (account->retired[i], *store))
			return true;
	}
	return false;
}

size_t accounts_touched_count (const accounts_t *accounts)
{
	return accounts->touched_count;
}

struct account *accounts_touched_at (const accounts_t *accounts, size_t i)
{
	return accounts->touched[i];
}

void accounts_keep (accounts_t *accounts)
{
	for (size_t i = 0; i < accounts->touched_count; i++) {
		accounts->touched[i]->touched = false;
		accounts->touched[i]->kept = true;
	}
	accounts->touched_count = 0;
}

void accounts_undo (accounts_t *accounts)
{
	size_t left = 0;

	for (size_t i = 0; i < accounts->touched_count; i++) {
		struct account *account = accounts->touched[i];

		account->now = account->saved;
		account->touched = !account->kept;
		if (account->touched)
			accounts->touched[left++] = account;
	}
	accounts->touched_count = left;
}
