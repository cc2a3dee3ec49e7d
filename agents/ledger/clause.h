/*
 * Consent clauses: those that we granted for a person, and those that came with letters.  Who holds
 * data under each, and which were withdrawn.  Id and grantor together name a clause: nobody else can
 * take its place by giving one the same id.
 */
#ifndef AGENTS_LEDGER_CLAUSE_H
#define AGENTS_LEDGER_CLAUSE_H

#include "agents/ledger/ledger.h"
#include "jembatan/consent.h"

struct clause_row {
	struct clause clause;                /* decoded */
	struct signed_clause signed_clause;
	struct person_id person;
	bool granted_here;
	int64_t recorded_ms;
	int64_t withdrawn_said_ms;           /* 0 = in force */
	struct signed_withdrawal withdrawal; /* len 0 until the grantor's signed one is here */
};

/* One that is here already stays as it is. */
void clause_add (tx_t *tx, const struct signed_clause *signed_clause,
		 const struct person_id *person, bool granted_here, int64_t at_ms);
MUST_USE err_t clause_get (ledger_t *ledger, const struct clause_id *id,
			   const struct agency_id *grantor, arena_t *arena,
			   struct clause_row *ret_row);
size_t clause_list (ledger_t *ledger, const struct person_id *person, arena_t *arena,
		    struct clause_row **ret_rows);

/* Marks this grantor's clause withdrawn; a later signed withdrawal fills in.  A tombstone is kept for
 * a clause that is not here (yet).  It binds no clause of another grantor that has the same id. */
void clause_withdraw (tx_t *tx, const struct clause_id *id, const struct agency_id *grantor,
		      int64_t said_ms, const struct signed_withdrawal *withdrawal);
/* 0, or when it was said by this grantor. */
int64_t clause_withdrawn (ledger_t *ledger, const struct clause_id *id,
			  const struct agency_id *grantor);

/* ---- holders: who has data under a clause, from us ---- */

struct holder {
	struct agency_id agency;
	int64_t since_ms;
	int64_t told_ms;             /* withdrawal sent; 0 = not */
	int64_t stopped_ms;          /* its confirmation; 0 = pending */
	uint32_t threads_stopped, passed_on;
};
void holder_add (tx_t *tx, const struct clause_id *id, const struct agency_id *grantor,
		 const struct agency_id *agency, int64_t at_ms);
void holder_told (tx_t *tx, const struct clause_id *id, const struct agency_id *grantor,
		  const struct agency_id *agency, int64_t at_ms);
void holder_stopped (tx_t *tx, const struct clause_id *id, const struct agency_id *grantor,
		     const struct agency_id *agency, int64_t stopped_ms, uint32_t threads_stopped,
		     uint32_t passed_on);
size_t holder_list (ledger_t *ledger, const struct clause_id *id, const struct agency_id *grantor,
		    arena_t *arena, struct holder **ret_holders);
/* Whose clause of this id that agency has data under, from us; ERR_NOT_FOUND. */
MUST_USE err_t holder_find (ledger_t *ledger, const struct clause_id *id,
			    const struct agency_id *agency, struct agency_id *ret_grantor);

#endif
