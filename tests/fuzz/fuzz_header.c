/* What is read, written and read again is the same. */
#include <assert.h>
#include <string.h>

#include "jembatan/envelope.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	OWNED (arena) arena = arena_new (64 * KIB);
	struct header first, second;
	struct bytes h;

	if (header_decode ((struct bytes){ data, size }, &first) != ERR_OK)
		return 0;
	h = header_encode (&first, arena);
	err_t err = header_decode (h, &second);

	assert (err == ERR_OK);
	assert (bytes_equal (header_encode (&second, arena), h));
	return 0;
}
