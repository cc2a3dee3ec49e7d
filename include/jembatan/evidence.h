/*
 * The evidence pack of one thread: the letters {H, S, sig}, the receipts letters that name them, inclusion
 * proofs with their checkpoints, and the hub's notices; signed as a whole by the agency that made it.
 * A third party judges it with the directory alone.  It holds personal data, and never a key.
 * proto/evidence.proto and docs/PROTOCOL.md section 24 are the specification.
 */
#ifndef JEMBATAN_EVIDENCE_H
#define JEMBATAN_EVIDENCE_H

#include "jembatan/directory.h"
#include "jembatan/letter.h"
#include "jembatan/merkle.h"

struct evidence_proof {
	uint64_t leaf;
	int64_t at_ms;
	size_t checkpoint;               /* index */
	size_t path_count;
	const struct hash *path;
};

struct evidence_letter {
	struct sealed sealed;            /* without C; S is empty when it was erased */
	int64_t here_ms;
	bool proved;
	struct evidence_proof proof;
};

struct evidence_notice {
	struct bytes statement;
	struct signature signature;
};

struct evidence {
	struct agency_id by;
	struct key_id sig_key_id;
	int64_t made_ms;
	const char *network;
	struct thread_id thread;
	const char *number;
	size_t letter_count, receipt_count, checkpoint_count, notice_count;
	const struct evidence_letter *letters, *receipts;
	const char *const *checkpoints;
	const struct evidence_notice *notices;
};

/* Signs with `sig`, whose id is written into it.  ERR_TOO_LARGE beyond LIMIT_EVIDENCE_BYTES. */
MUST_USE err_t evidence_make (const struct evidence *evidence, const keypair_t *sig, arena_t *arena,
			      struct bytes *ret_file);

/* Of an arena of EVIDENCE_ARENA_BYTES.  ERR_MALFORMED, ERR_TOO_LARGE.  Nothing is verified yet;
 * `ret_body` and `ret_signature` are what evidence_judge wants back. */
#define EVIDENCE_ARENA_BYTES (8u * LIMIT_EVIDENCE_BYTES)
struct evidence_file {
	struct evidence evidence;
	struct bytes body;
	struct signature signature;
};
MUST_USE err_t evidence_read (struct bytes file, arena_t *arena, struct evidence_file *ret_file);

/* ---- judging ---- */

/* What is shown of one letter.  Errors: ERR_OK it holds; ERR_NOT_FOUND there is none; anything else is
 * why it does not. */
struct evidence_finding {
	bool readable;                   /* header is that of H */
	struct header header;
	struct hash header_hash;
	const char *kind;                /* "" when S was erased */
	struct key_id sig_key_id;
	int64_t created_ms;
	err_t signature;                 /* ERR_ERASED: S is gone, so nothing can be said */
	err_t stored;                    /* the recipient's signed word */
	enum receipt_status status;      /* of that word */
	err_t code;                      /* of a refusal, or of one held */
	int64_t stored_ms;
	err_t logged;                    /* in the hub's log */
	uint64_t leaf, size;             /* of the checkpoint's tree */
	const char *origin;
	int64_t taken_ms;
	err_t expired;                   /* the hub's notice of non-delivery */
	int64_t expired_ms;
};

struct evidence_verdict {
	err_t pack;                      /* network, signer and signature of the whole */
	err_t worst;                     /* the first of all errors that is not absence or erasure */
	size_t letter_count;
	const struct evidence_finding *letters;
	size_t receipts_bad;             /* receipts letters whose signature does not hold */
	size_t notices_bad, checkpoints_bad;
};

/*
 * A key that was compromised later counts for a letter only as far as the hub's log dates it; the pack
 * itself is judged at now_ms.  What has no proof counts as made when the pack was made.
 */
void evidence_judge (const struct evidence_file *file, const directory_t *directory, int64_t now_ms,
		     arena_t *arena, struct evidence_verdict *ret_verdict);

/* ---- its parts, which whoever keeps them may judge alone ---- */

/* The signature of {H, S, sig} by a key of the directory that may sign then.  ERR_MALFORMED when H or S
 * can't be read, ERR_CONFLICT when they are of two letters; and as member_key_allows. */
MUST_USE err_t evidence_check_letter (const directory_t *directory, const struct sealed *sealed,
				      int64_t at_ms, arena_t *arena, struct header *ret_header,
				      struct letter *ret_letter);
/* A note by the log key of the hub that its origin names.  ERR_MALFORMED, ERR_KEY_UNKNOWN for a hub that
 * is not in the directory, ERR_CONFLICT for another network, ERR_BAD_SIGNATURE. */
MUST_USE err_t evidence_check_checkpoint (const directory_t *directory, const char *note, arena_t *arena,
					  struct checkpoint *ret_checkpoint);
MUST_USE err_t evidence_check_notice (const directory_t *directory, const struct evidence_notice *notice,
				      arena_t *arena, struct letter_id *ret_letter,
				      struct hash *ret_header_hash, int64_t *ret_at_ms);

#endif
