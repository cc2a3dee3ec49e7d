/* Whatever stands in a key file, it is refused or it is a pair whose halves belong together. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "jembatan/keys.h"

static const struct { enum key_use use; const char *name; } files[] = {
	{ KEY_SIG, "sig.key" },
	{ KEY_BOX, "box.key" },
};

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void write_file (const char *path, const uint8_t *data, size_t size)
{
	FILE *file = fopen (path, "wbe");

	if (file == NULL)
		abort ();
	fchmod (fileno (file), 0600);
	fwrite (data, 1, size, file);
	fclose (file);
}

static void try_file (const char *folder, size_t which, const uint8_t *data, size_t size)
{
	static const uint8_t said[] = { 1, 2, 3 };
	enum key_use use = files[which].use;
	OWNED (keypair) pair = NULL;
	struct public_key key;
	struct signature made;
	char path[64];
	err_t err;

	snprintf (path, sizeof path, "%s/%s", folder, files[which].name);
	write_file (path, data, size);
	err = keypair_load (use, folder, &pair, NULL);
	unlink (path);
	assert (err == ERR_OK || err == ERR_KEY_FILE);
	if (err != ERR_OK || use != KEY_SIG)
		return;
	key = keypair_public (pair);
	made = sign_parts (pair, "JMBTN-fuzz-v1", BYTES_OF (said), BYTES_NONE, BYTES_NONE);
	err = verify_parts (&key, &made, "JMBTN-fuzz-v1", BYTES_OF (said), BYTES_NONE, BYTES_NONE);
	assert (err == ERR_OK);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	char folder[] = "/tmp/jbt-fuzz-XXXXXX";
	err_t err = keys_start ();

	assert (err == ERR_OK);
	if (mkdtemp (folder) == NULL)
		abort ();
	for (size_t i = 0; i < COUNT_OF (files); i++)
		try_file (folder, i, data, size);
	rmdir (folder);
	return 0;
}
