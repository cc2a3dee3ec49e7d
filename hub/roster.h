/*
 * The roster: the signed directory as the hub holds it, live.  A newer file must be signed by those
 * whom the present one trusts; what was accepted last is kept in the data folder, so that a version
 * never goes back, not even over a restart.
 */
#ifndef HUB_ROSTER_H
#define HUB_ROSTER_H

#include "jembatan/directory.h"

typedef struct roster roster_t;

/* Loads the file.  ERR_FILE, ERR_NOT_FOUND, ERR_TOO_LARGE, ERR_MALFORMED, ERR_BAD_SIGNATURE,
 * ERR_BAD_VERSION, each with a problem. */
MUST_USE err_t roster_open (const char *file, const char *data_folder, roster_t **ret_roster,
			    problems_t *problems);
void roster_destroy (roster_t **roster);

/* Reads the file again.  The present directory stays when the file can't be accepted. */
MUST_USE err_t roster_reload (roster_t *roster, bool *ret_changed, problems_t *problems);

/* A directory counts as soon as it is read, also when the disk has no room for the copy that forbids an
 * older one after a restart.  Tries again to write that copy, if it is not there yet. */
void roster_keep (roster_t *roster);

/* Has the file changed since it was last read?  Asks the file system only. */
bool roster_stale (const roster_t *roster);

const directory_t *roster_directory (const roster_t *roster);
uint64_t roster_version (const roster_t *roster);

#endif
