/*
 * Words about letters of ours, and where their signed bytes are: which receipts letter of the inbox
 * said what, so that "stored" can be shown to anybody and not only claimed; and the hub's signed notices
 * of non-delivery.
 */
#ifndef AGENTS_LEDGER_WORD_H
#define AGENTS_LEDGER_WORD_H

#include "agents/ledger/ledger.h"
#include "jembatan/letter.h"

/* Beside the numbers of enum receipt_status.  Stored: never renumber. */
#define WORD_GIVEN_BACK 16u      /* a partner gave the letter back; `said_in` is that envelope */
#define WORD_HUB_REFUSED 17u     /* the hub's answer to a Put, which nobody signs */

struct word {
	struct letter_id letter;     /* ours */
	struct blob_id blob;         /* of this attachment of it; none = of the letter itself */
	unsigned status;
	struct agency_id from;       /* who said it; empty = the hub */
	struct letter_id said_in;    /* a letter of the inbox; none = of the hub */
};

/* A word that is said again replaces the one before. */
void word_keep (tx_t *tx, const struct word *word);
/* Those about a letter itself, by status. */
size_t word_list (ledger_t *ledger, const struct letter_id *letter, arena_t *arena,
		  struct word **ret_words);

/* ---- non-delivery ---- */

/* NonDelivery as the hub signed it; verified before. */
struct notice {
	struct bytes statement;
	struct signature signature;
};

void notice_keep (tx_t *tx, const struct letter_id *letter, const struct notice *notice);
/* ERR_NOT_FOUND. */
MUST_USE err_t notice_get (ledger_t *ledger, const struct letter_id *letter, arena_t *arena,
			   struct notice *ret_notice);

#endif
