/* The file: 16 bytes of store id, 8 of number (big-endian), 8 of the hash of both. */
#include "proto/highwater.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "jembatan/keys.h"

#define SAID_BYTES 24u
#define NOTE_BYTES (SAID_BYTES + 8u)

struct highwater {
	int fd;                      /* -1: there is no file, and nothing is noted */
};

highwater_t *highwater_open (const char *path)
{
	highwater_t *highwater = must_alloc (sizeof *highwater);

	highwater->fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	return highwater;
}

void highwater_close (highwater_t **highwater)
{
	if (*highwater == NULL)
		return;
	if ((*highwater)->fd >= 0)
		close ((*highwater)->fd);
	free (*highwater);
	*highwater = NULL;
}

static void write_note (uint8_t note[NOTE_BYTES], const struct store_id *store, uint64_t commits)
{
	struct hash hash;

	memcpy (note, store->b, sizeof store->b);
	for (size_t i = 0; i < 8; i++)
		note[16 + i] = (uint8_t)(commits >> (56 - 8 * i));
	hash = hash_of ((struct bytes){ note, SAID_BYTES }, BYTES_NONE);
	memcpy (note + SAID_BYTES, hash.b, NOTE_BYTES - SAID_BYTES);
}

static uint64_t number_of (const uint8_t note[NOTE_BYTES])
{
	uint64_t number = 0;

	for (size_t i = 0; i < 8; i++)
		number = number << 8 | note[16 + i];
	return number;
}

bool highwater_is_above (const highwater_t *highwater, const struct store_id *store,
			 uint64_t commits)
{
	uint8_t there[NOTE_BYTES], right[NOTE_BYTES];

	if (highwater->fd < 0 || pread (highwater->fd, there, NOTE_BYTES, 0) != (ssize_t)NOTE_BYTES)
		return false;
	write_note (right, store, number_of (there));
	return memcmp (there, right, NOTE_BYTES) == 0 && number_of (there) > commits;
}

void highwater_note (highwater_t *highwater, const struct store_id *store, uint64_t commits)
{
	uint8_t note[NOTE_BYTES];

	if (highwater->fd < 0)
		return;
	write_note (note, store, commits);
	/* One that can't be written stays behind, as after a power cut. */
	if (pwrite (highwater->fd, note, NOTE_BYTES, 0) != (ssize_t)NOTE_BYTES)
		return;
}
