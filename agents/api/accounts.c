/* Accounts of the people who work here, for those who look after them. */
#include "agents/api/handlers.h"
#include "agents/api/times.h"
#include "agents/api/view.h"
#include "agents/door/factor.h"
#include "agents/door/lockout.h"

#include <string.h>

/* ---- what it shows ------------------------------------------------------------------------------ */

/* Who asked for a reset: the account's name, or the box. */
static const char *asker_name (const struct call *call, const char *who)
{
	static const char start[] = "account:";
	struct account_id id;
	struct account asker;

	if (strncmp (who, start, sizeof start - 1) != 0 ||
	    uuid_parse (who + sizeof start - 1, id.b) != ERR_OK ||
	    account_get (call->parts->ledger, &id, call->arena, &asker) != ERR_OK)
		return who;
	return asker.name;
}

static const char *reset_name (enum reset_what what)
{
	return what == RESET_PASSWORD ? "password" : "second-factor";
}

static json_t *reset_json (const struct call *call, const struct account *account)
{
	json_t *json;

	if (account->reset == RESET_NONE ||
	    desk_now_ms (call->parts->desk) - account->reset_ms > CODE_VALID_MS)
		return json_null ();
	json = json_pack ("{s:s, s:s}", "what", reset_name (account->reset), "by",
			  asker_name (call, account->reset_by));
	times_set (json, "asked", account->reset_ms, call->region);
	return json;
}

static void set_waits (const struct call *call, json_t *json, const struct account *account)
{
	int64_t now_ms = desk_now_ms (call->parts->desk);
	struct attempts attempts = attempts_get (call->parts->ledger, account->name);
	int64_t wait_ms = lockout_wait_ms (&attempts, now_ms);

	times_set (json, "code_until",
		   account->code.len > 0 && account->code_until_ms > now_ms ? account->code_until_ms
									     : 0,
		   call->region);
	times_set (json, "locked_until", wait_ms > 0 ? now_ms + wait_ms : 0, call->region);
}

static json_t *account_json (const struct call *call, const struct account *account)
{
	struct session *sessions;
	size_t open = session_list (call->parts->ledger, &account->id, 2 * SESSIONS_MAX, call->arena,
				    &sessions);
	json_t *json = json_pack (
		"{s:o, s:s, s:s, s:s, s:b, s:b, s:b, s:I, s:o}", "id", view_uuid (account->id.b),
		"account", account->name, "name", account->display, "role", account->role, "open",
		door_account_open (call->door, account), "password", *account->password != '\0',
		"second_factor", factor_is_set (account), "sessions", (json_int_t)open, "reset",
		reset_json (call, account));

	times_set (json, "created", account->created_ms, call->region);
	times_set (json, "from", account->from_ms, call->region);
	times_set (json, "until", account->until_ms, call->region);
	set_waits (call, json, account);
	return json;
}

err_t accounts_list (struct call *call, json_t **ret_answer)
{
	struct account *accounts;
	struct page page;
	json_t *items;
	size_t count;

	if (call_page (call, &page) != ERR_OK)
		return ERR_INVALID;
	count = account_list (call->parts->ledger, page.after, page.limit + 1, call->arena, &accounts);
	items = json_array ();
	for (size_t i = 0; i < count && i < page.limit; i++)
		json_array_append_new (items, account_json (call, &accounts[i]));
	*ret_answer = page_json (items, count > page.limit, page.after + page.limit);
	return ERR_OK;
}

static err_t show_one (struct call *call, const struct account_id *id, json_t **ret_answer)
{
	struct account account;
	err_t err = account_get (call->parts->ledger, id, call->arena, &account);

	if (err == ERR_OK)
		*ret_answer = account_json (call, &account);
	return err;
}

/* ---- making and changing ------------------------------------------------------------------------ */

/* The one-time code is in this answer and nowhere else. */
err_t accounts_add (struct call *call, json_t **ret_answer)
{
	static const char *const names[] = { "account", "name", "role", "from", "until", NULL };
	struct account account = { .name = body_text (call, call->body, "account", true),
				   .display = body_text (call, call->body, "name", true),
				   .role = body_text (call, call->body, "role", true),
				   .from_ms = body_instant (call, call->body, "from", false),
				   .until_ms = body_instant (call, call->body, "until", true),
				   .password = "",
				   .reset_by = "" };
	char code[SECRET_CODE_TEXT];
	err_t err;

	body_only (call, call->body, names);
	if (problems_count (call->problems) > 0)
		return ERR_INVALID;
	err = door_account_add (call->door, &call->caller, &account, code, call->problems);
	if (err == ERR_OK)
		err = show_one (call, &account.id, ret_answer);
	if (err == ERR_OK)
		json_object_set_new (*ret_answer, "code", json_string (code));
	return err;
}

static const char *text_or_null (const char *text)
{
	return *text != '\0' ? text : NULL;
}

err_t accounts_change (struct call *call, json_t **ret_answer)
{
	static const char *const names[] = { "name", "role", "until", "reopen", "unlock", NULL };
	struct account_change change = {
		.display = text_or_null (body_text (call, call->body, "name", false)),
		.role = text_or_null (body_text (call, call->body, "role", false)),
		.until_ms = body_instant (call, call->body, "until", true),
		.opens = json_get_flag (call->body, "unlock", false),
	};
	struct account_id id;
	err_t err = call_uuid (call, id.b);

	body_only (call, call->body, names);
	if (err != ERR_OK || problems_count (call->problems) > 0)
		return err != ERR_OK ? err : ERR_INVALID;
	change.sets_until = change.until_ms != 0 || json_get_flag (call->body, "reopen", false);
	err = door_account_change (call->door, &call->caller, &id, &change, call->problems);
	return err == ERR_OK ? show_one (call, &id, ret_answer) : err;
}

err_t accounts_dismiss (struct call *call, json_t **ret_answer)
{
	static const char *const names[] = { NULL };
	struct account_id id;
	err_t err = call_uuid (call, id.b);

	body_only (call, call->body, names);
	if (err != ERR_OK || problems_count (call->problems) > 0)
		return err != ERR_OK ? err : ERR_INVALID;
	err = door_account_dismiss (call->door, &call->caller, &id, call->problems);
	return err == ERR_OK ? show_one (call, &id, ret_answer) : err;
}

err_t accounts_end_sessions (struct call *call, json_t **ret_answer)
{
	static const char *const names[] = { NULL };
	struct account_id id;
	uint64_t ended = 0;
	err_t err = call_uuid (call, id.b);

	body_only (call, call->body, names);
	if (err != ERR_OK || problems_count (call->problems) > 0)
		return err != ERR_OK ? err : ERR_INVALID;
	err = door_account_end_sessions (call->door, &call->caller, &id, &ended);
	if (err == ERR_OK)
		*ret_answer = json_pack ("{s:I}", "ended", (json_int_t)ended);
	return err;
}

/* ---- a reset by two ----------------------------------------------------------------------------- */

static enum reset_what read_what (struct call *call)
{
	const char *what = body_text (call, call->body, "what", true);

	if (strcmp (what, "password") == 0)
		return RESET_PASSWORD;
	if (strcmp (what, "second-factor") == 0)
		return RESET_FACTOR;
	if (*what != '\0')
		problems_add (call->problems, ERR_INVALID, "what",
			      "%s tidak dapat direset; pilih password atau second-factor",
			      "%s can't be reset; choose password or second-factor", quoted (what));
	return RESET_NONE;
}

err_t accounts_reset (struct call *call, json_t **ret_answer)
{
	static const char *const names[] = { "what", NULL };
	enum reset_what what = read_what (call);
	char code[SECRET_CODE_TEXT] = "";
	struct account_id id;
	bool done = false;
	err_t err = call_uuid (call, id.b);

	body_only (call, call->body, names);
	if (err != ERR_OK || problems_count (call->problems) > 0)
		return err != ERR_OK ? err : ERR_INVALID;
	err = door_account_reset (call->door, &call->caller, &id, what, &done, code, call->problems);
	if (err == ERR_OK)
		err = show_one (call, &id, ret_answer);
	if (err != ERR_OK)
		return err;
	json_object_set_new (*ret_answer, "done", json_boolean (done));
	json_object_set_new (*ret_answer, "code", *code != '\0' ? json_string (code) : json_null ());
	return ERR_OK;
}
