/*
 * A plain file is damaged while nobody reads it: a key, a directory, a backup.  Whoever reads it next
 * refuses it with a sentence that names the file, or gets what was written; and leaves it as it is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agents/setup.h"
#include "hub/roster.h"
#include "jembatan/base.h"
#include "proto/file.h"
#include "tests/torture/cabinet.h"
#include "tests/torture/campaign.h"

#define RUNS_EACH 240u       /* of each file, spread over its length */
#define SECTOR 512u
#define FILE_MOST (4 * MIB)

struct bench {
	struct cabinet cabinet;
	town_t *town;
	bool same;                   /* what was read is what was written */
};

/* ---- the readers, as the programs call them ----------------------------------------------------- */

static err_t read_pair (struct bench *bench, enum key_use use, const char *folder,
			const keypair_t *written, problems_t *problems)
{
	char path[CABINET_PATH];
	OWNED (keypair) pair = NULL;
	err_t err = keypair_load (use, cabinet_path (&bench->cabinet, folder, path), &pair, problems);

	bench->same = err == ERR_OK && (written == NULL ||
					ID_EQUAL (keypair_public (pair), keypair_public (written)));
	return err;
}

static err_t read_sig (struct bench *bench, problems_t *problems)
{
	return read_pair (bench, KEY_SIG, "agency/keys", bench->town->site[IPWL].sig, problems);
}

static err_t read_box (struct bench *bench, problems_t *problems)
{
	return read_pair (bench, KEY_BOX, "agency/keys", bench->town->site[IPWL].box, problems);
}

static err_t read_link (struct bench *bench, problems_t *problems)
{
	return read_pair (bench, KEY_LINK, "agency/keys", bench->town->site[IPWL].link, problems);
}

static err_t read_hub_link (struct bench *bench, problems_t *problems)
{
	return read_pair (bench, KEY_LINK, "hub/keys", bench->town->site[HUB].link, problems);
}

static err_t read_log (struct bench *bench, problems_t *problems)
{
	return read_pair (bench, KEY_LOG, "hub/keys", bench->town->log_key, problems);
}

/* Nobody else has it: a damaged one must not be read at all. */
static err_t read_root (struct bench *bench, problems_t *problems)
{
	err_t err = read_pair (bench, KEY_ROOT, "registrar", NULL, problems);

	bench->same = false;
	return err;
}

/* What a daemon does with it first is a backup; one that nobody opens later would be no refusal. */
static err_t read_by_backup (struct bench *bench, enum archive_kind kind, problems_t *problems)
{
	char path[BACKUP_PATH];
	err_t err = cabinet_back_up (&bench->cabinet, kind, path, problems);

	bench->same = false;
	if (err == ERR_OK)
		unlink (path);
	return err;
}

static err_t read_ledger_key (struct bench *bench, problems_t *problems)
{
	return read_by_backup (bench, ARCHIVE_LEDGER, problems);
}

static err_t read_backup_key (struct bench *bench, problems_t *problems)
{
	return read_by_backup (bench, ARCHIVE_HUB, problems);
}

static bool is_written (const struct bench *bench, const directory_t *read)
{
	const struct directory_data *data = directory_data (read);

	return data->version == directory_data (bench->town->read)->version &&
	       data->member_count == directory_data (bench->town->read)->member_count;
}

static err_t read_directory (struct bench *bench, problems_t *problems)
{
	OWNED (directory) directory = NULL;
	err_t err = setup_directory (bench->cabinet.config, &directory, problems);

	bench->same = err == ERR_OK && is_written (bench, directory);
	return err;
}

static err_t read_hub_directory (struct bench *bench, problems_t *problems)
{
	OWNED (roster) roster = NULL;
	char folder[CABINET_PATH];
	err_t err = roster_open (bench->cabinet.hub_directory,
				 cabinet_path (&bench->cabinet, "hub", folder), &roster, problems);

	bench->same = err == ERR_OK && is_written (bench, roster_directory (roster));
	return err;
}

static err_t read_archive (struct bench *bench, enum archive_kind kind, problems_t *problems)
{
	err_t err = cabinet_restore (&bench->cabinet, kind, problems);
	const char *flaw = cabinet_data_flaw (&bench->cabinet, kind, false);

	bench->same = false;
	return flaw == NULL ? err : ERR_OK;
}

static err_t read_ledger_backup (struct bench *bench, problems_t *problems)
{
	return read_archive (bench, ARCHIVE_LEDGER, problems);
}

static err_t read_hub_backup (struct bench *bench, problems_t *problems)
{
	return read_archive (bench, ARCHIVE_HUB, problems);
}

static const struct {
	const char *file;            /* NULL: the backup, */
	enum archive_kind kind;      /* of this kind */
	err_t (*read) (struct bench *bench, problems_t *problems);
} subjects[] = {
	{ "agency/keys/sig.key", 0, read_sig },
	{ "agency/keys/box.key", 0, read_box },
	{ "agency/keys/link.key", 0, read_link },
	{ "agency/keys/ledger.key", 0, read_ledger_key },
	{ "agency/directory.bin", 0, read_directory },
	{ "hub/keys/link.key", 0, read_hub_link },
	{ "hub/keys/log.key", 0, read_log },
	{ "hub/keys/backup.key", 0, read_backup_key },
	{ "hub/directory.bin", 0, read_hub_directory },
	{ "registrar/root.key", 0, read_root },
	{ NULL, ARCHIVE_LEDGER, read_ledger_backup },
	{ NULL, ARCHIVE_HUB, read_hub_backup },
};

static void path_of (const struct bench *bench, size_t which, char path[BACKUP_PATH])
{
	const struct cabinet *cabinet = &bench->cabinet;

	if (subjects[which].file != NULL)
		snprintf (path, BACKUP_PATH, "%s/%s", cabinet->root, subjects[which].file);
	else
		strcpy (path, subjects[which].kind == ARCHIVE_HUB ? cabinet->hub_backup :
								    cabinet->ledger_backup);
}

/* ---- damage ------------------------------------------------------------------------------------- */

/* A bit of it is the other one, it ends here, or a sector of it is empty; the length that is left. */
static size_t damage (uint8_t *data, size_t len, size_t at, uint64_t *chance, const char **ret_how)
{
	uint64_t how = disk_random (chance) % 8;

	if (how == 0) {
		*ret_how = "cut short";
		return at;
	}
	if (how == 1 && len > SECTOR) {
		size_t begin = at - at % SECTOR;

		*ret_how = "without a sector";
		memset (data + begin, 0, len - begin < SECTOR ? len - begin : SECTOR);
		return len;
	}
	*ret_how = "flipped";
	data[at] ^= (uint8_t)(1u << disk_random (chance) % 8);
	return len;
}

/* One sentence in each language that names the file, so that somebody knows what to do about it. */
static const char *sentence_flaw (const problems_t *problems, const char *path)
{
	const char *name = strrchr (path, '/') + 1;
	const struct problem *problem;

	if (problems_count (problems) == 0)
		return "refused without a sentence";
	problem = problems_at (problems, 0);
	if (strstr (problem->text_en, name) == NULL || strstr (problem->text_id, name) == NULL)
		return "the sentence does not name the file";
	return NULL;
}

static const char *read_damaged (struct bench *bench, size_t which, const char *path,
				 struct bytes damaged)
{
	OWNED (problems) problems = problems_new ();
	OWNED (arena) arena = arena_new (FILE_MOST);
	struct bytes after = BYTES_NONE;
	err_t err;

	if (file_replace (path, 0600, damaged) != ERR_OK)
		return "could not be damaged";
	err = subjects[which].read (bench, problems);
	if (file_read (path, FILE_MOST, arena, &after) != ERR_OK || !bytes_equal (after, damaged))
		return "the damaged file was changed";
	if (err == ERR_OK)
		return bench->same ? NULL : "it was taken for whole";
	return sentence_flaw (problems, path);
}

static void run (struct campaign *campaign, struct bench *bench, size_t which, unsigned part)
{
	uint64_t number = campaign->numbered, chance = campaign->seed * 104729 + number;
	OWNED (arena) arena = arena_new (2 * FILE_MOST);
	char path[BACKUP_PATH], about[128];
	struct bytes whole, copy;
	const char *how = "", *wrong;
	size_t at;

	if (!campaign_wants (campaign))
		return;
	path_of (bench, which, path);
	if (file_read (path, FILE_MOST, arena, &whole) != ERR_OK || whole.len == 0)
		abort ();
	copy = arena_bytes (arena, whole);
	at = (size_t)((part + disk_random (&chance) % 1024 / 1024.0) * (double)whole.len / RUNS_EACH);
	copy.len = damage ((uint8_t *)copy.data, copy.len, at, &chance, &how);
	if (bytes_equal (copy, whole))
		return;
	wrong = read_damaged (bench, which, path, copy);
	snprintf (about, sizeof about, "%.60s: %s at %zu of %zu", strrchr (path, '/') + 1, how, at,
		  whole.len);
	campaign_ran (campaign, number, about, wrong);
	if (file_replace (path, 0600, whole) != ERR_OK)
		abort ();
}

void campaign_damage (struct campaign *campaign)
{
	struct bench bench = { .town = campaign_town (campaign, 0) };

	cabinet_fill (&bench.cabinet, bench.town);
	for (size_t which = 0; which < COUNT_OF (subjects); which++)
		for (unsigned part = 0; part < RUNS_EACH; part++)
			run (campaign, &bench, which, part);
	cabinet_clear (&bench.cabinet);
	town_destroy (&bench.town);
}
