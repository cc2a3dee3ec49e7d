#include "agents/restore.h"

#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agents/passphrase.h"
#include "agents/recovery.h"
#include "jembatan/clock.h"
#include "proto/file.h"

/* One restore or rehearsal under way. */
struct restore {
	const config_t *config;
	const char *data, *file;
	int lock;
	vault_t *key;
	keypair_t *box;              /* of a sheet; NULL without one */
	ledger_t *ledger;
	struct restore_report *report;
};


err_t restore_here (const config_t *config, problems_t *problems)
{
	OWNED (ledger) ledger = NULL;
	const char *folder = config_text (config, "paths/data");
	const char *key_file = config_text (config, "paths/ledger_key");
	OWNED (vault) key = NULL;
	err_t err = passphrase_key (config, stdin, &key, problems);

	if (err == ERR_OK)
		err = ledger_take_as_it_is (folder);
	if (err == ERR_OK)
		err = ledger_unlock (folder, key, key_file, &ledger, problems);
	if (err != ERR_OK)
		return err;
	err = ledger_check_whole (ledger);
	if (err != ERR_OK)
		return problems_add (problems, err, "",
				     "buku besar di %s rusak; pulihkan dari cadangan",
				     "the ledger in %s is damaged; restore it from a backup",
				     quoted (folder));
	err = ledger_restored (ledger);
	if (err != ERR_OK)
		return problems_add (problems, err, "",
				     "buku besar di %s tidak dapat ditulisi (%s); periksa disk, lalu "
				     "jalankan perintah ini lagi",
				     "the ledger in %s can't be written (%s); check the disk, then run "
				     "this command again",
				     quoted (folder), err_name (err));
	return ERR_OK;
}

/* ---- beginning ---------------------------------------------------------------------------------- */

static bool path_in (const char *folder, const char *name, char path[PATH_MAX])
{
	return snprintf (path, PATH_MAX, "%s/%s", folder, name) < PATH_MAX;
}

static err_t refuse_ledger (const struct restore *restore, problems_t *problems)
{
	char path[PATH_MAX];

	if (!path_in (restore->data, "ledger.db", path) || access (path, F_OK) != 0)
		return ERR_OK;
	return problems_add (problems, ERR_EXISTS, "",
			     "di %s sudah ada buku besar; hentikan agen dan pindahkan dahulu isi folder "
			     "itu, atau coba saja dengan --rehearse",
			     "there is a ledger in %s; stop the agent and move what is in that folder "
			     "away first, or only try with --rehearse",
			     file_quoted (restore->data));
}

static err_t read_keys (struct restore *restore, FILE *sheet, problems_t *problems)
{
	if (sheet != NULL)
		return recovery_type (sheet, &restore->key, &restore->box, problems);
	return passphrase_key (restore->config, stdin, &restore->key, problems);
}

static err_t lock (struct restore *restore, problems_t *problems)
{
	err_t err;

	/* On a new computer not even the folder above it is there. */
	mkdir (restore->data, 0700);
	err = ledger_restore_begin (restore->data, &restore->lock);
	if (err == ERR_IN_USE)
		return problems_add (problems, err, "",
				     "pemulihan lain sedang berjalan di %s; tunggu sampai selesai",
				     "another restore is going on in %s; wait for its end",
				     file_quoted (restore->data));
	if (err != ERR_OK)
		return problems_add (problems, err, "",
				     "folder data %s tidak dapat dibuat atau ditulisi; periksa izinnya",
				     "the data folder %s can't be made or written; check its permissions",
				     file_quoted (restore->data));
	return ERR_OK;
}

/* ---- the copy ----------------------------------------------------------------------------------- */

static err_t check_owner (const struct restore *restore, problems_t *problems)
{
	const char *own = config_text (restore->config, "agency/id");

	if (strcmp (restore->report->head.who, own) == 0)
		return ERR_OK;
	return problems_add (problems, ERR_CONFLICT, "agency/id",
			     "cadangan ini milik %s, bukan %s; pakai cadangan dan konfigurasi instansi "
			     "yang sama",
			     "this backup is of %s and not of %s; use backup and configuration of the "
			     "same agency",
			     quoted (restore->report->head.who), quoted (own));
}

static err_t check_ledger (struct restore *restore, problems_t *problems)
{
	uint64_t entries = 0, bad = 0;
	err_t err = ledger_check_whole (restore->ledger);

	if (err == ERR_OK)
		err = ledger_verify (restore->ledger, &entries, &bad);
	if (err == ERR_OK) {
		ledger_head (restore->ledger, &restore->report->ledger);
		restore->report->people = ledger_size (restore->ledger).people;
		return ERR_OK;
	}
	return problems_add (problems, err, "",
			     "buku besar dalam cadangan %s bertentangan dengan dirinya sendiri (catatan "
			     "%llu); pakai cadangan lain",
			     "the ledger in the backup %s contradicts itself (entry %llu); use another "
			     "backup",
			     file_quoted (restore->file), (unsigned long long)bad);
}

/* Unpacks, opens and checks; the data folder itself is not touched. */
static err_t unpack (struct restore *restore, problems_t *problems)
{
	char folder[PATH_MAX], path[PATH_MAX];
	err_t err;

	if (!path_in (restore->data, LEDGER_RESTORE_FOLDER, folder) ||
	    !path_in (folder, "ledger.db", path))
		return ERR_FILE;
	err = archive_extract (restore->file, ARCHIVE_LEDGER, restore->key, path,
			       &restore->report->head, problems);
	if (err == ERR_OK)
		err = check_owner (restore, problems);
	if (err == ERR_OK)
		err = ledger_unlock (folder, restore->key, "ledger.key", &restore->ledger, problems);
	return err == ERR_OK ? check_ledger (restore, problems) : err;
}

static err_t begin (struct restore *restore, FILE *sheet, problems_t *problems)
{
	err_t err = read_keys (restore, sheet, problems);

	if (err == ERR_OK)
		err = lock (restore, problems);
	return err == ERR_OK ? unpack (restore, problems) : err;
}

static void end (struct restore *restore)
{
	ledger_destroy (&restore->ledger);
	vault_destroy (&restore->key);
	keypair_destroy (&restore->box);
	if (restore->lock < 0)
		return;
	close (restore->lock);
	ledger_sweep (restore->data);
}

/* ---- the keys of a sheet ------------------------------------------------------------------------ */

static err_t other_key (problems_t *problems, const char *name)
{
	return problems_add (problems, ERR_CONFLICT, name,
			     "berkas kunci %s sudah ada dan berbeda dari lembar pemulihan; pindahkan "
			     "dahulu",
			     "the key file %s is there and differs from the recovery sheet; move it away "
			     "first",
			     name);
}

static err_t keep_ledger_key (struct restore *restore, problems_t *problems)
{
	const char *path = config_text (restore->config, "paths/ledger_key");
	OWNED (vault) there = NULL;
	err_t err;

	if (access (path, F_OK) != 0) {
		restore->report->keys_made = true;
		return vault_save (restore->key, path, problems);
	}
	if (passphrase_guards (restore->config))
		return problems_add (problems, ERR_CONFLICT, "ledger.key",
				     "berkas kunci %s dijaga frasa sandi dan tidak dapat dibandingkan dengan "
				     "lembar pemulihan; pindahkan dahulu",
				     "the key file %s is under a passphrase and can't be compared with the "
				     "recovery sheet; move it away first",
				     file_quoted (path));
	err = vault_load (path, &there, problems);
	if (err == ERR_OK && !id_same (vault_key (there).data, vault_key (restore->key).data, 32))
		err = other_key (problems, "ledger.key");
	return err;
}

static err_t check_box (struct restore *restore, problems_t *problems)
{
	OWNED (keypair) there = NULL;
	err_t err = keypair_load (KEY_BOX, config_text (restore->config, "paths/keys"), &there, problems);

	if (err == ERR_OK && !ID_EQUAL (keypair_public (there), keypair_public (restore->box)))
		err = other_key (problems, "box.key");
	return err;
}

static err_t keep_box (struct restore *restore, problems_t *problems)
{
	const char *folder = config_text (restore->config, "paths/keys");
	err_t err = keypair_save (restore->box, folder, NULL);

	if (err == ERR_OK)
		restore->report->keys_made = true;
	if (err != ERR_EXISTS)
		return err == ERR_OK ? err : keypair_save (restore->box, folder, problems);
	return check_box (restore, problems);
}

/* ---- putting it in place ------------------------------------------------------------------------ */

static err_t put_in_place (struct restore *restore, problems_t *problems)
{
	err_t err = ledger_restored (restore->ledger);

	ledger_destroy (&restore->ledger);       /* which puts its log away: one file is left */
	if (err == ERR_OK && restore->box != NULL)
		err = keep_ledger_key (restore, problems);
	if (err == ERR_OK && restore->box != NULL)
		err = keep_box (restore, problems);
	if (err == ERR_OK)
		err = ledger_restore_end (restore->data);
	if (err != ERR_OK && problems_count (problems) == 0)
		err = problems_add (problems, err, "",
				    "buku besar tidak dapat ditaruh di %s; periksa disk dan izinnya",
				    "the ledger can't be put into %s; check the disk and permissions",
				    file_quoted (restore->data));
	return err;
}

static struct restore restore_of (const config_t *config, const char *file,
				  struct restore_report *report)
{
	memset (report, 0, sizeof *report);
	return (struct restore){ .config = config, .data = config_text (config, "paths/data"),
				 .file = file, .lock = -1, .report = report };
}

err_t restore_file (const config_t *config, const char *file, FILE *sheet,
		    struct restore_report *ret_report, problems_t *problems)
{
	struct restore restore = restore_of (config, file, ret_report);
	err_t err = refuse_ledger (&restore, problems);

	if (err == ERR_OK)
		err = begin (&restore, sheet, problems);
	if (err == ERR_OK)
		err = put_in_place (&restore, problems);
	end (&restore);
	return err;
}

/* ---- beside the ledger in use ------------------------------------------------------------------- */

static err_t judge_growth (const struct restore *restore, problems_t *problems)
{
	const struct ledger_growth *growth = &restore->report->growth;
	unsigned long long common = (unsigned long long)growth->common;

	if (growth->forked)
		return problems_add (problems, ERR_CONFLICT, "",
				     "AWAS: rantai cadangan ini dan rantai buku besar sekarang berpisah "
				     "sesudah catatan %llu. Cadangan ini bukan keadaan lama dari buku "
				     "besar ini; cari tahu mengapa sebelum memakainya",
				     "ATTENTION: the chain of this backup and that of the present ledger "
				     "part after entry %llu. This backup is no earlier state of this "
				     "ledger; find out why before you use it", common);
	if (growth->shrunk)
		return problems_add (problems, ERR_CONFLICT, "",
				     "AWAS: buku besar sekarang berhenti pada catatan %llu dan lebih tua "
				     "dari cadangan ini; buku besar itu sudah mundur",
				     "ATTENTION: the present ledger ends at entry %llu and is older than "
				     "this backup; that ledger has gone back", common);
	return ERR_OK;
}

static err_t say_unreadable (const struct restore *restore, err_t err, problems_t *problems)
{
	if (err == ERR_KEY_FILE && restore->box != NULL)
		return problems_add (problems, err, "",
				     "cadangannya terbuka dengan lembar ini, tetapi buku besar sekarang "
				     "tidak; cetak lembar baru",
				     "the sheet opens the backup, but not the present ledger; print a "
				     "new sheet");
	return problems_add (problems, err, "",
			     "cadangannya baik, tetapi buku besar sekarang di %s tidak dapat dibaca (%s)",
			     "the backup is good, but the present ledger in %s can't be read (%s)",
			     file_quoted (restore->data), err_name (err));
}

static err_t look_beside (struct restore *restore, problems_t *problems)
{
	struct restore_report *report = restore->report;
	OWNED (ledger) present = NULL;
	err_t err = ledger_present (restore->data, restore->key, &present, problems);

	report->beside = err == ERR_NOT_FOUND  ? BESIDE_NONE
			 : err == ERR_NO_SPACE ? BESIDE_NO_ROOM
			 : err == ERR_BUSY     ? BESIDE_BUSY
					       : BESIDE_SEEN;
	if (report->beside != BESIDE_SEEN)
		return ERR_OK;
	if (err == ERR_OK)
		err = ledger_grown (restore->ledger, present, &report->growth);
	return err == ERR_OK ? judge_growth (restore, problems) : say_unreadable (restore, err, problems);
}

/* Only where the agency's own keys are: a sheet may be tried on an empty machine. */
static err_t prove_sheet (struct restore *restore, problems_t *problems)
{
	char path[PATH_MAX];

	if (restore->box == NULL ||
	    !path_in (config_text (restore->config, "paths/keys"), "box.key", path) ||
	    access (path, F_OK) != 0)
		return ERR_OK;
	return check_box (restore, problems);
}

static err_t note_rehearsal (const struct restore *restore, problems_t *problems)
{
	const struct archive_head *head = &restore->report->head;
	struct backup_note note = {
		.at_ms = clock_now_ms (),
		.made_ms = head->made_ms,
		.bytes = archive_file_bytes (head->bytes),
	};

	snprintf (note.path, sizeof note.path, "%s", restore->file);
	if (backup_note_write (restore->data, REHEARSAL_NOTE, &note) == ERR_OK)
		return ERR_OK;
	return problems_add (problems, ERR_FILE, "", "hasil uji tidak dapat dicatat di %s",
			     "the rehearsal can't be noted in %s", file_quoted (restore->data));
}

err_t restore_rehearse (const config_t *config, const char *file, FILE *sheet,
			struct restore_report *ret_report, problems_t *problems)
{
	struct restore restore = restore_of (config, file, ret_report);
	err_t err = begin (&restore, sheet, problems);

	if (err == ERR_OK)
		err = look_beside (&restore, problems);
	if (err == ERR_OK)
		err = prove_sheet (&restore, problems);
	end (&restore);
	return err == ERR_OK ? note_rehearsal (&restore, problems) : err;
}
