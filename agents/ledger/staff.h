/*
 * Staff: who works here, since when, with which certificate (officers who run a prison's programme
 * need a counsellor's certificate: Septiana, Bangli).  Sealed with the ledger's own key.
 */
#ifndef AGENTS_LEDGER_STAFF_H
#define AGENTS_LEDGER_STAFF_H

#include "agents/ledger/ledger.h"

struct staff_id { uint8_t b[16]; };

struct staff {
	struct staff_id id;          /* given by staff_add */
	const char *name;
	const char *position;        /* "pekerja sosial", "konselor adiksi" */
	const char *phone;           /* E.164 or "" */
	const char *decree;          /* number of the decree (SK) or "" */
	const char *certificate, *certificate_until;   /* number, YYYY-MM-DD; or "" */
	const char *since, *until;   /* YYYY-MM-DD; until "" = still here */
	int64_t created_ms;
};

void staff_add (tx_t *tx, struct staff *staff);   /* fills id and created_ms */
void staff_update (tx_t *tx, const struct staff *staff);
/* In the order in which they were added, after `skip` of them, at most `max`. */
size_t staff_list (ledger_t *ledger, size_t skip, size_t max, arena_t *arena,
		   struct staff **ret_staff);

#endif
