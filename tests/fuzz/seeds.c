/* Writes the seeds of the binary corpora: every frame, every letter body, a header and a clause. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "jembatan/keys.h"
#include "proto/archive.h"
#include "proto/wire.h"
#include "proto/wire_evidence.h"
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

	for (unsigned body = BODY_NONE; body <= BODY_LAST; body++) {
		struct letter letter = sample_letter (body, arena);

		if (letter_encode (&letter, arena, &bytes) != ERR_OK)
			abort ();
		write_seed ("letter", "body", body, bytes);
	}
	if (wire_clause_encode (&clause, arena, &bytes) != ERR_OK)
		abort ();
	write_seed ("letter", "clause", 1, bytes);
}

/* With the key that fuzz_archive.c knows. */
static void write_archive (const char *name, size_t bytes)
{
	struct archive_head head = { .kind = ARCHIVE_LEDGER, .who = "ipwl-contoh",
				     .store = { { 1, 2, 3 } }, .made_ms = 1763780000000,
				     .bytes = bytes };
	uint8_t content[600] = { 0 }, key[32];
	OWNED (archive) archive = NULL;
	OWNED (vault) vault = NULL;
	char path[1024];

	memset (key, 7, sizeof key);
	vault = vault_of_key (key);
	snprintf (path, sizeof path, "%s/archive/%s", root, name);
	unlink (path);
	if (archive_create (path, &head, vault, &archive, NULL) != ERR_OK ||
	    archive_add (archive, (struct bytes){ content, bytes }, NULL) != ERR_OK ||
	    archive_finish (archive, NULL) != ERR_OK) {
		perror (path);
		exit (1);
	}
}

/* A signed pack, and what is signed in it. */
static void write_evidence (arena_t *arena)
{
	struct header header = sample_header ();
	struct letter letter = sample_letter (BODY_ANSWERS, arena);
	struct hash path[2] = { { { 1 } }, { { 2 } } };
	struct evidence_letter one = { .sealed = { .sig = { { 3 } } }, .here_ms = 5, .proved = true,
				       .proof = { 4, 6, 0, 2, path } };
	struct evidence_notice notice = { bytes_of_text ("kata"), { { 7 } } };
	const char *note = "uji/hub-uji/0\n2\nAA==\n\n";
	struct evidence pack = { .by = header.from, .made_ms = 9, .network = "uji",
				 .thread = { { 5 } }, .number = "R-2026-0007", .letter_count = 1,
				 .letters = &one, .receipt_count = 1, .receipts = &one,
				 .checkpoint_count = 1, .checkpoints = &note, .notice_count = 1,
				 .notices = &notice, .sig_key_id = { { 8 } } };
	OWNED (keypair) sig = keypair_new (KEY_SIG);
	struct bytes bytes;

	one.sealed.h = header_encode (&header, arena);
	if (letter_encode (&letter, arena, &one.sealed.s) != ERR_OK
	    || evidence_make (&pack, sig, arena, &bytes) != ERR_OK)
		abort ();
	write_seed ("evidence", "signed", 1, bytes);
	if (wire_evidence_encode (&pack, arena, &bytes) != ERR_OK)
		abort ();
	write_seed ("evidence", "content", 1, bytes);
}

int main (int argc, char **argv)
{
	OWNED (arena) arena = arena_new (LIMIT_DECODE_ARENA_BYTES);
	struct header header = sample_header ();

	if (argc != 2 || keys_start () != ERR_OK) {
		fprintf (stderr, "usage: %s CORPUS-FOLDER\n", argv[0]);
		return 2;
	}
	root = argv[1];
	write_seed ("header", "full", 1, header_encode (&header, arena));
	header.blob_count = 0;
	write_seed ("header", "bare", 1, header_encode (&header, arena));
	write_frames (arena);
	write_letters (arena);
	write_evidence (arena);
	write_archive ("whole", 600);
	write_archive ("empty", 0);
	return 0;
}
