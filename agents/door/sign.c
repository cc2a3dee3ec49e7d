/*
 * Signing in: an attempt is counted before anything is looked at, the password is held against its hash
 * in the locksmith's thread, and everything else is judged afterwards, in the loop, over the account as it
 * stands by then.
 */
#include "agents/door/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BUSY_RETRY_S 5u
#define SIGN_ARENA_BYTES (256u * KIB)

/* An attempt on its way through the thread. */
struct attempt {
	door_t *door;
	char name[ACCOUNT_NAME_TEXT];
	char *password, *code;           /* guarded; the password is here for a one-time code */
	char peer[64];
	bool changes;                    /* it sets a new password for a session that is open */
	struct hash session;             /* that one */
	signed_in_fn *done;
	void *arg;
};

static void attempt_free (struct attempt *attempt)
{
	secret_free (&attempt->password);
	secret_free (&attempt->code);
	free (attempt);
}

static unsigned seconds (int64_t wait_ms)
{
	return (unsigned)((wait_ms + SECOND_MS - 1) / SECOND_MS);
}

/* ---- counting ----------------------------------------------------------------------------------- */

static err_t locked_out (door_t *door, int64_t wait_ms, unsigned *ret_retry_s, problems_t *problems)
{
	unsigned minutes = (seconds (wait_ms) + 59) / 60;

	*ret_retry_s = seconds (wait_ms);
	error_count (&door->refused, ERR_LOCKED_OUT);
	return problems_add (problems, ERR_LOCKED_OUT, "account",
			     "terlalu banyak percobaan; tunggu %u menit, lalu coba lagi",
			     "too many attempts; wait %u minutes, then try again", minutes);
}

static err_t count_attempt (door_t *door, const char *name, const struct attempts *before)
{
	struct attempts after = lockout_fail (before, door_now_ms (door));
	OWNED (tx) tx = ledger_begin (door_ledger (door));

	attempts_set (tx, name, &after, door_now_ms (door) - LOCKOUT_FORGET_MS);
	return tx_commit (tx);
}

/* The address, the agent, the name: whoever comes too often waits, and nothing is looked at. */
static err_t check_limits (door_t *door, const char *name, const char *peer, unsigned *ret_retry_s,
			   problems_t *problems)
{
	int64_t now_ms = door_now_ms (door);
	struct attempts before = attempts_get (door_ledger (door), name);
	int64_t wait_ms = lockout_wait_ms (&before, now_ms);

	if (wait_ms == 0)
		wait_ms = limit_take (door->limit, peer, now_ms);
	if (wait_ms > 0)
		return locked_out (door, wait_ms, ret_retry_s, problems);
	return count_attempt (door, name, &before);
}

static void forgive (door_t *door, tx_t *tx, const char *name)
{
	static const struct attempts none;

	attempts_set (tx, name, &none, door_now_ms (door) - LOCKOUT_FORGET_MS);
}

/* The password was right and the code is still to come: that is no failure. */
static err_t take_back (struct attempt *attempt)
{
	door_t *door = attempt->door;
	struct attempts before = attempts_get (door_ledger (door), attempt->name);
	struct attempts after = lockout_undo (&before);
	OWNED (tx) tx = ledger_begin (door_ledger (door));

	limit_give_back (door->limit, attempt->peer);
	attempts_set (tx, attempt->name, &after, door_now_ms (door) - LOCKOUT_FORGET_MS);
	return tx_commit (tx);
}

/* ---- judging ------------------------------------------------------------------------------------ */

static bool is_code (const struct attempt *attempt, const struct account *account)
{
	char typed[SECRET_CODE_TEXT];
	struct hash hash;

	if (account->code.len != sizeof hash ||
	    door_now_ms (attempt->door) >= account->code_until_ms)
		return false;
	secret_code_read (attempt->password, typed);
	hash = account_blind (door_ledger (attempt->door), "code", typed);
	return secret_equal (account->code.data, hash.b, sizeof hash);
}

/* ERR_CODE_NEEDED without a problem: none was given; with one: it was wrong. */
static err_t judge_factor (struct attempt *attempt, struct account *account, arena_t *arena,
			   problems_t *problems)
{
	err_t err;

	if (!factor_is_set (account))
		return ERR_OK;
	if (*attempt->code == '\0')
		return ERR_CODE_NEEDED;
	err = factor_check (door_ledger (attempt->door), account, attempt->code,
			    door_now_ms (attempt->door), arena);
	if (err == ERR_OK)
		return ERR_OK;
	return problems_add_texts (problems, err, "code",
				   "kode salah atau sudah dipakai; tunggu kode berikutnya, atau pakai kode "
				   "pemulihan",
				   "the code is wrong or was used before; wait for the next one, or use a "
				   "recovery code");
}

static err_t judge (struct attempt *attempt, const struct lock_result *result,
		    struct account *account, bool *ret_by_code, arena_t *arena, problems_t *problems)
{
	ledger_t *ledger = door_ledger (attempt->door);
	err_t err = account_by_name (ledger, attempt->name, arena, account);

	if (result->err != ERR_OK)
		return result->err;
	if (err == ERR_NOT_FOUND)
		return ERR_NOT_SIGNED_IN;
	if (err != ERR_OK)
		return err;
	*ret_by_code = !result->matches && is_code (attempt, account);
	if ((!result->matches && !*ret_by_code) || !door_account_open (attempt->door, account))
		return ERR_NOT_SIGNED_IN;
	return judge_factor (attempt, account, arena, problems);
}

/* ---- a session begins --------------------------------------------------------------------------- */

static void make_room (door_t *door, tx_t *tx, const struct account *account, arena_t *arena)
{
	int64_t now_ms = door_now_ms (door);
	struct session *sessions;
	size_t count;

	session_end_old (tx, now_ms - door->parts.longest_ms, now_ms - door->parts.idle_ms);
	count = session_list (door_ledger (door), &account->id, 2 * SESSIONS_MAX, arena, &sessions);
	for (size_t i = SESSIONS_MAX - 1; i < count; i++)
		session_end (tx, &sessions[i].hash);
}

static void begin_session (struct attempt *attempt, tx_t *tx, const struct account *account,
			   bool must_change, arena_t *arena, char ret_token[TOKEN_TEXT])
{
	int64_t now_ms = door_now_ms (attempt->door);
	struct session session = { .account = account->id,
				   .begun_ms = now_ms,
				   .seen_ms = now_ms,
				   .must_change = must_change,
				   .peer = attempt->peer };
	uint8_t token[32];

	secret_random (token, sizeof token);
	session.hash = token_hash (SESSION_DOMAIN, token);
	make_room (attempt->door, tx, account, arena);
	session_add (tx, &session);
	hex_text (BYTES_OF (token), ret_token, TOKEN_TEXT);
}

static err_t let_in (struct attempt *attempt, const struct lock_result *result,
		     struct account *account, bool by_code, arena_t *arena,
		     char ret_token[TOKEN_TEXT])
{
	door_t *door = attempt->door;
	OWNED (tx) tx = ledger_begin (door_ledger (door));
	err_t err;

	if (!by_code && result->fresh[0] != '\0')
		account->password = result->fresh;
	account_update (tx, account);
	forgive (door, tx, attempt->name);
	begin_session (attempt, tx, account, by_code, arena, ret_token);
	door_note (door, tx, account->name, by_code ? "sign-in-by-code" : "sign-in", account->name);
	err = tx_commit (tx);
	if (err != ERR_OK)
		return err;
	limit_give_back (door->limit, attempt->peer);
	door->signed_in++;
	return ERR_OK;
}

/* From the fifth failure on the name is shut for a while: an entry, which does not tell whether there is
 * such an account unless there is. */
static err_t note_failure (struct attempt *attempt, const struct account *account)
{
	door_t *door = attempt->door;
	struct attempts attempts = attempts_get (door_ledger (door), attempt->name);
	OWNED (tx) tx = NULL;

	if (attempts.failures <= LOCKOUT_FREE)
		return ERR_OK;
	tx = ledger_begin (door_ledger (door));
	door_note (door, tx, "", "locked-out", account->name != NULL ? account->name : "");
	return tx_commit (tx);
}

static err_t keep_out (struct attempt *attempt, err_t err, const struct account *account,
		       bool code_was_wrong)
{
	err_t noted = ERR_OK;

	error_count (&attempt->door->refused, err);
	if ((err == ERR_CODE_NEEDED && !code_was_wrong) || err == ERR_BUSY)
		noted = take_back (attempt);
	else if (err == ERR_NOT_SIGNED_IN || err == ERR_CODE_NEEDED)
		noted = note_failure (attempt, account);
	return err_lane (noted) == LANE_STOP ? noted : err;
}

static void on_checked (void *arg, const struct lock_result *result)
{
	struct attempt *attempt = arg;
	OWNED (arena) arena = arena_new (SIGN_ARENA_BYTES);
	OWNED (problems) problems = problems_new ();
	struct signed_in outcome = { .problems = problems };
	struct account account = { .name = NULL };
	bool by_code = false;

	outcome.err = judge (attempt, result, &account, &by_code, arena, problems);
	if (outcome.err == ERR_OK)
		outcome.err = let_in (attempt, result, &account, by_code, arena, outcome.token);
	else
		outcome.err = keep_out (attempt, outcome.err, &account,
					problems_count (problems) > 0);
	if (outcome.err != ERR_OK)
		outcome.token[0] = '\0';
	attempt->done (attempt->arg, &outcome);
	attempt_free (attempt);
}

/* ---- asking ------------------------------------------------------------------------------------- */

static struct attempt *attempt_new (door_t *door, const char *name, const char *password,
				    const char *code, const char *peer)
{
	struct attempt *attempt = must_alloc (sizeof *attempt);

	*attempt = (struct attempt){ .door = door,
				     .password = secret_copy (password),
				     .code = secret_copy (code) };
	snprintf (attempt->name, sizeof attempt->name, "%s", name);
	snprintf (attempt->peer, sizeof attempt->peer, "%s", peer);
	return attempt;
}

/* Takes the attempt. */
static err_t ask (struct attempt *attempt, const struct lock_work *work, lock_done_fn *checked,
		  unsigned *ret_retry_s, problems_t *problems)
{
	door_t *door = attempt->door;
	err_t err = locksmith_ask (door->locksmith, work, checked, attempt);

	if (err == ERR_OK)
		return ERR_OK;
	if (err_lane (take_back (attempt)) == LANE_STOP)
		err = ledger_failed (door_ledger (door));
	attempt_free (attempt);
	*ret_retry_s = BUSY_RETRY_S;
	error_count (&door->refused, err);
	return problems_add_texts (problems, err, "",
				   "terlalu banyak yang masuk bersamaan; coba lagi beberapa detik lagi",
				   "too many sign in at once; try again in a few seconds");
}

/* What can't be a name is not looked for, and treated as any that is not there. */
static void fold_name (const char *typed, char ret_name[ACCOUNT_NAME_TEXT])
{
	size_t len = 0;

	for (; *typed == ' '; typed++)
		;
	for (; *typed != '\0' && *typed != ' ' && len + 1 < ACCOUNT_NAME_TEXT; typed++)
		ret_name[len++] = (char)(*typed >= 'A' && *typed <= 'Z' ? *typed + 32 : *typed);
	ret_name[len] = '\0';
}

static err_t hash_of_account (door_t *door, const char *name, arena_t *arena, const char **ret_hash)
{
	struct account account;
	err_t err = account_by_name (door_ledger (door), name, arena, &account);

	*ret_hash = err == ERR_OK ? account.password : "";
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

err_t door_sign_in (door_t *door, const struct sign_in *sign_in, signed_in_fn *done, void *arg,
		    unsigned *ret_retry_s, problems_t *problems)
{
	OWNED (arena) arena = arena_new (SIGN_ARENA_BYTES);
	struct lock_work work = { .password = sign_in->password };
	struct attempt *attempt;
	char name[ACCOUNT_NAME_TEXT];
	err_t err;

	if (strlen (sign_in->password) > PASSWORD_BYTES)
		return problems_add_texts (problems, ERR_INVALID, "password", "kata sandi terlalu panjang",
					   "the password is too long");
	fold_name (sign_in->account, name);
	err = check_limits (door, name, sign_in->peer, ret_retry_s, problems);
	if (err == ERR_OK)
		err = hash_of_account (door, name, arena, &work.hash);
	if (err != ERR_OK)
		return err;
	attempt = attempt_new (door, name, sign_in->password, sign_in->code, sign_in->peer);
	attempt->done = done;
	attempt->arg = arg;
	return ask (attempt, &work, on_checked, ret_retry_s, problems);
}

/* ---- a new password ----------------------------------------------------------------------------- */

static err_t change (struct attempt *attempt, const struct lock_result *result, arena_t *arena,
		     char ret_token[TOKEN_TEXT])
{
	door_t *door = attempt->door;
	OWNED (tx) tx = NULL;
	struct session session;
	struct account account;
	err_t err = session_get (door_ledger (door), &attempt->session, arena, &session);

	if (err == ERR_OK)
		err = account_get (door_ledger (door), &session.account, arena, &account);
	if (err != ERR_OK)
		return err == ERR_NOT_FOUND ? ERR_NOT_SIGNED_IN : err;
	tx = ledger_begin (door_ledger (door));
	account.password = result->fresh;
	account.code = BYTES_NONE;
	account_update (tx, &account);
	session_end_others (tx, &account.id, NULL);
	forgive (door, tx, account.name);
	begin_session (attempt, tx, &account, false, arena, ret_token);
	door_note (door, tx, account.name, "password-changed", account.name);
	return tx_commit (tx);
}

static void on_changed (void *arg, const struct lock_result *result)
{
	struct attempt *attempt = arg;
	OWNED (arena) arena = arena_new (SIGN_ARENA_BYTES);
	OWNED (problems) problems = problems_new ();
	struct signed_in outcome = { .err = result->err, .problems = problems };

	if (result->err == ERR_OK && attempt->changes && !result->matches)
		outcome.err = problems_add_texts (problems, ERR_INVALID, "old",
						  "kata sandi lama salah", "the old password is wrong");
	if (outcome.err == ERR_OK) {
		outcome.err = change (attempt, result, arena, outcome.token);
		limit_give_back (attempt->door->limit, attempt->peer);
	} else {
		error_count (&attempt->door->refused, outcome.err);
	}
	if (outcome.err != ERR_OK)
		outcome.token[0] = '\0';
	attempt->done (attempt->arg, &outcome);
	attempt_free (attempt);
}

err_t door_change_password (door_t *door, const struct caller *caller, const char *old,
			    const char *new_password, signed_in_fn *done, void *arg,
			    unsigned *ret_retry_s, problems_t *problems)
{
	bool asks = !caller->session.must_change;
	struct lock_work work = { .password = asks ? old : NULL,
				  .hash = caller->account.password,
				  .next = new_password };
	struct attempt *attempt;
	err_t err = rules_password (new_password, &caller->account, "new", problems);

	if (err == ERR_OK && strlen (old) > PASSWORD_BYTES)
		err = ERR_INVALID;
	if (err == ERR_OK)
		err = check_limits (door, caller->account.name, caller->session.peer, ret_retry_s,
				    problems);
	if (err != ERR_OK)
		return err;
	attempt = attempt_new (door, caller->account.name, "", "", caller->session.peer);
	attempt->changes = asks;
	attempt->session = caller->session.hash;
	attempt->done = done;
	attempt->arg = arg;
	return ask (attempt, &work, on_changed, ret_retry_s, problems);
}

/* ---- out ---------------------------------------------------------------------------------------- */

err_t door_sign_out (door_t *door, const struct caller *caller)
{
	OWNED (tx) tx = ledger_begin (door_ledger (door));

	session_end (tx, &caller->session.hash);
	door_note (door, tx, caller->account.name, "sign-out", caller->account.name);
	return tx_commit (tx);
}

err_t door_end_others (door_t *door, const struct caller *caller, uint64_t *ret_ended)
{
	OWNED (tx) tx = ledger_begin (door_ledger (door));
	uint64_t ended = session_end_others (tx, &caller->account.id, &caller->session.hash);
	err_t err;

	if (ended > 0)
		door_note (door, tx, caller->account.name, "sessions-ended", caller->account.name);
	err = tx_commit (tx);
	if (err == ERR_OK)
		*ret_ended = ended;
	return err;
}

err_t door_end_one (door_t *door, const struct caller *caller, const char *id)
{
	OWNED (arena) arena = arena_new (SIGN_ARENA_BYTES);
	struct session *sessions;
	size_t count = session_list (door_ledger (door), &caller->account.id, 2 * SESSIONS_MAX, arena,
				     &sessions);

	for (size_t i = 0; i < count; i++) {
		char text[HEX32_TEXT];
		OWNED (tx) tx = NULL;

		hex_text (ID_BYTES (sessions[i].hash), text, sizeof text);
		if (strlen (id) != SESSION_ID_TEXT - 1 || strncmp (text, id, SESSION_ID_TEXT - 1) != 0)
			continue;
		tx = ledger_begin (door_ledger (door));
		session_end (tx, &sessions[i].hash);
		door_note (door, tx, caller->account.name, "sessions-ended", caller->account.name);
		return tx_commit (tx);
	}
	return ERR_NOT_FOUND;
}

/* ---- the second factor -------------------------------------------------------------------------- */

static err_t save (door_t *door, const struct caller *caller, const char *word)
{
	OWNED (tx) tx = ledger_begin (door_ledger (door));

	account_update (tx, &caller->account);
	if (word != NULL)
		door_note (door, tx, caller->account.name, word, caller->account.name);
	return tx_commit (tx);
}

err_t door_factor_begin (door_t *door, struct caller *caller, arena_t *arena, problems_t *problems)
{
	if (factor_is_set (&caller->account))
		return problems_add_texts (problems, ERR_CONFLICT, "",
					   "langkah kedua sudah dipakai; hapus dahulu dengan sebuah kode",
					   "a second factor is in force; remove it with a code first");
	factor_begin (&caller->account, arena);
	return save (door, caller, NULL);
}

static err_t wrong_code (problems_t *problems)
{
	return problems_add_texts (problems, ERR_INVALID, "code",
				   "kode salah; periksa jam ponsel Anda dan pakai kode yang terbaru",
				   "the code is wrong; check your phone's clock and use the newest code");
}

err_t door_factor_confirm (door_t *door, struct caller *caller, const char *code, arena_t *arena,
			   char ret_recovery[RECOVERY_CODES][SECRET_CODE_TEXT], problems_t *problems)
{
	err_t err = factor_confirm (door_ledger (door), &caller->account, code, door_now_ms (door),
				    arena, ret_recovery);

	if (err == ERR_CODE_NEEDED)
		return wrong_code (problems);
	if (err != ERR_OK)
		return err;
	return save (door, caller, "second-factor-set");
}

err_t door_factor_remove (door_t *door, struct caller *caller, const char *code, arena_t *arena,
			  unsigned *ret_retry_s, problems_t *problems)
{
	ledger_t *ledger = door_ledger (door);
	struct account *account = &caller->account;
	err_t err;

	if (!factor_is_set (account))
		return ERR_WRONG_STATE;
	err = check_limits (door, account->name, caller->session.peer, ret_retry_s, problems);
	if (err != ERR_OK)
		return err;
	if (factor_check (ledger, account, code, door_now_ms (door), arena) != ERR_OK)
		return wrong_code (problems);
	factor_remove (account);
	limit_give_back (door->limit, caller->session.peer);
	{
		OWNED (tx) tx = ledger_begin (ledger);

		account_update (tx, account);
		forgive (door, tx, account->name);
		door_note (door, tx, account->name, "second-factor-removed", account->name);
		return tx_commit (tx);
	}
}
