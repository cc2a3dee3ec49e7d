/*
 * One backup as one file: what it is, in clear, and then the bytes of a database, encrypted and
 * authenticated piece by piece, so that neither writer nor reader ever holds more than one piece.
 *
 *   head   = "JMBTNBAK" | version u8 | kind u8 | who[32] | store id[16] | made u64 | bytes u64
 *            | key id[16] | tag[16]
 *   file   = head | secretstream header[24] | pieces
 *   piece  = crypto_secretstream_xchacha20poly1305 over at most ARCHIVE_PIECE_BYTES, associated data =
 *            the head; every piece but the last is full, the last one alone carries TAG_FINAL
 *   key    = vault_derive (key, "archive-v1")
 *   key id = the first 16 bytes of BLAKE2b-256 keyed with `key` over "JMBTN-archive-key-v1"
 *   tag    = the first 16 bytes of BLAKE2b-256 keyed with `key` over the head before it
 *
 * Numbers are big-endian; `made` is in milliseconds.  The head tells the length of the whole file,
 * so that one that was cut, or to which something was added, is named before any of it is opened.
 * What a stranger who finds the file learns stands in docs/THREATS.md.
 */
#ifndef PROTO_ARCHIVE_H
#define PROTO_ARCHIVE_H

#include "jembatan/vault.h"

enum archive_kind { ARCHIVE_LEDGER = 1, ARCHIVE_HUB = 2 };

struct archive_head {
	enum archive_kind kind;
	char who[LIMIT_ID_TEXT + 1];     /* the agency, or the hub */
	struct store_id store;
	int64_t made_ms;
	uint64_t bytes;                  /* of the database inside */
};

#define ARCHIVE_PIECE_BYTES (64u * KIB)

typedef struct archive archive_t;

/* How large the file of a database of so many bytes is. */
uint64_t archive_file_bytes (uint64_t bytes);

/* Makes the file (0600), which must not be there.  ERR_FILE, ERR_NO_SPACE, with a problem.  The caller
 * owns the archive, and removes the file unless archive_finish was reached. */
MUST_USE err_t archive_create (const char *path, const struct archive_head *head,
			       const vault_t *key, archive_t **ret_archive, problems_t *problems);

/* The next piece: ARCHIVE_PIECE_BYTES, or what is left of head.bytes. */
MUST_USE err_t archive_add (archive_t *archive, struct bytes piece, problems_t *problems);

/* After the last piece: everything is on the disk. */
MUST_USE err_t archive_finish (archive_t *archive, problems_t *problems);

/*
 * Opens a file, whose head must be of that kind and made with that key.  ERR_NOT_FOUND, ERR_FILE,
 * ERR_MALFORMED (no archive, cut, longer than it says, changed), ERR_BAD_VERSION, ERR_WRONG_KEY,
 * ERR_CONFLICT (of the other kind), each with a problem.  The caller owns the archive.
 */
MUST_USE err_t archive_open (const char *path, enum archive_kind kind, const vault_t *key,
			     archive_t **ret_archive, problems_t *problems);
const struct archive_head *archive_head (const archive_t *archive);

/* The next piece, borrowed until the next call; empty after the last one.  ERR_MALFORMED for one
 * that was changed; ERR_FILE. */
MUST_USE err_t archive_next (archive_t *archive, struct bytes *ret_piece, problems_t *problems);

/* How much of head.bytes has been written or read. */
uint64_t archive_done (const archive_t *archive);

void archive_destroy (archive_t **archive);

#endif
