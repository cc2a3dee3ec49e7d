/* The own session: sign in, look, sign out; a new password; the second factor. */
#include "agents/api/handlers.h"
#include "agents/api/later.h"
#include "agents/api/times.h"
#include "agents/api/view.h"
#include "agents/door/factor.h"
#include "agents/paper/qr.h"
#include "proto/totp.h"

#include <stdlib.h>
#include <string.h>

/* ---- what it shows ------------------------------------------------------------------------------ */

static json_t *may_json (const struct caller *caller)
{
	json_t *list = json_array ();

	for (enum use_case use = 0; use < USE_COUNT; use++)
		if (use != USE_SIGN_IN && permit (&caller->actor, use) == ERR_OK)
			json_array_append_new (list, json_string (use_case_name (use)));
	return list;
}

static json_t *agency_json (const struct call *call)
{
	const struct desk_parts *parts = desk_parts (call->parts->desk);
	const struct member *self = directory_member (parts->directory, &parts->self);

	if (self == NULL)
		return json_pack ("{s:s, s:o, s:s, s:s}", "id", parts->self.text, "name",
				  view_both (parts->self.text, parts->self.text), "kind", "", "region",
				  "");
	return json_pack ("{s:s, s:o, s:s, s:s}", "id", self->id.text, "name",
			  view_both (self->name_id, self->name_en), "kind", self->kind, "region",
			  self->region);
}

static json_t *account_json (const struct caller *caller)
{
	bool session = caller->kind == CALLER_SESSION;

	return json_pack ("{s:o, s:s, s:s, s:s}", "id",
			  session ? view_uuid (caller->account.id.b) : json_null (), "account",
			  caller->actor.user, "name",
			  session ? caller->account.display : caller->actor.user, "role",
			  caller->actor.role);
}

static json_t *sessions_json (const struct call *call, const struct caller *caller)
{
	struct session *sessions;
	size_t count = session_list (call->parts->ledger, &caller->account.id, 2 * SESSIONS_MAX,
				     call->arena, &sessions);
	json_t *list = json_array ();

	for (size_t i = 0; i < count; i++) {
		char id[HEX32_TEXT];
		json_t *one;

		hex_text (ID_BYTES (sessions[i].hash), id, sizeof id);
		id[SESSION_ID_TEXT - 1] = '\0';
		one = json_pack ("{s:s, s:s, s:b}", "id", id, "address", sessions[i].peer, "this",
				 ID_EQUAL (sessions[i].hash, caller->session.hash));
		times_set (one, "begun", sessions[i].begun_ms, call->region);
		times_set (one, "seen", sessions[i].seen_ms, call->region);
		json_array_append_new (list, one);
	}
	return list;
}

static json_t *factor_json (const struct caller *caller)
{
	return json_pack ("{s:b, s:i}", "set", factor_is_set (&caller->account), "recovery_left",
			  (int)factor_recovery_left (&caller->account));
}

/*
 * What the console keeps encrypted in a browser is opened by the account that kept it and nobody else, and
 * only while it is signed in: the same 32 bytes each time, which a copy of the ledger doesn't tell.
 */
static json_t *draft_key_json (const struct call *call, const struct caller *caller)
{
	char id[UUID_TEXT], text[HEX32_TEXT];
	struct hash key = account_blind (call->parts->ledger, "draft",
					 uuid_text (caller->account.id.b, id));

	return json_string (hex_text (ID_BYTES (key), text, sizeof text));
}

/* A user of the box has no session: what belongs to one is null. */
static json_t *session_json (const struct call *call, const struct caller *caller)
{
	bool session = caller->kind == CALLER_SESSION;
	json_t *json = json_pack (
		"{s:o, s:o, s:s?, s:o, s:b, s:o, s:o, s:o}", "account", account_json (caller), "may",
		may_json (caller), "csrf", session ? caller->csrf : NULL, "idle_seconds",
		session ? json_integer (door_idle_ms (call->door) / SECOND_MS) : json_null (),
		"must_change", session && caller->session.must_change, "agency", agency_json (call),
		"sessions", session ? sessions_json (call, caller) : json_array (), "second_factor",
		session ? factor_json (caller) : json_null ());

	json_object_set_new (json, "draft_key",
			     session ? draft_key_json (call, caller) : json_null ());
	times_set (json, "now", desk_now_ms (call->parts->desk), call->region);
	times_set (json, "expires", caller->ends_ms, call->region);
	return json;
}

err_t session_show (struct call *call, json_t **ret_answer)
{
	*ret_answer = session_json (call, &call->caller);
	return ERR_OK;
}

/* ---- a session begins --------------------------------------------------------------------------- */

/* As whoever brings the new cookie would see it. */
static err_t show_begun (struct call *call, const void *arg, json_t **ret_answer)
{
	const char *token = arg;
	const struct credentials given = { .cookie = token, .authorization = "", .csrf = "" };
	err_t err = door_caller (call->door, &given, call->arena, &call->caller, call->problems);

	if (err != ERR_OK)
		return err;
	strcpy (call->reply->set_cookie, token);
	*ret_answer = session_json (call, &call->caller);
	return ERR_OK;
}
_Static_assert (TOKEN_TEXT <= HTTP_COOKIE_BYTES, "a token is a cookie's value");

static void on_signed_in (void *arg, const struct signed_in *signed_in)
{
	later_answer (arg, signed_in->err, signed_in->problems, 0, show_begun, signed_in->token);
}

/* The answer comes when the password was looked at, unless nobody looks at it. */
static err_t held_or_not (struct call *call, struct later *later, err_t err)
{
	if (err == ERR_OK)
		later_go (later, call);
	else
		later_drop (later);
	return err;
}

/* A password is not trimmed, folded or shown: it is what was typed, without control characters. */
err_t session_begin (struct call *call, json_t **ret_answer)
{
	static const char *const names[] = { "account", "password", "code", NULL };
	struct sign_in sign_in = { .account = body_text (call, call->body, "account", true),
				   .password = body_text (call, call->body, "password", true),
				   .code = body_text (call, call->body, "code", false),
				   .peer = call->request->peer };
	struct later *later;

	body_only (call, call->body, names);
	if (problems_count (call->problems) > 0)
		return ERR_INVALID;
	later = later_new (call);
	return held_or_not (call, later,
			    door_sign_in (call->door, &sign_in, on_signed_in, later,
					  &call->reply->retry_after_s, call->problems));
}

static err_t need_session (struct call *call)
{
	if (call->caller.kind == CALLER_SESSION)
		return ERR_OK;
	return problems_add_texts (call->problems, ERR_WRONG_STATE, "session",
				   "pengguna mesin ini tidak mempunyai sesi; masuklah dengan akun",
				   "a user of this box has no session; sign in with an account");
}

err_t session_password (struct call *call, json_t **ret_answer)
{
	static const char *const names[] = { "old", "new", NULL };
	const char *old = body_text (call, call->body, "old", !call->caller.session.must_change);
	const char *new_password = body_text (call, call->body, "new", true);
	struct later *later;
	err_t err = need_session (call);

	body_only (call, call->body, names);
	if (err != ERR_OK || problems_count (call->problems) > 0)
		return err != ERR_OK ? err : ERR_INVALID;
	later = later_new (call);
	return held_or_not (call, later,
			    door_change_password (call->door, &call->caller, old, new_password,
						  on_signed_in, later, &call->reply->retry_after_s,
						  call->problems));
}

/* ---- a session ends ----------------------------------------------------------------------------- */

static err_t end_own (struct call *call, uint64_t *ret_ended)
{
	err_t err = door_sign_out (call->door, &call->caller);

	if (err != ERR_OK)
		return err;
	call->reply->end_cookie = true;
	*ret_ended = 1;
	return ERR_OK;
}

static err_t end_named (struct call *call, const char *which, uint64_t *ret_ended)
{
	err_t err;

	if (strcmp (which, "others") == 0)
		return door_end_others (call->door, &call->caller, ret_ended);
	err = door_end_one (call->door, &call->caller, which);
	if (err == ERR_OK)
		*ret_ended = 1;
	if (err == ERR_NOT_FOUND)
		problems_add_texts (call->problems, err, "which", "sesi ini sudah berakhir",
				    "this session has ended already");
	return err;
}

/* {} ends this one, {"which": "others"} all others, {"which": ID} that one. */
err_t session_finish (struct call *call, json_t **ret_answer)
{
	static const char *const names[] = { "which", NULL };
	const char *which = body_text (call, call->body, "which", false);
	uint64_t ended = 0;
	err_t err = need_session (call);

	body_only (call, call->body, names);
	if (err != ERR_OK || problems_count (call->problems) > 0)
		return err != ERR_OK ? err : ERR_INVALID;
	err = *which == '\0' ? end_own (call, &ended) : end_named (call, which, &ended);
	if (err == ERR_OK)
		*ret_answer = json_pack ("{s:I}", "ended", (json_int_t)ended);
	return err;
}

/* ---- the second factor -------------------------------------------------------------------------- */

static err_t factor_show (struct call *call, json_t **ret_answer)
{
	const struct desk_parts *parts = desk_parts (call->parts->desk);
	char secret[TOTP_SECRET_TEXT], uri[TOTP_URI_TEXT];
	char *svg;
	err_t err = door_factor_begin (call->door, &call->caller, call->arena, call->problems);

	if (err != ERR_OK)
		return err;
	totp_secret_text (call->caller.account.factor_new, secret);
	totp_uri (call->caller.account.factor_new,
		  arena_printf (call->arena, "Jembatan %s", parts->self.text),
		  call->caller.account.name, uri);
	svg = qr_svg (uri);
	*ret_answer = json_pack ("{s:s, s:s, s:s?}", "secret", secret, "uri", uri, "qr", svg);
	free (svg);
	return ERR_OK;
}

static err_t factor_take (struct call *call, const char *code, json_t **ret_answer)
{
	char recovery[RECOVERY_CODES][SECRET_CODE_TEXT];
	json_t *list;
	err_t err = door_factor_confirm (call->door, &call->caller, code, call->arena, recovery,
					 call->problems);

	if (err != ERR_OK)
		return err;
	list = json_array ();
	for (size_t i = 0; i < RECOVERY_CODES; i++)
		json_array_append_new (list, json_string (recovery[i]));
	*ret_answer = json_pack ("{s:b, s:o}", "set", 1, "recovery", list);
	return ERR_OK;
}

static err_t factor_drop (struct call *call, const char *code, json_t **ret_answer)
{
	err_t err = door_factor_remove (call->door, &call->caller, code, call->arena,
					&call->reply->retry_after_s, call->problems);

	if (err == ERR_OK)
		*ret_answer = json_pack ("{s:b}", "set", 0);
	return err;
}

/* {} shows a fresh secret, {"code"} confirms it, {"remove": CODE} takes the factor away. */
err_t session_factor (struct call *call, json_t **ret_answer)
{
	static const char *const names[] = { "code", "remove", NULL };
	const char *code = body_text (call, call->body, "code", false);
	const char *remove = body_text (call, call->body, "remove", false);
	err_t err = need_session (call);

	body_only (call, call->body, names);
	if (err != ERR_OK || problems_count (call->problems) > 0)
		return err != ERR_OK ? err : ERR_INVALID;
	if (*remove != '\0')
		return factor_drop (call, remove, ret_answer);
	return *code != '\0' ? factor_take (call, code, ret_answer)
			     : factor_show (call, ret_answer);
}
