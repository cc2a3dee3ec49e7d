/*
 * The outbox: one row per letter, from "written" until the recipient's signed word about it.  The
 * bytes are sealed once and kept, so that every retry is identical; they go only when the recipient's
 * stored-receipt (or a refusal, or an expiry) has come.
 *
 *   written -> sealed -> in-custody -> stored | refused | expired | recalled
 *
 * A stored-receipt outranks everything, in whatever order words come.
 */
#ifndef AGENTS_LEDGER_OUTBOX_H
#define AGENTS_LEDGER_OUTBOX_H

#include "agents/ledger/ledger.h"
#include "jembatan/envelope.h"
#include "jembatan/letter.h"

enum outbox_state {              /* stored: never renumber */
	OUTBOX_WRITTEN = 1,
	OUTBOX_SEALED = 2,
	OUTBOX_IN_CUSTODY = 3,
	OUTBOX_STORED = 4,
	OUTBOX_REFUSED = 5,
	OUTBOX_EXPIRED = 6,
	OUTBOX_RECALLED = 7,
};
const char *outbox_state_name (enum outbox_state state);

struct outbox_row {
	struct letter_id id;
	struct agency_id to;
	enum letter_class class;
	enum outbox_state state;
	const char *kind;
	struct thread_id thread;
	struct person_id person;      /* whose key seals it; none = the ledger's own */
	bool machine;                 /* a receipt letter: closes at PUT_OK, is never receipted */
	int64_t created_ms, expires_at_ms;
	int64_t next_try_ms;
	uint32_t tries;
	err_t last_error;
	int64_t custody_ms, stored_ms, opened_ms;
	uint64_t leaf;
	int64_t recipient_seen_ms;
	/* filled by outbox_get and outbox_due when asked for */
	struct bytes draft;           /* S without the fields that are known only when it is sealed */
	struct bytes h, c;            /* after sealing */
	struct hash header_hash, digest;
};

/* Writes a letter.  Fills id when none. */
void outbox_add (tx_t *tx, struct outbox_row *row, const struct letter *letter);

/* Rows to seal or put again, classes first, then oldest; with draft, h and c. */
size_t outbox_due (ledger_t *ledger, int64_t now_ms, size_t max, arena_t *arena,
		   struct outbox_row **ret_rows);
/* When the next row is due, or INT64_MAX. */
int64_t outbox_next_due (ledger_t *ledger);

/* Keeps the sealed bytes, and S and sig as evidence. */
void outbox_sealed (tx_t *tx, const struct letter_id *id, const struct sealed *sealed);
void outbox_retry (tx_t *tx, const struct letter_id *id, err_t why, int64_t next_try_ms);
/* The recipient could not open it: it waits until until_ms for another key of the recipient. */
void outbox_unopened (tx_t *tx, const struct letter_id *id, int64_t until_ms);
/* It went under that other key; its stored-receipt is waited for. */
void outbox_given_again (tx_t *tx, const struct letter_id *id);
/* Those that wait, oldest first. */
size_t outbox_list_unopened (ledger_t *ledger, size_t max, arena_t *arena, struct letter_id **ret_ids);
/* The recipient's words were sealed to a key that is lost here: what it has not answered, as far as we
 * know, is put again, ten minutes after it last was, because it answers a duplicate as the first time. */
void outbox_ask_again (tx_t *tx, const struct agency_id *to, int64_t now_ms);
/* A new session: what was on the way when the last one ended, or waits for another try, is due now. */
void outbox_due_now (tx_t *tx, int64_t now_ms);
/* ERR_NOT_FOUND for a letter that was never sent. */
MUST_USE err_t outbox_in_custody (tx_t *tx, const struct letter_id *id, uint64_t leaf,
				  int64_t recipient_seen_ms, int64_t at_ms);

/*
 * A word that ends a letter.  Follows the order of rank; the row's state after it is returned in
 * ret_row.  Bodies are dropped, evidence (h, S, sig) stays.  ERR_NOT_FOUND: never sent.
 */
MUST_USE err_t outbox_end (tx_t *tx, const struct letter_id *id, enum outbox_state state, err_t why,
			   int64_t at_ms, arena_t *arena, struct outbox_row *ret_row);
/* Of a stored letter: its bytes were kept while it had attachments to deliver, and now it has none. */
void outbox_release (tx_t *tx, const struct letter_id *id);
/* Of a stored letter whose recipient lost its ledger: it is put again, same id and bytes, and behind it
 * the attachments that are here.  False when there is nothing to put. */
bool outbox_give_files_again (tx_t *tx, const struct letter_id *id, int64_t now_ms);
/* A partner gave this letter back after the ledger was restored: it is stored there with these
 * bytes, whatever is known of it here.  Its evidence is kept. */
void outbox_given_back (tx_t *tx, struct outbox_row *row, const struct sealed *sealed,
			int64_t at_ms);
void outbox_opened (tx_t *tx, const struct letter_id *id, int64_t at_ms);

MUST_USE err_t outbox_get (ledger_t *ledger, const struct letter_id *id, arena_t *arena,
			   struct outbox_row *ret_row);
/* Was this letter ever written here, to this recipient? */
bool outbox_knows (ledger_t *ledger, const struct letter_id *id, const struct agency_id *to);
/* The evidence: h, S, signature and header hash of a sealed letter, also after its end (S is empty
 * when the person was erased).  ERR_NOT_FOUND. */
MUST_USE err_t outbox_evidence (ledger_t *ledger, const struct letter_id *id, arena_t *arena,
				struct sealed *ret_sealed);
size_t outbox_by_thread (ledger_t *ledger, const struct thread_id *thread, arena_t *arena,
			 struct outbox_row **ret_rows);

/* A new hub store: every letter without a stored-receipt is put again, same id and bytes; so is a
 * stored one whose attachments the recipient does not have yet. */
size_t outbox_again (tx_t *tx);

/* Stat letters without stored-receipt since before `before_ms` whose alarm was not raised yet. */
size_t outbox_silent_stat (ledger_t *ledger, int64_t before_ms, arena_t *arena,
			   struct outbox_row **ret_rows);

struct outbox_counts {
	uint64_t written, sealed, in_custody, refused, expired;
	int64_t oldest_ms;
	int64_t quota_ms;             /* the hub's quota is used up: the next try; 0 = it is not */
};
struct outbox_counts outbox_counts (ledger_t *ledger);

/* Letters of one class that have not ended: how many are still here, how many the hub has, how many of all
 * are the machine's, and how many are younger than an hour, a day, a week, or older. */
struct outbox_queue {
	uint64_t waiting, at_hub, machine, ages[4];
	int64_t oldest_ms;            /* 0 = there are none */
};
struct outbox_queue outbox_queue (ledger_t *ledger, enum letter_class class, int64_t now_ms);

/* ---- pair sequences (proto/letter.proto PairSequence), out ---- */

/* The next number for this recipient and class, with the previous hash, the voided numbers, and the
 * newest that we have of the recipient's own. */
void pair_next (tx_t *tx, const struct agency_id *to, enum letter_class class, arena_t *arena,
		struct pair_sequence *ret_sequence);
/* Records the header hash that n got. */
void pair_sent (tx_t *tx, const struct agency_id *to, enum letter_class class, uint64_t n,
		const struct hash *header_hash, const struct letter_id *id);

#endif
