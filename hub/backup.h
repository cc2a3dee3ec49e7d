/*
 * The hub's backups: of its store, with keys/backup.key; and what becomes of one that is put back.
 */
#ifndef HUB_BACKUP_H
#define HUB_BACKUP_H

#include <stdio.h>

#include "hub/hub.h"
#include "hub/store.h"
#include "jembatan/vault.h"

#define HUB_RESTORE_FOLDER "restore"     /* inside the data folder; a plain copy lies nowhere else */

/* keys/backup.key, which is made when it is not there. */
MUST_USE err_t hub_backup_key (const char *keys, vault_t **ret_key, problems_t *problems);

/* Removes what an interrupted restore or rehearsal left in the data folder, unless one is running. */
void hub_restore_sweep (const char *data);

struct hub_restore_report {
	struct archive_head head;
	size_t agencies;
	uint64_t waiting;            /* items in the queue */
};

/*
 * Puts the store of a backup into the data folder, where none may be; or only tries (`rehearse`),
 * beside a running hub if need be, and notes that.  The archive is read to its end and checked before
 * anything is put in place.  The restored store has no id: the hub mints one at its next start, and
 * every agency puts again what has no stored-receipt.  `sheet` NULL takes backup.key as it is; otherwise
 * it is read from the sheet, and written where there is none.
 */
MUST_USE err_t hub_restore (const struct hub_setup *setup, const char *file, FILE *sheet,
			    bool rehearse, struct hub_restore_report *ret_report,
			    problems_t *problems);

/* Prints the hub's recovery sheet, or compares what is typed back with the key in use: ERR_INVALID,
 * ERR_CONFLICT with problems. */
MUST_USE err_t hub_sheet_print (const struct hub_setup *setup, FILE *out, problems_t *problems);
MUST_USE err_t hub_sheet_check (const struct hub_setup *setup, FILE *in, problems_t *problems);

#endif
