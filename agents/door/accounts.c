/* Accounts: made, changed, dismissed, and reset by two people. */
#include "agents/door/inside.h"

#include <stdio.h>
#include <string.h>

#include "proto/text.h"

#define CODE_GROUPS 4u                   /* 80 bits a one-time code */
#define ACCOUNTS_MAX 1000u

static err_t unknown_account (problems_t *problems)
{
	return problems_add_texts (problems, ERR_NOT_FOUND, "account", "akun ini tidak ada",
				   "there is no such account");
}

static err_t find (door_t *door, const struct account_id *id, arena_t *arena,
		   struct account *ret_account, problems_t *problems)
{
	err_t err = account_get (door_ledger (door), id, arena, ret_account);

	return err == ERR_NOT_FOUND ? unknown_account (problems) : err;
}

static bool is_own (const struct caller *caller, const struct account_id *id)
{
	return caller->kind == CALLER_SESSION && ID_EQUAL (caller->account.id, *id);
}

static err_t refuse_own (problems_t *problems)
{
	return problems_add_texts (problems, ERR_NOT_ALLOWED, "account",
				   "bukan untuk akun Anda sendiri; minta rekan pengelola",
				   "not for your own account; ask another admin");
}

/* ---- one-time codes ----------------------------------------------------------------------------- */

/* The account waits for a new password, which the code lets it set. */
static void give_code (door_t *door, struct account *account, arena_t *arena,
		       char ret_code[SECRET_CODE_TEXT])
{
	struct hash hash = account_blind (door_ledger (door), "code",
					  secret_code (CODE_GROUPS, ret_code));

	account->password = "";
	account->code = arena_bytes (arena, ID_BYTES (hash));
	account->code_until_ms = door_now_ms (door) + CODE_VALID_MS;
}

/* ---- making ------------------------------------------------------------------------------------- */

static void check_display (const char *display, problems_t *problems)
{
	struct bytes text = bytes_of_text (display);

	if (text.len == 0 || text.len > LIMIT_NAME_BYTES || !text_is_line (text))
		problems_add (problems, ERR_INVALID, "name",
			      "nama wajib diisi, satu baris, paling banyak %u bita",
			      "the name must be given, on one line, at most %u bytes", LIMIT_NAME_BYTES);
}

static void check_role (const char *role, problems_t *problems)
{
	if (!role_exists (role))
		problems_add (problems, ERR_INVALID, "role",
			      "%s bukan peran; pakai caseworker, clinician, supervisor, auditor atau admin",
			      "%s is no role; use caseworker, clinician, supervisor, auditor or admin",
			      quoted (role));
}

static err_t check_new (const struct account *account, problems_t *problems)
{
	err_t err = rules_name (account->name, problems);

	check_display (account->display, problems);
	check_role (account->role, problems);
	if (account->until_ms != 0 && account->until_ms <= account->from_ms)
		problems_add_texts (problems, ERR_INVALID, "until", "masa berlaku berakhir sebelum mulai",
				    "it ends before it begins");
	return err != ERR_OK ? err : problems_err (problems);
}

static err_t check_free (door_t *door, const char *name, problems_t *problems)
{
	OWNED (arena) arena = arena_new (ACCOUNT_ARENA_BYTES);
	struct account other;
	err_t err = account_by_name (door_ledger (door), name, arena, &other);

	if (err == ERR_NOT_FOUND)
		return ERR_OK;
	if (err != ERR_OK)
		return err;
	return problems_add (problems, ERR_CONFLICT, "account",
			     "nama akun %s sudah ada; nama yang pernah dipakai tidak diberikan lagi",
			     "the account's name %s is taken; a name that was used is not given again",
			     quoted (name));
}

err_t door_account_add (door_t *door, const struct caller *caller, struct account *account,
			char ret_code[SECRET_CODE_TEXT], problems_t *problems)
{
	OWNED (arena) arena = arena_new (ACCOUNT_ARENA_BYTES);
	OWNED (tx) tx = NULL;
	err_t err = check_new (account, problems);

	if (err == ERR_OK)
		err = check_free (door, account->name, problems);
	if (err != ERR_OK)
		return err;
	give_code (door, account, arena, ret_code);
	tx = ledger_begin (door_ledger (door));
	account_add (tx, account);
	door_note (door, tx, caller->actor.user, "account-added",
		   arena_printf (arena, "%s %s", account->name, account->role));
	err = tx_commit (tx);
	account->code = BYTES_NONE;      /* the arena goes */
	return err;
}

/* ---- changing ----------------------------------------------------------------------------------- */

static err_t check_change (const struct caller *caller, const struct account_id *id,
			   const struct account_change *change, problems_t *problems)
{
	if (change->display != NULL)
		check_display (change->display, problems);
	if (change->role != NULL)
		check_role (change->role, problems);
	if (problems_count (problems) > 0)
		return problems_err (problems);
	return (change->role != NULL || change->sets_until) && is_own (caller, id)
		       ? refuse_own (problems) : ERR_OK;
}

static void note_change (door_t *door, tx_t *tx, const struct caller *caller,
			 const struct account *account, const struct account_change *change,
			 arena_t *arena)
{
	const char *user = caller->actor.user;

	if (change->role != NULL)
		door_note (door, tx, user, "role-changed",
			   arena_printf (arena, "%s %s", account->name, account->role));
	if (change->display != NULL || change->sets_until)
		door_note (door, tx, user, "account-changed", account->name);
	if (change->opens)
		door_note (door, tx, user, "lock-opened", account->name);
}

err_t door_account_change (door_t *door, const struct caller *caller, const struct account_id *id,
			   const struct account_change *change, problems_t *problems)
{
	static const struct attempts none;
	OWNED (arena) arena = arena_new (2 * ACCOUNT_ARENA_BYTES);
	OWNED (tx) tx = NULL;
	struct account account;
	err_t err = check_change (caller, id, change, problems);

	if (err == ERR_OK)
		err = find (door, id, arena, &account, problems);
	if (err != ERR_OK)
		return err;
	if (change->display != NULL)
		account.display = change->display;
	if (change->role != NULL)
		account.role = change->role;
	if (change->sets_until)
		account.until_ms = change->until_ms;
	tx = ledger_begin (door_ledger (door));
	account_update (tx, &account);
	if (change->opens)
		attempts_set (tx, account.name, &none, door_now_ms (door) - LOCKOUT_FORGET_MS);
	if (!door_account_open (door, &account))
		session_end_others (tx, id, NULL);
	note_change (door, tx, caller, &account, change, arena);
	return tx_commit (tx);
}

err_t door_account_dismiss (door_t *door, const struct caller *caller, const struct account_id *id,
			    problems_t *problems)
{
	OWNED (arena) arena = arena_new (ACCOUNT_ARENA_BYTES);
	OWNED (tx) tx = NULL;
	struct account account;
	err_t err = is_own (caller, id) ? refuse_own (problems) : ERR_OK;

	if (err == ERR_OK)
		err = find (door, id, arena, &account, problems);
	if (err != ERR_OK)
		return err;
	account.until_ms = door_now_ms (door);
	account.code = BYTES_NONE;
	account.reset = RESET_NONE;
	tx = ledger_begin (door_ledger (door));
	account_update (tx, &account);
	session_end_others (tx, id, NULL);
	door_note (door, tx, caller->actor.user, "dismissed", account.name);
	return tx_commit (tx);
}

err_t door_account_end_sessions (door_t *door, const struct caller *caller,
				 const struct account_id *id, uint64_t *ret_ended)
{
	OWNED (arena) arena = arena_new (ACCOUNT_ARENA_BYTES);
	OWNED (tx) tx = NULL;
	struct account account;
	uint64_t ended;
	err_t err = account_get (door_ledger (door), id, arena, &account);

	if (err != ERR_OK)
		return err;
	tx = ledger_begin (door_ledger (door));
	ended = session_end_others (tx, id, NULL);
	door_note (door, tx, caller->actor.user, "sessions-ended", account.name);
	err = tx_commit (tx);
	if (err == ERR_OK)
		*ret_ended = ended;
	return err;
}

/* ---- a reset by two ----------------------------------------------------------------------------- */

/* Accounts besides this one that may reset it: they work here, may, and have a password. */
static size_t count_able (door_t *door, const struct account_id *besides)
{
	OWNED (arena) arena = arena_new (ACCOUNTS_MAX * KIB * 4);
	struct account *accounts;
	size_t count = account_list (door_ledger (door), 0, ACCOUNTS_MAX, arena, &accounts), able = 0;

	for (size_t i = 0; i < count; i++) {
		struct actor actor = { accounts[i].name, accounts[i].role };

		if (!ID_EQUAL (accounts[i].id, *besides) && *accounts[i].password != '\0' &&
		    door_account_open (door, &accounts[i]) && permit (&actor, USE_RESET) == ERR_OK)
			able++;
	}
	return able;
}

static err_t refuse_box (problems_t *problems)
{
	return problems_add_texts (problems, ERR_NOT_ALLOWED, "account",
				   "dua pengelola punya akun: keduanya melakukannya di konsol",
				   "two admins have accounts: they do it in the console");
}

static bool waits_for_second (door_t *door, const struct account *account, enum reset_what what)
{
	return account->reset == what &&
	       door_now_ms (door) - account->reset_ms <= CODE_VALID_MS;
}

static err_t ask_reset (door_t *door, const struct caller *caller, struct account *account,
			enum reset_what what)
{
	OWNED (tx) tx = ledger_begin (door_ledger (door));

	account->reset = what;
	account->reset_by = caller->who;
	account->reset_ms = door_now_ms (door);
	account_update (tx, account);
	door_note (door, tx, caller->actor.user, "reset-asked", account->name);
	return tx_commit (tx);
}

static err_t do_reset (door_t *door, const struct caller *caller, struct account *account,
		       enum reset_what what, arena_t *arena, char ret_code[SECRET_CODE_TEXT])
{
	static const struct attempts none;
	OWNED (tx) tx = ledger_begin (door_ledger (door));

	ret_code[0] = '\0';
	if (what == RESET_PASSWORD)
		give_code (door, account, arena, ret_code);
	else
		factor_remove (account);
	account->reset = RESET_NONE;
	account_update (tx, account);
	session_end_others (tx, &account->id, NULL);
	attempts_set (tx, account->name, &none, door_now_ms (door) - LOCKOUT_FORGET_MS);
	door_note (door, tx, caller->actor.user,
		   what == RESET_PASSWORD ? "password-reset" : "second-factor-reset", account->name);
	return tx_commit (tx);
}

err_t door_account_reset (door_t *door, const struct caller *caller, const struct account_id *id,
			  enum reset_what what, bool *ret_done, char ret_code[SECRET_CODE_TEXT],
			  problems_t *problems)
{
	OWNED (arena) arena = arena_new (ACCOUNT_ARENA_BYTES);
	size_t able = count_able (door, id);
	bool box = caller->kind == CALLER_BOX;
	struct account account;
	err_t err = is_own (caller, id) ? refuse_own (problems) : ERR_OK;

	if (err == ERR_OK && box && able >= 2)
		err = refuse_box (problems);
	if (err == ERR_OK)
		err = find (door, id, arena, &account, problems);
	if (err != ERR_OK)
		return err;
	*ret_done = box && able == 0;
	if (!*ret_done && !waits_for_second (door, &account, what))
		return ask_reset (door, caller, &account, what);
	if (!*ret_done && strcmp (account.reset_by, caller->who) == 0)
		return problems_add_texts (problems, ERR_CONFLICT, "account",
					   "Anda sudah memintanya; orang kedua yang mengukuhkan",
					   "you have asked for it; a second person confirms it");
	*ret_done = true;
	return do_reset (door, caller, &account, what, arena, ret_code);
}
