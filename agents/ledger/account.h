/*
 * Accounts of the people who work here.  Who they are, their password's hash and what proves them is
 * sealed with the ledger's own key; an account is found by a keyed hash of its name.  None is ever
 * deleted: entries name it, so its name is not given to somebody else.
 */
#ifndef AGENTS_LEDGER_ACCOUNT_H
#define AGENTS_LEDGER_ACCOUNT_H

#include "agents/ledger/ledger.h"
#include "proto/password.h"

struct account_id { uint8_t b[16]; };

#define ACCOUNT_NAME_TEXT 33         /* [a-z0-9._-], 2..32, and the end */
#define ACCOUNT_ARENA_BYTES (64u * KIB)   /* one account takes less */
#define RECOVERY_CODES 10u

enum reset_what { RESET_NONE = 0, RESET_PASSWORD = 1, RESET_FACTOR = 2 };   /* stored */

struct account {
	struct account_id id;            /* given by account_add */
	int64_t created_ms;
	int64_t from_ms, until_ms;       /* may sign in between; until 0 = open */
	const char *name;                /* to sign in with */
	const char *display;             /* "Siti Rahmawati" */
	const char *role;                /* one for which role_exists holds */
	const char *password;            /* Argon2id, as proto/password.h; "" = none yet */
	struct bytes code;               /* hash of the one-time code that stands for it; none */
	int64_t code_until_ms;
	struct bytes factor;             /* TOTP secret; none = no second factor */
	struct bytes factor_new;         /* one that is shown and not confirmed yet */
	uint64_t factor_step;            /* of the code that was taken last */
	struct bytes recovery;           /* hashes of the codes that are left, 32 bytes each */
	enum reset_what reset;           /* what somebody asked to have reset, and waits for a second */
	const char *reset_by;            /* who: as `who` of agents/door/door.h */
	int64_t reset_ms;
};

/* Fills id and created_ms.  ERR_CONFLICT stays in the tx when the name is taken. */
void account_add (tx_t *tx, struct account *account);
/* All but id, name and created_ms. */
void account_update (tx_t *tx, const struct account *account);

/* ERR_NOT_FOUND.  Texts live in the arena. */
MUST_USE err_t account_get (ledger_t *ledger, const struct account_id *id, arena_t *arena,
			    struct account *ret_account);
MUST_USE err_t account_by_name (ledger_t *ledger, const char *name, arena_t *arena,
				struct account *ret_account);
/* In the order in which they were added, after `skip` of them, at most `max`. */
size_t account_list (ledger_t *ledger, size_t skip, size_t max, arena_t *arena,
		     struct account **ret_accounts);

/* A keyed hash of something that must not be told from a copy of the ledger: a code, a name. */
struct hash account_blind (ledger_t *ledger, const char *purpose, const char *text);

/* ---- failed sign-ins, by the name that was typed ---- */

struct attempts {
	uint32_t failures;               /* in a row */
	int64_t failed_ms, until_ms;     /* the last; no attempt is looked at before */
};

struct attempts attempts_get (ledger_t *ledger, const char *name);
/* Zero failures: forgets them.  What is older than `forget_ms` of others goes too. */
void attempts_set (tx_t *tx, const char *name, const struct attempts *attempts, int64_t forget_ms);

#endif
