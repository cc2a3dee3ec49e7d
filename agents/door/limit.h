/*
 * How many attempts one address and the whole agent may make: buckets that fill again with time.  An
 * attempt that succeeds is given back, so that a busy morning never meets them.  In memory alone, and
 * bounded: of more addresses than there is room for, the one that is nearest to full again is forgotten.
 */
#ifndef AGENTS_DOOR_LIMIT_H
#define AGENTS_DOOR_LIMIT_H

#include "jembatan/limits.h"
#include "jembatan/base.h"

#define LIMIT_ADDRESSES 512u
#define LIMIT_ADDRESS_ATTEMPTS 20    /* at once from one address, */
#define LIMIT_ADDRESS_REFILL_MS (30 * SECOND_MS)   /* then one in so long */
#define LIMIT_ALL_ATTEMPTS 200
#define LIMIT_ALL_REFILL_MS (3 * SECOND_MS)

typedef struct limit limit_t;

limit_t *limit_new (void);
void limit_destroy (limit_t **limit);

/* Takes one; 0, or how long it takes until there is one again, and then none is taken. */
int64_t limit_take (limit_t *limit, const char *address, int64_t now_ms);
void limit_give_back (limit_t *limit, const char *address);

#endif
