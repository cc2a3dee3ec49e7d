/* No bytes without the registrar's signature become a directory, and any content that has the form
 * is written and read again the same. */
#include <assert.h>

#include "proto/wire_directory.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void content_round_trip (struct bytes from)
{
	OWNED (arena) arena = arena_new (64 * MIB);
	struct directory_data first, second;
	struct bytes once, twice;
	err_t err;

	if (wire_directory_decode (from, arena, &first) != ERR_OK)
		return;
	err = wire_directory_encode (&first, arena, &once);
	assert (err == ERR_OK);
	err = wire_directory_decode (once, arena, &second);
	assert (err == ERR_OK);
	err = wire_directory_encode (&second, arena, &twice);
	assert (err == ERR_OK);
	assert (bytes_equal (once, twice));
}

static void signed_walk (struct bytes from)
{
	OWNED (directory) directory = NULL;
	const struct directory_data *data;

	if (directory_read (from, NULL, &directory) != ERR_OK)
		return;
	data = directory_data (directory);
	for (size_t i = 0; i < data->member_count; i++)
		assert (directory_member (directory, &data->members[i].id) == &data->members[i]);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	struct bytes from = { data, size };
	err_t err = keys_start ();

	assert (err == ERR_OK);
	content_round_trip (from);
	signed_walk (from);
	return 0;
}
