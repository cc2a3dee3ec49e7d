/*
 * Sessions: who is signed in, since when, from where.  The ledger keeps the hash of the token alone; a
 * session that ended is gone.
 */
#ifndef AGENTS_LEDGER_SESSION_H
#define AGENTS_LEDGER_SESSION_H

#include "agents/ledger/account.h"

struct session {
	struct hash hash;                /* of the token */
	struct account_id account;
	int64_t begun_ms, seen_ms;
	bool must_change;                /* begun with a one-time code: sets a password, and nothing else */
	const char *peer;                /* address it was begun from; sealed */
};

void session_add (tx_t *tx, const struct session *session);
void session_seen (tx_t *tx, const struct session *session, int64_t at_ms);
void session_end (tx_t *tx, const struct hash *hash);
/* All of an account but one (NULL = all); how many. */
uint64_t session_end_others (tx_t *tx, const struct account_id *account, const struct hash *keep);
/* Those that were begun or seen last before these times. */
void session_end_old (tx_t *tx, int64_t begun_before_ms, int64_t seen_before_ms);

/* ERR_NOT_FOUND. */
MUST_USE err_t session_get (ledger_t *ledger, const struct hash *hash, arena_t *arena,
			    struct session *ret_session);
/* Of an account, newest first. */
size_t session_list (ledger_t *ledger, const struct account_id *account, size_t max, arena_t *arena,
		     struct session **ret_sessions);

#endif
