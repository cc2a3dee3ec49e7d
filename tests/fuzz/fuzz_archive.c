/* Whatever stands in an archive, it is refused with a sentence, or it is read to the length that its
 * head names. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "jembatan/keys.h"
#include "proto/archive.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void read_to_the_end (archive_t *archive, problems_t *problems)
{
	uint64_t got = 0;
	struct bytes piece;

	do {
		if (archive_next (archive, &piece, problems) != ERR_OK) {
			assert (problems_count (problems) == 1);
			return;
		}
		got += piece.len;
	} while (piece.len > 0);
	assert (got == archive_head (archive)->bytes);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	OWNED (problems) problems = problems_new ();
	OWNED (archive) archive = NULL;
	uint8_t key[32];
	vault_t *vault;
	char path[64];
	int file = memfd_create ("archive", 0);

	if (keys_start () != ERR_OK || file < 0 || write (file, data, size) != (ssize_t)size)
		abort ();
	memset (key, 7, sizeof key);   /* that of the seeds */
	vault = vault_of_key (key);
	snprintf (path, sizeof path, "/proc/self/fd/%d", file);
	if (archive_open (path, ARCHIVE_LEDGER, vault, &archive, problems) == ERR_OK)
		read_to_the_end (archive, problems);
	else
		assert (problems_count (problems) == 1);
	vault_destroy (&vault);
	close (file);
	return 0;
}
