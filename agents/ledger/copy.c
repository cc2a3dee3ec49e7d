/* A copy of the ledger while it is in use; see copy.h. */
#include "agents/ledger/copy.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agents/ledger/store.h"
#include "proto/file.h"

static err_t read_held (void *arg, uint64_t offset, uint8_t *data, size_t len)
{
	ledger_t *ledger = arg;

	return sql_read_held (ledger->sql, offset, data, len);
}

static void let_go (void *arg)
{
	ledger_t *ledger = arg;

	sql_let_go (ledger->sql);
}

err_t ledger_copy (ledger_t *ledger, struct backup_source *ret_source)
{
	uint64_t bytes;
	err_t err = sql_hold (ledger->sql, &bytes);

	if (err == ERR_OK)
		*ret_source = (struct backup_source){ bytes, read_held, let_go, ledger };
	return err;
}

err_t ledger_check_whole (ledger_t *ledger)
{
	return sql_check_whole (ledger->sql);
}

void ledger_head (ledger_t *ledger, struct ledger_head *ret_head)
{
	*ret_head = (struct ledger_head){ .entries = ledger->head.n, .hash = ledger->head.hash };
	if (ledger->head.n > 0)
		ret_head->at_ms = NUMBER (ledger->sql, 0, "SELECT at_ms FROM entry WHERE n = ?1",
					  INT (ledger->head.n));
}

int64_t ledger_since_ms (ledger_t *ledger)
{
	return NUMBER (ledger->sql, 0, "SELECT at_ms FROM entry WHERE n = 1");
}

/* ---- the folder of a restore -------------------------------------------------------------------- */

static bool path_in (const char *folder, const char *name, char path[PATH_MAX])
{
	return snprintf (path, PATH_MAX, "%s/" LEDGER_RESTORE_FOLDER "%s", folder, name) < PATH_MAX;
}

/* -1 when there is no such folder, or somebody else has it. */
static int lock_it (const char *folder)
{
	char path[PATH_MAX];
	int lock = -1;

	if (path_in (folder, "/busy", path))
		lock = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (lock >= 0 && flock (lock, LOCK_EX | LOCK_NB) != 0) {
		close (lock);
		return -1;
	}
	return lock;
}

static void empty_it (const char *folder)
{
	static const char *const left[] = {
		"/ledger.db-wal",         "/ledger.db-journal",         "/ledger.db-shm",
		"/ledger.db",             "/ledger.key",                "/lock",
		"/present/ledger.db-wal", "/present/ledger.db-journal", "/present/ledger.db-shm",
		"/present/ledger.db",     "/present/lock",            "/ledger.mark",
		"/present/ledger.mark",
	};
	char path[PATH_MAX];

	for (size_t i = 0; i < COUNT_OF (left); i++)
		if (path_in (folder, left[i], path))
			unlink (path);
	if (path_in (folder, "/present", path))
		rmdir (path);
}

err_t ledger_restore_begin (const char *folder, int *ret_lock)
{
	char path[PATH_MAX];

	if (!path_in (folder, "", path) || (mkdir (path, 0700) != 0 && errno != EEXIST))
		return ERR_FILE;
	*ret_lock = lock_it (folder);
	if (*ret_lock < 0)
		return ERR_IN_USE;
	empty_it (folder);
	return ERR_OK;
}

void ledger_sweep (const char *folder)
{
	char path[PATH_MAX];
	int lock = lock_it (folder);

	if (lock < 0)
		return;
	empty_it (folder);
	if (path_in (folder, "/busy", path))
		unlink (path);
	if (path_in (folder, "", path))
		rmdir (path);
	close (lock);
}

err_t ledger_restore_end (const char *folder)
{
	char from[PATH_MAX], to[PATH_MAX];

	if (!path_in (folder, "/ledger.db", from) ||
	    snprintf (to, sizeof to, "%s/ledger.db", folder) >= (int)sizeof to)
		return ERR_FILE;
	return file_put_in_place (from, to, folder);
}
