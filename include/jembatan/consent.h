/*
 * Consent clauses and their withdrawal, as signed objects (UU 27/2022 art. 20-22, 40).
 *
 * A clause names one recipient (an agency, or a kind of agency in a region), one purpose, some data
 * labels and a period, and is signed by the agency that took the consent.  A letter carries inline
 * only the clause that covers it.
 */
#ifndef JEMBATAN_CONSENT_H
#define JEMBATAN_CONSENT_H

#include "jembatan/keys.h"

struct clause {
	struct clause_id id;
	struct agency_id grantor;
	struct agency_id recipient;      /* empty text: recipient_kind and recipient_region count */
	const char *recipient_kind;
	const char *recipient_region;    /* Kemendagri prefix, "" = anywhere */
	const char *purpose;
	size_t label_count;
	const char *const *labels;
	int64_t valid_from_ms, valid_to_ms;
};

struct signed_clause {
	struct bytes clause;             /* as signed; len 0 = none */
	struct key_id sig_key_id;
	struct signature signature;
};

struct withdrawal {
	struct clause_id clause;
	struct agency_id grantor;
	int64_t said_ms;                 /* the 3x24 hours run from here */
	int64_t recorded_ms;
	struct agency_id recorded_by;
};

struct signed_withdrawal {
	struct bytes withdrawal;         /* as signed; len 0 = none */
	struct key_id sig_key_id;        /* none: a holder's word to the grantor, not signed by it */
	struct signature signature;
};

MUST_USE err_t clause_decode (struct bytes from, arena_t *arena, struct clause *ret_clause);
MUST_USE err_t clause_sign (const struct clause *clause, const keypair_t *sig, arena_t *arena,
			    struct signed_clause *ret_signed);
/* ERR_BAD_SIGNATURE unless `key`, a SIG key of the grantor, signed it. */
MUST_USE err_t clause_verify (const struct signed_clause *signed_clause,
			      const struct public_key *key);

MUST_USE err_t withdrawal_decode (struct bytes from, arena_t *arena,
				  struct withdrawal *ret_withdrawal);
/* Signs when `sig` is given; otherwise only encodes. */
MUST_USE err_t withdrawal_sign (const struct withdrawal *withdrawal, const keypair_t *sig,
				arena_t *arena, struct signed_withdrawal *ret_signed);
MUST_USE err_t withdrawal_verify (const struct signed_withdrawal *signed_withdrawal,
				  const struct public_key *key);

/* What a letter asks of a clause. */
struct consent_need {
	const struct agency_id *recipient;
	const char *recipient_kind;
	const char *recipient_region;
	const char *purpose;
	size_t label_count;
	const char *const *labels;
	int64_t at_ms;
};

/*
 * ERR_OK when the clause covers the need; else ERR_NO_CONSENT or ERR_CONSENT_EXPIRED.  Recipient,
 * purpose and every label must be covered, and at_ms must lie in the period.  Pure.
 */
MUST_USE err_t consent_covers (const struct clause *clause, const struct consent_need *need);

#endif
