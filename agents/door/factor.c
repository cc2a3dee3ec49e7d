/* The second factor; see factor.h. */
#include "agents/door/factor.h"

#include <ctype.h>
#include <string.h>

#include "proto/totp.h"

#define GROUPS 3u                        /* 60 bits a recovery code */
#define HASH sizeof (struct hash)

bool factor_is_set (const struct account *account)
{
	return account->factor.len > 0;
}

size_t factor_recovery_left (const struct account *account)
{
	return account->recovery.len / HASH;
}

void factor_begin (struct account *account, arena_t *arena)
{
	uint8_t *secret = arena_must (arena, TOTP_SECRET_BYTES);

	secret_random (secret, TOTP_SECRET_BYTES);
	account->factor_new = (struct bytes){ secret, TOTP_SECRET_BYTES };
}

void factor_remove (struct account *account)
{
	account->factor = account->factor_new = account->recovery = BYTES_NONE;
	account->factor_step = 0;
}

static void make_recovery (ledger_t *ledger, struct account *account, arena_t *arena,
			   char ret_recovery[RECOVERY_CODES][SECRET_CODE_TEXT])
{
	uint8_t *hashes = arena_must (arena, RECOVERY_CODES * HASH);

	for (size_t i = 0; i < RECOVERY_CODES; i++) {
		struct hash hash = account_blind (ledger, "recovery",
						  secret_code (GROUPS, ret_recovery[i]));

		memcpy (hashes + i * HASH, hash.b, HASH);
	}
	account->recovery = (struct bytes){ hashes, RECOVERY_CODES * HASH };
}

err_t factor_confirm (ledger_t *ledger, struct account *account, const char *code, int64_t now_ms,
		      arena_t *arena, char ret_recovery[RECOVERY_CODES][SECRET_CODE_TEXT])
{
	uint64_t step;

	if (account->factor_new.len == 0)
		return ERR_WRONG_STATE;
	if (totp_check (account->factor_new, code, now_ms, 0, &step) != ERR_OK)
		return ERR_CODE_NEEDED;
	account->factor = account->factor_new;
	account->factor_new = BYTES_NONE;
	account->factor_step = step;
	make_recovery (ledger, account, arena, ret_recovery);
	return ERR_OK;
}

static err_t use_recovery (ledger_t *ledger, struct account *account, const char *code,
			   arena_t *arena)
{
	size_t count = factor_recovery_left (account);
	char typed[SECRET_CODE_TEXT];
	struct hash hash;

	secret_code_read (code, typed);
	hash = account_blind (ledger, "recovery", typed);
	for (size_t i = 0; i < count; i++) {
		uint8_t *rest;

		if (!secret_equal (account->recovery.data + i * HASH, hash.b, HASH))
			continue;
		rest = arena_must (arena, count * HASH);
		memcpy (rest, account->recovery.data, i * HASH);
		memcpy (rest + i * HASH, account->recovery.data + (i + 1) * HASH,
			(count - i - 1) * HASH);
		account->recovery = (struct bytes){ rest, (count - 1) * HASH };
		return ERR_OK;
	}
	return ERR_CODE_NEEDED;
}

/* The digits of "123 456". */
static bool six_digits (const char *code, char ret_digits[TOTP_TEXT])
{
	size_t count = 0;

	for (; *code != '\0'; code++) {
		if (*code == ' ')
			continue;
		if (!isdigit ((unsigned char)*code) || count == TOTP_TEXT - 1)
			return false;
		ret_digits[count++] = *code;
	}
	ret_digits[count] = '\0';
	return count == TOTP_TEXT - 1;
}

err_t factor_check (ledger_t *ledger, struct account *account, const char *code, int64_t now_ms,
		    arena_t *arena)
{
	char digits[TOTP_TEXT];

	if (!six_digits (code, digits))
		return use_recovery (ledger, account, code, arena);
	return totp_check (account->factor, digits, now_ms, account->factor_step,
			   &account->factor_step) == ERR_OK
		       ? ERR_OK : ERR_CODE_NEEDED;
}
