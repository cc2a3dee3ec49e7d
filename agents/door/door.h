/*
 * The door: who comes in.  Accounts with passwords and a second factor, sessions, keys of software, and
 * the users of this box's socket; each becomes a caller, whose role desk/permit.c and whose scopes
 * door/scope.c hold against what is asked.
 *
 * Everything that happens here is an entry of the ledger (ENTRY_DOOR) whose word is in clear and whose
 * body, sealed, says whose account or key.  Passwords, codes, tokens and names are in no log, error text
 * or figure.
 */
#ifndef AGENTS_DOOR_DOOR_H
#define AGENTS_DOOR_DOOR_H

#include <czmq.h>

#include "agents/desk/desk.h"
#include "agents/ledger/session.h"
#include "agents/ledger/software_key.h"
#include "proto/metrics.h"
#include "proto/secret.h"

#define SESSION_IDLE_MS (30 * MINUTE_MS)
#define SESSION_LONGEST_MS (12 * HOUR_MS)
#define SESSIONS_MAX 16u                 /* of one account; beyond, the oldest ends */
#define CODE_VALID_MS (24 * HOUR_MS)     /* a one-time code, and a reset that waits for a second */
#define TOKEN_TEXT 65                    /* 32 random bytes in hex, with the end */
#define KEY_TEXT (TOKEN_TEXT + 3)        /* "jk_" before it */
#define SESSION_ID_TEXT 17               /* what a list shows of a session: the beginning of its hash */

typedef struct door door_t;

struct door_parts {
	desk_t *desk;                    /* its ledger and its time */
	zloop_t *loop;
	const struct password_cost *cost;    /* NULL = password_cost */
	int64_t idle_ms, longest_ms;     /* of a session; 0 = the above */
};

/* Borrows all of it.  The caller owns the door. */
door_t *door_new (const struct door_parts *parts);
void door_destroy (door_t **door);

/* Refused at the door, by error; and how often somebody signed in.  Since the start. */
const struct error_counts *door_refused (const door_t *door);
uint64_t door_signed_in (const door_t *door);
int64_t door_idle_ms (const door_t *door);

/* ---- who calls (caller.c) ---- */

enum caller_kind { CALLER_BOX = 1, CALLER_SESSION, CALLER_KEY };

struct caller {
	enum caller_kind kind;
	struct actor actor;
	char who[48];                    /* "box", "account:UUID", "key:UUID": tells two apart */
	struct account account;          /* of a session */
	struct session session;
	int64_t ends_ms;                 /* the session, at the latest */
	char csrf[TOKEN_TEXT];
	struct software_key key;
};

/* What a request brings; "" = not.  The box's user is NULL unless it came over the unix socket. */
struct credentials {
	const char *cookie, *authorization, *csrf;
	bool writes, waits;              /* `waits`: no sign that somebody is there */
	const char *box_user, *box_role;
};

/*
 * ERR_NOT_SIGNED_IN, ERR_CSRF (a write with a cookie lacks the session's token), ERR_MALFORMED (cookie and
 * key at once), each with a sentence.  Notes that the session or key was used.
 */
MUST_USE err_t door_caller (door_t *door, const struct credentials *given, arena_t *arena,
			    struct caller *ret_caller, problems_t *problems);

/* What a key may write: ERR_NOT_ALLOWED when it is another kind than it was made for. */
MUST_USE err_t door_may_write (const struct caller *caller, const char *kind, problems_t *problems);

/* ---- signing in and out (sign.c) ---- */

struct sign_in {
	const char *account, *password, *code;   /* code "" = none */
	const char *peer;                        /* address; "" = over the unix socket */
};

/* How it ended; borrowed while `done` runs. */
struct signed_in {
	err_t err;                       /* ERR_NOT_SIGNED_IN, ERR_CODE_NEEDED, ERR_BUSY, ... */
	char token[TOKEN_TEXT];          /* of the new session; "" unless ERR_OK */
	problems_t *problems;
};
typedef void signed_in_fn (void *arg, const struct signed_in *signed_in);

/*
 * Takes as long for an account that is not there as for a wrong password.  ERR_OK: `done` will be called
 * once, from the loop or door_destroy.  ERR_LOCKED_OUT and ERR_BUSY with how many seconds to wait,
 * ERR_INVALID; then it is not called.
 */
MUST_USE err_t door_sign_in (door_t *door, const struct sign_in *sign_in, signed_in_fn *done,
			     void *arg, unsigned *ret_retry_s, problems_t *problems);

/* A new password for the caller's account, and a new session in place of all of the account's; `old` is
 * not asked for when the session must change it.  As door_sign_in. */
MUST_USE err_t door_change_password (door_t *door, const struct caller *caller, const char *old,
				     const char *new_password, signed_in_fn *done, void *arg,
				     unsigned *ret_retry_s, problems_t *problems);

MUST_USE err_t door_sign_out (door_t *door, const struct caller *caller);
/* Those of the caller's account but this one; or the one whose hash begins so.  ERR_NOT_FOUND. */
MUST_USE err_t door_end_others (door_t *door, const struct caller *caller, uint64_t *ret_ended);
MUST_USE err_t door_end_one (door_t *door, const struct caller *caller, const char *id);

/* ---- the second factor of the caller (sign.c) ---- */

MUST_USE err_t door_factor_begin (door_t *door, struct caller *caller, arena_t *arena,
				  problems_t *problems);
MUST_USE err_t door_factor_confirm (door_t *door, struct caller *caller, const char *code,
				    arena_t *arena,
				    char ret_recovery[RECOVERY_CODES][SECRET_CODE_TEXT],
				    problems_t *problems);
MUST_USE err_t door_factor_remove (door_t *door, struct caller *caller, const char *code,
				   arena_t *arena, unsigned *ret_retry_s, problems_t *problems);

/* ---- accounts (accounts.c) ---- */

/* Checks name, display and role; ret_code signs in once, to set a password.  ERR_INVALID, ERR_CONFLICT. */
MUST_USE err_t door_account_add (door_t *door, const struct caller *caller, struct account *account,
				 char ret_code[SECRET_CODE_TEXT], problems_t *problems);

/* What is to be changed; NULL and false = stays. */
struct account_change {
	const char *display, *role;
	bool sets_until, opens;          /* opens: forgets failed sign-ins */
	int64_t until_ms;
};
MUST_USE err_t door_account_change (door_t *door, const struct caller *caller,
				    const struct account_id *id, const struct account_change *change,
				    problems_t *problems);
/* May not sign in any more; open sessions end. */
MUST_USE err_t door_account_dismiss (door_t *door, const struct caller *caller,
				     const struct account_id *id, problems_t *problems);
MUST_USE err_t door_account_end_sessions (door_t *door, const struct caller *caller,
					  const struct account_id *id, uint64_t *ret_ended);

/*
 * Two people reset a password or a second factor: the first asks, another one confirms within
 * CODE_VALID_MS by asking for the same; neither for himself.  Of fewer than two accounts that could, the
 * box's own user stands in for one; of none, for both.  ret_done: it was confirmed; ret_code is then the
 * one-time code for a password, "" for a second factor.
 */
MUST_USE err_t door_account_reset (door_t *door, const struct caller *caller,
				   const struct account_id *id, enum reset_what what, bool *ret_done,
				   char ret_code[SECRET_CODE_TEXT], problems_t *problems);

/* May sign in now. */
bool door_account_open (const door_t *door, const struct account *account);

/* ---- keys of software (keys.c) ---- */

/* Checks name, role, scopes and kinds; the key itself is shown this once. */
MUST_USE err_t door_key_add (door_t *door, const struct caller *caller, struct software_key *key,
			     char ret_key[KEY_TEXT], problems_t *problems);
MUST_USE err_t door_key_end (door_t *door, const struct caller *caller,
			     const struct software_key_id *id);

#endif
