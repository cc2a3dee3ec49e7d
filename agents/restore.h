/*
 * Going on with a ledger of an earlier time: out of a backup, or with a copy that was put back by hand.
 */
#ifndef AGENTS_RESTORE_H
#define AGENTS_RESTORE_H

#include <stdio.h>

#include "agents/ledger/copy.h"
#include "agents/ledger/present.h"
#include "jembatan/config.h"

/*
 * The ledger that stands in the data folder (a copy put back by hand, or just unpacked from a backup)
 * goes on as a restored one: see ledger_restored.  The agent must not run.  ERR_IN_USE,
 * ERR_NOT_FOUND, and whatever opening the ledger gives.
 */
MUST_USE err_t restore_here (const config_t *config, problems_t *problems);

/* What became of holding the backup against the ledger in use. */
enum restore_beside {
	BESIDE_NONE,                 /* there is none */
	BESIDE_NO_ROOM,              /* not compared: no room for a copy of it */
	BESIDE_BUSY,                 /* not compared: it changed too fast */
	BESIDE_SEEN,
};

/* What a backup holds. */
struct restore_report {
	struct archive_head head;
	struct ledger_head ledger;
	uint64_t people;
	bool keys_made;              /* ledger.key or box.key were written from the sheet */
	enum restore_beside beside;  /* of a rehearsal */
	struct ledger_growth growth; /* what the ledger in use has beyond the backup */
};

/*
 * Puts the ledger of a backup into the data folder, where none may be, as a restored one.  The archive
 * is read to its end, opened, checked by SQLite and walked along its chain before anything is put in
 * place.  `sheet` NULL takes the key files as they are; otherwise both keys are read from it, and
 * written where no key file is.  ERR_EXISTS, ERR_IN_USE, ERR_CONFLICT (another agency's, or another key
 * file is there), and what archive_open, archive_extract and ledger_open give; then the data folder is
 * as before.
 */
MUST_USE err_t restore_file (const config_t *config, const char *file, FILE *sheet,
			     struct restore_report *ret_report, problems_t *problems);

/*
 * Does the same up to putting it in place, beside a running agent if need be, and removes it again.
 * Where there is a ledger it must be the backup's own, further on: ERR_CONFLICT with a problem when
 * their chains part or it has gone back, and report is filled all the same.  A sheet must open that
 * ledger too, and have the BOX key in use.  Notes that it went well.
 */
MUST_USE err_t restore_rehearse (const config_t *config, const char *file, FILE *sheet,
				 struct restore_report *ret_report, problems_t *problems);

#endif
