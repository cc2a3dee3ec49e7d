/*
 * The backups of a daemon; see backups.h.
 */
#include "proto/backups.h"

#include <stdlib.h>
#include <string.h>

#include "jembatan/clock.h"
#include "jembatan/log.h"

#define PAUSE_MIN_MS 1
#define PAUSE_MAX_MS 500

struct backups {
	struct backups_parts parts;
	zloop_t *loop;
	struct backup_target target;
	char folder[BACKUP_PATH];        /* of the one that runs or ran last */
	backup_t *running;
	uint64_t number;                 /* of the one that runs or ran last */
	problems_t *problems;            /* why that one failed */
	struct backup_note last;
	int timer;
	err_t stopped;
};

/* ---- how it went -------------------------------------------------------------------------------- */

static void note_done (struct backups *backups)
{
	const struct archive_head *head = backup_head (backups->running);
	struct backup_note note = { .at_ms = clock_now_ms (), .made_ms = head->made_ms,
				    .bytes = archive_file_bytes (head->bytes) };
	err_t err;

	strcpy (note.path, backup_path (backups->running));
	backups->last = note;
	err = backup_note_write (backups->target.data, BACKUP_NOTE, &note);
	LOG (INFO, "backup.done", LOG_N ("bytes", note.bytes), LOG_U ("store", head->store));
	if (err != ERR_OK)
		LOG (WARN, "backup.note", LOG_E (err));
}

static void end (struct backups *backups, err_t err)
{
	if (err == ERR_OK)
		note_done (backups);
	else
		LOG (WARN, "backup.failed", LOG_E (err));
	if (err_lane (err) == LANE_STOP)
		backups->stopped = err;
	backup_destroy (&backups->running);
}

/* ---- slices ------------------------------------------------------------------------------------- */

static int on_timer (zloop_t *loop, int timer, void *arg);

/* As long as the slice took: letters have at least half of the loop. */
static void wait_as_long (struct backups *backups, int64_t took_ms)
{
	size_t pause = took_ms < PAUSE_MIN_MS ? PAUSE_MIN_MS : (size_t)took_ms;

	backups->timer = zloop_timer (backups->loop, pause < PAUSE_MAX_MS ? pause : PAUSE_MAX_MS, 1,
				      on_timer, backups);
}

static int on_timer (zloop_t *loop, int timer, void *arg)
{
	struct backups *backups = arg;
	int64_t began_ms = clock_monotonic_ms ();
	err_t err = backup_step (backups->running, backups->problems);

	backups->timer = -1;
	if (err == ERR_OK && backup_phase (backups->running) != BACKUP_DONE)
		wait_as_long (backups, clock_monotonic_ms () - began_ms);
	else
		end (backups, err);
	return backups->stopped != ERR_OK ? -1 : 0;
}

static err_t begin (struct backups *backups, problems_t *problems)
{
	struct archive_head head = { .kind = backups->parts.kind, .made_ms = clock_now_ms () };
	struct backup_source source;
	OWNED (vault) key = NULL;
	err_t err = backups->parts.begin (backups->parts.arg, &key, &head.store, &source, problems);

	strncpy (head.who, backups->parts.who, sizeof head.who - 1);
	return err != ERR_OK ? err : backup_begin (&backups->target, &head, key, &source,
						   &backups->running, problems);
}

static err_t choose_folder (struct backups *backups, const char *folder, problems_t *problems)
{
	bool given = *folder != '\0';

	if (!given)
		folder = backups->parts.folder;
	if (*folder == '\0')
		return problems_add (problems, ERR_INVALID, "folder",
				     "sebutkan folder cadangan, atau isi backup/folder dalam konfigurasi",
				     "name a folder, or set backup/folder in the configuration");
	if (strlen (folder) >= sizeof backups->folder)
		return problems_add (problems, ERR_INVALID, "folder",
				     "nama folder %s terlalu panjang",
				     "the name of the folder %s is too long", quoted (folder));
	strcpy (backups->folder, folder);
	backups->target = (struct backup_target){
		.folder = backups->folder,
		.data = backups->parts.data,
		.mounted = !given && backups->parts.mounted,
		.keep = backups->parts.keep,
	};
	return ERR_OK;
}

err_t backups_start (void *arg, const char *folder, problems_t *problems)
{
	struct backups *backups = arg;
	err_t err;

	if (backups->running != NULL)
		return problems_add (problems, ERR_BUSY, "",
				     "pencadangan lain sedang berjalan; tunggu sampai selesai",
				     "another backup is running; wait for its end");
	err = choose_folder (backups, folder, problems);
	if (err == ERR_OK)
		err = begin (backups, problems);
	if (err != ERR_OK)
		return err;
	problems_destroy (&backups->problems);
	backups->problems = problems_new ();
	backups->number++;
	wait_as_long (backups, 0);
	return ERR_OK;
}

/* ---- status ------------------------------------------------------------------------------------- */

void backups_status (void *arg, struct backups_status *ret_status)
{
	struct backups *backups = arg;
	struct backups_status status = { .number = backups->number, .last = backups->last };

	backup_note_read (backups->parts.data, REHEARSAL_NOTE, &status.rehearsal);
	status.folder = backups->parts.folder;
	if (backups->running != NULL) {
		status.phase = backup_phase (backups->running);
		status.done = backup_progress (backups->running);
		status.bytes = backup_head (backups->running)->bytes;
	}
	status.same_disk = *backups->folder != '\0' && backup_same_disk (&backups->target);
	if (problems_count (backups->problems) > 0)
		status.problem = problems_at (backups->problems, 0);
	*ret_status = status;
}

/* ---- life --------------------------------------------------------------------------------------- */

backups_t *backups_new (const struct backups_parts *parts, zloop_t *loop)
{
	struct backups *backups = must_alloc (sizeof *backups);

	memset (backups, 0, sizeof *backups);
	backups->parts = *parts;
	backups->loop = loop;
	backups->timer = -1;
	backups->problems = problems_new ();
	backup_note_read (parts->data, BACKUP_NOTE, &backups->last);
	return backups;
}

void backups_destroy (backups_t **backups)
{
	if (*backups == NULL)
		return;
	if ((*backups)->timer >= 0)
		zloop_timer_end ((*backups)->loop, (*backups)->timer);
	backup_destroy (&(*backups)->running);
	problems_destroy (&(*backups)->problems);
	free (*backups);
	*backups = NULL;
}

int64_t backups_last_ms (const backups_t *backups)
{
	return backups->last.at_ms;
}

err_t backups_stopped (const backups_t *backups)
{
	return backups->stopped;
}
