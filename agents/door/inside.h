/* What the files of the door share and nobody else sees. */
#ifndef AGENTS_DOOR_INSIDE_H
#define AGENTS_DOOR_INSIDE_H

#include "agents/door/door.h"
#include "agents/door/factor.h"
#include "agents/door/limit.h"
#include "agents/door/locksmith.h"
#include "agents/door/lockout.h"
#include "agents/door/rules.h"
#include "agents/door/scope.h"

struct door {
	struct door_parts parts;
	locksmith_t *locksmith;
	limit_t *limit;
	struct error_counts refused;
	uint64_t signed_in;
};

ledger_t *door_ledger (const door_t *door);
int64_t door_now_ms (const door_t *door);

/* The hash of a token or key under which the ledger knows it. */
struct hash token_hash (const char *domain, const uint8_t token[32]);
#define SESSION_DOMAIN "JMBTN-session-v1"
#define KEY_DOMAIN "JMBTN-key-of-software-v1"

/* An entry: the word in clear, whose account or key it is about sealed. */
void door_note (door_t *door, tx_t *tx, const char *user, const char *word, const char *about);

#endif
