/* Writes the seeds of the binary corpora: every frame, every letter body, a header and a clause. */
#include <stdio.h>
#include <stdlib.h>

#include "proto/wire.h"
#include "tests/support/samples.h"

static const char *root;

static void write_seed (const char *corpus, const char *name, unsigned number, struct bytes bytes)
{
	char path[1024];
	FILE *file;

	snprintf (path, sizeof path, "%s/%s/%s-%u", root, corpus, name, number);
	file = fopen (path, "wbe");
	if (file == NULL || fwrite (bytes.data, 1, bytes.len, file) != bytes.len ||
	    fclose (file) != 0) {
		perror (path);
		exit (1);
	}
}

static void write_frames (arena_t *arena)
{
	for (unsigned type = 1; type <= FRAME_TYPE_LAST; type++) {
		struct frame frame = sample_frame (type, DELIVER_LETTER, arena);

		write_seed ("frame", frame_type_name (type), 1, frame_encode (&frame, arena));
	}
	for (unsigned item = DELIVER_GAP; item <= DELIVER_NOTICE; item++) {
		struct frame frame = sample_frame (FRAME_DELIVER, item, arena);

		write_seed ("frame", "deliver", item, frame_encode (&frame, arena));
	}
}

static void write_letters (arena_t *arena)
{
	struct clause clause = sample_clause ();
	struct bytes bytes;

	for (unsigned body = BODY_NONE; body <= BODY_KEY_REVOCATION; body++) {
		struct letter letter = sample_letter (body, arena);

		if (letter_encode (&letter, arena, &bytes) != ERR_OK)
			abort ();
		write_seed ("letter", "body", body, bytes);
	}
	if (wire_clause_encode (&clause, arena, &bytes) != ERR_OK)
		abort ();
	write_seed ("letter", "clause", 1, bytes);
}

int main (int argc, char **argv)
{
	OWNED (arena) arena = arena_new (LIMIT_DECODE_ARENA_BYTES);
	struct header header = sample_header ();

	if (argc != 2) {
		fprintf (stderr, "usage: %s CORPUS-FOLDER\n", argv[0]);
		return 2;
	}
	root = argv[1];
	write_seed ("header", "full", 1, header_encode (&header, arena));
	header.blob_count = 0;
	write_seed ("header", "bare", 1, header_encode (&header, arena));
	write_frames (arena);
	write_letters (arena);
	return 0;
}
