/*
 * What an agency and a hub keep as plain files, in a real folder: keys, directories, configuration, a
 * backup of each, and data folders in which nothing lies yet.
 */
#ifndef TESTS_TORTURE_CABINET_H
#define TESTS_TORTURE_CABINET_H

#include "agents/restore.h"
#include "tests/torture/cabinet_hub.h"
#include "tests/town/town.h"

#define CABINET_PATH 160
#define CABINET_KEEP 2       /* backups of each that stay */

struct cabinet {
	char root[CABINET_PATH];
	config_t *config;            /* the agency's */
	struct hub_setup hub;
	char hub_keys[CABINET_PATH], hub_data[CABINET_PATH], hub_directory[CABINET_PATH];
	char ledger_backup[BACKUP_PATH], hub_backup[BACKUP_PATH];
	ledger_t *ledger;            /* the one that is backed up, */
	struct store *store;         /* and the hub's */
	struct store_id ledger_id;
	int64_t made_ms;             /* of the next backup */
};

/* With the keys and the directory of that town. */
void cabinet_fill (struct cabinet *cabinet, town_t *town);
void cabinet_clear (struct cabinet *cabinet);

/* A file or folder in it. */
char *cabinet_path (const struct cabinet *cabinet, const char *name, char path[CABINET_PATH]);

/* Takes a backup of one kind as the daemons do. */
err_t cabinet_back_up (struct cabinet *cabinet, enum archive_kind kind, char ret_path[BACKUP_PATH],
		       problems_t *problems);

/* What is backed up opens, as when its program starts: why it is not whole, or NULL; and is closed. */
const char *cabinet_open (struct cabinet *cabinet, enum archive_kind kind);
void cabinet_close (struct cabinet *cabinet);

/* Restores one into the empty data folder. */
err_t cabinet_restore (struct cabinet *cabinet, enum archive_kind kind, problems_t *problems);

/* Whether a database stands in the data folder. */
bool cabinet_has_data (const struct cabinet *cabinet, enum archive_kind kind);

/* What is wrong with the data folder after a restore: NULL when it holds all that was backed up
 * (`restored`), or nothing at all. */
const char *cabinet_data_flaw (struct cabinet *cabinet, enum archive_kind kind, bool restored);
void cabinet_empty_data (struct cabinet *cabinet, enum archive_kind kind);

/* Whether an archive is whole. */
bool cabinet_backup_good (struct cabinet *cabinet, enum archive_kind kind, const char *path);

#endif
