/* What is read, written and read again is the same; letters, clauses, withdrawals and notices. */
#include <assert.h>

#include "jembatan/frame.h"
#include "proto/wire.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void try_letter (struct bytes from, arena_t *arena)
{
	struct letter first, second;
	struct bytes s, again;
	err_t err;

	if (letter_decode (from, arena, &first) != ERR_OK)
		return;
	err = letter_encode (&first, arena, &s);
	assert (err == ERR_OK);
	err = letter_decode (s, arena, &second);
	assert (err == ERR_OK);
	err = letter_encode (&second, arena, &again);
	assert (err == ERR_OK && bytes_equal (s, again));
}

static void try_clause (struct bytes from, arena_t *arena)
{
	struct clause clause;
	struct bytes bytes;

	if (clause_decode (from, arena, &clause) != ERR_OK)
		return;
	err_t err = wire_clause_encode (&clause, arena, &bytes);

	assert (err == ERR_OK);
}

static void try_withdrawal (struct bytes from, arena_t *arena)
{
	struct withdrawal withdrawal;
	struct bytes bytes;

	if (withdrawal_decode (from, arena, &withdrawal) != ERR_OK)
		return;
	err_t err = wire_withdrawal_encode (&withdrawal, arena, &bytes);

	assert (err == ERR_OK);
}

static void try_notice (struct bytes from, arena_t *arena)
{
	struct non_delivery first, second;

	if (non_delivery_decode (from, arena, &first) != ERR_OK)
		return;
	err_t err = non_delivery_decode (non_delivery_encode (&first, arena), arena, &second);

	assert (err == ERR_OK);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	OWNED (arena) arena = arena_new (4 * LIMIT_DECODE_ARENA_BYTES);
	struct bytes from = { data, size };

	try_letter (from, arena);
	try_clause (from, arena);
	try_withdrawal (from, arena);
	try_notice (from, arena);
	return 0;
}
