/* Keys of other software that asks the api: what they may do, until when.  The hash is kept alone. */
#ifndef AGENTS_LEDGER_SOFTWARE_KEY_H
#define AGENTS_LEDGER_SOFTWARE_KEY_H

#include "agents/ledger/ledger.h"

struct software_key_id { uint8_t b[16]; };

struct software_key {
	struct software_key_id id;       /* given by software_key_add */
	struct hash hash;                /* of the key */
	int64_t created_ms, until_ms;    /* until 0 = open */
	int64_t used_ms, ended_ms;       /* 0 = not yet */
	const char *name;                /* of the software, "simrs" */
	const char *role;                /* as which it writes letters */
	const char *scopes;              /* words of agents/door/scope.h, parted by blanks */
	const char *kinds;               /* of letters that it may write, parted by blanks; "" = all */
	const char *by;                  /* who made it */
};

void software_key_add (tx_t *tx, struct software_key *key);   /* fills id and created_ms */
void software_key_used (tx_t *tx, const struct software_key_id *id, int64_t at_ms);
void software_key_end (tx_t *tx, const struct software_key_id *id, int64_t at_ms);

/* ERR_NOT_FOUND. */
MUST_USE err_t software_key_get (ledger_t *ledger, const struct software_key_id *id, arena_t *arena,
				 struct software_key *ret_key);
MUST_USE err_t software_key_by_hash (ledger_t *ledger, const struct hash *hash, arena_t *arena,
				     struct software_key *ret_key);
/* In the order in which they were added, after `skip` of them, at most `max`. */
size_t software_key_list (ledger_t *ledger, size_t skip, size_t max, arena_t *arena,
			  struct software_key **ret_keys);

#endif
