/* Backups: begun here, carried on by the daemon's loop. */
#include "agents/api/handlers.h"
#include "agents/api/times.h"
#include "agents/api/view.h"
#include "agents/ledger/copy.h"

static const char *const phases[] = {
	[BACKUP_COPYING] = "copying",
	[BACKUP_CHECKING] = "checking",
};

static json_t *note_json (const struct call *call, const struct backup_note *note)
{
	json_t *json;

	if (note->at_ms == 0)
		return json_null ();
	json = json_pack ("{s:I, s:s}", "bytes", (json_int_t)note->bytes, "path", note->path);
	times_set (json, "at", note->at_ms, call->region);
	times_set (json, "made", note->made_ms, call->region);
	return json;
}

static json_t *problem_json (const struct problem *problem)
{
	if (problem == NULL)
		return json_null ();
	return json_pack ("{s:s, s:s, s:s}", "code", err_name (problem->err), "message_id",
			  problem->text_id, "message_en", problem->text_en);
}

/* Whoever has never made one counts from the first entry. */
static bool is_old (const struct call *call, const struct backups_status *backup)
{
	int64_t since_ms = backup->last.at_ms > 0 ? backup->last.at_ms
						  : ledger_since_ms (call->parts->ledger);

	return since_ms > 0 && desk_now_ms (call->parts->desk) - since_ms >= BACKUP_OLD_MS;
}

json_t *status_backup (const struct call *call)
{
	struct backups_status backup = { .folder = "" };
	json_t *json;

	if (call->parts->backup_status == NULL)
		return json_null ();
	call->parts->backup_status (call->parts->backup_arg, &backup);
	json = json_pack ("{s:I, s:b, s:I, s:I, s:o, s:o, s:o, s:b, s:b, s:s}", "number",
			  (json_int_t)backup.number, "running", backup.phase != 0, "done",
			  (json_int_t)backup.done, "bytes", (json_int_t)backup.bytes, "problem",
			  problem_json (backup.problem), "last", note_json (call, &backup.last),
			  "rehearsal", note_json (call, &backup.rehearsal), "old",
			  is_old (call, &backup), "same_disk", backup.same_disk, "folder",
			  backup.folder);
	json_object_set_new (json, "phase",
			     backup.phase != 0 ? json_string (phases[backup.phase]) : json_null ());
	return json;
}

err_t backups_show (struct call *call, json_t **ret_answer)
{
	*ret_answer = status_backup (call);
	return ERR_OK;
}

err_t backups_make (struct call *call, json_t **ret_answer)
{
	static const char *const names[] = { "folder", NULL };
	const char *folder;
	err_t err;

	body_only (call, call->body, names);
	folder = body_text (call, call->body, "folder", false);
	if (problems_count (call->problems) > 0)
		return ERR_INVALID;
	if (call->parts->backup_start == NULL)
		return ERR_NOT_FOUND;
	err = call->parts->backup_start (call->parts->backup_arg, folder, call->problems);
	if (err == ERR_OK)
		*ret_answer = status_backup (call);
	return err;
}
