/* Whatever reads as a request is complete, and its inner form is written and read again the same. */
#include <assert.h>

#include "proto/wire_directory.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void content_round_trip (struct bytes from, arena_t *arena)
{
	struct request first, second;
	struct bytes once, twice;
	err_t err;

	if (wire_request_decode (from, arena, &first) != ERR_OK
	    || wire_request_encode (&first, arena, &once) != ERR_OK)
		return;
	err = wire_request_decode (once, arena, &second);
	assert (err == ERR_OK);
	err = wire_request_encode (&second, arena, &twice);
	assert (err == ERR_OK);
	assert (bytes_equal (once, twice));
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	OWNED (arena) arena = arena_new (4 * MIB);
	struct bytes from = { data, size };
	struct signed_request outer;
	struct request request;
	struct hash fingerprint;
	err_t err = keys_start ();

	assert (err == ERR_OK);
	content_round_trip (from, arena);
	if (wire_signed_request_decode (from, arena, &outer) == ERR_OK)
		content_round_trip (outer.request, arena);
	if (request_read (from, arena, &request, &fingerprint) == ERR_OK && !request.is_hub)
		assert (request.member.key_count == 3);
	return 0;
}
