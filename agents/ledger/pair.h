/* What the outbox tells the pair sequences about a letter's end. */
#ifndef AGENTS_LEDGER_PAIR_H
#define AGENTS_LEDGER_PAIR_H

#include "agents/ledger/ledger.h"

/* It ended without being stored: later letters say so. */
void pair_voided (tx_t *tx, const struct letter_id *id);
/* It was stored, whatever had been said before. */
void pair_stored (tx_t *tx, const struct letter_id *id);

#endif
