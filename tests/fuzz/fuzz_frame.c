/* What is read, written and read again is the same. */
#include <assert.h>

#include "jembatan/frame.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	OWNED (arena) arena = arena_new (LIMIT_DECODE_ARENA_BYTES);
	OWNED (arena) other = arena_new (4 * LIMIT_DECODE_ARENA_BYTES);
	struct frame first, second;
	struct bytes bytes;

	if (frame_decode ((struct bytes){ data, size }, arena, &first) != ERR_OK)
		return 0;
	bytes = frame_encode (&first, other);
	err_t err = frame_decode (bytes, other, &second);

	assert (err == ERR_OK);
	assert (bytes_equal (frame_encode (&second, other), bytes));
	return 0;
}
