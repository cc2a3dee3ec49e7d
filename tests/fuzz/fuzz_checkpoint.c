/* No note but a small one that the fixed log key signed is believed.
 * The seeds are signed by the key whose seed is 32 times 4. */
#include <assert.h>
#include <string.h>

#include "jembatan/merkle.h"

/* Ed25519 of the seed 32 x 0x04; the golden vectors have it too. */
static const char log_public[] = "ca93ac1705187071d67b83c7ff0efe8108e8ec4530575d7726879333dbdabe7c";

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	OWNED (arena) arena = arena_new (MIB);
	struct checkpoint checkpoint;
	struct public_key key;
	char *note;
	err_t err = keys_start ();

	assert (err == ERR_OK);
	err = hex_parse (log_public, key.b, sizeof key.b);
	assert (err == ERR_OK);
	note = size < 64 * KIB ? arena_alloc (arena, size + 1) : NULL;
	if (note == NULL)
		return 0;
	memcpy (note, data, size);
	if (checkpoint_read (note, "hub-uji", &key, arena, &checkpoint) != ERR_OK)
		return 0;
	assert (strncmp (note, checkpoint.origin, strlen (checkpoint.origin)) == 0);
	assert (strlen (note) <= LIMIT_CHECKPOINT_BYTES);
	return 0;
}
