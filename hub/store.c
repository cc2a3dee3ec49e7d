/*
 * Opening, groups, and the store's own row.  SQLite runs in WAL mode with pages of 16 KiB and
 * synchronous=FULL on one connection, which also copies the WAL home: one commit is one flush.
 */
#include "hub/store_sql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "jembatan/fault.h"

#define WAL_PAGES_MOST 2000     /* 32 MiB of 16 KiB pages */
#define PAGE_BYTES 16384
#define FRAME_BYTES (24 + PAGE_BYTES)
#define WAL_STEP_MIN (1 * MIB)
#define WAL_STEP_MAX (4 * MIB)
#define ZEROS_BYTES (64 * KIB)    /* of one write: SQLite takes less than 128 KiB at once */

/* exclusive: nobody else opens it while a hub runs, and the WAL's index needs no shared file */
static const char pragmas[] = "PRAGMA page_size = 16384;"
			      "PRAGMA locking_mode = EXCLUSIVE;"
			      "PRAGMA journal_mode = WAL;"
			      "PRAGMA synchronous = FULL;"
			      "PRAGMA wal_autocheckpoint = 0;"
			      "PRAGMA cache_size = -6144;"
			      "PRAGMA journal_size_limit = 33554432;"
			      "PRAGMA secure_delete = OFF;"
			      "PRAGMA temp_store = MEMORY;";

static int on_commit (void *context, sqlite3 *db, const char *name, int pages)
{
	store_t *store = context;

	store->wal_pages = pages;
	return SQLITE_OK;
}

/* Zeros are no frame, so what reads a WAL ends where they begin. */
static int lengthen (sqlite3_file *wal, int64_t from, int64_t to)
{
	static uint8_t zeros[ZEROS_BYTES];   /* never written to, so it takes no memory */
	int code = SQLITE_OK;

	for (; from < to && code == SQLITE_OK; from += ZEROS_BYTES)
		code = wal->pMethods->xWrite (wal, zeros, ZEROS_BYTES, from);
	return code == SQLITE_OK ? wal->pMethods->xSync (wal, SQLITE_SYNC_NORMAL) : code;
}

/* The flush of a file that has grown writes its length too and takes twice as long, so the WAL is
 * made longer, in steps that grow, before the frames get there. */
static err_t keep_ahead (store_t *store)
{
	sqlite3_int64 used = (sqlite3_int64)store->wal_pages * FRAME_BYTES, size = 0, step;
	sqlite3_int64 most = (sqlite3_int64)store->wal_pages_most * FRAME_BYTES;
	sqlite3_file *wal = NULL;
	int code = sqlite3_file_control (store->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &wal);

	if (code == SQLITE_OK && wal->pMethods == NULL)
		return ERR_OK;
	if (code == SQLITE_OK)
		code = wal->pMethods->xFileSize (wal, &size);
	if (code != SQLITE_OK)
		return sql_error (store, code);
	if (used < size - size / 4 || size >= most)
		return ERR_OK;
	step = size < (sqlite3_int64)WAL_STEP_MIN ? (sqlite3_int64)WAL_STEP_MIN :
	       size < (sqlite3_int64)WAL_STEP_MAX ? size : (sqlite3_int64)WAL_STEP_MAX;
	code = lengthen (wal, size, size + step);
	return code == SQLITE_OK || code == SQLITE_FULL ? ERR_OK : sql_error (store, code);
}

static err_t open_database (store_t *store)
{
	char path[4096];
	int code;
	err_t err;

	if (snprintf (path, sizeof path, "%s/hub.db", store->folder) >= (int)sizeof path)
		return ERR_FILE;
	code = sqlite3_open_v2 (path, &store->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
				SQLITE_OPEN_NOMUTEX, NULL);
	if (code != SQLITE_OK)
		return code == SQLITE_CANTOPEN ? ERR_FILE : sql_error (store, code);
	sqlite3_extended_result_codes (store->db, 1);
	/* Room for the cursors of all statements, so that a group needs no malloc. */
	sqlite3_db_config (store->db, SQLITE_DBCONFIG_LOOKASIDE, NULL, 1200, 200);
	code = sqlite3_exec (store->db, pragmas, NULL, NULL, NULL);
	if (code != SQLITE_OK)
		return sql_error (store, code);
	sqlite3_wal_hook (store->db, on_commit, store);
	err = store_migrate (store, store_newest ());
	return err == ERR_OK ? keep_ahead (store) : err;
}

/* ---- commits are counted ---- */

struct count {
	struct store_id id;
	uint64_t commits;
};

/* Of a statement that gives both; all zeros when the store has no row of its own yet. */
static err_t read_count (store_t *store, enum statement which, struct count *ret_count)
{
	sqlite3_stmt *stmt = sql (store, which);
	err_t err = sql_row (store, stmt);

	*ret_count = (struct count){ .commits = 0 };
	if (err != ERR_OK)
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	err = sql_column_id (stmt, 0, ret_count->id.b, sizeof ret_count->id.b);
	ret_count->commits = (uint64_t)sqlite3_column_int64 (stmt, 1);
	sqlite3_reset (stmt);
	return err;
}

static err_t open_highwater (store_t *store)
{
	char path[4096];
	struct count count;
	err_t err = read_count (store, SQL_SELF_COMMITS, &count);

	if (err != ERR_OK)
		return err;
	if (snprintf (path, sizeof path, "%s/hub.mark", store->folder) >= (int)sizeof path)
		return ERR_FILE;
	store->highwater = highwater_open (path);
	store->noted = count.id;
	return highwater_is_above (store->highwater, &count.id, count.commits) ? ERR_GONE_BACK
									        : ERR_OK;
}

/* A new id goes into the database itself soon: a store that lost its log must still know whose it is. */
static void note_count (store_t *store, const struct count *count)
{
	highwater_note (store->highwater, &count->id, count->commits);
	if (ID_EQUAL (count->id, store->noted))
		return;
	store->noted = count->id;
	store->renamed = true;
}

/* clang-format off */
#define OPEN_ADVICE(X) \
	X (IN_USE, "%s sedang dipakai jembatan-hub lain; hentikan dahulu yang itu", \
		"%s is in use by another jembatan-hub; stop that one first") \
	X (NEWER_STORE, "%s ditulis oleh jembatan-hub yang lebih baru; pasang versi itu", \
		"%s was written by a newer jembatan-hub; install that version") \
	X (CORRUPT, "%s/hub.db rusak atau bukan basis data hub; pindahkan lalu mulai lagi", \
		"%s/hub.db is damaged or no hub database; move it away and start again") \
	X (GONE_BACK, "%s/hub.db tidak lagi memuat yang terakhir disimpan hub: berkas hub.db-wal rusak atau" \
		" hilang, atau ini salinan lama; pindahkan isi folder itu, lalu pulihkan dari cadangan" \
		" (jembatan-hub restore) atau mulai dengan folder kosong: semua instansi mengirim ulang", \
		"%s/hub.db lacks what the hub stored last: hub.db-wal is damaged or missing, or this is an" \
		" older copy; move what is in that folder away, then restore a backup (jembatan-hub" \
		" restore) or start with an empty folder: every agency puts its letters again") \
	X (NO_SPACE, "tidak ada ruang di %s; kosongkan sebagian disk", \
		"there is no room in %s; free some of the disk") \
	X (FILE, "folder data %s tidak dapat dibuka; periksa keberadaan dan izinnya", \
		"the data folder %s can't be opened; check that it exists and may be written") \
	X (IO, "disk gagal pada %s; periksa disk sebelum mulai lagi", \
		"the disk failed at %s; check the disk before starting again")
/* clang-format on */

static err_t open_failed (err_t err, const char *folder, problems_t *problems)
{
#define X(name, id, en)                                                              \
	if (err == ERR_##name)                                                       \
		return problems_add (problems, err, "hub/data", id, en, quoted (folder));
	OPEN_ADVICE (X)
#undef X
	return err;
}

err_t store_open (const char *folder, store_t **ret_store, problems_t *problems)
{
	store_t *store = must_alloc (sizeof *store);
	err_t err = ERR_OK;

	/* Counting every allocation under a lock costs a tenth of the hub's time. */
	sqlite3_config (SQLITE_CONFIG_MEMSTATUS, 0);
	*store = (store_t){ .folder = must_text (folder), .wal_pages_most = WAL_PAGES_MOST };
	if (mkdir (folder, 0700) != 0) {
		struct stat is;

		err = stat (folder, &is) == 0 && S_ISDIR (is.st_mode) ? ERR_OK : ERR_FILE;
	}
	if (err == ERR_OK)
		err = open_database (store);
	if (err == ERR_OK)
		err = open_highwater (store);
	if (err != ERR_OK) {
		store_destroy (&store);
		return open_failed (err, folder, problems);
	}
	*ret_store = store;
	return ERR_OK;
}

void store_destroy (store_t **store)
{
	if (*store == NULL)
		return;
	if ((*store)->broken) {
		store_abandon (store);
		return;
	}
	for (size_t i = 0; i < SQL_COUNT; i++)
		sqlite3_finalize ((*store)->prepared[i]);
	sqlite3_close ((*store)->db);
	highwater_close (&(*store)->highwater);
	free ((*store)->folder);
	free (*store);
	*store = NULL;
}

void store_abandon (store_t **store)
{
	/* Closing would copy the WAL home, which is writing.  So the handle stays open until the
	 * process ends, and is kept reachable to show that this is meant. */
	static store_t *abandoned;

	(*store)->next_abandoned = abandoned;
	abandoned = *store;
	*store = NULL;
}

/* ---- groups ---- */

err_t store_begin (store_t *store)
{
	err_t err;

	if (store->in_group)
		return ERR_OK;
	store_end_fetch (store);
	err = sql_run (store, SQL_BEGIN);
	store->in_group = err == ERR_OK;
	store->changes = sqlite3_total_changes64 (store->db);
	return err;
}

bool store_in_group (const store_t *store)
{
	return store->in_group;
}

err_t store_commit (store_t *store)
{
	struct count count = { .commits = 0 };
	err_t err = leaves_write (store);

	/* A group that changed nothing writes nothing. */
	if (err == ERR_OK && sqlite3_total_changes64 (store->db) != store->changes)
		err = read_count (store, SQL_SELF_COUNT, &count);
	if (err == ERR_OK)
		err = sql_run (store, SQL_COMMIT);
	if (err != ERR_OK)
		return err;
	store->in_group = false;
	if (count.commits > 0)
		note_count (store, &count);
	return ERR_OK;
}

void store_rollback (store_t *store)
{
	/* A full disk may have rolled back by itself already. */
	if (store->in_group && !store->broken && !sqlite3_get_autocommit (store->db))
		sqlite3_exec (store->db, "ROLLBACK", NULL, NULL, NULL);
	store->leaves.count = 0;
	store->in_group = false;
}

err_t store_tidy (store_t *store)
{
	int code;
	err_t err;

	if (store->wal_pages > store->wal_pages_ahead) {
		store->wal_pages_ahead = store->wal_pages;
		err = keep_ahead (store);
		if (err != ERR_OK)
			return err;
	}
	if (store->held || (!store->renamed && store->wal_pages < store->wal_pages_most))
		return ERR_OK;
	fault_point ("hub.tidy.before");
	store_end_fetch (store);   /* an open reader would forbid it */
	code = sqlite3_wal_checkpoint_v2 (store->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	store->wal_pages = 0;
	store->renamed = false;
	if (code == SQLITE_OK)
		return ERR_OK;
	err = sql_error (store, code);
	return err == ERR_NO_SPACE ? ERR_OK : err;   /* the WAL still holds everything */
}

void store_relax (store_t *store)
{
	sqlite3_db_release_memory (store->db);
}

static int64_t free_pages (store_t *store)
{
	sqlite3_stmt *stmt = sql (store, SQL_FREE_PAGES);
	int64_t pages = sqlite3_step (stmt) == SQLITE_ROW ? sqlite3_column_int64 (stmt, 0) : 0;

	sqlite3_reset (stmt);
	return pages;
}

int64_t store_room_bytes (store_t *store)
{
	struct statvfs disk;

	if (statvfs (store->folder, &disk) != 0)
		return 0;
	return (int64_t)disk.f_bavail * (int64_t)disk.f_frsize + free_pages (store) * PAGE_BYTES;
}

/* ---- the store itself ---- */

static err_t read_self (sqlite3_stmt *stmt, struct store_self *ret_self)
{
	struct bytes checkpoint = sql_column (stmt, 3);
	err_t err = sql_column_id (stmt, 0, ret_self->id.b, sizeof ret_self->id.b);

	if (err != ERR_OK || checkpoint.len >= sizeof ret_self->checkpoint)
		return ERR_CORRUPT;
	ret_self->since_ms = sqlite3_column_int64 (stmt, 1);
	if (merkle_edge_decode (sql_column (stmt, 2), &ret_self->edge) != ERR_OK)
		return ERR_CORRUPT;
	if (checkpoint.len > 0)
		memcpy (ret_self->checkpoint, checkpoint.data, checkpoint.len);
	ret_self->checkpoint[checkpoint.len] = '\0';
	return ERR_OK;
}

err_t store_self_load (store_t *store, struct store_self *ret_self)
{
	sqlite3_stmt *stmt = sql (store, SQL_SELF_GET);
	err_t err = sql_row (store, stmt);

	if (err != ERR_OK)
		return err;
	err = read_self (stmt, ret_self);
	sqlite3_reset (stmt);
	return err;
}

err_t store_self_save (store_t *store, const struct store_self *self)
{
	OWNED (arena) arena = arena_new (16 * KIB);
	sqlite3_stmt *stmt = sql (store, SQL_SELF_PUT);

	sql_bytes (stmt, 1, ID_BYTES (self->id));
	sqlite3_bind_int64 (stmt, 2, self->since_ms);
	sql_bytes (stmt, 3, merkle_edge_encode (&self->edge, arena));
	sqlite3_bind_text (stmt, 4, self->checkpoint, -1, SQLITE_STATIC);
	return sql_run (store, SQL_SELF_PUT);
}
