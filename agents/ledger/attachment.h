/*
 * Attachments: one row for each, from the upload until the recipient's receipt, or from the letter
 * that names it until it is here; and its bytes, in two forms that are both sealed with the person's
 * data key (the ledger's own for nobody), so that erasing a person makes them unreadable.
 *
 *   out:  staged -> waiting -> sending -> at-hub -> delivered | refused | lost
 *   in:   expected -> fetched -> here | broken | missed
 *
 * "Plain" bytes are the plaintext, one row for each step of the stream (jembatan/attachment.h); "wire"
 * bytes are the blob as it travels, in rows of at most 64 KiB.  An outgoing one has plain bytes until
 * it is sealed and then wire bytes until its receipt; an incoming one has wire bytes until all of
 * them are here and then plain ones.  Those of a delivered one stay for some weeks, with its letter, for
 * a recipient whose ledger goes back in time.
 */
#ifndef AGENTS_LEDGER_ATTACHMENT_H
#define AGENTS_LEDGER_ATTACHMENT_H

#include "agents/ledger/ledger.h"
#include "jembatan/attachment.h"

enum attachment_state {          /* stored: never renumber */
	ATTACHMENT_STAGED = 1,       /* uploaded, in part or whole; of no letter yet */
	ATTACHMENT_WAITING = 2,      /* of a letter that is written; to be sealed */
	ATTACHMENT_SENDING = 3,      /* sealed; the hub has `done` bytes of the blob */
	ATTACHMENT_AT_HUB = 4,       /* all of them */
	ATTACHMENT_DELIVERED = 5,    /* the recipient's signed word */
	ATTACHMENT_REFUSED = 6,      /* the recipient could not open it */
	ATTACHMENT_LOST = 7,         /* it ended before it was delivered */
	ATTACHMENT_EXPECTED = 11,    /* `done` bytes of the blob have come */
	ATTACHMENT_FETCHED = 12,     /* all of them; to be opened */
	ATTACHMENT_HERE = 13,
	ATTACHMENT_BROKEN = 14,      /* could not be opened */
	ATTACHMENT_MISSED = 15,      /* it ended before all of it was here */
	ATTACHMENT_ERASED = 16,      /* with its letter or its person */
};
const char *attachment_state_name (enum attachment_state state);
static inline bool attachment_is_coming (enum attachment_state state)
{
	return state >= ATTACHMENT_EXPECTED;
}

struct attachment_row {
	uint64_t n;                  /* its number here, by which people name it */
	uint8_t id[16];              /* a UUID, which the uploader chose */
	enum attachment_state state;
	struct person_id person;     /* whose key seals it; none = the ledger's own */
	struct agency_id partner;
	struct thread_id thread;
	struct letter_id letter;
	uint32_t place;              /* in Letter.attachments, and in Header.blobs of what we send */
	struct blob_id blob;         /* none until it is sealed */
	uint64_t length;             /* of the plaintext */
	uint64_t done;               /* staged: bytes of plaintext that are here; else of the blob */
	int64_t created_ms, expires_at_ms, next_try_ms;
	uint32_t tries;
	err_t error;                 /* of the last try, or why it ended */
	int64_t kept_until_ms;       /* delivered: its bytes are here; 0 = they are gone */
	bool told;                   /* incoming: the hub knows that it is durable here */
	/* sealed; empty when the person was erased */
	const char *title, *media_type, *label;
	struct hash digest;          /* of the plaintext; none until it is known */
	struct letter_key key;       /* of its letter; outgoing ones until delivered */
};

/* ---- rows ---- */

/* Adds a row; fills n.  ERR_CONFLICT when the id is taken (tx_err). */
void attachment_add (tx_t *tx, struct attachment_row *row);
/* Writes all of it but n, id, created_ms and the bytes. */
void attachment_update (tx_t *tx, const struct attachment_row *row);
/* Of a transfer only done, state, next_try_ms, tries, error, told and kept_until_ms: seals nothing. */
void attachment_moved (tx_t *tx, const struct attachment_row *row);

/* By number or by UUID.  ERR_NOT_FOUND. */
MUST_USE err_t attachment_get (ledger_t *ledger, uint64_t n, arena_t *arena,
			       struct attachment_row *ret_row);
MUST_USE err_t attachment_find (ledger_t *ledger, const uint8_t id[16], arena_t *arena,
				struct attachment_row *ret_row);
/* Those of a letter, by place; of a thread, oldest first.  `partner` wrote it or gets it. */
size_t attachment_of_letter (ledger_t *ledger, const struct agency_id *partner,
			     const struct letter_id *letter, arena_t *arena,
			     struct attachment_row **ret_rows);
size_t attachment_of_thread (ledger_t *ledger, const struct thread_id *thread, arena_t *arena,
			     struct attachment_row **ret_rows);
/* Those of a person that a letter took along or brought, newest first. */
size_t attachment_of_person (ledger_t *ledger, const struct person_id *person, arena_t *arena,
			     struct attachment_row **ret_rows);
/* The one by its blob's name, on its way out (SENDING, AT_HUB) or in. */
MUST_USE err_t attachment_by_blob (ledger_t *ledger, const struct blob_id *blob, bool coming,
				   arena_t *arena, struct attachment_row *ret_row);

/* The oldest in this state that is due.  One to be sent is not due before its letter is in custody.
 * ERR_NOT_FOUND. */
MUST_USE err_t attachment_next (ledger_t *ledger, enum attachment_state state, int64_t now_ms,
				arena_t *arena, struct attachment_row *ret_row);
/* The oldest that is here, or will never be, and of which the hub does not know that yet. */
MUST_USE err_t attachment_untold (ledger_t *ledger, int64_t now_ms, arena_t *arena,
				  struct attachment_row *ret_row);
/* Is one of the letter's still to be delivered? */
bool attachment_pending (ledger_t *ledger, const struct letter_id *letter);
/* Is one of the letter's here to be delivered, if need be once more? */
bool attachment_kept (ledger_t *ledger, const struct letter_id *letter);

/* ---- bytes ---- */

/* The plaintext of one step. */
void attachment_put_plain (tx_t *tx, const struct attachment_row *row, size_t step,
			   struct bytes plain);
MUST_USE err_t attachment_get_plain (ledger_t *ledger, const struct attachment_row *row, size_t step,
				     arena_t *arena, struct bytes *ret_plain);
/* A piece of the blob; reading gives the piece that begins at that offset.  ERR_NOT_FOUND,
 * ERR_ERASED. */
void attachment_put_wire (tx_t *tx, const struct attachment_row *row, uint64_t offset,
			  struct bytes piece);
MUST_USE err_t attachment_get_wire (ledger_t *ledger, const struct attachment_row *row,
				    uint64_t offset, arena_t *arena, struct bytes *ret_piece);
/* Nobody needs them any more: they go a few at a time, because to delete fifty MiB inside of a
 * savepoint would take as much memory. */
void attachment_drop_plain (tx_t *tx, uint64_t n);
void attachment_drop_wire (tx_t *tx, uint64_t n);
bool attachment_has_dropped (ledger_t *ledger);
/* Deletes some of them. */
void attachment_discard (tx_t *tx);
/* One of a letter that turned out to have others. */
void attachment_remove (tx_t *tx, uint64_t n);
/* All of one's, now: it is fetched anew. */
void attachment_clear (tx_t *tx, uint64_t n);

/* Would a file of that length still leave room for letters?  It takes its size twice for a moment. */
bool attachment_fits (ledger_t *ledger, uint64_t length);

/* ---- all of them ---- */

/* How many are in this state, and how long they are; for states that are left again. */
struct attachment_sum { uint64_t count, bytes; };
struct attachment_sum attachment_sum (ledger_t *ledger, enum attachment_state state);

/* A new session: what waits for another try is due now. */
void attachment_due_now (tx_t *tx, int64_t now_ms);
/* A new hub store: what was there, wholly or in part, is put again. */
void attachment_again (tx_t *tx);
/* The recipient lost its ledger: those of this letter that are here are put again, from the first byte.
 * Returns how many. */
size_t attachment_give_again (tx_t *tx, const struct letter_id *letter);
/* The bytes of delivered ones that were to stay until before then go. */
void attachment_let_go (tx_t *tx, int64_t before_ms);
/* Uploads that nobody used since then; returns how many went. */
size_t attachment_sweep (tx_t *tx, int64_t before_ms);
/* Our letter ended undelivered, or a partner's was erased: its attachments with it.  Returns how many
 * were still on their way. */
size_t attachment_end_letter (tx_t *tx, const struct agency_id *partner,
			      const struct letter_id *letter, enum attachment_state state, err_t why);
void attachment_erase_person (tx_t *tx, const struct person_id *person);

#endif
