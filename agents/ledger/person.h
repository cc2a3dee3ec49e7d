/*
 * People: identity and contact rules, sealed with each person's own data key.  Names, case numbers
 * and NIK are found through an index in memory; NIK also by keyed hash.
 */
#ifndef AGENTS_LEDGER_PERSON_H
#define AGENTS_LEDGER_PERSON_H

#include "agents/ledger/ledger.h"

struct person {
	struct person_id id;
	char number[24];             /* "K-2026-0003", the agency's own case number, given at creation */
	const char *name;
	const char *nik;             /* "" = not asked */
	const char *birth_date;      /* YYYY-MM-DD or "" */
	const char *sex;             /* "male", "female", "unknown" (FHIR administrative-gender) */
	const char *phone;           /* E.164 or "" */
	const char *region;          /* Kemendagri code or "" */
	const char *address;
	const char *guardian;        /* name of the guardian, required under 18 */
	const char *entry_door;      /* family, justice, community, outreach, self, dinsos, referral */
	const char *safe_to_call;    /* "yes", "no", "unknown" */
	const char *may_leave_message;   /* "yes", "no", "unknown" */
	const char *who_knows;       /* free text: who knows of the rehabilitation */
	const char *case_manager;    /* agency id of the one case manager; "" = not known here */
	int64_t created_ms;
	bool erased;
};

/* Stores a new person with a fresh data key; fills id, number and created_ms. */
void person_add (tx_t *tx, struct person *person);
void person_update (tx_t *tx, const struct person *person);
void person_erase (tx_t *tx, const struct person_id *id);

/* ERR_NOT_FOUND, ERR_ERASED.  Strings live in the arena. */
MUST_USE err_t person_get (ledger_t *ledger, const struct person_id *id, arena_t *arena,
			   struct person *ret_person);

/*
 * By case number, exact NIK, or part of the name (case and accents folded), or UUID.  ERR_NOT_FOUND;
 * ERR_AMBIGUOUS when several match (use person_search to list them).
 */
MUST_USE err_t person_find (ledger_t *ledger, const char *words, struct person_id *ret_id);
size_t person_search (ledger_t *ledger, const char *words, size_t max, arena_t *arena,
		      struct person_id **ret_ids);

/* ERR_NOT_FOUND, or who already has this NIK. */
MUST_USE err_t person_by_nik (ledger_t *ledger, const char *nik, struct person_id *ret_id);

/* The opaque id that stands for this person between us and that agency; made on first use. */
struct case_id person_case (tx_t *tx, const struct person_id *person,
			    const struct agency_id *partner);
/* Records a case id that the partner chose.  ERR_CONFLICT when it means another person here. */
MUST_USE err_t person_case_set (tx_t *tx, const struct person_id *person,
				const struct agency_id *partner, const struct case_id *case_id);
MUST_USE err_t person_by_case (ledger_t *ledger, const struct agency_id *partner,
			       const struct case_id *case_id, struct person_id *ret_id);

#endif
