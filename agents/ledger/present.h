/*
 * The ledger of a data folder as it stands now, looked at from beside the agent that has it open: for
 * a rehearsal, which holds a backup against it.  Nothing in the folder is written to but the copy.
 */
#ifndef AGENTS_LEDGER_PRESENT_H
#define AGENTS_LEDGER_PRESENT_H

#include "agents/ledger/ledger.h"

/*
 * Copies the ledger into the folder of a restore (ledger_restore_begin, which must be held) and opens
 * the copy.  ERR_NOT_FOUND: there is none; ERR_NO_SPACE: no room for a copy; ERR_BUSY: the agent wrote
 * so much that no copy was whole, try again; ERR_FILE, and what ledger_unlock gives.
 */
MUST_USE err_t ledger_present (const char *folder, const vault_t *key, ledger_t **ret_ledger,
			       problems_t *problems);

/* What one ledger has beyond an earlier state of itself. */
struct ledger_growth {
	uint64_t common;             /* entries that both have, with the same hashes */
	bool forked;                 /* both go on behind those, each in its own way */
	bool shrunk;                 /* the earlier one is longer: this one has gone back */
	uint64_t entries, sent, came, receipts;   /* behind `common`, and of which sort */
};
MUST_USE err_t ledger_grown (ledger_t *earlier, ledger_t *present, struct ledger_growth *ret_growth);

#endif
