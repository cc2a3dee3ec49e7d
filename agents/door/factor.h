/*
 * The second factor of an account: a TOTP secret, and recovery codes for the day on which the phone is
 * lost.  They change the account in memory; whoever calls writes it to the ledger.
 */
#ifndef AGENTS_DOOR_FACTOR_H
#define AGENTS_DOOR_FACTOR_H

#include "agents/ledger/account.h"
#include "proto/secret.h"

/* Whether the account asks for a code. */
bool factor_is_set (const struct account *account);

/* A fresh secret, shown and not in force yet. */
void factor_begin (struct account *account, arena_t *arena);

/* The code proves that the shown secret was taken over: it comes into force, with fresh recovery codes.
 * ERR_WRONG_STATE when none was shown, ERR_CODE_NEEDED for a wrong code. */
MUST_USE err_t factor_confirm (ledger_t *ledger, struct account *account, const char *code,
			       int64_t now_ms, arena_t *arena,
			       char ret_recovery[RECOVERY_CODES][SECRET_CODE_TEXT]);

/* Holds a code of six digits or a recovery code against the account, and uses it up: the step is taken,
 * the recovery code is gone.  ERR_CODE_NEEDED. */
MUST_USE err_t factor_check (ledger_t *ledger, struct account *account, const char *code,
			     int64_t now_ms, arena_t *arena);

void factor_remove (struct account *account);
size_t factor_recovery_left (const struct account *account);

#endif
