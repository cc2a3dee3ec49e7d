/* The passphrase of a locked ledger, and how an agent stands that waits for it. */
#include "agents/api/handlers.h"
#include "agents/api/later.h"
#include "agents/api/view.h"
#include "agents/door/lock.h"

#include <string.h>

/* Whoever asks may know: which agency this is, and that it waits.  Nothing else is read yet. */
json_t *status_locked (const struct call *call)
{
	const struct member *self = call->parts->self;

	return json_pack ("{s:b, s:{s:s, s:o}, s:s, s:{s:b, s:b}, s:i}", "locked", 1, "agency", "id",
			  self->id.text, "name", view_both (self->name_id, self->name_en), "version",
			  JEMBATAN_VERSION, "ready", "all", 0, "unlocked", 0, "wait_seconds",
			  (int)lock_wait_s (call->parts->lock));
}

static err_t show_open (struct call *call, const void *arg, json_t **ret_answer)
{
	*ret_answer = json_pack ("{s:b}", "locked", 0);
	return ERR_OK;
}

static void on_tried (void *arg, err_t err)
{
	later_answer (arg, err, NULL, 0, show_open, NULL);
}

/* As it was typed: no blank is taken off, and none of it is quoted anywhere. */
static err_t passphrase_of (struct call *call, const char **ret_passphrase)
{
	static const char *const names[] = { "passphrase", NULL };
	const char *text = json_string_value (json_object_get (call->body, "passphrase"));

	body_only (call, call->body, names);
	if (text == NULL || *text == '\0' || strlen (text) > LIMIT_TEXT_BYTES)
		problems_add_texts (call->problems, ERR_INVALID, "passphrase",
				    "isian passphrase wajib diisi dengan frasa sandi",
				    "the field passphrase must be given the passphrase");
	*ret_passphrase = text;
	return problems_err (call->problems);
}

err_t unlock_try (struct call *call, json_t **ret_answer)
{
	const char *passphrase = NULL;
	struct later *later;
	err_t err;

	err = passphrase_of (call, &passphrase);
	if (err != ERR_OK)
		return err;
	if (call->parts->ledger != NULL)
		return show_open (call, NULL, ret_answer);
	later = later_new (call);
	err = lock_try (call->parts->lock, passphrase, on_tried, later, &call->reply->retry_after_s,
			call->problems);
	if (err == ERR_OK)
		later_go (later, call);
	else
		later_drop (later);
	return err;
}
