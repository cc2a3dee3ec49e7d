/* Plain files of an agency and a hub; see cabinet.h. */
#include "tests/torture/cabinet.h"

#include <assert.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agents/options.h"
#include "jembatan/clock.h"
#include "proto/file.h"

#define MARK "kabinet"       /* a setting of the ledger: shows that it is this one */

static const char configuration[] =
	"agency\n    id = %s\n    name_id = Pesona\n    name_en = Pesona\n    kind = ipwl\n"
	"    region = 17.71\n"
	"paths\n    data = data\n    keys = keys\n    ledger_key = keys/ledger.key\n"
	"    directory = directory.bin\n";

static void must (err_t err)
{
	if (err == ERR_OK)
		return;
	fprintf (stderr, "the cabinet could not be filled: %s\n", err_name (err));
	abort ();
}

char *cabinet_path (const struct cabinet *cabinet, const char *name, char path[CABINET_PATH])
{
	int len = snprintf (path, CABINET_PATH, "%s/%s", cabinet->root, name);

	assert (len < CABINET_PATH);
	return path;
}

static void make_folders (struct cabinet *cabinet)
{
	static const char *const names[] = { "", "agency", "hub", "registrar", "disk", "attic" };
	char path[CABINET_PATH];

	snprintf (cabinet->root, sizeof cabinet->root, "%s/jembatan-cabinet-XXXXXX",
		  access ("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	if (mkdtemp (cabinet->root) == NULL)
		abort ();
	for (size_t i = 1; i < COUNT_OF (names); i++)
		if (mkdir (cabinet_path (cabinet, names[i], path), 0700) != 0)
			abort ();
}

static void write_directories (struct cabinet *cabinet, town_t *town)
{
	char path[CABINET_PATH];
	struct bytes content = directory_signed_bytes (town->read);

	must (file_replace (cabinet_path (cabinet, "agency/directory.bin", path), 0600, content));
	must (file_replace (cabinet_path (cabinet, "hub/directory.bin", path), 0600, content));
}

static void write_config (struct cabinet *cabinet, town_t *town)
{
	char path[CABINET_PATH], text[512];

	snprintf (text, sizeof text, configuration, town->site[IPWL].id.text);
	cabinet_path (cabinet, "agency/agent.zpl", path);
	must (file_replace (path, 0600, bytes_of_text (text)));
	must (config_load (path, agent_options, &cabinet->config, NULL));
}

static void write_keys (struct cabinet *cabinet, town_t *town)
{
	OWNED (keypair) root = keypair_new (KEY_ROOT);
	OWNED (vault) backup = NULL;
	char path[CABINET_PATH];

	cabinet_path (cabinet, "agency/keys", path);
	must (keypair_save (town->site[IPWL].sig, path, NULL));
	must (keypair_save (town->site[IPWL].box, path, NULL));
	must (keypair_save (town->site[IPWL].link, path, NULL));
	must (keypair_save (town->site[HUB].link, cabinet->hub_keys, NULL));
	must (keypair_save (town->log_key, cabinet->hub_keys, NULL));
	must (keypair_save (root, cabinet_path (cabinet, "registrar", path), NULL));
	must (cabinet_hub_key (cabinet->hub_keys, &backup, NULL));
}

/* The databases that are backed up stand apart from the data folders. */
static void make_ledger (struct cabinet *cabinet)
{
	const char *key_file = config_text (cabinet->config, "paths/ledger_key");
	char path[CABINET_PATH];

	cabinet_path (cabinet, "agency/running", path);
	must (ledger_create (path, key_file, NULL));
	must (ledger_open (path, key_file, &cabinet->ledger, NULL));
	{
		OWNED (tx) tx = ledger_begin (cabinet->ledger);

		ledger_set (tx, MARK, bytes_of_text ("utuh"));
		must (tx_commit (tx));
	}
	cabinet->ledger_id = ledger_store_id (cabinet->ledger);
}

void cabinet_fill (struct cabinet *cabinet, town_t *town)
{
	char path[CABINET_PATH];

	memset (cabinet, 0, sizeof *cabinet);
	cabinet->made_ms = INT64_C (1763780000000);
	make_folders (cabinet);
	cabinet_path (cabinet, "hub/keys", cabinet->hub_keys);
	cabinet_path (cabinet, "hub/data", cabinet->hub_data);
	cabinet_path (cabinet, "hub/directory.bin", cabinet->hub_directory);
	cabinet->hub = (struct hub_setup){ .id = "hub", .keys = cabinet->hub_keys,
					   .data = cabinet->hub_data,
					   .directory = cabinet->hub_directory };
	write_directories (cabinet, town);
	write_config (cabinet, town);
	write_keys (cabinet, town);
	make_ledger (cabinet);
	cabinet_make_store (cabinet_path (cabinet, "hub/running", path), &cabinet->store);
	must (cabinet_back_up (cabinet, ARCHIVE_LEDGER, cabinet->ledger_backup, NULL));
	must (cabinet_back_up (cabinet, ARCHIVE_HUB, cabinet->hub_backup, NULL));
}

static int remove_one (const char *path, const struct stat *about, int flag, struct FTW *where)
{
	return remove (path);
}

void cabinet_clear (struct cabinet *cabinet)
{
	cabinet_close (cabinet);
	config_destroy (&cabinet->config);
	if (nftw (cabinet->root, remove_one, 8, FTW_DEPTH | FTW_PHYS) != 0)
		fprintf (stderr, "%s was left behind\n", cabinet->root);
}

/* ---- backups ------------------------------------------------------------------------------------ */

static err_t load_key (struct cabinet *cabinet, enum archive_kind kind, vault_t **ret_key,
		       problems_t *problems)
{
	if (kind == ARCHIVE_HUB)
		return cabinet_hub_key (cabinet->hub_keys, ret_key, problems);
	return vault_load (config_text (cabinet->config, "paths/ledger_key"), ret_key, problems);
}

static const char *data_of (const struct cabinet *cabinet, enum archive_kind kind)
{
	return kind == ARCHIVE_HUB ? cabinet->hub_data : config_text (cabinet->config, "paths/data");
}

err_t cabinet_back_up (struct cabinet *cabinet, enum archive_kind kind, char ret_path[BACKUP_PATH],
		       problems_t *problems)
{
	bool hub = kind == ARCHIVE_HUB;
	char disk[CABINET_PATH];
	struct backup_target target = { .folder = cabinet_path (cabinet, "disk", disk),
					.data = data_of (cabinet, kind), .keep = CABINET_KEEP };
	struct archive_head head = { .kind = kind, .made_ms = cabinet->made_ms,
				     .store = cabinet->ledger_id };
	struct backup_source source;
	OWNED (backup) backup = NULL;
	OWNED (vault) key = NULL;
	err_t err = load_key (cabinet, kind, &key, problems);

	cabinet->made_ms += MINUTE_MS;
	strcpy (head.who, hub ? cabinet->hub.id : config_text (cabinet->config, "agency/id"));
	if (err == ERR_OK)
		err = hub ? cabinet_copy_store (cabinet->store, &source) : ledger_copy (cabinet->ledger, &source);
	if (err == ERR_OK)
		err = backup_begin (&target, &head, key, &source, &backup, problems);
	while (err == ERR_OK && backup_phase (backup) != BACKUP_DONE)
		err = backup_step (backup, problems);
	if (err == ERR_OK)
		strcpy (ret_path, backup_path (backup));
	return err;
}

bool cabinet_backup_good (struct cabinet *cabinet, enum archive_kind kind, const char *path)
{
	OWNED (vault) key = NULL;
	OWNED (archive) archive = NULL;
	struct bytes piece = BYTES_NONE;
	err_t err = load_key (cabinet, kind, &key, NULL);

	if (err == ERR_OK)
		err = archive_open (path, kind, key, &archive, NULL);
	do {
		if (err == ERR_OK)
			err = archive_next (archive, &piece, NULL);
	} while (err == ERR_OK && piece.len > 0);
	return err == ERR_OK;
}

/* ---- restoring ---------------------------------------------------------------------------------- */

err_t cabinet_restore (struct cabinet *cabinet, enum archive_kind kind, problems_t *problems)
{
	struct restore_report report;

	if (kind == ARCHIVE_HUB)
		return cabinet_restore_hub (&cabinet->hub, cabinet->hub_backup, problems);
	return restore_file (cabinet->config, cabinet->ledger_backup, NULL, &report, problems);
}

static const char *open_ledger (struct cabinet *cabinet, const char *folder, ledger_t **ret_ledger)
{
	OWNED (arena) arena = arena_new (4 * KIB);

	if (ledger_open (folder, config_text (cabinet->config, "paths/ledger_key"), ret_ledger, NULL) !=
	    ERR_OK)
		return "the ledger can't be opened";
	return ledger_setting (*ret_ledger, MARK, arena).len == 4 ? NULL : "the ledger is another one";
}

/* One that was restored knows it, and is another than the one that was backed up. */
static const char *ledger_flaw (struct cabinet *cabinet)
{
	OWNED (ledger) ledger = NULL;
	const char *flaw = open_ledger (cabinet, data_of (cabinet, ARCHIVE_LEDGER), &ledger);

	if (flaw == NULL && ID_EQUAL (ledger_store_id (ledger), cabinet->ledger_id))
		flaw = "the ledger does not know that it was restored";
	return flaw;
}

const char *cabinet_open (struct cabinet *cabinet, enum archive_kind kind)
{
	char path[CABINET_PATH];

	if (kind == ARCHIVE_HUB)
		return cabinet_open_store (cabinet_path (cabinet, "hub/running", path),
					   &cabinet->store);
	return open_ledger (cabinet, cabinet_path (cabinet, "agency/running", path), &cabinet->ledger);
}

void cabinet_close (struct cabinet *cabinet)
{
	ledger_destroy (&cabinet->ledger);
	if (cabinet->store != NULL)
		cabinet_close_store (&cabinet->store);
}

bool cabinet_has_data (const struct cabinet *cabinet, enum archive_kind kind)
{
	char path[BACKUP_PATH];

	snprintf (path, sizeof path, "%s/%s", data_of (cabinet, kind),
		  kind == ARCHIVE_HUB ? "hub.db" : "ledger.db");
	return access (path, F_OK) == 0;
}

const char *cabinet_data_flaw (struct cabinet *cabinet, enum archive_kind kind, bool restored)
{
	if (restored)
		return kind == ARCHIVE_HUB ? cabinet_store_flaw (cabinet->hub_data) : ledger_flaw (cabinet);
	return cabinet_has_data (cabinet, kind) ? "a restore that failed has put something in place" : NULL;
}

void cabinet_empty_data (struct cabinet *cabinet, enum archive_kind kind)
{
	char attic[CABINET_PATH];

	cabinet_path (cabinet, "attic", attic);
	if (access (data_of (cabinet, kind), F_OK) == 0
	    && nftw (data_of (cabinet, kind), remove_one, 8, FTW_DEPTH | FTW_PHYS) != 0)
		abort ();
	if (nftw (attic, remove_one, 8, FTW_DEPTH | FTW_PHYS) != 0 || mkdir (attic, 0700) != 0)
		abort ();
}
