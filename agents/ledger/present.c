/*
 * A copy of a ledger that another process writes; see present.h.
 *
 * SQLite's locks keep readers out, so the two files are copied as they are, the database before its
 * log, and the copy counts only if the log was not begun anew meanwhile.  Then whatever a checkpoint
 * moved into the database during the copy is in the copied log as well, which overrides it; and a
 * half-written end of the log is cut off by its checksums.  A log is begun anew with another salt in
 * its header.  An empty one says nothing, and then the database must not have been written at all.
 */
#include "agents/ledger/present.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "agents/ledger/copy.h"
#include "agents/ledger/entry.h"
#include "agents/ledger/store.h"

#define TRIES 5                        /* an agent at rest takes one */
#define WAL_HEADER_BYTES 32            /* sqlite.org/fileformat2.html, section 4.1 */
#define KEPT_FREE_BYTES (64u * MIB)    /* for the agent beside us */
#define PIECE_BYTES (64u * MIB)
#define COPY_FOLDER LEDGER_RESTORE_FOLDER "/present"

/* What a copy would not survive the change of. */
struct mark {
	size_t log_len;              /* 0 or WAL_HEADER_BYTES */
	uint8_t log[WAL_HEADER_BYTES];
	off_t bytes;
	struct timespec written;
};

static bool path_in (const char *folder, const char *name, char path[PATH_MAX])
{
	return snprintf (path, PATH_MAX, "%s/%s", folder, name) < PATH_MAX;
}

static err_t err_of_errno (void)
{
	return errno == ENOENT ? ERR_NOT_FOUND : errno == ENOSPC ? ERR_NO_SPACE : ERR_FILE;
}

static err_t open_to_read (const char *folder, const char *name, int *ret_fd)
{
	char path[PATH_MAX];

	if (!path_in (folder, name, path))
		return ERR_FILE;
	*ret_fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	return *ret_fd < 0 ? err_of_errno () : ERR_OK;
}

/* ---- copying ------------------------------------------------------------------------------------ */

static err_t take_mark (const char *folder, struct mark *ret_mark)
{
	struct mark mark = { 0 };
	struct stat about;
	int db = -1, log = -1;
	err_t err = open_to_read (folder, "ledger.db", &db);

	if (err != ERR_OK)
		return err;
	if (fstat (db, &about) != 0)
		err = ERR_FILE;
	close (db);
	mark.bytes = about.st_size;
	mark.written = about.st_mtim;
	if (err == ERR_OK && open_to_read (folder, "ledger.db-wal", &log) == ERR_OK) {
		if (pread (log, mark.log, sizeof mark.log, 0) == WAL_HEADER_BYTES)
			mark.log_len = WAL_HEADER_BYTES;
		close (log);
	}
	*ret_mark = mark;
	return err;
}

static bool is_whole (const struct mark *before, const struct mark *after)
{
	if (before->log_len > 0)
		return memcmp (before->log, after->log, WAL_HEADER_BYTES) == 0;
	return before->bytes == after->bytes
	       && memcmp (&before->written, &after->written, sizeof before->written) == 0;
}

static err_t pour (int from, int to)
{
	ssize_t sent;

	while ((sent = sendfile (to, from, NULL, PIECE_BYTES)) > 0)
		;
	return sent == 0 ? ERR_OK : err_of_errno ();
}

static err_t copy_file (const char *folder, const char *name)
{
	char path[PATH_MAX];
	int from, to;
	err_t err = open_to_read (folder, name, &from);

	if (err != ERR_OK)
		return err;
	if (snprintf (path, sizeof path, "%s/" COPY_FOLDER "/%s", folder, name) >= (int)sizeof path)
		to = -1;
	else
		to = open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	err = to >= 0 ? pour (from, to) : ERR_FILE;
	if (to >= 0 && close (to) != 0 && err == ERR_OK)
		err = ERR_FILE;
	close (from);
	return err;
}

static err_t copy_once (const char *folder, bool *ret_whole)
{
	struct mark before, after;
	err_t err = take_mark (folder, &before);

	if (err == ERR_OK)
		err = copy_file (folder, "ledger.db");
	if (err == ERR_OK)
		err = copy_file (folder, "ledger.db-wal");
	/* After the last opening was closed there is none. */
	if (err == ERR_NOT_FOUND && before.log_len == 0)
		err = ERR_OK;
	if (err == ERR_OK)
		err = take_mark (folder, &after);
	*ret_whole = err == ERR_OK && is_whole (&before, &after);
	return err;
}

static bool has_room (const char *folder)
{
	static const char *const names[] = { "ledger.db", "ledger.db-wal" };
	uint64_t bytes = KEPT_FREE_BYTES;
	char path[PATH_MAX];
	struct statvfs disk;
	struct stat about;

	for (size_t i = 0; i < COUNT_OF (names); i++)
		if (path_in (folder, names[i], path) && stat (path, &about) == 0)
			bytes += (uint64_t)about.st_size;
	return statvfs (folder, &disk) == 0 && (uint64_t)disk.f_bavail * disk.f_frsize >= bytes;
}

static err_t copy_all (const char *folder)
{
	bool whole = false;
	err_t err = ERR_OK;

	for (int i = 0; i < TRIES && !whole && err == ERR_OK; i++)
		err = copy_once (folder, &whole);
	return err == ERR_OK && !whole ? ERR_BUSY : err;
}

err_t ledger_present (const char *folder, const vault_t *key, ledger_t **ret_ledger,
		      problems_t *problems)
{
	char path[PATH_MAX];
	err_t err;

	if (!path_in (folder, "ledger.db", path) || access (path, F_OK) != 0)
		return ERR_NOT_FOUND;
	if (!has_room (folder))
		return ERR_NO_SPACE;
	if (!path_in (folder, COPY_FOLDER, path) || (mkdir (path, 0700) != 0 && errno != EEXIST))
		return ERR_FILE;
	err = copy_all (folder);
	return err == ERR_OK ? ledger_unlock (path, key, "ledger.key", ret_ledger, problems) : err;
}

/* ---- comparing ---------------------------------------------------------------------------------- */

static bool hash_at (ledger_t *ledger, uint64_t n, struct hash *ret_hash)
{
	query_t *query = QUERY (ledger->sql, "SELECT hash FROM entry WHERE n = ?1", INT (n));
	bool found = sql_next (query);

	if (found)
		SQL_ID (query, ret_hash);
	sql_end (query);
	return found;
}

static bool same_at (ledger_t *a, ledger_t *b, uint64_t n)
{
	struct hash in_a = { { 0 } }, in_b = { { 0 } };

	return n == 0 || (hash_at (a, n, &in_a) && hash_at (b, n, &in_b) && ID_EQUAL (in_a, in_b));
}

/* Each hash covers all before it, so equal ones never follow unequal ones. */
static uint64_t last_common (ledger_t *a, ledger_t *b)
{
	uint64_t same = 0, other = (a->head.n < b->head.n ? a->head.n : b->head.n) + 1;

	while (other - same > 1) {
		uint64_t middle = same + (other - same) / 2;

		if (same_at (a, b, middle))
			same = middle;
		else
			other = middle;
	}
	return same;
}

static uint64_t count_behind (ledger_t *ledger, uint64_t n, enum entry_type type)
{
	return (uint64_t)NUMBER (ledger->sql, 0,
				 "SELECT count (*) FROM entry WHERE n > ?1 AND type = ?2", INT (n),
				 INT (type));
}

err_t ledger_grown (ledger_t *earlier, ledger_t *present, struct ledger_growth *ret_growth)
{
	uint64_t common = last_common (earlier, present);

	*ret_growth = (struct ledger_growth){
		.common = common,
		.forked = common < earlier->head.n && common < present->head.n,
		.shrunk = common < earlier->head.n && common == present->head.n,
		.entries = present->head.n - common,
		.sent = count_behind (present, common, ENTRY_SENT),
		.came = count_behind (present, common, ENTRY_ARRIVED),
		.receipts = count_behind (present, common, ENTRY_RECEIPT),
	};
	return sql_err (present->sql) != ERR_OK ? sql_err (present->sql) : sql_err (earlier->sql);
}
