/* A clause or a withdrawal that decodes is written and read again the same. */
#include <assert.h>

#include "proto/wire.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void clause_round_trip (struct bytes from, arena_t *arena)
{
	struct clause first, second;
	struct bytes once, twice;
	err_t err;

	if (clause_decode (from, arena, &first) != ERR_OK)
		return;
	err = wire_clause_encode (&first, arena, &once);
	assert (err == ERR_OK);
	err = clause_decode (once, arena, &second);
	assert (err == ERR_OK);
	err = wire_clause_encode (&second, arena, &twice);
	assert (err == ERR_OK);
	assert (bytes_equal (once, twice));
}

static void withdrawal_round_trip (struct bytes from, arena_t *arena)
{
	struct withdrawal first, second;
	struct bytes once, twice;
	err_t err;

	if (withdrawal_decode (from, arena, &first) != ERR_OK)
		return;
	err = wire_withdrawal_encode (&first, arena, &once);
	assert (err == ERR_OK);
	err = withdrawal_decode (once, arena, &second);
	assert (err == ERR_OK);
	err = wire_withdrawal_encode (&second, arena, &twice);
	assert (err == ERR_OK);
	assert (bytes_equal (once, twice));
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	OWNED (arena) arena = arena_new (MIB);

	clause_round_trip ((struct bytes){ data, size }, arena);
	withdrawal_round_trip ((struct bytes){ data, size }, arena);
	return 0;
}
