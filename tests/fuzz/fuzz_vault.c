/*
 * What rests on disk is read with suspicion: bytes that nobody sealed never open, and packed parts
 * are taken off any bytes without going beyond them.  What comes apart is packed again, and comes
 * apart alike.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "agents/ledger/pack.h"
#include "jembatan/keys.h"
#include "jembatan/limits.h"
#include "jembatan/vault.h"

#define MOST_PARTS 64u

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void check (bool holds)
{
	if (!holds)
		abort ();
}

static void open_anything (struct bytes input)
{
	OWNED (arena) arena = arena_new (4 * MIB);
	OWNED (vault) vault = vault_new ();
	vault_t *inner = NULL;
	struct bytes plain;

	check (vault_open (vault, BYTES_NONE, input, arena, &plain) != ERR_OK);
	check (vault_unwrap (vault, BYTES_NONE, input, &inner) == ERR_CANNOT_OPEN);
}

static void take_apart (struct bytes input)
{
	OWNED (arena) arena = arena_new (4 * MIB);
	struct bytes parts[MOST_PARTS], rest = input, packed;
	size_t count = 0;

	while (count < MOST_PARTS && rest.len > 0 && unpack (&rest, &parts[count]))
		count++;
	packed = pack (parts, count, arena);
	check (packed.len == input.len - rest.len);
	check (packed.len == 0 || memcmp (packed.data, input.data, packed.len) == 0);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	struct bytes input = { data, size };

	if (keys_start () != ERR_OK)
		abort ();
	open_anything (input);
	take_apart (input);
	return 0;
}
