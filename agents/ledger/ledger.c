/*
 * Making and opening the ledger, its settings and its size; see ledger.h.
 */
#include "agents/ledger/ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "agents/ledger/migration.h"
#include "agents/ledger/store.h"

#define SETTING_BYTES (2u * (LIMIT_FILE_BYTES + KIB))   /* a setting, plain and sealed */

#define MARK_FILE "ledger.mark"

static const char key_check[] = "jembatan ledger";

/* ---- complaints --------------------------------------------------------------------------------- */

/* clang-format off */
static const struct { err_t err; const char *id, *en; } complaints[] = {
	{ ERR_EXISTS,
	  "buku besar %s sudah ada dan tidak ditimpa",
	  "the ledger %s exists and is not overwritten" },
	{ ERR_FILE,
	  "folder buku besar %s tidak dapat dibuat atau ditulisi; periksa izin dan ruang disk",
	  "the ledger's folder %s can't be made or written; check permissions and free space" },
	{ ERR_NOT_FOUND,
	  "buku besar %s tidak ada; buat dengan jembatan-agent init, atau periksa nama foldernya",
	  "there is no ledger %s; make it with jembatan-agent init, or check the folder's name" },
	{ ERR_IN_USE,
	  "folder buku besar %s sedang dipakai program lain; hentikan dahulu program itu",
	  "the ledger's folder %s is in use by another program; stop that one first" },
	{ ERR_NEWER_STORE,
	  "buku besar %s ditulis oleh program yang lebih baru; pasang versi yang baru",
	  "the ledger %s was written by a newer program; install the newer version" },
	{ ERR_CORRUPT,
	  "buku besar %s rusak atau bukan buku besar; pulihkan dari cadangan",
	  "the ledger %s is damaged or no ledger; restore it from a backup" },
	{ ERR_GONE_BACK,
	  "buku besar %s tidak lagi memuat yang terakhir disimpan: berkas ledger.db-wal rusak atau hilang, "
	  "atau ini salinan lama; pulihkan dari cadangan (jembatan-agent restore), atau lanjutkan dari "
	  "yang masih ada dengan jembatan-agent restore --here",
	  "the ledger %s lacks what was stored last: ledger.db-wal is damaged or missing, or this is an "
	  "older copy; restore a backup (jembatan-agent restore), or go on from what is left with "
	  "jembatan-agent restore --here" },
	{ ERR_IO,
	  "disk gagal membaca atau menulis buku besar %s; periksa disk",
	  "the disk failed to read or write the ledger %s; check the disk" },
	{ ERR_NO_SPACE,
	  "ruang disk untuk buku besar %s habis; kosongkan ruang disk",
	  "no space is left on the disk for the ledger %s; free some space" },
	{ ERR_KEY_FILE,
	  "berkas kunci %s bukan milik buku besar ini; kembalikan berkas kunci yang benar",
	  "the key file %s does not belong to this ledger; put the right key file back" },
};
/* clang-format on */

static err_t complain (problems_t *problems, err_t err, const char *path)
{
	for (size_t i = 0; i < COUNT_OF (complaints); i++)
		if (complaints[i].err == err)
			return problems_add (problems, err, "", complaints[i].id, complaints[i].en,
					     quoted (path));
	return err;
}

static bool path_in (const char *folder, const char *name, char path[PATH_MAX])
{
	return snprintf (path, PATH_MAX, "%s/%s", folder, name) < PATH_MAX;
}

/* ---- the folder --------------------------------------------------------------------------------- */

/* The lock belongs to the open file, so a second opening in this process is refused as well. */
static err_t lock_folder (const char *folder, int *ret_lock)
{
	char path[PATH_MAX];
	struct stat about;
	int fd;

	if (!path_in (folder, "lock", path))
		return ERR_FILE;
	if (stat (folder, &about) != 0)
		return errno == ENOENT ? ERR_NOT_FOUND : ERR_FILE;
	fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return ERR_FILE;
	if (flock (fd, LOCK_EX | LOCK_NB) != 0) {
		err_t err = errno == EWOULDBLOCK ? ERR_IN_USE : ERR_FILE;

		close (fd);
		return err;
	}
	*ret_lock = fd;
	return ERR_OK;
}

static err_t flush_folder (const char *folder)
{
	int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	err_t err;

	if (fd < 0)
		return ERR_FILE;
	err = fsync (fd) == 0 ? ERR_OK : ERR_IO;
	close (fd);
	return err;
}

/* ---- making ------------------------------------------------------------------------------------- */

static struct place about_place (const char *column)
{
	return (struct place){ "about", bytes_of_text (column), BYTES_NONE };
}

static void write_about (ledger_t *ledger)
{
	static const struct person_id nobody;
	OWNED (arena) arena = arena_new (4 * KIB);
	struct bytes check = seal (ledger, &nobody, about_place ("key_check"),
				   bytes_of_text (key_check), arena);
	struct store_id store_id;

	random16_make (store_id.b);
	RUN (ledger->sql, "INSERT INTO about (one, store_id, key_check, head) VALUES (1, ?1, ?2, x'')",
	     ID (store_id), BLOB (check));
}

/* Borrows sql and key. */
static err_t fill (sql_t *sql, const vault_t *key, unsigned version)
{
	ledger_t ledger = { .sql = sql };
	err_t err = migration_run (sql, version);

	if (err != ERR_OK)
		return err;
	ledger.own = vault_derive (key, "own");
	write_about (&ledger);
	vault_destroy (&ledger.own);
	sql_checkpoint (sql);
	return sql_err (sql);
}

static err_t make_file (const char *path, const vault_t *key, unsigned version)
{
	sql_t *sql = NULL;
	int fd;
	err_t err;

	/* What an interrupted run left behind is worth nothing. */
	unlink (path);
	fd = open (path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return ERR_FILE;
	close (fd);
	err = sql_open (path, true, &sql);
	if (err == ERR_OK)
		err = fill (sql, key, version);
	sql_destroy (&sql);
	if (err != ERR_OK)
		unlink (path);
	return err;
}

/* Under another name until it is whole. */
static err_t make_database (const char *folder, const vault_t *key, unsigned version)
{
	char fresh[PATH_MAX], path[PATH_MAX];
	err_t err;

	if (!path_in (folder, "ledger.db.new", fresh) || !path_in (folder, "ledger.db", path))
		return ERR_FILE;
	err = make_file (fresh, key, version);
	if (err == ERR_OK && rename (fresh, path) != 0)
		err = ERR_FILE;
	return err == ERR_OK ? flush_folder (folder) : err;
}

/* A key that is there already, from a ledger that was lost, serves the new one. */
static err_t key_for_new (const char *key_file, vault_t **ret_key, bool *ret_made,
			  problems_t *problems)
{
	vault_t *key;
	err_t err;

	*ret_made = access (key_file, F_OK) != 0;
	if (!*ret_made)
		return vault_load (key_file, ret_key, problems);
	key = vault_new ();
	err = vault_save (key, key_file, problems);
	if (err == ERR_OK)
		*ret_key = key;
	else
		vault_destroy (&key);
	return err;
}

static err_t create_with_key (const char *folder, const char *key_file, unsigned version,
			      problems_t *problems)
{
	OWNED (vault) key = NULL;
	bool made;
	err_t err = key_for_new (key_file, &key, &made, problems);

	if (err != ERR_OK)
		return err;
	err = make_database (folder, key, version);
	if (err == ERR_OK)
		return ERR_OK;
	if (made)
		unlink (key_file);
	return complain (problems, err, folder);
}

err_t ledger_create_version (const char *folder, const char *key_file, unsigned version,
			     problems_t *problems)
{
	char path[PATH_MAX];
	int lock = -1;
	err_t err;

	if (mkdir (folder, 0700) != 0 && errno != EEXIST)
		return complain (problems, ERR_FILE, folder);
	err = lock_folder (folder, &lock);
	if (err != ERR_OK)
		return complain (problems, err, folder);
	if (!path_in (folder, "ledger.db", path))
		err = complain (problems, ERR_FILE, folder);
	else if (access (path, F_OK) == 0)
		err = complain (problems, ERR_EXISTS, path);
	else
		err = create_with_key (folder, key_file, version, problems);
	close (lock);
	return err;
}

err_t ledger_create (const char *folder, const char *key_file, problems_t *problems)
{
	return ledger_create_version (folder, key_file, migration_newest (), problems);
}

/* ---- opening ------------------------------------------------------------------------------------ */

static err_t read_about (ledger_t *ledger, struct bytes *ret_check, arena_t *arena)
{
	query_t *query = QUERY (ledger->sql, "SELECT store_id, key_check FROM about");
	bool found = sql_next (query);

	if (found) {
		SQL_ID (query, &ledger->store_id);
		*ret_check = sql_blob (query, arena);
	}
	sql_end (query);
	if (sql_err (ledger->sql) != ERR_OK)
		return sql_err (ledger->sql);
	return found && !ID_IS_NONE (ledger->store_id) ? ERR_OK : ERR_CORRUPT;
}

static bool key_fits (ledger_t *ledger, struct bytes check)
{
	OWNED (arena) arena = arena_new (4 * KIB);
	struct bytes plain;

	return opens (ledger->own, about_place ("key_check"), check, arena, &plain)
	       && bytes_equal (plain, bytes_of_text (key_check));
}

/* Takes the key. */
static err_t unlock (ledger_t *ledger, vault_t *key)
{
	OWNED (arena) arena = arena_new (4 * KIB);
	struct bytes check;
	err_t err;

	ledger->own = vault_derive (key, "own");
	ledger->blind = vault_derive (key, "blind");
	ledger->keys = keyring_new (ledger->sql, key);
	err = migration_run (ledger->sql, 0);
	if (err == ERR_OK)
		err = read_about (ledger, &check, arena);
	if (err == ERR_OK && !key_fits (ledger, check))
		err = ERR_KEY_FILE;
	return err;
}

/* What SQLite left out of a damaged log was numbered, and noted beside the database. */
static err_t check_highwater (ledger_t *ledger)
{
	uint64_t commits = (uint64_t)NUMBER (ledger->sql, 0, "SELECT commits FROM about");

	if (sql_err (ledger->sql) != ERR_OK)
		return sql_err (ledger->sql);
	return highwater_is_above (ledger->highwater, &ledger->store_id, commits) ? ERR_GONE_BACK
									           : ERR_OK;
}

static err_t read_all (ledger_t *ledger)
{
	err_t err = migration_run (ledger->sql, migration_newest ());

	if (err == ERR_OK)
		err = check_highwater (ledger);
	if (err == ERR_OK)
		err = entry_load_head (ledger);
	if (err == ERR_OK)
		clause_name_grantors (ledger);
	if (err == ERR_OK)
		word_read_older (ledger);
	if (err == ERR_OK)
		person_load_names (ledger);
	return err == ERR_OK ? sql_err (ledger->sql) : err;
}

static err_t open_database (ledger_t *ledger, const vault_t *key)
{
	err_t err = sql_open (ledger->path, false, &ledger->sql);

	if (err == ERR_OK)
		err = unlock (ledger, vault_of_key (vault_key (key).data));
	return err == ERR_OK ? read_all (ledger) : err;
}

err_t ledger_unlock (const char *folder, const vault_t *key, const char *key_name,
		     ledger_t **ret_ledger, problems_t *problems)
{
	ledger_t *ledger = must_alloc (sizeof *ledger);
	char path[PATH_MAX], mark[PATH_MAX];
	err_t err = path_in (folder, "ledger.db", path) && path_in (folder, MARK_FILE, mark)
			    ? ERR_OK : ERR_FILE;

	ledger->lock = -1;
	ledger->path = must_text (path);
	ledger->names = names_new ();
	commits_start (&ledger->commits);
	if (err == ERR_OK)
		err = lock_folder (folder, &ledger->lock);
	if (err != ERR_OK) {
		complain (problems, err, folder);
	} else {
		ledger->highwater = highwater_open (mark);
		err = open_database (ledger, key);
		if (err != ERR_OK)
			complain (problems, err, err == ERR_KEY_FILE ? key_name : ledger->path);
	}
	if (err != ERR_OK) {
		ledger_destroy (&ledger);
		return err;
	}
	*ret_ledger = ledger;
	return ERR_OK;
}

err_t ledger_open (const char *folder, const char *key_file, ledger_t **ret_ledger,
		   problems_t *problems)
{
	OWNED (vault) key = NULL;
	err_t err = vault_load (key_file, &key, problems);

	return err == ERR_OK ? ledger_unlock (folder, key, key_file, ret_ledger, problems) : err;
}

const vault_t *ledger_key (const ledger_t *ledger)
{
	return keyring_ledger_key (ledger->keys);
}

void ledger_destroy (ledger_t **ledger)
{
	ledger_t *self = *ledger;

	if (self == NULL)
		return;
	keyring_destroy (&self->keys);
	sql_destroy (&self->sql);
	vault_destroy (&self->own);
	vault_destroy (&self->blind);
	names_destroy (&self->names);
	highwater_close (&self->highwater);
	if (self->lock >= 0)
		close (self->lock);
	free (self->path);
	free (self);
	*ledger = NULL;
}

err_t ledger_take_as_it_is (const char *folder)
{
	char mark[PATH_MAX];

	if (!path_in (folder, MARK_FILE, mark) || (unlink (mark) != 0 && errno != ENOENT))
		return ERR_FILE;
	return ERR_OK;
}

/* ---- about it ----------------------------------------------------------------------------------- */

struct store_id ledger_store_id (const ledger_t *ledger)
{
	return ledger->store_id;
}

err_t ledger_failed (const ledger_t *ledger)
{
	return sql_stopped (ledger->sql);
}

int64_t ledger_room_bytes (const ledger_t *ledger)
{
	struct statvfs disk;

	if (statvfs (ledger->path, &disk) != 0)
		return INT64_MAX;
	return (int64_t)disk.f_bavail * (int64_t)disk.f_frsize;
}

void ledger_on_outbox (ledger_t *ledger, void (*wake) (void *arg), void *arg)
{
	ledger->wake = wake;
	ledger->wake_arg = arg;
}

static uint64_t file_bytes (const char *path, const char *ending)
{
	char name[PATH_MAX];
	struct stat about;

	if (snprintf (name, sizeof name, "%s%s", path, ending) >= (int)sizeof name
	    || stat (name, &about) != 0)
		return 0;
	return (uint64_t)about.st_size;
}

struct ledger_size ledger_size (ledger_t *ledger)
{
	return (struct ledger_size){
		.bytes = file_bytes (ledger->path, "") + file_bytes (ledger->path, "-wal"),
		.entries = ledger->head.n,
		.people = names_count (ledger->names),
	};
}

/* ---- settings ----------------------------------------------------------------------------------- */

static const struct person_id nobody;

static struct place setting_place (const char *name)
{
	return (struct place){ "setting", bytes_of_text (name), BYTES_NONE };
}

struct bytes ledger_setting (ledger_t *ledger, const char *name, arena_t *arena)
{
	OWNED (arena) scratch = arena_new (SETTING_BYTES);
	query_t *query = QUERY (ledger->sql, "SELECT sealed FROM setting WHERE name = ?1",
				TEXT (name));
	struct bytes value = BYTES_NONE;

	if (sql_next (query)
	    && !unseal (ledger, &nobody, setting_place (name), sql_blob (query, scratch), arena,
			&value))
		value = BYTES_NONE;
	sql_end (query);
	return value;
}

void ledger_set (tx_t *tx, const char *name, struct bytes value)
{
	OWNED (arena) scratch = arena_new (SETTING_BYTES);
	struct bytes sealed = seal (tx->ledger, &nobody, setting_place (name), value, scratch);

	RUN (tx_sql (tx),
	     "INSERT INTO setting (name, sealed) VALUES (?1, ?2)"
	     " ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed",
	     TEXT (name), BLOB (sealed));
}
