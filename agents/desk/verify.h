/*
 * Is the ledger whole, and does what others signed still say what it should?  Judged part by part, a slice
 * at a time, so that letters go on meanwhile.  It changes nothing.
 */
#ifndef AGENTS_DESK_VERIFY_H
#define AGENTS_DESK_VERIFY_H

#include "agents/desk/desk.h"

enum verify_part {
	VERIFY_ENTRIES,              /* the chain */
	VERIFY_WRITTEN,              /* each letter of an entry has its row */
	VERIFY_SENT,                 /* our letters, their signatures, and the words that ended them */
	VERIFY_ARRIVED,              /* letters of others and their signatures */
	VERIFY_PROOFS,               /* the hub's log has our letters */
	VERIFY_CHECKPOINTS,
	VERIFY_PARTS,                /* how many; also: done */
};
const char *verify_part_name (enum verify_part part);

enum damage {
	DAMAGE_ENTRY,                /* changed or missing */
	DAMAGE_LOST,                 /* an entry speaks of a letter that is not here */
	DAMAGE_BYTES,                /* a row without its bytes */
	DAMAGE_HEADER,               /* H is not that of its hash */
	DAMAGE_BODY,                 /* S does not open */
	DAMAGE_SEALED,               /* what is kept to be put again is not what was sealed */
	DAMAGE_SIGNATURE,
	DAMAGE_RECEIPT,              /* stored or refused without the recipient's signed word for it */
	DAMAGE_NOTICE,
	DAMAGE_PROOF,
	DAMAGE_CHECKPOINT,
	DAMAGE_SPLIT,                /* two checkpoints that can't both be true */
	DAMAGE_COUNT,
};

#define VERIFY_FINDINGS 100u     /* that are named; the rest is counted */

struct finding {
	enum damage damage;
	uint64_t n;                  /* of the entry or the checkpoint; 0 = of a letter */
	struct letter_id letter;
	struct agency_id partner;
	char number[24];             /* of its thread; "" = none */
};

struct verify_status {
	enum verify_part part;       /* the present one; VERIFY_PARTS = done */
	uint64_t done[VERIFY_PARTS], whole[VERIFY_PARTS];
	int64_t spent_ms[VERIFY_PARTS];
	uint64_t bad_entry;          /* 0 = the chain fits so far */
	uint64_t unjudged;           /* signatures by keys that the directory does not vouch for */
	size_t finding_count;
	struct finding findings[VERIFY_FINDINGS];
	uint64_t more;               /* findings that are not named */
};

typedef struct verify verify_t;

/* `quick`: the chain alone.  Borrows the desk; the caller owns it. */
verify_t *verify_new (desk_t *desk, bool quick);
void verify_destroy (verify_t **verify);

/* Goes on for about so long.  Errors are those of the disk. */
MUST_USE err_t verify_step (verify_t *verify, int64_t budget_ms);
const struct verify_status *verify_status (const verify_t *verify);

#endif
