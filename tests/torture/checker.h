/*
 * The checker: reads the hub's store and every ledger, each by itself and against the others, and
 * complains of what the design rules out.  It reads SQLite files through whatever VFS is the default,
 * so it serves a town in memory and the copies of what real daemons left.
 *
 *   L1  no acknowledged letter is lost: it ends stored, or with a signed refusal or expiry
 *   L2  no effect twice
 *   L3  order: per referral by rev, per (sender, recipient, class) at the hub
 *   L4  nothing unexpected: no letter that nobody wrote
 *   L5  every receipt matches an entry
 *   L6  checkpoints are pairwise consistent, and every leaf that was promised is there
 *   S   each file by itself: PRAGMA integrity_check, and the entries' chain of hashes
 */
#ifndef TESTS_TORTURE_CHECKER_H
#define TESTS_TORTURE_CHECKER_H

#include <stdbool.h>
#include <stddef.h>

#include "jembatan/keys.h"

struct checked_agency {
	const char *id;
	const char *folder;          /* of ledger.db */
	const char *key_file;
	bool went_back;              /* it was restored from an older copy: what only machines say to one
	                              * another, and its own of that time, it may have lost */
};

struct checked_letter {
	const char *agency;          /* who wrote it */
	struct letter_id id;
};

struct checked {
	const char *hub_folder;      /* of hub.db */
	const char *hub_id;
	struct public_key log_key;
	size_t agency_count;
	const struct checked_agency *agencies;
	size_t acked_count;
	const struct checked_letter *acked;
	bool settled;                /* nothing is on the way any more, so that every letter has ended */
	bool hub_went_back;          /* its store was lost or restored: it numbers anew what came before */
};

/* Complaints, told one by one.  Nobody may have the files open. */
typedef void (complain_fn) (void *arg, const char *rule, const char *what);
size_t checker_run (const struct checked *checked, complain_fn *complain, void *arg);

#endif
