/* A check of the ledger that runs beside the letters; at most one at a time. */
#ifndef AGENTS_API_VERIFY_H
#define AGENTS_API_VERIFY_H

#include <czmq.h>

typedef struct verifier verifier_t;

/* The caller owns it, and destroys it before desk and loop. */
verifier_t *verifier_new (zloop_t *loop);
void verifier_destroy (verifier_t **verifier);

#endif
