#include "hub/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "jembatan/clock.h"
#include "proto/file.h"
#include "proto/recovery.h"

/* ---- the key ------------------------------------------------------------------------------------ */

static void key_path (const char *keys, char path[PATH_MAX])
{
	snprintf (path, PATH_MAX, "%s/backup.key", keys);
}

err_t hub_backup_key (const char *keys, vault_t **ret_key, problems_t *problems)
{
	char path[PATH_MAX];

	key_path (keys, path);
	if (access (path, F_OK) != 0) {
		OWNED (vault) fresh = vault_new ();
		err_t err = vault_save_backup (fresh, path, problems);

		if (err != ERR_OK)
			return err;
	}
	return vault_load_backup (path, ret_key, problems);
}

/* ---- the folder --------------------------------------------------------------------------------- */

static void path_in (const char *data, const char *name, char path[PATH_MAX])
{
	snprintf (path, PATH_MAX, "%s/" HUB_RESTORE_FOLDER "%s", data, name);
}

/* -1 when there is no such folder, or somebody else has it. */
static int lock_it (const char *data)
{
	char path[PATH_MAX];
	int lock;

	path_in (data, "/busy", path);
	lock = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (lock >= 0 && flock (lock, LOCK_EX | LOCK_NB) != 0) {
		close (lock);
		return -1;
	}
	return lock;
}

static void remove_files (const char *data, bool lock_too)
{
	static const char *const left[] = { "/hub.db-wal", "/hub.db-journal", "/hub.db-shm", "/hub.db",
					    "/hub.mark", "/busy" };
	char path[PATH_MAX];

	for (size_t i = 0; i < COUNT_OF (left) - !lock_too; i++) {
		path_in (data, left[i], path);
		unlink (path);
	}
}

void hub_restore_sweep (const char *data)
{
	char path[PATH_MAX];
	int lock = lock_it (data);

	if (lock < 0)
		return;
	remove_files (data, true);
	path_in (data, "", path);
	rmdir (path);
	close (lock);
}

static err_t begin (const char *data, int *ret_lock, problems_t *problems)
{
	char path[PATH_MAX];

	path_in (data, "", path);
	mkdir (data, 0700);
	if (mkdir (path, 0700) != 0 && errno != EEXIST)
		return problems_add (problems, ERR_FILE, "",
				     "folder data %s tidak dapat ditulisi; periksa izinnya",
				     "the data folder %s can't be written; check its permissions",
				     file_quoted (data));
	*ret_lock = lock_it (data);
	if (*ret_lock < 0)
		return problems_add (problems, ERR_IN_USE, "",
				     "pemulihan lain sedang berjalan di %s; tunggu sampai selesai",
				     "another restore is going on in %s; wait for its end",
				     file_quoted (data));
	remove_files (data, false);
	return ERR_OK;
}

/* ---- restoring ---------------------------------------------------------------------------------- */

static err_t type_key (FILE *sheet, vault_t **ret_key, problems_t *problems)
{
	uint8_t bytes[32] = { 0 };
	const struct recovery_key key = { 'C', bytes };
	err_t err = recovery_read (sheet, &key, 1, problems);

	if (err == ERR_OK)
		*ret_key = vault_of_key (bytes);
	recovery_wipe (bytes, sizeof bytes);
	return err;
}

static err_t read_key (const char *keys, FILE *sheet, vault_t **ret_key, problems_t *problems)
{
	char path[PATH_MAX];

	key_path (keys, path);
	return sheet != NULL ? type_key (sheet, ret_key, problems)
			     : vault_load_backup (path, ret_key, problems);
}

static bool same_key (const vault_t *a, const vault_t *b)
{
	return id_same (vault_key (a).data, vault_key (b).data, vault_key (a).len);
}

static err_t other_key (problems_t *problems)
{
	return problems_add (problems, ERR_CONFLICT, "C",
			     "kunci pada lembar berbeda dari backup.key yang ada",
			     "the key on the sheet differs from the backup.key that is there");
}

static err_t keep_key (const char *keys, const vault_t *key, problems_t *problems)
{
	OWNED (vault) there = NULL;
	char path[PATH_MAX];
	err_t err;

	key_path (keys, path);
	if (access (path, F_OK) != 0)
		return vault_save_backup (key, path, problems);
	err = vault_load_backup (path, &there, problems);
	return err == ERR_OK && !same_key (there, key) ? other_key (problems) : err;
}

static err_t count_queue (store_t *store, struct hub_restore_report *report)
{
	accounts_t *accounts = accounts_new ();
	err_t err = store_load_accounts (store, accounts);

	report->agencies = accounts_count (accounts);
	for (size_t i = 1; i <= report->agencies; i++)
		for (int class = CLASS_STAT; class < CLASS_COUNT; class++) {
			const struct class_lane *lane =
				&accounts_at (accounts, (int64_t)i)->now.lane[class];

			report->waiting += lane->last - lane->stored;
		}
	accounts_destroy (&accounts);
	return err;
}

/* Opening brings its schema up to date; closing leaves one file. */
static err_t prepare (const char *folder, const char *file, struct hub_restore_report *report,
		      problems_t *problems)
{
	store_t *store = NULL;
	err_t err = store_open (folder, &store, problems);

	if (err != ERR_OK)
		return err;
	err = store_check_whole (store);
	if (err == ERR_OK)
		err = count_queue (store, report);
	if (err == ERR_OK)
		err = store_restored (store);
	store_destroy (&store);
	if (err == ERR_OK)
		return ERR_OK;
	return problems_add (problems, err, "",
			     "penyimpanan dalam cadangan %s bertentangan dengan dirinya sendiri; pakai "
			     "cadangan lain",
			     "the store in the backup %s contradicts itself; use another backup",
			     file_quoted (file));
}

static err_t unpack (const struct hub_setup *setup, const char *file, const vault_t *key,
		     struct hub_restore_report *report, problems_t *problems)
{
	char folder[PATH_MAX], path[PATH_MAX];
	err_t err;

	path_in (setup->data, "", folder);
	path_in (setup->data, "/hub.db", path);
	err = archive_extract (file, ARCHIVE_HUB, key, path, &report->head, problems);
	if (err == ERR_OK && strcmp (report->head.who, setup->id) != 0)
		err = problems_add (problems, ERR_CONFLICT, "hub/id",
				    "cadangan ini milik hub %s, bukan %s",
				    "this backup is of the hub %s and not of %s",
				    quoted (report->head.who), quoted (setup->id));
	return err == ERR_OK ? prepare (folder, file, report, problems) : err;
}

static err_t put_in_place (const char *data, problems_t *problems)
{
	char from[PATH_MAX], to[PATH_MAX];

	path_in (data, "/hub.db", from);
	snprintf (to, sizeof to, "%s/hub.db", data);
	if (file_put_in_place (from, to, data) == ERR_OK)
		return ERR_OK;
	return problems_add (problems, ERR_FILE, "",
			     "penyimpanan tidak dapat ditaruh di %s; periksa disk dan izinnya",
			     "the store can't be put into %s; check the disk and permissions",
			     file_quoted (data));
}

static err_t note_rehearsal (const char *data, const char *file,
			     const struct hub_restore_report *report, problems_t *problems)
{
	struct backup_note note = { .at_ms = clock_now_ms (), .made_ms = report->head.made_ms,
				    .bytes = archive_file_bytes (report->head.bytes) };

	snprintf (note.path, sizeof note.path, "%s", file);
	if (backup_note_write (data, REHEARSAL_NOTE, &note) == ERR_OK)
		return ERR_OK;
	return problems_add (problems, ERR_FILE, "", "hasil uji tidak dapat dicatat di %s",
			     "the rehearsal can't be noted in %s", file_quoted (data));
}

static err_t refuse_store (const char *data, problems_t *problems)
{
	char path[PATH_MAX];

	snprintf (path, sizeof path, "%s/hub.db", data);
	if (access (path, F_OK) != 0)
		return ERR_OK;
	return problems_add (problems, ERR_EXISTS, "",
			     "di %s sudah ada penyimpanan hub; hentikan hub dan pindahkan dahulu, atau "
			     "coba saja dengan --rehearse",
			     "there is a hub's store in %s; stop the hub and move it away first, or only "
			     "try with --rehearse",
			     file_quoted (data));
}

err_t hub_restore (const struct hub_setup *setup, const char *file, FILE *sheet, bool rehearse,
		   struct hub_restore_report *ret_report, problems_t *problems)
{
	OWNED (vault) key = NULL;
	int lock = -1;
	err_t err = rehearse ? ERR_OK : refuse_store (setup->data, problems);

	memset (ret_report, 0, sizeof *ret_report);
	if (err == ERR_OK)
		err = read_key (setup->keys, sheet, &key, problems);
	if (err == ERR_OK)
		err = begin (setup->data, &lock, problems);
	if (err == ERR_OK)
		err = unpack (setup, file, key, ret_report, problems);
	if (err == ERR_OK && !rehearse && sheet != NULL)
		err = keep_key (setup->keys, key, problems);
	if (err == ERR_OK)
		err = rehearse ? note_rehearsal (setup->data, file, ret_report, problems)
			       : put_in_place (setup->data, problems);
	if (lock >= 0) {
		close (lock);
		hub_restore_sweep (setup->data);
	}
	return err;
}

/* ---- the sheet ---------------------------------------------------------------------------------- */

err_t hub_sheet_print (const struct hub_setup *setup, FILE *out, problems_t *problems)
{
	OWNED (vault) key = NULL;
	char text[RECOVERY_LINE_TEXT], made[INSTANT_TEXT];
	err_t err = hub_backup_key (setup->keys, &key, problems);

	if (err != ERR_OK)
		return err;
	fprintf (out,
		 "Lembar pemulihan hub %s, dibuat %s\n(Recovery sheet of the hub %s, made %s)\n\n"
		 "Kunci cadangan hub. Dengan lembar ini dan sebuah cadangan orang melihat siapa menyurati\n"
		 "siapa, tetapi tidak isinya. Simpan di lemari besi, terpisah dari disk cadangan.\n"
		 "(The key of the hub's backups. With this sheet and a backup somebody sees who writes to\n"
		 "whom, but not what. Keep it in a safe, apart from the backup disk.)\n\n",
		 setup->id, instant_text (clock_now_ms (), made), setup->id, made);
	for (unsigned number = 1; number <= RECOVERY_LINES; number++)
		fprintf (out, "    %s\n",
			 recovery_line ('C', number, vault_key (key).data, text));
	fputs ("\nMemulihkan: jembatan-hub restore CADANGAN.jbk --sheet --config FILE\n"
	       "(To restore: the same)\n", out);
	recovery_wipe (text, sizeof text);
	return fflush (out) == 0 ? ERR_OK : ERR_FILE;
}

err_t hub_sheet_check (const struct hub_setup *setup, FILE *in, problems_t *problems)
{
	OWNED (vault) key = NULL;
	OWNED (vault) typed = NULL;
	err_t err = read_key (setup->keys, NULL, &key, problems);

	if (err == ERR_OK)
		err = type_key (in, &typed, problems);
	return err == ERR_OK && !same_key (key, typed) ? other_key (problems) : err;
}
